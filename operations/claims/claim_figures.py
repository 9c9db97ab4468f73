"""The effect of claims on figures: one event counts once, and a reopened claim counts its lines apart again.

Boards read the result from `claim_adjustments`. A claim about one person in several operations changes nothing here:
each operation keeps its own figures.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, select

from operations.claims.claim_rows import Claim, ClaimLine, lines_of
from operations.claims.claim_states import LIFE, ONE_EVENT, SEVERAL, ClaimState
from operations.core.pulse import moves_what_all_see
from operations.core.store import unfenced, unscoped
from operations.policing.reports import shared_events
from operations.policing.reports.counting import (
    Joining,
    counting_now,
    dissolve_events,
    in_order,
    join,
    register_follower,
    standing_lines,
)
from operations.policing.reports.versions import Line, Report
from operations.totals import claim_adjustments
from operations.totals.claim_adjustments import ClaimAdjustment
from operations.totals.total_steps import packed
from operations.totals.totals import FACETS, Facet

_S = ClaimState
_FOUND = {
    **dict.fromkeys(ONE_EVENT, claim_adjustments.SAME),
    **dict.fromkeys(SEVERAL, claim_adjustments.OTHER),
    _S.OPEN: claim_adjustments.OPEN,
    _S.LAPSED: claim_adjustments.NONE,
}


def told_with(session: Session, lines: Iterable[ClaimLine]) -> set[UUID]:
    """Return the reports of all lines that belong to one event with any of these lines."""
    return {each.report_id for each in _events(session, lines)}


def _events(session: Session, lines: Iterable[ClaimLine]) -> list[shared_events.EventLine]:
    told = {event for line in lines if (event := shared_events.event_ids(session, line.report_id).get(line.line_id))}
    return [line for event_lines in shared_events.lines_of(session, told).values() for line in event_lines]


def settled(session: Session, claim: Claim) -> None:
    """Apply the end of a claim: lines of one event count once."""
    if claim.operation_id is not None:
        if claim.state in ONE_EVENT:
            _join(session, claim)
        _note_all(session, claim)


def reopened(session: Session, claim: Claim) -> None:
    """Apply the reopening of a claim: its lines count apart, as if it had never been settled."""
    if claim.operation_id is None:
        return
    joined = _events(session, lines_of(session, [claim.id])[claim.id])
    if joined:
        of = select(ClaimLine.claim_id).where(col(ClaimLine.line_id).in_({event_line.line_id for event_line in joined}))
        still = select(Claim).where(
            Claim.operation_id == claim.operation_id,
            col(Claim.id).in_(of),
            col(Claim.state).in_([state.value for state in ONE_EVENT]),
        )
        others = session.exec(unscoped(still.order_by(col(Claim.ended_at), col(Claim.number)))).all()
        dissolve_events(session, claim.operation_id, {event_line.event_id for event_line in joined})
        for other in others:
            _join(session, other)
    _note_all(session, claim, {event_line.report_id for event_line in joined})


def _join(session: Session, claim: Claim) -> None:
    lines = lines_of(session, [claim.id])[claim.id]
    if claim.operation_id is not None:
        told = [Joining(line.report_id, line.line_id, line.country, line.leads) for line in lines]
        join(session, claim.operation_id, told)


def _note_all(session: Session, claim: Claim, reports: Iterable[UUID] = ()) -> None:
    """Update `ClaimAdjustment` for a claim and for all others with lines whose counting changed."""
    lines = lines_of(session, [claim.id])[claim.id]
    for report in {*reports, *(line.report_id for line in lines), *told_with(session, lines)}:
        _follow(session, report)


def note(session: Session, claim: Claim) -> None:
    """Update the row that boards read of a claim, once it was opened, from its lines as of now."""
    if claim.opened_at is None or claim.operation_id is None:
        return
    lines = lines_of(session, [claim.id])[claim.id]
    stands = standing_lines(session, [each.report_id for each in lines])
    counts = {(lines[0].report_id, lines[0].line_id)}  # the line that counts if it is one event
    if claim.state in ONE_EVENT:
        counts = shared_events.counting(session, stands)
    told: list[list[Any]] = []
    for claim_line in lines:
        key = claim_line.report_id, claim_line.line_id
        line, report = stands.get(key, (None, None))
        level, quantity = (0, 0) if line is None or report is None else (report.level, line.quantity)
        sides = _sides(Facet(claim.line_kind)) if line is None else _sides_of(line)
        told.append([claim_line.country, claim_line.role, level, key in counts, quantity, sides, "{}:{}".format(*key)])
    would = _would(session, lines) if claim.state == _S.OPEN else []
    query = select(ClaimAdjustment).where(ClaimAdjustment.claim_id == claim.id)
    known = session.exec(unscoped(query)).one_or_none() or ClaimAdjustment(
        claim_id=claim.id, operation_id=claim.operation_id, found="", opened_at=claim.opened_at, lines=[]
    )
    outcome = _FOUND[LIFE.now(claim)]
    if (known.found, known.lines, known.would, known.opened_at) != (outcome, told, would, claim.opened_at):
        known.found, known.lines, known.would, known.opened_at = outcome, told, would, claim.opened_at
        session.add(known)
        session.flush()
        moves_what_all_see(session)  # boards show how much is under review


def _would(session: Session, lines: list[ClaimLine]) -> list[list[Any]]:
    """Return the lines that would stop and begin counting if these lines and those joined to them were one event.

    Computed as `join` does it. A line that goes on counting appears as both.
    """
    joining = [Joining(line.report_id, line.line_id, line.country, line.leads) for line in lines]
    known = _events(session, lines)
    keys = {(event_line.report_id, event_line.line_id) for event_line in known}
    stands = standing_lines(session, {each.report for each in joining} | {each.report_id for each in known})

    def standing(every: Iterable[shared_events.EventLine]) -> list[tuple[shared_events.EventLine, Line, Report]]:
        return [
            (event_line, *stands[key])
            for event_line in every
            if (key := (event_line.report_id, event_line.line_id)) in stands
        ]

    by_event: dict[UUID, list[shared_events.EventLine]] = {}
    for event_line in known:
        by_event.setdefault(event_line.event_id, []).append(event_line)
    alone = [_alone(line) for line in lines if (line.report_id, line.line_id) not in keys]
    now = [counting_now(standing(every)) for every in (*by_event.values(), *([line] for line in alone))]
    after = counting_now(standing(in_order([*map(_copy, known), *alone], joining)))
    moves = [(-1, counted) for counted in now if counted] + ([(1, after)] if after else [])
    return [[sign, of.line.country, int(of.level), of.line.quantity, _sides_of(of.line)] for sign, of in moves]


def _alone(line: ClaimLine) -> shared_events.EventLine:
    """Return a line that belongs to no event as the only line of a new one."""
    return shared_events.EventLine(
        report_id=line.report_id,
        line_id=line.line_id,
        event_id=line.claim_id,
        operation_id=line.operation_id,
        country=line.country,
        place=0,
    )


def _copy(line: shared_events.EventLine) -> shared_events.EventLine:
    return shared_events.EventLine(**line.model_dump())


def _sides_of(line: Line) -> Any:
    return _sides(Facet(*(getattr(line, name) for name in FACETS)))


def _sides(facet: Facet) -> Any:
    return packed("", "", "", 0, facet, 0, 0)[-1]


def _concerned() -> Any:
    """Return the statement that reads the claims of a report, and of reports that share an event with it."""
    report: BindParameter[UUID] = bindparam("report")
    told = shared_events.EventLine
    events = select(told.event_id).where(col(told.report_id) == report)
    with_it = select(told.report_id).where(col(told.event_id).in_(events))
    known = select(ClaimLine.claim_id).where(
        (col(ClaimLine.report_id) == report) | col(ClaimLine.report_id).in_(with_it)
    )
    return unscoped(
        select(Claim).where(
            col(Claim.id).in_(known), col(Claim.opened_at).is_not(None), col(Claim.operation_id).is_not(None)
        )
    )


_CONCERNED = _concerned()


@register_follower
def _follow(session: Session, report_id: UUID) -> None:
    """Update the claims of a report that moved, and of reports that share an event with it."""
    session.flush()  # written as the asker
    with unfenced(session):
        claims = session.exec(_CONCERNED, params={"report": report_id}).all()
    for claim in claims:
        note(session, claim)
