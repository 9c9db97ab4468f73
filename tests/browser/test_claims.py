"""One arrest that two countries report becomes one in the browser: found, opened, compared, agreed.

And of one bus that was sent thrice the analyst and the coordinator say which line leads for the count.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from operations.core.clock import now
from tests.browser.conftest import Open, Server
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.claim_stories import event, opened, suspected, two_countries

pytestmark = pytest.mark.slow
DESK, PHONE = Look(), Look(390, 844)


@pytest.fixture(scope="module", autouse=True)
def reported(server: Server) -> None:
    two_countries(server.scene)


def test_an_arrest_that_two_countries_report_becomes_one(server: Server, browser_page: Open) -> None:
    desk = browser_page("dov", f"/operations/{server.scene.operation}/claims")
    desk.get_by_role("button", name="Look for what was told twice").click()
    desk.locator(".ag-row").get_by_text("One event, two countries").click()
    expect(desk.locator("#claim-open-counts")).to_have_value("Line 1: Mali")
    desk.get_by_role("button", name="Open it for the countries").click()
    expect(desk.get_by_text("Claim 1 is open")).to_be_visible()
    there = desk.url.removeprefix(server.address)
    pages = [browser_page(name, there) for name in ("chaima", "moussa")]
    for page in pages:
        page.get_by_role("button", name="Look at the lines side by side").click()
        expect(page.get_by_text("A-1234/11-2025").first).to_be_visible()
        page.locator("#claim-answer-same").click()
        page.get_by_role("option", name="They are one").click()
        page.get_by_role("button", name="Say it").click()
        if page is pages[0]:  # the other page is drawn anew now: it is pressed when that is over
            expect(pages[1].get_by_text("They are one: Niger")).to_be_visible()
    expect(desk.get_by_text("One event, agreed").first).to_be_visible()
    faults = []
    for page in (desk, *pages):
        faults += [*_judged(page), *_too_wide(page, DESK), *_too_small(page)]
    phone = browser_page("moussa", there, width=390, height=844, scheme="dark")
    expect(phone.get_by_text("One event, agreed").first).to_be_visible()
    phone.get_by_role("button", name="Look at the lines side by side").click()
    expect(phone.get_by_text("A-1234/11-2025").first).to_be_visible()
    faults += [*_judged(phone), *_too_wide(phone, PHONE), *_too_small(phone)]
    _speak(phone, server, "ar")
    phone.goto(f"{server.address}{there}")
    expect(phone.locator("#claim-forms")).to_be_visible()
    faults += [*_judged(phone), *_too_wide(phone, PHONE)]
    _speak(phone, server, "en")
    assert faults == []


def test_another_line_of_a_bus_leads_for_the_count(server: Server, browser_page: Open) -> None:
    scene = server.scene
    for after, people, by in ((0, 14, "bruno"), (50, 12, "binta"), (20, 14, "bruno")):
        event(scene, scene.start + timedelta(minutes=after), people, by=by)
    [claim] = [each for each in suspected(scene, at=now()) if each.line_kind == "migrant_detection"]
    opened(scene, claim, at=now())
    there = f"/operations/{scene.operation}/claims?show={claim.id}"
    desk = browser_page("dov", there, width=1440, height=900)
    desk.get_by_role("button", name="Look at the lines side by side").click()
    desk.locator("#claim-lead-leads").click()
    desk.get_by_role("option", name=re.compile(r"Count: .*12.* [(]Line 3: Niger[)]")).click()
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Let them lead").click()
    expect(desk.locator("#claim-file")).to_contain_text("Count: line 3")
    faults = [*_judged(desk), *_too_wide(desk, DESK), *_too_small(desk)]
    phone = browser_page("ana", there, width=390, height=844, scheme="dark")
    _speak(phone, server, "ar")
    phone.goto(f"{server.address}{there}")
    phone.locator("button", has_text="الأسطر").first.click()
    expect(phone.locator("#claim-lead-leads")).to_be_visible()
    faults += [*_judged(phone), *_too_wide(phone, PHONE)]
    _speak(phone, server, "en")
    assert faults == []
