"""Tables of tasks, their state machine, and their visibility (issue 4; scope: domain 5.2)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, SQLModel, col, select

from operations.core import state_machine
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.store import scoped
from operations.core.vocabulary import OperationState, Role, TaskState
from operations.core.worklist import DAYS, Late, Waits, Whom
from operations.policing.operation import plan

_T = TaskState


class TaskFacts(NamedTuple):
    """Inputs to the guards of a task's steps: its permission subject and its checklist."""

    subject: Subject
    lines: Sequence["ChecklistStep"]


def _unticked(_task: "Task", facts: TaskFacts) -> Iterator[Flaw]:
    """Every line of the checklist is ticked."""
    if waiting := sum(line.done_at is None for line in facts.lines):
        yield Flaw("", _OPEN_LINES, {"open": waiting})


def _may(task: "Task", facts: TaskFacts, step: state_machine.Step[TaskState], by: Actor) -> bool:
    return _lets(task, facts.subject, step.act, by)


def _lets(task: "Task", subject: Subject, act: Act, by: Actor) -> bool:
    """Return whether `by` may do `act` to a task: an analyst works only on tasks of their own."""
    desk = act is Act.TASK_WORK and by.role is Role.OCU_ANALYST
    return may(by, act, subject) and (not desk or mine(task, by))


_OPEN_LINES = N_("Lines of the checklist still open: {open}. Tick them, or say why it is blocked.")
_ASTRAY = Flaw("", "This step is not possible now. Reload the page to see the current state.")
_MINE = Waits(
    N_("A task is yours: {title}"),
    "/operations/{operation}/timeline?show={id}",
    "checklist",
    "since",
    "due",
    when=lambda task, at: task.starts is None or task.starts <= at,
    whose=lambda task, _facts, by: mine(task, by),
    late=(Late(Whom.OWNERS), Late(Whom.COORDINATOR, DAYS)),
    over=(OperationState.EVALUATED,),
    button=N_("Open the task"),
)
_START = (_T.STARTED, "task.start", Act.TASK_WORK, N_("Start"), "player-play")
_FINISH = (_T.DONE, "task.finish", Act.TASK_WORK, N_("Done"), "check")
_BLOCK = (_T.BLOCKED, "task.block", Act.TASK_WORK, N_("Blocked"), "hand-stop", N_("Why it cannot go on"))
_REOPEN = (_T.OPEN, "task.reopen", Act.TASK_WORK)
_CANCEL = (_T.CANCELLED, "task.cancel", Act.TASK_PLAN, N_("Cancel the task"), "ban", N_("Why it is not needed"))
LIFE = state_machine.Life(
    "task",
    _T.OPEN,
    (
        state_machine.Step(_T.OPEN, *_START, waits=_MINE),
        state_machine.Step(_T.BLOCKED, *_START),
        *state_machine.ways((_T.OPEN, _T.STARTED), *_FINISH, guard=_unticked, waits=_MINE),
        *state_machine.ways((_T.STARTED, _T.BLOCKED, _T.DONE, _T.CANCELLED), *_REOPEN, N_("Reopen"), "arrow-back-up"),
        *state_machine.ways((_T.OPEN, _T.STARTED), *_BLOCK, waits=_MINE),
        state_machine.Step(_T.BLOCKED, *_BLOCK),
        *state_machine.ways((_T.OPEN, _T.STARTED, _T.BLOCKED, _T.CANCELLED), *_CANCEL),
    ),
    ends=(_T.DONE, _T.CANCELLED),
    may=_may,
    astray=_ASTRAY,
)
"""The state machine of tasks.

A blocked or cancelled task may take the step again with another reason: it leads to the same state.
"""


# ---------------------------------------------------------------------------------------------------- tables


class Task(SQLModel, table=True):
    """A task, from `starts` (where it has a beginning) to `due`. Only the verbs of `tasks` change its state.

    Its owner is `account_id` where a person has it, else everybody of `role` in `country`; `country` alone is the
    country's coordinator. `reason` says why it is blocked or cancelled; `until_state` is the state of the operation
    that overtakes it; `draft_hash` is the fingerprint of what it was made from.
    """

    __table_args__ = (
        CheckConstraint("starts IS NULL OR due > starts", name="in_order"),
        CheckConstraint("role IS NOT NULL OR country IS NOT NULL OR account_id IS NOT NULL", name="owned"),
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly((_T.DONE,), "done_at IS NOT NULL", "done_once"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    phase_id: UUID | None = Field(default=None, foreign_key="phase.id")
    site_id: UUID | None = Field(default=None, foreign_key="site.id")
    title: str = Field(max_length=160)
    note: str = Field(default="", max_length=2000)
    starts: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due: datetime = Field(sa_type=UtcDateTime)
    role: str | None = Field(default=None, max_length=32)
    country: str | None = Field(default=None, max_length=3)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    state: str = Field(default=TaskState.OPEN.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until_state: str | None = Field(default=None, max_length=24)
    draft_hash: str = Field(max_length=64)
    author_id: UUID
    made_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1

    @property
    def since(self) -> datetime:
        """From when on the task waits to be done."""
        return self.starts or self.made_at

    @property
    def ended(self) -> bool:
        """Whether nothing is left to be done."""
        return self.state in LIFE.ends


class ChecklistStep(SQLModel, table=True):
    """A line of a task's checklist, with who ticked it and when."""

    __tablename__ = "task_step"
    __table_args__ = (
        UniqueConstraint("task_id", "place"),
        CheckConstraint("(done_at IS NULL) = (done_by = '')", name="ticked_by_somebody"),
    )
    id: UUID = Field(primary_key=True)
    task_id: UUID = Field(foreign_key="task.id", index=True)
    place: int
    text: str = Field(max_length=160)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_by: str = Field(default="", max_length=120)


# ------------------------------------------------------------------------------------------------ visibility


@scoped(Task)
def tasks_seen(actor: Actor) -> Any:
    """Return the SQL condition of the tasks visible to `actor`: central roles see all of the operation, a country its
    own, an officer those of the own unit.

    Auditors and administrators see none.
    """
    if not may(actor, Act.TASK_READ):
        return false()
    reach = plan.within_reach(Task.operation_id, actor)
    if not actor.national:
        return reach
    reach = reach & (col(Task.country) == actor.country)
    if actor.role is Role.NATIONAL_COORDINATOR or not actor.bound:
        return reach
    unit = col(Task.site_id).in_(actor.sites) | (col(Task.account_id) == actor.account_id)
    role = col(Task.site_id).is_(None) & col(Task.account_id).is_(None) & (col(Task.role) == actor.role.value)
    return reach & (unit | role)


@scoped(ChecklistStep)
def _steps_seen(actor: Actor) -> Any:
    return col(ChecklistStep.task_id).in_(select(Task.id).where(tasks_seen(actor)))


def mine(task: Task, by: Actor) -> bool:
    """Return whether `by` owns the task: as a person, or as one of its role and country."""
    if task.account_id is not None:
        return task.account_id == by.account_id
    role = task.role or Role.NATIONAL_COORDINATOR.value
    return role == by.role and (not by.national or task.country == by.country)
