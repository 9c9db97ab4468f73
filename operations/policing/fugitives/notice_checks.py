"""Daily checks of notices: nothing is sent on a notice that was not looked up that day (domain 6.8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.drafts import Draft
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import locked, scoped
from operations.core.vocabulary import FugitiveState, NoticeStatus
from operations.policing.fugitives import case_lifecycle
from operations.policing.fugitives.case_rows import ENDS, FugitiveCase, requester_condition, subject
from operations.policing.fugitives.cases import refuse_erased
from operations.policing.operation import plan

_CLOSED = tuple(sorted({*ENDS, FugitiveState.SURRENDERED.value}))


class NoticeCheck(SQLModel, table=True):
    """The check of a notice on an official day: status found, and by whom."""

    __tablename__ = "notice_check"
    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="fugitive_case.id", index=True)
    requesting_country: str = Field(max_length=3)
    day: date
    status: str = Field(max_length=12)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


@scoped(NoticeCheck)
def _checks_seen(actor: Actor) -> Any:
    return requester_condition(NoticeCheck, actor)


class CheckDraft(Draft):
    """Draft of a check: one status for the notices of some cases."""

    cases: Annotated[tuple[UUID, ...], Rule(min_length=1, max_length=5000)]
    status: NoticeStatus


@dataclass(frozen=True)
class NoticeChecksDue:
    """The number of notices of a country in an operation that wait for today's check."""

    operation: UUID
    country: str
    cases: int


def notices_due_for_check(session: Session, at: datetime, operation_id: UUID | None = None) -> list[NoticeChecksDue]:
    """Return the countries with notices not checked on the official day of `at`, with counts, among cases the asker may
    know.

    A sweep that has ended sends nothing, so no notice waits.
    """
    waiting = []
    zones = select(col(plan.Operation.id), col(plan.Operation.zone), col(plan.Operation.day_cut))
    zones = zones.where(col(plan.Operation.state).not_in(plan.ENDED))
    if operation_id is not None:
        zones = zones.where(plan.Operation.id == operation_id)
    for operation, zone, cut in session.exec(zones.where(_has_cases())).all():
        query = (
            select(FugitiveCase.requesting_country, func.count())
            .where(FugitiveCase.operation_id == operation, *_due(official_day(at, zone, cut)))
            .group_by(FugitiveCase.requesting_country)
            .order_by(FugitiveCase.requesting_country)
        )
        waiting += [NoticeChecksDue(operation, country, count) for country, count in session.exec(query)]
    return waiting


def due_cases(session: Session, operation_id: UUID, at: datetime) -> list[UUID]:
    """Return the cases of an operation whose notices wait for today's check, longest unchecked first."""
    owner = rows.one(session, plan.Operation, operation_id)
    if owner.state in plan.ENDED:
        return []
    query = select(FugitiveCase.id).where(
        FugitiveCase.operation_id == operation_id, *_due(official_day(at, owner.zone, owner.day_cut))
    )
    return list(session.exec(query.order_by(col(FugitiveCase.checked_on), col(FugitiveCase.number))))


def record_check(session: Session, operation_id: UUID, draft: CheckDraft, by: Actor) -> int:
    """Record today's status of some notices. Returns how many were not recorded with it already.

    A withdrawn notice ends its case at once. Raises NotFound when one of the cases is not the asker's to check.
    """
    owner = plan.operation(session, operation_id, by)
    day = official_day(now(), owner.zone, owner.day_cut)
    query = select(FugitiveCase).where(FugitiveCase.operation_id == operation_id, col(FugitiveCase.id).in_(draft.cases))
    held = list(session.exec(locked(query.order_by(col(FugitiveCase.number)))))
    if len(held) != len(set(draft.cases)):
        raise NotFound
    for case in held:
        require(by, Act.FUGITIVE_CHECK, subject(case))
        refuse_erased(case)
    fresh = [case for case in held if (case.checked_on, case.notice_status) != (day, draft.status.value)]
    for case in fresh:
        case.checked_on, case.notice_status = day, draft.status.value
        session.add(case)
    session.flush()
    _write(session, fresh, day, draft.status, by)
    for country in sorted({case.requesting_country for case in fresh}):
        count = sum(case.requesting_country == country for case in fresh)
        journal.record(
            session,
            by,
            Act.FUGITIVE_CHECK,
            "fugitive_case",
            operation=operation_id,
            country=country,
            status=draft.status.value,
            count=count,
        )
    if draft.status is NoticeStatus.WITHDRAWN:
        for case in fresh:
            if case_lifecycle.LIFE.step(case.state, FugitiveState.NOTICE_WITHDRAWN) is not None:
                case_lifecycle.go(session, case, FugitiveState.NOTICE_WITHDRAWN, by, "")
    return len(fresh)


def _write(session: Session, found: Iterable[FugitiveCase], day: date, status: NoticeStatus, by: Actor) -> None:
    checks = [
        {
            "id": new_id(),
            "case_id": case.id,
            "requesting_country": case.requesting_country,
            "day": day,
            "status": status.value,
            "author_name": by.name,
            "made_at": now(),
        }
        for case in found
    ]
    if checks:
        session.connection().execute(NoticeCheck.__table__.insert(), checks)  # type: ignore[attr-defined]


def _due(day: date) -> tuple[Any, ...]:
    """Return SQL conditions: the case is open and not erased, and its notice was not looked up on that day."""
    checked = col(FugitiveCase.checked_on)
    still = col(FugitiveCase.erased_at).is_(None)
    return still, col(FugitiveCase.state).not_in(_CLOSED), sa.or_(checked.is_(None), checked != day)


def _has_cases() -> Any:
    return col(plan.Operation.id).in_(select(FugitiveCase.operation_id).distinct())
