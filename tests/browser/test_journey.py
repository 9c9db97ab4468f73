"""One fugitive sweep from its template to what leadership sees, in the browsers of those whose work it is.

A coordinator starts it and leadership approves its frozen plan; a phase is moved; a team is proposed and accepted; an
officer enters a result, and the country that does not is reminded; a case goes from its nomination to a positive
location.
"""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import Assignment, System
from operations.policing.leads.leads import Lead
from operations.policing.map_plan import coordination_units, places
from operations.policing.operation import oplan, plan
from operations.support import requests
from operations.timetable import jobs
from operations.timetable.lease import LeaseCandidate
from operations.timetable.runner import Timetable
from tests.browser.conftest import Open, Server, sure
from tests.browser.test_fugitives import notice, opened
from tests.browser.test_templates import _settle_the_rest
from tests.makers import Running, Shape, let_out, site_draft, unit_draft, whole_oplan
from tests.people import actor
from tests.teams import keep_team, offer

pytestmark = pytest.mark.slow
DAY = timedelta(days=1)
NAME = "Infra Adwenpa"


def test_from_the_template_to_what_leadership_sees(server: Server, browser_page: Open) -> None:
    desk = browser_page("ana", "/templates")
    sweep = _started(server, desk)
    base = f"/operations/{sweep.operation}"
    leader = browser_page("lena", f"{base}/overview")
    _approved(server, sweep, desk, leader)
    _a_phase_is_moved(server, sweep, desk)
    _a_team_is_proposed_and_accepted(server, sweep, desk)
    desk.goto(f"{server.address}{base}/overview")
    for step in ("Begin the pre-operational work", "Start the operation"):
        desk.get_by_role("button", name=step).click()
        sure(desk)
    expect(desk.locator(".steps-state--here", has_text="Active")).to_be_visible()

    leader.goto(f"{server.address}{base}/situation?level=V1")
    expect(leader.locator("#shell-live")).to_contain_text("Live")
    _an_officer_enters_a_result(sweep, browser_page("bruno", f"{base}/reports"))
    let_out(sweep)  # what happens to reports is told to leadership with the figures, hourly
    expect(leader.locator("#situation-feed li", has_text="Niamey sent a report").first).to_be_visible()
    _the_silent_country_is_reminded(sweep, browser_page("mateo", "/today", width=390, height=844))

    leader.goto(f"{server.address}{base}/fugitives")
    expect(leader.locator('[data-number="targets"] strong')).to_have_text("0")
    _a_case_is_found(sweep, desk, browser_page, f"{base}/fugitives")
    # Leadership hears of it at once: suspects are shown to it exactly, and no case.
    expect(leader.locator('[data-number="located"] strong')).to_have_text("1")
    assert leader.locator(".fugitives-card").count() == 0


# ---------------------------------------------------------------------------------------------------- the plan


def _started(server: Server, page: Page) -> Running:
    """The operation is started from the template, its action beginning yesterday; the desk of tests knows it then."""
    today = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0)
    first = today - DAY
    page.locator(".template-card", has_text="Fugitive sweep").get_by_role("link", name="Start an operation").click()
    page.locator("#start-code_name").fill(NAME)
    day = page.locator("#start-first_day")
    day.fill(f"{first:%-d %b %Y}")
    day.press("Tab")
    page.locator("#start-zone").fill("Africa/Niamey")
    page.get_by_role("option", name="Africa/Niamey").click()
    for country in ("Niger", "Mali"):
        page.locator("#start-countries").fill(country)
        page.get_by_role("option", name=country, exact=True).click()
    page.keyboard.press("Escape")
    expect(page.locator("#start-needed")).to_contain_text("Criminal intelligence analyst · 1 team · 12 days")
    page.locator("#start-teams_country").click()
    page.locator("#start-teams_country-options, [role=listbox]").get_by_role("option", name="Niger", exact=True).click()
    page.locator("#start-teams_place").fill("Niamey")
    page.get_by_role("button", name="Create the operation").click()
    page.wait_for_url(re.compile("/overview$"))
    with server.scene.store.unit_of_work(System()) as session:
        made = session.exec(select(plan.Operation).where(plan.Operation.code_name == NAME)).one()
        phases = {each.kind: each.id for each in plan.phases(session, made.id)}
        session.add(Assignment(account_id=actor("dov").account_id, operation_id=made.id))
    return Running(server.scene.store, made.id, phases["preparation"], phases["operational"], {}, first)


