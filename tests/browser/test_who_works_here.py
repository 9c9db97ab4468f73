"""Real people are put where the work is: a coordinator makes a sweep and staffs it, a country posts to its sites.

What is begun and ended holds from the next request on, and everybody is told. The screens are judged by axe in the
light, in the dark, on a telephone and from right to left.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.policing.operation import plan
from operations.posts.register import Post
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_everywhere import _QUIET, Look, _judged, _left_in_english, _speak, _too_small, _too_wide
from tests.browser.test_fugitives import notice
from tests.makers import form, send, tally
from tests.programme import post_of

pytestmark = pytest.mark.slow
NAME = "Infra Sahel"
MORE = re.compile("There are more than 50: type a part of the name")


def people_like(server: Server, username: str, names: dict[str, str]) -> None:
    """Open accounts with the role and country of one that there is; `names` by user name."""
    with server.scene.store.unit_of_work(System()) as session:
        known = session.exec(select(Account).where(Account.username == username)).one().model_dump()
        session.add_all(Account(**known | {"id": new_id(), "username": each, "name": names[each]}) for each in names)


@pytest.fixture(scope="module", autouse=True)
def colleagues(server: Server) -> None:
    """A second coordinator and a second analyst, and reports of two sites."""
    people_like(server, "ana", {"bea": "Bea Berg"})
    people_like(server, "dov", {"carl": "Carl Berg"})
    begins = server.scene.start + timedelta(hours=1)
    span = {"period_from": begins.isoformat(), "period_to": (begins + timedelta(hours=8)).isoformat()}
    for site, by in (("Niamey", "bruno"), ("Agadez", "binta")):
        send(server.scene, form(server.scene, site, lines=[tally(480)], **span), by=by)


def test_a_sweep_is_staffed_by_its_coordinator(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", "/templates")
    _started(page)
    _staff(page)
    expect(page.locator("#people-centre tbody tr")).to_have_count(1)
    page.get_by_role("button", name="End the work of Ana Ferreira here").click()
    sure(page)
    notice(page, "Ana Ferreira is the only coordinator")
    page.get_by_text("Put somebody on this operation").click()
    _choose(page, "assign-people", "Bea Berg", "Carl Berg")
    page.get_by_role("button", name="Put on the operation").click()
    notice(page, "They are told in their inbox.")
    expect(page.locator("#people-centre tbody tr")).to_have_count(3)

    analyst = browser_page("carl", "/today")
    analyst.get_by_role("link", name=re.compile("You have a new place of work")).click()
    expect(analyst.locator("#main h1")).to_have_text("Where you work")
    analyst.locator(".m-panel", has_text=NAME).get_by_role("link", name="Open the operation").click()
    expect(analyst.locator("#shell-operation")).to_contain_text(NAME)

    other = browser_page("bea", "/account/where-you-work")
    other.locator(".m-panel", has_text=NAME).get_by_role("link", name="Open the operation").click()
    _staff(other)
    other.get_by_role("link", name="Change the days of Carl Berg").click()
    _choose(other, "assignment-countries", "Niger")
    other.get_by_role("button", name="Save").click()
    expect(other.locator("#people-centre tr", has_text="Carl Berg")).to_contain_text("for Niger")
    # Ana has the old table no more: it followed. She leaves, because somebody stays.
    expect(page.locator("#people-centre tr", has_text="Carl Berg")).to_contain_text("for Niger")
    page.get_by_role("button", name="End the work of Ana Ferreira here").click()
    sure(page)
    page.wait_for_url(re.compile("/account/where-you-work$"))
    expect(page.locator("#main")).not_to_contain_text(NAME)
    with server.scene.store.reading(System()) as session:
        sweep = session.exec(select(plan.Operation).where(plan.Operation.code_name == NAME)).one()
    page.goto(f"{server.address}/operations/{sweep.id}/overview")
    expect(page.locator("#main")).to_contain_text("There is nothing here that you can see.")


def test_whoever_is_not_among_the_first_is_found_by_typing(server: Server, browser_page: Open) -> None:
    """Among more people than the field lists; who is chosen stays, also while somebody else is looked for."""
    people_like(server, "ana", {f"crowd.{number}": f"Yves {number:02} Crowd" for number in range(70)})
    page = browser_page("ana", f"/operations/{server.scene.operation}/people")
    page.get_by_text("Put somebody on this operation").click()
    expect(page.locator("#assign-people")).to_have_accessible_description(MORE)
    for number in (68, 69):
        page.locator("#assign-people").fill(f"yves {number}")
        expect(page.get_by_role("option", name=f"Yves {number} Crowd")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
    page.locator("#assign-people").fill("bea")
    expect(page.get_by_role("option", name="Bea Berg")).to_be_visible()
    expect(page.locator("#assign-people")).not_to_have_accessible_description(MORE)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Put on the operation").click()
    notice(page, "They are told in their inbox.")
    for number in (68, 69):
        expect(page.locator("#people-centre")).to_contain_text(f"Yves {number} Crowd")


def test_whom_an_incident_is_about_is_found_by_typing(server: Server, browser_page: Open) -> None:
    people_like(server, "chaima", {f"abdou.{number}": f"Abdou {number:02} Crowd" for number in range(70)})
    page = browser_page("bruno", "/incidents")
    page.get_by_text("Report a serious incident").click()
    field = page.locator("#incident-concerned")
    expect(field).to_have_accessible_description(MORE)
    expect(field).to_have_accessible_description(re.compile("They will never handle or read it"))
    for number in (68, 69):
        field.fill(f"abdou {number}")
        expect(page.get_by_role("option")).to_have_count(1)
        page.get_by_role("option", name=f"Abdou {number} Crowd").click()
    expect(field).to_have_accessible_description(MORE)  # the search is over: there are many again
    for number in (68, 69):
        expect(page.locator(".mantine-Pill-root", has_text=f"Abdou {number} Crowd")).to_be_visible()


def test_a_post_is_found_by_typing_and_stays_chosen(server: Server, browser_page: Open) -> None:
    like = post_of(server.scene).model_dump()
    with server.scene.store.unit_of_work(System()) as session:
        names = [f"Crossing {number:02}" for number in range(70)]
        session.add_all(Post(**like | {"id": new_id(), "name": name}) for name in names)
    page = browser_page("ana", "/equipment")
    page.get_by_text("Plan equipment").click()
    field = page.get_by_role("textbox", name="Post", exact=True)
    expect(field).to_have_accessible_description(MORE)
    field.fill("crossing 6")
    expect(page.get_by_role("option")).to_have_count(10)
    page.get_by_role("option", name="Crossing 69").click()
    expect(field).to_have_value("Crossing 69 · Niger")
    expect(field).to_have_accessible_description(MORE)  # the name of what is chosen is no search
    field.fill("crossing 0")
    page.keyboard.press("Escape")
    field.blur()
    expect(field).to_have_value("Crossing 69 · Niger")


def test_two_coordinators_of_a_country_are_named_and_a_link_names_all(server: Server, browser_page: Open) -> None:
    people_like(server, "moussa", {f"zara.{number}": f"Zara {number}" for number in range(4)})
    page = browser_page("ana", f"/operations/{server.scene.operation}/people")
    row = page.locator("#people-countries tr", has_text="Mali")
    expect(row).to_contain_text(re.compile(r"Moussa Traore.*Zara 0.*and 3 more"))
    expect(row).not_to_contain_text("Zara 1")
    row.get_by_role("link", name="and 3 more: all national coordinators of Mali").click()
    expect(row).to_contain_text(re.compile(r"Moussa Traore.*Zara 0.*Zara 1.*Zara 2.*Zara 3"))
    expect(row.get_by_role("link")).to_have_count(0)


def test_a_country_posts_to_its_gaps_and_what_ends_is_gone_at_the_next_request(
    server: Server, browser_page: Open
) -> None:
    here = f"/operations/{server.scene.operation}"
    desk = browser_page("chaima", f"{here}/people")
    expect(desk.locator(".people-gaps")).to_contain_text("No officer at Agadez")
    desk.get_by_role("link", name="Post people to Agadez").click()
    expect(desk.locator(".people-form").first).to_contain_text("Agadez")
    _choose(desk, "post-people", "Bruno Issoufou", "Boubacar Idi")
    desk.get_by_role("button", name="Post to the sites").click()
    notice(desk, "They are told in their inbox.")
    expect(desk.locator(".people-gaps")).not_to_contain_text("Agadez")
    expect(desk.locator("#people-countries")).not_to_contain_text("Mateo")

    officer = browser_page("bruno", "/today")
    officer.get_by_role("link", name=re.compile("You have a new place of work")).click()
    expect(officer.locator(".where-sites")).to_contain_text("Agadez")
    officer.locator(".where-sites").get_by_role("link", name="Reports").click()
    expect(officer.locator("#main")).to_contain_text("Agadez")
    expect(officer.locator(".reports-matrix")).not_to_contain_text("Niamey")

    desk.get_by_role("button", name="End the posting of Bruno Issoufou to Agadez").click()
    notice(desk, "Ended. The person is told.")
    officer.goto(f"{server.address}{here}/reports")
    officer.wait_for_function(_QUIET, polling=50)
    expect(officer.locator("#main")).not_to_contain_text("Agadez")
    officer.goto(f"{server.address}/account/where-you-work")
    expect(officer.locator("#main")).to_contain_text("You work nowhere just now")
    officer.goto(f"{server.address}/today")
    expect(officer.locator("#main")).to_contain_text("Your work somewhere was ended")

    colleague = browser_page("boubacar", "/account/where-you-work")
    expect(colleague.locator(".where-sites")).to_contain_text("Agadez")


LOOKS = (Look(), Look(scheme="dark"), Look(390, 844), Look(language="ar"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_no_look_has_a_fault(server: Server, browser_page: Open, look: Look) -> None:
    faults: dict[str, Any] = {}
    people = f"/operations/{server.scene.operation}/people"
    for name in ("chaima", "ana", "ada"):
        page = browser_page(name, people, width=look.width, height=look.height, scheme=look.scheme)
        if look.language != "en":
            _speak(page, server, look.language)
        try:
            for way in (people, "/account/where-you-work"):
                page.goto(f"{server.address}{way}")
                page.wait_for_function(_QUIET, polling=50)
                if name == "ana" and way == people:
                    page.locator("summary").first.click()
                found = [
                    *_judged(page),
                    *_too_wide(page, look),
                    *_too_small(page),
                    *_left_in_english(page, server, look),
                ]
                if found:
                    faults[f"{name} {way}"] = found
        finally:
            if look.language != "en":
                _speak(page, server, "en")
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def _choose(page: Page, field: str, *names: str) -> None:
    """Several from a field that takes many."""
    for name in names:
        page.locator(f"#{field}").fill(name)
        page.get_by_role("option", name=re.compile(name)).click()
    page.keyboard.press("Escape")


def _staff(page: Page) -> None:
    page.locator(".m-place", has_text="People and countries").click()
    page.locator(".parts-tab", has_text="Who works here").click()


def _started(page: Page) -> None:
    page.locator(".template-card", has_text="Fugitive sweep").get_by_role("link", name="Start an operation").click()
    page.locator("#start-code_name").fill(NAME)
    day = page.locator("#start-first_day")
    day.fill(f"{datetime.now(UTC):%-d %b %Y}")
    day.press("Tab")
    page.locator("#start-zone").fill("Africa/Niamey")
    page.get_by_role("option", name="Africa/Niamey").click()
    page.locator("#start-countries").fill("Niger")
    page.get_by_role("option", name="Niger", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Create the operation").click()
    page.wait_for_url(re.compile("/overview$"))
