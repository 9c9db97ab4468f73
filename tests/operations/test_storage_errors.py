"""A bad day: the disk is full, the database locked, damaged or gone. What was kept stays whole, and it is said."""

import errno
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from operations.core import backups, file_permissions, journal, storage_errors, write_lock
from operations.core.clock import now
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.schema import upgrade
from operations.core.storage_errors import FaultReason, Unavailable
from operations.core.store import Store, open_store
from operations.timetable.maintenance import Copies
from tests import storages

pytestmark = [pytest.mark.both_storages, pytest.mark.durable]


def person(username: str, **changes: Any) -> Account:
    """A row for an account of that name."""
    facts = {"id": new_id(), "username": username, "name": "Ana Lima " * 10, "role": "auditor", "password_hash": "x"}
    return Account(**{**facts, "clearance": "for_official_use", "created_at": now(), **changes})


def account(store: Store, name: str) -> None:
    """Keep an account of that name."""
    with store.unit_of_work(System()) as session:
        session.add(person(name))
        journal.record(session, System(), "account.add", "account")


def names(store: Store) -> set[str]:
    """The accounts that are kept."""
    with store.reading(System()) as session:
        return {each.username for each in session.exec(select(Account))}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "muster.sqlite"


@pytest.fixture
def sqlite(file: Path) -> Iterator[Store]:
    """A store on a file of its own, whose writers wait half a second for others."""
    made = open_store(f"sqlite:///{file}", patience=0.5)
    upgrade(made)
    yield made
    made.dispose()


@pytest.mark.requirement("R56")
def test_a_connection_syncs_each_commit_and_holds_what_rows_refer_to(sqlite: Store) -> None:
    with sqlite.reading(System()) as session:
        found = {
            pragma: session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def fault_of(kind: type[Exception], name: str, code: str) -> Exception:
    """An error of a driver with that code, as SQLAlchemy hands it on."""
    error = kind("no matter")
    setattr(error, name, code)
    return DBAPIError("SELECT 1", {}, error)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("SQLITE_FULL", FaultReason.DISK_FULL),
        ("SQLITE_IOERR_WRITE", FaultReason.DISK_FAILS),
        ("SQLITE_READONLY_DIRECTORY", FaultReason.READ_ONLY),
        ("SQLITE_BUSY", FaultReason.LOCKED),
        ("SQLITE_BUSY_SNAPSHOT", FaultReason.LOCKED),
        ("SQLITE_CORRUPT_INDEX", FaultReason.CORRUPT),
        ("SQLITE_NOTADB", FaultReason.CORRUPT),
        ("SQLITE_CANTOPEN", FaultReason.GONE),
        ("SQLITE_CONSTRAINT_UNIQUE", None),
        ("SQLITE_ERROR", None),
    ],
)
def test_what_sqlite_says_of_the_storage_is_told_apart(code: str, reason: FaultReason | None) -> None:
    assert storage_errors.reason_of(fault_of(sqlite3.OperationalError, "sqlite_errorname", code)) is reason


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (psycopg.errors.DiskFull, FaultReason.DISK_FULL),
        (psycopg.errors.ReadOnlySqlTransaction, FaultReason.READ_ONLY),
        (psycopg.errors.LockNotAvailable, FaultReason.LOCKED),
        (psycopg.errors.DeadlockDetected, FaultReason.LOCKED),
        (psycopg.errors.SerializationFailure, FaultReason.LOCKED),
        (psycopg.errors.TooManyConnections, FaultReason.BUSY),
        (psycopg.errors.AdminShutdown, FaultReason.GONE),
        (psycopg.errors.CannotConnectNow, FaultReason.GONE),
        (psycopg.errors.ConnectionFailure, FaultReason.GONE),
        (psycopg.OperationalError, FaultReason.GONE),
        (psycopg.errors.DataCorrupted, FaultReason.CORRUPT),
        (psycopg.errors.UniqueViolation, None),
        (psycopg.errors.RaiseException, None),
        (psycopg.errors.UndefinedTable, None),
    ],
)
def test_what_postgresql_says_of_the_storage_is_told_apart(kind: type[Exception], reason: FaultReason | None) -> None:
    assert storage_errors.reason_of(DBAPIError("SELECT 1", {}, kind("no matter"))) is reason


