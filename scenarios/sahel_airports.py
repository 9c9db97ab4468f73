"""Border STOP: airports of the Sahel and North Africa, 26 to 30 October 2015. Training first, then the counters."""

from datetime import date, timedelta
from uuid import UUID

from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import OperationState, OperationType
from scenarios import assistance, chores, costs, lessons
from scenarios.assistance import Crew, StoryNeed
from scenarios.chores import Chore
from scenarios.evaluations import evaluate
from scenarios.forms import area, hit, line, point, queries
from scenarios.invention import split
from scenarios.planning import StorySite
from scenarios.sahel_airports_leads import ask
from scenarios.sahel_airports_lessons import EVALUATED, LESSONS
from scenarios.script_language import Scenario, StoryFigure, StorySource, Title
from scenarios.story import Story

FIRST_DAY = date(2015, 10, 26)
_DAYS = 5
_INTERPOL = StorySource(
    "INTERPOL, 6 November 2015: Regional cooperation key to INTERPOL operation targeting terrorist movements",
    "https://www.interpol.int/en/News-and-media/News/2015/N2015-183",
)

TITLE = Title(
    name="sahel_airports",
    title="Sahel Airports",
    kind=OperationType.BORDER_STOP,
    summary=(
        "Officers of five countries are trained and then check the documents of passengers at their international "
        "airports against the database of stolen and lost travel documents (SLTD), while a second team works in "
        "Tunis."
    ),
    sources=(_INTERPOL,),
    published=(
        StoryFigure("SLTD searches", 4_800, "queries", _INTERPOL, ">", Kpi.DATABASE_CHECKS),
        StoryFigure("Hits", 7, "hits", _INTERPOL, "=", Kpi.RAW_HITS),
        StoryFigure("Passengers denied boarding", 1, "persons", _INTERPOL),
        StoryFigure("Officers in two actions", 23, "officers", _INTERPOL, "~"),
        StoryFigure("Countries at the airports", 5, "countries", _INTERPOL),
    ),
    invented=(
        "Invented: how 4,800 searches and 7 hits are spread over airports and days, what became of six of the hits, "
        "which airports took part beside Casablanca, the training days and their searches, plan, cast, tasks, "
        "debrief, recommendations, evaluation, goals, all costs and all teams. "
        "Published: the five countries, the totals, and the passenger denied boarding in Casablanca with a passport "
        "reported stolen in France. Searches of the nominal database took place; how many was not published, so "
        "none are entered. Nouakchott's airport stands where it is today."
    ),
    past=5,
)

_AIRPORTS = {  # reference to weight: how busy the counters are
    "airport:DFFD": 5,
    "airport:DFOO": 1,
    "airport:GABS": 5,
    "airport:GQNO": 4,
    "airport:GQPP": 1,
    "airport:GMMN": 12,
    "airport:GMMX": 6,
    "airport:DRRN": 4,
    "airport:DRZA": 1,
}
_COUNTRIES = ("BFA", "MLI", "MRT", "MAR", "NER")
_TRAINED = {"airport:DFFD": 140, "airport:GABS": 130, "airport:GQNO": 120, "airport:GMMN": 180, "airport:DRRN": 130}
_NO_FLIGHTS = {("airport:DRZA", 2), ("airport:GQPP", 3), ("airport:DFOO", 4)}  # nil reports
_CASABLANCA = ("airport:GMMN", 2, "stolen", "denied_boarding", "confirmed", "FRA")
_HITS = (  # airport, day, kind of record, action, what became of it, who answered
    ("airport:DFFD", 0, "lost", "questioned", "refuted", "BFA"),
    ("airport:GMMN", 1, "revoked", "document_seized", "confirmed", "MAR"),
    _CASABLANCA,
    ("airport:GABS", 2, "lost", "questioned", "refuted", "MLI"),
    ("airport:DRRN", 3, "stolen_blank", "document_seized", "confirmed", "NER"),
    ("airport:GMMX", 3, "lost", "questioned", "pending", ""),
    ("airport:GQNO", 4, "stolen", "questioned", "pending", ""),
)

