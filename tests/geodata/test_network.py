"""The graph: the same whatever the order of rows, each border edge at its crossing, parts as plain arrays."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.ground import reference
from geodata.ground.distances import from_point_km
from geodata.ways.network import MODES, Network, assemble, lines, part
from geodata.ways.world_graph import LANE_KM, ROAD_KM, nearest_crossings, world
from tests.budgets import spent
from tests.geodata.networks import edges_of, frames, nodes_of, two_shores


def arrays(network: Network) -> dict[str, object]:
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in vars(network).items()
        if name not in ("site_km", "sites")
    }


@settings(max_examples=40, deadline=None)
@given(frames(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(made: tuple[pd.DataFrame, pd.DataFrame], seed: int) -> None:
    nodes, edges = made
    shuffled = assemble(nodes.sample(frac=1, random_state=seed), edges.sample(frac=1, random_state=seed))
    assert arrays(shuffled) == arrays(assemble(nodes, edges))


@settings(max_examples=40, deadline=None)
@given(frames())
def test_every_edge_but_loops_is_two_arcs(made: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    network = assemble(*made)
    assert network.n_edges == (made[1]["u"] != made[1]["v"]).sum()
    tails = np.repeat(np.arange(network.n_nodes), np.diff(network.indptr))
    ends = np.sort(np.stack([tails, network.heads]), axis=0)
    assert Counter(network.edge_of.tolist()) == dict.fromkeys(range(network.n_edges), 2)
    assert (ends == np.sort(np.stack([network.u, network.v])[:, network.edge_of], axis=0)).all()


def test_what_was_given_is_not_touched() -> None:
    nodes, edges = nodes_of(3), edges_of([(2, 1, 5.0), (0, 1, 0.0)])
    before = nodes.copy(), edges.copy()
    network = assemble(nodes, edges)
    pd.testing.assert_frame_equal(nodes, before[0])
    pd.testing.assert_frame_equal(edges, before[1])
    assert network.km.tolist() == [0.001, 5.0]


@pytest.mark.parametrize(
    ("nodes", "edges", "said"),
    [
        (nodes_of(2), edges_of([(0, 7, 1.0)]), "two nodes"),
        (pd.concat([nodes_of(2), nodes_of(1)]), edges_of([(0, 1, 1.0)]), "number of its own"),
        (nodes_of(2), edges_of([(0, 1, float("nan"))]), "length in km"),
        (nodes_of(2), edges_of([(0, 1, -1.0)]), "length in km"),
    ],
)
def test_a_graph_that_is_none_is_refused(nodes: pd.DataFrame, edges: pd.DataFrame, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        assemble(nodes, edges)


def test_the_world_is_built_once_and_quickly() -> None:
    world.cache_clear()
    assert spent(world) < 15, "about a second on an idle core"
    network = world()
    assert world() is network
    assert (network.n_nodes, network.n_edges) == (118_546, 197_436)
    assert np.bincount(network.mode).tolist() == [180_285 + network.transfer.sum(), 12_750 + 2_406]


def test_lines_run_from_u_to_v_and_are_about_as_long_as_their_edge() -> None:
    network = world()
    some = np.random.default_rng(2).choice(network.n_edges, 3000, replace=False)
    drawn = lines(network, some)
    first, last = (shapely.get_coordinates(shapely.get_point(drawn, end)) for end in (0, -1))
    for ends, nodes in ((first, network.u[some]), (last, network.v[some])):
        off = np.abs(ends - np.column_stack([network.lon[nodes], network.lat[nodes]]))
        assert (np.minimum(off, 360 - off) < 0.001).all()
    straight = np.array([from_point_km(*a, b[None])[0] for a, b in zip(first, last, strict=True)])
    assert (network.km[some] >= straight * 0.98 - 0.5).all()


def test_ports_join_lanes_and_roads_within_the_stated_distance() -> None:
    network = world()
    at_port = (network.port[network.u] > 0) | (network.port[network.v] > 0)
    assert network.km[at_port & (network.mode == MODES.index("sea"))].max() <= LANE_KM
    assert network.km[network.transfer].max() <= ROAD_KM
    assert (at_port & (network.mode == MODES.index("road")) == network.transfer).all()
    assert {network.sites[row].ref[:5] for row in network.site[at_port]} == {"port:"}


def test_every_land_border_edge_knows_a_crossing_of_its_border() -> None:
    network = world()
    edges = np.flatnonzero(network.border)
    border_of = reference.border_crossings().set_index("crossing_id")["border_id"]
    unknown = []
    for edge in edges:
        ref = network.sites[network.site[edge]].ref
        border = network.borders[network.border[edge]]
        if ref:
            assert border_of[ref.removeprefix("crossing:")] == border
        else:
            unknown.append(border)
    assert len(edges) == 1783
    assert Counter(unknown) == {"CHN-MAC": 9, "BRA-PER": 1}
    assert np.nanmedian(network.site_km[edges]) < 1


def test_the_nearest_crossing_is_that_of_a_plain_search() -> None:
    crossings = reference.border_crossings()
    mine = crossings[crossings["border_id"] == "DZA-NER"]
    road = pd.DataFrame(
        {
            "border_id": ["DZA-NER", "", "DZA-ZZZ"],
            "geometry": [
                shapely.LineString([(7.99, 16.97), (5.53, 22.79)]),
                shapely.LineString([(7, 16), (7, 17)]),
                shapely.LineString([(7, 16), (7, 17)]),
            ],
        },
        index=[5, 3, 9],
    )
    found = nearest_crossings(road, crossings)
    assert found.index.tolist() == [5]
    plain = {row.crossing_id: road.loc[5, "geometry"].distance(row.geometry) for row in mine.itertuples()}
    assert found.loc[5, "site"] == "crossing:" + min(plain, key=plain.__getitem__)


def test_a_part_is_plain_arrays_sorted_by_their_ends() -> None:
    network = world()
    made = part(network, bbox=(8, 35, 45, 52))
    assert len(made.node) == made.u.max() + 1 > 5000
    assert (np.lexsort((made.edge, made.v, made.u)) == np.arange(len(made.u))).all()
    assert Counter(Counter(made.edge.tolist()).values()) == {2: len(made.u) // 2}
    assert (made.km == network.km[made.edge]).all()
    ends = np.sort(np.stack([made.node[made.u], made.node[made.v]]), axis=0)
    assert (ends == np.sort(np.stack([network.u[made.edge], network.v[made.edge]]), axis=0)).all()
    assert ((made.lon >= 8) & (made.lon <= 45) & (made.lat >= 35) & (made.lat <= 52)).all()
    crosses = made.border_id != ""
    assert (made.iso3[made.u[crosses]] != made.iso3[made.v[crosses]]).all()
    assert (made.crossing_id[~crosses] == "").all()
    assert set(made.mode) == {"road"}


def test_a_part_keeps_to_its_countries_and_may_be_its_largest_piece() -> None:
    countries = {"BGR", "SRB", "ROU", "GRC"}
    whole, piece = (part(world(), countries=countries, largest=only) for only in (False, True))
    assert set(whole.iso3) == countries
    assert len(piece.node) < len(whole.node)
    ones = csr_array((np.ones(len(piece.u)), (piece.u, piece.v)), shape=(len(piece.node),) * 2)
    assert connected_components(ones, directed=False)[0] == 1
    known = {crossing.removeprefix("crossing:") for crossing in piece.crossing_id} - {""}
    assert known <= set(reference.border_crossings()["crossing_id"])


def test_a_part_by_road_and_sea_and_one_of_nothing() -> None:
    network = two_shores()
    made = part(network, modes=frozenset(MODES), largest=True)
    assert sorted(set(made.mode)) == ["road", "sea"]
    assert made.node.tolist() == [0, 1, 2, 3, 4, 5]
    nothing = part(network, bbox=(100, 0, 101, 1), largest=True)
    assert [len(each) for each in (nothing.node, nothing.u, nothing.crossing_id)] == [0, 0, 0]


@settings(max_examples=30, deadline=None)
@given(st.floats(-180, 180), st.floats(-60, 60), st.floats(1, 40))
def test_a_part_across_180_is_the_two_halves(west: float, south: float, width: float) -> None:
    east = west + width
    network = world()
    if east <= 180:
        return
    made = part(network, bbox=(west, south, east - 360, south + 20), modes=frozenset(MODES))
    halves = (network.lon >= west) | (network.lon <= east - 360)
    inside = halves & (network.lat >= south) & (network.lat <= south + 20)
    assert set(made.edge.tolist()) == set(np.flatnonzero(inside[network.u] & inside[network.v]).tolist())
