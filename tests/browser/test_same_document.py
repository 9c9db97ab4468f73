"""The same document hits again next morning (domain 6.6), in browsers: said by phone, asked about once, answered by
hand.
"""

from datetime import timedelta

from playwright.sync_api import Page, expect

from operations.core.people import System
from operations.policing.operation import plan
from tests.browser.conftest import Open, Server
from tests.browser.test_hit_that_was_none import say
from tests.browser.test_report import cell, reports_page, verify_page, walks_to


def _day(server: Server, day: int = 0) -> str:
    return f"{server.scene.start + timedelta(days=day):%-d %b %Y}"


def _sends_a_hit(server: Server, officer: Page, day: int, at: str) -> None:
    cell(server, officer, "Niamey", day).click()
    officer.locator(".reports-way").wait_for()
    walks_to(officer, officer.get_by_role("button", name="Add a hit"))
    officer.get_by_role("button", name="Add a hit").click()
    row = officer.locator(".reports-row-hit").last
    row.get_by_label("Database").select_option("sltd")
    row.get_by_label("Kind of hit").select_option("stolen")
    row.locator('input[type="time"]').fill(at)
    again = row.get_by_label("Same document as an earlier hit")
    if day:
        again.select_option(index=1)
        expect(again.locator("option:checked")).to_contain_text(
            f"SLTD (travel documents) · Stolen document · {_day(server)}"
        )
        row.get_by_label("Kind of hit").select_option("nominal")
        expect(again).to_have_count(0)  # only documents are the same document
        row.get_by_label("Kind of hit").select_option("lost")
        row.get_by_label("Same document as an earlier hit").select_option(index=1)
    else:
        expect(again).to_have_count(0)  # there is no earlier one
    walks_to(officer, officer.get_by_role("button", name="Send report"))
    officer.get_by_role("button", name="Send report").click()
    expect(officer.locator(".reports-view")).to_contain_text(at)


def test_the_same_document_next_morning(server: Server, browser_page: Open) -> None:
    first, second = _day(server), _day(server, 1)
    officer = browser_page("bruno", reports_page(server), width=390, height=844)
    _sends_a_hit(server, officer, 0, "13:10")
    officer.goto(server.address + reports_page(server))
    _sends_a_hit(server, officer, 1, "06:05")
    expect(officer.locator(".reports-view")).to_contain_text("Same document as an earlier hit")
    desk = browser_page("chaima", verify_page(server))
    hits = desk.locator('.verify-item[data-ask*="hit"]')
    expect(hits).to_have_count(2)
    expect(hits.nth(1)).to_contain_text("the same document again")
    hits.nth(1).click()
    side = desk.locator(".verify-side")
    expect(side).to_contain_text(f"One message asks for all of them: it stands with the hit of {first}")
    side.locator(".verify-same button").click()
    side.get_by_text("Message to the issuing country").click()
    expect(side.locator(".verify-message")).to_contain_text(f"The same document hit again: {second}")
    say(desk, "Refuted", second, "06")
    expect(side).to_contain_text(f"Filled in from the answer to the hit of {first}")
    expect(desk.get_by_role("heading", name="Hits waiting for an answer")).to_contain_text("1")  # offered, not recorded
    expect(desk.locator("#verify-answer-confirmation")).to_have_value("Refuted")
    side.get_by_role("button", name="Record the answer").click()
    expect(desk.locator(".verify-list")).to_contain_text("Answers recorded")
    expect(desk.get_by_role("heading", name="Hits waiting for an answer")).to_have_count(0)
    figures = browser_page("ana", f"/operations/{server.scene.operation}/figures?figure=K04&level=V1")
    expect(figures.locator(".figures")).to_contain_text("Same document as an earlier hit")


def test_the_database_of_the_hit_is_asked_while_arrests_are_said_to_follow_one(
    server: Server, browser_page: Open
) -> None:
    with server.scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, server.scene.operation).line_kinds = ["hit", "arrest"]
    page = browser_page("binta", reports_page(server))
    cell(server, page, "Agadez").click()
    page.get_by_role("button", name="Add an arrest").click()
    row = page.locator(".reports-row-arrest")
    row.get_by_label("Persons arrested").fill("20")
    row.locator('[data-field$=".offence"] select').select_option("migrant_smuggling")
    database = row.get_by_label("Database of the hit")
    expect(database).to_have_count(0)
    row.get_by_label("Of these, after a confirmed hit").fill("")
    row.get_by_label("Of these, after a confirmed hit").press_sequentially("12")
    expect(row.get_by_label("Of these, after a confirmed hit")).to_have_value("12")  # it appears, and one types on
    database.select_option("sltd")
    row.get_by_label("Of these, after a confirmed hit").fill("0")
    expect(database).to_have_count(0)
    row.get_by_label("Of these, after a confirmed hit").fill("3")
    database.select_option("nominal")
    page.get_by_role("button", name="Send report").click()
    expect(page.locator(".reports-view")).to_contain_text("Nominal data")
    figures = browser_page("ana", f"/operations/{server.scene.operation}/figures?figure=K11&level=V1")
    expect(figures.locator(".figures")).to_contain_text("Database of the hit")
