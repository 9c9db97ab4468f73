"""Regional operation: Turquesa V, 27 November to 1 December 2023, with every case of reporting."""

from datetime import date, datetime, timedelta
from typing import Any

from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import OperationState, OperationType
from operations.evaluation.recommendations import RecommendationState
from scenarios import claims, costs, lessons, turquesa_v_chores
from scenarios.forms import area, line, point
from scenarios.lessons import StoryLesson
from scenarios.planning import StorySite
from scenarios.script_language import Scenario, StoryFigure, StorySource, Title
from scenarios.story import SentVersion, Story
from scenarios.turquesa_v_results import DAYS, HITS, SITES, TOLD_TWICE, Cell, Lines, period, results
from scenarios.turquesa_v_teams import support

FIRST_DAY = date(2023, 11, 27)
_INTERPOL = StorySource(
    "INTERPOL, 11 December 2023: Americas: 257 suspected migrant smugglers and human traffickers arrested",
    "https://www.interpol.int/News-and-Events/News/2023/Americas-257-suspected-migrant-smugglers-and-human-traffickers-arrested",
)
_PRENSA = StorySource(
    "La Prensa (Panama), December 2023",
    "https://prensa.com/judiciales/operacion-turquesa-v-autoridades-panamenas-detectaron-3848-migrantes-en-situacion-irregular",
)

TITLE = Title(
    name="turquesa_v",
    title="Turquesa V",
    kind=OperationType.REGIONAL,
    summary=(
        "Countries of the Americas check travellers at transit points of the routes to the north, coordinated from "
        "Costa Rica. Reports come from many time zones; some are returned, one is corrected after its validation, "
        "some are nil, one site stays silent."
    ),
    sources=(_INTERPOL, _PRENSA),
    published=(
        StoryFigure("Arrested", 257, "arrests", _INTERPOL, "=", Kpi.ARRESTS),
        StoryFigure("Potential victims", 163, "persons", _INTERPOL, "=", Kpi.POTENTIAL_VICTIMS),
        StoryFigure("Irregular migrants detected", 12_000, "detections", _INTERPOL, "~", Kpi.DETECTIONS),
        StoryFigure("Checks", 850_000, "queries", _INTERPOL, ">", Kpi.DATABASE_CHECKS),
        StoryFigure("Nationalities among the detections", 69, "nationalities", _INTERPOL),
        StoryFigure("Countries", 33, "countries", _INTERPOL),
        StoryFigure("Detections in Panama", 3_848, "detections", _PRENSA),
        StoryFigure("Arrests in Panama", 10, "arrests", _PRENSA),
        StoryFigure("Persons checked in Panama", 38_717, "persons", _PRENSA),
        StoryFigure("Flights monitored in Panama", 370, "flights", _PRENSA),
    ),
    invented=(
        "Invented: 21 of the 33 countries, the sites, how the totals are spread over countries, sites, days, "
        "offences and nationalities, the four hits, the two arrests on notices, which reports were returned, "
        "corrected, nil or missing, plan, goals and cast, all costs, tasks, teams and requests for assistance, the "
        "debrief and its recommendation, the units but for the one in Costa Rica, "
        "and the hours and members of all units. It was not published of which kind the checks were: here all 850,000 "
        "are database queries. Published: the totals; that Venezuela, Ecuador and China are the first three countries "
        "of origin; the coordination unit in Costa Rica; officers in Tabatinga and at the Darién; the figures of "
        "Panama."
    ),
    past=21,
)

_COSTS: tuple[costs.Spent, ...] = (
    (-60, "planned", "travel", 120_000, "USD", None, "Budget: coordination unit and liaison officers."),
    (-60, "planned", "premises", 9_000_000, "CRC", "CRI", "Rooms of the coordination unit."),
    (-20, "spent", "travel", 84_300, "USD", None, "Flights and nights before the first day."),
    (-2, "spent", "premises", 7_750_000, "CRC", "CRI", "Rooms of the coordination unit, first bill."),
    (1, "spent", "interpreters", 3_200, "USD", "PAN", "Interpreting at the Darién, two days."),
)
_NAMED = ("CRI", "BRA", "COL", "PAN", "HND", "MEX", "CHL", "ARG", "ECU", "GTM", "TCA", "BHS")
_SILENT = ("port:11821", "CUW")
_RETURNED = {("airport:MMUN", 1), ("airport:SEQM", 2), ("airport:MHLM", 3)}
_RECOUNTED = ("airport:SKBO", 0)


