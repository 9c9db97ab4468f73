"""Alerts about teams: overdue check-ins, ending certificates and mandates, breaches of rest.

Read-only queries at a moment, returning plain rows: the timetable runs them as Muster itself and sends messages;
screens run them as a person and get what that person may see.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from sqlmodel import Session, col, select

from operations.support import suitability_facts, team_facts
from operations.support.certificates import Certificate
from operations.support.deployments import Deployment
from operations.support.states import BOUND, ON_DUTY
from operations.support.teams import Team


@dataclass(frozen=True)
class OverdueCheckIn:
    """A team on duty whose check-in was due at `due_at`; `lost`: late by more than the whole check-in interval."""

    deployment: UUID
    operation: UUID
    country: str
    host_country: str
    team: UUID
    call_sign: str
    place: str
    contact_at: datetime
    due_at: datetime
    late: timedelta
    lost: bool


@dataclass(frozen=True)
class ExpiringCertificate:
    """A certificate that ends on `expires_on` and was not renewed; `expired`: it has ended already."""

    certificate: UUID
    country: str
    team: UUID
    call_sign: str
    kind: str
    expires_on: date
    expired: bool


@dataclass(frozen=True)
class EndingMandate:
    """A deployment whose ordered time ends at `ends`; `over`: it has ended and the team is still assigned."""

    deployment: UUID
    operation: UUID
    country: str
    host_country: str
    call_sign: str
    place: str
    ends: datetime
    over: bool


@dataclass(frozen=True)
class RestBreach:
    """A team with `rest` hours between two deployments, less than the `needed` hours."""

    team: UUID
    operation: UUID
    country: str
    call_sign: str
    before: UUID
    after: UUID
    before_place: str
    after_place: str
    free_from: datetime
    starts: datetime
    rest: float
    needed: float


def overdue_check_ins(session: Session, now: datetime) -> list[OverdueCheckIn]:
    """Return the teams on site whose check-in is overdue at `now`, longest overdue first."""
    states = [state.value for state in ON_DUTY]
    overdue = []
    for deployment in session.exec(select(Deployment).where(col(Deployment.state).in_(states))):
        if deployment.contact_at is None or deployment.due_at is None or now <= deployment.due_at:
            continue
        late = now - deployment.due_at
        overdue.append(
            OverdueCheckIn(
                deployment.id,
                deployment.operation_id,
                deployment.country,
                deployment.host_country,
                deployment.team_id,
                deployment.call_sign,
                deployment.place,
                deployment.contact_at,
                deployment.due_at,
                late,
                lost=late > timedelta(hours=deployment.check_in_hours),
            )
        )
    return sorted(overdue, key=lambda row: (row.due_at, row.call_sign))


def certificates_expiring(session: Session, now: datetime, within: timedelta) -> list[ExpiringCertificate]:
    """Return certificates of teams on a roster that end within a time from `now` or have ended, unless renewed or
    revoked.

    A certificate is renewed by another of its kind, for the same team and person, that lasts longer. The first to end
    stands first.
    """
    query = (
        select(Certificate, Team)
        .join(Team, col(Team.id) == col(Certificate.team_id))
        .where(col(Certificate.revoked_at).is_(None), col(Team.closed_at).is_(None))
    )
    latest: dict[tuple[UUID, UUID | None, str], tuple[Certificate, Team]] = {}
    for certificate, team in session.exec(query):
        key = (team.id, certificate.member_id, certificate.kind)
        if key not in latest or latest[key][0].expires_on < certificate.expires_on:
            latest[key] = (certificate, team)
    today, last = now.date(), (now + within).date()
    ending = [
        ExpiringCertificate(
            certificate.id,
            team.country,
            team.id,
            team.call_sign,
            certificate.kind,
            certificate.expires_on,
            expired=certificate.expires_on < today,
        )
        for certificate, team in latest.values()
        if certificate.expires_on <= last
    ]
    return sorted(ending, key=lambda row: (row.expires_on, row.country, row.call_sign, row.kind))


def mandates_ending(session: Session, now: datetime, within: timedelta) -> list[EndingMandate]:
    """Return deployments that bind a team and whose ordered time ends within a time from `now` or has ended."""
    states = [state.value for state in BOUND]
    query = select(Deployment).where(col(Deployment.state).in_(states), Deployment.ends <= now + within)
    return [
        EndingMandate(
            deployment.id,
            deployment.operation_id,
            deployment.country,
            deployment.host_country,
            deployment.call_sign,
            deployment.place,
            deployment.ends,
            over=deployment.ends <= now,
        )
        for deployment in session.exec(query.order_by(col(Deployment.ends), Deployment.call_sign))
    ]


def rest_breaches(
    session: Session, now: datetime, rules: team_facts.RestRules = suitability_facts.RULES
) -> list[RestBreach]:
    """Return teams with less rest between two deployments than the rules ask, except where both are over."""
    query = select(Deployment).order_by(col(Deployment.team_id), col(Deployment.starts))
    of_team: dict[UUID, list[Deployment]] = {}
    for each in session.exec(query):
        if each.bound or each.left_at is not None:
            of_team.setdefault(each.team_id, []).append(each)
    breaches = []
    for sent in of_team.values():
        for before, after in pairwise(sent):
            rest = (after.starts - before.until) / timedelta(hours=1)
            if rest < rules.rest and after.until > now:
                breaches.append(
                    RestBreach(
                        after.team_id,
                        after.operation_id,
                        after.country,
                        after.call_sign,
                        before.id,
                        after.id,
                        before.place,
                        after.place,
                        before.until,
                        after.starts,
                        round(rest, 2),
                        rules.rest,
                    )
                )
    return sorted(breaches, key=lambda row: (row.starts, row.call_sign))