_COSTS: tuple[costs.Spent, ...] = (
    (-13, "planned", "travel", 38_000, "EUR", None, "Budget of the programme: two trainers and the coordination."),
    (-13, "planned", "premises", 6_000_000, "XOF", None, "Rooms for the training, as the airports asked for them."),
    (-2, "spent", "travel", 31_400, "EUR", None, "Tickets and nights, as the travel desk booked them."),
    (-1, "spent", "training", 4_250_000, "XOF", None, "Two days at the airports: rooms, paper, meals."),
    (0, "spent", "interpreters", 9_600, "MAD", "MAR", "Interpreting at Casablanca, five days."),
    (1, "spent", "equipment_hire", 2_100, "EUR", None, "Document readers for two counters."),
    (2, "spent", "communications", 640_000, "XOF", "NER", "Lines from both counters to the bureau."),
)


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """Return the scenario with its operational phase beginning on `first_day`."""
    story = Story(TITLE, "UTC", FIRST_DAY, first_day, compose)
    airports = _plan(story)
    _support(story, airports)
    _train(story, airports)
    costs.write(story, _COSTS)
    story.move(story.at(0, "05:00"), OperationState.ACTIVE)
    _check(story, airports, ask(story))
    story.move(story.at(_DAYS, "08:00"), OperationState.CONSOLIDATION)
    story.consolidate(story.at(_DAYS + 3, "09:00"))
    lessons.close_debrief(
        story,
        story.at(_DAYS + 6, "14:00"),
        "Officers who were trained before searched as a matter of routine, and every airport reported each evening.",
        "Hits late at night waited for an answer of the issuing country until the next morning.",
    )
    costs.take_back(story, story.at(_DAYS + 7, "10:00"), 5, "It was a bill of the team at Tunis.")
    costs.close(story, story.at(_DAYS + 7, "10:30"))
    lessons.publish(
        story,
        story.at(_DAYS + 8, "16:00"),
        "Five countries searched travel documents at their airports and found travellers with stolen ones.",
        "Sums of lines that analysts have consolidated, each report once. "
        "Searches of the training days are left out. Hits without an answer are told beside the confirmed ones.",
    )
    lessons.recommend(story, _DAYS + 9, LESSONS)
    evaluate(story, EVALUATED)
    lessons.archive(story, story.at(_DAYS + 210, "11:00"), unanswered=True)
    return story.told()


def _plan(story: Story) -> dict[str, StorySite]:
    at = story.at(-28, "09:00")
    story.create(
        at,
        crime_scope=["document_fraud", "terrorism_travel"],
        aim="Find travellers who use stolen or lost travel documents, and leave officers "
        "who search SLTD as a matter of routine.",
        legal_basis="Invitation of the five countries; programme to foster stability in North Africa and the Sahel.",
        line_kinds=["check_tally", "hit", "document_seizure"],
        daily_due="20:00",
    )
    story.phase(at, "training", "Training at the airports", story.at(-2, "00:00"), story.at(0, "00:00"))
    story.phase(at, "operational", "Checks at the airports", story.at(0, "00:00"), story.at(_DAYS, "00:00"))
    story.assign(at, "analyst")
    for days, country in enumerate(_COUNTRIES):
        story.invite(story.at(-27, "10:00"), country, story.at(-26 + days, "15:20"), shares=country in ("MAR", "NER"))
    airports = {ref: story.site(story.at(-20, "09:30"), ref) for ref in _AIRPORTS}
    for ref, author in _authors(airports).items():
        if author == "officer2":  # the first officers are not posted, and may report for every site
            where = airports[ref]
            story.post(story.at(-15, "11:00"), f"{author}.{where.country.lower()}", where)
    _draw(story, airports)
    story.approve(story.at(-12, "16:00"), story.at(-10, "10:30"))
    story.open(story.at(-3, "08:00"))
    chores.hand_out(story, story.at(-14, "15:00"), _chores(airports))
    story.aim(story.at(-13, "09:00"), Kpi.DATABASE_CHECKS, 4_000)
    story.aim(story.at(-13, "09:10"), Kpi.CONFIRMED_HITS, 5)
    return airports


def _authors(airports: dict[str, StorySite]) -> dict[str, str]:
    """Return the author of each airport's reports: at a country's second one its second officer."""
    seen: set[str] = set()
    found = {}
    for ref, where in airports.items():
        found[ref] = "officer2" if where.country in seen else "officer"
        seen.add(where.country)
    return found


