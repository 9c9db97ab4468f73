"""kill -9 of real timetables at six points: four processes on one database, and each effect happens once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from operations.timetable.runner import POINTS
from tests.servers import ROOT

pytestmark = pytest.mark.both_storages

KILLS = 24
CANDIDATES = 4


def _start(url: str, point: str, after: int, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("ab") as words:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.prove.timetable_process", url, point, str(after)],
            cwd=ROOT,
            stdout=words,
            stderr=words,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )


@pytest.mark.slow
@pytest.mark.requirement("R65")
def test_each_effect_happens_once_whatever_is_killed(database_url: str, tmp_path: Path) -> None:
    store = open_store(database_url)
    upgrade(store)
    with store.engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE ledger (job TEXT, due TEXT)"))
    chance, log = random.Random(5), tmp_path / "timetables.log"
    running = [_start(database_url, "never", 0, log) for _number in range(CANDIDATES - 1)]
    died: Counter[str] = Counter()
    try:
        while sum(died.values()) < KILLS:
            point = POINTS[sum(died.values()) % len(POINTS)]
            doomed = _start(database_url, point, chance.randrange(3), log)
            assert doomed.wait(60) == -signal.SIGKILL, log.read_text()[-2000:]
            died[point] += 1
            time.sleep(chance.uniform(0, 0.4))
        time.sleep(2)
    finally:
        for other in running:
            other.kill()
            other.wait()
    assert set(died) == set(POINTS)
    _judge(store)
    store.dispose()


def _judge(store: Store) -> None:
    with store.engine.connect() as connection:
        written = Counter(connection.scalars(sa.text("SELECT due FROM ledger")).all())
        noted = connection.scalar(sa.text("SELECT count(*) FROM timetable_effect"))
        leaders = connection.scalar(sa.text("SELECT fence FROM timetable_lease"))
    assert [due for due, times in written.items() if times > 1] == []
    assert noted == len(written) > KILLS
    moments = sorted(written)
    first, last = moments[0], moments[-1]
    assert len(moments) == round((_seconds(last) - _seconds(first)) / 0.25) + 1, "one was left out"
    assert leaders is not None
    assert leaders >= KILLS


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).timestamp()
