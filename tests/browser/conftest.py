"""A real server and a real browser: uvicorn in a process of its own, Chromium driven by Playwright.

Every page that a test opens fails the test when its console shows an error or when it asks another host for anything.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect, sync_playwright

from tests.makers import Running
from tests.servers import CHEAP_HASHES, CHROMIUM_ARGUMENTS, PASSWORD, chromium, make_scene, serve

PATIENCE = 90_000  # milliseconds: what is awaited comes at once on a quiet machine; a busy one is no fault
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A journey has three times as long as another test, unless it says how long it may take."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(900))


@dataclass(frozen=True)
class Server:
    """A running Muster: where it answers, the scene it shows, and its folder. All of the cast sign in with PASSWORD."""

    address: str
    scene: Running
    folder: Path = Path("var")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Function) -> None:
    """A third try begins as the first did: what its module shares, a server above all, is made anew."""
    if getattr(item, "execution_count", 1) > 2:
        for fixture in chain.from_iterable(item._fixtureinfo.name2fixturedefs.values()):
            if fixture.scope == "module":
                fixture.finish(item._request)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Muster on a port of its own, with the cast and a running operation; one for each test module."""
    folder = tmp_path_factory.mktemp("server")
    url = f"sqlite:///{folder / 'muster.sqlite'}"
    scene = make_scene(url)
    running = serve(url, folder, CHEAP_HASHES, more={"MUSTER_DATA_DIR": str(folder)})
    yield Server(running.address, scene, folder)
    running.stop()
    scene.store.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one for the whole run."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
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
        page.on("pageerror", lambda error: self.wrong.append(f"exception: {error.stack or error}"))
        page.on("request", lambda request: self._ask(request.url))
        page.on("websocket", lambda socket: self._ask(socket.url))

    def _ask(self, url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme in ("http", "https", "ws", "wss") and asked.netloc != urlsplit(self.address).netloc:
            self.wrong.append(f"foreign request: {url}")

    def check(self) -> None:
        """Fail for everything that was noted and not expected."""
        wrong = [line for line in self.wrong if not any(part in line for part in self.expected)]
        assert not wrong, "\n".join(wrong)


@pytest.fixture
def watched(server: Server) -> Iterator[Watched]:
    """Watches every page of this test."""
    found = Watched(server.address)
    yield found
    found.check()


def sure(page: Page) -> None:
    """Say yes to the question that stands before a step which cannot be undone."""
    page.locator("dialog.m-confirm .m-confirm-yes").click()


def sign_in(page: Page, address: str, name: str) -> None:
    """Through the form, as a person does."""
    page.goto(f"{address}/sign-in")
    page.fill('[name="username"]', name)
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def let_in(context: BrowserContext, address: str, name: str) -> None:
    """What the form of `sign_in` sends, without its page and without the page that comes next."""
    asked = {"username": name, "password": PASSWORD}
    answer = context.request.post(
        f"{address}/sign-in", form=asked, headers={"origin": address}, max_redirects=0, timeout=60_000
    )
    assert answer.status == 303, answer.text()


Held = list[tuple[Route, APIResponse]]


def late(page: Page, of: str) -> Held:
    """From now on the server does what is asked, and its answers to what holds the words `of` wait until `let_go`."""
    held: Held = []

    def hold(route: Route) -> None:
        if of in (route.request.post_data or ""):
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route(re.compile("/_dash-update-component"), hold)
    return held


def waits(page: Page, true: Callable[[], Any]) -> None:
    """Until something of this process is true, for which no page can be asked. Fails after PATIENCE."""
    until = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < until, "It did not come to that."
        page.wait_for_timeout(50)


def let_go(page: Page, held: Held, after: int = 0) -> None:
    """Let the answers come that wait, and milliseconds pass."""
    waits(page, lambda: held)
    for route, answer in held:
        route.fulfill(response=answer)
    page.wait_for_timeout(after)


def hands_on_late(page: Page, after: int = 1500) -> None:
    """From now on what is typed reaches Dash so many milliseconds later, as on a machine that has much to do.

    A field hands on its text with a timer of no time; all of these are held up, and no other.
    """
    page.evaluate(
        """(after) => {
          const plain = window.setTimeout;
          window.setTimeout = (act, time, ...more) => plain(act, time || after, ...more);
        }""",
        after,
    )


Open = Callable[..., Page]


@pytest.fixture
def browser_page(browser: Browser, server: Server, watched: Watched) -> Iterator[Open]:
    """`browser_page("bruno", "/path", width=1440, scheme="light")`: a browser of its own, signed in."""
    contexts: list[BrowserContext] = []

    def open_(
        name: str, path: str = "/", *, width: int = 1440, height: int = 900, scheme: str = "light", language: str = "en"
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale=language,  # type: ignore[arg-type]
            has_touch=width < 600,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watched.look(page)
        let_in(context, server.address, name)
        page.goto(f"{server.address}{path}")
        return page

    yield open_
    for context in contexts:
        context.close()
