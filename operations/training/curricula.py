"""Curricula shared with national academies: a course is offered, and the country says whether an academy teaches it."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field as Rule
from sqlalchemy import Index, false, text, true
from sqlmodel import Field, Session, col, select

from operations.core import rows, state_machine
from operations.core.clock import today
from operations.core.drafts import Draft, NeededLine
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.state_tables import AuthoredStateRow
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Country
from operations.core.worklist import since_move
from operations.posts.figures import ProgrammeFigure, Value, share
from operations.training.course_scope import entries_of
from operations.training.rows import Course, CourseState
from operations.training.steps import TrainingStep, may_step, record


class CurriculumState(StrEnum):
    """States of a curriculum at an academy."""

    SHARED = "shared"
    ADOPTED = "adopted"
    DECLINED = "declined"


_S = CurriculumState
_TO_ADOPT = since_move("/courses?show={course_id}")(
    N_("The course {course} is shared with {academy}: say whether it is taught there."), "book", 90
)
_ADOPT = Act.CURRICULUM_ADOPT
LIFE = state_machine.Life(
    "curriculum",
    _S.SHARED,
    (
        state_machine.Step(
            _S.SHARED,
            _S.ADOPTED,
            "curriculum.adopt",
            _ADOPT,
            N_("It is taught there"),
            "check",
            waits=_TO_ADOPT,
        ),
        *state_machine.ways(
            (_S.SHARED, _S.ADOPTED),
            _S.DECLINED,
            "curriculum.decline",
            _ADOPT,
            N_("It is not taught there"),
            "ban",
            N_("Why it is not taught there"),
        ),
    ),
    ends=(_S.ADOPTED, _S.DECLINED),
    may=may_step,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={_S.SHARED: N_("Shared"), _S.ADOPTED: N_("Taught there"), _S.DECLINED: N_("Not taught there")},
)


class Curriculum(AuthoredStateRow, table=True):
    """A course shared with an academy of a country."""

    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly((_S.ADOPTED,), "adopted_on IS NOT NULL", "adopted_on_a_day"),
        Index(
            "uq_curriculum_academy",
            "course_id",
            "country",
            "academy",
            unique=True,
            sqlite_where=text("state <> 'declined'"),
            postgresql_where=text("state <> 'declined'"),
        ),
    )
    course_id: UUID = Field(foreign_key="course.id", index=True)
    country: str = Field(max_length=3, index=True)
    academy: str = Field(max_length=120)
    state: str = Field(default=CurriculumState.SHARED.value, max_length=12)
    adopted_on: date | None = None


@scoped(Curriculum)
def _seen(actor: Actor) -> Any:
    """A country sees its own; people who work for all countries see all."""
    if not may(actor, Act.COURSE_READ) or actor.only is not None:
        return false()
    return col(Curriculum.country) == actor.country if actor.national else true()


entries_of("curriculum")


CURRICULUM = Noun(
    Curriculum,
    "curriculum",
    record,
    N_("This was already shared with other content. Reload the page to see it."),
    LIFE,
    TrainingStep,
)


@CURRICULUM.waits
def _in_states(session: Session, states: Iterable[str]) -> list[Any]:
    query = select(Curriculum, Course.title).join(Course, col(Course.id) == col(Curriculum.course_id))
    return [
        (row, {"course": title, "course_id": row.course_id, "academy": row.academy})
        for row, title in session.exec(query.where(col(Curriculum.state).in_(states)))
    ]


class CurriculumShareDraft(Draft):
    """Draft of a share: the academy that a course is shared with."""

    id: UUID
    country: Annotated[Country, Label(N_("Country"))]
    academy: Annotated[NeededLine, Rule(max_length=120), Label(N_("Academy or school"))]


class Shared(NamedTuple):
    """A shared curriculum, and the steps the asker may take."""

    curriculum: Curriculum
    offers: list[state_machine.StepOffer[CurriculumState]]


def shared(session: Session, course_id: UUID, by: Actor) -> list[Shared]:
    """Return the academies that a course is shared with, as far as the asker may know, by country and academy."""
    query = select(Curriculum).where(Curriculum.course_id == course_id)
    found = session.exec(query.order_by(col(Curriculum.country), col(Curriculum.academy), col(Curriculum.made_at)))
    return [Shared(each, CURRICULUM.offers(session, each, by)) for each in found]


def may_share(found: Course, by: Actor) -> bool:
    """Return whether `by` may share a course now."""
    return found.state == CourseState.ACCREDITED and may(by, Act.CURRICULUM_SHARE, Subject(country=by.country))


def offer(session: Session, course_id: UUID, draft: CurriculumShareDraft, by: Actor) -> Curriculum:
    """Share a course with an academy. Idempotent.

    Raises RuleBroken for a course that is not accredited, and where it is shared with this academy already.
    """
    require(by, Act.CURRICULUM_SHARE, Subject(country=draft.country))
    course = rows.hold(session, Course, course_id)
    said = draft.model_dump() | {"course_id": course_id}
    if known := CURRICULUM.known(session, said):
        return known
    if course.state != CourseState.ACCREDITED:
        raise RuleBroken("", "This course is not accredited. Only accredited courses can be shared.")
    same = (Curriculum.course_id == course_id, Curriculum.country == draft.country)
    earlier = session.exec(select(Curriculum).where(*same, Curriculum.academy == draft.academy))
    if any(each.state != _S.DECLINED for each in earlier):
        raise RuleBroken("academy", "This course is shared with this academy already.")
    return CURRICULUM.write(session, by, "curriculum.share", said)


def take(session: Session, curriculum_id: UUID, to: CurriculumState, by: Actor, words: str = "") -> Curriculum:
    """Adopt or decline a curriculum, for its country. Raises RuleBroken and NotPermitted."""
    day = today() if to is _S.ADOPTED else None
    return CURRICULUM.take(session, CURRICULUM.hold(session, curriculum_id), to, by, words, adopted_on=day)


ADOPTED = ProgrammeFigure(
    "K62",
    N_("Curriculum adopted"),
    "%",
    N_("Countries of which an academy teaches a course, divided by the countries with an office in the ISON network."),
    N_("Taught once is not taught every year."),
    "S00",
)


def adopted(session: Session, network: Iterable[str], by: Actor) -> Value:
    """Return K62 over the countries of the `network`; for the asker's own country it is 0 or 100 %."""
    taught = set(
        session.exec(unscoped(select(Curriculum.country).where(Curriculum.state == CurriculumState.ADOPTED.value)))
    )
    countries = {each for each in network if not by.national or each == by.country}
    return share(ADOPTED, len(taught & countries), len(countries))
