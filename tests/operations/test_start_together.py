"""Several processes that start at the same moment on one empty database."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from operations.core import clock
from operations.core.people import System
from operations.core.schema import migrations, upgrade
from operations.core.store import Store, open_store
from operations.timetable.lease import Lease, LeaseCandidate
from tests.operations.test_concurrency import together
from tests.parallel_start import start_together

pytestmark = pytest.mark.both_storages


@pytest.mark.postgres
@pytest.mark.parametrize("of_each", [1, pytest.param(4, marks=pytest.mark.rest)])
def test_servers_and_timetables_that_start_together_all_stand(
    postgres_url: Callable[[], str], tmp_path: Path, of_each: int
) -> None:
    """Once: each is a process. `make prove` does it ten times on each storage."""
    start_together(postgres_url(), tmp_path / "together", of_each)


def test_eight_upgrades_of_one_empty_database_all_end_well(database_url: str) -> None:
    stores = [open_store(database_url) for _process in range(8)]
    assert together([lambda store=store: upgrade(store) for store in stores]) == [None] * 8
    with stores[0].engine.connect() as connection:
        made = connection.scalars(sa.text("SELECT number FROM schema_version")).all()
    assert made == [each.number for each in migrations(stores[0].engine.dialect.name)]
    for store in stores:
        store.dispose()


def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    """SQLite lets one of them make the file what Muster needs, and refuses the others without waiting."""
    for time in range(40):
        stores = [open_store(f"sqlite:///{tmp_path}/{time}.sqlite") for _process in range(8)]
        assert together([lambda store=store: _first_word(store) for store in stores]) == [1] * 8
        for store in stores:
            store.dispose()


def _first_word(store: Store) -> object:
    with store.engine.connect() as connection:
        return connection.scalar(sa.text("SELECT 1"))


def test_of_eight_first_timetables_one_leads(store: Store) -> None:
    at_once = threading.Barrier(8)

    def lead(name: str) -> Callable[[], int | None]:
        def work() -> int | None:
            with store.unit_of_work(System()) as session:
                if session.connection().dialect.name == "postgresql":
                    at_once.wait()  # all have begun: none sees what another has not committed
                return LeaseCandidate(name).keep(session, clock.now())

        return work

    found = together([lead(f"process {number}") for number in range(8)])
    assert sorted(found, key=str) == [1, *[None] * 7]
    with store.reading(System()) as session:
        assert len(session.exec(sa.select(Lease)).all()) == 1
