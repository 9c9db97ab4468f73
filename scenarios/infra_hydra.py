"""Fugitive sweep: Infra Hydra, 9 to 13 May 2016, played by reports and by its 180 cases."""

from datetime import date
from random import Random

from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import OperationState, OperationType
from operations.evaluation.recommendations import RecommendationState
from scenarios import chores, lessons
from scenarios.chores import Chore
from scenarios.forms import area, arrests, line, located, point
from scenarios.infra_hydra_cases import CaseOutcome, play_cases
from scenarios.lessons import StoryLesson
from scenarios.planning import StorySite
from scenarios.script_language import Scenario, StoryFigure, StorySource, Title
from scenarios.story import Story

FIRST_DAY = date(2016, 5, 9)
_DAYS = 5
_RELEASE = StorySource(
    "INTERPOL's release as published by the Slovenian police, June 2016",
    "https://www.policija.si/eng/newsroom/news-archive/news-archive/95586-interpol-calls-for-publics-help-in-operation-targeting-people-smugglers",
)
_INTERPOL = StorySource(
    "INTERPOL, 23 June 2016 (in French)",
    "https://www.interpol.int/fr/Actualites-et-evenements/Actualites/2016/INTERPOL-sollicite-l-aide-du-public-dans-le-cadre-d-une-operation-ciblant-les-trafiquants-de-migrants",
)
_AFP = StorySource(
    "AFP in The Straits Times, June 2016", "https://www.straitstimes.com/world/help-interpol-to-nab-human-traffickers"
)

TITLE = Title(
    name="infra_hydra",
    title="Infra Hydra",
    kind=OperationType.FUGITIVE,
    summary=(
        "Investigators at one desk in Lyon follow up leads on fugitives wanted for smuggling migrants; countries "
        "report whom they arrested and whom they positively located. The 180 cases go from the nomination to the "
        "arrest without a name; located and arrested are never added up."
    ),
    sources=(_RELEASE, _INTERPOL, _AFP),
    published=(
        StoryFigure("Arrested", 26, "arrests", _RELEASE, "=", Kpi.ARRESTS),
        StoryFigure("Positively located", 31, "persons", _RELEASE, "=", Kpi.LOCATED),
        StoryFigure("Targets", 180, "persons", _RELEASE),
        StoryFigure("Countries that want the targets", 31, "countries", _RELEASE),
        StoryFigure("Outstanding", 123, "persons", _AFP),
        StoryFigure("Countries that take part", 44, "countries", _AFP),
        StoryFigure("Officers in Lyon", 28, "officers", _INTERPOL),
        StoryFigure("Nationalities of these officers", 24, "nationalities", _INTERPOL),
    ),
    invented=(
        "Invented: which 44 countries take part, where and on which day the 26 arrests and 31 positive locations "
        "fall, which country asked for each, which 31 countries those are, all that is said of single cases and the "
        "leads about them, plan, tasks, debrief, recommendation and cast. Each country reports through its largest "
        "airport, as no place was published. Published: the totals, the dates, and the desk in Lyon."
    ),
    past=38,
)

_AIRPORTS = (  # one per country
    "airport:LFPG", "airport:LATI", "airport:LOWW", "airport:UBBB", "airport:EBBR", "airport:LQSA", "airport:LBSF",
    "airport:LDZA", "airport:LCLK", "airport:LKPR", "airport:EKCH", "airport:EFHK", "airport:EDDF", "airport:LGAV",
    "airport:LHBP", "airport:LIRF", "airport:EVRA", "airport:EYVI", "airport:LWSK", "airport:LUKK", "airport:LYPG",
    "airport:EHAM", "airport:ENGM", "airport:EPWA", "airport:LPPT", "airport:LROP", "airport:LYBE", "airport:LZIB",
    "airport:LJLJ", "airport:LEMD", "airport:ESSA", "airport:LSZH", "airport:LTBJ", "airport:EGLL", "airport:GMMN",
    "airport:DTTA", "airport:HECA", "airport:DNMM", "airport:CYYZ", "airport:KJFK", "airport:SBGR", "airport:OPIS",
    "airport:OLBA", "airport:WMKK",
)  # fmt: skip
_MOST = {
    "GRC": 4,
    "ITA": 4,
    "DEU": 4,
    "ESP": 3,
    "AUT": 3,
    "HUN": 3,
    "ROU": 3,
    "GBR": 3,
    "SRB": 2,
    "BGR": 2,
    "ALB": 2,
    "TUR": 2,
    "HRV": 2,
}
_WANT = ("AUT", "BEL", "BGR", "HRV", "FRA", "DEU", "GRC", "HUN", "ITA", "ROU", "SRB", "SVN", "ESP", "SWE")


