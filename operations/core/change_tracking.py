"""Change tracking: the tables that a reader asked for and the tables written since, to skip reads of unchanged data.

`tracked_reads` records the tables named by the statements inside it, and each unit of work of this process those that
it writes. Writes of other processes are known only from their journal entries. For some kinds of objects it is declared
which tables such units of work write; for all others every reader is assumed to be affected. A write without an entry
by another process moves no pulse, and is seen at the next read. Changes with time alone are for the reader to handle.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

KEPT = 10_000
"""The number of units of work whose writes a process remembers; readers older than that read again."""

_NAMES = re.compile(r'(?<![.\w])"?([A-Za-z_]\w*)')
_GIVEN = re.compile(r"%\(\w+\)s|'[^']*'")
_WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "?(\w+)')
_READS = re.compile(r"\s*(?:SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET|SHOW|LISTEN)\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def named(statement: str) -> frozenset[str]:
    """Return the words of an SQL statement that may be names of tables, among other words."""
    return frozenset(_NAMES.findall(_GIVEN.sub("", statement)))


@lru_cache(maxsize=2048)
def written(statement: str) -> frozenset[str]:
    """Return the table that an SQL statement writes to; all names in it if its form is unusual."""
    if (match := _WRITES.match(statement)) is not None:
        return frozenset(match.groups())
    return frozenset() if _READS.match(statement) else named(statement)


@dataclass(eq=False)
class _Unit:
    """A unit of work: the tables it wrote, its journal entries with their kinds, and whether it may be committed."""

    tables: set[str] = field(default_factory=set)
    entries: dict[int, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    ends: bool = False


class ReadMark(NamedTuple):
    """What a reader depends on: its tables, and how much this process and the journal had written before."""

    tables: frozenset[str]
    place: int
    entry: int


_unit: ContextVar[_Unit | None] = ContextVar("muster_unit", default=None)
_asking: ContextVar[set[str] | None] = ContextVar("muster_asking", default=None)


@contextmanager
def tracked_reads() -> Iterator[set[str]]:
    """Record the tables asked of any store inside the block, in a set that grows."""
    names, outer = set[str](), _asking.get()
    token = _asking.set(names)
    try:
        yield names
    finally:
        _asking.reset(token)
        if outer is not None:
            outer |= names


@contextmanager
def untracked() -> Iterator[None]:
    """Record nothing inside the block: its reads never change, or are named by `note_read`."""
    token = _asking.set(None)
    try:
        yield
    finally:
        _asking.reset(token)


def note_read(*facts: str) -> None:
    """Record that the read changes with these facts, which `tells` names on writing, rather than with a whole table."""
    if (names := _asking.get()) is not None:
        names |= set(facts)


def tells(fact: str) -> None:
    """Record that the current unit of work writes a fact that readers may name in `note_read`."""
    if (unit := _unit.get()) is not None:
        unit.tables.add(fact)


def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """Record a statement. An event listener of engines, called before each statement."""
    if (names := _asking.get()) is not None:
        names |= named(statement)
    if (unit := _unit.get()) is not None:
        unit.tables |= written(statement)


def with_entry(seq: int, kind: str) -> None:
    """Record that the current unit of work has this journal entry, about an object of this kind."""
    if (unit := _unit.get()) is not None:
        unit.entries[seq] = kind


def with_link(name: str) -> None:
    """Record that the current unit of work has this link of a chain, for the log."""
    if (unit := _unit.get()) is not None:
        unit.links.append(name)


def links() -> list[str]:
    """Return the links of both chains in the current unit of work, as "journal:5"."""
    unit = _unit.get()
    return unit.links if unit is not None else []


TABLES_OF_KIND: dict[str, frozenset[str]] = {}
"""By kind of object: the tables that a unit of work may write whose journal entries are all about that kind."""


def declare_tables(kind: str, *tables: str) -> None:
    """Declare the tables of a kind. The tests check every unit of work against it (`tests/declared_writes.py`).

    A process of a newer version, beside this one during an upgrade, may write others: they are seen at the next read.
    """
    TABLES_OF_KIND[kind] = frozenset(tables)


@lru_cache(maxsize=1024)
def _tables_of_entry(kind: str, act: str) -> frozenset[str] | None:
    """Return the tables that may have been written with an entry, and its act; None where nobody declared them."""
    return TABLES_OF_KIND[kind] | {act} if kind in TABLES_OF_KIND else None


class RecentWrites:
    """The writes of this process's last units of work in a store, and what is known of those of others."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._place = 0
        self._of_entries: dict[int, frozenset[str]] = {}
        self._last: deque[_Unit] = deque(maxlen=KEPT)
        self._ending: set[_Unit] = set()
        self._heard: tuple[Callable[[], None], ...] = ()

    @contextmanager
    def unit(self) -> Iterator[set[str]]:
        """A unit of work: its statements are noted, in a set of tables and acts that grows."""
        unit = _Unit()
        token = _unit.set(unit)
        try:
            yield unit.tables
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
        """Call `heard` after each unit of work of this process inside the block, in the thread of the writer."""
        with self._lock:
            self._heard += (heard,)
        try:
            yield
        finally:
            with self._lock:
                self._heard = tuple(listener for listener in self._heard if listener is not heard)

    def ends(self) -> None:
        """Mark the current unit of work as possibly committed from here on; nobody is notified at this moment."""
        if (unit := _unit.get()) is not None:
            with self._lock:
                unit.ends = True
                self._ending.add(unit)

    @property
    def place(self) -> int:
        """The number of units of work that have ended; to be noted before reading."""
        return self._place

    def note_entries(self, entries: Iterable[tuple[int, str, str]]) -> None:
        """Note the number, act and kind of journal entries, whichever process wrote them."""
        found = {seq: tables for seq, act, kind in entries if (tables := _tables_of_entry(kind, act)) is not None}
        with self._lock:
            self._of_entries |= found
            if len(self._of_entries) > 2 * KEPT:
                self._of_entries = dict(sorted(self._of_entries.items())[-KEPT:])

    def concerns(self, before: ReadMark, entry: int) -> bool:
        """Whether what was read may have changed; `entry` is the newest of the journal.

        Of the entries of other processes each concerns a reader of acts: some acts, such as exports, have no entry.
        """
        with self._lock:
            since = self._place - before.place
            if since > len(self._last) or entry - before.entry > KEPT:
                return True
            last = [*islice(reversed(self._last), since), *self._ending]
            if any(not before.tables.isdisjoint(tuple(unit.tables)) for unit in last):
                return True
            known: set[int] = set().union(*(unit.entries for unit in last))
            others = [self._of_entries.get(seq) for seq in range(before.entry + 1, entry + 1) if seq not in known]
        acts = any("." in name for name in before.tables)
        return any(acts or tables is None or not before.tables.isdisjoint(tables) for tables in others)
