"""What all of training shares: the steps that were taken, who sees what, and who hears of it.

Every change is told to all who know of courses: an entry names a country and a state, never a person or a result.
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
    """A step of something of training.

    `country` and `account_id` are those of whom it concerns; None of a course or a run.
    """

    __tablename__ = "training_step"
    country: str | None = Field(default=None, max_length=3, index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)


def of_all(actor: Actor) -> Any:
    """Courses and runs are no country's: whoever knows of courses knows all."""
    return true() if may(actor, Act.COURSE_READ) and actor.only is None else false()


def of_people(model: Any, act: Act = Act.ENROLMENT_READ) -> Any:
    """Officers see what is theirs, coordinators of a country what is their country's, who coordinates all sees all."""

    def seen(actor: Actor) -> Any:
        if not may(actor, act) or actor.only is not None:
            return false()
        if actor.role in NATIONAL_ROLES - {Role.NATIONAL_COORDINATOR}:
            return col(model.account_id) == actor.account_id
        return col(model.country) == actor.country if actor.national else true()

    return seen


@scoped(TrainingStep)
def _steps_seen(actor: Actor) -> Any:
    return of_all(actor) & (col(TrainingStep.country).is_(None) | of_people(TrainingStep)(actor))


READERS = tuple(GRANTS[Act.COURSE_READ])


def entries_of(*kinds: str) -> None:
    """Declare that entries of the journal on these are read by all who know of courses."""
    for kind in kinds:
        journal.need_to_know(
            kind, seen=of_all, countries=lambda _session, _id, _country: frozenset(), roles=frozenset(READERS)
        )


def record(session: Session, by: Actor | System, act: str, kind: str, of: Any, /, **detail: Any) -> None:
    """Journal a change of training: all who know of courses hear of it."""
    country = getattr(of, "country", None)
    journal.record(session, by, act, kind, of.id, country=country, audience=pulse.centre(*READERS), **detail)


def today() -> date:
    """The day by which runs begin and end and certificates expire: that of UTC."""
    return now().date()


def midnight(day: date) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(0), UTC)


def may_step(found: Any, _facts: Any, step: state_machine.Step[Any], by: Actor) -> bool:
    """Whether `by` may take a step: `may` of the lives of training."""
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
    """Keep a step that was taken, and journal it."""
    state_tables.moved(session, TrainingStep, of, found, step, words, by)
    record(session, by, step.verb, of.noun, found, before=before, after=step.after.value)
