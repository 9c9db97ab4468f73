"""Operations, their phases and the countries that take part: drafts, tables and verbs (domain 1.3, 1.6.1, 1.6.2).

The life cycle stands in `lifecycle`; this module holds what an operation is and how its parts are put in place.
"""

from datetime import datetime, time
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import hearing, journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, Moment, Name, Words, Zone, rule
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.people import Actor, Assignment
from operations.core.permissions import Act, Subject, may, require
from operations.core.said import N_, Said
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import (
    Art3Screen,
    Classification,
    Country,
    InList,
    LineKind,
    OperationState,
    OperationType,
    ParticipationState,
    PhaseKind,
    Role,
)
from operations.measures import totals

_PHASE_ORDER = rule("phase_reversed", "The phase must end after it begins.")

# ---------------------------------------------------------------------------------------------------- tables


class Operation(SQLModel, table=True):
    """An operation. Its state moves by `lifecycle.move` only."""

    __table_args__ = (UniqueConstraint("code_name", "edition"),)
    id: UUID = Field(primary_key=True)
    code_name: str = Field(max_length=120)
    edition: int = 1
    type: str = Field(max_length=24)
    state: str = Field(default=OperationState.DRAFT.value, max_length=24)
    state_before: str | None = Field(default=None, max_length=24)
    crime_scope: list[str] = Field(default_factory=list, sa_type=JSON)
    aim: str = Field(default="", max_length=2000)
    legal_basis: str = Field(default="", max_length=2000)
    reason_to_open: str = Field(default="", max_length=2000)
    measured_goal: str = Field(default="", max_length=2000)
    end_criterion: str = Field(default="", max_length=2000)
    zone: str = Field(max_length=64)
    day_cut: time = time(0)
    classification: str = Field(max_length=20)
    art3_screen: str = Field(max_length=16)
    line_kinds: list[str] = Field(default_factory=list, sa_type=JSON)
    daily_due: time | None = None
    invented: str = Field(default="", max_length=2000)
    created_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1

    @property
    def title(self) -> str:
        """Code name and, from the second on, edition."""
        return self.code_name if self.edition == 1 else f"{self.code_name} ({self.edition})"


class Phase(SQLModel, table=True):
    """A phase of an operation, from `start` to before `end` (UTC; shown in the operation's zone)."""

    __table_args__ = (CheckConstraint("ends > starts", name="in_order"),)
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    kind: str = Field(max_length=24)
    name: str = Field(max_length=120)
    starts: datetime = Field(sa_type=UtcDateTime)
    ends: datetime = Field(sa_type=UtcDateTime)
    version: int = 1


class Participation(SQLModel, table=True):
    """A country in an operation."""

    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    state: str = Field(default=ParticipationState.INVITED.value, max_length=24)
    contribution: str = Field(default="participant", max_length=32)
    shares_totals: bool = False
    invited_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------- who sees what


def within_reach(column: Any, actor: Actor) -> Any:
    """An SQL condition: `column` names an operation that the actor works for and is cleared for.

    Leadership and auditors work for all operations, administrators for none.
    """
    if actor.role is Role.ADMINISTRATOR:
        return false()
    cleared = [level.value for level in Classification if level.rank <= actor.clearance.rank]
    everywhere = actor.role in (Role.LEADERSHIP, Role.AUDITOR)
    member = true() if everywhere else col(column).in_(actor.operations)
    if len(cleared) == len(Classification):
        return member
    return member & col(column).in_(select(Operation.id).where(col(Operation.classification).in_(cleared)))


@scoped(Operation)
def _operations_seen(actor: Actor) -> object:
    return within_reach(Operation.id, actor)


@scoped(Phase)
def _phases_seen(actor: Actor) -> object:
    return within_reach(Phase.operation_id, actor)


@scoped(Participation)
def _participations_seen(actor: Actor) -> object:
    """A national coordinator sees the country's own; officers none; central roles those of the operations in reach."""
    if not may(actor, Act.PARTICIPATION_READ):
        return false()
    if not actor.national:
        return within_reach(Participation.operation_id, actor)
    return (col(Participation.country) == actor.country) & within_reach(Participation.operation_id, actor)