@pytest.mark.requirement("ASVS 16.5.3", "R58")
def test_a_full_disk_keeps_nothing_by_halves_and_reading_goes_on(sqlite: Store) -> None:
    account(sqlite, "before")
    size = [0]

    @sa.event.listens_for(sqlite.engine, "begin")
    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={size[0] or 1_000_000_000}").close()

    size[0] = 1  # SQLite takes the number of pages that are there already
    kept, refused = 0, None
    for number in range(200):
        try:
            account(sqlite, f"person{number}")
            kept += 1
        except Unavailable as error:
            refused = error
            break
    assert refused is not None
    assert refused.reason is FaultReason.DISK_FULL
    assert str(refused) == storage_errors.CANNOT_STORE
    assert sqlite.fault is FaultReason.DISK_FULL
    assert names(sqlite) == {"before", *(f"person{number}" for number in range(kept))}
    with sqlite.reading(System()) as session:
        assert journal.verify(session).broken_at is None
    size[0] = 0
    account(sqlite, "after")
    assert sqlite.ready().write
    assert sqlite.fault is None


def test_a_disk_without_room_is_said_before_it_is_full(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000}))
    found = sqlite.ready()
    assert (found.read, found.write, found.reason) == (True, False, FaultReason.DISK_FULL)


def test_a_locked_database_is_said_soon_and_read_all_the_time(sqlite: Store, file: Path) -> None:
    account(sqlite, "before")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        before = time.thread_time()
        with pytest.raises(Unavailable) as refused:
            account(sqlite, "meanwhile")
        assert refused.value.reason is FaultReason.LOCKED
        assert time.thread_time() - before < 1.0  # it waited, and did not turn in circles
        assert names(sqlite) == {"before"}
        found = sqlite.ready()
        assert (found.read, found.write, found.reason) == (True, False, FaultReason.LOCKED)
        other.execute("ROLLBACK")
    account(sqlite, "after")
    assert sqlite.fault is None
    assert names(sqlite) == {"before", "after"}


def test_whoever_is_in_haste_waits_for_nobody_and_finds_no_fault(sqlite: Store, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(Unavailable),
            sqlite.unit_of_work(System(), patience=0.0) as session,
        ):
            session.exec(select(Account)).all()
    assert sqlite.fault is None


def test_writers_of_one_process_go_in_the_order_in_which_they_came(sqlite: Store) -> None:
    order: list[int] = []
    threads = []

    def write(number: int) -> None:
        with sqlite.unit_of_work(System(), patience=60) as session:
            session.exec(select(Account)).all()
            order.append(number)

    with sqlite.unit_of_work(System()) as session:
        session.exec(select(Account)).all()
        for number in range(6):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            while len(sqlite._turns._waiting) <= number:
                time.sleep(0.005)
    for thread in threads:
        thread.join(60)
    assert order == list(range(6))


def test_who_gave_up_waiting_is_passed_over(sqlite: Store) -> None:
    refused: list[FaultReason] = []

    def hasty() -> None:
        try:
            with sqlite.unit_of_work(System(), patience=0.05) as session:
                session.exec(select(Account)).all()
        except Unavailable as error:
            refused.append(error.reason)

    with sqlite.unit_of_work(System()) as session:
        session.exec(select(Account)).all()
        thread = threading.Thread(target=hasty)
        thread.start()
        thread.join(60)
    assert refused == [FaultReason.LOCKED]
    account(sqlite, "after")
    assert names(sqlite) == {"after"}


