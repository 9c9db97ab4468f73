"""Who is at whom in time by road: the hours of networkx, borders that stop a team, areas that hold what is reached."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.ground.crs import GEOD, geometry_area_km2
from geodata.ground.reference import Floats, countries_at
from geodata.placement.problem import Unplaceable
from geodata.placement.road_reach import drive
from geodata.ways.closures import Closed
from geodata.ways.network import Network, assemble
from geodata.ways.roadside import beside
from geodata.ways.travel import BY_ROAD, Speeds, Travel, costs
from geodata.ways.world_graph import world
from tests.geodata.networks import as_networkx

EDIRNE, DESERT = (26.56, 41.68), (6.0, 27.5)
ONE_LINE = pd.DataFrame({"node_id": [1, 2], "lon": [10.0, 10.0], "lat": [50.0, 51.0], "iso3": "DEU"})


def road(km: float = 111.3) -> Network:
    """A road straight north, along 10° east."""
    return assemble(ONE_LINE, pd.DataFrame({"u": [1], "v": [2], "km": [km]}))


@st.composite
def meshes(draw: st.DrawFn) -> Network:
    """Crossroads in four rows of four, 30 km apart and a little displaced, with some of the roads between them."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    row, column = np.divmod(np.arange(16), 4)
    lon, lat = 9.5 + 0.4 * column + random.uniform(-0.1, 0.1, 16), 50.0 + 0.3 * row + random.uniform(-0.08, 0.08, 16)
    pairs = [
        (a, b) for a in range(16) for b in range(a + 1, 16) if abs(row[a] - row[b]) + abs(column[a] - column[b]) == 1
    ]
    kept = [pair for pair in pairs if random.random() < 0.7] or pairs
    edges = pd.DataFrame(kept, columns=["u", "v"]).assign(km=lambda f: random.uniform(20, 90, len(f)))
    return assemble(pd.DataFrame({"node_id": range(16), "lon": lon, "lat": lat, "iso3": "DEU"}), edges)


def on_edges(network: Network, edge: np.ndarray, share: Floats) -> tuple[Floats, Floats]:
    u, v = network.u[edge], network.v[edge]
    return network.lon[u] + share * (network.lon[v] - network.lon[u]), network.lat[u] + share * (
        network.lat[v] - network.lat[u]
    )


def hours_of_networkx(network: Network, edge: np.ndarray, share: Floats, km: Floats, site: int) -> Floats:
    """Hours between positions beside edges by a graph in which each has a place of its own on its edge."""
    hours = costs(network, BY_ROAD)
    graph = as_networkx(network, hours)
    for number, (at, part, off) in enumerate(zip(edge.tolist(), share, km, strict=True)):
        graph.add_edge(f"foot {number}", f"place {number}", cost=off / 30)
        graph.add_edge(f"foot {number}", int(network.u[at]), cost=part * hours[at])
        graph.add_edge(f"foot {number}", int(network.v[at]), cost=(1 - part) * hours[at])
        if number != site and at == edge[site]:
            graph.add_edge(f"foot {number}", f"foot {site}", cost=abs(part - share[site]) * hours[at])
    found = nx.single_source_dijkstra_path_length(graph, f"place {site}", weight="cost")
    return np.array([found.get(f"place {number}", np.inf) for number in range(len(edge))])


@settings(max_examples=30, deadline=None)
@given(network=meshes(), seed=st.integers(0, 2**32 - 1), minutes=st.floats(5, 400))
def test_who_is_reached_is_what_networkx_says(network: Network, seed: int, minutes: float) -> None:
    random = np.random.default_rng(seed)
    edge, share = random.integers(0, network.n_edges, 30), random.uniform(0.02, 0.98, 30)
    lon, lat = on_edges(network, edge, share)
    here = beside(network, lon, lat)
    assert here.km.max() < 0.01
    own = here.edge == edge
    assert own.mean() > 0.9
    assert here.share[own] == pytest.approx(share[own], abs=0.01)
    edge = here.edge
    within = drive((lon, lat), (lon[:3], lat[:3]), minutes, on=network).reach(["a", "b", "c"]).within
    for site in range(3):
        taken = hours_of_networkx(network, edge, here.share, here.km, site)
        straight = GEOD.inv(*(np.full(30, at[site]) for at in (lon, lat)), lon, lat)[2] / 1000 / 30
        taken = np.where(edge == edge[site], np.minimum(taken, straight), taken)
        sure = np.abs(taken - minutes / 60) > 1e-9
        reached = np.isin(np.arange(30), within[site])
        assert (reached == (taken <= minutes / 60))[sure].all()


