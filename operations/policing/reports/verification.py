"""Verification: people raise a report from level to level and answer for it (`states.LIFE`; domain 1.6.4).

A verifier changes no figure: a wrong one is returned to its author, and the country corrects it. An account counts as
the same person as the one who handed out its invitation link, until a third person has vouched for it.
"""

from collections.abc import Iterator, Sequence, Set
from itertools import groupby
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.clock import now
from operations.core.comparison import Amounts, Key, SumFingerprint, differing
from operations.core.drafts import Draft, Moment, Words, rule
from operations.core.drafts import reason as checked_reason
from operations.core.errors import Conflict, NotFound, RuleBroken, existing
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.same_person import judging
from operations.core.state_machine import Step
from operations.core.store import unscoped
from operations.core.vocabulary import Confirmation, Country, InList, Level, LineKind, OperationState, ReportState
from operations.lines.kinds import as_json, from_json
from operations.lines.kinds.hit import Hit
from operations.policing.operation import plan
from operations.policing.reports import states as report_states
from operations.policing.reports.counting import (
    COUNTED_COLUMNS,
    columns_as_counted,
    count_if_due,
    count_waiting,
    counted_line,
    counting_now,
    lock,
    refresh_activity,
    settle,
)
from operations.policing.reports.shared_events import EventLine
from operations.policing.reports.states import CLIMBS, EYES, LEVELS, LIFE, Deed
from operations.policing.reports.versions import Line, Report, answerers, lines_of, versions
from operations.totals import activity, checkpoints, margins, totals
from operations.totals.totals import CountedLine

_ANSWERED = rule("answer_incomplete", "Name the country that answered and the time of its answer.")
_UNANSWERED = rule("answer_is_none", "An unresolved hit has no answer: remove the country and the time.")


_BY_A_COUNTRY = ("confirmation", (Confirmation.CONFIRMED.value, Confirmation.REFUTED.value))


class Return(Draft):
    """Draft of a return to the author: a reason code, and a note."""

    reason: Annotated[str, InList("CL-RETURN"), Label(N_("Reason"))]
    note: Annotated[Words, Label(N_("Note to the author"))] = ""


class HitAnswer(Draft):
    """Draft of the issuing country's answer to a hit; `reason` says why an earlier answer changes."""

    confirmation: Annotated[
        Literal[Confirmation.CONFIRMED, Confirmation.REFUTED, Confirmation.UNRESOLVED],
        Label(N_("Answer"), listed="CL-CONFIRM"),
    ]
    confirming_country: Annotated[
        Country | None,
        Label(N_("Country that answered"), when=_BY_A_COUNTRY, needed=N_("Name the country that answered.")),
    ] = None
    confirmed_at: Annotated[
        Moment | None,
        Label(
            N_("Time of the answer"),
            N_("local time in {zone}"),
            parts=(N_("Day of the answer"), N_("Time of the answer")),
            when=_BY_A_COUNTRY,
            needed=N_("Say on which day and at what time the country answered."),
        ),
    ] = None
    reason: Annotated[Words, Label(N_("Reason"), N_("It stands in the journal. No names."), draws="text")] = ""

    @model_validator(mode="after")
    def _whole(self) -> "HitAnswer":
        if self.confirmation is Confirmation.UNRESOLVED:
            if self.confirming_country is not None or self.confirmed_at is not None:
                raise PydanticCustomError(_UNANSWERED, "answer is none")
        elif self.confirming_country is None or self.confirmed_at is None:
            raise PydanticCustomError(_ANSWERED, "answer incomplete")
        return self


def next_step(
    found: Report, actor: Actor, answered: Set[UUID] = frozenset(), state: str = OperationState.ACTIVE
) -> Step[ReportState] | None:
    """Return the step up that `actor` may take with the report now, or None: wrong state, no permission, or one of the
    four eyes already.

    `answered` are the versions that `answered_by` returns, `state` is the operation's.
    """
    offered = LIFE.offers(found, report_states.ReportFacts(state, actor, answered), actor)
    return next((each.step for each in offered if each.step in CLIMBS and not each.obstacles), None)


def answered_by(session: Session, operation_id: UUID, actor: Actor) -> frozenset[UUID]:
    """Return the versions of an operation's reports in which the actor answered hits, and which they may not verify."""
    query = select(Line.version_id).where(
        col(Line.answered_by).in_([actor.account_id, *actor.alike]), Line.operation_id == operation_id
    )
    return frozenset(session.exec(query))


def may_answer(found: Report, actor: Actor) -> bool:
    """Return whether the actor neither wrote, verified, validated nor consolidated this version."""
    return not actor.is_one_of(*(getattr(found, column) for column in EYES.values()))


def returnable(found: Report, actor: Actor) -> bool:
    """Return whether `actor` may return this report from its current state."""
    step = LIFE.step(found.state, ReportState.RETURNED)
    return step is not None and LIFE.may(found, None, step, actor)


