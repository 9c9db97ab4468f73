"""Session cache: a session that reads one moment asks each query once, and repeated readers reuse unchanged answers.

Sessions that write ask each time, since they may change what they read.
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
"""Seconds after which a remembered answer is asked for again all the same."""

_MOMENT = "known of one moment"
T = TypeVar("T")
Key = tuple[Any, ...]


class _Found(NamedTuple):
    value: Any
    asked: change_tracking.ReadMark
    at: float


class Memory:
    """One reader's cached answers, shared by the sessions opened inside `shared_answers`: detached rows, read only.

    `pulse` returns the journal entry up to which a session reads.
    """

    def __init__(self, pulse: Callable[[Session], int]) -> None:
        self.pulse = pulse
        self.found: dict[Key, _Found] = {}


_memory: ContextVar[Memory | None] = ContextVar("muster_memory", default=None)


@contextmanager
def shared_answers(memory: Memory) -> Iterator[None]:
    """Let sessions inside the block reuse the answers in `memory`, and add theirs."""
    known = list(memory.found.items())  # others may add to it meanwhile
    memory.found = {key: answer for key, answer in known if time.monotonic() - answer.at <= KEPT}
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


class SessionMoment:
    """The answers found by a session that reads one moment. Create it before the session reads."""

    def __init__(self, written: change_tracking.RecentWrites) -> None:
        self._written, self._place, self._memory = written, written.place, _memory.get()
        self._found: dict[Key, _Found] = {}

    def find(self, session: Session, key: Key, make: Callable[[], Any], *, lasting: bool) -> Any:
        """Return what `make` reads, from the cache if it is known.

        The tables are reported to `change_tracking.asked` each time, cached or not.
        """
        key = (*key, is_unfenced(session))
        memory = self._memory if lasting else None
        answer = self._found.get(key) or (memory and self._recalled(session, memory, key))
        if not answer:
            with change_tracking.tracked_reads() as tables:
                value = make()
            entry = self._entry(session, memory) if memory else 0
            answer = _Found(value, change_tracking.ReadMark(frozenset(tables), self._place, entry), time.monotonic())
        self._found[key] = answer
        if memory:
            memory.found[key] = answer
        change_tracking.note_read(*answer.asked.tables)
        return answer.value

    def _recalled(self, session: Session, memory: Memory, key: Key) -> _Found | None:
        """Return the answer of an earlier session if nothing was written since that this session would read."""
        known = memory.found.get(key)
        if known is None:
            return None
        entry = self._entry(session, memory)  # read first: whatever this session sees was written before
        if self._written.concerns(known.asked, entry):
            return None
        return known._replace(asked=change_tracking.ReadMark(known.asked.tables, self._place, entry))

    @staticmethod
    def _entry(session: Session, memory: Memory) -> int:
        with change_tracking.untracked():
            return memory.pulse(session)


def begin(session: Session, moment: SessionMoment) -> None:
    """Attach a cache to a session that reads one moment."""
    session.info[_MOMENT] = moment


def once(session: Session, key: Key, make: Callable[[], T], *, lasting: bool = True) -> T:
    """Return what `make` reads: asked once in a session that reads one moment, and each time in one that writes.

    `key` identifies the answer. Nobody may modify it. A `lasting` answer depends on rows alone, not on the clock, and
    may be reused by later sessions of the same reader.
    """
    moment: SessionMoment | None = session.info.get(_MOMENT)
    answer: T = make() if moment is None else moment.find(session, key, make, lasting=lasting)
    return answer
