"""Event points: input of all analyses, checked, sorted, and with its errors counted.

Every analysis takes `EventPoints`, and `EventPoints` are sorted, so no result depends on the order of the rows they
came in.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.ground import crs
from geodata.ground.reference import Floats

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]


@dataclass(frozen=True)
class Note:
    """A sentence for the reader: English `template` with {named} places, and its `params`."""

    template: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        listed = {key: ", ".join(map(str, value)) for key, value in self.params.items() if isinstance(value, list)}
        return self.template.format(**self.params | listed)


class UnfitEvents(ValueError):
    """The events do not allow the analysis. `note` says why, and what to do."""

    def __init__(self, template: str, **params: Any) -> None:
        self.note = Note(template, params)
        super().__init__(str(self.note))


@dataclass(frozen=True, eq=False)
class EventPoints:
    """Checked events on WGS 84, one entry each in every array, sorted by place, day and weight.

    `lon`, `lat` in degrees; `day` as datetime64[D], NaT where the layer has no dates; `weight` such as persons, 1 where
    none was asked for; `row` is the position in the caller's frame. `notes` say what was left out or looks wrong.
    """

    lon: Floats
    lat: Floats
    day: Days
    weight: Floats
    row: Whole
    notes: tuple[Note, ...] = ()

    def __len__(self) -> int:
        return len(self.lon)

    @property
    def first(self) -> date | None:
        """The earliest day; None without dates."""
        return None if np.isnat(self.day).any() else self.day.min().item()

    @property
    def last(self) -> date | None:
        """The latest day; None without dates."""
        return None if np.isnat(self.day).any() else self.day.max().item()


def checked(frame: gpd.GeoDataFrame, today: date, day: str | None = None, weight: str | None = None) -> EventPoints:
    """The usable points of a layer on WGS 84. `day` and `weight` name its columns, where it has them.

    Left out and counted in the notes: points at 0, 0; without a date (where `day` is given); dated after `today`. Kept
    and counted: points that repeat another of the same place and day. `UnfitEvents` for a layer without points, with a
    single one, or with all of them in one place; for shapes that are not points; for weights that are not numbers of 0
    or more. Days are official days: a column with times that carry a zone is refused.

    >>> from datetime import date
    >>> from geodata.ground.reference import border_crossings
    >>> usable = checked(border_crossings(), date(2026, 11, 24))
    >>> len(usable), usable.first, usable.notes
    (1392, None, ())
    """
    crs.require(frame)
    if not len(frame):
        raise UnfitEvents("The layer is empty: there is nothing to compute.")
    shapes = frame.geometry.to_numpy()
    if (shapely.get_type_id(shapes) != 0).any() or shapely.is_empty(shapes).any():
        raise UnfitEvents("Every row must be one point, none of them missing or empty.")
    lon, lat = shapely.get_coordinates(shapes).T
    if not (np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)).all():
        raise UnfitEvents("Longitudes must lie between -180 and 180, latitudes between -90 and 90.")
    days = _days(frame[day]) if day else np.full(len(frame), np.datetime64("NaT"), "datetime64[D]")
    weights = _weights(frame[weight]) if weight else np.ones(len(frame))
    keep, notes = _usable(lon, lat, days, day is not None, today)
    row = np.flatnonzero(keep)
    row = row[np.lexsort((weights[row], days[row], lat[row], lon[row]))]
    found = EventPoints(
        lon[row], lat[row], days[row], weights[row], row, (*notes, *_repeated(lon[row], lat[row], days[row]))
    )
    _refuse_without_pattern(found, len(frame))
    return found


def _days(column: "pd.Series[Any]") -> Days:
    when = pd.to_datetime(column, errors="coerce")
    if isinstance(when.dtype, pd.DatetimeTZDtype):
        raise UnfitEvents("The dates carry a time zone. Give the official day of each event instead.")
    if when.dtype == object:
        raise UnfitEvents("The dates are of several kinds. Give one day for each event.")
    return when.to_numpy().astype("datetime64[D]")


def _weights(column: "pd.Series[Any]") -> Floats:
    weights = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    if not (np.isfinite(weights) & (weights >= 0)).all():
        raise UnfitEvents("Every weight must be a number of 0 or more.")
    return weights


def _usable(lon: Floats, lat: Floats, day: Days, dated: bool, today: date) -> tuple[Flags, list[Note]]:
    nowhere = (lon == 0) & (lat == 0)
    undated = np.isnat(day) & dated & ~nowhere
    ahead = (day > np.datetime64(today)) & ~nowhere
    said = {
        "{count} of {total} points lie at 0, 0, which is a missing place, and were left out.": nowhere,
        "{count} of {total} points have no date and were left out.": undated,
        "{count} of {total} points are dated after {today} and were left out.": ahead,
    }
    total = len(lon)
    notes = [
        Note(template, {"count": int(some.sum()), "total": total, "today": today.isoformat()})
        for template, some in said.items()
        if some.any()
    ]
    return ~(nowhere | undated | ahead), notes


def _repeated(lon: Floats, lat: Floats, day: Days) -> list[Note]:
    """The arrays are sorted, so a repeat follows its first."""
    if len(lon) < 2:
        return []
    days = day.astype(np.int64)
    again = int(((np.diff(lon) == 0) & (np.diff(lat) == 0) & (np.diff(days) == 0)).sum())
    if not again:
        return []
    template = (
        "{count} of {total} points repeat another of the same place and day. They were kept; check for duplicates."
    )
    if np.isnat(day).all():
        template = "{count} of {total} points repeat the place of another. They were kept; check for duplicates."
    return [Note(template, {"count": again, "total": len(lon)})]


def _refuse_without_pattern(found: EventPoints, total: int) -> None:
    if not len(found):
        said = " ".join(map(str, found.notes))
        raise UnfitEvents("None of the {total} points can be used. {reasons}", total=total, reasons=said)
    if len(found) == 1:
        raise UnfitEvents("There is only one usable point of {total}: no pattern can be computed from it.", total=total)
    if np.ptp(found.lon) == 0 and np.ptp(found.lat) == 0:
        raise UnfitEvents(
            "All {count} points lie in one place, {lat}, {lon}. Check how the places were entered.",
            count=len(found),
            lat=f"{found.lat[0]:.4f}",
            lon=f"{found.lon[0]:.4f}",
        )
