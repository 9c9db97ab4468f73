"""Sign-in throttle: counts wrong guesses of a secret, and makes the next attempt wait.

Call `refuse_haste` before a secret is checked, and `note_failure` or `forget_failures` after.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.errors import RuleBroken
from operations.core.ids import new_id

WINDOW = timedelta(minutes=15)
FREE_FAILURES = 5  # of one account from one source
GLOBAL_FAILURES = 20  # of one account from everywhere
FIRST_DELAY = timedelta(seconds=30)
WAIT = "Too many attempts. Try again in {minutes} min."


class Hasty(RuleBroken):
    """An attempt to prove a secret that came too soon: the next is possible after `seconds`."""

    def __init__(self, field: str, template: str, wait: timedelta) -> None:
        self.seconds = max(1, int(wait.total_seconds()))
        super().__init__(field, template, minutes=-(-self.seconds // 60))


class Attempt(SQLModel, table=True):
    """A failed attempt. `username` is a hash of the input, since people type passwords into the wrong field."""

    id: UUID = Field(primary_key=True)
    username: str = Field(max_length=64, index=True)
    source: str = Field(default="", max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


def sha256(text: str) -> str:
    """Return the form in which a secret is stored."""
    return hashlib.sha256(text.encode()).hexdigest()


def wait(session: Session, secret: str, source: str, known: Callable[[], bool]) -> timedelta:
    """Return how long this source must wait before it may try this secret again; zero if it need not.

    After five failures within 15 minutes the delay after the last one doubles with each further one. Twenty failures
    from everywhere close the account to sources from which nobody signed in to it during the last 30 days: a stranger
    who guesses wrong on purpose cannot lock out officers at their desks. Only then is `known` called, to see whether
    this source is one.
    """
    recent = session.exec(
        select(Attempt.source, Attempt.at)
        .where(Attempt.username == sha256(secret), Attempt.at > now() - WINDOW)
        .order_by(col(Attempt.at))
    ).all()
    here = [at for tried_from, at in recent if tried_from == source]
    if len(here) >= FREE_FAILURES:
        delay: timedelta = min(FIRST_DELAY * (1 << min(len(here) - FREE_FAILURES, 10)), WINDOW)
        return max(here[-1] + delay - now(), timedelta())
    if len(recent) < GLOBAL_FAILURES or known():
        return timedelta()
    return max(recent[-GLOBAL_FAILURES][1] + WINDOW - now(), timedelta())


def refuse_haste(
    session: Session, secret: str, source: str, known: Callable[[], bool] = lambda: False, field: str = ""
) -> None:
    """Raise Hasty on `field` if `source` must wait before it may try `secret` again.

    `secret` names what is guessed ("ana", "password of <id>"); it is stored as a hash.
    """
    if time := wait(session, secret, source[:64], known):
        raise Hasty(field, WAIT, time)


def note_failure(session: Session, secret: str, source: str) -> None:
    """Record a failed attempt on `secret`, and delete attempts that no longer count."""
    session.execute(delete(Attempt).where(col(Attempt.at) <= now() - WINDOW))
    session.add(Attempt(id=new_id(), username=sha256(secret), source=source[:64], at=now()))


def forget_failures(session: Session, secret: str, source: str) -> None:
    """Delete the failures of this source, after the secret was proven from there."""
    session.execute(delete(Attempt).where(col(Attempt.username) == sha256(secret), col(Attempt.source) == source[:64]))
