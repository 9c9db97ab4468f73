"""The same done to many in the browser: a sweep of twelve cases gets its leads out in a dozen clicks, reports by key."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import _judged
from tests.makers import form, send, tally
from tests.operations.sweeps import Sweep, sweep_in

pytestmark = pytest.mark.slow


def notice(page: Page, words: str) -> None:
    expect(page.locator(".m-notice").filter(has_text=words).last).to_be_visible()


def chosen(page: Page, count: int) -> None:
    """Open the table and choose all of its rows: two clicks."""
    page.get_by_role("tab", name="Table").click()
    expect(page.locator(".ag-row")).to_have_count(count)
    page.locator(".ag-header-select-all input").click()
    expect(page.locator(".ag-row-selected")).to_have_count(count)


def test_twelve_cases_have_their_leads_out_in_a_dozen_clicks(server: Server, browser_page: Open) -> None:
    cast = Sweep(sweep_in(server.scene))
    for by in ("chaima", "moussa"):
        for _each in range(6):
            cast.nominate(by)
    path = f"/operations/{server.scene.operation}/fugitives"
    analyst, coordinator = browser_page("dov", path), browser_page("ana", path)
    chosen(analyst, 12)
    analyst.get_by_role("button", name="Looked up, valid").click()
    notice(analyst, "12 notices are written down.")
    chosen(coordinator, 12)
    coordinator.get_by_role("button", name="Accept as targets").click()
    notice(coordinator, "12 cases are accepted.")
    assert _judged(coordinator) == []
    expect(analyst.locator(".ag-row", has_text="Accepted as target")).to_have_count(12)
    analyst.get_by_role("button", name="Take under review").click()
    notice(analyst, "12 cases are under review.")
    analyst.get_by_text("Ask about all chosen cases").click()
    analyst.locator("#fugitives-leads-question").fill("Is the person of this notice with you?")
    assert _judged(analyst) == []
    analyst.get_by_role("button", name="Send the leads").click()
    notice(analyst, "12 leads are out.")
    expect(analyst.locator(".ag-row", has_text="Lead out")).to_have_count(12)


def test_plain_reports_are_chosen_by_a_key_and_answered_for_at_once(server: Server, browser_page: Open) -> None:
    scene = server.scene
    at = scene.start + timedelta(hours=13)
    for site in ("Niamey", "Agadez"):
        send(scene, form(scene, site, lines=[tally()]), at=at)
    page = browser_page("boubacar", f"/operations/{scene.operation}/verify")
    expect(page.locator(".verify-picked")).to_have_count(2)
    page.locator(".verify-item").first.focus()
    page.keyboard.press("a")
    expect(page.locator(".verify-picked input:checked")).to_have_count(2)
    ticked = page.locator(".verify-picked input").first
    ticked.focus()
    page.keyboard.press("a")  # the keys work on a tick box too: nothing is typed into it
    expect(page.locator(".verify-picked input:checked")).to_have_count(0)
    page.keyboard.press("Space")
    expect(page.locator(".verify-picked input:checked")).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator(".verify-item").nth(1)).to_be_focused()
    page.keyboard.press("a")
    expect(page.locator(".verify-picked input:checked")).to_have_count(2)
    assert _judged(page) == []
    page.get_by_role("button", name="Answer for the chosen").click()
    sure(page)
    notice(page, "2 reports have climbed.")
    expect(page.locator(".verify-picked")).to_have_count(0)


def test_leadership_sees_plan_and_map_on_one_page(server: Server, browser_page: Open) -> None:
    page = browser_page("lena", f"/operations/{server.scene.operation}/approval")
    expect(page.locator(".approval-section")).to_have_count(14)
    expect(page.locator(".approval-map .atlas-map")).to_be_visible()
    assert _judged(page) == []
