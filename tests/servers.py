"""A real server in a process of its own, on a port of its own, for tests that talk to Muster as a browser does."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url
from sqlmodel import select

from operations.core import passwords
from operations.core.people import Account, System
from operations.core.schema import upgrade
from operations.core.store import open_store
from tests import fork_server
from tests.makers import Running, put_cast, running
from tests.prepared_databases import scene_in

ROOT = Path(__file__).parents[1]
PASSWORD = "quiet harbour, slow tide 4"
PATIENCE = 180
PRODUCT = "dashboard.app:from_environment"
CHEAP_HASHES = "tests.cheap_hashing:application"
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """The browser's program: MUSTER_TEST_CHROMIUM, or the first one on the path. Fails the test when there is none."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("MUSTER_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("These tests need Chromium: install it, or set MUSTER_TEST_CHROMIUM to its path.", pytrace=False)
    return found


@dataclass
class Serving:
    """A running server; `log` is where it speaks."""

    address: str
    process: subprocess.Popen[bytes] | fork_server.ForkedProcess
    log: Path

    def stop(self) -> None:
        """End this server, by its own process."""
        self.process.terminate()
        self.process.wait(15)

    def kill(self) -> None:
        """End it as a power cut would: without a word."""
        self.process.kill()
        self.process.wait(15)


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def make_scene(url: str) -> Running:
    """The running operation of `tests.makers`, begun a day ago or more; all of the cast sign in with PASSWORD."""
    since = datetime.now(UTC) - timedelta(hours=30)  # so that its first 24 hours are over, at whatever hour this is
    morning = since.replace(hour=6, minute=0, second=0, microsecond=0)
    if make_url(url).get_backend_name() == "sqlite":
        made = scene_in(Path(str(make_url(url).database)), morning)
    else:
        store = open_store(url)
        upgrade(store)
        put_cast(store)
        made = running(store, morning)
    hashed = passwords.hashed(PASSWORD)
    with made.store.unit_of_work(System()) as session:
        for account in session.exec(select(Account)).all():
            account.password_hash = hashed
            session.add(account)
    return made


def serve(
    url: str, folder: Path, factory: str = PRODUCT, port: int | None = None, more: Mapping[str, str] | None = None
) -> Serving:
    """Start a server on the database at `url` and wait until it answers; fails the test when it does not.

    With CHEAP_HASHES as its `factory` a password costs it next to nothing. One with a factory of the tests is forked
    from a process that has imported the application already, where that can be done. `more`: of its environment.
    """
    port = port or free_port()
    log, environment = folder / "server.log", _environment(url, port) | dict(more or {})
    arguments = ["--factory", factory, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    if factory != PRODUCT:
        process = run_module(log, environment, "uvicorn", *arguments)
        return _answering(Serving(f"http://127.0.0.1:{port}", process, log))
    return _started(port, log, environment, "uvicorn", *arguments)


def run_module(
    log: Path, environment: Mapping[str, str], *module: str
) -> "subprocess.Popen[bytes] | fork_server.ForkedProcess":
    """Start what `python -m` does with a module and its arguments, forked where that can be done."""
    if fork_server.AVAILABLE:
        return fork_server.fork_server().start(module[0], module[1:], environment, log)
    with log.open("ab") as words:
        command = [sys.executable, "-m", *module]
        return subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words, env=environment)


def run_beside(url: str, log: Path, *command: str) -> "subprocess.Popen[bytes] | fork_server.ForkedProcess":
    """Start a command of Muster that works beside the servers, on the database at `url`."""
    return run_module(log, _environment(url, 0) | {"MUSTER_DATA_DIR": str(log.parent)}, "dashboard", *command)


def serve_as_product(url: str, folder: Path, more: Mapping[str, str] | None = None) -> Serving:
    """The same by `muster serve`, with everything that it sets around the application. `more`: of its environment."""
    port = free_port()
    return _started(port, folder / "server.log", _environment(url, port) | dict(more or {}), "dashboard", "serve")


def _environment(url: str, port: int) -> dict[str, str]:
    # Without bytecode every start would compile all that it imports, which takes longer than the start.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    given = {
        "MUSTER_DATABASE_URL": url,
        "MUSTER_PORT": str(port),
        "MUSTER_WARM": "false",
        "PYTHONPATH": str(ROOT),
        "MUSTER_LOG": "text",
    }
    return {**inherited, **given}


def _started(port: int, log: Path, environment: dict[str, str], *module: str) -> Serving:
    with log.open("ab") as words:
        command = [sys.executable, "-m", *module]
        process = subprocess.Popen(command, cwd=ROOT, stdout=words, stderr=words, env=environment)
    return _answering(Serving(f"http://127.0.0.1:{port}", process, log))


def _answering(server: Serving) -> Serving:
    """The server, as soon as it answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/health", timeout=2):  # noqa: S310 - our own server
                return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    pytest.fail(f"The server did not start:\n{server.log.read_text()[-4000:]}", pytrace=False)
