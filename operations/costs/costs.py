"""Cost book of an operation: costs are recorded, corrected, withdrawn, and declared complete or unknown.

The coordinator does this. Planned and spent sums are kept side by side, for each currency separately: amounts in
different currencies are never added.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core import history as earlier
from operations.core import rows, state_machine
from operations.core.clock import now, official_day
from operations.core.drafts import FIELD, NEEDED, Draft, Plain, Words, rule
from operations.core.errors import NotFound, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.state_tables import author_columns
from operations.core.vocabulary import Country, InList, ParticipationState
from operations.costs.rows import (
    COST,
    COST_BOOK,
    LIFE,
    OTHER,
    STAGES,
    BookState,
    Cost,
    CostBook,
    CostState,
    CostStep,
    book,
    money,
)
from operations.lines.kinds.seizure import no_tender
from operations.policing.operation import plan

__all__ = ["book"]
Sums = dict[str, dict[str, int]]
"""Sums by stage of the money, and by currency."""
_CORRECTS = LIFE.goes("cost.correct")
_WHAT = rule("other_cost", "Say in words what it was.")


class CostDraft(Draft):
    """Draft of a direct cost of an operation."""

    id: UUID
    stage: Annotated[Literal["planned", "spent"], Label(N_("How far"), choices=STAGES, draws="few")] = "spent"
    kind: Annotated[str, InList("CL-COSTKIND"), Label(N_("Kind of cost"))]
    what: Annotated[Plain, Rule(max_length=300), Label(N_("What it was"), when=("kind", OTHER), needed=NEEDED)] = ""
    amount: Annotated[int, Rule(ge=1, le=10**12), Label(N_("Amount"))]
    currency: Annotated[str, InList("CL-CURRENCY"), Label(N_("Currency"))]
    day: Annotated[date, Label(N_("Day"), N_("On which it was spent, or is to be."))]
    country: Annotated[
        Country | None, Label(N_("Paid by"), N_("Empty: paid by the operation itself. The country reads it."))
    ] = None
    note: Annotated[Words, Label(N_("Note"), N_("Where it is written. No names of persons."))] = ""

    @model_validator(mode="after")
    def _in_words(self) -> "CostDraft":
        if self.kind == OTHER and not self.what:
            raise PydanticCustomError(_WHAT, "what it was", {FIELD: "what"})
        return self


# ------------------------------------------------------------------------------------------------- questions


def costs(session: Session, operation_id: UUID) -> list[Cost]:
    """Return the costs that the asker may see, by day, withdrawn and corrected ones included."""
    query = select(Cost).where(Cost.operation_id == operation_id)
    return list(session.exec(query.order_by(col(Cost.day), col(Cost.made_at), col(Cost.id))))


def valid_costs(session: Session, operation_id: UUID, by: Actor) -> list[Cost]:
    """Return the valid costs, as of the journal entry at which the session reads. Raises NotPermitted."""
    require(by, Act.COST_READ, plan.subject(plan.operation(session, operation_id, by), by.country))
    known = earlier.rows(session, Cost, operation_id)
    found = costs(session, operation_id) if known is None else known
    own = [each for each in found if each.country == by.country] if by.national else found
    return [each for each in own if each.state == CostState.STANDS]


def sums(found: Iterable[Cost]) -> Sums:
    """Return the totals of the valid costs in each currency; currencies are never added together."""
    told: dict[str, dict[str, int]] = {stage: defaultdict(int) for stage in STAGES}
    for each in found:
        if each.state == CostState.STANDS:
            told[each.stage][each.currency] += each.amount
    return {stage: dict(sorted(by_currency.items())) for stage, by_currency in told.items()}


def complete(session: Session, operation_id: UUID) -> bool:
    """Return whether all costs are in."""
    found = book(session, operation_id)
    return found is not None and found.state == BookState.COMPLETE


def book_offers(session: Session, operation: plan.Operation, by: Actor) -> list[state_machine.StepOffer[BookState]]:
    """Return the steps that `by` may take on the book now.

    Before the first cost that is only "none will be known", once the operation is over.
    """
    found = book(session, operation.id)
    row = found or CostBook(id=operation.id, operation_id=operation.id, **author_columns(by))  # a new one, not stored
    offers = COST_BOOK.offers(session, row, by)
    none = [each for each in offers if each.step.after is BookState.UNKNOWN and not each.obstacles]
    return none if found is None else [*(each for each in offers if each.step.after is not BookState.UNKNOWN), *none]


def past(session: Session, operation_id: UUID) -> Sequence[CostStep]:
    """Return the steps of the book, newest first."""
    found = book(session, operation_id)
    return COST_BOOK.past(session, found.id) if found else ()


def may_write(session: Session, operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may record costs now."""
    found = book(session, operation.id)
    return (found is None or found.state == BookState.OPEN) and may(by, Act.COST_KEEP, plan.subject(operation))


