"""Reminders by hand: the coordinator reminds silent countries of a day's reports, beside the scheduled ones.

A country that was reminded of the day within `REST`, by a person or by schedule, is not reminded again.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unscoped
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.notices.messages import To, recipients, tell
from operations.policing.operation import plan
from operations.policing.reports.daily_reports import days_of, deadline, silent_sites
from operations.policing.reports.reports import REPORTING_OPEN
from operations.timetable import daily

REST = timedelta(hours=2)
"""The time between two reminders of a country."""


class SilentSites(NamedTuple):
    """A country whose sites have not reported a day: the number of sites, and its last reminder."""

    country: str
    sites: int
    day: date
    reminded: datetime | None


def silences(session: Session, operation: plan.Operation) -> list[SilentSites]:
    """Return the silent countries for the last day whose report is due; none where reports are not asked for."""
    day = due_day(session, operation)
    if day is None:
        return []
    reminded = _reminded(session, operation.id, day)
    silent = silent_sites(session, operation, day)
    return [SilentSites(country, len(sites), day, reminded.get(country)) for country, sites in silent.items()]


def due_day(session: Session, operation: plan.Operation) -> date | None:
    """Return the last official day whose report is due; None where reports are not asked for."""
    if operation.state not in REPORTING_OPEN or operation.daily_due is None:
        return None
    today = official_day(now(), operation.zone, operation.day_cut)
    days = (today - timedelta(days=before) for before in range(3))
    due = next(day for day in days if deadline(operation, day) <= now())
    return due if days_of(operation, plan.phases(session, operation.id), due, due) else None


def remind(session: Session, operation_id: UUID, country: str, by: Actor) -> int:
    """Remind the officers of a country's silent sites and its coordinators; return the number of people.

    Raises RuleBroken for a country that is not silent, or that was reminded less than `REST` ago.
    """
    operation = plan.hold(session, operation_id, by)
    require(by, Act.OPERATION_RUN, plan.subject(operation))
    day = due_day(session, operation)
    if day is None:
        raise RuleBroken("", "No daily reports are asked for now.")
    sites = silent_sites(session, operation, day).get(country)
    if not sites:
        raise RuleBroken("", "All its sites have reported by now.")
    before = _reminded(session, operation_id, day).get(country)
    if before is not None and now() - before < REST:
        raise RuleBroken(
            "",
            "This country was reminded at {time}. Wait two hours before the next reminder.",
            time=f"{before:%H:%M} UTC",
        )
    place, marking = f"/operations/{operation_id}/reports", Classification(operation.classification)
    occasion = f"report.reminded:{operation_id}:{day}:{country}:{now().isoformat()}"
    officers = recipients(session, [To(roles=daily.OFFICERS, country=country)])
    told = 0
    for number, (theirs, people) in enumerate(daily.by_sites(session, officers, sites).items()):
        own = [site for site in sites if site.id in theirs]
        link = f"{place}?site={own[0].id}&day={day.isoformat()}"
        told += tell(
            session,
            To.those(*people),
            MessageKind.REPORT_MISSING,
            link,
            len(own),
            key=f"{occasion}:{number}",
            by=by,
            operation=operation_id,
            classification=marking,
            about=daily.asked(own, day),
        )
    told += tell(
        session,
        To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=country),
        MessageKind.COUNTRY_SILENT,
        place,
        len(sites),
        key=occasion,
        by=by,
        operation=operation_id,
        classification=marking,
        about=daily.silent(sites, day),
    )
    if not told:
        raise RuleBroken(
            "", "Nobody in this country can be reminded: it has no officer or coordinator in this operation."
        )
    journal.record(
        session,
        by,
        "report.remind_now",
        "participation",
        operation=operation_id,
        country=country,
        day=day.isoformat(),
        sites=len(sites),
        people=told,
    )
    return told


def _reminded(session: Session, operation_id: UUID, day: date) -> dict[str, datetime]:
    """Return when each country was last reminded of a day, by schedule or by a person."""
    entry = journal.Entry
    query = select(entry.country, entry.at, entry.detail).where(
        entry.operation_id == operation_id,
        col(entry.act).in_(("report.remind", "report.remind_now")),
        entry.at >= now() - timedelta(days=4),
    )
    said = session.exec(unscoped(query.order_by(col(entry.seq)))).all()
    return {str(country): at for country, at, detail in said if detail.get("day") == day.isoformat()}
