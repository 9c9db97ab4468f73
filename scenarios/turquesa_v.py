"""Regional: Turquesa V, 27 November to 1 December 2023, from Canada to Argentina. Everything that reporting can meet."""

from datetime import date
from typing import Any

from operations.core.vocabulary import OperationState, OperationType, codes
from operations.measures.kpis import Kpi
from scenarios.invention import groups, split
from scenarios.script import Published, Scenario, Source
from scenarios.story import (
    Place,
    Story,
    Title,
    Written,
    area,
    arrests,
    checks,
    detections,
    hit,
    line,
    point,
    potential_victims,
    queries,
)

FIRST_DAY = date(2023, 11, 27)
_DAYS = 5
_INTERPOL = Source("INTERPOL, 11 December 2023: Americas: 257 suspected migrant smugglers and human traffickers arrested",
                   "https://www.interpol.int/News-and-Events/News/2023/Americas-257-suspected-migrant-smugglers-and-human-traffickers-arrested")
_PRENSA = Source("La Prensa (Panama), December 2023",
                 "https://prensa.com/judiciales/operacion-turquesa-v-autoridades-panamenas-detectaron-3848-migrantes-en-situacion-irregular")

TITLE = Title(
    name="turquesa_v",
    title="Turquesa V",
    kind=OperationType.REGIONAL,
    summary="Countries of the Americas check travellers at transit points of the routes to the north, coordinated from Costa Rica. "
            "Reports come from many time zones; some are returned, one is corrected after its validation, some are nil, one site stays silent.",
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
    invented="Invented: 21 of the 33 countries, the sites, how the totals are spread over countries, sites, days, offences and nationalities, "
             "the three hits, which reports were returned, corrected, nil or missing, plan and cast. It was not published of which kind the checks were: "
             "here all 850,000 are database queries. Published: the totals; that Venezuela, Ecuador and China are the first three countries of origin; the "
             "coordination unit in Costa Rica; officers in Tabatinga and at the Darién Gap; the figures of Panama.",
)

_NAMED = ("CRI", "BRA", "COL", "PAN", "HND", "MEX", "CHL", "ARG", "ECU", "GTM", "TCA", "BHS")
_SITES = {  # reference and side to weight: how many travellers are checked there
    ("airport:MROC", "CRI"): 40, ("crossing:CRI-PAN-R001", "CRI"): 30, ("airport:SBGR", "BRA"): 80, ("airport:SBTT", "BRA"): 5,
    ("airport:SKBO", "COL"): 70, ("crossing:COL-ECU-R002", "COL"): 15, ("airport:MPTO", "PAN"): 12, ("crossing:CRI-PAN-R001", "PAN"): 6,
    ("airport:MHLM", "HND"): 15, ("crossing:HND-SLV-R001", "HND"): 10, ("airport:MMUN", "MEX"): 90, ("crossing:MEX-USA-R006", "MEX"): 40,
    ("airport:SCEL", "CHL"): 40, ("crossing:CHL-PER-R001", "CHL"): 15, ("airport:SAEZ", "ARG"): 40, ("crossing:ARG-BRA-R008", "ARG"): 20,
    ("airport:SEQM", "ECU"): 25, ("crossing:ECU-PER-R005", "ECU"): 12, ("airport:MGGT", "GTM"): 20, ("crossing:GTM-MEX-R002", "GTM"): 18,
    ("airport:MBPV", "TCA"): 4, ("airport:MYNN", "BHS"): 10, ("airport:SLVR", "BOL"): 10, ("airport:SGAS", "PRY"): 8,
    ("airport:SPIM", "PER"): 45, ("crossing:CHL-PER-R001", "PER"): 12, ("airport:SUMU", "URY"): 8, ("airport:MDSD", "DOM"): 25,
    ("airport:MSLP", "SLV"): 15, ("airport:MZBZ", "BLZ"): 4, ("airport:MKJP", "JAM"): 10, ("airport:TTPP", "TTO"): 8,
    ("airport:SYCJ", "GUY"): 5, ("airport:SMJP", "SUR"): 5, ("airport:TBPB", "BRB"): 5, ("airport:TLPL", "LCA"): 3,
    ("airport:TGPY", "GRD"): 2, ("airport:TAPA", "ATG"): 3, ("airport:TNCC", "CUW"): 5, ("airport:TNCA", "ABW"): 6,
    ("airport:TVSA", "VCT"): 2, ("airport:CYYZ", "CAN"): 60, ("airport:KMIA", "USA"): 70, ("airport:LEMD", "ESP"): 60,
}  # fmt: skip
_SILENT = ("port:11821", "CUW")
_DARIEN, _PANAMA_CHECKS, _PANAMA_DETECTIONS = ("airport:MPTO", "PAN"), 38_717, 3_848
_BUSY = 10  # sites of less weight report every second day
_ROUTE = {"PAN": 0, "COL": 14, "CRI": 12, "MEX": 18, "GTM": 10, "HND": 14, "ECU": 8, "BRA": 6, "CHL": 4, "PER": 5, "BOL": 3, "SLV": 2}
_FIRST_THREE = {"VEN": 3_900, "ECU": 1_750, "CHN": 1_200}
_NATIONALITIES = 69
_NIL = {("airport:SBTT", 2), ("airport:MZBZ", 2), ("airport:TGPY", 0), ("airport:TVSA", 2), ("airport:TLPL", 4), ("airport:SMJP", 4)}
_RETURNED = {("airport:MMUN", 1), ("airport:SEQM", 2), ("airport:MHLM", 3)}
_RECOUNTED = ("airport:SKBO", 0)
_HITS = {("airport:SBGR", 1): ("stolen", "document_seized", "confirmed", "ARG"), ("airport:SPIM", 2): ("lost", "let_go", "refuted", "PER"),
         ("airport:MROC", 3): ("stolen", "questioned", "pending", "")}  # fmt: skip