def payers(session: Session, operation_id: UUID) -> set[str]:
    """Return the countries that take part or have left: a bill may come later."""
    never = (ParticipationState.INVITED, ParticipationState.DECLINED)
    return {each.country for each in plan.participations(session, operation_id) if each.state not in never}


# ----------------------------------------------------------------------------------------------------- verbs


def write(session: Session, operation_id: UUID, draft: CostDraft, by: Actor) -> Cost:
    """Record a cost. Idempotent for the same draft.

    Raises RuleBroken for money spent on a future day, a currency that did not exist that day, a country that does not
    take part, and once the book is complete.
    """
    owner, said = _said(session, operation_id, draft, None, by)
    if known := COST.known(session, said):
        return known
    _check(session, owner, draft)
    if book(session, owner.id) is None:
        _begun(session, owner, by)
    return COST.write(session, by, "cost.write", said)


def correct(session: Session, cost_id: UUID, draft: CostDraft, by: Actor) -> Cost:
    """Record a cost in place of a wrong one, which stays readable. Raises as `write`."""
    owner, said = _said(session, rows.one(session, Cost, cost_id).operation_id, draft, cost_id, by)
    if known := COST.known(session, said):
        return known
    _check(session, owner, draft)
    found = COST.hold(session, cost_id)
    step = COST.step(session, found, CostState.CORRECTED, by)
    before = {f"{name}_before": value for name, value in money(found).items()}
    made = COST.write(session, by, step.verb, said, **before)
    if found.country != made.country:
        COST.journal(session, found, step, by, elsewhere=True)
    return made


def take(session: Session, cost_id: UUID, to: CostState, by: Actor, words: str = "") -> Cost:
    """Withdraw a cost, with the reason. Raises RuleBroken with the obstacles, and NotPermitted."""
    owner = plan.hold(session, rows.one(session, Cost, cost_id).operation_id, by)
    found = COST.hold(session, cost_id)
    if to is CostState.CORRECTED:
        LIFE.allow(found, (owner, book(session, owner.id)), to, by, words)
        raise RuleBroken("", "Enter the correct cost. It replaces this one.")
    return COST.take(session, found, to, by, words)


def take_book(session: Session, operation_id: UUID, to: BookState, by: Actor, words: str = "") -> CostBook:
    """Declare the costs of an operation complete, incomplete or unknown, with the reason.

    Raises RuleBroken, NotPermitted, and NotFound where there is no book and this step begins none.
    """
    owner = plan.hold(session, operation_id, by)
    known = book(session, owner.id)
    if known is None and to is not BookState.UNKNOWN:
        raise NotFound
    if known is None:
        require(by, Act.COST_KEEP, plan.subject(owner))
        known = _begun(session, owner, by)
    return COST_BOOK.take(session, COST_BOOK.hold(session, known.id), to, by, words)


def _said(
    session: Session, operation_id: UUID, draft: CostDraft, corrects: UUID | None, by: Actor
) -> tuple[plan.Operation, dict[str, Any]]:
    """Return the operation, locked, and the columns of the draft. Raises NotPermitted."""
    owner = plan.hold(session, operation_id, by)
    require(by, Act.COST_KEEP, plan.subject(owner))
    return owner, draft.model_dump() | {"operation_id": owner.id, "corrects_id": corrects}


def _check(session: Session, owner: plan.Operation, draft: CostDraft) -> None:
    """Raise RuleBroken where recording is closed, and for money that cannot be spent so."""
    if flaws := LIFE.obstacles(None, (owner, book(session, owner.id)), _CORRECTS):
        raise RuleBroken.all(flaws)
    if tender := list(no_tender(draft.currency, draft.day)):
        raise RuleBroken.all(tender)
    if draft.stage == "spent" and draft.day > official_day(now(), owner.zone, owner.day_cut):
        raise RuleBroken("day", "This day is in the future. Record the cost as planned until it is spent.")
    if draft.country is not None and draft.country not in payers(session, owner.id):
        raise RuleBroken("country", "This country does not take part in the operation: choose one that does.")


def _begun(session: Session, owner: plan.Operation, by: Actor) -> CostBook:
    """Create the cost book of an operation."""
    return COST_BOOK.store(session, by, {"id": new_id(), "operation_id": owner.id})
