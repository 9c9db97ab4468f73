"""A crowd for minutes or for a day: the memory of a server that is warm does not grow.

Five hundred people change pages of the demo while reports climb. How long: MUSTER_PROVE_SOAK, in minutes.
"""

import os
import shutil
import statistics
import sys
import time
from pathlib import Path

import pytest

from operations.core.store import open_store
from operations.core.vocabulary import Role
from tests.bench import kept_demo
from tests.bench.crowd import Crowd, Verifiers, memory_of, sessions
from tests.servers import serve_as_product

MINUTES = float(os.environ.get("MUSTER_PROVE_SOAK") or 6)
PEOPLE, ROLES, RATE = 500, (Role.LEADERSHIP, Role.OPERATION_COORDINATOR), 4.0
EACH = 10.0
"""Seconds between two looks; a report climbs before each, as long as one waits."""
GROWTH = 0.05
"""How much more the last third may hold than the middle one; in the first the server meets its pages and its people."""


@pytest.mark.slow
@pytest.mark.timeout(MINUTES * 60 + 900)
def test_a_crowd_that_stays_takes_no_more_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept, operation = kept_demo.made()
    copy = tmp_path / "muster.sqlite"
    shutil.copy(kept, copy)
    store = open_store(f"sqlite:///{copy}")
    people, verifiers = sessions(store, PEOPLE, ROLES), Verifiers(store, operation)
    server = serve_as_product(f"sqlite:///{copy}", tmp_path, {"MUSTER_WARM": "true"})
    looks, came, at_first = list[float](), 0, memory_of(server.process.pid)
    try:
        crowd, ends = Crowd(server, people, operation), time.monotonic() + MINUTES * 60
        while time.monotonic() < ends:
            verifiers.verify_one()
            wave = crowd.wave(RATE, EACH)
            assert not wave.refused, wave
            came += len(wave.took)
            looks.append(memory_of(server.process.pid))
    finally:
        server.stop()
        store.dispose()
    third = len(looks) // 3
    first, middle, last = (statistics.median(looks[third * each : third * (each + 1)]) for each in range(3))
    told = f"{at_first:.0f} MB at the first answer, then in thirds {first:.0f}, {middle:.0f} and {last:.0f} MB"
    with capsys.disabled():
        sys.stdout.write(f"\n{MINUTES:g} minutes, {came:,} page changes of {PEOPLE} people: {told}\n")
    assert last <= middle * (1 + GROWTH)
