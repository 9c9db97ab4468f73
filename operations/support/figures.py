"""Key figures of support: readiness (K32), officers in teams, requests served (K49).

K32 is measured from the request to the arrival, not from the order. A team requested less than a day ago that has not
arrived is not counted yet: it can still be in time. Officers in teams are not K33, which is what
reports tell of all officers, and no measure of productivity. K49 counts only teams: Muster
holds no products yet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from operations.catalogue.waiting_times import quantile
from operations.core import history
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unscoped
from operations.policing.operation import plan
from operations.support.deployments import Deployment
from operations.support.requests import Need, SupportRequest
from operations.support.states import ON_DUTY

IN_TIME = timedelta(hours=24)
_OF_A_TEAM = ("id", "need_id", "country", "host_country", "persons", "state", "on_site_at", "left_at")


@dataclass(frozen=True)
class RequestedTeams:
    """Teams that a need asks for: number, kind ("" for any), and when assistance was requested."""

    need: UUID
    teams: int
    kind: str
    at: datetime


@dataclass(frozen=True)
class TeamReadiness:
    """K32: of `due` teams, `in_time` were on site within 24 hours.

    `median_hours` and `most_hours` are the hours within which half and nine of ten of all came that were asked for, by
    Kaplan and Meier: None while fewer have. `waiting` teams are due and have not arrived.
    """

    due: int
    in_time: int
    median_hours: float | None
    most_hours: float | None = None
    waiting: int = 0

    @property
    def share(self) -> float | None:
        """The share in time; None where nothing is due yet."""
        return self.in_time / self.due if self.due else None


@dataclass(frozen=True)
class Engaged:
    """Persons in teams that arrived, those on site now, and their person-days at the place."""

    persons: int = 0
    there: int = 0
    person_days: float = 0.0


@dataclass(frozen=True)
class Served:
    """K49: the number of teams asked for, and how many of them arrived."""

    asked: int
    arrived: int

    @property
    def share(self) -> float | None:
        """The share that arrived; None where nothing was asked."""
        return self.arrived / self.asked if self.asked else None


@dataclass(frozen=True)
class Figures:
    """The three figures, with K32 by kind of team and officers in teams by country."""

    readiness: TeamReadiness
    engaged: Engaged
    served: Served
    by_kind: dict[str, TeamReadiness] = field(default_factory=dict)
    by_country: dict[str, Engaged] = field(default_factory=dict)


def readiness(asked: Iterable[RequestedTeams], sent: Sequence[Deployment], at: datetime) -> TeamReadiness:
    """Return K32 over the teams that needs ask for."""
    due = in_time = waiting = 0
    hours: list[float] = []
    waits: list[float] = []
    for requested in asked:
        taken = [
            deployment.on_site_at - requested.at
            for deployment in sent
            if deployment.need_id == requested.need and deployment.on_site_at is not None
        ]
        early = sum(time <= IN_TIME for time in taken)
        wanted = max(requested.teams, len(taken))
        over = at - requested.at >= IN_TIME
        due += wanted if over else early
        waiting += wanted - len(taken) if over else 0
        in_time += early
        hours += [time / timedelta(hours=1) for time in taken]
        waits += [(at - requested.at) / timedelta(hours=1)] * (wanted - len(taken))
    return TeamReadiness(due, in_time, quantile(hours, waits, 0.5), quantile(hours, waits, 0.9), waiting)


def engaged(sent: Iterable[Deployment], at: datetime) -> Engaged:
    """Return the officers in teams over deployments."""
    persons = there = 0
    days = 0.0
    for deployment in sent:
        if deployment.on_site_at is None or deployment.on_site_at > at:
            continue
        persons += deployment.persons
        there += deployment.persons if deployment.state in ON_DUTY else 0
        days += deployment.persons * ((min(deployment.left_at or at, at) - deployment.on_site_at) / timedelta(days=1))
    return Engaged(persons, there, days)


def served(asked: Iterable[RequestedTeams], sent: Sequence[Deployment]) -> Served:
    """Return K49 over the teams that needs ask for; surplus teams of a need do not count."""
    total = arrived = 0
    for each in asked:
        total += each.teams
        arrived += min(each.teams, sum(one.need_id == each.need and one.on_site_at is not None for one in sent))
    return Served(total, arrived)


def counted(asked: Sequence[RequestedTeams], sent: Sequence[Deployment], at: datetime) -> Figures:
    """Return all figures from needs and deployments."""
    kinds = sorted({each.kind for each in asked if each.kind})
    countries = sorted({each.country for each in sent if each.on_site_at is not None})
    return Figures(
        readiness(asked, sent, at),
        engaged(sent, at),
        served(asked, sent),
        {kind: readiness([each for each in asked if each.kind == kind], sent, at) for kind in kinds},
        {code: engaged([each for each in sent if each.country == code], at) for code in countries},
    )


def figures(session: Session, operation_id: UUID, at: datetime, by: Actor) -> Figures:
    """Return the figures of an operation; for a country's people those of assistance to their country, and of its
    teams.

    Leadership sees no request and no team, only these sums.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.SUPPORT_TOTALS, plan.subject(owner))
    about = SupportRequest
    query = (
        sa.select(*map(col, (about.id, about.asked_at, about.host_country, about.made_at)))
        .add_columns(col(Need.id).label("need"), col(Need.teams), col(Need.team_kind))
        .join(Need, col(Need.request_id) == col(about.id))
        .where(col(Need.operation_id) == operation_id)
    )
    asked = [
        RequestedTeams(row["need"], row["teams"], row["team_kind"] or "", row["made_at"])
        for row in history.query_as_of(session, about, unscoped(query), operation_id)
        if row["asked_at"] is not None and (not by.national or row["host_country"] == by.country)
    ]
    columns = (col(getattr(Deployment, name)) for name in _OF_A_TEAM)
    teams = unscoped(sa.select(*columns).where(col(Deployment.operation_id) == operation_id))
    sent = [Deployment(**each) for each in history.query_as_of(session, Deployment, teams, operation_id)]
    if not by.national:
        return counted(asked, sent, at)
    own = [each for each in sent if each.country == by.country]
    to_us = counted(asked, [each for each in sent if each.host_country == by.country], at)
    ours = engaged(own, at)
    return Figures(to_us.readiness, ours, to_us.served, to_us.by_kind, {by.country or "": ours})
