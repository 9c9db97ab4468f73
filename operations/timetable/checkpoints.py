"""What boards stand at is kept once an official day, and sooner where much moves: so that looking back stays quick."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Outcome, TimetableJob
from operations.totals import checkpoints


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Once the day of the first step is over that no checkpoint holds; of the small parts once there are enough."""
    waiting = checkpoints.waiting(session, whole=True)
    query = select(Operation).where(col(Operation.id).in_([each.operation for each in waiting]))
    owners = {each.id: each for each in session.exec(query)} if waiting else {}
    for each in waiting:
        owner = owners[each.operation]
        day = official_day(each.since, owner.zone, owner.day_cut)
        over = day_bounds(day, owner.zone, owner.day_cut)[1]
        if over <= moment:
            yield DueEffect(
                f"checkpoint:{each.operation}:{each.first}", each.since, max(over, since), (each.operation, True)
            )
    for each in checkpoints.waiting(session, whole=False) if waiting else []:
        if each.steps >= checkpoints.ENOUGH:
            name = f"checkpoint.small:{each.operation}:{each.first}"
            yield DueEffect(name, each.since, moment, (each.operation, False))


def _effect(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    operation, whole = due.about
    return {"entry": checkpoints.checkpoint(session, operation, whole=whole)}


JOBS = (TimetableJob("checkpoint", _dues, _effect),)
