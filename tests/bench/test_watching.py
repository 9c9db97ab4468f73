"""Screens that watch a situation: from the commit of a report until the last of them has drawn it.

Twenty are real browsers on the same two cores, whose tile must have painted the number; the others are sockets that
draw as a browser's script does: they apply each patch to what they show. At the end all of them must show what is
drawn for whoever opens the page then. The named alternative, in the same run: screens that are told that something
changed, and ask.
"""

import asyncio
import json
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest
import websockets
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import col, select

from dashboard.screens.situation.ids import PARTS
from dashboard.server.request_context import session_cookie
from dashboard.settings import Settings
from operations.core import accounts, sign_in
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import System
from tests.bench.conftest import Ledger
from tests.dashboard.pushed import drawn_over
from tests.makers import Running
from tests.prove.load import submission, submission_call
from tests.servers import CHROMIUM_ARGUMENTS, PASSWORD, Serving, chromium, make_scene, serve_as_product

BROWSERS, SCREENS, CROWD, TRIALS = 20, 100, 1000, 20
EACH = 10  # screens of one person in a crowd
QUIET = 1.5  # seconds between two reports
WITHIN = 10  # seconds before a minute ends in which no trial begins: each tile tells its minute
UNASKED = 0.5  # seconds before pages, which note the moment themselves, are asked: to answer costs them processor too
NEVER_KEPT = httpx.Limits(max_keepalive_connections=0)  # the server ends those that say nothing for long
TILE, TOLD = "#situation-tile-K01 .kpi-number", "tile K01"
CHOSEN = {"level": "V1", "scope": "whole", "figure": "K01"}
TIMED = {"phases", "signs", "silent"}
"""Parts of which time alone makes something else."""
_WATCH = """([tile]) => {
  window.__painted = [];
  let was = document.querySelector(tile).textContent;
  new MutationObserver(() => {
    const now = document.querySelector(tile)?.textContent;
    if (now === undefined || now === was) return;
    was = now;
    requestAnimationFrame(() => setTimeout(() => window.__painted.push(Date.now()), 0));
  }).observe(document.getElementById("situation-page"), { subtree: true, childList: true, characterData: true });
}"""
_SHOWS = """(places) => places.map(([id, property]) => {
  const told = dash_component_api.getLayout(id).props[property] ?? null;
  return [told, property === "children" ? document.getElementById(id).textContent : null];
})"""


class Sockets:
    """Screens without a browser, in a thread of their own: they watch (`board`), or are told and ask."""

    def __init__(
        self,
        server: Serving,
        operation: UUID,
        tokens: list[str],
        *,
        board: bool,
        choices: Sequence[Mapping[str, str]] = (CHOSEN,),
    ) -> None:
        """`choices`: those of the screens, in turn. `heard`: by screen, when it first drew, since this was emptied."""
        self.server, self.operation, self.tokens, self.board = server, operation, tokens, board
        self.choices = choices
        self.drawn: list[float] = []
        self.heard: dict[int, float] = {}
        self.bytes: list[int] = []
        self.show: list[dict[str, Any]] = [{} for _token in tokens]
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._opened = 0
        self.tasks: list[asyncio.Task[None]] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(300)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._all())
        self._loop.close()

    async def _all(self) -> None:
        self._end = asyncio.Event()
        opened = self.tasks
        for screen in range(len(self.tokens)):
            opened.append(asyncio.create_task(self._one(screen)))
            await asyncio.sleep(0.02)
        while self._opened < len(opened):
            await asyncio.sleep(0.1)
            assert not any(each.done() for each in opened), [each.exception() for each in opened if each.done()]
        await asyncio.sleep(3)
        self._ready.set()
        await self._end.wait()
        for each in opened:
            each.cancel()
        await asyncio.gather(*opened, return_exceptions=True)

    async def _one(self, screen: int) -> None:
        token = self.tokens[screen]
        headers = {"Cookie": f"{session_cookie(Settings(host='127.0.0.1'))}={token}", "Origin": self.server.address}
        address = self.server.address.replace("http", "ws") + "/pulse"
        told = {"marks": {}, "number": 0, "since": 0, "turn": 1, "whole": True}
        chosen = [str(self.operation), *self.choices[screen % len(self.choices)].values()]
        watch = [{"board": "situation-shown", "chosen": chosen, **told}]
        async with (
            httpx.AsyncClient(base_url=self.server.address, headers=headers, timeout=300, limits=NEVER_KEPT) as client,
            websockets.connect(address, additional_headers=headers, max_size=None, open_timeout=300) as socket,
        ):
            if self.board:
                await socket.send(json.dumps(watch))
            else:
                shown = await _asked(client, self.operation, None)
                self._opened += 1
            async for text in socket:
                said = json.loads(text)
                if self.board and "boards" in said:
                    self._opened += not self.show[screen]
                    parts = said["boards"][0]["parts"]
                    self._draw(screen, parts)
                    self.heard.setdefault(screen, time.time() * 1000)
                    if any(name == TOLD for name, *_part in parts):  # the rest of the board comes after it
                        self.drawn.append(time.time() * 1000)
                        self.bytes.append(len(text))
                elif not self.board and str(self.operation) in said["operations"]:
                    answer = await _asked(client, self.operation, shown["situation-shown"]["data-drawn"])
                    shown = shown | answer
                    self.drawn.append(time.time() * 1000)

    def _draw(self, screen: int, parts: list[list[Any]]) -> None:
        shows = self.show[screen]
        for name, _mark, _element, _property, value, *_of in parts:
            shows[name] = drawn_over(shows.get(name), value)

    def stop(self) -> None:
        """Close all of them."""
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(60)


