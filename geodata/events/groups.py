"""Groups of points of uneven density, and the points that belong to none (HDBSCAN)."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from hdbscan import HDBSCAN  # type: ignore[import-untyped]

from geodata.events.points import EventPoints, Note, UnfitEvents, Whole
from geodata.ground import crs, plane
from geodata.ground.plane import EqualAreaPlane
from geodata.ground.reference import Floats

NO_GROUP = -1
MOST_POINTS = 200_000
"""Takes about half a minute; a million took four."""


@dataclass(frozen=True, eq=False)
class PointGroups:
    """The group of each point, in the order of `points`: 0 is the largest, -1 none; `strength` 0 to 1 in its group.

    `smallest` is the least number of events that make a group, `density` how many neighbours a point needs to lie
    densely.
    """

    points: EventPoints
    group: Whole
    strength: Floats
    plane: EqualAreaPlane
    smallest: int
    density: int
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        """The number of groups."""
        return int(self.group.max(initial=NO_GROUP)) + 1

    @property
    def first(self) -> date | None:
        """The earliest day of all events."""
        return self.points.first

    @property
    def last(self) -> date | None:
        """The latest day of all events."""
        return self.points.last

    @property
    def sentence(self) -> Note:
        """What the layer says and how it was made."""
        template = (
            "{groups} groups of at least {smallest} events hold {inside} of {events} events; {alone} belong to none "
            "(HDBSCAN, density by {density} neighbours)."
        )
        alone = int((self.group == NO_GROUP).sum())
        params = {"groups": len(self), "smallest": self.smallest, "density": self.density, "alone": alone}
        params |= {"events": len(self.points), "inside": len(self.points) - alone}
        if self.first is None or self.last is None:
            return Note(template, params)
        when = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return Note(template + " Events of {first} to {last}.", params | when)

    def frame(self, margin_km: float = 1.0) -> gpd.GeoDataFrame:
        """A row for each group, ready to draw on WGS 84: `group`, `n`, `strength` (mean), `first`, `last`, shape.

        The shape is the convex hull of its points, `margin_km` wider, so that no corner gives a point away exactly.
        """
        x, y = self.plane.project(self.points.lon, self.points.lat)
        rows = []
        for group in range(len(self)):
            mine = self.group == group
            hull = shapely.convex_hull(shapely.multipoints(np.column_stack([x[mine], y[mine]])))
            day = self.points.day[mine]
            rows.append((group, int(mine.sum()), float(self.strength[mine].mean()), day.min(), day.max(), hull))
        columns = ["group", "n", "strength", "first", "last", "geometry"]
        found = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry")
        if rows:
            flat = shapely.buffer(found.geometry.to_numpy(), margin_km)
            found = found.set_geometry(self.plane.unflatten(flat))
        return found.set_crs(crs.WGS84)


def groups(points: EventPoints, smallest: int = 10, density: int | None = None) -> PointGroups:
    """Groups by hierarchical density (Campello, Moulavi and Sander 2013), with distances on an equal-area plane.

    Points of one place get one group. `density` is `smallest` unless given; smaller values find thinner groups.

    >>> from datetime import date
    >>> from geodata.events.points import checked
    >>> from geodata.ground.reference import border_crossings
    >>> balkans = border_crossings().cx[19:23, 41:46]
    >>> found = groups(checked(balkans, date(2026, 11, 24)), smallest=5)
    >>> len(found) > 1, len(found.frame()) == len(found)
    (True, True)
    """
    if smallest < 2 or (density is not None and density < 1):
        raise ValueError("A group needs at least two events, and the density at least one neighbour.")
    if len(points) < 2 * smallest:
        template = "{count} points cannot form groups of {smallest}. Choose smaller groups."
        raise UnfitEvents(template, count=len(points), smallest=smallest)
    if len(points) > MOST_POINTS:
        raise UnfitEvents(
            "{count:,} points are more than {most:,}. Choose a part.", count=len(points), most=MOST_POINTS
        )
    sheet = plane.around(points.lon, points.lat)
    flat = np.column_stack(sheet.project(points.lon, points.lat))
    neighbours = density or smallest
    made = HDBSCAN(min_cluster_size=smallest, min_samples=neighbours, core_dist_n_jobs=1).fit(flat)
    group, strength = _by_place(points, made.labels_.astype(np.int64), made.probabilities_)
    return PointGroups(points, _by_size(group), strength, sheet, smallest, neighbours, points.notes)


def _by_place(points: EventPoints, group: Whole, strength: Floats) -> tuple[Whole, Floats]:
    """One answer for each place, that of the first in the order of points: which of several equals does not matter."""
    moved = (np.diff(points.lon, prepend=np.nan) != 0) | (np.diff(points.lat, prepend=np.nan) != 0)
    leader = np.flatnonzero(moved)[np.cumsum(moved) - 1]
    return group[leader], strength[leader]


def _by_size(group: Whole) -> Whole:
    """Numbers by falling size; among equals, the one whose first point comes first."""
    names, first, at, size = np.unique(group, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -size, names == NO_GROUP))
    rank = np.empty(len(names), np.int64)
    rank[order] = np.arange(len(names))
    rank[names == NO_GROUP] = NO_GROUP
    return rank[at]
