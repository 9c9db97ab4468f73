"""Drill-down: the reports that a figure is made of, for those who may read them, with a reason for the access trail.

With a frame at an earlier entry they are the reports that the figure was made of then, each as of that entry.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.catalogue.definition import CountFigure, PeakFigure, RateFigure, ShareFigure, UnitFigure
from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core import access_trail, history, journal
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import InList
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import read_board, reader_of
from operations.figures.composition import Composition, LineComposition, ReportComposition
from operations.figures.domain_figures import DOMAIN_FIGURES
from operations.figures.durations import FigureRequest
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports import event_masters
from operations.policing.reports.shared_events import EventLine, contributing_lines
from operations.policing.reports.versions import Line, Report
from operations.results.cross_domain_figures import COMPUTED_FIGURES
from operations.totals import margins
from operations.totals.totals import FACETS, Facet

MOST = 200
"""The number of reports listed, the newest."""


class Behind(NamedTuple):
    """A report behind a figure: its counting version, site and level, and its counted lines and amount.

    `otherwise`: the differing amounts of other lines about the same events, where the reader may read them.
    """

    report: Report
    site: Site
    level: int
    lines: int
    amount: int
    otherwise: tuple[int, ...] = ()


class FigureReports(NamedTuple):
    """The newest reports of a figure, with the number and amount of all of them."""

    newest: list[Behind]
    reports: int
    amount: int


class _Found(NamedTuple):
    """A version of a report found for a figure: its official day, when it was received, and what counts in it."""

    day: date
    received: datetime
    lines: int
    amount: int
    otherwise: tuple[int, ...] = ()


def composition_of(figure: str) -> Composition | None:
    """Return the reports that a figure of the catalogue is made of; None where it is made of none.

    A share is made of the lines that it divides, a rate of those of its count.
    """
    if each := (COMPUTED_FIGURES | DOMAIN_FIGURES).get(figure):
        return each.of
    definition = CATALOGUE[Kpi(figure)]
    match definition.measure:
        case CountFigure(lines=lines) | PeakFigure(lines=lines):
            return LineComposition((lines,), definition.unit)
        case UnitFigure(lines=lines):  # its amounts are never added up, so its lines are counted
            return LineComposition((replace(lines, counting=CountingUnit.RECORDS),))
        case ShareFigure(of=of) | RateFigure(count=of):
            return composition_of(of)
    return None


def in_catalogue(figure: str) -> bool:
    """Whether the catalogue has a figure of this number."""
    return figure in COMPUTED_FIGURES or figure in DOMAIN_FIGURES or any(figure == kpi for kpi in Kpi)


def name_of(figure: str) -> str:
    """Return the figure's name."""
    each = (COMPUTED_FIGURES | DOMAIN_FIGURES).get(figure)
    return each.name if each else CATALOGUE[Kpi(figure)].name


def may_drill_down(figure: str, frame: BoardFrame, operation: plan.Operation, by: Actor) -> bool:
    """Whether a reader may see the reports of a figure: those who may read such reports and the lines in them."""
    of = composition_of(figure)
    subject = plan.subject(operation, by.country if by.national else frame.country)
    return (
        of is not None
        and (by.national or may(by, Act.PERSON_LINES_READ) or not of.persons)
        and (of.act is None or may(by, of.act, subject))
        and may(by, Act.REPORT_READ, subject)
    )


def reports_of_figure(session: Session, frame: BoardFrame, figure: str, why: str, by: Actor) -> FigureReports:
    """Return the reports that a figure is made of at the level of the frame and that `by` may read, newest first.

    `why` is a code of CL-BEHIND. Each country whose reports the centre is shown reads of it in its access trail, but
    neither how many there are nor whose others are. Raises NotFound for an operation that `by` cannot see, NotPermitted
    where reports may not be read, and RuleBroken without a reason or for a figure made of no reports.
    """
    operation = plan.operation(session, frame.operation, by)
    require(by, Act.REPORT_READ, plan.subject(operation, by.country if by.national else frame.country))
    try:
        InList("CL-BEHIND").check(why)
    except PydanticCustomError:
        raise RuleBroken(
            "why", "Say why you open the reports of this figure. The access trail records your reason."
        ) from None
    of = composition_of(figure)
    if of is None or not may_drill_down(figure, frame, operation, by):
        raise RuleBroken("", "You cannot read any report of this figure.")
    country = by.country if by.national else frame.country
    with history.as_of(session, frame.at):
        reader_of(session, frame, by)
        listed = _listed(session, frame, of, by, None if country is None else [country])
    told: dict[str, Any] = {"operation": operation.id, "reason": why, "figure": figure}
    journal.record(
        session,
        by,
        "figure.consult",
        "operation",
        operation.id,
        country=country,
        chain=journal.Chain.ACCESS,
        reports=listed.reports,
        **told,
    )
    for seen_country in sorted({row.report.country for row in listed.newest}) if country is None else ():
        journal.record(
            session,
            by,
            access_trail.SAW,
            "operation",
            operation.id,
            country=seen_country,
            chain=journal.Chain.ACCESS,
            **told,
        )
    return listed


