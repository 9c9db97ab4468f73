"""Writes what Muster is made of: the list of parts as CycloneDX (SBOM), and their licences as a page.

.venv/bin/python tools/parts.py            write docs/parts.cdx.json and docs/licences.md from the lock files
.venv/bin/python tools/parts.py --check    change nothing; fail where they are not those of the lock files
"""

import importlib.metadata
import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
PARTS, LICENCES = ROOT / "docs" / "parts.cdx.json", ROOT / "docs" / "licences.md"
_LOCKED = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+?)(?: ;.*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


class Part(NamedTuple):
    """A part: where it comes from, its name, version and licence, and the hashes that are locked."""

    kind: str
    name: str
    version: str
    licence: str
    hashes: tuple[str, ...] = ()


def python_parts() -> list[Part]:
    """Return the packages of the lock file that runs, with the licences that they name themselves."""
    text = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    found = []
    for name, version, hashes in _LOCKED.findall(text):
        found.append(Part("pypi", name, version, licence_of(name), tuple(re.findall(r"sha256:(\w+)", hashes))))
    return found


def licence_of(name: str) -> str:
    """Return the licence of a package: its expression, or its classifiers, or the first line of its field."""
    if name in ELSEWHERE:  # first, so that the page is the same on every system
        return ELSEWHERE[name]
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [
        words.rpartition(" :: ")[2]
        for words in told.get_all("Classifier") or []
        if words.startswith("License ::") and not words.endswith("OSI Approved")
    ]
    plain = str(told.get("License") or "").strip().splitlines()
    return " AND ".join(classified) or (plain[0] if plain else "")


ELSEWHERE = {"brotlicffi": "MIT", "colorama": "BSD-3-Clause", "pyrage": "MIT", "zxcvbn-rs-py": "MIT"}
"""Licences that packages do not name in their metadata, or that are locked for other systems: read in their files."""


def browser_parts() -> list[Part]:
    """Return the packages of browser code that are locked, with the licences that the lock names."""
    packages: dict[str, dict[str, Any]] = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))[
        "packages"
    ]
    return [
        Part("npm", path.rpartition("node_modules/")[2], about["version"], str(about.get("license", "")))
        for path, about in packages.items()
        if path and not about.get("dev")
    ]


def bill(parts: list[Part]) -> str:
    """Return the list of parts as CycloneDX 1.6, without a time and a random number: two runs are the same bytes."""
    bom = Bom()
    for part in parts:
        address = PackageURL.from_string(f"pkg:{part.kind}/{part.name.replace('@', '%40')}@{part.version}")
        bom.components.add(
            Component(
                type=ComponentType.LIBRARY,
                name=part.name,
                version=part.version,
                purl=address,
                bom_ref=str(address),
                licenses=[DisjunctiveLicense(name=part.licence)] if part.licence else [],
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=each) for each in part.hashes],
            )
        )
    made = json.loads(JsonV1Dot6(bom).output_as_string())
    made.pop("serialNumber", None)
    made.get("metadata", {}).pop("timestamp", None)
    return json.dumps(made, indent=1, sort_keys=True) + "\n"


_TEXTS = """# Licences of texts

`docs/reference/asvs.csv` and the page made of it are adapted from the OWASP Application Security Verification Standard
5.0.0, github.com/OWASP/ASVS, by the OWASP Foundation and contributors, CC BY-SA 4.0
(creativecommons.org/licenses/by-sa/4.0): numbers and levels are kept, the words are shortened, answers are added. Both
are under that licence; everything else is under that of Muster.
"""


def page(parts: list[Part]) -> str:
    """Return the licences of all parts as a page."""
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in parts]
    head = "# Licences of the parts\n\nWritten from the lock files by `tools/parts.py`.\n\n"
    head += "| part | version | licence |\n|---|---|---|\n"
    return head + "\n".join(rows) + f"\n\n{_TEXTS}"


def main() -> int:
    """Write both files, or compare them."""
    parts = sorted((*python_parts(), *browser_parts()), key=lambda part: (part.kind, part.name, part.version))
    unknown = [part.name for part in parts if not part.licence]
    wrong = [f"{name} names no licence: look it up, and name it in ELSEWHERE" for name in unknown]
    for path, text in ((PARTS, bill(parts)), (LICENCES, page(parts))):
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            wrong.append(f"{path.name} is not that of the lock files: run tools/parts.py")
    print("\n".join(wrong) or f"{len(parts)} parts, each with its licence")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
