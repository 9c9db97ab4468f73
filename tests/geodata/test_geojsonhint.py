"""GeoJSON from the tests of geojsonhint (ISC, commit 7d720095 of 2024-05-28): good is read, and bad is told."""

import zipfile
from pathlib import Path

from geodata.intake import files
from geodata.intake.table import RefusedFile

FILES = Path(__file__).parent / "geojsonhint" / "files.zip"
HARMLESS = {
    *(f"bbox-{name}" for name in ("4or6elements", "contains-string", "string")),
    *(f"{name}changed_semantics" for name in ("feature_", "featurecollection_", "geometry_")),
    *("bad-polygon-interiorring-rhr", "polygon_winding_order", "different-first-size", "badfeatureid"),
    *("excessive_precision_truncated", "geometrycollection_single", "point-toomany", "rootstring"),
}
"""Faults that leave no doubt where something is: a box, an identifier or a direction that nobody needs, or a height."""


def told(kind: str) -> dict[str, tuple[int, int]]:
    """How many features were read of each file, and how many refused; the whole file counts as one."""
    found = {}
    with zipfile.ZipFile(FILES) as archive:
        for name in archive.namelist():
            if name.startswith(f"{kind}/"):
                try:
                    made = files.read(archive.read(name), name.removeprefix(f"{kind}/"))
                except RefusedFile:
                    found[Path(name).stem] = (0, 1)
                else:
                    found[Path(name).stem] = (len(made), made.refused_total)
    return found


def test_every_good_file_is_read_whole() -> None:
    found = told("good")
    assert len(found) == 18
    assert {name: counts for name, counts in found.items() if not counts[0] or counts[1]} == {}


def test_every_bad_file_is_told_unless_its_fault_is_harmless() -> None:
    found = told("bad")
    assert len(found) == 44
    assert {name for name, (_read, refused) in found.items() if not refused} == HARMLESS
