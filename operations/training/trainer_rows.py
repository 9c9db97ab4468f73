"""Tables of trainers and their cascade runs, with the state machine of each (domain 1.6.11).

A trainer is an officer of a country who is certified to teach a course. A cascade run is held by such a trainer for
colleagues at home; the country confirms it. Trainers and attendees are accounts, never names typed here.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import state_machine
from operations.core.clock import midnight, today
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.state_tables import AuthoredStateRow
from operations.core.store import scoped
from operations.core.worklist import AGAIN, DAYS, Waits, since_move
from operations.training.course_scope import entries_of, person_condition
from operations.training.rows import Course
from operations.training.steps import TrainingStep, may_step, record

MONTHS = 36
"""Months for which a certification is valid. It is the trainer's: the course has its own accreditation."""
IDLE = 365
"""Days without a confirmed cascade run after which a trainer is inactive."""
ENDING = 90 * DAYS
"""The time before its end at which a certification waits to be renewed."""

# -------------------------------------------------------------------------------------------------- trainers


class TrainerState(StrEnum):
    """States of a trainer's certification."""

    NOMINATED = "nominated"
    ATTENDING = "attending"
    ASSESSED = "assessed"
    CERTIFIED = "certified"
    ACTIVE = "active"
    INACTIVE = "inactive"
    RENEWED = "renewed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DROPPED = "dropped"


_T = TrainerState
STANDING = (_T.CERTIFIED, _T.ACTIVE, _T.INACTIVE, _T.RENEWED)
"""States with a valid certification, until its last day."""
WAS_CERTIFIED = (*STANDING, _T.EXPIRED, _T.REVOKED)
_UNDER_WAY = (_T.NOMINATED, _T.ATTENDING, _T.ASSESSED)


def _other_eyes(found: "Trainer", by: Actor) -> Iterator[Flaw]:
    if by.is_one_of(found.assessed_by):
        yield Flaw("", N_("You assessed this trainer, so another coordinator must certify."))


def _renewable(found: "Trainer", by: Actor) -> Iterator[Flaw]:
    if by.is_one_of(found.certified_by):
        yield Flaw("", N_("You certified this trainer yourself: another coordinator has to renew it."))
    if found.ends_at is not None and found.ends_at - ENDING > midnight(today()):
        yield Flaw("", N_("This certification is valid for more than 90 days. Renew it later."))


def _ends_soon(found: "Trainer", at: datetime) -> bool:
    """Return whether it ends within 90 days; one that has expired may be renewed, and waits for nobody."""
    return found.state != _T.EXPIRED and found.ends_at is not None and found.ends_at - ENDING <= at


_TRAINER = "/courses/trainers?show={id}"
_waits = since_move(_TRAINER)
_TO_TAKE = _waits(N_("{country} nominates a trainer of {course}: say whether the officer attends."), "user-check", 30)
_TO_ASSESS = _waits(N_("A trainer of {course} attends: assess the teaching."), "clipboard-check", 180)
_TO_CERTIFY = _waits(N_("A trainer of {course} is assessed: certify or drop."), "rubber-stamp", 14)
_TO_RENEW = Waits(
    N_("The certification of a trainer of {course} ends: renew it or let it expire."),
    _TRAINER,
    "certificate",
    "warned_at",
    "ends_at",
    when=_ends_soon,
    late=AGAIN,
)
_CERTIFY, _END = Act.TRAINER_CERTIFY, Act.TRAINER_REVOKE
TRAINERS = state_machine.Life(
    "trainer",
    _T.NOMINATED,
    (
        state_machine.Step(
            _T.NOMINATED,
            _T.ATTENDING,
            "trainer.attend",
            _CERTIFY,
            N_("Attends the training of trainers"),
            "user-check",
            waits=_TO_TAKE,
        ),
        state_machine.Step(
            _T.ATTENDING,
            _T.ASSESSED,
            "trainer.assess",
            _CERTIFY,
            N_("Is assessed"),
            "clipboard-check",
            N_("What was seen of the teaching, and how it is judged"),
            waits=_TO_ASSESS,
        ),
        state_machine.Step(
            _T.ASSESSED,
            _T.CERTIFIED,
            "trainer.certify",
            _CERTIFY,
            N_("Certify"),
            "rubber-stamp",
            guard=_other_eyes,
            waits=_TO_CERTIFY,
        ),
        *state_machine.ways(
            _UNDER_WAY,
            _T.DROPPED,
            "trainer.drop",
            _END,
            N_("Do not go on"),
            "ban",
            N_("Why it does not go on"),
        ),
        *state_machine.ways(
            (_T.CERTIFIED, _T.INACTIVE, _T.RENEWED),
            _T.ACTIVE,
            "trainer.active",
            Act.CASCADE_CONFIRM,
            icon="school",
            elsewhere=N_("A trainer is active by a cascade run that the country confirms."),
        ),
        *state_machine.ways(
            (_T.CERTIFIED, _T.ACTIVE, _T.RENEWED),
            _T.INACTIVE,
            "trainer.inactive",
            _CERTIFY,
            icon="player-pause",
            elsewhere=N_("Muster says so itself after a year without a confirmed cascade run."),
        ),
        *state_machine.ways(
            (_T.CERTIFIED, _T.ACTIVE, _T.INACTIVE, _T.EXPIRED),
            _T.RENEWED,
            "trainer.renew",
            _CERTIFY,
            N_("Renew it"),
            "certificate",
            guard=_renewable,
            waits=_TO_RENEW,
        ),
        *state_machine.ways(
            STANDING,
            _T.EXPIRED,
            "trainer.expire",
            _CERTIFY,
            icon="calendar-time",
            elsewhere=N_("Muster says so itself when the last day is over."),
        ),
        *state_machine.ways(
            STANDING, _T.REVOKED, "trainer.revoke", _END, N_("Revoke it"), "ban", N_("Why it is revoked")
        ),
    ),
    ends=(_T.EXPIRED, _T.REVOKED, _T.DROPPED),
    may=may_step,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _T.NOMINATED: N_("Nominated"),
        _T.ATTENDING: N_("Attending"),
        _T.ASSESSED: N_("Assessed"),
        _T.CERTIFIED: N_("Certified"),
        _T.ACTIVE: N_("Active trainer"),
        _T.INACTIVE: N_("Not active"),
        _T.RENEWED: N_("Renewed"),
        _T.EXPIRED: N_("Expired"),
        _T.REVOKED: N_("Revoked"),
        _T.DROPPED: N_("Dropped"),
    },
)


