"""Verification times: when report versions were lifted to each level, from the entries of the journal.

An entry never changes: a process reads each once and caches it.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from operations.core import change_tracking, history, process_cache
from operations.core.ids import hexadecimal
from operations.core.journal import Entry
from operations.core.store import unscoped

VERIFY, VALIDATE, CONSOLIDATE = "report.verify", "report.validate", "report.consolidate"
_ENTRY = Entry.__table__.c  # type: ignore[attr-defined]
_COLUMNS = hexadecimal(_ENTRY.object_id), _ENTRY.country, _ENTRY.act, _ENTRY.at, _ENTRY.seq


class VerificationEntry(NamedTuple):
    """A journal entry: its object (in hexadecimal), country, act, moment and number."""

    object: str
    country: str | None
    act: str
    at: datetime
    seq: int


class _Lifted(process_cache.CachedState):
    """The cache of an operation's verification times up to entry `seq`."""

    def begin(self) -> None:
        super().begin()
        self.at: dict[str, dict[str, datetime]] = {act: {} for act in (VERIFY, VALIDATE, CONSOLIDATE)}


def acts(session: Session, operation: UUID, *of: str, after: int = 0) -> list[VerificationEntry]:
    """Return the operation's entries of these acts in order, up to the session's entry."""
    change_tracking.note_read(*of)
    query = sa.select(*_COLUMNS).where(_ENTRY.operation_id == operation, _ENTRY.act.in_(of), _ENTRY.seq > after)
    if (until := history.at(session)) is not None:
        query = query.where(_ENTRY.seq <= until)
    with change_tracking.untracked():
        return [VerificationEntry._make(each) for each in session.execute(unscoped(query.order_by(_ENTRY.seq)))]


def lifted(session: Session, operation: UUID) -> dict[str, dict[str, datetime]]:
    """Return when versions were last lifted, by act and id, as of the session's entry."""
    held = process_cache.cached_state(session, operation, _Lifted) if history.at(session) is None else None
    if held is not None:
        with held.lock:
            if (head := held.brought_to(session)) is not None:
                _bring_on(session, operation, held)
                held.seq = head
                return {act: dict(moments) for act, moments in held.at.items()}
    found = _Lifted()
    _bring_on(session, operation, found)
    return found.at


def _bring_on(session: Session, operation: UUID, held: _Lifted) -> None:
    for entry in acts(session, operation, *held.at, after=held.seq):
        held.at[entry.act][entry.object] = entry.at
