"""Hotspots: where more happened than chance explains, by Getis-Ord Gi* on cells or along a border.

Analytic, not by permutation: over many places the smallest p-value that 999 permutations can give, 0.001, is too
large to survive an honest correction for so many tests, so permutations find nothing there.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse, stats

from geodata.events.border import sections
from geodata.events.cells import CellGrid, study_area, tally
from geodata.events.points import EventPoints, Note, UnfitEvents, Whole
from geodata.ground import crs
from geodata.ground.plane import Shapes
from geodata.ground.reference import Floats, Texts

HOT, COLD, PLAIN = "hot", "cold", ""


class HotspotPlaces(Protocol):
    """The places that hotspots are computed on: a grid of cells, or the sections of a border."""

    @property
    def size(self) -> str:
        """How large one of them is, with its unit, for sentences: "253 km2", "10 km"."""
        ...

    def polygons(self, cells: Whole) -> Shapes:
        """What to draw of some of them, on WGS 84."""
        ...


@dataclass(frozen=True, eq=False)
class Hotspots:
    """The result of a hotspot test, with everything needed to repeat it; one entry for each place in every array.

    `places` are a grid, or the sections of a border; `code` the cells or section numbers; `count` events; `value` what
    was tested (events or their weight); `z` Gi*; `p` two-sided, normal; `q` after Benjamini and Hochberg; `kind` is
    "hot", "cold" or "". `level` is the false discovery rate, `least` the minimum of events around a hot place. `first`
    and `last` are the days of the events. `outside` events lie in none of the places.
    """

    places: HotspotPlaces
    code: Whole
    count: Whole
    value: Floats
    z: Floats
    p: Floats
    q: Floats
    kind: Texts
    level: float
    least: int
    outside: int
    first: date | None
    last: date | None
    notes: tuple[Note, ...] = ()

    @property
    def sentence(self) -> Note:
        """What the layer says and how it was made."""
        params = {
            "hot": int((self.kind == HOT).sum()),
            "cold": int((self.kind == COLD).sum()),
            "places": len(self.code),
            "size": self.places.size,
            "events": int(self.count.sum()),
            "rate": f"{100 * self.level:g}",
            "least": self.least,
        }
        template = (
            "{hot} hot and {cold} cold of {places} places of {size}, from {events} events: more or fewer together with "
            "their neighbours than chance explains (Getis-Ord Gi*, false discovery rate {rate} %, at least {least} "
            "events)."
        )
        if self.first is None or self.last is None:
            return Note(template, params)
        when = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return Note(template + " Events of {first} to {last}.", params | when)

    def frame(self, only: NDArray[np.bool_] | None = None) -> gpd.GeoDataFrame:
        """Ready to draw on WGS 84: `code`, `count`, `value`, `z`, `p`, `q`, `kind`, shape. Places of `only`, or all."""
        chosen = np.ones(len(self.code), np.bool_) if only is None else only
        columns = {name: getattr(self, name)[chosen] for name in ("code", "count", "value", "z", "p", "q", "kind")}
        return gpd.GeoDataFrame(columns, geometry=self.places.polygons(self.code[chosen]), crs=crs.WGS84)


def on_cells(
    points: EventPoints,
    grid: CellGrid,
    area: shapely.Geometry | None = None,
    rings: int = 2,
    level: float = 0.05,
    least: int = 5,
    weighted: bool = False,
) -> Hotspots:
    """Gi* of each cell with its touching neighbours, over the cells of `area` or around the points (`study_area`).

    A place is hot (cold) where Gi* is above (below) 0, q is at most `level`, and for hot ones at least `least` events
    lie in it and its neighbours together: below that the normal approximation promises too much. `weighted` tests the
    sum of weights, such as persons, instead of the number of events.

    >>> from datetime import date
    >>> from geodata.events.cells import Hexagons
    >>> from geodata.events.points import checked
    >>> from geodata.ground.reference import border_crossings
    >>> layer = on_cells(checked(border_crossings(), date(2026, 11, 24)), Hexagons(3))
    >>> str(layer.sentence)[:61]
    '217 hot and 0 cold of 5016 places of 12400 km2, from 1392 eve'
    """
    cells = study_area(points, grid, area, rings)
    found = grid.cells(points.lon, points.lat)
    return _judged(points, grid, cells, found, grid.neighbours(cells), level, least, weighted)


def on_border(
    points: EventPoints,
    line: shapely.Geometry,
    section_km: float = 10,
    reach_km: float = 10,
    level: float = 0.05,
    least: int = 5,
    weighted: bool = False,
) -> Hotspots:
    """Gi* of each section of a border with the sections before and after it (`border.sections`).

    Events count for the nearest section, if that is at most `reach_km` away; the others are `outside`.
    """
    cut = sections(line, section_km)
    nearest = cut.assign(points.lon, points.lat, reach_km)
    if not (nearest >= 0).any():
        raise UnfitEvents(
            "None of the {count} points lies within {reach:g} km of the border.", count=len(points), reach=reach_km
        )
    return _judged(points, cut, np.arange(len(cut)), nearest, cut.neighbours(), level, least, weighted)


def gi_star(values: Floats, weights: sparse.csr_array) -> Floats:
    """Gi* of each place as a standard normal deviate; 0 where it is not defined.

    `values` has shape (n,) or (n, t); with periods, mean and deviation are those of all n x t values, so that places
    are compared over time as well. `weights` is n x n and holds each place itself (that is the star). Ord and Getis
    (1995), Local spatial autocorrelation statistics, Geographical Analysis 27(4), equation 14 with population standard
    deviation.

    >>> line = sparse.csr_array(np.eye(5) + np.eye(5, k=1) + np.eye(5, k=-1))
    >>> gi_star(np.array([9.0, 8.0, 0.0, 0.0, 1.0]), line).round(2).tolist()
    [1.99, 1.26, -0.57, -1.99, -1.26]
    """
    n = values.size
    mean, deviation = values.mean(), values.std()
    total, squares = weights.sum(axis=1), weights.multiply(weights).sum(axis=1)
    spread = deviation * np.sqrt(np.maximum(n * squares - total**2, 0) / (n - 1)) if n > 1 else 0 * total
    if values.ndim == 2:
        total, spread = total[:, None], spread[:, None]
    above = weights @ values - mean * total
    z: Floats = np.divide(above, spread, out=np.zeros_like(above), where=spread > 0)
    return z


def false_discovery(p: Floats) -> Floats:
    """p-values of any shape adjusted after Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57(1): q <= level keeps
    the expected share of false finds at `level`, under independent or positively dependent tests, as neighbours are.

    >>> false_discovery(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    flat = p.ravel()
    order = np.argsort(flat, kind="stable")
    raised = flat[order] * flat.size / np.arange(1, flat.size + 1)
    q = np.empty_like(flat)
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1)
    return q.reshape(p.shape)


