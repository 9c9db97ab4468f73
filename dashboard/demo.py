"""The demo: four scenarios loaded, one of them moved to these days and playing, so that figures move while one looks.

The scenario that plays is played by a process of its own through the real verbs, as an officer elsewhere would report:
the server learns of it by the pulse only.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from operations.core import clock
from operations.core.store import Store
from scenarios import catalogue, player, rebased
from scenarios.accounts import demo_password
from scenarios.script import Scenario

PLAYING = "turquesa_v"
DAYS_BEFORE = 4  # the playing scenario is on its fifth day today
SHOWN_LIVE = 200  # steps left to be played while one looks
SECONDS_LIVE = 600.0
REAL_TIME = timedelta(seconds=20)

WHO = (
    ("leader", "leadership: the situation of every operation"),
    ("coordinator", "operation coordinator: plans on the map"),
    ("officer.mex", "officer in Mexico: writes reports"),
    ("lead.mex", "team leader in Mexico: verifies them locally"),
    ("coordinator.mex", "national coordinator of Mexico: validates them"),
    ("officer.gtm", "officer in Guatemala: sees nothing of Mexico"),
    ("analyst", "analyst of the coordination unit"),
    ("auditor", "auditor: the journal"),
)
Tell = Callable[[str], object]


__all__ = ["WHO", "demo_password", "fresh_database", "load", "play_live", "start_player", "stop_player", "today_s"]


def fresh_database(folder: Path) -> str:
    """The address of the demo's database, an SQLite file of which nothing is left from before."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "demo.sqlite"
    for name in (target, target.with_name("demo.sqlite-wal"), target.with_name("demo.sqlite-shm")):
        name.unlink(missing_ok=True)
    return f"sqlite:///{target}"


def today_s(name: str) -> Scenario:
    """The scenario with its operational phase moved so that it runs now."""
    return rebased(catalogue()[name], (clock.now() - timedelta(days=DAYS_BEFORE)).date())


def load(store: Store, tell: Tell) -> None:
    """Play all scenarios to their published end, and the one that plays on up to its last steps before now."""
    for name, scenario in catalogue().items():
        tell(f"  {scenario.title}")
        player.play(store, scenario)
        if name == PLAYING:
            live = today_s(name)
            player.play(store, live, until=_curtain(live, clock.now()))


def play_live(store: Store, stop: threading.Event, scenario: Scenario) -> None:
    """Play what is left up to now within about ten minutes, then each step as its moment comes, until `stop`."""
    moment = clock.now()
    waiting = max((moment - _curtain(scenario, moment)).total_seconds(), 1.0)
    player.play(store, scenario, until=moment, speed=max(waiting / SECONDS_LIVE, 1.0), pause=stop.wait)
    while not stop.wait(REAL_TIME.total_seconds()):
        player.play(store, scenario, until=clock.now())


def _curtain(scenario: Scenario, moment: datetime) -> datetime:
    """From which moment on steps are left for the onlooker."""
    past = [step.at for step in scenario.steps if step.at < moment]
    return past[-SHOWN_LIVE] if len(past) > SHOWN_LIVE else scenario.opens


def start_player(database_url: str) -> subprocess.Popen[bytes]:
    """Start the process that plays the scenario of these days."""
    environment = {**os.environ, "MUSTER_DATABASE_URL": database_url}
    return subprocess.Popen([sys.executable, "-m", "dashboard", "play", PLAYING, "--live"], env=environment)  # noqa: S603 - ourselves


def stop_player(process: subprocess.Popen[bytes]) -> None:
    """Ask the player to end, and wait for it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
