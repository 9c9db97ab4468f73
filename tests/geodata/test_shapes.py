"""Shapes are measured when they are sound, and refused with the reason and the place when they are not."""

import json
import math
from typing import Any

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from geodata.ground.shapes import MOST_POSITIONS, measure
from tests.cpu_time import least


def polygon(*rings: list[tuple[float, float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(at) for at in ring] for ring in rings]}


def square(west: float, south: float, east: float, north: float) -> list[tuple[float, float]]:
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def test_a_point_has_its_country_and_no_size() -> None:
    found = measure({"type": "Point", "coordinates": [7.99111149, 16.97]})
    assert found.flaw is None
    assert found.geometry == {"type": "Point", "coordinates": [7.991111, 16.97]}
    assert (found.countries, found.area_km2, found.length_km) == (("NER",), 0, 0)
    assert found.centre == (7.991111, 16.97)


def test_a_route_names_the_countries_it_crosses_and_its_length() -> None:
    found = measure({"type": "LineString", "coordinates": [[7.99, 16.97], [5.53, 22.79]]})
    assert found.countries == ("DZA", "NER")
    assert found.length_km == pytest.approx(694, abs=2)
    assert found.area_km2 == 0
    assert found.bbox == (5.53, 16.97, 7.99, 22.79)


def test_a_route_may_cross_itself() -> None:
    assert measure({"type": "LineString", "coordinates": [[0, 0], [2, 2], [2, 0], [0, 2]]}).flaw is None


def test_an_area_is_wound_anticlockwise_and_its_holes_clockwise() -> None:
    clockwise = square(0, 0, 9, 9)[::-1]
    found = measure(polygon(clockwise, square(3, 3, 6, 6)))
    assert found.flaw is None
    ring, hole = (shapely.LinearRing(r) for r in found.geometry["coordinates"])  # type: ignore[index]
    assert ring.is_ccw
    assert not hole.is_ccw
    assert found.area_km2 == pytest.approx(
        measure(polygon(clockwise)).area_km2 - measure(polygon(square(3, 3, 6, 6))).area_km2
    )


def test_the_centre_lies_on_the_shape_even_where_the_middle_does_not() -> None:
    letter_c = [(0, 0), (9, 0), (9, 1), (1, 1), (1, 8), (9, 8), (9, 9), (0, 9), (0, 0)]
    found = measure(polygon(letter_c))
    assert found.centre is not None
    assert shape(found.geometry).contains(shapely.Point(found.centre))


