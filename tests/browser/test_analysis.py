"""A coordinator brings events in, finds hotspots, places teams, compares with greedy, adopts, and prints the sheet.

The worker of the analyses is the test itself: another process than the server's, on the same database.
"""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from geodata.ground import shapes
from operations.analyses import worker
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.policing.map_plan import places
from tests.browser.conftest import Open, Server

pytestmark = pytest.mark.slow

WAYS = {
    "Agadez, Tripoli": ((7.99, 16.97), (13.19, 32.88)),
    "Bamako, Algiers": ((-7.98, 12.63), (3.05, 36.75)),
    "Niamey, Algiers": ((2.11, 13.51), (3.05, 36.75)),
}


@pytest.fixture(scope="module", autouse=True)
def routes(server: Server) -> None:
    """Three routes on the plan: between their ends people move."""
    scene = server.scene
    for name, ends in WAYS.items():
        content = {"id": new_id(), "object_id": new_id(), "kind": "route", "name": name, "audience": "coordination"}
        drawn = shapes.measure({"type": "LineString", "coordinates": [list(end) for end in ends]})
        with scene.store.unit_of_work(scene["ana"]) as session:
            places.draw(session, scene.operation, parse(places.MapObjectDraft, content), drawn, scene["ana"])  # type: ignore[arg-type]


def a_file(n: int = 500) -> bytes:
    """Two years of invented events, a third of them at Agadez, with a row at 0, 0 and one that is no position."""
    chance = np.random.default_rng(11)
    town = chance.random(n) < 1 / 3
    lon = np.where(town, chance.normal(7.99, 0.05, n), chance.normal(6, 2, n))
    lat = np.where(town, chance.normal(16.97, 0.05, n), chance.normal(16, 1.5, n))
    day = np.datetime64("2024-01-01") + chance.integers(0, 700, n)
    rows = [f"{y:.4f},{x:.4f},{when}" for x, y, when in zip(lon, lat, day, strict=True)]
    return "\n".join(["latitude,longitude,date", *rows, "0,0,2024-05-01", "north,7.9,2024-05-02"]).encode()


def answer(server: Server) -> None:
    """The worker takes what waits."""
    assert worker.step(server.scene.store, "test")


def ask(page: Page, words: str, kind: str) -> None:
    page.get_by_role("radio", name=re.compile(re.escape(words))).click()
    page.locator(f"#analysis-find-out-{kind}").click()
    expect(page.locator("#analysis-progress")).to_contain_text("Waiting for its turn")


