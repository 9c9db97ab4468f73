"""Write lock: a fair queue for writing into an SQLite file, among the threads of a process and among processes.

SQLite lets whoever happens to look at the right moment go first, so that one of many waits for ever. Here people go
first, in the order in which they came, and work in the background gives way to them: it takes the turn when nobody else
waits, and stands in the row like everybody once it has given way for YIELD seconds. So people wait for one turn of each
process at most that is done already, and nothing in the background waits for ever.

PostgreSQL needs none of this: there writers exclude each other at the head of the journal alone, where the server keeps
the order, and as every turn is short, whoever signs in stands behind one short transaction of each process at most.
"""

import contextlib
import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from operations.core import measures, traces
from operations.core.storage_errors import FaultReason, Unavailable

YIELD = 2.0
"""Seconds for which background work gives way to people before it stands in the row as they do."""

LONG = 0.3
"""Seconds of its own processor time after which a writer is told to have held its turn too long."""

_LOOK = 0.01  # seconds between two looks of background work whether nobody waits
_TRIES = 5  # to be seen by the background work of other processes, which look at the same file for some microseconds


class _Place:
    """The place of one thread in a row. It is woken when its turn has come."""

    def __init__(self, since: float) -> None:
        self.since = since
        self._woken = threading.Lock()
        self._woken.acquire()

    def wait(self, seconds: float) -> bool:
        return self._woken.acquire(timeout=max(seconds, 0))

    def wake(self) -> None:
        self._woken.release()


