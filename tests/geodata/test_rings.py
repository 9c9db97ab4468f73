"""Rings, buffers and lengths: against geodesics, across 180°, near poles; what was typed, read or refused."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from shapely.geometry import shape

from geodata.ground import shapes
from geodata.ground.crs import GEOD
from geodata.ground.distances import dense
from geodata.ways.closures import NoAnswer
from geodata.ways.rings import KM_OF, MOST_RING_KM, buffer, lengths, rings, way

NIAMEY = (2.1, 13.5)
SQUARE = {"type": "Polygon", "coordinates": [[[2.2, 13.2], [3.2, 13.2], [3.2, 14], [2.2, 14], [2.2, 13.2]]]}
LINE = {"type": "LineString", "coordinates": [[2.1, 13.5], [5, 14.5], [7.99, 16.97], [20, 20]]}


@pytest.mark.parametrize("centre", [NIAMEY, (179.95, -16.5), (-179.9, 66), (10, 89.5)])
@pytest.mark.parametrize("km", [0.5, 25, 800])
def test_every_place_of_a_ring_lies_at_its_distance(centre: tuple[float, float], km: float) -> None:
    (ring,) = rings(*centre, [km])
    lon, lat = np.array(ring.line).T
    away = GEOD.inv(np.full(len(lon), centre[0]), np.full(len(lat), centre[1]), lon, lat)[2]
    assert np.allclose(away, km * 1000, atol=0.2)
    assert np.abs(np.diff(lon)).max() < 180  # it runs on without a jump


@pytest.mark.parametrize("geometry", [SQUARE, LINE, {"type": "Point", "coordinates": list(NIAMEY)}])
@pytest.mark.parametrize("km", [0.2, 10, 150])
def test_the_edge_of_a_buffer_lies_at_its_distance_from_the_shape(geometry: dict[str, Any], km: float) -> None:
    measured = shapes.measure(buffer(geometry, km))
    assert measured.flaw is None
    assert measured.geometry is not None
    assert shape(measured.geometry).contains(shape(geometry))
    edge = shapely.get_coordinates(shape(measured.geometry).exterior)[::5]
    along = shape(geometry) if geometry["type"] != "Polygon" else shape(geometry).exterior
    ground = shapely.get_coordinates(along)
    ground = dense(ground, max(km / 20, 0.5)) if len(ground) > 1 else ground
    nearest = [
        GEOD.inv(np.full(len(ground), lon), np.full(len(ground), lat), ground[:, 0], ground[:, 1])[2].min() / 1000
        for lon, lat in edge
    ]
    assert nearest == pytest.approx([km] * len(nearest), rel=0.02 if km > 1 else 0.2)


def test_a_hole_is_kept_as_far_as_it_is_wider_than_the_buffer() -> None:
    holed = {
        "type": "Polygon",
        "coordinates": [*SQUARE["coordinates"], [[2.5, 13.4], [2.9, 13.4], [2.9, 13.8], [2.5, 13.4]]],
    }  # type: ignore[misc]
    near, far = shapes.measure(buffer(holed, 2)), shapes.measure(buffer(holed, 60))
    assert near.geometry is not None
    assert far.geometry is not None
    assert (len(near.geometry["coordinates"]), len(far.geometry["coordinates"])) == (2, 1)


def test_across_180_a_buffer_is_cut_as_shapes_are_stored() -> None:
    measured = shapes.measure(buffer({"type": "Point", "coordinates": [179.98, -16.5]}, 20))
    assert (measured.kind, measured.flaw) == ("MultiPolygon", None)
    assert measured.area_km2 == pytest.approx(np.pi * 400, rel=0.01)


@pytest.mark.parametrize("km", [0, -1, 501, float("nan")])
def test_a_buffer_has_a_size(km: float) -> None:
    with pytest.raises(NoAnswer, match="at most 500 km"):
        buffer(SQUARE, km)


def test_a_buffer_does_not_reach_a_pole() -> None:
    with pytest.raises(NoAnswer, match="pole"):
        buffer({"type": "Point", "coordinates": [0, 88.5]}, 100)


@pytest.mark.parametrize(
    ("text", "unit", "km"),
    [
        ("5 10 25", "km", [5, 10, 25]),
        ("25;5;5", "km", [5, 25]),
        ("5, 10, 25", "km", [5, 10, 25]),
        (" 12 ", "nm", [22.224]),
        ("1.5", "mi", [2.414016]),
    ],
)
def test_lengths_are_read_as_typed(text: str, unit: str, km: list[float]) -> None:
    assert lengths(text, unit) == pytest.approx(km)


@pytest.mark.parametrize(
    ("text", "unit", "why"),
    [
        ("", "km", "at least one"),
        ("ten", "km", '"ten" is not a length'),
        ("-5", "km", "not a length"),
        ("0", "km", "more than 0"),
        ("5,10", "km", "two ways"),
        ("1e9", "km", "not a length"),
        ("9999", "km", "at most 5000 km"),
        (" ".join(map(str, range(1, 13))), "km", "more than 10"),
        ("5", "furlong", "Choose kilometres"),
        ("5" * 300, "km", "not a length"),
    ],
)
def test_what_is_no_length_is_refused_in_a_sentence(text: str, unit: str, why: str) -> None:
    with pytest.raises(NoAnswer, match=why):
        lengths(text, unit)


def test_units_are_what_they_are_by_treaty() -> None:
    assert KM_OF == {"km": 1.0, "nm": 1.852, "mi": 1.609344}
    assert MOST_RING_KM < 20_000


def test_a_way_is_as_long_as_its_legs_and_encloses_what_it_closes() -> None:
    points = [(2.2, 13.2), (3.2, 13.2), (3.2, 14.0), (2.2, 14.0)]
    found = way(points)
    legs = [GEOD.inv(*a, *b)[2] / 1000 for a, b in pairwise(points)]
    assert found.legs_km == pytest.approx(legs)
    assert found.km == pytest.approx(sum(legs))
    assert found.area_km2 == pytest.approx(shapes.measure(SQUARE).area_km2)
    assert way(points[:2]).area_km2 is None
    crossed = way([points[0], points[2], points[1], points[3]])
    assert (crossed.crossing, crossed.area_km2) == (True, None)


def test_the_short_way_across_180_is_meant() -> None:
    assert way([(179.5, 0), (-179.5, 0)]).km == pytest.approx(111.32, rel=0.001)
