"""Tables of enrolments and certificates, with the state machine of each (domain 1.6.11)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, col, select

from operations.core import rows, state_machine
from operations.core.clock import UtcDateTime, today
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.state_tables import AuthoredStateRow, Moved
from operations.core.store import scoped
from operations.core.worklist import since_move
from operations.training.course_scope import entries_of, person_condition
from operations.training.rows import RUNS, Course, CourseRun, RunFacts, RunState
from operations.training.steps import TrainingStep, may_step, record

# -------------------------------------------------------------------------------------------------- enrolments


class EnrolmentState(StrEnum):
    """States of an officer in a run."""

    ENROLLED = "enrolled"
    ATTENDED = "attended"
    ABSENT = "absent"
    PASSED = "passed"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


_N = EnrolmentState
WAS_THERE = (_N.ATTENDED, _N.PASSED, _N.FAILED)
"""States of officers who took part."""
_BY_TEST = N_("Nobody passes or fails but by the test after the course: enter its points.")


class EnrolmentFacts(NamedTuple):
    """Inputs to the guards of an enrolment's steps."""

    run: CourseRun
    today: date


def _begun(_found: "Enrolment", facts: EnrolmentFacts) -> Iterator[Flaw]:
    if facts.run.state == RunState.CANCELLED:
        yield Flaw("", N_("This run is cancelled. You cannot record attendance."))
    elif facts.today < facts.run.starts:
        yield Flaw("", N_("The run begins on {day}. Record the attendance from that day."), {"day": facts.run.starts})


_MARK = Act.ENROLMENT_MARK
ENROLMENTS = state_machine.Life(
    "enrolment",
    _N.ENROLLED,
    (
        *state_machine.ways(
            (_N.ENROLLED, _N.ABSENT),
            _N.ATTENDED,
            "enrolment.attend",
            _MARK,
            N_("Was there"),
            "user-check",
            guard=_begun,
        ),
        state_machine.Step(
            _N.ENROLLED,
            _N.ABSENT,
            "enrolment.miss",
            _MARK,
            N_("Was not there"),
            "user-off",
            guard=_begun,
        ),
        *state_machine.ways(
            (_N.ATTENDED, _N.FAILED),
            _N.PASSED,
            "enrolment.passed",
            _MARK,
            elsewhere=_BY_TEST,
            icon="check",
        ),
        *state_machine.ways(
            (_N.ATTENDED, _N.PASSED),
            _N.FAILED,
            "enrolment.failed",
            _MARK,
            elsewhere=_BY_TEST,
            icon="ban",
        ),
        state_machine.Step(
            _N.ENROLLED,
            _N.WITHDRAWN,
            "enrolment.withdraw",
            Act.ENROLMENT_MAKE,
            N_("Take back"),
            "user-minus",
            N_("Why this officer does not go"),
        ),
    ),
    ends=(_N.PASSED, _N.FAILED, _N.ABSENT, _N.WITHDRAWN),
    may=may_step,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _N.ENROLLED: N_("Enrolled"),
        _N.ATTENDED: N_("Was there"),
        _N.ABSENT: N_("Was not there"),
        _N.PASSED: N_("Passed"),
        _N.FAILED: N_("Failed"),
        _N.WITHDRAWN: N_("Taken back"),
    },
)


class Enrolment(AuthoredStateRow, table=True):
    """The enrolment of an officer in a run.

    `post_id` is where the officer works; `before` and `after` are points of tests.

    The person is an account; no other personal data is stored here.
    """

    __table_args__ = (
        ENROLMENTS.known(),
        ENROLMENTS.exactly((_N.PASSED, _N.FAILED), "after IS NOT NULL", "passed_by_test"),
        ENROLMENTS.exactly(ENROLMENTS.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("before >= 0 AND after >= 0", name="points"),
        Index(
            "uq_enrolment_person",
            "run_id",
            "account_id",
            unique=True,
            sqlite_where=text("state <> 'withdrawn'"),
            postgresql_where=text("state <> 'withdrawn'"),
        ),
    )
    run_id: UUID = Field(foreign_key="course_run.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)
    post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)
    state: str = Field(default=EnrolmentState.ENROLLED.value, max_length=12)
    before: int | None = None
    after: int | None = None


# -------------------------------------------------------------------------------------------------- certificates


class CertificateState(StrEnum):
    """States of a certificate. Whether it has expired follows from its last day."""

    PROPOSED = "proposed"
    ISSUED = "issued"
    REVOKED = "revoked"
    DROPPED = "dropped"


_D = CertificateState


def _other_eyes(found: "CourseCertificate", by: Actor) -> Iterator[Flaw]:
    if by.is_one_of(found.proposed_by):
        yield Flaw("", N_("You drafted this certificate, so another coordinator must issue it."))


_TO_ISSUE = since_move("/courses/certificates?show={id}")(
    N_("A certificate of {course} is drawn up: issue it or drop it."), "certificate", 14
)
_DRAW = Act.CERTIFICATE_DRAW
CERTIFICATES = state_machine.Life(
    "course certificate",
    _D.PROPOSED,
    (
        state_machine.Step(
            _D.PROPOSED,
            _D.ISSUED,
            "certificate.issue",
            _DRAW,
            N_("Issue it"),
            "rubber-stamp",
            guard=_other_eyes,
            waits=_TO_ISSUE,
        ),
        state_machine.Step(
            _D.PROPOSED, _D.DROPPED, "certificate.drop", _DRAW, N_("Drop it"), "ban", N_("Why it is dropped")
        ),
        state_machine.Step(
            _D.ISSUED,
            _D.REVOKED,
            "certificate.revoke",
            Act.CERTIFICATE_REVOKE,
            N_("Revoke it"),
            "ban",
            N_("Why it is revoked"),
        ),
    ),
    ends=(_D.ISSUED, _D.REVOKED, _D.DROPPED),
    may=may_step,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _D.PROPOSED: N_("Drawn up"),
        _D.ISSUED: N_("Issued"),
        _D.REVOKED: N_("Revoked"),
        _D.DROPPED: N_("Dropped"),
    },
)


