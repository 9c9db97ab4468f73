"""Own results as events for analyses: quantities reported by the operation's sites, by place and day.

For Muster's own workers. The position of a result is that of the reporting site, never where a person was met. Results
of analyses have many readers, so counts of persons pass disclosure control first. Suppressed are all sites of a country
whose number leadership does not see, then a site whose number is small or would disclose another's, then days of a site
likewise. Persons in need of protection enter as last released to leadership, each country as of the entry of its
released number: an analysis never discloses a change sooner. Leadership itself reads no number of a site there:
releases are not judged by sites (`policing.analyses`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.catalogue import kpis
from operations.catalogue.definition import Audience
from operations.catalogue.kpis import Kpi
from operations.core.vocabulary import Level, LineKind, PhaseKind
from operations.disclosure import releases, small_numbers
from operations.disclosure.figure_cube import Reader, amounts, cube
from operations.lines.kinds import PERSON_KINDS
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports.versions import Line, Report
from operations.totals import total_steps, totals
from operations.totals.activity import CountryActivity, DepartureChoice
from operations.totals.totals import Grain, TotalRow

KINDS = (LineKind.HIT, LineKind.MIGRANT_DETECTION, LineKind.ARREST)
"""The kinds of lines that analyses may use.

Potential victims and minors are excluded: even their pattern must not appear on a map.
"""


class Result(NamedTuple):
    """A counted line of a report: its site with country and position (WGS 84), the day, and the quantity."""

    site: UUID
    country: str
    lon: float
    lat: float
    day: date
    quantity: int


Cell = tuple[UUID, date]


@dataclass(frozen=True)
class OwnResults:
    """The results of one kind after disclosure control.

    `withheld`: the number of sites left out for their small counts.

    Single days of other sites may be missing for the same reason.

    `persons` says that the quantities count persons. `as_of`: the moment of the release they come from, None for
    current results.
    """

    kind: LineKind
    rows: Sequence[Result]
    withheld: int
    persons: bool
    as_of: datetime | None = None


def own_results(session: Session, operation_id: UUID, kind: LineKind) -> OwnResults:
    """Return every counted line of a kind, at any level from V1 up. Raises ValueError for a kind outside `KINDS`.

    For a kind that is released to leadership: one sum for each site and official day.
    """
    if kind not in KINDS:
        raise ValueError(f"Nobody may ask where lines of the kind {kind} lie.")
    if Audience.LEADERSHIP in kpis.CATALOGUE[_COUNTED_AS[kind]].guarded:
        return _as_released(session, operation_id, kind)
    query = (
        sa.select(
            col(Line.site_id),
            col(Site.country),
            col(Site.lon),
            col(Site.lat),
            col(Line.official_day),
            col(Line.quantity),
        )
        .join_from(Line, Report, col(Report.id) == col(Line.version_id))
        .join(Site, col(Site.id) == col(Line.site_id))
        .where(
            col(Line.operation_id) == operation_id,
            col(Line.kind) == kind.value,
            col(Report.counted).is_(True),
            col(Report.level) >= int(Level.V1),
        )
        .order_by(col(Line.site_id), col(Line.official_day), col(Line.id))
    )
    rows = [Result(*found) for found in session.execute(query).all()]
    hidden = _hidden(session, operation_id)
    persons = kind in PERSON_KINDS
    if not persons and not hidden:
        return OwnResults(kind, rows, 0, persons=False)
    kept = _shown(session, operation_id, rows, kind, hidden)
    left_out = {row.site for row in rows} - {row.site for row in kept}
    return OwnResults(kind, kept, len(left_out), persons=persons)


@dataclass(frozen=True)
class _Released:
    """Sums by country, site and official day as released to leadership, and the countries whose sum was released.

    `as_of` is None where nothing was released.
    """

    cells: Mapping[tuple[str, UUID, str], int]
    told: frozenset[str]
    as_of: datetime | None

    @property
    def sites(self) -> dict[str, Counter[UUID]]:
        """Return the sums of sites, by country."""
        found: defaultdict[str, Counter[UUID]] = defaultdict(Counter)
        for (country, site, _day), many in self.cells.items():
            found[country][site] += many
        return found

    @property
    def safe(self) -> set[UUID]:
        """The sites whose sum leadership may read."""
        return {
            site
            for country, counts in self.sites.items()
            if country in self.told
            for site, many in small_numbers.protect(counts).cells.items()
            if many is not None
        }


def _released(session: Session, operation_id: UUID, kind: LineKind) -> _Released:
    kpi = _COUNTED_AS[kind]
    reader = Reader(full=False, kept_back=_hidden(session, operation_id))
    shown = releases.released_figures(session, operation_id, reader).get(kpi, releases.NOTHING)
    if shown.tables is None:
        return _Released({}, frozenset(), None)
    content, cells = shown.tables.content, Counter[tuple[str, UUID, str]]()
    for country in content["countries"]:
        for step in total_steps.between(session, operation_id, 0, content["at"].get(country, 0), country):
            for of, day, site, _level, records, quantity, sides in step.cells:
                if of == country and (many := kpis.amount(kpi, total_steps.facet_of(sides), records, quantity)):
                    cells[country, UUID(site), day] += many
    told = frozenset(each for each in content["countries"] if shown.country(each, _any_level) is not None)
    return _Released(+cells, told, shown.tables.state_at)


def _as_released(session: Session, operation_id: UUID, kind: LineKind) -> OwnResults:
    found = _released(session, operation_id, kind)
    cells = {(site, date.fromisoformat(day)): many for (_country, site, day), many in found.cells.items()}
    kept = _safe_days(cells, {cell for cell in cells if cell[0] in found.safe and not small_numbers.small(cells[cell])})
    places = sa.select(col(Site.id), col(Site.country), col(Site.lon), col(Site.lat)).where(
        col(Site.operation_id) == operation_id
    )
    at = {site: (country, lon, lat) for site, country, lon, lat in session.execute(places)}
    rows = [Result(site, *at[site], day, cells[site, day]) for site, day in sorted(kept) if site in at]
    withheld = {site for site, _day in cells} - {row.site for row in rows}
    return OwnResults(kind, rows, len(withheld), persons=True, as_of=found.as_of)


def _hidden(session: Session, operation_id: UUID) -> frozenset[str]:
    """Return the countries that left and keep their figures in totals only."""
    query = sa.select(col(CountryActivity.country)).where(
        col(CountryActivity.operation_id) == operation_id, col(CountryActivity.kept) == DepartureChoice.TOTALS.value
    )
    return frozenset(session.execute(query).scalars())


_COUNTED_AS = {
    LineKind.HIT: Kpi.RAW_HITS,
    LineKind.MIGRANT_DETECTION: Kpi.DETECTIONS,
    LineKind.ARREST: Kpi.ARRESTS,
}
"""The figure of the board that shows a kind by country."""


def _shown(
    session: Session, operation_id: UUID, rows: Sequence[Result], kind: LineKind, hidden: frozenset[str]
) -> list[Result]:
    """Return the rows that leadership may read beside its board: by country, by site and by day of a site."""
    persons = kind in PERSON_KINDS
    sites: defaultdict[str, Counter[UUID]] = defaultdict(Counter)
    cells: Counter[Cell] = Counter()
    for row in rows:
        sites[row.country][row.site] += row.quantity
        cells[row.site, row.day] += row.quantity
    safe = _safe_sites(session, operation_id, sites, kind, hidden)
    if not persons:
        return [row for row in rows if row.site in safe]
    kept = _safe_days(cells, {cell for cell in cells if cell[0] in safe and not small_numbers.small(cells[cell])})
    return [row for row in rows if (row.site, row.day) in kept]


def _safe_sites(
    session: Session, operation_id: UUID, sites: Mapping[str, Counter[UUID]], kind: LineKind, hidden: frozenset[str]
) -> set[UUID]:
    """Return the sites whose sum leadership may read beside its board. `sites`: their sums by country."""
    kpi = _COUNTED_AS[kind]
    by_country, by_day = (
        amounts(totals.read(session, operation_id, grain, kinds=(kind,)), side)[kpi]
        for grain, side in ((Grain.COUNTRY, _country), (Grain.DAY, _day))
    )
    persons = kind in PERSON_KINDS
    seen = cube(by_country, by_day, {}, Reader(full=not persons, kept_back=hidden))
    return {
        site
        for country, counts in sites.items()
        if seen.country(country, _any_level) is not None
        for site, count in (small_numbers.protect(counts).cells if persons else counts).items()
        if count is not None
    }


class AtSite(NamedTuple):
    """A site of the operation: its bundled place (`ref`), its reported amount (None where suppressed), and the number
    of official days of operational phases on which it reported.
    """

    site: UUID
    name: str
    ref: str
    amount: int | None
    days: int


def at_sites(session: Session, operation_id: UUID, kind: LineKind) -> list[AtSite]:
    """Return the operation's sites with the sum of a kind of lines, at any level from V1 up.

    Raises ValueError as `own_results`.
    """
    if kind not in KINDS:
        raise ValueError(f"Nobody may ask where lines of the kind {kind} lie.")
    sums, safe, known = _sums_of_sites(session, operation_id, kind)
    reported = (
        sa.select(col(Report.site_id), sa.func.count(sa.distinct(col(Report.official_day))))
        .join_from(Report, plan.Phase, col(plan.Phase.id) == col(Report.phase_id))
        .where(
            col(Report.operation_id) == operation_id,
            col(Report.counted).is_(True),
            col(plan.Phase.kind) == PhaseKind.OPERATIONAL.value,
        )
        .group_by(col(Report.site_id))
    )
    days: dict[UUID, int] = {site: count for site, count in session.execute(reported)}  # noqa: C416
    places = sa.select(col(Site.id), col(Site.name), col(Site.ref), col(Site.country)).where(
        col(Site.operation_id) == operation_id
    )

    def amount(country: str, site: UUID) -> int | None:
        return sums[country][site] if site in safe or (known and not sums[country][site]) else None

    return [
        AtSite(site, name, ref, amount(country, site), days.get(site, 0))
        for site, name, ref, country in session.execute(places.order_by(col(Site.name), col(Site.id)))
    ]


def _sums_of_sites(
    session: Session, operation_id: UUID, kind: LineKind
) -> tuple[defaultdict[str, Counter[UUID]], set[UUID], bool]:
    """Return sums of sites by country, the sites whose sum leadership may read, and whether zeros of others are
    known.
    """
    sums: defaultdict[str, Counter[UUID]] = defaultdict(Counter)
    if Audience.LEADERSHIP in kpis.CATALOGUE[_COUNTED_AS[kind]].guarded:
        found = _released(session, operation_id, kind)
        sums.update(found.sites)
        return sums, found.safe, found.as_of is not None
    for row in totals.read(session, operation_id, Grain.SITE, kinds=(kind,)):
        sums[row.country][UUID(row.site)] += kpis.amount(_COUNTED_AS[kind], row.facet, row.records, row.quantity)
    return sums, _safe_sites(session, operation_id, sums, kind, _hidden(session, operation_id)), True


def _safe_days(cells: Mapping[Cell, int], kept: set[Cell]) -> set[Cell]:
    """Return the days of sites that disclose no other day to a reader who knows the sum of each site and each day."""
    lines: defaultdict[UUID | date, set[Cell]] = defaultdict(set)
    for cell in cells:
        for side in cell:
            lines[side].add(cell)
    before = -1
    while len(kept) != before:
        before = len(kept)
        for line in lines.values():
            hidden = line - kept
            if hidden and line & kept:
                shown = small_numbers.protect({cell: cells[cell] for cell in line}, hidden)
                kept -= {cell for cell in line if shown.total is None or shown.cells[cell] is None}
    return kept


def _any_level(_level: int) -> bool:
    return True


def _country(row: TotalRow) -> str:
    return row.country


def _day(row: TotalRow) -> str:
    return row.day
