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
from operations.core.scope import as_muster, is_unfenced

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

    `pulse` returns the journal entry up to which a session reads. `common`: the answers that are the same for all
    readers of the store, where they are kept.
    """

    def __init__(self, pulse: Callable[[Session], int], common: "Memory | None" = None) -> None:
        self.pulse, self.common = pulse, common
        self.found: dict[Key, _Found] = {}

    def forget_old(self) -> None:
        """Drop the answers of more than `KEPT` seconds ago."""
        known = list(self.found.items())  # others may add to it meanwhile
        self.found = {key: answer for key, answer in known if time.monotonic() - answer.at <= KEPT}
        if self.common is not None:
            self.common.forget_old()


_memory: ContextVar[Memory | None] = ContextVar("muster_memory", default=None)


@contextmanager
def shared_answers(memory: Memory) -> Iterator[None]:
    """Let sessions inside the block reuse the answers in `memory`, and add theirs."""
    memory.forget_old()
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

    def find(self, session: Session, key: Key, make: Callable[[], Any], *, lasting: bool, common: bool = False) -> Any:
        """Return what `make` reads, from the cache if it is known.

        The tables are reported to `change_tracking.asked` each time, cached or not.
        """
        key = (*key, "common") if common else (*key, is_unfenced(session), type(session.info["actor"]))
        memory = self._memory if lasting else None
        if common and memory is not None:
            memory = memory.common
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
        """Return the answer of another session if nothing was written between both that one of them would read.

        That session may read a later moment than this one: then what was written since this one's moment counts.
        """
        known = memory.found.get(key)
        if known is None:
            return None
        entry = self._entry(session, memory)  # read first: whatever this session sees was written before
        asked = known.asked
        earlier = asked._replace(place=min(asked.place, self._place), entry=min(asked.entry, entry))
        if self._written.concerns(earlier, max(asked.entry, entry)):
            return None
        return known._replace(asked=asked._replace(place=self._place, entry=entry))

    @staticmethod
    def _entry(session: Session, memory: Memory) -> int:
        with change_tracking.untracked():
            return memory.pulse(session)


def begin(session: Session, moment: SessionMoment) -> None:
    """Attach a cache to a session that reads one moment."""
    session.info[_MOMENT] = moment


def is_kept(session: Session) -> bool:
    """Return whether the session reads one moment, so that `once` asks once."""
    return _MOMENT in session.info


def once(session: Session, key: Key, make: Callable[[], T], *, lasting: bool = True) -> T:
    """Return what `make` reads: asked once in a session that reads one moment, and each time in one that writes.

    `key` identifies the answer. Nobody may modify it. A `lasting` answer depends on rows alone, not on the clock, and
    may be reused by later sessions of the same reader.
    """
    moment: SessionMoment | None = session.info.get(_MOMENT)
    answer: T = make() if moment is None else moment.find(session, key, make, lasting=lasting)
    return answer


def once_for_all(session: Session, key: Key, make: Callable[[], T]) -> T:
    """Return what `make` reads, as `once` does, shared by all readers: it is asked as Muster itself.

    The statements are `unscoped`, and `key` names all that they depend on but rows. The caller decides what leaves.
    """
    moment: SessionMoment | None = session.info.get(_MOMENT)
    if moment is None:
        return make()

    def asked() -> T:
        with as_muster(session):
            return make()

    answer: T = moment.find(session, key, asked, lasting=True, common=True)
    return answer