Cell = tuple[Place, int]
Lines = dict[Cell, list[dict[str, Any]]]


def compose(first_day: date = FIRST_DAY) -> Scenario:
    """The scenario with its operational phase beginning on `first_day`."""
    story = Story(TITLE, "America/Costa_Rica", FIRST_DAY, first_day, compose)
    sites = _plan(story)
    story.move(story.at(0, "00:00"), OperationState.ACTIVE)
    _report(story, _results(story, sites))
    story.move(story.at(_DAYS + 3, "09:00"), OperationState.CONSOLIDATION)
    return story.told()


# ------------------------------------------------------------------------------------------------------- the plan


def _plan(story: Story) -> dict[tuple[str, str], Place]:
    at = story.at(-75, "09:00")
    story.create(
        at, crime_scope=["migrant_smuggling", "trafficking_in_persons"], aim="Disrupt the networks that profit from the routes to the north, find "
        "potential victims of trafficking and bring them to protection.", legal_basis="Agreement of the participating countries.",
        line_kinds=["check_tally", "hit", "arrest", "migrant_detection", "potential_victim", "document_seizure"], daily_due="20:00",
    )
    story.phase(at, "pre_operational", "Meeting of the countries", story.at(-40, "09:00"), story.at(-37, "17:00"))
    story.phase(at, "operational", "Checks at transit points", story.at(0, "00:00"), story.at(_DAYS, "00:00"))
    story.assign(at, "analyst")
    for country in dict.fromkeys([*_NAMED, *(country for _, country in _SITES)]):
        contribution = "host" if country == "CRI" else "participant"
        story.invite(story.at(-74, "10:00"), country, story.later(story.at(-73, "08:00"), 0, 9000), contribution,
                     shares=story.chance.random() < 0.4)
    sites = {key: story.site(story.later(story.at(-60, "08:00"), 0, 500), *key) for key in _SITES}
    story.site(story.at(-59, "08:00"), *_SILENT)
    _draw(story)
    story.approve(story.at(-50, "11:00"), story.at(-48, "15:00"))
    story.open(story.at(-40, "09:00"))
    return sites


