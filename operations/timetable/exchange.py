"""What ends between countries: rooms of deconfliction are closed, their entries erased, and old messages emptied."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from operations.core.people import System
from operations.exchange import deconfliction, dispatches
from operations.exchange.deconfliction_rows import DeconflictionRoom
from operations.exchange.dispatch_rows import RETENTION
from operations.timetable.effects import Due, Job, Outcome


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    for found in deconfliction.over(session, moment.date()):
        at = datetime.combine(found.until + timedelta(days=1), time(0), UTC)
        yield Due(f"deconfliction.close:{found.id}", at, max(at, since), found)


def _close(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    found: DeconflictionRoom = due.about
    deconfliction.close(session, found.id, System())
    return {}


def _old(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    for found in dispatches.over(session, moment):
        at = found.sent_at + RETENTION
        yield Due(f"dispatch.erase:{found.id}", at, max(at, since), found)


def _erase(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    dispatches.erase(session, due.about, System())
    return {}


JOBS: Sequence[Job] = (Job("rooms", _dues, _close), Job("dispatches", _old, _erase))
