"""Tables of an operation's costs: planned and spent sums, and the book that says whether they are complete.

No record is changed: a correction is a new cost in place of the old one, and a withdrawn one stays readable with its
reason. Currencies are never added together or converted.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, false, true
from sqlmodel import Field, Session, col, func, select

from operations.core import history, journal, rows
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step
from operations.core.state_tables import AuthoredStateRow, StepTaken
from operations.core.store import scoped
from operations.core.vocabulary import OperationState, Role
from operations.core.worklist import AGAIN, DAYS, CandidateRow, Waits, WorkItem, entry, since_move
from operations.policing import lifecycle
from operations.policing.operation import plan


class CostState(StrEnum):
    """States of a cost: valid or withdrawn."""

    STANDS = "stands"
    CORRECTED = "corrected"
    TAKEN_BACK = "taken_back"


class BookState(StrEnum):
    """States of the cost book: open, complete, or declared unknown."""

    OPEN = "open"
    COMPLETE = "complete"
    UNKNOWN = "unknown"


_C, _B = CostState, BookState
STAGES = {"planned": N_("Planned"), "spent": N_("Spent")}
"""The stages of money, in order."""
OTHER = "other"
COMPLETE = Flaw("", N_("The costs were declared complete. Declare first that some are missing."))
NONE_KNOWN = Flaw("", N_("The costs were declared unknown. Reopen the cost book first."))
OVER = (OperationState.CONSOLIDATION.value, *plan.ENDED)
"""The states of an operation in which its costs are asked for."""


def _still_open(_found: "Cost", facts: tuple[plan.Operation, "CostBook | None"]) -> Iterator[Flaw]:
    """The book was not declared complete or unknown."""
    if facts[1] is not None and facts[1].state != _B.OPEN:
        yield COMPLETE if facts[1].state == _B.COMPLETE else NONE_KNOWN


def _none_known(_found: "CostBook", facts: tuple[plan.Operation, int]) -> Iterator[Flaw]:
    """The operation is over, and there is no valid cost that was spent."""
    owner, spent = facts
    if owner.state not in OVER:
        yield Flaw("", N_("The operation has not ended, so there may be more costs."))
    if spent:
        yield Flaw("", N_("Some costs are recorded as spent. Withdraw them first, or declare the costs complete."))


def _may(_row: Any, facts: tuple[plan.Operation, Any], step: Step[Any], by: Actor) -> bool:
    return may(by, step.act, plan.subject(facts[0]))


LIFE: Life[CostState] = Life(
    "cost of an operation",
    _C.STANDS,
    (
        Step(_C.STANDS, _C.CORRECTED, "cost.correct", Act.COST_KEEP, icon="pencil", guard=_still_open),
        Step(
            _C.STANDS,
            _C.TAKEN_BACK,
            "cost.take_back",
            Act.COST_KEEP,
            N_("Take it back"),
            "arrow-back-up",
            N_("Why it is taken back"),
            guard=_still_open,
        ),
    ),
    ends=(_C.CORRECTED, _C.TAKEN_BACK),
    may=_may,
    astray=Flaw("", "This cost was corrected or withdrawn. Reload the page to see it."),
    words={_C.STANDS: N_("Stands"), _C.CORRECTED: N_("Corrected"), _C.TAKEN_BACK: N_("Taken back")},
)
_COMPLETE = since_move("/operations/{operation}/costs")(
    N_("{title}: say when all costs are in, so that its cost per objective can be told."), "coins", 30
)
BOOK: Life[BookState] = Life(
    "book of costs",
    _B.OPEN,
    (
        Step(
            _B.OPEN,
            _B.COMPLETE,
            "cost.complete",
            Act.COST_KEEP,
            N_("All costs are in"),
            "checks",
            waits=_COMPLETE,
        ),
        Step(
            _B.COMPLETE,
            _B.OPEN,
            "cost.reopen",
            Act.COST_KEEP,
            N_("Open it again"),
            "arrow-back-up",
            N_("Which costs are missing"),
        ),
        Step(
            _B.OPEN,
            _B.UNKNOWN,
            "cost.unknown",
            Act.COST_KEEP,
            N_("No costs will be known"),
            "ban",
            N_("Why none will be known"),
            guard=_none_known,
        ),
        Step(
            _B.UNKNOWN,
            _B.OPEN,
            "cost.reopen",
            Act.COST_KEEP,
            N_("Open it again"),
            "arrow-back-up",
            N_("Which costs are known now"),
        ),
    ),
    ends=(_B.COMPLETE, _B.UNKNOWN),
    may=_may,
    astray=Flaw("", "This is already recorded. Reload the page to see it."),
    words={
        _B.OPEN: N_("Some costs can still come"),
        _B.COMPLETE: N_("All costs are in"),
        _B.UNKNOWN: N_("No costs will be known"),
    },
)

# ---------------------------------------------------------------------------------------------------- tables

_REMEMBERED = ("id", "operation_id", "country", "stage", "kind", "amount", "currency", "day", "corrects_id", "state")


@history.versioned(*_REMEMBERED, screened=True)
class Cost(AuthoredStateRow, table=True):
    """An amount, planned or spent on a day. `country` paid it; None: the operation itself.

    `corrects_id`: the cost that it replaces.
    """

    __tablename__ = "operation_cost"
    __table_args__ = (
        LIFE.known(),
        LIFE.exactly((_C.TAKEN_BACK,), "reason <> ''", "reason_given"),
        CheckConstraint("stage IN ('planned', 'spent')", name="stage_known"),
        CheckConstraint("amount > 0", name="something"),
        CheckConstraint("kind <> 'other' OR what <> ''", name="other_in_words"),
        CheckConstraint("corrects_id <> id", name="not_itself"),
    )
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3, index=True)
    stage: str = Field(max_length=8)
    kind: str = Field(max_length=24)
    what: str = Field(default="", max_length=300)
    amount: int = Field(sa_type=sa.BigInteger)
    currency: str = Field(max_length=3)
    day: date
    note: str = Field(default="", max_length=2000)
    corrects_id: UUID | None = Field(default=None, foreign_key="operation_cost.id", unique=True)
    state: str = Field(default=_C.STANDS.value, max_length=12)


@history.versioned("id", "operation_id", "state", screened=True)
class CostBook(AuthoredStateRow, table=True):
    """The cost book of an operation. It begins with the first cost, or with the declaration that none is known."""

    __tablename__ = "cost_book"
    __table_args__ = (BOOK.known(), CheckConstraint("state <> 'complete' OR reason = ''", name="reason_of_opening"))
    operation_id: UUID = Field(foreign_key="operation.id", unique=True)
    state: str = Field(default=_B.OPEN.value, max_length=12)


class CostStep(StepTaken, table=True):
    """A step of a cost, or of the book."""

    __tablename__ = "cost_step"
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3)


# --------------------------------------------------------------------------------------------- who sees what


def _within(model: Any, actor: Actor) -> Any:
    if not may(actor, Act.COST_READ) or actor.only is not None:
        return false()
    return plan.within_reach(model.operation_id, actor)


def _own(model: Any) -> None:
    """Declare row scopes: a country sees what it paid; coordination, leadership and auditors see all."""

    def seen(actor: Actor) -> Any:
        return _within(model, actor) & (col(model.country) == actor.country if actor.national else true())

    scoped(model)(seen)


_own(Cost)
_own(CostStep)


@scoped(CostBook)
def _books_seen(actor: Actor) -> Any:
    return _within(CostBook, actor)


def _entries_seen(actor: Actor) -> Any:
    if not may(actor, Act.COST_READ) or actor.only is not None:
        return false()
    reach = plan.within_reach(journal.Entry.operation_id, actor)
    return reach & (col(journal.Entry.country) == actor.country if actor.national else true())


journal.need_to_know(
    "cost",
    seen=_entries_seen,
    countries=lambda _session, _id, country: frozenset({country} if country else ()),
    roles=frozenset({Role.OPERATION_COORDINATOR, Role.LEADERSHIP, Role.AUDITOR}),
)


def book(session: Session, operation_id: UUID) -> CostBook | None:
    """Return the cost book, as of the journal entry at which the session reads; None before the first cost."""
    known = history.rows(session, CostBook, operation_id)
    if known is None:
        known = list(session.exec(select(CostBook).where(CostBook.operation_id == operation_id)))
    return next(iter(known), None)


def _spent(session: Session, operation_id: UUID) -> int:
    """Return the number of valid costs that were spent."""
    stands = (Cost.state == CostState.STANDS.value, Cost.stage == "spent", Cost.operation_id == operation_id)
    query = select(func.count()).select_from(Cost).where(*stands)
    found: int = session.exec(query).one()
    return found


def money(found: Cost) -> dict[str, Any]:
    """Return the amount of a cost, as its entries of the journal give it."""
    return {"amount": found.amount, "currency": found.currency, "day": found.day.isoformat()}


def _record(
    session: Session, by: Actor, act: str, kind: str, of: Cost, /, before: str = "", after: str = "", **detail: Any
) -> None:
    """Journal a change of a cost, with its amount; its state follows from the act."""
    where: dict[str, Any] = {"operation": of.operation_id, "country": of.country}
    what = {"stage": of.stage, "kind": of.kind} | money(of)
    journal.record(session, by, act, kind, of.id, **where, **what, **detail)


def _record_book(session: Session, by: Actor, act: str, kind: str, of: CostBook, /, **detail: Any) -> None:
    journal.record(session, by, act, kind, of.id, operation=of.operation_id, **detail)


COST = Noun(
    Cost,
    "cost",
    _record,
    N_("This cost was already recorded with other content. Reload the page to see it."),
    LIFE,
    CostStep,
    lambda session, found, _by: {
        cost.id: (rows.one(session, plan.Operation, cost.operation_id), book(session, cost.operation_id))
        for cost in found
    },
)
COST_BOOK = Noun(
    CostBook,
    "cost",
    _record_book,
    life=BOOK,
    steps=CostStep,
    facts=lambda session, found, _by: {
        each.id: (rows.one(session, plan.Operation, each.operation_id), _spent(session, each.operation_id))
        for each in found
    },
)


@BOOK.rows
def _in_states(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    """Return the work list candidates: books of operations that are over."""
    over = {ident for ident, each in owners.items() if each.state in OVER}
    if not over:
        return []
    query = select(CostBook).where(col(CostBook.state).in_(states), col(CostBook.operation_id).in_(over))
    return [
        CandidateRow(
            book, (owners[book.operation_id], 0), book.operation_id, {"title": owners[book.operation_id].title}
        )
        for book in session.exec(query)
    ]


_UNCOSTED = Waits(
    N_("{title}: write its costs down, or say that none will be known."),
    "/operations/{operation}/costs",
    "coins",
    "since",
    within=30 * DAYS,
    late=AGAIN,
)


def waiting(session: Session, by: Actor, owners: Mapping[UUID, Any], _at: datetime) -> Iterator[WorkItem]:
    """Yield work items: operations that are over without any cost or declaration."""
    over = [each.id for each in owners.values() if each.state in OVER and may(by, Act.COST_KEEP, plan.subject(each))]
    if not over:
        return
    query = select(CostBook.operation_id).where(col(CostBook.operation_id).in_(over))
    begun, since = set(session.exec(query)), lifecycle.last_moves(session, over)
    for operation in over:
        if operation not in begun:
            shown = {"since": since.get(operation), "title": owners[operation].title}
            yield entry("costs", _UNCOSTED, CandidateRow(None, None, operation, shown))
