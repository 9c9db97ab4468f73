"""Intelligence-driven operation: a network that smuggled people from Cuba into the European Union, in June 2023."""

from datetime import date
from uuid import UUID

from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import OperationState, OperationType
from operations.evaluation.recommendations import RecommendationState
from scenarios import chores, lessons
from scenarios.chores import Chore
from scenarios.forms import area, arrests, checks, line, point
from scenarios.invention import groups
from scenarios.lessons import StoryLesson
from scenarios.planning import StorySite
from scenarios.script_language import Scenario, StoryFigure, StorySource, Title
from scenarios.story import Story

FIRST_DAY = date(2023, 6, 12)
_DAYS = 5
_SPUTNIK = StorySource(
    "Europol's statement in UrduPoint, 24 July 2023",
    "https://www.urdupoint.com/en/world/europol-says-over-60-people-arrested-for-smug-1728309.html",
)
_ANSA = StorySource(
    "ANSA, 24 July 2023 (countries)",
    "https://embed.ansa.it/nuova_europa/en/news/countries/germany/2023/07/24/"
    "over-5000-migrants-smuggled-from-cuba-via-serbia-into-eu_b308cacf-fbef-441d-9c66-d731b894b973.html",
)
_WION = StorySource(
    "WION, July 2023",
    "https://www.wionews.com/world/62-alleged-migrant-smugglers-arrested-in-europol-interpol-human-trafficking-crackdown-618943",
)

TITLE = Title(
    name="cuban_network",
    title="Cuban Network",
    kind=OperationType.INTELLIGENCE_DRIVEN,
    summary=(
        "Five countries act on one network that brought people from Cuba by air to Serbia and on to Greece and "
        "Spain. Arrests are reported; property, vehicles and accounts seized, and the number of persons smuggled, "
        "are shown as published: no line carries them yet, and an estimate of smuggled persons is not a count of "
        "detections."
    ),
    sources=(_SPUTNIK, _ANSA, _WION),
    published=(
        StoryFigure("Arrested", 62, "arrests", _SPUTNIK, "=", Kpi.ARRESTS),
        StoryFigure("Cuban nationals among the arrested", 25, "arrests", _SPUTNIK),
        StoryFigure("Persons smuggled (estimate)", 5_000, "persons", _SPUTNIK, "~"),
        StoryFigure("Properties seized", 18, "properties", _SPUTNIK),
        StoryFigure("Vehicles seized", 33, "vehicles", _SPUTNIK),
        StoryFigure("Bank accounts seized", 144, "accounts", _SPUTNIK),
        StoryFigure("Profit of the network (EUR)", 45_000_000, "EUR", _SPUTNIK, "~"),
        StoryFigure("Countries", 5, "countries", _ANSA),
    ),
    invented=(
        "Invented: the days of the action within June 2023, how the 62 arrests are spread over countries, places "
        "and days (some were made before the action), the legal bases, the vehicles inspected, plan, tasks, cast, "
        "debrief and its recommendation, the units' hours and members, the hypothesis, the target network and the "
        "taskings. Published: the totals, the five countries, the route by air to Belgrade and on to Greece and "
        "Spain, and that officers of Spain, Greece and Serbia acted in June 2023."
    ),
    past=40,
)

_SITES = {  # reference and side to weight: where arrests are made
    ("airport:LYBE", "SRB"): 4, ("crossing:MKD-SRB-R001", "SRB"): 2, ("airport:LGAV", "GRC"): 6,
    ("airport:LGTS", "GRC"): 4, ("crossing:GRC-MKD-R002", "GRC"): 2, ("airport:LEMD", "ESP"): 8,
    ("airport:LEAL", "ESP"): 3, ("crossing:GRC-MKD-R002", "MKD"): 1, ("crossing:MKD-SRB-R001", "MKD"): 1,
    ("airport:EDDF", "DEU"): 1,
}  # fmt: skip


