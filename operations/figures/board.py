"""The board: every figure of an operation at one moment, one level and for one reader.

A board carries its reader's own number in the operation, so that two readers of one audience who see the same number
see the same figures, and nobody learns of entries that are not for them. Each figure stands at the chosen level; what
waits below it is a separate, unverified amount. Small counts of persons, and what would give away a country that keeps
its totals back, are hidden here, before anything leaves the domain.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.catalogue import kpis
from operations.catalogue.definition import (
    CountFigure,
    RateFigure,
    Rests,
    ShareFigure,
    SitesHeard,
    UnitFigure,
)
from operations.catalogue.kpis import CATALOGUE, COUNTED, RESTS, Kpi
from operations.core import history, pulse
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.session_cache import once
from operations.core.store import unscoped
from operations.core.vocabulary import Level, LineKind, PhaseKind
from operations.disclosure.figure_cube import Amounts, Cube, Reader, amounts, sums_of
from operations.disclosure.suppression import BoardFrame, FigureGuard, at, below, day_of, guarded, released
from operations.figures.values import (
    Figure,
    Gap,
    apart,
    counted,
    gap,
    gap_released,
    rate,
    share,
    with_claims,
)
from operations.policing.operation import plan, withholding
from operations.policing.reports import departure
from operations.totals.activity import SILENT_AFTER, CountryActivity, DepartureChoice, SiteActivity
from operations.totals.claim_adjustments import beside, claimed
from operations.totals.pending_corrections import climbing
from operations.totals.total_steps import heard, read, with_days
from operations.totals.totals import Grain, TotalRow

REPORTING_PHASES = (PhaseKind.OPERATIONAL, PhaseKind.TRAINING)
"""Those in which sites report."""
TREND = 14
"""Days before the last with results that a small trend shows at most."""


@dataclass(frozen=True)
class FigureBoard:
    """All figures for one reader at one moment: `seq` is the reader's own number in the operation, moved at `moved`.

    `gaps`: how much is missing of the fields that figures rest on, as far as that is told.
    """

    frame: BoardFrame
    seq: int
    moved: datetime | None
    as_of: datetime
    figures: dict[Kpi, Figure]
    sites_reporting: int
    sites_planned: int
    countries_validated: int
    countries_taking_part: int
    gaps: Mapping[Rests, Gap] = field(default_factory=dict)


@dataclass(frozen=True)
class CountryRow:
    """One country's part in a counted figure, by level reached; None is hidden from this reader."""

    country: str
    verified: int | None
    unverified: int | None


def read_board(session: Session, frame: BoardFrame, by: Actor, *, numbered: bool = True) -> FigureBoard:
    """The board of `frame` for `by`. A country's people see their own country in full, and the operation from V3 up.

    With `frame.at` it is the board that was shown when that entry was the newest, "today" and who was silent included.
    Whoever does not show its number and the moment of it reads them not: they move with every entry (`numbered`).
    """
    with history.looking(session, frame.at):
        return _read_board(session, frame, by, numbered)


def _read_board(session: Session, frame: BoardFrame, by: Actor, numbered: bool) -> FigureBoard:
    reader = reader_of(session, frame, by)
    rows, daily = _totals(session, frame, reader)
    guard = None
    if not reader.exact:
        guard = FigureGuard(session, frame, reader, by, daily if frame.country is None and reader.kept_back else None)
    day = official_day(now(), frame.zone, frame.day_cut)
    days = day.isoformat(), (day - timedelta(days=1)).isoformat()
    figures: dict[Kpi, Figure] = {}
    corrections = climbing(session, frame.operation, frame.country) if _live(frame, by) else Counter()
    claims = claimed(session, frame.operation)
    told = list(beside(claims, frame.level, frame.country))
    for kpi in COUNTED:
        figure = counted(kpi, rows, daily, frame, days, guard, live=_live(frame, by))
        figures[kpi] = with_claims(figure, claims, told, frame, guard, _live(frame, by))
        waits = sum(count for kinds, count in corrections.items() if kinds & CATALOGUE[kpi].kinds)
        if waits and figure.released is None:
            figures[kpi] = replace(figures[kpi], corrections=waits)
    countries = [each for each in countries_known(session, frame.operation) if not each.kept]
    reporting, planned = _sites(session, frame, [each.country for each in countries])
    for kpi, definition in CATALOGUE.items():
        match definition.measure:
            case CountFigure(within=Kpi() as within) if figures[within].hidden:
                figures[kpi] = replace(figures[kpi], pending=None)
            case RateFigure() as measure:
                figures[kpi] = rate(kpi, measure, rows, frame, figures, guard)
            case ShareFigure() as measure:
                figures[kpi] = share(kpi, measure, rows, frame, figures[Kpi(measure.of)], guard)
            case UnitFigure() as measure:
                figures[kpi] = apart(kpi, measure, rows, frame, guard)
            case SitesHeard():
                covered = reporting / planned * 100 if planned else None
                figures[kpi] = Figure(kpi, covered, validated=covered, of=planned, part=reporting)
    gaps = {each: found for each in RESTS if (found := gap(each, rows, frame, figures[Kpi(each.of)], guard))}
    for kpi, figure in figures.items():
        known = (gaps.get(each) or gap_released(each, figure) for each in CATALOGUE[kpi].rests)
        wide = tuple(each for each in known if each is not None and each.wide)
        if wide and figure.value is not None:
            figures[kpi] = replace(figure, gaps=wide)
    validated = sum(each.validated for each in countries)
    seq, moved = number_of(session, frame, by) if numbered else (0, None)
    return FigureBoard(frame, seq, moved, now(), figures, reporting, planned, validated, len(countries), gaps)


