"""Road reach: the points that teams reach by road within some minutes, and that area on the map."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike

from geodata.ground import distances, reference
from geodata.ground.reference import Floats
from geodata.placement.coverage import Reach
from geodata.placement.problem import Unplaceable, Whole
from geodata.ways.closures import Closed
from geodata.ways.network import Network, Truths
from geodata.ways.reach import MOST_HOURS, ReachGrid
from geodata.ways.roadside import Departures, RoadsidePositions, beside
from geodata.ways.travel import BY_ROAD, Travel
from geodata.ways.world_graph import world

SHORE_KM = 5.0
"""So far from a road a place at sea may lie: coasts are drawn to 1 to 3 km, and nobody drives farther out."""

_AT_ONCE = 16
"""So many sites are searched together: some 30 MB."""

_CELLS = 90
"""Across the grid on which an area is drawn."""

Positions = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class _Group:
    """Sites (their numbers) with the same countries open to them, and the points that lie there, beside roads there."""

    departures: Departures
    sites: Whole
    points: Whole
    beside: RoadsidePositions

    @cached_property
    def by_edge(self) -> tuple[Whole, Whole, Whole]:
        """The points that have a road, sorted by its edge; those edges, and where the points of each begin."""
        known = np.flatnonzero(self.beside.edge >= 0)
        order = known[np.argsort(self.beside.edge[known], kind="stable")]
        edges, first = np.unique(self.beside.edge[order], return_index=True)
        return order, edges, np.append(first, len(order))

    def reached(self, row: int, taken: Floats, hours: float) -> Whole:
        """The points that the site in a row reaches, `taken` its hours to all nodes."""
        order, edges, first = self.by_edge
        network, stands, points = self.departures.network, self.departures.stands, self.beside
        access, own = self.departures.travel.speeds.access_kmh, int(stands.edge[row])
        near = np.minimum(taken[network.u[edges]], taken[network.v[edges]]) <= hours
        rows = np.flatnonzero(near | ((edges == own) & (own >= 0)))
        counts = first[rows + 1] - first[rows]
        at = order[np.repeat(first[rows] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())]
        edge, share = points.edge[at], points.share[at]
        whole = self.departures.whole[edge]
        spent = np.minimum(taken[network.u[edge]] + share * whole, taken[network.v[edge]] + (1 - share) * whole)
        same = np.flatnonzero(edge == own)
        along = self.departures.off[row] + np.abs(share[same] - stands.share[row]) * whole[same]
        spent[same] = np.minimum(spent[same], along)
        spent += points.km[at] / access
        ends = np.column_stack([points.lon, points.lat])[at[same]]
        straight = distances.from_point_km(float(stands.lon[row]), float(stands.lat[row]), ends) / access
        spent[same] = np.minimum(spent[same], straight)
        found: Whole = self.points[at[spent <= hours]]
        return found


@dataclass(frozen=True, eq=False)
class Drive:
    """Points and sites (degrees, WGS 84), and which sites reach which points by road within `hours`.

    A point is reached where the way along roads and the straight stretches to the road at both ends, at
    `Speeds.access_kmh`, take no longer. Where both lie beside the same stretch of road, straight ahead may be quicker.
    At sea, a point is reached within 5 km of a road only.
    `homes`: the countries in which the team of each site stays, each for itself: it takes their roads only, crosses
    none of their borders and goes to nobody elsewhere, at sea excepted. None where borders do not stop a team. Nobody
    is reached in a country that `travel` closes.
    """

    points: Positions
    sites: Positions
    hours: float
    travel: Travel
    homes: tuple[tuple[str, ...], ...] | None
    network: Network

    def reach(self, names: Sequence[str]) -> Reach:
        """Who reaches whom; `names` of the sites in their order."""
        found: list[list[Whole]] = [[np.zeros(0, np.int64)] for _ in names]
        for group in self._groups:
            for first in range(0, len(group.sites), _AT_ONCE):
                batch = range(first, min(first + _AT_ONCE, len(group.sites)))
                for row, taken in zip(batch, group.departures.nodes(batch, self.hours), strict=True):
                    found[group.sites[row]].append(group.reached(row, taken, self.hours))
        within = (np.unique(np.concatenate(each)) for each in found)
        return Reach(len(self.points[0]), tuple(map(str, names)), tuple(within))

    @property
    def sites_off(self) -> Truths:
        """True for each site from which no road is reached in time."""
        off = np.ones(len(self.sites[0]), dtype=bool)
        for group in self._groups:
            off[group.sites] &= group.departures.off > self.hours
        return off

    @property
    def points_off(self) -> Truths:
        """True for each point where teams may go that lies too far from their roads."""
        off, there = np.ones(len(self.points[0]), dtype=bool), np.zeros(len(self.points[0]), dtype=bool)
        for group in self._groups:
            there[group.points] = True
            off[group.points] &= group.beside.km > self.hours * self.travel.speeds.access_kmh
        return off & there

    def area(self, site: int) -> shapely.Geometry:
        """Where the team of a site reaches a point, on WGS 84, cut at 180°; drawn on a grid of 90 x 90 cells.

        Each cell is in or out by its middle, by the same rule as any point.
        """
        lon, lat = float(self.sites[0][site]), float(self.sites[1][site])
        edge = self.hours * max(self.travel.speeds.road_kmh, self.travel.speeds.access_kmh)
        grid = ReachGrid(distances.DistancePlane(lon, lat), edge, 2 * edge / _CELLS)
        middle = (np.arange(_CELLS) + 0.5) * grid.cell - edge
        at = grid.plane.to_earth(np.stack(np.meshgrid(middle, middle), axis=-1).reshape(-1, 2))
        alone = replace(
            self,
            points=((at[:, 0] + 180) % 360 - 180, at[:, 1]),
            sites=(np.array([lon]), np.array([lat])),
            homes=None if self.homes is None else (self.homes[site],),
        )
        filled = np.zeros(_CELLS**2, dtype=bool)
        filled[alone.reach(["site"]).within[0]] = True
        return grid.shape(filled.reshape(_CELLS, _CELLS))

    @cached_property
    def _groups(self) -> list[_Group]:
        shut = self.travel.closed.countries
        if self.homes is None:
            open_ = frozenset(self.network.iso3s) - shut if shut else None
            return [self._group(open_, self.travel, np.arange(len(self.sites[0])))]
        found = []
        for country in sorted({each for home in self.homes for each in home}):
            borders = frozenset(each for each in self.network.borders if country in each.split("-"))
            travel = replace(self.travel, closed=Closed(countries=shut, borders=borders))
            sites = np.array([site for site, home in enumerate(self.homes) if country in home])
            found.append(self._group(frozenset({country}) - shut, travel, sites))
        return found

    def _group(self, countries: frozenset[str] | None, travel: Travel, sites: Whole) -> _Group:
        points = np.arange(len(self.points[0]))
        if countries is not None:
            points = np.flatnonzero(np.isin(self._countries, ["", *countries]))
        lon, lat = (np.concatenate([here[points], at[sites]]) for here, at in zip(self.points, self.sites, strict=True))
        every = beside(self.network, lon, lat, countries)
        stands = every.part(slice(len(points), None))
        there = every.part(slice(len(points)))
        drowned = (self._countries[points] == "") & (there.km > SHORE_KM)
        there = replace(there, edge=np.where(drowned, -1, there.edge), km=np.where(drowned, np.inf, there.km))
        return _Group(Departures(self.network, travel, stands, countries), sites, points, there)

    @cached_property
    def _countries(self) -> "np.ndarray[tuple[int], np.dtype[np.str_]]":
        return reference.countries_at(*self.points).astype(np.str_)


def drive(
    points: tuple[ArrayLike, ArrayLike],
    sites: tuple[ArrayLike, ArrayLike],
    minutes: float,
    *,
    travel: Travel = BY_ROAD,
    homes: Sequence[Sequence[str]] | None = None,
    on: Network | None = None,
) -> Drive:
    """Points and sites, as (longitudes, latitudes), on the bundled roads, within `minutes`, 2,880 at most.

    Of `travel` the closed countries and the speeds count. `homes`: the countries where the team of each site stays;
    where none is named, the one that the site lies in, or has its road in.

    >>> drive(([29.0, 26.5], [41.0, 41.7]), ([26.6], [41.7]), 40).reach(["Edirne"]).within[0].tolist()
    [1]
    """
    if not 0 < minutes <= 60 * MOST_HOURS:
        raise Unplaceable(
            "{minutes} minutes are not between 0 and {most}.", minutes=f"{minutes:g}", most=f"{60 * MOST_HOURS:g}"
        )
    network = on or world()
    here, stands = (
        (np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)) for lon, lat in (points, sites)
    )
    kept = None
    if homes is not None:
        lying = zip(homes, _countries_of(network, *stands), strict=True)
        kept = tuple(tuple(home) or ((country,) if country else ()) for home, country in lying)
    by_hours = Travel(BY_ROAD.modes, Closed(countries=travel.closed.countries), "hours", travel.speeds)
    return Drive(here, stands, minutes / 60, by_hours, kept, network)


def _countries_of(network: Network, lon: Floats, lat: Floats) -> list[str]:
    """The country that each position lies in; of one at sea, that of the nearest road."""
    found: list[str] = reference.countries_at(lon, lat).tolist()
    wet = [row for row, country in enumerate(found) if not country]
    for row, edge in zip(wet, beside(network, lon[wet], lat[wet]).edge, strict=True):
        found[row] = network.iso3(int(network.u[edge])) if edge >= 0 else ""
    return found