def test_what_was_given_is_not_touched_and_no_altitude_is_kept() -> None:
    given_ = {"type": "LineString", "coordinates": [[1.00000049, 2, 300], [3, 4, 300]]}
    before = json.dumps(given_)
    assert measure(given_).geometry == {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]}
    assert json.dumps(given_) == before


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (polygon([(7, 16), (9, 18), (9, 16), (7, 18), (7, 16)]), "The outline crosses itself near 17.0000, 8.0000."),
        (
            polygon([(0, 0), (4, 0), (2, 2), (4, 4), (0, 4), (2, 2), (0, 0)]),
            "The outline touches itself near 2.0000, 2.0000.",
        ),
        (polygon(square(0, 0, 4, 4), square(5, 5, 6, 6)), "A hole lies outside the outline near 5.0000, 5.0000."),
        (polygon(square(0, 0, 9, 9), square(1, 1, 8, 8), square(2, 2, 3, 3)), "One hole lies inside another near"),
        (polygon(square(0, 0, 4, 4)[:-1]), "not closed"),
        (polygon([(0, 0), (1, 1), (0, 0)]), "at least three different points"),
        (polygon([(0, 0), (1, 1), (1, 1), (0, 0)]), "too few different points"),
        ({"type": "LineString", "coordinates": [[1, 1]]}, "at least two different points"),
        ({"type": "LineString", "coordinates": [[1, 1], [1, 1]]}, "too few different points"),
        ({"type": "Point", "coordinates": [math.nan, 1]}, "a longitude and a latitude in numbers"),
        ({"type": "Point", "coordinates": [math.inf, 1]}, "a longitude and a latitude in numbers"),
        ({"type": "Point", "coordinates": [10**400, 1]}, "a longitude and a latitude in numbers"),
        ({"type": "Point", "coordinates": ["1", "2"]}, "a longitude and a latitude in numbers"),
        ({"type": "Point", "coordinates": [True, False]}, "a longitude and a latitude in numbers"),
        ({"type": "Point", "coordinates": [1]}, "a longitude and a latitude in numbers"),
        ({"type": "Point"}, "a longitude and a latitude in numbers"),
        ({"type": "Point", "coordinates": [16.97, 97]}, "Latitude 97 is not between"),
        ({"type": "Point", "coordinates": [361, 1]}, "Longitude 361 is not between"),
        ({"type": "Polygon", "coordinates": []}, "no points"),
        ({"type": "Polygon", "coordinates": [[]]}, "no points"),
        ({"type": "Polygon", "coordinates": [[1, 2], [3, 4]]}, "a longitude and a latitude in numbers"),
        ({"type": "Polygon", "coordinates": "abc"}, "no points"),
        ({"type": "GeometryCollection", "geometries": []}, "a point, a line or an area"),
        ({}, "a point, a line or an area"),
        (polygon([(-100, 0), (0, 0), (100, 0), (100, 9), (0, 9), (-100, 9), (-100, 0)]), "more than half of the Earth"),
        (polygon([(-120, -70), (0, -70), (120, -70), (-120, -70)]), "round a pole"),
        ({"type": "LineString", "coordinates": [[0, 0]] * (MOST_POSITIONS + 1)}, "more than 10000 points"),
        (polygon(*[square(0, 0, 1, 1)] * 501), "more than 500 outlines"),
    ],
)
@pytest.mark.requirement("R33")
def test_an_unsound_shape_is_refused_with_a_sentence_and_no_measure(geometry: dict[str, Any], said: str) -> None:
    found = measure(geometry)
    assert found.flaw is not None
    assert said in str(found.flaw)
    assert (found.geometry, found.area_km2, found.countries, found.bbox) == (None, 0, (), None)


def test_the_flaw_knows_its_place_for_the_map() -> None:
    flaw = measure(polygon([(7, 16), (9, 18), (9, 16), (7, 18), (7, 16)])).flaw
    assert flaw is not None
    assert (flaw.lon, flaw.lat) == (8, 17)
    beyond = measure(polygon([(179, 16), (183, 18), (183, 16), (179, 18), (179, 16)])).flaw
    assert beyond is not None
    assert (beyond.lon, beyond.lat) == (-179, 17)


def test_latitude_and_longitude_are_never_exchanged() -> None:
    assert measure({"type": "Point", "coordinates": [31.76, -106.48]}).flaw is not None
    assert measure({"type": "Point", "coordinates": [16.97, 7.99]}).countries == ("TCD",)


FIJI = square(176, -20, 182, -15)
FIJI_STORED = [(176, -20), (-178, -20), (-178, -15), (176, -15), (176, -20)]
CHUKOTKA = square(172, 64.5, 188, 70)


@pytest.mark.parametrize("outline", [FIJI, FIJI_STORED, [(x - 360, y) for x, y in FIJI]])
@pytest.mark.requirement("R34")
def test_an_area_across_180_degrees_is_cut_there(outline: list[tuple[float, float]]) -> None:
    found = measure(polygon(outline))
    assert found.kind == "MultiPolygon"
    assert found.bbox == (176, -20, -178, -15)
    assert "FJI" in found.countries
    assert all(part.bounds[0] >= -180 and part.bounds[2] <= 180 for part in shape(found.geometry).geoms)
    same = measure(polygon(square(6, -20, 12, -15)))
    # Edges are geodesics: the two corners that the cut adds move them a little.
    assert found.area_km2 == pytest.approx(same.area_km2, rel=1e-3)
    assert found.length_km == pytest.approx(same.length_km, rel=1e-3)


@pytest.mark.requirement("R34")
def test_chukotka_is_russian_on_both_sides() -> None:
    found = measure(polygon(CHUKOTKA))
    assert found.countries == ("RUS",)
    assert found.bbox == (172, 64.5, -172, 70)


