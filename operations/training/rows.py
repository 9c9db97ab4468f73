"""Tables of courses and their runs, with the state machine of each (domain 1.6.11).

A course is accredited for four years; a run of it is held once. Trainees are accounts, never names typed here.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, Session

from operations.core import state_machine
from operations.core.clock import midnight
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.permissions import Act
from operations.core.state_tables import AuthoredStateRow
from operations.core.store import scoped
from operations.core.worklist import AGAIN, DAYS, Waits, since_move
from operations.training.course_scope import course_condition, entries_of
from operations.training.steps import TrainingStep, may_step, record

ENDING = 90 * DAYS
"""The time before the end of its accreditation at which a course waits to be revised."""
PRACTISED_AFTER = 90
"""Days after a run before changes in practice can be recorded (domain: after 3 to 6 months)."""


# ------------------------------------------------------------------------------------------------------ courses


class CourseState(StrEnum):
    """States of a course."""

    DESIGNED = "designed"
    ACCREDITED = "accredited"
    RETIRED = "retired"


_C = CourseState


def _ends_soon(found: "Course", at: datetime) -> bool:
    return found.ends_at is not None and found.ends_at - ENDING <= at


_COURSE = "/courses?show={id}"
_TO_ACCREDIT = since_move(_COURSE)(N_("The course {title} is designed: accredit it or refuse it."), "rubber-stamp", 30)
_TO_REVISE = Waits(
    N_("The accreditation of the course {title} ends: revise it or retire it."),
    _COURSE,
    "school",
    "warned_at",
    "ends_at",
    when=_ends_soon,
    late=AGAIN,
)
COURSES = state_machine.Life(
    "course",
    _C.DESIGNED,
    (
        state_machine.Step(
            _C.DESIGNED,
            _C.ACCREDITED,
            "course.accredit",
            Act.COURSE_ACCREDIT,
            N_("Accredit for four years"),
            "rubber-stamp",
            waits=_TO_ACCREDIT,
        ),
        state_machine.Step(
            _C.DESIGNED,
            _C.RETIRED,
            "course.refuse",
            Act.COURSE_ACCREDIT,
            N_("Do not accredit"),
            "ban",
            N_("Why it is not accredited"),
        ),
        state_machine.Step(
            _C.ACCREDITED,
            _C.DESIGNED,
            "course.revise",
            Act.COURSE_DESIGN,
            N_("Revise it"),
            "arrow-back-up",
            N_("What changes, and why"),
            waits=_TO_REVISE,
        ),
        state_machine.Step(
            _C.ACCREDITED,
            _C.RETIRED,
            "course.retire",
            Act.COURSE_DESIGN,
            N_("Retire it"),
            "ban",
            N_("Why it is not held any more"),
        ),
    ),
    ends=(_C.RETIRED,),
    may=may_step,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={_C.DESIGNED: N_("Designed"), _C.ACCREDITED: N_("Accredited"), _C.RETIRED: N_("Retired")},
)


class Course(AuthoredStateRow, table=True):
    """A course: curriculum, languages and test. Its certificates are valid for `months`.

    `reason` is the reason of the last step, where it needs one; `accredited_until` is its last accredited day.
    """

    __table_args__ = (
        COURSES.known(),
        COURSES.exactly((_C.ACCREDITED,), "accredited_until IS NOT NULL", "accredited_until_a_day"),
        CheckConstraint("state <> 'retired' OR reason <> ''", name="reason_given"),
        CheckConstraint("points > 0 AND pass_points > 0 AND pass_points <= points", name="can_be_passed"),
    )
    title: str = Field(max_length=120)
    topic: str = Field(max_length=32)
    need: str = Field(max_length=2000)
    curriculum: str = Field(max_length=2000)
    languages: list[str] = Field(sa_type=JSON)
    hours: int
    points: int
    pass_points: int
    months: int
    state: str = Field(default=CourseState.DESIGNED.value, max_length=12)
    accredited_until: date | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When its accreditation is over."""
        return midnight(self.accredited_until + timedelta(days=1)) if self.accredited_until else None

    @property
    def warned_at(self) -> datetime | None:
        """When the end of its accreditation is first announced."""
        return self.ends_at - ENDING if self.ends_at else None


# ---------------------------------------------------------------------------------------------------------- runs


class RunState(StrEnum):
    """States of a run of a course."""

    SCHEDULED = "scheduled"
    DELIVERED = "delivered"
    EVALUATED = "evaluated"
    PRACTISED = "practised"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_R = RunState


class RunFacts(NamedTuple):
    """Inputs to the guards of a run's steps: enrolments without attendance, and without a test after it."""

    unmarked: int
    untested: int
    today: date


