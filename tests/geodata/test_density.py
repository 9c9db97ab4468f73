"""The binned surface is the exact sum within a few per cent, nothing is lost, and a junction is no hotspot."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.events.density import along_network, surface, usual_bandwidth_km
from geodata.events.points import UnfitEvents, checked
from geodata.ground import crs, plane
from tests.geodata.layers import TODAY, events, layer, scattered, shuffled


def test_the_surface_is_the_exact_kernel_density() -> None:
    points = events(300)
    made = surface(points, bandwidth_km=30)
    x, y = made.plane.project(points.lon, points.lat)
    off = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    exact = np.exp(-0.5 * off / 30**2).sum(axis=1) / (2 * np.pi * 30**2)
    assert np.abs(made.at(points.lon, points.lat) - exact).max() < 0.05 * exact.max()


@settings(deadline=None)
@given(n=st.integers(2, 200), seed=st.integers(0, 99), bandwidth=st.floats(10, 100))
def test_the_surface_holds_all_events(n: int, seed: int, bandwidth: float) -> None:
    made = surface(events(n, seed), bandwidth)
    assert made.density.sum() * made.pixel_km**2 == pytest.approx(n, rel=1e-3)


def test_the_areas_are_nested_and_hold_their_share() -> None:
    points = events(400)
    areas = surface(points, bandwidth_km=25).areas((0.5, 0.9))
    half, most = areas.geometry
    assert most.covers(half)
    assert areas["km2"].tolist() == pytest.approx([crs.geometry_area_km2(a) for a in areas.geometry], rel=0.01)
    inside = [shapely.contains_xy(area, points.lon, points.lat).mean() for area in (half, most)]
    assert inside == pytest.approx([0.6, 0.93], abs=0.1)


def test_the_surface_does_not_know_180_degrees() -> None:
    made = surface(events(300, middle=(180.0, -17.0)), bandwidth_km=30)
    assert made.at(np.array([179.99, -179.99]), np.array([-17.0, -17.0])) == pytest.approx(made.density.max(), rel=0.1)
    [area] = made.areas((0.5,)).geometry
    assert area.geom_type == "MultiPolygon"
    west, _, east, _ = shapely.bounds(shapely.get_parts(area)).T
    assert (east - west < 10).all()


def test_the_order_of_rows_does_not_matter() -> None:
    frame = scattered(200)
    one, other = surface(checked(frame, TODAY, "day")), surface(shuffled(frame))
    assert one.bandwidth_km == other.bandwidth_km
    assert np.array_equal(one.density, other.density)


def test_the_usual_bandwidth_stands_a_few_far_points() -> None:
    random = np.random.default_rng(1)
    x, y = random.normal(0, 10, 500), random.normal(0, 10, 500)
    far = np.append(x, [5000.0] * 3), np.append(y, [0.0] * 3)
    assert usual_bandwidth_km(*far) == pytest.approx(usual_bandwidth_km(x, y), rel=0.05)
    assert usual_bandwidth_km(x, y) == pytest.approx(10 * 500 ** (-1 / 6), rel=0.1)


def test_the_surface_explains_itself() -> None:
    sentence = str(surface(events(200), bandwidth_km=30).sentence)
    assert "Density of 200 events" in sentence
    assert "a Gaussian of 30 km" in sentence
    assert "Events of 2024-01-0" in sentence


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    worldwide = checked(layer([-120.0, 100.0, 10.0], [40.0, 10.0, -30.0]), TODAY)
    with pytest.raises(UnfitEvents, match="Choose a larger bandwidth or a smaller area"):
        surface(worldwide, bandwidth_km=1)
    with pytest.raises(UnfitEvents, match="a pixel not larger than it"):
        surface(events(), bandwidth_km=10, pixel_km=20)
    none = np.array([], dtype=np.int64)
    with pytest.raises(UnfitEvents, match="The layer is empty"):
        along_network(none, none, none.astype(float), none, none.astype(float), 1)
    with pytest.raises(UnfitEvents, match="between its two ends"):
        along_network(*STRAIGHT, np.array([0]), np.array([99.0]), 1)


# ------------------------------------------------------------------------------------------------ along a network

STRAIGHT = np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([10.0, 10.0, 10.0])
CROSS = np.array([0, 0, 0, 0]), np.array([1, 2, 3, 4]), np.array([10.0, 10.0, 10.0, 10.0])


def held(made: object) -> float:
    return float((made.density * (made.end_km - made.start_km)).sum())


def test_on_a_straight_road_it_is_the_kernel_in_one_dimension() -> None:
    made = along_network(*STRAIGHT, np.array([1]), np.array([5.25]), bandwidth_km=5, piece_km=0.5)
    middle = 10 * made.edge + (made.start_km + made.end_km) / 2
    expected = np.maximum(0, 0.75 * (1 - ((middle - 15.25) / 5) ** 2) / 5)
    assert made.density == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(edge=st.lists(st.integers(0, 3), min_size=1, max_size=30), at=st.floats(0, 5))
def test_nothing_is_lost_or_made_at_a_crossroads(edge: list[int], at: float) -> None:
    made = along_network(*CROSS, np.array(edge), np.full(len(edge), at), bandwidth_km=4)
    assert held(made) == pytest.approx(len(edge), rel=0.02)


def test_a_junction_is_no_hotspot_by_itself() -> None:
    made = along_network(*CROSS, np.array([0]), np.array([3.0]), bandwidth_km=5, piece_km=0.5)
    near = made.density[made.edge == 0].max()
    beyond = [made.density[made.edge == arm].max() for arm in (1, 2, 3)]
    assert max(beyond) < near / 3
    assert np.ptp(beyond) < 1e-12


def test_a_plane_about_the_points_is_equal_in_area() -> None:
    sheet = plane.EqualAreaPlane(8.0, 17.0)
    box = np.array([shapely.segmentize(shapely.box(20, 30, 22, 32), 0.01)], dtype=object)
    assert sheet.flatten(box)[0].area == pytest.approx(crs.geometry_area_km2(box[0]), rel=1e-5)
