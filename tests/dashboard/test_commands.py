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

from operations.core import backups, journal
from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.core.schema import upgrade
from operations.core.store import open_store
from operations.timetable.heartbeats import Sign
from tests.prepared_databases import open_scene
from tests.servers import ROOT, free_port

_DEMO = """
import signal
from dashboard import __main__ as muster
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal: what runs behind a shell is started deaf
muster.demo_stories.load = lambda store: None  # what it shows takes a while to be played
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
        assert _soon(lambda: sum(map(_works, _beneath(demo.pid))) == 3), log.read_text()[-2000:]
        beside = {pid for pid in _beneath(demo.pid) if _works(pid)}  # the stories, the timetable, and one that answers
        demo.send_signal(number)
        demo.wait(120)
        assert _soon(lambda: not any(map(_works, beside))), f"left running after {number.name}"
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait()


def muster(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dashboard", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=_environment(folder, **more), capture_output=True, text=True, timeout=280, check=False
    )


def test_a_copy_is_made_and_put_back_and_never_over_a_database_unasked(tmp_path: Path) -> None:
    store = open_scene(tmp_path).store
    said = muster(tmp_path, "backup")
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


def test_the_process_of_the_timetable_knows_every_table_that_another_refers_to() -> None:
    ordered = (
        "import dashboard.server.timetable as _; from sqlmodel import SQLModel; "
        "print(len(SQLModel.metadata.sorted_tables))"
    )
    ran = subprocess.run([sys.executable, "-c", ordered], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 0


def test_a_database_from_before_the_first_release_is_refused_in_one_sentence(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    copy = Path(muster(tmp_path, "backup").stdout.split(" (")[0].strip())
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0014'")
    before = _held(tmp_path)
    shutil.copy(copy, tmp_path / "old.sqlite")
    address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    for command, more in (
        (["restore", str(copy), "--yes"], {}),
        (["upgrade"], {"MUSTER_DATABASE_URL": address}),
        (["serve"], {"MUSTER_DATABASE_URL": address}),
    ):
        refused = muster(tmp_path, *command, **more)
        assert refused.returncode == 1
        assert "made before Muster's first release (schema 0014)" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert _held(tmp_path) == before


def _held(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "muster.sqlite")) as connection:
        return backups.hashes(connection)