def worklist(session: Session, operation_id: UUID, actor: Actor) -> list[Report]:
    """Return the reports that wait for this person, oldest first; none while the operation's state forbids steps up."""
    states = [step.before.value for step in CLIMBS if may(actor, step.act)]
    if not states:
        return []
    owner = plan.operation(session, operation_id, actor)
    answered = answered_by(session, operation_id, actor)
    query = select(Report).where(Report.operation_id == operation_id, col(Report.state).in_(states))
    waiting = session.exec(query.order_by(col(Report.received_at)))
    return [found for found in waiting if next_step(found, actor, answered, owner.state) is not None]


def verify(session: Session, version_id: UUID, by: Actor) -> Report:
    """Raise a report by one level: a team leader verifies it (V2), a national coordinator validates it (V3), and an
    analyst whom another country or none has seconded consolidates it (V4).

    Raises Conflict when it is not waiting for this step any more, RuleBroken when the person answers for another level
    already (four eyes).
    """
    found, state = lock(session, version_id)
    owner = plan.operation(session, found.operation_id, by)
    place = plan.subject(owner, found.country, found.site_id)
    mine = [step for step in CLIMBS if may(by, step.act, place)]
    if not mine:
        raise NotFound
    step = next((each for each in mine if each.before == found.state), None)
    if step is None:
        raise Conflict("This report no longer needs your decision. Reload the list.")
    level, late = LEVELS[step.after], state in report_states.AFTERWARDS
    by = judging(session, by)
    own_answers = any(by.is_one_of(each) for each in answerers(session, found.id))
    LIFE.allow(found, report_states.ReportFacts(state, by, {found.id} if own_answers else set()), step.after, by)
    settle(session, found, step.after, level, others={EYES[level]: by.account_id})
    count_if_due(session, found)
    activity.heard(session, found.operation_id, found.country, found.site_id, level, now())
    journal.record(
        session,
        by,
        step.act,
        "report",
        found.id,
        operation=found.operation_id,
        country=found.country,
        report=str(found.report_id),
        before=step.before.value,
        after=step.after.value,
        level=level.name,
        **report_states.marked(late=late),
    )
    return found


def give_back(session: Session, version_id: UUID, answer: Return, by: Actor) -> Report:
    """Return a report to its author with a reason. It ceases to count until it is corrected."""
    return _set_aside(session, version_id, answer, by, Act.REPORT_RETURN, ReportState.RETURNED)


def reject(session: Session, version_id: UUID, answer: Return, by: Actor) -> Report:
    """Reject a report for good (national coordinator or analyst), with a reason."""
    return _set_aside(session, version_id, answer, by, Act.REPORT_REJECT, ReportState.REJECTED)


def answer_hit(session: Session, version_id: UUID, line_id: UUID, answer: HitAnswer, by: Actor) -> Report:
    """Record the issuing country's answer to a hit: a new version of the report, at the same level.

    The author is a national coordinator of the country who has not worked on this version; the report need not be
    verified again. A changed answer needs a reason.
    """
    found, state = lock(session, version_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.HIT_CONFIRM, plan.subject(owner, found.country, found.site_id))
    if not found.counted:
        raise Conflict("This report is no longer valid. Reload the page.")
    newest = versions(session, found.report_id)[0]
    if newest.id != found.id and newest.state not in (ReportState.WITHDRAWN, ReportState.REJECTED):
        raise Conflict("A correction of this report is waiting: answer the hit there.")
    rows = lines_of(session, found.id)
    hit = existing(next((row for row in rows if row.id == line_id and row.kind == LineKind.HIT), None))
    late = report_states.require_open(state, Deed.ANSWER)
    if not may_answer(found, judging(session, by)):
        raise RuleBroken("", "You wrote, verified or validated this report. Another coordinator must answer its hits.")
    told = _told(hit, answer)
    answered_again: dict[str, Any] = {}
    if hit.answered_by is not None:
        answered_again["reason"] = _changed(hit, told, answer.reason)
    changes = {
        "id": new_id(),
        "version": newest.version + 1,
        "supersedes_id": newest.id,
        "correction_reason": "outcome_changed",
        "counted": False,
        "late": late,
    }
    made = Report(**{**found.model_dump(), **changes})
    session.add(made)
    session.flush()
    for row in rows:
        columns = {**row.model_dump(), "version_id": made.id}
        if row.id == line_id:
            answered = {"status": told.confirmation, "attributes": as_json(told), "answered_by": by.account_id}
            columns |= answered
        session.add(Line(**columns))
    session.flush()
    count_if_due(session, made)
    journal.record(
        session,
        by,
        Act.HIT_CONFIRM,
        "report",
        made.id,
        operation=found.operation_id,
        country=found.country,
        report=str(made.report_id),
        line=str(line_id),
        before=hit.status,
        after=told.confirmation,
        **answered_again,
        **report_states.marked(late=late),
    )
    return made


