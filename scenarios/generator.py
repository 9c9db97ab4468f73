"""Bulk generator for load and property tests: an operation through the verbs, its reports in bulk, by a seed.

`fill` writes reports, lines and totals straight into their tables. It bypasses the verbs for speed alone: a million
lines through them would take hours. Every line is one that a draft accepts, every report is one that three persons
could have sent, verified and validated, and `verification.differences` must find nothing afterwards; tests hold it to
that.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from geodata.ground import sites as bundled
from operations.core import history, journal
from operations.core.ids import fingerprint
from operations.core.people import System
from operations.core.store import Store
from operations.core.vocabulary import Level, LineKind, OperationState, OperationType, ReportState
from operations.lines.kinds import KINDS, as_json
from operations.policing.reports.reports import Line, Report
from operations.totals import activity, margins, totals
from operations.totals.pending_moves import moves_of
from scenarios import player
from scenarios.forms import arrests, detections, hit, point, potential_victims, queries
from scenarios.invention import seeded
from scenarios.planning import StorySite
from scenarios.script_language import Scenario, Title, identifier
from scenarios.story import Story

FIRST_DAY = date(2026, 3, 2)
_AT_ONCE = 20_000
_STOCK = 2_000
"""Lines that drafts have validated. Written lines are copies with their own ids, hits with their own moments."""
_LEVELS = (
    (Level.V3, ReportState.NATIONALLY_VALIDATED, 6),
    (Level.V2, ReportState.LOCALLY_VERIFIED, 2),
    (Level.V1, ReportState.SUBMITTED, 2),
)
_NATIONALITIES = ("VEN", "ECU", "CHN", "HTI", "AFG", "SYR", "ERI", "NGA", "BGD", "PAK", "XXX")
_KINDS = (LineKind.CHECK_TALLY, LineKind.HIT, LineKind.MIGRANT_DETECTION, LineKind.ARREST, LineKind.POTENTIAL_VICTIM)

Drawn = tuple[totals.Facet, int, dict[str, Any]]
Cell = tuple[str, UUID, str, totals.Facet, int]


@dataclass(frozen=True)
class GeneratedOperation:
    """A running operation: its sites, and the accounts that report."""

    operation: UUID
    phase: UUID
    zone: str
    first_day: date
    days: int
    sites: tuple[StorySite, ...]

    def member(self, short: str, country: str) -> UUID:
        """Return the account of the officer, lead or coordinator of a country."""
        return identifier("account", f"{short}.{country.lower()}")


def an_operation(
    store: Store,
    countries: Sequence[str],
    sites_per_country: int | Mapping[str, int],
    days: int,
    first_day: date = FIRST_DAY,
) -> GeneratedOperation:
    """Create a regional operation of these countries through the verbs, up to its opening, with real places as sites.

    `sites_per_country`: one number for all, or one for each country. Raises ValueError where a country has fewer
    bundled places than asked for.
    """
    placed: list[StorySite] = []
    if isinstance(sites_per_country, int):
        sites_per_country = dict.fromkeys(countries, sites_per_country)
    sites = sites_per_country

    def compose(day: date) -> Scenario:
        many = "_".join(str(sites[each]) for each in countries)
        name = f"generated_{'_'.join(countries)}_{many}_{days}".lower()
        about = Title(
            name,
            f"Generated {fingerprint(name)[:8]}",
            OperationType.REGIONAL,
            "An operation for tests of load.",
            (),
            (),
            "Everything but the places is invented.",
        )
        story = Story(about, "UTC", day, day, compose)
        placed.extend(_plan(story, countries, sites, days))
        story.move(story.at(0, "00:00"), OperationState.ACTIVE)
        return story.told()

    scenario = compose(first_day)
    played = player.play(store, scenario)
    if played.refused:
        raise ValueError(played.refused[0].sentence)
    phase = identifier(scenario.name, first_day.isoformat(), "phase", "operational")
    return GeneratedOperation(scenario.operation, phase, scenario.zone, first_day, days, tuple(placed))


def _plan(story: Story, countries: Sequence[str], sites: Mapping[str, int], days: int) -> Iterator[StorySite]:
    at = story.at(-30, "09:00")
    story.create(
        at,
        crime_scope=["migrant_smuggling"],
        aim="Measure.",
        legal_basis="None: this operation is invented.",
        line_kinds=[*KINDS],
        daily_due="20:00",
    )
    story.phase(at, "operational", "Checks", story.at(0, "00:00"), story.at(days, "00:00"))
    story.assign(at, "analyst")
    for country in countries:
        story.invite(story.at(-29, "09:00"), country, story.at(-28, "09:00"), shares=True)
        refs = bundled.sites(countries=[country])["ref"].head(sites[country]).tolist()
        if len(refs) < sites[country]:
            raise ValueError(f"{country} has {len(refs)} bundled places, fewer than {sites[country]}.")
        for ref in refs:
            yield story.site(story.at(-20, "09:00"), ref, country)
    story.draw(story.at(-19, "09:00"), "coordination_unit", "Coordination", point(0.0, 0.0))
    story.man(
        story.at(-19, "10:00"),
        "Coordination",
        [("analyst", None, 2)],
        host_country="FRA",
        zone="UTC",
        round_the_clock=True,
    )
    story.approve(story.at(-10, "09:00"), story.at(-9, "09:00"))
    story.open(story.at(-1, "09:00"))


def a_line(chance: Random, starts: datetime, ends: datetime) -> dict[str, Any]:
    """Return one line of any kind, without an id, as a form sends it; a hit lies within the period."""
    kind = chance.choices(_KINDS, (50, 3, 30, 10, 7))[0]
    if kind is LineKind.CHECK_TALLY:
        return queries(
            chance.randint(1, 2_000), chance.choice(("sltd", "nominal", "smv")), chance.choice(("document", "person"))
        )
    if kind is LineKind.HIT:
        at = starts + (ends - starts) * chance.random()
        return hit(at.replace(microsecond=0), chance.choice(("sltd", "nominal")), "stolen", "questioned")
    if kind is LineKind.ARREST:
        return arrests(
            chance.randint(1, 6),
            chance.choice(("migrant_smuggling", "trafficking_in_persons", "other")),
            "flagrant_offence",
        )
    if kind is LineKind.POTENTIAL_VICTIM:
        return potential_victims(chance.randint(1, 9))
    return detections(chance.randint(1, 60), chance.choice(_NATIONALITIES))


def fill(store: Store, scene: GeneratedOperation, lines: int, seed: int = 1, lines_per_report: int = 20) -> int:
    """Add so many lines to the operation, in reports at V1 to V3; return the number of reports.

    They are inserted straight into the tables, in one transaction, with totals and one journal entry. Another seed adds
    others; the same seed again is refused by the database, as its identifiers exist.
    """
    chance = seeded("fill", scene.operation, seed)
    begins = datetime.combine(scene.first_day, time(0), UTC)
    stock = [_checked(a_line(chance, begins, begins + timedelta(hours=12))) for _ in range(_STOCK)]
    cells: dict[Cell, list[int]] = {}
    sides: dict[margins.Key, list[int]] = {}
    heard: dict[UUID, datetime] = {}
    stood: dict[str, datetime] = {}
    made = 0
    with store.unit_of_work(System()) as session:
        reports: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        while lines > 0:
            count = min(lines, lines_per_report)
            lines -= count
            made += 1
            report = _report(scene, chance)
            reports.append(report)
            history.note(session, Report, report)
            where, received = report["site_id"], report["received_at"]
            heard[where] = max(received, heard.get(where, received))
            if report["level"] == Level.V3:
                stood[report["country"]] = max(received, stood.get(report["country"], received))
            rows += _lines(report, count, chance, stock, cells, sides)
            if len(rows) >= _AT_ONCE:
                _insert(session, reports, rows)
        _insert(session, reports, rows)
        _add_totals(session, scene, cells)
        margins.add(session, sides)
        _note_activity(session, scene, heard, stood)
        journal.record(
            session,
            System(),
            "generator.fill",
            "operation",
            scene.operation,
            operation=scene.operation,
            reports=made,
            seed=seed,
        )
    return made


# ----------------------------------------------------------------------------------------------------- inside


def _uuid(chance: Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _report(scene: GeneratedOperation, chance: Random) -> dict[str, Any]:
    where = chance.choice(scene.sites)
    day = scene.first_day + timedelta(days=chance.randrange(scene.days))
    starts = datetime.combine(day, time(chance.randint(0, 11)), UTC)
    ends = starts + timedelta(hours=12)
    received = ends + timedelta(seconds=chance.randint(60, 7_200))
    level, state, _ = chance.choices(_LEVELS, [weight for *_, weight in _LEVELS])[0]
    version = _uuid(chance)
    return {
        "id": version,
        "report_id": _uuid(chance),
        "version": 1,
        "supersedes_id": None,
        "correction_reason": None,
        "operation_id": scene.operation,
        "country": where.country,
        "site_id": where.id,
        "phase_id": scene.phase,
        "kind": "daily",
        "period_from": starts,
        "period_to": ends,
        "zone": where.zone,
        "official_day": day,
        "remarks": "",
        "state": state.value,
        "level": int(level),
        "counted": True,
        "author_id": scene.member("officer", where.country),
        "author_name": "Officer",
        "verified_by": scene.member("lead", where.country) if level >= Level.V2 else None,
        "validated_by": scene.member("coordinator", where.country) if level >= Level.V3 else None,
        "returned_reason": None,
        "returned_note": "",
        "recorded_at": received,
        "received_at": received,
        "content_hash": fingerprint(str(version)),
    }


def _checked(content: dict[str, Any]) -> Drawn:
    """Return a line's facet, quantity and attributes from its validated draft."""
    line = KINDS[content["kind"]].model_validate({**content, "id": UUID(int=0)})
    return totals.facet_of(line, "operational"), line.quantity, as_json(line)


