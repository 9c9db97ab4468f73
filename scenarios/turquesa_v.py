"""Regional: Turquesa V, 27 November to 1 December 2023: everything that reporting can meet."""

from datetime import date, datetime, timedelta
from typing import Any

from operations.core.vocabulary import OperationState, OperationType
from operations.measures.kpis import Kpi
from scenarios import assistance, claiming, lessons, turquesa_v_chores
from scenarios.assistance import Crew, Wanted
from scenarios.forms import area, line, point
from scenarios.planning import Place
from scenarios.script import Published, Scenario, Source, Title
from scenarios.story import Story, Written
from scenarios.turquesa_v_results import HITS, SITES, Cell, Lines, period, results

FIRST_DAY = date(2023, 11, 27)
_DAYS = 5
_INTERPOL = Source(
    "INTERPOL, 11 December 2023: Americas: 257 suspected migrant smugglers and human traffickers arrested",
    "https://www.interpol.int/News-and-Events/News/2023/Americas-257-suspected-migrant-smugglers-and-human-traffickers-arrested",
)
_PRENSA = Source(
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
        Published("Arrested", 257, "arrests", _INTERPOL, "=", Kpi.ARRESTS),
        Published("Potential victims", 163, "persons", _INTERPOL, "=", Kpi.POTENTIAL_VICTIMS),
        Published("Irregular migrants detected", 12_000, "detections", _INTERPOL, "~", Kpi.DETECTIONS),
        Published("Checks", 850_000, "queries", _INTERPOL, ">", Kpi.DATABASE_CHECKS),
        Published("Nationalities among the detections", 69, "nationalities", _INTERPOL),
        Published("Countries", 33, "countries", _INTERPOL),
        Published("Detections in Panama", 3_848, "detections", _PRENSA),
        Published("Arrests in Panama", 10, "arrests", _PRENSA),
        Published("Persons checked in Panama", 38_717, "persons", _PRENSA),
        Published("Flights monitored in Panama", 370, "flights", _PRENSA),
    ),
    invented=(
        "Invented: 21 of the 33 countries, the sites, how the totals are spread over countries, sites, days, "
        "offences and nationalities, the three hits, which reports were returned, corrected, nil or missing, plan, "
        "goals and cast, all tasks, teams and requests for assistance, the units but for the one in Costa Rica, and "
        "the hours and members of all units. It was not published of which kind the checks were: here all 850,000 are "
        "database queries. Published: the totals; that Venezuela, Ecuador and China are the first three countries of "
        "origin; the coordination unit in Costa Rica; officers in Tabatinga and at the Darién; the figures of Panama."
    ),
    past=21,
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


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """The scenario with its operational phase beginning on `first_day`."""
    story = Story(TITLE, "America/Costa_Rica", FIRST_DAY, first_day, compose)
    sites = _plan(story)
    story.move(story.at(0, "00:00"), OperationState.ACTIVE)
    _support(story, sites)
    _report(story, results(story, sites))
    claiming.look_into(
        story,
        3,
        "12:30",
        ("CRI", "PAN"),
        "Two posts at one crossing: who left our side in the morning was not yet over.",
    )
    story.move(story.at(_DAYS + 3, "09:00"), OperationState.CONSOLIDATION)
    story.consolidate(story.at(_DAYS + 5, "09:00"))
    lessons.publish(
        story,
        story.at(_DAYS + 9, "15:00"),
        "Countries of the Americas arrested suspected smugglers and traffickers, and brought potential victims to "
        "protection. These figures are preliminary.",
        "Sums of lines that analysts have consolidated, each report once. Detections are not persons: one person can "
        "be met twice. All checks are database queries.",
    )
    return story.told()


# ------------------------------------------------------------------------------------------------------- the plan


def _plan(story: Story) -> dict[tuple[str, str], Place]:
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
    story.phase(at, "operational", "Checks at transit points", story.at(0, "00:00"), story.at(_DAYS, "00:00"))
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
    sites = {key: story.site(story.later(story.at(-60, "08:00"), 0, 500), *key) for key in SITES}
    story.site(story.at(-59, "08:00"), *_SILENT)
    _draw(story)
    story.approve(story.at(-50, "11:00"), story.at(-48, "15:00"))
    story.open(story.at(-40, "09:00"))
    turquesa_v_chores.hand_out(story, sites, _DAYS)
    return sites


