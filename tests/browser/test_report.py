"""A report's life in real browsers, by keyboard: sent, verified, validated, corrected; and counted keystrokes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from operations.core.journal import Entry
from operations.core.people import Account, System
from operations.policing.reports.reports import Report
from tests.browser.conftest import Server, Watched, sure
from tests.makers import form, hit, send, tally

Open = Callable[..., Page]


class Keys:
    """Presses keys and counts them; a chord counts each of its keys."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += key.count("+") + 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.pressed += len(text)
        self.page.keyboard.type(text)


def reports_page(server: Server) -> str:
    return f"/operations/{server.scene.operation}/reports"


def verify_page(server: Server) -> str:
    return f"/operations/{server.scene.operation}/verify"


def cell(server: Server, page: Page, site: str, day: int = 0) -> Any:
    date = (server.scene.start + timedelta(days=day)).date().isoformat()
    return page.locator(f'.reports-matrix [data-site="{server.scene.sites[site]}"][data-day="{date}"]')


def newest(server: Server) -> Report:
    with server.scene.store.reading(System()) as session:
        return session.exec(select(Report).order_by(Report.received_at.desc())).first()  # type: ignore[attr-defined, return-value]


def arrived(page: Page) -> None:
    """The keyboard stands on the cell that is due."""
    expect(page.locator(".reports-matrix [data-site]:focus")).to_be_attached()
    page.wait_for_timeout(1200)  # the shell and the page have settled where the focus begins


def focused_form(page: Page) -> None:
    expect(page.locator(".reports-form")).to_be_visible()
    expect(page.locator(".reports-form :focus")).to_be_attached()


def walks_to(page: Page, what: Locator) -> None:
    """On a telephone: from question to question, until this is on the screen."""
    for _question in range(40):
        if what.is_visible():
            return
        page.locator('[data-way="next"]').tap()
    raise AssertionError(f"No question shows {what}.")


@pytest.mark.journey
def test_a_nil_report_takes_three_keystrokes(server: Server, browser_page: Open) -> None:
    page = browser_page("bruno", reports_page(server))
    arrived(page)
    keys = Keys(page)
    keys.press("n")
    focused_form(page)
    keys.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("Nothing to report")
    assert keys.pressed <= 3
    made = newest(server)
    assert (made.kind, made.state) == ("nil", "submitted")
    expect(page.locator(".reports-cell-nil[data-site]")).to_have_count(1)


def test_a_check_tally_takes_ten_keystrokes_and_the_report_climbs_and_is_corrected(
    server: Server, browser_page: Open
) -> None:
    page = browser_page("bruno", reports_page(server))
    arrived(page)
    cell(server, page, "Agadez", 1).focus()
    keys = Keys(page)
    keys.press("Enter")
    focused_form(page)
    keys.type("1420")
    keys.press("Enter")
    keys.type("85")
    keys.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("1,505")
    assert keys.pressed <= 10, keys.pressed

    leader = browser_page("boubacar", verify_page(server))
    expect(leader.locator(".verify-middle .reports-view")).to_be_visible()
    expect(leader.locator(".verify-item:focus")).to_be_attached()
    _choose(leader, newest(server))
    leader.wait_for_timeout(600)
    leader.keyboard.press("v")
    expect(leader.locator(f'.verify-item[data-version="{newest(server).id}"]')).to_have_count(0)
    expect(page.locator(".reports-view-head")).to_contain_text("Locally verified")  # live, in the other browser

    coordinator = browser_page("chaima", verify_page(server))
    expect(coordinator.locator(".verify-item:focus")).to_be_attached()
    _choose(coordinator, newest(server))
    coordinator.wait_for_timeout(600)
    coordinator.keyboard.press("v")
    expect(page.locator(".reports-view-head")).to_contain_text("Nationally validated")

    # What the country has validated is the team leader's or the coordinator's to correct, and that is said.
    expect(page.get_by_role("button", name="Correct")).to_have_count(0)
    expect(page.locator(".reports-acts")).to_contain_text("The country has validated this report")
    corrector = browser_page("boubacar", f"{reports_page(server)}?report={newest(server).id}")
    corrector.get_by_role("button", name="Correct").focus()
    corrector.keyboard.press("Enter")
    focused_form(corrector)
    corrector.keyboard.type("Typing")
    corrector.locator(".reports-number").first.fill("1402")
    corrector.keyboard.press("Control+Enter")
    expect(corrector.locator(".reports-view")).to_contain_text("1,402")
    expect(corrector.locator(".reports-view .reports-was").first).to_contain_text("1,420")
    expect(corrector.locator(".reports-history > li")).to_have_count(2)


