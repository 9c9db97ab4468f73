"""How many keys and taps a report takes, and that nothing is lost on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from operations.core.people import System
from operations.policing.operation import plan
from operations.policing.reports import reports
from tests.browser.conftest import Open, Server
from tests.browser.test_report import Keys, arrived, cell, focused_form, newest, reports_page


@pytest.fixture(autouse=True, scope="module")
def _arrests_are_asked_for(server: Server) -> None:
    with server.scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, server.scene.operation).line_kinds = ["check_tally", "hit", "arrest"]


def _lines(server: Server) -> list[dict[str, object]]:
    with server.scene.store.reading(System()) as session:
        return [{"kind": line.kind} | line.attributes for line in reports.lines_of(session, newest(server).id)]


def _begun(server: Server, page: Page, site: str) -> Keys:
    """The keyboard stands on the cell, and the form is opened from there."""
    arrived(page)
    cell(server, page, site).focus()
    keys = Keys(page)
    keys.press("Enter")
    focused_form(page)
    return keys


def test_two_hits_with_an_arrest_take_twenty_five_keys_and_say_what_was_chosen_alone(
    server: Server, browser_page: Open
) -> None:
    page = browser_page("bruno", reports_page(server))
    keys = _begun(server, page, "Agadez")
    keys.press("h", "s", "Enter", "l", "Enter", "q", "Enter")  # a hit: SLTD, lost, questioned
    keys.type("1430")
    keys.press("d")  # another like it
    keys.type("1445")
    keys.press("a")  # an arrest
    keys.type("1")
    keys.press("Enter", "d", "Enter", "f", "Control+Enter")  # document fraud, flagrant offence
    expect(page.locator(".reports-view")).to_contain_text("Flagrant offence")
    assert keys.pressed <= 25, keys.pressed
    arrest, *hits = sorted(_lines(server), key=lambda line: str(line["kind"]))
    assert (arrest["persons"], arrest["offence"], arrest["legal_basis"]) == (1, "document_fraud", "flagrant_offence")
    assert [str(hit["raw_at"])[11:16] for hit in hits] == ["13:30", "13:45"], "typed without a colon, on local clocks"
    for hit in hits:
        assert (hit["database"], hit["hit_kind"], hit["action_taken"]) == ("sltd", "lost", "questioned")


def test_what_nobody_chose_is_sent_as_not_stated_or_refused_where_a_rule_needs_it(
    server: Server, browser_page: Open
) -> None:
    page = browser_page("binta", reports_page(server))
    keys = _begun(server, page, "Niamey")
    keys.press("h")
    row = page.locator(".reports-row-hit")
    expect(row.get_by_label("Kind of hit").locator("option:checked")).to_have_text("Kind of hit not stated")
    row.get_by_label("Time of the hit").fill("0010")
    keys.press("Control+Enter")
    database = row.locator('[data-field$=".database"]')
    expect(database.locator(".reports-flaw")).to_have_text("This field is needed.")
    expect(database.locator("select")).to_be_focused()
    keys.press("s", "Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("Action not stated")
    assert [(line["database"], line["hit_kind"], line["action_taken"]) for line in _lines(server)] == [
        ("sltd", "unknown", "unknown")
    ]


def test_a_letter_in_a_text_or_a_list_is_no_key_and_enter_adds_no_line(server: Server, browser_page: Open) -> None:
    page = browser_page("mateo", reports_page(server))
    keys = _begun(server, page, "Bamako")
    page.locator(".reports-form textarea").focus()
    keys.type("ha")
    expect(page.locator(".reports-form textarea")).to_have_value("ha")
    expect(page.locator(".reports-row-hit, .reports-row-arrest")).to_have_count(0)
    page.locator(".reports-number").first.focus()
    keys.press("a")
    keys.press("2", "Enter")
    for _field in range(20):
        if page.locator('[data-add="arrest"]:focus').count():
            break
        keys.press("Enter")
    expect(page.locator('[data-add="arrest"]')).to_be_focused()
    expect(page.locator(".reports-row-arrest")).to_have_count(1)


class Finger:
    """Taps and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def on(self, name: str) -> None:
        self.taps += 1
        self.page.get_by_role("button", name=name, exact=True).tap()


def _telephone(server: Server, browser_page: Open, name: str) -> Page:
    return browser_page(name, reports_page(server), width=390, height=844)


def test_nothing_to_report_is_two_taps_from_what_is_due(server: Server, browser_page: Open) -> None:
    page = _telephone(server, browser_page, "mateo")
    card = page.locator(".reports-due")
    expect(card).to_contain_text("Bamako")
    expect(card).to_contain_text("until")
    first = page.locator(".reports-desk :is(h2, p)").first
    expect(first).to_have_text("Due now")  # nothing stands before it
    day = page.locator("[data-due]").get_attribute("data-day")
    finger = Finger(page)
    finger.on("Nothing to report")
    expect(page.locator(".reports-nil")).to_be_visible()
    expect(page.get_by_role("button", name="Send report")).to_be_in_viewport()
    finger.on("Send report")
    expect(page.locator(".reports-view")).to_contain_text("Nothing to report")
    assert finger.taps == 2
    made = newest(server)
    assert (made.kind, made.official_day.isoformat(), made.author_name) == ("nil", day, "Mateo Keita")
    expect(card).not_to_contain_text(f"{made.official_day:%-d %b %Y}")  # the next one, or none


