"""A country offers a team, the coordinator accepts it and orders it to go, its leader reports from a telephone.

On the way: a page with requests, an overdue team and a roster is judged by axe, in the dark and on a telephone.
"""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from operations.support.requests import SupportRequest
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import AXE, _judged
from tests.teams import accept, keep_team, need, needs_of, offer, order, raise_request, report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def assistance(server: Server) -> SupportRequest:
    """A request that waits for an offer; beside it a team on site that has not checked in for a day."""
    scene, now = server.scene, datetime.now(UTC)
    keep_team(scene, call_sign="ALFA", leader_id=scene["boubacar"].account_id)
    silent = keep_team(scene, "moussa", call_sign="BAMAKO 2")
    begins = scene.start + timedelta(minutes=30)
    asked = raise_request(scene, need(starts=begins, ends=now + timedelta(days=3)), at=scene.start, title="Interviews")
    wanted = needs_of(scene, asked)[0].id
    made = accept(scene, offer(scene, wanted, silent, "moussa", at=scene.start), at=scene.start, despite="Agreed.")
    order(scene, made.id, at=scene.start, check_in_hours=6)
    for verb in ("leave_base", "arrive"):
        report(scene, verb, made.id, "marie", begins)
    return raise_request(
        scene, need(starts=now + timedelta(days=1), ends=now + timedelta(days=4)), at=now, title="Second line"
    )


def faults(page: Page) -> list[str]:
    assert AXE.exists()
    return _judged(page)


def test_from_an_offer_to_a_check_in_from_a_telephone(
    server: Server, browser_page: Open, assistance: SupportRequest
) -> None:
    base = f"/operations/{server.scene.operation}"
    country = browser_page("chaima", f"{base}/teams")
    country.locator(".teams-need", has_text="0 of 1 team").click()
    expect(country.locator("#teams-view")).to_contain_text("Nothing speaks against this team.")
    country.get_by_role("button", name="Offer this team").first.click()
    expect(country.locator("#teams-view")).to_contain_text("Take the offer back")

    desk = browser_page("ana", f"{base}/teams", scheme="dark")
    expect(desk.get_by_role("alert").first).to_contain_text("Check-in overdue")
    desk.locator(".teams-need", has_text="0 of 1 team").click()
    expect(desk.locator("#teams-view")).to_contain_text("ALFA")
    alfa = desk.locator(".teams-card", has_text="ALFA")
    alfa.get_by_role("textbox").fill("Closest of all.")
    wanted, now = needs_of(server.scene, assistance)[0].id, datetime.now(UTC)
    offer(server.scene, wanted, keep_team(server.scene, call_sign="BRAVO"), at=now)
    expect(desk.locator("#teams-view")).to_contain_text("BRAVO")
    expect(alfa.get_by_role("textbox")).to_have_value("Closest of all.")  # what is typed stays
    alfa.get_by_role("button", name="Accept").click()
    sure(desk)
    desk.get_by_label("What the team does there").fill("Second line of document examination.")
    desk.get_by_role("button", name="Order it to go").click()
    expect(desk.locator("#teams-view")).to_contain_text("Ordered to go")
    assert faults(desk) == []
    with desk.expect_download() as letter:
        desk.get_by_role("button", name="Accreditation letter").click()
    assert letter.value.path().read_bytes().startswith(b"%PDF-")

    phone = browser_page("boubacar", f"{base}/my-team", width=390, height=844)
    for words, then in (
        ("We leave our base", "I am on site"),
        ("I am on site", "Check in"),
    ):
        button = phone.get_by_role("button", name=words)
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] > 844 / 3  # within reach of a thumb
        button.click()
        expect(phone.get_by_role("button", name=then)).to_be_visible()
    phone.get_by_role("button", name="Check in").click()
    expect(phone.locator(".m-notice").last).to_contain_text("Checked in.")
    phone.get_by_label("Note").fill("The second scanner is at the customs office.")
    phone.get_by_role("button", name="Keep as handover note").click()
    phone.get_by_text("Log", exact=True).click()
    expect(phone.locator(".teams-log")).to_contain_text("The second scanner is at the customs office.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(phone) == []

    expect(desk.locator("#teams-view")).to_contain_text("On site")  # the pulse has told the coordinator
    desk.get_by_role("tab", name="Status board").click()
    expect(desk.locator(".teams-status")).to_contain_text("ALFA")
    assert faults(desk) == []
    country.get_by_role("tab", name="Roster").click()
    country.locator(".ag-row", has_text="ALFA").first.click()
    expect(country.locator("#teams-details")).to_contain_text("Certificates")
    assert faults(country) == []
