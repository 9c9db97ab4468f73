"""The daily look at notices of fugitives: each morning of an official day it is told who must look, and at how many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.core.people import System
from operations.core.vocabulary import Classification, MessageKind, OperationState, Role
from operations.notices.messages import To, tell
from operations.policing.fugitives.notice_checks import notices_due_for_check
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Outcome, TimetableJob

MORNING = timedelta(hours=7)
"""After the beginning of the official day."""

_LIVE = (OperationState.PRE_OPERATIONAL.value, OperationState.ACTIVE.value, OperationState.CONSOLIDATION.value)


@dataclass(frozen=True)
class Unchecked:
    """The notices of one country in an operation that wait for today's look."""

    operation: UUID
    country: str


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """One for each country with cases; a day that was missed altogether is not made up for: notices change."""
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
        each.cases for each in notices_due_for_check(session, moment, operation.id) if each.country == about.country
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
    )
    return {"cases": cases, "told": told}


JOBS: Sequence[TimetableJob] = (TimetableJob("notices.check", _dues, _tell),)
