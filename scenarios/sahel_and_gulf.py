"""Programme: five years of border posts of the Sahel and the Gulf of Guinea, with an operation in the middle.

Assess, connect, train, operate, look again: each post is at another step of the strategy loop, so that every screen of
it has something to show. At Gaya queries grew and stayed; at Ouagadougou nobody can tell.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from operations.core.vocabulary import OperationType
from operations.infrastructure.rows import EquipmentState, LinkState
from operations.needs.rows import AssessmentState
from operations.support import teams
from scenarios import assistance, sahel_airports
from scenarios.assistance import Crew
from scenarios.courses import Programme
from scenarios.equipment import Demand
from scenarios.sahel_and_gulf_courses import train, train_for_the_airports
from scenarios.sahel_and_gulf_exchange import tell
from scenarios.sahel_and_gulf_partners import around_the_operation
from scenarios.sahel_and_gulf_places import (
    ABIDJAN,
    AFLAO,
    AGADEZ,
    ASSAMAKA,
    BAMAKO,
    BOBO,
    CHANGED,
    GAYA,
    KIDIRA,
    KNOWN,
    KONNI,
    LAGOS,
    LOME,
    MALANVILLE,
    NIAMEY,
    NIANGOLOKO,
    NOE_ELUBO,
    NOUADHIBOU,
    NOUAKCHOTT,
    OUAGADOUGOU,
    ROSSO,
    SEME,
    SEME_NIGERIA,
    TAKEN_UP,
    Stations,
)
from scenarios.sahel_and_gulf_projects import modernise
from scenarios.sahel_and_gulf_words import AREAS
from scenarios.script_language import Scenario, Title

FIRST_DAY = date(2021, 1, 4)
MIDDLE = 36.75
"""The month in which the operation at the airports begins."""
TITLE = Title(
    name="sahel_and_gulf",
    title="Sahel and Gulf of Guinea",
    kind=OperationType.BORDER_STOP,
    summary=(
        "Five years of border posts in eight countries: what they needed, what they were given, who was trained, an "
        "operation at the airports, and whether anything changed in practice."
    ),
    sources=sahel_airports.TITLE.sources,
    published=(),
    invented=(
        "Invented: every figure of the posts, what they needed, equipment, links, donors, queries, courses, results "
        "and talks. Published: the places, and what the scenario of the operation in the middle says of itself. No "
        "figure of any real post, donor or person is meant."
    ),
)

_A, _E, _L = AssessmentState, EquipmentState, LinkState


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """Return the scenario of the five years that begin on `first_day`."""
    begins = first_day + timedelta(days=round(MIDDLE * 30.44))
    middle = sahel_airports.compose(begins - timedelta(days=begins.weekday()))
    story = Programme(TITLE, FIRST_DAY, first_day, compose, middle)
    posts = _register(story)
    _countries(story)
    _needs(story, posts)
    devices = _equipment(story, posts)
    _links(story, posts)
    _plan_links(story)
    course = train(story, posts)
    tell(story)
    _join(story, posts)
    for (ref, country), how in _ASKED.items():
        story.count(posts[ref, country], how, devices if (ref, country) == GAYA else None)
    around_the_operation(story)
    modernise(story, posts)
    train_for_the_airports(story, posts, course)
    return story.told()


WORTH_SEEING = {
    "assessed again": GAYA,
    "connected": MALANVILLE,
    "the link is down": KIDIRA,
    "trained and moved": OUAGADOUGOU,
    "grew and stayed": NIAMEY,
}
"""The stops of the guided tour, by post."""


def _register(story: Programme) -> Stations:
    """Add every post with its initial condition, and its condition after deliveries."""
    stations = {}
    for ref, country, passages, officers, network, online, power, hours, access in KNOWN:
        month = TAKEN_UP[country]
        where = stations[ref, country] = story.station(month, ref, country)
        first: dict[str, Any] = {
            "passages": passages,
            "officers": officers,
            "connectivity": network,
            "online_hours": online,
            "power": power,
            "power_hours": hours,
            "access": access,
            "note": "Invented figures.",
        }
        later = [(month + 0.2, first)]
        for moment, changed in CHANGED.get((ref, country), ()):
            first = first | {"passages": round(first["passages"] * 1.04), "note": "Invented figures."} | changed
            later.append((moment, first))
        story.describe(where, *later)
    story.place(
        0.2,
        "NER",
        "coordinator",
        name="National Central Bureau, Niamey",
        site_type="coordination_unit",
        lat=13.5137,
        lon=2.1098,
        zone="Africa/Niamey",
        ref="",
    )
    return stations


def _needs(story: Programme, posts: Stations) -> None:
    """Add assessments in every state; three posts are assessed again, and are better."""
    for key, month, done, again, level, baseline, feasibility, words in (
        (NIAMEY, 2.0, 21.0, 47.5, 1.7, 640, "feasible", "Both counters ask themselves; log of the bureau."),
        (GAYA, 3.0, 25.5, 48.5, 0.9, 45, "with_works", "Panels, link and workstation work; certificates are signed."),
        (ABIDJAN, 4.5, 29.0, 49.0, 2.5, 5_400, "feasible", "A second line with four readers works by day."),
    ):
        where, works = posts[key], "Panels first." if feasibility == "with_works" else ""
        about: dict[str, Any] = {"baseline": baseline, "feasibility": feasibility, "works": works}
        story.assess(where, month, _A.REASSESSED, level, AREAS, done=done, again=again, words=words, **about)
        about |= {"baseline": baseline * 3, "feasibility": "feasible", "works": ""}
        story.assess(
            where,
            again - 3.5,
            _A.MEASURES_DONE,
            min(level + 1.3, 3.0),
            AREAS,
            done=again + 5.0,
            words="What was still missing is delivered.",
            purpose="Invented: what became of the measures.",
            **about,
        )
    for key, month, to, level, baseline, feasibility, done in (
        (MALANVILLE, 5.0, _A.MEASURES_DONE, 1.3, 60, "feasible", 28.5),
        (OUAGADOUGOU, 3.2, _A.MEASURES_DONE, 2.2, 910, "feasible", 31.0),
        (LOME, 55.0, _A.PLAN_AGREED, 2.7, 2_100, "feasible", 0.0),
        (AFLAO, 57.1, _A.PLAN_PROPOSED, 1.5, 380, "feasible", 0.0),
        (BAMAKO, 8.0, _A.MEASURES_DONE, 2.3, 700, "feasible", 16.5),
        (NOUAKCHOTT, 9.0, _A.MEASURES_DONE, 2.6, 830, "feasible", 17.5),
        (KONNI, 57.5, _A.VALIDATED, 1.1, 25, "with_works", 0.0),
        (NIANGOLOKO, 30.0, _A.MEASURES_DONE, 0.9, 0, "not_feasible", 38.0),
        (KIDIRA, 33.0, _A.MEASURES_DONE, 1.6, 90, "feasible", 41.5),
        (SEME, 58.2, _A.SCORED, 1.8, 210, "feasible", 0.0),
        (NOE_ELUBO, 58.6, _A.VISIT, 0.0, 0, "unknown", 0.0),
        (LAGOS, 59.1, _A.DESK_REVIEW, 0.0, 0, "unknown", 0.0),
        (SEME_NIGERIA, 59.6, _A.REQUESTED, 0.0, 0, "unknown", 0.0),
    ):
        story.assess(
            posts[key],
            month,
            to,
            level,
            AREAS,
            baseline=baseline,
            feasibility=feasibility,
            done=done,
            works="A mast, and panels for it." if feasibility == "with_works" else "",
            words="What was agreed is delivered; the certificates are signed.",
        )
    story.assess(posts[ASSAMAKA], 10.0, _A.NOT_ACCESSIBLE, words="The road is closed to convoys since spring.")
    story.assess(posts[ROSSO], 12.0, _A.REFUSED, words="The post is rebuilt this year: assess it afterwards.")


_ROLES = {
    "NER": ("transit",),
    "BFA": ("source", "transit"),
    "MLI": ("source", "transit"),
    "MRT": ("transit",),
    "BEN": ("source", "transit"),
    "TGO": ("source", "transit"),
    "CIV": ("source", "destination"),
    "NGA": ("source", "transit", "destination"),
}
_TEAMS = (
    Crew("TGO", "MONO 1", "frontline", ("document_examiner",), ("fr", "en"), 5, "Lomé", 6.13, 1.22, "Africa/Lome"),
    Crew("CIV", "COMOÉ 3", "frontline", ("document_examiner",), ("fr",), 6, "Abidjan", 5.32, -4.02, "Africa/Abidjan"),
    Crew("NGA", "LAGOON 2", "frontline", ("biometrics",), ("en", "ha"), 8, "Lagos", 6.52, 3.38, "Africa/Lagos"),
    Crew("BEN", "OUÉMÉ 1", "frontline", ("document_examiner",), ("fr",), 4, "Cotonou", 6.37, 2.42, "Africa/Porto-Novo"),
)


def _countries(story: Programme) -> None:
    """Add the roles of countries, one of them revised; and teams, of which one is broken and one is away."""
    for country, said in _ROLES.items():
        story.role(TAKEN_UP[country] + 0.3, country, said, "Invented: workshop of the eight countries.")
    story.role(48.0, "NER", ("transit", "destination"), "Invented: reports of the last two years.")
    for month, crew in enumerate(_TEAMS):
        assistance.add_to_roster(story, story.when(44 + month), crew)
    broken, ends = _TEAMS[2], story.ends
    story.does(
        story.when(57.0),
        "coordinator.nga",
        f"{broken.call_sign} is out of service",
        lambda session, by: teams.take_out(session, broken.id, "Both vehicles are at the garage.", by),
    )
    assistance.record_absence(
        story,
        story.when(58.0),
        _TEAMS[1],
        "training",
        story.when(59.2),
        ends.replace(microsecond=0) + timedelta(days=45),
    )


def _equipment(story: Programme, posts: Stations) -> tuple[UUID, float]:
    """Add equipment in every state; return Gaya's workstation, and the month after which it is counted by itself."""
    equip = story.equip
    station = equip(
        posts[GAYA],
        15.0,
        "workstation",
        "Donor A",
        _E.INSTALLED,
        "NE-W-0107",
        customs=3.4,
        asked=(24.2, 24.9, 59.8),
        purpose="So that the counter asks itself.",
    )
    equip(posts[GAYA], 11.0, "power_supply", "Donor A", _E.INSTALLED, "NE-P-0031", asked=(17.5, 59.5))
    equip(posts[GAYA], 56.0, "workstation", "Donor B", _E.PROCURED, purpose="A second counter.")  # two donors
    equip(posts[NIAMEY], 12.0, "passport_reader", "Donor A", _E.INSTALLED, "NE-R-0211", asked=(20.0, 21.0, 40.0, 59.6))
    equip(
        posts[NIAMEY],
        26.0,
        "fingerprint_scanner",
        "Donor B",
        _E.INSTALLED,
        "NE-F-0005",
        asked=(33.0, 36.9),
        ends=((38.5, _E.DORMANT, ""),),
    )
    equip(posts[MALANVILLE], 18.0, "workstation", "Donor B", _E.INSTALLED, "BJ-W-0009", asked=(26.0, 26.8, 59.4))
    equip(
        posts[OUAGADOUGOU],
        20.0,
        "workstation",
        "Donor A",
        _E.INSTALLED,
        "BF-W-0040",
        asked=(27.0, 29.0),
        ends=((46.0, _E.OUT_OF_SERVICE, "Lightning; the mains adapter is burnt."),),
    )
    equip(
        posts[ABIDJAN],
        16.0,
        "passport_reader",
        "Donor B",
        _E.INSTALLED,
        "CI-R-0301",
        asked=(24.0, 25.0),
        ends=((52.0, _E.RETIRED, "Replaced by readers in the new counters."),),
    )
    equip(posts[ABIDJAN], 47.0, "imd", "Donor B", _E.INSTALLED, "CI-D-0012", asked=(54.0, 54.8, 59.7))
    equip(
        posts[NOUAKCHOTT],
        22.0,
        "mind_kit",
        "Donor A",
        _E.INSTALLED,
        "MR-M-0002",
        asked=(28.0,),
        ends=((33.0, _E.LOST, "Not found when the office moved."),),
    )
    equip(posts[KIDIRA], 38.0, "workstation", "Donor A", _E.INSTALLED, "ML-W-0018", asked=(46.2, 47.0, 59.3))
    equip(posts[LOME], 44.0, "camera", "Programme", _E.INSTALLED, "TG-C-0007", asked=(59.2,))
    equip(posts[LOME], 50.0, "workstation", "Donor B", _E.INSTALLED, "TG-W-0008")
    equip(posts[BAMAKO], 51.8, "passport_reader", "Donor A", _E.HANDED_OVER, "ML-R-0111", customs=3.5)
    equip(posts[AFLAO], 53.5, "passport_reader", "Donor B", _E.CUSTOMS)
    equip(posts[SEME], 54.5, "workstation", "Donor A", _E.SHIPPED)
    equip(posts[NOE_ELUBO], 58.5, "imd", "Donor B", _E.APPROVED)
    equip(posts[KONNI], 59.7, "power_supply", "Donor A", _E.PLANNED)
    equip(
        posts[NIANGOLOKO],
        36.0,
        "workstation",
        "Donor B",
        _E.PROCURED,
        ends=((40.0, _E.DROPPED, "I-24/7 is not feasible there: the order is taken back."),),
    )
    return station, 25


