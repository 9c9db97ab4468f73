"""A coordinator builds a STOP operation from the template, sees what is missing, completes the operational plan, and
leadership's approval freezes the version."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from operations.core.drafts import parse
from operations.core.people import System
from operations.policing.map_plan import coordination_units
from operations.policing.operation import oplan, plan
from operations.support import requests
from tests.browser.conftest import Open, Server, sure
from tests.makers import man_unit, whole_oplan
from tests.people import actor

pytestmark = pytest.mark.slow


def test_from_the_template_to_a_frozen_plan(server: Server, browser_page: Open) -> None:
    page = browser_page("ana", "/templates")
    page.locator(".template-card", has_text="Border STOP").get_by_role("link", name="Start an operation").click()
    _start(page)
    expect(page.locator(".guard--missing", has_text="The Article 3 screen has not been passed")).to_be_visible()
    expect(page.locator(".guard--missing", has_text="14 of 14 sections are still open")).to_be_visible()
    expect(page.locator(".guard--missing", has_text="No country has confirmed")).to_be_visible()
    operation = _operation(server)
    with server.scene.store.reading(System()) as session:
        assert [(each.host_country, each.place) for each in requests.requests(session, operation.id)] == [
            ("NER", "Agadez")
        ]

    _write_the_plan(page, server, operation)
    _settle_the_rest(server, operation)
    page.goto(f"{server.address}/operations/{operation.id}/overview")
    page.get_by_role("button", name="Propose for approval").click()
    expect(page.locator(".guard--holds")).to_have_count(9)
    expect(page.locator(".guard--warns", has_text="No site yet: Niger")).to_be_visible()

    leader = browser_page("lena", f"/operations/{operation.id}/overview")
    leader.get_by_role("button", name="Approve", exact=True).click()
    sure(leader)
    expect(leader.locator(".steps-state--here", has_text="Approved")).to_be_visible()

    page.goto(f"{server.address}/operations/{operation.id}/oplan?version=1")
    expect(page.get_by_text("The text is the one that was approved: its fingerprint holds.")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("Twenty border points of two countries.")
    expect(page.locator("textarea")).to_have_count(0)


def _start(page: Page) -> None:
    page.locator("#start-code_name").fill("Adwenpa VII")
    day = page.locator("#start-first_day")
    day.fill("30 Mar 2026")
    day.press("Tab")
    zone = page.locator("#start-zone")
    zone.fill("Africa/Niamey")
    page.get_by_role("option", name="Africa/Niamey").click()
    countries = page.locator("#start-countries")
    countries.fill("Niger")
    page.get_by_role("option", name="Niger", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator(".template-calendar", has_text="30 Mar 2026 – 3 Apr 2026")).to_be_visible()
    expect(page.locator("#start-needed")).to_contain_text("Document examiner · 2 teams · 5 days")
    page.locator("#start-teams_country").click()
    page.locator("#start-teams_country-options, [role=listbox]").get_by_role("option", name="Niger", exact=True).click()
    page.locator("#start-teams_place").fill("Agadez")
    page.get_by_role("button", name="Create the operation").click()
    page.wait_for_url(re.compile("/overview$"))


def _operation(server: Server) -> plan.Operation:
    with server.scene.store.reading(System()) as session:
        return session.exec(select(plan.Operation).where(plan.Operation.code_name == "Adwenpa VII")).one()


def _write_the_plan(page: Page, server: Server, operation: plan.Operation) -> None:
    """One section by hand, which leads on to the next; the others as their authors would."""
    page.locator(".guard--missing", has_text="sections").get_by_role("link").click()
    expect(page.locator(".oplan-item--open")).to_have_count(14)
    page.locator("#oplan-text").fill("Twenty border points of two countries.")
    page.get_by_label("Complete", exact=True).check()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(re.compile("section=modus_operandi"))
    expect(page.locator(".oplan-item--complete")).to_have_count(1)
    ana = actor("ana", operation.id)
    with server.scene.store.unit_of_work(ana) as session:
        stood = oplan.sections(session, operation.id)
        others = [draft for draft in whole_oplan(stood) if draft.section != "situation"]
        oplan.write(session, operation.id, others, ana)
    expect(page.locator(".oplan-item--complete")).to_have_count(14)  # the pulse brings them


def _settle_the_rest(server: Server, operation: plan.Operation) -> None:
    """The country confirms, a unit is manned; the screen of article 3 and the legal basis are written down."""
    chaima, ana = actor("chaima", operation.id), actor("ana", operation.id)
    with server.scene.store.unit_of_work(chaima) as session:
        plan.answer(session, operation.id, chaima, accept=True)
    content = {name: getattr(operation, name) for name in plan.OperationDraft.model_fields}
    content |= {"art3_screen": "passed", "legal_basis": "Agreement of the two countries."}
    with server.scene.store.unit_of_work(ana) as session:
        plan.edit(session, parse(plan.OperationDraft, content), ana, operation.version)
        if not coordination_units.manned(session, operation.id):
            man_unit(session, operation.id)
