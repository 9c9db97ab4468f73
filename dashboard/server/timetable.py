"""The process of the timetable: APScheduler says when to look, `operations.timetable` what is due, each thing once.

Beating, short jobs, long jobs and mail are looked at side by side, so that a long one holds up nobody. Processes that
answer what is asked of operations are started with it, started again when they die, and stopped with it.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.process import BaseProcess

from apscheduler.schedulers.background import BackgroundScheduler

from dashboard.server import child_processes, mail
from dashboard.settings import Settings
from operations import tables  # noqa: F401 - what is due is of any table, and a table must know those it refers to
from operations.core import clock
from operations.core.store import Store, open_store
from operations.notices import outbox
from operations.notices.outbox import Mail
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable

BEAT, TICK, POST, LIVE = 3.0, 5.0, 10.0, 20.0
"""Seconds between two beats, two looks for what is due, two looks for mail, and two signs of life."""

PATIENCE = 4.0
"""Seconds that a job has to come to its end when the process is told to stop."""

_log = logging.getLogger("muster.timetable")


def copies(settings: Settings) -> Copies:
    """Where and how often the database is copied."""
    return Copies(settings.backups, timedelta(minutes=settings.backup_minutes))


def run(settings: Settings, stop: threading.Event, workers: int) -> None:
    """Keep time until `stop` is set. Where a long job does not end soon, the process ends with it: nothing is lost."""
    store = open_store(settings.database)
    timetable = Timetable(store, LeaseCandidate(f"{socket.gethostname()}-{os.getpid()}"))
    answering = Workers(settings.database, workers)
    scheduler = _scheduler(timetable, store, settings, answering)
    timetable.beat()
    scheduler.start()
    try:
        stop.wait()
    finally:
        ending = threading.Thread(target=scheduler.shutdown, daemon=True)
        ending.start()
        answering.stop()
        ending.join(PATIENCE)
        timetable.leave()
        store.dispose()
    if ending.is_alive():
        _log.warning("A long job was left where it was; the next timetable does it from the beginning.")
        os._exit(0)


def _scheduler(timetable: Timetable, store: Store, settings: Settings, answering: "Workers") -> BackgroundScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long job is still at work is no warning
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    long, post = jobs.long(copies(settings)), mail.poster(settings)

    def every(seconds: float, name: str, work: Callable[[], object]) -> None:
        scheduler.add_job(work, "interval", seconds=seconds, id=name, next_run_time=clock.now())

    every(BEAT, "beat", timetable.beat)
    every(TICK, "short", lambda: timetable.tick(jobs.SHORT))
    every(TICK, "long", lambda: timetable.tick(long))
    every(LIVE, "live", timetable.live)
    every(TICK, "workers", answering.look)
    if post is not None:
        every(POST, "mail", lambda: _post(timetable, store, post))
    return scheduler


def _post(timetable: Timetable, store: Store, post: Callable[[Mail], None]) -> int:
    return outbox.send_due(store, post, clock.now()) if timetable.candidate.fence is not None else 0


class Workers:
    """Processes that answer what is asked of operations, as `muster work` does."""

    def __init__(self, database_url: str, number: int) -> None:
        self._url, self._number = database_url, number
        self._running: list[BaseProcess] = []

    def look(self) -> None:
        """Start those that are missing."""
        for each in self._running:
            if not each.is_alive():
                _log.warning("A process that answers questions ended with %s; another is started.", each.exitcode)
        self._running = [each for each in self._running if each.is_alive()]
        while len(self._running) < self._number:
            self._running.append(child_processes.start(answer, self._url))

    def stop(self) -> None:
        """End them. What they were at is taken up again by the next."""
        for each in self._running:
            child_processes.stop(each)


def answer(database_url: str) -> None:
    """What a process that answers does until it is terminated or left alone."""
    store, stop = open_store(database_url), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child_processes.end_with_parent(stop)
    from operations.analyses import (
        worker,  # the libraries that decide take seconds to load, and no timetable needs them
    )

    worker.work(store, stop)