@scoped(totals.Total)
def _totals_seen(actor: Actor) -> object:
    """Sums of the whole operation for everybody in it; those of one country for that country and central roles."""
    reach = within_reach(totals.Total.operation_id, actor)
    return reach & (col(totals.Total.country).in_(("", actor.country)) if actor.national else true())


@scoped(totals.SiteActivity)
def _site_activity_seen(actor: Actor) -> object:
    reach = within_reach(totals.SiteActivity.operation_id, actor)
    return reach & (col(totals.SiteActivity.country) == actor.country) if actor.national else reach


@scoped(totals.CountryActivity)
def _country_activity_seen(actor: Actor) -> object:
    reach = within_reach(totals.CountryActivity.operation_id, actor)
    return reach & (col(totals.CountryActivity.country) == actor.country) if actor.national else reach


# ---------------------------------------------------------------------------------------------------- drafts


class OperationDraft(Draft):
    """What a coordinator writes about an operation. `zone` and `day_cut` say when its official days begin."""

    id: UUID
    code_name: Name
    edition: Annotated[int, Rule(ge=1, le=99)] = 1
    type: OperationType
    crime_scope: Annotated[list[Annotated[str, InList("CL-CRIMESCOPE")]], Rule(min_length=1)]
    aim: Words = ""
    legal_basis: Words = ""
    reason_to_open: Annotated[
        Words, Said(N_("Reason to open"), N_("What happened, or is expected, that calls for this operation."), "text")
    ] = ""
    measured_goal: Annotated[
        Words, Said(N_("Measured goal"), N_("What will have been reached, in a number that can be counted."), "text")
    ] = ""
    end_criterion: Annotated[
        Words,
        Said(
            N_("Criterion to end"), N_("What must be true for the operation to end, or by when at the latest."), "text"
        ),
    ] = ""
    zone: Zone
    day_cut: time = time(0)
    classification: Classification = Classification.FOR_OFFICIAL_USE
    art3_screen: Art3Screen = Art3Screen.NOT_SCREENED
    line_kinds: tuple[LineKind, ...] = ()
    daily_due: time | None = None
    invented: Words = ""


class PhaseDraft(Draft):
    """When a phase runs: aware moments, the end after the start."""

    id: UUID
    kind: PhaseKind
    name: Name
    starts: Moment
    ends: Moment

    @model_validator(mode="after")
    def _in_order(self) -> "PhaseDraft":
        if self.ends <= self.starts:
            raise PydanticCustomError(_PHASE_ORDER, "phase reversed")
        return self


class Invitation(Draft):
    """A country asked to take part, and as what."""

    country: Country
    contribution: Annotated[str, InList("CL-CONTRIBUTION")] = "participant"


_WRITABLE = (OperationState.DRAFT.value, OperationState.PROPOSED.value)
ENDED = tuple(
    state.value
    for state in (
        OperationState.DEBRIEFED,
        OperationState.FINAL,
        OperationState.EVALUATED,
        OperationState.ARCHIVED,
        OperationState.CANCELLED,
    )
)

# ------------------------------------------------------------------------------------------------- questions


def subject(operation: Operation, country: str | None = None, site: UUID | None = None) -> Subject:
    """The operation, or one country's or one site's part in it, as permissions see it."""
    return Subject(
        country=country, operation=operation.id, site=site, classification=Classification(operation.classification)
    )


def operation(session: Session, operation_id: UUID, by: Actor) -> Operation:
    """The operation, where `by` may read it. Raises NotFound, which does not tell whether it exists."""
    found = rows.one(session, Operation, operation_id)
    if not may(by, Act.OPERATION_READ, subject(found)):
        raise NotFound
    return found


def hold(session: Session, operation_id: UUID, by: Actor) -> Operation:
    """The operation, kept until the transaction ends: its plans are written, numbered and approved one by one."""
    rows.held(session, Operation, operation_id)
    return operation(session, operation_id, by)


def operations(session: Session, by: Actor) -> list[Operation]:
    """The operations that `by` may read, the latest beginning first."""
    found = session.exec(select(Operation).order_by(col(Operation.created_at).desc())).all()
    return [each for each in found if may(by, Act.OPERATION_READ, subject(each))]


def phases(session: Session, operation_id: UUID) -> list[Phase]:
    """The phases in the order of their beginning."""
    return list(session.exec(select(Phase).where(Phase.operation_id == operation_id).order_by(col(Phase.starts))))


