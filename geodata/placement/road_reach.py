"""Whom teams reach by road in so many minutes, and the area on the map where that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata import distances, reference
from geodata.closures import Closed
from geodata.network import Network, Truths, world
from geodata.placement.coverage import Reach
from geodata.placement.problem import Unplaceable, Whole
from geodata.reach import MOST_HOURS, Grid
from geodata.reference import Floats
from geodata.roadside import Beside, Departures, beside, sampled
from geodata.travel import BY_ROAD, Travel

_AT_ONCE = 16
"""So many sites are searched together: some 30 MB."""

_STRIPS = 5
_WIDEST_KM = 30.0
"""An area is drawn in so many strips, each with what is left for the straight stretch, up to so far from a road."""

_CELLS = 240


@dataclass(frozen=True, eq=False)
class Drive:
    """Points and sites beside roads, and who is at whom within `hours` (at most 48).

    A point is reached where the way along roads and the straight stretches to the road at both ends, at
    `Speeds.access_kmh`, take no longer. Where both lie beside the same stretch of road, straight ahead may be quicker.
    `homes`: the countries in which the team of each site stays, each for itself: it crosses none of their borders and
    goes to nobody elsewhere, at sea excepted. None where borders do not stop a team. Nobody is reached in a country
    that `travel` closes.
    """

    points: Beside
    sites: Beside
    hours: float
    travel: Travel
    homes: tuple[tuple[str, ...], ...] | None
    network: Network

    def reach(self, names: Sequence[str]) -> Reach:
        """Who reaches whom; `names` of the sites in their order."""
        found: list[list[Whole]] = [[] for _ in names]
        for departures, sites in self._departures():
            allowed = self._allowed(departures)
            for first in range(0, len(sites), _AT_ONCE):
                batch = sites[first : first + _AT_ONCE]
                for site, taken in zip(batch, departures.nodes(batch, self.hours), strict=True):
                    found[site].append(self._reached(departures, site, taken, allowed))
        none = np.zeros(0, np.int64)
        within = (np.unique(np.concatenate([none, *each])) for each in found)
        return Reach(len(self.points.lon), tuple(map(str, names)), tuple(within))

    @property
    def sites_off(self) -> Truths:
        """True for each site from which no road is reached in time."""
        return self._off(self.sites)

    @property
    def points_off(self) -> Truths:
        """True for each point that is not reached in time from its nearest road."""
        return self._off(self.points)

    def area(self, site: int) -> shapely.Geometry:
        """What the team of a site reaches, on WGS 84, cut at 180°; empty where it reaches no road.

        Every place in it has a road that is reached early enough for the straight stretch, of 30 km at most.
        """
        shapes = []
        for departures, sites in self._departures():
            if site in sites and not self.sites_off[site]:
                shapes.append(self._drawn(departures, site))
        return shapely.union_all(shapes) if shapes else shapely.Polygon()

    def _off(self, beside_roads: Beside) -> Truths:
        far: Truths = beside_roads.km > self.hours * self.travel.speeds.access_kmh
        return far

    def _departures(self) -> Iterable[tuple[Departures, list[int]]]:
        """The sites by what is closed to them."""
        if self.homes is None:
            yield Departures(self.network, self.travel, self.sites), list(range(len(self.sites.lon)))
            return
        for country in sorted({each for home in self.homes for each in home}):
            borders = frozenset(each for each in self.network.borders if country in each.split("-"))
            shut = self.travel.closed
            closed = Closed(shut.countries, shut.borders | borders, shut.sites, shut.passages, shut.circles, shut.edges)
            travel = Travel(self.travel.modes, closed, self.travel.least, self.travel.speeds)
            sites = [site for site, home in enumerate(self.homes) if country in home]
            yield Departures(self.network, travel, self.sites, frozenset({country})), sites

    def _allowed(self, departures: Departures) -> Truths:
        """True for each point that lies where such teams may go."""
        if departures.countries is None and not self.travel.closed.countries:
            return np.ones(len(self.points.lon), dtype=bool)
        may = ~np.isin(self._countries, list(self.travel.closed.countries))
        if departures.countries is not None:
            may &= np.isin(self._countries, ["", *departures.countries])
        return may

    @cached_property
    def _countries(self) -> NDArray[np.str_]:
        return reference.countries_at(self.points.lon, self.points.lat).astype(np.str_)

    @cached_property
    def _by_edge(self) -> tuple[Whole, Whole, Whole]:
        """The points beside roads, sorted by their edge; those edges, and where the points of each begin."""
        known = np.flatnonzero(self.points.edge >= 0)
        order = known[np.argsort(self.points.edge[known], kind="stable")]
        edges, first = np.unique(self.points.edge[order], return_index=True)
        return order, edges, np.append(first, len(order))

    def _reached(self, departures: Departures, site: int, taken: Floats, allowed: Truths) -> Whole:
        """The points that a site reaches, `taken` its hours to all nodes."""
        order, edges, first = self._by_edge
        network, own = self.network, int(self.sites.edge[site])
        near = np.minimum(taken[network.u[edges]], taken[network.v[edges]]) <= self.hours
        rows = np.flatnonzero(near | (edges == own) & (own >= 0))
        counts = first[rows + 1] - first[rows]
        at = order[np.repeat(first[rows] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())]
        at = at[allowed[at]]
        points, edge, whole = self.points, self.points.edge[at], departures.whole[self.points.edge[at]]
        last = points.km[at] / self.travel.speeds.access_kmh
        share = points.share[at]
        spent = np.minimum(taken[network.u[edge]] + share * whole, taken[network.v[edge]] + (1 - share) * whole)
        same = np.flatnonzero(edge == own)
        along = departures.off[site] + np.abs(share[same] - self.sites.share[site]) * whole[same]
        spent[same] = np.minimum(spent[same], along)
        spent += last
        ends = np.column_stack([points.lon, points.lat])[at[same]]
        straight = distances.from_point_km(float(self.sites.lon[site]), float(self.sites.lat[site]), ends)
        spent[same] = np.minimum(spent[same], straight / self.travel.speeds.access_kmh)
        found: Whole = at[spent <= self.hours]
        return found

    def _drawn(self, departures: Departures, site: int) -> shapely.Geometry:
        [taken] = departures.nodes([site], self.hours)
        network, own = self.network, int(self.sites.edge[site])
        reached = np.minimum(taken[network.u], taken[network.v]) <= self.hours
        reached[own] = True
        points, edge, share = sampled(network, np.flatnonzero(reached & (network.mode == 0)))
        whole = departures.whole[edge]
        spent = np.minimum(taken[network.u[edge]] + share * whole, taken[network.v[edge]] + (1 - share) * whole)
        along = departures.off[site] + np.abs(share - self.sites.share[site]) * whole
        spent = np.where(edge == own, np.minimum(spent, along), spent)
        kept = spent <= self.hours
        area = self._strips(site, points[kept], self.hours - spent[kept])
        if departures.countries is not None:
            area = shapely.intersection(area, _land(departures.countries, area))
        if self.travel.closed.countries:
            area = shapely.difference(area, _land(self.travel.closed.countries, area))
        return area

    def _strips(self, site: int, points: Floats, left: Floats) -> shapely.Geometry:
        """Everything that is reached straight from one of the points in the hours `left` there."""
        plane = distances.DistancePlane(float(self.sites.lon[site]), float(self.sites.lat[site]))
        access = self.travel.speeds.access_kmh
        widest = min(_WIDEST_KM, self.hours * access)
        flat = plane.of_earth(points)
        edge = 1.1 * ((float(np.abs(flat).max()) if len(flat) else 0.0) + widest)
        grid = Grid(plane, edge, 2 * edge / _CELLS)
        strips = (widest * strip / _STRIPS for strip in range(_STRIPS, 0, -1))
        filled = [grid.within(flat[left * access >= km], km) for km in (*strips, grid.cell)]
        return grid.shape(np.logical_or.reduce(filled))


def drive(
    points: tuple[ArrayLike, ArrayLike],
    sites: tuple[ArrayLike, ArrayLike],
    minutes: float,
    *,
    travel: Travel = BY_ROAD,
    homes: Sequence[Sequence[str]] | None = None,
    on: Network | None = None,
) -> Drive:
    """Points and sites, as (longitudes, latitudes) in degrees, WGS 84, beside the roads of the bundled network.

    `homes`: the countries where the team of each site stays; where none is named, the one that the site lies in.

    >>> drive(([29.0, 26.5], [41.0, 41.7]), ([26.6], [41.7]), 40).reach(["Edirne"]).within[0].tolist()
    [1]
    """
    if not 0 < minutes <= 60 * MOST_HOURS:
        raise Unplaceable(
            "{minutes} minutes are not between 0 and {most}.", minutes=f"{minutes:g}", most=f"{60 * MOST_HOURS:g}"
        )
    network = on or world()
    lon, lat = (
        np.concatenate([np.asarray(each, dtype=float) for each in pair]) for pair in zip(points, sites, strict=True)
    )
    every, n = beside(network, lon, lat), len(np.asarray(points[0]))
    there, stands = every.part(slice(n)), every.part(slice(n, None))
    if homes is not None:
        here = zip(homes, _countries_of(network, stands), strict=True)
        homes = [tuple(home) or ((country,) if country else ()) for home, country in here]
    by_hours = Travel(travel.modes, travel.closed, "hours", travel.speeds)
    return Drive(there, stands, minutes / 60, by_hours, None if homes is None else tuple(map(tuple, homes)), network)


def _countries_of(network: Network, stands: Beside) -> list[str]:
    """The country that each position lies in; of one at sea, that of the road it is beside."""
    found = reference.countries_at(stands.lon, stands.lat).tolist()
    roads = [network.iso3(int(network.u[edge])) if edge >= 0 else "" for edge in stands.edge]
    return [country or road for country, road in zip(found, roads, strict=True)]


def _land(countries: Iterable[str], near: shapely.Geometry) -> shapely.Geometry:
    """The land of some countries around a shape."""
    frame = reference.countries()
    shapes = frame.geometry[frame["iso3"].isin(list(countries))].to_numpy()
    if near.is_empty:
        return shapely.Polygon()
    return shapely.union_all([shapely.clip_by_rect(each, *near.bounds) for each in shapes])