_ROADS = {
    "Panama, Tapachula, Reynosa": (
        (-79.52, 8.98), (-84.09, 9.93), (-86.25, 12.13), (-87.20, 13.30), (-90.51, 14.63), (-92.14, 14.68),
        (-96.73, 17.06), (-99.13, 19.43), (-98.28, 26.08),
    ),
    "San Salvador, Mexico, Ciudad Juárez": ((-89.20, 13.70), (-90.51, 14.63), (-99.13, 19.43), (-106.49, 31.69)),
    "Tegucigalpa, Villahermosa, Nuevo Laredo": ((-87.21, 14.08), (-90.51, 14.63), (-92.93, 17.99), (-99.51, 27.48)),
}  # fmt: skip
_THICK = ((-84.09, 9.93), (-86.25, 12.13), (-90.51, 14.63), (-92.26, 14.90), (-98.28, 26.08))


_S = RecommendationState
_LESSONS = (
    StoryLesson(
        "Ask for interpreters a week before the first day, by language and by place.",
        "Interpreters came later than the people who needed them.",
        "debrief", "protection", "operation_coordinator", 120,
        ((42, "leader", _S.ACCEPTED, "Interpreters are asked for with the teams from now on."),
         (100, "coordinator", _S.DONE, "The template for regional operations has the need and its day."),
         (110, "leader", _S.CLOSED, "")),
    ),
)  # fmt: skip


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """Return the scenario with its operational phase beginning on `first_day`."""
    story = Story(TITLE, "America/Costa_Rica", FIRST_DAY, first_day, compose)
    sites = _plan(story)
    story.move(story.at(0, "00:00"), OperationState.ACTIVE)
    support(story, sites)
    _claim(story, sites, _report(story, results(story, sites)))
    story.move(story.at(DAYS + 3, "09:00"), OperationState.CONSOLIDATION)
    story.consolidate(story.at(DAYS + 5, "09:00"))
    lessons.close_debrief(
        story,
        story.at(DAYS + 20, "15:00"),
        "Each evening every country had reported, so that the unit could move its teams by the morning.",
        "One port never reported, and interpreters came later than the people who needed them.",
    )
    lessons.publish(
        story,
        story.at(DAYS + 24, "15:00"),
        "Countries of the Americas arrested suspected smugglers and traffickers, and brought potential victims to "
        "protection. These figures are final.",
        "Sums of lines that analysts have consolidated, each report once. Detections are not persons: one person can "
        "be met twice. All checks are database queries. Hits without an answer stay pending.",
    )
    lessons.recommend(story, DAYS + 26, _LESSONS)
    lessons.archive(story, story.at(DAYS + 150, "11:00"), unanswered=True)
    return story.told()


# ------------------------------------------------------------------------------------------------------- the plan


def _plan(story: Story) -> dict[tuple[str, str], StorySite]:
    at = story.at(-75, "09:00")
    story.create(
        at,
        crime_scope=["migrant_smuggling", "trafficking_in_persons"],
        aim="Disrupt the networks that profit from the routes to the north, find "
        "potential victims of trafficking and bring them to protection.",
        legal_basis="Agreement of the participating countries.",
        line_kinds=["check_tally", "hit", "arrest", "migrant_detection", "potential_victim", "document_seizure"],
        daily_due="20:00",
    )
    story.phase(at, "pre_operational", "Meeting of the countries", story.at(-40, "09:00"), story.at(-37, "17:00"))
    story.phase(at, "operational", "Checks at transit points", story.at(0, "00:00"), story.at(DAYS, "00:00"))
    story.assign(at, "analyst")
    for country in dict.fromkeys([*_NAMED, *(country for _, country in SITES)]):
        contribution = "host" if country == "CRI" else "participant"
        story.invite(
            story.at(-74, "10:00"),
            country,
            story.later(story.at(-73, "08:00"), 0, 9000),
            contribution,
            shares=story.chance.random() < 0.4,
        )
    story.aim(story.at(-61, "09:00"), Kpi.ARRESTS, 200)
    story.aim(story.at(-61, "09:10"), Kpi.COVERAGE, 95)
    costs.write(story, _COSTS)
    sites = {key: story.site(story.later(story.at(-60, "08:00"), 0, 500), *key) for key in SITES}
    story.site(story.at(-59, "08:00"), *_SILENT)
    _draw(story)
    story.approve(story.at(-50, "11:00"), story.at(-48, "15:00"))
    story.open(story.at(-40, "09:00"))
    turquesa_v_chores.hand_out(story, sites, DAYS)
    return sites


