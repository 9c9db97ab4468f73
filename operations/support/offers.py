"""Offers: a country offers one of its teams for a need; the coordinator accepts it, and a deployment begins.

    offered -> accepted | declined | withdrawn

Reasons against a team are shown to both sides as sentences (`suitability_facts.against`). The coordinator may accept a
team despite them and says why; only a team bound elsewhere at that time cannot be accepted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, CheckConstraint, Index, false, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import FIELD, Draft, Moment, Words, reason, rule
from operations.core.errors import Flaw, NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.state_machine import Life, Step
from operations.core.store import alone, locked, scoped
from operations.core.stored_sentences import sentence_json
from operations.core.vocabulary import Role
from operations.core.worklist import DAYS, TO_LEADERSHIP, CandidateRow, Waits
from operations.policing.operation import plan
from operations.support import requests, suitability, suitability_facts, teams
from operations.support.deployments import Deployment
from operations.support.requests import Need, SupportRequest
from operations.support.states import AssistanceState, NeedState, OfferState
from operations.support.teams import Team

_ORDER = rule("offer_reversed", "The team must leave after it comes: check the two times.")

# --------------------------------------------------------------------------------------------- state machine

_S = OfferState


class OfferFacts(NamedTuple):
    """Inputs to the steps of an offer."""

    owner: plan.Operation
    need: Need
    asked: SupportRequest


def _late(_found: "Offer | None", facts: OfferFacts) -> Iterator[Flaw]:
    """The request is asked of the countries, and the need is open and not over."""
    if facts.asked.state != AssistanceState.ASKED:
        yield Flaw("", "This request is not open to the countries, so no team can be offered.")
    elif facts.need.state is NeedState.MET:
        yield Flaw("", "This need is already met. No more teams can be accepted.")
    elif facts.need.ends <= now():
        yield Flaw("", "The period of this need has ended. Raise a new request.")


def _may(found: "Offer", facts: OfferFacts, step: Step[OfferState], by: Actor) -> bool:
    return may(by, step.act, plan.subject(facts.owner, found.country if by.national else None))


def _astray(before: OfferState, after: OfferState) -> Flaw:
    if (before, after) == (_S.ACCEPTED, _S.WITHDRAWN):
        return Flaw("", "This team was accepted: stand its deployment down instead, and say why.")
    return Flaw("", "This offer was already decided. Reload the page to see the decision.")


_ACCEPT = Act.SUPPORT_ACCEPT
_OFFERED = Waits(
    N_("{country} offers a team: accept or decline it."),
    "/operations/{operation}/teams?need={need_id}",
    "user-plus",
    since="made_at",
    within=DAYS,
    late=TO_LEADERSHIP,
    above="/operations/{operation}/overview",
    over=plan.ENDED,
)
LIFE: Life[OfferState] = Life(
    "offer",
    _S.OFFERED,
    (
        Step(_S.OFFERED, _S.ACCEPTED, "support.accept", _ACCEPT, guard=_late, waits=_OFFERED),
        Step(_S.OFFERED, _S.DECLINED, "support.decline", _ACCEPT, why=N_("Reason"), waits=_OFFERED),
        Step(_S.OFFERED, _S.WITHDRAWN, "support.take_back", Act.SUPPORT_OFFER),
    ),
    ends=(_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN),
    may=_may,
    astray=_astray,
)

# ---------------------------------------------------------------------------------------------------- tables


class Offer(SQLModel, table=True):
    """A team offered for a need.

    `against` holds the reasons against it at the time of the decision, as stored sentences.
    """

    __tablename__ = "support_offer"
    __table_args__ = (
        LIFE.known(),
        CheckConstraint("ends > starts", name="in_order"),
        CheckConstraint("(state = 'offered') = (decided_at IS NULL)", name="decided_once"),
        Index(
            "uq_support_offer_once",
            "need_id",
            "team_id",
            unique=True,
            sqlite_where=text("state IN ('offered', 'accepted')"),
            postgresql_where=text("state IN ('offered', 'accepted')"),
        ),
    )
    id: UUID = Field(primary_key=True)
    need_id: UUID = Field(foreign_key="support_need.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3, index=True)
    team_id: UUID = Field(foreign_key="team.id", index=True)
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    note: str = Field(default="", max_length=2000)
    state: str = Field(default=OfferState.OFFERED.value, max_length=12)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_name: str = Field(default="", max_length=120)
    decision: str = Field(default="", max_length=2000)
    against: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)


class OfferDraft(Draft):
    """Draft of an offer: a team, from when to when (aware moments)."""

    id: UUID
    team_id: UUID
    starts: Annotated[Moment, Label(N_("Begins"), N_("local time in {zone}"), parts=(N_("Begins on"), N_("Begins at")))]
    ends: Annotated[Moment, Label(N_("Ends"), N_("local time in {zone}"), parts=(N_("Ends on"), N_("Ends at")))]
    note: Annotated[Words, Label(N_("Note"))] = ""

    @model_validator(mode="after")
    def _in_order(self) -> "OfferDraft":
        if self.ends <= self.starts:
            raise PydanticCustomError(_ORDER, "offer reversed", {FIELD: "ends"})
        return self


@scoped(Offer)
def _offers_seen(actor: Actor) -> Any:
    """Visible to the coordination and the offering country: no country sees another's offers."""
    if actor.role in (Role.LEADERSHIP, Role.AUDITOR):
        return false()
    reach = plan.within_reach(Offer.operation_id, actor)
    if not actor.national:
        return reach
    own = reach & (col(Offer.country) == actor.country)
    if actor.role is Role.NATIONAL_COORDINATOR or not actor.bound:
        return own
    return own & col(Offer.team_id).in_(select(Team.id).where(Team.leader_id == actor.account_id))


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = (
        select(Offer, Need, SupportRequest)
        .join(Need, col(Need.id) == col(Offer.need_id))
        .join(SupportRequest, col(SupportRequest.id) == col(Need.request_id))
        .where(col(Offer.state).in_(states), col(Offer.operation_id).in_(owners.keys()))
    )
    return [
        CandidateRow(
            offered,
            OfferFacts(owners[offered.operation_id], need, asked),
            offered.operation_id,
            {"country": offered.country, "need_id": offered.need_id},
        )
        for offered, need, asked in session.exec(query)
    ]


