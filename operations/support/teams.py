"""Teams: the roster of a country, by call sign; members are service references of the country, never names.

The roster is visible to its country. The coordination of an operation sees a team once its country offers it there
(`TeamShown`); other countries see nothing of it. Bases are generalised before they are stored.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator
from pydantic import Field as Rule
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Line, Name, Plain, Words, Zone
from operations.core.drafts import reason as checked_reason
from operations.core.errors import NotFound, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, require
from operations.core.store import locked, scoped
from operations.core.vocabulary import InList, Role
from operations.policing.operation import plan

COARSE = 1
"""Decimals of a degree that a generalised position keeps: cells of about 11 km."""


def coarse(degrees: float) -> float:
    """Return a coordinate of a team generalised, as Muster stores it."""
    return round(degrees, COARSE)


# ---------------------------------------------------------------------------------------------------- tables


class Team(SQLModel, table=True):
    """A team of a country. `ready_hours`: how soon it can leave ("wheels up"). `leader_id`: the account of its leader.

    `version` counts its changes; `closed_at` ends it, nothing is deleted.
    """

    __table_args__ = (
        UniqueConstraint("country", "call_sign"),
        CheckConstraint("persons > 0", name="somebody"),
        CheckConstraint("ready_hours >= 0", name="ready"),
        CheckConstraint("lat BETWEEN -90 AND 90", name="lat"),
        CheckConstraint("lon BETWEEN -180 AND 180", name="lon"),
    )
    id: UUID = Field(primary_key=True)
    country: str = Field(max_length=3, index=True)
    call_sign: str = Field(max_length=40)
    unit: str = Field(default="", max_length=120)
    kind: str = Field(max_length=24)
    specialisms: list[str] = Field(default_factory=list, sa_type=JSON)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    persons: int
    base: str = Field(max_length=120)
    lat: float
    lon: float
    zone: str = Field(max_length=64)
    ready_hours: int
    leader_id: UUID | None = Field(default=None, foreign_key="account.id")
    out_of_service: str = Field(default="", max_length=300)
    note: str = Field(default="", max_length=2000)
    version: int = 1
    made_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TeamMember(SQLModel, table=True):
    """A member of a team, by the reference of the country's own roster. `left_at`: has left."""

    __tablename__ = "team_member"
    __table_args__ = (UniqueConstraint("team_id", "service_ref"),)
    id: UUID = Field(primary_key=True)
    team_id: UUID = Field(foreign_key="team.id", index=True)
    country: str = Field(max_length=3, index=True)
    service_ref: str = Field(max_length=24)
    role: str = Field(max_length=24)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    joined_at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TeamShown(SQLModel, table=True):
    """A team shown to the coordination of an operation; written when its country offers it there."""

    __tablename__ = "team_shown"
    team_id: UUID = Field(primary_key=True, foreign_key="team.id")
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(max_length=3, index=True)


# ---------------------------------------------------------------------------------------------------- drafts


Specialism = Annotated[str, InList("CL-SPEC")]
Language = Annotated[str, InList("CL-LANGUAGE")]
Place = Annotated[Words, Rule(max_length=120)]
"""A town or a site in words: no coordinates, no telephone, no person."""
CallSign = Annotated[Plain, Rule(min_length=1, max_length=40)]
Latitude = Annotated[float, Rule(ge=-90, le=90, allow_inf_nan=False), AfterValidator(coarse)]
Longitude = Annotated[float, Rule(ge=-180, le=180, allow_inf_nan=False), AfterValidator(coarse)]


class TeamDraft(Draft, defer_build=False):
    """Draft of a team. The base is a town; its position is generalised."""

    id: UUID
    call_sign: Annotated[CallSign, Label(N_("Call sign"))]
    unit: Annotated[Line, Rule(max_length=120), Label(N_("Unit"))] = ""
    kind: Annotated[str, InList("CL-TEAM"), Label(N_("Kind of team"), start="frontline")]
    persons: Annotated[int, Rule(strict=True, ge=1, le=500), Label(N_("Persons"), start=4)]
    specialisms: Annotated[list[Specialism], Rule(min_length=1, max_length=16), Label(N_("Specialisms"))]
    languages: Annotated[list[Language], Rule(min_length=1, max_length=16), Label(N_("Languages"))]
    base: Annotated[Name, Label(N_("Home base: a town"), N_("Its position is kept to about 10 km."))]
    lat: Latitude
    lon: Longitude
    zone: Zone
    ready_hours: Annotated[
        int, Rule(strict=True, ge=0, le=720), Label(N_("Wheels up within so many hours"), start=12)
    ] = 24
    leader_id: Annotated[UUID | None, Label(N_("Team leader"))] = None
    note: Annotated[Words, Label(N_("Note"))] = ""


