"""Deployments: a team of one country at a place of an operation; tables, state machine (domain 1.6.3) and visibility.

Every step, check-in and handover note is an entry in the log of the deployment, which only grows. Positions are names
of sites and towns.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, journal, pulse, rows
from operations.core.clock import UtcDateTime
from operations.core.drafts import Draft, Moment, Words
from operations.core.errors import Flaw, existing
from operations.core.field_labels import N_, Label
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, ways
from operations.core.store import locked, scoped, unscoped
from operations.core.vocabulary import Classification, OperationState, Role
from operations.core.worklist import DAYS, TO_LEADERSHIP, UP, CandidateRow, Waits
from operations.policing import lifecycle
from operations.policing.operation import outward_acts, plan
from operations.policing.readiness import Guard
from operations.policing.reports import exclusions
from operations.support import teams
from operations.support.states import BOUND, ON_DUTY, DeploymentState
from operations.support.teams import Place, Team

CHECK_IN_HOURS = 12

# ---------------------------------------------------------------------------------------------------- tables


@history.versioned("state", "on_site_at", "left_at", screened=True)
class Deployment(SQLModel, table=True):
    """A deployment: one team at one place. Only `deployment_acts` changes its state.

    The team's data for the host (call sign, kind, persons) are copied here, so that the roster stays visible to its
    country alone. `requested_at` is when assistance was asked for: readiness is measured from there (K32).
    """

    __table_args__ = (
        UniqueConstraint("operation_id", "accreditation"),
        CheckConstraint("ends > starts", name="in_order"),
        CheckConstraint("check_in_hours > 0 AND persons > 0", name="counts"),
    )
    id: UUID = Field(primary_key=True)
    offer_id: UUID = Field(foreign_key="support_offer.id", unique=True)
    need_id: UUID = Field(foreign_key="support_need.id", index=True)
    request_id: UUID = Field(foreign_key="support_request.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3, index=True)
    host_country: str = Field(max_length=3, index=True)
    team_id: UUID = Field(foreign_key="team.id", index=True)
    call_sign: str = Field(max_length=40)
    unit: str = Field(default="", max_length=300)
    team_kind: str = Field(max_length=24)
    specialism: str = Field(max_length=24)
    persons: int
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    place: str = Field(max_length=300)
    lat: float
    lon: float
    tasks: str = Field(default="", max_length=2000)
    executive_powers: bool = False
    check_in_hours: int = CHECK_IN_HOURS
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=DeploymentState.REQUESTED.value, max_length=12, index=True)
    requested_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime = Field(sa_type=UtcDateTime)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_base_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    on_site_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    contact_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accreditation: str | None = Field(default=None, max_length=24)
    accredited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def due_at(self) -> datetime | None:
        """When the next check-in is due; None while the team is not on duty."""
        if DeploymentState(self.state) not in ON_DUTY or self.contact_at is None:
            return None
        return self.contact_at + timedelta(hours=self.check_in_hours)

    def overdue(self, at: datetime) -> bool:
        """Return whether a check-in is overdue at a moment."""
        return self.due_at is not None and at > self.due_at

    @property
    def until(self) -> datetime:
        """Until when it binds the team: the ordered end, or when the team actually left."""
        return self.left_at or self.ends

    @property
    def bound(self) -> bool:
        """Whether it binds the team now."""
        return DeploymentState(self.state) in BOUND


class DeploymentEntry(SQLModel, table=True):
    """An entry in the log of a deployment. `kind` is one of `EntryKind`, `state` the state after it."""

    __tablename__ = "deployment_entry"
    id: UUID = Field(primary_key=True)
    deployment_id: UUID = Field(foreign_key="deployment.id", index=True)
    request_id: UUID = Field(foreign_key="support_request.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3, index=True)
    host_country: str = Field(max_length=3)
    kind: str = Field(max_length=12)
    state: str = Field(max_length=12)
    place: str = Field(max_length=300)
    words: str = Field(default="", max_length=2000)
    at: datetime = Field(sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    author_id: UUID | None = None
    author_name: str = Field(max_length=120)


# ---------------------------------------------------------------------------------------------------- drafts


class OrderDraft(Draft):
    """Draft of an order to go: tasks, interval of check-ins, and executive powers."""

    tasks: Annotated[Words, Label(N_("What the team does there"))]
    check_in_hours: Annotated[int, Rule(strict=True, ge=1, le=72), Label(N_("Checks in every so many hours"))] = (
        CHECK_IN_HOURS
    )
    executive_powers: Annotated[bool, Label(N_("It has executive powers"))] = False


class DutyDraft(Draft):
    """Draft of a team leader's report; `at` is now where it is not given, `id` makes a retry the same report."""

    id: UUID
    at: Moment | None = None
    place: Place = ""
    words: Words = ""


