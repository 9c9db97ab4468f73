"""A silent country is reminded: the officer sees the bell, opens the message and stands before the form."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from operations.core import clock
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.browser.conftest import Open, Server
from tests.browser.test_everywhere import Look, _judged, _too_wide

pytestmark = pytest.mark.slow


def test_a_silent_country_is_reminded_and_its_officer_comes_to_the_form(server: Server, browser_page: Open) -> None:
    page = browser_page("mateo", "/today", width=390, height=844)
    expect(page.locator("#inbox-list")).to_contain_text("No message yet.")
    expect(page.locator("#shell-live")).to_have_attribute("data-state", "live")
    due = server.scene.start.replace(hour=19)  # 20:00 in Niamey, yesterday
    keeper = Timetable(server.scene.store, LeaseCandidate("test"))
    with clock.at(due):
        keeper.beat()
    with clock.at(min(due + timedelta(minutes=61), datetime.now(UTC))):
        keeper.tick(jobs.SHORT)
    keeper.leave()  # the server is that of other tests, too
    expect(page.locator(".m-bell-count")).to_have_text("1")  # live, without a reload
    expect(page.locator(".inbox-message")).to_contain_text("Daily report missing")
    assert [*_judged(page), *_too_wide(page, Look(390, 844))] == []
    page.locator(".m-bell").click()
    page.locator(".inbox-message").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports?site=*")
    expect(page.locator(".reports-form")).to_be_visible()
    expect(page.locator(".m-bell-count")).to_have_count(0)


def test_leadership_reads_the_signs_of_life_and_chooses_how_to_be_told(server: Server, browser_page: Open) -> None:
    page = browser_page("lena", f"/operations/{server.scene.operation}/situation")
    expect(page.locator('.life-sign[data-watched="backup"]')).to_have_attribute("data-red", "true")
    expect(page.locator('.life-sign[data-watched="backup"]')).to_contain_text("never ran")
    page.goto(f"{server.address}/account")
    page.get_by_label("Mail address").fill("not an address")
    page.get_by_role("button", name="Save how you are told").click()
    expect(page.get_by_text("This is not a mail address")).to_be_visible()
    page.get_by_label("Mail address").fill("lena@police.example")
    page.get_by_role("button", name="Save how you are told").click()
    expect(page.get_by_text("From now on you are told as you chose.")).to_be_visible()
