"""The board: every figure of an operation at one moment, one level and for one reader.

A board carries its reader's own number in the operation, so that two readers of one audience who see the same number
see the same figures, and nobody learns of entries that are not for them. Each
figure stands at the chosen level; what waits below it is a separate, unverified amount. Small counts of persons are
hidden here, before anything leaves the domain.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core import hearing
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.errors import NotPermitted
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Confirmation, Level, LineKind, PhaseKind
from operations.measures import disclosure, kpis, totals
from operations.measures.cube import Amounts, Cube, Reader, amounts, cube
from operations.measures.intervals import Rate
from operations.measures.kpis import CATALOGUE, COUNTED, Kpi
from operations.measures.totals import SILENT_AFTER, CountryActivity, Grain, Row, SiteActivity, read
from operations.policing import plan
from operations.policing.lines import PERSON_KINDS

REPORTING_PHASES = (PhaseKind.OPERATIONAL, PhaseKind.TRAINING)
"""Those in which sites report."""


@dataclass(frozen=True)
class Frame:
    """Of what a board is read: the operation with its reporting zone, the level, and one country or all.

    `zone` and `day_cut` are the operation's and decide what today is; `classification` is its marking. Who may read is
    decided on the stored operation, whatever stands here.
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

    `few` says that the hidden value is from 1 to 10; otherwise it is hidden because it would give others away.
    `rates` has one rate per database for K08; `of` is the denominator of a share; `trend` are official days and values,
    a hidden day being None; `today` and `yesterday` are the last two official days.
    """

    kpi: Kpi
    value: float | None
    unverified: float | None = None
    hidden: bool = False
    few: bool = False
    of: int | None = None
    pending: int | None = None
    rates: dict[str, Rate] = field(default_factory=dict)
    trend: tuple[tuple[str, int | None], ...] = ()
    today: int | None = None
    yesterday: int | None = None


@dataclass(frozen=True)
class Board:
    """All figures for one reader at one moment: `seq` is the reader's own number in the operation, moved at `moved`."""

    frame: Frame
    seq: int
    moved: datetime | None
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
    reader = _reader(session, frame, by)
    rows = read(session, frame.operation, Grain.OPERATION if frame.country is None else Grain.COUNTRY, frame.country)
    grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
    daily = amounts(read(session, frame.operation, grain, frame.country), _day)
    persons = None
    if not reader.full:
        persons = _Persons(session, frame, reader, by, daily if grain is Grain.DAY else None)
    day = official_day(now(), frame.zone, frame.day_cut)
    days = day.isoformat(), (day - timedelta(days=1)).isoformat()
    figures: dict[Kpi, Figure] = {}
    for kpi in COUNTED:
        figures[kpi] = _counted(kpi, rows, daily, frame, days, persons, live=_live(frame, by))
    figures[Kpi.HIT_RATE] = _hit_rate(rows, frame.level)
    figures[Kpi.CORE_SHARE] = _core_share(rows, frame, figures[Kpi.ARRESTS], persons)
    countries = _countries(session, frame.operation)
    heard, planned = _sites(session, frame, [each.country for each in countries])
    figures[Kpi.COVERAGE] = Figure(Kpi.COVERAGE, heard / planned * 100 if planned else None, of=planned)
    validated = sum(each.validated for each in countries)
    told = hearing.told(session, by, frame.operation).get(frame.operation)
    seq, moved = (told.number, told.at) if told else (0, None)
    return Board(frame, seq, moved, now(), figures, heard, planned, validated, len(countries))


