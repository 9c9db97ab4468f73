"""Partners of operations: the coordinator proposes an organisation with a list of content, leadership admits it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.clock import now, official_day
from operations.core.drafts import FIELD, Draft, NeededWords, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.vocabulary import Classification, InList
from operations.exchange.partner_rows import (
    ADMISSION,
    OPEN,
    Admission,
    AdmissionState,
    Sees,
)
from operations.policing.operation import oplan, plan, withholding

_SECTIONS = rule(
    "no_sections", "Choose the sections of the plan that the partner may see, or remove the plan from the list."
)
_NO_PLAN = rule("sections_without_plan", "Add the plan to the list, or choose none of its sections.")
_ORDER = rule("admission_reversed", "The last day is before the first one.")


class AdmissionDraft(Draft):
    """Draft of an admission: a partner, and everything that it may see; content not named is not shown."""

    id: UUID
    operation_id: Annotated[UUID, Label(N_("Operation"), draws="one")]
    partner: Annotated[str, InList("CL-PARTNER"), Label(N_("Partner organisation"))]
    purpose: Annotated[NeededWords, Label(N_("What for"), N_("Leadership and the countries read it."))]
    starts: Annotated[date, Label(N_("From"))]
    until: Annotated[date, Label(N_("Last day"))]
    sees: Annotated[
        list[Annotated[str, InList("CL-PARTNERSEES")]],
        Rule(min_length=1, max_length=8),
        Label(N_("What it sees"), N_("Nothing that is not on this list."), draws="several", listed="CL-PARTNERSEES"),
    ]
    sections: Annotated[
        tuple[Annotated[str, InList("CL-OPLAN")], ...],
        Rule(max_length=40),
        Label(N_("Sections of the plan"), N_("As leadership approved them."), draws="several", listed="CL-OPLAN"),
    ] = ()
    clearance: Annotated[
        Classification, Label(N_("Up to which marking"), N_("What is marked higher is not for it."), listed="CL-CLASS")
    ] = Classification.FOR_OFFICIAL_USE

    @model_validator(mode="after")
    def _together(self) -> "AdmissionDraft":
        if Sees.PLAN in self.sees and not self.sections:
            raise PydanticCustomError(_SECTIONS, "no sections", {FIELD: "sections"})
        if self.sections and Sees.PLAN not in self.sees:
            raise PydanticCustomError(_NO_PLAN, "no plan", {FIELD: "sections"})
        if self.until < self.starts:
            raise PydanticCustomError(_ORDER, "reversed", {FIELD: "until"})
        return self


# ------------------------------------------------------------------------------------------------- questions


def admissions(session: Session) -> Sequence[Admission]:
    """Return the admissions in the operations that the asker works for: open ones first, then the newest."""
    found = session.exec(select(Admission).order_by(col(Admission.made_at).desc(), col(Admission.id))).all()
    return sorted(found, key=lambda each: each.state not in OPEN)


def admission(session: Session, admission_id: UUID) -> Admission:
    """Return an admission. Raises NotFound."""
    return rows.one(session, Admission, admission_id)


def standing(session: Session, operation: plan.Operation, partner: str) -> Admission | None:
    """Return the admission of a partner to an operation that is in force today; None where there is none."""
    query = select(Admission).where(Admission.operation_id == operation.id, Admission.partner == partner)
    day = official_day(now(), operation.zone)
    return next((each for each in session.exec(query) if each.stands(day)), None)


def may_object(found: Admission, operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may withhold the own country's content from the partner, or lift that."""
    return found.state in OPEN and may(by, Act.PARTICIPATION_WITHHOLD, plan.subject(operation, by.country))


# ----------------------------------------------------------------------------------------------------- verbs


def propose(session: Session, draft: AdmissionDraft, by: Actor) -> Admission:
    """Propose a partner for an operation. Idempotent.

    Raises RuleBroken where it is proposed or admitted already, for days that are over, an operation that has ended, a
    plan that is not approved, and a clearance below the marking of the listed content.
    """
    owner = plan.hold(session, draft.operation_id, by)
    require(by, Act.PARTNER_PROPOSE, plan.subject(owner))
    said = draft.model_dump(mode="json") | draft.model_dump(include={"starts", "until", "id", "operation_id"})
    if known := ADMISSION.known(session, said):
        return known
    _refuse(session, owner, draft)
    return ADMISSION.write(session, by, "partner.propose", said)


def take(session: Session, admission_id: UUID, to: AdmissionState, by: Actor, words: str = "") -> Admission:
    """Admit, decline or end an admission. Raises RuleBroken with every obstacle, and NotPermitted."""
    eyes: dict[str, Any] = {"admitted_by": by.account_id, "admitted_name": by.name, "admitted_at": now()}
    admitted = eyes if to is AdmissionState.ADMITTED else {}
    return ADMISSION.take(session, ADMISSION.hold(session, admission_id), to, by, words, **admitted)


def object_to(session: Session, admission_id: UUID, by: Actor) -> withholding.Withholding:
    """Withhold the own country's content from a partner, from its next access on."""
    found = admission(session, admission_id)
    if found.state not in OPEN:
        raise RuleBroken("", "This partner no longer sees anything, so there is nothing to withhold.")
    return withholding.withhold_from(session, found.operation_id, found.partner, by)


def lift(session: Session, admission_id: UUID, by: Actor) -> None:
    """Lift the withholding from a partner."""
    found = admission(session, admission_id)
    withholding.lift(session, found.operation_id, found.partner, by)


def _refuse(session: Session, owner: plan.Operation, draft: AdmissionDraft) -> None:
    if owner.state in plan.ENDED:
        raise RuleBroken("operation_id", "The operation has ended. No partner can be admitted.")
    if draft.until < official_day(now(), owner.zone):
        raise RuleBroken("until", "This day is in the past. Choose a later day.")
    if Sees.PLAN in draft.sees and oplan.in_force(session, owner.id) is None:
        raise RuleBroken("sees", "No version of the operational plan is approved yet: take it off the list.")
    marked = Classification(owner.classification)
    if draft.clearance.rank < marked.rank and set(draft.sees) - {Sees.PRODUCTS}:
        raise RuleBroken("clearance", "The operation has a higher marking. Choose at least that one.")
    query = select(Admission).where(Admission.operation_id == owner.id, Admission.partner == draft.partner)
    if any(each.state in OPEN for each in session.exec(query)):
        raise RuleBroken("partner", "This partner is proposed or admitted already: end that first.")
