"""Demo data: a programme of five years until today, four published scenarios, one of them again in real time.

The last is moved to these days and plays while a visitor watches, with a small invented operation beside it.

A separate process plays them through the real verbs, as officers elsewhere would report: the server learns of them
through the pulse only. The first page waits only for the scenario of these days.
"""

import shutil
import signal
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dashboard.server import child_processes, timetable
from dashboard.server.child_processes import start, stop
from dashboard.settings import Settings
from operations.core import clock, file_permissions
from operations.core.store import Store, open_store
from scenarios import PROGRAMME, catalogue, player, programme, rebased, suchiate
from scenarios.accounts import demo_password
from scenarios.script_language import Scenario

PLAYING = "turquesa_v"
FIVE_YEARS = timedelta(days=1826)
DAYS_BEFORE = 4  # the playing scenario is on its fifth day today
SHOWN_LIVE = 90  # verifications left to be played while the visitor watches
SECONDS_LIVE = 600.0
REAL_TIME = timedelta(seconds=20)
COPIES = "demo-backups"

WHO = (
    ("leader", "leadership: the situation of every operation"),
    ("coordinator", "operation coordinator: plans on the map"),
    ("officer.mex", "officer in Mexico: writes reports"),
    ("lead.mex", "team leader in Mexico: verifies them locally"),
    ("coordinator.mex", "national coordinator of Mexico: validates them"),
    ("officer.gtm", "officer in Guatemala: sees nothing of Mexico"),
    ("analyst", "analyst of the coordination unit"),
    ("auditor", "auditor: the journal"),
    ("coordinator.ner", "national coordinator of Niger: its posts, needs, equipment and officers (Strategy)"),
    ("trainer", "training manager: courses and certificates"),
)

__all__ = [
    "COPIES",
    "WHO",
    "demo_password",
    "fresh_database",
    "keep_time",
    "load",
    "perform",
    "play_live",
    "start",
    "stop",
    "today_s",
]


def fresh_database(folder: Path) -> str:
    """Delete an earlier demo database and its backups, and return the address of a new SQLite file."""
    file_permissions.folder(folder)
    shutil.rmtree(folder / COPIES, ignore_errors=True)
    target = folder / "demo.sqlite"
    for name in (target, target.with_name("demo.sqlite-wal"), target.with_name("demo.sqlite-shm")):
        name.unlink(missing_ok=True)
    return f"sqlite:///{target}"


def today_s(name: str) -> Scenario:
    """Return the scenario, moved so that its operational phase runs now; the programme, so that it ends now."""
    if name == PROGRAMME:
        return programme((clock.now() - FIVE_YEARS).date())
    return rebased(catalogue()[name], (clock.now() - timedelta(days=DAYS_BEFORE)).date())


def load(store: Store) -> None:
    """Play the scenario of these days up to now, without the steps that are left for `play_live`.

    Also plays a small operation beside it, in which two persons are reported a second time.

    All due reports are made, so that nothing is overdue but what the scenario wants overdue.
    """
    live, moment = today_s(PLAYING), clock.now()
    curtain = _curtain(live, moment)
    steps = tuple(step for step in live.steps if step.at < curtain or not step.can_wait)
    player.play(store, replace(live, steps=steps), until=moment)
    player.play(store, suchiate.compose(live.first_day), until=moment)  # it reports events of the same store again


def perform(database_url: str) -> None:
    """Run the demo process until it is terminated: play the scenario of these days in real time, and beside it the
    programme and the four published scenarios to their end."""
    store, stop = open_store(database_url), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the demo, which ends this process
    child_processes.end_with_parent(stop)
    threading.Thread(target=_play_published, args=(store,), daemon=True).start()
    play_live(store, stop, today_s(PLAYING))


def _play_published(store: Store) -> None:
    player.play(store, today_s(PROGRAMME), until=clock.now())
    for scenario in catalogue().values():
        player.play(store, scenario)


def play_live(store: Store, stop: threading.Event, scenario: Scenario) -> None:
    """Play the remaining steps up to now within about ten minutes, then each step at its time, until `stop` is set."""
    moment = clock.now()
    waiting = max((moment - _curtain(scenario, moment)).total_seconds(), 1.0)
    player.play(store, scenario, until=moment, speed=max(waiting / SECONDS_LIVE, 1.0), pause=stop.wait)
    while not stop.wait(REAL_TIME.total_seconds()):
        player.play(store, scenario, until=clock.now())


def _curtain(scenario: Scenario, moment: datetime) -> datetime:
    """Return the time from which on steps that can wait are left for `play_live`."""
    past = [step.at for step in scenario.steps if step.at < moment and step.can_wait]
    return past[-SHOWN_LIVE] if len(past) > SHOWN_LIVE else scenario.opens


def keep_time(database_url: str) -> None:
    """Run the timetable process of the demo until it is terminated, with one analysis worker."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child_processes.end_with_parent(stop)
    timetable.run(Settings(database_url=database_url), stop, workers=1)