# ------------------------------------------------------------------------------------------------ the life cycle


_S = DeploymentState


def subject(session: Session, found: Deployment) -> Subject:
    """Return the permission subject of a deployment. Raises NotFound where its operation is hidden."""
    owner = rows.one(session, plan.Operation, found.operation_id)
    return Subject(found.country, found.operation_id, found.site_id, Classification(owner.classification))


class DeploymentFacts(NamedTuple):
    """Inputs to the steps of a deployment: its permission subject, and its team where the person is a team leader.

    Others may act for every team, so they need none.
    """

    subject: Subject
    team: Team | None
    outward: Flaw | None = None


def facts(session: Session, found: Deployment, by: Actor) -> DeploymentFacts:
    """What the steps depend on now. Raises NotFound."""
    leads = by.role is Role.TEAM_LEADER and by.country == found.country
    refused = outward_acts.obstacle(session, found.operation_id, "deployment.order")
    return DeploymentFacts(subject(session, found), teams.team(session, found.team_id) if leads else None, refused)


def lets(session: Session, found: Deployment, act: Act, by: Actor) -> bool:
    """Return whether `by` may do `act` to a deployment; a team leader only to the own team's."""
    return _lets(facts(session, found, by), act, by)


def _lets(known: DeploymentFacts, act: Act, by: Actor) -> bool:
    led = by.role is not Role.TEAM_LEADER or (known.team is not None and teams.led(known.team, by))
    return led and may(by, act, known.subject)


def _approved(_found: Deployment, known: DeploymentFacts) -> Iterator[Flaw]:
    """The operation is approved, runs, and is not suspended."""
    if known.outward:
        yield known.outward


def _instead(before: DeploymentState, after: DeploymentState) -> Flaw:
    """Return the flaw that says what to do where a step is not possible."""
    if before in (_S.DEBRIEFED, _S.STOOD_DOWN):
        return _OVER
    if after is _S.WITHDRAWN:
        return _ON_ITS_WAY if before is _S.MOBILISING else _GONE if before is _S.WITHDRAWN else _NOT_LEFT
    if after is _S.STOOD_DOWN:
        return _STAYS
    if after is _S.APPROVED:
        return _ORDERED
    if after is _S.DEBRIEFED:
        return _STILL_THERE
    if before is _S.REQUESTED:
        return _NOT_ORDERED
    if after is _S.ON_SITE and before is _S.APPROVED:
        return _NO_DEPARTURE
    return PAST


