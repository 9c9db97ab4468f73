"""Deconfliction rooms whose last day is over: they are closed, and the entries of all their countries erased."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from operations.core.people import System
from operations.exchange import deconfliction
from operations.exchange.deconfliction_rows import DeconflictionRoom
from operations.timetable.effects import Due, Job, Outcome


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[Due]:
    for found in deconfliction.over(session, moment.date()):
        at = datetime.combine(found.until + timedelta(days=1), time(0), UTC)
        yield Due(f"deconfliction.close:{found.id}", at, max(at, since), found)


def _close(session: Session, due: Due, _moment: datetime, _made: Any) -> Outcome:
    found: DeconflictionRoom = due.about
    deconfliction.close(session, found.id, System())
    return {}


JOBS: Sequence[Job] = (Job("rooms", _dues, _close),)
