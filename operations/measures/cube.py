"""One figure as one reader may see it: by exact level its total, its countries and its days.

Every number on a screen is a sum of these cells, so that no switch of level, country or day gives a hidden one back.
Counts of persons pass disclosure control here; the countries and the days of a level are two tables with one total,
and the total is shown when both allow it. A reader knows the own country anyway: the rules protect all others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

from operations.measures import disclosure, kpis
from operations.measures.kpis import Counting, Kpi
from operations.measures.totals import Row

T = TypeVar("T", bound=str)
Amounts = dict[int, Counter[str]]


@dataclass(frozen=True)
class Reader:
    """Who reads: whether everything is shown, the country answered for, and the countries whose cells are not shown."""

    full: bool
    own: str | None = None
    kept_back: Set[str] = frozenset()


@dataclass(frozen=True)
class Cube:
    """Amounts of one figure by exact level; None is hidden."""

    totals: Mapping[int, int | None]
    countries: Mapping[int, Mapping[str, int | None]]
    days: Mapping[int, Mapping[str, int | None]]

    def total(self, wanted: Callable[[int], bool]) -> int | None:
        """The total of the levels that `wanted` accepts."""
        return whole(amount for level, amount in self.totals.items() if wanted(level))

    def country(self, country: str, wanted: Callable[[int], bool]) -> int | None:
        """The amount of one country at the levels that `wanted` accepts."""
        return whole(cells.get(country, 0) for level, cells in self.countries.items() if wanted(level))

    def by_day(self, wanted: Callable[[int], bool]) -> dict[str, int | None]:
        """The amount of each official day at the levels that `wanted` accepts."""
        levels = [cells for level, cells in self.days.items() if wanted(level)]
        return {
            day: whole(cells.get(day, 0) for cells in levels)
            for day in sorted({day for cells in levels for day in cells})
        }


def whole(parts: Iterable[int | None]) -> int | None:
    """The sum, or None when a part of it is hidden."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def amounts(rows: Iterable[Row], side: Callable[[Row], str]) -> dict[Kpi, Amounts]:
    """How much of each counted figure the rows hold, by exact level and by one side of them: country or day."""
    found: dict[Kpi, Amounts] = {kpi: defaultdict(Counter) for kpi in kpis.COUNTED}
    for row in rows:
        for kpi, counting in kpis.figures(row.facet):
            amount = row.records if counting is Counting.RECORDS else row.quantity
            if amount:
                found[kpi][row.level][side(row)] += amount
    return found


def cube(countries: Amounts, days: Amounts, own_days: Amounts, reader: Reader) -> Cube:
    """The cube that `reader` may see. `own_days` is the part of `days` that belongs to the reader's own country."""
    totals: dict[int, int | None] = {}
    shown_countries: dict[int, Mapping[str, int | None]] = {}
    shown_days: dict[int, Mapping[str, int | None]] = {}
    for level, by_country in countries.items():
        by_day = days.get(level, Counter[str]())
        if reader.full:
            totals[level], shown_countries[level], shown_days[level] = (
                by_country.total(),
                dict(by_country),
                dict(by_day),
            )
            continue
        others = {country: count for country, count in by_country.items() if country != reader.own}
        guarded = disclosure.protect(others, reader.kept_back & others.keys())
        own = own_days.get(level, Counter[str]())
        guarded_days = disclosure.protect({day: count - own[day] for day, count in by_day.items()})
        safe = guarded.total is not None and guarded_days.total is not None
        totals[level] = by_country.total() if safe else None
        shown_countries[level] = guarded.cells | ({reader.own: by_country[reader.own]} if reader.own else {})
        shown_days[level] = {day: None if guarded_days.cells[day] is None else count for day, count in by_day.items()}
    return Cube(totals, shown_countries, shown_days)
