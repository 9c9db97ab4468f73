"""Hotspot trends: which hotspots are new, persistent, growing, fading or sporadic."""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import stats

from geodata.events.cells import CellGrid, study_area
from geodata.events.hotspots import HOT, false_discovery, gi_star, kinds, with_itself
from geodata.events.periods import Length, counts, whole_periods
from geodata.events.points import EventPoints, Flags, Note, UnfitEvents, Whole
from geodata.ground import crs
from geodata.ground.reference import Floats, Texts

EMERGING, INTENSIFYING, DIMINISHING = "emerging", "intensifying", "diminishing"
PERSISTENT, SPORADIC, NONE = "persistent", "sporadic", "none"
KINDS = (EMERGING, INTENSIFYING, PERSISTENT, DIMINISHING, SPORADIC, NONE)

LEAST_PERIODS = 8
"""Below eight values the normal approximation of Mann and Kendall is poor, and a trend is a word too large."""


@dataclass(frozen=True, eq=False)
class MannKendall:
    """A trend test for each series: statistic `s`, `z` with continuity correction, two-sided `p`, Kendall's `tau` a."""

    s: Floats
    z: Floats
    p: Floats
    tau: Floats


@dataclass(frozen=True, eq=False)
class Trends:
    """Trends of hotspots over time, with everything needed to explain and repeat them.

    For each of `code` in `grid`: `kind` (see `categories`), `count` of all events, `z` and `hot` for each period
    (cells x periods), and the trend of `z`: `tau` and its `q` (false discovery rate over the places that were ever
    hot, 1 elsewhere). `periods` are the first days; `until` is the first day after the last period.
    """

    grid: CellGrid
    code: Whole
    kind: Texts
    count: Whole
    z: Floats
    hot: Flags
    tau: Floats
    q: Floats
    length: Length
    periods: tuple[date, ...]
    until: date
    level: float
    least: int
    recent: int
    lasting: float
    notes: tuple[Note, ...] = ()

    @property
    def sentence(self) -> Note:
        """What the layer says and how it was made."""
        template = (
            "{emerging} emerging, {intensifying} intensifying, {persistent} persistent, {diminishing} diminishing and "
            "{sporadic} sporadic hotspots among {places} places of {size}, {count} periods ({length}) from {first} to "
            "before {until} (Gi* in each period, Mann-Kendall trend, false discovery rate {rate} %, at least {least} "
            "events)."
        )
        params = {kind: int((self.kind == kind).sum()) for kind in KINDS}
        params |= {"count": len(self.periods), "least": self.least, "places": len(self.code)}
        made = {
            "size": self.grid.size,
            "length": self.length,
            "rate": f"{100 * self.level:g}",
        }
        when = {"first": self.periods[0].isoformat(), "until": self.until.isoformat()}
        return Note(template, params | made | when)

    def frame(self, only: NDArray[np.bool_] | None = None) -> gpd.GeoDataFrame:
        """Ready to draw on WGS 84: `code`, `kind`, `count`, `tau`, `q`, `hot_periods`, `z_last`, shape."""
        chosen = np.ones(len(self.code), np.bool_) if only is None else only
        columns = {name: getattr(self, name)[chosen] for name in ("code", "kind", "count", "tau", "q")}
        columns |= {"hot_periods": self.hot[chosen].sum(axis=1), "z_last": self.z[chosen, -1]}
        return gpd.GeoDataFrame(columns, geometry=self.grid.polygons(self.code[chosen]), crs=crs.WGS84)


