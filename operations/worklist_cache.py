"""Worklist cache: work items are asked for by every open page at every pulse, and for everybody's inbox.

Work items change only with a journal entry or with time. So an answer is reused while no entry since can have changed
it for this person, and for a limited time: then two short queries replace all the others.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache, partial
from threading import Lock
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlmodel import Session, col, select

from operations import worklist_entries
from operations.core import journal
from operations.core.errors import Changed
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.store import Store, unscoped
from operations.core.worklist import WorkItem

MOST_PEOPLE, MOST_ENTRIES = 2000, 200
"""The number of people in the cache, and of entries after which it asks anew without looking at them."""

_NEVER = frozenset({"analysis", "event_layer", "calendar", "wall", "oplan_comment"})
"""The kinds of objects whose entries never change anybody's work items."""


class EntryChange(NamedTuple):
    """The subject of an entry: the kind of object, its country and operation, where it has them."""

    kind: str
    country: str | None
    operation: UUID | None

    def touches(self, by: Actor) -> bool:
        """Whether this entry may have changed the work items of this person.

        Reports concern their country and the analysts who consolidate them, and nobody else's work items.
        """
        theirs = self.country == by.country or may(by, Act.REPORT_CONSOLIDATE)
        if self.kind in _NEVER or (self.kind == "report" and not theirs):
            return False
        everywhere = may(by, Act.OPERATION_READ, Subject())
        return self.operation is None or everywhere or self.operation in by.operations


Changes = Callable[[int], list[EntryChange] | None]


class WorklistAnswer(NamedTuple):
    """The work items found, when, and the last entry at that time."""

    found: list[WorkItem]
    at: datetime
    seq: int


class WorklistCache:
    """The last answer for each person, in one process. `fresh`: how long an answer lasts when nothing happens."""

    def __init__(self, fresh: timedelta) -> None:
        self.fresh = fresh
        self._asked: OrderedDict[Actor, WorklistAnswer] = OrderedDict()
        self._lock = Lock()

    def waiting(self, session: Session, by: Actor, at: datetime) -> list[WorkItem]:
        """Return the work items of `by`, the asker, as `operations.worklist_entries` finds them."""
        head = journal.pulse(session)  # read first, so that entries written meanwhile are looked at the next time
        still = self._still(by, at, head, lambda since: changes(session, since, head))
        return (
            self._keep(by, WorklistAnswer(worklist_entries.waiting(session, by, at), at, head))
            if still is None
            else still
        )

    def of_many(self, store: Store, people: Iterable[Actor], at: datetime) -> Iterator[tuple[Actor, list[WorkItem]]]:
        """Yield the work items of many people, first of those whose cached answer still holds, without queries.

        No session is open between one and the next. Who may do less by now, or signed out, is left out: the others are
        answered all the same.
        """
        with store.reading(System()) as session:
            head = journal.pulse(session)
            since = cache(partial(changes, session, head=head))
            still = [(by, self._still(by, at, head, since)) for by in people]
        yield from ((by, found) for by, found in still if found is not None)
        for by in (by for by, found in still if found is None):
            try:
                with store.reading(by) as session:
                    asked = self._keep(by, WorklistAnswer(worklist_entries.waiting(session, by, at), at, head))
            except Changed:
                continue
            yield by, asked

    def _still(self, by: Actor, at: datetime, head: int, since: Changes) -> list[WorkItem] | None:
        """Return the last answer where it still holds; None where it must be asked for."""
        asked = self._asked.get(by)
        if asked is None or not timedelta(0) <= at - asked.at < self.fresh:
            return None
        moved = since(asked.seq) if asked.seq < head else []
        if moved is None or any(entry.touches(by) for entry in moved):
            return None
        return self._keep(by, asked._replace(seq=head))

    def _keep(self, by: Actor, asked: WorklistAnswer) -> list[WorkItem]:
        with self._lock:
            self._asked[by] = asked
            self._asked.move_to_end(by)
            if len(self._asked) > MOST_PEOPLE:
                self._asked.popitem(last=False)
        return asked.found


def changes(session: Session, since: int, head: int) -> list[EntryChange] | None:
    """Return the subjects of the entries between two, whoever may know them; None if there are too many."""
    about = unscoped(select(Entry.object_kind, Entry.country, Entry.operation_id).distinct())
    if head - since > MOST_ENTRIES:
        return None
    return [EntryChange(*row) for row in session.exec(about.where(col(Entry.seq) > since, col(Entry.seq) <= head))]


_again: WeakKeyDictionary[Store, WorklistCache] = WeakKeyDictionary()


def again(store: Store) -> WorklistCache:
    """Return the cache of a store in this process. Its answers are at most a minute old."""
    return _again.setdefault(store, WorklistCache(timedelta(minutes=1)))
