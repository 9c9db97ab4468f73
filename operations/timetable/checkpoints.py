"""The job that writes checkpoints of totals, once an official day and sooner after many changes."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.core.people import System
from operations.core.store import Store, alone
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Outcome, TimetableJob
from operations.totals import checkpoints
from operations.totals.checkpoints import Made


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


def _make(store: Store, due: DueEffect, _moment: datetime) -> Made | None:
    operation, whole = due.about
    with store.reading(System()) as session:
        return checkpoints.made(session, operation, whole=whole)


def _keep(session: Session, due: DueEffect, _moment: datetime, made: Made | None) -> Outcome:
    operation, _whole = due.about
    alone(session, operation)
    return {"entry": checkpoints.keep(session, operation, made)}


JOBS = (TimetableJob("checkpoint", _dues, _keep, _make),)