def offers(session: Session, operation_id: UUID) -> dict[UUID, list[Offer]]:
    """Return the offers of an operation that the asker may see, by need, oldest first."""
    found: dict[UUID, list[Offer]] = {}
    query = select(Offer).where(Offer.operation_id == operation_id).order_by(col(Offer.made_at), col(Offer.id))
    for each in session.exec(query):
        found.setdefault(each.need_id, []).append(each)
    return found


def offer(session: Session, offer_id: UUID) -> Offer:
    """Return the offer. Raises NotFound."""
    return rows.one(session, Offer, offer_id)


def _record(session: Session, by: Actor, act: str, kind: str, of: Offer, /, **detail: Any) -> None:
    journal.record(session, by, act, kind, of.id, operation=of.operation_id, country=of.country, **detail)


OFFER = Noun(
    Offer,
    "support_offer",
    _record,
    N_("This offer was already made with other content. Reload the page to see it."),
    LIFE,
)

# ----------------------------------------------------------------------------------------------------- verbs


def make(session: Session, need_id: UUID, draft: OfferDraft, by: Actor) -> Offer:
    """Offer a team of the own country for a need. From here on the coordination sees the team.

    Idempotent. Raises RuleBroken where the need is not asked of the countries or is met.
    """
    need = requests.need(session, need_id)
    asked = requests.request(session, need.request_id)
    owner = plan.operation(session, need.operation_id, by)
    require(by, Act.SUPPORT_OFFER, plan.subject(owner, by.country))
    team = teams.team(session, draft.team_id)
    if team.country != by.country:
        raise NotFound
    said = draft.model_dump() | {"need_id": need_id}
    if known := OFFER.known(session, said):
        return known
    if late := tuple(_late(None, OfferFacts(owner, need, asked))):
        raise RuleBroken.all(late)
    if team.closed_at is not None:
        raise RuleBroken("team_id", "This team is not on the roster any more: choose another.")
    if team.out_of_service:
        raise RuleBroken("team_id", "This team is out of service: put it back into service first, or choose another.")
    if draft.starts < need.starts or draft.ends > need.ends:
        raise RuleBroken("starts", "These times are outside the period of the need. Choose times within it.")
    standing = [each for each in offers(session, need.operation_id).get(need_id, []) if each.team_id == team.id]
    if any(each.state in (OfferState.OFFERED, OfferState.ACCEPTED) for each in standing):
        raise RuleBroken("team_id", "This team is offered for this need already: choose another.")
    teams.show(session, team, need.operation_id)
    said |= {"operation_id": need.operation_id, "country": team.country}
    return OFFER.write(session, by, Act.SUPPORT_OFFER, said)