def test_a_cut_shape_measures_the_same_when_it_comes_back() -> None:
    for first in (measure(polygon(FIJI)), measure({"type": "LineString", "coordinates": [[170, 65], [-170, 66]]})):
        assert first.geometry is not None
        assert measure(first.geometry) == first


@pytest.mark.requirement("R34")
def test_a_route_across_180_degrees_goes_the_short_way() -> None:
    found = measure({"type": "LineString", "coordinates": [[170, 65], [-170, 66]]})
    assert found.kind == "MultiLineString"
    assert found.length_km == pytest.approx(931, abs=3)


def test_shapes_that_touch_180_degrees_are_not_cut() -> None:
    assert measure(polygon(square(170, 0, 180, 5))).kind == "Polygon"
    assert measure(polygon(square(-180, 0, -170, 5))).bbox == (-180, 0, -170, 5)
    assert measure(polygon(square(180, 0, 190, 5))).bbox == (-180, 0, -170, 5)
    assert measure({"type": "Point", "coordinates": [180, 5]}).centre == (180, 5)
    assert measure({"type": "LineString", "coordinates": [[180, 1], [180, 5]]}).flaw is None


def test_a_hole_across_180_degrees_stays_a_hole() -> None:
    whole, hole = square(170, 0, 190, 20), [(-179, 5), (-175, 5), (-175, 9), (-179, 9), (-179, 5)]
    found = measure(polygon(whole, hole))
    assert found.flaw is None
    assert found.area_km2 == pytest.approx(measure(polygon(whole)).area_km2 - measure(polygon(hole)).area_km2)


@pytest.mark.requirement("R33")
def test_the_largest_shape_allowed_is_measured_in_a_moment() -> None:
    corners = [(15 + 30 * math.cos(a / 1500), 5 + 25 * math.sin(a / 1500)) for a in range(9424)]
    largest = polygon([*corners, corners[0]])
    assert least(lambda: measure(largest), within=2) < 2
    found = measure(largest)
    assert found.flaw is None
    assert len(found.countries) > 30


@settings(deadline=None)  # the first example reads the layers
@given(
    west=st.floats(-360, 330),
    width=st.floats(0.01, 25),
    south=st.floats(-85, 60),
    height=st.floats(0.01, 20),
)
def test_any_box_is_measured_and_its_answer_measures_the_same(
    west: float, width: float, south: float, height: float
) -> None:
    found = measure(polygon(square(west, south, min(west + width, 360), south + height)))
    assert found.flaw is None
    assert found.geometry is not None
    stored = shape(found.geometry)
    assert stored.is_valid
    assert stored.bounds[0] >= -180
    assert stored.bounds[2] <= 180
    assert found.area_km2 > 0
    again = measure(found.geometry)
    assert again.flaw is None
    assert again.area_km2 == pytest.approx(found.area_km2)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers(-400, 400) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=30,
)


@settings(deadline=None)  # the first example reads the layers
@given(kind=st.sampled_from(["Point", "LineString", "Polygon", "MultiPolygon", "MultiLineString", "x"]), at=json_values)
@pytest.mark.requirement("R33")
def test_anything_at_all_is_measured_or_refused(kind: str, at: Any) -> None:
    found = measure({"type": kind, "coordinates": at})
    assert (found.flaw is None) == (found.geometry is not None)


number = st.floats(-360, 360) | st.floats(-90, 90)


@settings(deadline=None)  # the first example reads the layers
@example(kind="LineString", corners=[(0.0, 90.0), (1.0, 90.0)])
@given(
    kind=st.sampled_from(["LineString", "Polygon", "MultiPolygon"]),
    corners=st.lists(st.tuples(number, st.floats(-90, 90)), min_size=1, max_size=8),
)
def test_any_scribble_is_measured_or_refused(kind: str, corners: list[tuple[float, float]]) -> None:
    ring = [list(at) for at in [*corners, corners[0]]]
    wrapped: Any = {"LineString": ring, "Polygon": [ring], "MultiPolygon": [[ring]]}[kind]
    found = measure({"type": kind, "coordinates": wrapped})
    if found.flaw is None:
        assert shape(found.geometry).is_valid
        assert found.length_km > 0
    else:
        assert found.flaw.template.format(**found.flaw.params)
