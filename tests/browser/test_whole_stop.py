"""A STOP on the Zambezi, from an empty database to the archive, by thirteen people who were never told how.

After `muster init` nobody touches a shell. Training comes first, then the checks; at every hand-over the next person
finds it on Today.
"""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import whole
from tests.browser.crew import Crew, crew

pytestmark = pytest.mark.slow
__all__ = ["crew"]

CLICKS = 110
PEOPLE = """\
Lwazi Mbeki; leadership
Oona Virtanen; operation_coordinator
Inga Duarte; ocu_analyst
Aksel Lund; auditor
Chanda Mwila; national_coordinator; ZMB; Lusaka
Mutinta Phiri; national_coordinator; ZMB; Lusaka
Bwalya Zulu; national_officer; ZMB; Chirundu
Natasha Banda; team_leader; ZMB; Chirundu
Tendai Moyo; national_coordinator; ZWE; Harare
Rudo Ncube; national_officer; ZWE; Victoria Falls
Farai Dube; team_leader; ZWE; Victoria Falls
"""
COUNTRIES = ("Chanda", "Tendai")
DAY = timedelta(days=1)


@pytest.mark.journey
def test_a_stop_from_nothing_to_the_archive(crew: Crew) -> None:
    crew.invited(PEOPLE)
    training = crew.now().replace(hour=17, minute=0, second=0) + 8 * DAY
    checks = training + 2 * DAY
    whole.planned(crew, "Zambezi", "Border STOP", checks, "Africa/Lusaka", ("Zambia", "Zimbabwe"))
    _placed(crew)
    whole.approved(crew, COUNTRIES)
    _posted(crew)
    crew.until(training)
    _reported(crew, training)
    crew.until(checks)
    whole.begun(crew)
    _reported(crew, checks - DAY, checks)
    crew.until(checks.replace(hour=6) + 5 * DAY)
    whole.consolidated(crew, COUNTRIES)
    _climbed(crew)
    whole.debriefed(crew, owner="Zambia")
    whole.frozen(crew, COUNTRIES)
    whole.archived(crew, owner="Chanda")
    crew.nothing_is_left()
    assert crew.clicks() <= CLICKS, crew.told()


def _placed(crew: Crew) -> None:
    """The coordinator puts two posts and the room on the map, and says who works where."""
    oona = crew["Oona"]
    oona.goes("Plan")
    oona.places("Chirundu", "Chirundu Border crossing", "Zambia")
    oona.places("Victoria Falls", "Victoria Falls International Airport", "Zimbabwe")
    oona.draws("Coordination unit", "Room Lusaka")
    oona.goes("Overview")
    oona.mans("Zambia")
    oona.puts_on("Inga Duarte")


def _posted(crew: Crew) -> None:
    """Each country posts its people to its site."""
    for name, people in (("Chanda", ("Bwalya Zulu", "Natasha Banda")), ("Tendai", ("Rudo Ncube", "Farai Dube"))):
        country = crew[name]
        country.comes()
        country.follows("Nobody is posted to sites of your country")
        country.choose("post-people", *people)
        country.click("Post to the sites")
        country.told("They are told in their inbox.")


def _reported(crew: Crew, *days: datetime) -> None:
    """In the evening each officer sends what was checked; it climbs by the team leader and by the country."""
    for officer in ("Bwalya", "Rudo"):
        who = crew[officer]
        who.comes()
        who.follows("The daily report of")
        for day in days:
            if day is not days[0]:
                who.click(who.page.locator(f'.reports-matrix [data-day="{day.date().isoformat()}"]').first)
            expect(who.page.locator(".reports-form :focus")).to_be_attached()
            who.page.keyboard.type("1420")
            who.page.keyboard.press("Control+Enter")
            expect(who.page.locator(".reports-view")).to_contain_text("1,420")
    crew.minute()
    for level, names in (("verify it locally", ("Natasha", "Farai")), ("validate it for your country", COUNTRIES)):
        for name in names:
            crew[name].comes()
            crew[name].follows(level, len(days))
            crew[name].answers(len(days))
        crew.minute()


def _climbed(crew: Crew) -> None:
    """The analyst consolidates what countries stand behind."""
    crew.minute()
    inga = crew["Inga"]
    inga.comes()
    inga.follows("Reports of Zambia to consolidate: 3")
    inga.answers(6)
