"""The board: every figure of an operation at one moment, one level and for one reader.

A board carries its reader's own number in the operation, so that two readers of one audience who see the same number
see the same figures, and nobody learns of entries that are not for them. Each figure stands at the chosen level; what
waits below it is a separate, unverified amount. Small counts of persons, and what would give away a country that keeps
its totals back, are hidden here, before anything leaves the domain.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.core import hearing
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.errors import NotPermitted, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, Level, LineKind, PhaseKind
from operations.measures import disclosure, kpis
from operations.measures.cube import Amounts, Cube, Reader, amounts, cube
from operations.measures.intervals import Rate as IntervalRate
from operations.measures.kpis import CATALOGUE, COUNTED, PERSON_KINDS, Count, Kpi, Rate, Share, SitesHeard
from operations.measures.totals import SILENT_AFTER, CountryActivity, Grain, Row, SiteActivity, read, side
from operations.policing.operation import plan

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


class Unrated(NamedTuple):
    """Hits of a database that have no rate, and how many queries asked of everybody, and others."""

    database: str
    hits: int
    blanket: int
    others: int


@dataclass(frozen=True)
class Figure:
    """One key figure. `value` and `unverified` are None where undefined (a rate of nothing) or hidden (`hidden`).

    `few` says that the hidden value is from 1 to 10; otherwise it is hidden because it would give others away, and
    `keeps_back` says that a country that keeps its totals back may be among them. `validated` is the value at V3, at
    which goals are set, whatever the level of the board. `rates` has a rate by database, `without_rate` what has none.
    `part` of `of` is a share, `parts` what it is made of by name; of a count that is broken down they are its codes.
    `trend` are official days and values, a hidden day being None; `today` and `yesterday` are the last two.
    """

    kpi: Kpi
    value: float | None
    unverified: float | None = None
    hidden: bool = False
    few: bool = False
    keeps_back: bool = False
    validated: float | None = None
    of: int | None = None
    part: int | None = None
    parts: Mapping[str, int] = field(default_factory=dict)
    pending: int | None = None
    rates: dict[str, IntervalRate] = field(default_factory=dict)
    without_rate: tuple[Unrated, ...] = ()
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
    guard = None
    if not reader.full:
        guard = _Guard(session, frame, reader, by, daily if grain is Grain.DAY else None)
    day = official_day(now(), frame.zone, frame.day_cut)
    days = day.isoformat(), (day - timedelta(days=1)).isoformat()
    figures: dict[Kpi, Figure] = {}
    for kpi in COUNTED:
        figures[kpi] = _counted(kpi, rows, daily, frame, days, guard, live=_live(frame, by))
    countries = _countries(session, frame.operation)
    heard, planned = _sites(session, frame, [each.country for each in countries])
    for kpi, definition in CATALOGUE.items():
        match definition.measure:
            case Count(within=Kpi() as within) if figures[within].hidden:
                figures[kpi] = replace(figures[kpi], pending=None)
            case Rate() as measure:
                figures[kpi] = _rate(kpi, measure, rows, frame.level, figures)
            case Share() as measure:
                figures[kpi] = _share(kpi, measure, rows, frame, figures[measure.of], guard)
            case SitesHeard():
                share = heard / planned * 100 if planned else None
                figures[kpi] = Figure(kpi, share, validated=share, of=planned, part=heard)
    validated = sum(each.validated for each in countries)
    told = hearing.told(session, by, frame.operation).get(frame.operation)
    seq, moved = (told.number, told.at) if told else (0, None)
    return Board(frame, seq, moved, now(), figures, heard, planned, validated, len(countries))


def by_country(session: Session, frame: Frame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    """A counted figure by participating country, zero included, by code: never a league table.

    Persons pass disclosure control. A country's people see their own country, and from V3 up those that share their
    totals. RuleBroken for a rate or a share: those are not parts of a whole.
    """
    _counts(kpi)
    shared_from = max(frame.level, Level.V3) if by.national else frame.level
    whole = replace(frame, country=None, level=shared_from)
    reader = _reader(session, whole, by)
    if _guarded(kpi, whole, reader):
        cells = _Guard(session, whole, reader, by).cube(kpi)
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
    Where the days would give something away none is told. RuleBroken for a rate or a share.
    """
    _counts(kpi)
    reader = _reader(session, frame, by)
    if _guarded(kpi, frame, reader):
        cells = _Guard(session, frame, reader, by).cube(kpi) if frame.country is None else Cube({}, {}, {})
    else:
        grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
        cells = Cube({}, {}, amounts(read(session, frame.operation, grain, frame.country), _day)[kpi])
    verified = cells.by_day(at(frame.level))
    if not _live(frame, by):
        return [(day, count, None) for day, count in (verified or {}).items()]
    waiting = cells.by_day(below(frame.level))
    days = sorted({*(verified or ()), *(waiting or ())})
    return [
        (day, None if verified is None else verified.get(day, 0), None if waiting is None else waiting.get(day, 0))
        for day in days
    ]


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
        home=by.country,
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


