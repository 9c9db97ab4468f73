"""Persons arrested (K12): a person arrested twice counts once, within an operation and across operations.

Within one operation, arrests are joined where they name the same notice or where a claim joins them. Across operations
only claims of one person join: each operation keeps its own figure, and their sum counts the person once.
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
from operations.figures.board import readers
from operations.figures.report_versions import CountingLine, Version
from operations.policing.operation import plan
from operations.policing.reports.event_masters import COUNT
from operations.policing.reports.shared_events import EventLine, contributing_lines
from operations.totals import claim_adjustments

LineKey = tuple[str, str]
"""A line, as the id of its report and its own id, both in hexadecimal."""


class ArrestedPersons(NamedTuple):
    """The number of persons arrested; `again`: arrests of a person counted already; `review`: those that may be so too.

    `arrests` is the sum of the operations, each by itself. `number` is None where it is hidden from this reader.
    """

    number: int | None
    again: int = 0
    review: int = 0
    arrests: int = 0


class _Arrest(NamedTuple):
    operation: UUID
    line: LineKey
    persons: int
    notice: str


def of_one(session: Session, frame: BoardFrame, counting: Mapping[str, Version]) -> ArrestedPersons:
    """Return the persons arrested in a frame of one operation, from the versions that count. Applies no permissions."""
    lines = report_versions.lines_of(session, frame, counting, LineKind.ARREST, "notice_ref")
    return _persons(_arrests(session, lines, [frame.operation]), {}, ())


def over_operations(session: Session, by: Actor, level: Level = Level.V3) -> ArrestedPersons:
    """Return the persons arrested in all operations whose totals `by` may read; national users see their own country.

    Hidden altogether where the arrests of one operation are hidden: the sum of the others would reveal them.
    """
    country = by.country if by.national else None
    owners = [owner for owner in plan.operations(session, by) if may(by, Act.TOTALS_READ, plan.subject(owner, country))]
    frames = [
        BoardFrame(owner.id, owner.zone, Classification(owner.classification), owner.day_cut, level, country)
        for owner in owners
    ]
    for frame, reader in readers(session, zip(owners, frames, strict=True), by):
        if reader.hides(country) or guarded(Kpi.ARRESTS, frame, reader):
            return ArrestedPersons(None)
    if not owners:
        return ArrestedPersons(None)
    these = [owner.id for owner in owners]
    lines = report_versions.counting_lines(session, frames, level, country, LineKind.ARREST, "notice_ref")
    arrests = _arrests(session, lines, these)
    told = _told(session)
    joined, open_ = (_claims(session, states) for states in (ONE_EVENT, (ClaimState.OPEN,)))
    persons = _persons(arrests, told, joined)
    review = _persons(arrests, told, [*joined, *open_]).again - persons.again
    claims = claim_adjustments.adjustments_of(session, *these)  # what one operation may have told twice
    review += claim_adjustments.under_review(claims, level, country, partial(kpis.amount, Kpi.ARRESTS))
    return persons._replace(review=review)


def _arrests(session: Session, lines: Sequence[CountingLine], operations: Iterable[UUID]) -> list[_Arrest]:
    """Return the lines of arrests that count; those that count in another line of their event are left out."""
    with unfenced(session):
        events = history.read(session, EventLine, *operations)
    elsewhere = {_known(event.report_id, event.line_id) for event in events if event.version_id is None}
    led = _led(events)
    many = {(line.version_id, line.id): line.quantity for line in lines} if led else {}
    arrests = []
    for line in lines:
        known = line.report_id, line.id
        if known not in elsewhere:
            persons = many.get(led[known], line.quantity) if known in led else line.quantity
            arrests.append(_Arrest(line.operation, known, persons, line.told))
    return arrests


def _led(events: Iterable[EventLine]) -> dict[LineKey, LineKey]:
    """Map the line that counts for an event to the line whose number of persons is used for it."""
    leading: dict[LineKey, LineKey] = {}
    for lines in contributing_lines(events).values():
        leads = next((each for each in lines if COUNT in each.leads), None)
        counts = next((each for each in lines if each.version_id is not None), None)
        if leads is not None and counts is not None and leads.says is not None:
            leading[_known(counts.report_id, counts.line_id)] = _known(leads.says, leads.line_id)
    return leading


def _known(report: UUID, line: UUID) -> LineKey:
    return report.hex, line.hex


def _told(session: Session) -> dict[LineKey, UUID]:
    """Map the lines of claims across operations to the event of their own operation that they report."""
    across = select(ClaimLine.claim_id).join(Claim).where(col(Claim.operation_id).is_(None))
    query = select(EventLine.report_id, EventLine.line_id, EventLine.event_id).where(
        col(EventLine.report_id).in_(select(ClaimLine.report_id).where(col(ClaimLine.claim_id).in_(across)))
    )
    with unfenced(session):
        return {_known(report, line): event for report, line, event in session.exec(unscoped(query))}


def _claims(session: Session, states: Iterable[ClaimState]) -> list[list[LineKey]]:
    """Return the lines of each claim across operations in these states."""
    query = (
        select(ClaimLine.claim_id, ClaimLine.report_id, ClaimLine.line_id)
        .join(Claim)
        .where(col(Claim.operation_id).is_(None), col(Claim.state).in_([each.value for each in states]))
    )
    by_claim: dict[UUID, list[LineKey]] = {}
    with unfenced(session):
        for claim, report, line in session.exec(unscoped(query)):
            by_claim.setdefault(claim, []).append(_known(report, line))
    return list(by_claim.values())


def _persons(
    arrests: Sequence[_Arrest], told: Mapping[LineKey, UUID], joined: Iterable[Sequence[LineKey]]
) -> ArrestedPersons:
    """Count persons: arrests are joined by notice within an operation and by claims, as in union-find."""
    above: dict[Hashable, Hashable] = {}

    def top(node: Hashable) -> Hashable:
        while node in above:
            node = above[node]
        return node

    def join(one: Hashable, other: Hashable) -> None:
        first, second = top(one), top(other)
        if first != second:
            above[second] = first

    def node(line: LineKey) -> Hashable:
        return told.get(line, line)

    for arrest in arrests:
        if arrest.notice:
            join((arrest.operation, arrest.notice), node(arrest.line))
    for lines in joined:
        for line in lines[1:]:
            join(node(lines[0]), node(line))
    many = Counter(top(node(each.line)) for each in arrests) if above or told else Counter[Hashable]()
    again = sum(count - 1 for count in many.values())
    total = sum(each.persons for each in arrests)
    return ArrestedPersons(total - again, again, arrests=total)
