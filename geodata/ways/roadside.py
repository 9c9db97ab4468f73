"""Roadside positions: where positions lie beside roads, and the hours from one along them.

Crossroads, the nodes of the network, lie up to hundreds of km apart: within minutes it matters that a position joins
the nearest stretch of road and not the nearest node. Between the position and its road it goes straight, at
`Speeds.access_kmh`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata.ground.crs import GEOD
from geodata.ground.distances import chord, on_sphere
from geodata.ground.reference import Floats
from geodata.ways.network import MODES, Network, Truths, lines
from geodata.ways.positions import MOST_KM
from geodata.ways.travel import Travel, costs, graph_of, hours_of

_STEP_DEGREES = 0.02
"""Between the places on a road that are compared, about 2 km at most; then the foot is found on the line itself."""

_TRIED = 4
"""So many places on roads are looked at for the nearest foot."""

Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RoadsidePositions:
    """Positions (n; degrees, WGS 84) beside roads: the `edge` nearest to each, the `share` of it between its end u and
    the foot of the position on it, and `km`, geodesic, to the foot. Farther than 150 km from any road `edge` is -1 and
    `km` inf.
    """

    lon: Floats
    lat: Floats
    edge: Whole
    share: Floats
    km: Floats

    def part(self, rows: slice) -> "RoadsidePositions":
        """Some of the positions."""
        return RoadsidePositions(self.lon[rows], self.lat[rows], self.edge[rows], self.share[rows], self.km[rows])


def beside(network: Network, lon: Floats, lat: Floats, countries: frozenset[str] | None = None) -> RoadsidePositions:
    """The nearest road of each position; with `countries`, the nearest of those with an end in one of them.

    A road is looked at where it comes nearest among places 2 km apart, then its foot is found on the line itself; so
    where several roads meet, the one that is found may be a few metres farther than another.
    """
    points, edge, share = sampled(network, _edges_near(network, lon, lat, countries))
    n, found = len(lon), np.zeros((0, _TRIED), np.int64)
    if n and len(points):
        tree = cKDTree(on_sphere(*points.T))
        _, found = tree.query(on_sphere(lon, lat), k=_TRIED, distance_upper_bound=chord(MOST_KM))
    at, edges, shares, km = np.column_stack([lon, lat]), np.full(n, -1), np.zeros(n), np.full(n, np.inf)
    for tried in found.T:
        there = np.flatnonzero(tried < len(points))
        sample = tried[there]
        for other in (np.maximum(sample - 1, 0), np.minimum(sample + 1, len(points) - 1)):
            other = np.where(edge[other] == edge[sample], other, sample)
            foot, part = _foot(at[there], points[sample], points[other])
            far = np.asarray(GEOD.inv(*at[there].T, *foot.T)[2]) / 1000
            nearer = far < km[there]
            rows, chosen = there[nearer], sample[nearer]
            km[rows], edges[rows] = far[nearer], edge[chosen]
            shares[rows] = share[chosen] + part[nearer] * (share[other[nearer]] - share[chosen])
    return RoadsidePositions(lon, lat, edges, shares, km)


def sampled(network: Network, edges: NDArray[np.intp]) -> tuple[Floats, Whole, Floats]:
    """Positions along edges, about 2 km apart and in their order: (n, 2), the edge of each, and its share from u."""
    points, row = shapely.get_coordinates(shapely.segmentize(lines(network, edges), _STEP_DEGREES), return_index=True)
    step = np.hypot(*_degrees(np.roll(points, 1, axis=0), points).T)
    step[np.flatnonzero(np.diff(row, prepend=-1))] = 0
    far, all_rows = np.cumsum(step), np.arange(len(edges))
    first, last = np.searchsorted(row, all_rows), np.searchsorted(row, all_rows, side="right") - 1
    share = (far - far[first][row]) / np.maximum(far[last] - far[first], 1e-12)[row]
    return points, edges[row].astype(np.int64), share


def _edges_near(network: Network, lon: Floats, lat: Floats, countries: frozenset[str] | None) -> NDArray[np.intp]:
    """The roads that come within 150 km of the smallest cap around the middle of all positions that holds them."""
    if not len(lon):
        return np.zeros(0, dtype=np.intp)
    roads = network.mode == MODES.index("road")
    if countries is not None:
        roads &= lies_in(network, network.u, countries) | lies_in(network, network.v, countries)
    at, middle = on_sphere(lon, lat), on_sphere(lon, lat).mean(axis=0)
    farthest = float(np.linalg.norm(at - middle, axis=1).max()) + chord(MOST_KM) + np.radians(_STEP_DEGREES)
    # Points of a line are far apart in a desert: the line may come nearer than they by as much.
    drawn, longest = _drawn(network)
    nearest = np.minimum.reduceat(np.linalg.norm(drawn - middle, axis=1), network.starts[:-1]) - longest
    return np.flatnonzero(roads & (nearest <= farthest))


@lru_cache(maxsize=4)
def _drawn(network: Network) -> tuple[Floats, Floats]:
    """The points of all lines as unit vectors, and the longest chord between two that follow in the line of an edge."""
    at = on_sphere(*network.points.T)
    apart = np.linalg.norm(np.diff(at, axis=0, append=at[-1:]), axis=1)
    apart[network.starts[1:] - 1] = 0
    return at, np.maximum.reduceat(apart, network.starts[:-1])


def _degrees(start: Floats, end: Floats) -> Floats:
    """From positions to others near them, shape (n, 2): degrees of latitude east and north."""
    east = (end[:, 0] - start[:, 0] + 180) % 360 - 180
    return np.column_stack([east * np.cos(np.radians((start[:, 1] + end[:, 1]) / 2)), end[:, 1] - start[:, 1]])


def _foot(at: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """The place nearest to each position between `start` and `end`, shape (n, 2), and which part of the way it is."""
    whole, here = _degrees(start, end), _degrees(start, at)
    long = (whole**2).sum(axis=1)
    part = np.clip((whole * here).sum(axis=1) / np.where(long > 0, long, 1), 0, 1)
    east = (end[:, 0] - start[:, 0] + 180) % 360 - 180
    return np.column_stack([start[:, 0] + part * east, start[:, 1] + part * (end[:, 1] - start[:, 1])]), part


@dataclass(frozen=True, eq=False)
class Departures:
    """Hours from positions (n) by road, on a network with something closed.

    A team beside a closed road, as one at a border it does not cross, leaves by an end of it that lies in one of
    `countries`; None for any.
    """

    network: Network
    travel: Travel
    stands: RoadsidePositions
    countries: frozenset[str] | None = None

    @property
    def whole(self) -> Floats:
        """Hours along each edge, closed or not."""
        return hours_of(self.network, self.travel.speeds)

    @property
    def off(self) -> Floats:
        """Hours from each position to its road."""
        found: Floats = self.stands.km / self.travel.speeds.access_kmh
        return found

    def nodes(self, rows: Sequence[int], limit: float) -> Floats:
        """Hours from some of the positions to every node, shape (len(rows), nodes); inf beyond `limit`."""
        found = np.full((len(rows), self.network.n_nodes), np.inf)
        left = [limit - self.off[row] for row in rows]
        begun = [place for place, row in enumerate(rows) if left[place] > 0 and self.stands.edge[row] >= 0]
        if not begun:
            return found
        cost = costs(self.network, self.travel)
        graph = graph_of(self.network, cost)
        for ends, share in ((self.network.u, self.stands.share), (self.network.v, 1 - self.stands.share)):
            here = np.asarray(rows)[begun]
            edge = self.stands.edge[here]
            go = np.isfinite(cost[edge]) | self._open(ends[edge])
            if not go.any():
                continue
            lost = (self.off[here] + share[here] * self.whole[edge])[go]
            taken = dijkstra(graph, indices=ends[edge][go], limit=limit) + lost[:, None]
            places = np.asarray(begun)[go]
            found[places] = np.minimum(found[places], taken)
        found[found > limit] = np.inf
        return found

    def _open(self, nodes: NDArray[np.int32]) -> Truths:
        return np.ones(len(nodes), bool) if self.countries is None else lies_in(self.network, nodes, self.countries)


def lies_in(network: Network, nodes: NDArray[np.int32], countries: frozenset[str]) -> Truths:
    """True for each node that lies in one of some countries."""
    return np.isin(network.country[nodes], [row for row, iso3 in enumerate(network.iso3s) if iso3 in countries])
