"""Servers and timetables that start at the same moment on one empty database, as processes of their own."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import sqlalchemy as sa

from operations.core.schema import migrations
from operations.core.store import open_store
from tests.servers import ROOT, free_port

PATIENCE = 240


def start_together(url: str, folder: Path, of_each: int = 4) -> None:
    """Start some of each on the empty database at `url`: all stand, one timetable leads, the schema is the newest."""
    folder.mkdir()
    ports = [free_port() for _server in range(of_each)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "MUSTER_DATABASE_URL": url,
        "MUSTER_WARM": "false",
        "MUSTER_BACKUP_DIR": str(folder / "copies"),
        "PYTHONPATH": str(ROOT),
    }
    commands = [(["serve"], {"MUSTER_PORT": str(port)}) for port in ports]
    commands += [(["timetable", "--workers", "0"], {})] * of_each
    logs = [folder / f"{number}.log" for number in range(len(commands))]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for (arguments, more), log in zip(commands, logs, strict=True):
            with log.open("wb") as words:
                command = [sys.executable, "-m", "dashboard", *arguments]
                process = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words, env={**environment, **more})
                started.append(process)
        for port, process, log in zip(ports, started, logs, strict=False):
            _wait_for(port, process, log)
        _wait_for_leader(url, started, logs)
        told = "\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in logs)
        assert [process.poll() for process in started] == [None] * len(started), told
        assert "Traceback" not in told, told
        _judge(url)
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=10) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"It does not stand:\n{log.read_text()[-4000:]}")


def _wait_for_leader(url: str, started: "list[subprocess.Popen[bytes]]", logs: list[Path]) -> None:
    """Until one leads, and each of the others has looked: they stand by."""
    store = open_store(url)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and all(process.poll() is None for process in started):
        with store.engine.connect() as connection:
            beat = connection.scalar(sa.text("SELECT beat FROM timetable_lease"))
        if beat is not None and beat >= 2:
            break
        time.sleep(0.5)
    else:
        raise AssertionError("\n".join(f"{log.name}: {log.read_text()[-3000:]}" for log in logs))
    store.dispose()


def _judge(url: str) -> None:
    store = open_store(url)
    with store.engine.connect() as connection:
        fences = connection.scalars(sa.text("SELECT fence FROM timetable_lease")).all()
        version = connection.scalars(sa.text("SELECT number FROM schema_version")).all()
        chains = connection.scalars(sa.text("SELECT chain FROM journal_head")).all()
    store.dispose()
    assert fences == [1]
    assert version == [each.number for each in migrations(store.engine.dialect.name)]
    assert len(chains) == len(set(chains)) == 2