def by_country(session: Session, frame: Frame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    """A counted figure by participating country, zero included, by code: never a league table.

    Persons pass disclosure control. A country's people see their own country, and from V3 up those that share their
    totals.
    """
    shared_from = max(frame.level, Level.V3) if by.national else frame.level
    whole = replace(frame, country=None, level=shared_from)
    reader = _reader(session, whole, by)
    if CATALOGUE[kpi].persons and not reader.full:
        cells = _Persons(session, whole, reader, by).cube(kpi)
    else:
        cells = Cube({}, amounts(read(session, frame.operation, Grain.COUNTRY), _country)[kpi], {})
    countries = {each.country for each in _countries(session, frame.operation)}
    countries = countries - reader.kept_back if by.national else countries.union(*cells.countries.values())
    shown = []
    for country in sorted(countries):
        level = frame.level if country == reader.own else shared_from
        unverified = cells.country(country, below(level)) if country == reader.own or not by.national else None
        shown.append(CountryRow(country, cells.country(country, at(level)), unverified))
    return shown


def by_day(session: Session, frame: Frame, kpi: Kpi, by: Actor) -> list[tuple[str, int | None, int | None]]:
    """A counted figure by official day: (day, at the level, below it). Persons pass disclosure control.

    The days of a single country are for those who may see its small counts: others get none of a figure of persons.
    """
    reader = _reader(session, frame, by)
    if CATALOGUE[kpi].persons and not reader.full:
        cells = _Persons(session, frame, reader, by).cube(kpi) if frame.country is None else Cube({}, {}, {})
    else:
        grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
        cells = Cube({}, {}, amounts(read(session, frame.operation, grain, frame.country), _day)[kpi])
    verified = cells.by_day(at(frame.level))
    if not _live(frame, by):
        return [(day, count, None) for day, count in verified.items()]
    waiting = cells.by_day(below(frame.level))
    return [(day, verified.get(day, 0), waiting.get(day, 0)) for day in sorted(verified.keys() | waiting.keys())]


def site_activity(session: Session, frame: Frame, by: Actor) -> dict[UUID, datetime | None]:
    """When each planned site last reported; a country's people learn it of their own sites only."""
    _reader(session, frame, by)
    query = select(SiteActivity.site_id, SiteActivity.last_report_at).where(
        SiteActivity.operation_id == frame.operation
    )
    return {site: last for site, last in session.exec(query.order_by(col(SiteActivity.site_id)))}  # noqa: C416


def site_hits(session: Session, frame: Frame, by: Actor) -> dict[UUID, int]:
    """Raw hits at each site, at the level of the frame; a country's people learn it of their own sites only."""
    _reader(session, frame, by)
    hits: Counter[UUID] = Counter()
    for row in read(session, frame.operation, Grain.SITE, by.country if by.national else None, (LineKind.HIT,)):
        if row.level >= frame.level:
            hits[UUID(row.site)] += kpis.amount(Kpi.RAW_HITS, row.facet, row.records, row.quantity)
    return dict(sorted(hits.items()))


# ---------------------------------------------------------------------------------------------------- who reads


def _reader(session: Session, frame: Frame, by: Actor) -> Reader:
    """What `by` may see of the frame. Raises NotFound where that is nothing."""
    owner = plan.operation(session, frame.operation, by)
    require(by, Act.TOTALS_READ, plan.subject(owner))
    if not by.national:
        return Reader(full=may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(owner, frame.country)))
    answers = may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(owner, by.country))
    if frame.country not in (None, by.country):
        raise NotPermitted
    if frame.country is None and frame.level < Level.V3:
        raise NotPermitted
    taking_part = _countries(session, frame.operation)
    sharing = {each.country for each in taking_part if each.shares_totals}
    everybody = {row.country for row in read(session, frame.operation, Grain.COUNTRY)}
    everybody.update(each.country for each in taking_part)
    return Reader(
        full=answers and frame.country is not None,
        own=by.country if answers else None,
        kept_back=frozenset(everybody - sharing - {by.country}),
    )


def _live(frame: Frame, by: Actor) -> bool:
    """Whether the reader learns of figures below the level: of the own country, or from a desk that serves all."""
    return frame.country is not None or not by.national


class _TakingPart(NamedTuple):
    """A country that takes part: whether others see its totals, and whether it has validated anything."""

    country: str
    shares_totals: bool
    validated: bool


_COUNTRIES = unscoped(
    sa.select(
        col(CountryActivity.country),
        col(CountryActivity.shares_totals),
        col(CountryActivity.last_validated_at).is_not(None),
    ).where(col(CountryActivity.operation_id) == sa.bindparam("operation"))
)


def _countries(session: Session, operation: UUID) -> list[_TakingPart]:
    """The countries that take part, whoever asks: how many they are is no secret among them."""
    return [_TakingPart(*found) for found in session.execute(_COUNTRIES, {"operation": operation})]


def _country(row: Row) -> str:
    return row.country


def _day(row: Row) -> str:
    return row.day


class _Persons:
    """Figures of persons for a reader to whom small counts are not shown: every cell is read, to protect it.

    `days` are the amounts by official day, where they were read already.
    """

    def __init__(
        self, session: Session, frame: Frame, reader: Reader, by: Actor, days: Mapping[Kpi, Amounts] | None = None
    ) -> None:
        def of(grain: Grain, country: str | None = None) -> list[Row]:
            return read(session, frame.operation, grain, country, PERSON_KINDS)

        self.reader = reader
        known = at(Level.V3 if by.national else Level.V1)
        self.rows = [row for row in of(Grain.COUNTRY) if known(row.level) or row.country == by.country]
        self.countries = amounts(self.rows, _country)
        self.days = amounts(of(Grain.DAY), _day) if days is None else days
        self.own_days = amounts(of(Grain.COUNTRY_DAY, reader.own) if reader.own else [], _day)

    def cube(self, kpi: Kpi) -> Cube:
        """The figure as the reader may see it."""
        return cube(self.countries[kpi], self.days[kpi], self.own_days[kpi], self.reader)

    def parts_are_small(self, level: Level, part: Callable[[Row], bool]) -> bool:
        """Whether the arrests of others, inside or outside of `part`, are few at any level from `level` up."""
        sums: Counter[tuple[int, bool]] = Counter()
        for row in self.rows:
            if row.level >= level and row.country != self.reader.own and kpis.is_arrest(row.facet):
                sums[row.level, part(row)] += row.quantity
        return any(disclosure.small(count) for count in sums.values())


