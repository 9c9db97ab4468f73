"""The `muster` command as people use it: the demo ends whole, copies are made and put back."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from dashboard.settings import Settings
from operations.core import backups, encrypted_copies, journal, schema
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.timetable.heartbeats import Sign
from tests import fork_server
from tests.prepared_databases import open_scene
from tests.servers import ROOT, free_port

_DEMO = """
import signal
from dashboard import __main__ as muster
from dashboard.server import demo
from tests import unloaded_demo
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal: what runs behind a shell is started deaf
demo.perform = unloaded_demo.perform
muster.cli(["demo"])
"""


def _environment(folder: Path, **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "MUSTER_DATA_DIR": str(folder), "MUSTER_WARM": "false", "PYTHONPATH": str(ROOT), **more}


def _beneath(pid: int) -> set[int]:
    """The processes that a process has started, and those that they have."""
    own: set[int] = set()
    for started in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            own |= {int(each) for each in started.read_text().split()}
    return own.union(*(_beneath(each) for each in own))


def _works(pid: int) -> bool:
    """Whether a process is there and does something of Muster's."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _soon(happens: object, seconds: float = 200) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if happens():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes where Linux shows them")
@pytest.mark.sample(1)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_the_demo_takes_what_runs_beside_it_with_it(number: signal.Signals, tmp_path: Path) -> None:
    log = tmp_path / "demo.log"
    with log.open("wb") as words:
        demo = subprocess.Popen(
            [sys.executable, "-c", _DEMO],
            cwd=ROOT,
            stdout=words,
            stderr=words,
            env=_environment(tmp_path, MUSTER_PORT=str(free_port())),
        )
    try:
        # The stories, the one that plays on, the timetable, and one that answers.
        assert _soon(lambda: sum(map(_works, _beneath(demo.pid))) == 4), log.read_text()[-2000:]
        beside = {pid for pid in _beneath(demo.pid) if _works(pid)}
        demo.send_signal(number)
        demo.wait(120)
        assert _soon(lambda: not any(map(_works, beside))), f"left running after {number.name}"
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait()


