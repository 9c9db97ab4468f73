"""Leader election: one lease in the database, with a fencing token that grows with every change of leader.

The leader increments a beat. Standby processes watch the beat by a monotonic clock, and take over when it has not
changed for LEASE seconds. Every effect checks the fence in its own transaction, so that a leader that was paused and
resumes too late changes nothing.
"""

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

from operations.core import rows
from operations.core.clock import UtcDateTime
from operations.core.store import alone

LEASE = 5.5
"""Seconds without a beat after which another takes over: with its own beat in less than ten after the leader's end."""

_NAME = "timetable"
_FIRST = UUID("6d757374-6572-4000-8000-000000000011")


class Lease(SQLModel, table=True):
    """The lease: holder and fence; `since` is the timetable's first run here, and earlier dues are not made up for."""

    __tablename__ = "timetable_lease"
    name: str = Field(primary_key=True, max_length=16)
    fence: int
    beat: int = 0
    holder: str = Field(default="", max_length=120)
    since: datetime = Field(sa_type=UtcDateTime)


_TABLE: sa.Table = Lease.__table__  # type: ignore[attr-defined]
_BEAT = (
    _TABLE.update()
    .where(_TABLE.c.name == _NAME, _TABLE.c.fence == sa.bindparam("led_as"))
    .values(beat=_TABLE.c.beat + 1)
)


class Superseded(Exception):
    """Another process has become the leader. Nothing was changed."""


class LeaseCandidate:
    """A process that leads or stands by. `monotonic` is its own clock in seconds."""

    def __init__(self, name: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.name, self._monotonic = name, monotonic
        self.fence: int | None = None
        self._seen: tuple[int, int] | None = None
        self._seen_at = 0.0

    def keep(self, session: Session, moment: datetime) -> int | None:
        """Beat as leader, or take over where nobody leads. Return the fence, or None while another process leads."""
        if self.fence is not None and session.connection().execute(_BEAT, {"led_as": self.fence}).rowcount == 1:
            return self.fence
        self.fence = None
        lease = rows.find_locked(session, Lease, _NAME)
        if lease is None:  # first run: of several processes that start together one creates it
            alone(session, _FIRST)
            lease = rows.find_locked(session, Lease, _NAME)
        if lease is None:
            lease = Lease(name=_NAME, fence=0, since=moment)
        if not self._stands_still(lease):
            return None
        lease.fence, lease.beat, lease.holder = lease.fence + 1, 0, self.name
        session.add(lease)
        session.flush()
        self.fence = lease.fence
        return lease.fence

    def release(self, session: Session) -> None:
        """Release the lease, so that another process takes over at once."""
        lease = rows.find_locked(session, Lease, _NAME)
        if lease is not None and lease.fence == self.fence:
            lease.holder = ""
            session.add(lease)
        self.fence = None

    def _stands_still(self, lease: Lease) -> bool:
        if not lease.holder:
            return True
        seen = lease.fence, lease.beat
        if seen != self._seen:
            self._seen, self._seen_at = seen, self._monotonic()
            return False
        return self._monotonic() - self._seen_at >= LEASE


def hold(session: Session, fence: int) -> Lease:
    """Return the lease, locked for update. Raises Superseded where `fence` is not the newest."""
    lease = rows.find_locked(session, Lease, _NAME)
    if lease is None or lease.fence != fence:
        raise Superseded
    return lease


def first_ran(session: Session) -> datetime | None:
    """Return when the timetable first ran on this database; None if never."""
    return session.exec(select(Lease.since).where(Lease.name == _NAME)).one_or_none()
