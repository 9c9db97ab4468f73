"""A request about data in a browser: written down, looked for, erased, and answered; judged by axe in several looks."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from operations.core import clock
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import _QUIET, Look, _judged, _speak, _too_small, _too_wide
from tests.makers import lead_of
from tests.operations.sweeps import Sweep, sweep_in

pytestmark = pytest.mark.slow
SHOTS = os.environ.get("MUSTER_SHOTS", "")
DESK, PHONE = Look(), Look(390, 844)
NOTICE = "A-4711/5-2026"


def faults(page: Page, look: Look = DESK) -> list[object]:
    page.wait_for_function(_QUIET, polling=50)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{len(list(Path(SHOTS).glob('*.png'))):02}.png", full_page=True)
    return [*_judged(page), *_too_wide(page, look), *_too_small(page)]


def test_a_country_answers_a_person_and_another_learns_only_of_its_own_copy(server: Server, browser_page: Open) -> None:
    with clock.at(datetime.now(UTC)):
        Sweep(sweep_in(server.scene)).nominate(notice_ref=NOTICE)
    asked = {"origin_country": "MLI", "to_countries": ["NER"], "due": datetime.now(UTC).replace(year=2099)}
    lead_of(server.scene, "moussa", question=f"Does the holder of {NOTICE} cross at Gao?", **asked)

    page = browser_page("chaima", "/data-protection")
    page.get_by_text("Write a request down").click()
    page.get_by_text("that it is erased").click()
    page.get_by_label("Your own file").fill("2026/14")
    page.locator("#data-request-received").fill(f"{datetime.now(UTC):%-d %b %Y}")
    page.keyboard.press("Tab")
    assert faults(page) == []
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("gridcell", name="2026/14").click()
    page.locator("#data-search-wanted").fill(NOTICE)
    assert faults(page) == []
    page.get_by_role("button", name="Look for it everywhere").click()
    expect(page.get_by_text("1 record of yours says it")).to_be_visible()
    expect(page.get_by_text("Fugitive case", exact=True)).to_be_visible()
    page.get_by_role("button", name="Erase it").click()
    sure(page)
    expect(page.locator(".data-copy").get_by_text("Erased", exact=True)).to_be_visible()
    page.locator("summary", has_text="It is answered").click()
    page.locator("textarea:visible").fill("All of ours is erased.")
    page.get_by_role("button", name="It is answered").click()
    expect(page.get_by_text("All of ours is erased.").first).to_be_visible()
    assert faults(page) == []

    other = browser_page("moussa", "/data-protection", width=PHONE.width, height=PHONE.height, scheme="dark")
    expect(other.locator(".data-copy").get_by_text("Lead", exact=True)).to_be_visible()
    expect(other.get_by_text("2026/14")).to_have_count(0)
    assert faults(other, PHONE) == []

    _speak(other, server, "ar")
    other.goto(f"{server.address}/data-protection/kept")
    expect(other.locator("html")).to_have_attribute("dir", "rtl")
    assert faults(other, PHONE) == []
