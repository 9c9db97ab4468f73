"""The demo: a programme of five years until these days, four published scenarios, and one of those once more, moved to
these days and playing while one looks, with a small invented operation beside it.

They are played by a process of their own through the real verbs, as officers elsewhere would report: the server learns
of it by the pulse only. The first page waits for none but the last.
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
SHOWN_LIVE = 90  # verifications left to be played while one looks
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
    """The address of the demo's database, an SQLite file of which nothing is left from before, nor of its copies."""
    file_permissions.folder(folder)
    shutil.rmtree(folder / COPIES, ignore_errors=True)
    target = folder / "demo.sqlite"
    for name in (target, target.with_name("demo.sqlite-wal"), target.with_name("demo.sqlite-shm")):
        name.unlink(missing_ok=True)
    return f"sqlite:///{target}"


def today_s(name: str) -> Scenario:
    """The scenario with its operational phase moved so that it runs now; the programme so that it has come to now."""
    if name == PROGRAMME:
        return programme((clock.now() - FIVE_YEARS).date())
    return rebased(catalogue()[name], (clock.now() - timedelta(days=DAYS_BEFORE)).date())


def load(store: Store) -> None:
    """Play the scenario of these days up to now, but for what waits for the onlooker: what a first visitor finds.

    And a small operation beside it, in which two persons are told of again.

    Everybody has reported who should have, so that nothing is overdue but what the story wants so.
    """
    live, moment = today_s(PLAYING), clock.now()
    curtain = _curtain(live, moment)
    found = tuple(step for step in live.steps if step.at < curtain or not step.can_wait)
    player.play(store, replace(live, steps=found), until=moment)
    player.play(store, suchiate.compose(live.first_day), until=moment)  # what it told of is told there as well


def perform(database_url: str) -> None:
    """What the process of the stories does until it is terminated: the scenario of these days plays, and beside it the
    programme and the four published ones are played to their end."""
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
    """Play what is left up to now within about ten minutes, then each step as its moment comes, until `stop`."""
    moment = clock.now()
    waiting = max((moment - _curtain(scenario, moment)).total_seconds(), 1.0)
    player.play(store, scenario, until=moment, speed=max(waiting / SECONDS_LIVE, 1.0), pause=stop.wait)
    while not stop.wait(REAL_TIME.total_seconds()):
        player.play(store, scenario, until=clock.now())


def _curtain(scenario: Scenario, moment: datetime) -> datetime:
    """From which moment on what can wait is left for the onlooker."""
    past = [step.at for step in scenario.steps if step.at < moment and step.can_wait]
    return past[-SHOWN_LIVE] if len(past) > SHOWN_LIVE else scenario.opens


def keep_time(database_url: str) -> None:
    """What the process of the timetable does until it is terminated; beside it one answers what is asked."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_signal: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child_processes.end_with_parent(stop)
    timetable.run(Settings(database_url=database_url), stop, workers=1)
