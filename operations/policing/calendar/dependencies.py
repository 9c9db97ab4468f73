"""Dependencies between the phases and tasks of one operation: one must end before the other begins.

A dependency points forwards in time, and the graph has no cycle.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, pulse
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import alone, scoped, unscoped
from operations.policing.calendar import task_rows
from operations.policing.calendar.task_rows import Task
from operations.policing.operation import plan
from operations.policing.operation.plan import Phase


class Dependency(SQLModel, table=True):
    """A dependency between two phases or tasks: the first ends before the second begins.

    The pair determines the identifier.
    """

    __table_args__ = (
        CheckConstraint("(before_phase_id IS NULL) <> (before_task_id IS NULL)", name="one_before"),
        CheckConstraint("(after_phase_id IS NULL) <> (after_task_id IS NULL)", name="one_after"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    before_phase_id: UUID | None = Field(default=None, foreign_key="phase.id")
    before_task_id: UUID | None = Field(default=None, foreign_key="task.id")
    after_phase_id: UUID | None = Field(default=None, foreign_key="phase.id")
    after_task_id: UUID | None = Field(default=None, foreign_key="task.id")
    made_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def before(self) -> UUID:
        """The identifier of the phase or task that ends first."""
        return self.before_phase_id or self.before_task_id  # type: ignore[return-value] # a CHECK holds one of them

    @property
    def after(self) -> UUID:
        """The identifier of the phase or task that begins afterwards."""
        return self.after_phase_id or self.after_task_id  # type: ignore[return-value] # a CHECK holds one of them


@scoped(Dependency)
def _dependencies_seen(actor: Actor) -> Any:
    """Dependencies are visible to readers of both ends."""
    seen = plan.within_reach(Dependency.operation_id, actor)
    for column in (Dependency.before_task_id, Dependency.after_task_id):
        seen = seen & (col(column).is_(None) | col(column).in_(select(Task.id).where(task_rows.tasks_seen(actor))))
    return seen


class DependencyLink(Draft):
    """Draft of a dependency: `before` ends before `after` begins, identifiers of phases or tasks of one operation."""

    before: UUID
    after: UUID

    @property
    def id(self) -> UUID:
        """The identifier of the dependency."""
        return uuid5(self.before, f"before {self.after}")


def dependencies(session: Session, operation_id: UUID) -> list[Dependency]:
    """Return the dependencies of an operation of which the asker sees both ends."""
    query = select(Dependency).where(Dependency.operation_id == operation_id)
    return list(session.exec(query.order_by(col(Dependency.made_at), col(Dependency.id))))


def link(session: Session, operation_id: UUID, wanted: DependencyLink, by: Actor) -> Dependency:
    """Make one phase or task wait for another. Idempotent.

    Raises RuleBroken for a cycle, and where the second begins before the first ends.
    """
    owner = plan.operation(session, operation_id, by)
    require(by, Act.OPERATION_EDIT, plan.subject(owner))
    alone(session, operation_id)
    known = session.get(Dependency, wanted.id)
    if known is not None:
        return known
    before, after = (_end(session, operation_id, each) for each in (wanted.before, wanted.after))
    if wanted.before == wanted.after:
        raise RuleBroken("after", "An item cannot depend on itself. Choose another.")
    rows = session.exec(unscoped(select(Dependency).where(Dependency.operation_id == operation_id))).all()
    if wanted.before in followers(wanted.after, rows):
        raise RuleBroken(
            "after",
            "{before} already depends on {after}. The two cannot depend on each other.",
            before=named(before),
            after=named(after),
        )
    if begins(after) < ends(before):
        raise RuleBroken(
            "after",
            "{after} begins before {before} ends: move it first.",
            before=named(before),
            after=named(after),
        )
    sides = {"before": before, "after": after}
    columns = {f"{side}_{'phase' if isinstance(end, Phase) else 'task'}_id": end.id for side, end in sides.items()}
    made = Dependency(id=wanted.id, operation_id=operation_id, made_at=now(), **columns)
    session.add(made)
    session.flush()
    _record(session, by, "dependency.link", made)
    return made


def unlink(session: Session, operation_id: UUID, wanted: DependencyLink, by: Actor) -> None:
    """Remove a dependency. Idempotent."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.OPERATION_EDIT, plan.subject(owner))
    known = session.get(Dependency, wanted.id)
    if known is None:
        return
    if known.operation_id != operation_id:
        raise NotFound
    session.delete(known)
    _record(session, by, "dependency.unlink", known)


def _record(session: Session, by: Actor, act: str, about: Dependency) -> None:
    """Write the journal entry, for the readers of both ends: phases are visible to all, a task to its country."""
    ends = [each for each in (about.before_task_id, about.after_task_id) if each is not None]
    query = select(Task.country).where(col(Task.id).in_(ends))
    owners = set(session.exec(unscoped(query))) if ends else set()
    shown = pulse.countries(*owners) if len(owners) == 1 else frozenset()
    journal.record(
        session,
        by,
        act,
        "dependency",
        about.id,
        operation=about.operation_id,
        audience=pulse.CENTRE | shown if ends else pulse.EVERYBODY,
    )


def followers(first: UUID, found: Iterable[Dependency]) -> set[UUID]:
    """Return everything that waits for `first`, directly or through others."""
    waiting: dict[UUID, list[UUID]] = {}
    for each in found:
        waiting.setdefault(each.before, []).append(each.after)
    reached: set[UUID] = set()
    rest = [first]
    while rest:
        for after in waiting.get(rest.pop(), ()):
            if after not in reached:
                reached.add(after)
                rest.append(after)
    return reached


def begins(end: Phase | Task) -> datetime:
    """Return when a phase or a task begins; a task without a beginning is a moment, its due time."""
    return end.starts if isinstance(end, Phase) else end.starts or end.due


def ends(end: Phase | Task) -> datetime:
    """Return when a phase or a task ends."""
    return end.ends if isinstance(end, Phase) else end.due


def named(end: Phase | Task) -> str:
    """Return the name of a phase or the title of a task."""
    return end.name if isinstance(end, Phase) else end.title


def _end(session: Session, operation_id: UUID, identifier: UUID) -> Phase | Task:
    phase = session.exec(select(Phase).where(Phase.id == identifier)).one_or_none()
    found = phase or session.exec(select(Task).where(Task.id == identifier)).one_or_none()
    if found is None or found.operation_id != operation_id:
        raise NotFound
    return found
