"""A real server and a real browser: uvicorn in a process of its own, Chromium driven by Playwright.

Every page that a test opens fails the test when its console shows an error or when it asks another host for anything.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlmodel import select

from operations.core import passwords
from operations.core.people import Account, System
from operations.core.store import open_store, upgrade
from tests.makers import Running, put_cast, running

ROOT = Path(__file__).parents[2]
PASSWORD = "quiet harbour, slow tide 4"
_CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip


@dataclass(frozen=True)
class Server:
    """A running Muster: where it answers, and the scene it shows. All of the cast sign in with PASSWORD."""

    address: str
    scene: Running


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _scene(url: str) -> Running:
    """The running operation of `tests.makers`, begun yesterday morning."""
    store = open_store(url)
    upgrade(store)
    put_cast(store)
    hashed = passwords.hashed(PASSWORD)
    with store.unit_of_work(System()) as session:
        for account in session.exec(select(Account)).all():
            account.password_hash = hashed
            session.add(account)
    morning = datetime.now(timezone.utc).replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return running(store, morning)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Muster on a port of its own, with the cast and a running operation; one for each test module."""
    folder = tmp_path_factory.mktemp("server")
    url, port = f"sqlite:///{folder / 'muster.sqlite'}", _free_port()
    scene = _scene(url)
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "uvicorn", "--factory", "dashboard.app:from_environment", "--host", "127.0.0.1", "--port", str(port),
               "--log-level", "warning"]  # fmt: skip
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log,
                                   env={**os.environ, "MUSTER_DATABASE_URL": url, "PYTHONPATH": str(ROOT)})  # fmt: skip
        try:
            _wait(address, process, folder / "server.log")
            yield Server(address, scene)
        finally:
            process.terminate()
            process.wait(10)
            scene.store.dispose()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()[-4000:]}", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for the whole run."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=os.environ.get("MUSTER_CHROMIUM", "/usr/bin/chromium"), args=list(_CHROMIUM))
        yield found
        found.close()


@dataclass
class Watched:
    """What pages did that they should not: `expected` are parts of console lines that a test provokes on purpose."""

    address: str
    wrong: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def look(self, page: Page) -> None:
        """Note every console error, uncaught exception and request to another host."""
        page.on("console", lambda message: message.type == "error" and self.wrong.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.wrong.append(f"exception: {error}"))
        page.on("request", lambda request: self._ask(request.url))

    def _ask(self, url: str) -> None:
        if urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != urlsplit(self.address).netloc:
            self.wrong.append(f"foreign request: {url}")

    def check(self) -> None:
        """Fail for everything that was noted and not expected."""
        assert [line for line in self.wrong if not any(part in line for part in self.expected)] == []


@pytest.fixture
def watched(server: Server) -> Iterator[Watched]:
    """Watches every page of this test."""
    found = Watched(server.address)
    yield found
    found.check()


Open = Callable[..., Page]


@pytest.fixture
def browser_page(browser: Browser, server: Server, watched: Watched) -> Iterator[Open]:
    """`browser_page("bruno", "/path", width=1440, scheme="light")`: a page of a browser of its own, signed in as one of the cast."""
    contexts: list[BrowserContext] = []

    def open_(name: str, path: str = "/", *, width: int = 1440, height: int = 900, scheme: str = "light", language: str = "en") -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale=language,  # type: ignore[arg-type]
                                      has_touch=width < 600)  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        watched.look(page)
        page.goto(f"{server.address}/sign-in")
        page.fill('[name="username"]', name)
        page.fill('[name="password"]', PASSWORD)
        page.press('[name="password"]', "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if path != "/":
            page.goto(f"{server.address}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