def test_an_officer_corrects_what_is_not_yet_validated(server: Server, browser_page: Open) -> None:
    page = browser_page("bruno", reports_page(server))
    cell(server, page, "Agadez").click()
    focused_form(page)
    page.keyboard.type("12")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Correct").click()
    focused_form(page)
    page.keyboard.type("Typing")
    page.locator(".reports-number").first.fill("21")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view .reports-was").first).to_contain_text("12")
    expect(page.locator(".reports-view .reports-is").first).to_contain_text("21")
    page.get_by_text("Withdraw", exact=True).click()
    page.get_by_label("Reason").fill("Entered for the wrong site.")
    page.get_by_role("button", name="Withdraw this report").click()
    sure(page)
    expect(page.locator(".reports-view-head")).to_contain_text("Withdrawn")


def _choose(page: Page, found: Report) -> None:
    """Walk the list with J until a report is in the middle."""
    wanted = page.locator(f'.reports-view[data-version="{found.id}"]')
    for _step in range(6):
        page.wait_for_timeout(400)
        if wanted.count():
            return
        page.keyboard.press("j")
    raise AssertionError("The report is not on the list.")


def test_a_returned_report_comes_back_with_its_reason(server: Server, browser_page: Open) -> None:
    page = browser_page("bruno", reports_page(server))
    cell(server, page, "Agadez").click()
    focused_form(page)
    page.keyboard.type("77")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("77")
    leader = browser_page("boubacar", verify_page(server))
    expect(leader.locator(".verify-item:focus")).to_be_attached()
    _choose(leader, newest(server))
    leader.keyboard.press("r")
    reason = leader.locator("#verify-return-reason")
    expect(reason).to_be_focused()
    leader.keyboard.type("Impl")
    expect(leader.get_by_role("option", name="Implausible")).to_be_visible()
    leader.keyboard.press("ArrowDown")
    leader.keyboard.press("Enter")
    expect(reason).to_have_value("Implausible")
    leader.get_by_label("Note to the author").fill("Count again, please.")
    leader.keyboard.press("Control+Enter")
    expect(page.locator(".reports-set-aside")).to_contain_text(
        "Returned by Boubacar Idi: Implausible. Count again, please."
    )
    expect(page.locator(".reports-cell-returned[data-site]")).to_have_count(1)


def test_every_flaw_stands_beside_its_field_and_what_was_typed_stays(server: Server, browser_page: Open) -> None:
    page = browser_page("binta", reports_page(server))
    cell(server, page, "Niamey", 1).click()
    focused_form(page)
    page.keyboard.type("-5")
    page.locator('[data-field="period_from"] input').fill("yesterday noon")
    page.keyboard.press("Control+Enter")
    flawed = page.locator('[data-field$=".count"].reports-field-flawed').first
    expect(flawed.locator(".reports-flaw")).to_have_text("This must be 0 or more.")
    expect(page.locator('[data-field="period_from"] .reports-flaw')).to_have_text("This is not a date and time.")
    expect(flawed.locator("input")).to_have_value("-5")
    expect(page.locator('[data-field="period_from"] input')).to_have_value("yesterday noon")
    expect(page.locator('[data-field="period_from"] input')).to_be_focused()


def test_an_excel_block_fills_the_tallies(server: Server, browser_page: Open) -> None:
    page = browser_page("binta", reports_page(server))
    cell(server, page, "Niamey", 1).click()
    focused_form(page)
    page.evaluate("""() => {
      const data = new DataTransfer();
      data.setData("text/plain", "Nominal data\\tPerson\\tE-gate\\t1,200\\nNotices\\tPerson\\t35\\n7");
      document.querySelector(".reports-number").dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    }""")
    values = page.locator(".reports-number").evaluate_all("nodes => nodes.map((node) => node.value).filter(Boolean)")
    assert sorted(values) == ["1,200", "35", "7"]
    expect(page.locator('[data-field$=".check_kind"] select')).to_have_value("")  # what a bare 7 counts is asked
    page.keyboard.press("Control+s")
    expect(page.locator(".reports-state")).to_contain_text("saved")
    page.locator(".reports-foot").get_by_role("button", name="Discard").click()
    expect(page.locator(".reports-form")).to_have_count(0)


