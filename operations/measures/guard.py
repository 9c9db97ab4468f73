"""What protects small counts of persons, and countries that keep their totals back, before a figure is told."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlmodel import Session

from operations.core.people import Actor
from operations.core.vocabulary import Classification, Level
from operations.measures import disclosure
from operations.measures.cube import Amounts, Cube, Reader, amounts, cube
from operations.measures.definition import Share
from operations.measures.kpis import CATALOGUE, PERSON_KINDS, Kpi
from operations.measures.steps import read
from operations.measures.totals import Grain, Row


@dataclass(frozen=True)
class Frame:
    """Of what a board is read: the operation with its reporting zone, the level, and one country or all.

    `zone` and `day_cut` are the operation's and decide what today is; `classification` is its marking. Who may read is
    decided on the stored operation, whatever stands here. `at`: the entry of the journal with which it was as it is
    read, None for now.
    """

    operation: UUID
    zone: str
    classification: Classification
    day_cut: time = time(0)
    level: Level = Level.V3
    country: str | None = None
    at: int | None = None


def at(level: Level) -> Callable[[int], bool]:
    """Whether a level that was reached is `level` or more."""
    return lambda reached: reached >= level


def below(level: Level) -> Callable[[int], bool]:
    """Whether a level that was reached is less than `level`."""
    return lambda reached: reached < level


def country_of(row: Row) -> str:
    """The country of a total."""
    return row.country


def day_of(row: Row) -> str:
    """The official day of a total."""
    return row.day


def guarded(kpi: Kpi, frame: Frame, reader: Reader) -> bool:
    """Whether this reader sees the figure through disclosure control."""
    return (CATALOGUE[kpi].persons and not reader.full) or reader.hides(frame.country)


class Guard:
    """Figures for a reader to whom not everything is shown: every cell is read, to protect it.

    `days` are the amounts by official day, where they were read already.
    """

    def __init__(
        self, session: Session, frame: Frame, reader: Reader, by: Actor, days: Mapping[Kpi, Amounts] | None = None
    ) -> None:
        def of(grain: Grain, country: str | None = None) -> list[Row]:
            return read(session, frame.operation, grain, country, () if reader.kept_back else PERSON_KINDS)

        self.reader = reader
        known = at(Level.V3 if by.national else Level.V1)
        self.rows = [row for row in of(Grain.COUNTRY) if known(row.level) or row.country == by.country]
        self.countries = amounts(self.rows, country_of)
        whole = amounts(of(Grain.DAY), day_of) if days is None else days
        self.days = {
            kpi: {level: cells for level, cells in each.items() if known(level)} for kpi, each in whole.items()
        }
        self.own_days = amounts(of(Grain.COUNTRY_DAY, reader.own) if reader.own else [], day_of)

    def cube(self, kpi: Kpi) -> Cube:
        """The figure as the reader may see it."""
        persons = CATALOGUE[kpi].persons
        return cube(self.countries[kpi], self.days[kpi], self.own_days[kpi], self.reader, persons=persons)

    def parts_are_small(self, share: Share, level: Level) -> bool:
        """Whether any part that others have in a share is small at any level from `level` up."""
        sums: Counter[tuple[int, str]] = Counter()
        for row in self.rows:
            if row.level >= level and row.country != self.reader.own and (part := share.part(row.facet)):
                sums[row.level, part.name] += share.base.amount(row.facet, row.records, row.quantity)
        return any(disclosure.small(count) for count in sums.values())

    def keeps(self, share: Share, level: Level) -> bool:
        """Whether a part of a share, told with the total of all, would give away a country that keeps its totals back.

        Each part is a figure by itself: it may be told only where its own total may.
        """
        if not self.reader.kept_back:
            return False
        parts: dict[str, Amounts] = {part.name: defaultdict(Counter) for part in share.parts}
        for row in self.rows:
            if part := share.part(row.facet):
                amount = share.base.amount(row.facet, row.records, row.quantity)
                parts[part.name][row.level][row.country] += amount
        return any(
            cube(countries, {}, {}, self.reader, persons=False).total(at(level)) is None for countries in parts.values()
        )
