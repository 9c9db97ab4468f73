"""Steps of training: their log, who may take one, and the journal entry of each."""

from typing import Any
from uuid import UUID

from sqlmodel import Field, Session, col

from operations.core import journal, pulse, state_machine
from operations.core.people import Actor, System
from operations.core.permissions import Subject, may
from operations.core.state_tables import StepTaken
from operations.core.store import scoped
from operations.training.course_scope import READERS, course_condition, person_condition


class TrainingStep(StepTaken, table=True):
    """A step of a course, run, enrolment, certificate, trainer or cascade run.

    `country` and `account_id` are those of the person concerned; None for a course or a run.
    """

    __tablename__ = "training_step"
    country: str | None = Field(default=None, max_length=3, index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)


@scoped(TrainingStep)
def _steps_seen(actor: Actor) -> Any:
    return course_condition(actor) & (col(TrainingStep.country).is_(None) | person_condition(TrainingStep)(actor))


def record(session: Session, by: Actor | System, act: str, kind: str, of: Any, /, **detail: Any) -> None:
    """Write a journal entry about a change of training; its audience are all readers of courses."""
    country = getattr(of, "country", None)
    journal.record(session, by, act, kind, of.id, country=country, audience=pulse.centre(*READERS), **detail)


def may_step(found: Any, _facts: Any, step: state_machine.Step[Any], by: Actor) -> bool:
    """Return whether `by` may take a step: the `may` of the state machines of training."""
    return may(by, step.act, Subject(country=getattr(found, "country", None)))
