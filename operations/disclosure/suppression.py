"""Suppression: protects small counts of persons and countries that keep their totals back before a figure is shown."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cached_property
from uuid import UUID

from sqlmodel import Session

from operations.catalogue.definition import ShareFigure
from operations.catalogue.kpis import PERSON_KINDS, Kpi
from operations.core.people import Actor
from operations.core.vocabulary import Classification, Level
from operations.disclosure import small_numbers
from operations.disclosure.figure_cube import Amounts, Cube, Reader, amounts, cube
from operations.disclosure.releases import NOTHING, ReleasedFigure, released_figures
from operations.totals.total_steps import read
from operations.totals.totals import Grain, TotalRow


@dataclass(frozen=True)
class BoardFrame:
    """The frame of a board: the operation with its reporting zone, the level, and one country or all.

    `zone` and `day_cut` are the operation's and decide which day is today; `classification` is its marking. Permissions
    are checked on the stored operation, whatever the frame says. `at`: the journal entry as of which it is read, None
    for now.
    """

    operation: UUID
    zone: str
    classification: Classification
    day_cut: time = time(0)
    level: Level = Level.V3
    country: str | None = None
    at: int | None = None


def at_least(level: Level) -> Callable[[int], bool]:
    """Return a condition: whether a level is `level` or more."""
    return lambda reached: reached >= level


def below(level: Level) -> Callable[[int], bool]:
    """Return a condition: whether a level is less than `level`."""
    return lambda reached: reached < level


def country_of(row: TotalRow) -> str:
    """Return the country of a total."""
    return row.country


def day_of(row: TotalRow) -> str:
    """Return the official day of a total."""
    return row.day


def released(kpi: Kpi, frame: BoardFrame, reader: Reader) -> bool:
    """Whether this reader sees the figure as released, and nothing that moved it since."""
    own = frame.country is not None and frame.country == reader.home
    return reader.guarded(kpi) and not own


def guarded(kpi: Kpi, frame: BoardFrame, reader: Reader) -> bool:
    """Whether this reader sees the figure through disclosure control."""
    return reader.guarded(kpi) or reader.hides(frame.country)


class FigureGuard:
    """The single exit for figures to readers who may not see everything.

    Figures guarded from an audience leave as last released to it, whatever their present value (`released_figures`).
    The own chain sees present values, and so do readers for whom only a country that keeps its totals back is secret:
    then every cell is read, to protect it. `days` are amounts by official day, where they were read already.
    """

    def __init__(
        self, session: Session, frame: BoardFrame, reader: Reader, by: Actor, days: Mapping[Kpi, Amounts] | None = None
    ) -> None:
        self.reader = reader
        self._session, self._frame, self._by, self._days = session, frame, by, days
        self._known = at_least(Level.V3 if by.national else Level.V1)

    def stands(self, kpi: Kpi) -> ReleasedFigure | None:
        """Return the figure as released to this reader; None where it does not move in releases."""
        return self._released.get(kpi, NOTHING) if released(kpi, self._frame, self.reader) else None

    def cube(self, kpi: Kpi) -> Cube:
        """Return the figure as the reader may see it."""
        return self.stands(kpi) or self.fresh(kpi)

    @cached_property
    def _released(self) -> dict[Kpi, ReleasedFigure]:
        return released_figures(self._session, self._frame.operation, self.reader)

    def _of(self, grain: Grain, country: str | None = None) -> list[TotalRow]:
        kinds = () if self.reader.kept_back else PERSON_KINDS
        return read(self._session, self._frame.operation, grain, country, kinds)

    @cached_property
    def rows(self) -> list[TotalRow]:
        """The totals of countries at levels that the reader may know."""
        return [row for row in self._of(Grain.COUNTRY) if self._known(row.level) or row.country == self._by.country]

    @cached_property
    def _countries(self) -> dict[Kpi, Amounts]:
        return amounts(self.rows, country_of)

    @cached_property
    def _whole_days(self) -> dict[Kpi, Amounts]:
        whole = amounts(self._of(Grain.DAY), day_of) if self._days is None else self._days
        return {
            kpi: {level: cells for level, cells in by_level.items() if self._known(level)}
            for kpi, by_level in whole.items()
        }

    @cached_property
    def _own_days(self) -> dict[Kpi, Amounts]:
        return amounts(self._of(Grain.COUNTRY_DAY, self.reader.own) if self.reader.own else [], day_of)

    def fresh(self, kpi: Kpi) -> Cube:
        """Return the figure of this moment, with everything hidden that must be hidden in it alone."""
        persons = self.reader.guarded(kpi)
        return cube(self._countries[kpi], self._whole_days[kpi], self._own_days[kpi], self.reader, persons=persons)

    def parts_are_small(self, share: ShareFigure, level: Level) -> bool:
        """Whether any part of a share, the own country left out, is small at any level from `level` up."""
        sums: Counter[tuple[int, str]] = Counter()
        for row in self.rows:
            if row.level >= level and row.country != self.reader.own and (part := share.part(row.facet)):
                sums[row.level, part.name] += share.base.amount(row.facet, row.records, row.quantity)
        return any(small_numbers.small(count) for count in sums.values())

    def keeps(self, share: ShareFigure, level: Level) -> bool:
        """Whether a part of a share, shown with the total of all, would reveal a country that keeps its totals back.

        Each part is a figure by itself: it may be shown only where its own total may.
        """
        if not self.reader.kept_back:
            return False
        parts: dict[str, Amounts] = {part.name: defaultdict(Counter) for part in share.parts}
        for row in self.rows:
            if part := share.part(row.facet):
                amount = share.base.amount(row.facet, row.records, row.quantity)
                parts[part.name][row.level][row.country] += amount
        return any(
            cube(countries, {}, {}, self.reader, persons=False).total(at_least(level)) is None
            for countries in parts.values()
        )
