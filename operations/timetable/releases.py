"""The job that releases guarded figures: to leadership once an hour, to countries and outside once a day.

The decision is made before the transaction, which the solver would hold for too long.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, select

from operations.core.clock import official_day
from operations.core.people import System
from operations.core.store import Store
from operations.figures.releases import decision
from operations.figures.releases.decision import Round
from operations.policing.operation.plan import Operation
from operations.timetable.effects import DueEffect, Effect, Outcome, TimetableJob, every

NAME = "release"
PERIOD = timedelta(hours=1)


def _decided(store: Store, _due: DueEffect, moment: datetime) -> list[Round]:
    """Return the decisions for operations whose figures changed since the last run, or whose official day began."""
    found = []
    with store.reading(System()) as session:
        last = session.exec(select(Effect.outcome).where(Effect.job == NAME).order_by(Effect.due.desc())).first()  # type: ignore[attr-defined]
        seen = (last or {}).get("seen", {})
        for owner in session.exec(select(Operation)):
            here = _now(session, owner, moment)
            if here[0] and here != seen.get(str(owner.id)):
                new_day = here[1] != seen.get(str(owner.id), [0, ""])[1]
                found.append(decision.decide(session, owner, all_audiences=new_day))
    return found


def _now(session: Session, owner: Operation, moment: datetime) -> list[int | str]:
    return [decision.moved(session, owner.id), official_day(moment, owner.zone, owner.day_cut).isoformat()]


def _release(session: Session, _due: DueEffect, moment: datetime, decided: list[Round]) -> Outcome:
    released = sum(decision.record(session, each) is not None for each in decided)
    known = session.exec(select(Effect.outcome).where(Effect.job == NAME).order_by(Effect.due.desc())).first() or {}  # type: ignore[attr-defined]
    seen = dict(known.get("seen", {}))
    for each in decided:
        owner = session.get_one(Operation, each.operation)
        seen[str(owner.id)] = [each.moved, official_day(moment, owner.zone, owner.day_cut).isoformat()]
    return {"released": released, "seen": seen}


JOBS: Sequence[TimetableJob] = (TimetableJob(NAME, every(NAME, PERIOD), _release, work=_decided),)
