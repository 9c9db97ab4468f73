"""What a reader asked, and what was written since: so that nothing is read again that cannot have changed.

Facts, not promises: `asked` notes the tables that the statements inside it name, and each unit of work of this process
those that it writes. What another process writes is known by its entries in the journal alone: whether those concern a
reader cannot be told, so it is said that they do; what it writes without an entry moves no pulse, and is read when
somebody reads again. What time alone changes is for the reader to know.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

KEPT = 10_000
"""Units of work of which a process knows what they wrote: who read before them reads again."""

_NAMES = re.compile(r'(?<![.\w])"?([A-Za-z_]\w*)')
_GIVEN = re.compile(r"%\(\w+\)s|'[^']*'")
_WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)')
_READS = re.compile(r"\s*(?:SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|LISTEN)\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def named(statement: str) -> frozenset[str]:
    """The tables that an SQL statement names, and more words that are none."""
    return frozenset(_NAMES.findall(_GIVEN.sub("", statement)))


@lru_cache(maxsize=2048)
def written(statement: str) -> frozenset[str]:
    """The table that an SQL statement writes to; all that it names where it is of no usual form."""
    if (found := _WRITES.match(statement)) is not None:
        return frozenset(found.groups())
    return frozenset() if _READS.match(statement) else named(statement)


@dataclass(eq=False)
class _Unit:
    """A unit of work: the tables that it wrote, its entries of the journal, and whether it may be committed by now."""

    tables: set[str] = field(default_factory=set)
    entries: set[int] = field(default_factory=set)
    ends: bool = False


class ReadMark(NamedTuple):
    """What was read: the tables, and what this process and the journal had written before."""

    tables: frozenset[str]
    place: int
    entry: int


_unit: ContextVar[_Unit | None] = ContextVar("muster_unit", default=None)
_asking: ContextVar[set[str] | None] = ContextVar("muster_asking", default=None)


@contextmanager
def asked() -> Iterator[set[str]]:
    """Notes what is asked of any store inside the block: a set that grows."""
    found, outer = set[str](), _asking.get()
    token = _asking.set(found)
    try:
        yield found
    finally:
        _asking.reset(token)
        if outer is not None:
            outer |= found


@contextmanager
def settled() -> Iterator[None]:
    """Nothing is noted inside the block: what is asked there stays as it is, or is named by `asks`."""
    token = _asking.set(None)
    try:
        yield
    finally:
        _asking.reset(token)


def asks(*facts: str) -> None:
    """What is read changes with these facts, which `tells` names as they are written, and not with a whole table."""
    if (found := _asking.get()) is not None:
        found |= set(facts)


def tells(fact: str) -> None:
    """The unit of work that is under way writes a fact that some ask for by name."""
    if (unit := _unit.get()) is not None:
        unit.tables.add(fact)


def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """For an engine, before each statement."""
    if (found := _asking.get()) is not None:
        found |= named(statement)
    if (unit := _unit.get()) is not None:
        unit.tables |= written(statement)


def with_entry(seq: int) -> None:
    """The unit of work that is under way has this entry of the journal."""
    if (unit := _unit.get()) is not None:
        unit.entries.add(seq)


class RecentWrites:
    """What the last units of work of this process wrote in a store."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._place = 0
        self._last: deque[_Unit] = deque(maxlen=KEPT)
        self._ending: set[_Unit] = set()
        self._heard: tuple[Callable[[], None], ...] = ()

    @contextmanager
    def unit(self) -> Iterator[None]:
        """A unit of work: its statements are noted."""
        unit = _Unit()
        token = _unit.set(unit)
        try:
            yield
        finally:
            _unit.reset(token)
            with self._lock:
                self._ending.discard(unit)
                if wrote := unit.ends and bool(unit.tables):
                    self._place += 1
                    self._last.append(unit)
            for heard in self._heard if wrote else ():
                heard()

    @contextmanager
    def calling(self, heard: Callable[[], None]) -> Iterator[None]:
        """Inside the block `heard` is called, by whoever wrote, after each unit of work of this process."""
        with self._lock:
            self._heard += (heard,)
        try:
            yield
        finally:
            with self._lock:
                self._heard = tuple(each for each in self._heard if each is not heard)

    def ends(self) -> None:
        """From here on the unit of work that is under way may be committed, which nobody is told in that moment."""
        if (unit := _unit.get()) is not None:
            with self._lock:
                unit.ends = True
                self._ending.add(unit)

    @property
    def place(self) -> int:
        """How many units of work have ended: to be asked before what is read is read."""
        return self._place

    def concerns(self, before: ReadMark, entry: int) -> bool:
        """Whether what was read may be otherwise by now; `entry`: the newest of the journal."""
        with self._lock:
            since = self._place - before.place
            if since > len(self._last):
                return True
            last = [*islice(reversed(self._last), since), *self._ending]
            if any(not before.tables.isdisjoint(tuple(unit.tables)) for unit in last):
                return True
            known: set[int] = set().union(*(unit.entries for unit in last))
        return not known.issuperset(range(before.entry + 1, entry + 1))
