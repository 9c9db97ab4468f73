"""What the rules of `suitability` need to know of a team and of a need, read from the tables.

Travel is measured by the caller, who knows geometry: `stops` says between which places, by the names that sentences
then use, and `team_facts.Hours` takes the answer.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core.store import unscoped
from operations.support import availability, certificates, requests, suitability
from operations.support import team_facts as crew
from operations.support.deployments import Deployment
from operations.support.requests import Need, SupportRequest
from operations.support.states import BOUND, DeploymentState
from operations.support.teams import Team

Position = tuple[float, float]
"""Longitude and latitude, generalised."""

RULES = crew.RestRules()
HIDDEN = "…"
"""A place of an operation that the asker may not know."""


def engagements(session: Session, team_id: UUID, but: UUID | None = None) -> list[Deployment]:
    """The deployments that bind a team, in their order; `but` leaves out the one for a need.

    Also those of operations that the asker may not know: a rule must see them, but not say where they are (`where`).
    """
    states = [state.value for state in (*BOUND, DeploymentState.WITHDRAWN)]
    query = unscoped(select(Deployment).where(Deployment.team_id == team_id, col(Deployment.state).in_(states)))
    found = [each for each in session.exec(query.order_by(col(Deployment.starts))) if each.need_id != but]
    return [each for each in found if each.until > each.starts]


def where(session: Session, found: Deployment) -> str:
    """The place of a deployment in words that the asker may read."""
    seen = session.exec(select(Deployment.id).where(Deployment.id == found.id)).first()
    return HIDDEN if seen is None else found.place


def team_facts(session: Session, team: Team, at: datetime) -> crew.TeamFacts:
    """The team as the rules see it at a moment."""
    held: dict[str, datetime | None] = {}
    for each in certificates.certificates(session, team.id):
        end = datetime.combine(each.expires_on + timedelta(days=1), time(0), UTC)
        held[each.kind] = max(end, held.get(each.kind) or end)
    away = tuple(crew.TimeWindow(each.starts, each.ends) for each in availability.absences(session, team.id, at))
    return crew.TeamFacts(
        id=str(team.id),
        country=team.country,
        home=team.base,
        specialisms=frozenset(team.specialisms),
        languages=frozenset(team.languages),
        certificates=held,
        unavailable=away,
        persons=team.persons,
        ready_at=at + timedelta(hours=team.ready_hours),
    )


def need_facts(need: Need, asked: SupportRequest, starts: datetime, ends: datetime) -> crew.NeedFacts:
    """The need as the rules see it, for a team that comes from `starts` to `ends`."""
    return crew.NeedFacts(
        id=str(need.id),
        site=asked.place,
        windows=(crew.TimeWindow(need.starts, need.ends),),
        hours=(ends - starts) / timedelta(hours=1),
        specialisms=frozenset({need.specialism}),
        languages=frozenset(need.languages),
        certificates=frozenset(need.certificates),
        country=asked.host_country,
    )


def against(
    session: Session, team: Team, need: Need, starts: datetime, ends: datetime, travel: crew.Travel, at: datetime
) -> tuple[suitability.Against, ...]:
    """Everything that speaks against `team` working on `need` from `starts` to `ends`; empty where nothing does."""
    asked = requests.request(session, need.request_id)
    others = [
        crew.TeamEngagement(each.starts, each.until, str(team.id), str(each.need_id), where(session, each))
        for each in engagements(session, team.id, but=need.id)
    ]
    wanted = need_facts(need, asked, starts, ends)
    return suitability.reasons(team_facts(session, team, at), wanted, starts, others, RULES, travel)


def stops(session: Session, team: Team, asked: SupportRequest) -> tuple[tuple[str, Position], dict[str, Position]]:
    """Where the team would go, and the places that it may come from or go on to, by the names that the rules use."""
    there = (asked.place, (asked.lon, asked.lat))
    others = {where(session, each): (each.lon, each.lat) for each in engagements(session, team.id)}
    return there, {team.base: (team.lon, team.lat), **others}


def blocking(found: Iterable[suitability.Against]) -> list[suitability.Against]:
    """What no words can outweigh: nobody is in two places."""
    return [each for each in found if each.reason is suitability.UnfitReason.ELSEWHERE]