def test_a_double_submit_is_one_report_and_a_lost_network_loses_nothing(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += [
        "ERR_INTERNET_DISCONNECTED",
        "Failed to fetch",
        "WebSocket",
        "Callback failed",
        "server did not respond",
    ]
    page = browser_page("binta", reports_page(server))
    cell(server, page, "Niamey", 1).click()
    focused_form(page)
    page.locator(".reports-number").first.fill("64")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "waiting")
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(500)
    page.context.set_offline(False)
    expect(page.locator(".reports-view")).to_contain_text("64")
    with server.scene.store.reading(System()) as session:
        found = session.exec(select(Report).where(Report.author_name == "Binta Oumarou")).all()
    assert len(found) == 1


def test_an_unsent_report_is_kept_and_resumed(server: Server, browser_page: Open) -> None:
    page = browser_page("boubacar", reports_page(server))
    arrived(page)
    cell(server, page, "Agadez").focus()
    page.keyboard.press("n")
    focused_form(page)
    page.locator(".reports-form textarea").fill("Quiet night")
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "saved")
    page.reload()
    expect(page.locator(".reports-unsent")).to_contain_text("1 unsent report")
    page.locator(".reports-resume").click()
    expect(page.locator(".reports-form textarea")).to_have_value("Quiet night")
    page.locator(".reports-drop").click()
    expect(page.locator(".reports-unsent")).to_have_count(0)


def test_the_form_fits_a_phone_and_reads_from_the_right(server: Server, browser_page: Open) -> None:
    with server.scene.store.unit_of_work(System()) as session:
        account = session.exec(select(Account).where(Account.username == "bruno")).one()
        account.language = "ar"
        session.add(account)
    page = browser_page("bruno", reports_page(server), width=390, height=844)
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator(".reports-matrix button.reports-cell-missing").last.tap()
    page.locator(".reports-way").wait_for()
    stays_inside(page, ".reports-desk")
    walks_to(page, page.locator('[data-add="hit"]'))
    stays_inside(page, ".reports-desk")
    page.locator('[data-add="hit"]').tap()
    stays_inside(page, ".reports-desk")
    hour = page.locator('.reports-row-hit input[type="time"]').bounding_box()
    assert hour is not None
    assert hour["height"] >= 44, "as high as the fields around it"
    walks_to(page, page.locator('[data-field="period_from"]'))
    stays_inside(page, ".reports-desk")
    for name in ("period_from", "period_to"):
        day = page.locator(f'[data-field="{name}"] input').bounding_box()
        assert day is not None
        assert day["width"] > 250, "a day is read with its hour"
    leader = browser_page("boubacar", verify_page(server), width=390, height=844)
    leader.locator(".verify-middle").wait_for()
    stays_inside(leader, ".verify-desk")


def test_an_answer_is_recorded_and_becomes_another_one(server: Server, browser_page: Open) -> None:
    begins = server.scene.start + timedelta(hours=1)
    span = {"period_from": begins.isoformat(), "period_to": (begins + timedelta(hours=4)).isoformat()}
    lines = [tally(900), hit(begins + timedelta(hours=1))]
    send(server.scene, form(server.scene, "Niamey", lines=lines, **span))
    page = browser_page("chaima", verify_page(server))
    side = page.locator(".verify-side")
    page.locator('.verify-item[data-ask*="hit"]').first.click()
    expect(page.locator("#verify-answer-confirming_country")).to_be_hidden()  # until an answer is chosen that has one
    page.locator("#verify-answer-confirmation").click()
    page.get_by_role("option", name="Confirmed").click()
    page.locator("#verify-answer-confirming_country").fill("Fran")
    page.get_by_role("option", name="France").click()
    day = side.get_by_label("Day of the answer")
    day.fill((begins + timedelta(hours=2)).strftime("%-d %b %Y"))
    day.press("Tab")
    for part, value in (("Hours", "15"), ("Minutes", "30")):
        side.get_by_label(f"Time of the answer, {part}").fill(value)
    side.get_by_role("button", name="Record the answer").click()
    expect(page.locator(".m-notice").filter(has_text="Answer recorded.")).to_be_visible()

    page.get_by_text("Answers recorded").click()
    page.locator(".verify-answered .verify-item").first.click()
    expect(side).to_contain_text("Recorded: Confirmed.")
    expect(page.locator("#verify-answer-confirming_country")).to_have_value("France")
    page.locator("#verify-answer-confirmation").click()
    page.get_by_role("option", name="Refuted").click()
    side.get_by_label("Reason").fill("The bureau wrote anew.")
    side.get_by_role("button", name="Change the answer").click()
    sure(page)
    expect(page.locator(".verify-answered .verify-item").first).to_contain_text("Refuted")
    with server.scene.store.reading(System()) as session:
        said = [
            entry.detail["reason"]
            for entry in session.exec(select(Entry).where(Entry.act == "hit.confirm"))
            if "reason" in entry.detail
        ]
    assert said == ["The bureau wrote anew."]


