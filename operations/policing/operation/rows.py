"""Tables of operations and their phases, and their visibility."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, pulse, rows
from operations.core.clock import UtcDateTime
from operations.core.errors import NotFound
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.store import scoped
from operations.core.vocabulary import Classification, OperationState, Role
from operations.disclosure import releases
from operations.totals import activity, margins, pending_corrections, total_steps, totals

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
_HELD = "muster_held_states"

# ---------------------------------------------------------------------------------------------------- tables


class Operation(SQLModel, table=True):
    """An operation. Only `lifecycle.move` changes its state."""

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
        """Code name and, from the second edition on, the edition."""
        return self.code_name if self.edition == 1 else f"{self.code_name} ({self.edition})"


@history.versioned()
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


# ------------------------------------------------------------------------------------------------ visibility


def within_reach(column: Any, actor: Actor) -> Any:
    """Return an SQL condition: `column` is the id of an operation that the actor works for and is cleared for.

    Leadership and auditors work for all operations, administrators and rights officers for none.
    """
    if actor.role in (Role.ADMINISTRATOR, Role.RIGHTS_OFFICER):
        return false()
    cleared = [level.value for level in Classification if level.rank <= actor.clearance.rank]
    everywhere = actor.role in (Role.LEADERSHIP, Role.AUDITOR)
    member: Any = true() if everywhere else col(column).in_(actor.operations)
    if actor.only is not None:
        member = member & (col(column) == actor.only)
    if len(cleared) == len(Classification):
        return member
    return member & col(column).in_(select(Operation.id).where(col(Operation.classification).in_(cleared)))


def former_reach(column: Any, actor: Actor) -> Any:
    """Like `within_reach`, including operations that the actor's country has left: for rows of the own country only."""
    return within_reach(column, replace(actor, operations=actor.operations | actor.left))


@scoped(Operation)
def _operations_seen(actor: Actor) -> object:
    return within_reach(Operation.id, actor)


@scoped(Phase)
def _phases_seen(actor: Actor) -> object:
    return within_reach(Phase.operation_id, actor)


@scoped(totals.Total)
def _totals_seen(actor: Actor) -> object:
    """Sums of the whole operation are visible to all its members, those of a country to it and to central roles."""
    reach = within_reach(totals.Total.operation_id, actor)
    return reach & (col(totals.Total.country).in_(("", actor.country)) if actor.national else true())


@scoped(activity.SiteActivity)
def _site_activity_seen(actor: Actor) -> object:
    reach = within_reach(activity.SiteActivity.operation_id, actor)
    return reach & (col(activity.SiteActivity.country) == actor.country) if actor.national else reach


@scoped(activity.CountryActivity)
def _country_activity_seen(actor: Actor) -> object:
    reach = within_reach(activity.CountryActivity.operation_id, actor)
    return reach & (col(activity.CountryActivity.country) == actor.country) if actor.national else reach


@scoped(pending_corrections.PendingCorrection)
def _corrections_seen(actor: Actor) -> object:
    reach = within_reach(pending_corrections.PendingCorrection.operation_id, actor)
    return reach & (col(pending_corrections.PendingCorrection.country) == actor.country) if actor.national else reach


@scoped(history.RowStep)
def _earlier_rows_seen(actor: Actor) -> object:
    """Row history is visible only for tables that all readers of the operation see on boards."""
    return within_reach(history.RowStep.operation_id, actor) & col(history.RowStep.kind).in_(history.seen_by_all())


@scoped(pulse.HeardStep)
def _earlier_numbers_seen(actor: Actor) -> object:
    return within_reach(pulse.HeardStep.operation_id, actor) & col(pulse.HeardStep.audience).in_(pulse.keys_of(actor))


@scoped(total_steps.TotalStep)
def _steps_seen(actor: Actor) -> object:
    """Visible to nobody: a step holds changes of all countries.

    Boards read steps and apply the visibility of totals.
    """
    return false()


@scoped(total_steps.TotalCheckpoint)
@scoped(releases.Release)
def _checkpoints_seen(actor: Actor) -> object:
    return false()


@scoped(margins.TotalMargin)
def _margins_seen(actor: Actor) -> object:
    """Visible to nobody: margins cover all countries and small counts.

    Breakdowns read them and apply disclosure control.
    """
    return false()


# ------------------------------------------------------------------------------------------------- questions


def subject(operation: Operation, country: str | None = None, site: UUID | None = None) -> Subject:
    """Return the permission subject of the operation, or of one country's or one site's part in it."""
    return Subject(
        country=country, operation=operation.id, site=site, classification=Classification(operation.classification)
    )


def operation(session: Session, operation_id: UUID, by: Actor) -> Operation:
    """Return the operation, where `by` may read it. Raises NotFound, also where it exists and `by` may not."""
    found = rows.one(session, Operation, operation_id)
    if not may(by, Act.OPERATION_READ, subject(found)):
        raise NotFound
    return found


def held_states(session: Session) -> dict[UUID, str]:
    """Return the states of operations that the transaction has locked, as a cache: nothing in it reads them again."""
    states: dict[UUID, str] = session.info.setdefault(_HELD, {})
    return states


def hold(session: Session, operation_id: UUID, by: Actor) -> Operation:
    """Return the operation, locked for update: its plans are written, numbered and approved one at a time."""
    rows.find_locked(session, Operation, operation_id)
    return operation(session, operation_id, by)
