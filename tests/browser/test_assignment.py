"""A coordinator sees a proposal, decides one thing, lets a worker improve the rest, and accepts the offered teams.

The worker is the test itself: another process than the server's, on the same database.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from operations.analyses import worker
from tests.browser.conftest import Open, Server
from tests.browser.test_everywhere import _judged
from tests.staffing import staffed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def teams(server: Server) -> None:
    """Needs, teams and offers, from now on."""
    staffed(server.scene, datetime.now(UTC).replace(minute=0, second=0, microsecond=0))


def test_from_a_proposal_to_accepted_teams(browser_page: Open, server: Server) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/assignment")
    answer = page.locator("#assignment-answer")
    expect(answer).to_contain_text("3 of 4 open needs are met")
    expect(answer).to_contain_text("The team lacks a specialism that is needed: Child protection.")
    assert _judged(page) == []

    airport = page.locator(".assign-need", has_text="Airport, second line")
    airport.locator("summary").first.click()
    airport.get_by_text("The other teams").click()
    airport.get_by_role("button", name="Send this team instead").first.click()
    expect(page.locator("#assignment-decided")).to_contain_text("1 assignment is locked.")
    expect(airport).to_contain_text("Locked")

    page.get_by_role("button", name="Improve").click()
    expect(page.locator("#assignment-progress")).to_contain_text("Waiting for its turn")
    assert worker.step(server.scene.store, "test")
    expect(page.locator("#assignment-progress")).to_be_empty()
    expect(answer).to_contain_text("proven best")

    page.get_by_role("button", name="offered team").click()
    expect(page.locator(".m-notice").first).to_contain_text("accepted")
    expect(page.locator(".assign-bar--kept")).not_to_have_count(1)


def test_a_phone_shows_all_of_it(browser_page: Open, server: Server) -> None:
    page = browser_page("ana", f"/operations/{server.scene.operation}/assignment", width=390, height=844)
    expect(page.locator("#assignment-answer")).to_contain_text("Need by need")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert _judged(page) == []
