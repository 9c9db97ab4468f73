"""Every point has a cell, every cell its neighbours, and 180° is a meridian like any other."""

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.events.cells import CellGrid, Hexagons, Squares, study_area, tally
from geodata.events.points import UnfitEvents
from geodata.ground import crs, plane
from tests.geodata.layers import events

GRIDS: list[CellGrid] = [Hexagons(4), Squares(40)]
lons, lats = st.floats(-180, 180), st.floats(-84, 84)


@pytest.mark.parametrize("grid", GRIDS)
@given(lon=lons, lat=lats)
def test_the_polygon_of_its_cell_holds_the_point(grid: CellGrid, lon: float, lat: float) -> None:
    cell = grid.cells(np.array([lon]), np.array([lat]))
    [polygon] = grid.polygons(cell)
    assert polygon.is_valid
    west, south, east, north = polygon.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    # The edge of a hexagon is a great circle, drawn as a straight line: a little beside.
    assert polygon.distance(shapely.Point(lon, lat)) < 0.01 or abs(lon) > 179.99


@pytest.mark.parametrize("grid", GRIDS)
@given(lon=lons, lat=lats)
def test_the_middle_of_a_cell_lies_in_it_and_neighbours_are_mutual(grid: CellGrid, lon: float, lat: float) -> None:
    cell = grid.cells(np.array([lon]), np.array([lat]))
    assert grid.cells(*grid.centres(cell)) == cell
    around = grid.grown(cell, 1)
    near = grid.neighbours(around)
    assert (near != near.T).nnz == 0
    assert near.diagonal().sum() == 0
    assert near.sum(axis=1)[np.searchsorted(around, cell)[0]] == len(around) - 1


def test_hexagons_have_the_neighbours_that_h3_says() -> None:
    cells = Hexagons(2).grown(Hexagons(2).cells(np.array([8.0]), np.array([17.0])), 6)
    near = Hexagons(2).neighbours(cells)
    for i in range(0, len(cells), 7):
        expected = set(h3.api.basic_int.grid_ring(int(cells[i]), 1)) & set(cells.tolist())
        assert set(cells[near[[i]].indices].tolist()) == expected


@pytest.mark.parametrize("grid", GRIDS)
def test_cells_touch_across_180_degrees(grid: CellGrid) -> None:
    lon, lat = np.array([179.999, -179.999]), np.array([-17.0, -17.0])
    cells = np.unique(grid.cells(lon, lat))
    around = grid.grown(cells[:1], 1)
    assert np.isin(cells, around).all()
    drawn = grid.polygons(around)
    assert all(east - west < 90 for west, _, east, _ in (p.bounds for p in shapely.get_parts(drawn)))


def test_polygons_cut_at_180_degrees_keep_their_area() -> None:
    cell = Hexagons(2).cells(np.array([180.0]), np.array([-17.0]))
    [polygon] = Hexagons(2).polygons(cell)
    assert polygon.geom_type == "MultiPolygon"
    assert crs.geometry_area_km2(polygon) == pytest.approx(h3.cell_area(h3.int_to_str(int(cell[0])), "km^2"), rel=0.02)


@pytest.mark.parametrize("pole", [90.0, -90.0])
def test_the_cell_around_a_pole_is_a_valid_cap(pole: float) -> None:
    [cap] = Hexagons(1).polygons(Hexagons(1).cells(np.array([0.0]), np.array([pole])))
    assert cap.is_valid
    assert cap.covers(shapely.Point(0, pole))
    assert not cap.covers(shapely.Point(0, 0))


@given(lat=st.floats(-70, 70), side=st.floats(5, 200))
def test_squares_are_equal_in_area(lat: float, side: float) -> None:
    grid = Squares(side)
    [polygon] = grid.polygons(grid.cells(np.array([8.0]), np.array([lat])))
    assert crs.geometry_area_km2(shapely.segmentize(polygon, 0.05)) == pytest.approx(side**2, rel=1e-3)


@pytest.mark.parametrize("grid", GRIDS)
def test_cells_of_an_area_are_those_whose_middle_lies_in_it(grid: CellGrid) -> None:
    area = shapely.box(5, 15, 12, 20)
    cells = grid.within(area)
    assert len(cells) * grid.cell_km2 == pytest.approx(crs.geometry_area_km2(area), rel=0.25)
    assert shapely.contains_xy(area.buffer(0.01), *grid.centres(cells)).all()
    assert (np.diff(cells) > 0).all()


@pytest.mark.parametrize("grid", GRIDS)
def test_no_point_is_lost_in_the_tally(grid: CellGrid) -> None:
    points = events(300)
    cells, found = study_area(points, grid), grid.cells(points.lon, points.lat)
    assert tally(cells, found).sum() == 300
    assert tally(cells, found, np.full(300, 2.0)).sum() == 600
    assert tally(cells[:0], found).tolist() == []


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnfitEvents, match="from 0 to 15, not 16"):
        Hexagons(16)
    with pytest.raises(UnfitEvents, match="not 0"):
        Squares(0)
    with pytest.raises(UnfitEvents, match="more than 2000000 cells"):
        Hexagons(9).within(shapely.box(-20, 0, 40, 40))
    with pytest.raises(UnfitEvents, match="more than 2000000 cells"):
        Squares(0.1).within(shapely.box(-20, 0, 40, 40))
    with pytest.raises(UnfitEvents, match="smaller than a cell of"):
        study_area(events(), Squares(40), shapely.box(8, 17, 8.001, 17.001))


@given(lon=lons, lat=lats, east=st.floats(0.001, 2))
def test_straight_distances_in_space_are_those_on_the_ground(lon: float, lat: float, east: float) -> None:
    there = plane.in_space(np.array([lon, lon + east]), np.array([lat, lat]))
    _, _, metres = crs.GEOD.inv(lon, lat, lon + east, lat)
    assert np.linalg.norm(there[0] - there[1]) == pytest.approx(metres / 1000, rel=3e-4)


def test_a_plane_has_no_seam_and_the_way_back_is_cut() -> None:
    sheet = plane.around(np.array([179.0, -179.0]), np.array([10.0, 10.0]))
    x, _ = sheet.project(np.array([179.9, -179.9]), np.array([10.0, 10.0]))
    assert abs(x[1] - x[0]) < 25
    [back] = sheet.unflatten(np.array([shapely.Point(0, 0).buffer(50)], dtype=object))
    assert back.geom_type == "MultiPolygon"
    assert crs.geometry_area_km2(back) == pytest.approx(np.pi * 2500, rel=0.02)