class Trainer(AuthoredStateRow, table=True):
    """A trainer of a course, or a nominee. `taught_on` is the last day of the last confirmed cascade run."""

    __table_args__ = (
        TRAINERS.known(),
        TRAINERS.exactly(TRAINERS.needing_reason(), "reason <> ''", "reason_given"),
        TRAINERS.exactly(WAS_CERTIFIED, "certified_by IS NOT NULL", "certified_by_somebody"),
        CheckConstraint("certified_by IS NULL OR certified_by <> assessed_by", name="other_eyes"),
        CheckConstraint("(certified_by IS NULL) = (expires_on IS NULL)", name="expires"),
        CheckConstraint("(certified_by IS NULL) = (certified_on IS NULL)", name="certified_on_a_day"),
        Index(
            "uq_trainer_person",
            "account_id",
            "course_id",
            unique=True,
            sqlite_where=text("state NOT IN ('revoked', 'dropped')"),
            postgresql_where=text("state NOT IN ('revoked', 'dropped')"),
        ),
    )
    account_id: UUID = Field(foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)
    course_id: UUID = Field(foreign_key="course.id", index=True)
    state: str = Field(default=TrainerState.NOMINATED.value, max_length=12)
    assessed_by: UUID | None = None
    certified_by: UUID | None = None
    certified_name: str = Field(default="", max_length=120)
    certified_on: date | None = None
    expires_on: date | None = None
    taught_on: date | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When the certification is over."""
        return midnight(self.expires_on + timedelta(days=1)) if self.expires_on else None

    @property
    def warned_at(self) -> datetime | None:
        """When the end of the certification is first announced."""
        return self.ends_at - ENDING if self.ends_at else None

    @property
    def idle_from(self) -> date | None:
        """The day from which the trainer is inactive, unless a cascade run is confirmed before."""
        since = max((each for each in (self.certified_on, self.taught_on) if each), default=None)
        return since + timedelta(days=IDLE) if since else None

    def valid(self, day: date) -> bool:
        """Return whether the trainer may teach on a day."""
        return self.state in STANDING and self.expires_on is not None and day <= self.expires_on


# ------------------------------------------------------------------------------------------------ cascade runs


class CascadeState(StrEnum):
    """States of a cascade run."""

    ANNOUNCED = "announced"
    HELD = "held"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


_K = CascadeState


def _not_own(found: "CascadeRun", by: Actor) -> Iterator[Flaw]:
    if by.is_one_of(found.account_id):
        yield Flaw("", N_("You held this run yourself: another coordinator of the country has to confirm it."))


def _may_cascade(found: Any, _facts: Any, step: state_machine.Step[CascadeState], by: Actor) -> bool:
    """The trainer announces and holds; the country confirms."""
    own = step.act is not Act.CASCADE_HOLD or by.is_one_of(found.account_id)
    return own and may(by, step.act, Subject(country=found.country))


_CASCADE = "/courses/cascades?show={id}"
_TO_HOLD = Waits(
    N_("Your cascade run of {course} in {place} is over: say who was there."),
    _CASCADE,
    "list-check",
    "over_at",
    when=lambda found, at: found.over_at <= at,
    within=14 * DAYS,
    late=AGAIN,
)
_TO_CONFIRM = since_move(_CASCADE)(
    N_("The cascade run of {course} in {place} was held: confirm it or send it back."), "rubber-stamp", 14
)
_TEACH, _CONFIRM = Act.CASCADE_HOLD, Act.CASCADE_CONFIRM
CASCADES = state_machine.Life(
    "cascade run",
    _K.ANNOUNCED,
    (
        state_machine.Step(_K.ANNOUNCED, _K.HELD, "cascade.hold", _TEACH, icon="list-check", waits=_TO_HOLD),
        state_machine.Step(
            _K.HELD,
            _K.CONFIRMED,
            "cascade.confirm",
            _CONFIRM,
            N_("Confirm it"),
            "rubber-stamp",
            guard=_not_own,
            waits=_TO_CONFIRM,
        ),
        state_machine.Step(
            _K.HELD,
            _K.ANNOUNCED,
            "cascade.return",
            _CONFIRM,
            N_("Send back"),
            "arrow-back-up",
            N_("What is wrong with the attendance"),
            guard=_not_own,
        ),
        state_machine.Step(
            _K.ANNOUNCED,
            _K.CANCELLED,
            "cascade.cancel",
            _TEACH,
            N_("Cancel it"),
            "ban",
            N_("Why it is not held"),
        ),
    ),
    ends=(_K.CONFIRMED, _K.CANCELLED),
    may=_may_cascade,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _K.ANNOUNCED: N_("Announced"),
        _K.HELD: N_("Held"),
        _K.CONFIRMED: N_("Confirmed"),
        _K.CANCELLED: N_("Cancelled"),
    },
)


class CascadeRun(AuthoredStateRow, table=True):
    """A run that a certified trainer holds at home. `others`: attendees without an account."""

    __tablename__ = "cascade_run"
    __table_args__ = (
        CASCADES.known(),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="reason_given"),
        CheckConstraint("state NOT IN ('held', 'confirmed') OR attended > 0", name="somebody_there"),
        CheckConstraint("attended >= others AND others >= 0", name="counted"),
        CheckConstraint("starts <= ends", name="in_order"),
    )
    trainer_id: UUID = Field(foreign_key="trainer.id", index=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)
    course_id: UUID = Field(foreign_key="course.id", index=True)
    place: str = Field(max_length=120)
    starts: date
    ends: date
    state: str = Field(default=CascadeState.ANNOUNCED.value, max_length=12)
    others: int = 0
    attended: int = 0

    @property
    def over_at(self) -> datetime:
        """When its last day is over."""
        return midnight(self.ends + timedelta(days=1))


class CascadeAttendance(SQLModel, table=True):
    """The attendance of an officer at a cascade run."""

    __tablename__ = "cascade_attendance"
    run_id: UUID = Field(primary_key=True, foreign_key="cascade_run.id")
    account_id: UUID = Field(primary_key=True, foreign_key="account.id", index=True)
    country: str = Field(max_length=3, index=True)


for _model in (Trainer, CascadeRun, CascadeAttendance):
    scoped(_model)(person_condition(_model))
entries_of("trainer", "cascade run")

# --------------------------------------------------------------------------------------------------- worklist


TRAINER = Noun(
    Trainer,
    "trainer",
    record,
    N_("This trainer was already nominated with other content. Reload the page to see it."),
    TRAINERS,
    TrainingStep,
)
CASCADE = Noun(
    CascadeRun,
    "cascade run",
    record,
    N_("This run was already announced with other content. Reload the page to see it."),
    CASCADES,
    TrainingStep,
)


def _with_course(session: Session, model: Any, states: Iterable[str]) -> Iterable[tuple[Any, str]]:
    query = select(model, Course.title).join(Course, col(Course.id) == col(model.course_id))
    return session.exec(query.where(col(model.state).in_(states))).all()


@TRAINER.waits
def _trainers(session: Session, states: Iterable[str]) -> list[Any]:
    found = _with_course(session, Trainer, states)
    return [(trainer, {"course": course, "country": trainer.country}) for trainer, course in found]


@CASCADE.waits
def _cascades(session: Session, states: Iterable[str]) -> list[Any]:
    found = _with_course(session, CascadeRun, states)
    return [(run, {"course": course, "place": run.place}) for run, course in found]