def participations(session: Session, operation_id: UUID) -> list[Participation]:
    """The participations that the session's asker may see, by country."""
    query = select(Participation).where(Participation.operation_id == operation_id).order_by(Participation.country)
    return list(session.exec(query).all())


# ----------------------------------------------------------------------------------------------------- verbs


def create(session: Session, draft: OperationDraft, by: Actor) -> Operation:
    """Create an operation as a draft; its author works for it from now on.

    The same draft again: the same answer. The same id with other content is a Conflict.
    """
    require(by, Act.OPERATION_CREATE, Subject(classification=draft.classification))
    otherwise = Conflict("This operation was already created with other content. Reload the page and edit it instead.")
    if known := rows.said_before(session, Operation, draft.id, _columns(draft), otherwise):
        return known
    _refuse_taken_name(session, draft)
    made = Operation(**_columns(draft), created_at=now())
    session.add(made)
    session.flush()
    session.add(Assignment(account_id=by.account_id, operation_id=made.id))
    journal.record(session, by, Act.OPERATION_CREATE, "operation", made.id, operation=made.id, type=made.type)
    return made


def edit(session: Session, draft: OperationDraft, by: Actor, version: int) -> Operation:
    """Change what an operation says about itself, while it is not yet running.

    `version` is the one that was on the screen; Conflict when somebody changed it meanwhile.
    """
    found = rows.hold(session, Operation, draft.id)
    require(by, Act.OPERATION_EDIT, subject(found))
    require(by, Act.OPERATION_EDIT, Subject(operation=found.id, classification=draft.classification))
    if found.version != version:
        raise Conflict("Somebody changed this operation while you were writing. Reload it to see the change.")
    if found.state not in _WRITABLE:
        raise RuleBroken("", "An approved operation is not edited: its approval froze it.")
    _refuse_taken_name(session, draft)
    changes = {}
    for name, value in _columns(draft).items():
        if getattr(found, name) != value:
            changes[name] = value
            setattr(found, name, value)
    if changes:
        found.version += 1
        session.add(found)
        journal.record(
            session, by, Act.OPERATION_EDIT, "operation", found.id, operation=found.id, changed=sorted(changes)
        )
    return found


def schedule(session: Session, operation_id: UUID, draft: PhaseDraft, by: Actor) -> Phase:
    """Put a phase on the calendar, or move the one with the same id. Phases of one operation do not overlap.
    A phase keeps its kind from the approval on, because results are counted by it; an operation that has ended keeps
    its calendar. The same again changes nothing.
    """
    owner = operation(session, operation_id, by)
    require(by, Act.OPERATION_EDIT, subject(owner))
    if owner.state in ENDED:
        raise RuleBroken("", "The operation has ended: its calendar stays as it was.")
    for other in phases(session, operation_id):
        if other.id != draft.id and draft.starts < other.ends and other.starts < draft.ends:
            raise RuleBroken("starts", "This overlaps with the phase {name}: choose other times.", name=other.name)
    phase = rows.held(session, Phase, draft.id)
    if phase is not None and phase.operation_id != operation_id:
        raise NotFound
    if phase is not None and phase.kind != draft.kind and owner.state not in _WRITABLE:
        raise RuleBroken("kind", "The approval froze the kind of this phase: schedule another phase.")
    if phase is not None and all(getattr(phase, name) == value for name, value in draft):
        return phase
    before = None if phase is None else [phase.starts.isoformat(), phase.ends.isoformat()]
    phase = phase or Phase(
        id=draft.id, operation_id=operation_id, kind="", name="", starts=draft.starts, ends=draft.ends, version=0
    )
    phase.version += 1
    phase.kind, phase.name, phase.starts, phase.ends = draft.kind.value, draft.name, draft.starts, draft.ends
    session.add(phase)
    journal.record(
        session,
        by,
        "phase.schedule",
        "phase",
        phase.id,
        operation=operation_id,
        phase=phase.kind,
        starts=draft.starts.isoformat(),
        ends=draft.ends.isoformat(),
        before=before,
    )
    return phase