class TeamMemberDraft(Draft):
    """Draft of a member: a service reference such as "NE-0417", which only the country can resolve."""

    id: UUID
    service_ref: Annotated[
        Plain,
        Rule(pattern=r"^[A-Z0-9][A-Z0-9/.-]{1,23}$", max_length=24),
        Label(N_("Service reference"), N_("As NE-0417: no name of a person.")),
    ]
    role: Annotated[str, InList("CL-TEAMROLE"), Label(N_("Role in the team"))]
    languages: list[Language] = Rule(default_factory=list, max_length=16)


# ------------------------------------------------------------------------------------------------ visibility


def seen(actor: Actor, team_id: Any, country: Any) -> Any:
    """Return an SQL condition on a row of a team: visible to its own country, and where it was offered.

    Officers and team leaders with postings see the team that they lead only: that is their unit.
    """
    if actor.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        shown = select(TeamShown.team_id).where(plan.within_reach(TeamShown.operation_id, actor))
        return col(team_id).in_(shown)
    if not actor.national:
        return false()
    own = col(country) == actor.country
    if actor.role is Role.NATIONAL_COORDINATOR or not actor.bound:
        return own
    return own & col(team_id).in_(select(Team.id).where(Team.leader_id == actor.account_id))


@scoped(Team)
def _teams_seen(actor: Actor) -> Any:
    if actor.national and actor.role is not Role.NATIONAL_COORDINATOR and actor.bound:
        return (col(Team.country) == actor.country) & (col(Team.leader_id) == actor.account_id)
    return seen(actor, Team.id, Team.country)


@scoped(TeamMember)
def _members_seen(actor: Actor) -> Any:
    """Visible to the country's own people only: an operation needs the team, not its members."""
    return seen(actor, TeamMember.team_id, TeamMember.country) if actor.national else false()


@scoped(TeamShown)
def _shown_seen(actor: Actor) -> Any:
    if actor.national:
        return col(TeamShown.country) == actor.country
    if actor.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        return plan.within_reach(TeamShown.operation_id, actor)
    return false()


# ------------------------------------------------------------------------------------------------- questions


def teams(session: Session, country: str | None = None, *, closed: bool = False) -> list[Team]:
    """Return the teams that the asker may see, by country and call sign; optionally of one country."""
    query = select(Team).order_by(Team.country, Team.call_sign)
    if country is not None:
        query = query.where(Team.country == country)
    if not closed:
        query = query.where(col(Team.closed_at).is_(None))
    return list(session.exec(query))


def team(session: Session, team_id: UUID) -> Team:
    """Return the team. Raises NotFound."""
    return rows.one(session, Team, team_id)


def members(session: Session, team_id: UUID) -> list[TeamMember]:
    """Return the current members of a team, by role and reference."""
    query = select(TeamMember).where(TeamMember.team_id == team_id, col(TeamMember.left_at).is_(None))
    return list(session.exec(query.order_by(TeamMember.role, TeamMember.service_ref)))


def hold(session: Session, team_id: UUID, by: Actor, act: Act = Act.TEAM_KEEP) -> Team:
    """Return the team, locked for update, where `by` may do `act` to it; a team leader only for the own team.

    Raises NotFound.
    """
    found = rows.hold(session, Team, team_id)
    require(by, act, Subject(country=found.country))
    if by.role is Role.TEAM_LEADER and not led(found, by):
        raise NotFound
    return found


def led(found: Team, by: Actor) -> bool:
    """Return whether `by` leads the team. A team without a leader is led by every team leader of its country."""
    return found.leader_id in (None, by.account_id)


def leaders(session: Session, country: str | None) -> list[Account]:
    """Return the possible leaders of a team of a country, by name."""
    query = select(Account).where(Account.role == Role.TEAM_LEADER.value, Account.country == country)
    return list(session.exec(query.where(col(Account.disabled_at).is_(None)).order_by(Account.name)))


# ----------------------------------------------------------------------------------------------------- verbs


