"""What boards stood at is kept once an official day, and sooner where much moves: so that looking back stays quick."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.measures import steps
from operations.policing.operation.plan import Operation
from operations.timetable.effects import Due, Job, Outcome


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    """Once the day of the first step is over that no checkpoint holds, or there are enough of them."""
    waiting = steps.waiting(session)
    query = select(Operation).where(col(Operation.id).in_([each.operation for each in waiting]))
    owners = {each.id: each for each in session.exec(query)} if waiting else {}
    for each in waiting:
        owner = owners[each.operation]
        day = official_day(each.since, owner.zone, owner.day_cut)
        over = day_bounds(day, owner.zone, owner.day_cut)[1]
        if over <= moment or each.steps >= steps.ENOUGH:
            at = max(min(over, moment), since)
            yield Due(f"checkpoint:{each.operation}:{each.first}", each.since, at, each.operation)


def _effect(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    return {"entry": steps.checkpoint(session, due.about)}


JOBS = (Job("checkpoint", _dues, _effect),)
