"""Targets of an operation: a value for each key figure that it is judged by (domain 1.3, objectives)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel

from operations.catalogue.kpis import CATALOGUE, Kpi
from operations.catalogue.line_selection import CountingUnit
from operations.core import history, journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import FIELD, Draft, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped
from operations.policing.operation import plan

AIMED_AT = tuple(kpi for kpi, each in CATALOGUE.items() if each.aim)
"""Figures that an operation may aim at. Counts of migrants or victims are excluded: nobody is judged by them."""

SHARES = tuple(kpi for kpi in AIMED_AT if CATALOGUE[kpi].counting is CountingUnit.SHARE)
"""Figures whose target is a percentage."""

_PERCENTAGE = rule("target_share", "This is a share: give a percentage of at most 100.")


@history.versioned()
class KpiTarget(SQLModel, table=True):
    """The target of an operation for a figure: "at least so much". Shares are in per cent."""

    __tablename__ = "kpi_target"
    __table_args__ = (CheckConstraint("value > 0", name="aims_at_something"),)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    kpi: str = Field(primary_key=True, max_length=8)
    value: int
    set_by: str = Field(max_length=120)
    set_at: datetime = Field(sa_type=UtcDateTime)


class TargetDraft(Draft):
    """Draft of a target: a figure and the value to reach."""

    kpi: Annotated[Kpi, Label(N_("Key figure"), choices={each.value: CATALOGUE[each].name for each in AIMED_AT})]
    value: Annotated[int, Rule(ge=1, le=100_000_000), Label(N_("At least"), N_("Shares in per cent."))]

    @model_validator(mode="after")
    def _in_its_unit(self) -> "TargetDraft":
        if self.kpi in SHARES and self.value > 100:
            raise PydanticCustomError(_PERCENTAGE, "share above 100", {FIELD: "value"})
        return self


@scoped(KpiTarget)
def _targets_seen(actor: Actor) -> Any:
    return plan.within_reach(KpiTarget.operation_id, actor)


def targets(session: Session, operation_id: UUID) -> dict[Kpi, KpiTarget]:
    """Return the targets of an operation, by figure in the order of their codes."""
    found = history.read(session, KpiTarget, operation_id)
    return {Kpi(each.kpi): each for each in sorted(found, key=lambda each: each.kpi)}


def aim(session: Session, operation_id: UUID, draft: TargetDraft, by: Actor) -> KpiTarget:
    """Set or change the target of a figure. The journal keeps the value before."""
    owner = _writable(session, operation_id, by)
    if draft.kpi not in AIMED_AT:
        raise RuleBroken("kpi", "An operation is not judged by this figure: choose another.")
    found = rows.find_locked(session, KpiTarget, operation_id, draft.kpi.value)
    if found is not None and found.value == draft.value:
        return found
    before = found.value if found else None
    found = found or KpiTarget(operation_id=owner.id, kpi=draft.kpi.value, value=0, set_by="", set_at=now())
    found.value, found.set_by, found.set_at = draft.value, by.name, now()
    session.add(found)
    _record(session, by, owner.id, draft.kpi, before, draft.value)
    return found


def drop(session: Session, operation_id: UUID, kpi: Kpi, by: Actor) -> None:
    """Remove the target of a figure. Idempotent."""
    owner = _writable(session, operation_id, by)
    found = rows.find_locked(session, KpiTarget, operation_id, kpi.value)
    if found is not None:
        session.delete(found)
        _record(session, by, owner.id, kpi, found.value, None)


def _writable(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    owner = plan.operation(session, operation_id, by)
    require(by, Act.TARGET_SET, plan.subject(owner))
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its targets can no longer change.")
    return owner


def _record(session: Session, by: Actor, operation_id: UUID, kpi: Kpi, before: int | None, after: int | None) -> None:
    journal.record(
        session,
        by,
        Act.TARGET_SET,
        "operation",
        operation_id,
        operation=operation_id,
        kpi=kpi.value,
        before=before,
        value=after,
    )
