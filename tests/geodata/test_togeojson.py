"""KML and GPX from the tests of togeojson (BSD-2, commit b99baa6e of 2025-05-31): as many features as it finds.

`counts.json` is what togeojson 7.1.3 finds in each file; two files of GPX above 60 kB are left out.
"""

import json
import zipfile
from pathlib import Path

from geodata.intake import files
from geodata.intake.table import RefusedFile

FILES = Path(__file__).parent / "togeojson" / "files.zip"
OTHERWISE = {
    "addresses.kml": "a point of several positions is no place; togeojson keeps features that have none",
    "bad.kml": "no coordinate of it is a number",
    "ground_overlay.kml": "a picture over the map is no place; the refusal says so",
    "ground_overlay_quad.kml": "a picture over the map is no place; the refusal says so",
    "multigeometry_discrete.kml": "shapes of different kinds in one feature are no row of a table",
    "networklink.kml": "what lies elsewhere on a network is not followed; a note says so",
    "point_extra_coordinates.kml": "a point of more numbers than length, width, height and measure is a mistake",
    "selfclosing.kml": "a line of no place",
    "timespan.kml": "an outline that is not closed is not closed for its author",
    "unique_trkpt.gpx": "a track of one place is read as that place; togeojson leaves it out",
}
"""Files of which Muster reads another number of features, and why."""


def test_the_features_of_others_are_counted_the_same_or_the_difference_is_known() -> None:
    different = set()
    with zipfile.ZipFile(FILES) as archive:
        counts = json.loads(archive.read("counts.json"))
        for name, count in counts.items():
            try:
                found = len(files.read(archive.read(name), name))
            except RefusedFile:
                found = 0
            if found != count:
                different.add(name)
    assert len(counts) == 55
    assert different == set(OTHERWISE)
