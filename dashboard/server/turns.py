"""Turns: how many threads of a process do at once what one of them does at a time, such as drawing pages in Python.

Who waits for something else meanwhile, as for another process, gives the turn back (`turn_given_back`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import BoundedSemaphore

_held: ContextVar[BoundedSemaphore | None] = ContextVar("muster_turn", default=None)


@contextmanager
def turn(turns: BoundedSemaphore) -> Iterator[None]:
    """Hold one of the turns."""
    with turns:
        token = _held.set(turns)
        try:
            yield
        finally:
            _held.reset(token)


@contextmanager
def turn_given_back() -> Iterator[None]:
    """Let another thread have the turn that this one holds, and wait for one again at the end."""
    turns = _held.get()
    if turns is None:
        yield
        return
    turns.release()
    try:
        yield
    finally:
        turns.acquire()
