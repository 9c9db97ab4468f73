"""Jobs of daily reports: the request in time, reminders for silent sites, and escalation by rule (domain 1.4).

Each official day of a phase in which sites report has four stages: the report is asked for, then officers, the national
coordinator and the coordinator of the operation in turn learn which sites are silent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import journal
from operations.core.clock import now, official_day
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.people import Account, Posting, System, begun, in_effect
from operations.core.vocabulary import Classification, MessageKind, Role
from operations.notices.messages import To, recipients, tell
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.policing.reports.daily_reports import ONE, SEVERAL, days_of, deadline, silent_sites
from operations.policing.reports.reports import REPORTING_OPEN
from operations.timetable.effects import DueEffect, Outcome, TimetableJob
from operations.timetable.rules import ReminderRules, rules

NAMED = 5
"""So many silent sites are named; the number beside says how many there are."""
OFFICERS = frozenset({Role.NATIONAL_OFFICER, Role.TEAM_LEADER})


@dataclass(frozen=True)
class DailyStage:
    """A stage: its name, and the rule with its minutes before or after the deadline."""

    name: str
    rule: str
    sign: int = 1

    def at(self, deadline: datetime, chosen: ReminderRules) -> datetime:
        """Return the moment of the stage for the report due at `deadline`."""
        return deadline + self.sign * timedelta(minutes=getattr(chosen, self.rule))


ASK = DailyStage("ask", "ask_before", -1)
STAGES = (
    ASK,
    DailyStage("officers", "remind_after"),
    DailyStage("national", "national_after"),
    DailyStage("coordinator", "coordinator_after"),
)


@dataclass(frozen=True)
class Missing:
    """A due stage: with its operation, and the official day of the reports."""

    stage: DailyStage
    operation: Operation
    day: date


def _dues(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    query = select(Operation).where(col(Operation.state).in_(REPORTING_OPEN), col(Operation.daily_due).is_not(None))
    for operation in session.exec(query):
        chosen = rules(session, operation.id)
        for day in _days(session, operation, since, moment):
            due = deadline(operation, day)
            for stage in STAGES:
                if since <= (at := stage.at(due, chosen)) <= moment:
                    yield DueEffect(f"report.{stage.name}:{operation.id}", due, at, Missing(stage, operation, day))


def _days(session: Session, operation: Operation, since: datetime, moment: datetime) -> Iterable[date]:
    """Return the official days of reporting phases for which a stage may be due."""
    calendar = operation.zone, operation.day_cut
    first = official_day(since, *calendar) - timedelta(days=4)
    last = official_day(moment, *calendar) + timedelta(days=2)
    return days_of(operation, plan.phases(session, operation.id), first, last)


def _effect(session: Session, due: DueEffect, moment: datetime, _made: Any) -> Outcome:
    missing: Missing = due.about
    if missing.stage is ASK and moment > due.due:
        return {"left_out": True}  # the hour has passed meanwhile: they are reminded, not asked
    still = silent_sites(session, missing.operation, missing.day)
    told = 0
    for country, sites in still.items():
        told += _tell(session, missing, country, sites)
        journal.record(
            session,
            System(),
            f"report.{'ask' if missing.stage is ASK else 'remind'}",
            "participation",
            operation=missing.operation.id,
            country=country,
            stage=missing.stage.name,
            day=missing.day.isoformat(),
            sites=len(sites),
            late=due.late(moment),
        )
    number = sum(len(sites) for sites in still.values())
    if missing.stage.name == "coordinator" and still:
        told += _tell_coordinator(session, missing, number, sorted(still))
    return {"told": told, "silent": number}


def _tell(session: Session, missing: Missing, country: str, sites: list[Site]) -> int:
    """Send the messages of a stage in one country; each officer reads of the own sites."""
    if missing.stage.name == "coordinator":
        return 0
    if missing.stage.name == "national":
        return _said(
            session, missing, To(roles=frozenset({Role.NATIONAL_COORDINATOR}), country=country), sites, country
        )
    told = 0
    officers = recipients(session, [To(roles=OFFICERS, country=country)])
    for theirs, people in by_sites(session, officers, sites).items():
        own = [site for site in sites if site.id in theirs]
        told += _said(session, missing, To.those(*people), own, fingerprint(sorted(map(str, theirs)))[:16])
    return told


def by_sites(session: Session, officers: list[Account], sites: list[Site]) -> dict[frozenset[UUID], list[UUID]]:
    """Group officers by their silent sites; an officer without postings works for all sites."""
    ids = [officer.id for officer in officers]
    of_theirs = select(Posting).where(col(Posting.account_id).in_(ids))
    posted: dict[UUID, set[UUID]] = {
        posting.account_id: set() for posting in session.exec(of_theirs.where(begun(Posting, now())))
    }
    for posting in session.exec(of_theirs.where(in_effect(Posting, now()))):
        posted[posting.account_id].add(posting.site_id)
    silent = {site.id for site in sites}
    groups: dict[frozenset[UUID], list[UUID]] = {}
    for officer in officers:
        if theirs := silent & posted.get(officer.id, silent):
            groups.setdefault(frozenset(theirs), []).append(officer.id)
    return groups


def asked(sites: Sequence[Site], day: date) -> Flaw:
    """What is asked of those who report, in the words of *Today*."""
    if len(sites) == 1:
        return Flaw("", ONE.words, {"site": sites[0].name, "day": day.isoformat()})
    return Flaw("", SEVERAL.words, {"sites": len(sites), "day": day.isoformat()})


def silent(sites: Sequence[Site], day: date) -> Flaw:
    """Which sites have said nothing of a day."""
    names = [each.name for each in sites[:NAMED]]
    return Flaw("", N_("No report of {day} from: {places}."), {"day": day.isoformat(), "places": names})


def _said(session: Session, missing: Missing, to: To, sites: list[Site], whose: str) -> int:
    kinds = {"ask": MessageKind.REPORT_DUE, "officers": MessageKind.REPORT_MISSING}
    to_form = f"?site={sites[0].id}&day={missing.day.isoformat()}" if missing.stage.name in kinds else ""
    return tell(
        session,
        to,
        kinds.get(missing.stage.name, MessageKind.COUNTRY_SILENT),
        f"/operations/{missing.operation.id}/reports{to_form}",
        len(sites),
        key=f"report.{missing.stage.name}:{missing.operation.id}:{missing.day}:{whose}",
        by=System(),
        operation=missing.operation.id,
        classification=Classification(missing.operation.classification),
        about=(asked if to_form else silent)(sites, missing.day),
        until=deadline(missing.operation, missing.day) if missing.stage is ASK else None,
    )


def _tell_coordinator(session: Session, missing: Missing, sites: int, countries: list[str]) -> int:
    return tell(
        session,
        To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=missing.operation.id),
        MessageKind.COUNTRY_SILENT,
        f"/operations/{missing.operation.id}/situation",
        sites,
        key=f"report.coordinator:{missing.operation.id}:{missing.day}",
        by=System(),
        operation=missing.operation.id,
        classification=Classification(missing.operation.classification),
        about=Flaw(
            "",
            N_("No report of {day} from sites of {countries}."),
            {"day": missing.day.isoformat(), "countries": countries},
        ),
    )


JOBS = (TimetableJob("report", _dues, _effect),)
