"""What a person at a keyboard sees and keeps: a refusal stays until it is mended, and the focus goes on to the next
thing.

Others send reports meanwhile, as the real verbs do it, from a process of their own.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import col, func, select

from operations.core.people import Account, System
from operations.policing.operation import plan
from operations.policing.reports.forms import SavedForm
from operations.policing.reports.reports import Report
from tests.browser.conftest import PATIENCE, Server, Watched
from tests.browser.test_report import arrived, cell, focused_form, reports_page, verify_page
from tests.makers import form, send, tally
from tests.servers import PASSWORD
from tests.teams import keep_team, need, needs_of, offer, raise_request

Open = Callable[..., Page]
MANY = 20
MOST_TABS = 150


def kept(server: Server, text: str) -> Callable[[], bool]:
    """Whether an unsent form that holds `text` reached the server."""

    def asked() -> bool:
        with server.scene.store.reading(System()) as session:
            return any(text in str(found.content) for found in session.exec(select(SavedForm)))

    return asked


def until(page: Page, true: Callable[[], bool]) -> None:
    """Wait for something that the page does not show."""
    for _turn in range(200):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError("It did not come to pass.")


def count(server: Server) -> int:
    """How many versions of reports there are."""
    with server.scene.store.reading(System()) as session:
        return session.exec(select(func.count()).select_from(Report)).one()


def test_a_refused_report_stays_not_sent_with_its_reason_until_it_is_sent(server: Server, browser_page: Open) -> None:
    page = browser_page("binta", reports_page(server))
    arrived(page)
    cell(server, page, "Niamey", 1).click()
    focused_form(page)
    state, reason = page.locator(".reports-state"), page.locator('[data-field="period_from"] .reports-flaw')
    page.keyboard.type("12")
    page.locator('[data-field="period_from"] input').fill("2020-01-01 06:00")  # what only sending finds
    page.keyboard.press("Control+Enter")  # at once: what was typed is not kept yet
    expect(state).to_contain_text("not sent")
    expect(reason).to_contain_text("This is outside the phase")
    expect(page.locator('[data-field="period_from"] input')).to_be_focused()
    until(page, kept(server, "2020-01-01 06:00"))
    page.wait_for_timeout(1500)  # whatever is kept by itself has been answered
    expect(state).to_contain_text("not sent")
    expect(state).to_have_attribute("data-state", "invalid")
    expect(reason).to_contain_text("This is outside the phase")

    page.locator(".reports-form textarea").fill("Quiet morning.")  # something else, which is kept as well
    until(page, kept(server, "Quiet morning."))
    expect(state).to_contain_text("saved")
    expect(state).to_contain_text("not sent")
    expect(state).to_have_attribute("data-state", "invalid")
    expect(reason).to_contain_text("This is outside the phase")

    morning = (server.scene.start + timedelta(days=1)).strftime("%Y-%m-%d 00:30")
    page.locator('[data-field="period_from"] input').fill(morning)
    expect(reason).to_be_empty()
    expect(state).to_contain_text("not sent")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("Quiet morning.")


def test_twenty_reports_are_sent_in_a_row_while_others_send_theirs(server: Server, browser_page: Open) -> None:
    page = browser_page("bruno", reports_page(server))
    arrived(page)
    before = count(server)
    for turn in range(MANY):
        expect(page.locator('.reports-matrix [data-site][tabindex="0"]:focus')).to_be_attached()
        send(server.scene, form(server.scene, "Niamey", lines=[tally(turn + 1)]), by="binta")
        page.keyboard.press("n")
        focused_form(page)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".reports-form")).to_have_count(0)
        until(page, lambda turn=turn: count(server) >= before + 2 * (turn + 1))  # type: ignore[misc]
        expect(page.locator('.reports-matrix [data-site][tabindex="0"]:focus')).to_be_attached()
    assert count(server) == before + 2 * MANY
    nil = str(page.locator(".reports-view").get_attribute("data-version"))
    with server.scene.store.reading(System()) as session:
        shown = session.exec(select(Report).where(col(Report.id) == UUID(nil))).one()
    mark = page.locator('.reports-matrix [aria-current="true"]')
    expect(mark).to_have_attribute("data-site", str(shown.site_id))  # what is open, not what is due
    expect(mark).to_have_attribute("data-day", shown.official_day.isoformat())


@pytest.mark.journey
def test_the_mark_stands_on_what_is_open_and_the_focus_on_what_is_due(server: Server, browser_page: Open) -> None:
    page = browser_page("mateo", reports_page(server))
    arrived(page)
    expect(page.locator('.reports-matrix [aria-current="true"]')).to_have_count(0)  # nothing is open yet
    due = page.locator(".reports-matrix [data-due]")  # the earliest that is missing
    expect(due).to_be_focused()
    cell(server, page, "Bamako", 1).focus()
    page.keyboard.press("n")
    focused_form(page)
    expect(cell(server, page, "Bamako", 1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("Nothing to report")
    expect(cell(server, page, "Bamako", 1)).to_have_attribute("aria-current", "true")
    expect(page.locator('.reports-matrix [aria-current="true"]')).to_have_count(1)
    expect(due).to_be_focused()
    assert due.get_attribute("data-day") != cell(server, page, "Bamako", 1).get_attribute("data-day")
    page.keyboard.press("n")
    focused_form(page)
    expect(due).to_have_attribute("aria-current", "true")
    page.locator(".reports-foot").get_by_role("button", name="Discard").click()
    expect(page.locator(".reports-form")).to_have_count(0)
    expect(due).to_be_focused()
    expect(page.locator('.reports-matrix [aria-current="true"]')).to_have_count(0)


def test_twenty_reports_are_verified_in_a_row_while_others_arrive(server: Server, browser_page: Open) -> None:
    for turn in range(MANY):
        send(server.scene, form(server.scene, "Agadez", lines=[tally(turn + 1)]), by="bruno")
    page = browser_page("boubacar", verify_page(server))
    seen: set[str] = set()
    for turn in range(MANY):
        view = page.locator(".verify-middle [data-version]")
        page.wait_for_function(
            "seen => !seen.includes(document.querySelector('.verify-middle [data-version]')?.dataset.version ?? seen[0])",
            arg=[*seen, ""],
        )
        shown = str(view.get_attribute("data-version"))
        expect(page.locator(f'.verify-item[data-version="{shown}"]')).to_be_focused()
        page.wait_for_timeout(500)  # it has been in the middle for a moment
        if turn % 2:
            send(server.scene, form(server.scene, "Niamey", lines=[tally(turn + 1)]), by="binta")
        seen.add(shown)
        page.keyboard.press("v")
        expect(page.locator(f'.verify-item[data-version="{shown}"]')).to_have_count(0)
        assert page.evaluate("document.activeElement !== document.body"), f"the keys are dead after {turn + 1}"
    assert len(seen) == MANY
    with server.scene.store.reading(System()) as session:
        climbed = session.exec(select(func.count()).where(col(Report.verified_by).is_not(None))).one()
    assert climbed == MANY


def test_a_latin_name_in_an_arabic_page_is_cut_at_its_end(server: Server, browser_page: Open) -> None:
    with server.scene.store.unit_of_work(System()) as session:
        account = session.exec(select(Account).where(Account.username == "moussa")).one()
        account.language = "ar"
        session.add(account)
    page = browser_page("moussa", reports_page(server))
    page.locator(".reports-matrix").wait_for()
    outside = page.evaluate("""() => ["plan-name", "kpi-unit", "assign-bar-name"].filter((name) => {
      const around = document.createElement("div");
      around.className = "plan-item";
      around.style.inlineSize = "80px";
      around.innerHTML = `<span class="${name}" style="display:block;inline-size:80px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis"></span>`;
      document.querySelector("#main").append(around);
      const node = around.firstChild;
      node.textContent = "Aeropuerto Internacional de Tijuana";
      const first = document.createRange();
      first.setStart(node.firstChild, 0);
      first.setEnd(node.firstChild, 1);
      const [letter, box] = [first.getBoundingClientRect(), node.getBoundingClientRect()];
      return letter.left < box.left - 1 || letter.right > box.right + 1;
    })""")
    assert outside == [], "the beginning of the name is not seen"


def to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go on with a key until something has the focus, as everybody without a mouse gets there."""
    expect(wanted).to_be_visible()
    for _press in range(MOST_TABS):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{wanted} is not reached by {key}.")


