"""Courses, their runs, enrolments and certificates as they are stored, with the life of each (domain 1.6.11).

A course is accredited for four years; a run of it is held once. Who takes part is an account, never a name typed here.
Every change is told to all who know of courses: an entry names a country and a state, never a person or a result.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, false, text, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import hearing, journal, life, rows
from operations.core.clock import UtcDateTime, now
from operations.core.errors import Flaw
from operations.core.people import NATIONAL_ROLES, Actor
from operations.core.permissions import GRANTS, Act, Subject, may
from operations.core.said import N_
from operations.core.store import scoped
from operations.core.vocabulary import Role
from operations.core.waits import AGAIN, DAYS, Found, Waits

ENDING = 90 * DAYS
"""So long before its accreditation ends a course waits to be revised."""
PRACTISED_AFTER = 90
"""Days after a run before anybody can say what changed in practice (domain: after 3 to 6 months)."""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


# --------------------------------------------------------------------------------------------------- the course


class CourseState(StrEnum):
    """How far a course is."""

    DESIGNED = "designed"
    ACCREDITED = "accredited"
    RETIRED = "retired"


_C = CourseState


def _may(found: Any, _facts: Any, step: life.Step[Any], by: Actor) -> bool:
    return may(by, step.act, Subject(country=getattr(found, "country", None)))


def _ends_soon(found: "Course", at: datetime) -> bool:
    return found.ends_at is not None and found.ends_at - ENDING <= at


_COURSE = "/courses?show={id}"
_TO_ACCREDIT = Waits(
    N_("The course {title} is designed: accredit it or refuse it."), _COURSE, "rubber-stamp", "moved_at",
    within=30 * DAYS, late=AGAIN,
)  # fmt: skip
_TO_REVISE = Waits(
    N_("The accreditation of the course {title} ends: revise it or retire it."), _COURSE, "school", "warned_at",
    "ends_at", when=_ends_soon, late=AGAIN,
)  # fmt: skip
COURSES = life.Life(
    "course",
    _C.DESIGNED,
    (
        life.Step(
            _C.DESIGNED, _C.ACCREDITED, "course.accredit", Act.COURSE_ACCREDIT, N_("Accredit for four years"),
            "rubber-stamp", waits=_TO_ACCREDIT,
        ),
        life.Step(
            _C.DESIGNED, _C.RETIRED, "course.refuse", Act.COURSE_ACCREDIT, N_("Do not accredit"), "ban",
            N_("Why it is not accredited"),
        ),
        life.Step(
            _C.ACCREDITED, _C.DESIGNED, "course.revise", Act.COURSE_DESIGN, N_("Revise it"), "arrow-back-up",
            N_("What changes, and why"), waits=_TO_REVISE,
        ),
        life.Step(
            _C.ACCREDITED, _C.RETIRED, "course.retire", Act.COURSE_DESIGN, N_("Retire it"), "ban",
            N_("Why it is not held any more"),
        ),
    ),
    ends=(_C.RETIRED,),
    may=_may,
    astray=Flaw("", "The course cannot make this step from the state it is in: reload it to see which."),
    words={_C.DESIGNED: N_("Designed"), _C.ACCREDITED: N_("Accredited"), _C.RETIRED: N_("Retired")},
)  # fmt: skip


class Course(SQLModel, table=True):
    """A course: what it teaches, and by which test. A certificate of it is valid for `months`.

    `reason` is what was said at the last step, where that needs words; `accredited_until` is its last day.
    """

    __table_args__ = (
        COURSES.known(),
        COURSES.exactly((_C.ACCREDITED,), "accredited_until IS NOT NULL", "accredited_until_a_day"),
        CheckConstraint("state <> 'retired' OR reason <> ''", name="reason_given"),
        CheckConstraint("points > 0 AND pass_points > 0 AND pass_points <= points", name="can_be_passed"),
    )
    id: UUID = Field(primary_key=True)
    title: str = Field(max_length=120)
    topic: str = Field(max_length=32)
    need: str = Field(max_length=2000)
    curriculum: str = Field(max_length=2000)
    hours: int
    points: int
    pass_points: int
    months: int
    state: str = Field(default=CourseState.DESIGNED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    accredited_until: date | None = None
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def ends_at(self) -> datetime | None:
        """When its accreditation is over."""
        return _midnight(self.accredited_until + timedelta(days=1)) if self.accredited_until else None

    @property
    def warned_at(self) -> datetime | None:
        """From when on its end is told."""
        return self.ends_at - ENDING if self.ends_at else None


# ------------------------------------------------------------------------------------------------------ its runs


class RunState(StrEnum):
    """How far a run of a course is."""

    SCHEDULED = "scheduled"
    DELIVERED = "delivered"
    EVALUATED = "evaluated"
    PRACTISED = "practised"
    CLOSED = "closed"
    CANCELLED = "cancelled"


_R = RunState


class RunFacts(NamedTuple):
    """What the steps of a run depend on: how many have no word on their attendance, and how many no test after it."""

    unmarked: int
    untested: int
    today: date


def _over(found: "CourseRun", facts: RunFacts) -> Iterator[Flaw]:
    if facts.today <= found.ends:
        yield Flaw("", N_("The run lasts until {day}: it is delivered after that."), {"day": found.ends})
    if facts.unmarked:
        yield Flaw("", N_("People of whom is not said whether they were there: {count}."), {"count": facts.unmarked})


def _tested(_found: "CourseRun", facts: RunFacts) -> Iterator[Flaw]:
    if facts.untested:
        yield Flaw("", N_("People who were there and have no test after it: {count}."), {"count": facts.untested})


def _months_later(found: "CourseRun", facts: RunFacts) -> Iterator[Flaw]:
    if facts.today < found.practised_from:
        yield Flaw("", N_("What changed in practice can be said from {day} on."), {"day": found.practised_from})


_RUN = "/courses/runs?show={id}"
_TO_DELIVER = Waits(
    N_("The run of {course} in {place} is over: say who was there, and that it is delivered."), _RUN, "school",
    "over_at", when=lambda found, at: found.over_at <= at, within=14 * DAYS, late=AGAIN,
)  # fmt: skip
_TO_EVALUATE = Waits(
    N_("The run of {course} in {place} is delivered: evaluate it."), _RUN, "clipboard-check", "moved_at",
    within=30 * DAYS, late=AGAIN,
)  # fmt: skip
_TO_LOOK = Waits(
    N_("Three months after the run of {course} in {place}: say what changed in practice."), _RUN, "search",
    "practised_at", when=lambda found, at: found.practised_at <= at, within=90 * DAYS, late=AGAIN,
)  # fmt: skip
_TO_CLOSE = Waits(
    N_("Practice after the run of {course} in {place} is known: say which results it had."), _RUN, "report-analytics",
    "moved_at", within=180 * DAYS, late=AGAIN,
)  # fmt: skip
_HOLD = Act.COURSE_RUN
RUNS = life.Life(
    "course run",
    _R.SCHEDULED,
    (
        life.Step(
            _R.SCHEDULED, _R.DELIVERED, "run.deliver", _HOLD, N_("It is delivered"), "check", guard=_over,
            waits=_TO_DELIVER,
        ),
        life.Step(
            _R.DELIVERED, _R.EVALUATED, "run.evaluate", _HOLD, N_("It is evaluated"), "clipboard-check",
            N_("What participants said of it, and what they learnt"), guard=_tested, waits=_TO_EVALUATE,
        ),
        life.Step(
            _R.EVALUATED, _R.PRACTISED, "run.practice", _HOLD, N_("Practice is known"), "search",
            N_("What is done otherwise since, and what proves it"), guard=_months_later, waits=_TO_LOOK,
        ),
        life.Step(
            _R.PRACTISED, _R.CLOSED, "run.close", _HOLD, N_("Close it"), "check",
            N_("Which results it had, and what proves it"), waits=_TO_CLOSE,
        ),
        life.Step(
            _R.SCHEDULED, _R.CANCELLED, "run.cancel", _HOLD, N_("Cancel it"), "ban", N_("Why it is not held"),
        ),
    ),
    ends=(_R.CLOSED, _R.CANCELLED),
    may=_may,
    astray=Flaw("", "The run cannot make this step from the state it is in: reload it to see which."),
    words={
        _R.SCHEDULED: N_("Scheduled"),
        _R.DELIVERED: N_("Delivered"),
        _R.EVALUATED: N_("Evaluated"),
        _R.PRACTISED: N_("Practice known"),
        _R.CLOSED: N_("Closed"),
        _R.CANCELLED: N_("Cancelled"),
    },
)  # fmt: skip


class CourseRun(SQLModel, table=True):
    """A course held once: where, in which country (`host`), on which days, in which languages, and for how many."""

    __tablename__ = "course_run"
    __table_args__ = (
        RUNS.known(),
        RUNS.exactly(RUNS.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("starts <= ends", name="in_order"),
        CheckConstraint("capacity > 0", name="capacity"),
    )
    id: UUID = Field(primary_key=True)
    course_id: UUID = Field(foreign_key="course.id", index=True)
    host: str = Field(max_length=3)
    place: str = Field(max_length=120)
    starts: date
    ends: date
    languages: list[str] = Field(sa_type=JSON)
    capacity: int
    state: str = Field(default=RunState.SCHEDULED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def over_at(self) -> datetime:
        """When its last day is over."""
        return _midnight(self.ends + timedelta(days=1))

    @property
    def practised_from(self) -> date:
        """The first day on which can be said what changed in practice."""
        return self.ends + timedelta(days=PRACTISED_AFTER)

    @property
    def practised_at(self) -> datetime:
        """When that day begins."""
        return _midnight(self.practised_from)


# ---------------------------------------------------------------------------------------------- who takes part


class EnrolmentState(StrEnum):
    """How far somebody is in a run."""

    ENROLLED = "enrolled"
    ATTENDED = "attended"
    ABSENT = "absent"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


_N = EnrolmentState
WAS_THERE = (_N.ATTENDED, _N.PASSED, _N.FAILED)
"""They took part."""
_BY_TEST = N_("Nobody passes or fails but by the test after the course: enter its points.")


class EnrolmentFacts(NamedTuple):
    """What the steps of an enrolment depend on."""

    run: CourseRun
    today: date


def _begun(_found: "Enrolment", facts: EnrolmentFacts) -> Iterator[Flaw]:
    if facts.run.state == _R.CANCELLED:
        yield Flaw("", N_("This run is cancelled: nobody was there."))
    elif facts.today < facts.run.starts:
        yield Flaw("", N_("The run begins on {day}: who was there is known then."), {"day": facts.run.starts})


_MARK = Act.ENROLMENT_MARK
ENROLMENTS = life.Life(
    "enrolment",
    _N.ENROLLED,
    (
        *life.ways(
            (_N.ENROLLED, _N.ABSENT), _N.ATTENDED, "enrolment.attend", _MARK, N_("Was there"), "user-check",
            guard=_begun,
        ),
        life.Step(
            _N.ENROLLED, _N.ABSENT, "enrolment.miss", _MARK, N_("Was not there"), "user-off", guard=_begun,
        ),
        *life.ways(
            (_N.ATTENDED, _N.FAILED), _N.PASSED, "enrolment.passed", _MARK, elsewhere=_BY_TEST, icon="check",
        ),
        *life.ways(
            (_N.ATTENDED, _N.PASSED), _N.FAILED, "enrolment.failed", _MARK, elsewhere=_BY_TEST, icon="ban",
        ),
        life.Step(
            _N.ENROLLED, _N.WITHDRAWN, "enrolment.withdraw", Act.ENROLMENT_MAKE, N_("Take back"), "user-minus",
            N_("Why this officer does not go"),
        ),
    ),
    ends=(_N.PASSED, _N.FAILED, _N.ABSENT, _N.WITHDRAWN),
    may=_may,
    astray=Flaw("", "This enrolment cannot make this step from the state it is in: reload it to see which."),
    words={
        _N.ENROLLED: N_("Enrolled"),
        _N.ATTENDED: N_("Was there"),
        _N.ABSENT: N_("Was not there"),
        _N.PASSED: N_("Passed"),
        _N.FAILED: N_("Failed"),
        _N.WITHDRAWN: N_("Taken back"),
    },
)  # fmt: skip


class Enrolment(SQLModel, table=True):
    """An officer takes part in a run. `post_id` is where the officer works; `before` and `after` are points of tests.

    The person is the account and nothing else is kept of the person here.
    """

    __table_args__ = (
        ENROLMENTS.known(),
        ENROLMENTS.exactly((_N.PASSED, _N.FAILED), "after IS NOT NULL", "passed_by_test"),
        ENROLMENTS.exactly(ENROLMENTS.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("before >= 0 AND after >= 0", name="points"),
        Index(
            "uq_enrolment_person", "run_id", "account_id", unique=True,
            sqlite_where=text("state <> 'withdrawn'"), postgresql_where=text("state <> 'withdrawn'"),
        ),
    )  # fmt: skip
    id: UUID = Field(primary_key=True)
    run_id: UUID = Field(foreign_key="course_run.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)
    post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)
    state: str = Field(default=EnrolmentState.ENROLLED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    before: int | None = None
    after: int | None = None
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)


# -------------------------------------------------------------------------------------------------- certificates


class CertificateState(StrEnum):
    """How far a certificate is. Whether it has expired follows from its last day."""

    PROPOSED = "proposed"
    ISSUED = "issued"
    REVOKED = "revoked"
    DROPPED = "dropped"


_D = CertificateState


def _other_eyes(found: "CourseCertificate", by: Actor) -> Iterator[Flaw]:
    if by.is_one_of(found.proposed_by):
        yield Flaw("", N_("You drew this certificate up yourself: another coordinator has to issue it."))


_TO_ISSUE = Waits(
    N_("A certificate of {course} is drawn up: issue it or drop it."), "/courses/certificates?show={id}", "certificate",
    "moved_at", within=14 * DAYS, late=AGAIN,
)  # fmt: skip
_DRAW = Act.CERTIFICATE_DRAW
CERTIFICATES = life.Life(
    "course certificate",
    _D.PROPOSED,
    (
        life.Step(
            _D.PROPOSED, _D.ISSUED, "certificate.issue", _DRAW, N_("Issue it"), "rubber-stamp", guard=_other_eyes,
            waits=_TO_ISSUE,
        ),
        life.Step(_D.PROPOSED, _D.DROPPED, "certificate.drop", _DRAW, N_("Drop it"), "ban", N_("Why it is dropped")),
        life.Step(
            _D.ISSUED, _D.REVOKED, "certificate.revoke", Act.CERTIFICATE_REVOKE, N_("Revoke it"), "ban",
            N_("Why it is revoked"),
        ),
    ),
    ends=(_D.ISSUED, _D.REVOKED, _D.DROPPED),
    may=_may,
    astray=Flaw("", "The certificate cannot make this step from the state it is in: reload it to see which."),
    words={
        _D.PROPOSED: N_("Drawn up"),
        _D.ISSUED: N_("Issued"),
        _D.REVOKED: N_("Revoked"),
        _D.DROPPED: N_("Dropped"),
    },
)  # fmt: skip


class CourseCertificate(SQLModel, table=True):
    """The certificate of somebody who passed. `code` is what its PDF carries: whoever has it learns valid or not."""

    __tablename__ = "course_certificate"
    __table_args__ = (
        CERTIFICATES.known(),
        CERTIFICATES.exactly(CERTIFICATES.needing_reason(), "reason <> ''", "reason_given"),
        CERTIFICATES.exactly((_D.ISSUED, _D.REVOKED), "issued_by IS NOT NULL", "issued_by_somebody"),
        CheckConstraint("issued_by IS NULL OR issued_by <> proposed_by", name="other_eyes"),
        CheckConstraint("(issued_by IS NULL) = (issued_on IS NULL)", name="issued_on_a_day"),
        CheckConstraint("(issued_by IS NULL) = (expires_on IS NULL)", name="expires"),
        CheckConstraint("expires_on > issued_on", name="in_order"),
        Index(
            "uq_course_certificate_enrolment", "enrolment_id", unique=True,
            sqlite_where=text("state <> 'dropped'"), postgresql_where=text("state <> 'dropped'"),
        ),
    )  # fmt: skip
    id: UUID = Field(primary_key=True)
    enrolment_id: UUID = Field(foreign_key="enrolment.id")
    run_id: UUID = Field(foreign_key="course_run.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)
    code: str = Field(unique=True, max_length=22)
    state: str = Field(default=CertificateState.PROPOSED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    proposed_by: UUID
    proposed_name: str = Field(max_length=120)
    issued_by: UUID | None = None
    issued_name: str = Field(default="", max_length=120)
    issued_on: date | None = None
    expires_on: date | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def number(self) -> str:
        """Its number, the same whenever it is printed."""
        return f"C-{self.id.hex[:8].upper()}"

    def valid(self, day: date) -> bool:
        """Whether it is valid on a day: its last day too."""
        return self.state == _D.ISSUED and self.expires_on is not None and day <= self.expires_on


class TrainingStep(SQLModel, table=True):
    """A step of a course, a run, an enrolment or a certificate, by whom, and in which words. Never changed.

    `country` and `account_id` are those of whom it concerns; None of a course or a run.
    """

    __tablename__ = "training_step"
    id: UUID = Field(primary_key=True)
    of_id: UUID = Field(index=True)
    country: str | None = Field(default=None, max_length=3, index=True)
    account_id: UUID | None = Field(default=None, foreign_key="account.id", index=True)
    state: str = Field(max_length=12)
    words: str = Field(default="", max_length=2000)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------- who sees what


def _of_all(actor: Actor) -> Any:
    """Courses and runs are no country's: whoever knows of courses knows all."""
    return true() if may(actor, Act.COURSE_READ) and actor.only is None else false()


