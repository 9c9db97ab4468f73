"""The timeline across 50 operations with 2,000 phases and tasks: frames while panning and dragging, and a check."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from operations.core import clock
from operations.core.ids import new_id
from operations.core.people import Assignment, System
from operations.core.vocabulary import PhaseKind
from operations.policing.calendar.dependencies import Dependency
from operations.policing.calendar.task_rows import Task
from operations.policing.operation.plan import Operation, Phase
from tests.bench.conftest import Ledger
from tests.bench.frames import frames, note
from tests.makers import Running
from tests.people import actor
from tests.servers import CHROMIUM_ARGUMENTS, PASSWORD, chromium, make_scene, serve

OPERATIONS, PHASES, TASKS = 50, 5, 35
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield found
        found.close()


def _fill(scene: Running) -> None:
    """Rows put there directly: 2,000 verbs would take longer than the bench."""
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    ana = actor("ana").account_id
    kinds = [kind.value for kind in PhaseKind][:PHASES]
    with scene.store.unit_of_work(System()) as session:
        for number in range(OPERATIONS):
            made = Operation(
                id=new_id(),
                code_name=f"Bench {number:02d}",
                type="border_stop",
                zone="Africa/Niamey",
                classification="for_official_use",
                art3_screen="passed",
                created_at=now,
            )
            session.add(made)
            session.flush()
            session.add(Assignment(account_id=ana, operation_id=made.id))
            begins = now - 20 * DAY + (number % 10) * DAY
            phases = [
                Phase(
                    id=new_id(),
                    operation_id=made.id,
                    kind=kind,
                    name=kind,
                    starts=begins + at * 8 * DAY,
                    ends=begins + (at * 8 + 7) * DAY,
                )
                for at, kind in enumerate(kinds)
            ]
            session.add_all(phases)
            session.flush()
            for at in range(TASKS):
                starts = begins + at * DAY
                session.add(
                    Task(
                        id=new_id(),
                        operation_id=made.id,
                        title=f"Task {at}",
                        starts=starts,
                        due=starts + DAY,
                        role="operation_coordinator",
                        draft_hash="",
                        author_id=ana,
                        made_at=now,
                    )
                )
            for before, after in pairwise(phases):
                session.add(
                    Dependency(
                        id=new_id(),
                        operation_id=made.id,
                        before_phase_id=before.id,
                        after_phase_id=after.id,
                        made_at=now,
                    )
                )


def test_pan_and_drag_2000_bars(tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    _fill(scene)
    server = serve(url, tmp_path)
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.address}/sign-in")
    page.fill('[name="username"]', "ana")
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    begun = time.perf_counter()
    page.goto(f"{server.address}/timeline")
    page.wait_for_selector(".vis-item.phase", timeout=60_000)
    ledger.note("timeline of all operations usable", "50 operations, 2,000 bars", time.perf_counter() - begun, "s")
    page.wait_for_timeout(2000)
    box = page.locator("#timeline-chart .vis-center").first.bounding_box()
    assert box is not None
    bars = page.evaluate("window.musterTimeline.state.bars.size")
    assert bars >= OPERATIONS * (PHASES + TASKS)
    middle, low = box["x"] + box["width"] / 2, box["y"] + box["height"] - 4

    def pan() -> None:
        page.mouse.move(middle, low)
        page.mouse.down()
        for step in range(120):
            page.mouse.move(middle - 3 * step, low)
        page.mouse.up()

    def drag() -> None:
        bar = page.locator(".vis-item.phase-operational").nth(2).bounding_box()
        assert bar is not None
        at, y = bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2
        page.mouse.move(at, y)
        page.mouse.down()
        for step in range(120):
            page.mouse.move(at + step, y)
        assert page.evaluate("Boolean(window.musterTimeline.state.draft)"), "no bar was dragged"
        page.mouse.up()

    before = page.evaluate("window.musterTimeline.state.chart.getWindow().start.valueOf()")
    for what, act in (("pan", pan), ("drag", drag)):
        note(ledger, f"timeline, {what}", "50 operations, 2,000 bars, 1440 x 900, no GPU", frames(page, act))
    after = page.evaluate("window.musterTimeline.state.chart.getWindow().start.valueOf()")
    assert after - before > 5 * DAY.total_seconds() * 1000, "nothing was panned"
    _check(scene, server.address, ledger)
    server.stop()
    scene.store.dispose()


def _check(scene: Running, address: str, ledger: Ledger) -> None:
    """What one question during a drag costs the server, asked over HTTP."""
    ends = (datetime.now(UTC) + 9 * DAY).isoformat()
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=10) as client:
        client.post("/sign-in", data={"username": "ana", "password": PASSWORD, "next": "/"})
        asked = {"id": str(scene.phase), "starts": scene.start.isoformat(), "ends": ends}

        def ask() -> None:
            assert client.get("/data/timeline/check", params=asked).status_code == 200

        ledger.median_ms("timeline, conflicts of a move, over HTTP", "one operation", ask, trials=31)
