"""Hexagons are those of H3, cell by cell: at pentagons, poles and 180°, from the coarsest resolution to the finest."""

from collections.abc import Iterable

import h3.api.basic_int as h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.events.cells import Hexagons
from geodata.events.hexagon_steps import beside
from geodata.events.points import Whole

resolutions = st.integers(0, 15)
lons = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.999999, 0.0])
lats = st.floats(-90, 90) | st.sampled_from([-90.0, 90.0, 89.9999, -89.9999])


def codes(cells: Iterable[int]) -> Whole:
    return np.unique(np.fromiter(cells, np.int64))


def disks(cells: Whole, rings: int) -> Whole:
    return codes(near for cell in cells.tolist() for near in h3.grid_disk(cell, rings))


def pairs_of_h3(cells: Whole) -> set[tuple[int, int]]:
    own = set(cells.tolist())
    return {(cell, near) for cell in own for near in h3.grid_disk(cell, 1) if near in own and near != cell}


def check_neighbours(cells: Whole, resolution: int) -> None:
    near = Hexagons(resolution).neighbours(cells).tocoo()
    assert set(near.data.tolist()) <= {1.0}
    assert near.nnz == len(pairs_of_h3(cells))
    assert set(zip(cells[near.row].tolist(), cells[near.col].tolist(), strict=True)) == pairs_of_h3(cells)


@settings(deadline=None)
@given(lon=lons, lat=lats, resolution=resolutions)
def test_neighbours_are_those_of_h3_anywhere(lon: float, lat: float, resolution: int) -> None:
    check_neighbours(codes(h3.grid_disk(h3.latlng_to_cell(lat, lon, resolution), 5)), resolution)


@pytest.mark.parametrize("resolution", range(16))
def test_neighbours_are_those_of_h3_around_the_twelve_pentagons(resolution: int) -> None:
    pentagons = codes(h3.get_pentagons(resolution))
    assert len(pentagons) == 12
    around = disks(pentagons, 5)
    check_neighbours(around, resolution)
    near = Hexagons(resolution).neighbours(around)
    assert near.sum(axis=1)[np.searchsorted(around, pentagons)].tolist() == [5.0] * 12


@pytest.mark.parametrize("resolution", range(4))
def test_neighbours_are_those_of_h3_on_the_whole_earth(resolution: int) -> None:
    cells = codes(cell for base in h3.get_res0_cells() for cell in h3.cell_to_children(base, resolution))
    assert len(cells) == h3.get_num_cells(resolution)
    check_neighbours(cells, resolution)


@settings(deadline=None)
@given(lon=st.lists(lons, min_size=1, max_size=40), lat=lats, resolution=resolutions)
def test_every_pair_beside_each_other_is_told_once(lon: list[float], lat: float, resolution: int) -> None:
    cells = codes(h3.latlng_to_cell(lat, each, resolution) for each in lon)
    rows, found = beside(cells, resolution)
    told = [pair for pair in zip(cells[rows].tolist(), found.tolist(), strict=True) if pair[0] != pair[1]]
    assert len(told) == len(set(told))
    assert set(told) == {(cell, near) for cell in cells.tolist() for near in h3.grid_disk(cell, 1) if near != cell}


@settings(deadline=None)
@given(lon=lons, lat=lats, resolution=resolutions, rings=st.integers(0, 4))
def test_rings_are_those_of_h3(lon: float, lat: float, resolution: int, rings: int) -> None:
    some = codes([h3.latlng_to_cell(lat, lon, resolution), h3.latlng_to_cell(-lat, lon, resolution)])
    assert Hexagons(resolution).grown(some, rings).tolist() == disks(some, rings).tolist()


@pytest.mark.parametrize("resolution", [0, 1, 4, 9])
def test_rings_around_pentagons_are_those_of_h3(resolution: int) -> None:
    pentagons = codes(h3.get_pentagons(resolution))
    assert Hexagons(resolution).grown(pentagons, 3).tolist() == disks(pentagons, 3).tolist()


@settings(deadline=None)
@given(lon=lons, lat=lats, resolution=resolutions)
def test_middles_and_cells_are_those_of_h3(lon: float, lat: float, resolution: int) -> None:
    cells = codes(h3.grid_disk(h3.latlng_to_cell(lat, lon, resolution), 2))
    found = Hexagons(resolution).centres(cells)
    assert np.column_stack(found)[:, ::-1].tolist() == [list(h3.cell_to_latlng(cell)) for cell in cells.tolist()]
    assert Hexagons(resolution).cells(*found).tolist() == cells.tolist()


def test_polygons_have_the_corners_that_h3_says() -> None:
    cells = disks(codes(h3.get_pentagons(4)), 1)
    for cell, polygon in zip(cells.tolist(), Hexagons(4).polygons(cells), strict=True):
        corners = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
        if max(lon for lon, _ in corners) - min(lon for lon, _ in corners) < 180:
            assert list(polygon.exterior.coords)[:-1] == corners
        else:
            assert polygon.geom_type == "MultiPolygon"


def test_an_area_of_parts_has_the_cells_of_each() -> None:
    parts = [shapely.box(5, 15, 8, 18), shapely.box(178, -18, 180, -15), shapely.box(-180, -18, -178, -15)]
    expected = codes(cell for part in parts for cell in h3.geo_to_cells(part.__geo_interface__, 5))
    assert Hexagons(5).within(shapely.multipolygons(parts)).tolist() == expected.tolist()


@pytest.mark.parametrize("resolution", [0, 5])
def test_no_cells_have_no_neighbours(resolution: int) -> None:
    none = np.empty(0, np.int64)
    assert Hexagons(resolution).neighbours(none).shape == (0, 0)
    assert Hexagons(resolution).grown(none, 2).tolist() == []
    assert [len(each) for each in Hexagons(resolution).centres(none)] == [0, 0]
    assert Hexagons(resolution).polygons(none).tolist() == []
