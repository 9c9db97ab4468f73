"""Jobs of teams: alerts about overdue check-ins, ending deployments and certificates, and short rest, each sent once.

Alerts due already when the timetable first runs are sent then, unless older than `HISTORY`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import System
from operations.core.vocabulary import Classification, MessageKind, OperationState, Role
from operations.notices.messages import To, tell
from operations.policing.operation import plan
from operations.policing.operation.plan import Operation
from operations.support import alerts, deployment_acts
from operations.timetable.effects import DueEffect, Outcome, TimetableJob

_OF_THE_TEAM = frozenset({Role.TEAM_LEADER, Role.NATIONAL_COORDINATOR})
_LIVE = (OperationState.PRE_OPERATIONAL.value, OperationState.ACTIVE.value, OperationState.CONSOLIDATION.value)
CERTIFICATES = timedelta(days=30)
DEPLOYMENTS = timedelta(days=2)
HISTORY = timedelta(days=30)
"""What was due longer ago is history, as in an operation that is entered afterwards: nobody is called about it."""


@dataclass(frozen=True)
class TeamAlert:
    """The content of an alert: kind and number, operation (None: a country's own roster), and countries told."""

    kind: MessageKind
    number: int
    operation: UUID | None
    countries: tuple[str, ...]
    about: Flaw


def _check_ins(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for each in alerts.overdue_check_ins(session, moment):
        if each.late > HISTORY:
            continue
        minutes = max(int(each.late.total_seconds() // 60), 1)
        about = TeamAlert(
            MessageKind.CHECK_IN_OVERDUE,
            minutes,
            each.operation,
            (each.country, each.host_country),
            _said(N_("The check-in of {call_sign} is overdue."), each.call_sign),
        )
        yield _due(f"team.check_in:{each.deployment}", each.due_at, each.due_at, since, about)


def _lost(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for each in alerts.overdue_check_ins(session, moment):
        if each.lost and each.late <= HISTORY:
            yield DueEffect(f"team.lost:{each.deployment}", each.due_at, max(each.due_at, since), each)


def _lose(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    """Mark the team as offline, until it is heard from."""
    deployment_acts.lose_contact(session, due.about.deployment, System())
    return {}


def _deployments(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for each in alerts.mandates_ending(session, moment, DEPLOYMENTS):
        if moment - each.ends > HISTORY:
            continue
        about = TeamAlert(
            MessageKind.DEPLOYMENT_ENDING,
            1,
            each.operation,
            (each.country,),
            _said(N_("The deployment of {call_sign} ends: release the team, or prolong it."), each.call_sign),
        )
        yield _due(f"team.deployment:{each.deployment}", each.ends, each.ends - DEPLOYMENTS, since, about)


def _certificates(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for each in alerts.certificates_expiring(session, moment, CERTIFICATES):
        if each.expired:
            continue
        ends = datetime.combine(each.expires_on, time(0), UTC)
        days = max((each.expires_on - moment.date()).days, 1)
        about = TeamAlert(
            MessageKind.CERTIFICATE_ENDING,
            days,
            None,
            (each.country,),
            _said(N_("A certificate of {call_sign} ends: renew it."), each.call_sign),
        )
        yield _due(f"team.certificate:{each.certificate}", ends, ends - CERTIFICATES, since, about)


def _rest(session: Session, since: datetime, moment: datetime) -> Iterable[DueEffect]:
    for each in alerts.rest_breaches(session, moment):
        about = TeamAlert(
            MessageKind.REST_SHORT,
            max(math.ceil(each.needed - each.rest), 1),
            each.operation,
            (each.country,),
            _said(N_("{call_sign} has too little rest before its next deployment."), each.call_sign),
        )
        yield _due(f"team.rest:{each.before}:{each.after}", each.starts, moment, since, about)


def _said(words: str, call_sign: str) -> Flaw:
    return Flaw("", words, {"call_sign": call_sign})


def _due(job: str, due: datetime, at: datetime, since: datetime, about: TeamAlert) -> DueEffect:
    return DueEffect(job, due, max(at, since), about)


def _tell(session: Session, due: DueEffect, _moment: datetime, _made: Any) -> Outcome:
    about: TeamAlert = due.about
    operation = session.get_one(Operation, about.operation) if about.operation else None
    to = [To(roles=_OF_THE_TEAM, country=country) for country in dict.fromkeys(about.countries)]
    if operation is not None:
        to.append(To(roles=frozenset({Role.OPERATION_COORDINATOR}), operation=operation.id))
    told = tell(
        session,
        to,
        about.kind,
        f"/operations/{operation.id}/teams" if operation else _roster(session, about.countries[0]),
        about.number,
        key=f"{due.job}:{due.due.isoformat()}",
        by=System(),
        operation=about.operation,
        classification=Classification(operation.classification) if operation else Classification.FOR_OFFICIAL_USE,
        about=about.about,
        until=due.due if about.kind in (MessageKind.DEPLOYMENT_ENDING, MessageKind.CERTIFICATE_ENDING) else None,
    )
    return {"told": told}


def _roster(session: Session, country: str) -> str:
    """Return the page where a country finds its teams: in its newest running operation, or the list of operations."""
    query = (
        select(Operation.id)
        .where(col(Operation.state).in_(_LIVE), plan.taking_part(col(Operation.id), country))
        .order_by(col(Operation.created_at).desc())
    )
    found = session.exec(query).first()
    return f"/operations/{found}/teams" if found else "/"


JOBS: Sequence[TimetableJob] = (
    TimetableJob("team.check_in", _check_ins, _tell),
    TimetableJob("team.lost", _lost, _lose),
    TimetableJob("team.deployment", _deployments, _tell),
    TimetableJob("team.certificate", _certificates, _tell),
    TimetableJob("team.rest", _rest, _tell),
)
