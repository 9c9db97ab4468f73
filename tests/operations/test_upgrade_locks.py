"""The lock of the schema on PostgreSQL: sessions share it, an upgrade takes it alone, and neither stops the other."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.core import schema
from operations.core.errors import RuleBroken
from operations.core.journal import Head
from operations.core.people import System
from operations.core.store import Store, open_store


@pytest.fixture
def url(postgres_url: Callable[[], str]) -> str:
    """A database of this version."""
    url = postgres_url()
    store = open_store(url)
    schema.upgrade(store)
    store.dispose()
    return url


@pytest.fixture
def server(url: str) -> Iterator[Store]:
    """What a server has open that goes on through the upgrade."""
    store = open_store(url)
    yield store
    store.dispose()


@pytest.fixture
def upgrade(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """The upgrade to a version with a column more."""
    folder = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    (folder / "9001.postgresql.sql").write_text("ALTER TABLE post ADD COLUMN floor INTEGER")
    monkeypatch.setattr(schema, "FOLDER", folder)
    store = open_store(url)
    yield lambda: schema.upgrade(store)
    store.dispose()


def _asks(server: Store) -> None:
    with server.reading(System()) as session:
        session.exec(select(Head)).all()


def _floors(server: Store) -> bool:
    return "floor" in {column["name"] for column in sa.inspect(server.engine).get_columns("post")}


def test_an_upgrade_touches_no_table_while_a_session_is_open(server: Store, upgrade: Callable[[], None]) -> None:
    """Else it could hold one table and wait for the next, whose reader waits for the first."""
    beside = threading.Thread(target=upgrade)
    with server.reading(System()) as session:
        session.exec(select(Head)).all()
        beside.start()
        while not session.connection().exec_driver_sql("SELECT 1 FROM pg_locks WHERE NOT granted").all():
            assert beside.is_alive(), "it waits for the session"
            time.sleep(0.01)
        session.connection().exec_driver_sql("LOCK TABLE post IN ACCESS SHARE MODE NOWAIT")
    beside.join(60)
    assert _floors(server)


def test_an_upgrade_that_gets_no_lock_lets_others_pass_and_says_so_in_the_end(
    server: Store, upgrade: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_LOCK_PATIENCE", "20ms")
    monkeypatch.setattr(schema, "_PAUSE", (0.02, 0.02))
    monkeypatch.setattr(schema, "_UPGRADE_PATIENCE", 0.5)
    refusals: list[RuleBroken] = []

    def refused() -> None:
        try:
            upgrade()
        except RuleBroken as refusal:
            refusals.append(refusal)

    beside = threading.Thread(target=refused)
    with server.reading(System()) as session:
        session.exec(select(Head)).all()
        beside.start()
        while beside.is_alive():
            _asks(server)
    beside.join()
    assert "no moment in which nobody used the tables" in str(refusals[0])
    assert not _floors(server)
    upgrade()
    assert _floors(server)