def test_an_answer_that_was_begun_stays_with_its_hit_and_asks_what_it_needs(server: Server, browser_page: Open) -> None:
    begins = server.scene.start + timedelta(hours=5)
    span = {"period_from": begins.isoformat(), "period_to": (begins + timedelta(hours=3)).isoformat()}
    made = send(server.scene, form(server.scene, "Niamey", lines=[tally(5), hit(begins), hit(begins)], **span))
    page = browser_page("chaima", verify_page(server))
    hits = page.locator(f'.verify-item[data-version="{made.id}"][data-ask*="hit"]')
    answer, country = page.locator("#verify-answer-confirmation"), page.locator("#verify-answer-confirming_country")
    hits.first.click()
    expect(page.locator(f'.verify-middle [data-version="{made.id}"] .reports-line-marked')).to_have_count(1)
    answer.click()
    page.get_by_role("option", name="Confirmed").click()
    country.fill("Fran")
    page.get_by_role("option", name="France").click()

    hits.nth(1).click()
    expect(answer).to_have_value("")  # nothing of the first was said of the second
    expect(country).to_be_hidden()
    hits.first.click()
    expect(answer).to_have_value("Confirmed")
    expect(country).to_have_value("France")
    expect(country).to_be_visible()


def stays_inside(page: Page, desk: str) -> None:
    """Nothing of a desk sticks out of the window, but for what scrolls by itself."""
    page.wait_for_timeout(500)
    outside = page.locator(f"{desk} *").evaluate_all(
        "nodes => nodes.filter((node) => node.checkVisibility() && !node.closest('.m-scroll, .m-visually-hidden'))"
        ".map((node) => [node.getBoundingClientRect(), node.className])"
        ".filter(([box]) => box.right > innerWidth + 1 || box.left < -1).map(([, name]) => String(name))"
    )
    assert outside == []


def test_a_line_says_what_it_is_asked_and_a_sum_keeps_the_sign_of_its_parts(server: Server, browser_page: Open) -> None:
    page = browser_page("mateo", reports_page(server))
    cell(server, page, "Bamako").click()
    focused_form(page)
    page.locator(".reports-row-check_tally .reports-number").first.fill("~1000")
    expect(page.locator('[data-kind="check_tally"] .reports-total')).to_have_text("~\u202f1,000")
    page.locator('[data-add="hit"]').click()
    row = page.locator(".reports-row-hit")
    expect(row.get_by_text("Colour of the notice")).to_have_count(0)
    row.get_by_label("Database").select_option("sltd")
    row.get_by_label("Time of the hit").fill("00:10")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("SLTD")
    expect(page.locator(".reports-view h3").first).to_have_text("Checks\u2066~\u202f1,000\u2069")
    expect(page.locator(".reports-view")).not_to_contain_text("Red Notice")


def test_a_nil_report_of_a_phone_without_network_is_sent_when_it_is_back(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += [
        "ERR_INTERNET_DISCONNECTED",
        "Failed to fetch",
        "WebSocket",
        "Callback failed",
        "server did not respond",
    ]
    page = browser_page("binta", reports_page(server), width=390, height=844)
    cell(server, page, "Niamey", -1).tap()
    expect(page.locator(".reports-form")).to_be_visible()
    page.context.set_offline(True)
    kind = page.locator('.reports-kinds label:has(input[value="nil"])')
    walks_to(page, kind)
    kind.tap()
    expect(page.locator(".reports-form .reports-nil")).to_be_visible()
    page.locator(".reports-form textarea").first.fill("Quiet night")
    page.get_by_role("button", name=re.compile("^Send")).tap()
    expect(page.locator(".reports-state")).to_have_attribute("data-state", "waiting")
    stays_inside(page, ".reports-desk")
    page.context.set_offline(False)
    expect(page.locator(".reports-view")).to_contain_text("Nothing to report")
    made = newest(server)
    assert (made.kind, made.author_name, made.remarks) == ("nil", "Binta Oumarou", "Quiet night")
