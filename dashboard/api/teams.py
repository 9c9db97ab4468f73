"""Routes of teams: the roster of the own country, as its screens keep it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from dashboard.api.access import StrictRoute, TeamKeeper, TeamReader, write
from dashboard.wording import N_
from operations.core import journal
from operations.core.store import Store
from operations.support import teams
from operations.support.teams import TeamDraft

_LIST = N_("The teams of your country that you may see, with their members. This is written into the access trail.")
_KEEP = N_(
    "Make `id` yourself. `version` is the one that you read, 0 for a new team: where somebody changed the team, "
    "the answer is 409. The same content again changes nothing."
)


class MemberAnswer(BaseModel):
    """A member of a team, by the reference of your own roster."""

    service_ref: str
    role: str
    languages: list[str]


class TeamAnswer(BaseModel):
    """A team of your country. Its position is kept to about 10 km."""

    id: UUID
    version: int
    call_sign: str
    unit: str
    kind: str
    persons: int
    specialisms: list[str]
    languages: list[str]
    base: str
    lat: float
    lon: float
    zone: str
    ready_hours: int
    out_of_service: str = Field(description=N_("Why it cannot be sent now; empty where it can."))
    note: str
    members: list[MemberAnswer]


def router(store: Store) -> APIRouter:
    """Return the routes of teams."""
    routes = APIRouter(tags=["teams"], route_class=StrictRoute)

    @routes.get("/teams", summary=N_("Read the teams of your country"), description=_LIST)
    def list_teams(by: TeamReader) -> list[TeamAnswer]:
        """Read the teams of the country."""
        with journal.disclosing(store, by) as session:
            found = [_answer(session, each) for each in teams.teams(session, by.country)]
            about = {"country": by.country, "what": "teams", "teams": len(found)}
            journal.record_download(session, by, "api.read", None, "json", **about)
        return found

    @routes.post("/teams", summary=N_("Add or change a team of your country"), description=_KEEP)
    def keep_team(draft: TeamDraft, by: TeamKeeper, version: Annotated[int, Query(ge=0, le=2**31)] = 0) -> TeamAnswer:
        """Add a team to the roster, or change it."""
        return write(store, by, lambda session: _answer(session, teams.keep(session, draft, by, version)))

    return routes


def _answer(session: Session, found: teams.Team) -> TeamAnswer:
    columns = {name: getattr(found, name) for name in TeamAnswer.model_fields if name != "members"}
    members = [
        MemberAnswer(service_ref=each.service_ref, role=each.role, languages=each.languages)
        for each in teams.members(session, found.id)
    ]
    return TeamAnswer(**columns, members=members)
