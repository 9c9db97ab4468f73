"""Nothing is lost, nothing is told twice, and below the floor nothing is told."""

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.events.clusters import SINGLE_UP_TO, cluster
from geodata.ground import crs
from tests.budgets import least

WORLD = (-180.0, -90.0, 180.0, 90.0)


def scattered(n: int, seed: int = 1) -> gpd.GeoDataFrame:
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(-180, 180, n), random.uniform(-80, 80, n)
    index = [f"r{i}" for i in range(n)]
    frame = gpd.GeoDataFrame({"hits": random.integers(0, 9, n)}, geometry=gpd.points_from_xy(lon, lat), crs=crs.WGS84)
    return frame.set_index(np.array(index, dtype=object))


def test_few_points_stay_single_and_keep_their_label_and_place() -> None:
    frame = scattered(50)
    marks = cluster(frame, WORLD, zoom=0)
    assert marks["n"].tolist() == [1] * 50
    assert marks["member"].tolist() == frame.index.tolist()
    assert marks.geometry.geom_equals_exact(frame.geometry.reset_index(drop=True), 1e-9).all()


@settings(deadline=None)  # thousands of points an example
@given(n=st.integers(SINGLE_UP_TO + 1, 4000), zoom=st.integers(0, 8), seed=st.integers(0, 50))
def test_no_point_is_lost_and_sums_add_up(n: int, zoom: int, seed: int) -> None:
    frame = scattered(n, seed)
    marks = cluster(frame, WORLD, zoom, sums=["hits"])
    assert marks["n"].sum() == n
    assert marks["hits"].sum() == frame["hits"].sum()
    assert marks["member"].notna().equals(marks["n"] == 1)


def test_a_mark_stands_at_the_mean_of_its_members() -> None:
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([10.0, 10.2] * 1500, [5.0, 5.4] * 1500), crs=crs.WGS84)
    [mark] = cluster(frame, WORLD, zoom=2).geometry
    assert (mark.x, mark.y) == (pytest.approx(10.1), pytest.approx(5.2))


def test_only_what_lies_in_the_box_is_counted_also_across_180_degrees() -> None:
    frame = scattered(9000)
    x = frame.geometry.x
    assert cluster(frame, (0, -90, 90, 90), 3)["n"].sum() == ((x >= 0) & (x <= 90)).sum()
    assert cluster(frame, (170, -90, -170, 90), 3)["n"].sum() == (x.abs() >= 170).sum()


def test_below_the_floor_nothing_is_told_and_no_mark_gives_a_place_away() -> None:
    one_house = gpd.GeoDataFrame(geometry=gpd.points_from_xy([7.9911] * 12, [16.9734] * 12), crs=crs.WGS84)
    alone = gpd.GeoDataFrame(geometry=gpd.points_from_xy([40.0] * 10, [1.0] * 10), crs=crs.WGS84)
    marks = cluster(gpd.pd.concat([one_house, alone]), WORLD, zoom=6, floor=11)
    assert marks["n"].tolist() == [12]
    assert marks["member"].isna().all()
    assert marks.geometry[0].distance(one_house.geometry[0]) > 0.1


def test_with_a_floor_moving_the_box_tells_nothing() -> None:
    frame = scattered(60_000)
    narrow, wide = cluster(frame, (0, 0, 30, 30), 4, floor=11), cluster(frame, (0.5, 0.5, 31, 31), 4, floor=11)
    cells = {(p.x, p.y): n for p, n in zip(wide.geometry, wide["n"], strict=True)}
    shared = [(n, cells[p.x, p.y]) for p, n in zip(narrow.geometry, narrow["n"], strict=True) if (p.x, p.y) in cells]
    assert len(shared) > 20
    assert all(a == b for a, b in shared)


def test_the_order_of_rows_does_not_matter_and_the_frame_is_not_touched() -> None:
    frame = scattered(5000)
    before = frame.copy()
    marks, shuffled = cluster(frame, WORLD, 4, sums=["hits"]), cluster(frame.sample(frac=1, random_state=3), WORLD, 4)
    assert marks["n"].tolist() == shuffled["n"].tolist()
    assert frame.equals(before)


def test_missing_values_count_as_nothing() -> None:
    frame = scattered(10).assign(hits=[np.nan] * 9 + [4])
    assert cluster(frame, WORLD, 1, sums=["hits"])["hits"].sum() == 4


@pytest.mark.parametrize("floor", [1, 11])
def test_an_empty_frame_gives_an_empty_frame_of_the_same_shape(floor: int) -> None:
    frame = scattered(10)
    empty = cluster(frame.iloc[:0], WORLD, 3, floor, ["hits"])
    assert empty.empty
    assert list(empty.columns) == ["n", "hits", "member", "geometry"]
    crs.require(empty)


def test_what_cannot_be_clustered_is_refused() -> None:
    frame = scattered(3)
    with pytest.raises(crs.CrsMismatch):
        cluster(frame.to_crs(3857), WORLD, 3)
    with pytest.raises(ValueError, match="Zoom 23"):
        cluster(frame, WORLD, 23)
    with pytest.raises(ValueError, match="floor 0"):
        cluster(frame, WORLD, 3, floor=0)
    with pytest.raises(ValueError, match="single points"):
        cluster(frame.set_geometry(frame.buffer(0)), WORLD, 3)


def test_a_hundred_thousand_points_take_a_moment() -> None:
    frame = scattered(100_000)
    assert least(lambda: cluster(frame, WORLD, 3, sums=["hits"]), within=0.15, times=10) < 0.15  # 0.03 on an idle core
