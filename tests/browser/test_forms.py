"""Forms that come from drafts: a coordinator changes times and countries, and a page that stood open shows both."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_a_coordinator_saves_is_seen_on_a_page_that_stood_open(server: Server, browser_page: Open) -> None:
    of = f"/operations/{server.scene.operation}"
    other = browser_page("ana", f"{of}/overview")
    other.locator("#operation-reminders-national_after").fill("170")
    plan = browser_page("ana", f"{of}/plan")

    page = browser_page("ana", f"{of}/overview")
    page.locator("#operation-reminders-remind_after").fill("400")
    page.get_by_role("button", name="Save the times").click()
    flaw = page.locator(".operation-reminders [role=alert]", has_text="give later times")
    expect(flaw).to_be_visible()
    page.locator("#operation-reminders-remind_after").fill("45")
    page.get_by_role("button", name="Save the times").click()
    expect(page.get_by_text("The times are saved.")).to_be_visible()
    expect(flaw).to_have_count(0)
    expect(other.locator("#operation-reminders-remind_after")).to_have_value("45")
    expect(other.locator("#operation-reminders-national_after")).to_have_value("170")  # typed there, and not sent

    page.goto(f"{server.address}{of}/countries")
    page.locator("#operation-invite-countries").fill("Chad")
    page.get_by_role("option", name="Chad").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("1 invitation is sent.")).to_be_visible()
    plan.get_by_text("Find a place for a site").click()
    plan.locator("#plan-finder-country").click()
    expect(plan.get_by_role("option", name="Chad")).to_be_visible()
