"""The job that reminds countries of the daily check of notices, in the morning of each official day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.vocabulary import Classification, MessageKind, OperationState, Role
from operations.notices.messages import To, tell
from operations.policing.fugitives.notice_checks import notices_due_for_check
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Outcome, TimetableJob

MORNING = timedelta(hours=7)
"""Time after the beginning of the official day."""

_LIVE = (OperationState.PRE_OPERATIONAL.value, OperationState.ACTIVE.value, OperationState.CONSOLIDATION.value)


@dataclass(frozen=True)
class Unchecked:
    """The unchecked notices of one country in an operation."""

    operation: UUID
    country: str


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield one effect for each country with unchecked notices.

    A missed day is not made up for: the status of notices changes.
    """
    for operation in session.exec(select(Operation).where(col(Operation.state).in_(_LIVE))):
        day = official_day(moment, operation.zone, operation.day_cut)
        at = day_bounds(day, operation.zone, operation.day_cut)[0] + MORNING
        if since <= at <= moment:
            for each in notices_due_for_check(session, moment, operation.id):
                about = Unchecked(operation.id, each.country)
                yield DueEffect(f"notices.check:{operation.id}:{each.country}", at, at, about)


def _tell(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    about: Unchecked = due.about
    operation = session.get_one(Operation, about.operation)
    cases = sum(
        waiting.cases
        for waiting in notices_due_for_check(session, moment, operation.id)
        if waiting.country == about.country
    )
    if not cases:
        return {"cases": 0}
    told = tell(
        session,
        To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=about.country),
        MessageKind.NOTICES_UNCHECKED,
        f"/operations/{operation.id}/fugitives",
        cases,
        key=f"{due.job}:{due.due.isoformat()}",
        by=System(),
        operation=operation.id,
        classification=Classification(operation.classification),
        about=Flaw("", N_("Notices of {title} that nobody looked up today, of {country}."), _named(operation, about)),
    )
    return {"cases": cases, "told": told}


def _named(operation: Operation, about: Unchecked) -> dict[str, str]:
    return {"title": operation.title, "country": about.country}


JOBS: Sequence[TimetableJob] = (TimetableJob("notices.check", _dues, _tell),)
