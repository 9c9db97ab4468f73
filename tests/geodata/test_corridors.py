"""Corridors have the width they say, everywhere on Earth."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.ground import crs, distances
from geodata.ways.closures import NoAnswer
from geodata.ways.corridors import corridor
from geodata.ways.routes import route


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-70, 75)), min_size=2, max_size=2, unique=True),
    st.floats(0.5, 300),
    st.integers(0, 2**32 - 1),
)
def test_what_is_inside_is_near_and_what_is_outside_is_not(
    ends: list[tuple[float, float]], km: float, seed: int
) -> None:
    (lon, lat), (east, north) = ends
    line = distances.line(np.array([(lon, lat), (lon + (east - lon) / 20, lat + (north - lat) / 20)]))
    if line.length == 0:
        return
    area = corridor(line, km)
    assert area.is_valid
    west, _, east, _ = area.bounds
    assert -180 <= west <= east <= 180
    parts = shapely.get_parts(line)
    along = np.concatenate([distances.dense(shapely.get_coordinates(part), km / 20) for part in parts])
    random = np.random.default_rng(seed)
    around = along[random.integers(0, len(along), 30)]
    away = random.uniform(0, 1.5 * km, 30)
    lons, lats, _ = crs.GEOD.fwd(*around.T, random.uniform(0, 360, 30), away * 1000)
    for at in zip(lons, lats, strict=True):
        if abs(at[1]) > 85:
            continue
        nearest = distances.from_point_km(*at, along).min()
        if abs(nearest - km) > 0.04 * km:
            assert area.covers(shapely.Point(at)) == (nearest < km), (at, nearest)


def test_the_area_of_a_straight_corridor_is_length_times_width() -> None:
    line = shapely.LineString([(20, 10), (20, 15)])
    expected = crs.geometry_length_km(line) * 40 + math.pi * 400
    assert crs.geometry_area_km2(corridor(line, 20)) == pytest.approx(expected, rel=0.003)


def test_a_long_route_across_180_has_a_corridor_of_its_length() -> None:
    found = route((139.7, 35.7), (-122.4, 37.8))
    area = corridor(found.geometry, 20)
    assert area.is_valid
    assert area.geom_type == "MultiPolygon"
    assert area.covers(found.geometry)
    assert crs.geometry_area_km2(area) == pytest.approx(found.km * 40, rel=0.1)


@pytest.mark.parametrize(
    ("line", "km", "said"),
    [
        (shapely.LineString([(0, 0), (1, 1)]), 0, "wider than 0"),
        (shapely.LineString([(0, 0), (1, 1)]), 501, "at most 500 km"),
        (shapely.Point(1, 1), 5, "needs a line"),
        (shapely.LineString(), 5, "needs a line"),
        (shapely.LineString([(0, 88), (1, 88.9)]), 50, "reach a pole"),
    ],
)
def test_what_has_no_corridor_is_refused_in_words(line: shapely.Geometry, km: float, said: str) -> None:
    with pytest.raises(NoAnswer, match=said):
        corridor(line, km)


def test_a_line_across_180_is_cut_exactly_there_and_loses_nothing() -> None:
    found = distances.line(np.array([(170.0, 0.0), (-170.0, 10.0), (170.0, 20.0), (160.0, 20.0)]))
    assert [part.coords[:] for part in found.geoms] == [
        [(170, 0), (180, 5)],
        [(-180, 5), (-170, 10), (-180, 15)],
        [(180, 15), (170, 20), (160, 20)],
    ]
    on_it = distances.line(np.array([(179.0, 0.0), (180.0, 5.0), (-179.0, 5.0)]))
    assert [part.coords[:] for part in on_it.geoms] == [[(179, 0), (180, 5)], [(-180, 5), (-179, 5)]]
