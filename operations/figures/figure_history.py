"""Figure history: the entries at which an operation can be looked at, and the entries that moved a figure.

A reader's moments are the entries announced to this reader, by the reader's own numbers. A moment of the past is shared
by its time, as two readers count by different numbers.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from operations.catalogue import kpis
from operations.catalogue.kpis import COUNTED, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core import journal, pulse
from operations.core.clock import day_bounds, now
from operations.core.errors import RuleBroken
from operations.core.journal import Entry
from operations.core.people import Actor
from operations.core.pulse import ReaderCount
from operations.disclosure.suppression import BoardFrame, guarded, released
from operations.figures.board import reader_of
from operations.policing.operation import plan
from operations.totals import total_steps
from operations.totals.totals import side

MOST = 200
"""The number of entries that moved a figure that are returned at most, the newest."""


@dataclass(frozen=True)
class Mover:
    """An entry that moved a figure: the official days that it moved, and by how much where the reader may know."""

    entry: Entry
    days: tuple[str, ...]
    by: int | None


def last(session: Session, operation: UUID, by: Actor) -> ReaderCount | None:
    """Return the newest entry announced to `by`; None where there is none."""
    return pulse.counts_of(session, by, operation).get(operation)


def at(session: Session, owner: plan.Operation, by: Actor, moment: datetime) -> ReaderCount:
    """Return the newest entry that `by` knew of at a moment. Raises RuleBroken before the first entry and after now."""
    if moment > now():
        raise RuleBroken("at", "This time is in the future. Choose an earlier one.")
    newest = pulse.told_until(session, by, owner.id, moment=moment)
    if newest is None:
        raise RuleBroken(
            "at",
            "The operation did not exist at that time. Choose a time after {moment}.",
            moment=f"{owner.created_at:%Y-%m-%d %H:%M} UTC",
        )
    then = pulse.told_until(session, by, owner.id, seq=newest.seq) or newest
    return then._replace(
        at=newest.at
    )  # the time of an entry written before it by a clock that was ahead does not count


def numbered(session: Session, owner: plan.Operation, by: Actor, number: int) -> ReaderCount:
    """Return the entry that made the reader's number `number`. Raises RuleBroken where there is none."""
    entry = pulse.entry_numbered(session, by, owner.id, number)
    if entry is None:
        raise RuleBroken("at", "There is no such entry: reload the page.")
    return entry


def end_of(session: Session, owner: plan.Operation, by: Actor, day: date) -> ReaderCount:
    """Return the newest entry at the end of an official day, or now where it is not over. Raises RuleBroken as `at`."""
    over = day_bounds(day, owner.zone, owner.day_cut)[1] - timedelta(microseconds=1)
    return at(session, owner, by, over if over < now() else now())


def movers(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[Mover]:
    """Return the newest `MOST` entries that moved a counted figure in this frame and that `by` may know, newest first.

    The amounts are for readers who see the figure without disclosure control. Figures that move in releases have no
    movers: an entry that moves one says that its report holds a person.
    """
    if kpi not in COUNTED:
        return []
    reader = reader_of(session, frame, by)
    if released(kpi, frame, reader):
        return []
    told = not guarded(kpi, frame, reader)
    country, moved = by.country if by.national else None, col(Entry.seq).in_(total_steps.entries(frame.operation))
    entries = journal.latest(session, frame.operation, country, limit=MOST, where=moved)
    changes: dict[int, Counter[str]] = {entry.seq: Counter() for entry in entries}
    for step in total_steps.of_entries(session, frame.operation, list(changes)):
        for cell in step.cells:
            if frame.country in (None, cell[0]) and cell[3] >= frame.level:
                changes[step.seq][cell[1]] += amount(kpi, cell)
    moved_by = []
    for entry in entries:
        moves = {day: much for day, much in sorted(changes[entry.seq].items()) if much}
        if moves:
            moved_by.append(Mover(entry, tuple(moves), sum(moves.values()) if told else None))
    return moved_by


def amount(kpi: Kpi, cell: list[Any]) -> int:
    """Return how much a cell of a step adds to a counted figure."""
    _country, _day, _site, _level, records, quantity, sides = cell
    facet = total_steps.facet_of(sides)
    for counted, counting in kpis.figures(facet):
        if counted is kpi:
            return int(records if counting is CountingUnit.RECORDS else quantity)
    return 0


def part(kpi: Kpi, cell: list[Any]) -> str:
    """Return the part of a split figure to which a cell of a step belongs; "" where the figure is not split."""
    definition = kpis.CATALOGUE[kpi]
    if definition.split is None:
        return ""
    place = side(definition.lines.kind, definition.split[0])
    return str(total_steps.facet_of(cell[6])[place])
