"""Tables of messages between countries: dispatches, receipts, requests to pass them on, and their visibility.

A message is its originator's for ever. Who got it sees it and the own receipt; the originator sees all receipts, and
from whom it withheld what was passed on. Who works for no country sees nothing of it: auditors read in the journal that
something was sent, and not what.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, ways
from operations.core.store import scoped
from operations.core.vocabulary import Classification, Role
from operations.core.worklist import DAYS, CandidateRow, Late, Waits, Whom
from operations.policing.operation import plan

RETENTION = timedelta(days=5 * 365)
"""How long the text of a message is kept (domain 5.3)."""


class ReceiptState(StrEnum):
    """States of a received message."""

    DELIVERED = "delivered"
    READ = "read"
    ANSWERED = "answered"


class PassingState(StrEnum):
    """States of a request to pass a message on."""

    ASKED = "asked"
    CONSENTED = "consented"
    REFUSED = "refused"


_R, _P = ReceiptState, PassingState


def subject(of: Any, country: str | None) -> Subject:
    """Return the permission subject of a message, or of a row that belongs to one, for a country."""
    return Subject(country=country, operation=of.operation_id, classification=Classification(of.classification))


def _got(row: "DispatchReceipt", _facts: Any, step: Step[Any], by: Actor) -> bool:
    return row.country == by.country and may(by, step.act, subject(row, row.country))


def _originates(row: "DispatchPassing", _facts: Any, step: Step[Any], by: Actor) -> bool:
    return row.origin == by.country and may(by, step.act, subject(row, row.origin))


def _not_erased(_row: Any, erased: bool | None) -> Iterator[Flaw]:
    """What the message says is still kept."""
    if erased:
        yield Flaw("", N_("The retention of this message has ended. Its text was erased."))


def _wanted(row: "DispatchReceipt", _at: datetime) -> bool:
    return row.due is not None


_OWNERS = (Late(Whom.OWNERS), Late(Whom.OWNERS, 3 * DAYS))
_TO_READ = Waits(
    N_("A message from {countries} waits to be read."),
    "/messages?show={id}",
    "mail",
    "sent_at",
    within=2 * DAYS,
    late=_OWNERS,
)
_TO_ANSWER = Waits(
    N_("A message from {countries} waits for your country's answer."),
    "/messages?show={id}",
    "help-circle",
    "sent_at",
    "due",
    late=_OWNERS,
    when=_wanted,
)
_TO_DECIDE = Waits(
    N_("{countries} asks to pass on a message of your country: consent or refuse."),
    "/messages?show={id}",
    "arrow-forward-up",
    "asked_at",
    within=7 * DAYS,
    late=_OWNERS,
)
RECEIPT: Life[ReceiptState] = Life(
    "message to a country",
    _R.DELIVERED,
    (
        Step(
            _R.DELIVERED,
            _R.READ,
            "dispatch.read",
            Act.DISPATCH,
            N_("Confirm that it was read"),
            "check",
            waits=_TO_READ,
        ),
        *ways(
            (_R.DELIVERED, _R.READ),
            _R.ANSWERED,
            "dispatch.answer",
            Act.DISPATCH,
            elsewhere="Write the answer: it is said by that.",
            guard=_not_erased,
            waits=_TO_ANSWER,
        ),
    ),
    ends=(_R.READ, _R.ANSWERED),
    may=_got,
    astray=Flaw("", "Your country has confirmed this already: reload the page to see it."),
    words={_R.DELIVERED: N_("Delivered"), _R.READ: N_("Read"), _R.ANSWERED: N_("Answered")},
)
PASSING: Life[PassingState] = Life(
    "passing on of a message",
    _P.ASKED,
    (
        Step(
            _P.ASKED,
            _P.CONSENTED,
            "dispatch.consent",
            Act.DISPATCH,
            N_("Consent, and pass it on"),
            "arrow-forward-up",
            guard=_not_erased,
            waits=_TO_DECIDE,
        ),
        Step(
            _P.ASKED,
            _P.REFUSED,
            "dispatch.refuse",
            Act.DISPATCH,
            N_("Refuse"),
            "ban",
            N_("Why it is not passed on"),
            waits=_TO_DECIDE,
        ),
    ),
    ends=(_P.CONSENTED, _P.REFUSED),
    may=_originates,
    astray=Flaw("", "This was decided already: reload the page to see it."),
    words={_P.ASKED: N_("Asked"), _P.CONSENTED: N_("Passed on"), _P.REFUSED: N_("Refused")},
)

# ---------------------------------------------------------------------------------------------------- tables


class Dispatch(SQLModel, table=True):
    """A message of a country, or its answer to one. Its text is erased at the end of retention."""

    __table_args__ = (CheckConstraint("(erased_at IS NULL) = (body <> '')", name="said_until_erased"),)
    id: UUID = Field(primary_key=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    country: str = Field(max_length=3, index=True)
    answers_id: UUID | None = Field(default=None, foreign_key="dispatch.id", index=True)
    title: str = Field(max_length=160)
    body: str = Field(max_length=2000)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    handling: str = Field(max_length=2)
    classification: str = Field(max_length=24)
    due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    author_id: UUID
    author_name: str = Field(max_length=120)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DispatchReceipt(SQLModel, table=True):
    """The receipt of a country for a message of its `origin`, passed on by `via` where that is set, and its state."""

    __tablename__ = "dispatch_receipt"
    __table_args__ = (
        RECEIPT.known(),
        RECEIPT.exactly((_R.DELIVERED,), "read_at IS NULL", "read_once"),
        CheckConstraint("country <> origin", name="to_others"),
    )
    dispatch_id: UUID = Field(primary_key=True, foreign_key="dispatch.id")
    country: str = Field(primary_key=True, max_length=3)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    origin: str = Field(max_length=3)
    via: str | None = Field(default=None, max_length=3)
    classification: str = Field(max_length=24)
    state: str = Field(default=_R.DELIVERED.value, max_length=12)
    due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_by: str = Field(default="", max_length=120)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DispatchPassing(SQLModel, table=True):
    """A message passed on to other countries (`countries`, separated by spaces), or a request to do so."""

    __tablename__ = "dispatch_passing"
    __table_args__ = (
        PASSING.known(),
        PASSING.exactly((_P.ASKED,), "decided_at IS NULL", "decided_once"),
    )
    id: UUID = Field(primary_key=True)
    dispatch_id: UUID = Field(foreign_key="dispatch.id", index=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id")
    country: str = Field(max_length=3)
    origin: str = Field(max_length=3, index=True)
    countries: str = Field(max_length=200)
    purpose: str = Field(default="", max_length=2000)
    classification: str = Field(max_length=24)
    state: str = Field(default=_P.ASKED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=120)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def members(self) -> list[str]:
        """The codes of the countries to which it goes."""
        return self.countries.split()


# ------------------------------------------------------------------------------------------------ visibility

_RECEIPT: sa.Table = DispatchReceipt.__table__  # type: ignore[attr-defined]
_DISPATCH: sa.Table = Dispatch.__table__  # type: ignore[attr-defined]


def _reach(model: Any, actor: Actor, whose: Any) -> Any:
    """Return an SQL condition: rows that satisfy `whose`, within the actor's clearance and operations, or of no
    operation.
    """
    if not may(actor, Act.DISPATCH) or actor.only is not None or not actor.national:
        return false()
    cleared = [level.value for level in Classification if level.rank <= actor.clearance.rank]
    here = col(model.operation_id).is_(None) | plan.within_reach(model.operation_id, actor)
    return whose & here & col(model.classification).in_(cleared)


def _sent_to(country: str | None) -> Any:
    return sa.select(_RECEIPT.c.dispatch_id).where(_RECEIPT.c.country == country)


@scoped(Dispatch)
def _dispatches_seen(actor: Actor) -> Any:
    known = (col(Dispatch.country) == actor.country) | col(Dispatch.id).in_(_sent_to(actor.country))
    return _reach(Dispatch, actor, known)


@scoped(DispatchReceipt)
def _receipts_seen(actor: Actor) -> Any:
    """A country its own, and those of its messages. Who has a message that it passed on is its originator's to know."""
    sides = (DispatchReceipt.country, DispatchReceipt.origin)
    return _reach(DispatchReceipt, actor, sa.or_(*(col(each) == actor.country for each in sides)))


