"""State tables: the columns of rows with a life, and the log of their steps, which never changes.

Tables of the programme inherit from these; their own modules declare states and rules (`core.state_machine`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import rows
from operations.core.clock import UtcDateTime, now
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.state_machine import Life, Step


class StepNote(SQLModel):
    """A text with its author and moment."""

    id: UUID = Field(primary_key=True)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class Moved(SQLModel):
    """A row with a life: the time of its last step, and the reason given for it, where its state needs one."""

    reason: str = Field(default="", max_length=2000)
    moved_at: datetime = Field(sa_type=UtcDateTime)


class AuthoredStateRow(StepNote, Moved):
    """A text with a life."""


class StepTaken(SQLModel):
    """A step taken by the row `of_id`: by whom, and in which words. Never changed."""

    id: UUID = Field(primary_key=True)
    of_id: UUID = Field(index=True)
    state: str = Field(max_length=16)
    words: str = Field(default="", max_length=2000)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


T = TypeVar("T", bound=StepTaken)
_OF_ROW = ("operation_id", "country", "account_id")


def author_columns(by: Actor) -> dict[str, Any]:
    """Return the columns of a row with a life that `by` writes now."""
    return rows.author(by) | {"moved_at": now()}


def begin(session: Session, steps: type[StepTaken], made: Any, by: Actor) -> None:
    """Store a new row, with its first step."""
    session.add(made)
    session.flush()
    log_step(session, steps, made, "", by)


def record_step(
    session: Session,
    steps: type[StepTaken],
    life: Life[Any],
    found: Any,
    step: Step[Any],
    words: str,
    by: Actor | System,
) -> None:
    """Store a step that was just taken, with its words; the row keeps them while its state needs a reason."""
    found.reason = words if step.after in life.needing_reason() else ""
    found.moved_at = now()
    session.add(found)
    log_step(session, steps, found, words, by)


def steps_of(session: Session, steps: type[T], of_id: UUID) -> Sequence[T]:
    """Return the steps of a row that the asker may see, newest first."""
    query = select(steps).where(steps.of_id == of_id).order_by(col(steps.made_at).desc())
    steps_taken: Sequence[T] = session.exec(query).all()
    return steps_taken


def log_step(session: Session, steps: type[StepTaken], of_: Any, words: str, by: Actor | System) -> None:
    """Store that a row entered its state. A step concerns the same people as its row, by the columns in its table."""
    said: dict[str, Any] = {"of_id": of_.id, "state": of_.state, "words": words}
    said |= {name: getattr(of_, name, None) for name in _OF_ROW if name in steps.model_fields}
    session.add(steps(id=new_id(), **said, author_name=by.name, made_at=now()))
