"""The hit that was none (domain 6.6), in browsers: five hits at night by a phone, three confirmed, one refuted, one
waits.

And one that is confirmed after the final figures were published: the board calls its figure restated.
"""

import re

from playwright.sync_api import Page, expect
from sqlmodel import col, select

from operations.core import clock
from operations.core.people import System
from operations.core.vocabulary import OperationState, ReportState
from operations.policing.operation import plan
from operations.policing.reports.reports import Report
from operations.results.snapshot_rows import SnapshotState
from tests.browser.conftest import Open, Server
from tests.browser.test_report import cell, newest, reports_page, verify_page, walks_to
from tests.makers import form, hit, send, tally
from tests.operations.steps import climb
from tests.snapshot_stories import frozen

NIGHT = ("01:10", "01:40", "02:05", "02:10", "02:50")


def test_five_hits_of_a_night(server: Server, browser_page: Open) -> None:
    officer = browser_page("bruno", reports_page(server), width=390, height=844)
    cell(server, officer, "Niamey").click()
    officer.locator(".reports-number").first.fill("4800")
    for at in NIGHT:
        walks_to(officer, officer.get_by_role("button", name="Add a hit"))
        officer.get_by_role("button", name="Add a hit").click()
        row = officer.locator(".reports-row-hit").last
        row.get_by_label("Database").select_option("sltd")
        row.get_by_label("Kind of hit").select_option("stolen")
        time = row.locator('input[type="time"]')  # on a phone the hour alone, as on a keyboard: no date of each hit
        time.fill(at)
        row.locator("select").filter(has=officer.locator('option[value="let_go"]')).select_option("let_go")
    walks_to(officer, officer.get_by_role("button", name="Send report"))
    officer.get_by_role("button", name="Send report").click()
    view = officer.locator(".reports-view")
    expect(view).to_contain_text("Allowed to continue")
    for at in NIGHT:
        expect(view).to_contain_text(at)
    assert "Arrests" not in view.inner_text(), "a hit makes no arrest"
    climb(server.scene, newest(server).id, "boubacar")
    desk = browser_page("chaima", verify_page(server))
    desk.locator('.verify-item[data-ask*="hit"]').first.click()
    for count, said in ((5, "Confirmed"), (4, "Confirmed"), (3, "Confirmed"), (2, "Refuted")):
        _answer(desk, count, said, f"{server.scene.start:%-d %b %Y}")
    expect(desk.locator(".verify-list")).to_contain_text(NIGHT[-1])
    with server.scene.store.reading(System()) as session:
        answered = session.exec(select(Report.id).where(col(Report.counted))).one()
    climb(server.scene, answered, "cheikh")
    tiles = browser_page("ana", f"/operations/{server.scene.operation}/situation?level=V3").locator(".kpi-tile")
    for kpi, number in (("K04", "5"), ("K05", "3"), ("K06", "75.0")):
        expect(tiles.locator(f'[data-kpi="{kpi}"]')).to_have_text(number)
    expect(tiles.filter(has_text="Confirmed hits")).to_contain_text("1 pending")


def test_an_answer_after_the_final_figures_were_published_restates_them(server: Server, browser_page: Open) -> None:
    scene, base = server.scene, f"/operations/{server.scene.operation}"
    made = send(scene, form(scene, "Agadez", lines=[tally(300), *(hit(scene.start) for _each in range(2))]))
    climb(scene, made.id, "boubacar", "cheikh")
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = OperationState.DEBRIEFED.value
        validated = session.exec(select(Report.id).where(Report.state == ReportState.NATIONALLY_VALIDATED)).all()
    for each in validated:
        climb(scene, each, "dov")
    frozen(scene, SnapshotState.PUBLISHED, at=clock.now())
    boards = [browser_page(name, f"{base}/situation") for name in ("chaima", "lena")]
    tiles = [board.locator(".kpi-tile").filter(has=board.locator('[data-kpi="K05"]')) for board in boards]
    before = [int(tile.locator('[data-kpi="K05"]').inner_text()) for tile in tiles]
    for tile in tiles:
        expect(tile).not_to_contain_text("restated")

    desk = browser_page("chaima", f"{base}/verify")
    desk.locator(f'.verify-item[data-version="{made.id}"][data-ask*="hit"]').first.click()
    say(desk, "Confirmed", f"{scene.start:%-d %b %Y}")
    expect(desk.locator(".m-notice").filter(has_text="Answer recorded.")).to_be_visible()
    for tile, number in zip(tiles, before, strict=True):
        expect(tile.locator('[data-kpi="K05"]')).to_have_text(str(number + 1))
        expect(tile).to_contain_text(re.compile(r"restated \W*[+]1\W* on .*outcome changed", re.IGNORECASE))
    official = browser_page("lena", f"{base}/official")
    expect(official.locator('[data-kpi="K05"]').first).to_have_text(str(before[1]))  # what was signed stays


def _answer(desk: Page, waiting: int, said: str, today: str) -> None:
    """Write down what the issuing country says of the hit that is open; the message to it stands beside."""
    expect(desk.get_by_role("heading", name="Hits waiting for an answer")).to_contain_text(str(waiting))
    side = desk.locator(".verify-side")
    side.get_by_text("Message to the issuing country").click()
    expect(side.locator(".verify-message")).to_contain_text("Place: Niamey, Niger.")
    expect(side.locator(".verify-message")).to_contain_text(NIGHT[-waiting])
    say(desk, said, today)
    expect(desk.get_by_role("heading", name="Hits waiting for an answer")).to_contain_text(str(waiting - 1))


def say(desk: Page, said: str, day_of: str, hour: str = "09") -> None:
    """Write down that France said it of the hit that is open."""
    side = desk.locator(".verify-side")
    desk.locator("#verify-answer-confirmation").click()
    desk.get_by_role("option", name=said).click()
    desk.locator("#verify-answer-confirming_country").fill("Fran")
    desk.get_by_role("option", name="France").click()
    day = side.get_by_label("Day of the answer")
    day.fill(day_of)
    day.press("Tab")
    for part, value in (("Hours", hour), ("Minutes", "30")):
        side.get_by_label(f"Time of the answer, {part}").fill(value)
    side.get_by_role("button", name="Record the answer").click()
