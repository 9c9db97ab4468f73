"""What lives, as it is stored: the columns that all of it has, and the steps that were taken, which never change.

A table of the programme is made of these; its own module says which states and rules it has (`core.state_machine`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Field, Session, SQLModel, col, select

from operations.core.clock import UtcDateTime, now
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.state_machine import Life, Step


class Note(SQLModel):
    """What somebody wrote, and when."""

    id: UUID = Field(primary_key=True)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class Moved(SQLModel):
    """What goes through a life: when its last step was, and what was said then, where its state needs words."""

    reason: str = Field(default="", max_length=2000)
    moved_at: datetime = Field(sa_type=UtcDateTime)


class Lived(Note, Moved):
    """What somebody wrote that goes through a life."""


class StepTaken(SQLModel):
    """A step that was taken of `of_id`, by whom, and in which words. Never changed."""

    id: UUID = Field(primary_key=True)
    of_id: UUID = Field(index=True)
    state: str = Field(max_length=16)
    words: str = Field(default="", max_length=2000)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


T = TypeVar("T", bound=StepTaken)
_OF_ROW = ("operation_id", "country", "account_id")


def of(by: Actor) -> dict[str, Any]:
    """The columns of what `by` writes now."""
    return {"author_id": by.account_id, "author_name": by.name, "made_at": now(), "moved_at": now()}


def begin(session: Session, steps: type[StepTaken], made: Any, by: Actor) -> None:
    """Keep something new, and that it is there as its first step."""
    session.add(made)
    session.flush()
    keep(session, steps, made, "", by)


def moved(
    session: Session,
    steps: type[StepTaken],
    life: Life[Any],
    found: Any,
    step: Step[Any],
    words: str,
    by: Actor | System,
) -> None:
    """Keep a step that was just taken, and its words: with the row as long as its state needs them."""
    found.reason = words if step.after in life.needing_reason() else ""
    found.moved_at = now()
    session.add(found)
    keep(session, steps, found, words, by)


def past(session: Session, steps: type[T], of_id: UUID) -> Sequence[T]:
    """The steps of something, newest first, as far as the asker may see them."""
    query = select(steps).where(steps.of_id == of_id).order_by(col(steps.made_at).desc())
    found: Sequence[T] = session.exec(query).all()
    return found


def keep(session: Session, steps: type[StepTaken], of_: Any, words: str, by: Actor | System) -> None:
    """Keep that a row came into its state. A step concerns whom its row concerns: the table says by which columns."""
    said: dict[str, Any] = {"of_id": of_.id, "state": of_.state, "words": words}
    said |= {name: getattr(of_, name, None) for name in _OF_ROW if name in steps.model_fields}
    session.add(steps(id=new_id(), **said, author_name=by.name, made_at=now()))
