"""Figures are frozen, signed by two and published in the browser; the official board is judged in every look."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.policing.operation import plan
from operations.policing.reports import verification
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import Look, _judged, _speak, _too_small, _too_wide
from tests.makers import arrest, form, send, tally

pytestmark = pytest.mark.slow
DESK, PHONE = Look(), Look(390, 844)
WORDING = "Five days at three airports."


@pytest.fixture(scope="module", autouse=True)
def consolidated(server: Server) -> None:
    """Niger reported, an analyst consolidated it, and the operation is consolidated too."""
    scene = server.scene
    made = send(scene, form(scene, lines=[tally(4800), arrest(30)]))
    for name in ("boubacar", "chaima", "dov"):
        with clock.at(datetime.now(UTC)), scene.store.unit_of_work(scene[name]) as session:
            verification.verify(session, made.id, scene[name])
    with scene.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, scene.operation)
        operation.state, operation.line_kinds = OperationState.CONSOLIDATION.value, ["check_tally", "hit", "arrest"]


def test_figures_are_frozen_signed_by_two_published_and_read(server: Server, browser_page: Open) -> None:
    base = f"/operations/{server.scene.operation}"
    desk = browser_page("ana", f"{base}/snapshots")
    desk.locator("#snapshot-wording").fill(WORDING)
    desk.locator("#snapshot-method").fill("Lines that were consolidated, by official day.")
    desk.get_by_role("button", name="Prepare it").click()
    row = desk.locator(".ag-row").get_by_text(WORDING)
    row.click()
    desk.get_by_role("button", name="Sign for the coordination").click()
    sure(desk)
    expect(desk.get_by_text("It is now: Signed by the coordination.")).to_be_visible()
    leader = browser_page("lena", desk.url.removeprefix(server.address))
    leader.get_by_role("button", name="Sign for the leadership").click()
    sure(leader)
    official = browser_page("bruno", f"{base}/official")
    expect(official.get_by_text("No figures are published yet")).to_be_visible()
    leader.get_by_role("button", name="Publish").click()
    sure(leader)
    expect(official.get_by_text("4,800").first).to_be_visible()
    faults = []
    for page in (desk, leader, official):
        faults += [*_judged(page), *_too_wide(page, DESK), *_too_small(page)]
    phone = browser_page("bruno", f"{base}/official", width=390, height=844, scheme="dark")
    expect(phone.get_by_text("4,800").first).to_be_visible()
    faults += [*_judged(phone), *_too_wide(phone, PHONE), *_too_small(phone)]
    _speak(phone, server, "ar")
    phone.reload()
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.get_by_text("4,800").first).to_be_visible()
    faults += [*_judged(phone), *_too_wide(phone, PHONE)]
    assert faults == []
    with desk.expect_download() as taken:
        desk.reload()
        desk.get_by_role("button", name="To print (PDF)").click()
    assert taken.value.suggested_filename.endswith(".pdf")