_OVER = Flaw("", "This deployment has ended: nothing more is reported for it.")
_NOT_LEFT = Flaw("", "The team has not left its base yet, so it cannot be recalled: stand it down instead.")
_ON_ITS_WAY = Flaw("", "The team is on its way and has not arrived: stand it down, or report its arrival first.")
_GONE = Flaw("", "The team has left the place already: write the debriefing next.")
_STAYS = Flaw("", "The team has arrived, so it is not stood down: report that it leaves the place.")
_ORDERED = Flaw("", "The team was ordered to go already: stand it down to change the order.")
_STILL_THERE = Flaw("", "A debriefing follows the deployment: report first that the team has left the place.")
_NOT_ORDERED = Flaw("", "The coordinator has not ordered the team to go yet: wait for the order.")
_NO_DEPARTURE = Flaw("", "The team has not reported its departure: report first that it left its base.")
PAST = Flaw("", "This step was reported already: look at the log of the deployment.")
_MUSTER = "Muster notes that the team has not checked in for twice the time it was given."
_TEAMS, _MY_TEAM = "/operations/{operation}/teams", "/operations/{operation}/my-team"
_ACCEPTED = Waits(
    N_("{call_sign} was accepted: order the team to go."),
    "/operations/{operation}/teams?need={need_id}",
    "send",
    "accepted_at",
    "starts",
    late=TO_LEADERSHIP,
    above="/operations/{operation}/overview",
    over=plan.ENDED,
)
_ORDER_TO_GO = Waits(
    N_("{call_sign} is ordered to go: report when it leaves."),
    _MY_TEAM,
    "plane-departure",
    "approved_at",
    "starts",
    late=UP,
    above=_TEAMS,
    over=plan.ENDED,
)
_COMING = Waits(
    N_("{call_sign} is on its way: report the arrival."),
    _MY_TEAM,
    "map-pin",
    "left_base_at",
    "starts",
    late=UP,
    above=_TEAMS,
)
_CHECK_IN = Waits(
    N_("The check-in of {call_sign} is overdue."),
    _MY_TEAM,
    "urgent",
    "due_at",
    "due_at",
    when=lambda found, at: found.overdue(at),
)
_BACK = Waits(
    N_("{call_sign} has left the place: write the debriefing."),
    _MY_TEAM,
    "clipboard-check",
    "left_at",
    within=7 * DAYS,
    late=UP,
    above=_TEAMS,
)
_REPORT, _STAND_DOWN = Act.DEPLOYMENT_REPORT, Act.DEPLOYMENT_STAND_DOWN
LIFE: Life[DeploymentState] = Life(
    "deployment",
    _S.REQUESTED,
    (
        Step(_S.REQUESTED, _S.APPROVED, "deployment.order", Act.DEPLOYMENT_ORDER, guard=_approved, waits=_ACCEPTED),
        Step(
            _S.APPROVED,
            _S.MOBILISING,
            "deployment.mobilising",
            _REPORT,
            N_("We leave our base"),
            "plane-departure",
            waits=_ORDER_TO_GO,
        ),
        Step(_S.MOBILISING, _S.ON_SITE, "deployment.on_site", _REPORT, N_("I am on site"), "map-pin", waits=_COMING),
        *ways(ON_DUTY, _S.ON_SITE, "deployment.check_in", _REPORT, N_("Check in"), "check", waits=_CHECK_IN),
        Step(_S.ON_SITE, _S.OFFLINE, "deployment.lose_contact", _REPORT, elsewhere=_MUSTER),
        *ways(ON_DUTY, _S.WITHDRAWN, "deployment.withdrawn", _REPORT, N_("We leave the place"), "logout"),
        Step(
            _S.WITHDRAWN,
            _S.DEBRIEFED,
            "deployment.debriefed",
            _REPORT,
            N_("Send the debriefing"),
            "clipboard-check",
            waits=_BACK,
        ),
        *ways(
            (_S.REQUESTED, _S.APPROVED, _S.MOBILISING),
            _S.STOOD_DOWN,
            "deployment.stand_down",
            _STAND_DOWN,
            N_("Stand this team down"),
            "ban",
            N_("Why it is stood down"),
        ),
    ),
    ends=(_S.DEBRIEFED, _S.STOOD_DOWN),
    may=lambda _found, known, step, by: _lets(known, step.act, by),
    astray=_instead,
)
"""What is not here does not happen. The team leader's steps stand in the order in which they are likely."""
Deployment.__table__.append_constraint(LIFE.known())  # type: ignore[attr-defined]


# --------------------------------------------------------------------------------------------- who sees what


@scoped(Deployment)
def _deployments_seen(actor: Actor) -> Any:
    """The coordination sees all deployments of its operations; a country its own teams, and foreign ones ordered to it.

    Officers and team leaders with postings see the deployments at their sites, and those of the team that they lead.
    """
    if actor.role in (Role.LEADERSHIP, Role.AUDITOR):
        return false()
    reach = plan.within_reach(Deployment.operation_id, actor)
    if not actor.national:
        return reach
    own = col(Deployment.country) == actor.country
    host = (col(Deployment.host_country) == actor.country) & col(Deployment.approved_at).is_not(None)
    if actor.role is Role.NATIONAL_COORDINATOR or not actor.bound:
        return reach & (own | host)
    led = own & col(Deployment.team_id).in_(select(Team.id).where(Team.leader_id == actor.account_id))
    return reach & (led | ((own | host) & col(Deployment.site_id).in_(actor.sites)))


@scoped(DeploymentEntry)
def _entries_seen(actor: Actor) -> Any:
    """Visible as the deployment is; handover notes also to countries with a team for the same request."""
    if actor.role in (Role.LEADERSHIP, Role.AUDITOR):
        return false()
    mine = select(Deployment.id).where(_deployments_seen(actor))
    seen = col(DeploymentEntry.deployment_id).in_(mine)
    if not actor.national:
        return seen
    beside = select(Deployment.request_id).where(_deployments_seen(actor), col(Deployment.country) == actor.country)
    return seen | ((col(DeploymentEntry.kind) == "handover") & col(DeploymentEntry.request_id).in_(beside))