def _draw(story: Story, airports: dict[str, StorySite]) -> None:
    at = story.at(-19, "14:00")
    story.draw(at, "coordination_unit", "Coordination of the checks, Lyon", point(4.8357, 45.7640))
    story.man(
        story.at(-19, "15:30"),
        "Coordination of the checks, Lyon",
        [("head", None, 1), ("analyst", None, 2)],
        host_country="FRA",
        zone="Europe/Paris",
        round_the_clock=True,
    )
    story.draw(
        at, "coordination_unit", "Second action: investigators of seven countries, Tunis", point(10.2272, 36.8510)
    )
    story.draw(
        at,
        "area",
        "Sahel and North Africa",
        area((-17.2, 14.7), (0.0, 11.0), (13.5, 12.8), (15.0, 23.0), (-1.8, 35.2), (-9.9, 33.2), (-17.2, 21.0)),
    )
    story.draw(
        at,
        "route",
        "Air route Abidjan, Casablanca, Paris",
        line((-3.9263, 5.2614), (-7.5897, 33.3675), (2.5479, 49.0097)),
    )
    for ref, name in (("airport:GMMN", "Transfer counter, Casablanca"), ("airport:DRRN", "Arrivals counter, Niamey")):
        where = airports[ref]
        story.draw(at, "checkpoint", name, point(where.lon, where.lat), by=f"coordinator.{where.country.lower()}")
    story.draw(
        at,
        "hotspot",
        "Transfer passengers from West Africa",
        point(airports["airport:GMMN"].lon, airports["airport:GMMN"].lat),
        audience="coordination",
    )


def _chores(airports: dict[str, StorySite]) -> list[Chore]:
    """Return the tasks, from the accounts of the trainees to the handover when the trainers leave."""
    ready, trained, routine = (
        "Accounts for the trainees",
        "Sheets for the trainees, in two languages",
        "Let searches stay",
    )
    counters = ("airport:GMMN", "airport:DRRN", "airport:GABS")
    return [
        Chore(ready, "analyst", (-13, "08:00"), (-5, "17:00"), began=(-13, "08:30"), done=(-6, "15:00")),
        Chore(
            trained,
            "coordinator",
            (-12, "09:00"),
            (-4, "17:00"),
            began=(-12, "09:30"),
            done=(-3, "11:00"),
            note="Late: the Arabic sheets came back from the printer a day after the date.",
        ),
        *(
            Chore(
                f"Queries from the counter: {airports[ref].name}",
                airports[ref].country,
                (-8, "08:00"),
                (-3, "17:00"),
                began=(-8, "09:00"),
                done=(-4, "10:00"),
                site=airports[ref],
                steps=("The line holds at the busiest hour", "An answer within ten seconds"),
            )
            for ref in counters
        ),
        Chore(
            "Certificates of the trainees",
            "coordinator",
            (-1, "16:00"),
            (-1, "20:00"),
            done=(-1, "19:00"),
            phase="training",
            waits=(ready, trained),
        ),
        Chore(
            "Night flights: a second shift at the counter",
            "NER",
            (1, "16:00"),
            (3, "06:00"),
            began=(1, "17:00"),
            done=(3, "05:00"),
            phase="operational",
            site=airports["airport:DRRN"],
        ),
        Chore(
            "Ask Marrakesh for the hit without an answer",
            "MAR",
            (4, "08:00"),
            (4, "20:00"),
            began=(4, "09:00"),
            dropped=((6, "09:00"), "The issuing country answers outside the operation."),
            phase="operational",
        ),
        Chore(
            routine,
            "coordinator",
            (5, "09:00"),
            (10, "17:00"),
            began=(5, "09:10"),
            done=(10, "16:00"),
            waits=("operational", "Certificates of the trainees"),
            steps=("Accounts stay open", "A contact at each airport", "A call in a month"),
        ),
    ]


