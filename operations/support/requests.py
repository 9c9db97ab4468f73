"""Requests for assistance, raised by a country or from a hotspot and put to the countries as needs.

    raised -> asked -> closed           (what the coordination raises is asked at once)

A request put to the countries is visible to all that participate, so it names a town or a site and no exact place.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, CheckConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal, pulse, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import FIELD, Draft, Moment, Name, Words, rule
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.handling_codes import Handling, may_leave
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.state_machine import Life, Step, ways
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import AnalysisKind, Country, InList, MapObjectKind, OperationState, Role
from operations.core.worklist import HOURS, TO_LEADERSHIP, CandidateRow, Waits
from operations.policing import analyses
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.support.states import AssistanceState, NeedState, TeamsTogether
from operations.support.teams import Language, Latitude, Longitude, Place, Specialism, coarse

_ORDER = rule("need_reversed", "The need must end after it begins: check the two times.")
_ONE_PLACE = rule("one_place", "Say where: choose a site, or give a town with its position.")

# --------------------------------------------------------------------------------------------- state machine

_S = AssistanceState
_RAISED = Waits(
    N_("{country} asks for assistance: put it before the countries."),
    "/operations/{operation}/teams",
    "users-group",
    since="made_at",
    within=12 * HOURS,
    late=TO_LEADERSHIP,
    above="/operations/{operation}/overview",
    over=plan.ENDED,
)


def _not_held(found: "SupportRequest", _owner: Any) -> Iterator[Flaw]:
    """Its handling code lets the coordination pass it on."""
    if found.country is not None and not may_leave(found.handling):
        yield Flaw("handling", _HELD, {"handling": found.handling.upper()})


_HELD = N_(
    "The request is marked {handling}, so other countries cannot see it. Its country "
    "can raise it again with another code."
)
LIFE: Life[AssistanceState] = Life(
    "request",
    _S.RAISED,
    (
        Step(_S.RAISED, _S.ASKED, "support.ask", Act.SUPPORT_ASK, guard=_not_held, waits=_RAISED),
        *ways((_S.RAISED, _S.ASKED), _S.CLOSED, "support.close", Act.SUPPORT_REQUEST),
    ),
    ends=(_S.CLOSED,),
    may=lambda found, owner, step, by: may(by, step.act, _of(found, owner, by)),
    astray=Flaw("", "This request is closed: raise a new one."),
)


def _of(found: "SupportRequest", owner: plan.Operation, by: Actor) -> Subject:
    """Return the permission subject of a request: a country's own, or one of the operation."""
    return plan.subject(owner, found.country if by.national else None)


# ---------------------------------------------------------------------------------------------------- tables