def number_of(session: Session, frame: BoardFrame, by: Actor) -> tuple[int, datetime | None]:
    """The reader's number in the operation, at the entry at which the session looks, and when it moved last."""
    seen = history.at(session)
    if seen is None:
        told = pulse.told(session, by, frame.operation).get(frame.operation)
    else:
        told = pulse.told_until(session, by, frame.operation, seen)
    return (told.number, told.at) if told else (0, None)


def _totals(session: Session, frame: BoardFrame, reader: Reader) -> tuple[list[TotalRow], dict[Kpi, Amounts]]:
    """The totals of the frame, and of them the counted figures by exact level and official day, as far as `trend` says.

    All days where they protect others. A figure with days before those has one more, at the beginning, that says so:
    nothing, where nothing was then.
    """
    grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
    if reader.kept_back:
        whole = Grain.OPERATION if frame.country is None else Grain.COUNTRY
        rows = read(session, frame.operation, whole, frame.country)
        return rows, amounts(read(session, frame.operation, grain, frame.country), day_of)
    rows, days = with_days(session, frame.operation, frame.country, 2 * TREND)
    return rows, _latest(session, frame, grain, rows, days)


def _latest(
    session: Session, frame: BoardFrame, grain: Grain, rows: Sequence[TotalRow], days: Sequence[TotalRow]
) -> dict[Kpi, Amounts]:
    """The days that were read, and all of those figures that stood still on the last of them."""
    found, last = amounts(days, day_of), max((row.day for row in days), default="")
    if not last:
        return found
    latest, since = ((date.fromisoformat(last) - timedelta(days=days)).isoformat() for days in (TREND, 2 * TREND))
    whole = amounts(rows, lambda _row: "")
    told = at(frame.level)
    rare = {
        kpi
        for kpi in COUNTED
        if any(told(level) and cells[""] for level, cells in whole[kpi].items())
        and not any(told(level) and max(cells, default="") >= latest for level, cells in found[kpi].items())
    }
    if rare:
        kinds = frozenset().union(*(CATALOGUE[kpi].kinds for kpi in rare))
        ever = amounts(read(session, frame.operation, grain, frame.country, kinds), day_of)
        found |= {kpi: ever[kpi] for kpi in rare}
    for kpi in COUNTED:
        for level, cells in whole[kpi].items():
            if kpi not in rare and cells[""] != found[kpi][level].total():
                found[kpi][level].setdefault(since, 0)
    return found