_HARMATTAN = Crew(
    "MAR",
    "ATLAS 1",
    "frontline",
    ("document_examiner",),
    ("ar", "fr"),
    4,
    "Casablanca",
    33.57,
    -7.59,
    "Africa/Casablanca",
)
_TENERE = Crew(
    "NER",
    "TÉNÉRÉ 2",
    "frontline",
    ("document_examiner", "biometrics"),
    ("fr", "ha", "tmh"),
    4,
    "Niamey",
    13.51,
    2.11,
    "Africa/Niamey",
)
_COUNTERS = "Document examiners for Niamey"


def _support(story: Story, airports: dict[str, StorySite]) -> None:
    """Add an invented team that comes to Niamey for the checks, goes home again and is debriefed."""
    for crew, wall in ((_HARMATTAN, "09:00"), (_TENERE, "09:30")):
        assistance.add_to_roster(story, story.at(-18, wall), crew)
    begins, ends = story.at(-1, "06:00"), story.at(_DAYS + 1, "18:00")
    niamey = airports["airport:DRRN"]
    wanted = [StoryNeed("document_examiner", ("fr",), begins, ends, team_kind="frontline")]
    assistance.ask(story, story.at(-2, "10:00"), _COUNTERS, niamey, wanted, "urgent", by="coordinator.ner")
    assistance.offer(story, story.at(-2, "13:00"), _HARMATTAN, _COUNTERS, 0, (begins, ends))
    assistance.send(story, story.at(-2, "14:00"), _HARMATTAN, _COUNTERS, 0, "Second line at the arrivals counter.", 24)
    for at, verb in ((story.at(-2, "20:00"), "leave_base"), (story.at(-1, "05:30"), "arrive")):
        assistance.report(story, at, _HARMATTAN, _COUNTERS, 0, verb)
    for day in range(_DAYS + 1):
        assistance.report(story, story.at(day, "04:50"), _HARMATTAN, _COUNTERS, 0, "check_in")
    assistance.report(story, story.at(_DAYS + 1, "04:40"), _HARMATTAN, _COUNTERS, 0, "leave_site")
    lessons = "Two shifts were needed at the hour of the night flights."
    assistance.report(story, story.at(_DAYS + 3, "10:00"), _HARMATTAN, _COUNTERS, 0, "debrief", lessons)


def _train(story: Story, airports: dict[str, StorySite]) -> None:
    """Add the trainees' searches: real queries of the training phase, which never count as checks."""
    for ref, count in _TRAINED.items():
        for day in (-2, -1):
            story.file(
                airports[ref],
                story.at(day, "09:00"),
                story.at(day, "16:00"),
                [queries(count + day * 7)],
                phase="training",
                remarks="Searches of the trainees.",
            )


def _check(story: Story, airports: dict[str, StorySite], blanks: UUID) -> None:
    """Add the days at the counters; the blank passport of Niamey was found by a lead."""
    cells = [(ref, day) for day in range(_DAYS) for ref in airports if (ref, day) not in _NO_FLIGHTS]
    counts = dict(zip(cells, split(4_800, [_AIRPORTS[ref] for ref, _ in cells], story.chance), strict=True))
    author = _authors(airports)
    for day in range(_DAYS):
        for ref, where in airports.items():
            starts, ends = story.at(day, "05:00"), story.at(day, f"{story.chance.randint(16, 19)}:30")
            hits = [each for each in _HITS if each[:2] == (ref, day)]
            lines = _tallies(counts.get((ref, day), 0))
            first_hit = len(lines)
            lines += [hit(story.later(starts, 60, 600), "sltd", kind, action) for _, _, kind, action, _, _ in hits]
            version = story.file(where, starts, ends, lines, author=author[ref])
            for position, (_, _, kind, _, outcome, country) in enumerate(hits):
                if kind == "stolen_blank":
                    story.came_from(version, first_hit + position, blanks, story.at(day + 1, "15:00"))
                if outcome != "pending":
                    answered = story.at(day + 1, "09:00") + timedelta(minutes=story.chance.randint(0, 400))
                    story.answer_hit(version, first_hit + position, answered, outcome, country)


def _tallies(count: int) -> list[dict[str, object]]:
    """Return a day's searches: most at the counters, a tenth on mobile devices where there are enough."""
    mobile = count // 10 if count > 60 else 0
    tallies = [queries(count - mobile)] if count else []
    return tallies + ([queries(mobile, channel="mobile_device")] if mobile else [])
