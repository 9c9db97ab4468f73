"""What every whole operation goes through, whatever its kind: planned and approved at the beginning, and its end.

The coordinator is Oona, the analyst Inga, leadership Lwazi; countries are told by the first names of their
coordinators.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from playwright.sync_api import expect

from tests.browser.crew import Crew

DAY = timedelta(days=1)


def planned(crew: Crew, name: str, template: str, first: datetime, zone: str, countries: Sequence[str]) -> None:
    """A draft is made of the template, its plan written, and what it is said."""
    oona = crew["Oona"]
    oona.comes()
    oona.click("New operation")
    expect(oona.page.locator("#start-code_name")).to_be_visible()
    if template != "Border STOP":
        oona.choose("start-template", template)
    oona.type("start-code_name", name)
    oona.day("start-first_day", first)
    oona.choose("start-zone", zone)
    oona.choose("start-countries", *countries)
    oona.type("start-reason_to_open", "Altered passports on the same route.")
    oona.type("start-measured_goal", "All that is planned is done.")
    oona.type("start-end_criterion", "The last day of action is over.")
    oona.click("Create the operation")
    oona.page.wait_for_url(re.compile("/overview$"))
    oona.mends("sections")
    oona.writes_the_plan()
    oona.mends("legal basis")
    oona.type("operation-edit-legal_basis", "Agreement of the countries.")
    oona.choose("operation-edit-art3_screen", "Passed")
    oona.click("Save")
    oona.page.wait_for_url(re.compile("/overview$"))


def approved(crew: Crew, countries: Sequence[str]) -> None:
    """The countries take part, leadership approves, and the work begins."""
    oona, lwazi = crew["Oona"], crew["Lwazi"]
    crew.minute()
    for name in countries:
        crew[name].comes()
        crew[name].follows("Your country is invited")
        crew[name].click("Take part")
        crew[name].told("Your country takes part.")
    crew.minute()
    oona.comes()
    oona.follows("All that an approval rests on is there")
    oona.click("Propose for approval")
    oona.told("Proposed")
    crew.minute()
    lwazi.comes()
    lwazi.follows("The operation is proposed")
    expect(lwazi.page.locator("#main")).to_contain_text("The last day of action is over.")
    lwazi.does("Approve the operation", "Approved")
    crew.minute()
    oona.comes()
    oona.follows("The operation is approved")
    oona.does("Begin the pre-operational work", "Pre-operational")
    crew.minute()


def begun(crew: Crew) -> None:
    """The first day of action has come."""
    oona = crew["Oona"]
    oona.comes()
    oona.follows("The operational phase has begun")
    oona.does("Start the operation", "Active")
    crew.minute()


def consolidated(crew: Crew, countries: Sequence[str]) -> None:
    """The last day is over: countries say their final word, and are closed."""
    oona = crew["Oona"]
    oona.comes()
    oona.follows("The operational phase has ended")
    oona.does("End the operation and consolidate", "Consolidation")
    crew.minute()
    for name in countries:
        crew[name].comes()
        crew[name].follows("say when your country's figures are final")
        crew[name].click("Our figures are final")
        crew[name].told("Final report sent")
    crew.minute()
    oona.comes()
    oona.follows("says that its figures are final", len(countries))
    oona.does("Close all countries whose figures are final", f"{len(countries)} countries are closed.")


def debriefed(crew: Crew, owner: str) -> None:
    """The analyst writes what worked and what was learned, the coordinator closes it."""
    inga, oona = crew["Inga"], crew["Oona"]
    inga.comes()
    inga.follows("write the debrief")
    inga.type("debrief-worked", "All acted from the first hour on.")
    inga.type("debrief-failed", "Too few people at night.")
    inga.click(inga.page.get_by_role("button", name="Save", exact=True).first)
    inga.told("The debrief is saved.")
    inga.click("Write a lesson down")
    inga.type("debrief-lesson-text", "Two officers of each country work at night.")
    inga.type("debrief-lesson-evidence", "The reports of the week.")
    inga.choose("debrief-lesson-area", "Training")
    inga.choose("debrief-lesson-owner", owner)
    inga.day("debrief-lesson-due", crew.now() + 60 * DAY)
    inga.click("Write it down")
    inga.told("The lesson is written down.")
    inga.click("Recommend it")
    inga.told("it waits for a decision")
    crew.minute()
    oona.comes()
    oona.follows("Figures are final and the debrief is written")
    oona.does("Close the debrief", "Debriefed")
    expect(oona.page.locator("#debrief-worked")).to_be_hidden()
    crew.minute()


def frozen(crew: Crew, countries: Sequence[str]) -> None:
    """The figures are frozen: the analyst prepares, countries agree, coordination and leadership sign and publish."""
    inga, oona, lwazi = crew["Inga"], crew["Oona"], crew["Lwazi"]
    inga.comes()
    inga.follows("prepare the final snapshot")
    inga.type("snapshot-wording", "What was reached, in short.")
    inga.type("snapshot-method", "Everything that was reported, once.")
    inga.click("Prepare it")
    inga.told("it waits for the signatures")
    crew.minute()
    for name in countries:
        crew[name].comes()
        crew[name].follows("say whether your country agrees")
        crew[name].choose("snapshot-word-agrees", "It agrees")
        crew[name].click("Say it")
        crew[name].told("It is written down.")
    oona.comes()
    oona.follows("sign it for the coordination")
    oona.does("Sign for the coordination", "Signed by the coordination")
    crew.minute()
    lwazi.comes()
    lwazi.follows("sign it for the leadership")
    lwazi.does("Sign for the leadership", "Signed by both")
    lwazi.does("Publish", "Published")
    crew.minute()


def archived(crew: Crew, owner: str) -> None:
    """Leadership approves the debrief, the owner decides the recommendation, the operation is put away, and what was
    recommended is carried out after it."""
    oona, lwazi, decides = crew["Oona"], crew["Lwazi"], crew[owner]
    lwazi.comes()
    lwazi.follows("The debrief is closed")
    lwazi.does("Approve the debrief", "Final")
    decides.comes()
    decides.follows("A recommendation is proposed")
    decides.click("Accept…")
    decides.page.locator("details[open] :is(textarea, input)").first.fill("It is right.")
    decides.click("Accept")
    decides.told("Accepted")
    crew.minute()
    oona.comes()
    oona.follows("Recommendations are decided")
    oona.does("Close the evaluation", "Evaluated")
    crew.minute()
    lwazi.comes()
    lwazi.follows("The operation is evaluated")
    lwazi.does("Archive the operation", "Archived")
    crew.minute()
    decides.comes()
    decides.follows("A recommendation is yours to carry out")
    decides.click("Report it done…")
    decides.page.locator("details[open] :is(textarea, input)").first.fill("The order of the ministry.")
    decides.click("Report it done")
    decides.told("Reported done")
    crew.minute()
    oona.comes()
    oona.follows("A recommendation is reported done")
    oona.does("Close", "Closed")
    crew.minute()
