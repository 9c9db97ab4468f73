"""Travel search: modes and speeds, and scipy's Dijkstra over the network's arcs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.ground.reference import Floats
from geodata.ways.closures import Closed, closed_edges
from geodata.ways.network import MODES, Mode, Network, Rows, Truths

NO_LIMIT = 1e15
"""A limit that every sum of open edges stays below and no closed one does, so that scipy never looks past a closed
edge."""


@dataclass(frozen=True, slots=True)
class Speeds:
    """Assumed speeds, since the data has no road class: km per hour by mode, and hours for each change in a port.

    60 km/h is a car or coach on main roads with stops, 20 km/h (11 knots) a slow motor vessel; a crowded small boat
    makes about 10. `access_kmh` is for the straight stretch between a position and its place on the network, where no
    road is known.
    """

    road_kmh: float = 60.0
    sea_kmh: float = 20.0
    access_kmh: float = 30.0
    transfer_hours: float = 6.0

    def __post_init__(self) -> None:
        speeds = (self.road_kmh, self.sea_kmh, self.access_kmh)
        if not all(0 < speed < 1000 for speed in speeds) or not 0 <= self.transfer_hours < 10_000:
            raise ValueError("Speeds lie between 0 and 1,000 km/h, and a change of mode takes 0 hours or more.")


@dataclass(frozen=True, slots=True)
class Travel:
    """The modes allowed, what is closed, what is minimised (`hours` or `km`), and the speeds assumed."""

    modes: frozenset[Mode] = frozenset(MODES)
    closed: Closed = field(default_factory=Closed)
    least: Literal["hours", "km"] = "hours"
    speeds: Speeds = field(default_factory=Speeds)

    def __post_init__(self) -> None:
        if not self.modes or not self.modes <= set(MODES):
            raise ValueError(f"Choose at least one of the modes {', '.join(MODES)}, and no other.")


BY_ROAD = Travel(modes=frozenset({"road"}))
"""Roads only: then least hours and least km are the same way."""


@dataclass(frozen=True, slots=True)
class SearchTree:
    """What a search knows: `cost` to each node (inf where none leads), and the node `before` it (negative at a
    source)."""

    cost: Floats
    before: Rows

    def nodes_to(self, target: int) -> list[int]:
        """The nodes from the source to `target`, both included."""
        nodes, before = [target], self.before
        while (node := int(before[nodes[-1]])) >= 0:
            nodes.append(node)
        return nodes[::-1]


@lru_cache(maxsize=8)
def hours_of(network: Network, speeds: Speeds) -> Floats:
    """Hours that each edge takes, with the time lost at a change of mode."""
    speed = np.array([speeds.road_kmh, speeds.sea_kmh])
    hours: Floats = network.km / speed[network.mode] + speeds.transfer_hours * network.transfer
    hours.flags.writeable = False
    return hours


@lru_cache(maxsize=16)
def costs(network: Network, travel: Travel) -> Floats:
    """What each edge costs in `travel.least`; inf where it is closed or of a mode not chosen."""
    cost = (hours_of(network, travel.speeds) if travel.least == "hours" else network.km).copy()
    cost[~np.isin(network.mode, [MODES.index(mode) for mode in travel.modes])] = np.inf
    cost[closed_edges(network, travel.closed)] = np.inf
    cost.flags.writeable = False
    return cost


@lru_cache(maxsize=16)
def _graph(network: Network, travel: Travel) -> csr_array:
    return graph_of(network, costs(network, travel))


def graph_of(network: Network, cost: Floats) -> csr_array:
    """The arcs with a cost for each edge, as scipy searches them."""
    shape = network.n_nodes, network.n_nodes
    return csr_array((cost[network.edge_of], network.heads, network.indptr), shape=shape)


def search(network: Network, travel: Travel, sources: Sequence[int], limit: float = NO_LIMIT) -> SearchTree:
    """Least cost from the nearest of `sources` to every node that costs at most `limit`."""
    return search_graph(_graph(network, travel), sources, limit)


def search_graph(graph: csr_array, sources: Sequence[int], limit: float = NO_LIMIT) -> SearchTree:
    """As `search`, over a graph made by `graph_of`."""
    if len(sources) == 1:
        return SearchTree(*dijkstra(graph, indices=int(sources[0]), return_predecessors=True, limit=limit))
    cost, before, _ = dijkstra(graph, indices=list(sources), return_predecessors=True, limit=limit, min_only=True)
    return SearchTree(cost, before)


@dataclass(frozen=True, slots=True)
class NetworkWay:
    """A way through the network: its nodes (n + 1), the edges between them (n), and whether each is gone from u to
    v."""

    nodes: NDArray[np.int64]
    edges: NDArray[np.int64]
    forward: Truths


def way_along(network: Network, nodes: Sequence[int], cost: Floats) -> NetworkWay:
    """The way over `nodes`, by the cheapest of parallel edges."""
    tails, ends = np.asarray(nodes[:-1], dtype=np.int64), np.asarray(nodes[1:], dtype=np.int64)
    wanted, keys = tails * network.n_nodes + ends, _keys(network)
    first, last = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    edges = network.edge_of[first].astype(np.int64)
    for step in np.flatnonzero(last - first > 1):
        parallel = network.edge_of[first[step] : last[step]]
        edges[step] = parallel[np.argmin(cost[parallel])]
    return NetworkWay(np.asarray(nodes, dtype=np.int64), edges, network.u[edges] == tails)


@lru_cache(maxsize=4)
def _keys(network: Network) -> NDArray[np.int64]:
    """One ascending number for each arc, from its two ends."""
    tails = np.repeat(np.arange(network.n_nodes, dtype=np.int64), np.diff(network.indptr))
    keys: NDArray[np.int64] = tails * network.n_nodes + network.heads
    return keys
