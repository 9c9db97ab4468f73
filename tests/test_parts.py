"""The list of parts and their licences are those of the lock files: what is shipped, no more and no less."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.requirement("R81")
def test_they_are_written_from_the_lock_files_of_today() -> None:
    command = [sys.executable, "tools/parts.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.requirement("ASVS 15.1.2", "R80")
def test_every_locked_package_is_a_part_with_its_hashes_and_a_licence() -> None:
    bill = json.loads((ROOT / "docs" / "parts.cdx.json").read_text(encoding="utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["purl"]: part for part in bill["components"]}
    lock = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    locked = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock, re.MULTILINE)
    assert len(locked) > 100
    assert {f"pkg:pypi/{name}@{version}" for name, version in locked} <= {purl for purl in parts if ":pypi/" in purl}
    assert all(part["hashes"] for purl, part in parts.items() if ":pypi/" in purl)
    assert all(part["licenses"] for part in parts.values())
    assert "pkg:npm/leaflet@1.9.4" in parts
