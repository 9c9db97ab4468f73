"""A sweep as three people see it: the coordinator accepts by keyboard, the analyst asks, a country on a phone answers.

Nothing on these pages has a fault that axe finds, in the light, in the dark and from right to left.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.fugitives import locations
from operations.policing.leads import leads
from tests.browser import workbooks
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import Look, _judged, _too_wide
from tests.operations.sweeps import Sweep, sweep_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cast(server: Server) -> Sweep:
    made = Sweep(sweep_in(server.scene))
    made.nominate()
    made.arrested()
    made.located()
    return made


def opened(page: Page, case_no: str) -> None:
    """Open a case from its card, by keyboard, and say why."""
    page.locator("#fugitives-why").click()
    page.get_by_role("option", name="I work on this case").click()
    card = page.locator(".fugitives-card", has_text=case_no)
    card.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fugitives-case h2")).to_have_text(case_no)


def notice(page: Page, words: str) -> None:
    expect(page.locator(".m-notice").filter(has_text=words).last).to_be_visible()


@pytest.mark.journey
def test_a_case_goes_from_the_nomination_to_a_positive_location(
    server: Server, cast: Sweep, browser_page: Open
) -> None:
    path = f"/operations/{server.scene.operation}/fugitives"
    analyst, coordinator = browser_page("dov", path), browser_page("ana", path)
    expect(coordinator.locator('[data-number="arrested"] strong')).to_have_text("1")
    opened(coordinator, "NER-001")
    expect(coordinator.locator(".fugitives-why")).to_contain_text("The notice was not checked today")
    opened(analyst, "NER-001")
    analyst.get_by_role("button", name="It is valid").click()
    notice(analyst, "Written down for today.")
    accept = coordinator.get_by_role("button", name="Accepted as target")
    expect(accept).to_be_enabled()
    accept.press("Enter")
    notice(coordinator, "The case was moved.")
    analyst.get_by_role("button", name="Under review").click()
    question = analyst.locator("#fugitives-lead-question")
    question.fill("Is the person of this notice with you?")
    analyst.get_by_role("button", name="Send the lead").click()
    notice(analyst, "The lead is out.")
    expect(coordinator.locator(".board-column", has_text="Lead out").locator(".fugitives-card")).to_have_count(1)
    assert _judged(coordinator) == []
    coordinator.get_by_role("tab", name="Table").click()
    expect(coordinator.locator(".ag-row")).to_have_count(3)
    assert _judged(coordinator) == []
    _answered_on_a_phone(server, cast, browser_page, path)
    expect(coordinator.locator('[data-number="located"] strong')).to_have_text("2")
    expect(coordinator.locator(".fugitives-said")).to_have_text(
        re.compile(r"33\.3.% arrested \+ 66\.7.% positively located")
    )


def _answered_on_a_phone(server: Server, cast: Sweep, browser_page: Open, path: str) -> None:
    phone = browser_page("moussa", path, width=390, height=844, scheme="dark")
    opened(phone, "NER-001")
    phone.get_by_label("How it is known").fill("Seen at work.")
    phone.get_by_role("button", name="Report the location").click()
    notice(phone, "It counts when the requesting country says yes.")
    assert _judged(phone) == []
    assert _too_wide(phone, Look(390, 844)) == []
    with server.scene.store.reading(System()) as session:
        found = session.exec(locations.select(locations.FugitiveLocation)).all()
    cast.answer(next(each.id for each in found if each.state == "reported"))


def test_many_cases_are_brought_in_a_workbook_and_a_name_is_none(
    server: Server, cast: Sweep, browser_page: Open, tmp_path: Path
) -> None:
    page = browser_page("chaima", f"/operations/{server.scene.operation}/fugitives", scheme="dark")
    page.get_by_role("tab", name="Nominate").click()
    case = {"offence": "drugs", "wanted_for": "sentence"}
    good = {"notice_ref": f"A-{new_id().int % 9000 + 900}/4-2026"} | case
    workbook, result = workbooks.take(page, tmp_path), page.locator("#book-cases-result")
    workbooks.bring(page, "cases", workbooks.fill(workbook, "cases", [good, {"notice_ref": "Ahmed Diallo"} | case]))
    expect(result).to_contain_text("not a notice's control number")
    assert _judged(page) == []
    workbooks.bring(page, "cases", workbooks.fill(workbook, "cases", [good]))
    expect(result).to_contain_text("1 row is new.")
    page.get_by_role("tab", name="By country").click()
    expect(page.locator(".fugitives-map .atlas")).to_have_attribute("data-answer", re.compile("[1-9]"))
    page.wait_for_function(
        "() => { const maps = [...window.musterAtlas.maps.values()].map((each) => each.map.getZoom());"
        " return maps.length && maps.every((zoom) => 2 < zoom && zoom < 9); }"
    )
    page.get_by_role("tab", name="Key figures").click()
    expect(page.locator(".fugitives-figures")).to_contain_text("K43")
    assert _judged(page) == []


def test_leadership_reads_four_numbers_and_no_case(server: Server, cast: Sweep, browser_page: Open) -> None:
    page = browser_page("lena", f"/operations/{server.scene.operation}/fugitives")
    expect(page.locator('[data-number="arrested"] strong')).to_have_text(re.compile("^[0-9]+$"))
    expect(page.locator("#shell-live")).to_contain_text("Live")
    cast.move(cast.target().id, "notice_withdrawn", "chaima", "The court lifted the warrant.")
    expect(page.locator(".fugitives-note")).to_contain_text("Notice withdrawn")  # the pulse brings it, without a fault
    assert page.locator(".fugitives-card").count() == 0
    assert _judged(page) == []


def test_a_country_changes_its_case_and_takes_a_lead_back_on_a_phone(
    server: Server, cast: Sweep, browser_page: Open
) -> None:
    case = cast.out()
    page = browser_page("chaima", f"/operations/{server.scene.operation}/fugitives", width=390, height=844)
    opened(page, case.case_no)
    page.get_by_text("Change the case", exact=True).click()
    priority = page.locator("#fugitives-amend-priority")
    priority.click()
    page.get_by_role("option", name="High").click()
    save = page.get_by_role("button", name="Save the change")
    save.click()
    expect(page.get_by_text("Give the reason. It is shown with the new version.")).to_be_visible()
    expect(priority).to_have_value("High")
    page.locator("#fugitives-amend-reason").fill("The court has answered.")
    save.click()
    notice(page, f"{case.case_no} is changed: version 2.")
    expect(page.locator("#fugitives-amend-reason")).to_have_value("")

    page.get_by_text("Take this lead back").click()
    back = page.get_by_role("button", name="Take it back from Mali")
    back.click()
    sure(page)
    notice(page, "Give the reason. It is shown with the lead.")
    page.locator(".fugitives-list").get_by_label("Reason").fill("Sent to the wrong country.")
    assert _judged(page) == []
    assert _too_wide(page, Look(390, 844)) == []
    back.click()
    sure(page)
    notice(page, "The lead was taken back.")
    expect(page.locator(".fugitives-list")).to_contain_text("Taken back")
    expect(back).to_have_count(0)


def test_what_was_opened_and_typed_outlives_that_others_act(server: Server, cast: Sweep, browser_page: Open) -> None:
    case = cast.out()
    page = browser_page("chaima", f"/operations/{server.scene.operation}/fugitives")
    opened(page, case.case_no)
    panel = page.locator("#fugitives-case")
    panel.get_by_text("Take this lead back").click()
    reason = panel.locator(".fugitives-list").get_by_label("Reason")
    reason.press_sequentially("Sent to the wrong")
    page.get_by_text("Change the case", exact=True).click()
    reason.focus()
    with server.scene.store.reading(System()) as session:
        (lead,) = leads.leads(session, server.scene.operation, case.id)
    panel.get_by_text("Take this lead back").evaluate("(summary) => { summary.dataset.before = 'yes'; }")
    cast.reply(lead, "accepted")
    expect(panel.locator(".fugitives-list")).to_contain_text("Mali: Accepted")
    expect(panel.locator("[data-before]")).to_have_count(0)  # the fold is another one, drawn anew
    expect(panel.get_by_role("button", name="Take it back from Mali")).to_be_visible()
    expect(reason).to_be_focused()
    page.keyboard.type(" country.")
    expect(reason).to_have_value("Sent to the wrong country.")
    panel.get_by_text("Take this lead back").click()
    cast.reply(lead, "positive")
    expect(panel.locator(".fugitives-list")).to_contain_text("Mali: Positive")
    expect(reason).to_be_hidden()  # what was closed again stays closed
    expect(page.locator("#fugitives-amend-reason")).to_be_visible()
