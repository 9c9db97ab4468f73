"""A sweep of twelve cases of Thailand, Malaysia and Cambodia, from an empty database to the archive, by nine people.

After `muster init` nobody touches a shell. Cases go from country to coordination and on to the country where the person
is believed to be; at every hand-over the next one finds it on Today.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import whole, workbooks
from tests.browser.crew import Crew, Person, crew

pytestmark = pytest.mark.slow
__all__ = ["crew"]

CLICKS = 150
PEOPLE = """\
Lwazi Mbeki; leadership
Oona Virtanen; operation_coordinator
Inga Duarte; ocu_analyst
Aksel Lund; auditor
Mali Srisai; national_coordinator; Thailand; Bangkok
Farah Hassan; national_coordinator; MYS; Putrajaya
Sokha Chan; national_coordinator; KHM; Phnom Penh
"""
COUNTRIES = {"Mali": "MYS", "Farah": "KHM", "Sokha": "Thailand"}
"""Who nominates, and where the persons of these cases are believed to be."""
CASE = {
    "offence": "migrant_smuggling",
    "wanted_for": "prosecution",
    "priority": "normal",
    "warrant": "holds",
    "extradition": "holds",
    "art3": "passed",
}
NAME = "Infra Mekong"
DAY = timedelta(days=1)


def test_a_sweep_of_twelve_cases_from_nothing_to_the_archive(crew: Crew) -> None:
    crew.invited(PEOPLE)
    first = crew.now().replace(hour=2, minute=0, second=0) + 8 * DAY
    whole.planned(crew, NAME, "Fugitive sweep", first, "Asia/Bangkok", ("Thailand", "Malaysia", "Cambodia"))
    _roomed(crew)
    whole.approved(crew, tuple(COUNTRIES))
    crew.until(first + timedelta(hours=4))
    whole.begun(crew)
    _nominated(crew)
    _asked(crew)
    _answered(crew)
    _located(crew)
    crew.until(first + 12 * DAY + timedelta(hours=4))
    whole.consolidated(crew, tuple(COUNTRIES))
    whole.debriefed(crew, owner="Thailand")
    whole.frozen(crew, tuple(COUNTRIES))
    whole.archived(crew, owner="Mali")
    crew.nothing_is_left()
    assert crew.clicks() <= CLICKS, crew.told()


def _roomed(crew: Crew) -> None:
    """The coordinator opens the special operations room, and says who works where."""
    oona = crew["Oona"]
    oona.goes("Plan")
    oona.draws("Coordination unit", "Special operations room")
    oona.goes("Overview")
    oona.mans("Thailand")
    oona.puts_on("Inga Duarte")


def _nominated(crew: Crew) -> None:
    """Each country fills in the workbook with four cases, and brings it back."""
    for number, (name, believed) in enumerate(COUNTRIES.items()):
        country = crew[name]
        country.comes()
        country.leaves()
        country.click(country.page.get_by_role("link", name=re.compile(NAME)).first)
        country.goes("Fugitives")
        country.click("Nominate")
        rows = [
            {"notice_ref": f"A-{1000 + 10 * number + each}/4-2026", "believed_in.0": believed} | CASE
            for each in range(4)
        ]
        workbooks.bring(country.page, "cases", workbooks.fill(workbooks.take(country.page, crew.folder), "cases", rows))
        country.clicks += 2
        expect(country.page.locator("#book-cases-result")).to_contain_text("4 rows are new.")
    crew.minute()


def _asked(crew: Crew) -> None:
    """All twelve are looked up, accepted, taken under review and asked about, each in one act."""
    inga, oona = crew["Inga"], crew["Oona"]
    inga.comes()
    inga.follows("Notices to look up today: 12")
    _choose_all(inga, 12)
    inga.click("Looked up, valid")
    inga.told("12 notices are written down.")
    crew.minute()
    oona.comes()
    oona.follows("is nominated: accept it as a target", 12)
    _choose_all(oona, 12)
    oona.click("Accept as targets")
    oona.told("12 cases are accepted.")
    crew.minute()
    inga.comes()
    inga.follows("is a target: take it under review", 12)
    _choose_all(inga, 12)
    inga.click("Take under review")
    inga.told("12 cases are under review.")
    inga.click("Ask about all chosen cases")
    inga.type("fugitives-leads-question", "Is the person of this notice with you?")
    inga.click("Send the leads")
    inga.told("12 leads are out.")
    crew.minute()


def _answered(crew: Crew) -> None:
    """Each country finds one person, and none of the other three."""
    crew.minute()
    for name in COUNTRIES:
        country = crew[name]
        country.comes()
        country.follows("waits for your country's answer", 4)
        _says_why(country)
        country.page.get_by_label("How it is known").fill("Seen at work.")
        country.click("Report the location")
        country.told("It counts when the requesting country says yes.")
        country.click("Positive")
        country.told("Your answer was sent.")
        _choose_all(country, 8)  # the own four among them: about these nobody asked it, and that is said
        country.click("Not with us")
        country.told("3 cases are answered.")
    crew.minute()


def _located(crew: Crew) -> None:
    """The requesting country says yes; one of the three is arrested, and the identity confirmed."""
    mali, farah = crew["Mali"], crew["Farah"]
    for name in COUNTRIES:
        country = crew[name]
        country.comes()
        country.follows("say yes or no")
        _says_why(country)
        country.click("Yes, positive")
        country.told("Positively located.")
    crew.minute()
    farah.comes()
    farah.follows("is located: report the arrest")
    _says_why(farah)
    farah.click("Report the arrest")
    farah.told("It counts when the requesting country has confirmed the identity.")
    crew.minute()
    mali.comes()
    mali.follows("confirm the identity")
    _says_why(mali)
    mali.does("It is the person", "The arrest counts.")


def _choose_all(person: Person, count: int) -> None:
    """Every row of the table."""
    person.click("Table")
    expect(person.page.locator(".ag-row")).to_have_count(count)
    person.click(person.page.locator(".ag-header-select-all input"))
    expect(person.page.locator(".ag-row-selected")).to_have_count(count)


def _says_why(person: Person) -> None:
    """The case that one came for opens once it is said why."""
    person.choose("fugitives-why", "I work on this case")
    expect(person.page.locator("#fugitives-case h2")).to_be_visible()
