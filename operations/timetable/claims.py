"""The job that looks for possible double counts four times a day in running operations; people decide about each."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from operations.claims import claims
from operations.core.people import System
from operations.core.store import Store
from operations.policing.operation.plan import Operation
from operations.policing.reports.states import RUNNING
from operations.timetable.effects import DueEffect, Outcome, TimetableJob, every

PERIOD = timedelta(hours=6)
_slots = every("claims", PERIOD)


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    """Yield one effect for each operation, so that a failure in one does not undo the results of others."""
    for slot in _slots(session, since, moment):
        running = select(Operation.id).where(col(Operation.state).in_([state.value for state in RUNNING]))
        for operation in sorted(session.exec(running), key=str):
            yield DueEffect(f"claims:{operation}", slot.due, slot.at, operation)


def _search(store: Store, due: DueEffect, _moment: datetime) -> claims.ClaimSearch:
    """Compare all lines before the transaction, which would take long."""
    with store.reading(System()) as session:
        return claims.search(session, due.about, System())


def _suspect(session: Session, due: DueEffect, _moment: datetime, found: claims.ClaimSearch) -> Outcome:
    return {"suspected": len(claims.suspect(session, due.about, System(), found))}


JOBS: Sequence[TimetableJob] = (TimetableJob("claims", _dues, _suspect, work=_search),)