_declared: dict[str, Any] = {}


def _call(operation: UUID, shown: Any) -> dict[str, Any]:
    """What a browser asks to read its situation anew, and is answered by the elements of the page."""
    outputs = [each.split(".") for each in _declared["output"].strip(".").split("...")]
    values = {
        "situation-operation": str(operation),
        "situation-shown": shown,
        "situation-level": CHOSEN["level"],
        "situation-scope": CHOSEN["scope"],
        "situation-figure": CHOSEN["figure"],
        "pulse-asks": 1,
    }

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


async def _asked(client: httpx.AsyncClient, operation: UUID, shown: Any) -> dict[str, Any]:
    answer = await client.post("/_dash-update-component", json=_call(operation, shown))
    assert answer.status_code == 200, answer.text[:300]
    told: dict[str, Any] = answer.json()["response"]
    return told


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
    page.wait_for_selector('#shell-live[data-state="live"]', state="attached", timeout=120_000)
    page.on("request", lambda request: "/_dash-update" in request.url and asked.append(request.post_data or ""))
    return page


def _leader(scene: Running, number: int) -> str:
    """The session of another leader."""
    content = {
        "id": new_id(),
        "username": f"leader{number}",
        "name": f"Leader {number}",
        "role": "leadership",
        "password": PASSWORD,
    }
    with scene.store.unit_of_work(System()) as session:
        accounts.add_account(session, parse(accounts.AccountDraft, content), System())
    return sign_in.sign_in(scene.store, content["username"], PASSWORD)


def _client(server: Serving, token: str) -> httpx.Client:
    headers = {"Cookie": f"{session_cookie(Settings(host='127.0.0.1'))}={token}", "Origin": server.address}
    return httpx.Client(base_url=server.address, headers=headers, timeout=60, limits=NEVER_KEPT)


def _served(scene: Running, url: str, folder: Path) -> tuple[Serving, httpx.Client]:
    """A server on the scene, and an officer who reports there."""
    server = serve_as_product(url, folder)
    officer = _client(server, sign_in.sign_in(scene.store, "bruno", PASSWORD))
    found = officer.get("/_dash-dependencies").json()
    _declared.update(next(each for each in found if "situation-shown.data-drawn" in each["output"]))
    return server, officer


def _cpu(server: Serving) -> float:
    """Milliseconds of processor that the server has used."""
    spent = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(spent[11]) + int(spent[12])) * 1000 / os.sysconf("SC_CLK_TCK")


class Trials:
    """Reports that are sent one after the other. Times in ms: from the click, and from the entry in the journal, which
    is written just before the commit."""

    def __init__(self, server: Serving, scene: Running, officer: httpx.Client) -> None:
        self.server, self.scene, self.officer = server, scene, officer
        self.click: list[float] = []
        self.commit: list[float] = []
        self.cpu: list[float] = []

    def run(self, count: int, last: Callable[[], float | None], reset: Callable[[], None]) -> "Trials":
        """`last`: when the last of the screens had drawn; None while one has not."""
        for trial in range(count + 1):  # the first warms up
            if (left := 60 - time.time() % 60) < WITHIN:
                time.sleep(left)
            reset()
            spent, begun = _cpu(self.server), time.time() * 1000
            answer = self.officer.post("/_dash-update-component", json=submission_call(submission(self.scene)))
            assert answer.status_code == 200
            time.sleep(UNASKED)
            while (drawn := last()) is None:
                time.sleep(0.01)
                assert time.time() * 1000 - begun < 120_000
            time.sleep(QUIET)
            with self.scene.store.reading(System()) as session:
                at = session.exec(select(Entry.at).order_by(col(Entry.seq).desc()).limit(1)).one().timestamp() * 1000
            if trial:
                self.click.append(drawn - begun)
                self.commit.append(drawn - at)
                self.cpu.append(_cpu(self.server) - spent)
        return self

    def watched(self, sockets: Sockets, pages: list[Page], count: int) -> "Trials":
        """All of them draw each report."""

        def last() -> float | None:
            assert not [each.exception() for each in sockets.tasks if each.done()]
            painted = [page.evaluate("window.__painted.at(-1)") for page in pages]
            done = len(sockets.drawn) >= len(sockets.tokens) and None not in painted
            return max(*painted, *sockets.drawn) if done else None

        def reset() -> None:
            sockets.drawn.clear()
            for page in pages:
                page.evaluate("window.__painted.length = 0")

        return self.run(count, last, reset)

    def note(self, ledger: Ledger, what: str) -> None:
        """Keep the figures."""
        load, on = f"load {os.getloadavg()[0]:.0f}", self.scene.store.engine.dialect.name
        for since, times in (("the commit", self.commit), ("the click", self.click)):
            if times:
                ledger.note(f"{what}, from {since}, median", on, statistics.median(times), "ms", len(times), load)
                ledger.note(f"{what}, from {since}, longest", on, max(times), "ms", len(times), load)