def chosen(page: Page, field: Locator, words: str) -> None:
    """Choose an entry of a list by its words."""
    to(page, field)
    page.keyboard.type(words)
    expect(page.get_by_role("option", name=words, exact=True)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


@pytest.mark.journey
def test_from_signing_in_to_a_new_operation_and_a_team_that_is_accepted_by_keys_alone(
    server: Server, browser: Browser, watched: Watched
) -> None:
    asked = raise_request(
        server.scene,
        need(starts=datetime.now(UTC) + timedelta(days=1), ends=datetime.now(UTC) + timedelta(days=4)),
        at=datetime.now(UTC),
    )
    offer(server.scene, needs_of(server.scene, asked)[0].id, keep_team(server.scene), at=datetime.now(UTC))
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watched.look(page)
    page.goto(f"{server.address}/sign-in?next=/start?template=border_stop")
    expect(page.locator("#username")).to_be_focused()
    page.keyboard.type("ana")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    to(page, page.locator("#start-code_name"))
    page.keyboard.type("Keys alone")
    to(page, page.locator("#start-first_day"))
    page.keyboard.type("30 Mar 2027")
    chosen(page, page.locator("#start-zone"), "Africa/Niamey")
    send(server.scene, form(server.scene, "Niamey"), by="binta")  # others report meanwhile
    chosen(page, page.locator("#start-countries"), "Niger")
    page.keyboard.press("Escape")
    chosen(page, page.locator("#start-teams_country"), "Niger")
    to(page, page.locator("#start-teams_place"))
    page.keyboard.type("Agadez")
    to(page, page.get_by_role("button", name="Create the operation"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/overview$"))
    with server.scene.store.reading(System()) as session:
        assert session.exec(select(plan.Operation).where(plan.Operation.code_name == "Keys alone")).one()

    page.goto(f"{server.address}/operations/{server.scene.operation}/teams")
    to(page, page.locator(".teams-need", has_text="0 of 1 team").first)
    page.keyboard.press("Enter")
    send(server.scene, form(server.scene, "Niamey"), by="binta")
    to(page, page.locator("#teams-view").get_by_role("button", name="Accept", exact=True))
    page.keyboard.press("Enter")
    to(page, page.locator("dialog.m-confirm .m-confirm-yes"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Order it to go")).to_be_visible()
    context.close()
