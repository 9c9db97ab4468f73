"""Cascade runs: courses taught by a certified trainer at home, with attendance, confirmed by the country (1.6.11)."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core.clock import today
from operations.core.drafts import FIELD, Draft, NeededLine, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unscoped
from operations.training.enrolments import people_of
from operations.training.rows import Course
from operations.training.trainer_rows import (
    CASCADE,
    CASCADES,
    STANDING,
    TRAINER,
    CascadeAttendance,
    CascadeRun,
    CascadeState,
    Trainer,
    TrainerState,
)

_K = CascadeState
_DAYS = rule("run_reversed", "The run must end on the day it begins or later.")
_NOBODY = rule("nobody_there", "Enter the officers who attended, or their number.")


class AnnounceDraft(Draft):
    """Draft of a cascade run, announced by its trainer."""

    id: UUID
    trainer_id: Annotated[UUID, Label(N_("Course that you teach"), draws="one")]
    place: Annotated[NeededLine, Rule(max_length=120), Label(N_("Place"), N_("The town and the school or bureau."))]
    starts: Annotated[date, Label(N_("First day"))]
    ends: Annotated[date, Label(N_("Last day"))]

    @model_validator(mode="after")
    def _in_order(self) -> "AnnounceDraft":
        if self.ends < self.starts:
            raise PydanticCustomError(_DAYS, "reversed", {FIELD: "ends"})
        return self


class AttendanceDraft(Draft):
    """Draft of attendance: accounts of the country, and the number of officers without one."""

    people: Annotated[tuple[UUID, ...], Rule(max_length=200), Label(N_("Who was there"), draws="several")] = ()
    others: Annotated[
        int, Rule(ge=0, le=500), Label(N_("Officers without an account here"), N_("Counted, not named."))
    ] = 0

    @model_validator(mode="after")
    def _somebody(self) -> "AttendanceDraft":
        if not self.people and not self.others:
            raise PydanticCustomError(_NOBODY, "nobody", {FIELD: "people"})
        return self


class CascadeView(NamedTuple):
    """A cascade run with its course and the name of its trainer."""

    run: CascadeRun
    course: Course
    trainer: str


# ------------------------------------------------------------------------------------------------- questions


def cascades(session: Session, run_id: UUID | None = None) -> list[CascadeView]:
    """Return the cascade runs that the asker may see, or one of them, latest first."""
    query = (
        select(CascadeRun, Course, Account.name)
        .join(Course, col(Course.id) == col(CascadeRun.course_id))
        .join(Account, col(Account.id) == col(CascadeRun.account_id))
        .order_by(col(CascadeRun.starts).desc(), col(CascadeRun.id))
    )
    found = session.exec(query if run_id is None else query.where(CascadeRun.id == run_id))
    return [CascadeView(*each) for each in found]


def teaches(session: Session, by: Actor) -> list[tuple[Trainer, Course]]:
    """Return the courses that the asker may teach today."""
    query = select(Trainer, Course).join(Course, col(Course.id) == col(Trainer.course_id))
    found = session.exec(query.where(Trainer.account_id == by.account_id).order_by(col(Course.title)))
    return [(trainer, course) for trainer, course in found if trainer.valid(today())]


def candidates(session: Session, run: CascadeRun) -> list[Account]:
    """Return the people of the country who may have attended a run, by name."""
    return [each for each in people_of(session, run.country) if each.id != run.account_id]


def attendance(session: Session, run: CascadeRun, by: Actor) -> list[str]:
    """Return a run's attendees by name: for its trainer, its country's coordinators, and people who work for all."""
    if not may_hold(run, by) and not may(by, Act.CASCADE_CONFIRM, Subject(country=run.country)) and by.national:
        return []
    query = (
        select(Account.name)
        .join(CascadeAttendance, col(CascadeAttendance.account_id) == col(Account.id))
        .where(CascadeAttendance.run_id == run.id)
        .order_by(col(Account.name))
    )
    return list(session.exec(unscoped(query)))


def may_hold(found: CascadeRun, by: Actor) -> bool:
    """Return whether `by` is the trainer of the run."""
    return by.is_one_of(found.account_id) and may(by, Act.CASCADE_HOLD, Subject(country=found.country))


def may_attend(found: CascadeRun, by: Actor) -> bool:
    """Return whether `by` may record the attendance now."""
    return found.state == _K.ANNOUNCED and found.ends < today() and may_hold(found, by)


# ----------------------------------------------------------------------------------------------------- verbs


def announce(session: Session, draft: AnnounceDraft, by: Actor) -> CascadeRun:
    """Announce a cascade run. Idempotent.

    Raises RuleBroken for a person not certified to teach until its last day, and for days that are over.
    """
    require(by, Act.CASCADE_HOLD, Subject(country=by.country))
    if known := CASCADE.known(session, said := draft.model_dump()):
        return known
    trainer = TRAINER.hold(session, draft.trainer_id)
    if not by.is_one_of(trainer.account_id) or trainer.state not in STANDING or trainer.expires_on is None:
        raise RuleBroken("trainer_id", "You hold no valid certification to teach this course: only a trainer does.")
    if draft.starts < today():
        raise RuleBroken("starts", "This day is in the past. Choose a later day.")
    if not trainer.valid(draft.ends):
        raise RuleBroken(
            "ends", "Your certification ends on {day}: the run must be over by then.", day=trainer.expires_on
        )
    said |= {"account_id": trainer.account_id, "country": trainer.country, "course_id": trainer.course_id}
    return CASCADE.write(session, by, "cascade.announce", said, day=draft.starts.isoformat())


def hold(session: Session, run_id: UUID, draft: AttendanceDraft, by: Actor) -> CascadeRun:
    """Record the attendance. Idempotent.

    Raises RuleBroken before the run is over, for people of another country, and for the trainer among those taught.
    """
    run = CASCADE.hold(session, run_id)
    there = _there(session, run.id)
    if run.state == _K.HELD and (set(draft.people), draft.others) == (there, run.others) and may_hold(run, by):
        return run
    CASCADES.allow(run, by, _K.HELD, by)
    if today() <= run.ends:
        raise RuleBroken("", "The run lasts until {day}. Record the attendance after that day.", day=run.ends)
    if run.account_id in draft.people:
        raise RuleBroken("people", "The trainer of a run cannot be one of its participants.")
    if not set(draft.people) <= {each.id for each in candidates(session, run)}:
        raise RuleBroken("people", "Choose people of your own country.")
    people = dict.fromkeys(draft.people)
    for each in session.exec(unscoped(select(CascadeAttendance).where(CascadeAttendance.run_id == run.id))).all():
        session.delete(each)
    session.flush()
    session.add_all(CascadeAttendance(run_id=run.id, account_id=each, country=run.country) for each in people)
    return CASCADE.go(session, run, _K.HELD, by, others=draft.others, attended=draft.others + len(people))


def take(session: Session, run_id: UUID, to: CascadeState, by: Actor, words: str = "") -> CascadeRun:
    """Confirm a cascade run, send it back, or cancel it. Raises RuleBroken with every obstacle."""
    found = CASCADE.hold(session, run_id)
    if to is _K.HELD:
        CASCADES.allow(found, by, to, by, words)
        raise RuleBroken("people", "Say who was there: a run is held with its attendance.")
    CASCADE.take(session, found, to, by, words)
    if to is _K.CONFIRMED:
        _taught(session, found, by)
    return found


def _taught(session: Session, found: CascadeRun, by: Actor) -> None:
    """Update the trainer after a confirmed run: active from now on, where the certification is still valid."""
    trainer = TRAINER.hold(session, found.trainer_id)
    trainer.taught_on = max(found.ends, trainer.taught_on or found.ends)
    session.add(trainer)
    idle = trainer.idle_from is not None and trainer.idle_from <= today()
    if not idle and trainer.state != TrainerState.ACTIVE and trainer.state in STANDING:
        TRAINER.go(session, trainer, TrainerState.ACTIVE, by)


def _there(session: Session, run_id: UUID) -> set[UUID]:
    found: Sequence[UUID] = session.exec(
        unscoped(select(CascadeAttendance.account_id).where(CascadeAttendance.run_id == run_id))
    ).all()
    return set(found)