def _listed(
    session: Session, frame: BoardFrame, of: Composition, by: Actor, countries: Collection[str | None] | None
) -> FigureReports:
    levels = _levels(session, frame)
    if isinstance(of, LineComposition):
        wanted = of.only(_asked(session, frame, by)) if of.only else None
        versions = _of_lines(session, frame, of, countries, levels, wanted)
    else:
        versions = _of_reports(_asked(session, frame, by), of, countries)
    newest = sorted(
        versions, key=lambda version: (versions[version].day, versions[version].received, version), reverse=True
    )
    query = select(Report, Site).join(Site, col(Site.id) == col(Report.site_id))
    query = query.where(col(Report.id).in_(newest[:MOST]))
    read = {report.id: (report, site) for report, site in session.exec(query)}
    rows = []
    for version in newest[:MOST]:
        report, site = read[version]
        level = report.level if levels is None else levels[version][0]
        of_it = versions[version]
        rows.append(Behind(report, site, level, of_it.lines, of_it.amount, of_it.otherwise))
    return FigureReports(rows, len(versions), sum(version_found.amount for version_found in versions.values()))


def _asked(session: Session, frame: BoardFrame, by: Actor) -> FigureRequest:
    return FigureRequest(session, frame, by, read_board(session, frame, by, numbered=False))


def _levels(session: Session, frame: BoardFrame) -> Mapping[UUID, tuple[int, bool]] | None:
    """Return the level of each version and whether it counted, as of the session's entry; None for the present."""
    kept = history.contents(session, Report, frame.operation)
    return (
        None if kept is None else {UUID(key): (content["level"], content["counted"]) for key, content in kept.items()}
    )


def _versions(frame: BoardFrame, countries: Collection[str | None] | None, *more: Any) -> Any:
    query = sa.select(col(Report.id), col(Report.official_day), col(Report.received_at), *more)
    query = query.where(col(Report.operation_id) == frame.operation)
    return query if countries is None else query.where(col(Report.country).in_(countries))


def _of_lines(
    session: Session,
    frame: BoardFrame,
    of: LineComposition,
    countries: Collection[str | None] | None,
    levels: Mapping[UUID, tuple[int, bool]] | None,
    wanted: Callable[[UUID, Facet], bool] | None,
) -> dict[UUID, _Found]:
    facets = [col(getattr(Line, name)) for name in FACETS]
    query = _versions(
        frame,
        countries,
        col(Report.report_id),
        col(Report.site_id),
        col(Line.id),
        col(Line.quantity),
        col(Line.attributes) if of.side else sa.null(),
        *facets,
    )
    query = query.join(Line, col(Line.version_id) == col(Report.id))
    query = query.where(col(Line.kind).in_([selection.kind for selection in of.lines]))
    if levels is None:
        query = query.where(col(Report.counted).is_(True), col(Report.level) >= int(frame.level))
    events = [] if of.again else history.read(session, EventLine, frame.operation)
    told = {(event_line.report_id, event_line.line_id): event_line for event_line in events}
    led = _led(session, events)
    versions: dict[UUID, _Found] = {}
    counts: dict[UUID, tuple[UUID, int]] = {}
    otherwise: list[tuple[UUID, int]] = []
    for version, day, received, report, site, line, quantity, attributes, *sides in session.execute(query):
        level, counted = (frame.level, True) if levels is None else levels.get(version, (0, False))
        facet, event = Facet(*sides), told.get((report, line))
        if not counted or level < frame.level:
            continue
        if event is not None and (as_it_counts := led.get((version, line))) is not None:
            otherwise.append((event.event_id, _much(of, facet, quantity, attributes)))
            facet = Facet(*(getattr(as_it_counts, name) for name in FACETS))
            quantity, attributes, site = as_it_counts.quantity, as_it_counts.attributes, as_it_counts.site_id
        if not any(selection.hold(facet) for selection in of.lines):
            continue
        more = _much(of, facet, quantity, attributes)
        if (of.side is not None and not more) or (wanted is not None and not wanted(site, facet)):
            continue
        if event is not None and event.version_id is None:
            otherwise.append((event.event_id, more))
            continue
        if event is not None:
            counts[event.event_id] = version, more
        known = versions.get(version, _Found(day, received, 0, 0))
        versions[version] = known._replace(lines=known.lines + 1, amount=known.amount + more)
    for event_id, amount in otherwise:
        if event_id in counts and amount != counts[event_id][1]:
            known = versions[counts[event_id][0]]
            versions[counts[event_id][0]] = known._replace(otherwise=(*known.otherwise, amount))
    return versions


def _much(of: LineComposition, facet: Facet, quantity: int, attributes: Mapping[str, Any]) -> int:
    """Return how much a line adds to the figure."""
    if of.side is None:
        return sum(selection.amount(facet, 1, quantity) for selection in of.lines)
    said = margins.line_margins(facet.kind, attributes, quantity)
    return sum(many for name, code, many in said if (name, code) == of.side)


def _led(session: Session, events: Collection[EventLine]) -> Mapping[tuple[UUID | None, UUID], Line]:
    """Return the lines that events count by instead of their own values, where the reader may read the leading ones."""
    several = [
        event_line.says for lines in contributing_lines(events).values() if len(lines) > 1 for event_line in lines
    ]
    if not several:
        return {}
    return event_masters.merged_lines(events, session.exec(select(Line).where(col(Line.version_id).in_(several))))


def _of_reports(
    asked: FigureRequest, of: ReportComposition, countries: Collection[str | None] | None
) -> dict[UUID, _Found]:
    amounts = of.amounts(asked)
    return {
        version: _Found(day, received, amount, amount)
        for version, day, received in asked.session.execute(_versions(asked.frame, countries))
        if (amount := amounts.get(version.hex, 0))
    }