def _counts(kpi: Kpi) -> None:
    """Refuse what has no parts. Raises RuleBroken."""
    if kpi not in COUNTED:
        raise RuleBroken("kpi", "A rate or a share is not shown by country or by day: choose a figure that is counted.")


def _guarded(kpi: Kpi, frame: Frame, reader: Reader) -> bool:
    """Whether this reader sees the figure through disclosure control."""
    if reader.full:
        return False
    return CATALOGUE[kpi].persons or (frame.country is None and bool(reader.kept_back))


class _Guard:
    """Figures for a reader to whom not everything is shown: every cell is read, to protect it.

    `days` are the amounts by official day, where they were read already.
    """

    def __init__(
        self, session: Session, frame: Frame, reader: Reader, by: Actor, days: Mapping[Kpi, Amounts] | None = None
    ) -> None:
        def of(grain: Grain, country: str | None = None) -> list[Row]:
            return read(session, frame.operation, grain, country, () if reader.kept_back else PERSON_KINDS)

        self.reader = reader
        known = at(Level.V3 if by.national else Level.V1)
        self.rows = [row for row in of(Grain.COUNTRY) if known(row.level) or row.country == by.country]
        self.countries = amounts(self.rows, _country)
        whole = amounts(of(Grain.DAY), _day) if days is None else days
        self.days = {
            kpi: {level: cells for level, cells in each.items() if known(level)} for kpi, each in whole.items()
        }
        self.own_days = amounts(of(Grain.COUNTRY_DAY, reader.own) if reader.own else [], _day)

    def cube(self, kpi: Kpi) -> Cube:
        """The figure as the reader may see it."""
        persons = CATALOGUE[kpi].persons
        return cube(self.countries[kpi], self.days[kpi], self.own_days[kpi], self.reader, persons=persons)

    def parts_are_small(self, share: Share, level: Level) -> bool:
        """Whether any part that others have in a share is small at any level from `level` up."""
        sums: Counter[tuple[int, str]] = Counter()
        for row in self.rows:
            if row.level >= level and row.country != self.reader.own and (part := share.part(row.facet)):
                sums[row.level, part.name] += CATALOGUE[share.of].lines.amount(row.facet, row.records, row.quantity)
        return any(disclosure.small(count) for count in sums.values())

    def keeps(self, share: Share, level: Level) -> bool:
        """Whether a part of a share, told with the total of all, would give away a country that keeps its totals back.

        Each part is a figure by itself: it may be told only where its own total may.
        """
        if not self.reader.kept_back:
            return False
        parts: dict[str, Amounts] = {part.name: defaultdict(Counter) for part in share.parts}
        for row in self.rows:
            if part := share.part(row.facet):
                amount = CATALOGUE[share.of].lines.amount(row.facet, row.records, row.quantity)
                parts[part.name][row.level][row.country] += amount
        return any(
            cube(countries, {}, {}, self.reader, persons=False).total(at(level)) is None for countries in parts.values()
        )


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
    guard: _Guard | None,
    *,
    live: bool,
) -> Figure:
    """A counted figure; `days` are today and yesterday, `guard` protects it where it must be."""
    wanted, waits, stands = at(frame.level), below(frame.level), at(Level.V3)
    if guard is None or not _guarded(kpi, frame, guard.reader):
        guard, cells = None, Cube({}, {}, daily[kpi])
        value: int | None = _sum(kpi, rows, wanted)
        waiting: int | None = _sum(kpi, rows, waits)
        validated: int | None = _sum(kpi, rows, stands)
    else:
        cells = guard.cube(kpi)
        if frame.country is None:
            value, waiting, validated = (cells.total(levels) for levels in (wanted, waits, stands))
        else:
            value, waiting, validated = (cells.country(frame.country, levels) for levels in (wanted, waits, stands))
    trend = cells.by_day(wanted) if value is not None and (frame.country is None or guard is None) else None
    hidden = value is None
    return Figure(
        kpi,
        value,
        unverified=waiting if live else None,
        hidden=hidden,
        few=hidden
        and guard is not None
        and CATALOGUE[kpi].persons
        and cells.few(wanted, guard.reader.own, frame.country),
        keeps_back=hidden and guard is not None and bool(guard.reader.kept_back),
        validated=validated,
        pending=_pending(kpi, rows, frame.level) if not hidden else None,
        parts=_split(kpi, rows, frame.level) if guard is None else {},
        trend=tuple((trend or {}).items()),
        today=None if trend is None else trend.get(days[0], 0),
        yesterday=None if trend is None else trend.get(days[1], 0),
    )