def muster(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, forked where the tables are imported, with which every command begins."""
    if not fork_server.AVAILABLE:
        return muster_from_the_shell(folder, *arguments, **more)
    return fork_server.fork_server("command").run(arguments, _environment(folder, **more), 280)


def muster_from_the_shell(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboard", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=_environment(folder, **more), capture_output=True, text=True, timeout=280, check=False
    )


def test_a_copy_is_made_and_put_back_and_never_over_a_database_unasked(tmp_path: Path) -> None:
    store = open_scene(tmp_path).store
    said = muster_from_the_shell(tmp_path, "backup")
    assert said.returncode == 0, said.stderr
    copy = Path(said.stdout.split(" (")[0].strip())
    with store.unit_of_work(System()) as session:
        session.get_one(Account, session.exec(select(Account.id)).first()).name = "Changed after the copy"
        before = journal.pulse(session)
        journal.record(session, System(), "test", "test")
    refused = muster(tmp_path, "restore", str(copy))
    assert refused.returncode == 1
    assert "Say --yes to replace it" in refused.stderr
    done = muster(tmp_path, "restore", str(copy), "--yes")
    assert done.returncode == 0, done.stderr
    with store.reading(System()) as session:
        assert "Changed after the copy" not in session.exec(select(Account.name)).all()
        last = session.exec(select(Entry).order_by(Entry.seq.desc())).first()  # type: ignore[attr-defined]
        assert last is not None
        assert (last.act, last.detail) == ("store.restore", {"entry": before})
        assert journal.verify(session).broken_at is None
        assert session.exec(select(Sign)).all() == []
    store.dispose()
    assert len(list((tmp_path / "backups").glob("*.sqlite"))) == 2  # what was there before is kept


def test_encrypted_copies_are_opened_by_the_keys_of_two_persons_that_are_kept_elsewhere(tmp_path: Path) -> None:
    store = open_scene(tmp_path).store
    keys = [tmp_path / "key", tmp_path / "second"]
    made = muster(tmp_path, "backup-key", str(keys[0]))
    second = encrypted_copies.make_key(keys[1])
    both = {
        "MUSTER_BACKUP_RECIPIENTS": made.stdout.strip().removeprefix("MUSTER_BACKUP_RECIPIENTS="),
        "MUSTER_BACKUP_SECOND_RECIPIENTS": second,
    }
    said = muster(tmp_path, "backup", **both)
    assert said.returncode == 0, said.stderr
    copy = Path(said.stdout.split(" (")[0].strip())
    assert copy.suffixes == [".sqlite", ".age", ".age"]
    refused = muster(tmp_path, "restore", str(copy), "--yes", "--key", str(keys[0]), **both)
    assert (refused.returncode, "This key does not open" in refused.stderr) == (1, True)
    named = [word for key in keys for word in ("--key", str(key))]
    done = muster(tmp_path, "restore", str(copy), "--yes", *named, **both)
    assert done.returncode == 0, done.stderr
    moment = f"{backups.moment_of(copy):%Y-%m-%dT%H:%M:%SZ}"
    again = muster(tmp_path, "restore", "--at", moment, "--yes", *named, **both)
    assert (again.returncode, "The database is what it was at" in again.stdout) == (0, True), again.stderr
    with store.reading(System()) as session:
        last = session.exec(select(Entry).order_by(Entry.seq.desc())).first()  # type: ignore[attr-defined]
        assert last is not None
        assert last.detail["keys"] == sorted(both.values())
    store.dispose()


@pytest.mark.sample(1)
@pytest.mark.parametrize("command", ["serve", "upgrade", "restore"])
def test_a_database_from_before_the_first_release_is_refused_in_one_sentence(command: str, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    copy = Path(muster(tmp_path, "backup").stdout.split(" (")[0].strip())
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("DROP TABLE schema_version")
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('0014')")
    before = _held(tmp_path)
    shutil.copy(copy, tmp_path / "old.sqlite")
    address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if command == "restore":
        refused = muster(tmp_path, "restore", str(copy), "--yes")
    else:
        refused = muster(tmp_path, command, MUSTER_DATABASE_URL=address)
    assert refused.returncode == 1
    assert "made before Muster's first release (schema 0014)" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert _held(tmp_path) == before


@pytest.mark.sample(1)
@pytest.mark.parametrize("command", ["serve", "timetable", "init"])
def test_an_older_database_is_served_by_none(command: str, tmp_path: Path) -> None:
    open_scene(tmp_path).store.dispose()
    before = _held(tmp_path)
    refused = muster(tmp_path, command, **_with_a_later_version(tmp_path))
    assert refused.returncode == 1
    assert "needs schema 9001. Stop Muster everywhere, and run: muster upgrade" in refused.stderr
    assert _held(tmp_path) == before


@pytest.mark.requirement("R61")
def test_an_older_database_is_upgraded_by_its_own_command_after_a_copy(tmp_path: Path) -> None:
    """The next version is one that a test makes: `sitecustomize` puts its folder in the place of the product's."""
    open_scene(tmp_path).store.dispose()
    before = _held(tmp_path)
    later = _with_a_later_version(tmp_path)
    looked = muster(tmp_path, "upgrade", "--look", **later)
    assert (looked.returncode, _held(tmp_path)) == (0, before)
    assert "The schema goes from 1 to 9001" in looked.stdout
    assert not (tmp_path / "backups").exists()
    done = muster(tmp_path, "upgrade", **later)
    assert done.returncode == 0, done.stderr
    [copy] = (tmp_path / "backups").glob("*.sqlite")
    with closing(sqlite3.connect(copy)) as connection:
        assert backups.hashes(connection) == before
    assert {name: told for name, told in _held(tmp_path).items() if before.get(name) != told}.keys() == {
        *("later", "schema_version")
    }
    assert "Nothing to do" in muster(tmp_path, "upgrade", **later).stdout
    verified = muster(tmp_path, "verify", **later)
    assert verified.returncode == 0, verified.stdout


@pytest.mark.sample(1)
@pytest.mark.parametrize("statement", range(4))
@pytest.mark.requirement("R61")
def test_an_upgrade_that_is_killed_is_done_by_the_next_one(statement: int, tmp_path: Path) -> None:
    """Killed before each of its statements: nothing of it is there, and the next start ends it."""
    open_scene(tmp_path).store.dispose()
    before = _held(tmp_path)
    later = _with_a_later_version(tmp_path)
    killed = muster(tmp_path, "upgrade", **later, MUSTER_TEST_KILL=str(statement))
    assert killed.returncode == -signal.SIGKILL
    assert _held(tmp_path) == before
    assert muster(tmp_path, "upgrade", **later).returncode == 0
    assert {"later", "schema_version"} == {name for name, told in _held(tmp_path).items() if before.get(name) != told}
    assert muster(tmp_path, "verify", **later).returncode == 0


_LATER = """
CREATE TABLE later (id INTEGER NOT NULL);

INSERT INTO later (id) VALUES (1);

CREATE INDEX ix_later ON later (id);

"""
_SITE = """
import os, pathlib, signal
from operations.core import schema

schema.FOLDER = pathlib.Path(os.environ["MUSTER_TEST_MIGRATIONS"])
if "MUSTER_TEST_KILL" in os.environ:
    whole, left = schema.Migration.statements, int(os.environ["MUSTER_TEST_KILL"])

    def broken(self):
        for number, statement in enumerate([*whole(self), "SELECT 1"]):
            if number == left:
                os.kill(os.getpid(), signal.SIGKILL)
            yield statement

    schema.Migration.statements = broken
"""


def _with_a_later_version(tmp_path: Path) -> dict[str, str]:
    """What the environment of a process says that is to know a later version of the schema."""
    folder = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    (folder / "9001.sqlite.sql").write_text(_LATER.lstrip())
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_SITE)
    return {"MUSTER_TEST_MIGRATIONS": str(folder), "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(ROOT)])}


def test_a_server_that_strangers_reach_names_its_address_and_its_proxies_first(tmp_path: Path) -> None:
    refused = muster_from_the_shell(tmp_path, "serve", MUSTER_HOST="0.0.0.0")  # noqa: S104
    assert (refused.returncode, "Traceback" in refused.stderr) == (1, False)
    assert "MUSTER_PUBLIC_ORIGIN, and MUSTER_TRUSTED_PROXIES" in refused.stderr
    assert not (tmp_path / "muster.sqlite").exists(), "it is refused before anything is made"


@pytest.mark.parametrize(
    ("given", "served"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "192.0.2.1"}, False),
        ({"host": "0.0.0.0", "public_origin": "https://muster.example"}, False),  # noqa: S104
        ({"host": "0.0.0.0", "trusted_proxies": "192.0.2.9"}, False),  # noqa: S104
        ({"host": "0.0.0.0", "public_origin": "https://muster.example", "trusted_proxies": "192.0.2.9"}, True),  # noqa: S104
        ({"host": "0.0.0.0", "public_origin": "https://muster.example", "trusted_proxies": "none"}, True),  # noqa: S104
    ],
)
def test_only_settings_that_tell_people_apart_are_served(given: dict[str, str], served: bool) -> None:
    assert (Settings(**given).refusal == "") is served


def _held(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "muster.sqlite")) as connection:
        return backups.hashes(connection)
