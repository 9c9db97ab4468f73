"""What is read of one moment is asked once; and by whoever asks the same again and again, not while nobody writes it.

A session that writes asks each time: what it knows may be changed by itself.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session

from operations.core import change_tracking
from operations.core.scope import is_unfenced

KEPT = 300.0
"""Seconds after which a reader who remembers asks again all the same."""

_MOMENT = "known of one moment"
T = TypeVar("T")
Key = tuple[Any, ...]


class _Found(NamedTuple):
    value: Any
    asked: change_tracking.ReadMark
    at: float


class Memory:
    """What one reader found, for the sessions that are opened inside `recalling`: rows of no session, to be read only.

    `pulse` says up to which entry of the journal a session reads.
    """

    def __init__(self, pulse: Callable[[Session], int]) -> None:
        self.pulse = pulse
        self.found: dict[Key, _Found] = {}


_memory: ContextVar[Memory | None] = ContextVar("muster_memory", default=None)


@contextmanager
def recalling(memory: Memory) -> Iterator[None]:
    """Inside the block whoever reads is given again what `memory` holds, and remembers what else is found."""
    memory.found = {key: each for key, each in memory.found.items() if time.monotonic() - each.at <= KEPT}
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


class SessionMoment:
    """What a session that reads all from one moment has found. To be made before it reads."""

    def __init__(self, written: change_tracking.RecentWrites) -> None:
        self._written, self._place, self._memory = written, written.place, _memory.get()
        self._found: dict[Key, _Found] = {}

    def find(self, session: Session, key: Key, make: Callable[[], Any], *, lasting: bool) -> Any:
        """What `make` reads, unless it is known. Whoever notes what is `change_tracking.asked` is told of it each
        time.
        """
        key = (*key, is_unfenced(session))
        memory = self._memory if lasting else None
        found = self._found.get(key) or (memory and self._recalled(session, memory, key))
        if not found:
            with change_tracking.asked() as tables:
                value = make()
            entry = self._entry(session, memory) if memory else 0
            found = _Found(value, change_tracking.ReadMark(frozenset(tables), self._place, entry), time.monotonic())
        self._found[key] = found
        if memory:
            memory.found[key] = found
        change_tracking.asks(*found.asked.tables)
        return found.value

    def _recalled(self, session: Session, memory: Memory, key: Key) -> _Found | None:
        """What an earlier session found, where nothing was written since of which this one would read."""
        known = memory.found.get(key)
        if known is None:
            return None
        entry = self._entry(session, memory)  # read first: what this session sees was written before
        if self._written.concerns(known.asked, entry):
            return None
        return known._replace(asked=change_tracking.ReadMark(known.asked.tables, self._place, entry))

    @staticmethod
    def _entry(session: Session, memory: Memory) -> int:
        with change_tracking.settled():
            return memory.pulse(session)


def begin(session: Session, moment: SessionMoment) -> None:
    """Let a session that reads all from one moment know what it has found."""
    session.info[_MOMENT] = moment


def once(session: Session, key: Key, make: Callable[[], T], *, lasting: bool = True) -> T:
    """What `make` reads: asked once in a session that reads all from one moment, and each time in one that writes.

    `key` tells it from all else that is read so. Nobody changes what is given. What is `lasting` hangs on nothing but
    the rows: not on the clock, and it may be given again to who remembers.
    """
    moment: SessionMoment | None = session.info.get(_MOMENT)
    found: T = make() if moment is None else moment.find(session, key, make, lasting=lasting)
    return found
