"""The board: every figure of an operation at one moment, one level and for one reader.

A board carries the journal number it was read at, so that two readers of the same number see the same figures. Each
figure stands at the chosen level; what waits below it is a separate, unverified amount. Small counts of persons are
hidden here, before anything leaves the domain.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, select

from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.vocabulary import Classification, Confirmation, Level
from operations.measures import disclosure, kpis
from operations.measures.intervals import Rate
from operations.measures.kpis import CATALOGUE, COUNTED, Kpi
from operations.measures.totals import CountryActivity, Grain, Row, SiteActivity, read

SILENT_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Frame:
    """Of what a board is read: the operation with its reporting zone, the level, and one country or all.

    `zone` and `day_cut` are the operation's and decide what today is; `classification` is its marking.
    """

    operation: UUID
    zone: str
    classification: Classification
    day_cut: time = time(0)
    level: Level = Level.V3
    country: str | None = None


@dataclass(frozen=True)
class Figure:
    """One key figure. `value` and `unverified` are None where undefined (a rate of nothing) or hidden (`hidden`).

    `rates` has one rate per database for K08; `of` is the denominator of a share; `trend` are official days and values,
    a hidden day being None; `today` and `yesterday` are the last two official days.
    """

    kpi: Kpi
    value: float | None
    unverified: float | None = None
    hidden: bool = False
    of: int | None = None
    pending: int | None = None
    rates: dict[str, Rate] = field(default_factory=dict)
    trend: tuple[tuple[str, int | None], ...] = ()
    today: int | None = None
    yesterday: int | None = None


@dataclass(frozen=True)
class Board:
    """All figures for one reader at one moment."""

    frame: Frame
    seq: int
    as_of: datetime
    figures: dict[Kpi, Figure]
    sites_reporting: int
    sites_planned: int
    countries_validated: int
    countries_taking_part: int


@dataclass(frozen=True)
class CountryRow:
    """One country's part in a counted figure, by level reached; None is hidden from this reader."""

    country: str
    verified: int | None
    unverified: int | None


def read_board(session: Session, frame: Frame, by: Actor) -> Board:
    """The board of `frame` for `by`. A country's people see their own country in full, and the operation from V3 up."""
    _require(frame, by)
    full = _in_full(frame, by)
    grain = Grain.OPERATION if frame.country is None else Grain.COUNTRY
    rows = read(session, frame.operation, grain, frame.country)
    daily = read(session, frame.operation, Grain.DAY if frame.country is None else Grain.COUNTRY_DAY, frame.country)
    day = official_day(now(), frame.zone, frame.day_cut)
    today, yesterday = day.isoformat(), (day - timedelta(days=1)).isoformat()
    guarded = by.national and not full
    own = read(session, frame.operation, Grain.COUNTRY, by.country) if guarded else []
    own_daily = read(session, frame.operation, Grain.COUNTRY_DAY, by.country) if guarded else []
    figures: dict[Kpi, Figure] = {}
    for kpi in COUNTED:
        figures[kpi] = _counted(
            kpi, (rows, own), (daily, own_daily), frame.level, (today, yesterday), full, live=not guarded
        )
    figures[Kpi.HIT_RATE] = _hit_rate(rows, frame.level)
    figures[Kpi.CORE_SHARE] = _core_share(rows, frame.level, figures[Kpi.ARRESTS], full)
    sites = _sites(session, frame)
    heard = sum(_recent(site.last_report_at) for site in sites)
    figures[Kpi.COVERAGE] = Figure(Kpi.COVERAGE, heard / len(sites) * 100 if sites else None, of=len(sites))
    countries = session.exec(select(CountryActivity).where(CountryActivity.operation_id == frame.operation)).all()
    return Board(
        frame,
        journal.pulse(session),
        now(),
        figures,
        heard,
        len(sites),
        sum(country.last_validated_at is not None for country in countries),
        len(countries),
    )