def _man(story: Story) -> None:
    """Three units, in three time zones; that there was one in Costa Rica is published, the rest is invented."""
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


# ------------------------------------------------------------------------------------------------------ teams

_LYNX = Crew(
    "COL", "LINCE 3", "frontline", ("document_examiner", "biometrics"), ("es", "ht"), 5, "Bogotá", 4.61, -74.08,
    "America/Bogota",
)  # fmt: skip
_QUETZAL = Crew(
    "GTM", "QUETZAL 1", "joint_debriefing", ("debriefing_interview", "interpreter"), ("es", "en"), 4,
    "Guatemala City", 14.63, -90.51, "America/Guatemala", ready_hours=24,
)  # fmt: skip
_AGUILA = Crew(
    "MEX", "ÁGUILA 7", "investigative_support", ("money_laundering", "intelligence_analyst"), ("es", "en"), 3,
    "Mexico City", 19.43, -99.13, "America/Mexico_City",
)  # fmt: skip
_CEIBO = Crew(
    "ARG", "CEIBO 2", "frontline", ("document_examiner", "child_protection"), ("es", "pt", "zh"), 6, "Buenos Aires",
    -34.61, -58.38, "America/Argentina/Buenos_Aires", ready_hours=36,
)  # fmt: skip
_TUCAN = Crew(
    "CRI", "TUCÁN 4", "frontline", ("child_protection", "trafficking_in_persons"), ("es", "en", "ht"), 4, "San José",
    9.93, -84.09, "America/Costa_Rica", ready_hours=6,
)  # fmt: skip
_SECOND_LINE, _INTERVIEWS = "Second line of document examination", "Interviews of migrants"
_CHINESE = "Interpreters of Chinese"


