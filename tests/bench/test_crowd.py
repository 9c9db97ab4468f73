"""Five hundred people who change pages of the demo: how many a second a process carries, and what it does beyond.

The demo is loaded as `muster demo` loads it; on SQLite once a day, and kept in build/. Two processes on PostgreSQL
(MUSTER_WORKERS=2) are asked for twice as much.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from operations.core.store import Store, open_store
from operations.core.vocabulary import Role
from tests.bench import kept_demo
from tests.bench.conftest import Ledger
from tests.bench.crowd import Crowd, sessions
from tests.servers import Serving, serve_as_product

PEOPLE, SECONDS, GOAL_MS = 500, 15, 300
ROLES = (Role.LEADERSHIP, Role.OPERATION_COORDINATOR)
RATES = (5, 10, 20, 40)
BEYOND = 150


@pytest.fixture
def loaded(database_url: str) -> Iterator[tuple[Store, UUID]]:
    """The demo with all that its visitors find, and the operation that it plays; on SQLite a copy of today's."""
    if database_url.startswith("sqlite"):
        kept, operation = kept_demo.made()
        shutil.copy(kept, Path(database_url.removeprefix("sqlite:///")))
        store = open_store(database_url)
    else:
        store = open_store(database_url)
        operation = kept_demo.load(store)
    yield store, operation
    store.dispose()


@pytest.mark.timeout(1800)
def test_a_crowd_that_changes_pages(
    database_url: str, loaded: tuple[Store, UUID], tmp_path: Path, ledger: Ledger
) -> None:
    """On SQLite one process, on PostgreSQL one and then two: what they carry within 300 ms, and what beyond it."""
    store, operation = loaded
    people = sessions(store, PEOPLE, ROLES)
    for workers in (1, 2) if database_url.startswith("postgresql") else (1,):
        server = serve_as_product(database_url, tmp_path, {"MUSTER_WORKERS": str(workers)})
        try:
            _measured(server, Crowd(server, people, operation), ledger, workers, store.engine.dialect.name)
        finally:
            server.stop()


def _measured(server: Serving, crowd: Crowd, ledger: Ledger, workers: int, storage: str) -> None:
    size = f"{PEOPLE} people, demo, {storage}, {workers} process{'es' * (workers > 1)}"
    crowd.wave(4 * workers, 45)  # each process imports what it needs, and meets its people
    carried = 0.0
    for rate in (each * workers for each in RATES):
        wave = crowd.wave(rate, SECONDS)
        ledger.note(f"page changes, {rate} a second, p95", size, wave.p95, "ms", len(wave.took), str(wave))
        if wave.p95 <= GOAL_MS and not wave.refused:
            carried = rate
    ledger.note(f"page changes a second within {GOAL_MS} ms", size, carried, "a second")
    beyond = crowd.wave(BEYOND * workers, SECONDS)
    ledger.note(
        f"page changes beyond what is carried, p95 of {BEYOND * workers} a second",
        size,
        beyond.p95,
        "ms",
        len(beyond.took),
        str(beyond),
    )
    assert set(beyond.refused) <= {429}
    assert not beyond.untimed
    after = crowd.wave(4 * workers, SECONDS)
    ledger.note("page changes just after that, p95", size, after.p95, "ms", len(after.took), str(after))