def _links(story: Programme, posts: Stations) -> None:
    connect = story.connect
    connect(
        posts[NIAMEY],
        15.0,
        "fixed",
        _L.LIVE,
        outages=((30.2, 3.0, False, "A digger cut the fibre."), (59.0, 1.5, True, "Works on the mains, announced.")),
    )
    connect(posts[GAYA], 19.0, "satellite", _L.LIVE, outages=((58.4, 2.2, False, "Storm; the dish was turned."),))
    connect(posts[MALANVILLE], 21.0, "fixed", _L.LIVE)
    connect(
        posts[KIDIRA],
        40.5,
        "fixed",
        _L.LIVE,
        hours=18,
        outages=((59.2, None, False, "The provider has not been paid."),),
    )
    connect(posts[ABIDJAN], 10.0, "fixed", _L.LIVE, closed=(26.0, "The airport's own network is used instead."))
    connect(posts[LOME], 54.2, "fixed", _L.TESTED)
    connect(posts[AFLAO], 55.3, "mobile_data", _L.BUILT, hours=20)
    connect(posts[SEME], 57.5, "fixed", _L.AGREED)


def _plan_links(story: Programme) -> None:
    """Ask twice which posts to connect: under a small budget, and under one that was available and spent.

    The adopted links of the second plan wait for their countries.
    """
    story.plan_links(46.0, 80_000)
    story.plan_links(59.2, 130_000, adopted=59.8)