def test_a_report_is_one_question_a_screen_and_a_reload_loses_nothing(server: Server, browser_page: Open) -> None:
    page = _telephone(server, browser_page, "bruno")
    finger = Finger(page)
    finger.on("Write the report")
    rows, way = page.locator(".reports-row"), page.locator(".reports-way")
    expect(rows.filter(visible=True)).to_have_count(1)
    expect(way).to_contain_text("1 of ")
    count = rows.filter(visible=True).locator("input")
    for name in ("One less", "One more"):
        box = page.get_by_role("button", name=name).filter(visible=True).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    box = count.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    count.fill("40")
    finger.on("One more")
    finger.on("One more")
    finger.on("One less")
    expect(count).to_have_value("41")
    finger.on("Next")
    expect(rows.filter(visible=True)).to_have_count(1)
    finger.on("One more")
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "saved")

    page.reload()
    expect(page.locator(".reports-unsent")).to_contain_text("Agadez")
    finger.on("Write the report")  # the card goes on with what was begun
    summary = page.locator(".reports-summary")
    expect(summary).to_contain_text("41")
    finger.on("Back")
    expect(page.get_by_role("heading", name="Is there anything else to report?")).to_be_focused()
    page.locator('[data-add="hit"]').tap()
    row = page.locator(".reports-row-hit")
    row.get_by_label("Time of the hit").fill("00:10")
    finger.on("Summary")
    finger.on("Send report")
    expect(row.locator('[data-field$=".database"] .reports-flaw')).to_have_text("This field is needed.")
    expect(row.get_by_label("Database")).to_be_focused()  # on its own screen
    row.get_by_label("Database").select_option("sltd")
    finger.on("Summary")
    expect(summary).to_contain_text("SLTD (travel documents)")
    finger.on("Send report")
    expect(page.get_by_label("Yes, the figures are right")).to_be_visible()  # one hit of 42 queries
    page.get_by_label("Yes, the figures are right").check()
    finger.on("Send report")
    expect(page.locator(".reports-view")).to_contain_text("SLTD")
    counts = sorted(int(str(line["count"])) for line in _lines(server) if line["kind"] == "check_tally")
    assert counts == [1, 41]


def _in_two_windows(server: Server, page: Page) -> Page:
    """The draft of Niamey, opened in a second window of the same browser."""
    cell(server, page, "Niamey", 1).click()
    focused_form(page)
    page.locator(".reports-form textarea").fill("Begun in the first.")
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "saved")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".reports-resume", has_text="Niamey").click()
    expect(other.locator(".reports-form textarea")).to_have_value("Begun in the first.")
    return other


def test_two_windows_on_one_draft_know_of_each_other_and_lose_nothing(server: Server, browser_page: Open) -> None:
    page = browser_page("binta", reports_page(server))
    other = _in_two_windows(server, page)
    for window in (page, other):
        expect(window.locator(".reports-windows")).to_contain_text("open in another window too")
        expect(window.locator(".reports-windows").get_by_role("button", name="Close it here")).to_be_visible()
    other.locator(".reports-form textarea").fill("Written in the second.")
    expect(other.locator(".reports-state")).to_have_attribute("data-state", "saved")
    page.locator(".reports-form textarea").fill("Written in the first.")
    asked = page.locator(".reports-windows")
    expect(asked).to_contain_text("changed in another window meanwhile")
    page.keyboard.press("Control+Enter")  # nothing is sent before somebody chose
    asked.get_by_role("button", name="Keep both").click()
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "saved")
    page.reload()
    drafts = page.locator(".reports-unsent li", has_text="Niamey")
    expect(drafts).to_have_count(2)
    for draft in drafts.all():
        expect(draft).to_contain_text(re.compile(r"Niamey, \d+ \w+ \d{4} · Daily.*saved \d+ \w+ \d{4}, .\d\d:\d\d"))
    kept = []
    for number in range(2):
        page.reload()
        drafts.nth(number).locator(".reports-resume").click()
        focused_form(page)
        kept.append(page.locator(".reports-form textarea").input_value())
    assert sorted(kept) == ["Written in the first.", "Written in the second."]


def test_the_draft_of_the_other_window_can_be_taken(server: Server, browser_page: Open) -> None:
    page = browser_page("boubacar", reports_page(server))
    other = _in_two_windows(server, page)
    other.locator(".reports-form textarea").fill("Better words.")
    expect(other.locator(".reports-state")).to_have_attribute("data-state", "saved")
    page.locator(".reports-form textarea").fill("Worse words.")
    page.locator(".reports-windows").get_by_role("button", name="Take the other one").click()
    expect(page.locator(".reports-form textarea")).to_have_value("Better words.")
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator(".reports-unsent li", has_text="Niamey")).to_have_count(1)
