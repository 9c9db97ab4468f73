"""What never changes is read once in a process and kept, for the few things that were asked for last.

A session that writes keeps nothing, and is given nothing: what it reads may never be.
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
"""So many things of each kind are kept for a store: what an operation's reports say takes some megabytes."""


class CachedState:
    """What is known up to an entry of the journal, to be read and brought on by whoever holds `lock`."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.begin()

    def begin(self) -> None:
        """Know nothing."""
        self.seq, self.hash = 0, ""

    def brought_to(self, session: Session) -> int | None:
        """The entry up to which it is to be brought on now, after `seq`; None where it knows more than this session.

        It begins anew where its own entry is not in the journal: the store was put back to what it had been.
        """
        with change_tracking.settled():
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


def of(session: Session, what: Hashable, kind: type[K]) -> K | None:
    """What is kept of a kind about `what`; None for a session that writes."""
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
        found: K = things[what]
    return found