def _draw(story: Story) -> None:
    at = story.at(-55, "14:00")
    story.draw(at, "coordination_unit", "Operational coordination unit, San José", point(-84.0907, 9.9281))
    story.draw(at, "coordination_unit", "Officers of the general secretariat, Tabatinga", point(-69.9380, -4.2520))
    story.draw(at, "area", "Darién", area((-78.2, 9.2), (-77.4, 8.9), (-76.9, 8.1), (-77.4, 7.4), (-78.4, 7.9), (-78.8, 8.7)))
    story.draw(at, "area", "Three borders of the Amazon", area((-70.6, -4.9), (-69.3, -4.9), (-69.3, -3.7), (-70.6, -3.7)), audience="coordination")
    story.draw(at, "route", "Darién, Costa Rica, Mexico", line(
        (-76.72, 8.09), (-77.36, 8.66), (-78.15, 8.40), (-79.52, 8.98), (-82.84, 8.53), (-84.09, 9.93), (-85.62, 11.21), (-86.25, 12.13),
        (-87.20, 13.30), (-89.20, 13.70), (-90.51, 14.63), (-92.14, 14.68), (-99.13, 19.43), (-98.28, 26.08)), audience="coordination")
    story.draw(at, "route", "Iquitos, Tabatinga, Manaus", line((-73.25, -3.75), (-69.94, -4.23), (-65.3, -3.1), (-60.02, -3.12)), audience="coordination")
    story.draw(at, "route", "By air: Quito, San Salvador", line((-78.36, -0.13), (-89.06, 13.44)), audience="coordination")
    story.draw(at, "hotspot", "Bajo Chiquito", point(-77.70, 8.62), audience="coordination")
    story.draw(at, "hotspot", "Necoclí", point(-76.74, 8.41), by="coordinator.col", audience="coordination")
    story.draw(at, "hotspot", "Tapachula", point(-92.26, 14.90), by="coordinator.mex", audience="coordination")
    story.draw(at, "checkpoint", "Reception station Lajas Blancas", point(-77.83, 8.42), by="coordinator.pan", audience="coordination")
    story.draw(at, "checkpoint", "Pan-American road, Paso Canoas", point(-82.85, 8.54), by="coordinator.cri")
    story.draw(at, "observation_post", "Quay of Tabatinga", point(-69.95, -4.25), by="coordinator.bra", audience="coordination")


# ---------------------------------------------------------------------------------------------------- the results


def _results(story: Story, sites: dict[tuple[str, str], Place]) -> Lines:
    """Every cell that reports (site and day) with its lines; nil reports have none. The sums are the published ones."""
    cells = [(where, day) for key, where in sites.items() for day in range(_DAYS) if _SITES[key] >= _BUSY or day % 2 == 0]
    lines: Lines = {cell: [] for cell in cells}
    open_cells = [cell for cell in cells if (cell[0].ref, cell[1]) not in _NIL]
    abroad = [cell for cell in open_cells if cell[0].country != "PAN"]
    panama = [cell for cell in open_cells if cell[0].country == "PAN"]
    _spread_checks(story, panama, _PANAMA_CHECKS, lines)
    _spread_checks(story, abroad, 850_000 - _PANAMA_CHECKS, lines)
    _spread_detections(story, abroad, panama, lines)
    _spread_arrests(story, abroad, lines)
    _spread_victims(story, abroad, lines)
    for persons, offence, cell in ((3, "trafficking_in_persons", panama[2]), (7, "other", panama[1])):
        lines[cell].append(arrests(persons, offence))
    lines[panama[3]].append(potential_victims(5))
    for position, flights in enumerate(split(370, [1] * _DAYS, story.chance)):
        lines[sites[_DARIEN], position].append(checks(flights, "flight_monitored", "unknown"))
    for (ref, day), (kind, action, *_) in _HITS.items():
        cell = next(cell for cell in open_cells if (cell[0].ref, cell[1]) == (ref, day))
        lines[cell].append(hit(story.later(_period(story, cell)[0], 30, 500), "sltd", kind, action))
    return lines


def _spread_checks(story: Story, cells: list[Cell], total: int, lines: Lines) -> None:
    for cell, count in zip(cells, split(total, [_SITES[where.ref, where.country] for where, _ in cells], story.chance), strict=True):
        documents = count * 7 // 10
        lines[cell] += [queries(documents), queries(count - documents, "nominal", "person", "mobile_device")]