@history.versioned("asked_at", screened=True)
class SupportRequest(SQLModel, table=True):
    """A request for assistance, raised by `country` (None: the coordination) for teams in `host_country`."""

    __tablename__ = "support_request"
    __table_args__ = (
        LIFE.known(),
        CheckConstraint("(state = 'raised') = (asked_at IS NULL)", name="asked_once"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_once"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    host_country: str = Field(max_length=3)
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    hotspot_id: UUID | None = None
    analysis_id: UUID | None = Field(default=None, foreign_key="analysis.id")
    place: str = Field(max_length=300)
    lat: float
    lon: float
    title: str = Field(max_length=120)
    note: str = Field(default="", max_length=2000)
    priority: str = Field(max_length=16)
    handling: str = Field(default="h0", max_length=2)
    state: str = Field(default=AssistanceState.RAISED.value, max_length=12)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Need(SQLModel, table=True):
    """A need of a request: a number of teams of a kind, from `starts` to before `ends`. `accepted`: how many it has.

    `together`: how they come, a code of CL-TOGETHER.
    """

    __tablename__ = "support_need"
    __table_args__ = (
        CheckConstraint("ends > starts", name="in_order"),
        CheckConstraint("teams > 0 AND accepted >= 0", name="counts"),
    )
    id: UUID = Field(primary_key=True)
    request_id: UUID = Field(foreign_key="support_request.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    position: int
    team_kind: str | None = Field(default=None, max_length=24)
    specialism: str = Field(max_length=24)
    languages: list[str] = Field(default_factory=list, sa_type=JSON)
    certificates: list[str] = Field(default_factory=list, sa_type=JSON)
    teams: int
    together: str = Field(default=TeamsTogether.APART.value, max_length=12)
    accepted: int = 0
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)

    @property
    def state(self) -> NeedState:
        """Open, partly met or met."""
        return need_state(self.teams, self.accepted)


def need_state(wanted: int, accepted: int) -> NeedState:
    """Return how far a need is met.

    >>> [need_state(2, n).value for n in (0, 1, 2, 3)]
    ['open', 'partly_met', 'met', 'met']
    """
    return NeedState.MET if accepted >= wanted else NeedState.PARTLY_MET if accepted else NeedState.OPEN


# ---------------------------------------------------------------------------------------------------- drafts


class NeedDraft(Draft):
    """Draft of a need: a number of teams with a specialism, languages and certificates, from one moment to another."""

    id: UUID
    specialism: Annotated[Specialism, Label(N_("Specialism"))]
    team_kind: Annotated[Annotated[str, InList("CL-TEAM")] | None, Label(N_("Kind of team"))] = None
    teams: Annotated[int, Rule(strict=True, ge=1, le=50), Label(N_("How many teams"))] = 1
    together: Annotated[
        Annotated[str, InList("CL-TOGETHER")],
        Label(N_("How they come"), N_("A proposal sends teams that come together all or none.")),
    ] = TeamsTogether.APART.value
    languages: Annotated[list[Language], Rule(max_length=8), Label(N_("Languages"))] = Rule(default_factory=list)
    certificates: Annotated[list[Annotated[str, InList("CL-CERT")]], Rule(max_length=8), Label(N_("Certificates"))] = (
        Rule(default_factory=list)
    )
    starts: Annotated[Moment, Label(N_("Begins"), N_("local time in {zone}"), parts=(N_("Begins on"), N_("Begins at")))]
    ends: Annotated[Moment, Label(N_("Ends"), N_("local time in {zone}"), parts=(N_("Ends on"), N_("Ends at")))]

    @model_validator(mode="after")
    def _in_order(self) -> "NeedDraft":
        if self.ends <= self.starts:
            raise PydanticCustomError(_ORDER, "need reversed", {FIELD: "ends"})
        return self


class AssistanceRequestDraft(Draft):
    """Draft of a request. The place is a site, or words and a position, which is generalised.

    `hotspot_id` names the hotspot of the plan that it comes from, `analysis_id` the analysis that found one.
    """

    id: UUID
    title: Annotated[Name, Label(N_("What for"))]
    priority: Annotated[str, InList("CL-PRIORITY"), Label(N_("Priority"))] = "routine"
    host_country: Annotated[Country, Label(N_("In which country"))]
    site_id: Annotated[UUID | None, Label(N_("At which site"))] = None
    place: Annotated[
        Place, Label(N_("Or in which town"), N_("All participating countries read it: a town, no exact place."))
    ] = ""
    note: Annotated[Words, Label(N_("Note"))] = ""
    handling: Handling = "h0"
    lat: Latitude | None = None
    lon: Longitude | None = None
    hotspot_id: UUID | None = None
    analysis_id: UUID | None = None
    needs: Annotated[list[NeedDraft], Rule(min_length=1, max_length=12)]

    @model_validator(mode="after")
    def _somewhere(self) -> "AssistanceRequestDraft":
        if self.site_id is None and (not self.place or self.lat is None or self.lon is None):
            raise PydanticCustomError(_ONE_PLACE, "no place", {FIELD: "place"})
        return self


# ------------------------------------------------------------------------------------------------ visibility


_NAMED = N_("A team is asked for at this site: withdraw that request first.")
places.ties(col(SupportRequest.site_id), ("country",), _NAMED)


@scoped(SupportRequest)
def _requests_seen(actor: Actor) -> Any:
    """The coordination sees all requests of its operations, a country its own and those put to the countries."""
    if actor.role in (Role.LEADERSHIP, Role.AUDITOR):
        return false()
    reach = plan.within_reach(SupportRequest.operation_id, actor)
    if not actor.national:
        return reach
    return reach & ((col(SupportRequest.country) == actor.country) | col(SupportRequest.asked_at).is_not(None))


@scoped(Need)
def _needs_seen(actor: Actor) -> Any:
    return col(Need.request_id).in_(select(SupportRequest.id).where(_requests_seen(actor)))


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(SupportRequest).where(
        col(SupportRequest.state).in_(states), col(SupportRequest.operation_id).in_(owners.keys())
    )
    return [
        CandidateRow(raised, owners[raised.operation_id], raised.operation_id, {"country": raised.country or ""})
        for raised in session.exec(query)
    ]


def requests(session: Session, operation_id: UUID) -> list[SupportRequest]:
    """Return the requests of an operation that the asker may see, newest first."""
    query = select(SupportRequest).where(SupportRequest.operation_id == operation_id)
    return list(session.exec(query.order_by(col(SupportRequest.made_at).desc(), col(SupportRequest.id))))


def request(session: Session, request_id: UUID) -> SupportRequest:
    """Return the request. Raises NotFound."""
    return rows.one(session, SupportRequest, request_id)


def needs(session: Session, operation_id: UUID) -> dict[UUID, list[Need]]:
    """Return the needs of an operation that the asker may see, by request and in their order."""
    found: dict[UUID, list[Need]] = {}
    query = select(Need).where(Need.operation_id == operation_id).order_by(col(Need.position))
    for each in session.exec(query.execution_options(populate_existing=True)):
        found.setdefault(each.request_id, []).append(each)
    return found


def need(session: Session, need_id: UUID) -> Need:
    """Return the need. Raises NotFound."""
    return rows.one(session, Need, need_id)


def hold_need(session: Session, need_id: UUID) -> tuple[Need, SupportRequest]:
    """Return a need, locked for update, and its request. Raises NotFound."""
    found = rows.hold(session, Need, need_id)
    return found, request(session, found.request_id)


def hold(session: Session, request_id: UUID) -> SupportRequest:
    """Return the request, locked for update. Raises NotFound."""
    return rows.hold(session, SupportRequest, request_id)


# ----------------------------------------------------------------------------------------------------- verbs

_OVER = (OperationState.ARCHIVED.value, OperationState.CANCELLED.value, OperationState.EVALUATED.value)


def raise_request(session: Session, operation_id: UUID, draft: AssistanceRequestDraft, by: Actor) -> SupportRequest:
    """Raise a request: a national coordinator for the own country, a coordinator for any place of the operation.

    Idempotent; the same id with other content raises Conflict.
    """
    owner = plan.operation(session, operation_id, by)
    country = by.country if by.national else None
    require(by, Act.SUPPORT_REQUEST, plan.subject(owner, country))
    columns = _columns(session, operation_id, draft, country)
    otherwise = Conflict("This request was already made with other content. Reload the page to see it.")
    if known := rows.same_draft(session, SupportRequest, draft.id, columns | {"author_id": by.account_id}, otherwise):
        return known
    if owner.state in _OVER:
        raise RuleBroken("", "The operation has ended: no assistance can be asked for in it.")
    made = SupportRequest(
        id=draft.id,
        **rows.author(by),
        **columns,
    )
    if not by.national:
        LIFE.take(made, owner, _S.ASKED, by)
        made.asked_at = made.made_at
    session.add(made)
    session.flush()
    for position, needed in enumerate(draft.needs):
        session.add(
            Need(
                request_id=made.id, operation_id=operation_id, country=country, position=position, **needed.model_dump()
            )
        )
    origin = "hotspot" if draft.hotspot_id or draft.analysis_id else "country" if country else "coordination"
    wanted = sum(each.teams for each in draft.needs)
    record(session, by, Act.SUPPORT_REQUEST, made, origin=origin, teams=wanted, priority=made.priority)
    return made


def ask_countries(session: Session, request_id: UUID, by: Actor) -> SupportRequest:
    """Put a country's request to all participating countries. Idempotent."""
    found = hold(session, request_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.SUPPORT_ASK, plan.subject(owner))
    if found.state != _S.ASKED:
        LIFE.take(found, owner, _S.ASKED, by)
        found.asked_at = now()
        session.add(found)
        record(session, by, Act.SUPPORT_ASK, found)
    return found


def close(session: Session, request_id: UUID, by: Actor) -> SupportRequest:
    """Close a request, by its author's side or the coordinator. Accepted teams are not affected."""
    found = hold(session, request_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.SUPPORT_REQUEST, _of(found, owner, by))
    if found.state != _S.CLOSED:
        LIFE.take(found, owner, _S.CLOSED, by)
        found.closed_at = now()
        found.asked_at = found.asked_at or found.closed_at
        session.add(found)
        record(session, by, "support.close", found)
    return found


def _columns(
    session: Session, operation_id: UUID, draft: AssistanceRequestDraft, country: str | None
) -> dict[str, Any]:
    if country is not None and draft.host_country != country:
        raise RuleBroken("host_country", "A country asks for assistance on its own territory: choose your country.")
    invited = select(plan.Participation.country).where(plan.Participation.operation_id == operation_id)
    if draft.host_country not in set(session.exec(unscoped(invited))):
        raise RuleBroken("host_country", "This country does not take part in the operation: invite it first.")
    _refuse_origin(session, operation_id, draft)
    place, lat, lon = draft.place, draft.lat, draft.lon
    if draft.site_id is not None:
        site = places.site(session, draft.site_id)
        if site.operation_id != operation_id:
            raise NotFound
        if site.country != draft.host_country:
            raise RuleBroken("site_id", "This site lies in another country: choose one of the country that asks.")
        place, lat, lon = site.name, coarse(site.lat), coarse(site.lon)
    said = draft.model_dump(exclude={"id", "needs", "place", "lat", "lon"})
    return said | {"operation_id": operation_id, "country": country, "place": place, "lat": lat, "lon": lon}


def _refuse_origin(session: Session, operation_id: UUID, draft: AssistanceRequestDraft) -> None:
    """Require that a named hotspot or analysis is one that the asker sees in the operation. Raises NotFound."""
    if draft.hotspot_id is not None:
        drawn = {each.object_id: each.kind for each in places.objects(session, operation_id)}
        if drawn.get(draft.hotspot_id) != MapObjectKind.HOTSPOT:
            raise NotFound
    if draft.analysis_id is not None:
        asked = analyses.analysis(session, draft.analysis_id)
        if asked.operation_id != operation_id or asked.kind != AnalysisKind.HOTSPOTS:
            raise NotFound


def record(session: Session, by: Actor, act: str, about: SupportRequest, /, **detail: Any) -> None:
    """Write a journal entry about a request."""
    journal.record(
        session,
        by,
        act,
        "support_request",
        about.id,
        operation=about.operation_id,
        country=about.country,
        audience=None if about.asked_at is None else pulse.EVERYBODY,
        host=about.host_country,
        **detail,
    )
