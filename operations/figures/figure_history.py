"""Looking back: at which entries an operation can be looked at, and which of them moved a figure.

A reader's moments are the entries that this reader was told of, by the numbers that the reader counts by. A moment of
the past is shared by its time, as two readers count by different numbers.
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
"""So many entries that moved a figure are told, the newest."""


@dataclass(frozen=True)
class Mover:
    """An entry that moved a figure: the official days to which what moved belongs, and by how much where told."""

    entry: Entry
    days: tuple[str, ...]
    by: int | None


def last(session: Session, operation: UUID, by: Actor) -> ReaderCount | None:
    """The newest entry that `by` was told of; None where nothing was told."""
    return pulse.told(session, by, operation).get(operation)


def at(session: Session, owner: plan.Operation, by: Actor, moment: datetime) -> ReaderCount:
    """The entry with which `by` saw what was known at a moment. Raises RuleBroken before the first and after now."""
    if moment > now():
        raise RuleBroken("at", "This moment has not come yet: choose one that has.")
    found = pulse.told_until(session, by, owner.id, moment=moment)
    if found is None:
        raise RuleBroken(
            "at",
            "Nothing of the operation was known at that moment: it is planned here since {moment}.",
            moment=f"{owner.created_at:%Y-%m-%d %H:%M} UTC",
        )
    then = pulse.told_until(session, by, owner.id, seq=found.seq) or found
    return then._replace(at=found.at)  # not of what was written before it by a clock that was ahead


def numbered(session: Session, owner: plan.Operation, by: Actor, number: int) -> ReaderCount:
    """The entry with which `by` was told so many. Raises RuleBroken where it was never so many."""
    found = pulse.entry_numbered(session, by, owner.id, number)
    if found is None:
        raise RuleBroken("at", "There is no such entry: reload the page.")
    return found


def end_of(session: Session, owner: plan.Operation, by: Actor, day: date) -> ReaderCount:
    """What was known when an official day was over, or is known now where it is not. Raises RuleBroken as `at`."""
    over = day_bounds(day, owner.zone, owner.day_cut)[1] - timedelta(microseconds=1)
    return at(session, owner, by, over if over < now() else now())


def movers(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[Mover]:
    """The entries that moved a counted figure in this frame and that `by` may know, newest first, `MOST` at most.

    By how much is told to those who see the figure without disclosure control. Of what moves in releases none is told:
    that an entry moved it says that its report holds somebody.
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
    found = []
    for entry in entries:
        moves = {day: much for day, much in sorted(changes[entry.seq].items()) if much}
        if moves:
            found.append(Mover(entry, tuple(moves), sum(moves.values()) if told else None))
    return found


def amount(kpi: Kpi, cell: list[Any]) -> int:
    """How much a cell of a step adds to a counted figure."""
    _country, _day, _site, _level, records, quantity, sides = cell
    facet = total_steps.facet_of(sides)
    for each, counting in kpis.figures(facet):
        if each is kpi:
            return int(records if counting is CountingUnit.RECORDS else quantity)
    return 0


def part(kpi: Kpi, cell: list[Any]) -> str:
    """Of which part of a figure that is split a cell of a step is; empty where the figure is not."""
    definition = kpis.CATALOGUE[kpi]
    if definition.split is None:
        return ""
    place = side(definition.lines.kind, definition.split[0])
    return str(total_steps.facet_of(cell[6])[place])