def by_country(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    """A counted figure by participating country, zero included, by code: never a league table.

    Persons pass disclosure control. A country's people see their own country, and from V3 up those that share their
    totals. RuleBroken for a rate or a share: those are not parts of a whole.
    """
    _counts(kpi)
    with history.looking(session, frame.at):
        return _by_country(session, frame, kpi, by)


def _by_country(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    shared_from = max(frame.level, Level.V3) if by.national else frame.level
    whole = replace(frame, country=None, level=shared_from)
    reader = reader_of(session, whole, by)
    cells = FigureGuard(session, whole, reader, by).cube(kpi) if guarded(kpi, whole, reader) else None
    sums = {} if cells else sums_of(session, frame.operation, kpi, Grain.COUNTRY, shared_from)
    countries = {
        each.country for each in countries_known(session, frame.operation) if each.kept in ("", DepartureChoice.SHOWN)
    }
    if not by.national:
        countries = countries.union(sums, *(cells.countries.values() if cells else ()))

    def told(country: str, level: Level) -> tuple[int | None, int | None]:
        if cells is None:
            return sums.get(country, (0, 0))
        return cells.country(country, at(level)), cells.country(country, below(level))

    shown = {country: told(country, shared_from) for country in countries - reader.kept_back}
    if (own := reader.own) and own in shown:
        if cells is None or released(kpi, whole, reader):  # the own chain waits for no release
            own_sums = sums_of(session, frame.operation, kpi, Grain.COUNTRY, frame.level, own)
            shown[own] = own_sums.get(own, (0, 0))
        else:
            shown[own] = told(own, frame.level)
    return [
        CountryRow(country, reached, waits if country == own or not by.national else None)
        for country, (reached, waits) in sorted(shown.items())
    ]


def by_day(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[tuple[str, int | None, int | None]]:
    """A counted figure by official day: (day, at the level, below it). Persons pass disclosure control.

    The days of a single country are for those who may see its small counts: others get none of a figure of persons.
    Where the days would give something away none is told. RuleBroken for a rate or a share.
    """
    _counts(kpi)
    with history.looking(session, frame.at):
        return _by_day(session, frame, kpi, by)


def _by_day(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[tuple[str, int | None, int | None]]:
    reader = reader_of(session, frame, by)
    live = _live(frame, by)
    if not guarded(kpi, frame, reader):
        grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
        sums = sums_of(session, frame.operation, kpi, grain, frame.level, frame.country)
        return [(day, up, low if live else None) for day, (up, low) in sorted(sums.items()) if up or live]
    cells = FigureGuard(session, frame, reader, by).cube(kpi) if frame.country is None else Cube({}, {}, {})
    verified = cells.by_day(at(frame.level))
    if not live:
        return [(day, count, None) for day, count in (verified or {}).items()]
    waiting = cells.by_day(below(frame.level))
    days = sorted({*(verified or ()), *(waiting or ())})
    return [
        (day, None if verified is None else verified.get(day, 0), None if waiting is None else waiting.get(day, 0))
        for day in days
    ]


def site_activity(session: Session, frame: BoardFrame, by: Actor) -> dict[UUID, datetime | None]:
    """When each site last reported that is waited for; a country's people learn it of their own sites only."""
    with history.looking(session, frame.at):
        reader_of(session, frame, by)
        left = [each.country for each in countries_known(session, frame.operation) if each.kept]
        known = heard(session, frame.operation)
    if known is not None:
        own = by.country if by.national else None
        sites = {
            UUID(site): last
            for site, (country, last) in known.sites.items()
            if own in (None, country) and country not in left
        }
        return dict(sorted(sites.items()))
    query = select(SiteActivity.site_id, SiteActivity.last_report_at).where(
        SiteActivity.operation_id == frame.operation, col(SiteActivity.country).not_in(left)
    )
    asked = query.order_by(col(SiteActivity.site_id))
    return dict(once(session, (SiteActivity, frame.operation, *left), lambda: session.exec(asked).all()))


def site_hits(session: Session, frame: BoardFrame, by: Actor) -> dict[UUID, int]:
    """Raw hits at each site, at the level of the frame; a country's people learn it of their own sites only."""
    hits: Counter[UUID] = Counter()
    with history.looking(session, frame.at):
        reader = reader_of(session, frame, by)
        rows = read(session, frame.operation, Grain.SITE, by.country if by.national else None, (LineKind.HIT,))
        if reader.hides(by.country):
            cells = FigureGuard(session, replace(frame, country=None), reader, by).cube(Kpi.RAW_HITS)
            rows = [row for row in rows if cells.country(row.country, at(frame.level)) is not None]
    for row in rows:
        if row.level >= frame.level:
            hits[UUID(row.site)] += kpis.amount(Kpi.RAW_HITS, row.facet, row.records, row.quantity)
    return dict(sorted(hits.items()))


# ---------------------------------------------------------------------------------------------------- who reads


def reader_of(session: Session, frame: BoardFrame, by: Actor) -> Reader:
    """What `by` may see of the frame. Raises NotFound where that is nothing."""
    if frame.operation in by.left:  # a country that left reads its own figures and no others
        if frame.country != by.country:
            raise NotFound
        owner, by = departure.left(session, frame.operation, by).operation, departure.as_before(by)
    else:
        owner = plan.operation(session, frame.operation, by)
    require(by, Act.TOTALS_READ, plan.subject(owner))
    known = countries_known(session, frame.operation)
    if not by.national:
        hidden = frozenset(each.country for each in known if each.kept == DepartureChoice.TOTALS)
        if frame.country in hidden:
            raise NotPermitted
        return Reader(full=may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(owner, frame.country)), kept_back=hidden)
    answers = may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(owner, by.country))
    if frame.country not in (None, by.country):
        raise NotPermitted
    if frame.country is None and frame.level < Level.V3:
        raise NotPermitted
    sharing = {each.country for each in known if each.shares_totals and each.kept != DepartureChoice.TOTALS}
    sharing -= withholding.withheld_from(session, frame.operation, by.country)
    everybody = {row.country for row in read(session, frame.operation, Grain.COUNTRY)}
    everybody.update(each.country for each in known if each.kept != DepartureChoice.ERASED)
    return Reader(
        full=answers and frame.country is not None,
        own=by.country if answers else None,
        kept_back=frozenset(everybody - sharing - {by.country}),
        home=by.country,
    )


def _live(frame: BoardFrame, by: Actor) -> bool:
    """Whether the reader learns of figures below the level: of the own country, or from a desk that serves all."""
    return frame.country is not None or not by.national


class ParticipantView(NamedTuple):
    """A country that takes part: whether others see its totals, and whether it has validated anything.

    `kept`: it left, and that became of its figures.
    """

    country: str
    shares_totals: bool
    validated: bool
    kept: str


_COUNTRIES = unscoped(
    sa.select(
        col(CountryActivity.country),
        col(CountryActivity.shares_totals),
        col(CountryActivity.last_validated_at).is_not(None),
        col(CountryActivity.kept),
    ).where(col(CountryActivity.operation_id) == sa.bindparam("operation"))
)


def countries_known(session: Session, operation: UUID) -> list[ParticipantView]:
    """The countries that take part or left, whoever asks: how many they are is no secret among them.

    What a country hides since it left is hidden in the past too, where its figures still stand in the totals.
    """
    asked = {"operation": operation}
    today = once(
        session,
        (ParticipantView, operation),
        lambda: [ParticipantView(*found) for found in session.execute(_COUNTRIES, asked)],
    )
    if (known := heard(session, operation)) is None:
        return today
    hidden = {each.country for each in today if each.kept in (DepartureChoice.TOTALS, DepartureChoice.ERASED)}
    return [
        ParticipantView(country, shares, validated, DepartureChoice.TOTALS if country in hidden else kept)
        for country, (shares, validated, kept) in sorted(known.countries.items())
    ]


def _counts(kpi: Kpi) -> None:
    """Refuse what has no parts. Raises RuleBroken."""
    if kpi not in COUNTED:
        raise RuleBroken("kpi", "A rate or a share is not shown by country or by day: choose a figure that is counted.")


_SITES = unscoped(
    sa.select(
        sa.func.count().filter(col(SiteActivity.last_report_at) >= sa.bindparam("since", type_=UtcDateTime)),
        sa.func.count(),
    ).where(
        col(SiteActivity.operation_id) == sa.bindparam("operation"),
        col(SiteActivity.country).in_(sa.bindparam("countries", expanding=True)),
    )
)


def _sites(session: Session, frame: BoardFrame, countries: list[str]) -> tuple[int, int]:
    """How many sites reported lately, and how many are waited for: those of the countries that take part."""
    waited_for = [frame.country] if frame.country is not None else countries
    since = now() - SILENT_AFTER
    if (known := heard(session, frame.operation)) is not None:
        found = [last for country, last in known.sites.values() if country in waited_for]
        return sum(last is not None and last >= since for last in found), len(found)
    values = {"since": since, "operation": frame.operation, "countries": waited_for}
    reporting, planned = session.execute(_SITES, values).one()
    return reporting, planned


def reports_over(phases: Sequence[plan.Phase], at: datetime) -> bool:
    """Whether all phases in which sites report have ended."""
    ends = [phase.ends for phase in phases if phase.kind in REPORTING_PHASES]
    return bool(ends) and max(ends) + SILENT_AFTER <= at
