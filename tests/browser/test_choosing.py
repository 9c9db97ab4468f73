"""Whoever chooses from a list goes on choosing while others act: what came meanwhile is drawn when the list is closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from operations.policing.operation import plan
from tests.browser.conftest import Open, Server
from tests.makers import operation_draft
from tests.teams import keep_team, need, raise_request

pytestmark = pytest.mark.slow
LATER = "Date.now = ((now) => () => now() + 61_000)(Date.now)"


@contextmanager
def answered(page: Page, output: str) -> Iterator[None]:
    """By the end of the block the page got an answer for this element."""
    with page.expect_response(
        lambda each: "_dash-update-component" in each.url and output in (each.request.post_data or "")
    ) as coming:
        yield
    coming.value.finished()
    page.wait_for_timeout(300)  # time in which it would have been drawn


def takes_part(server: Server, country: str) -> None:
    """A country is invited and joins."""
    scene = server.scene
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.invite(session, scene.operation, plan.CountryInvitation(country=country), scene["ana"])
    by = replace(scene["chaima"], country=country)
    with scene.store.unit_of_work(by) as session:
        plan.answer(session, scene.operation, by, accept=True)


def created(server: Server, name: str) -> None:
    """One more operation."""
    ana = server.scene["ana"]
    with server.scene.store.unit_of_work(ana) as session:
        plan.create(session, operation_draft(code_name=name), ana)


def test_a_list_that_is_searched_stays_open(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/costs")
    country = page.locator("#cost-country")
    country.fill("Ma")
    mali, chad = (page.get_by_role("option", name=name, exact=True) for name in ("Mali", "Chad"))
    expect(mali).to_be_visible()
    with answered(page, "costs-new"):
        takes_part(server, "TCD")
    expect(mali).to_be_visible()
    expect(country).to_have_value("Ma")
    country.press("Escape")
    expect(page.locator("#cost-country")).to_have_value("")
    expect(mali).to_be_hidden()  # and it does not open by itself
    country.click()
    expect(chad).to_be_visible()


def test_a_list_that_nobody_touches_is_drawn_after_a_minute(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/costs")
    country = page.locator("#cost-country")
    country.fill("Ma")
    expect(page.get_by_role("option", name="Mali")).to_be_visible()
    with answered(page, "costs-new"):
        takes_part(server, "SEN")
    expect(country).to_have_value("Ma")
    page.evaluate(LATER)
    expect(country).to_have_value("")
    country.fill("Sen")
    expect(page.get_by_role("option", name="Senegal")).to_be_visible()


def test_a_day_that_is_picked_meanwhile_is_kept(server: Server, browser_page: Open) -> None:
    scene, now = server.scene, datetime.now(UTC)
    keep_team(scene, call_sign="ALFA")
    starts, ends = now + timedelta(days=1), now + timedelta(days=4)
    raise_request(scene, need(starts=starts, ends=ends), at=now, title="Second line")
    page = browser_page("chaima", f"/operations/{scene.operation}/teams")
    page.locator(".teams-need", has_text="0 of 1 team").click()
    page.get_by_text("Other times, or a note").click()
    begins = page.locator("#teams-view").get_by_label("Begins on")
    before = begins.input_value()
    begins.click()
    day = page.locator("td button:not([data-outside])", has_text="15")
    expect(day).to_be_visible()
    with answered(page, "teams-view"):
        keep_team(scene, call_sign="BRAVO")
        raise_request(scene, need(starts=starts, ends=ends), at=now, title="Third line")
    expect(day).to_be_visible()
    expect(page.locator("#teams-view")).not_to_contain_text("BRAVO")
    day.click()
    expect(page.locator("#teams-view")).to_contain_text("BRAVO")
    expect(begins).not_to_have_value(before)
    expect(day).to_be_hidden()


def test_what_comes_with_the_pulse_waits_too(server: Server, browser_page: Open) -> None:
    """No part that is pushed has a list today: what says of itself that it opened one is put into it."""
    page = browser_page("ana")
    expect(page.locator("#shell-live")).to_have_attribute("data-state", "live")
    drawn = page.locator("#home-list")
    drawn.evaluate(
        """(part) => {
          const field = document.createElement("input");
          field.setAttribute("aria-haspopup", "listbox");
          field.setAttribute("aria-controls", "a-list");
          part.append(field);
        }"""
    )
    drawn.locator("> input").click()
    told: list[str] = []
    page.on("request", lambda each: told.append(each.url))
    shown = page.locator("#home-list").get_attribute("data-drawn")
    names = [f"Waits {k}" for k in range(2)]
    for name in names:
        created(server, name)
        page.wait_for_timeout(1000)
        expect(drawn).not_to_contain_text(name)
    assert page.evaluate("dash_component_api.getLayout('home-list').props['data-drawn']") == shown
    drawn.locator("> input").evaluate("(field) => field.remove()")
    for name in names:
        expect(drawn).to_contain_text(name)
    created(server, "Comes at once")
    expect(drawn).to_contain_text("Comes at once")
    assert not [url for url in told if "_dash-update-component" in url]
    seen = drawn.inner_text()
    page.reload()
    expect(drawn).to_have_text(seen, use_inner_text=True)
