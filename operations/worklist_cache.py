"""What waits for a person, asked again and again: by every open page at every pulse, and for the inbox of everybody.

Nothing waits or ceases to wait but by an entry of the journal or by time. So what was found stands while no entry
since can have moved it for this person, and not longer than some time: then two short questions take the place of all.
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
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.store import Store, unscoped
from operations.core.worklist import WorkItem

MOST_PEOPLE, MOST_ENTRIES = 2000, 200
"""Of how many people it is kept, and after how many entries it is asked anew without looking at them."""

_NEVER = frozenset({"analysis", "event_layer", "calendar", "wall", "oplan_comment"})
"""Kinds of things on which nothing depends that waits for anybody."""


class EntryChange(NamedTuple):
    """What an entry was about: a kind of thing, of a country and in an operation, where it says so."""

    kind: str
    country: str | None
    operation: UUID | None

    def touches(self, by: Actor) -> bool:
        """Whether something may wait for this person, or not any more, since this happened.

        Reports are a matter of their country, and of the analysts who consolidate them: for nobody else they wait.
        """
        theirs = self.country == by.country or may(by, Act.REPORT_CONSOLIDATE)
        if self.kind in _NEVER or (self.kind == "report" and not theirs):
            return False
        everywhere = may(by, Act.OPERATION_READ, Subject())
        return self.operation is None or everywhere or self.operation in by.operations


Changes = Callable[[int], list[EntryChange] | None]


class WorklistAnswer(NamedTuple):
    """What was found, at which moment, and the last entry then."""

    found: list[WorkItem]
    at: datetime
    seq: int


class Again:
    """What was found last for each person, in one process. `fresh`: how long it stands where nothing happens."""

    def __init__(self, fresh: timedelta) -> None:
        self.fresh = fresh
        self._asked: OrderedDict[Actor, WorklistAnswer] = OrderedDict()
        self._lock = Lock()

    def waiting(self, session: Session, by: Actor, at: datetime) -> list[WorkItem]:
        """What waits for `by`, who asks, as `operations.worklist_entries` finds it."""
        head = journal.pulse(session)  # first: what is written while it is asked is looked at the next time
        still = self._still(by, at, head, lambda since: changes(session, since, head))
        return (
            self._keep(by, WorklistAnswer(worklist_entries.waiting(session, by, at), at, head))
            if still is None
            else still
        )

    def of_many(self, store: Store, people: Iterable[Actor], at: datetime) -> Iterator[tuple[Actor, list[WorkItem]]]:
        """What waits for each of many people: first those for whom nothing can have changed, of whom nothing is asked.

        Nothing is held open between one and the next.
        """
        with store.reading(System()) as session:
            head = journal.pulse(session)
            since = cache(partial(changes, session, head=head))
            still = [(by, self._still(by, at, head, since)) for by in people]
        yield from ((by, found) for by, found in still if found is not None)
        for by in (by for by, found in still if found is None):
            with store.reading(by) as session:
                asked = self._keep(by, WorklistAnswer(worklist_entries.waiting(session, by, at), at, head))
            yield by, asked

    def _still(self, by: Actor, at: datetime, head: int, since: Changes) -> list[WorkItem] | None:
        """What was found last, where it stands; None where it has to be asked for."""
        asked = self._asked.get(by)
        if asked is None or not timedelta(0) <= at - asked.at < self.fresh:
            return None
        moved = since(asked.seq) if asked.seq < head else []
        if moved is None or any(each.touches(by) for each in moved):
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
    """What the entries after one until another were about, whoever may know them; None: there are too many."""
    about = unscoped(select(Entry.object_kind, Entry.country, Entry.operation_id).distinct())
    if head - since > MOST_ENTRIES:
        return None
    return [EntryChange(*each) for each in session.exec(about.where(col(Entry.seq) > since, col(Entry.seq) <= head))]


_again: WeakKeyDictionary[Store, Again] = WeakKeyDictionary()


def again(store: Store) -> Again:
    """What this process found last in a store, for its pages: as it is now, but for what the last minute alone made."""
    return _again.setdefault(store, Again(timedelta(minutes=1)))