def test_writers_of_many_processes_go_in_the_order_in_which_they_came(sqlite: Store, file: Path) -> None:
    """A store of its own is to the file what a process is."""
    order: list[int] = []
    stores = [open_store(f"sqlite:///{file}") for _ in range(6)]
    threads = [threading.Thread(target=lambda number=number: write(number)) for number in range(6)]

    def write(number: int) -> None:
        with stores[number].unit_of_work(System(), patience=60) as session:
            session.exec(select(Account)).all()
            order.append(number)

    with sqlite.unit_of_work(System()) as session:
        session.exec(select(Account)).all()
        for number, thread in enumerate(threads):
            thread.start()
            while len(waiting_for(sqlite._turns._file)) <= number:
                time.sleep(0.005)
    for thread in threads:
        thread.join(60)
    assert order == list(range(6))
    for store in stores:
        store.dispose()


def waiting_for(file: Path | None) -> list[str]:
    """Those who wait for the lock of a file, as the system lists them."""
    assert file is not None
    node = str(file.stat().st_ino)
    lines = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return [words[-1] for words in lines if "->" in words and words[-3].split(":")[-1] == node]


def test_another_process_that_gave_up_waiting_is_passed_over(sqlite: Store, file: Path) -> None:
    other = open_store(f"sqlite:///{file}")
    with sqlite.unit_of_work(System()) as session:
        session.exec(select(Account)).all()
        for _ in range(3):
            with pytest.raises(Unavailable) as refused, other.unit_of_work(System(), patience=0.05) as late:
                late.exec(select(Account)).all()
            assert refused.value.reason is FaultReason.LOCKED
    account(other, "other")
    account(sqlite, "after")
    assert names(sqlite) == {"after", "other"}
    other.dispose()


