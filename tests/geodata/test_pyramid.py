"""Many points as few marks: no point is lost on any level, and a view shows what a count by hand shows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.clusters import CELL, SINGLE_UP_TO, cells
from geodata.pyramid import FINEST, Marks, Pyramid
from geodata.sites import inside

WORLD = (-180.0, -90.0, 180.0, 90.0)
points = st.lists(st.tuples(st.floats(-180, 180), st.floats(-89, 89), st.integers(0, 50)), max_size=40)


def arrays(found: list[tuple[float, float, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = np.array(found, dtype=float).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def crowd(n: int = 5_000, seed: int = 7) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    return chance.normal(8, 4, n), chance.normal(17, 3, n), chance.integers(1, 9, n).astype(float)


def same(a: Marks, b: Marks) -> bool:
    return all(np.allclose(getattr(a, name), getattr(b, name), atol=1e-12) for name in ("lon", "lat", "n", "total"))


@given(points, st.integers(0, 22))
def test_no_point_is_lost_on_any_level(found: list[tuple[float, float, int]], zoom: int) -> None:
    lon, lat, weight = arrays(found)
    seen = Pyramid(lon, lat, weight).view(WORLD, zoom)
    assert seen.n.sum() == len(lon)
    assert seen.total.sum() == pytest.approx(weight.sum())


@pytest.mark.parametrize("zoom", [0, 3, 6, 9, FINEST])
def test_a_level_is_the_count_of_its_grid(zoom: int) -> None:
    lon, lat, weight = crowd()
    across = 2**zoom * 256 // CELL
    column, row = cells(lon, lat, across)
    keys, group = np.unique(row * across + column, return_inverse=True)
    seen = Pyramid(lon, lat, weight).view(WORLD, zoom)
    assert len(seen) == len(keys)
    assert sorted(seen.total) == pytest.approx(sorted(np.bincount(group, weight)))
    assert sorted(seen.lon) == pytest.approx(sorted(np.bincount(group, lon) / np.bincount(group)))


def test_few_points_in_view_are_themselves() -> None:
    lon, lat, weight = crowd()
    box = (7.5, 16.5, 8.0, 17.0)
    seen = Pyramid(lon, lat, weight).view(box, 6)
    within = inside(lon, lat, box)
    assert 0 < within.sum() <= SINGLE_UP_TO
    assert sorted(zip(seen.lon, seen.lat, strict=True)) == sorted(zip(lon[within], lat[within], strict=True))


def test_a_view_across_the_antimeridian_holds_both_sides() -> None:
    pyramid = Pyramid(np.array([179.5, -179.5, 0.0]), np.array([-17.0, -17.0, -17.0]))
    assert sorted(pyramid.view((170, -30, -170, 0), 5).lon) == [-179.5, 179.5]


def test_the_order_of_points_changes_nothing() -> None:
    lon, lat, weight = crowd()
    order = np.random.default_rng(1).permutation(len(lon))
    a, b = Pyramid(lon, lat, weight), Pyramid(lon[order], lat[order], weight[order])
    assert all(same(a.view(WORLD, zoom), b.view(WORLD, zoom)) for zoom in (0, 4, 8, 12))
    assert a.packed(WORLD) == b.packed(WORLD)


def test_packed_points_are_pairs_of_float32() -> None:
    lon, lat, _ = crowd(200)
    pairs = np.frombuffer(Pyramid(lon, lat).packed(WORLD), "<f4").reshape(-1, 2)
    assert sorted(pairs[:, 0]) == pytest.approx(sorted(lon), abs=1e-5)
    assert sorted(pairs[:, 1]) == pytest.approx(sorted(lat), abs=1e-5)


def test_an_empty_pyramid_shows_nothing() -> None:
    nothing = Pyramid(np.empty(0), np.empty(0))
    assert len(nothing) == 0
    assert len(nothing.view(WORLD, 3)) == 0
    assert nothing.packed(WORLD) == b""


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [([1.0], [1.0, 2.0], "as many"), ([181.0], [0.0], "off the globe"), ([0.0], [float("nan")], "off the globe")],
)
def test_bad_points_are_refused(lon: list[float], lat: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Pyramid(np.array(lon), np.array(lat))
