"""Many points as few marks: no point is lost on any level, a view shows what a count by hand shows, and what was kept
in pieces shows what the whole shows.
"""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.events import pyramid as module
from geodata.events.pyramid import (
    BLOCK,
    PLACES,
    SINGLE_UP_TO,
    STEPS,
    Marks,
    Pyramid,
    PyramidBlock,
    cells_of,
    every,
    fitting_zoom,
    unpacked,
    view,
)
from geodata.ground.grid import Bounds, across, cells, inside, whole_cells

WORLD = (-180.0, -90.0, 180.0, 90.0)
STEP = 1 / STEPS
points = st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=40)
zooms = st.integers(0, 22)


@st.composite
def boxes(draw: st.DrawFn) -> Bounds:
    """Any box, those across 180° too."""
    south, north = sorted(draw(st.tuples(st.floats(-90, 90), st.floats(-90, 90))))
    return draw(st.floats(-180, 180)), south, draw(st.floats(-180, 180)), north


def arrays(found: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(found, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def crowd(n: int = 5_000, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    return chance.normal(8, 4, n), chance.normal(17, 3, n)


def told(marks: Marks) -> list[tuple[int, int, int]]:
    """The marks as a set that can be compared."""
    return sorted(zip(marks.x.tolist(), marks.y.tolist(), marks.n.tolist(), strict=True))


def kept(blocks: list[PyramidBlock]) -> Callable[[int, Bounds], Marks]:
    """What reads pieces as the store does: those of the nearest level that touch the box."""

    def read(zoom: int, box: Bounds) -> Marks:
        west, south, east, north = box
        level = min((each.zoom for each in blocks if each.zoom >= zoom), default=PLACES)
        found = []
        for each in blocks:
            left, bottom, right, top = each.bounds
            across_ = (right >= west and left <= east) if west <= east else (right >= west or left <= east)
            if each.zoom == level and across_ and bottom <= north and top >= south:
                found.append((each.marks, each.data))
        return unpacked(found)

    return read


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Levels and pieces of so few marks that a handful of points makes many of them."""
    monkeypatch.setattr(module, "MOST_ON_SCREEN", 4)
    monkeypatch.setattr(module, "BLOCK", 3)
    monkeypatch.setattr(module, "SINGLE_UP_TO", 2)


# ------------------------------------------------------------------------------------------------------- counting


@given(points, zooms)
def test_no_point_is_lost_on_any_level(found: list[tuple[float, float]], zoom: int) -> None:
    lon, lat = arrays(found)
    assert Pyramid(lon, lat).view(WORLD, zoom).events == len(lon)


@pytest.mark.parametrize("zoom", [0, 3, 6, 9, 12, 17])
@pytest.mark.parametrize("n", [5_000, 120_000])
def test_a_level_is_the_count_of_its_grid(zoom: int, n: int) -> None:
    lon, lat = (np.rint(degrees * STEPS) / STEPS for degrees in crowd(n))
    column, row = cells(lon, lat, across(zoom))
    keys, group = np.unique(row * across(zoom) + column, return_inverse=True)
    many = np.bincount(group)
    seen = Pyramid(lon, lat).view(WORLD, zoom)
    assert len(seen) == len(keys)
    column, row = cells(seen.lon, seen.lat, across(zoom))
    order = np.argsort(row * across(zoom) + column)
    assert seen.n[order].tolist() == many.tolist()
    for mean, degrees in ((seen.lon[order], lon), (seen.lat[order], lat)):
        assert np.allclose(mean, np.bincount(group, degrees) / many, rtol=0, atol=3 * STEP)


def test_few_points_in_view_are_themselves() -> None:
    lon, lat = crowd()
    box = (7.5, 16.5, 8.0, 17.0)
    seen = Pyramid(lon, lat).view(box, 6)
    within = inside(lon, lat, box)
    assert 0 < within.sum() <= SINGLE_UP_TO
    assert np.allclose(sorted(seen.lon), sorted(lon[within]), atol=STEP)
    assert np.allclose(sorted(seen.lat), sorted(lat[within]), atol=STEP)


def test_points_at_one_position_are_one_place_with_a_number() -> None:
    seen = Pyramid(np.array([8.0, 8.0, 8.1]), np.array([17.0, 17.0, 17.0])).view(WORLD, 17)
    assert told(seen) == [(800_000, 1_700_000, 2), (810_000, 1_700_000, 1)]


def test_a_view_across_the_antimeridian_holds_both_sides() -> None:
    pyramid = Pyramid(np.array([179.5, -179.5, 0.0]), np.array([-17.0, -17.0, -17.0]))
    assert sorted(pyramid.view((170, -30, -170, 0), 5).lon) == [-179.5, 179.5]


def test_the_order_of_points_changes_nothing() -> None:
    lon, lat = crowd(60_000)
    order = np.random.default_rng(1).permutation(len(lon))
    assert list(Pyramid(lon, lat).blocks()) == list(Pyramid(lon[order], lat[order]).blocks())


def test_few_points_are_kept_once_and_many_with_the_levels_that_a_screen_needs() -> None:
    assert [each.marks for each in Pyramid(*crowd(500)).blocks()] == [500]
    many = Pyramid(*crowd(120_000))
    assert many.zooms[0] == PLACES
    assert len(many.zooms) in (2, 3)
    town = Pyramid(*(8 + degrees / 1000 for degrees in crowd(120_000)))
    assert max(zoom for zoom in town.zooms if zoom != PLACES) > max(zoom for zoom in many.zooms if zoom != PLACES)


# ------------------------------------------------------------------------------------------------------- in pieces


@settings(max_examples=300)
@given(points, boxes(), zooms)
@pytest.mark.usefixtures("small_pieces")
def test_kept_pieces_show_what_the_whole_shows(found: list[tuple[float, float]], box: Bounds, zoom: int) -> None:
    whole = Pyramid(*arrays(found))
    blocks = list(whole.blocks())
    assert all(each.marks <= 3 for each in blocks)
    assert told(view(kept(blocks), box, zoom)) == told(whole.view(box, zoom))
    assert told(every(kept(blocks), box)) == told(every(whole.read, box))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 20), zooms, st.floats(0.1, 40))
def test_a_crowd_in_pieces_shows_what_the_whole_shows(seed: int, width: float, zoom: int, side: float) -> None:
    chance = np.random.default_rng(seed)
    centre, n = chance.uniform(-180, 180), 40_000
    lon = (chance.normal(centre, width, n) + 180) % 360 - 180
    whole = Pyramid(lon, chance.normal(chance.uniform(-60, 60), width, n).clip(-90, 90))
    west, east = ((edge + 180) % 360 - 180 for edge in (centre - side, centre + side))
    box = (west, -70.0, east, 70.0)
    assert told(view(kept(list(whole.blocks())), box, zoom)) == told(whole.view(box, zoom))


@given(boxes(), zooms)
def test_whole_cells_hold_their_box_and_end_on_the_grid(box: Bounds, zoom: int) -> None:
    west, south, east, north = whole_cells(box, zoom)
    lon, lat = np.array([box[0], box[2]]), np.array([box[1], box[3]])
    assert inside(lon, lat, (west - 1e-9, south - 1e-9, east + 1e-9, north + 1e-9)).all()
    for edge in (west, east):
        assert (edge + 180) / 360 * across(zoom) % 1 == 0


def test_pieces_are_small_and_what_one_reads_is_what_was_kept() -> None:
    blocks = list(Pyramid(*crowd(120_000)).blocks())
    assert max(each.marks for each in blocks) == BLOCK
    places = unpacked([(each.marks, each.data) for each in blocks if each.zoom == PLACES])
    assert places.events == 120_000
    for each in blocks:
        marks = unpacked([(each.marks, each.data)])
        west, south, east, north = each.bounds
        assert (marks.lon.min(), marks.lat.min(), marks.lon.max(), marks.lat.max()) == (west, south, east, north)


def test_nothing_is_shown_of_nothing() -> None:
    nothing = Pyramid(np.empty(0), np.empty(0))
    assert len(nothing) == 0
    assert list(nothing.blocks()) == []
    assert len(nothing.view(WORLD, 3)) == 0
    assert len(view(kept([]), WORLD, 3)) == 0
    assert unpacked([]).packed() == b""


# ----------------------------------------------------------------------------------------------- the other questions


def test_cells_tell_their_middle_and_not_where_their_points_lie() -> None:
    ((x, y, n),) = told(cells_of(Pyramid(np.array([8.0, 8.01]), np.array([17.0, 17.3])).read, 4))
    other = told(cells_of(Pyramid(np.array([8.4, 9.9]), np.array([17.9, 17.1])).read, 4))[0]
    assert n == 2
    assert (x, y) == other[:2]
    assert inside(np.array([x / STEPS]), np.array([y / STEPS]), whole_cells((8, 17, 8, 17), 4)).all()


@pytest.mark.parametrize(
    ("box", "asked", "given"),
    [(WORLD, 2, 2), (WORLD, 12, 5), ((7.0, 16.0, 8.0, 17.0), 12, 12), ((170.0, -80.0, -170.0, 80.0), 22, 7)],
)
def test_no_view_is_finer_than_a_screen_can_show(box: Bounds, asked: int, given: int) -> None:
    assert fitting_zoom(box, asked) == given


def test_marks_are_little_endian_columns_with_numbers_only_where_they_say_something() -> None:
    one = Marks.at(np.array([8.0, -9.5]), np.array([17.0, 3.25]))
    assert np.frombuffer(one.packed(), "<i4").tolist() == [800_000, -950_000, 1_700_000, 325_000]
    two = Pyramid(np.array([8.0, 8.0]), np.array([17.0, 17.0])).view(WORLD, 17)
    assert np.frombuffer(two.packed(), "<i4").tolist() == [800_000, 1_700_000, 2]


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [([1.0], [1.0, 2.0], "as many"), ([181.0], [0.0], "off the globe"), ([0.0], [float("nan")], "off the globe")],
)
def test_bad_points_are_refused(lon: list[float], lat: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Pyramid(np.array(lon), np.array(lat))


def test_a_zoom_that_no_map_has_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 22"):
        Pyramid(*crowd(10)).view(WORLD, 23)
