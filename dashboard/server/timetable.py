"""The timetable process: APScheduler sets the rhythm, and `operations.timetable` runs each due job exactly once.

Heartbeat, short jobs, long jobs and mail run in parallel, so that a long job delays nothing else. Analysis workers are
started with it, restarted when they die, and stopped with it.
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
from operations import tables  # noqa: F401 - jobs concern any table, and foreign keys need the tables they refer to
from operations.core import clock
from operations.core.store import Store, open_store
from operations.notices import outbox
from operations.notices.outbox import Mail
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable

BEAT, TICK, POST, LIVE = 3.0, 5.0, 10.0, 20.0
"""Seconds between two heartbeats, two looks for due jobs, two looks for mail, and two signs of life."""

PATIENCE = 4.0
"""Seconds that a job has to finish when the process is stopped."""

_log = logging.getLogger("muster.timetable")


def copies(settings: Settings) -> Copies:
    """Return where and how often the database is backed up."""
    return Copies(settings.backups, timedelta(minutes=settings.backup_minutes))


def run(settings: Settings, stop: threading.Event, workers: int) -> None:
    """Run the timetable until `stop` is set. A long job that does not end in time is killed, and redone next time."""
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
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a long job that is still running is no warning
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
    """Worker processes that answer analysis questions, as `muster work` does."""

    def __init__(self, database_url: str, number: int) -> None:
        self._url, self._number = database_url, number
        self._running: list[BaseProcess] = []

    def look(self) -> None:
        """Start workers that are missing."""
        for worker in self._running:
            if not worker.is_alive():
                _log.warning("A process that answers questions ended with %s; another is started.", worker.exitcode)
        self._running = [each for each in self._running if each.is_alive()]
        while len(self._running) < self._number:
            self._running.append(child_processes.start(answer, self._url))

    def stop(self) -> None:
        """End the workers. The next ones take up their unfinished questions."""
        for each in self._running:
            child_processes.stop(each)


def answer(database_url: str) -> None:
    """Run an analysis worker until it is terminated or its parent ends."""
    store, stop = open_store(database_url), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child_processes.end_with_parent(stop)
    from operations.analyses import (
        worker,  # the libraries that decide take seconds to load, and no timetable needs them
    )

    worker.work(store, stop)
