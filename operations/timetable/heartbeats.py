"""Signs of life: when the timetable, the backup, the check of the journal and other processes last succeeded.

A heartbeat that missed two of its periods is red: the process that should have reported the failure may be the one that
failed.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlmodel import Field, Session, SQLModel, select

from operations.core.clock import UtcDateTime


class Watched(StrEnum):
    """The processes that send heartbeats."""

    TIMETABLE = "timetable"
    BACKUP = "backup"
    CHAIN = "chain"
    ANSWERS = "answers"
    STORIES = "stories"
    PROGRAMME = "programme"


OPTIONAL = frozenset({Watched.ANSWERS, Watched.STORIES, Watched.PROGRAMME})
"""What not every house runs: watched from its first sign on."""


class Sign(SQLModel, table=True):
    """A heartbeat: last success and failure, period, and the text of the last one (a head, or a reason)."""

    __tablename__ = "timetable_sign"
    name: str = Field(primary_key=True, max_length=32)
    succeeded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failures: int = 0
    every_seconds: int
    words: str = Field(default="", max_length=300)


class Health(NamedTuple):
    """The health of a process: `succeeded_at` is None where it never succeeded; `red` after two missed periods."""

    watched: Watched
    succeeded_at: datetime | None
    red: bool
    failures: int


def succeeded(session: Session, watched: Watched, moment: datetime, every: timedelta, words: str = "") -> None:
    """Record a success."""
    sign = _sign(session, watched, every)
    sign.succeeded_at, sign.failures, sign.words = moment, 0, words[:300]
    session.add(sign)


def failed(session: Session, watched: Watched, moment: datetime, every: timedelta, why: str) -> int:
    """Record a failure; return the number of failures in a row."""
    sign = _sign(session, watched, every)
    sign.failed_at, sign.failures, sign.words = moment, sign.failures + 1, why[:300]
    session.add(sign)
    return sign.failures


def over(session: Session, watched: Watched) -> None:
    """It came to its end as it should: nobody waits for another sign."""
    if watched in OPTIONAL and (sign := session.get(Sign, watched.value)) is not None:
        session.delete(sign)


def said(session: Session, watched: Watched) -> str:
    """Return the text of the last heartbeat."""
    sign = session.get(Sign, watched.value)
    return sign.words if sign else ""


def health(session: Session, moment: datetime) -> list[Health]:
    """Return the health of each process.

    A success in the future counts as missed: the clock was wrong then, or is now.
    """
    signs = {sign.name: sign for sign in session.exec(select(Sign))}
    expected = (watched for watched in Watched if watched in signs or watched not in OPTIONAL)
    return [_health(watched, signs.get(watched.value), moment) for watched in expected]


def silent(session: Session, moment: datetime) -> list[Watched]:
    """What lived once and gives no sign any more."""
    return [each.watched for each in health(session, moment) if each.red and each.succeeded_at is not None]


def _health(watched: Watched, sign: Sign | None, moment: datetime) -> Health:
    if sign is None or sign.succeeded_at is None:
        return Health(watched, None, True, sign.failures if sign else 0)
    patience = timedelta(seconds=sign.every_seconds) * 2 + timedelta(seconds=30)
    return Health(watched, sign.succeeded_at, abs(moment - sign.succeeded_at) > patience, sign.failures)


def _sign(session: Session, watched: Watched, every: timedelta) -> Sign:
    sign = session.get(Sign, watched.value) or Sign(name=watched.value, every_seconds=0)
    sign.every_seconds = int(every.total_seconds())
    return sign