_S = RecommendationState
_LESSONS = (
    StoryLesson(
        "Give each country two officers who may send figures.",
        "Two countries sent their first figures late, because one officer alone could send them.",
        "debrief", "reporting", "operation_coordinator", 110,
        ((45, "leader", _S.ACCEPTED, "It is asked of each country before the first day."),
         (90, "coordinator", _S.DONE, "The plan of the next operation names two officers a country."),
         (100, "leader", _S.CLOSED, "")),
    ),
)  # fmt: skip


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """Return the scenario with its operational phase beginning on `first_day`."""
    story = Story(TITLE, "Europe/Belgrade", FIRST_DAY, first_day, compose)
    sites = _plan(story)
    houses = _investigate(story)
    story.move(story.at(0, "04:30"), OperationState.ACTIVE)
    _act(story, sites, houses)
    story.move(story.at(_DAYS, "12:00"), OperationState.CONSOLIDATION)
    story.consolidate(story.at(_DAYS + 20, "09:00"))
    lessons.close_debrief(
        story,
        story.at(_DAYS + 25, "15:00"),
        "The countries searched on the same days, so that nobody could be warned by the others.",
        "Two countries sent their first figures late, because one officer alone could send them.",
    )
    lessons.publish(
        story,
        story.at(_DAYS + 28, "16:00"),
        "Four countries acted on the same days against a network that smuggled migrants from Cuba.",
        "Sums of lines that analysts have consolidated, each report once. "
        "Arrests made before the days of action are counted too.",
    )
    lessons.recommend(story, _DAYS + 30, _LESSONS)
    lessons.archive(story, story.at(_DAYS + 140, "11:00"))
    return story.told()


def _plan(story: Story) -> list[StorySite]:
    at = story.at(-90, "09:00")
    story.create(
        at,
        crime_scope=["migrant_smuggling", "document_fraud"],
        aim="Take the network apart: those who lead it, those who forge for it, and what it owns.",
        legal_basis="Investigations of the five countries.",
        line_kinds=["arrest", "check_tally", "document_seizure"],
        daily_due="20:00",
        classification="restricted",
    )
    story.phase(at, "preparation", "Shared investigation", story.at(-85, "00:00"), story.at(-3, "00:00"))
    story.phase(at, "operational", "Action", story.at(0, "00:00"), story.at(_DAYS, "00:00"))
    story.assign(at, "analyst")
    story.aim(story.at(-84, "09:00"), Kpi.ARRESTS, 40)
    for country in ("SRB", "GRC", "ESP", "MKD", "DEU"):
        contribution = "participant" if country in ("SRB", "GRC", "ESP") else "contributor_of_intelligence"
        story.invite(story.at(-88, "10:00"), country, story.later(story.at(-87, "09:00"), 0, 2000), contribution)
    sites = [story.site(story.at(-30, "10:00"), ref, country) for ref, country in _SITES]
    _units(story)
    _draw(story)
    story.approve(
        story.at(-83, "11:00"),
        story.at(-81, "16:00"),  # before the first question goes to a country
        modus_operandi=(
            "By air from Havana to Belgrade, by land to Greece, by air on to Spain. Lodging, false documents and "
            "tickets are sold one by one; money moves through accounts and property."
        ),
    )
    story.open(story.at(-10, "09:00"))
    chores.hand_out(story, story.at(-28, "10:00"), _chores())
    return sites


