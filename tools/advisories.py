"""Compares what Muster is made of with published advisories, without a network.

.venv/bin/python tools/advisories.py FILE...    as OSV publishes them (https://osv.dev): JSON, or a ZIP of JSON files

The parts are those of `docs/parts.cdx.json`. Each advisory that concerns one is a line with the version that repairs
it; then the exit code is 1. pip-audit asks a service for the same, which a closed network does not reach.
"""

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

PARTS = Path(__file__).resolve().parent.parent / "docs" / "parts.cdx.json"
_ECOSYSTEMS = {"PyPI": "pypi", "npm": "npm"}


class Affected(NamedTuple):
    """A part that an advisory concerns, and the version that repairs it, "" where none does."""

    part: str
    version: str
    advisory: str
    summary: str
    repaired: str


class Span(NamedTuple):
    """Versions from the first on, before the one that repairs them or up to the last, where either is known."""

    first: str
    repaired: str = ""
    last: str = ""


def parts(text: str) -> dict[tuple[str, str], str]:
    """Return the version of each part of a CycloneDX list, by kind and name."""
    found = {}
    for component in json.loads(text)["components"]:
        kind = component["purl"].removeprefix("pkg:").partition("/")[0]
        group = f"{component['group']}/" if component.get("group") else ""
        found[kind, _name(kind, group + component["name"])] = component["version"]
    return found


def advisories(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the advisories of a JSON file, or of each JSON file in a ZIP."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith(".json"):
                    yield json.loads(packed.read(name))
    else:
        told = json.loads(path.read_text(encoding="utf-8"))
        yield from told if isinstance(told, list) else [told]


def affected(known: Mapping[tuple[str, str], str], told: Iterable[Mapping[str, Any]]) -> Iterator[Affected]:
    """Yield the parts that advisories concern; advisories that were withdrawn concern none."""
    for advisory in told:
        for concerned in advisory.get("affected", []) if not advisory.get("withdrawn") else []:
            package = concerned.get("package", {})
            kind = _ECOSYSTEMS.get(package.get("ecosystem", ""), "")
            version = known.get((kind, _name(kind, package.get("name", ""))))
            if version is None:
                continue
            spans = [span for ranges in concerned.get("ranges", []) for span in _spans(ranges)]
            hit = next((span for span in spans if _within(version, span)), None)
            if hit is not None or version in concerned.get("versions", []):
                summary = advisory.get("summary") or advisory.get("details", "").partition("\n")[0]
                yield Affected(package["name"], version, advisory["id"], summary, hit.repaired if hit else "")


def _name(kind: str, name: str) -> str:
    return canonicalize_name(name) if kind == "pypi" else name


def _spans(ranges: Mapping[str, Any]) -> Iterator[Span]:
    """Yield the spans of versions of a range."""
    first = None
    for event in ranges.get("events", []) if ranges.get("type") in ("ECOSYSTEM", "SEMVER") else []:
        if "introduced" in event:
            first = event["introduced"]
        elif first is not None and not event.keys().isdisjoint(("fixed", "last_affected")):
            yield Span(first, event.get("fixed", ""), event.get("last_affected", ""))
            first = None
    if first is not None:
        yield Span(first)


def _within(version: str, span: Span) -> bool:
    try:
        here = Version(version)
        after = bool(span.repaired) and here >= Version(span.repaired)
        return Version(span.first) <= here and not after and not (span.last and here > Version(span.last))
    except InvalidVersion:
        return False


def main(paths: list[str]) -> int:
    """Print what is affected; return 1 where something is."""
    known = parts(PARTS.read_text(encoding="utf-8"))
    found = sorted({each for path in paths for each in affected(known, advisories(Path(path)))})
    for each in found:
        repaired = f"repaired in {each.repaired}" if each.repaired else "not repaired yet"
        print(f"{each.part} {each.version}: {each.advisory} {each.summary} ({repaired})")
    print(f"{len(known)} parts, {len(found)} affected")
    return 1 if found else 0


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
