"""Demo data: a programme of five years until today, four published scenarios, one of them again in real time.

They are played by processes of their own through the real verbs, as officers elsewhere would report: the server learns
of it by the pulse only. Nobody waits for them: one signs in while the one of these days is loaded. To compose a story
takes half a gigabyte: the process that loads ends when it has told all that is over, and what plays on is another.
"""

from __future__ import annotations

import multiprocessing
import shutil
import socket
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.server import child_processes, timetable
from dashboard.server.child_processes import Kept
from dashboard.settings import Settings
from operations.core import clock, file_permissions, memory
from operations.core.errors import RuleBroken
from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.lazy_import import bind_type_imports
from operations.timetable.heartbeats import Watched
from scenarios import PROGRAMME, catalogue, programme, rebased
from scenarios.accounts import demo_password

if TYPE_CHECKING:
    from scenarios import accounts, player, suchiate
    from scenarios.script_language import Scenario
bind_type_imports(globals(), ahead=False)  # the server and the timetable tell no stories

PLAYING = "turquesa_v"
FIVE_YEARS = timedelta(days=1826)
DAYS_BEFORE = 4  # the playing scenario is on its fifth day today
SHOWN_LIVE = 90  # verifications left to be played while the visitor watches
SECONDS_LIVE = 900.0
REAL_TIME = timedelta(seconds=20)
COPIES = "demo-backups"

__all__ = [
    "COPIES",
    "demo_password",
    "fresh_database",
    "load",
    "perform",
    "play_live",
    "play_on",
    "running",
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


def refuse_taken(settings: Settings) -> None:
    """Raises RuleBroken where another program listens at the address of the demo."""
    with closing(socket.socket()) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.host, settings.port))
        except OSError:
            raise RuleBroken(
                "",
                "Another program listens at {address}. Name another port: MUSTER_PORT=8061.",
                address=settings.address,
            ) from None


@contextmanager
def running(settings: Settings, ready: Callable[[], None]) -> Iterator[None]:
    """What runs beside the server while the block serves: the stories and the timetable, each started again when it
    ends unasked. `ready` is called once the server answers, and answers those whom the demo names."""
    of_processes, over = multiprocessing.get_context("spawn"), threading.Event()
    named, loaded = of_processes.Event(), of_processes.Event()
    stories = Kept(perform, settings.database, given=(named, loaded), ends=True)
    playing, clockwork = Kept(play_on, settings.database), Kept(timetable.keep_time, settings.database)

    def watch() -> None:
        told = False
        while not over.is_set():
            stories.look()
            if loaded.is_set():  # before, much of the story seems overdue
                playing.look()
                clockwork.look()
            if not told and named.is_set() and _answers(settings):
                told = True
                ready()
            over.wait(1.0 if told else 0.2)

    watching = threading.Thread(target=watch, name="muster-beside", daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join(10)
        for each in (stories, playing, clockwork):
            each.stop()


def _answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{settings.host}:{settings.port}/health", timeout=5):
            return True
    except OSError:
        return False


def counter(words: str) -> player.Heard:
    """Says how far a stage is: on a terminal in one line that counts, elsewhere in a line for each quarter."""
    terminal, shown = sys.stdout.isatty(), -1

    def heard(done: int, of: int) -> None:
        nonlocal shown
        part = done * (100 if terminal else 4) // of if of else 1
        if part != shown:
            shown = part
            begin, end = ("\r", "\n" if done == of else "") if terminal else ("", "\n")
            print(f"{begin}{words}: {done:,} of {of:,} steps", end=end, flush=True)  # noqa: T201 - for who waits at a terminal

    return heard


def load(store: Store, stopped: Callable[[], bool] = lambda: False) -> None:
    """Play the scenario of these days up to now, without the steps that are left for `play_live`, unless `stopped`.

    Also plays a small operation beside it, in which two persons are reported a second time.

    All due reports are made, so that nothing is overdue but what the scenario wants overdue.
    """
    live, moment = today_s(PLAYING), clock.now()
    curtain = _curtain(live, moment)
    found = tuple(step for step in live.steps if step.at < curtain or not step.can_wait)
    how = {"until": moment, "stopped": stopped}
    player.play(store, replace(live, steps=found), heard=counter("Loading the scenario that plays"), **how)
    # What it told of is told there as well.
    player.play(store, suchiate.compose(live.first_day), heard=counter("Loading the one beside it"), **how)


def perform(database_url: str, named: Event, loaded: Event) -> None:
    """What the process of the stories does: load the scenario of these days, and play to their end the programme and
    the four published ones. Begun again, it goes on where it stood.
    """
    Settings().use_keys()
    store, stop = open_store(database_url, behind=True), child_processes.told_to_end()
    upgrade(store)  # this process loads its modules while the server's makes the tables: whoever is first does

    def tell() -> None:
        for name in (PLAYING, PROGRAMME):  # the people of WHO
            accounts.prepare(store, today_s(name))
        named.set()
        load(store, stop.is_set)
        if not stop.is_set():
            loaded.set()

    child_processes.lasting(tell, stop, store, Watched.STORIES)
    child_processes.lasting(lambda: _play_published(store, stop), stop, store, Watched.PROGRAMME)


def play_on(database_url: str) -> None:
    """What the process that plays the scenario of these days does until it is terminated."""
    Settings().use_keys()
    store, stop = open_store(database_url, behind=True), child_processes.told_to_end()
    scenario = today_s(PLAYING)
    memory.forget("geodata.ground.reference", "geodata.ground.sites")
    child_processes.lasting(lambda: play_live(store, stop, scenario), stop, store, Watched.STORIES)


def _play_published(store: Store, stop: threading.Event) -> None:
    player.play(store, today_s(PROGRAMME), until=clock.now(), stopped=stop.is_set)
    for scenario in catalogue().values():
        player.play(store, scenario, stopped=stop.is_set)


def play_live(store: Store, stop: threading.Event, scenario: Scenario) -> None:
    """Play the remaining steps up to now at equal distances within `SECONDS_LIVE`, then each step at its time, until
    `stop` is set."""
    player.play(store, scenario, until=clock.now(), over=SECONDS_LIVE, pause=stop.wait)
    while not stop.wait(REAL_TIME.total_seconds()):
        player.play(store, scenario, until=clock.now())


def _curtain(scenario: Scenario, moment: datetime) -> datetime:
    """Return the time from which on steps that can wait are left for `play_live`."""
    past = [step.at for step in scenario.steps if step.at < moment and step.can_wait]
    return past[-SHOWN_LIVE] if len(past) > SHOWN_LIVE else scenario.opens
