"""Missing daily reports: their site, official day and deadline (domain 1.4).

Sites report for each official day of a phase in which they check or train, from the day on which all that a report
needs was there (`ReportingSite`). Whoever has reported, a nil report included, is left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from operations.core.clock import day_bounds, official_day
from operations.core.field_labels import N_
from operations.core.people import Actor, Posting, held
from operations.core.permissions import Act, Subject, may
from operations.core.vocabulary import OperationState, PhaseKind
from operations.core.worklist import CandidateRow, Waits, WorkItem, entry
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.oplan_rows import OplanVersion
from operations.policing.operation.plan import Operation, Participation, Phase
from operations.policing.reports.versions import GONE, Report

REPORTING = (PhaseKind.OPERATIONAL.value, PhaseKind.TRAINING.value)
ONE = Waits(
    N_("The daily report of {site} for {day} is to be sent."),
    "/operations/{operation}/reports?site={at}&day={day}",
    "clipboard-list",
    "since",
    "due",
    told=False,
    button=N_("Write the report"),
)
SEVERAL = Waits(
    N_("Daily reports are to be sent: {sites} sites, the first for {day}."),
    "/operations/{operation}/reports",
    "clipboard-list",
    "since",
    "due",
    told=False,
    button=N_("Write the reports"),
)
NOUN = "daily report"
MANY = 3
"""Above this number of silent sites in an operation, one entry of the worklist stands for all."""
_RUNNING = (OperationState.PRE_OPERATIONAL, OperationState.ACTIVE)
_DAY = timedelta(days=1)


class ReportingSite(NamedTuple):
    """A site that is asked for reports, and the first official day for which it is."""

    site: Site
    since: date


class Silent(NamedTuple):
    """A silent site: the first official day without a report, and when that was due."""

    operation: Operation
    site: Site
    day: date
    since: datetime
    due: datetime


def deadline(operation: Operation, day: date) -> datetime:
    """Return when the report of an official day is due: the first time after the day begins that clocks show the
    hour.
    """
    if operation.daily_due is None:
        raise ValueError("This operation asks for no daily reports.")
    on = day + _DAY if operation.daily_due < operation.day_cut else day
    return day_bounds(on, operation.zone, operation.daily_due)[0]


def days_of(operation: Operation, phases: Iterable[Phase], first: date, last: date) -> list[date]:
    """Return the official days from `first` to `last` in phases in which sites report."""
    calendar = operation.zone, operation.day_cut
    days: set[date] = set()
    for phase in phases:
        if phase.kind in REPORTING:
            day = max(first, official_day(phase.starts, *calendar))
            until = min(last, official_day(phase.ends - timedelta(microseconds=1), *calendar))
            while day <= until:
                days.add(day)
                day += _DAY
    return sorted(days)


def report_condition(operation_id: UUID, *days: date) -> Any:
    """Return an SQL condition on reports: neither withdrawn nor rejected, for one of the days."""
    return (
        (col(Report.operation_id) == operation_id) & col(Report.official_day).in_(days) & col(Report.state).not_in(GONE)
    )


def reporting_sites(session: Session, operation: Operation) -> list[ReportingSite]:
    """The open sites of countries that take part, by country and name, each with the first day that it is asked for.

    No report is asked for of a time before the operation was approved, the country said yes, the site was on the plan
    and somebody was posted to it. Whoever asks is told: an officer may not see the answer of the country, and relies
    on it.
    """
    tables: list[Any] = [Participation, OplanVersion, Posting]
    part, version, posting = (each.__table__ for each in tables)
    here = posting.c.site_id == col(Site.id)
    query: Any = (
        sa.select(
            Site,
            sa.select(part.c.answered_at)
            .where(part.c.operation_id == col(Site.operation_id), part.c.country == col(Site.country))
            .scalar_subquery(),
            sa.select(func.min(version.c.approved_at)).where(version.c.operation_id == operation.id).scalar_subquery(),
            sa.select(func.min(posting.c.starts)).where(here, held(Posting)).scalar_subquery(),
            sa.exists().where(here, posting.c.starts.is_(None)),
        )
        .where(
            col(Site.operation_id) == operation.id,
            col(Site.closed_at).is_(None),
            plan.taking_part(col(Site.operation_id), col(Site.country)),
        )
        .order_by(col(Site.country), col(Site.name))
    )
    return [
        ReportingSite(site, _first_day(operation, site.placed_at, joined, approved, None if always else posted))
        for site, joined, approved, posted, always in session.execute(query)
    ]


def _first_day(operation: Operation, *there: datetime | None) -> date:
    """The first official day whose hour comes after all of these moments."""
    last = max(moment for moment in there if moment is not None)
    day = official_day(last, operation.zone, operation.day_cut)
    over = operation.daily_due is not None and deadline(operation, day) < last
    return day + _DAY if over else day


def silent_sites(session: Session, operation: Operation, day: date) -> dict[str, list[Site]]:
    """By country, the sites that are asked for the official day and from which no report of it stands."""
    reported = set(session.exec(select(Report.site_id).where(report_condition(operation.id, day))))
    found: dict[str, list[Site]] = {}
    for site, since in reporting_sites(session, operation):
        if site.id not in reported and since <= day:
            found.setdefault(site.country, []).append(site)
    return found


def to_send(session: Session, by: Actor, owners: Mapping[UUID, Operation], at: datetime) -> Iterator[Silent]:
    """Yield the sites for which `by` has a daily report to send, in phases that run or ended less than a day ago."""
    for owner in owners.values():
        if owner.state not in _RUNNING or owner.daily_due is None:
            continue
        running = [each for each in plan.phases(session, owner.id) if each.starts <= at < each.ends + _DAY]
        days = days_of(owner, running, date.min, official_day(at, owner.zone, owner.day_cut))
        if not days:
            continue
        said: defaultdict[UUID, set[date]] = defaultdict(set)
        query: Any = select(col(Report.site_id), col(Report.official_day))
        for site, day in session.exec(query.where(report_condition(owner.id, *days))):
            said[site].add(day)
        for site, since in reporting_sites(session, owner):
            first = next((day for day in days if day >= since and day not in said[site.id]), None)
            subject = Subject(country=site.country, operation=owner.id, site=site.id)
            if first is not None and may(by, Act.REPORT_WRITE, subject):
                begins = day_bounds(first, owner.zone, owner.day_cut)[0]
                yield Silent(owner, site, first, begins, deadline(owner, first))


def waiting(session: Session, by: Actor, owners: Mapping[UUID, Operation], at: datetime) -> Iterator[WorkItem]:
    """Yield worklist entries of unsent daily reports: one a site or, above `MANY` sites, one for the operation."""
    found: dict[UUID, list[Silent]] = {}
    for each in to_send(session, by, owners, at):
        found.setdefault(each.operation.id, []).append(each)
    for operation, silent in found.items():
        first = min(silent, key=attrgetter("due"))
        if len(silent) > MANY:
            shown = {"id": operation, "sites": len(silent), "day": first.day, "since": first.since, "due": first.due}
            yield entry(NOUN, SEVERAL, CandidateRow(None, None, operation, shown))
            continue
        for silent_site in silent:
            shown = {
                "id": f"{silent_site.site.id}:{silent_site.day}",
                "at": silent_site.site.id,
                "site": silent_site.site.name,
                "day": silent_site.day,
            }
            shown |= {"since": silent_site.since, "due": silent_site.due}
            yield entry(NOUN, ONE, CandidateRow(None, None, operation, shown))