# ------------------------------------------------------------------------------------------------------- figures


def at(level: Level) -> Callable[[int], bool]:
    """Whether a level that was reached is `level` or more."""
    return lambda reached: reached >= level


def below(level: Level) -> Callable[[int], bool]:
    """Whether a level that was reached is less than `level`."""
    return lambda reached: reached < level


def _counted(
    kpi: Kpi,
    rows: list[Row],
    daily: Mapping[Kpi, Amounts],
    frame: Frame,
    days: tuple[str, str],
    persons: _Persons | None,
    *,
    live: bool,
) -> Figure:
    """A counted figure; `days` are today and yesterday, `persons` guards it where it counts persons."""
    value: int | None = _sum(kpi, rows, at(frame.level))
    waiting: int | None = _sum(kpi, rows, below(frame.level))
    trend: dict[str, int | None]
    few = False
    if persons is not None and CATALOGUE[kpi].persons:
        cells = persons.cube(kpi)
        few = disclosure.small(value or 0)
        if frame.country is None:
            value, waiting = cells.total(at(frame.level)), cells.total(below(frame.level))
            trend = cells.by_day(at(frame.level))
        else:
            value, waiting = (cells.country(frame.country, levels(frame.level)) for levels in (at, below))
            trend = {}
    else:
        trend = Cube({}, {}, daily[kpi]).by_day(at(frame.level))
    known = value is not None and (frame.country is None or persons is None or not CATALOGUE[kpi].persons)
    return Figure(
        kpi,
        value,
        unverified=waiting if live else None,
        hidden=value is None,
        few=value is None and few,
        pending=_pending(rows, frame.level) if kpi is Kpi.CONFIRMED_HITS else None,
        trend=tuple(trend.items()) if known else (),
        today=trend.get(days[0], 0) if known else None,
        yesterday=trend.get(days[1], 0) if known else None,
    )


def _sum(kpi: Kpi, rows: Iterable[Row], wanted: Callable[[int], bool]) -> int:
    return kpis.total(kpi, ((row.facet, row.records, row.quantity) for row in rows if wanted(row.level)))


def _pending(rows: list[Row], level: Level) -> int:
    """Raw hits that nobody has answered yet."""
    waiting = (row for row in rows if row.level >= level and kpis.is_hit(row.facet))
    return sum(row.records for row in waiting if row.facet.status == Confirmation.PENDING)


def _hit_rate(rows: list[Row], level: Level) -> Figure:
    """Hits and queries of the same database; the database asked most comes first and is the figure's value."""
    queries: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for row in rows:
        if row.level >= level:
            queries[row.facet.database] += row.quantity if kpis.is_query(row.facet) else 0
            hits[row.facet.database] += row.records if kpis.is_hit(row.facet) else 0
    asked = sorted(queries.items(), key=lambda each: (-each[1], each[0]))
    rates = {database: Rate(hits[database], count) for database, count in asked if database and count > 0}
    first = next(iter(rates.values()), None)
    return Figure(Kpi.HIT_RATE, first.per_million if first else None, of=first.of if first else None, rates=rates)


def _core_share(rows: list[Row], frame: Frame, arrests: Figure, persons: _Persons | None) -> Figure:
    """The share is hidden where either of its parts is small: percentages give counts away.

    The share of one country is for those who may see its small counts.
    """
    core = sum(row.quantity for row in rows if row.level >= frame.level and kpis.is_core_arrest(row.facet))
    everyone = _sum(Kpi.ARRESTS, rows, at(frame.level))
    if persons is not None and (
        arrests.hidden
        or frame.country is not None
        or persons.parts_are_small(frame.level, lambda row: kpis.is_core_arrest(row.facet))
    ):
        return Figure(Kpi.CORE_SHARE, None, hidden=everyone > 0 or arrests.hidden)
    return Figure(Kpi.CORE_SHARE, core / everyone * 100 if everyone else None, of=everyone)


_SITES = unscoped(
    sa.select(
        sa.func.count().filter(col(SiteActivity.last_report_at) >= sa.bindparam("since", type_=UtcDateTime)),
        sa.func.count(),
    ).where(
        col(SiteActivity.operation_id) == sa.bindparam("operation"),
        col(SiteActivity.country).in_(sa.bindparam("countries", expanding=True)),
    )
)


def _sites(session: Session, frame: Frame, countries: list[str]) -> tuple[int, int]:
    """How many sites reported lately, and how many are waited for: those of the countries that take part."""
    waited_for = [frame.country] if frame.country is not None else countries
    values = {"since": now() - SILENT_AFTER, "operation": frame.operation, "countries": waited_for}
    heard, planned = session.execute(_SITES, values).one()
    return heard, planned


def reports_over(phases: Sequence[plan.Phase], at: datetime) -> bool:
    """Whether all phases in which sites report have ended."""
    ends = [phase.ends for phase in phases if phase.kind in REPORTING_PHASES]
    return bool(ends) and max(ends) + SILENT_AFTER <= at