def _support(story: Story, sites: dict[tuple[str, str], Place]) -> None:
    """Invented teams: one is on site from the eve on, one comes on the second day, one request waits for an offer."""
    panama, mexico = (next(where for where in sites.values() if where.country == code) for code in ("PAN", "MEX"))
    ecuador = next(where for where in sites.values() if where.country == "ECU")
    for k, crew in enumerate((_LYNX, _QUETZAL, _AGUILA, _CEIBO, _TUCAN)):
        assistance.keep(story, story.at(-35, "10:00") if k else story.at(-35, "09:00"), crew)
    assistance.away(story, story.at(-34, "09:00"), _AGUILA, "training", story.at(-1, "00:00"), story.at(3, "00:00"))
    eve, last = story.at(-1, "06:00"), story.at(_DAYS + 2, "18:00")
    second = Wanted("document_examiner", ("es",), eve, last, teams=2, team_kind="frontline")
    assistance.ask(story, story.at(-3, "08:00"), _SECOND_LINE, panama, [second], "urgent")
    assistance.offer(story, story.at(-3, "11:00"), _LYNX, _SECOND_LINE, 0, (eve, last))
    assistance.send(
        story, story.at(-3, "15:00"), _LYNX, _SECOND_LINE, 0, "Second line at the transfer desk.",
        every=24,
    )  # fmt: skip
    assistance.report(story, story.at(-2, "16:00"), _LYNX, _SECOND_LINE, 0, "leave_base")
    assistance.report(story, story.at(-1, "07:30"), _LYNX, _SECOND_LINE, 0, "arrive")
    for day in range(_DAYS + 3):
        for wall in ("06:40", "18:20")[: 2 if day < _DAYS + 2 else 1]:
            assistance.report(story, story.at(day, wall), _LYNX, _SECOND_LINE, 0, "check_in")
    assistance.report(
        story, story.at(2, "21:10"), _LYNX, _SECOND_LINE, 0, "hand_over",
        "The second document reader stands at gate 14; its charger is with the shift leader of the airport.",
    )  # fmt: skip
    assistance.offer(story, story.at(1, "09:20"), _CEIBO, _SECOND_LINE, 0, (story.at(4, "06:00"), last))
    begins, ends = story.at(1, "12:00"), story.at(_DAYS + 1, "12:00")
    assistance.ask(
        story, story.at(-1, "10:00"), _INTERVIEWS, mexico,
        [Wanted("debriefing_interview", ("es",), begins, ends), Wanted("child_protection", ("es", "ht"), begins, ends)],
        by="coordinator.mex",
    )  # fmt: skip
    assistance.offer(story, story.at(-1, "15:30"), _QUETZAL, _INTERVIEWS, 0, (begins, ends))
    assistance.send(
        story, story.at(-1, "17:00"), _QUETZAL, _INTERVIEWS, 0, "Voluntary interviews about routes and fees.", every=12
    )
    assistance.report(story, story.at(0, "20:00"), _QUETZAL, _INTERVIEWS, 0, "leave_base")
    assistance.report(story, story.at(1, "11:15"), _QUETZAL, _INTERVIEWS, 0, "arrive")
    nights, mornings = ((1, "22:50"), (2, "22:10"), (3, "21:20"), (4, "20:10"), (5, "18:50")), (
        (2, "10:30"), (3, "09:45"), (4, "08:50"), (5, "07:40"), (6, "06:30"),
    )  # fmt: skip
    for day, wall in (*nights, *mornings):
        assistance.report(story, story.at(day, wall), _QUETZAL, _INTERVIEWS, 0, "check_in")
    learnt = "Interviews need a quiet room at every transit point, and one interpreter more at night."
    for crew, title, day in ((_QUETZAL, _INTERVIEWS, _DAYS + 1), (_LYNX, _SECOND_LINE, _DAYS + 2)):
        assistance.report(story, story.at(day, "17:00"), crew, title, 0, "leave_site")
        assistance.report(story, story.at(day + 1, "15:00"), crew, title, 0, "debrief", learnt)
    assistance.offer(story, story.at(2, "13:10"), _TUCAN, _INTERVIEWS, 1, (story.at(4, "06:00"), ends))
    assistance.ask(
        story, story.at(3, "07:50"), _CHINESE, ecuador,
        [Wanted("interpreter", ("zh", "es"), story.at(4, "06:00"), story.at(_DAYS + 2, "18:00"))], "immediate",
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- the reports


def _report(story: Story, results: Lines) -> None:
    for cell, lines in results.items():
        where, day = cell
        key = (where.ref, day)
        if key in _RETURNED:
            _returned(story, cell, lines)
        elif key == _RECOUNTED:
            _recounted(story, cell, lines)
        else:
            version = story.file(where, *period(story, cell), lines, sent=_sent(story, cell))
            if key in HITS:
                _, _, outcome, country = HITS[key]
                if outcome != "pending":
                    story.answer_hit(version, len(lines) - 1, story.at(day + 1, "10:00"), outcome, country)


def _sent(story: Story, cell: Cell) -> datetime:
    """Each site has its own minute after the end of its shift, and is a little quicker from day to day."""
    where, day = cell
    return period(story, cell)[1] + timedelta(minutes=24 + sum(map(ord, where.ref)) % 28 - 4 * day)


def _first_changed(lines: list[dict[str, Any]], kind: str, field: str, change: int) -> list[dict[str, Any]]:
    """The lines, the first of its kind with another figure: what was sent before it was put right."""
    place = next(place for place, each in enumerate(lines) if each["kind"] == kind)
    return [*lines[:place], lines[place] | {field: lines[place][field] + change}, *lines[place + 1 :]]


def _returned(story: Story, cell: Cell, lines: list[dict[str, Any]]) -> Written:
    """The team leader returns a report in which a figure has a digit too many; the officer corrects it."""
    starts, ends = period(story, cell)
    wrong = _first_changed(lines, "check_tally", "count", 9 * lines[0]["count"])
    first = story.report(cell[0], starts, ends, wrong, sent=story.later(ends, 4, 55))
    returned = story.later(first.sent, 20, 90)
    story.give_back(first, "implausible", "Ten times the figure of the day before: please check.", returned)
    right = story.correct(first, lines, "typing", story.later(returned, 15, 80))
    story.climb_soon(right)
    return right


def _recounted(story: Story, cell: Cell, lines: list[dict[str, Any]]) -> Written:
    """A country corrects a figure that it had validated: detections counted twice at two gates."""
    before = _first_changed(lines, "migrant_detection", "detections", 4)
    first = story.file(cell[0], *period(story, cell), before)
    right = story.correct(first, lines, "count_revised", story.at(cell[1] + 2, "10:20"), by="lead")
    story.climb_soon(right)
    return right
