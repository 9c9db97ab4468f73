"""What somebody must be told of teams: overdue check-ins, ends of certificates and mandates, breaches of rest.

Plain questions of a session and a moment, answered with plain rows: the timetable asks them as Muster itself and tells
people; screens ask them as a person and get what that person may see. Nothing is written.
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
    """A team on duty that should have checked in at `due_at`; `lost`: it was silent for twice the time it has."""

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
    """A deployment whose ordered time ends at `ends`; `over`: it has ended and the team is still bound."""

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
    """A team that goes from one deployment to the next with less rest than `needed` hours: `rest` hours."""

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
    """The teams on site whose check-in is overdue at `now`, the longest overdue first."""
    states = [state.value for state in ON_DUTY]
    found = []
    for each in session.exec(select(Deployment).where(col(Deployment.state).in_(states))):
        if each.contact_at is None or each.due_at is None or now <= each.due_at:
            continue
        late = now - each.due_at
        found.append(
            OverdueCheckIn(
                each.id,
                each.operation_id,
                each.country,
                each.host_country,
                each.team_id,
                each.call_sign,
                each.place,
                each.contact_at,
                each.due_at,
                late,
                lost=late > timedelta(hours=each.check_in_hours),
            )
        )
    return sorted(found, key=lambda row: (row.due_at, row.call_sign))


def certificates_expiring(session: Session, now: datetime, within: timedelta) -> list[ExpiringCertificate]:
    """Certificates of teams on a roster that end within a time from `now` or have ended, unless renewed or revoked.

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
    found = [
        ExpiringCertificate(
            each.id, team.country, team.id, team.call_sign, each.kind, each.expires_on, expired=each.expires_on < today
        )
        for each, team in latest.values()
        if each.expires_on <= last
    ]
    return sorted(found, key=lambda row: (row.expires_on, row.country, row.call_sign, row.kind))


def mandates_ending(session: Session, now: datetime, within: timedelta) -> list[EndingMandate]:
    """Deployments that bind a team and whose ordered time ends within a time from `now` or has ended."""
    states = [state.value for state in BOUND]
    query = select(Deployment).where(col(Deployment.state).in_(states), Deployment.ends <= now + within)
    return [
        EndingMandate(
            each.id,
            each.operation_id,
            each.country,
            each.host_country,
            each.call_sign,
            each.place,
            each.ends,
            over=each.ends <= now,
        )
        for each in session.exec(query.order_by(col(Deployment.ends), Deployment.call_sign))
    ]


def rest_breaches(
    session: Session, now: datetime, rules: team_facts.RestRules = suitability_facts.RULES
) -> list[RestBreach]:
    """Teams that have, or will have, less rest between two deployments than the rules ask; those over are left out."""
    query = select(Deployment).order_by(col(Deployment.team_id), col(Deployment.starts))
    of_team: dict[UUID, list[Deployment]] = {}
    for each in session.exec(query):
        if each.bound or each.left_at is not None:
            of_team.setdefault(each.team_id, []).append(each)
    found = []
    for sent in of_team.values():
        for before, after in pairwise(sent):
            rest = (after.starts - before.until) / timedelta(hours=1)
            if rest < rules.rest and after.until > now:
                found.append(
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
    return sorted(found, key=lambda row: (row.starts, row.call_sign))