def _chores() -> list[Chore]:
    """Return the tasks of the five countries before and after one morning."""
    warrants, houses, teams = (
        "Warrants of one day in three countries",
        "Addresses that are searched",
        "Teams for a morning",
    )
    return [
        Chore(houses, "analyst", (-27, "09:00"), (-16, "18:00"), began=(-27, "10:00"), done=(-17, "16:00")),
        *(
            Chore(
                f"{warrants}: {code}",
                code,
                (-15, "08:00"),
                (-4, "18:00"),
                began=(-15, "09:00"),
                done=done,
                waits=(houses,),
            )
            for code, done in (("SRB", (-6, "12:00")), ("GRC", (-3, "19:30")), ("ESP", (-5, "15:00")))
        ),
        Chore(
            teams,
            "coordinator",
            (-15, "10:00"),
            (-3, "18:00"),
            began=(-14, "09:00"),
            done=(-3, "17:30"),
            waits=(houses,),
            steps=("One hour for all doors", "Interpreters of Spanish", "A place for people found"),
        ),
        Chore(
            "Doors of the first morning",
            "SRB",
            (0, "02:30"),
            (0, "10:00"),
            began=(0, "02:35"),
            done=(0, "09:15"),
            phase="operational",
            waits=(teams,),
        ),
        Chore(
            "Freeze accounts and property",
            "ESP",
            (0, "05:00"),
            (3, "18:00"),
            began=(0, "05:30"),
            done=(4, "11:00"),
            phase="operational",
            note="Late: two banks asked for the original of the order.",
        ),
        Chore(
            "Second wave in Thessaloniki",
            "GRC",
            (2, "04:00"),
            (3, "12:00"),
            dropped=((1, "19:00"), "Whoever was looked for was found on the first day."),
            phase="operational",
        ),
        Chore(
            "Compare telephones and forged cards",
            "analyst",
            (5, "08:00"),
            (20, "18:00"),
            began=(5, "09:00"),
            done=(19, "14:00"),
            waits=("operational",),
        ),
        Chore(
            "Words to the public, on one day",
            "coordinator",
            (20, "19:00"),
            (25, "12:00"),
            began=(21, "09:00"),
            done=(25, "10:00"),
            waits=("Compare telephones and forged cards",),
        ),
    ]


def _units(story: Story) -> None:
    story.draw(
        story.at(-84, "14:00"), "coordination_unit", "Coordination of the action, The Hague", point(4.2815, 52.0926)
    )
    story.draw(story.at(-84, "14:00"), "coordination_unit", "Coordination in Belgrade", point(20.4612, 44.8125))
    story.man(
        story.at(-84, "15:30"),
        "Coordination of the action, The Hague",
        [("head", None, 1), ("analyst", None, 4), ("liaison_officer", "ESP", 1), ("liaison_officer", "GRC", 1)],
        kind="international_coordination_centre",
        host_country="NLD",
        zone="Europe/Amsterdam",
        supports=["ESP", "DEU", "GRC"],
        days=[0, 1, 2, 3, 4, 5, 6],
        opens="07:00",
        closes="22:00",
    )
    story.man(
        story.at(-84, "16:30"),
        "Coordination in Belgrade",
        [("head", "SRB", 1), ("liaison_officer", "MKD", 1)],
        kind="support_unit",
        host_country="SRB",
        zone="Europe/Belgrade",
        supports=["SRB", "MKD"],
        round_the_clock=True,
    )


def _draw(story: Story) -> None:
    at = story.at(-29, "14:00")
    story.draw(
        at,
        "route",
        "By air: Havana, Belgrade",
        line((-82.4091, 22.9892), (-45.0, 40.0), (-3.6, 43.5), (20.3091, 44.8184)),
        audience="coordination",
    )
    story.draw(
        at,
        "route",
        "By land: Belgrade, Thessaloniki, Athens",
        line((20.46, 44.81), (21.70, 42.25), (21.43, 42.0), (22.55, 41.12), (22.94, 40.64), (23.73, 37.98)),
        audience="coordination",
    )
    story.draw(
        at, "route", "By air: Athens, Madrid", line((23.9445, 37.9364), (-3.5626, 40.4719)), audience="coordination"
    )
    story.draw(
        at,
        "area",
        "Crossings between Serbia, North Macedonia and Greece",
        area((21.0, 40.8), (23.1, 40.8), (23.1, 42.6), (21.0, 42.6)),
        audience="coordination",
    )
    story.draw(at, "hotspot", "Preševo and Miratovac", point(21.67, 42.29), audience="coordination")
    story.draw(at, "checkpoint", "Motorway south of Vranje", point(21.83, 42.44), by="coordinator.srb")
    story.draw(at, "observation_post", "Polýkastro", point(22.57, 40.99), by="coordinator.grc", audience="coordination")


