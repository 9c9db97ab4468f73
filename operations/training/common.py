"""Shared parts of training: the table of steps, visibility, and journal entries.

The audience of every change are all readers of courses: an entry names a country and a state, never a person or a
result.
"""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import false, true
from sqlmodel import Field, Session, col

from operations.core import journal, pulse, state_machine, state_tables
from operations.core.clock import now
from operations.core.people import NATIONAL_ROLES, Actor, System
from operations.core.permissions import GRANTS, Act, Subject, may
from operations.core.state_tables import StepTaken
from operations.core.store import scoped
from operations.core.vocabulary import Role


class TrainingStep(StepTaken, table=True):
    """A step of a course, run, enrolment, certificate, trainer or cascade run.

    `country` and `account_id` are those of the person concerned; None for a course or a run.
    """

    __tablename__ = "training_step"
    country: str | None = Field(default=None, max_length=3, index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)


def course_condition(actor: Actor) -> Any:
    """Return the SQL condition of courses and runs: they belong to no country, and all readers of courses see them."""
    return true() if may(actor, Act.COURSE_READ) and actor.only is None else false()


def person_condition(model: Any, act: Act = Act.ENROLMENT_READ) -> Any:
    """Return a visibility condition: officers see their own rows, a country's coordinators its own, central ones
    all.
    """

    def seen(actor: Actor) -> Any:
        if not may(actor, act) or actor.only is not None:
            return false()
        if actor.role in NATIONAL_ROLES - {Role.NATIONAL_COORDINATOR}:
            return col(model.account_id) == actor.account_id
        return col(model.country) == actor.country if actor.national else true()

    return seen


@scoped(TrainingStep)
def _steps_seen(actor: Actor) -> Any:
    return course_condition(actor) & (col(TrainingStep.country).is_(None) | person_condition(TrainingStep)(actor))


READERS = tuple(GRANTS[Act.COURSE_READ])


def entries_of(*kinds: str) -> None:
    """Declare that entries about these kinds of objects are visible to all readers of courses."""
    for kind in kinds:
        journal.need_to_know(
            kind, seen=course_condition, countries=lambda _session, _id, _country: frozenset(), roles=frozenset(READERS)
        )


def record(session: Session, by: Actor | System, act: str, kind: str, of: Any, /, **detail: Any) -> None:
    """Write a journal entry about a change of training; its audience are all readers of courses."""
    country = getattr(of, "country", None)
    journal.record(session, by, act, kind, of.id, country=country, audience=pulse.centre(*READERS), **detail)


def today() -> date:
    """Return the current day (UTC), by which runs begin and end and certificates expire."""
    return now().date()


def midnight(day: date) -> datetime:
    """Return the beginning of a day (UTC)."""
    return datetime.combine(day, time(0), UTC)


def may_step(found: Any, _facts: Any, step: state_machine.Step[Any], by: Actor) -> bool:
    """Return whether `by` may take a step: the `may` of the state machines of training."""
    return may(by, step.act, Subject(country=getattr(found, "country", None)))


def moved(
    session: Session,
    of: state_machine.Life[Any],
    found: Any,
    before: str,
    step: state_machine.Step[Any],
    words: str,
    by: Actor | System,
) -> None:
    """Store a step that was taken, and write its journal entry."""
    state_tables.record_step(session, TrainingStep, of, found, step, words, by)
    record(session, by, step.verb, of.noun, found, before=before, after=step.after.value)
