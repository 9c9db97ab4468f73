"""Twins that differ in hidden cells alone: no byte of any answer differs for those from whom they are hidden.

Boards at every level and moment, the catalogue, lists and files, what was signed and what partners are given; the
program is `tests.dashboard.twin_cells`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SIDES = ("plain", "other")


@pytest.mark.timeout(1_800)
def test_who_met_them_changes_no_byte_where_it_is_hidden(tmp_path: Path) -> None:
    said = []
    for side in SIDES:
        out = tmp_path / f"{side}.json"
        url = f"sqlite:///{tmp_path / side}.sqlite"
        command = [sys.executable, "-m", "tests.dashboard.twin_cells", url, str(out), side]
        assert subprocess.run(command, env=os.environ | {"PYTHONHASHSEED": "0"}, check=False).returncode == 0
        said.append(json.loads(out.read_text()))
    plain, other = said
    assert {door for door in plain.keys() | other.keys() if plain.get(door) != other.get(door)} == set()
    answered = [door for door, answer in plain.items() if answer.startswith("200")]
    for door in (
        "lena /operations",
        "otto /operations",
        "moussa /operations",
        "figures.xlsx",
        "operation.zip",
        "by_country.csv",
        "snapshots/1.pdf",
        "snapshots/1.xlsx",
        "/export/partners/",
        "&at=",
        "figure=K17",
        "/official",
        "/snapshots",
    ):
        assert any(door in each for each in answered), door