_S = RecommendationState
_LESSONS = (
    StoryLesson(
        "Name a contact for leads, by day and by night, in each country without an officer at the desk.",
        "Leads to countries without an officer at the desk waited longest.",
        "debrief", "command", "operation_coordinator", 120,
        ((50, "leader", _S.ACCEPTED, "The next sweep begins with the list of contacts."),
         (100, "coordinator", _S.DONE, "The template for sweeps asks each country for a contact."),
         (110, "leader", _S.CLOSED, "")),
    ),
)  # fmt: skip


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """Return the scenario with its operational phase beginning on `first_day`."""
    story = Story(TITLE, "Europe/Paris", FIRST_DAY, first_day, compose)
    desks = _plan(story)
    story.move(story.at(0, "08:00"), OperationState.ACTIVE)
    _sweep(story, desks)
    story.move(story.at(_DAYS, "10:00"), OperationState.CONSOLIDATION)
    story.consolidate(story.at(_DAYS + 26, "09:00"))
    lessons.close_debrief(
        story,
        story.at(_DAYS + 30, "15:00"),
        "Investigators of many countries at one desk answered leads within a day.",
        "Leads to countries without an officer at the desk waited longest.",
    )
    lessons.publish(
        story,
        story.at(_DAYS + 33, "16:00"),
        "Investigators who sat together found fugitives wanted for smuggling of migrants.",
        "Sums of lines that analysts have consolidated, each report once. "
        "Arrested and positively located are told apart and never added up.",
    )
    lessons.recommend(story, _DAYS + 35, _LESSONS)
    lessons.archive(story, story.at(_DAYS + 150, "11:00"))
    return story.told()


def _plan(story: Story) -> list[StorySite]:
    at = story.at(-60, "09:00")
    story.create(
        at,
        crime_scope=["migrant_smuggling"],
        aim="Find and arrest persons wanted for smuggling migrants, or tell the country that wants "
        "them where they are.",
        legal_basis="Red Notices, diffusions and national warrants of the countries that want the targets.",
        line_kinds=["arrest", "positive_location", "hit"],
        daily_due="18:00",
        classification="restricted",
    )
    story.phase(at, "pre_operational", "Review of the targets", story.at(-21, "09:00"), story.at(-7, "18:00"))
    story.phase(at, "operational", "Desk in Lyon", story.at(0, "00:00"), story.at(_DAYS, "00:00"))
    story.phase(at, "public_appeal", "Public appeal", story.at(45, "00:00"), story.at(75, "00:00"))
    story.assign(at, "analyst")
    desks = []
    for ref in _AIRPORTS:
        placed = story.at(-55, "10:00")
        where = story.site(placed, ref)
        desks.append(where)
    for where in desks:
        story.invite(story.at(-57, "10:00"), where.country, story.later(story.at(-56, "08:00"), 0, 900))
    _draw(story)
    story.approve(story.at(-40, "11:00"), story.at(-38, "15:30"))
    story.open(story.at(-21, "09:00"))
    chores.hand_out(story, story.at(-36, "10:00"), _chores())
    return desks


