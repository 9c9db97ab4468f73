"""Network: the graph that routes run on, of main roads, shipping lanes, and ports that join them.

Two modes only, `road` and `sea`. Crossing country on foot, rail, rivers and flights are not modelled: no bundled data
knows them, so a route that is not found here may still exist on the ground. Roads have no class, direction or speed,
so every edge is open both ways and speeds are assumptions of the mode (`geodata.ways.travel.Speeds`).

A `Network` is arrays, one entry per node or per undirected edge, and the compressed rows (CSR) that scipy searches:
each edge is two arcs. Nodes and edges are numbered by their order after sorting, so the order of rows in a file
changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.ground.grid import Bounds, inside
from geodata.ground.reference import Floats, Texts

Mode = Literal["road", "sea"]
MODES: tuple[Mode, ...] = ("road", "sea")
Rows = NDArray[np.int32]
Truths = NDArray[np.bool_]

SHORTEST_KM = 0.001
"""No edge is shorter: scipy takes a weight of 0 for no edge at all."""


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A border crossing or port on the network. `ref` is that of `geodata.ground.sites`, "" for none."""

    ref: str
    name: str
    lon: float
    lat: float


_ROADS: frozenset[Mode] = frozenset({"road"})
NOWHERE = KnownSite("", "", float("nan"), float("nan"))


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes (n), undirected edges (m) and their geometry, on WGS 84.

    `country`, `border` and `passage` count into the tuples `iso3s`, `borders` and `passages`, `port` (of a node) and
    `site` (of an edge) into `sites`; 0 is always "none". `mode` counts into `MODES`. `site` is the crossing nearest
    to an edge that crosses a border, `site_km` away from its line; of an edge that ends at a port it is the port.
    `transfer` marks the road end of a port: who passes it changes between road and sea. Edge e is drawn by
    `points[starts[e]:starts[e + 1]]`, from `u` to `v`. The arcs out of node i are `indptr[i]:indptr[i + 1]`: their
    ends are in `heads`, their edges in `edge_of`.
    """

    lon: Floats
    lat: Floats
    country: Rows
    port: Rows
    u: Rows
    v: Rows
    km: Floats
    mode: Rows
    border: Rows
    site: Rows
    site_km: Floats
    passage: Rows
    transfer: Truths
    starts: NDArray[np.int64]
    points: Floats
    indptr: Rows
    heads: Rows
    edge_of: Rows
    iso3s: tuple[str, ...]
    borders: tuple[str, ...]
    passages: tuple[str, ...]
    sites: tuple[KnownSite, ...]

    @property
    def n_nodes(self) -> int:
        """How many nodes."""
        return len(self.lon)

    @property
    def n_edges(self) -> int:
        """How many undirected edges."""
        return len(self.u)

    def iso3(self, node: int) -> str:
        """The country of a node, "" at sea."""
        return self.iso3s[int(self.country[node])]


@dataclass(frozen=True, eq=False)
class NetworkPart:
    """A piece of a network as plain arrays, for placement: one entry per node (n) or per arc (a), both ways of each
    edge.

    `node` and `edge` are the numbers in the network the part was cut from; `u` and `v` count into the part's own
    nodes, and arcs are sorted by them. `border_id` ("DZA-NER") and `crossing_id` ("DZA-NER-R001", as in
    `border_crossings`) are "" on an arc that crosses no border, or one without a known crossing; several arcs may
    share a crossing, and `crossing_km` says how far it lies from the arc's line (NaN for none). `mode` is "road" or
    "sea".
    """

    node: Rows
    lon: Floats
    lat: Floats
    iso3: Texts
    u: Rows
    v: Rows
    km: Floats
    mode: Texts
    border_id: Texts
    crossing_id: Texts
    crossing_km: Floats
    edge: Rows


def assemble(nodes: pd.DataFrame, edges: pd.DataFrame, sites: Collection[KnownSite] = ()) -> Network:
    """A network from two frames; the order of their rows does not matter.

    `nodes`: `node_id` (unique), `lon`, `lat`, and optionally `iso3`, `port` (a ref among `sites`). `edges`: `u`, `v`
    (node ids), `km`, and optionally `mode` (road), `border_id`, `site` (a ref), `site_km`, `passage`, `transfer`,
    `geometry` (a line from u to v; else straight). Loops are left out, parallel edges stay. ValueError for an edge
    with an unknown end or length.
    """
    nodes = nodes.sort_values("node_id", kind="stable")
    number = pd.Series(np.arange(len(nodes), dtype=np.int32), index=nodes["node_id"])
    edges = edges[edges["u"] != edges["v"]].sort_values(["u", "v", "km"], kind="stable")
    if not number.index.is_unique or not edges["u"].isin(number.index).all() or not edges["v"].isin(number.index).all():
        raise ValueError("Every node needs a number of its own, and every edge two nodes.")
    km = edges["km"].to_numpy(dtype=float)
    if not (km >= 0).all() or not np.isfinite(km).all():
        raise ValueError("Every edge needs a length in km.")
    listed = (NOWHERE, *sorted(sites, key=lambda site: site.ref))
    row_of = {site.ref: row for row, site in enumerate(listed)}
    lon, lat = nodes["lon"].to_numpy(dtype=float), nodes["lat"].to_numpy(dtype=float)
    u, v = (_numbered(number, edges[end]) for end in ("u", "v"))
    iso3s, country = _counted(_texts(nodes, "iso3"))
    borders, border = _counted(_texts(edges, "border_id"))
    passages, passage = _counted(_texts(edges, "passage"))
    starts, points = _drawn(edges, np.column_stack([lon, lat]), u, v)
    indptr, heads, edge_of = _rows(u, v, len(nodes))
    return Network(
        lon=lon,
        lat=lat,
        country=country,
        port=np.array([row_of[ref] for ref in _texts(nodes, "port")], dtype=np.int32),
        u=u,
        v=v,
        km=np.maximum(km, SHORTEST_KM),
        mode=np.array([MODES.index(mode or "road") for mode in _texts(edges, "mode")], dtype=np.int32),
        border=border,
        site=np.array([row_of[ref] for ref in _texts(edges, "site")], dtype=np.int32),
        site_km=_column(edges, "site_km", np.nan),
        passage=passage,
        transfer=_column(edges, "transfer", 0) > 0,
        starts=starts,
        points=points,
        indptr=indptr,
        heads=heads,
        edge_of=edge_of,
        iso3s=iso3s,
        borders=borders,
        passages=passages,
        sites=listed,
    )


def part(
    network: Network,
    *,
    bbox: Bounds | None = None,
    countries: Collection[str] | None = None,
    modes: frozenset[Mode] = _ROADS,
    largest: bool = False,
) -> NetworkPart:
    """The edges of `modes` with both ends inside `bbox` (west, south, east, north; west > east across 180°) and in
    `countries`.

    Nodes at sea belong to no country and stay whatever `countries` says. Nodes without an edge are left out;
    `largest` keeps the largest connected piece only, so that every pair of nodes has a way. An empty region gives
    empty arrays.

    >>> from geodata.ways.world_graph import world
    >>> niger = part(world(), countries=["NER", "DZA"], largest=True)
    >>> sorted(set(niger.iso3)), sorted(set(niger.border_id) - {""})
    (['DZA', 'NER'], ['DZA-NER'])
    """
    keep = np.ones(network.n_nodes, dtype=bool)
    if bbox is not None:
        keep &= inside(network.lon, network.lat, bbox)
    if countries is not None:
        wanted = [row for row, iso3 in enumerate(network.iso3s) if iso3 == "" or iso3 in set(countries)]
        keep &= np.isin(network.country, wanted)
    edges = np.flatnonzero(
        keep[network.u] & keep[network.v] & np.isin(network.mode, [MODES.index(mode) for mode in modes])
    )
    if largest and len(edges):
        edges = edges[_in_largest(network, edges)]
    node = np.unique(np.concatenate([network.u[edges], network.v[edges]])).astype(np.int32)
    ends = np.searchsorted(node, network.u[edges]), np.searchsorted(node, network.v[edges])
    u, v = np.concatenate(ends).astype(np.int32), np.concatenate(ends[::-1]).astype(np.int32)
    edge = np.concatenate([edges, edges])
    order = np.lexsort((edge, v, u))
    edge = edge[order].astype(np.int32)
    crosses = network.border[edge] > 0
    refs = np.array([site.ref.removeprefix("crossing:") for site in network.sites], dtype=object)
    return NetworkPart(
        node=node,
        lon=network.lon[node],
        lat=network.lat[node],
        iso3=np.array(network.iso3s, dtype=object)[network.country[node]],
        u=u[order],
        v=v[order],
        km=network.km[edge],
        mode=np.array(MODES, dtype=object)[network.mode[edge]],
        border_id=np.array(network.borders, dtype=object)[network.border[edge]],
        crossing_id=np.where(crosses, refs[network.site[edge]], ""),
        crossing_km=np.where(crosses, network.site_km[edge], np.nan),
        edge=edge,
    )


def lines(network: Network, edges: NDArray[np.intp]) -> Texts:
    """The lines of some edges as an array of LineStrings, each from u to v."""
    counts = np.diff(network.starts)[edges]
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    points = network.points[np.repeat(network.starts[edges], counts) + step]
    drawn: Texts = shapely.linestrings(points, indices=np.repeat(np.arange(len(edges)), counts))
    return drawn


def _in_largest(network: Network, edges: NDArray[np.intp]) -> Truths:
    ones = np.ones(len(edges), dtype=np.int8)
    graph = csr_array((ones, (network.u[edges], network.v[edges])), shape=(network.n_nodes, network.n_nodes))
    _, label = connected_components(graph, directed=False)
    of_edge = label[network.u[edges]]
    most: Truths = of_edge == np.bincount(of_edge).argmax()
    return most


def _numbered(number: pd.Series, ids: pd.Series) -> Rows:
    return np.asarray(number.loc[ids], dtype=np.int32)


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    return frame[name].fillna("").tolist() if name in frame else [""] * len(frame)


def _column(frame: pd.DataFrame, name: str, default: float) -> Floats:
    return frame[name].to_numpy(dtype=float) if name in frame else np.full(len(frame), float(default))


def _counted(texts: list[str]) -> tuple[tuple[str, ...], Rows]:
    """The different texts in alphabetical order, "" always first, and which of them each one is."""
    names = ("", *sorted(set(texts) - {""}))
    row = {name: i for i, name in enumerate(names)}
    return names, np.array([row[text] for text in texts], dtype=np.int32)


def _drawn(edges: pd.DataFrame, at: Floats, u: Rows, v: Rows) -> tuple[NDArray[np.int64], Floats]:
    """The positions of all lines one after the other, and where each line begins."""
    if "geometry" in edges:
        points, line = shapely.get_coordinates(edges["geometry"].to_numpy(), return_index=True)
        counts = np.bincount(line, minlength=len(edges))
    else:
        points = np.stack([at[u], at[v]], axis=1).reshape(-1, 2)
        counts = np.full(len(edges), 2)
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), points


def _rows(u: Rows, v: Rows, n: int) -> tuple[Rows, Rows, Rows]:
    tail, head = np.concatenate([u, v]), np.concatenate([v, u])
    edge = np.tile(np.arange(len(u), dtype=np.int32), 2)
    order = np.lexsort((edge, head, tail))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int32)
    return indptr, head[order], edge[order]
