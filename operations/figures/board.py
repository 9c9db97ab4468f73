"""The board: every figure of an operation at one moment, one level and for one reader.

A board carries its reader's own number in the operation: two readers of one audience who see the same number see the
same figures, and nobody learns of entries that are not for them. Each figure is at the chosen level; amounts below that
level are a separate, unverified figure. Disclosure control is applied here, before anything leaves the domain: small
counts of persons are hidden, and so is whatever would reveal a country that keeps its totals back.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from operations.catalogue import kpis
from operations.catalogue.definition import (
    CountFigure,
    PeakFigure,
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
from operations.core.session_cache import once, once_for_all
from operations.core.store import unscoped
from operations.core.vocabulary import Level, LineKind, PhaseKind
from operations.disclosure.figure_cube import OUTSIDE, Amounts, Cube, Reader, amounts, sums_of
from operations.disclosure.releases import EarlierNumber, ReleasedFigure
from operations.disclosure.suppression import (
    BoardFrame,
    FigureGuard,
    at_least,
    below,
    day_of,
    guarded,
    released,
)
from operations.figures import report_versions
from operations.figures.values import (
    Figure,
    Gap,
    apart,
    counted,
    gap,
    gap_released,
    peak,
    rate,
    share,
    with_claims,
)
from operations.policing.operation import plan, withholding
from operations.policing.reports import departure
from operations.totals.activity import SILENT_AFTER, CountryActivity, DepartureChoice, SiteActivity
from operations.totals.claim_adjustments import adjustments_of, beside
from operations.totals.pending_corrections import count_pending
from operations.totals.total_steps import countries, heard, read, with_days
from operations.totals.totals import Grain, TotalRow

REPORTING_PHASES = (PhaseKind.OPERATIONAL, PhaseKind.TRAINING)
"""The kinds of phases in which sites report."""
TREND = 14
"""The days before the last day with results that a small trend shows at most."""


@dataclass(frozen=True)
class FigureBoard:
    """All figures for one reader at one moment. `seq` is the reader's own number in the operation, moved at `moved`.

    `gaps`: how much is missing of the fields that figures rest on, where this reader may know.
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
    """One country's part in a counted figure, by level reached; None is hidden from this reader.

    `earlier`: the number at the level that was told last, where it is hidden now.
    """

    country: str
    verified: int | None
    unverified: int | None
    earlier: EarlierNumber | None = None


def read_board(session: Session, frame: BoardFrame, by: Actor, *, numbered: bool = True) -> FigureBoard:
    """Return the board of `frame` for `by`. National users see their own country in full, and the operation from V3 up.

    With `frame.at` it is the board as of that entry, with the "today" and the silent sites of that moment.
    `numbered=False` skips the reader's number and its moment, which move with every entry, for callers that do not show
    them.
    """
    with history.as_of(session, frame.at):
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
    corrections = count_pending(session, frame.operation, frame.country) if _live(frame, by) else Counter()
    claims = adjustments_of(session, frame.operation)
    told = list(beside(claims, frame.level, frame.country))
    for kpi in COUNTED:
        figure = counted(kpi, rows, daily, frame, days, guard, live=_live(frame, by))
        figures[kpi] = with_claims(figure, claims, told, frame, guard, _live(frame, by))
        waits = sum(count for kinds, count in corrections.items() if kinds & CATALOGUE[kpi].kinds)
        if waits and figure.released is None:
            figures[kpi] = replace(figures[kpi], corrections=waits)
    countries = [country for country in countries_known(session, frame.operation) if not country.kept]
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
            case PeakFigure() as measure:
                figures[kpi] = peak(kpi, _daily_amounts(session, frame, measure, rows), frame, guard)
            case SitesHeard():
                covered = reporting / planned * 100 if planned else None
                figures[kpi] = Figure(kpi, covered, validated=covered, of=planned, part=reporting)
    gaps = {rests: missing for rests in RESTS if (missing := gap(rests, rows, frame, figures[Kpi(rests.of)], guard))}
    for kpi, figure in figures.items():
        known = (gaps.get(rests) or gap_released(rests, figure) for rests in CATALOGUE[kpi].rests)
        wide = tuple(each for each in known if each is not None and each.wide)
        if wide and figure.value is not None:
            figures[kpi] = replace(figure, gaps=wide)
    validated = sum(each.validated for each in countries)
    seq, moved = number_of(session, frame, by) if numbered else (0, None)
    return FigureBoard(frame, seq, moved, now(), figures, reporting, planned, validated, len(countries), gaps)


