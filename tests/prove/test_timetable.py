"""kill -9 of timetables at six points and at any moment, and leaders that stop and return: each effect is done once."""

import os
import random
import signal
import subprocess
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.timetable.runner import POINTS
from tests import fork_server
from tests.fork_server import ForkedProcess
from tests.prove.load import faults
from tests.servers import ROOT, run_module

pytestmark = pytest.mark.both_storages

KILLS, STOPS = 28, 12
CANDIDATES = 4
PATIENCE = 60
ANYWHERE = "anywhere"
PLACES = (*POINTS, ANYWHERE)


def _start(url: str, point: str, after: int, log: Path) -> "subprocess.Popen[bytes] | ForkedProcess":
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return run_module(log, environment, "tests.prove.timetable_process", url, point, str(after))


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """What the processes need is imported once."""
    if fork_server.AVAILABLE:
        fork_server.fork_server().load("tests.prove.timetable_process")


@pytest.mark.slow
@pytest.mark.requirement("R65")
def test_each_effect_happens_once_whatever_is_killed(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url)
    upgrade(store)
    with store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE ledger (job TEXT, due TEXT)"))
    kills, chance, log = faults(KILLS), random.Random(5), tmp_path / "timetables.log"
    running = [_start(database_url, "never", 0, log) for _number in range(CANDIDATES - 1)]
    died: Counter[str] = Counter()
    try:
        while sum(died.values()) < kills:
            point = PLACES[sum(died.values()) % len(PLACES)]
            doomed = _start(database_url, point, chance.randrange(3), log)
            if point == ANYWHERE:
                _leads(store, doomed.pid)
                time.sleep(chance.uniform(0, 0.5))
                doomed.kill()
            assert doomed.wait(PATIENCE) == -signal.SIGKILL, log.read_text()[-2000:]
            died[point] += 1
            time.sleep(chance.uniform(0, 0.4))
        time.sleep(2)
    finally:
        for other in running:
            other.kill()
            other.wait(PATIENCE)
    assert set(died) == set(PLACES[:kills])
    assert _judge(store) >= kills
    store.dispose()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_leader_that_stops_and_comes_back_finds_another_and_does_nothing_twice(
    database_url: str, tmp_path: Path
) -> None:
    """The first stop lasts a minute. A leader can stop anywhere, also while it holds a row or the whole file."""
    store = open_store(database_url)
    upgrade(store)
    with store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE ledger (job TEXT, due TEXT)"))
    stops, chance, log = faults(STOPS), random.Random(6), tmp_path / "timetables.log"
    running = [_start(database_url, "never", 0, log) for _number in range(CANDIDATES)]
    others = 0
    try:
        for number in range(stops):
            leader = _leader(store, running)
            time.sleep(chance.uniform(0, 0.3))
            os.kill(leader, signal.SIGSTOP)
            time.sleep(60 if not number else chance.uniform(1.5, 3))
            others += _leader(store, running) != leader
            os.kill(leader, signal.SIGCONT)
            time.sleep(1)
    finally:
        for process in running:
            process.kill()
            process.wait(PATIENCE)
    assert "Traceback" not in log.read_text(), log.read_text()[-3000:]
    assert _judge(store) > others > 0  # one that stops while it writes lets nobody else
    print(f"\n{stops} stops of a leader, another led during {others}")  # noqa: T201 - what was proved
    store.dispose()


def _leader(store: Store, running: "list[subprocess.Popen[bytes] | ForkedProcess]") -> int:
    """The process that leads, once one of these does."""
    return _leads(store, *[process.pid for process in running])


def _leads(store: Store, *processes: int) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with store.engine.connect() as connection:
            holder = connection.scalar(sa.text("SELECT holder FROM timetable_lease"))
        if holder and int(holder) in processes:
            return int(holder)
        time.sleep(0.02)
    raise AssertionError("nobody leads")


def _judge(store: Store) -> int:
    """Each effect once, and none left out; return how many led."""
    with store.engine.connect() as connection:
        written = Counter(connection.scalars(sa.text("SELECT due FROM ledger")).all())
        noted = connection.scalar(sa.text("SELECT count(*) FROM timetable_effect"))
        leaders = connection.scalar(sa.text("SELECT fence FROM timetable_lease"))
    assert [due for due, times in written.items() if times > 1] == []
    assert noted == len(written)
    moments = sorted(written)
    first, last = moments[0], moments[-1]
    assert len(moments) == round((_seconds(last) - _seconds(first)) / 0.25) + 1, "one was left out"
    assert leaders is not None
    return int(leaders)


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
