"""Write lock: a fair queue for writing into an SQLite file, among the threads of a process and among processes.

SQLite alone admits any writer that retries at the right moment, so that one of many may wait for ever.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from operations.core.storage_errors import FaultReason, Unavailable


class WriteLock:
    """A lock for the writers of one process, one at a time and in the order of arrival.

    With a `file`, which stays empty, it also orders the processes that name the same file: the writer holds its lock.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._guard, self._waiting, self._taken = threading.Lock(), deque[threading.Lock](), False
        self._file, self._held = file, -1

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most so many seconds. Return whether it came."""
        until = time.monotonic() + seconds
        if not self._among_threads(seconds):
            return False
        came = False
        try:
            came = self._file is None or self._among_processes(self._file, until - time.monotonic())
        finally:
            if not came:
                self._next()
        return came

    def give(self) -> None:
        """Pass the turn to the next writer."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        self._next()

    def _among_threads(self, seconds: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=max(seconds, 0)):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was passed on at the very moment when the wait ended

    def _next(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def _among_processes(self, file: Path, seconds: float) -> bool:
        """Wait for the file's lock. Return whether it came; True without a lock if the file cannot be made or locked.

        The lock only gives order; faults of the database show themselves.
        """
        try:
            lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            came = True
        except BlockingIOError:
            came = _Waiting(lock).came(seconds)
        except OSError:
            os.close(lock)
            return True
        if came:
            self._held = lock
        return came


class _Waiting:
    """A waiter for a file lock held by others: the system keeps the order, but has no time limit.

    So a thread waits. A lock that arrives when nobody wants it any more is released at once.
    """

    def __init__(self, lock: int) -> None:
        self._lock, self._guard, self._here, self._left = lock, threading.Lock(), threading.Event(), False
        threading.Thread(target=self._wait, name="muster-turn", daemon=True).start()

    def came(self, seconds: float) -> bool:
        self._here.wait(max(seconds, 0))
        with self._guard:
            self._left = not self._here.is_set()
            return not self._left

    def _wait(self) -> None:
        with contextlib.suppress(OSError):  # without a lock there is no order, and nobody waits
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        with self._guard:
            if self._left:
                os.close(self._lock)
            else:
                self._here.set()


@dataclass
class WriterTurn:
    """One writer's turn: how long it may wait, and whether it has begun. `in_haste`: a failed wait is no fault."""

    turns: WriteLock
    until: float
    in_haste: bool = False
    held: bool = False

    @property
    def left(self) -> float:
        """The seconds left to wait."""
        return self.until - time.monotonic()

    def take(self) -> None:
        """Wait for the turn. Raises Unavailable if it does not come in time."""
        if not self.held and not self.turns.take(self.left):
            raise Unavailable(FaultReason.LOCKED)
        self.held = True

    def end(self) -> None:
        """Pass it on."""
        if self.held:
            self.held = False
            self.turns.give()