def keep(session: Session, draft: TeamDraft, by: Actor, version: int = 0) -> Team:
    """Add a team to the roster of the own country, or change it.

    `version` is the one that was on the screen, 0 for a new team. Idempotent. Raises Conflict when somebody changed the
    team meanwhile, RuleBroken for a call sign that is taken.
    """
    require(by, Act.TEAM_KEEP, Subject(country=by.country))
    content = draft.model_dump(exclude={"id"})
    if by.role is Role.TEAM_LEADER:
        content["leader_id"] = by.account_id
    found: Team | None = session.exec(locked(select(Team).where(Team.id == draft.id))).one_or_none()
    if found is not None:
        hold(session, found.id, by)
    changed = [name for name, value in content.items() if found is None or getattr(found, name) != value]
    if found is not None and not changed:
        return found
    if (found.version if found else 0) != version:
        raise Stale
    _refuse_taken(session, draft, by.country)
    _refuse_leader(session, content["leader_id"], by.country)
    if found is None:
        assert by.country is not None  # noqa: S101 - only people of a country keep teams
        found = Team(id=draft.id, country=by.country, made_at=now(), version=0, **content)
    for name in changed:
        setattr(found, name, content[name])
    found.version += 1
    session.add(found)
    said = {"changed": sorted(changed)} if found.version > 1 else {}
    record(session, by, Act.TEAM_KEEP, "team", found, **said)
    return found


def _refuse_taken(session: Session, draft: TeamDraft, country: str | None) -> None:
    same = (Team.country == country, Team.call_sign == draft.call_sign, Team.id != draft.id)
    if session.exec(select(Team.id).where(*same)).first() is not None:
        raise RuleBroken("call_sign", "Your country has a team of this call sign already: choose another.")


def _refuse_leader(session: Session, leader_id: UUID | None, country: str | None) -> None:
    if leader_id is None:
        return
    leader = session.get(Account, leader_id)
    if leader is None or leader.country != country or leader.role != Role.TEAM_LEADER:
        raise RuleBroken("leader_id", "This person is no team leader of your country: choose another.")


def take_out(session: Session, team_id: UUID, why: str, by: Actor) -> Team:
    """Take a team out of service, with a reason. Idempotent. Raises RuleBroken without one."""
    found = hold(session, team_id, by)
    return _serve(session, found, checked_reason(why)[:300], by)


def put_back(session: Session, team_id: UUID, by: Actor) -> Team:
    """Put a team back into service. Idempotent."""
    return _serve(session, hold(session, team_id, by), "", by)


def _serve(session: Session, found: Team, why: str, by: Actor) -> Team:
    if found.out_of_service != why:
        found.out_of_service = why
        session.add(found)
        record(session, by, "team.service", "team", found, state="out_of_service" if why else "available")
    return found


def close(session: Session, team_id: UUID, by: Actor) -> Team:
    """Remove a team from the roster. Its past deployments stay."""
    found = hold(session, team_id, by)
    if found.closed_at is None:
        found.closed_at = now()
        session.add(found)
        record(session, by, "team.close", "team", found)
    return found


def join(session: Session, team_id: UUID, draft: TeamMemberDraft, by: Actor) -> TeamMember:
    """Add a member to a team by service reference, or bring back one who left. Idempotent."""
    found = hold(session, team_id, by)
    query = select(TeamMember).where(TeamMember.team_id == team_id, TeamMember.service_ref == draft.service_ref)
    known: TeamMember | None = session.exec(query).one_or_none()
    if known is not None and known.left_at is None:
        if (known.role, known.languages) == (draft.role, draft.languages):
            return known
        raise RuleBroken("service_ref", "This reference is in the team already: let it leave first.")
    made = known or TeamMember(
        id=draft.id, team_id=team_id, country=found.country, service_ref="", role="", joined_at=now()
    )
    made.service_ref, made.role, made.languages, made.left_at = draft.service_ref, draft.role, draft.languages, None
    session.add(made)
    record(session, by, "team.join", "team", found, role=made.role)
    return made


def leave(session: Session, member_id: UUID, by: Actor) -> TeamMember:
    """Record that a member leaves the team."""
    known = rows.one(session, TeamMember, member_id)
    found = hold(session, known.team_id, by)
    if known.left_at is None:
        known.left_at = now()
        session.add(known)
        record(session, by, "team.leave", "team", found, role=known.role)
    return known


def show(session: Session, found: Team, operation_id: UUID) -> None:
    """Show a team to the coordination of an operation; part of an offer."""
    if session.get(TeamShown, (found.id, operation_id)) is None:
        session.add(TeamShown(team_id=found.id, operation_id=operation_id, country=found.country))
        session.flush()


def hide(session: Session, team_id: UUID, operation_id: UUID) -> None:
    """Hide a team from the coordination of an operation; part of withdrawing an offer."""
    shown = session.get(TeamShown, (team_id, operation_id))
    if shown is not None:
        session.delete(shown)
        session.flush()


def record(session: Session, by: Actor, act: str, kind: str, about: Team, /, **detail: Any) -> None:
    """Write a journal entry about a team: the country's own, of no operation."""
    journal.record(session, by, act, kind, about.id, country=about.country, kind=about.kind, **detail)


TEAM = Noun(Team, "team", record)
