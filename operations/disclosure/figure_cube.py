"""The figure cube: the cells of one figure that a reader may see, by exact level its total, countries and days.

Every number on a screen is a sum of these cells, so that no switch of level, country or day reveals a hidden one.
Disclosure control is applied here: to counts of persons for readers who do not answer for them, and to figures of every
kind for a country that keeps its totals back. The countries and the days of a level are two sides of one table with one
total and one decision: no day is shown where the total is hidden, nor where the days would reveal a small number
although the total is shown. A reader knows the own country anyway: the rules protect all others.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session

from operations.catalogue import kpis
from operations.catalogue.definition import Audience
from operations.catalogue.kpis import Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core import history
from operations.core.vocabulary import Level
from operations.disclosure import small_numbers
from operations.totals import total_steps, totals
from operations.totals.totals import Grain, TotalRow

T = TypeVar("T", bound=str)
OUTSIDE = "outside"
"""The country of external readers: it takes no part and has no results."""
Amounts = dict[int, Counter[str]]


@dataclass(frozen=True)
class Reader:
    """A reader: whether everything is shown, the country they answer for, and the countries whose cells are hidden.

    `home` is the reader's country whether they answer for it or not; None for readers who serve all countries.
    """

    full: bool
    own: str | None = None
    kept_back: Set[str] = frozenset()
    home: str | None = None

    def hides(self, country: str | None) -> bool:
        """Whether hidden countries must be protected in the figures of one country, or of all (None).

        Readers who serve all countries could add them up.
        """
        return bool(self.kept_back) and (country is None or self.home is None)

    @property
    def audience(self) -> Audience | None:
        """The audience of this reader for the reports of others; None in the own chain."""
        if self.home is None:
            return None if self.full else Audience.LEADERSHIP
        return Audience.OUTSIDE if self.home == OUTSIDE else Audience.COUNTRIES

    def guarded(self, kpi: Kpi) -> bool:
        """Whether small numbers of a figure are hidden from this reader."""
        return not self.full and self.audience in kpis.CATALOGUE[kpi].guarded

    @property
    def exact(self) -> bool:
        """Whether every cell is shown as it is."""
        return self.full and not self.hides(self.home)


@dataclass(frozen=True)
class Cube:
    """The amounts of one figure by exact level; None is hidden. Where a level's days are None, all are hidden."""

    totals: Mapping[int, int | None]
    countries: Mapping[int, Mapping[str, int | None]]
    days: Mapping[int, Mapping[str, int | None] | None]
    amounts: Amounts = field(default_factory=dict, repr=False)
    """The real amounts of countries, shown and hidden; they never leave this class."""

    def total(self, wanted: Callable[[int], bool]) -> int | None:
        """Return the total of the levels that `wanted` accepts."""
        return whole(amount for level, amount in self.totals.items() if wanted(level))

    def country(self, country: str, wanted: Callable[[int], bool]) -> int | None:
        """Return the amount of one country at the levels that `wanted` accepts."""
        return whole(cells.get(country, 0) for level, cells in self.countries.items() if wanted(level))

    def by_day(self, wanted: Callable[[int], bool]) -> dict[str, int | None] | None:
        """Return the amount of each official day at the levels that `wanted` accepts; None where days are hidden."""
        levels = []
        for level, cells in self.days.items():
            if wanted(level):
                if cells is None:
                    return None
                levels.append(cells)
        return {
            day: whole(cells.get(day, 0) for cells in levels)
            for day in sorted({day for cells in levels for day in cells})
        }

    def few(self, wanted: Callable[[int], bool], own: str | None, country: str | None = None) -> bool:
        """Whether a hidden number may be labelled as 1 to 10 persons: the total, or that of `country`.

        Only where a single level makes it up: sums of several levels, each labelled small, would narrow one another.
        """
        levels = [cells for level, cells in self.amounts.items() if wanted(level) and any(cells.values())]
        if country is not None:
            counts = [cells[country] for cells in levels if cells[country]]
            return len(counts) == 1 and small_numbers.small(counts[0])
        if len(levels) != 1 or not small_numbers.small(levels[0].total()):
            return False
        others = [count for name, count in levels[0].items() if count and name != own]
        return small_numbers.tells_of_few(len(others), levels[0][own] if own else 0)


