"""The job that writes checkpoints of totals, once an official day and sooner after many changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Outcome, TimetableJob
from operations.totals import checkpoints


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield a whole checkpoint once the official day of the first step without one is over, small ones after enough
    steps.
    """
    waiting = checkpoints.waiting(session, whole=True)
    query = select(Operation).where(col(Operation.id).in_([each.operation for each in waiting]))
    owners = {each.id: each for each in session.exec(query)} if waiting else {}
    for pending in waiting:
        owner = owners[pending.operation]
        day = official_day(pending.since, owner.zone, owner.day_cut)
        over = day_bounds(day, owner.zone, owner.day_cut)[1]
        if over <= moment:
            yield DueEffect(
                f"checkpoint:{pending.operation}:{pending.first}",
                pending.since,
                max(over, since),
                (pending.operation, True),
            )
    for pending in checkpoints.waiting(session, whole=False) if waiting else []:
        if pending.steps >= checkpoints.ENOUGH:
            name = f"checkpoint.small:{pending.operation}:{pending.first}"
            yield DueEffect(name, pending.since, moment, (pending.operation, False))


def _effect(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    operation, whole = due.about
    return {"entry": checkpoints.checkpoint(session, operation, whole=whole)}


JOBS = (TimetableJob("checkpoint", _dues, _effect),)
