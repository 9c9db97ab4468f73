"""Courses and their runs: design, accreditation for four years, schedule, delivery, evaluation, practice."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import state_tables
from operations.core.clock import today
from operations.core.drafts import FIELD, Draft, NeededLine, NeededWords, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import Country, InList
from operations.training.enrolment_rows import RUN
from operations.training.rows import COURSE, COURSES, Course, CourseRun, CourseState, RunState
from operations.training.steps import TrainingStep, record

YEARS = 4
"""The years for which a course is accredited."""
Languages = Annotated[tuple[Annotated[str, InList("CL-LANGUAGE")], ...], Rule(min_length=1, max_length=12)]
_ONE = N_("Choose at least one language.")

# ---------------------------------------------------------------------------------------------------- drafts

_PASS = rule("cannot_be_passed", "The points needed to pass cannot be more than the points of the test.")
_DAYS = rule("run_reversed", "The run must end on the day it begins or later.")


class CourseDraft(Draft):
    """Draft of a course."""

    id: UUID
    title: Annotated[NeededLine, Rule(max_length=120), Label(N_("Title"))]
    topic: Annotated[str, InList("CL-TOPIC"), Label(N_("Topic"))]
    need: Annotated[NeededWords, Label(N_("Need"), N_("What officers cannot do today, and where that was found."))]
    curriculum: Annotated[NeededWords, Label(N_("Curriculum"), N_("What is taught, in which order."))]
    languages: Annotated[
        Languages,
        Label(
            N_("Languages it can be held in"),
            N_("Those for which there are material and a test."),
            draws="several",
            listed="CL-LANGUAGE",
            needed=_ONE,
        ),
    ]
    hours: Annotated[int, Rule(ge=1, le=1000), Label(N_("Hours"))]
    points: Annotated[
        int, Rule(ge=1, le=1000), Label(N_("Points of the test"), N_("The same test before and after."), start=100)
    ]
    pass_points: Annotated[int, Rule(ge=1, le=1000), Label(N_("Points to pass"), start=60)]
    months: Annotated[int, Rule(ge=1, le=120), Label(N_("Months a certificate is valid"), start=36)]

    @model_validator(mode="after")
    def _passable(self) -> "CourseDraft":
        if self.pass_points > self.points:
            raise PydanticCustomError(_PASS, "cannot be passed", {FIELD: "pass_points"})
        return self


class RevisionDraft(Draft):
    """Draft of a revision: the fields of a course that may change; its test stays, so that results stay comparable."""

    need: Annotated[NeededWords, Label(N_("Need"))]
    curriculum: Annotated[NeededWords, Label(N_("Curriculum"))]
    languages: Annotated[
        Languages,
        Label(N_("Languages it can be held in"), draws="several", listed="CL-LANGUAGE", needed=_ONE),
    ]
    hours: Annotated[int, Rule(ge=1, le=1000), Label(N_("Hours"))]


class RunDraft(Draft):
    """Draft of a run of a course."""

    id: UUID
    course_id: Annotated[UUID, Label(N_("Course"))]
    host: Annotated[Country, Label(N_("Country where it is held"))]
    place: Annotated[NeededLine, Rule(max_length=120), Label(N_("Place"), N_("The town and the school or bureau."))]
    starts: Annotated[date, Label(N_("First day"))]
    ends: Annotated[date, Label(N_("Last day"))]
    languages: Annotated[
        Languages,
        Label(
            N_("Languages it is held in"),
            N_("Of those of the course."),
            draws="several",
            listed="CL-LANGUAGE",
            needed=_ONE,
        ),
    ]
    capacity: Annotated[int, Rule(ge=1, le=500), Label(N_("Seats"), start=20)]

    @model_validator(mode="after")
    def _in_order(self) -> "RunDraft":
        if self.ends < self.starts:
            raise PydanticCustomError(_DAYS, "reversed", {FIELD: "ends"})
        return self


# ------------------------------------------------------------------------------------------------- questions


def courses(session: Session) -> list[Course]:
    """Return all courses, retired ones last, by title."""
    order = list(CourseState)
    found = session.exec(select(Course).order_by(col(Course.title), col(Course.id)))
    return sorted(found, key=lambda each: order.index(COURSES.now(each)) == len(order) - 1)


def runs(session: Session, course_id: UUID | None = None) -> list[CourseRun]:
    """Return the runs of a course or all, latest first."""
    query = select(CourseRun).order_by(col(CourseRun.starts).desc(), col(CourseRun.id))
    return list(session.exec(query if course_id is None else query.where(CourseRun.course_id == course_id)))


def past(session: Session, of_id: UUID) -> Sequence[TrainingStep]:
    """Return the steps of an object of training that the asker may see, newest first."""
    return state_tables.steps_of(session, TrainingStep, of_id)


# ----------------------------------------------------------------------------------------------------- verbs


def design(session: Session, draft: CourseDraft, by: Actor) -> Course:
    """Design a course. Idempotent. Raises RuleBroken for the title of another course."""
    require(by, Act.COURSE_DESIGN)
    said = draft.model_dump() | {"languages": list(draft.languages)}
    if known := COURSE.known(session, said):
        return known
    if any(each.title == draft.title and each.state != CourseState.RETIRED for each in courses(session)):
        raise RuleBroken("title", "There is a course of this title already: choose another title, or revise that one.")
    return COURSE.write(session, by, "course.design", said, topic=draft.topic)


def take_course(session: Session, course_id: UUID, to: CourseState, by: Actor, words: str = "") -> Course:
    """Take a step of a course. Raises RuleBroken with every obstacle, and NotPermitted."""
    until = _years_later(today()) if to is CourseState.ACCREDITED else None
    return COURSE.take(session, COURSE.hold(session, course_id), to, by, words, accredited_until=until)


def may_revise(found: Course, by: Actor) -> bool:
    """Return whether `by` may revise the course now."""
    return found.state == CourseState.DESIGNED and may(by, Act.COURSE_DESIGN)


def revise(session: Session, course_id: UUID, draft: RevisionDraft, by: Actor) -> Course:
    """Revise a course that is not accredited. Idempotent. Raises RuleBroken for an accredited one."""
    found = COURSE.hold(session, course_id)
    require(by, Act.COURSE_DESIGN)
    said = draft.model_dump() | {"languages": list(draft.languages)}
    if all(getattr(found, name) == value for name, value in said.items()):
        return found
    if not may_revise(found, by):
        raise RuleBroken("", "You cannot change an accredited course. Take it back for revision first.")
    found.sqlmodel_update(said)
    session.add(found)
    record(session, by, "course.rewrite", "course", found)
    return found


def schedule(session: Session, draft: RunDraft, by: Actor) -> CourseRun:
    """Schedule a run of an accredited course. Idempotent.

    Raises RuleBroken where the course is not accredited until its last day or not held in these languages, and for
    days that are over.
    """
    require(by, Act.COURSE_RUN)
    said = draft.model_dump(mode="json") | draft.model_dump(include={"id", "course_id", "starts", "ends"})
    if known := RUN.known(session, said):
        return known
    course = COURSE.hold(session, draft.course_id)
    if course.accredited_until is None:
        raise RuleBroken("course_id", "This course is not accredited. Only accredited courses can have runs.")
    if draft.ends > course.accredited_until:
        raise RuleBroken(
            "ends",
            "The course is accredited until {day}: end the run by then, or have it accredited anew.",
            day=course.accredited_until,
        )
    if not set(draft.languages) <= set(course.languages):
        raise RuleBroken(
            "languages", "The course is not held in all of these languages: choose among its own, or revise it first."
        )
    if draft.starts < today():
        raise RuleBroken("starts", "This day is in the past. Choose a later day.")
    return RUN.write(session, by, "run.schedule", said, host=draft.host, day=draft.starts.isoformat())


def take_run(session: Session, run_id: UUID, to: RunState, by: Actor, words: str = "") -> CourseRun:
    """Take a step of a run. Raises RuleBroken with every obstacle, and NotPermitted."""
    return RUN.take(session, RUN.hold(session, run_id), to, by, words)


def _years_later(day: date) -> date:
    """Return the day before the same day four years later.

    >>> _years_later(date(2028, 2, 29))
    datetime.date(2032, 2, 28)
    """
    later = day.replace(year=day.year + YEARS)
    return date.fromordinal(later.toordinal() - 1)