class WriteLock:
    """The writers of one process, one at a time: people first, and in the order in which they came.

    With a `file`, which stays empty, so do the processes that name the same one: who writes holds its lock, and where
    people wait for it, the lock of a second file beside it is shared by their processes.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._guard, self._taken = threading.Lock(), False
        self._waiting, self._behind, self._last_behind = deque[_Place](), deque[_Place](), float("-inf")
        self._file, self._held = file, -1
        self._mark = _Mark(file.with_name(f"{file.name}-people")) if file is not None else None

    def take(self, seconds: float, *, behind: bool = False) -> bool:
        """Wait for the turn, at most so long. `behind`: as work in the background."""
        until = time.monotonic() + seconds
        if behind:
            return self._take_behind(until)
        if self._file is None:
            return self._among_threads(until)
        if self._at_once(self._file):
            return True
        with self._mark.shown() if self._mark is not None else contextlib.nullcontext():
            return self._among_threads(until) and self._or_next(self._among_processes(self._file, until))

    def give(self) -> None:
        """Pass the turn to the next writer."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        self._next()

    def _take_behind(self, until: float) -> bool:
        since, again = time.monotonic(), True
        while again and self._among_threads(until, since):
            if self._file is None or self._slips_in(self._file, until, since):
                return True
            self._next()
            again = time.monotonic() < until
        return False

    def _slips_in(self, file: Path, until: float, since: float) -> bool:
        """Whether the turn among processes came. False also where a person of this process waits: it is theirs then."""
        while (moment := time.monotonic()) < until:
            if moment - since >= YIELD:
                return self._among_processes(file, until)
            if self._waiting:
                return False
            if (self._mark is None or not self._mark.seen()) and self._lock(file):
                return True
            time.sleep(_LOOK)
        return False

    # ------------------------------------------------------------------------------------------ among threads

    def _among_threads(self, until: float, behind_since: float | None = None) -> bool:
        moment = time.monotonic()
        behind = behind_since is not None
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = _Place(moment if behind_since is None else behind_since)
            row = self._behind if behind else self._waiting
            row.append(mine)
        if mine.wait(until - moment):
            return True
        with self._guard:
            if mine in row:
                row.remove(mine)
                return False
        self._next()  # it was given in the moment in which waiting ended, and nobody needs it now
        return False

    def _next(self) -> None:
        moment = time.monotonic()
        with self._guard:
            first = self._behind[0].since if self._behind else moment
            row = self._behind if moment - max(first, self._last_behind) >= YIELD else self._waiting or self._behind
            if not row:
                self._taken = False
                return
            if row is self._behind:
                self._last_behind = moment
            row.popleft().wake()

    def _or_next(self, came: bool) -> bool:
        if not came:
            self._next()
        return came

    # ---------------------------------------------------------------------------------------- among processes

    def _at_once(self, file: Path) -> bool:
        """Whether the turn was free, among threads and processes."""
        with self._guard:
            if self._taken:
                return False
            self._taken = True
        return self._or_next(self._lock(file))

    def _lock(self, file: Path) -> bool:
        """Whether nobody had the file's lock. True without it where no such file can be made or locked: see below."""
        try:
            lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        except OSError:
            os.close(lock)
            return True
        self._held = lock
        return True

    def _among_processes(self, file: Path, until: float) -> bool:
        """Whether the file's lock came. True without it where no such file can be made or locked.

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
            came = _Waiting(lock).came(until - time.monotonic())
        except OSError:
            os.close(lock)
            return True
        if came:
            self._held = lock
        return came


class _Mark:
    """What tells the background work of all processes that people wait somewhere: a file whose lock these share.

    It is a courtesy: where it cannot be shown, people stand in the row as everybody does.
    """

    def __init__(self, file: Path) -> None:
        self._file, self._guard, self._people, self._lock = file, threading.Lock(), 0, -1

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """It is seen inside the block."""
        with self._guard:
            self._people += 1
            if self._lock < 0:
                self._lock = self._shared()
        try:
            yield
        finally:
            with self._guard:
                self._people -= 1
                if not self._people and self._lock >= 0:
                    os.close(self._lock)
                    self._lock = -1

    def seen(self) -> bool:
        """Whether people wait in another process."""
        with contextlib.suppress(OSError):
            lock = self._opened()
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            finally:
                os.close(lock)
        return False

    def _opened(self) -> int:
        return os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _shared(self) -> int:
        with contextlib.suppress(OSError):
            lock = self._opened()
            for _try in range(_TRIES):
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return lock
                time.sleep(0.001)
            os.close(lock)
        return -1


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
    """One writer's turn: how long it may still wait, whether it has it, and how much work it did meanwhile.

    `behind`: it gives way to people. `in_haste`: not to wait is no fault. `waited`: so many seconds for others.
    `wrote`: acts and tables, as `change_tracking` notes them.
    """

    turns: WriteLock
    until: float
    in_haste: bool = False
    behind: bool = False
    held: bool = False
    waited: float = 0.0
    wrote: Collection[str] = field(default_factory=set)
    _began: float | None = None
    _since: float = 0.0

    @property
    def left(self) -> float:
        """The seconds left to wait."""
        return self.until - time.monotonic()

    @property
    def quiet(self) -> bool:
        """Whether nobody needs to know that its turn did not come: it is tried again by itself, or was not needed."""
        return self.in_haste or self.behind

    @property
    def worked(self) -> float:
        """Seconds of the processor that this thread has used since the turn began."""
        return 0.0 if self._began is None else time.thread_time() - self._began

    def begin(self) -> None:
        """From now on others may wait for what is done."""
        if self._began is None:
            self._began, self._since = time.thread_time(), time.monotonic()

    def take(self) -> None:
        """Wait for the turn. Raises Unavailable where it does not come in time."""
        began = time.monotonic()
        if not self.held and not self.turns.take(self.left, behind=self.behind):
            raise Unavailable(FaultReason.LOCKED)
        self.held, self.waited = True, time.monotonic() - began

    def end(self) -> None:
        """Pass it on."""
        if self.wrote:
            seconds, acts = time.monotonic() - self._since, sorted(each for each in self.wrote if "." in each)
            measures.WRITE_WAIT.observe(self.waited)
            measures.WRITE_TURN.observe(seconds)
            traces.record("unit of work", seconds, acts=acts or sorted(self.wrote), waited=self.waited)
        if self.held:
            self.held = False
            self.turns.give()
