"""Kernel density: a smooth surface over the plane, or along a road network."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse.csgraph import dijkstra

from geodata.events.points import EventPoints, Note, UnfitEvents, Whole
from geodata.ground import crs, plane
from geodata.ground.plane import EqualAreaPlane
from geodata.ground.reference import Floats

MOST_PIXELS = 4_000_000
_TAIL = 4
"""Bandwidths after which the Gaussian is cut: 0.006 % of an event lies beyond."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Events per km2 on a raster of the `plane`, rows from the south.

    Pixel (row, column) reaches from (`west` + column * `pixel_km`, `south` + row * `pixel_km`) one pixel on. The sum of
    `density` times the area of a pixel is the number of events, or their weight.
    """

    density: Floats
    plane: EqualAreaPlane
    west: float
    south: float
    pixel_km: float
    bandwidth_km: float
    events: int
    first: date | None
    last: date | None
    notes: tuple[Note, ...] = ()

    @property
    def sentence(self) -> Note:
        """What the layer says and how it was made."""
        template = (
            "Density of {events} events, each spread over its surroundings by a Gaussian of {bandwidth:.3g} km on an "
            "equal-area plane, in pixels of {pixel:.2g} km."
        )
        params = {"events": self.events, "bandwidth": self.bandwidth_km, "pixel": self.pixel_km}
        if self.first is None or self.last is None:
            return Note(template, params)
        when = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return Note(template + " Events of {first} to {last}.", params | when)

    def at(self, lon: Floats, lat: Floats) -> Floats:
        """The density at places in degrees, linear between the middles of pixels; 0 outside of the raster."""
        x, y = self.plane.project(lon, lat)
        from_middles = [(y - self.south) / self.pixel_km - 0.5, (x - self.west) / self.pixel_km - 0.5]
        return np.asarray(ndimage.map_coordinates(self.density, from_middles, order=1))

    def areas(self, shares: tuple[float, ...] = (0.5, 0.75, 0.9)) -> gpd.GeoDataFrame:
        """The smallest areas that hold these shares of the density, ready to draw on WGS 84: `share`, `km2`, shape."""
        if not all(0 < share < 1 for share in shares):
            raise ValueError("Shares must lie between 0 and 1.")
        falling = np.sort(self.density, axis=None)[::-1]
        held = np.cumsum(falling)
        floors = [falling[np.searchsorted(held, share * held[-1])] for share in sorted(shares)]
        flat = [self._outline(self.density >= floor) for floor in floors]
        columns = {"share": sorted(shares), "km2": [shape.area for shape in flat]}
        shapes = self.plane.unflatten(np.array(flat, dtype=object))
        return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs.WGS84)

    def _outline(self, inside: NDArray[np.bool_]) -> shapely.Geometry:
        """The pixels that are inside as one shape: a box for each run of a row, then their union."""
        edges = np.diff(np.pad(inside.astype(np.int8), ((0, 0), (1, 1))), axis=1)
        (row, left), (_, right) = np.nonzero(edges == 1), np.nonzero(edges == -1)
        x0, x1 = self.west + left * self.pixel_km, self.west + right * self.pixel_km
        y0 = self.south + row * self.pixel_km
        return shapely.union_all(shapely.box(x0, y0, x1, y0 + self.pixel_km))


def surface(
    points: EventPoints, bandwidth_km: float | None = None, pixel_km: float | None = None, weighted: bool = False
) -> Surface:
    """Binned kernel density: points are counted in pixels, the counts smoothed with a Gaussian of `bandwidth_km`.

    The plane is `plane.around` the points. Without a bandwidth it is `usual_bandwidth_km`; without a pixel, an
    eighth of the bandwidth, which differs from the exact sum over all points by a few per cent of the peak at most.

    >>> from datetime import date
    >>> from geodata.events.points import checked
    >>> from geodata.ground.reference import border_crossings
    >>> niger = border_crossings().query("border_id == 'DZA-NER' or border_id == 'NER-NGA'")
    >>> made = surface(checked(niger, date(2026, 11, 24)), bandwidth_km=40)
    >>> bool(np.isclose(made.density.sum() * made.pixel_km**2, len(niger), rtol=1e-3))
    True
    """
    sheet = plane.around(points.lon, points.lat)
    x, y = sheet.project(points.lon, points.lat)
    bandwidth = usual_bandwidth_km(x, y) if bandwidth_km is None else bandwidth_km
    pixel = bandwidth / 8 if pixel_km is None else pixel_km
    if not (bandwidth > 0 and 0 < pixel <= bandwidth):
        raise UnfitEvents("The bandwidth must be more than 0 km, and a pixel not larger than it.")
    margin = _TAIL * bandwidth + pixel
    west, south = float(x.min() - margin), float(y.min() - margin)
    columns, rows = int((x.max() + margin - west) // pixel + 1), int((y.max() + margin - south) // pixel + 1)
    if rows * columns > MOST_PIXELS:
        raise UnfitEvents(
            "The points lie {across:,.0f} km apart: with pixels of {pixel:.2g} km that makes {count:,} of them. "
            "Choose a larger bandwidth or a smaller area.",
            across=float(max(np.ptp(x), np.ptp(y))),
            pixel=pixel,
            count=rows * columns,
        )
    where = ((y - south) // pixel).astype(np.int64) * columns + ((x - west) // pixel).astype(np.int64)
    binned = np.bincount(where, points.weight if weighted else None, rows * columns).reshape(rows, columns)
    smooth = ndimage.gaussian_filter(binned.astype(float), bandwidth / pixel, mode="constant", truncate=_TAIL)
    return Surface(
        density=smooth / pixel**2,
        plane=sheet,
        west=west,
        south=south,
        pixel_km=pixel,
        bandwidth_km=bandwidth,
        events=len(points),
        first=points.first,
        last=points.last,
        notes=points.notes,
    )


def usual_bandwidth_km(x: Floats, y: Floats) -> float:
    """Scott's rule for two dimensions with a robust spread (Scott 1992, Multivariate Density Estimation, 6.43).

    The spread is the smaller of the standard deviation and 0.74 of the quartile range, over both axes; a start to be
    judged on the map, too wide where events form several far groups.
    """
    spreads = []
    for axis in (x, y):
        low, high = np.quantile(axis, [0.25, 0.75])
        spreads += [value for value in (axis.std(ddof=1), (high - low) / 1.349) if value > 0]
    return float(min(spreads) * len(x) ** (-1 / 6))


@dataclass(frozen=True, eq=False)
class NetworkDensity:
    """Events per km along a network, one entry for each piece: `edge` its row, from `start_km` to `end_km` of it."""

    edge: Whole
    start_km: Floats
    end_km: Floats
    density: Floats
    bandwidth_km: float
    events: int


def along_network(
    u: Whole, v: Whole, km: Floats, edge: Whole, at_km: Floats, bandwidth_km: float, piece_km: float | None = None
) -> NetworkDensity:
    """Kernel density along a network of edges from node `u` to node `v`, `km` long; nodes are numbers from 0.

    Event i lies `at_km[i]` from the `u` end of edge `edge[i]`. Edges are cut into pieces of about `piece_km` (a tenth
    of the bandwidth by default). An event is spread from the middle of its piece both ways by Epanechnikov's kernel; at
    a junction of d edges each way on gets 1 / (d - 1) of it (equal split: Okabe, Satoh and Sugihara 2009, Int. J.
    Geogr. Inf. Sci. 23(1)), so that junctions are no hotspots by themselves. Along a loop only the shortest way counts.
    What would run on beyond a dead end is dropped.
    """
    if not len(edge):
        raise UnfitEvents("The layer is empty: there is nothing to compute.")
    if not (bandwidth_km > 0 and (np.asarray(km) > 0).all()):
        raise UnfitEvents("The bandwidth and the length of every edge must be more than 0 km.")
    if ((edge < 0) | (edge >= len(km))).any() or ((at_km < 0) | (at_km > km[edge])).any():
        raise UnfitEvents("Every event must lie on an edge, between its two ends.")
    step = bandwidth_km / 10 if piece_km is None else piece_km
    pieces = np.maximum(1, np.rint(km / step)).astype(np.int64)
    if pieces.sum() > MOST_PIXELS:
        raise UnfitEvents("That makes {count:,} pieces of network. Choose a larger bandwidth.", count=int(pieces.sum()))
    first = np.concatenate([[0], np.cumsum(pieces)[:-1]])
    owner = np.repeat(np.arange(len(km)), pieces)
    size = (km / pieces)[owner]
    nth = np.arange(len(owner)) - first[owner]
    count = np.bincount(first[edge] + np.minimum((at_km / km[edge] * pieces[edge]).astype(np.int64), pieces[edge] - 1))
    graph, degree = _piece_graph(u, v, pieces, first, owner, size)
    density = np.zeros(len(owner))
    # A few rows of distances at a time: each is as long as the network.
    occupied = np.flatnonzero(count)
    for some in np.array_split(occupied, max(1, -(-len(occupied) * graph.shape[0] // 2_000_000))):
        density += count[some] @ _spread(graph, degree, some, len(owner), bandwidth_km)
    return NetworkDensity(owner, nth * size, (nth + 1) * size, density, bandwidth_km, len(edge))


def _piece_graph(
    u: Whole, v: Whole, pieces: Whole, first: Whole, owner: Whole, size: Floats
) -> tuple[sparse.csr_array, Whole]:
    """Middles of pieces, then the nodes of the network, joined by distances; and the degree of each of them."""
    inner = np.flatnonzero(owner[1:] == owner[:-1])
    last = first + pieces - 1
    a = np.concatenate([inner, first, last])
    b = np.concatenate([inner + 1, len(owner) + u, len(owner) + v])
    far = np.concatenate([size[inner], size[first] / 2, size[last] / 2])
    n = len(owner) + int(max(u.max(), v.max())) + 1
    return sparse.csr_array((far, (a, b)), shape=(n, n)), np.bincount(np.concatenate([a, b]), minlength=n)


def _spread(graph: sparse.csr_array, degree: Whole, sources: Whole, pieces: int, bandwidth_km: float) -> Floats:
    """One event from each source over the pieces: (sources, pieces), per km."""
    far, before = dijkstra(graph, directed=False, indices=sources, limit=bandwidth_km, return_predecessors=True)
    share = np.zeros_like(far)
    for row, source in enumerate(sources):
        share[row, source] = 1.0
        reached = np.flatnonzero(np.isfinite(far[row]))
        for place in reached[np.argsort(far[row, reached], kind="stable")][1:]:
            came = before[row, place]
            share[row, place] = share[row, came] / (1 if came == source else max(degree[came] - 1, 1))
    near = np.where(np.isfinite(far), far, bandwidth_km) / bandwidth_km
    kernel: Floats = (share * 0.75 * (1 - near**2) / bandwidth_km)[:, :pieces]
    return kernel