def _lines(
    report: dict[str, Any],
    count: int,
    chance: Random,
    stock: list[Drawn],
    cells: dict[Cell, list[int]],
    sides: dict[margins.Key, list[int]],
) -> list[dict[str, Any]]:
    drawn_lines = []
    for position in range(count):
        facet, quantity, attributes = chance.choice(stock)
        if facet.kind == LineKind.HIT:
            moment = report["period_from"] + timedelta(minutes=chance.randrange(12 * 60))
            attributes = {**attributes, "raw_at": moment.isoformat()}
        line_id = _uuid(chance)
        cell = (report["country"], report["site_id"], report["official_day"].isoformat(), facet, report["level"])
        sums = cells.setdefault(cell, [0, 0])
        sums[0] += 1
        sums[1] += quantity
        for dimension, code, many in margins.line_margins(facet.kind, attributes, quantity):
            key = (report["operation_id"], report["country"], int(report["level"]), *facet, dimension, code)
            side = sides.setdefault(key, [0, 0])
            side[0] += 1
            side[1] += many
        drawn_lines.append(
            {
                "version_id": report["id"],
                "id": line_id,
                "position": position,
                "operation_id": report["operation_id"],
                "country": report["country"],
                "site_id": report["site_id"],
                "phase_id": report["phase_id"],
                "official_day": report["official_day"],
                "quantity": quantity,
                "attributes": {**attributes, "id": str(line_id)},
                **facet._asdict(),
            }
        )
    return drawn_lines