def by_country(session: Session, frame: Frame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    """A counted figure by participating country, zero included, by code: never a league table.

    Persons pass disclosure control. A country's people see their own country and those that share their totals.
    """
    _require(frame, by)
    cells: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for activity in session.exec(select(CountryActivity).where(CountryActivity.operation_id == frame.operation)):
        if not by.national or activity.country == by.country or activity.shares_totals:
            cells[True][activity.country] += 0
    for row in read(session, frame.operation, Grain.COUNTRY):
        if row.country in cells[True] or not by.national:
            cells[row.level >= frame.level][row.country] += kpis.amount(kpi, row.facet, row.records, row.quantity)
    countries = sorted(cells[True].keys() | cells[False].keys())
    shown: dict[bool, dict[str, int | None]] = {}
    for verified, counts in cells.items():
        everything = {country: counts[country] for country in countries}
        others = {country: count for country, count in everything.items() if country != by.country}
        if CATALOGUE[kpi].persons and not _in_full(frame, by):
            shown[verified] = {**everything, **disclosure.protect(others).cells}
        else:
            shown[verified] = dict(everything)
    if by.national:
        shown[False] = {country: count if country == by.country else None for country, count in shown[False].items()}
    return [CountryRow(country, shown[True][country], shown[False][country]) for country in countries]


def by_day(session: Session, frame: Frame, kpi: Kpi, by: Actor) -> list[tuple[str, int | None, int | None]]:
    """A counted figure by official day: (day, at the level, below it). Persons pass disclosure control."""
    _require(frame, by)
    grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
    rows = read(session, frame.operation, grain, frame.country)
    full = _in_full(frame, by)
    hide_below = by.national and not full
    own = read(session, frame.operation, Grain.COUNTRY_DAY, by.country) if hide_below else []
    verified = _daily(kpi, rows, own, lambda row: row.level >= frame.level, full)
    below = _daily(kpi, rows, own, lambda row: row.level < frame.level, full)
    return [
        (day, verified.get(day, 0), None if hide_below else below.get(day, 0))
        for day in sorted(verified.keys() | below.keys())
    ]


def site_activity(session: Session, frame: Frame, by: Actor) -> dict[UUID, datetime | None]:
    """When each planned site last reported; a country's people learn it of their own sites only."""
    _require(frame, by)
    found = session.exec(select(SiteActivity).where(SiteActivity.operation_id == frame.operation)).all()
    return {each.site_id: each.last_report_at for each in found if not by.national or each.country == by.country}


def site_hits(session: Session, frame: Frame, by: Actor) -> dict[UUID, int]:
    """Raw hits at each site, at the level of the frame; a country's people learn it of their own sites only."""
    _require(frame, by)
    hits: Counter[UUID] = Counter()
    for row in read(session, frame.operation, Grain.SITE, kind="hit"):
        if row.level >= frame.level and (not by.national or row.country == by.country):
            hits[UUID(row.site)] += kpis.amount(Kpi.RAW_HITS, row.facet, row.records, row.quantity)
    return dict(hits)


# ----------------------------------------------------------------------------------------------------- inside


def _require(frame: Frame, by: Actor) -> None:
    require(by, Act.TOTALS_READ, Subject(operation=frame.operation, classification=frame.classification))
    if by.national and frame.country is not None and frame.country != by.country:
        raise NotPermitted
    if by.national and frame.country is None and frame.level < Level.V3:
        raise NotPermitted


def _in_full(frame: Frame, by: Actor) -> bool:
    """Whether small counts may be shown to this reader."""
    return may(
        by,
        Act.TOTALS_UNSUPPRESSED,
        Subject(country=frame.country, operation=frame.operation, classification=frame.classification),
    )


def _sum(kpi: Kpi, rows: Iterable[Row], wanted: Callable[[Row], bool]) -> int:
    return kpis.total(kpi, ((row.facet, row.records, row.quantity) for row in rows if wanted(row)))


def _daily(
    kpi: Kpi, rows: list[Row], own: list[Row], wanted: Callable[[Row], bool], full: bool
) -> dict[str, int | None]:
    """Amounts by day. A guarded day is hidden when what others than the reader reported on it is small."""
    days: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for source, sign in ((rows, 1), (own, -1)):
        for row in source:
            if wanted(row):
                change = kpis.amount(kpi, row.facet, row.records, row.quantity)
                others[row.day] += sign * change
                days[row.day] += change if sign == 1 else 0
    if full or not CATALOGUE[kpi].persons:
        return dict(days)
    shown = disclosure.protect(others).cells
    return {day: None if shown[day] is None else count for day, count in days.items()}


def _counted(
    kpi: Kpi,
    whole: tuple[list[Row], list[Row]],
    daily: tuple[list[Row], list[Row]],
    level: Level,
    days: tuple[str, str],
    full: bool,
    *,
    live: bool,
) -> Figure:
    """A counted figure. `whole` and `daily` are each the rows, and those of them that the reader answers for."""
    rows, own = whole

    def at_level(row: Row) -> bool:
        return row.level >= level

    value = _sum(kpi, rows, at_level)
    below = _sum(kpi, rows, lambda row: not at_level(row))
    trend = _daily(kpi, *daily, at_level, full)
    guarded = CATALOGUE[kpi].persons and not full
    others = value - _sum(kpi, own, at_level)
    hidden = guarded and (disclosure.small(value) or disclosure.small(others))
    pending = None
    if kpi is Kpi.CONFIRMED_HITS:
        pending = sum(
            row.records
            for row in rows
            if at_level(row) and kpis.is_hit(row.facet) and row.facet.status == Confirmation.PENDING
        )
    return Figure(
        kpi,
        None if hidden else value,
        unverified=None if not live or (guarded and disclosure.small(below)) else below,
        hidden=hidden,
        pending=pending,
        trend=() if hidden else tuple(sorted(trend.items())),
        today=None if hidden else trend.get(days[0], 0),
        yesterday=None if hidden else trend.get(days[1], 0),
    )


def _hit_rate(rows: list[Row], level: Level) -> Figure:
    """Hits and queries of the same database; the database asked most comes first and is the figure's value."""
    queries: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for row in rows:
        if row.level >= level:
            queries[row.facet.database] += row.quantity if kpis.is_query(row.facet) else 0
            hits[row.facet.database] += row.records if kpis.is_hit(row.facet) else 0
    rates = {
        database: Rate(hits[database], count) for database, count in queries.most_common() if database and count > 0
    }
    first = next(iter(rates.values()), None)
    return Figure(Kpi.HIT_RATE, first.per_million if first else None, of=first.of if first else None, rates=rates)


def _core_share(rows: list[Row], level: Level, arrests: Figure, full: bool) -> Figure:
    """The share is hidden where either of its parts is small: percentages give counts away."""
    core = sum(row.quantity for row in rows if row.level >= level and kpis.is_core_arrest(row.facet))
    everyone = _sum(Kpi.ARRESTS, rows, lambda row: row.level >= level)
    hidden = not full and (arrests.hidden or disclosure.small(core) or disclosure.small(everyone - core))
    if hidden or everyone == 0:
        return Figure(Kpi.CORE_SHARE, None, hidden=hidden, of=None if hidden else everyone)
    return Figure(Kpi.CORE_SHARE, core / everyone * 100, of=everyone)


def _sites(session: Session, frame: Frame) -> list[SiteActivity]:
    query = select(SiteActivity).where(SiteActivity.operation_id == frame.operation)
    if frame.country is not None:
        query = query.where(SiteActivity.country == frame.country)
    return list(session.exec(query).all())


def _recent(moment: datetime | None) -> bool:
    return moment is not None and now() - moment <= SILENT_AFTER
