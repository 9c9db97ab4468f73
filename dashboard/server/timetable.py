"""The timetable process: APScheduler sets the rhythm, and `operations.timetable` runs each due job exactly once.

Heartbeat, short jobs, long jobs and mail run in parallel, so that a long job delays nothing else. Analysis workers are
started with it, restarted when they die, and stopped with it.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from dashboard.server import alert_webhook, child_processes, installation_checks, logs, mail, span_export, webhook_post
from dashboard.server.child_processes import Kept
from dashboard.settings import Settings
from operations import tables  # noqa: F401 - jobs concern any table, and foreign keys need the tables they refer to
from operations.analyses import job_steps
from operations.core import clock, traces
from operations.core.page_changes import PageChanges
from operations.core.people import System
from operations.core.storage_errors import Unavailable
from operations.core.store import Store, open_store
from operations.notices import outbox
from operations.notices.outbox import Mail
from operations.policing.layers import layers
from operations.timetable import jobs, signals, signed_heads
from operations.timetable.effects import DueEffect, Outcome, TimetableJob, every
from operations.timetable.heartbeats import Watched
from operations.timetable.lease import LeaseCandidate
from operations.timetable.maintenance import Copies
from operations.timetable.runner import Timetable

BEAT, TICK, POST, LIVE, CHANGES = 2.0, 5.0, 10.0, 20.0, 60.0
"""Seconds between two heartbeats, looks for due jobs, looks for mail, signs of life, and notes of what changed."""

ASKED = 0.5
"""Seconds between two looks of a process that was never asked yet."""

PATIENCE = 4.0
"""Seconds that a job has to finish when the process is stopped."""

_log = logging.getLogger("muster.timetable")


def copies(settings: Settings) -> Copies:
    """Return where and how often the database is backed up, for whose keys, and how long copies are kept."""
    every_so_often, keys = timedelta(minutes=settings.backup_minutes), settings.backup_keys
    changes = PageChanges(settings.archive, keys) if settings.database.startswith("sqlite") else None
    return Copies(settings.backups, every_so_often, keys, settings.backup_days, settings.backup_weeks, changes)


def outside(settings: Settings) -> list[TimetableJob]:
    """Return the jobs of what is outside the database: the check of the installation, and the webhook of alerts."""

    def look(store: Store, _due: DueEffect, _moment: datetime) -> dict[str, int]:
        found: dict[str, int] = {}
        for finding in installation_checks.run(settings, store):
            found[finding.subject] = max(found.get(finding.subject, 0), finding.verdict.rank)
        return found

    def note(_session: object, _due: DueEffect, _moment: datetime, found: dict[str, int]) -> Outcome:
        return {"found": found}

    made = [TimetableJob(signals.CHECK, every(signals.CHECK, signals.PERIODS[signals.CHECK]), note, look)]
    if (post := alert_webhook.poster(settings)) is not None:
        made.append(signals.notices(post))
    if ways := evidence_ways(settings):
        made.append(signed_heads.job(ways))
    return made


def evidence_ways(settings: Settings) -> list[signed_heads.Way]:
    """Return the ways by which signed heads of the journal leave this machine."""
    ways = [signed_heads.into_folder(settings.evidence_dir)] if settings.evidence_dir is not None else []
    if address := settings.evidence_webhook:
        ways.append(lambda text, at: alert_webhook.post(settings, address, text, f"heads-{at:%Y%m%dT%H%M%SZ}"))
    if settings.evidence_mail and settings.smtp_host:
        ways.append(lambda text, at: mail.deliver(settings, mail.head_written(text, at, settings)))
    return ways


def run(settings: Settings, stop: threading.Event, workers: int) -> None:
    """Keep time until `stop` is set. Where a long job does not end soon, the process ends with it: nothing is lost."""
    settings.use_keys()
    span_export.begin(settings)
    store = open_store(settings.database, behind=True)
    timetable = Timetable(store, LeaseCandidate(f"{socket.gethostname()}-{os.getpid()}"))
    answering = Kept(answer, settings.database, workers)
    scheduler = _scheduler(timetable, store, settings, answering)
    with suppress(Unavailable):  # it beats again in a moment
        timetable.beat()
    scheduler.start()
    try:
        stop.wait()
    finally:
        ending = threading.Thread(target=scheduler.shutdown, daemon=True)
        ending.start()
        answering.stop()
        ending.join(PATIENCE)
        with suppress(Unavailable):  # then another takes over when the lease is over
            timetable.leave()
        store.dispose()
        traces.flush()
    if ending.is_alive():
        _log.warning("A long job was left where it was; the next timetable does it from the beginning.")
        os._exit(0)


def _scheduler(timetable: Timetable, store: Store, settings: Settings, answering: Kept) -> BackgroundScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a long job is still at work is no warning
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
    )
    kept, post = copies(settings), mail.poster(settings)
    long = jobs.long(kept, outside(settings))

    def every(seconds: float, name: str, work: Callable[[], object]) -> None:
        scheduler.add_job(work, "interval", seconds=seconds, id=name, next_run_time=clock.now())

    every(BEAT, "beat", timetable.beat)
    every(TICK, "short", lambda: timetable.tick(jobs.SHORT))
    every(TICK, "long", lambda: timetable.tick(long))
    every(LIVE, "live", timetable.live)
    every(TICK, "workers", answering.look)
    if post is not None:
        every(POST, "mail", lambda: _post(timetable, store, post))
    every(CHANGES, "changes", lambda: kept.note_changes(store) if timetable.candidate.fence is not None else None)
    every(TICK, "log", lambda: kept.look(store))
    tell = webhook_post.sender(settings)
    every(POST, "webhooks", lambda: tell(store) if timetable.candidate.fence is not None else 0)
    return scheduler


def _post(timetable: Timetable, store: Store, post: Callable[[Mail], None]) -> int:
    return outbox.send_due(store, post, clock.now()) if timetable.candidate.fence is not None else 0


def keep_time(database_url: str) -> None:
    """What the process of the demo's timetable does until it is terminated; beside it one answers what is asked."""
    run(Settings(database_url=database_url), child_processes.told_to_end(), workers=1)


def answer(database_url: str) -> None:
    """What a process that answers does until it is terminated or left alone."""
    settings = Settings()
    logs.configure(settings.log)
    settings.use_keys()
    span_export.begin(settings)
    store, stop = open_store(database_url, behind=True), child_processes.told_to_end()
    child_processes.lasting(lambda: answer_when_asked(store, stop), stop, store, Watched.ANSWERS)
    traces.flush()


def answer_when_asked(store: Store, stop: threading.Event) -> None:
    """Answer analyses until `stop` is set. Solvers take 200 MB: they are imported when something waits."""
    with store.reading(System()) as session:
        waits = bool(layers.uncounted(session))
    while not waits:
        if stop.wait(ASKED):
            return
        with store.reading(System()) as session:
            waits = job_steps.anything_waits(session, clock.now())
    from operations.analyses import worker  # they take seconds to import as well

    worker.work(store, stop)