def _over(found: "CourseRun", facts: RunFacts) -> Iterator[Flaw]:
    if facts.today <= found.ends:
        yield Flaw("", N_("The run lasts until {day}. Mark it as delivered after that day."), {"day": found.ends})
    if facts.unmarked:
        yield Flaw("", N_("People without recorded attendance: {count}."), {"count": facts.unmarked})


def _tested(_found: "CourseRun", facts: RunFacts) -> Iterator[Flaw]:
    if facts.untested:
        yield Flaw("", N_("People who attended and have no test after the course: {count}."), {"count": facts.untested})


def _months_later(found: "CourseRun", facts: RunFacts) -> Iterator[Flaw]:
    if facts.today < found.practised_from:
        yield Flaw("", N_("You can record the change in practice from {day}."), {"day": found.practised_from})


_RUN = "/courses/runs?show={id}"
_TO_DELIVER = Waits(
    N_("The run of {course} in {place} is over: say who was there, and that it is delivered."),
    _RUN,
    "school",
    "over_at",
    when=lambda found, at: found.over_at <= at,
    within=14 * DAYS,
    late=AGAIN,
)
_TO_EVALUATE = since_move(_RUN)(N_("The run of {course} in {place} is delivered: evaluate it."), "clipboard-check", 30)
_TO_LOOK = Waits(
    N_("Three months after the run of {course} in {place}: say what changed in practice."),
    _RUN,
    "search",
    "practised_at",
    when=lambda found, at: found.practised_at <= at,
    within=90 * DAYS,
    late=AGAIN,
)
_TO_CLOSE = since_move(_RUN)(
    N_("Practice after the run of {course} in {place} is known: say which results it had."), "report-analytics", 180
)
_HOLD = Act.COURSE_RUN
RUNS = state_machine.Life(
    "course run",
    _R.SCHEDULED,
    (
        state_machine.Step(
            _R.SCHEDULED, _R.DELIVERED, "run.deliver", _HOLD, N_("It is delivered"), "check", guard=_over,
            waits=_TO_DELIVER,
        ),
        state_machine.Step(
            _R.DELIVERED, _R.EVALUATED, "run.evaluate", _HOLD, N_("It is evaluated"), "clipboard-check",
            N_("What participants said of it, and what they learnt"), guard=_tested, waits=_TO_EVALUATE,
        ),
        state_machine.Step(
            _R.EVALUATED, _R.PRACTISED, "run.practice", _HOLD, N_("Practice is known"), "search",
            N_("What is done otherwise since, and what proves it"), guard=_months_later, waits=_TO_LOOK,
        ),
        state_machine.Step(
            _R.PRACTISED, _R.CLOSED, "run.close", _HOLD, N_("Close it"), "check",
            N_("Which results it had, and what proves it"), waits=_TO_CLOSE,
        ),
        state_machine.Step(
            _R.SCHEDULED, _R.CANCELLED, "run.cancel", _HOLD, N_("Cancel it"), "ban", N_("Why it is not held"),
        ),
    ),
    ends=(_R.CLOSED, _R.CANCELLED),
    may=may_step,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _R.SCHEDULED: N_("Scheduled"),
        _R.DELIVERED: N_("Delivered"),
        _R.EVALUATED: N_("Evaluated"),
        _R.PRACTISED: N_("Practice known"),
        _R.CLOSED: N_("Closed"),
        _R.CANCELLED: N_("Cancelled"),
    },
)  # fmt: skip


class CourseRun(AuthoredStateRow, table=True):
    """A run of a course: place, country (`host`), days, languages, and seats."""

    __tablename__ = "course_run"
    __table_args__ = (
        RUNS.known(),
        RUNS.exactly(RUNS.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("starts <= ends", name="in_order"),
        CheckConstraint("capacity > 0", name="capacity"),
    )
    course_id: UUID = Field(foreign_key="course.id", index=True)
    host: str = Field(max_length=3)
    place: str = Field(max_length=120)
    starts: date
    ends: date
    languages: list[str] = Field(sa_type=JSON)
    capacity: int
    state: str = Field(default=RunState.SCHEDULED.value, max_length=12)

    @property
    def over_at(self) -> datetime:
        """When its last day is over."""
        return midnight(self.ends + timedelta(days=1))

    @property
    def practised_from(self) -> date:
        """The first day on which changes in practice can be recorded."""
        return self.ends + timedelta(days=PRACTISED_AFTER)

    @property
    def practised_at(self) -> datetime:
        """The beginning of that day."""
        return midnight(self.practised_from)


for _model in (Course, CourseRun):
    scoped(_model)(course_condition)
entries_of("course", "course run")


COURSE = Noun(
    Course,
    "course",
    record,
    N_("This course was already designed with other content. Reload the page to see it."),
    COURSES,
    TrainingStep,
)


@COURSE.waits
def _courses(session: Session, states: Iterable[str]) -> list[Any]:
    return [(course, {"title": course.title}) for course in COURSE.in_states(session, states)]