def _sum(kpi: Kpi, rows: Iterable[Row], wanted: Callable[[int], bool]) -> int:
    return kpis.total(kpi, ((row.facet, row.records, row.quantity) for row in rows if wanted(row.level)))


def _pending(kpi: Kpi, rows: Iterable[Row], level: Level) -> int | None:
    """What waits for an answer beside a figure, None where nothing can."""
    measure = CATALOGUE[kpi].measure
    if not isinstance(measure, Count) or measure.pending is None:
        return None
    return sum(measure.pending.amount(row.facet, row.records, row.quantity) for row in rows if row.level >= level)


def _split(kpi: Kpi, rows: Iterable[Row], level: Level) -> dict[str, int]:
    """A counted figure by the codes of the field by which it is broken down, the largest first."""
    definition = CATALOGUE[kpi]
    if definition.split is None:
        return {}
    place = side(definition.lines.kind, definition.split[0])
    found: Counter[str] = Counter()
    for row in rows:
        if row.level >= level:
            found[row.facet[place]] += definition.lines.amount(row.facet, row.records, row.quantity)
    return {code: count for code, count in found.most_common() if count}


def _rate(kpi: Kpi, measure: Rate, rows: Iterable[Row], level: Level, figures: Mapping[Kpi, Figure]) -> Figure:
    """A rate by the codes of one field (hits and queries of a database), the largest divisor first: it is the value.

    E-gates ask of everybody, people of those whom they chose: where a database was asked by both, one rate would mix
    two populations, and as hits do not say which of both asked there is none. Hits without a query have none either.
    Of the whole operation rates are as secret as the figures that they are made of.
    """
    if figures[measure.count].hidden or figures[measure.of].hidden:
        return Figure(kpi, None, hidden=True, keeps_back=True)
    counted, divided = CATALOGUE[measure.count].lines, CATALOGUE[measure.of].lines
    of_count, of_divisor = side(counted.kind, measure.by), side(divided.kind, measure.by)
    population = side(divided.kind, measure.population)
    asked: Counter[str] = Counter()
    blanket: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for row in rows:
        if row.level >= level and (many := divided.amount(row.facet, row.records, row.quantity)):
            asked[row.facet[of_divisor]] += many
            blanket[row.facet[of_divisor]] += many if row.facet[population] in measure.blanket else 0
        if row.level >= level and (many := counted.amount(row.facet, row.records, row.quantity)):
            hits[row.facet[of_count]] += many
    rates, without = {}, []
    for code in sorted({*asked, *hits} - {""}, key=lambda each: (-asked[each], each)):
        if asked[code] and not 0 < blanket[code] < asked[code]:
            rates[code] = IntervalRate(hits[code], asked[code])
        elif asked[code] or hits[code]:
            without.append(Unrated(code, hits[code], blanket[code], asked[code] - blanket[code]))
    first = next(iter(rates.values()), None)
    return Figure(
        kpi,
        first.per_million if first else None,
        of=first.of if first else None,
        rates=rates,
        without_rate=tuple(without),
    )


def _share(kpi: Kpi, measure: Share, rows: list[Row], frame: Frame, whole: Figure, guard: _Guard | None) -> Figure:
    """A share in parts. It is as secret as the figure whose lines it divides, and as each of its parts.

    Of persons it is hidden where any part is small: percentages give counts away; and the share of one country is for
    those who may see its small counts.
    """
    share, parts = _parts(measure, rows, frame.level)
    validated, _of_them = _parts(measure, rows, Level.V3)
    everyone = sum(parts.values())
    if guard is not None and _guarded(kpi, frame, guard.reader):

        def gives_away(level: Level) -> bool:
            return guard.parts_are_small(measure, level) if CATALOGUE[kpi].persons else guard.keeps(measure, level)

        if whole.hidden or (frame.country is not None and CATALOGUE[kpi].persons) or gives_away(frame.level):
            hidden = everyone > 0 or whole.hidden or not CATALOGUE[kpi].persons
            keeps_back = hidden and (whole.keeps_back or not CATALOGUE[kpi].persons)
            return Figure(kpi, None, hidden=hidden, keeps_back=keeps_back)
        if whole.validated is None or gives_away(Level.V3):
            validated = None
    part = next(iter(parts.values()))
    return Figure(kpi, share, validated=validated, of=everyone, part=part, parts=parts)


def _parts(share: Share, rows: Iterable[Row], level: Level) -> tuple[float | None, dict[str, int]]:
    """The first part in per cent, None of nothing, and how much each part has."""
    lines = CATALOGUE[share.of].lines
    parts = {part.name: 0 for part in share.parts}
    for row in rows:
        if row.level >= level and (part := share.part(row.facet)):
            parts[part.name] += lines.amount(row.facet, row.records, row.quantity)
    everyone = sum(parts.values())
    return (next(iter(parts.values())) / everyone * 100 if everyone else None), parts


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
