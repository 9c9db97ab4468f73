"""Reminder rules of an operation: when daily reports are asked for, reminded and escalated, and whether the calendar
may take its steps (domain 1.6.1).

Times are minutes before and after the hour at which the daily report is due. The defaults: asked two hours before;
officers reminded after one hour, the national coordinator after three, the coordinator of the operation after six.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, SQLModel

from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import FIELD, Draft, rule
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped
from operations.policing.operation import plan

_ORDER = rule(
    "reminders_in_order", "Officers are reminded first, then the national coordinator, then you: give later times."
)


class ReminderRules(SQLModel, table=True):
    """The rules of one operation, in minutes. `by_calendar`: the operation begins and ends by its calendar."""

    __tablename__ = "reminder_rules"
    __table_args__ = (
        CheckConstraint("ask_before BETWEEN 0 AND 1440", name="ask_before"),
        CheckConstraint(
            "remind_after >= 0 AND national_after > remind_after AND coordinator_after > national_after "
            "AND coordinator_after <= 2880",
            name="in_order",
        ),
    )
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    ask_before: int = 120
    remind_after: int = 60
    national_after: int = 180
    coordinator_after: int = 360
    by_calendar: bool = False
    changed_at: datetime = Field(sa_type=UtcDateTime)


@scoped(ReminderRules)
def _rules_seen(actor: Actor) -> object:
    return plan.within_reach(ReminderRules.operation_id, actor)


class RulesDraft(Draft):
    """Draft of the rules, in minutes."""

    ask_before: Annotated[int, Rule(ge=0, le=1440), Label(N_("Ask for reports before, in minutes"))] = 120
    remind_after: Annotated[int, Rule(ge=0, le=2880), Label(N_("Remind officers after"))] = 60
    national_after: Annotated[int, Rule(ge=0, le=2880), Label(N_("Tell national coordinators after"))] = 180
    coordinator_after: Annotated[int, Rule(ge=0, le=2880), Label(N_("Tell you after"))] = 360
    by_calendar: Annotated[
        bool,
        Label(N_("The operation begins and enters consolidation by its calendar, where nothing stands in the way")),
    ] = False

    @model_validator(mode="after")
    def _in_order(self) -> "RulesDraft":
        if not self.remind_after < self.national_after < self.coordinator_after:
            raise PydanticCustomError(_ORDER, "not in order", {FIELD: "coordinator_after"})
        return self


def rules(session: Session, operation_id: UUID) -> ReminderRules:
    """Return the rules of an operation, or the defaults."""
    return rows.find(session, ReminderRules, operation_id) or ReminderRules(operation_id=operation_id, changed_at=now())


def set_rules(session: Session, operation_id: UUID, draft: RulesDraft, by: Actor) -> ReminderRules:
    """Set the rules of an operation. Idempotent."""
    owner = plan.operation(session, operation_id, by)
    require(by, Act.OPERATION_RUN, plan.subject(owner))
    kept = rows.find_locked(session, ReminderRules, operation_id)
    known = kept is not None
    kept = kept or ReminderRules(operation_id=operation_id, changed_at=now())
    changed = [name for name, value in draft.model_dump().items() if getattr(kept, name) != value]
    if known and not changed:
        return kept
    for name in changed:
        setattr(kept, name, getattr(draft, name))
    kept.changed_at = now()
    session.add(kept)
    journal.record(
        session, by, "reminders.set", "operation", operation_id, operation=operation_id, **draft.model_dump()
    )
    return kept
