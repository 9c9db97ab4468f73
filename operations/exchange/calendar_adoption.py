"""Adoption of events from an imported calendar as phases and tasks of an operation, each chosen by a person.

An event keeps its identity: adopting it again moves its phase or task.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session

from operations.core import rows
from operations.core.drafts import Draft, Moment, Name, Plain, rule
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.vocabulary import PhaseKind, Role
from operations.policing.calendar import timeline
from operations.policing.calendar.task_rows import Task
from operations.policing.calendar.tasks import TaskDraft, Times
from operations.policing.operation.plan import PhaseDraft

_NO_LENGTH = rule("phase_is_a_moment", "This event has no end, so it cannot become a phase. Choose a task.")


class Adoption(Draft):
    """Draft of an adoption: an event as a phase of a kind, or as a task of the coordinator."""

    uid: Annotated[Plain, Rule(min_length=1, max_length=500)]
    becomes: PhaseKind | Literal["task"]
    name: Name
    starts: Moment | None = None
    ends: Moment

    @model_validator(mode="after")
    def _phases_last(self) -> "Adoption":
        if self.becomes != "task" and self.starts is None:
            raise PydanticCustomError(_NO_LENGTH, "a moment")
        return self


def identifier(operation_id: UUID, uid: str) -> UUID:
    """Return the identifier of the phase or task that an event becomes."""
    return uuid5(operation_id, f"calendar {uid}")


def adopt(session: Session, operation_id: UUID, chosen: Iterable[Adoption], by: Actor) -> int:
    """Adopt events, all or none; return their number. Raises RuleBroken on the number of the event, from 0."""
    count = 0
    for count, adoption in enumerate(chosen, start=1):
        try:
            _take(session, operation_id, adoption, by)
        except RuleBroken as broken:
            raise RuleBroken.all(replace(flaw, field=str(count - 1)) for flaw in broken.flaws) from None
    return count


def _take(session: Session, operation_id: UUID, each: Adoption, by: Actor) -> None:
    known = identifier(operation_id, each.uid)
    if each.becomes == "task":
        if rows.find(session, Task, known) is None:
            coordinator = Role.OPERATION_COORDINATOR
            draft = TaskDraft(id=known, title=each.name, starts=each.starts, due=each.ends, role=coordinator)
            timeline.add_task(session, operation_id, draft, by)
        else:
            timeline.move_task(session, known, Times(starts=each.starts, due=each.ends), by)
    elif each.starts is not None:
        phase = PhaseDraft(id=known, kind=each.becomes, name=each.name, starts=each.starts, ends=each.ends)
        timeline.schedule(session, operation_id, phase, by)