def _investigate(story: Story) -> UUID:
    """Add the joint investigation of the five countries, all of it invented; return the lead of the arrests."""
    at = story.at(-80, "10:00")
    story.suppose(
        at,
        "One network sells the whole way from Cuba to Spain: flights to Serbia, which asked for no visa, lodging in "
        "Belgrade, the way by land to Greece, and false documents for a flight on.",
        source="b",
        information="3",
    )
    air = story.part(
        at, "route", "By air from Havana to Belgrade, with one change of aircraft.", source="a", information="1"
    )
    land = story.part(at, "route", "By land from Belgrade over North Macedonia to Greece.", source="b", information="2")
    flight = story.part(
        at, "route", "By air from Greek airports to Spain on false documents.", source="b", information="2"
    )
    sellers = story.part(
        at,
        "group",
        "Sells the whole way over messenger groups and takes the money in parts.",
        source="b",
        information="3",
    )
    houses = story.part(
        at, "group", "Rents flats in Belgrade and Athens and moves guests every few days.", source="b", information="2"
    )
    forgers = story.part(
        at, "cluster_role", "Makes residence permits and identity cards of member states.", source="c", information="3"
    )
    method = story.part(
        at, "modus_operandi", "Payment through accounts of third parties, then property.", source="x", information="4"
    )
    for first, kind, second in (
        (sellers, "controls", houses),
        (sellers, "uses", air),
        (houses, "uses", land),
        (forgers, "supplies", houses),
        (houses, "uses", flight),
        (sellers, "uses", method),
    ):
        story.join(story.later(at, 30, 90), first, kind, second, source="b", information="3")
    due = story.at(-60, "18:00")
    flats = story.task(
        story.at(-78, "11:00"),
        houses,
        "Which flats fit the pattern: short lets, many guests, paid in cash?",
        ["SRB", "GRC"],
        due,
    )
    cards = story.task(
        story.at(-78, "12:00"),
        forgers,
        "Which false cards of one pattern were taken at airports since January?",
        ["GRC", "ESP", "DEU"],
        due,
    )
    story.task(
        story.at(-40, "11:00"),
        method,
        "Which properties were bought through third parties?",
        ["ESP"],
        story.at(-5, "18:00"),
    )
    for lead, country, answer in (
        (flats, "SRB", "positive"),
        (flats, "GRC", "positive"),
        (cards, "ESP", "positive"),
        (cards, "DEU", "negative"),
    ):
        story.answer_lead(story.later(story.at(-70, "09:00"), 0, 9000), lead, country, answer)
    story.suppose(
        story.at(-35, "10:00"),
        "One network sells the whole way from Cuba to Spain. Flats in Belgrade and Athens are its middle; forged cards "
        "of one pattern lead to the flights on to Spain. Germany has nothing of it.",
        state="supported",
        source="b",
        information="2",
    )
    return flats


def _act(story: Story, sites: list[StorySite], houses: UUID) -> None:
    """Add the arrests, most on the first two days. 25 of 62 are of Cuban nationals; the others were not published."""
    nationalities = ["CUB"] * 25 + ["XXX"] * 37
    story.chance.shuffle(nationalities)
    events: dict[tuple[StorySite, int], list[dict[str, object]]] = {}
    for size in groups(62, 4, story.chance):
        where = story.chance.choices(sites, list(_SITES.values()))[0]
        day = story.chance.choices(range(_DAYS), (6, 4, 2, 1, 1))[0]
        persons, nationalities = nationalities[:size], nationalities[size:]
        basis = story.chance.choice(("national_warrant", "national_warrant", "flagrant_offence"))
        for nationality in sorted(set(persons)):
            events.setdefault((where, day), []).append(
                arrests(persons.count(nationality), basis=basis, nationality=nationality)
            )
    for where in sites:
        for day in range(_DAYS):
            lines = list(events.get((where, day), []))
            if where.ref.startswith("crossing:") and story.chance.random() < 0.8:
                lines.append(checks(story.chance.randint(40, 220), "vehicle_inspected", "vehicle"))
            sent = story.file(where, story.at(day, "05:00"), story.at(day, f"{story.chance.randint(15, 19)}:00"), lines)
            if day == 0 and where.country in ("SRB", "GRC") and (where, day) in events:
                story.came_from(sent, 0, houses, story.at(1, "12:00"))