def _of_people(model: Any) -> Any:
    """Officers see what is theirs, coordinators of a country what is their country's, training managers all."""

    def seen(actor: Actor) -> Any:
        if not may(actor, Act.ENROLMENT_READ) or actor.only is not None:
            return false()
        if actor.role in NATIONAL_ROLES - {Role.NATIONAL_COORDINATOR}:
            return col(model.account_id) == actor.account_id
        return col(model.country) == actor.country if actor.national else true()

    return seen


for _model in (Course, CourseRun):
    scoped(_model)(_of_all)
for _kept in (Enrolment, CourseCertificate):
    scoped(_kept)(_of_people(_kept))


@scoped(TrainingStep)
def _steps_seen(actor: Actor) -> Any:
    return _of_all(actor) & (col(TrainingStep.country).is_(None) | _of_people(TrainingStep)(actor))


READERS = tuple(GRANTS[Act.COURSE_READ])
for _kind in ("course", "course run", "enrolment", "course certificate"):
    journal.need_to_know(
        _kind, seen=_of_all, countries=lambda _session, _id, _country: frozenset(), roles=frozenset(READERS)
    )


def record(session: Session, by: Actor, act: str, kind: str, of: Any, /, **detail: Any) -> None:
    """Journal a change of training: all who know of courses hear of it."""
    country = getattr(of, "country", None)
    journal.record(session, by, act, kind, of.id, country=country, audience=hearing.centre(*READERS), **detail)


