"""A STOP on the Zambezi, from an empty database to the archive, by thirteen people who were never told how.

After `muster init` nobody touches a shell. Training comes first, then the checks; at every hand-over the next person
finds it in "Waits for you" and in the inbox.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.crew import Crew

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CLICKS = 110
PEOPLE = """\
Lwazi Mbeki; leadership
Oona Virtanen; operation_coordinator
Ines Duarte; ocu_analyst
Aksel Lund; auditor
Chanda Mwila; national_coordinator; ZMB; Lusaka
Mutinta Phiri; national_coordinator; ZMB; Lusaka
Bwalya Zulu; national_officer; ZMB; Chirundu
Natasha Banda; team_leader; ZMB; Chirundu
Tendai Moyo; national_coordinator; ZWE; Harare
Rudo Ncube; national_officer; ZWE; Victoria Falls
Farai Dube; team_leader; ZWE; Victoria Falls
"""
NAME = "Zambezi"
DAY = timedelta(days=1)


def test_a_stop_from_nothing_to_the_archive(browser: Browser, tmp_path: Path) -> None:
    crew = Crew(browser, tmp_path)
    crew.invited(PEOPLE)
    training = crew.now().replace(hour=17, minute=0, second=0) + 8 * DAY
    checks = training + 2 * DAY
    _planned(crew, checks)
    _manned(crew)
    for moment in (training, checks):
        crew.until(moment)
        if moment is checks:
            coordinator = crew["Oona"]
            coordinator.comes()
            coordinator.follows("The operational phase has begun")
            coordinator.does("Start the operation", "Active")
        _reported(crew)
    crew.until(checks.replace(hour=6) + 5 * DAY)
    _ended(crew)
    crew.nothing_is_left()
    assert crew.clicks() <= CLICKS, crew.told()
    crew.stop()


def _planned(crew: Crew, checks: datetime) -> None:
    """The coordinator plans, two countries take part, leadership approves."""
    oona = crew["Oona"]
    oona.comes()
    page = oona.page
    oona.click("New operation")
    oona.type("start-code_name", NAME)
    oona.day("start-first_day", checks)
    oona.choose("start-zone", "Africa/Lusaka")
    oona.choose("start-countries", "Zambia", "Zimbabwe")
    oona.click("Create the operation")
    page.wait_for_url(re.compile("/overview$"))
    oona.mends("sections")
    oona.writes_the_plan()
    oona.mends("legal basis")
    oona.type("operation-edit-legal_basis", "Agreement of the two countries.")
    oona.type("operation-edit-reason_to_open", "Altered passports at two posts.")
    oona.type("operation-edit-measured_goal", "1,000 documents are checked.")
    oona.type("operation-edit-end_criterion", "Five days of checks are over.")
    oona.choose("operation-edit-art3_screen", "Passed")
    oona.click("Save")
    page.wait_for_url(re.compile("/overview$"))
    oona.click(page.locator(".m-place", has_text="Plan"))
    oona.places("Chirundu", "Chirundu Border crossing")
    oona.places("Victoria Falls", "Victoria Falls International Airport")
    oona.draws("Coordination unit", "Room Lusaka")
    oona.click(page.locator(".m-place", has_text="Overview"))
    oona.mans("Room Lusaka", "Zambia")
    oona.puts_on("Ines Duarte")
    crew.minute()
    for name in ("Chanda", "Tendai"):
        crew[name].comes()
        crew[name].follows("Your country is invited")
        crew[name].click("Take part")
        crew[name].told("Your country takes part.")
    crew.minute()
    oona.looks()
    oona.follows("All that an approval rests on is there")
    oona.click("Propose for approval")
    oona.told("Proposed")
    crew.minute()
    lwazi = crew["Lwazi"]
    lwazi.comes()
    lwazi.follows("The operation is proposed")
    expect(lwazi.page.locator("#main")).to_contain_text("Five days of checks are over.")
    lwazi.does("Approve the operation", "Approved")
    crew.minute()
    oona.looks()
    oona.follows("The operation is approved")
    oona.does("Begin the pre-operational work", "Pre-operational")


def _manned(crew: Crew) -> None:
    """Each country posts its people to its site."""
    for name, people in (("Chanda", ("Bwalya Zulu", "Natasha Banda")), ("Tendai", ("Rudo Ncube", "Farai Dube"))):
        country = crew[name]
        country.looks()
        country.follows("Nobody is posted to sites of your country")
        country.choose("post-people", *people)
        country.click("Post to the sites")
        country.told("They are told in their inbox.")


def _reported(crew: Crew) -> None:
    """In the evening each officer sends what was checked; it climbs by the team leader and by the country."""
    for officer in ("Bwalya", "Rudo"):
        who = crew[officer]
        who.comes()
        who.follows("The daily report of")
        expect(who.page.locator(".reports-form :focus")).to_be_attached()
        who.page.keyboard.type("1420")
        who.page.keyboard.press("Control+Enter")
        expect(who.page.locator(".reports-view")).to_contain_text("1,420")
    crew.minute()
    for level, names in (("verified locally", ("Natasha", "Farai")), ("validated nationally", ("Chanda", "Tendai"))):
        for name in names:
            crew[name].comes()
            crew[name].follows(level)
            crew[name].answers()
        crew.minute()


def _ended(crew: Crew) -> None:
    """Consolidated, debriefed, approved, evaluated, archived."""
    oona, ines, lwazi, chanda = crew["Oona"], crew["Ines"], crew["Lwazi"], crew["Chanda"]
    oona.comes()
    oona.follows("The operational phase has ended")
    oona.does("End the operation and consolidate", "Consolidation")
    crew.minute()
    for name in ("Chanda", "Tendai"):
        crew[name].comes()
        crew[name].follows("say when your country's figures are final")
        crew[name].click("Our figures are final")
        crew[name].told("Final report sent")
    crew.minute()
    oona.looks()
    oona.follows("says that its figures are final", 2)
    oona.does("Close all countries whose figures are final", "2 countries are closed.")
    ines.comes()
    ines.follows("Reports of Zambia to consolidate: 2")
    ines.answers(4)
    ines.looks()
    ines.follows("write the debrief")
    ines.type("debrief-worked", "Both posts checked from the first hour on.")
    ines.type("debrief-failed", "Too few officers at night.")
    ines.click(ines.page.get_by_role("button", name="Save", exact=True).first)
    ines.told("The debrief is saved.")
    ines.click("Write a lesson down")
    ines.type("debrief-lesson-text", "Two officers of each post work at night.")
    ines.type("debrief-lesson-evidence", "The reports of the week.")
    ines.choose("debrief-lesson-area", "Training")
    ines.choose("debrief-lesson-owner", "Zambia")
    ines.day("debrief-lesson-due", crew.now() + 60 * DAY)
    ines.click("Write it down")
    ines.told("The lesson is written down.")
    ines.click("Recommend it")
    ines.told("it waits for a decision")
    crew.minute()
    oona.looks()
    oona.follows("Figures are final and the debrief is written")
    oona.does("Close the debrief", "Debriefed")
    expect(oona.page.locator("#debrief-worked")).to_be_hidden()
    crew.minute()
    _frozen(crew)
    lwazi.looks()
    lwazi.follows("The debrief is closed")
    lwazi.does("Approve the debrief", "Final")
    chanda.looks()
    chanda.follows("A recommendation is proposed")
    chanda.click("Why it is accepted")
    chanda.page.locator("details[open] textarea, details[open] input").first.fill("It is right.")
    chanda.click("Accept")
    crew.minute()
    oona.looks()
    oona.follows("Recommendations are decided")
    oona.does("Close the evaluation", "Evaluated")
    crew.minute()
    lwazi.looks()
    lwazi.follows("The operation is evaluated")
    lwazi.does("Archive the operation", "Archived")
    crew.minute()


def _frozen(crew: Crew) -> None:
    """The figures are frozen: the analyst prepares, both countries agree, coordination and leadership sign."""
    ines, oona, lwazi = crew["Ines"], crew["Oona"], crew["Lwazi"]
    ines.looks()
    ines.follows("prepare the final snapshot")
    ines.type("snapshot-wording", "5,680 documents were checked at two posts.")
    ines.type("snapshot-method", "Every check of the two days and of the training, once.")
    ines.click("Prepare it")
    ines.told("it waits for the signatures")
    crew.minute()
    for name in ("Chanda", "Tendai"):
        crew[name].looks()
        crew[name].follows("say whether your country agrees")
        crew[name].click("Say it")
        crew[name].told("It is written down.")
    oona.looks()
    oona.follows("sign it for the coordination")
    oona.click("Sign for the coordination")
    oona.told("Signed by the coordination")
    crew.minute()
    lwazi.comes()
    lwazi.follows("sign it for the leadership")
    lwazi.click("Sign for the leadership")
    lwazi.told("Signed by both")
    lwazi.click("Publish")
    lwazi.told("Published")
    crew.minute()