_ASKED = {
    GAYA: Demand(60, 79_000, ((24, 9.0), (37, 12.0), (50, 14.0)), since=5),
    MALANVILLE: Demand(60, 79_000, ((27, 6.0), (40, 7.0))),
    NIAMEY: Demand(640, 42_000, ((21, 1.5), (37, 3.2))),
    OUAGADOUGOU: Demand(910, 51_000, ((27, 1.1), (38, 1.05)), loud=0.55),
    BAMAKO: Demand(700, 45_000, ((38, 1.6), (44, 0.9)), weekly=False),
    NOUAKCHOTT: Demand(830, 32_000, ((38, 1.3),), since=24),
    ABIDJAN: Demand(5_400, 156_000, ((24, 1.4), (54, 1.9)), since=18),
    LOME: Demand(2_100, 57_000, since=40),
    KIDIRA: Demand(90, 33_000, ((46, 8.0),), since=42),
    SEME: Demand(210, 207_000, since=50),
}


def _join(story: Programme, posts: Stations) -> None:
    """Join the airports of the operation to these posts."""
    placed = story.middle.opens - timedelta(days=6)
    for minutes, key in enumerate((NIAMEY, AGADEZ, OUAGADOUGOU, BOBO, BAMAKO, NOUAKCHOTT, NOUADHIBOU)):
        story.join(posts[key], placed + timedelta(minutes=minutes))
