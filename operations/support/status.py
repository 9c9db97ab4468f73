"""The status board: the current state of every team, and when its check-in is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from operations.support import deployments, teams
from operations.support.availability import Absence
from operations.support.deployments import Deployment
from operations.support.states import DeploymentState, TeamState
from operations.support.teams import Team


@dataclass(frozen=True)
class TeamStatus:
    """A line of the board: a team, its state, its place (a site or a town), and its timer.

    `state` is one of `TeamState`; `stage` of `DeploymentState`, None without a deployment. `until`: the end of the
    state.
    """

    team: UUID
    call_sign: str
    country: str
    kind: str
    persons: int
    state: TeamState
    stage: DeploymentState | None = None
    deployment: UUID | None = None
    place: str = ""
    why: str = ""
    until: datetime | None = None
    contact_at: datetime | None = None
    due_at: datetime | None = None
    overdue: bool = False


_RANK = (TeamState.ASSIGNED, TeamState.AVAILABLE, TeamState.UNAVAILABLE, TeamState.OUT_OF_SERVICE)


def board(session: Session, operation_id: UUID, at: datetime) -> list[TeamStatus]:
    """Return the board of teams that the asker may see, and of foreign ones coming to the own country, overdue ones
    first.
    """
    sent = deployments.deployments(session, operation_id)
    away = session.exec(
        select(Absence).where(col(Absence.cancelled_at).is_(None), Absence.starts <= at, Absence.ends > at)
    ).all()
    return rows(teams.teams(session), sent, away, at)


def rows(known: Sequence[Team], sent: Iterable[Deployment], away: Iterable[Absence], at: datetime) -> list[TeamStatus]:
    """Return the board from given rows: each team once, a deployed one by its deployment."""
    absent = {each.team_id: each for each in away}
    bound = {each.team_id: each for each in sorted(sent, key=_first) if each.bound}
    found = [_deployed(each, at) for each in bound.values()]
    found += [_at_home(each, absent.get(each.id)) for each in known if each.id not in bound]
    return sorted(found, key=lambda row: (not row.overdue, _RANK.index(row.state), row.country, row.call_sign))


def _first(each: Deployment) -> tuple[bool, float]:
    """Return a sort key; the last deployment is the current one: under way before ordered, earlier before later."""
    return each.left_base_at is not None, -each.starts.timestamp()


def _deployed(found: Deployment, at: datetime) -> TeamStatus:
    return TeamStatus(
        team=found.team_id,
        call_sign=found.call_sign,
        country=found.country,
        kind=found.team_kind,
        persons=found.persons,
        state=TeamState.ASSIGNED,
        stage=DeploymentState(found.state),
        deployment=found.id,
        place=found.place,
        until=found.ends,
        contact_at=found.contact_at,
        due_at=found.due_at,
        overdue=found.overdue(at),
    )


def _at_home(team: Team, away: Absence | None) -> TeamStatus:
    state = TeamState.OUT_OF_SERVICE if team.out_of_service else TeamState.UNAVAILABLE if away else TeamState.AVAILABLE
    return TeamStatus(
        team=team.id,
        call_sign=team.call_sign,
        country=team.country,
        kind=team.kind,
        persons=team.persons,
        state=state,
        place=team.base,
        why=team.out_of_service or (away.kind if away else ""),
        until=away.ends if away and not team.out_of_service else None,
    )