def test_on_a_part_of_the_bundled_roads_it_is_what_networkx_says() -> None:
    network, random = world(), np.random.default_rng(4)
    lon, lat = random.uniform(25.5, 27.5, 60), random.uniform(41.0, 42.5, 60)
    found = drive((lon, lat), ([EDIRNE[0]], [EDIRNE[1]]), 75)
    here = beside(network, np.append(lon, EDIRNE[0]), np.append(lat, EDIRNE[1]))
    near = np.flatnonzero((np.abs(network.lon - 26.5) < 3) & (np.abs(network.lat - 41.7) < 3))
    hours = costs(network, BY_ROAD)
    graph = as_networkx(network, np.where(np.isin(network.u, near) & np.isin(network.v, near), hours, np.inf))
    start = int(here.edge[-1])
    taken = np.full(60, np.inf)
    for end, part in ((network.u[start], here.share[-1]), (network.v[start], 1 - here.share[-1])):
        far = nx.single_source_dijkstra_path_length(graph, int(end), weight="cost")
        for row, edge in enumerate(here.edge[:60]):
            along = here.share[row] * hours[edge], (1 - here.share[row]) * hours[edge]
            ways = [
                far.get(int(at[edge]), np.inf) + stretch
                for at, stretch in zip((network.u, network.v), along, strict=True)
            ]
            taken[row] = min(taken[row], part * hours[start] + min(ways) + (here.km[row] + here.km[-1]) / 30)
    other = here.edge[:60] != start
    expected = np.flatnonzero(other & (taken <= 75 / 60))
    assert 10 < len(expected) < 55
    assert [row for row in found.reach(["Edirne"]).within[0] if other[row]] == expected.tolist()


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), minutes=st.lists(st.floats(1, 600), min_size=2, max_size=4), stay=st.booleans())
def test_more_minutes_never_reach_fewer_and_the_order_does_not_matter(
    seed: int, minutes: list[float], stay: bool
) -> None:
    random = np.random.default_rng(seed)
    points = random.uniform(25, 28, 80), random.uniform(40.5, 42.8, 80)
    sites = random.uniform(25, 28, 6), random.uniform(40.5, 42.8, 6)
    homes = [()] * 6 if stay else None
    names = [f"site {number}" for number in range(6)]
    before: list[set[int]] = [set()] * 6
    for each in sorted(minutes):
        found = [set(within.tolist()) for within in drive(points, sites, each, homes=homes).reach(names).within]
        assert all(few <= many for few, many in zip(before, found, strict=True))
        before = found
    order, turned = random.permutation(80), random.permutation(6)
    other = drive(
        tuple(at[order] for at in points), tuple(at[turned] for at in sites), max(minutes), homes=homes
    ).reach([names[number] for number in turned])
    again = {name: set(order[within].tolist()) for name, within in zip(other.sites, other.within, strict=True)}
    assert again == dict(zip(names, before, strict=True))


@pytest.mark.parametrize(("minutes", "reached"), [(19, False), (21, True)])
def test_the_stretch_to_the_road_counts_at_its_own_speed(minutes: float, reached: bool) -> None:
    # Ten minutes along the road, ten from it at 30 km/h: 5 km are 0.0698° east at 50.6° north.
    points = [10.0 + 0.0706], [50.5 + 10 / 111.3]
    assert (len(drive(points, ([10.0], [50.5]), minutes, on=road(111.3)).reach(["a"]).within[0]) == 1) is reached


def test_beside_the_same_road_straight_ahead_may_be_quicker() -> None:
    winding, points = road(1000.0), ([10.0], [50.53])
    assert len(drive(points, ([10.0], [50.5]), 7, on=winding).reach(["a"]).within[0]) == 1
    assert len(drive(points, ([10.0], [50.5]), 6, on=winding).reach(["a"]).within[0]) == 0


def test_a_position_joins_the_stretch_of_road_and_not_the_crossroads() -> None:
    found = beside(road(), np.array([10.0, 10.1, 10.0, 40.0]), np.array([50.25, 50.5, 51.2, 50.0]))
    assert found.edge.tolist() == [0, 0, 0, -1]
    assert found.share == pytest.approx([0.25, 0.5, 1, 0], abs=1e-3)
    assert found.km == pytest.approx([0, 7.1, 22.25, np.inf], abs=0.05)
    none = beside(road(), np.zeros(0), np.zeros(0))
    assert len(none.edge) == len(none.km) == 0


def test_a_position_joins_a_road_across_180() -> None:
    nodes = pd.DataFrame({"node_id": [1, 2], "lon": [179.5, 180.0], "lat": [67.0, 67.0], "iso3": "RUS"})
    network = assemble(nodes, pd.DataFrame({"u": [1], "v": [2], "km": [21.8]}))
    found = beside(network, np.array([179.9, -179.9]), np.array([66.95, 67.0]))
    assert found.share == pytest.approx([0.8, 1], abs=1e-3)
    assert found.km == pytest.approx([5.58, 4.37], abs=0.05)
    reached = drive(([-179.9], [67.0]), ([179.9], [67.0]), 20, on=network)
    assert len(reached.reach(["a"]).within[0]) == 1
    area = reached.area(0)
    assert area.geom_type == "MultiPolygon"
    assert area.covers(shapely.Point(-179.95, 67))