def _shows_what_is_so(server: Serving, scene: Running, tokens: list[str], sockets: Sockets, pages: list[Page]) -> None:
    """Every screen shows what is drawn for whoever opens the page now."""
    with _client(server, tokens[0]) as client:
        told = client.post("/_dash-update-component", json=_call(scene.operation, None)).json()["response"]
    want = {name: told[each.component_id][each.component_property] for name, each in PARTS.items() if name not in TIMED}
    for shows in sockets.show:
        assert not {name for name in want if shows[name] != want[name]}
    if pages:
        places = [[each.component_id, each.component_property] for name, each in PARTS.items() if name not in TIMED]
        before = [page.evaluate(_SHOWS, places) for page in pages]
        pages[0].reload()
        pages[0].wait_for_selector(TILE, timeout=120_000)
        loaded = pages[0].evaluate(_SHOWS, places)
        for (element, prop), *shown in zip(places, loaded, *before, strict=True):
            now, *then = [[each[0] if prop != "figure" else each[0]["data"], each[1]] for each in shown]
            assert all(each == now for each in then), (element, prop)


def test_a_hundred_screens_that_draw(database_url: str, tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
    scene = make_scene(database_url)
    tokens = [_leader(scene, number) for number in range(SCREENS)]
    server, officer = _served(scene, database_url, tmp_path)
    asked = list[str]()
    path = f"/operations/{scene.operation}/situation?level=V1"

    nobody = Trials(server, scene, officer).run(10, lambda: 0.0, lambda: None)
    told = Sockets(server, scene.operation, tokens, board=False)
    asking = Trials(server, scene, officer).watched(told, [], 2)
    told.stop()
    alone = Sockets(server, scene.operation, tokens, board=True)
    sent = Trials(server, scene, officer).watched(alone, [], TRIALS)
    _shows_what_is_so(server, scene, tokens, alone, [])
    alone.stop()

    sockets = Sockets(server, scene.operation, tokens[BROWSERS:], board=True)
    pages = [_opened(browser, server, token, path, asked) for token in tokens[:BROWSERS]]
    time.sleep(5)
    for page in pages:
        page.evaluate(_WATCH, [TILE])
    asked.clear()
    drawn = Trials(server, scene, officer).watched(sockets, pages, TRIALS)
    questions, size = len(asked), statistics.median(sockets.bytes) / 1024
    _shows_what_is_so(server, scene, tokens, sockets, pages)
    sockets.stop()
    for page in pages:
        page.context.close()
    officer.close()
    server.stop()
    scene.store.dispose()
    asking.note(ledger, f"{SCREENS} screens told and ask, the last has its answer")
    sent.note(ledger, f"{SCREENS} screens watch, the last of as many sockets has drawn")
    drawn.note(ledger, f"{SCREENS} screens watch, the last of {BROWSERS} browsers and the sockets has painted")
    faster = statistics.median(asking.commit) / statistics.median(sent.commit)
    each = (statistics.median(sent.cpu) - statistics.median(nobody.cpu)) / SCREENS
    on = scene.store.engine.dialect.name
    ledger.note("screens that watch against screens that ask", f"100, {on}", faster, "times")
    ledger.note("processor of the server for each screen that watches", f"100, {on}", each, "ms", TRIALS)
    ledger.note("a message", on, size, "kB")
    ledger.note(f"questions of {BROWSERS} browsers that watch", f"{TRIALS + 1} reports, {on}", questions, "questions")
    assert questions == 0


def test_a_thousand_screens_that_draw(database_url: str, tmp_path: Path, ledger: Ledger) -> None:
    scene = make_scene(database_url)
    tokens = [token for number in range(CROWD // EACH) for token in [_leader(scene, number)] * EACH]
    server, officer = _served(scene, database_url, tmp_path)
    nobody = Trials(server, scene, officer).run(10, lambda: 0.0, lambda: None)
    crowd = Sockets(server, scene.operation, tokens, board=True)
    sent = Trials(server, scene, officer).watched(crowd, [], TRIALS)
    _shows_what_is_so(server, scene, tokens, crowd, [])
    crowd.stop()
    officer.close()
    server.stop()
    scene.store.dispose()
    sent.note(ledger, f"{CROWD} screens watch, the last socket has drawn")
    each = (statistics.median(sent.cpu) - statistics.median(nobody.cpu)) / CROWD
    ledger.note(
        "processor of the server for each screen that watches",
        f"{CROWD}, {scene.store.engine.dialect.name}",
        each,
        "ms",
        TRIALS,
    )