def _for_every_country(
    guarded: small_numbers.ProtectedTable[str], cells: Mapping[str, int], kept_back: Set[str], *, persons: bool
) -> small_numbers.ProtectedTable[str]:
    """Return a table of persons with everything hidden that a country could work out, as each knows its own cell."""
    shown, total = dict(guarded.cells), guarded.total
    for home in cells:
        others = {country: count for country, count in cells.items() if country != home}
        theirs = small_numbers.protect(others, kept_back - {home}, persons=persons)
        total = None if theirs.total is None else total
        shown |= {country: None for country, count in theirs.cells.items() if count is None}
    return small_numbers.ProtectedTable(shown, total)


def whole(parts: Iterable[int | None]) -> int | None:
    """Return the sum, or None if a part of it is hidden."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def amounts(rows: Iterable[TotalRow], side: Callable[[TotalRow], str]) -> dict[Kpi, Amounts]:
    """Return the amounts of each counted figure in the rows, by exact level and by country or day."""
    figures: dict[Kpi, Amounts] = {kpi: defaultdict(Counter) for kpi in kpis.COUNTED}
    for row in rows:
        for kpi, counting in kpis.figures(row.facet):
            amount = row.records if counting is CountingUnit.RECORDS else row.quantity
            if amount:
                figures[kpi][row.level][side(row)] += amount
    return figures


def sums_of(
    session: Session, operation: UUID, kpi: Kpi, grain: Grain, level: Level, country: str | None = None
) -> dict[str, tuple[int, int]]:
    """Return how much of a figure reached a level and how much is below it, by country or by day, as the grain is.

    For all countries or one, as of the session's entry. For the present, the database adds it up.
    """
    lines = kpis.CATALOGUE[kpi].lines
    if history.at(session) is None:
        amount = "records" if lines.counting is CountingUnit.RECORDS else "quantity"
        return totals.summed(session, operation, grain, lines.held, amount, level, country)
    sums: dict[str, tuple[int, int]] = {}
    for row in total_steps.read(session, operation, grain, country, (lines.kind,)):
        if much := lines.amount(row.facet, row.records, row.quantity):
            place, reached = row.day or row.country, row.level >= level
            up, low = sums.get(place, (0, 0))
            sums[place] = (up + much, low) if reached else (up, low + much)
    return sums


def cube(countries: Amounts, days: Amounts, own_days: Amounts, reader: Reader, *, persons: bool = True) -> Cube:
    """Return the cube that `reader` may see. `own_days` is the part of `days` from the reader's own country."""
    totals: dict[int, int | None] = {}
    shown_countries: dict[int, Mapping[str, int | None]] = {}
    shown_days: dict[int, Mapping[str, int | None] | None] = {}
    persons = persons and not reader.full
    for level in countries.keys() | days.keys() | ({int(Level.V3)} if reader.kept_back else set()):
        by_country, by_day = countries.get(level, Counter[str]()), days.get(level, Counter[str]())
        # A country that left and hides its figures answers for them from V3 up: desks lose nothing below.
        kept_back = reader.kept_back if reader.home is not None or level >= Level.V3 else frozenset()
        if reader.exact or (reader.full and not kept_back):
            totals[level], shown_countries[level], shown_days[level] = by_country.total(), by_country, by_day
            continue
        others = {country: count for country, count in by_country.items() if country != reader.own}
        home = {reader.home} if reader.home else set()
        cells = dict.fromkeys(kept_back, 0) | others
        guarded = small_numbers.protect(cells, kept_back, persons=persons, standing=home)
        if reader.home == OUTSIDE and persons:
            guarded = _for_every_country(guarded, cells, kept_back, persons=persons)
        own = own_days.get(level, Counter[str]())
        totals[level] = None if guarded.total is None else by_country.total()
        shown_countries[level] = guarded.cells | ({reader.own: by_country[reader.own]} if reader.own else {})
        shown_days[level] = None
        if guarded.total is not None:
            others_days = {day: count - own[day] for day, count in by_day.items()}
            guarded_days = small_numbers.protect(others_days, persons=persons)
            if guarded_days.total is not None:
                shown_days[level] = {
                    day: None if guarded_days.cells[day] is None else count for day, count in by_day.items()
                }
    return Cube(totals, shown_countries, shown_days, countries)
