"""Routes over the bundled graph of the world, warm: one way, three, areas of teams; and networkx on the same graph."""

import statistics
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest

from geodata.ways.alternatives import alternatives
from geodata.ways.closures import NoAnswer
from geodata.ways.corridors import corridor
from geodata.ways.network import Network
from geodata.ways.reach import areas, hours_table
from geodata.ways.routes import route
from geodata.ways.snapping import snap_line
from geodata.ways.travel import BY_ROAD, Travel, costs
from geodata.ways.world_graph import world
from tests.bench.conftest import Ledger

Position = tuple[float, float]
PAIRS = 60
BOXES = {"world": (-180, 180, -90, 90), "Turkey to central Europe": (8, 45, 35, 52)}


@pytest.fixture(scope="module")
def network() -> Network:
    world.cache_clear()
    return world()


def pairs(network: Network, box: tuple[float, float, float, float], travel: Travel) -> list[tuple[Position, Position]]:
    """Random pairs of places with a road, that a way joins."""
    west, east, south, north = box
    inside = (network.lon >= west) & (network.lon <= east) & (network.lat >= south) & (network.lat <= north)
    nodes = np.flatnonzero(inside & (network.country > 0) & (network.port == 0))
    random, found = np.random.default_rng(5), []
    while len(found) < PAIRS:
        ends = [(float(network.lon[node]), float(network.lat[node])) for node in random.choice(nodes, 2)]
        try:
            route(ends[0], ends[1], travel)
        except NoAnswer:
            continue
        found.append((ends[0], ends[1]))
    return found


def timed(ledger: Ledger, what: str, size: str, runs: list[Callable[[], object]]) -> float:
    """Median and 95th percentile of single runs, in milliseconds."""
    times = []
    for run in runs:
        begun = time.perf_counter()
        run()
        times.append((time.perf_counter() - begun) * 1000)
    median = statistics.median(times)
    ledger.note(f"{what}, median", size, median, "ms", len(times))
    ledger.note(f"{what}, p95", size, float(np.percentile(times, 95)), "ms", len(times))
    return median


def test_the_graph_is_loaded_once(ledger: Ledger) -> None:
    world.cache_clear()
    begun = time.perf_counter()
    network = world()
    size = f"{network.n_nodes:,} nodes, {network.n_edges:,} edges"
    ledger.note("load and build the graph", size, time.perf_counter() - begun, "s")


@pytest.mark.parametrize("where", list(BOXES))
@pytest.mark.parametrize("travel", [BY_ROAD, Travel()], ids=["road", "road and sea"])
def test_routes_against_networkx(network: Network, ledger: Ledger, where: str, travel: Travel) -> None:
    size = f"{where}, {' and '.join(sorted(travel.modes))}, {PAIRS} random pairs"
    asked = pairs(network, BOXES[where], travel)
    timed(ledger, "route with geometry and countries", size, [lambda p=p: route(*p, travel) for p in asked])  # type: ignore[misc]
    timed(ledger, "three alternatives", size, [lambda p=p: alternatives(*p, travel, k=3) for p in asked])  # type: ignore[misc]
    found = [len(alternatives(*pair, travel, k=3)) for pair in asked[:20]]
    ledger.note("alternatives found of 3", size, statistics.mean(found), "routes", len(found))

    cost = costs(network, travel)
    graph = nx.Graph()
    edges = zip(network.u.tolist(), network.v.tolist(), cost.tolist(), strict=True)
    graph.add_weighted_edges_from(sorted((edge for edge in edges if np.isfinite(edge[2])), key=lambda edge: -edge[2]))
    some = asked[:12]
    for each in (route(*pair, travel) for pair in some):
        nodes = each.origin.node, each.destination.node
        assert each.hours == pytest.approx(nx.bidirectional_dijkstra(graph, *nodes)[0])
    ends = [(each.origin.node, each.destination.node) for each in (route(*pair, travel) for pair in some)]
    size = f"{where}, {' and '.join(sorted(travel.modes))}, the same {len(some)} pairs"
    fast = timed(ledger, "route with geometry and countries", size, [lambda p=p: route(*p, travel) for p in some])  # type: ignore[misc]
    slow = timed(
        ledger,
        "networkx, nodes only, bidirectional",
        size,
        [lambda e=e: nx.bidirectional_dijkstra(graph, *e) for e in ends],  # type: ignore[misc]
    )
    ledger.note("networkx against route", size, slow / fast, "times")


def test_areas_tables_corridors_and_lines(network: Network, ledger: Ledger) -> None:
    box = BOXES["Turkey to central Europe"]
    teams = [origin for origin, _ in pairs(network, box, BY_ROAD)[:11]]
    sites = {str(i): place for i, pair in enumerate(pairs(network, box, BY_ROAD)) for place in pair[1:]}
    ledger.median_ms("area of one team", "1, 2, 4 h", lambda: areas(teams[:1], [1, 2, 4]))
    ledger.median_ms("areas of 11 teams", "1, 2, 4 h", lambda: areas(teams, [1, 2, 4]))
    named = {str(i): team for i, team in enumerate(teams)}
    ledger.median_ms("hours from team to site", f"11 teams, {len(sites)} sites", lambda: hours_table(named, sites))
    istanbul, vienna = (28.98, 41.01), (16.37, 48.21)
    found = route(istanbul, vienna, BY_ROAD)
    ledger.median_ms("corridor of 20 km", f"{found.km:,.0f} km", lambda: corridor(found.geometry, 20))
    drawn = [istanbul, (24.7, 42.1), (23.3, 42.7), (21.9, 43.3), (20.4, 44.8), (19.0, 47.5), vienna]
    ledger.median_ms("line drawn by hand, snapped", "7 points, 1,500 km", lambda: snap_line(drawn, BY_ROAD))
