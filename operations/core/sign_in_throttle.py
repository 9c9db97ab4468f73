"""Sign-in throttle: counts wrong guesses of a secret, and makes the next attempt wait.

`refuse_haste` before a secret is proven, `note_failure` or `forget_failures` after.

Nobody is closed out: whoever knows the secret proves it after `LONGEST` seconds, whatever others tried before. What one
can guess all the same, whichever way the tries are spread:

- one account from one source: 5 tries at once, then one after 1, 2, 4 and 5 seconds each: 190 in a quarter of an hour,
  740 an hour;
- one account from all sources together from which nobody signed in to it for 30 days: 20 tries, then one in 5 seconds:
  200 in a quarter of an hour, 740 an hour, however many the sources are;
- all accounts from one network: 60 failures in a quarter of an hour (`MUSTER_SIGN_IN_FAILURES`), then 24 at once that
  take 2 seconds each (`dashboard.server.rate_limits`): 43,200 an hour in each server process.

Tries at the very same moment are judged by the same past: two at once in each server process. A password has 15
characters and is none of those that are tried first (`passwords`), so that 740 tries an hour, 6.5 million a year, find
none.
"""

import hashlib
import math
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
FIRST_DELAY = timedelta(seconds=1)
LONGEST = timedelta(seconds=5)
WAIT = "Too many attempts. Try again in {seconds} s."


class Hasty(RuleBroken):
    """The next attempt to prove a secret comes too early: it must wait for `wait`, in whole `seconds`."""

    def __init__(self, field: str, template: str, wait: timedelta) -> None:
        self.wait, self.seconds = wait, max(1, math.ceil(wait.total_seconds()))
        super().__init__(field, template, seconds=self.seconds)


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

    After five failures within 15 minutes the delay after the last one doubles with each more, up to `LONGEST`. After
    twenty from everywhere, sources from which nobody signed in to the account during the last 30 days take turns, one
    try in `LONGEST`: a stranger who guesses badly on purpose does not slow down officers at their desks. Whether this
    one is `known` so is asked then.
    """
    recent = session.exec(
        select(Attempt.source, Attempt.at)
        .where(Attempt.username == sha256(secret), Attempt.at > now() - WINDOW)
        .order_by(col(Attempt.at))
    ).all()
    here, least = [at for found, at in recent if found == source], timedelta()
    if len(here) >= FREE_FAILURES:
        delay: timedelta = min(FIRST_DELAY * (1 << min(len(here) - FREE_FAILURES, 10)), LONGEST)
        least = max(here[-1] + delay - now(), timedelta())
    if len(recent) < GLOBAL_FAILURES or known():
        return least
    return max(recent[-1][1] + LONGEST - now(), least)


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
