"""Small networks for tests, and the same ones as networkx sees them."""

import networkx as nx
import numpy as np
import pandas as pd
from hypothesis import strategies as st

from geodata.ground.reference import Floats
from geodata.ways.network import KnownSite, Network, assemble

FIRST_LON, FIRST_LAT = 9.5, 50.5
"""In Germany: every node of a small network lies on land."""


def nodes_of(n: int, **columns: object) -> pd.DataFrame:
    """`n` nodes 7 km apart, numbered from 100."""
    number = np.arange(n)
    frame = pd.DataFrame({"node_id": number + 100, "lon": FIRST_LON + 0.1 * number, "lat": FIRST_LAT + 0.02 * number})
    return frame.assign(**columns)


def edges_of(rows: list[tuple[int, int, float]], **columns: object) -> pd.DataFrame:
    """Edges between nodes counted from 0."""
    frame = pd.DataFrame(rows, columns=["u", "v", "km"])
    return frame.assign(u=frame["u"] + 100, v=frame["v"] + 100, **columns)


def at(network: Network, node: int) -> tuple[float, float]:
    """Where a node lies."""
    return float(network.lon[node]), float(network.lat[node])


def as_networkx(network: Network, cost: Floats) -> nx.MultiGraph:
    """The oracle: every edge that has a finite cost, parallel ones too."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(network.n_nodes))
    for edge in np.flatnonzero(np.isfinite(cost)).tolist():
        graph.add_edge(int(network.u[edge]), int(network.v[edge]), key=edge, cost=float(cost[edge]))
    return graph


@st.composite
def frames(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and edges of a random road network of 2 to 12 nodes, with parallel edges, loops and pieces apart."""
    n = draw(st.integers(2, 12))
    node = st.integers(0, n - 1)
    rows = draw(st.lists(st.tuples(node, node, st.integers(1, 60).map(float)), min_size=1, max_size=30))
    return nodes_of(n), edges_of(rows)


def two_shores() -> Network:
    """France and Algeria, a road in each, and a lane of 800 km between their ports.

    Nodes: 0 Lyon, 1 Marseille, 2 its port, 3 the port of Algiers, 4 Algiers, 5 Blida; 6 is in France and joined to
    nothing but 7.
    """
    nodes = pd.DataFrame(
        {
            "node_id": range(8),
            "lon": [4.83, 5.37, 5.33, 3.07, 3.05, 2.83, 0.0, 0.1],
            "lat": [45.76, 43.30, 43.32, 36.78, 36.75, 36.47, 47.0, 47.0],
            "iso3": ["FRA", "FRA", "FRA", "DZA", "DZA", "DZA", "FRA", "FRA"],
            "port": ["", "", "port:1", "port:2", "", "", "", ""],
        }
    )
    edges = pd.DataFrame(
        {
            "u": [0, 1, 2, 3, 4, 6],
            "v": [1, 2, 3, 4, 5, 7],
            "km": [300.0, 6.0, 800.0, 3.0, 45.0, 8.0],
            "mode": ["road", "road", "sea", "road", "road", "road"],
            "transfer": [False, True, False, True, False, False],
            "site": ["", "port:1", "", "port:2", "", ""],
            "passage": ["", "", "strait", "", "", ""],
        }
    )
    ports = [KnownSite("port:1", "Marseille", 5.33, 43.32), KnownSite("port:2", "Algiers", 3.07, 36.78)]
    return assemble(nodes, edges, ports)
