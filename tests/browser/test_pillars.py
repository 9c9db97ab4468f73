"""Pillars through their lives in a browser: trainers with their cascade runs, curricula, and equipment to its first
query.

Each step is taken by whoever takes it (domain 1.6.9 to 1.6.12), on pages that follow what the others do.
"""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from operations.core.clock import now
from operations.core.people import Account, System
from operations.training import cascades, trainers
from tests.browser.conftest import Open, Server
from tests.people import account
from tests.programme import cascade_draft, course_of, delivered, does, planned, post_of, reads


def state(page: Page, words: str) -> None:
    """What its file says of the state it is in."""
    expect(page.locator(".m-facts dd").first).to_have_text(words)


def typed(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"


def test_a_trainer_is_certified_by_two_and_teaches_at_home(server: Server, browser_page: Open) -> None:
    scene, today = server.scene, now().date()
    with scene.store.unit_of_work(System()) as session:
        second = account("olga")
        second.password_hash = session.get_one(Account, scene["ana"].account_id).password_hash
        session.add(second)
    course = course_of(scene, title="Stolen documents")
    nation = browser_page("chaima", "/courses/trainers")
    nation.get_by_text("Nominate a trainer").click()
    for field, chosen in (("Who", "Boubacar Idi"), ("Course to be taught", course.title)):
        nation.get_by_role("textbox", name=field, exact=True).click()
        nation.get_by_role("option", name=chosen).click()
    nation.get_by_role("button", name="Nominate", exact=True).click()
    nation.locator(".ag-row", has_text="Boubacar Idi").first.click()
    nation.wait_for_url("**/courses/trainers?show=*")
    state(nation, "Nominated")
    [(made, _course, _name)] = reads(scene, "ana", trainers.trainers)

    centre = browser_page("ana", f"/courses/trainers?show={made.id}")
    centre.get_by_role("button", name="Attends the training of trainers").click()
    state(nation, "Attending")  # the open page followed
    centre.locator("summary", has_text="Is assessed").click()
    centre.get_by_role("textbox", name="What was seen of the teaching").fill("Clear and patient; every hit followed.")
    centre.get_by_role("button", name="Is assessed").click()
    state(centre, "Assessed")
    expect(centre.get_by_text("You assessed this trainer")).to_be_visible()
    other = browser_page("olga", f"/courses/trainers?show={made.id}")
    other.get_by_role("button", name="Certify", exact=True).click()
    state(nation, "Certified")

    teacher = browser_page("boubacar", "/courses/cascades")
    teacher.get_by_text("Announce a cascade run").click()
    teacher.get_by_role("textbox", name="Course that you teach").click()
    teacher.get_by_role("option", name=course.title).click()
    teacher.get_by_role("textbox", name="Place").fill("Agadez, police school")
    teacher.get_by_label("First day").fill(typed(today + timedelta(days=9)))
    teacher.get_by_label("Last day").fill(typed(today + timedelta(days=8)))
    teacher.get_by_role("textbox", name="Place").click()
    teacher.get_by_role("button", name="Announce it").click()
    expect(teacher.get_by_text("The run must end on the day it begins or later.").first).to_be_visible()
    teacher.get_by_label("Last day").fill(typed(today + timedelta(days=9)))
    teacher.get_by_role("textbox", name="Place").click()
    teacher.get_by_role("button", name="Announce it").click()
    expect(teacher.locator(".ag-row", has_text="Agadez, police school").first).to_contain_text("Announced")

    before = now() - timedelta(days=5)  # another one is over by now
    run = does(scene, "boubacar", cascades.announce, cascade_draft(made, before), at=before)
    nation.goto(f"{server.address}/courses/cascades?show={run.id}")
    state(nation, "Announced")
    teacher.goto(f"{server.address}/courses/cascades?show={run.id}")
    teacher.get_by_role("textbox", name="Who was there").fill("Bruno")
    teacher.get_by_role("option", name="Bruno Issoufou").click()
    teacher.keyboard.press("Escape")
    teacher.get_by_label(re.compile("^Officers without an account")).fill("4")
    teacher.get_by_role("button", name="It was held").click()
    state(nation, "Held")
    expect(nation.locator(".m-facts").first).to_contain_text("Bruno Issoufou")
    nation.get_by_role("button", name="Confirm it", exact=True).click()
    state(teacher, "Confirmed")
    other.reload()
    state(other, "Active trainer")


def test_a_curriculum_is_shared_with_an_academy_and_taught_there(server: Server, browser_page: Open) -> None:
    course = course_of(server.scene, title="Questions at the counter")
    nation = browser_page("chaima", f"/courses?show={course.id}")
    centre = browser_page("ana", f"/courses?show={course.id}")
    centre.get_by_role("textbox", name="Country", exact=True).fill("Niger")
    centre.get_by_role("option", name="Niger", exact=True).click()
    centre.get_by_label("Academy or school").fill("National Police School, Niamey")
    centre.get_by_role("button", name="Share it").click()
    expect(nation.get_by_role("rowheader", name="National Police School, Niamey")).to_be_visible()
    expect(centre.get_by_role("row", name="National Police School")).to_contain_text("Shared")
    expect(centre.get_by_role("button", name="It is taught there")).to_have_count(0)  # its country says so
    nation.get_by_role("button", name="It is taught there").click()
    expect(centre.get_by_role("row", name="National Police School")).to_contain_text("Taught there")


@pytest.mark.journey
def test_equipment_is_planned_approved_signed_for_and_commissioned_by_a_query(
    server: Server, browser_page: Open
) -> None:
    scene, at = server.scene, now()
    post = post_of(scene, name="Gaya", ref="")
    made = planned(scene, post, at=at)
    lead = browser_page("lena", f"/equipment?show={made.id}")
    lead.get_by_role("button", name="Approve", exact=True).click()
    state(lead, "Approved")
    delivered(scene, made, "procured", "shipped", "customs", at=at)
    nation = browser_page("chaima", f"/equipment?show={made.id}")
    nation.get_by_label("Serial number").fill("R-0211")
    nation.get_by_label("Handed over on").fill(typed(at.date()))
    nation.get_by_label("Serial number").click()
    nation.get_by_role("button", name="Sign for the country").click()
    state(lead, "Handed over")
    delivered(scene, made, "installed", at=at)
    team = browser_page("boubacar", f"/equipment?show={made.id}")
    state(team, "Installed")
    expect(team.get_by_role("button", name="Commission")).to_have_count(0)  # a query says so, nobody else
    team.get_by_label("Day on which a query was made with it").fill(typed(at.date()))
    team.get_by_label("Day on which a query was made with it").press("Tab")
    team.get_by_role("button", name="Report the query").click()
    state(lead, "Commissioned")
    state(nation, "Commissioned")
