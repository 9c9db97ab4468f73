"""The plan of an operation with 450 sites of 90 countries: frames while its list is scrolled and its map is moved."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from geodata.ground import sites as bundled
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.map_plan.places import Site
from tests.bench.conftest import Ledger
from tests.bench.frames import frames, middle, note, pan
from tests.bench.ten_times import SITES, countries
from tests.makers import Running
from tests.servers import CHROMIUM_ARGUMENTS, PASSWORD, chromium, make_scene, serve

SIZE = "450 sites of 90 countries, 1440 x 900, no GPU"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield found
        found.close()


def _fill(scene: Running) -> None:
    """Rows put there directly: 450 verbs would take longer than the bench."""
    known = bundled.sites()
    with scene.store.unit_of_work(System()) as session:
        for country in countries():
            for row in known[known["iso3"] == country].drop_duplicates("name").head(SITES).itertuples():
                place = {"lat": row.geometry.y, "lon": row.geometry.x, "zone": "UTC", "placed_at": scene.start}
                about = {"id": new_id(), "operation_id": scene.operation, "country": country, "site_type": "airport"}
                session.add(Site(name=f"{row.name} {country}", **about, **place))


def test_scroll_the_list_and_move_the_map(tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
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
    page.goto(f"{server.address}/operations/{scene.operation}/plan")
    page.wait_for_selector(".plan-country summary", timeout=60_000)
    ledger.note("plan usable", SIZE, time.perf_counter() - begun, "s")
    page.wait_for_timeout(3000)
    held = page.locator("#plan-list-operational")
    ledger.note("sites in the list", SIZE, held.locator("button").count(), "buttons")

    def scroll() -> None:
        held.hover()
        for step in range(60):
            page.mouse.wheel(0, 60 if step < 30 else -60)
            page.wait_for_timeout(16)

    for what in ("folded", "every country open"):
        note(ledger, f"plan, list scrolled, {what}", SIZE, frames(page, scroll))
        page.evaluate("document.querySelectorAll('.plan-country').forEach((each) => { each.open = true; })")
        page.wait_for_timeout(500)

    def zoom() -> None:
        page.mouse.move(*middle(page))
        for _ in range(4):
            page.mouse.wheel(0, -240)
            page.wait_for_timeout(400)

    for what, act in (("pan", partial(pan, page)), ("zoom", zoom)):
        note(ledger, f"plan, map, {what}, every country open", SIZE, frames(page, act))
    server.stop()
    scene.store.dispose()
