"""Reach: how far teams come in a given time, and how long each needs to each site.

Times are those of the network at the assumed speeds, plus the straight stretch between a position and its node at
`Speeds.access_kmh`. Teams travel by road unless told otherwise. A team that may not cross a border is asked with it
closed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.ndimage import distance_transform_edt

from geodata.ground import crs, distances
from geodata.ground.reference import Floats
from geodata.ways.closures import NoAnswer
from geodata.ways.network import Network, Truths, lines
from geodata.ways.positions import JoinedPosition, Position, join
from geodata.ways.travel import BY_ROAD, Travel, costs, search
from geodata.ways.world_graph import world

BESIDE_KM = 10.0
MOST_HOURS = 48.0

_CELLS = 500
"""Across the grid on which an area is drawn, at most."""

_SAMPLE_DEGREES = 0.02
_FARTHEST_NORTH = 85.0


def areas(
    teams: Sequence[Position],
    hours: Sequence[float],
    travel: Travel = BY_ROAD,
    on: Network | None = None,
    *,
    beside_km: float = BESIDE_KM,
) -> gpd.GeoDataFrame:
    """What at least one of the teams reaches within each of `hours`: a frame on WGS 84, one row per time, the
    shortest first.

    Columns: `hours`, `area_km2`, polygons, cut at 180°. An area is everything within `beside_km` of a stretch of road
    or lane that is reached in time, drawn on a grid of cells of a third of that, or of 1/500 of the area's width
    where that is more. NoAnswer for a team that is on no network and for times that are not between 0 and 48 hours;
    no rows without teams.

    >>> frame = areas([(26.56, 41.68)], [1, 2])
    >>> frame["hours"].tolist(), bool(frame["area_km2"].is_monotonic_increasing)
    ([1.0, 2.0], True)
    """
    times = sorted(set(map(float, hours)))
    if not all(0 < time <= MOST_HOURS for time in times) or not 1 <= beside_km <= 100:
        raise NoAnswer(
            "Times lie between 0 and {most} hours, and the strip beside a road between 1 and 100 km.", most=48
        )
    network = on or world()
    by_hours = _by_hours(travel)
    drawn = [_areas_of(network, join(network, team, travel.modes), times, by_hours, beside_km) for team in teams]
    rows = [shapely.union_all([one[row] for one in drawn]) for row in range(len(times))] if drawn else []
    frame = gpd.GeoDataFrame({"hours": times if drawn else []}, geometry=rows, crs=crs.WGS84)
    frame.insert(1, "area_km2", [crs.geometry_area_km2(each) for each in frame.geometry])
    return frame.astype({"hours": float, "area_km2": float})


def hours_table(
    teams: Mapping[str, Position], sites: Mapping[str, Position], travel: Travel = BY_ROAD, on: Network | None = None
) -> pd.DataFrame:
    """Hours from each team (column) to each site (row), in the given order; inf where no way leads.

    NaN where the team or site is on no network: `positions.join` says why.

    >>> hours_table({"Edirne": (26.56, 41.68)}, {"Sofia": (23.32, 42.70), "Palermo": (13.36, 38.12)}).round(1)
             Edirne
    Sofia       5.1
    Palermo     inf
    """
    network, by_hours = on or world(), _by_hours(travel)
    at_sites = [_joined(network, site, travel) for site in sites.values()]
    table = pd.DataFrame(np.nan, index=pd.Index(list(sites), dtype=object), columns=pd.Index(list(teams), dtype=object))
    known = [row for row, site in enumerate(at_sites) if site is not None]
    nodes = np.array([site.node for site in at_sites if site is not None], dtype=np.int64)
    last = np.array([site.km for site in at_sites if site is not None]) / travel.speeds.access_kmh
    ends = np.array([(site.lon, site.lat) for site in at_sites if site is not None]).reshape(-1, 2)
    for column, position in enumerate(teams.values()):
        team = _joined(network, position, travel)
        if team is None or not known:
            continue
        taken = search(network, by_hours, [team.node]).cost[nodes] + team.km / travel.speeds.access_kmh + last
        straight = distances.from_point_km(team.lon, team.lat, ends) / travel.speeds.access_kmh
        table.iloc[known, column] = np.where(nodes == team.node, straight, taken)
    return table


def _by_hours(travel: Travel) -> Travel:
    return Travel(modes=travel.modes, closed=travel.closed, least="hours", speeds=travel.speeds)


def _joined(network: Network, position: Position, travel: Travel) -> JoinedPosition | None:
    try:
        return join(network, position, travel.modes)
    except NoAnswer:
        return None


def _areas_of(
    network: Network, team: JoinedPosition, times: list[float], travel: Travel, beside_km: float
) -> list[shapely.Geometry]:
    """The area of one team for each time, on WGS 84."""
    left = times[-1] - team.km / travel.speeds.access_kmh
    if left <= 0:
        return [shapely.Polygon()] * len(times)
    points, taken = _reached(network, team, travel, left)
    plane = distances.DistancePlane(team.node_lon, team.node_lat)
    flat = plane.of_earth(points)
    edge = 1.1 * (float(np.abs(flat).max()) + beside_km)
    grid = ReachGrid(plane, edge, max(beside_km / 3, 2 * edge / _CELLS))
    taken += team.km / travel.speeds.access_kmh
    return [grid.shape(grid.within(flat[taken <= time], beside_km)) for time in times]


def _reached(network: Network, team: JoinedPosition, travel: Travel, hours: float) -> tuple[Floats, Floats]:
    """Positions, about 2 km apart, along everything reached within `hours`, and the hours to each."""
    cost, edge_cost = search(network, travel, [team.node], hours).cost, costs(network, travel)
    edges = np.flatnonzero((np.minimum(cost[network.u], cost[network.v]) <= hours) & np.isfinite(edge_cost))
    points, edge = shapely.get_coordinates(
        shapely.segmentize(lines(network, edges), _SAMPLE_DEGREES), return_index=True
    )
    step = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    step[np.flatnonzero(np.diff(edge, prepend=-1))] = 0
    far = np.cumsum(step)
    first = np.searchsorted(edge, np.arange(len(edges)))
    last = np.searchsorted(edge, np.arange(len(edges)), side="right") - 1
    share = (far - far[first][edge]) / np.maximum(far[last] - far[first], 1e-12)[edge]
    whole, at = edge_cost[edges][edge], edges[edge]
    taken = np.minimum(cost[network.u[at]] + share * whole, cost[network.v[at]] + (1 - share) * whole)
    kept = (taken <= hours) & (np.abs(points[:, 1]) <= _FARTHEST_NORTH)
    here = np.array([[team.node_lon, team.node_lat]])
    return np.concatenate([here, points[kept]]), np.concatenate([[0.0], taken[kept]])


@dataclass(frozen=True, slots=True)
class ReachGrid:
    """Square cells of `cell` km over a plane, from `edge` km south and west of its centre to as far north and east."""

    plane: distances.DistancePlane
    edge: float
    cell: float

    def within(self, flat: Floats, km: float) -> Truths:
        """True for each cell within `km` of a position on the plane; rows from the south."""
        across = int(np.ceil(2 * self.edge / self.cell))
        if not len(flat):
            return np.zeros((across, across), dtype=bool)
        column, row = ((flat + self.edge) / self.cell).astype(np.int64).T
        empty = np.ones((across, across), dtype=bool)
        empty[row, column] = False
        near: Truths = distance_transform_edt(empty) * self.cell <= km
        return near

    def shape(self, filled: Truths) -> shapely.Geometry:
        """The cells that are true, as one shape on WGS 84, cut at 180°."""
        if not filled.any():
            return shapely.Polygon()
        shape = shapely.transform(_outline(filled), lambda at: at * self.cell - self.edge)
        return distances.cut_at_180(shapely.transform(shapely.simplify(shape, self.cell), self.plane.to_earth))


def _outline(filled: Truths) -> shapely.Geometry:
    """The filled cells of a grid as one shape, in cells: each run in a row is a box, the boxes are joined."""
    padded = np.pad(filled, ((0, 0), (1, 1))).astype(np.int8)
    row, begin = np.nonzero(np.diff(padded, axis=1) == 1)
    _, end = np.nonzero(np.diff(padded, axis=1) == -1)
    return shapely.union_all(shapely.box(begin, row, end, row + 1))
