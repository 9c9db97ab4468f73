"""From the officer's click to the leader's tile, 50 trials with one screen that draws, and the first page.

100 more sessions have an open pulse and draw nothing: the figure is no claim about 100 screens that draw.
"""

import asyncio
import os
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
import websockets
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.server.request_context import session_cookie
from dashboard.settings import Settings
from operations.core import sign_in
from tests.bench.conftest import Ledger
from tests.bench.crowd import cpu_of
from tests.makers import Running
from tests.prove.load import submission, submission_call
from tests.servers import CHROMIUM_ARGUMENTS, PASSWORD, Serving, chromium, make_scene, serve, serve_as_product

WATCHERS = 100
TRIALS = 50
TILE = "#situation-tile-K01 .kpi-number"


class Watching:
    """Sessions with an open pulse that draw nothing, in a thread of their own; `heard` counts what they were told."""

    def __init__(self, server: Serving, tokens: list[str]) -> None:
        self.server, self.tokens, self.heard = server, tokens, 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(60)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._watch_all())
        self._loop.close()

    async def _watch_all(self) -> None:
        self._end = asyncio.Event()
        opened = [asyncio.create_task(self._watch(token)) for token in self.tokens]
        await asyncio.sleep(3)
        self._ready.set()
        await self._end.wait()
        for each in opened:
            each.cancel()
        await asyncio.gather(*opened, return_exceptions=True)

    async def _watch(self, token: str) -> None:
        headers = {"Cookie": f"{session_cookie(Settings(host='127.0.0.1'))}={token}", "Origin": self.server.address}
        address = self.server.address.replace("http", "ws") + "/pulse"
        async with websockets.connect(address, additional_headers=headers) as socket:
            async for _message in socket:
                self.heard += 1

    def stop(self) -> None:
        """Close all of them."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield found
        found.close()


def _sign_in(page: Page, server: Serving, name: str) -> None:
    page.goto(f"{server.address}/sign-in")
    page.fill('[name="username"]', name)
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _officer(server: Serving) -> httpx.Client:
    client = httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=10)
    client.post("/sign-in", data={"username": "bruno", "password": PASSWORD, "next": "/"})
    return client


def _trial(page: Page, officer: httpx.Client, scene: Running) -> float:
    """Milliseconds from sending a report to the tile of V1 showing another number."""
    before = page.locator(TILE).text_content()
    page.evaluate(
        """([tile, before]) => {
             window.__moved = new Promise(done => {
               const look = () => {
                 const now = document.querySelector(tile);
                 if (now && now.textContent !== before) done(Date.now()); else requestAnimationFrame(look);
               };
               look();
             });
           }""",
        [TILE, before],
    )
    begun = time.time() * 1000
    answer = officer.post("/_dash-update-component", json=submission_call(submission(scene)))
    assert answer.status_code == 200
    moved: float = page.evaluate("window.__moved")
    return moved - begun


def test_from_the_officers_click_to_the_leaders_tile(tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    tokens = [sign_in.sign_in(scene.store, "lena", PASSWORD) for _ in range(WATCHERS)]
    server = serve(url, tmp_path)
    watching = Watching(server, tokens)
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    _sign_in(page, server, "lena")
    page.goto(f"{server.address}/operations/{scene.operation}/situation?level=V1")
    page.wait_for_selector(TILE, timeout=60_000)
    page.wait_for_timeout(2000)
    officer = _officer(server)
    _trial(page, officer, scene)
    times = []
    for _ in range(TRIALS):
        times.append(_trial(page, officer, scene))
        time.sleep(0.3)
    officer.close()
    heard = watching.heard
    watching.stop()
    server.stop()
    scene.store.dispose()
    assert heard >= WATCHERS * TRIALS * 0.5, "the watching sessions were not told"
    times.sort()
    size = f"sqlite, one screen draws; {WATCHERS} open sockets that draw nothing"
    ledger.note("submit to the other browser's tile, median", size, statistics.median(times), "ms", TRIALS)
    ledger.note("submit to the other browser's tile, p95", size, times[int(TRIALS * 0.95)], "ms", TRIALS)


def test_the_first_page(tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    begun = time.perf_counter()
    server = serve_as_product(url, tmp_path)
    took, note = time.perf_counter() - begun, f"{cpu_of(server) / 1000:.1f} s of CPU, load {os.getloadavg()[0]:.0f}"
    ledger.note("muster serve to its first answer", "sqlite", took, "s", 1, note)
    loads: list[float] = []
    sizes: list[int] = []
    asked: list[list[str]] = []
    for _ in range(5):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        _sign_in(page, server, "lena")
        page.close()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        got: list[float] = []

        def received(event: dict[str, Any], kept: list[float] = got) -> None:
            kept.append(event["encodedDataLength"])

        session.on("Network.loadingFinished", received)
        asked.append([])
        page.on("request", lambda request, kept=asked[-1]: kept.append(request.url))
        begun = time.perf_counter()
        page.goto(f"{server.address}/operations/{scene.operation}/situation")
        page.wait_for_selector(TILE, timeout=60_000)
        loads.append(time.perf_counter() - begun)
        page.wait_for_timeout(3000)
        sizes.append(int(sum(got)))
        context.close()
    server.stop()
    scene.store.dispose()
    ledger.note("situation page usable, empty browser cache, first visit to the server", "sqlite", loads[0], "s")
    ledger.note(
        "situation page usable, empty browser cache, later visits", "sqlite", statistics.median(loads[1:]), "s", 4
    )
    ledger.note("situation page, transferred", "compressed", statistics.median(sizes) / 1024, "kB", 5)
    ledger.note("situation page, requests", "with cached ones", statistics.median(map(len, asked)), "requests", 5)
    calls = [sum("/_dash-update-component" in url for url in urls) for urls in asked]
    ledger.note("situation page, callbacks while it opens", "sqlite", statistics.median(calls), "callbacks", 5)