def _man(story: Story) -> None:
    """Add three units in three time zones; that there was one in Costa Rica is published, the rest is invented."""
    story.man(
        story.at(-55, "15:00"),
        "Operational coordination unit, San José",
        [("head", None, 1), ("analyst", None, 5), ("liaison_officer", "CRI", 2), ("liaison_officer", "PAN", 1)],
        host_country="CRI",
        region="Central America",
        zone="America/Costa_Rica",
        supports=["CRI", "PAN", "HND", "MEX", "GTM"],
        round_the_clock=True,
    )
    story.man(
        story.at(-55, "16:00"),
        "Officers of the general secretariat, Tabatinga",
        [("specialist", None, 2), ("liaison_officer", "BRA", 1)],
        kind="support_unit",
        host_country="BRA",
        region="Three borders of the Amazon",
        zone="America/Manaus",
        supports=["BRA", "COL", "ECU", "CHL", "ARG"],
        days=[0, 1, 2, 3, 4, 5, 6],
        opens="06:00",
        closes="22:00",
    )
    story.man(
        story.at(-55, "17:00"),
        "Support unit of the Caribbean, Bridgetown",
        [("analyst", None, 2), ("support_staff", None, 1)],
        kind="support_unit",
        host_country="BRB",
        region="Caribbean",
        zone="America/Barbados",
        supports=["TCA", "BHS"],
        days=[0, 1, 2, 3, 4],
        opens="20:00",
        closes="06:00",
    )


def _draw(story: Story) -> None:
    at = story.at(-55, "14:00")
    story.draw(at, "coordination_unit", "Operational coordination unit, San José", point(-84.0907, 9.9281))
    story.draw(at, "coordination_unit", "Officers of the general secretariat, Tabatinga", point(-69.9380, -4.2520))
    story.draw(at, "coordination_unit", "Support unit of the Caribbean, Bridgetown", point(-59.6167, 13.1060))
    _man(story)
    story.draw(
        at, "area", "Darién", area((-78.2, 9.2), (-77.4, 8.9), (-76.9, 8.1), (-77.4, 7.4), (-78.4, 7.9), (-78.8, 8.7))
    )
    story.draw(
        at,
        "area",
        "Three borders of the Amazon",
        area((-70.6, -4.9), (-69.3, -4.9), (-69.3, -3.7), (-70.6, -3.7)),
        audience="coordination",
    )
    story.draw(
        at,
        "route",
        "Darién, Costa Rica, Mexico",
        line(
            (-76.72, 8.09),
            (-77.36, 8.66),
            (-78.15, 8.40),
            (-79.52, 8.98),
            (-82.84, 8.53),
            (-84.09, 9.93),
            (-85.62, 11.21),
            (-86.25, 12.13),
            (-87.20, 13.30),
            (-89.20, 13.70),
            (-90.51, 14.63),
            (-92.14, 14.68),
            (-99.13, 19.43),
            (-98.28, 26.08),
        ),
        audience="coordination",
    )
    story.draw(
        at,
        "route",
        "Iquitos, Tabatinga, Manaus",
        line((-73.25, -3.75), (-69.94, -4.23), (-65.3, -3.1), (-60.02, -3.12)),
        audience="coordination",
    )
    for name, stops in _ROADS.items():
        story.draw(at, "route", name, line(*stops), audience="coordination")
    story.import_incidents(at, "Incidents on the roads to the north", next(iter(_ROADS.values())), _THICK, count=1500)
    story.draw(
        at, "route", "By air: Quito, San Salvador", line((-78.36, -0.13), (-89.06, 13.44)), audience="coordination"
    )
    story.draw(at, "hotspot", "Bajo Chiquito", point(-77.70, 8.62), audience="coordination")
    story.draw(at, "hotspot", "Necoclí", point(-76.74, 8.41), by="coordinator.col", audience="coordination")
    story.draw(at, "hotspot", "Tapachula", point(-92.26, 14.90), by="coordinator.mex", audience="coordination")
    story.draw(
        at,
        "checkpoint",
        "Reception station Lajas Blancas",
        point(-77.83, 8.42),
        by="coordinator.pan",
        audience="coordination",
    )
    story.draw(at, "checkpoint", "Pan-American road, Paso Canoas", point(-82.85, 8.54), by="coordinator.cri")
    story.draw(
        at, "observation_post", "Quay of Tabatinga", point(-69.95, -4.25), by="coordinator.bra", audience="coordination"
    )