class CourseCertificate(Moved, table=True):
    """The certificate of an officer who passed. Its PDF carries `code`, by which anybody can verify it."""

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
            "uq_course_certificate_enrolment",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state <> 'dropped'"),
            postgresql_where=text("state <> 'dropped'"),
        ),
    )
    id: UUID = Field(primary_key=True)
    enrolment_id: UUID = Field(foreign_key="enrolment.id")
    run_id: UUID = Field(foreign_key="course_run.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)
    code: str = Field(unique=True, max_length=22)
    state: str = Field(default=CertificateState.PROPOSED.value, max_length=12)
    proposed_by: UUID
    proposed_name: str = Field(max_length=120)
    issued_by: UUID | None = None
    issued_name: str = Field(default="", max_length=120)
    issued_on: date | None = None
    expires_on: date | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def number(self) -> str:
        """Its number, the same on every print."""
        return f"C-{self.id.hex[:8].upper()}"

    def valid(self, day: date) -> bool:
        """Return whether it is valid on a day, its last day included."""
        return self.state == _D.ISSUED and self.expires_on is not None and day <= self.expires_on


for _model in (Enrolment, CourseCertificate):
    scoped(_model)(person_condition(_model))
entries_of("enrolment", "course certificate")


# --------------------------------------------------------------------------------------------------- worklist


def run_facts(session: Session, found: Iterable[CourseRun]) -> dict[UUID, RunFacts]:
    """Return the inputs to the guards of each run, in one query."""
    wanted = [each.id for each in found]
    states: dict[UUID, list[str]] = {}
    query = select(Enrolment.run_id, Enrolment.state).where(col(Enrolment.run_id).in_(wanted))
    for run, state in session.exec(query):
        states.setdefault(run, []).append(state)
    return {
        run_id: RunFacts(states.get(run_id, []).count(_N.ENROLLED), states.get(run_id, []).count(_N.ATTENDED), today())
        for run_id in wanted
    }


RUN = Noun(
    CourseRun,
    "course run",
    record,
    N_("This run was already scheduled with other content. Reload the page to see it."),
    RUNS,
    TrainingStep,
    lambda session, found, _by: run_facts(session, found),
)
ENROLMENT = Noun(
    Enrolment,
    "enrolment",
    record,
    life=ENROLMENTS,
    steps=TrainingStep,
    facts=lambda session, found, _by: {
        row.id: EnrolmentFacts(rows.one(session, CourseRun, row.run_id), today()) for row in found
    },
)
CERTIFICATE = Noun(CourseCertificate, "course certificate", record, life=CERTIFICATES, steps=TrainingStep)


@RUN.waits
def _runs(session: Session, states: Iterable[str]) -> list[Any]:
    found = RUN.in_states(session, states)
    courses = rows.by_id(session, Course, (run.course_id for run in found))
    return [(run, {"course": courses[run.course_id].title, "place": run.place}) for run in found]


@CERTIFICATE.waits
def _certificates(session: Session, states: Iterable[str]) -> list[Any]:
    query = (
        select(CourseCertificate, Course.title)
        .join(CourseRun, col(CourseRun.id) == col(CourseCertificate.run_id))
        .join(Course, col(Course.id) == col(CourseRun.course_id))
        .where(col(CourseCertificate.state).in_(states))
    )
    return [(certificate, {"course": title}) for certificate, title in session.exec(query)]
