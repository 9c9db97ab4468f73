"""Periods: days grouped into whole weeks, months or quarters."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from geodata.events.cells import tally
from geodata.events.points import Days, EventPoints, UnfitEvents, Whole
from geodata.ground.reference import Floats

Length = Literal["week", "month", "quarter"]

A_YEAR: dict[Length, int] = {"week": 52, "month": 12, "quarter": 4}
"""Periods to a year; 52 weeks are a day or two short of one."""

MOST_COUNTS = 50_000_000
"""Cells times periods that are held at once: 400 MB."""


@dataclass(frozen=True, eq=False)
class Periods:
    """Consecutive whole periods. `start` has one day more than there are periods: the end of the last, exclusive."""

    length: Length
    start: Days

    def __len__(self) -> int:
        return len(self.start) - 1

    def of(self, day: Days) -> Whole:
        """The number of the period of each day, -1 outside of all."""
        found = np.searchsorted(self.start, day, side="right") - 1
        return np.where((found >= 0) & (found < len(self)), found, -1)

    def name(self, number: int) -> date:
        """The first day of a period; the number after the last gives the next one's."""
        first: date = self.start[number].item()
        return first


def whole_periods(points: EventPoints, length: Length, complete_until: date | None = None, least: int = 1) -> Periods:
    """The periods of `length` from that of the first event to the last that had ended on `complete_until`.

    `complete_until` is the day up to which the layer is known to be complete, that day included; by default that of the
    last event. A period that had not ended then is left out: its low count would read as a fall.
    """
    if points.first is None or points.last is None:
        raise UnfitEvents("The layer has no dates, so it cannot be followed over time. Name the column with the day.")
    until = np.datetime64(complete_until or points.last) + 1
    start = _starts(np.datetime64(points.first), until, length)
    if len(start) - 1 < least:
        raise UnfitEvents(
            "The layer covers {found} whole periods ({length}); at least {least} are needed. Choose shorter ones.",
            found=len(start) - 1,
            length=length,
            least=least,
        )
    return Periods(length, start)


def counts(points: EventPoints, periods: Periods, cells: Whole, found: Whole, weight: Floats | None = None) -> Floats:
    """Events, or their weight, in each cell and period: shape (cells, periods). `found` is the cell of each point."""
    if len(cells) * len(periods) > MOST_COUNTS:
        template = "That makes {n} cells in {t} periods. Choose larger cells or longer periods."
        raise UnfitEvents(template, n=len(cells), t=len(periods))
    when = periods.of(points.day)
    flat = np.zeros((len(periods), len(cells)))
    for number in range(len(periods)):
        then = when == number
        flat[number] = tally(cells, found[then], None if weight is None else weight[then])
    return np.ascontiguousarray(flat.T)


def _starts(first: np.datetime64, until: np.datetime64, length: Length) -> Days:
    """First days of the periods from that of `first`, and the first day after the last that ends by `until`."""
    if length == "week":
        monday = first - (first.astype("datetime64[D]").astype(int) + 3) % 7
        return np.arange(monday, until + 1, 7)
    months = {"month": 1, "quarter": 3}[length]
    month = first.astype("datetime64[M]")
    begun = month - month.astype(int) % months
    return np.arange(begun, until.astype("datetime64[M]") + 1, months).astype("datetime64[D]")
