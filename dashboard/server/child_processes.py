"""Processes that run beside another one: started again when they end unasked, and ended when that one ends.

What such a process does is `lasting` work: where it fails, as when the database is busy for long, it begins again after
a pause and goes on where it was. While it does its work it leaves a sign of life, so that its end is seen
(`operations.timetable.heartbeats`).
"""

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.process import BaseProcess

from operations.core import clock
from operations.core.people import System
from operations.core.storage_errors import Unavailable
from operations.core.store import Store
from operations.timetable import heartbeats
from operations.timetable.heartbeats import Watched

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before work that failed begins again: twice as long each time, until it went on for LONGEST_PAUSE."""

LIVE = timedelta(seconds=20)
"""How often a sign of life is left."""

_log = logging.getLogger("muster.beside")


def start(task: Callable[..., None], database_url: str, *given: object) -> BaseProcess:
    """Start a process that does `task` on the database."""
    name = f"muster-{task.__name__}"
    process = multiprocessing.get_context("spawn").Process(target=task, args=(database_url, *given), name=name)
    process.start()
    return process


def stop(process: BaseProcess) -> None:
    """Terminate a process and wait for it; kill it after 10 seconds."""
    process.terminate()
    process.join(10)
    if process.is_alive():
        process.kill()
        process.join()


class Pause:
    """The delay before a process that ended unexpectedly is started again."""

    def __init__(self) -> None:
        self._seconds, self._began = FIRST_PAUSE, time.monotonic()

    def begin(self) -> None:
        """It begins."""
        self._began = time.monotonic()

    def after_end(self) -> float:
        """It ended: so many seconds."""
        if time.monotonic() - self._began >= LONGEST_PAUSE:
            self._seconds = FIRST_PAUSE
        found, self._seconds = self._seconds, min(self._seconds * 2, LONGEST_PAUSE)
        return found


class Kept:
    """A fixed number of processes for one task on the database: `look` starts those that are missing.

    `ends`: the task comes to its end; a process that ended well is not missing.
    """

    def __init__(
        self,
        task: Callable[..., None],
        database_url: str,
        number: int = 1,
        given: tuple[object, ...] = (),
        *,
        ends: bool = False,
    ) -> None:
        self._task, self._url, self._number, self._given, self._ends = task, database_url, number, given, ends
        self._running: list[BaseProcess] = []
        self._pause, self._not_before = Pause(), 0.0
        self._guard, self._ended = threading.Lock(), False

    def look(self) -> None:
        """Start those that are missing, unless one ended a moment ago."""
        with self._guard:
            if self._ended:
                return
            for each in self._running:
                if self._ends and each.exitcode == 0:
                    self._number -= 1
                elif not each.is_alive():
                    seconds = self._pause.after_end()
                    self._not_before = time.monotonic() + seconds
                    told = "%s ended with %s; another is started in %.0f s."
                    _log.warning(told, each.name, each.exitcode, seconds)
            self._running = [each for each in self._running if each.is_alive()]
            while len(self._running) < self._number and time.monotonic() >= self._not_before:
                self._pause.begin()
                self._running.append(start(self._task, self._url, *self._given))

    def stop(self) -> None:
        """End them. What they were at is taken up again by the next."""
        with self._guard:
            self._ended = True
        for each in self._running:
            stop(each)


def lasting(work: Callable[[], object], stop: threading.Event, store: Store, watched: Watched | None = None) -> None:
    """Do `work` until it returns or `stop` is set. Where it raises, it is done again after a pause: it must go on where
    it was. `watched`: as what it leaves signs of life."""
    pause = Pause()
    while not stop.is_set():
        pause.begin()
        try:
            with _living(store, watched, stop):
                work()
        except Exception as error:  # noqa: BLE001 - whatever it was, it must not end for good and unseen
            seconds = pause.after_end()
            why, fault = (error.reason, None) if isinstance(error, Unavailable) else (type(error).__name__, error)
            name, told = threading.current_thread().name, "%s failed (%s): it goes on in %.0f s."
            _log.warning(told, name, why, seconds, exc_info=fault)
            _note(store, watched, type(error).__name__)
            stop.wait(seconds)
        else:
            _note(store, watched, over=True)
            return


def _note(store: Store, watched: Watched | None, failed: str = "", *, over: bool = False) -> None:
    """Leave a sign of life, or that it failed; where that cannot be stored, its absence tells."""
    if watched is None:
        return
    try:
        with store.unit_of_work(System(), behind=True) as session:
            if failed:
                heartbeats.failed(session, watched, clock.now(), LIVE, failed)
            elif over:
                heartbeats.over(session, watched)
            else:
                heartbeats.succeeded(session, watched, clock.now(), LIVE)
    except Unavailable as error:
        _log.info("No sign of life could be stored (%s).", error.reason)


@contextmanager
def _living(store: Store, watched: Watched | None, stop: threading.Event) -> Iterator[None]:
    """Leave signs of life while the block runs; the first after a while, as what fails at once is not well."""
    over = threading.Event()

    def live() -> None:
        while not over.wait(LIVE.total_seconds()) and not stop.is_set():
            _note(store, watched)

    if watched is not None:
        threading.Thread(target=live, name=f"muster-{watched}-lives", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def told_to_end() -> threading.Event:
    """An event that is set when this process is told to end, or the one that started it is gone.

    Ctrl+C reaches that one as well, which ends this one."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(stop)
    return stop


def end_with_parent(stop: threading.Event) -> None:
    """Set `stop` when the parent process is gone, even if it was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_wait, args=(parent, stop), name="muster-parent", daemon=True).start()


def _wait(parent: BaseProcess, stop: threading.Event) -> None:
    parent.join()
    stop.set()