def with_itself(neighbours: sparse.csr_array) -> sparse.csr_array:
    """Neighbours and the place itself, all of weight 1."""
    return sparse.csr_array(neighbours + sparse.eye_array(neighbours.shape[0], format="csr"))


def kinds(z: Floats, q: Floats, around: Floats, level: float, least: int) -> Texts:
    """ "hot", "cold" or "" by the rule of `on_cells`, for arrays of any shape; `around` is the number of events."""
    sure = q <= level
    return np.where(sure & (z > 0) & (around >= least), HOT, np.where(sure & (z < 0), COLD, PLAIN)).astype(object)


def _judged(
    points: EventPoints,
    places: HotspotPlaces,
    code: Whole,
    found: Whole,
    neighbours: sparse.csr_array,
    level: float,
    least: int,
    weighted: bool,
) -> Hotspots:
    if not 0 < level < 1 or least < 1:
        raise ValueError(f"The rate {level} must lie between 0 and 1, and the minimum {least} must be 1 or more.")
    count = tally(code, found)
    value = tally(code, found, points.weight) if weighted else count
    if not count.any():
        raise UnfitEvents("None of the {count} points lies in the area.", count=len(points))
    if len(code) < 3 or np.ptp(value) == 0:
        raise UnfitEvents(
            "All {count} places hold the same: nothing can stand out. Choose smaller ones.", count=len(code)
        )
    weights = with_itself(neighbours)
    z = gi_star(value, weights)
    p = 2 * stats.norm.sf(np.abs(z))
    q = false_discovery(p)
    return Hotspots(
        places=places,
        code=code,
        count=count.astype(np.int64),
        value=value,
        z=z,
        p=p,
        q=q,
        kind=kinds(z, q, weights @ count, level, least),
        level=level,
        least=least,
        outside=len(points) - int(count.sum()),
        first=points.first,
        last=points.last,
        notes=points.notes,
    )