def _spread_detections(story: Story, abroad: list[Cell], panama: list[Cell], lines: Lines) -> None:
    """12,000 detections of 69 nationalities in groups; Panama's groups add up to its own published figure."""
    met = [(nationality, size) for nationality, count in _by_nationality(story).items() for size in groups(count, 45, story.chance)]
    story.chance.shuffle(met)
    missing = _PANAMA_DETECTIONS
    weights = [_ROUTE.get(where.country, 1) for where, _ in abroad]
    for nationality, size in met:
        inside = min(size, missing)
        missing -= inside
        for count, cell in ((inside, story.chance.choice(panama)), (size - inside, story.chance.choices(abroad, weights)[0])):
            if count:
                lines[cell].append(detections(count, nationality, uam=1 if count > 12 and story.chance.random() < 0.15 else 0,
                                              smuggled=story.chance.choice(("yes", "unknown"))))


def _by_nationality(story: Story) -> dict[str, int]:
    """Detections by nationality: the published first three, and 66 others, all smaller, that make up the rest."""
    near = ("COL", "HTI", "CUB", "PER", "DOM", "IND", "AFG", "NPL", "BGD", "PAK", "CMR", "AGO", "SOM", "SEN", "GHA", "ERI", "UZB", "VNM")
    others = [code for code in codes("CL-NATIONALITY") if not code.startswith("XX") and code not in (*_FIRST_THREE, *near)]
    named = [*near, *story.chance.sample(others, _NATIONALITIES - len(_FIRST_THREE) - len(near))]
    rest = 12_000 - sum(_FIRST_THREE.values()) - len(named)
    shares = split(rest, [1 / (place + 3) for place in range(len(named))], story.chance)
    return _FIRST_THREE | {nationality: share + 1 for nationality, share in zip(named, shares, strict=True)}


def _spread_arrests(story: Story, cells: list[Cell], lines: Lines) -> None:
    for persons in groups(257 - 10, 6, story.chance):
        where, day = story.chance.choice(cells)
        offence = story.chance.choices(("migrant_smuggling", "trafficking_in_persons", "document_fraud", "other"), (55, 25, 12, 8))[0]
        basis = story.chance.choice(("flagrant_offence", "national_warrant"))
        lines[where, day].append(arrests(persons, offence, basis))


def _spread_victims(story: Story, cells: list[Cell], lines: Lines) -> None:
    for persons in groups(163 - 5, 16, story.chance):
        exploitation = story.chance.choice(("sexual", "forced_labour", "unknown"))
        lines[story.chance.choice(cells)].append(potential_victims(persons, exploitation=exploitation, identified_by="police"))


# ---------------------------------------------------------------------------------------------------- the reports


def _period(story: Story, cell: Cell) -> tuple[Any, Any]:
    """A shift of the site, which reports for the official days of the operation wherever it lies."""
    begins = ("00:00", "04:00", "06:00", "08:00")[sum(map(ord, cell[0].ref)) % 4]
    starts = story.at(cell[1], begins)
    return starts, story.at(cell[1], f"{int(begins[:2]) + 12:02d}:00")


def _report(story: Story, results: Lines) -> None:
    for cell, lines in results.items():
        where, day = cell
        key = (where.ref, day)
        if key in _RETURNED:
            _returned(story, cell, lines)
        elif key == _RECOUNTED:
            _recounted(story, cell, lines)
        else:
            version = story.file(where, *_period(story, cell), lines)
            if key in _HITS:
                _, _, outcome, country = _HITS[key]
                if outcome != "pending":
                    story.answer_hit(version, len(lines) - 1, story.at(day + 1, "10:00"), outcome, country)


def _first_changed(lines: list[dict[str, Any]], kind: str, field: str, change: int) -> list[dict[str, Any]]:
    """The lines, the first of its kind with another figure: what was sent before it was put right."""
    place = next(place for place, each in enumerate(lines) if each["kind"] == kind)
    return [*lines[:place], lines[place] | {field: lines[place][field] + change}, *lines[place + 1:]]


def _returned(story: Story, cell: Cell, lines: list[dict[str, Any]]) -> Written:
    """The team leader sends back a report in which a figure was typed with a digit too many; the officer corrects it."""
    starts, ends = _period(story, cell)
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
    first = story.file(cell[0], *_period(story, cell), before)
    right = story.correct(first, lines, "count_revised", story.at(cell[1] + 2, "10:20"), by="lead")
    story.climb_soon(right)
    return right
