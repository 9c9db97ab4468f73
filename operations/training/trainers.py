"""Trainers: nominated by their country, assessed, certified by another person, active while they teach (1.6.11)."""

from typing import Annotated, Any, NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.clock import today
from operations.core.drafts import Draft
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, may, require
from operations.training.certificates import months_later
from operations.training.enrolments import people_of
from operations.training.rows import Course, CourseState
from operations.training.trainer_rows import MONTHS, TRAINER, Trainer, TrainerState

_T = TrainerState


class NominationDraft(Draft):
    """Draft of a nomination: an officer of the own country who is to teach a course."""

    id: UUID
    account_id: Annotated[UUID, Label(N_("Who"), draws="one")]
    course_id: Annotated[UUID, Label(N_("Course to be taught"), draws="one")]


class TrainerView(NamedTuple):
    """A trainer with the course and the account's name."""

    trainer: Trainer
    course: Course
    name: str

    @property
    def country(self) -> str:
        """The country that nominated the trainer."""
        return self.trainer.country


# ------------------------------------------------------------------------------------------------- questions


def trainers(session: Session, trainer_id: UUID | None = None) -> list[TrainerView]:
    """Return the trainers that the asker may see, or one of them, by country and name."""
    query = (
        select(Trainer, Course, Account.name)
        .join(Course, col(Course.id) == col(Trainer.course_id))
        .join(Account, col(Account.id) == col(Trainer.account_id))
        .order_by(col(Trainer.country), col(Account.name), col(Trainer.made_at))
    )
    found = session.exec(query if trainer_id is None else query.where(Trainer.id == trainer_id))
    return [TrainerView(*each) for each in found]


def candidates(session: Session, by: Actor) -> list[Account]:
    """Return the people of the asker's country who can be nominated, by name."""
    allowed = may(by, Act.TRAINER_NOMINATE, Subject(country=by.country))
    return people_of(session, by.country) if allowed else []


# ----------------------------------------------------------------------------------------------------- verbs


def nominate(session: Session, draft: NominationDraft, by: Actor) -> Trainer:
    """Nominate an officer of the own country. Idempotent.

    Raises RuleBroken for a person of another country, for one who is a trainer of the course already, and for a course
    that is not accredited.
    """
    require(by, Act.TRAINER_NOMINATE, Subject(country=by.country))
    if known := TRAINER.known(session, said := draft.model_dump()):
        return known
    course = rows.hold(session, Course, draft.course_id)
    if course.state != CourseState.ACCREDITED:
        raise RuleBroken("course_id", "This course is not accredited: nobody is certified to teach it.")
    if draft.account_id not in {each.id for each in candidates(session, by)}:
        raise RuleBroken("account_id", "Choose somebody of your own country who has an open account.")
    same = select(Trainer).where(Trainer.account_id == draft.account_id, Trainer.course_id == draft.course_id)
    if any(each.state not in (_T.REVOKED, _T.DROPPED) for each in session.exec(same)):
        raise RuleBroken("account_id", "This officer is nominated or certified for this course already.")
    return TRAINER.write(session, by, "trainer.nominate", said | {"country": str(by.country)})


def take(session: Session, trainer_id: UUID, to: TrainerState, by: Actor, words: str = "") -> Trainer:
    """Take a step of a trainer. Raises RuleBroken with every obstacle, and NotPermitted."""
    found, eyes = TRAINER.hold(session, trainer_id), dict[str, Any]()
    if to is _T.ASSESSED:
        eyes["assessed_by"] = by.account_id
    if to in (_T.CERTIFIED, _T.RENEWED):
        eyes = {"certified_by": by.account_id, "certified_name": by.name, "certified_on": today()}
        eyes["expires_on"] = months_later(today(), MONTHS)
    if to is _T.RENEWED:
        eyes["assessed_by"] = None
    return TRAINER.take(session, found, to, by, words, **eyes)
