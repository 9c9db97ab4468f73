"""Forms that come from drafts: a coordinator changes times and countries, and a page that stood open shows both."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from operations.policing.map_plan import coordination_units
from tests.browser.conftest import Open, Server, hands_on_late
from tests.makers import add_task

pytestmark = pytest.mark.slow


def test_what_a_coordinator_saves_is_seen_on_a_page_that_stood_open(server: Server, browser_page: Open) -> None:
    of = f"/operations/{server.scene.operation}"
    other = browser_page("ana", f"{of}/overview")
    other.locator("#operation-reminders-national_after").fill("170")
    plan = browser_page("ana", f"{of}/plan")

    page = browser_page("ana", f"{of}/overview")
    page.locator("#operation-reminders-remind_after").fill("400")
    page.get_by_role("button", name="Save the times").click()
    flaw = page.locator(".operation-reminders [role=alert]", has_text="give later times")
    expect(flaw).to_be_visible()
    page.locator("#operation-reminders-remind_after").fill("45")
    page.get_by_role("button", name="Save the times").click()
    expect(page.get_by_text("The times are saved.")).to_be_visible()
    expect(flaw).to_have_count(0)
    expect(other.locator("#operation-reminders-remind_after")).to_have_value("45")
    expect(other.locator("#operation-reminders-national_after")).to_have_value("170")  # typed there, and not sent
    page.locator("#operation-reminders-remind_after").fill("400")
    page.get_by_role("button", name="Save the times").click()
    expect(flaw).to_be_visible()
    expect(page.get_by_text("The times are saved.")).to_have_count(0, timeout=3000)  # it is no answer to this press

    page.goto(f"{server.address}{of}/countries")
    page.locator("#operation-invite-countries").fill("Chad")
    page.get_by_role("option", name="Chad").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_text("1 invitation is sent.")).to_be_visible()
    plan.get_by_text("Find a place for a site").click()
    plan.locator("#plan-finder-country").click()
    expect(plan.get_by_role("option", name="Chad")).to_be_visible()


def test_what_two_wrote_at_once_stands_side_by_side_and_is_chosen(server: Server, browser_page: Open) -> None:
    scene = server.scene
    with scene.store.reading(scene["ana"]) as session:
        [(drawn, _unit)] = coordination_units.mapped_units(session, scene.operation)
    form = f"/operations/{scene.operation}/units?unit={drawn.object_id}"
    slow, fast = browser_page("ana", form), browser_page("ana", form)
    slow.locator("#unit-note").fill("Ring twice.")
    fast.locator("#unit-note").fill("Ring once.")
    fast.locator("#unit-region").fill("West Africa")
    fast.get_by_role("button", name="Save", exact=True).click()
    fast.wait_for_url("**/units")

    slow.get_by_role("button", name="Save", exact=True).click()
    both = slow.get_by_role("group", name="Note")
    expect(both).to_contain_text("Ring twice.")
    expect(both).to_contain_text("Ring once.")
    expect(slow.locator("#unit-note")).to_have_value("Ring twice.")  # nothing that was typed is lost
    expect(slow.locator("#unit-region")).to_have_value("West Africa")  # nobody typed there: the other's
    both.get_by_role("button", name="Take the other").click()
    expect(slow.locator("#unit-note")).to_have_value("Ring once.")
    both.get_by_role("button", name="Take yours").click()
    expect(slow.locator("#unit-note")).to_have_value("Ring twice.")
    slow.get_by_role("button", name="Save", exact=True).click()
    slow.wait_for_url("**/units")
    with scene.store.reading(scene["ana"]) as session:
        [(_drawn, unit)] = coordination_units.mapped_units(session, scene.operation)
    assert unit is not None
    assert (unit.note, unit.region) == ("Ring twice.", "West Africa")


def test_what_is_sent_is_what_the_screen_shows_on_a_busy_machine(server: Server, browser_page: Open) -> None:
    scene = server.scene
    page = browser_page("ana", f"/operations/{scene.operation}/overview")
    hands_on_late(page)
    page.locator("#operation-reminders-remind_after").fill("47")
    page.get_by_role("button", name="Save the times").click()
    expect(page.get_by_text("The times are saved.")).to_be_visible()
    page.reload()
    expect(page.locator("#operation-reminders-remind_after")).to_have_value("47")

    with scene.store.reading(scene["ana"]) as session:
        [(drawn, _unit)] = coordination_units.mapped_units(session, scene.operation)
    page.goto(f"{server.address}/operations/{scene.operation}/units?unit={drawn.object_id}")
    hands_on_late(page)
    page.locator("#unit-note").fill("Knock.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/units")
    with scene.store.reading(scene["ana"]) as session:
        [(_drawn, unit)] = coordination_units.mapped_units(session, scene.operation)
    assert unit is not None
    assert unit.note == "Knock."


def test_an_operation_is_ended_early_with_one_question(server: Server, browser_page: Open) -> None:
    scene = server.scene
    add_task(scene, phase_id=scene.phase, due=scene.start + timedelta(days=4, hours=20))
    page = browser_page("ana", f"/operations/{scene.operation}/overview")
    page.get_by_text("More", exact=True).click()
    page.get_by_text("End the operation before its planned day").click()
    end = page.get_by_role("button", name="End the operation now")
    end.click()
    question = page.get_by_role("alertdialog")
    expect(question).to_contain_text("1 phase ends now.")
    expect(question).to_contain_text("1 open task is kept.")
    question.get_by_role("button", name="No, go back").click()
    end.click()
    question.get_by_role("button", name="Yes, end it now").click()
    flaw = page.locator("#operation-end [role=alert]")
    expect(flaw).to_have_text("This field is needed.")
    page.locator("#operation-end-reason").fill("A flood closed the border.")
    end.click()
    question.get_by_role("button", name="Yes, end it now").click()
    expect(page.get_by_text("The operation is now: Consolidation")).to_be_visible()
    expect(end).to_be_hidden()
