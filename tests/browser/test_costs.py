"""A cost is written down, corrected and told to the country that paid it, and all are said to be in."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Server
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.cost_stories import spent

pytestmark = pytest.mark.slow
DESK, PHONE = Look(), Look(390, 844)


def test_a_cost_is_written_corrected_and_all_are_in(server: Server, browser_page: Open) -> None:
    day = server.scene.start.date()
    spent(server.scene, at=server.scene.start, day=day, country="NER", kind="interpreters", amount=60)
    there = f"/operations/{server.scene.operation}/costs"
    desk = browser_page("ana", there)
    desk.locator("#cost-kind").click()
    desk.get_by_role("option", name="Travel and subsistence").click()
    desk.locator("#cost-amount").fill("1200")
    desk.locator("#cost-currency").fill("EUR")
    desk.get_by_role("option", name="Euro (EUR)").click()
    desk.locator("#cost-day").click()
    desk.keyboard.type(day.isoformat())
    desk.keyboard.press("Enter")
    desk.locator("#cost-save").click()
    expect(desk.get_by_text("The cost is written down.")).to_be_visible()
    row = desk.get_by_role("row").filter(has_text="1,200 EUR")
    row.get_by_role("button", name="Correct it").click()
    expect(desk.locator("#cost-says")).to_contain_text("stands in its place")
    expect(desk.locator("#cost-amount")).to_have_value("1200")
    desk.locator("#cost-amount").fill("1300")
    desk.locator("#cost-save").click()
    expect(desk.get_by_text("The cost is corrected.")).to_be_visible()
    expect(desk.locator("#cost-amount")).to_have_value("")
    expect(desk.locator("#costs-list .m-facts")).to_contain_text("1,360 EUR")
    moment = datetime.now(UTC).replace(tzinfo=None).isoformat() + "Z"
    past = browser_page("ana", f"/operations/{server.scene.operation}/figures?figure=K39&at={moment}")
    expect(past.get_by_text("The past")).to_be_visible()
    faults = [*_judged(past), *_too_wide(past, DESK), *_too_small(past)]
    desk.get_by_role("button", name="All costs are in").click()
    expect(desk.get_by_role("button", name="Correct it")).to_have_count(0)
    expect(desk.locator("#cost-save")).to_have_count(0)
    faults += [*_judged(desk), *_too_wide(desk, DESK), *_too_small(desk)]
    phone = browser_page("chaima", there, width=390, height=844, scheme="dark")
    expect(phone.locator("#costs-list table")).to_contain_text("60 EUR")
    expect(phone.locator("#costs-list")).not_to_contain_text("1,300 EUR")
    faults += [*_judged(phone), *_too_wide(phone, PHONE), *_too_small(phone)]
    _speak(phone, server, "ar")
    phone.goto(f"{server.address}{there}")
    expect(phone.locator("#costs-list table")).to_be_visible()
    faults += [*_judged(phone), *_too_wide(phone, PHONE)]
    _speak(phone, server, "en")
    assert faults == []
