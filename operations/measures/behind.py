"""The reports behind a figure, for those who may read them: with a reason, as a consultation of the access trail."""

from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import InList
from operations.measures.board import reader_of
from operations.measures.definition import Apart, Count, Rate, Share
from operations.measures.guard import Frame
from operations.measures.kpis import CATALOGUE, Kpi
from operations.measures.lines import Counting, Lines
from operations.measures.totals import FACETS, Facet
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports import events
from operations.policing.reports.versions import Line, Report

MOST = 200
"""So many reports are listed: the newest."""


class Behind(NamedTuple):
    """A report behind a figure: its version that counts, its site, and how many lines with how much stand in it.

    `amount` is of the figure that is `counted`: of amounts that are never added up it is the number of lines.
    `otherwise`: what other lines say of the same events where that is another number, as far as the reader reads them.
    """

    report: Report
    site: Site
    lines: int
    amount: int
    otherwise: tuple[int, ...] = ()


def counted(kpi: Kpi) -> Kpi:
    """The figure whose lines are behind a figure: of a share what it divides, of a rate its count, else itself."""
    match CATALOGUE[kpi].measure:
        case Share(of=of) | Rate(count=of):
            return Kpi(of)
    return kpi


def _lines(kpi: Kpi) -> Lines | None:
    match CATALOGUE[counted(kpi)].measure:
        case Count(lines=lines):
            return lines
        case Apart(lines=lines):
            return replace(lines, counting=Counting.RECORDS)
    return None


def may_look(kpi: Kpi, frame: Frame, operation: plan.Operation, by: Actor) -> bool:
    """Whether the reports behind a figure can be shown to a reader: of what stands now, and with the lines."""
    definition = CATALOGUE[kpi]
    return (
        frame.at is None
        and _lines(kpi) is not None
        and (by.national or may(by, Act.PERSON_LINES_READ) or not definition.persons)
        and may(by, Act.REPORT_READ, plan.subject(operation, by.country if by.national else frame.country))
    )


def behind(session: Session, frame: Frame, kpi: Kpi, why: str, by: Actor) -> list[Behind]:
    """The reports that a figure is made of at the level of the frame, as far as `by` reads them, newest first.

    `why` is a code of CL-BEHIND. Raises NotFound for an operation that is not there for `by`, NotPermitted where
    reports are not read, RuleBroken without a reason or for a figure that comes from no line.
    """
    reader_of(session, frame, by)
    operation = plan.operation(session, frame.operation, by)
    require(by, Act.REPORT_READ, plan.subject(operation, by.country if by.national else frame.country))
    try:
        InList("CL-BEHIND").check(why)
    except PydanticCustomError:
        raise RuleBroken("why", "Say why you look behind the figure: it is written into the access trail.") from None
    lines = _lines(kpi)
    if lines is None or not may_look(kpi, frame, operation, by):
        raise RuleBroken("", "Behind this figure there are no reports that you may read.")
    found = _reports(session, frame, lines, [by.country] if by.national else None)
    journal.record(
        session,
        by,
        "figure.consult",
        "operation",
        operation.id,
        operation=operation.id,
        country=by.country if by.national else frame.country,
        chain=journal.Chain.ACCESS,
        reason=why,
        figure=kpi.value,
        reports=len(found),
    )
    return found


def _reports(session: Session, frame: Frame, lines: Lines, countries: Collection[str | None] | None) -> list[Behind]:
    query = (
        select(Report, Site, Line)
        .join(Site, col(Site.id) == col(Report.site_id))
        .join(Line, col(Line.version_id) == col(Report.id))
        .where(
            Report.operation_id == frame.operation,
            col(Report.counted).is_(True),
            Report.level >= int(frame.level),
            Line.kind == lines.kind,
        )
        .order_by(col(Report.official_day).desc(), col(Report.received_at).desc(), col(Report.id))
    )
    if countries is not None:
        query = query.where(col(Report.country).in_(countries))
    told = {(each.report_id, each.line_id): each for each in events.of_operation(session, frame.operation)}
    found: dict[UUID, Behind] = {}
    counts: dict[UUID, tuple[UUID, int]] = {}
    otherwise: list[tuple[UUID, int]] = []
    for report, site, line in session.exec(query):
        facet = Facet(*(getattr(line, name) for name in FACETS))
        if not lines.hold(facet):
            continue
        more, event = lines.amount(facet, 1, line.quantity), told.get((report.report_id, line.id))
        if event is not None and event.version_id is None:
            otherwise.append((event.event_id, more))
            continue
        if event is not None:
            counts[event.event_id] = report.id, more
        known = found.get(report.id, Behind(report, site, 0, 0))
        found[report.id] = known._replace(lines=known.lines + 1, amount=known.amount + more)
    for of, amount in otherwise:
        if of in counts and amount != counts[of][1]:
            known = found[counts[of][0]]
            found[counts[of][0]] = known._replace(otherwise=(*known.otherwise, amount))
    return list(found.values())[:MOST]