# ------------------------------------------------------------------------------------------------- questions


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = (
        select(Deployment, Team)
        .join(Team, col(Team.id) == col(Deployment.team_id), isouter=True)
        .where(col(Deployment.state).in_(states), col(Deployment.operation_id).in_(owners.keys()))
    )
    return [
        CandidateRow(
            each,
            DeploymentFacts(
                plan.subject(owners[each.operation_id], each.country, each.site_id),
                team,
                outward_acts.flaw("deployment.order", owners[each.operation_id].state),
            ),
            each.operation_id,
            {"call_sign": each.call_sign, "need_id": each.need_id},
        )
        for each, team in session.exec(query)
    ]


def deployments(session: Session, operation_id: UUID) -> list[Deployment]:
    """Return the deployments of an operation that the asker may see, by country and call sign."""
    query = select(Deployment).where(Deployment.operation_id == operation_id)
    return list(session.exec(query.order_by(Deployment.country, Deployment.call_sign, col(Deployment.accepted_at))))


def teams_on_site(session: Session, operation: plan.Operation) -> list[Deployment]:
    """The deployments of an operation whose team is on site, whoever asks: a guard needs it."""
    states = [state.value for state in ON_DUTY]
    query = select(Deployment).where(Deployment.operation_id == operation.id, col(Deployment.state).in_(states))
    return list(session.exec(unscoped(query.order_by(Deployment.country, Deployment.call_sign))))


@lifecycle.register_guards(OperationState.DEBRIEFED)
def _released(session: Session, operation: plan.Operation) -> Iterator[Guard]:
    """No team is still on site, as far as whoever asks may know."""
    if exclusions.sees_pending_counts(session.info.get("actor")):
        there = [each.call_sign for each in teams_on_site(session, operation)]
        flaw = Flaw("teams", _STILL_ON_SITE, {"teams": ", ".join(there)}, Act.DEPLOYMENT_STAND_DOWN, _TEAMS)
        yield Guard(flaw, not there)


_STILL_ON_SITE = N_("Teams still on site: {teams}. Release each of them, or record that it left and how you know.")


def deployment(session: Session, deployment_id: UUID) -> Deployment:
    """Return the deployment. Raises NotFound."""
    return rows.one(session, Deployment, deployment_id)


def hold(session: Session, deployment_id: UUID) -> Deployment:
    """Return the deployment, locked for update. Raises NotFound."""
    query = locked(select(Deployment).where(Deployment.id == deployment_id))
    found: Deployment = existing(session.exec(query).one_or_none())
    return found


def log(session: Session, deployment_id: UUID) -> list[DeploymentEntry]:
    """Return the log of a deployment, newest first."""
    query = select(DeploymentEntry).where(DeploymentEntry.deployment_id == deployment_id)
    return list(session.exec(query.order_by(col(DeploymentEntry.at).desc(), col(DeploymentEntry.recorded_at).desc())))


def handovers(session: Session, request_id: UUID) -> Sequence[DeploymentEntry]:
    """Return the handover notes of a request that the asker may see, newest first."""
    query = select(DeploymentEntry).where(DeploymentEntry.request_id == request_id, DeploymentEntry.kind == "handover")
    return list(session.exec(query.order_by(col(DeploymentEntry.at).desc())))


def led_by(session: Session, by: Actor) -> list[Deployment]:
    """Return the deployments of teams that `by` leads and that are not over, those under way first."""
    mine = select(Team.id).where((col(Team.leader_id) == by.account_id) | col(Team.leader_id).is_(None))
    over = [state.value for state in LIFE.ends]
    query = select(Deployment).where(
        Deployment.country == by.country, col(Deployment.team_id).in_(mine), col(Deployment.state).not_in(over)
    )
    return sorted(session.exec(query), key=lambda each: (not each.bound, each.starts, each.call_sign))


def record(session: Session, by: Actor | System, act: str, about: Deployment, /, **detail: Any) -> None:
    """Write a journal entry about a deployment."""
    host = None if about.approved_at is None else about.host_country  # not told before the order
    journal.record(
        session,
        by,
        act,
        "deployment",
        about.id,
        operation=about.operation_id,
        country=about.country,
        audience=pulse.CENTRE | pulse.countries(about.country, host),
        host=about.host_country,
        state=about.state,
        **detail,
    )