@pytest.mark.journey
def test_from_a_file_to_the_printed_sheet(server: Server, browser_page: Open) -> None:
    base = f"{server.address}/operations/{server.scene.operation}"
    page = browser_page("ana", f"/operations/{server.scene.operation}/layers")
    page.locator("#layers-upload input[type=file]").set_input_files(
        {"name": "events.csv", "mimeType": "text/csv", "buffer": a_file()}
    )
    work = page.locator("#layers-work")
    expect(work).to_contain_text("0, 0")
    page.locator("#layers-import-name").fill("Invented events")
    page.locator("#layers-import-source").fill("Invented for tests")
    page.locator("#layers-import-licence").fill("CC0 1.0")
    page.locator("#layers-import-accuracy_m").fill("500")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".ag-row", has_text="Invented events").first).to_be_visible()

    page.goto(f"{base}/analysis")
    ask(page, "Where do they cross?", "hotspots")
    answer(server)
    told = page.locator("#analysis-sentences")
    expect(told).to_contain_text("hot")
    expect(page.locator("#analysis-sources")).to_contain_text("CC0 1.0")
    expect(page.locator("#analysis-tables .ag-row").first).to_be_visible()
    page.get_by_role("link", name="Ask for a team here").click()
    expect(page.locator("#teams-request-place")).to_be_visible()
    assert page.locator("#teams-request-title").input_value() == (
        "Team for " + page.locator("#teams-request-place").input_value()
    )

    page.goto(f"{base}/analysis")
    page.get_by_role("radio", name=re.compile("Where do I put my teams")).click()
    page.locator("#analysis-placement-teams").fill("8")
    ask(page, "Where do I put my teams?", "placement")
    answer(server)
    expect(told).to_contain_text("checkpoints detect")
    expect(told).to_contain_text("greedy")
    page.get_by_role("button", name="Adopt as draft checkpoints").click()
    expect(page.get_by_role("link", name="Adopted: see the plan")).to_be_visible()

    page.goto(f"{base}/plan")
    page.wait_for_selector('.atlas[data-ready="true"]')
    expect(page.locator(".plan-list .plan-item", has_text="In Guezzam").first).to_contain_text("Planned")
    page.locator("#plan-print").click()
    with page.expect_download() as download:
        page.locator("#plan-print-answer button").first.click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_a_way_is_found_compared_on_two_maps_and_becomes_a_route_that_follows_roads(
    server: Server, browser_page: Open
) -> None:
    base = f"{server.address}/operations/{server.scene.operation}"
    page = browser_page("ana", f"{base.removeprefix(server.address)}/analysis")
    page.get_by_role("radio", name=re.compile("Which way do they go")).click()
    page.locator("#analysis-routes-origin").fill("Agadez, Niger")
    page.locator("#analysis-routes-destination").fill("32.88, 13.19")
    ask(page, "Which way do they go?", "routes")
    answer(server)
    expect(page.locator("#analysis-sentences")).to_contain_text("The quickest way takes")
    expect(page.locator("#analysis-sentences")).to_contain_text("In Guezzam (NER–DZA)")

    page.locator("#analysis-variant-beside").click()
    page.get_by_role("option", name=re.compile("Route 2")).click()
    second = page.locator("#analysis-beside-place .atlas[data-ready='true']")
    expect(second).to_be_visible()
    expect(second).to_have_attribute("data-answer", re.compile(r"[1-9]"))
    box = second.bounding_box()
    assert box is not None
    assert box["height"] >= 0.45 * 900
    views = (
        "[...document.querySelectorAll('.analysis-maps .leaflet-control-scale-line')].map((each) => each.textContent)"
    )
    assert len(set(page.evaluate(views))) == 1
    page.locator("#analysis-beside-place").get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"() => new Set({views}).size === 1")

    page.locator("#analysis-variant-shown").click()
    page.get_by_role("option", name=re.compile("Route 1")).click()
    page.get_by_role("button", name="Adopt as draft routes").click()
    expect(page.get_by_role("link", name="Adopted: see the plan")).to_be_visible()
    page.goto(f"{base}/plan")
    page.wait_for_selector('.atlas[data-ready="true"]')
    expect(page.locator(".plan-list .plan-item", has_text="Route 1: NER")).to_be_visible()

    page.locator(".plan-list .plan-item", has_text="Agadez, Tripoli").first.click()
    points = page.locator("#plan-object-geometry")
    expect(points).to_have_value(re.compile("16.97"))
    drawn = points.input_value()
    page.get_by_role("button", name="Follow roads and lanes").click()
    expect(page.locator("#plan-snapped-words")).to_contain_text("follows roads and lanes now")
    expect(points).not_to_have_value(drawn)
    page.get_by_role("button", name="As it was drawn").click()
    expect(points).to_have_value(drawn)


def test_a_country_has_no_such_page(server: Server, browser_page: Open) -> None:
    page = browser_page("chaima", f"/operations/{server.scene.operation}/plan")
    page.wait_for_selector(".parts-tab")
    assert page.locator('.parts-tab[href$="/analysis"]').count() == 0
    page.goto(f"{server.address}/operations/{server.scene.operation}/analysis")
    expect(page.locator("#analysis-kind")).to_have_count(0)


def test_leadership_reads_what_was_found(server: Server, browser_page: Open) -> None:
    page = browser_page("lena", f"/operations/{server.scene.operation}/analysis", width=390, height=844)
    expect(page.locator("#analysis-sentences")).to_contain_text("The quickest way takes")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#analysis-find-out-placement").count() == 0
