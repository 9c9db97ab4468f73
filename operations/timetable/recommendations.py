"""Recommendations that are overdue: their owner is told when the day is over, the coordinator a week later."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds
from operations.core.people import System
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.evaluation.recommendations import OPEN, Recommendation
from operations.notices.messages import To, tell
from operations.policing.operation.plan import Operation
from operations.timetable.effects import Due, Job, Outcome

ESCALATED = timedelta(days=7)
_OWNER, _COORDINATOR = "owner", "coordinator"


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    """What was overdue already when the timetable first ran, or when it was decided, is told then."""
    query = select(Recommendation, Operation).join(Operation, col(Operation.id) == col(Recommendation.operation_id))
    late = query.where(col(Recommendation.state).in_(OPEN), col(Recommendation.due) < moment.date() + timedelta(days=1))
    for found, operation in session.exec(late):
        over = day_bounds(found.due, operation.zone)[1]
        for stage, after in ((_OWNER, timedelta(0)), (_COORDINATOR, ESCALATED)):
            if over + after <= moment:
                job = f"recommendation.{stage}:{found.id}"
                yield Due(job, over + after, max(over + after, since), (stage, found, operation))


def _tell(session: Session, due: Due, moment: datetime, _made: Any) -> Outcome:
    stage, found, operation = due.about
    owner = (
        To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=found.country)
        if found.country
        else To(roles=frozenset({Role(found.role)}), operation=operation.id)
    )
    told = tell(
        session,
        owner if stage == _OWNER else To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=operation.id),
        MessageKind.RECOMMENDATION_OVERDUE,
        f"/operations/{operation.id}/recommendations?show={found.id}",
        max((moment - day_bounds(found.due, operation.zone)[1]).days, 1),
        key=due.job,
        by=System(),
        operation=operation.id,
        classification=Classification(operation.classification),
    )
    return {"told": told}


JOBS: Sequence[Job] = (Job("recommendation", _dues, _tell),)