def _daily_amounts(
    session: Session, frame: BoardFrame, measure: PeakFigure, rows: Sequence[TotalRow]
) -> Iterator[tuple[tuple[str, str], date, int, str]]:
    """Yield site and code, official day, quantity and qualifier of each line that counts. No total holds them so."""
    if not any(row.records and row.level >= frame.level and measure.lines.hold(row.facet) for row in rows):
        return
    counting = report_versions.counting(report_versions.versions(session, frame), frame)
    kind, units = LineKind(measure.lines.kind), measure.lines.where["unit"]
    for line in report_versions.lines(session, frame, kind, counting, measure.by, "qualifier"):
        if line.unit in units:
            version = counting[line.version_id]
            yield (version.site_id, line.told[0] or ""), version.official_day, line.quantity, line.told[1] or ""


def number_of(session: Session, frame: BoardFrame, by: Actor) -> tuple[int, datetime | None]:
    """Return the reader's number in the operation as of the session's entry, and when it last moved."""
    seen = history.at(session)
    if seen is None:
        told = pulse.counts_of(session, by, frame.operation).get(frame.operation)
    else:
        told = pulse.told_until(session, by, frame.operation, seen)
    return (told.number, told.at) if told else (0, None)


def _totals(session: Session, frame: BoardFrame, reader: Reader) -> tuple[list[TotalRow], dict[Kpi, Amounts]]:
    """Return the totals of the frame, and the counted figures by exact level and official day for trends.

    All days are read where they protect other countries. A figure with days before those of the trend gets one more day
    at the beginning that says so, with 0 if nothing counted on it.
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
    """Return the days that were read, with all days of the figures that have none in the trend."""
    daily, last = amounts(days, day_of), max((row.day for row in days), default="")
    if not last:
        return daily
    latest, since = ((date.fromisoformat(last) - timedelta(days=days)).isoformat() for days in (TREND, 2 * TREND))
    whole = amounts(rows, lambda _row: "")
    told = at_least(frame.level)
    rare = {
        kpi
        for kpi in COUNTED
        if any(told(level) and cells[""] for level, cells in whole[kpi].items())
        and not any(told(level) and max(cells, default="") >= latest for level, cells in daily[kpi].items())
    }
    if rare:
        kinds = frozenset().union(*(CATALOGUE[kpi].kinds for kpi in rare))
        ever = amounts(read(session, frame.operation, grain, frame.country, kinds), day_of)
        daily |= {kpi: ever[kpi] for kpi in rare}
    for kpi in COUNTED:
        for level, cells in whole[kpi].items():
            if kpi not in rare and cells[""] != daily[kpi][level].total():
                daily[kpi][level].setdefault(since, 0)
    return daily


def by_country(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    """Return a counted figure by participating country, zeros included, in order of codes: never a league table.

    Figures of persons pass disclosure control. National users see their own country, and from V3 up those that share
    their totals. Raises RuleBroken for a rate or a share: those are not parts of a whole.
    """
    _counts(kpi)
    with history.as_of(session, frame.at):
        return _by_country(session, frame, kpi, by)


def _by_country(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[CountryRow]:
    shared_from = max(frame.level, Level.V3) if by.national else frame.level
    whole = replace(frame, country=None, level=shared_from)
    reader = reader_of(session, whole, by)
    cells = FigureGuard(session, whole, reader, by).cube(kpi) if guarded(kpi, whole, reader) else None
    sums = {} if cells else sums_of(session, frame.operation, kpi, Grain.COUNTRY, shared_from)
    countries = {
        known.country
        for known in countries_known(session, frame.operation)
        if known.kept in ("", DepartureChoice.SHOWN)
    }
    if not by.national:
        countries = countries.union(sums, *(cells.countries.values() if cells else ()))

    def told(country: str, level: Level) -> tuple[int | None, int | None]:
        if cells is None:
            return sums.get(country, (0, 0))
        return cells.country(country, at_least(level)), cells.country(country, below(level))

    shown = {country: told(country, shared_from) for country in countries - reader.kept_back}
    if (own := reader.own) and own in shown:
        if cells is None or released(kpi, whole, reader):  # the own chain waits for no release
            own_sums = sums_of(session, frame.operation, kpi, Grain.COUNTRY, frame.level, own)
            shown[own] = own_sums.get(own, (0, 0))
        else:
            shown[own] = told(own, frame.level)
    return [
        CountryRow(
            country,
            reached,
            waits if country == own or not by.national else None,
            cells.earlier(shared_from, country) if reached is None and isinstance(cells, ReleasedFigure) else None,
        )
        for country, (reached, waits) in sorted(shown.items())
    ]


def by_day(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[tuple[str, int | None, int | None]]:
    """Return a counted figure by official day: (day, at the level, below it). Persons pass disclosure control.

    The days of a single country are for readers who may see its small counts; others get none of a figure of persons.
    No day is told where the days would reveal a hidden number. Raises RuleBroken for a rate or a share.
    """
    _counts(kpi)
    with history.as_of(session, frame.at):
        return _by_day(session, frame, kpi, by)


def _by_day(session: Session, frame: BoardFrame, kpi: Kpi, by: Actor) -> list[tuple[str, int | None, int | None]]:
    reader = reader_of(session, frame, by)
    live = _live(frame, by)
    if not guarded(kpi, frame, reader):
        grain = Grain.DAY if frame.country is None else Grain.COUNTRY_DAY
        sums = sums_of(session, frame.operation, kpi, grain, frame.level, frame.country)
        return [(day, up, low if live else None) for day, (up, low) in sorted(sums.items()) if up or live]
    cells = FigureGuard(session, frame, reader, by).cube(kpi) if frame.country is None else Cube({}, {}, {})
    verified = cells.by_day(at_least(frame.level))
    if not live:
        return [(day, count, None) for day, count in (verified or {}).items()]
    waiting = cells.by_day(below(frame.level))
    days = sorted({*(verified or ()), *(waiting or ())})
    return [
        (day, None if verified is None else verified.get(day, 0), None if waiting is None else waiting.get(day, 0))
        for day in days
    ]


def site_activity(session: Session, frame: BoardFrame, by: Actor) -> dict[UUID, datetime | None]:
    """Return when each expected site last reported; national users see their own sites only."""
    with history.as_of(session, frame.at):
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
    """Return the raw hits at each site at the level of the frame; national users see their own sites only."""
    hits: Counter[UUID] = Counter()
    with history.as_of(session, frame.at):
        reader = reader_of(session, frame, by)
        rows = read(session, frame.operation, Grain.SITE, by.country if by.national else None, (LineKind.HIT,))
        if reader.hides(by.country):
            cells = FigureGuard(session, replace(frame, country=None), reader, by).cube(Kpi.RAW_HITS)
            rows = [row for row in rows if cells.country(row.country, at_least(frame.level)) is not None]
    for row in rows:
        if row.level >= frame.level:
            hits[UUID(row.site)] += kpis.amount(Kpi.RAW_HITS, row.facet, row.records, row.quantity)
    return dict(sorted(hits.items()))


# ---------------------------------------------------------------------------------------------------- who reads


def reader_of(session: Session, frame: BoardFrame, by: Actor) -> Reader:
    """Return what `by` may see of the frame. Raises NotFound or NotPermitted where that is nothing."""
    if frame.operation in by.left:  # a country that left reads its own figures and no others
        if frame.country != by.country:
            raise NotFound
        owner, by = departure.left_operation(session, frame.operation, by).operation, departure.former_actor(by)
    else:
        owner = plan.operation(session, frame.operation, by)
    require(by, Act.TOTALS_READ, plan.subject(owner))
    known = countries_known(session, frame.operation)
    if not by.national:
        hidden = frozenset(participant.country for participant in known if participant.kept == DepartureChoice.TOTALS)
        return _serving_all(owner, frame, hidden, by)
    answers = may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(owner, by.country))
    if frame.country not in (None, by.country):
        raise NotPermitted
    if frame.country is None and frame.level < Level.V3:
        raise NotPermitted
    sharing = {
        participant.country
        for participant in known
        if participant.shares_totals and participant.kept != DepartureChoice.TOTALS
    }
    if by.country == OUTSIDE:  # everybody may read it, those from whom a country withholds too
        sharing -= withholding.withholding_countries(session, frame.operation)
    sharing -= withholding.withheld_from(session, frame.operation, by.country)
    taking_part = {participant.country for participant in known if participant.kept != DepartureChoice.ERASED}
    everybody = countries(session, frame.operation) | taking_part
    return Reader(
        full=answers and frame.country is not None,
        own=by.country if answers and by.country != OUTSIDE else None,
        kept_back=frozenset(everybody - sharing - {by.country}),
        home=by.country,
    )


def _serving_all(owner: plan.Operation, frame: BoardFrame, hidden: frozenset[str], by: Actor) -> Reader:
    """Return a reader who serves all countries. Raises NotPermitted for a country that keeps its totals back."""
    if frame.country in hidden:
        raise NotPermitted
    return Reader(full=may(by, Act.TOTALS_UNSUPPRESSED, plan.subject(owner, frame.country)), kept_back=hidden)


def readers(
    session: Session, framed: Iterable[tuple[plan.Operation, BoardFrame]], by: Actor
) -> Iterator[tuple[BoardFrame, Reader]]:
    """Yield what `by` may see of frames of operations whose totals `by` may read; one query for a central reader."""
    if by.national or history.at(session) is not None:
        yield from ((frame, reader_of(session, frame, by)) for _owner, frame in framed)
        return
    kept_back = sa.select(col(CountryActivity.operation_id), col(CountryActivity.country)).where(
        col(CountryActivity.kept) == DepartureChoice.TOTALS
    )
    hidden: dict[UUID, set[str]] = {}
    for operation, country in session.execute(unscoped(kept_back)):
        hidden.setdefault(operation, set()).add(country)
    for owner, frame in framed:
        yield frame, _serving_all(owner, frame, frozenset(hidden.get(owner.id, ())), by)


def _live(frame: BoardFrame, by: Actor) -> bool:
    """Whether the reader sees amounts below the level: of the own country, or as a desk that serves all countries."""
    return frame.country is not None or not by.national


class ParticipantView(NamedTuple):
    """A participating country: whether it shares its totals, and whether it has validated anything.

    `kept`: the `DepartureChoice` of a country that left, "" for one that takes part.
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
    """Return the countries that take part or left, whoever asks: their number is no secret among them.

    A country that hid its figures on leaving is hidden in the past too, where its figures are still in the totals.
    """
    asked = {"operation": operation}
    today = once_for_all(
        session,
        (ParticipantView, operation),
        lambda: [ParticipantView(*row) for row in session.execute(_COUNTRIES, asked)],
    )
    if (known := heard(session, operation)) is None:
        return today
    hidden = {each.country for each in today if each.kept in (DepartureChoice.TOTALS, DepartureChoice.ERASED)}
    return [
        ParticipantView(country, shares, validated, DepartureChoice.TOTALS if country in hidden else kept)
        for country, (shares, validated, kept) in sorted(known.countries.items())
    ]


def _counts(kpi: Kpi) -> None:
    """Refuse figures that have no parts. Raises RuleBroken."""
    if kpi not in COUNTED:
        raise RuleBroken("kpi", "Rates and shares have no chart by country or day. Choose a counted figure.")


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
    """Return how many sites reported lately and how many are expected, of the participating countries."""
    waited_for = [frame.country] if frame.country is not None else countries
    since = now() - SILENT_AFTER
    if (known := heard(session, frame.operation)) is not None:
        reports = [last for country, last in known.sites.values() if country in waited_for]
        return sum(last is not None and last >= since for last in reports), len(reports)
    values = {"since": since, "operation": frame.operation, "countries": waited_for}
    reporting, planned = session.execute(_SITES, values).one()
    return reporting, planned


def reports_over(phases: Sequence[plan.Phase], at: datetime) -> bool:
    """Whether all phases in which sites report have ended, and `SILENT_AFTER` with them."""
    ends = [phase.ends for phase in phases if phase.kind in REPORTING_PHASES]
    return bool(ends) and max(ends) + SILENT_AFTER <= at
