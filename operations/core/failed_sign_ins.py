"""Failed sign-ins in the access trail: the first of a period one by one, the rest as counts.

Anybody without an account can cause them without end. To keep the disk from filling, in each period a process writes at
most `ONE_BY_ONE` entries of refused attempts on known accounts, one entry for each of `SOURCES` sources, and one for
all other sources together when the period is over. Counts wait in memory until then: a process that is killed loses
those of at most one period.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from sqlmodel import Session

from operations.core import journal
from operations.core.clock import now
from operations.core.journal import Chain
from operations.core.people import System
from operations.core.store import Store

PERIOD = timedelta(minutes=15)
ONE_BY_ONE = 100
SOURCES = 100
_MOST = 10_000  # sources counted separately before they are written


class RefusedTries:
    """The counts of one process for one database."""

    def __init__(self) -> None:
        self._lock, self._since, self._entries = Lock(), now(), 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def entry_of_its_own(self) -> bool:
        """Count an attempt on a known account. Return whether it gets an entry of its own, written by the caller."""
        with self._lock:
            self._entries += 1
            return self._entries <= ONE_BY_ONE

    def count(self, source: str, outcome: str) -> None:
        """Count a refused attempt for the entry of its source."""
        with self._lock:
            known = (source, outcome) in self._counts or len(self._counts) < _MOST
            self._counts[(source if known else "", outcome)] += 1

    @property
    def due(self) -> bool:
        """Whether the period is over, so that the counts should be written now."""
        return now() >= self._since + PERIOD

    def take(self) -> "RefusalCount":
        """Return the counts and begin a new period."""
        with self._lock:
            taken = RefusalCount(self._since, self._counts)
            self._since, self._counts, self._entries = now(), Counter(), 0
            return taken

    def put_back(self, taken: "RefusalCount") -> None:
        """Add back counts that could not be written."""
        with self._lock:
            self._since = taken.since
            self._counts.update(taken.tries)


@dataclass(frozen=True)
class RefusalCount:
    """The number of refused attempts by (source, outcome) since a moment."""

    since: datetime
    tries: Counter[tuple[str, str]]

    def enter(self, session: Session) -> int:
        """Add the counts to the access trail in the current transaction. Return the number of entries.

        Source "" stands for all sources beyond the `SOURCES` with the most attempts.
        """
        largest, rest = self.tries.most_common(), Counter[tuple[str, str]]()
        for (_source, outcome), tries in largest[SOURCES:]:
            rest[("", outcome)] += tries
        entered = [*largest[:SOURCES], *rest.items()]
        for (source, outcome), tries in entered:
            journal.record(
                session,
                System(),
                "account.sign_in",
                "account",
                outcome=outcome,
                chain=Chain.ACCESS,
                source=source,
                tries=tries,
                since=self.since.isoformat(timespec="seconds"),
            )
        return len(entered)


_of: WeakKeyDictionary[Store, RefusedTries] = WeakKeyDictionary()
_lock = Lock()


def of(store: Store) -> RefusedTries:
    """Return the counts of this process for a store."""
    with _lock:
        return _of.setdefault(store, RefusedTries())


def enter(store: Store, *, due: bool = True) -> int:
    """Write the counts if the period is over, or at any time without `due`. Return the number of entries."""
    counted = of(store)
    if due and not counted.due:
        return 0
    taken = counted.take()
    if not taken.tries:
        return 0
    try:
        with store.unit_of_work(System(), behind=True) as session:
            return taken.enter(session)
    except Exception:
        counted.put_back(taken)  # nothing can be stored now: the counts are written next time
        raise
