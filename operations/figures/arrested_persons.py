"""Persons arrested: who was arrested twice counts once, in one operation and where operations are added up (K12).

In one operation that is who was arrested again on the same notice, or whom a claim joined. Over operations nothing is
joined but by claims of one person in several of them: each keeps its own figure, and their sum counts the person once.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.catalogue import kpis
from operations.catalogue.kpis import Kpi
from operations.claims.claim_rows import Claim, ClaimLine
from operations.claims.claim_states import ONE_EVENT, ClaimState
from operations.core import history
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Classification, Level, LineKind
from operations.disclosure.suppression import BoardFrame, guarded
from operations.figures import report_versions
from operations.figures.board import reader_of
from operations.figures.report_versions import Version
from operations.policing.operation import plan
from operations.policing.reports.event_masters import COUNT
from operations.policing.reports.shared_events import EventLine, saying
from operations.totals import claim_adjustments

Known = tuple[str, str]
"""A line by its report and its own id, in hexadecimal."""


class ArrestedPersons(NamedTuple):
    """So many persons, and how many of their arrests were of a person arrested before; `review`: so many may be too.

    `arrests` are those of the operations, each by itself. None: this reader is not told.
    """

    number: int | None
    again: int = 0
    review: int = 0
    arrests: int = 0


class _Arrest(NamedTuple):
    operation: UUID
    line: Known
    persons: int
    notice: str


def of_one(session: Session, frame: BoardFrame, counting: Mapping[str, Version]) -> ArrestedPersons:
    """The persons arrested in a frame of an operation, of these versions of reports that count, whoever asks."""
    return _persons(_arrests(session, frame, counting), {}, ())


def over_operations(session: Session, by: Actor, level: Level = Level.V3) -> ArrestedPersons:
    """The persons arrested in all operations whose totals `by` may read; of the own country, for a country's people.

    Not told where the arrests of one of them are not: the sum of the others would tell that.
    """
    country = by.country if by.national else None
    owners = [each for each in plan.operations(session, by) if may(by, Act.TOTALS_READ, plan.subject(each, country))]
    frames = [
        BoardFrame(each.id, each.zone, Classification(each.classification), each.day_cut, level, country)
        for each in owners
    ]
    for frame in frames:
        reader = reader_of(session, frame, by)
        if reader.hides(country) or guarded(Kpi.ARRESTS, frame, reader):
            return ArrestedPersons(None)
    if not owners:
        return ArrestedPersons(None)
    arrests = [each for frame in frames for each in _counted(session, frame)]
    told = _told(session)
    joined, open_ = (_claims(session, states) for states in (ONE_EVENT, (ClaimState.OPEN,)))
    found = _persons(arrests, told, joined)
    fewer = found.again
    review = _persons(arrests, told, [*joined, *open_]).again - fewer
    for frame in frames:  # what one operation may have told twice
        rows = claim_adjustments.claimed(session, frame.operation)
        review += claim_adjustments.under_review(rows, level, country, partial(kpis.amount, Kpi.ARRESTS))
    return found._replace(review=review)


def _counted(session: Session, frame: BoardFrame) -> list[_Arrest]:
    return _arrests(session, frame, report_versions.counting(report_versions.versions(session, frame), frame))


def _arrests(session: Session, frame: BoardFrame, counting: Mapping[str, Version]) -> list[_Arrest]:
    """The lines of arrests that count: not those that count with another line of their event."""
    with unfenced(session):
        events = history.read(session, EventLine, frame.operation)
    elsewhere = {_known(each.report_id, each.line_id) for each in events if each.version_id is None}
    lines = report_versions.lines(session, frame, LineKind.ARREST, counting, "notice_ref")
    many = {(line.version_id, line.id): line.quantity for line in lines}
    led = _led(events)
    found = []
    for line in lines:
        known = counting[line.version_id].report_id, line.id
        if known not in elsewhere:
            persons = many.get(led.get(known, known), line.quantity)
            found.append(_Arrest(frame.operation, known, persons, line.told[0] or ""))
    return found


def _led(events: Iterable[EventLine]) -> dict[Known, Known]:
    """The lines that count for an event in which another one leads for how many they were, by its version and id."""
    found: dict[Known, Known] = {}
    for lines in saying(events).values():
        leads = next((each for each in lines if COUNT in each.leads), None)
        counts = next((each for each in lines if each.version_id is not None), None)
        if leads is not None and counts is not None and leads.says is not None:
            found[_known(counts.report_id, counts.line_id)] = _known(leads.says, leads.line_id)
    return found


def _known(report: UUID, line: UUID) -> Known:
    return report.hex, line.hex


def _told(session: Session) -> dict[Known, UUID]:
    """The lines of claims over operations that tell an event of their own operation, each with it."""
    across = select(ClaimLine.claim_id).join(Claim).where(col(Claim.operation_id).is_(None))
    query = select(EventLine.report_id, EventLine.line_id, EventLine.event_id).where(
        col(EventLine.report_id).in_(select(ClaimLine.report_id).where(col(ClaimLine.claim_id).in_(across)))
    )
    with unfenced(session):
        return {_known(report, line): event for report, line, event in session.exec(unscoped(query))}


def _claims(session: Session, states: Iterable[ClaimState]) -> list[list[Known]]:
    """The lines of the claims over operations in these states."""
    query = (
        select(ClaimLine.claim_id, ClaimLine.report_id, ClaimLine.line_id)
        .join(Claim)
        .where(col(Claim.operation_id).is_(None), col(Claim.state).in_([each.value for each in states]))
    )
    found: dict[UUID, list[Known]] = {}
    with unfenced(session):
        for claim, report, line in session.exec(unscoped(query)):
            found.setdefault(claim, []).append(_known(report, line))
    return list(found.values())


def _persons(
    arrests: Sequence[_Arrest], told: Mapping[Known, UUID], joined: Iterable[Sequence[Known]]
) -> ArrestedPersons:
    """Arrests of one person are joined by notices of one operation and by claims; each more than the first is again."""
    above: dict[Hashable, Hashable] = {}

    def top(node: Hashable) -> Hashable:
        while node in above:
            node = above[node]
        return node

    def join(one: Hashable, other: Hashable) -> None:
        first, second = top(one), top(other)
        if first != second:
            above[second] = first

    def node(line: Known) -> Hashable:
        return told.get(line, line)

    for each in arrests:
        if each.notice:
            join((each.operation, each.notice), node(each.line))
    for lines in joined:
        for line in lines[1:]:
            join(node(lines[0]), node(line))
    many = Counter(top(node(each.line)) for each in arrests) if above or told else Counter[Hashable]()
    again = sum(count - 1 for count in many.values())
    total = sum(each.persons for each in arrests)
    return ArrestedPersons(total - again, again, arrests=total)