def invite(session: Session, operation_id: UUID, invitation: Invitation, by: Actor) -> Participation:
    """Ask a country to take part, again where it declined or left. Otherwise a country already asked stays as it is."""
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_INVITE, subject(owner, invitation.country))
    if owner.state in ENDED:
        raise RuleBroken("", "The operation has ended: no country can join it.")
    asked = rows.held(session, Participation, operation_id, invitation.country)
    if asked is not None and asked.state not in (ParticipationState.DECLINED, ParticipationState.WITHDRAWN):
        return asked
    asked = asked or Participation(operation_id=operation_id, country=invitation.country, invited_at=now())
    asked.state, asked.contribution = ParticipationState.INVITED.value, invitation.contribution
    asked.invited_at, asked.answered_at = now(), None
    session.add(asked)
    journal.record(
        session,
        by,
        Act.PARTICIPATION_INVITE,
        "participation",
        operation=operation_id,
        country=invitation.country,
    )
    return asked


def answer(
    session: Session, operation_id: UUID, by: Actor, *, accept: bool, shares_totals: bool = False
) -> Participation:
    """A national coordinator confirms or declines the country's invitation, and says whether others see its totals."""
    return _answer(
        session,
        operation_id,
        by,
        ParticipationState.CONFIRMED if accept else ParticipationState.DECLINED,
        shares_totals,
    )


def withdraw(session: Session, operation_id: UUID, by: Actor) -> Participation:
    """The country leaves the operation. What it reported so far stays in the totals."""
    return _answer(session, operation_id, by, ParticipationState.WITHDRAWN, shares_totals=False)


TAKING_PART = {ParticipationState.CONFIRMED, ParticipationState.PREPARING, ParticipationState.ACTIVE}
_ANSWERS = {
    ParticipationState.CONFIRMED: {ParticipationState.INVITED, *TAKING_PART},
    ParticipationState.DECLINED: {ParticipationState.INVITED},
    ParticipationState.WITHDRAWN: {ParticipationState.INVITED, ParticipationState.REPORTED_FINAL, *TAKING_PART},
}


def taking_part(operation_id: Any, country: Any) -> Any:
    """An SQL condition: the country has said yes to the operation and has not left, whoever asks.

    It reads the bare table, because an officer may rely on the answer of the country without seeing it.
    """
    of = Participation.__table__  # type: ignore[attr-defined]
    yes = sa.select(of.c.state).where(of.c.operation_id == operation_id, of.c.country == country)
    return yes.where(of.c.state.in_([state.value for state in TAKING_PART])).exists()


def _answer(
    session: Session, operation_id: UUID, by: Actor, to: ParticipationState, shares_totals: bool
) -> Participation:
    """Write the country's answer down. One that takes part already changes only whether others see its totals."""
    owner = operation(session, operation_id, by)
    require(by, Act.PARTICIPATION_ANSWER, subject(owner, by.country))
    found = rows.hold(session, Participation, operation_id, by.country)
    if ParticipationState(found.state) not in _ANSWERS[to]:
        raise RuleBroken("", "The country has already answered: ask the coordinator to invite it again.")
    if to is not ParticipationState.CONFIRMED or found.state not in TAKING_PART:
        running = to is ParticipationState.CONFIRMED and owner.state == OperationState.ACTIVE
        found.state = ParticipationState.ACTIVE.value if running else to.value
    found.shares_totals, found.answered_at = shares_totals, now()
    session.add(found)
    if to is ParticipationState.CONFIRMED:
        totals.expect_country(session, operation_id, found.country, shares_totals)
    else:
        totals.release_country(session, operation_id, found.country)
    journal.record(
        session,
        by,
        Act.PARTICIPATION_ANSWER,
        "participation",
        operation=operation_id,
        country=found.country,
        audience=hearing.EVERYBODY,  # boards show who takes part
        state=to.value,
        shares_totals=shares_totals,
    )
    return found


def _columns(draft: OperationDraft) -> dict[str, Any]:
    columns = draft.model_dump()
    for name in ("type", "classification", "art3_screen"):
        columns[name] = columns[name].value
    columns["line_kinds"] = [kind.value for kind in draft.line_kinds]
    return columns


def _refuse_taken_name(session: Session, draft: OperationDraft) -> None:
    """Code name and edition are unique, whoever can see the other operation."""
    taken = session.exec(
        unscoped(
            select(Operation.id).where(
                Operation.code_name == draft.code_name, Operation.edition == draft.edition, Operation.id != draft.id
            )
        )
    ).first()
    if taken is not None:
        raise RuleBroken("code_name", "This code name and edition are taken: choose another.")