def _table(model: type[SQLModel]) -> sa.Table:
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


def _insert(session: Session, reports: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    """Insert and empty both lists: one statement for many rows."""
    connection = session.connection()
    for model, waiting in ((Report, reports), (Line, rows)):
        if waiting:
            connection.execute(sa.insert(_table(model)), waiting)
            waiting.clear()


def _add_totals(session: Session, scene: GeneratedOperation, cells: dict[Cell, list[int]]) -> None:
    """Add the sums to the operation's totals, by the keys that the verbs use."""
    table = _table(totals.Total)
    names = [column.name for column in table.primary_key.columns]
    sums: dict[totals.Key, Counter[str]] = {}
    for row in session.exec(select(totals.Total).where(totals.Total.operation_id == scene.operation)):
        sums[tuple(getattr(row, name) for name in names)] = Counter(records=row.records, quantity=row.quantity)
    moves = moves_of(session, scene.operation)
    for (country, site, day, facet, level), (records, quantity) in cells.items():
        cell = moves.cells[country, day, str(site), level, facet]
        cell[0] += records
        cell[1] += quantity
        line = totals.CountedLine(scene.operation, country, site, day, facet, quantity)
        for _name, grain, *place in totals.keys(line, level):
            sums.setdefault((grain, scene.operation, *place), Counter()).update(records=records, quantity=quantity)
    connection = session.connection()
    connection.execute(sa.delete(table).where(table.c.operation_id == scene.operation))
    rows = [
        {**dict(zip(names, key, strict=True)), "records": each["records"], "quantity": each["quantity"]}
        for key, each in sums.items()
    ]
    if rows:
        connection.execute(sa.insert(table), rows)
    session.expire_all()


def _note_activity(
    session: Session, scene: GeneratedOperation, heard: dict[UUID, datetime], stood: dict[str, datetime]
) -> None:
    """Record when sites were last heard from and countries last validated a report, as the verbs would."""
    countries, moves = {place.id: place.country for place in scene.sites}, moves_of(session, scene.operation)
    for site in session.exec(
        select(activity.SiteActivity).where(col(activity.SiteActivity.site_id).in_(list(heard)))
    ).all():
        site.last_report_at = max(site.last_report_at or heard[site.site_id], heard[site.site_id])
        session.add(site)
        moves.site(site.site_id, site.country, site.last_report_at)
    for country in session.exec(
        select(activity.CountryActivity).where(activity.CountryActivity.operation_id == scene.operation)
    ).all():
        moments = [moment for site, moment in heard.items() if countries[site] == country.country]
        if moments:
            country.last_report_at = max([*moments, country.last_report_at or moments[0]])
        if country.country in stood:
            country.last_validated_at = max(stood[country.country], country.last_validated_at or stood[country.country])
        session.add(country)
        validated = country.last_validated_at is not None
        moves.country(country.country, country.shares_totals, validated, country.kept)
    session.flush()