def emerging(
    points: EventPoints,
    grid: CellGrid,
    length: Length = "month",
    complete_until: date | None = None,
    area: shapely.Geometry | None = None,
    rings: int = 1,
    level: float = 0.05,
    least: int = 3,
    recent: int = 3,
    lasting: float = 0.75,
) -> Trends:
    """Gi* of each cell in each period against all cells in all periods, and how it moves.

    1. Events are counted by cell and whole period (`periods.whole_periods`).
    2. Gi* in space, period by period; mean and deviation are those of all cells in all periods.
    3. A cell is hot in a period under the rule of `hotspots.on_cells`, the false discovery rate held over all tests.
    4. Mann-Kendall on the z of each cell, false discovery rate over the cells that were ever hot.
    5. `categories` name the result.
    """
    if not (0 < level < 1 and 0 < lasting <= 1 and least >= 1):
        raise ValueError("Level and lasting share must lie between 0 and 1, and the minimum must be 1 or more.")
    periods = whole_periods(points, length, complete_until, LEAST_PERIODS)
    if not 1 <= recent < len(periods):
        raise UnfitEvents(
            "The recent periods must be from 1 to {most}, not {given}.", most=len(periods) - 1, given=recent
        )
    cells = study_area(points, grid, area, rings)
    count = counts(points, periods, cells, grid.cells(points.lon, points.lat))
    if np.ptp(count) == 0:
        raise UnfitEvents("All cells hold the same in all periods: nothing can stand out.")
    weights = with_itself(grid.neighbours(cells))
    z = gi_star(count, weights)
    hot: Flags = kinds(z, false_discovery(2 * stats.norm.sf(np.abs(z))), weights @ count, level, least) == HOT
    ever = hot.any(axis=1)
    trend = mann_kendall(z)
    q = np.ones(len(cells))
    q[ever] = false_discovery(trend.p[ever])
    return Trends(
        grid=grid,
        code=cells,
        kind=categories(hot, trend.tau, q <= level, recent, lasting),
        count=count.sum(axis=1).astype(np.int64),
        z=z,
        hot=hot,
        tau=trend.tau,
        q=q,
        length=length,
        periods=tuple(periods.start[:-1].tolist()),
        until=periods.name(-1),
        level=level,
        least=least,
        recent=recent,
        lasting=lasting,
        notes=points.notes,
    )


def categories(hot: Flags, tau: Floats, sure: Flags, recent: int = 3, lasting: float = 0.75) -> Texts:
    """One word for each place, from `hot` (places x periods), the trend `tau` of Gi* and whether it is `sure`.

    The first that fits:
    none: never hot.
    emerging: hot in the last period, and never before the last `recent` ones.
    intensifying: hot in the last period, and Gi* rises for sure.
    diminishing: Gi* falls for sure; it may be hot still or no longer.
    persistent: hot in at least a share `lasting` of all periods, without a sure trend.
    sporadic: everything else that was ever hot.

    Simpler than the seventeen categories of ArcGIS' Emerging Hot Spot Analysis, whose names they share: there a hot
    spot must have been hot nine times in ten to be called intensifying or diminishing.

    >>> months = np.array([[0, 0, 0, 0, 1], [1, 1, 1, 1, 1], [1, 0, 0, 1, 0]], dtype=bool)
    >>> categories(months, np.zeros(3), np.zeros(3, dtype=bool), recent=1).tolist()
    ['emerging', 'persistent', 'sporadic']
    """
    now, before = hot[:, -1], hot[:, : hot.shape[1] - recent].any(axis=1)
    rules = [
        (~hot.any(axis=1), NONE),
        (now & ~before, EMERGING),
        (now & sure & (tau > 0), INTENSIFYING),
        (sure & (tau < 0), DIMINISHING),
        ((hot.mean(axis=1) >= lasting) & ~sure, PERSISTENT),
    ]
    return np.select([rule for rule, _ in rules], [kind for _, kind in rules], SPORADIC).astype(object)


def mann_kendall(series: Floats) -> MannKendall:
    """The trend of each row of (n, t), t at least 2, with correction for ties.

    Mann (1945), Econometrica 13(3); variance with ties after Kendall (1975), Rank Correlation Methods. Values of one
    series are taken to be independent from period to period; where they are not, p is too small.

    >>> rising = mann_kendall(np.array([[1.0, 2, 2, 3, 5, 8, 8, 9], [3, 3, 3, 3, 3, 3, 3, 3]]))
    >>> rising.s.tolist(), rising.p.round(4).tolist()
    ([26.0, 0.0], [0.0017, 1.0])
    """
    n, t = series.shape
    if t < 2:
        raise ValueError("A trend needs at least two periods.")
    s = np.zeros(n)
    alike = np.ones((n, t))
    for lag in range(1, t):
        later, earlier = series[:, lag:], series[:, :-lag]
        s += (later > earlier).sum(axis=1) - (later < earlier).sum(axis=1).astype(float)
        same = later == earlier
        alike[:, lag:] += same
        alike[:, :-lag] += same
    # Each group of `a` equal values takes off a(a - 1)(2a + 5); summed over its a members, (a - 1)(2a + 5) each.
    ties = ((alike - 1) * (2 * alike + 5)).sum(axis=1)
    variance = (t * (t - 1) * (2 * t + 5) - ties) / 18
    z = np.divide(s - np.sign(s), np.sqrt(variance), out=np.zeros(n), where=variance > 0)
    return MannKendall(s, z, 2 * stats.norm.sf(np.abs(z)), s / (t * (t - 1) / 2))