def _approved(server: Server, sweep: Running, page: Page, leader: Page) -> None:
    """One section by hand, the others as their authors would; leadership approves, and that freezes the plan."""
    page.locator(".guard--missing", has_text="sections").get_by_role("link").click()
    page.locator("#oplan-text").fill("Wanted persons move between two countries.")
    page.get_by_label("Complete", exact=True).check()
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url(re.compile("section=modus_operandi"))
    ana = sweep["ana"]
    with sweep.store.unit_of_work(ana) as session:
        operation = plan.operation(session, sweep.operation, ana)
        stood = oplan.sections(session, sweep.operation)
        others = [draft for draft in whole_oplan(stood) if draft.section != "situation"]
        oplan.write(session, sweep.operation, others, ana)
        for country, name in (("NER", "Niamey"), ("MLI", "Bamako")):
            sweep.sites[name] = places.place_site(session, sweep.operation, site_draft(country, name), ana).id
        room = parse(
            places.MapObjectDraft,
            {"id": new_id(), "object_id": new_id(), "kind": "coordination_unit", "name": "Special operations room"},
        )
        places.draw(session, sweep.operation, room, Shape({"type": "Point", "coordinates": [2.1, 13.5]}), ana)
        coordination_units.describe(session, sweep.operation, unit_draft(room.object_id), ana)
    with sweep.store.unit_of_work(sweep["moussa"]) as session:
        plan.answer(session, sweep.operation, sweep["moussa"], accept=True)
    _settle_the_rest(server, operation)
    page.goto(f"{server.address}/operations/{sweep.operation}/overview")
    page.get_by_role("button", name="Propose for approval").click()
    expect(page.locator(".guard--missing")).to_have_count(0)
    leader.get_by_role("button", name="Approve", exact=True).click()
    sure(leader)
    expect(leader.locator(".steps-state--here", has_text="Approved")).to_be_visible()
    page.goto(f"{server.address}/operations/{sweep.operation}/oplan?version=1")
    expect(page.get_by_text("The text is the one that was approved: its fingerprint holds.")).to_be_visible()


def _a_phase_is_moved(server: Server, sweep: Running, page: Page) -> None:
    """By keyboard: the last bar, a day later."""
    with sweep.store.reading(System()) as session:
        phases = plan.phases(session, sweep.operation)
    page.goto(f"{server.address}/operations/{sweep.operation}/timeline")
    expect(page.locator(".vis-item.phase-operational")).to_be_visible()
    page.get_by_role("button", name="Everything").click()
    expect(page.locator(".vis-item.phase-evaluation")).to_be_visible()
    page.locator("#timeline-chart").focus()
    for _phase in phases:
        page.keyboard.press("ArrowDown")
    expect(page.locator("#timeline-status")).to_contain_text("Evaluation")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#timeline-status")).to_have_text("Moved. Escape takes it back.")
    with sweep.store.reading(System()) as session:
        assert plan.phases(session, sweep.operation)[-1].starts == phases[-1].starts + DAY


def _a_team_is_proposed_and_accepted(server: Server, sweep: Running, page: Page) -> None:
    """The template asked for a team; Niger offers one, it is proposed, and the coordinator accepts it with a reason."""
    with sweep.store.reading(sweep["ana"]) as session:
        [[need]] = requests.needs(session, sweep.operation).values()
    team = keep_team(sweep, call_sign="ALFA", kind="investigative_support", specialisms=["intelligence_analyst"])
    offer(sweep, need.id, team, at=datetime.now(UTC))
    page.goto(f"{server.address}/operations/{sweep.operation}/assignment")
    expect(page.locator("#assignment-answer")).to_contain_text("1 of 1 open needs are met")
    page.get_by_role("button", name="offered team").click()
    notice(page, "Something speaks against ALFA: accept under Teams, with a reason.")  # it comes a day late
    page.goto(f"{server.address}/operations/{sweep.operation}/teams")
    page.locator(".teams-need", has_text="0 of 1 team").click()
    card = page.locator(".teams-card", has_text="ALFA")
    card.get_by_role("textbox").fill("From tomorrow on is soon enough.")
    card.get_by_role("button", name="Accept").click()
    sure(page)
    expect(page.get_by_role("button", name="Order it to go")).to_be_visible()
    with sweep.store.reading(sweep["ana"]) as session:
        assert requests.need(session, need.id).accepted == 1


