"""Inputs to the rules of `suitability`: the facts of a team and of a need, read from the tables.

The caller measures travel, since it knows geometry: `stops` returns the places by the names used in sentences, and
`team_facts.Hours` takes the result.
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
from operations.support.states import BOUND, DeploymentState, TeamsTogether
from operations.support.teams import Team

Position = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84), generalised."""

RULES = crew.RestRules()
HIDDEN = "…"
"""The name shown for a place of an operation that the asker may not know."""


def engagements(session: Session, team_id: UUID, but: UUID | None = None) -> list[Deployment]:
    """Return the deployments that bind a team, by time; `but` leaves out the one for a need.

    It includes operations that the asker may not know: a rule must see them, but not disclose their place (`where`).
    """
    states = [state.value for state in (*BOUND, DeploymentState.WITHDRAWN)]
    query = unscoped(select(Deployment).where(Deployment.team_id == team_id, col(Deployment.state).in_(states)))
    found = [each for each in session.exec(query.order_by(col(Deployment.starts))) if each.need_id != but]
    return [each for each in found if each.until > each.starts]


def where(session: Session, found: Deployment) -> str:
    """Return the place of a deployment in words that the asker may read."""
    seen = session.exec(select(Deployment.id).where(Deployment.id == found.id)).first()
    return HIDDEN if seen is None else found.place


def team_facts(session: Session, team: Team, at: datetime) -> crew.TeamFacts:
    """Return the facts of a team at a moment."""
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


def need_facts(need: Need, asked: SupportRequest, starts: datetime, ends: datetime, base: str = "") -> crew.NeedFacts:
    """Return the facts of a need, for a team that comes from `starts` to `ends`; `base`: whence its teams travel."""
    return crew.NeedFacts(
        id=str(need.id),
        site=asked.place,
        windows=(crew.TimeWindow(need.starts, need.ends),),
        hours=(ends - starts) / timedelta(hours=1),
        specialisms=frozenset({need.specialism}),
        languages=frozenset(need.languages),
        certificates=frozenset(need.certificates),
        country=asked.host_country,
        beside=frozenset() if need.together == TeamsTogether.APART else frozenset({str(need.id)}),
        one_base=need.together == TeamsTogether.ONE_BASE,
        base=base,
    )


def against(
    session: Session, team: Team, need: Need, starts: datetime, ends: datetime, travel: crew.Travel, at: datetime
) -> tuple[suitability.Against, ...]:
    """Return all reasons against `team` working on `need` from `starts` to `ends`; empty where there are none."""
    asked = requests.request(session, need.request_id)
    others = [
        crew.TeamEngagement(engaged.starts, engaged.until, str(team.id), str(engaged.need_id), where(session, engaged))
        for engaged in engagements(session, team.id, but=need.id)
    ]
    there = [each for each in accepted(session, need) if each.team_id != team.id]
    others += [
        crew.TeamEngagement(each.starts, each.until, str(each.team_id), str(need.id), each.place) for each in there
    ]
    wanted = need_facts(need, asked, starts, ends, base_of(session, need, there))
    return suitability.reasons(team_facts(session, team, at), wanted, starts, others, RULES, travel)


def accepted(session: Session, need: Need) -> list[Deployment]:
    """Return the deployments that bind teams for a need and that the asker sees, by time."""
    states = [state.value for state in BOUND]
    query = select(Deployment).where(Deployment.need_id == need.id, col(Deployment.state).in_(states))
    return list(session.exec(query.order_by(col(Deployment.starts), col(Deployment.id))))


def base_of(session: Session, need: Need, there: Iterable[Deployment]) -> str:
    """Return the base from which the teams of a need travel together, as `there` decided it; "" where nothing does that
    the asker sees.
    """
    first = next(iter(there), None)
    if first is None or need.together != TeamsTogether.ONE_BASE:
        return ""
    return session.exec(select(Team.base).where(Team.id == first.team_id)).one_or_none() or ""


def stops(session: Session, team: Team, asked: SupportRequest) -> tuple[tuple[str, Position], dict[str, Position]]:
    """Return where the team would go, and the places it may come from or go on to, by the names that the rules use."""
    there = (asked.place, (asked.lon, asked.lat))
    others = {where(session, each): (each.lon, each.lat) for each in engagements(session, team.id)}
    return there, {team.base: (team.lon, team.lat), **others}


def blocking(found: Iterable[suitability.Against]) -> list[suitability.Against]:
    """Return the reasons that cannot be overruled: the team is bound elsewhere."""
    return [each for each in found if each.reason is suitability.UnfitReason.ELSEWHERE]
