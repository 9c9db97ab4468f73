"""The storages that other tests rely on are what they claim to be."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from tests import storages

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.both_storages
def test_a_database_is_empty_and_takes_a_table(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE sites (name TEXT)"))
        connection.execute(text("INSERT INTO sites VALUES ('أغاديز')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM sites")).all() == [("أغاديز",)]
    engine.dispose()


@pytest.mark.postgres
def test_each_call_gives_another_database(postgres_url: Callable[[], str]) -> None:
    assert postgres_url() != postgres_url()


@pytest.mark.postgres
def test_the_application_signs_in_without_special_rights(postgres_url: Callable[[], str]) -> None:
    engine = create_engine(postgres_url())
    with engine.connect() as connection:
        role = connection.execute(
            text("SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        ).one()
        assert tuple(role) == (storages.OWNER, False, False, False)
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("SELECT rolpassword FROM pg_authid"))
    engine.dispose()


def _fsync(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        said: str = connection.execute(text("SHOW fsync")).scalar_one()
    engine.dispose()
    return said


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_no_commit_waits_for_the_disk(database_url: str) -> None:
    assert _fsync(database_url) == "off"


@pytest.mark.durable
@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.requirement("R56")
def test_a_commit_waits_for_the_disk_where_a_test_stands_on_it(database_url: str) -> None:
    assert _fsync(database_url) == "on"


@pytest.mark.postgres
def test_the_server_is_gone_after_its_run(postgres_url: Callable[[], str]) -> None:
    postgres_url()  # one server is running already: a second one must not disturb it
    with storages.postgres_server() as server:
        pid, folder = server.process.pid, server.folder
        assert server.new_database()
    assert server.process.returncode == 0
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert postgres_url()


def run_a_postgres_test(**environment: str) -> subprocess.CompletedProcess[str]:
    """Runs one PostgreSQL test of this file in a process of its own."""
    one = f"{Path(__file__).relative_to(ROOT)}::{test_each_call_gives_another_database.__name__}"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", one],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_server_tests_fail_and_say_what_to_install(tmp_path: Path) -> None:
    run = run_a_postgres_test(MUSTER_TEST_POSTGRES=str(tmp_path), MUSTER_TEST_STORAGES="sqlite,postgres")
    assert run.returncode == pytest.ExitCode.TESTS_FAILED
    assert "apt-get install postgresql" in run.stdout


def test_who_asks_for_sqlite_alone_sees_what_was_left_out() -> None:
    run = run_a_postgres_test(MUSTER_TEST_STORAGES="sqlite")
    assert run.returncode == pytest.ExitCode.OK
    assert "MUSTER_TEST_STORAGES leaves PostgreSQL out" in run.stdout


def test_a_misspelt_storage_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TEST_STORAGES", "sqlite,oracle")
    with pytest.raises(ValueError, match="oracle"):
        storages.wanted()
