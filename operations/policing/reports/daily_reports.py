"""Which daily reports stand out: of which site, for which official day, until when (domain 1.4).

Sites report for each official day of a phase in which they check or train. Whoever has reported, a nil report included,
is left alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.clock import day_bounds, official_day
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.vocabulary import OperationState, PhaseKind
from operations.core.worklist import CandidateRow, Waits, WorkItem, entry
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation, Phase
from operations.policing.reports.versions import GONE, Report

REPORTING = (PhaseKind.OPERATIONAL.value, PhaseKind.TRAINING.value)
ONE = Waits(
    N_("The daily report of {site} for {day} is to be sent."),
    "/operations/{operation}/reports?site={at}&day={day}",
    "clipboard-list",
    "since",
    "due",
    told=False,
)
SEVERAL = Waits(
    N_("Daily reports are to be sent: {sites} sites, the first for {day}."),
    "/operations/{operation}/reports",
    "clipboard-list",
    "since",
    "due",
    told=False,
)
NOUN = "daily report"
MANY = 3
"""Of more sites with a report to send in an operation, one entry speaks for all."""
_RUNNING = (OperationState.PRE_OPERATIONAL, OperationState.ACTIVE)
_DAY = timedelta(days=1)


class Silent(NamedTuple):
    """A site that has not reported: the first official day without a report, and when that was due."""

    operation: Operation
    site: Site
    day: date
    since: datetime
    due: datetime


def deadline(operation: Operation, day: date) -> datetime:
    """When the report of an official day is due: the first time after the day begins that clocks show the hour."""
    if operation.daily_due is None:
        raise ValueError("This operation asks for no daily reports.")
    on = day + _DAY if operation.daily_due < operation.day_cut else day
    return day_bounds(on, operation.zone, operation.daily_due)[0]


def days_of(operation: Operation, phases: Iterable[Phase], first: date, last: date) -> list[date]:
    """The official days from `first` to `last` that lie in phases in which sites report."""
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


def heard(operation_id: UUID, *days: date) -> Any:
    """An SQL condition on reports: those that stand for one of the days."""
    return (
        (col(Report.operation_id) == operation_id) & col(Report.official_day).in_(days) & col(Report.state).not_in(GONE)
    )


def asked_of(session: Session, operation_id: UUID) -> list[Site]:
    """The open sites of countries that take part, by country and name."""
    query = select(Site).where(
        Site.operation_id == operation_id,
        col(Site.closed_at).is_(None),
        plan.taking_part(col(Site.operation_id), col(Site.country)),
    )
    return list(session.exec(query.order_by(Site.country, Site.name)))


def silent_sites(session: Session, operation_id: UUID, day: date) -> dict[str, list[Site]]:
    """By country, the sites that are asked and from which no report of the official day stands."""
    reported = set(session.exec(select(Report.site_id).where(heard(operation_id, day))))
    found: dict[str, list[Site]] = {}
    for site in asked_of(session, operation_id):
        if site.id not in reported:
            found.setdefault(site.country, []).append(site)
    return found


def to_send(session: Session, by: Actor, owners: Mapping[UUID, Operation], at: datetime) -> Iterator[Silent]:
    """The sites for which `by` has a daily report to send, in phases that run or ended less than a day ago."""
    for owner in owners.values():
        if owner.state not in _RUNNING or owner.daily_due is None:
            continue
        running = [each for each in plan.phases(session, owner.id) if each.starts <= at < each.ends + _DAY]
        days = days_of(owner, running, date.min, official_day(at, owner.zone, owner.day_cut))
        if not days:
            continue
        said: defaultdict[UUID, set[date]] = defaultdict(set)
        query: Any = select(col(Report.site_id), col(Report.official_day))
        for site, day in session.exec(query.where(heard(owner.id, *days))):
            said[site].add(day)
        for each in asked_of(session, owner.id):
            first = next((day for day in days if day not in said[each.id]), None)
            subject = Subject(country=each.country, operation=owner.id, site=each.id)
            if first is not None and may(by, Act.REPORT_WRITE, subject):
                begins = day_bounds(first, owner.zone, owner.day_cut)[0]
                yield Silent(owner, each, first, begins, deadline(owner, first))


def waiting(session: Session, by: Actor, owners: Mapping[UUID, Operation], at: datetime) -> Iterator[WorkItem]:
    """Daily reports that are not sent yet, site by site; of many sites together, in each operation."""
    found: dict[UUID, list[Silent]] = {}
    for each in to_send(session, by, owners, at):
        found.setdefault(each.operation.id, []).append(each)
    for operation, silent in found.items():
        first = min(silent, key=attrgetter("due"))
        if len(silent) > MANY:
            shown = {"id": operation, "sites": len(silent), "day": first.day, "since": first.since, "due": first.due}
            yield entry(NOUN, SEVERAL, CandidateRow(None, None, operation, shown))
            continue
        for each in silent:
            shown = {"id": f"{each.site.id}:{each.day}", "at": each.site.id, "site": each.site.name, "day": each.day}
            shown |= {"since": each.since, "due": each.due}
            yield entry(NOUN, ONE, CandidateRow(None, None, operation, shown))