# ---------------------------------------------------------------------------------------------------- the days


def _an_officer_enters_a_result(sweep: Running, page: Page) -> None:
    """Yesterday's report of Niamey: one arrest."""
    page.locator(f'.reports-matrix [data-day="{sweep.start.date().isoformat()}"]').first.click()
    page.get_by_role("button", name="Add an arrest").click()
    arrest = page.locator(".reports-row-arrest")
    arrest.locator('[data-field$=".persons"] input').fill("1")
    arrest.locator('[data-field$=".offence"] select').select_option("migrant_smuggling")
    arrest.locator('[data-field$=".legal_basis"] select').select_option("flagrant_offence")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("Smuggling of migrants")
    page.close()


def _the_silent_country_is_reminded(sweep: Running, phone: Page) -> None:
    """An hour after yesterday's report was due Bamako's officer is told, live, and comes from the bell to the form."""
    expect(phone.locator("#shell-live")).to_have_attribute("data-state", "live")
    due = datetime.combine(sweep.start.date(), time(20), UTC)  # 20:00 in Bamako
    keeper = Timetable(sweep.store, LeaseCandidate("journey"))
    with clock.at(due):
        keeper.beat()
    with clock.at(min(due + timedelta(minutes=61), datetime.now(UTC))):
        keeper.tick(jobs.SHORT)
    keeper.leave()  # the server is that of other tests, too
    expect(phone.locator(".inbox-message", has_text="Daily report missing")).to_be_visible()
    phone.locator(".inbox-message", has_text="Daily report missing").click()
    phone.wait_for_url("**/reports?site=*")
    expect(phone.locator(".reports-form")).to_be_visible()
    phone.close()


# ---------------------------------------------------------------------------------------------------- the case


def _a_case_is_found(sweep: Running, coordinator: Page, browser_page: Open, path: str) -> None:
    """Niger nominates; the coordinator accepts, the analyst asks Mali, Mali reports from a telephone, Niger says yes."""
    country = browser_page("chaima", path)
    country.get_by_role("tab", name="Nominate").click()
    country.get_by_label("Control number of the notice").fill("A-812/4-2026")
    for field, choice in (
        ("offence", "Smuggling of migrants"),
        ("wanted_for", "Prosecution"),
        ("warrant", "Holds"),
        ("art3", "Passed"),
    ):
        country.locator(f"#fugitives-new-{field}").fill(choice)
        country.get_by_role("option", name=choice, exact=True).click()
    country.get_by_role("button", name="Nominate", exact=True).click()
    notice(country, "NER-001 is nominated.")

    analyst = browser_page("dov", path)
    opened(analyst, "NER-001")
    analyst.get_by_role("button", name="It is valid").click()
    notice(analyst, "Written down for today.")
    coordinator.goto(f"{analyst.url}")
    opened(coordinator, "NER-001")
    coordinator.get_by_role("button", name="Accepted as target").click()
    notice(coordinator, "The case was moved.")
    analyst.get_by_role("button", name="Under review").click()
    analyst.locator("#fugitives-lead-question").fill("Is the person of this notice with you?")
    analyst.locator("#fugitives-lead-to_countries").fill("Mali")
    analyst.get_by_role("option", name="Mali", exact=True).click()
    analyst.keyboard.press("Escape")
    analyst.get_by_role("button", name="Send the lead").click()
    notice(analyst, "The lead is out.")

    phone = browser_page("moussa", path, width=390, height=844)
    opened(phone, "NER-001")
    phone.get_by_label("How it is known").fill("Seen at work.")
    phone.get_by_role("button", name="Report the location").click()
    notice(phone, "It counts when the requesting country says yes.")
    country.get_by_role("tab", name="Board").click()
    opened(country, "NER-001")
    country.get_by_role("button", name="Yes, positive").click()
    notice(country, "Positively located.")
    expect(coordinator.locator('[data-number="located"] strong')).to_have_text("1")

    # The location is linked to the lead that it came from.
    country.get_by_role("button", name="Link to the lead").click()
    expect(analyst.locator("#fugitives-case")).to_contain_text(
        "Came from the lead: Is the person of this notice with you?"
    )
    with sweep.store.reading(System()) as session:
        assert len(session.exec(select(Lead).where(Lead.operation_id == sweep.operation)).all()) == 1