def _changed(hit: Line, told: Hit, reason: str) -> str:
    """Return the reason for a changed answer.

    Raises RuleBroken where the answer is the same, or the reason is missing.
    """
    if as_json(told) == hit.attributes:
        raise RuleBroken("", "This answer is recorded already.")
    return checked_reason(reason)


def _told(hit: Line, answer: HitAnswer) -> Hit:
    """Return the hit with its answer.

    Raises RuleBroken on `confirmed_at` for an answer before the hit or in the future.
    """
    if answer.confirmed_at is not None and answer.confirmed_at > now():
        raise RuleBroken("confirmed_at", "The answer is in the future.")
    before = from_json(hit.attributes)
    if answer.confirmed_at is not None and answer.confirmed_at < before.raw_at:
        raise RuleBroken("confirmed_at", "The answer cannot be earlier than the hit.")
    told: Hit = from_json({**hit.attributes, **answer.model_dump(mode="json", exclude={"reason"})})
    return told


def _set_aside(session: Session, version_id: UUID, answer: Return, by: Actor, act: Act, state: ReportState) -> Report:
    found, of_operation = lock(session, version_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, act, plan.subject(owner, found.country, found.site_id))
    if not returnable(found, by):
        raise Conflict("This report no longer needs your decision. Reload the list.")
    late, before = of_operation in report_states.AFTERWARDS, found.state
    LIFE.allow(found, report_states.ReportFacts(of_operation, by), state, by)
    reason = {"returned_reason": answer.reason, "returned_note": answer.note}
    settle(session, found, state, Level.V0, others=reason)
    count_waiting(session, found.report_id)
    refresh_activity(session, found)
    journal.record(
        session,
        by,
        act,
        "report",
        found.id,
        operation=found.operation_id,
        country=found.country,
        report=str(found.report_id),
        before=before,
        after=state.value,
        reason=answer.reason,
        **report_states.marked(late=late),
    )
    return found


# ---------------------------------------------------------------------------------------------- recomputation


_IN_PARTS = {"yield_per": 500}


def differences(session: Session, operation_id: UUID) -> list[tuple[Key, Amounts, Amounts]]:
    """Return where stored totals or margins differ from others: (key, stored, other). Empty when all agree.

    The others are the sums of the lines, of all steps, and of the checkpoints and the steps since. Keys are those of
    `totals.kept_key` and `margins.kept_key`. Memory does not grow with the operation, but with what differs.
    """

    def read(sides: Sequence[SumFingerprint]) -> None:
        stored, recounted, whole, resumed = sides
        for rows in (totals.kept(session, operation_id), margins.kept(session, operation_id)):
            for key, records, quantity in rows:
                stored.add(key, records, quantity)
        for line, level in _counting(session, operation_id):
            for key in totals.keys(line, level):
                recounted.add(key, 1, line.quantity)
            for key, many in margins.kept_keys(line, level):
                recounted.add(key, 1, many)
        checkpoints.add_up(session, operation_id, whole, resumed)

    found = differing(read, 4)
    return sorted(((key, *amounts) for key, amounts in found.items()), key=repr)


def _counting(session: Session, operation_id: UUID) -> Iterator[tuple[CountedLine, int]]:
    """Yield the lines that count with their levels: of an event that several report, one."""
    counts = sa.and_(
        col(Report.operation_id) == operation_id, col(Report.counted).is_(True), col(Report.level) >= int(Level.V1)
    )
    of_event = sa.and_(
        col(EventLine.operation_id) == operation_id,
        col(EventLine.report_id) == Report.report_id,
        col(EventLine.line_id) == Line.id,
    )
    of_version = sa.and_(col(Line.version_id) == Report.id, col(Line.operation_id) == Report.operation_id)
    alone = (
        sa.select(*COUNTED_COLUMNS, col(Report.level))
        .join_from(Line, Report, of_version)
        .where(counts, ~sa.exists().where(of_event))
    )
    for row in session.execute(unscoped(alone), execution_options=_IN_PARTS).mappings():
        columns: Any = row
        yield columns_as_counted(columns), row["level"]
    shared = (
        select(EventLine, Line, Report)
        .select_from(EventLine)
        .join(Report, col(Report.report_id) == EventLine.report_id)
        .join(Line, of_version & of_event)
        .where(counts)
        .order_by(col(EventLine.event_id), col(EventLine.place))
    )
    told = session.exec(unscoped(shared.execution_options(**_IN_PARTS)))
    for _event, lines in groupby(told, key=lambda each: each[0].event_id):
        found = counting_now(list(lines))
        if found:
            yield counted_line(found.line), int(found.level)
