"""A review becomes a project in a browser: found, agreed, gathered, approved, and signed for by the country.

On the way both files are judged by axe: in the light, in the dark, in Arabic and on a telephone.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.modernisation import asked, brought, proposed, reviewed
from tests.programme import post_of

SHOTS = os.environ.get("MUSTER_SHOTS", "")
DESK, PHONE = Look(), Look(390, 844)


def faults(page: Page, look: Look = DESK) -> list[object]:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{len(list(Path(SHOTS).iterdir())):02}.png", full_page=True)
    page.wait_for_function(  # a notice that still fades in is not judged
        "() => document.getAnimations().every((each) => !each.effect.target?.closest('.mantine-Notifications-root'))"
    )
    return [*_judged(page), *_too_wide(page, look), *_too_small(page)]


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("textbox", name=name, exact=True).click()
    page.get_by_role("option", name=option).first.click()


def test_what_a_review_found_becomes_a_project_that_the_country_signs_for(server: Server, browser_page: Open) -> None:
    scene, at = server.scene, datetime.now(UTC)
    made = reviewed(
        scene, asked(scene, post_of(scene, name="Tera bureau", ref=""), at=at), "prepared", "visited", at=at
    )
    project = proposed(scene, at=at, title="Power for Tera")

    desk = browser_page("ana", f"/equipment/reviews?show={made.id}")
    choose(desk, "Area", "Power")
    choose(desk, "How urgent", "At once")
    desk.locator("#review-finding-finding").fill("The server stops in each cut of power.")
    desk.locator("#review-finding-needed").fill("A battery for four hours.")
    desk.locator("#review-finding-cost").fill("9000")
    desk.get_by_role("button", name="Write the finding down").click()  # the currency is missing
    expect(desk.get_by_text("Choose the currency of this cost.").first).to_be_visible()
    choose(desk, "Currency", "(EUR)")
    desk.get_by_role("button", name="Write the finding down").click()
    expect(desk.get_by_role("row", name="Power")).to_contain_text("9,000 EUR")
    assert faults(desk) == []
    desk.get_by_role("button", name="Send the findings to the country").click()
    expect(desk.locator(".m-facts").first).to_contain_text("Findings with the country")

    country = browser_page("chaima", f"/equipment/reviews?show={made.id}", width=390, height=844)
    country.locator("#review-comment-words").fill("A generator comes in May.")
    country.get_by_role("button", name="Send the comment").click()
    expect(country.get_by_text("A generator comes in May.").first).to_be_visible()
    expect(country.get_by_text("The comment is sent.")).to_be_visible()
    assert faults(country, PHONE) == []
    country.get_by_role("button", name="Agree for the country").click()
    sure(country)
    expect(country.locator(".m-facts").first).to_contain_text("Agreed by the country")

    desk.goto(f"{server.address}/equipment/projects?show={project.id}")
    choose(desk, "What belongs to it", "A battery for four hours.")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Add it").click()
    expect(desk.get_by_role("row", name="Finding of a review")).to_contain_text("9,000 EUR")
    desk.get_by_text("Planned", exact=True).first.click()
    desk.locator("#project-pay-amount").fill("9000")
    choose(desk, "Currency", "(EUR)")
    desk.locator("#project-pay-day").fill(at.date().isoformat())
    desk.locator("#project-pay-words").fill("Offer of the workshop.")
    desk.get_by_role("button", name="Write the sum down").click()
    expect(desk.get_by_role("row", name="Offer of the workshop.")).to_contain_text("9,000 EUR")
    leader = browser_page("lena", f"/equipment/projects?show={project.id}", scheme="dark")
    leader.reload()
    expect(leader.locator(".m-facts").first).to_contain_text("Proposed")
    assert faults(leader) == []
    leader.get_by_role("button", name="Approve", exact=True).click()
    expect(leader.locator(".m-facts").first).to_contain_text("Approved")
    brought(scene, project, "under_way", at=at)

    country.goto(f"{server.address}/equipment/projects?show={project.id}")
    country.locator("#project-sign-handed_on").fill(at.date().isoformat())
    country.get_by_role("button", name="Sign for the country").click()
    sure(country)
    expect(country.locator(".m-facts").first).to_contain_text("Handed over")
    expect(desk.locator(".m-facts").first).to_contain_text("Handed over")  # the open page followed
    assert faults(country, PHONE) == []
    _speak(desk, server, "ar")
    try:
        desk.goto(f"{server.address}/equipment/projects?show={project.id}")
        expect(desk.locator(".m-facts").first).to_be_visible()
        expect(desk.locator("#shell-live")).to_have_attribute("data-state", "live")
        assert faults(desk) == []
    finally:
        _speak(desk, server, "en")
