"""Tables of admissions of partner organisations to an operation: period, visible content, and visibility of the
admission.

An admission is a list: content not on it is not shown (`packages`). The coordinator proposes, leadership admits. Every
country that takes part sees the proposals and their purposes, and can withhold its own content where it objects.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, false, text
from sqlmodel import Field, Session, col, select

from operations.core import journal, pulse
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, ways
from operations.core.state_tables import AuthoredStateRow, StepTaken
from operations.core.store import scoped
from operations.core.vocabulary import Classification, Role
from operations.core.worklist import AGAIN, CandidateRow, Waits, since_move
from operations.policing.operation import outward_acts, plan


class AdmissionState(StrEnum):
    """States of an admission."""

    PROPOSED = "proposed"
    ADMITTED = "admitted"
    DECLINED = "declined"
    ENDED = "ended"


class Sees(StrEnum):
    """Kinds of content a partner can be shown: the codes of CL-PARTNERSEES."""

    OPERATION = "operation"
    PLAN = "plan"
    FIGURES = "figures"
    PRODUCTS = "products"


_S = AdmissionState
OPEN = (_S.PROPOSED, _S.ADMITTED)
Facts = tuple[plan.Operation, Actor]
"""The operation, and the person who acts."""


def subject(operation_id: UUID, country: str | None = None) -> Subject:
    """Return the permission subject of an admission, whose own content has the lowest marking."""
    return Subject(country=country, operation=operation_id, classification=Classification.FOR_OFFICIAL_USE)


def _may(row: "Admission", _facts: Any, step: Step[Any], by: Actor) -> bool:
    return may(by, step.act, subject(row.operation_id))


def _other_eyes(row: "Admission", facts: Facts) -> Iterator[Flaw]:
    """Somebody else than who proposed it admits, before its last day, from the approval until the operation ends."""
    # who is proposed belongs to the plan; an admission lets an organisation read what it lists
    operation, by = facts
    if by.is_one_of(row.author_id):
        yield Flaw("", N_("You proposed this partner, so somebody else must admit it."))
    if operation.state in plan.ENDED:
        yield Flaw("", N_("The operation has ended. No partner can be admitted."))
    elif stopped := outward_acts.flaw("partner.admit", operation.state):
        yield stopped
    if row.until < official_day(now(), operation.zone):
        yield Flaw("", N_("Its last day is over: propose it anew."))


_waits = since_move("/partners?show={id}")
_JUDGE = _waits(N_("{partner} is proposed as a partner of {title}: admit it, or say why not."), "building-community", 5)
_OVER = Waits(
    N_("The last day of {partner} in {title} is over: end it, and propose it anew where it is still needed."),
    "/partners?show={id}",
    "building-community",
    "over_at",
    when=lambda found, at: bool(found.over_at <= at),
    within=timedelta(days=14),
    late=AGAIN,
)
LIFE: Life[AdmissionState] = Life(
    "partner of an operation",
    _S.PROPOSED,
    (
        Step(
            _S.PROPOSED,
            _S.ADMITTED,
            "partner.admit",
            Act.PARTNER_ADMIT,
            N_("Admit it"),
            "check",
            guard=_other_eyes,
            waits=_JUDGE,
        ),
        Step(
            _S.PROPOSED,
            _S.DECLINED,
            "partner.decline",
            Act.PARTNER_ADMIT,
            N_("Do not admit it"),
            "ban",
            N_("Why it is not admitted"),
            waits=_JUDGE,
        ),
        *ways(
            OPEN,
            _S.ENDED,
            "partner.end",
            Act.PARTNER_END,
            N_("End it: it sees nothing any more"),
            "logout",
            N_("Why it ends"),
            waits=_OVER,
        ),
    ),
    ends=(_S.DECLINED, _S.ENDED),
    may=_may,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _S.PROPOSED: N_("Proposed"),
        _S.ADMITTED: N_("Admitted"),
        _S.DECLINED: N_("Not admitted"),
        _S.ENDED: N_("Ended"),
    },
)

# ---------------------------------------------------------------------------------------------------- tables


class Admission(AuthoredStateRow, table=True):
    """The admission of a `partner` to an operation from `starts` to `until`: `sees` is the list, `sections` those of
    the plan.

    Content marked above `clearance` is excluded.
    """

    __tablename__ = "partner_admission"
    __table_args__ = (
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        CheckConstraint("until >= starts", name="in_order"),
        CheckConstraint("(admitted_by IS NULL) = (admitted_at IS NULL)", name="admitted_once"),
        CheckConstraint("state <> 'admitted' OR admitted_by IS NOT NULL", name="admitted_by_somebody"),
        CheckConstraint("admitted_by IS NULL OR admitted_by <> author_id", name="two_persons"),
        Index(
            "uq_partner_admission_one_open",
            "operation_id",
            "partner",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'admitted')"),
            postgresql_where=text("state IN ('proposed', 'admitted')"),
        ),
    )
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    partner: str = Field(max_length=24)
    purpose: str = Field(max_length=2000)
    sees: list[str] = Field(sa_type=JSON)
    sections: list[str] = Field(sa_type=JSON)
    clearance: str = Field(max_length=24)
    starts: date
    until: date
    state: str = Field(default=_S.PROPOSED.value, max_length=12)
    admitted_by: UUID | None = None
    admitted_name: str = Field(default="", max_length=120)
    admitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def over_at(self) -> datetime:
        """When its last day is over in every time zone."""
        return datetime.combine(self.until + timedelta(days=1), time(12), UTC)

    def stands(self, day: date) -> bool:
        """Return whether the admission is in force on a day of the operation."""
        return self.state == _S.ADMITTED and self.starts <= day <= self.until

    def cleared(self, classification: str) -> bool:
        """Return whether the partner is cleared for a classification."""
        return Classification(classification).rank <= Classification(self.clearance).rank


class PartnerStep(StepTaken, table=True):
    """A step of an admission, visible to its readers."""

    __tablename__ = "partner_step"


# ------------------------------------------------------------------------------------------------ visibility


@scoped(Admission)
def _admissions_seen(actor: Actor) -> Any:
    """Visible to the coordination, leadership, auditors, and the coordinators of every country in the operation."""
    if not may(actor, Act.PARTNER_READ) or actor.only is not None:
        return false()
    return plan.within_reach(Admission.operation_id, actor)


@scoped(PartnerStep)
def _steps_seen(actor: Actor) -> Any:
    return col(PartnerStep.of_id).in_(select(Admission.id).where(_admissions_seen(actor)))


def _entries_seen(actor: Actor) -> Any:
    if not may(actor, Act.PARTNER_READ) or actor.only is not None:
        return false()
    return plan.within_reach(journal.Entry.operation_id, actor)


READERS = pulse.centre(
    Role.NATIONAL_COORDINATOR, Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.LEADERSHIP, Role.AUDITOR
)
journal.need_to_know(
    "partner",
    seen=_entries_seen,
    countries=lambda _session, _id, _country: frozenset(),
    roles=frozenset(Role(each) for each in READERS),
)


def record(session: Session, by: Actor, act: str, kind: str, of: Admission, /, **detail: Any) -> None:
    """Write a journal entry about an admission, for the coordination and the coordinators of all countries."""
    where: dict[str, Any] = {"operation": of.operation_id, "partner": of.partner}
    journal.record(session, by, act, kind, of.id, audience=READERS, **where, **detail)


ADMISSION = Noun(
    Admission,
    "partner",
    record,
    N_("This partner was already proposed with another list. Reload the page to see it."),
    LIFE,
    PartnerStep,
    lambda session, found, by: {row.id: (plan.operation(session, row.operation_id, by), by) for row in found},
)


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(Admission).where(col(Admission.state).in_(states), col(Admission.operation_id).in_(owners.keys()))
    return [
        CandidateRow(
            admitted,
            (owners[admitted.operation_id], by),
            admitted.operation_id,
            {"partner": admitted.partner, "title": owners[admitted.operation_id].title},
        )
        for admitted in session.exec(query)
    ]