# ------------------------------------------------------------------------------------------------- what waits


def today() -> date:
    """The day by which runs begin and end and certificates expire: that of UTC."""
    return now().date()


def run_facts(session: Session, found: Iterable[CourseRun]) -> dict[UUID, RunFacts]:
    """What the steps of each run depend on, in one query."""
    wanted = [each.id for each in found]
    states: dict[UUID, list[str]] = {}
    query = select(Enrolment.run_id, Enrolment.state).where(col(Enrolment.run_id).in_(wanted))
    for run, state in session.exec(query):
        states.setdefault(run, []).append(state)
    return {
        each: RunFacts(states.get(each, []).count(_N.ENROLLED), states.get(each, []).count(_N.ATTENDED), today())
        for each in wanted
    }


@COURSES.rows
def _courses(session: Session, _by: Actor, states: Iterable[str], _owners: Any) -> list[Found]:
    query = select(Course).where(col(Course.state).in_(states))
    return [Found(each, None, None, {"title": each.title}) for each in session.exec(query)]


@RUNS.rows
def _runs(session: Session, _by: Actor, states: Iterable[str], _owners: Any) -> list[Found]:
    found = list(session.exec(select(CourseRun).where(col(CourseRun.state).in_(states))))
    facts, courses = run_facts(session, found), rows.by_id(session, Course, (each.course_id for each in found))
    return [
        Found(each, facts[each.id], None, {"course": courses[each.course_id].title, "place": each.place})
        for each in found
    ]


@CERTIFICATES.rows
def _certificates(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[Found]:
    query = (
        select(CourseCertificate, Course.title)
        .join(CourseRun, col(CourseRun.id) == col(CourseCertificate.run_id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .where(col(CourseCertificate.state).in_(states))
    )
    return [Found(each, by, None, {"course": title}) for each, title in session.exec(query)]