@scoped(DispatchPassing)
def _passings_seen(actor: Actor) -> Any:
    sides = (DispatchPassing.country, DispatchPassing.origin)
    return _reach(DispatchPassing, actor, sa.or_(*(col(each) == actor.country for each in sides)))


def _entries_seen(actor: Actor) -> Any:
    """Entries of a country's own acts, and about its own messages. Auditors read that entries exist."""
    if actor.only is not None:
        return false()
    if actor.role is Role.AUDITOR:
        return sa.true()
    if not actor.national or not may(actor, Act.DISPATCH):
        return false()
    own = sa.select(_DISPATCH.c.id).where(_DISPATCH.c.country == actor.country)
    return (col(journal.Entry.country) == actor.country) | col(journal.Entry.object_id).in_(own)


journal.need_to_know(
    "dispatch",
    seen=_entries_seen,
    countries=lambda _session, _id, country: frozenset({country} if country else ()),
    roles=frozenset({Role.AUDITOR}),
)


# ---------------------------------------------------------------------------------------------------- worklist


@RECEIPT.rows
def _received(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
    query = (
        select(DispatchReceipt, Dispatch.erased_at)
        .join(Dispatch, col(Dispatch.id) == col(DispatchReceipt.dispatch_id))
        .where(col(DispatchReceipt.state).in_(states), DispatchReceipt.country == by.country)
    )
    return [
        CandidateRow(
            receipt, erased is not None, receipt.operation_id, {"id": receipt.dispatch_id, "countries": receipt.origin}
        )
        for receipt, erased in session.exec(query)
    ]


@PASSING.rows
def _asked(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
    query = (
        select(DispatchPassing, Dispatch.erased_at)
        .join(Dispatch, col(Dispatch.id) == col(DispatchPassing.dispatch_id))
        .where(col(DispatchPassing.state).in_(states), DispatchPassing.origin == by.country)
    )
    return [
        CandidateRow(
            passing, erased is not None, passing.operation_id, {"id": passing.dispatch_id, "countries": passing.country}
        )
        for passing, erased in session.exec(query)
    ]
