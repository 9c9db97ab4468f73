"""Overdue operations: still running past their planned end; leadership is told which."""

from datetime import date, timedelta
from typing import NamedTuple

from sqlmodel import Session, col, func, select

from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.vocabulary import OperationState, PhaseKind
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase

RUNNING = (OperationState.PRE_OPERATIONAL, OperationState.ACTIVE, OperationState.SUSPENDED)
"""States of an operation that has not ended. After them it is consolidated, which takes its own time."""


class Overdue(NamedTuple):
    """An operation that still runs, and its planned last official day."""

    operation: Operation
    planned_end: date


def overdue(session: Session, by: Actor) -> list[Overdue]:
    """Return operations in reach that still run although their operational phases are over, oldest first."""
    last = func.max(Phase.ends)
    query = (
        select(Operation, last)
        .join(Phase, col(Phase.operation_id) == col(Operation.id))
        .where(col(Operation.state).in_([state.value for state in RUNNING]), Phase.kind == PhaseKind.OPERATIONAL.value)
        .group_by(col(Operation.id))
        .having(last <= now())
        .order_by(last)
    )
    return [
        Overdue(operation, official_day(ends - timedelta(microseconds=1), operation.zone, operation.day_cut))
        for operation, ends in session.exec(query)
        if may(by, Act.OPERATION_READ, plan.subject(operation))
    ]
