"""Process cache: unchanging data that is read once in a process, for the few objects asked for last.

Sessions that write neither fill nor use it: what they read may be rolled back.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock, RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.core import change_tracking, journal
from operations.core.journal import Entry
from operations.core.store import unscoped

MOST = 4
"""The number of objects of each kind in the cache of a store: the reports of an operation take some megabytes."""


class CachedState:
    """State up to a journal entry, to be read and updated by the holder of `lock`."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.begin()

    def begin(self) -> None:
        """Reset to the empty state."""
        self.seq, self.hash = 0, ""

    def brought_to(self, session: Session) -> int | None:
        """Return the entry to update to, after `seq`; None if the state is ahead of this session.

        It resets itself if its own entry is not in the journal: then the store was restored from a backup.
        """
        with change_tracking.untracked():
            head = journal.pulse(session)
            if head < self.seq:
                return None
            query = sa.select(col(Entry.seq), col(Entry.hash)).where(col(Entry.seq).in_((self.seq, head)))
            hashes = {seq: known for seq, known in session.execute(unscoped(query))}  # noqa: C416
        if hashes.get(self.seq, "") != self.hash:
            self.begin()
        self.hash = hashes.get(head, "")
        return head


K = TypeVar("K", bound=CachedState)
_kept: "WeakKeyDictionary[Any, dict[type[CachedState], OrderedDict[Hashable, Any]]]" = WeakKeyDictionary()
_lock = Lock()


def cached_state(session: Session, what: Hashable, kind: type[K]) -> K | None:
    """Return the cached state of a kind about `what`; None for a session that writes."""
    engine = session.get_bind()
    if engine.get_execution_options().get("muster_writes"):
        return None
    with _lock:
        things = _kept.setdefault(engine, {}).setdefault(kind, OrderedDict())
        if what not in things:
            things[what] = kind()
        things.move_to_end(what)
        while len(things) > MOST:
            things.popitem(last=False)
        state: K = things[what]
    return state
