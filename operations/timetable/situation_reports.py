"""Jobs of the situation report: once a day of a running operation, at its local morning, whoever may read it is told.

The address is the situation as of that moment, with the report of it: it says the same whenever it is opened.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.vocabulary import Classification, MessageKind, OperationState, Role
from operations.notices.messages import To, tell
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Outcome, TimetableJob

MORNING = time(6)
"""When the report is made, by the clocks of the operation."""

_DAY = timedelta(days=1)


def morning(operation: Operation, moment: datetime) -> datetime:
    """Return the last morning of an operation before or at a moment, in UTC."""
    local = moment.astimezone(ZoneInfo(operation.zone))
    today = datetime.combine(local.date(), MORNING, local.tzinfo)
    return (today if today <= local else datetime.combine(local.date() - _DAY, MORNING, local.tzinfo)).astimezone(UTC)


def address(operation: Operation, moment: datetime) -> str:
    """Return the address of the situation at a moment."""
    return f"/operations/{operation.id}/situation?at={moment:%Y-%m-%dT%H:%M:%SZ}"


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield the last morning of each running operation: of mornings that were missed only that one is made up for."""
    for operation in session.exec(select(Operation).where(Operation.state == OperationState.ACTIVE.value)):
        at = morning(operation, moment)
        if at >= since:
            yield DueEffect(f"situation.report:{operation.id}", at, at, operation)


def _tell(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    operation: Operation = due.about
    told = tell(
        session,
        (
            To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=operation.id),
            To(roles=frozenset({Role.LEADERSHIP})),
        ),
        MessageKind.SITUATION_REPORT,
        address(operation, due.due),
        1,
        key=f"{due.job}:{due.due.isoformat()}",
        by=System(),
        operation=operation.id,
        classification=Classification(operation.classification),
        about=Flaw(
            "",
            N_("The situation report of {day} is made."),
            {"day": due.due.astimezone(ZoneInfo(operation.zone)).date().isoformat()},
        ),
    )
    return {"told": told}


JOBS = (TimetableJob("situation", _dues, _tell),)