def _chores() -> list[Chore]:
    """Return the desk's tasks: assembly, five days of work, and the public appeal at the end."""
    review, desk, answers = (
        "Agree on the targets",
        "Desks, lines and screens in Lyon",
        "Collect the last answers to leads",
    )
    return [
        Chore(
            "Ask 44 countries for targets",
            "coordinator",
            (-36, "11:00"),
            (-22, "18:00"),
            began=(-36, "11:10"),
            done=(-20, "12:00"),
            note="Late: three countries asked for two more days.",
        ),
        Chore(
            review,
            "coordinator",
            (-18, "09:00"),
            (-15, "18:00"),
            began=(-18, "09:30"),
            done=(-15, "16:30"),
            phase="pre_operational",
        ),
        Chore(
            "Look up every notice before the desk opens",
            "analyst",
            (-14, "08:00"),
            (-8, "18:00"),
            began=(-14, "08:30"),
            done=(-9, "15:00"),
            phase="pre_operational",
            waits=(review,),
        ),
        Chore(
            desk,
            "FRA",
            (-14, "08:00"),
            (-2, "18:00"),
            began=(-13, "09:00"),
            done=(-3, "16:00"),
            steps=("28 places", "Lines of the secure network", "Interpreters of four languages", "Badges"),
        ),
        *(
            Chore(
                f"Morning round of the desk, day {day + 1}",
                "coordinator",
                (day, "08:00"),
                (day, "09:00"),
                done=(day, "08:50"),
                phase="operational",
                waits=(desk,) if day == 0 else (),
            )
            for day in range(_DAYS)
        ),
        Chore(
            "Second week for the desk",
            "coordinator",
            (2, "09:00"),
            (4, "18:00"),
            dropped=((3, "17:00"), "Countries go on from their own offices."),
            phase="operational",
        ),
        Chore(
            answers,
            "analyst",
            (_DAYS, "11:00"),
            (20, "18:00"),
            began=(6, "09:00"),
            done=(18, "15:00"),
            waits=("operational",),
        ),
        Chore(
            "Choose whom the public is asked for",
            "coordinator",
            (21, "09:00"),
            (29, "18:00"),
            began=(21, "09:30"),
            done=(29, "11:00"),
            waits=(answers,),
        ),
    ]


def _draw(story: Story) -> None:
    at = story.at(-50, "14:00")
    story.draw(at, "coordination_unit", "Desk of the investigators, Lyon", point(4.8357, 45.7640))
    story.man(
        story.at(-50, "15:30"),
        "Desk of the investigators, Lyon",
        [("head", None, 1), ("analyst", None, 3), ("liaison_officer", "FRA", 2)],
        kind="special_operations_room",
        host_country="FRA",
        zone="Europe/Paris",
        days=[0, 1, 2, 3, 4, 5, 6],
        opens="08:00",
        closes="20:00",
    )
    story.draw(
        at,
        "area",
        "Balkan route",
        area((20.0, 39.5), (26.6, 40.4), (26.0, 44.0), (21.5, 46.5), (16.0, 47.9), (15.0, 45.6), (19.0, 42.6)),
        audience="coordination",
    )
    story.draw(
        at,
        "route",
        "Athens, Belgrade, Vienna",
        line((23.73, 37.98), (22.55, 41.12), (20.46, 44.80), (19.04, 47.50), (16.37, 48.21)),
        audience="coordination",
    )
    story.draw(at, "route", "Calais, Dover", line((1.85, 50.96), (1.31, 51.13)), audience="coordination")
    story.draw(at, "hotspot", "Budapest", point(19.04, 47.50), audience="coordination")
    story.draw(at, "checkpoint", "Second line, Vienna", point(16.57, 48.11), by="coordinator.aut")
    story.draw(at, "observation_post", "Piraeus", point(23.665, 37.965), by="coordinator.grc", audience="coordination")


def _sweep(story: Story, desks: list[StorySite]) -> None:
    """Add 26 arrests and 31 locations, each of one person; every country ends with its last result or a nil report.

    The same findings end the cases that they belong to.
    """
    findings: list[CaseOutcome] = []
    events: dict[tuple[str, int], list[str]] = {}
    for what in ["arrest"] * 26 + ["location"] * 31:
        where = story.chance.choices(desks, [_MOST.get(desk.country, 1) for desk in desks])[0]
        events.setdefault((where.country, story.chance.choices(range(_DAYS), (3, 4, 4, 4, 2))[0]), []).append(what)
    for where in desks:
        for day in range(_DAYS):
            found = events.get((where.country, day), [])
            if found or day == _DAYS - 1:
                findings += _report(story, where, day, found)
    play_cases(story, findings, [desk.country for desk in desks])


def _report(story: Story, where: StorySite, day: int, found: list[str]) -> list[CaseOutcome]:
    starts, ends = story.at(day, "08:00"), story.at(day, "17:30")
    lines, findings = [], []
    for what in found:
        wanting = _wanting(where.country, story.chance)
        findings.append(CaseOutcome(where.country, day, what == "arrest", wanting))
        if what == "arrest":
            lines.append(arrests(1, basis="red_notice_diffusion", requesting_country=wanting))
        else:
            lines.append(located(1, requesting_country=wanting))
    story.file(where, starts, ends, lines)
    return findings


def _wanting(country: str, chance: Random) -> str:
    return chance.choice([each for each in _WANT if each != country])