# ---------------------------------------------------------------------------------------------------- the reports


def _report(story: Story, results: Lines) -> dict[Cell, SentVersion]:
    """Send the reports of each cell; return the version that counts, by cell."""
    versions = {}
    for cell, lines in results.items():
        where, day = cell
        key = (where.ref, day)
        if key in _RETURNED:
            version = _returned(story, cell, lines)
        elif key == _RECOUNTED:
            version = _recounted(story, cell, lines)
        else:
            version = story.file(where, *period(story, cell), lines, sent=_sent(story, cell))
            if key in HITS:
                _, _, outcome, country = HITS[key]
                if outcome != "pending":
                    story.answer_hit(version, len(lines) - 1, story.at(day + 1, "10:00"), outcome, country)
        versions[cell] = version
    return versions


def _claim(story: Story, sites: dict[tuple[str, str], StorySite], reports: dict[Cell, SentVersion]) -> None:
    """Add claims: at a crossing of two countries one event was reported twice; two others answer that theirs was not.

    The coordination exported its figures before: they are restated.
    """
    both = ("CRI", "PAN")
    twice = reports[sites[TOLD_TWICE[1]], TOLD_TWICE[2]].draft.lines[-1].id
    claims.take_along(story, 2, "08:00")
    claims.look(story, 2, "09:00")
    claims.dispute(story, (2, "09:20"), both, ((2, "15:05"), (2, "17:30")), line=twice)
    claims.look(story, 3, "12:30")
    claims.dispute(
        story,
        (3, "12:50"),
        both,
        ((4, "05:30"), (4, "10:30")),
        "Two posts at one crossing: who left our side in the morning was not yet over.",
    )
    claims.dispute(
        story,
        (3, "13:30"),
        both,
        ((3, "16:00"), (6, "09:00")),
        "The bus of the afternoon was another one: its passengers were met once, by us.",
    )


def _sent(story: Story, cell: Cell) -> datetime:
    """Return when a cell's report is sent: each site has its own minute, and is a little quicker from day to day."""
    where, day = cell
    return period(story, cell)[1] + timedelta(minutes=24 + sum(map(ord, where.ref)) % 28 - 4 * day)


def _first_changed(lines: list[dict[str, Any]], kind: str, field: str, change: int) -> list[dict[str, Any]]:
    """Return the lines, the first of its kind with another figure: the version before the correction."""
    place = next(place for place, each in enumerate(lines) if each["kind"] == kind)
    return [*lines[:place], lines[place] | {field: lines[place][field] + change}, *lines[place + 1 :]]


def _returned(story: Story, cell: Cell, lines: list[dict[str, Any]]) -> SentVersion:
    """Return a report by the team leader, for a figure with a digit too many; the officer corrects it."""
    starts, ends = period(story, cell)
    wrong = _first_changed(lines, "check_tally", "count", 9 * lines[0]["count"])
    first = story.report(cell[0], starts, ends, wrong, sent=story.later(ends, 4, 55))
    returned = story.later(first.sent, 20, 90)
    story.give_back(first, "implausible", "Ten times the figure of the day before: please check.", returned)
    right = story.correct(first, lines, "typing", story.later(returned, 15, 80))
    story.climb_soon(right)
    return right


def _recounted(story: Story, cell: Cell, lines: list[dict[str, Any]]) -> SentVersion:
    """Correct a figure that a country had validated: detections counted twice at two gates."""
    before = _first_changed(lines, "migrant_detection", "detections", 4)
    first = story.file(cell[0], *period(story, cell), before)
    right = story.correct(first, lines, "count_revised", story.at(cell[1] + 2, "10:20"), by="lead")
    story.climb_soon(right)
    return right
