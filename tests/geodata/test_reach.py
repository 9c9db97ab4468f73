"""How far teams come: the hours of the network, areas that hold what is reached, words for what is not."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.ground import crs
from geodata.ways.closures import Closed, NoAnswer
from geodata.ways.network import assemble
from geodata.ways.reach import areas, hours_table
from geodata.ways.travel import BY_ROAD, Speeds, Travel, costs, search
from geodata.ways.world_graph import world
from tests.geodata.networks import as_networkx, at, frames, two_shores

EDIRNE, SOFIA, PALERMO = (26.56, 41.68), (23.32, 42.70), (13.36, 38.12)


@settings(max_examples=25, deadline=None)
@given(frames(), st.integers(0, 2**32 - 1))
def test_the_table_holds_the_hours_of_networkx(made: tuple[pd.DataFrame, pd.DataFrame], seed: int) -> None:
    network = assemble(*made)
    ends = np.unique(np.concatenate([network.u, network.v])).tolist()
    teams = {f"team {node}": at(network, node) for node in ends[:3]}
    sites = {f"site {node}": at(network, node) for node in ends}
    table = hours_table(teams, sites, BY_ROAD, network)
    oracle = as_networkx(network, costs(network, BY_ROAD))
    assert table.index.tolist() == list(sites)
    assert table.columns.tolist() == list(teams)
    for team in ends[:3]:
        found = nx.single_source_dijkstra_path_length(oracle, team, weight="cost")
        for site in ends:
            assert table.loc[f"site {site}", f"team {team}"] == pytest.approx(found.get(site, np.inf))
    random = np.random.default_rng(seed)
    order = random.permutation(len(ends))
    other = hours_table(teams, {name: sites[name] for name in np.array(list(sites))[order]}, BY_ROAD, network)
    pd.testing.assert_frame_equal(other.sort_index(), table.sort_index())


def test_no_way_is_infinite_and_off_the_network_is_missing() -> None:
    table = hours_table({"a": EDIRNE, "lost": (0.0, 0.0)}, {"Sofia": SOFIA, "Palermo": PALERMO, "ice": (-40.0, 75.0)})
    assert table.loc["Sofia", "a"] == pytest.approx(5.1, abs=0.3)
    assert table.loc["Palermo", "a"] == np.inf
    assert table.loc["ice"].isna().all()
    assert table["lost"].isna().all()
    assert hours_table({}, {"Sofia": SOFIA}).shape == (1, 0)
    assert hours_table({"a": EDIRNE}, {}).shape == (0, 1)


def test_the_stretch_to_the_road_counts_at_its_own_speed() -> None:
    network = two_shores()
    off = (4.83, 45.86)
    slow = Travel(modes=frozenset({"road"}), speeds=Speeds(access_kmh=10))
    table = hours_table({"off": off, "on": (4.83, 45.76)}, {"Marseille": (5.37, 43.30)}, slow, network)
    assert table.loc["Marseille", "off"] - table.loc["Marseille", "on"] == pytest.approx(11.1 / 10, rel=0.01)


def test_a_closed_border_stops_a_team() -> None:
    closed = Travel(modes=frozenset({"road"}), closed=Closed(countries=frozenset({"BGR"})))
    open_, shut = (
        hours_table({"a": EDIRNE}, {"Niš": (21.9, 43.32)}, travel).iloc[0, 0] for travel in (BY_ROAD, closed)
    )
    assert shut > 2 * open_
    wide, narrow = (areas([EDIRNE], [3], travel).geometry.iloc[0] for travel in (BY_ROAD, closed))
    assert wide.contains(shapely.Point(25.63, 42.42))
    assert not narrow.contains(shapely.Point(25.63, 42.42))


def test_an_area_holds_every_node_reached_in_time_and_none_far_from_one() -> None:
    network = world()
    frame = areas([EDIRNE], [1.0, 3.0])
    join_km = hours_table({"a": EDIRNE}, {"a": EDIRNE}).iloc[0, 0]
    assert join_km == 0
    source = int(np.argmin(np.hypot(network.lon - EDIRNE[0], network.lat - EDIRNE[1]) + 9 * (network.port > 0)))
    cost = search(network, BY_ROAD, [source]).cost
    for hours, area in zip(frame["hours"], frame.geometry, strict=True):
        reached = np.flatnonzero(cost < hours - 0.1)
        inside = shapely.contains_xy(area, network.lon[reached], network.lat[reached])
        assert inside.mean() > 0.99
        late = np.flatnonzero((cost > hours + 0.6) & np.isfinite(cost))
        assert shapely.contains_xy(area, network.lon[late], network.lat[late]).sum() < 0.05 * len(reached)


def test_areas_grow_with_the_hours_and_with_the_teams() -> None:
    alone, together = areas([EDIRNE], [4, 1, 2]), areas([EDIRNE, SOFIA], [1, 2, 4])
    assert alone["hours"].tolist() == [1, 2, 4]
    assert alone["area_km2"].is_monotonic_increasing
    assert alone.crs == crs.WGS84
    assert alone.geometry.is_valid.all()
    assert (together["area_km2"] > alone["area_km2"]).all()
    for small, large in zip(alone.geometry, together.geometry, strict=True):
        assert small.difference(large).area < 0.01 * small.area


def test_an_area_across_180_is_cut_there() -> None:
    (area,) = areas([(178.44, -18.13)], [5], Travel(modes=frozenset({"road", "sea"})), beside_km=100).geometry
    west, _, east, _ = area.bounds
    assert -180 <= west <= east <= 180
    assert area.is_valid
    assert crs.geometry_area_km2(area) < 200_000


def test_no_team_reaches_nothing_and_a_team_nowhere_is_refused() -> None:
    assert areas([], [1]).empty
    assert list(areas([], [1]).columns) == ["hours", "area_km2", "geometry"]
    with pytest.raises(NoAnswer, match="0, 0 lies in the Gulf"):
        areas([EDIRNE, (0.0, 0.0)], [1])
    for hours in ([0], [-1], [49], [float("nan")]):
        with pytest.raises(NoAnswer, match="between 0 and 48 hours"):
            areas([EDIRNE], hours)


def test_a_team_too_far_from_a_road_reaches_nothing_in_time() -> None:
    far = (6.0, 27.5)
    (area,) = areas([far], [0.05]).geometry
    assert area.is_empty or crs.geometry_area_km2(area) < 700
