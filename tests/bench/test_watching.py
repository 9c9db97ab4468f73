"""A hundred screens that watch a situation: from the officer's click until the last of them has drawn.

Twenty are real browsers on the same two cores, whose tile must show the number; the others are sockets that are sent
what a browser draws. The named alternative, in the same run: screens that are told that something changed, and ask.
"""

import asyncio
import json
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

from dashboard.server.requests import session_cookie
from dashboard.settings import Settings
from operations.core import accounts, signin
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from tests.bench.conftest import Ledger
from tests.makers import Running
from tests.prove.test_kill import submission, submission_call
from tests.serving import CHROMIUM_ARGUMENTS, PASSWORD, Serving, chromium, make_scene, serve

BROWSERS, SOCKETS, TRIALS = 20, 80, 20
TILE = "#situation-tile-K01 .kpi-number"
CHOSEN = {"level": "V1", "scope": "whole", "figure": "K01"}
_MOVED = """([tile, before]) => {
  window.__moved = new Promise(done => {
    const look = () => {
      const now = document.querySelector(tile);
      if (now && now.textContent !== before) done(Date.now()); else requestAnimationFrame(look);
    };
    look();
  });
}"""


class Sockets:
    """Screens without a browser, in a thread of their own: they watch (`board`), or are told and ask."""

    def __init__(self, server: Serving, scene: Running, tokens: list[str], *, board: bool) -> None:
        self.server, self.scene, self.tokens, self.board = server, scene, tokens, board
        self.drawn: list[float] = []
        self.bytes: list[int] = []
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(120)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._all())
        self._loop.close()

    async def _all(self) -> None:
        self._end = asyncio.Event()
        opened = [asyncio.create_task(self._one(token)) for token in self.tokens]
        await asyncio.sleep(8)
        self._ready.set()
        await self._end.wait()
        for each in opened:
            each.cancel()
        await asyncio.gather(*opened, return_exceptions=True)

    async def _one(self, token: str) -> None:
        headers = {"Cookie": f"{session_cookie(Settings(host='127.0.0.1'))}={token}", "Origin": self.server.address}
        address = self.server.address.replace("http", "ws") + "/pulse"
        about = {"operation_id": str(self.scene.operation), **CHOSEN}
        watch = [{"board": "situation", "chosen": about, "marks": {}, "number": 0, "since": 0, "turn": 1}]
        async with (
            httpx.AsyncClient(base_url=self.server.address, headers=headers, timeout=120) as client,
            websockets.connect(address, additional_headers=headers, max_size=None) as socket,
        ):
            shown = await self._ask(client, None)
            if self.board:
                await socket.send(json.dumps(watch))
            async for text in socket:
                said = json.loads(text)
                if self.board and "boards" in said:
                    self.drawn.append(time.time() * 1000)
                    self.bytes.append(len(text))
                elif not self.board and str(self.scene.operation) in said["operations"]:
                    shown = await self._ask(client, shown)
                    self.drawn.append(time.time() * 1000)

    async def _ask(self, client: httpx.AsyncClient, shown: Any) -> Any:
        call = _refresh(client.base_url, str(self.scene.operation), shown)
        answer = await client.post("/_dash-update-component", json=call)
        assert answer.status_code == 200, answer.text[:300]
        return answer.json()["response"]["situation-shown"]["data"]

    def stop(self) -> None:
        """Close all of them."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(10)


_declared: dict[str, Any] = {}


def _refresh(base: httpx.URL, operation: str, shown: Any) -> dict[str, Any]:
    """What a browser sends to read its situation anew."""
    if not _declared:
        found = httpx.get(f"{base}/_dash-dependencies", headers=_HEADERS).json()
        _declared.update(next(each for each in found if each["output"].startswith("..situation-shown.data")))
    outputs = [each.split(".") for each in _declared["output"].strip(".").split("...")]
    values = {
        "situation-operation": operation, "situation-shown": shown, "situation-level": CHOSEN["level"],
        "situation-scope": CHOSEN["scope"], "situation-figure": CHOSEN["figure"], "pulse-asks": 1,
        "situation-minutes": 0,
    }  # fmt: skip

    def given(each: dict[str, str]) -> dict[str, Any]:
        return {"id": each["id"], "property": each["property"], "value": values.get(each["id"])}

    return {
        "output": _declared["output"],
        "outputs": [{"id": name, "property": prop} for name, prop in outputs],
        "inputs": [given(each) for each in _declared["inputs"]],
        "state": [given(each) for each in _declared["state"]],
        "changedPropIds": ["pulse-asks.data"],
        "parsedChangedPropsIds": ["pulse-asks"],
    }


_HEADERS: dict[str, str] = {}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield found
        found.close()


def _opened(browser: Browser, server: Serving, token: str, path: str, asked: list[str]) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    name = session_cookie(Settings(host="127.0.0.1"))
    context.add_cookies([{"name": name, "value": token, "url": server.address}])
    page = context.new_page()
    page.goto(f"{server.address}{path}")
    page.wait_for_selector(TILE, timeout=120_000)
    page.on("request", lambda request: "/_dash-update" in request.url and asked.append(request.post_data or ""))
    return page


def _leader(scene: Running, number: int) -> str:
    """The session of another leader."""
    content = {"id": new_id(), "username": f"leader{number}", "name": f"Leader {number}", "role": "leadership",
               "password": PASSWORD}  # fmt: skip
    with scene.store.unit_of_work(System()) as session:
        accounts.add_account(session, parse(accounts.AccountDraft, content), System())
    return signin.sign_in(scene.store, content["username"], PASSWORD)


def _officer(server: Serving) -> httpx.Client:
    client = httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=60)
    client.post("/sign-in", data={"username": "bruno", "password": PASSWORD, "next": "/"})
    return client


def _trial(pages: list[Page], sockets: Sockets, officer: httpx.Client, scene: Running) -> float:
    """Milliseconds from sending a report until the last screen has drawn it."""
    for page in pages:
        page.evaluate(_MOVED, [TILE, page.locator(TILE).text_content()])
    sockets.drawn.clear()
    begun = time.time() * 1000
    answer = officer.post("/_dash-update-component", json=submission_call(submission(scene)))
    assert answer.status_code == 200
    last = max((page.evaluate("window.__moved") for page in pages), default=0.0)
    while len(sockets.drawn) < len(sockets.tokens):
        time.sleep(0.01)
        assert time.time() * 1000 - begun < 120_000
    return max(last, *sockets.drawn) - begun


def test_a_hundred_screens_that_draw(tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    tokens = [_leader(scene, number) for number in range(BROWSERS + SOCKETS)]
    server = serve(url, tmp_path)
    _HEADERS["Cookie"] = f"{session_cookie(Settings(host='127.0.0.1'))}={tokens[0]}"
    officer, asked = _officer(server), list[str]()
    path = f"/operations/{scene.operation}/situation?level=V1"

    told = Sockets(server, scene, tokens, board=False)
    asking = [_trial([], told, officer, scene) for _ in range(3)]
    told.stop()

    sockets = Sockets(server, scene, tokens[BROWSERS:], board=True)
    pages = [_opened(browser, server, token, path, asked) for token in tokens[:BROWSERS]]
    time.sleep(5)
    _trial(pages, sockets, officer, scene)
    asked.clear()
    drawn = []
    for _ in range(TRIALS):
        drawn.append(_trial(pages, sockets, officer, scene))
        time.sleep(1.5)
    questions, size = len(asked), statistics.median(sockets.bytes) / 1024
    sockets.stop()
    for page in pages:
        page.context.close()

    alone = Sockets(server, scene, tokens, board=True)
    _trial([], alone, officer, scene)
    sent = [_trial([], alone, officer, scene) for _ in range(TRIALS)]
    alone.stop()
    officer.close()
    server.stop()
    scene.store.dispose()
    for what, times in (
        ("told and ask, the last has its answer", asking),
        (f"watch, {BROWSERS} browsers and {SOCKETS} sockets, the last has drawn", drawn),
        ("watch, all of them sockets, the last has the board", sent),
    ):
        ledger.note(f"100 screens {what}, median", "sqlite", statistics.median(times), "ms", len(times))
        ledger.note(f"100 screens {what}, longest", "sqlite", max(times), "ms", len(times))
    faster = statistics.median(asking) / statistics.median(sent)
    ledger.note("sockets that watch against screens that ask", "100", faster, "times")
    ledger.note("a message", "sqlite", size, "kB")
    ledger.note(f"questions of {BROWSERS} browsers that watch", f"{TRIALS} reports", questions, "questions")
