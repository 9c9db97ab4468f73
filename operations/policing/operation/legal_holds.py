"""Legal holds: what a court or another authority asks to be kept, which nothing erases until a second person lifts it.

A hold is on an operation: of one country, or set by the coordination on all of it; or on one case alone. Whatever
erases asks here first, at the end of retention, on a person's request and when a country leaves.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, col, select

from operations.core import journal, pulse, same_person
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.noun import Noun
from operations.core.people import Account, Actor
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step
from operations.core.state_tables import AuthoredStateRow
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import Role
from operations.policing.operation.rows import within_reach

HOLD = "legal_hold"
REFUSED = N_("A legal hold ({reference}) keeps this. It cannot be erased until a second person lifts the hold.")


class HoldState(StrEnum):
    """States of a hold."""

    SET = "set"
    LIFTED = "lifted"


class HoldFacts(NamedTuple):
    """The asker, and whether the country of a hold has no second person: then the rights officer is that one."""

    by: Actor
    alone: bool


def _second_person(found: "LegalHold", facts: HoldFacts) -> Iterator[Flaw]:
    """Whoever set it does not lift it."""
    if facts.by.is_one_of(found.author_id):
        yield Flaw("", N_("You set this hold. Another person has to lift it."))


def _may_lift(found: "LegalHold", facts: HoldFacts, step: Step[HoldState], by: Actor) -> bool:
    """Whether somebody works at the desk of a hold, or is the rights officer where that has nobody but its author."""
    own = found.country == (by.country if by.national else None)
    return may(by, step.act, Subject(country=found.country)) and (
        own or (facts.alone and by.role is Role.RIGHTS_OFFICER)
    )


HOLDS = Life(
    "legal hold",
    HoldState.SET,
    (
        Step(
            HoldState.SET,
            HoldState.LIFTED,
            "hold.lift",
            Act.DATA_HOLD,
            N_("Lift the hold"),
            "lock-open",
            N_("Why it is lifted, and who decided it"),
            guard=_second_person,
        ),
    ),
    ends=(HoldState.LIFTED,),
    may=_may_lift,
    astray=Flaw("", "This hold was lifted already. Reload the page to see by whom."),
    words={HoldState.SET: N_("In force"), HoldState.LIFTED: N_("Lifted")},
)


class LegalHold(AuthoredStateRow, table=True):
    """A hold of a country on what is its own in an operation, or (None) of the coordination on all of it.

    `case_id` narrows it to one case. `authority` asks for it under `file_ref`, for the reason `why`.
    """

    __tablename__ = HOLD
    __table_args__ = (
        HOLDS.known(),
        HOLDS.exactly(HOLDS.needing_reason(), "reason <> ''", "reason_given"),
        HOLDS.exactly((HoldState.LIFTED,), "lifted_by IS NOT NULL", "lifted_by_somebody"),
        CheckConstraint("lifted_by IS NULL OR lifted_by <> author_id", name="second_person"),
    )
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3, index=True)
    case_id: UUID | None = Field(default=None, foreign_key="fugitive_case.id")
    authority: str = Field(max_length=120)
    file_ref: str = Field(max_length=80)
    why: str = Field(max_length=2000)
    state: str = Field(default=HoldState.SET.value, max_length=12)
    lifted_by: UUID | None = None
    lifted_name: str = Field(default="", max_length=120)

    @property
    def reference(self) -> str:
        """The reference that people use. It does not reveal the number of holds."""
        return f"LH-{fingerprint([str(self.id)])[:8].upper()}"


def _record(session: Session, by: Any, act: str, kind: str, of: LegalHold, /, **detail: Any) -> None:
    nations = pulse.countries(of.country, role=Role.NATIONAL_COORDINATOR) or pulse.centre(Role.NATIONAL_COORDINATOR)
    heard = nations | pulse.centre(Role.AUDITOR, Role.OPERATION_COORDINATOR, Role.RIGHTS_OFFICER)
    journal.record(
        session, by, act, kind, of.id, operation=of.operation_id, country=of.country, audience=heard, **detail
    )


def alone(session: Session, of: LegalHold) -> bool:
    """Return whether the country of a hold has no coordinator but who set it, or whoever that may be as well."""
    if of.country is None:
        return False
    query = select(Account).where(Account.role == Role.NATIONAL_COORDINATOR.value, Account.country == of.country)
    same = same_person.alike(session.connection(), of.author_id) | {of.author_id}
    return not any(
        each.may_enter and each.password_hash for each in session.exec(unscoped(query)) if each.id not in same
    )


LEGAL_HOLD = Noun(
    LegalHold,
    HOLD,
    _record,
    N_("This hold was already set with other content. Reload the page to see it."),
    HOLDS,
    facts=lambda session, found, by: {row.id: HoldFacts(by, alone(session, row)) for row in found},
)


@scoped(LegalHold)
def _seen(actor: Actor) -> Any:
    """The country whose it is; every coordinator in it, where it is on all of it; the coordination and auditors."""
    if not may(actor, Act.DATA_READ) or actor.only is not None:
        return sa.false()
    if actor.role in (Role.AUDITOR, Role.RIGHTS_OFFICER):
        return sa.true()
    whose = (col(LegalHold.country) == actor.country) | col(LegalHold.country).is_(None)
    here = within_reach(LegalHold.operation_id, actor)
    return here & whose if actor.national else here


def _entries(actor: Actor) -> Any:
    return col(journal.Entry.object_id).in_(select(LegalHold.id).where(_seen(actor)))


journal.need_to_know(HOLD, seen=_entries, countries=lambda *_of: frozenset(), roles=frozenset())

# ------------------------------------------------------------------------------------------------- questions


def held(operation_id: Any, country: Any = None, case_id: Any = None) -> Any:
    """Return an SQL condition: a hold in force covers these columns or values. Unscoped: it reads the bare table."""
    of = LegalHold.__table__  # type: ignore[attr-defined]
    whose = of.c.country.is_(None) if country is None else of.c.country.is_(None) | (of.c.country == country)
    which = of.c.case_id.is_(None) if case_id is None else of.c.case_id.is_(None) | (of.c.case_id == case_id)
    found = sa.select(of.c.id).where(of.c.operation_id == operation_id, of.c.state == HoldState.SET.value)
    return found.where(whose, which).exists()


def holding(
    session: Session, operation_id: UUID | None, country: str | None = None, case_id: UUID | None = None
) -> LegalHold | None:
    """Return a hold in force that covers a record; None where nothing holds it. For the server alone."""
    if operation_id is None:
        return None
    whose = col(LegalHold.country).is_(None) | (col(LegalHold.country) == country)
    which = col(LegalHold.case_id).is_(None) | (col(LegalHold.case_id) == case_id)
    query = select(LegalHold).where(LegalHold.operation_id == operation_id, LegalHold.state == HoldState.SET.value)
    found: LegalHold | None = session.exec(unscoped(query.where(whose, which).limit(1))).first()
    return found


def refuse_held(
    session: Session, operation_id: UUID | None, country: str | None = None, case_id: UUID | None = None
) -> None:
    """Raise RuleBroken where a hold covers a record: nobody erases it."""
    if (found := holding(session, operation_id, country, case_id)) is not None:
        raise RuleBroken("", REFUSED, reference=found.reference)