@pytest.mark.parametrize("refused", ["open", "flock"])
def test_who_can_lock_no_file_writes_without_an_order(
    sqlite: Store, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    def fails(*_given: object, **_more: object) -> int:
        raise OSError(errno.ENOLCK, "No locks available")

    with monkeypatch.context() as patch:
        patch.setattr({"open": write_lock.os, "flock": write_lock.fcntl}[refused], refused, fails)
        account(sqlite, "without")
    account(sqlite, "with")
    assert names(sqlite) == {"with", "without"}


def test_damaged_pages_are_said_until_the_file_is_whole(sqlite: Store, file: Path) -> None:
    for number in range(30):
        account(sqlite, f"person{number}")
    sqlite.dispose()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    whole = file.read_bytes()
    damage(file)
    with pytest.raises(Unavailable) as refused:
        names(sqlite)
    assert refused.value.reason is FaultReason.CORRUPT
    assert sqlite.ready().reason is FaultReason.CORRUPT
    assert sqlite.fault is FaultReason.CORRUPT
    sqlite.dispose()
    file.write_bytes(whole)
    sqlite._checked = 0.0
    assert sqlite.ready().write
    assert len(names(sqlite)) == 30


def damage(file: Path) -> None:
    """Overwrite the pages of the accounts."""
    with closing(sqlite3.connect(file)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'account'").fetchone()[0]
    with file.open("r+b") as content:
        content.seek((root - 1) * size)
        content.write(b"\xa5" * size)


# ----------------------------------------------------------------------------------------------- PostgreSQL gone


@pytest.fixture
def stoppable() -> Iterator[storages.PostgresServer]:
    """A PostgreSQL server of this test's own, which it may stop."""
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    with storages.postgres_server() as server:
        yield server


@pytest.mark.postgres
def test_what_is_safe_to_repeat_outlives_a_server_that_restarts(stoppable: storages.PostgresServer) -> None:
    store = open_store(stoppable.new_database(), patience=60)
    upgrade(store)
    account(store, "before")
    stoppable.stop()
    assert (store.ready().read, store.ready().reason) == (False, FaultReason.GONE)
    with pytest.raises(Unavailable) as refused:
        account(store, "meanwhile")
    assert refused.value.reason is FaultReason.GONE
    tries: list[int] = []

    def keep(session: sa.orm.Session) -> str:
        tries.append(len(tries))
        session.add(person("again"))
        session.flush()
        return "kept"

    answers: list[str] = []
    thread = threading.Thread(target=lambda: answers.append(store.repeated(System(), keep)))
    thread.start()
    while len(tries) < 2:
        assert thread.is_alive()
        time.sleep(0.05)
    stoppable.start()
    thread.join(120)
    assert answers == ["kept"]
    assert names(store) == {"before", "again"}
    assert store.ready().write
    assert store.fault is None
    store.dispose()


@pytest.mark.postgres
def test_what_others_hold_in_postgresql_is_waited_for_so_long_only(postgres_url) -> None:
    url = postgres_url()
    store = open_store(url, patience=0.3)
    upgrade(store)
    account(store, "before")
    with store.engine.connect() as other:
        other.execute(sa.text("SELECT * FROM journal_head FOR UPDATE"))
        with pytest.raises(Unavailable) as refused:
            account(store, "meanwhile")
        other.rollback()
    assert refused.value.reason is FaultReason.LOCKED
    account(store, "after")
    assert names(store) == {"before", "after"}
    store.dispose()


# ------------------------------------------------------------------------------------- nothing for others to read


def test_no_value_of_a_statement_is_in_what_is_raised_or_logged(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    secret = "f00dfeedc0ffee"
    with pytest.raises(DBAPIError) as raised, store.unit_of_work(System()) as session:
        session.add(person(secret, name=secret, password_hash=secret, role=None))
    with pytest.raises(DBAPIError) as also, store.unit_of_work(System()) as session:
        session.connection().execute(sa.text("SELECT nothing FROM account WHERE username = :name"), {"name": secret})
    for error in (raised.value, also.value):
        logging.getLogger("muster.test").error("Fault", exc_info=error)
        assert secret not in str(error)
        assert secret not in str(error.orig)
    assert "Fault" in caplog.text
    assert secret not in caplog.text


def modes(folder: Path) -> dict[str, str]:
    """The rights of everything in a folder, and of itself."""
    return {each.name: oct(each.stat().st_mode & 0o777) for each in (folder, *folder.rglob("*"))}


def test_files_of_the_database_are_its_owner_s_alone(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path / 'data' / 'deep' / 'muster.sqlite'}")
        upgrade(store)
        account(store, "somebody")
        found = modes(tmp_path / "data")
        store.dispose()
    finally:
        os.umask(old)
    beside = {f"muster.sqlite{each}" for each in ("", "-wal", "-shm", "-turn")}
    assert found.keys() == {"data", "deep"} | beside
    assert {found.pop("data"), found.pop("deep")} == {"0o700"}
    assert set(found.values()) == {"0o600"}


def test_copies_are_their_owner_s_alone(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "copies"
    old = os.umask(0)
    try:
        backups.copy(store, folder, now())
        with store.reading(System()) as session:
            Copies(folder, timedelta(minutes=15)).note(session, now())
        if store.url.get_backend_name() == "sqlite":
            backups.put_back(backups.copies(folder)[0], tmp_path / "again" / "muster.sqlite")
    finally:
        os.umask(old)
    found = {
        name: mode
        for each in ("deep", "again")
        if (tmp_path / each).exists()
        for name, mode in modes(tmp_path / each).items()
    }
    assert len(backups.copies(folder)) == 1
    assert {found.pop(name) for name in ("deep", "copies", "again") if name in found} == {"0o700"}
    assert set(found.values()) == {"0o600"}


def test_a_file_that_others_could_read_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "muster.sqlite"
    store = open_store(f"sqlite:///{file}")
    upgrade(store)
    for each in tmp_path.iterdir():
        each.chmod(0o644)
    tmp_path.chmod(0o755)
    again = open_store(f"sqlite:///{file}")
    found = modes(tmp_path)
    again.dispose()
    store.dispose()
    assert found.pop(tmp_path.name) == "0o755", "a folder that was there is not Muster's to close"
    assert set(found.values()) == {"0o600"}
    assert file_permissions.closed(tmp_path / "missing") == tmp_path / "missing"
