"""Effects of the timetable: one row for each job and due time, written in the transaction of the effect."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime
from operations.core.people import Actor
from operations.core.store import Store, scoped

LATE_AFTER = timedelta(minutes=2)
"""The delay after which an effect is reported as late."""

Outcome = Mapping[str, Any]


class Effect(SQLModel, table=True):
    """A job done for a due time. Immutable; `outcome` has codes and counts."""

    __tablename__ = "timetable_effect"
    job: str = Field(primary_key=True, max_length=120)
    due: datetime = Field(primary_key=True, index=True, sa_type=UtcDateTime)
    fence: int
    done_at: datetime = Field(sa_type=UtcDateTime)
    outcome: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


@scoped(Effect)
def _effects_seen(_actor: Actor) -> object:
    """Visible to nobody: internal to Muster. The journal holds what people may know."""
    return false()


@dataclass(frozen=True)
class DueEffect:
    """A due effect: `job` and `due` identify it for ever; `at` is from when on it may run, `about` its subject."""

    job: str
    due: datetime
    at: datetime
    about: Any = None

    def late(self, moment: datetime) -> int:
        """Return the minutes of delay where they exceed `LATE_AFTER`; otherwise 0."""
        passed = moment - self.at
        return int(passed.total_seconds() // 60) if passed > LATE_AFTER else 0


@dataclass(frozen=True)
class TimetableJob:
    """A scheduled job.

    `dues` yields the effects due from a moment on until now. `effect` changes the database, in one transaction with its
    row in `Effect`. `work` is an optional long part before it, which must be idempotent for the same due time; its
    result is passed to `effect`. `failed` is called when either raised.
    """

    name: str
    dues: Callable[[Session, datetime, datetime], Iterable[DueEffect]]
    effect: Callable[[Session, DueEffect, datetime, Any], Outcome]
    work: Callable[[Store, DueEffect, datetime], Any] | None = None
    failed: Callable[[Session, DueEffect, datetime, Exception], None] | None = None


def known(session: Session, since: datetime) -> set[tuple[str, datetime]]:
    """Return the effects done for due times from `since` on."""
    return {(job, due) for job, due in session.exec(select(Effect.job, Effect.due).where(col(Effect.due) >= since))}


def every(name: str, period: timedelta, offset: timedelta = timedelta(0)) -> Callable[..., Iterable[DueEffect]]:
    """Return the `dues` of a job that runs when the timetable first runs, and once in each `period` from 1970 plus
    `offset`.

    Of missed periods only the last is made up for.
    """

    def dues(_session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
        start = datetime.fromtimestamp(0, tz=moment.tzinfo) + offset
        last = max(start + (moment - start) // period * period, since)
        return [DueEffect(name, last, last)] if last <= moment else []

    return dues
