"""The paper's projection: exact at the centre, honest elsewhere, the same across 180°."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.papers import atlas, grid, layer_clipping
from dashboard.papers.frame import frame
from dashboard.papers.projection import SheetPlane, fitting, middle
from dashboard.papers.sheet_order import MOST_SHEETS, CannotPrint, PaperSize
from geodata.ground.crs import GEOD
from tests.dashboard.printed import order, thing

places = st.tuples(st.floats(-180, 180), st.floats(-80, 80))


@given(places, st.sampled_from([25_000, 250_000, 1_000_000, 5_000_000, 10_000_000]), st.floats(0, 360))
@settings(max_examples=60, deadline=None)
def test_a_millimetre_at_the_centre_is_its_length_on_the_ground(place, scale, azimuth):
    plane = SheetPlane(*place, scale, 180, 220)
    lon, lat, _back = GEOD.fwd(*place, azimuth, scale / 1000)
    x, y = plane.to_paper(np.array([[lon, lat]]))[0]
    assert math.hypot(x, y) == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("scale", [500_000, 1_000_000, 5_000_000])
def test_a_hundred_kilometres_are_as_long_as_the_sheet_says(scale):
    plane = SheetPlane(8.0, 17.0, scale, 250, 250)
    for azimuth in (0, 37, 90, 200):
        ends = [GEOD.fwd(8.0, 17.0, turn, 50_000)[:2] for turn in (azimuth, azimuth + 180)]
        a, b = plane.to_paper(np.array(ends))
        assert math.dist(a, b) * scale / 1e6 == pytest.approx(100, rel=5e-5)


def test_north_is_up_at_the_centre_and_east_is_to_the_right():
    plane = SheetPlane(8.0, 17.0, 1_000_000, 180, 220)
    (x, y), (east, level) = plane.to_paper(np.array([[8.0, 17.1], [8.1, 17.0]]))
    assert abs(x) < 1e-6
    assert y > 0
    assert east > 0
    assert abs(level) < 0.01


@pytest.mark.parametrize("scale", [250_000, 2_500_000, 20_000_000])
def test_the_error_that_is_stated_is_not_exceeded_on_the_sheet(scale):
    plane = SheetPlane(20.0, 50.0, scale, 180, 220)
    step = 0.5
    worst = 0.0
    for x in (-89.0, -40.0, 0.0, 60.0, 89.0):
        for y in (-109.0, -50.0, 0.0, 70.0, 109.0):
            for dx, dy in ((step, 0), (0, step), (step, step)):
                a, b = plane.to_ground(np.array([[x, y], [x + dx, y + dy]]))
                ground = GEOD.inv(*a, *b)[2] * 1000 / scale
                worst = max(worst, abs(ground / math.hypot(dx, dy) - 1))
    # The scale is paper on ground; its inverse departs a little more.
    assert worst <= plane.scale_error / (1 - plane.scale_error) * 1.02 + 1e-7
    assert plane.scale_error < worst * 1.6 + 1e-4


def test_the_grid_turns_away_from_north_as_the_formula_says():
    """tan(convergence) = tan(longitude from the middle of the zone) * sin(latitude), on a sphere."""
    plane = SheetPlane(12.0, 45.0, 100_000, 180, 220)
    assert plane.utm_zone == 33
    west_of_the_middle = math.degrees(math.atan(math.tan(math.radians(12.0 - 15.0)) * math.sin(math.radians(45.0))))
    assert plane.convergence == pytest.approx(west_of_the_middle, abs=0.01)
    assert SheetPlane(5.0, 60.5, 100_000, 180, 220).utm_zone == 32, "the south of Norway has a zone of its own form"
    assert SheetPlane(5.0, 89.0, 100_000, 180, 220).convergence is None


def test_a_sheet_across_180_degrees_is_one_like_any_other():
    here, there = SheetPlane(-0.5, -17.0, 2_000_000, 180, 220), SheetPlane(179.5, -17.0, 2_000_000, 180, 220)
    boxes = [
        shapely.box(-2, -18, 1, -16),
        shapely.MultiPolygon([shapely.box(178, -18, 180, -16), shapely.box(-180, -18, -179, -16)]),
    ]
    sizes = []
    for plane, box in zip((here, there), boxes, strict=True):
        pieces, rows = layer_clipping.cut(plane, layer_clipping.layer(np.array([box], dtype=object)))
        assert set(rows) == {0}
        sizes.append(sum(piece.area for piece in pieces))
    assert sizes[0] == pytest.approx(sizes[1], rel=1e-4)
    west, _south, east, _north = there.extent
    assert east - west < 10
    assert middle(np.array([[179.0, 0.0], [-179.0, 0.0]]))[0] in (180.0, -180.0)


@pytest.mark.parametrize(("lon", "lat"), [(8.0, 17.0), (-179.9, 66.0), (30.0, 89.0), (12.0, -75.0)])
def test_the_extent_holds_the_whole_sheet(lon, lat):
    plane = SheetPlane(lon, lat, 1_000_000, 180, 220)
    west, south, east, north = plane.extent
    for x, y in shapely.get_coordinates(shapely.segmentize(plane.box.exterior, 7.0)):
        at, up = plane.to_ground(np.array([[x, y]]))[0]
        assert south <= up <= north
        assert west <= lon + (at - lon + 180) % 360 - 180 <= east


def test_a_fitting_sheet_is_the_largest_that_holds_everything():
    ground = np.array([[2.0, 12.0], [14.0, 12.5], [7.0, 21.0]])
    plane = fitting(ground, 180, 220)
    assert plane is not None
    inside = np.abs(plane.to_paper(ground))
    assert (inside <= [90, 110]).all()
    smaller = [scale for scale in (5_000_000, 7_500_000, 10_000_000) if scale < plane.scale]
    assert fitting(ground, 180, 220, smaller) is None


def test_large_scales_have_kilometres_and_small_ones_degrees():
    near, far = (
        grid.grid_of(SheetPlane(7.3, 17.2, 50_000, 180, 220)),
        grid.grid_of(SheetPlane(7.3, 17.2, 5_000_000, 180, 220)),
    )
    assert near.metric
    assert not far.metric
    kilometres = sorted(float(tick.words) for tick in near.ticks if tick.edge == "bottom")
    assert set(np.diff(kilometres)) == {2.0}
    assert {tick.words[-1] for tick in far.ticks} <= set("NSEW°")


@pytest.mark.parametrize(
    "span", [((6.5, 16.0), (9.5, 19.6)), ((178.0, -20.0), (184.0, -15.0)), ((10.0, 59.0), (24.0, 66.0))]
)
def test_tiles_leave_nothing_of_a_sector_out(span):
    (west, south), (east, north) = span
    outline = shapely.box(west, south, min(east, 180), north)
    if east > 180:
        outline = shapely.MultiPolygon([outline, shapely.box(-180, south, east - 360, north)])
    page = frame(PaperSize.A4, landscape=False, entries=4, rtl=False)
    planes = atlas.tiles(page, 1_000_000, np.array([outline], dtype=object))
    assert len(planes) > 3
    lost = [
        (lon, lat)
        for lon in np.linspace(west + 0.01, east - 0.01, 40)
        for lat in np.linspace(south + 0.01, north - 0.01, 40)
        if not any(plane.holds(float(lon), float(lat)) for plane in planes)
    ]
    assert lost == []


def test_too_large_a_scale_is_refused_with_the_number_of_sheets():
    whole = {"type": "Polygon", "coordinates": [[[0, 12], [15, 12], [15, 23], [0, 23], [0, 12]]]}
    with pytest.raises(CannotPrint) as refused:
        atlas.atlas(order(thing("area", "Niger", whole), scale=25_000))
    assert refused.value.params["sheets"] > MOST_SHEETS
    assert "Choose a smaller scale." in str(refused.value)