def test_at_sea_nobody_drives_farther_out_than_the_coast_is_uncertain() -> None:
    # Beside the coast road at Alexandroupoli: 3 km, and 12 km out.
    points = [25.87, 25.87], [40.82, 40.74]
    assert countries_at(np.array(points[0]), np.array(points[1])).tolist() == ["", ""]
    found = drive(points, ([25.87], [40.85]), 60)
    assert found.reach(["a"]).within[0].tolist() == [0]
    assert found.points_off.tolist() == [False, True]
    assert not found.area(0).covers(shapely.Point(25.87, 40.7))


# ------------------------------------------------------------------------------------------- borders and closures

AROUND = np.random.default_rng(7).uniform((25.6, 41.4), (27.0, 42.3), (300, 2))
POST = ([26.3592], [41.7175])
"""Near the border on the road from Svilengrad to Edirne, nearest to a stretch that lies in Turkey."""


def reached_by(homes: list[list[str]] | None, travel: Travel = BY_ROAD) -> set[int]:
    found = drive((AROUND[:, 0], AROUND[:, 1]), POST, 60, homes=homes, travel=travel)
    return set(found.reach(["post"]).within[0].tolist())


def test_a_team_that_stays_reaches_nobody_beyond_its_border() -> None:
    where = countries_at(*AROUND.T)
    free, turkish, bulgarian = reached_by(None), reached_by([["TUR"]]), reached_by([["BGR"]])
    assert {where[row] for row in free} == {"TUR", "BGR", "GRC"}
    assert {where[row] for row in turkish} == {"TUR"}
    assert {where[row] for row in bulgarian} == {"BGR"}
    assert min(len(turkish), len(bulgarian)) > 20
    assert reached_by([["TUR", "BGR"]]) == turkish | bulgarian
    # Nearly all: a place near the border may have the nearest of all roads beyond it, and the way there is longer.
    assert len((turkish | bulgarian) - free) <= 0.05 * len(free)
    assert reached_by([[]]) in (turkish, bulgarian)


def test_nobody_is_reached_in_a_closed_country() -> None:
    shut = Travel(modes=frozenset({"road"}), closed=Closed(countries=frozenset({"BGR"})))
    where = countries_at(*AROUND.T)
    assert {where[row] for row in reached_by(None, shut)} == {"TUR", "GRC"}
    assert reached_by([["TUR"]], shut) == reached_by([["TUR"]])
    assert reached_by([["BGR"]], shut) == set()


# --------------------------------------------------------------------------------------------- areas, and far away


def test_an_area_holds_what_is_reached() -> None:
    random = np.random.default_rng(5)
    lon, lat = random.uniform(25.6, 27.6, 3000), random.uniform(41.0, 42.4, 3000)
    for homes in (None, [["TUR"]]):
        found = drive((lon, lat), ([EDIRNE[0]], [EDIRNE[1]]), 45, homes=homes)
        reached = np.isin(np.arange(3000), found.reach(["Edirne"]).within[0])
        area = found.area(0)
        assert area.is_valid
        inside = shapely.contains_xy(area, lon, lat)
        assert 100 < reached.sum() < 2000
        assert (inside & reached).sum() > 0.93 * inside.sum()
        assert (inside & reached).sum() > 0.93 * reached.sum()


def test_areas_grow_with_the_minutes() -> None:
    first, second, third = (drive(([0.0], [0.0]), ([EDIRNE[0]], [EDIRNE[1]]), each).area(0) for each in (15, 30, 120))
    assert first.difference(second).area < 0.02 * first.area
    assert second.difference(third).area < 0.02 * second.area
    assert first.area < second.area < third.area


def test_what_is_far_from_every_road_is_known() -> None:
    found = drive(
        ([EDIRNE[0], -30.0], [EDIRNE[1], 10.0]), ([EDIRNE[0], DESERT[0], -30.0], [EDIRNE[1], DESERT[1], 10.0]), 10
    )
    assert found.sites_off.tolist() == [False, True, True]
    assert found.points_off.tolist() == [False, True]
    assert [len(each) for each in found.reach(["a", "b", "c"]).within] == [1, 0, 0]
    assert geometry_area_km2(found.area(1)) == pytest.approx(
        np.pi * 5**2, rel=0.1
    )  # straight ahead, beside the same road
    assert found.area(2).is_empty


@pytest.mark.parametrize("minutes", [0, -5, 2881, float("nan")])
def test_minutes_that_cannot_be_are_refused(minutes: float) -> None:
    with pytest.raises(Unplaceable, match="between 0 and 2880"):
        drive(([1.0], [10.0]), ([1.0], [10.0]), minutes)


def test_a_quicker_road_reaches_more() -> None:
    slow, fast = (Travel(modes=frozenset({"road"}), speeds=Speeds(road_kmh=kmh)) for kmh in (30, 90))
    assert reached_by(None, slow) < reached_by(None, fast)