def accept(
    session: Session, offer_id: UUID, against: Sequence[suitability.Against], by: Actor, despite: str = ""
) -> Deployment:
    """Accept an offer and create its deployment. `against` is the current result of `suitability_facts.against`.

    Where there are reasons against it, `despite` must say why it goes all the same. Idempotent. Raises RuleBroken with
    every reason.
    """
    found, facts_now = _decided(session, offer_id, by)
    if found.state == _S.ACCEPTED:
        return session.exec(select(Deployment).where(Deployment.offer_id == found.id)).one()
    _owner, need, asked = facts_now
    LIFE.allow(found, facts_now, _S.ACCEPTED, by)
    alone(session, found.team_id)
    _refuse_against(session, found, need, against, despite)
    team = teams.team(session, found.team_id)
    found.against = [sentence_json(each) for each in against]
    _decide(session, found, _S.ACCEPTED, by, reason(despite, "despite") if despite.strip() else "")
    need.accepted += 1
    session.add(need)
    made = Deployment(
        id=found.id,
        offer_id=found.id,
        need_id=need.id,
        request_id=asked.id,
        operation_id=found.operation_id,
        country=team.country,
        host_country=asked.host_country,
        team_id=team.id,
        call_sign=team.call_sign,
        unit=team.unit,
        team_kind=team.kind,
        specialism=need.specialism,
        persons=team.persons,
        site_id=asked.site_id,
        place=asked.place,
        lat=asked.lat,
        lon=asked.lon,
        starts=found.starts,
        ends=found.ends,
        requested_at=asked.made_at,
        accepted_at=now(),
    )
    session.add(made)
    session.flush()
    OFFER.entry(session, by, Act.SUPPORT_ACCEPT, found, host=asked.host_country, against=len(against))
    return made


def decline(session: Session, offer_id: UUID, why: str, by: Actor) -> Offer:
    """Decline an offer, with a reason. Idempotent."""
    found, facts_now = _decided(session, offer_id, by)
    if found.state == _S.DECLINED:
        return found
    _step, why = LIFE.allow(found, facts_now, _S.DECLINED, by, why)
    _decide(session, found, _S.DECLINED, by, why)
    OFFER.entry(session, by, "support.decline", found, reason=why)
    return found


def take_back(session: Session, offer_id: UUID, by: Actor) -> Offer:
    """Withdraw an offer; an accepted team is stood down instead. Idempotent."""
    found = OFFER.hold(session, offer_id)
    owner = plan.operation(session, found.operation_id, by)
    require(by, Act.SUPPORT_OFFER, plan.subject(owner, found.country))
    if found.state == _S.WITHDRAWN:
        return found
    _decide(session, found, _S.WITHDRAWN, by, "")
    others = select(Offer.id).where(
        Offer.team_id == found.team_id, Offer.operation_id == found.operation_id, Offer.state != "withdrawn"
    )
    if session.exec(others).first() is None:
        teams.hide(session, found.team_id, found.operation_id)
    OFFER.entry(session, by, "support.take_back", found)
    return found


# ----------------------------------------------------------------------------------------------------- rules


def _decided(session: Session, offer_id: UUID, by: Actor) -> tuple[Offer, OfferFacts]:
    """Return an offer that `by` may decide about, locked for update, with the inputs to its steps."""
    seen = offer(session, offer_id)
    owner = plan.operation(session, seen.operation_id, by)
    require(by, Act.SUPPORT_ACCEPT, plan.subject(owner))
    need, asked = requests.hold_need(session, seen.need_id)
    held: Offer = session.exec(locked(select(Offer).where(Offer.id == offer_id))).one()
    return held, OfferFacts(owner, need, asked)


def _refuse_against(
    session: Session, found: Offer, need: Need, against: Sequence[suitability.Against], despite: str
) -> None:
    """Raise RuleBroken where the team is bound elsewhere, or where other reasons are not answered in `despite`."""
    for other in suitability_facts.engagements(session, found.team_id, but=need.id):
        if other.starts < found.ends and found.starts < other.until and other.bound:
            raise RuleBroken(
                "",
                "This team is already assigned at that time: {place}, {start} to {end}.",
                place=suitability_facts.where(session, other),
                start=f"{other.starts:%Y-%m-%d %H:%M UTC}",
                end=f"{other.until:%Y-%m-%d %H:%M UTC}",
            )
    if blocked := suitability_facts.blocking(against):
        raise suitability.refusal("", blocked)
    if against and not despite.strip():
        raise RuleBroken("despite", "There are reasons against this team. Say why it should go nevertheless.")


def _decide(session: Session, found: Offer, state: OfferState, by: Actor, words: str) -> None:
    LIFE.go(found, state)
    found.decided_at, found.decided_name, found.decision = now(), by.name, words
    session.add(found)
    session.flush()
