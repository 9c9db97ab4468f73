"""What was learned is proposed, decided, followed up and closed, each by whom it concerns; what is overdue is told.

On the way the board, the file and the list are judged by axe: in the light, in the dark, in Arabic and on a telephone.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.evaluation import recommendations
from operations.evaluation.recommendations import RecommendationState
from operations.policing.operation import plan
from operations.timetable import worklist_messages
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.evaluations import draft
from tests.makers import Running

pytestmark = pytest.mark.slow
TEXT = "Connect the second line of Niamey airport to I-24/7."


@pytest.fixture(scope="module", autouse=True)
def ended(server: Server) -> Running:
    """The operation is consolidated, with a recommendation to Niger from a month ago that was to be done by yesterday."""
    scene, moment = server.scene, datetime.now(UTC)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = OperationState.CONSOLIDATION.value
    with clock.at(moment - timedelta(days=30)), scene.store.unit_of_work(scene["dov"]) as session:
        late = draft(text="Send a list of interpreters to every airport.", due=(moment - timedelta(days=2)).date())
        made = recommendations.propose(session, scene.operation, late, scene["dov"])
    with clock.at(moment - timedelta(days=29)), scene.store.unit_of_work(scene["lena"]) as session:
        recommendations.take(session, made.id, RecommendationState.ACCEPTED, scene["lena"], "At once.")
    return scene


SHOTS = os.environ.get("MUSTER_SHOTS", "")
DESK, PHONE = Look(), Look(390, 844)


def faults(page: Page, look: Look = DESK) -> list[object]:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{len(list(Path(SHOTS).iterdir())):02}.png", full_page=True)
    return [*_judged(page), *_too_wide(page, look), *_too_small(page)]


def test_from_a_proposal_to_its_end_and_what_is_overdue_is_told(server: Server, browser_page: Open) -> None:
    base = f"/operations/{server.scene.operation}/recommendations"
    desk = browser_page("ana", base)
    desk.get_by_text("Propose a recommendation").click()
    desk.locator("#recommendation-text").fill(TEXT)
    desk.get_by_label("What it rests on").fill("Two of three hits waited for a call to the capital.")
    for field, words in (("Found by", "Debrief"), ("Area", "Equipment and links"), ("Owner", "Niger")):
        desk.get_by_role("textbox", name=field, exact=True).click()
        desk.get_by_role("option", name=words, exact=True).click()
    desk.get_by_role("button", name="Propose", exact=True).click()  # a day is missing
    expect(desk.locator("#recommendation")).to_have_count(0)
    expect(desk.get_by_role("alert").first).to_be_visible()
    expect(desk.locator("#recommendation-text")).to_have_value(TEXT)
    day = datetime.now(UTC) + timedelta(days=40)
    desk.locator("#recommendation-due").fill(f"{day:%-d %b %Y}")
    desk.keyboard.press("Tab")
    desk.get_by_role("button", name="Propose", exact=True).click()
    expect(desk.locator(".m-notice").last).to_contain_text("waits for a decision")
    card = desk.locator(".board-card", has_text=TEXT)
    expect(card).to_be_visible()  # the pulse draws it
    assert faults(desk) == []

    lead = browser_page("lena", base, scheme="dark")
    lead.reload()  # the first page told the server which look the system asks for
    asked = lead.locator(".board-card", has_text=TEXT)
    asked.locator("summary", has_text="Accept").first.click()
    asked.get_by_role("textbox", name="Why it is accepted").first.fill("It costs little.")
    asked.get_by_role("button", name="Accept", exact=True).click()
    expect(lead.get_by_role("region", name="Accepted", exact=True)).to_contain_text(TEXT)
    expect(lead.locator("#recommendation-figures")).to_contain_text("Accepted: 2. Carried out: 0. Overdue: 1.")
    assert faults(lead) == []

    owner = browser_page("chaima", base, width=390, height=844)
    owner.get_by_role("link", name=TEXT).click()
    owner.get_by_label("How it goes").fill("The line is ordered.")
    owner.get_by_role("button", name="Write it down").click()
    expect(owner.locator(".file-past")).to_contain_text("The line is ordered.")
    owner.locator("summary", has_text="Report it done").first.click()
    owner.get_by_role("textbox", name="It is done, and this proves it").fill(
        "The line answers; 41 queries in the first week."
    )
    assert faults(owner, PHONE) == []
    owner.get_by_role("button", name="Report it done").click()
    expect(owner.locator(".file-past")).to_contain_text("41 queries in the first week")

    card.get_by_role("button", name="Close", exact=True).click()
    sure(desk)
    expect(desk.get_by_role("region", name="Closed", exact=True)).to_contain_text(TEXT)
    expect(owner.locator(".m-facts")).to_contain_text("Closed")

    keeper = Timetable(server.scene.store, LeaseCandidate("test"))
    with clock.at(datetime.now(UTC) + timedelta(minutes=2)):
        keeper.beat()
        keeper.tick(worklist_messages.JOBS)
    keeper.leave()  # the server is that of other tests, too
    owner.goto(f"{server.address}/today")
    told = owner.locator(".inbox-message", has_text="It still waits after its time")
    expect(told).to_be_visible()
    told.click()
    owner.wait_for_url("**/recommendations?show=*")
    expect(owner.locator("#main")).to_contain_text("Send a list of interpreters to every airport.")


def test_the_list_leads_to_a_file_and_is_read_in_arabic(server: Server, browser_page: Open) -> None:
    page = browser_page("lena", "/recommendations")
    page.locator(".ag-row", has_text="interpreters").first.click()
    page.wait_for_url("**/recommendations?show=*")
    expect(page.locator(".file-says")).to_contain_text("interpreters")
    assert faults(page) == []
    _speak(page, server, "ar")
    try:
        for way in ("/recommendations", f"/operations/{server.scene.operation}/recommendations"):
            page.goto(f"{server.address}{way}")
            expect(page.locator("#main h1")).to_be_visible()
            expect(page.locator("#shell-live")).to_have_attribute("data-state", "live")
            assert faults(page) == []
    finally:
        _speak(page, server, "en")
