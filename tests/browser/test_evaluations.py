"""An evaluation in a browser: judged, said to the countries, answered, final, decided; its report is taken along.

On the way its file and the list are judged by axe: in the light, in the dark, in Arabic and on a telephone.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from operations.evaluation import evaluations
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.evaluations import does, evaluation_draft, evaluation_step, judgement_draft, method_draft
from tests.evaluations import draft as recommendation_draft

SHOTS = os.environ.get("MUSTER_SHOTS", "")
DESK, PHONE = Look(), Look(390, 844)


def faults(page: Page, look: Look = DESK) -> list[object]:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{len(list(Path(SHOTS).iterdir())):02}.png", full_page=True)
    return [*_judged(page), *_too_wide(page, look), *_too_small(page)]


@pytest.mark.journey
def test_an_evaluation_is_judged_commented_answered_and_decided(server: Server, browser_page: Open) -> None:
    scene, at = server.scene, datetime.now(UTC)
    until = (at + timedelta(days=60)).date()
    made = does(scene, "ana", evaluations.plan_one, evaluation_draft(scene, planned_for=until), at=at)
    does(scene, "ana", evaluation_step(made.id, "collecting"), at=at)
    does(scene, "ana", evaluations.record_method, made.id, method_draft(held_on=at.date()), at=at)
    for criterion in ("relevance", "coherence", "effectiveness", "efficiency", "impact"):
        does(scene, "ana", evaluations.judge, made.id, judgement_draft(criterion), at=at)
    does(scene, "ana", evaluations.recommend, made.id, recommendation_draft(source="visit", due=until), at=at)

    desk = browser_page("ana", "/evaluations")
    desk.locator(".ag-row", has_text=made.title).first.click()
    desk.wait_for_url("**/evaluations?show=*")
    desk.get_by_role("textbox", name="Criterion", exact=True).click()
    desk.get_by_role("option", name="Sustainability", exact=True).click()
    desk.get_by_role("textbox", name="Score", exact=True).click()
    desk.get_by_role("option", name="2: in part", exact=True).click()
    desk.locator("#evaluation-judgement-words").fill("The posts keep the devices; two officers were moved.")
    desk.get_by_role("button", name="Write the judgement down").click()  # evidence is missing
    expect(desk.get_by_text("A score needs evidence").first).to_be_visible()
    desk.locator("#evaluation-judgement-evidence").fill("Queries of the months since.")
    desk.get_by_role("button", name="Write the judgement down").click()
    expect(desk.get_by_role("row", name="Sustainability")).to_contain_text("2 of 4")
    assert faults(desk) == []
    desk.get_by_role("button", name="Send the draft to the countries").click()
    sure(desk)
    expect(desk.locator(".m-facts").first).to_contain_text("Draft with the countries")

    country = browser_page("chaima", f"/evaluations?show={made.id}", width=390, height=844)
    country.locator("summary", has_text="Send the comment").click()
    country.get_by_role("textbox", name="What your country says of the draft").fill("One counter, not two.")
    assert faults(country, PHONE) == []
    country.get_by_role("button", name="Send the comment").click()
    sure(country)
    expect(country.locator(".file-past")).to_contain_text("One counter, not two.")
    other = browser_page("moussa", f"/evaluations?show={made.id}", scheme="dark")
    other.reload()
    other.get_by_role("button", name="Nothing to add").click()
    sure(other)
    expect(other.locator(".file-past")).to_contain_text("Nothing to add")
    assert faults(other) == []

    desk.locator("summary", has_text="Send the answer").click()
    desk.get_by_role("textbox", name="What is answered, and what is changed for it").fill("Changed.")
    desk.get_by_role("button", name="Send the answer").click()
    sure(desk)
    desk.get_by_role("button", name="It is final", exact=True).click()
    sure(desk)
    lead = browser_page("lena", f"/evaluations?show={made.id}")
    lead.get_by_role("link", name="Connect the second line of Niamey airport").click()
    lead.locator("summary", has_text="Accept").first.click()
    lead.get_by_role("textbox", name="Why it is accepted").first.fill("It costs little.")
    lead.get_by_role("button", name="Accept", exact=True).click()
    expect(desk.locator(".m-facts").first).to_contain_text("Recommendations decided")

    for name, start in (("Report as PDF", b"%PDF"), ("Report as Word document", b"PK")):
        with desk.expect_download() as taken:
            desk.get_by_role("button", name=name).click()
        assert Path(taken.value.path()).read_bytes().startswith(start)
    _speak(desk, server, "ar")
    try:
        for way in ("/evaluations", f"/evaluations?show={made.id}"):
            desk.goto(f"{server.address}{way}")
            expect(desk.locator("#main h1")).to_be_visible()
            expect(desk.locator("#shell-live")).to_have_attribute("data-state", "live")
            assert faults(desk) == []
    finally:
        _speak(desk, server, "en")
