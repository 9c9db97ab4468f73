"""Tables of intelligence products: requests, products, shares with the consent of originators, and their visibility.

A request is visible to the asker and the coordination; a product to its recipients. Countries whose information it
contains are its originators: where it is marked H2 or H3, each of them must consent before anybody else receives it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from textwrap import shorten
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import journal, pulse
from operations.core.clock import UtcDateTime
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.noun import Noun
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.state_machine import Life, Step, ways
from operations.core.state_tables import AuthoredStateRow, StepNote, StepTaken
from operations.core.store import scoped
from operations.core.vocabulary import Classification, Role
from operations.core.worklist import DAYS, CandidateRow, Late, Waits, Whom
from operations.policing.operation import plan
from operations.policing.operation.withholding import withheld

RETENTION = timedelta(days=5 * 365)
"""How long the text of a product is kept (domain 5.3)."""


class ProductState(StrEnum):
    """States of a request for a product."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DELIVERED = "delivered"
    RECEIVED = "received"
    USED = "used"
    NOT_USED = "not_used"
    WITHDRAWN = "withdrawn"


class ShareState(StrEnum):
    """States of an originator's consent to a share."""

    ASKED = "asked"
    CONSENTED = "consented"
    REFUSED = "refused"


_S, _C = ProductState, ShareState
SERVED = (_S.DELIVERED, _S.RECEIVED, _S.USED, _S.NOT_USED)
"""States in which the asker has the product."""


def subject(of: Any, country: str | None) -> Subject:
    """Return the permission subject of a request, a product or a share, for a country; None: for the coordination."""
    return Subject(country=country, operation=of.operation_id, classification=Classification(of.classification))


def side(by: Actor) -> str | None:
    """Return the side a person asks for: the own country, or the coordination (None)."""
    return by.country if by.national else None


def _may(row: "ProductRequest", _facts: Any, step: Step[Any], by: Actor) -> bool:
    if not may(by, step.act, subject(row, row.country)):
        return False
    return step.act is not Act.PRODUCT_ASK or row.country == side(by)


def _originates(row: "ProductShare", _facts: Any, step: Step[Any], by: Actor) -> bool:
    return row.origin == by.country and may(by, step.act, subject(row, row.origin))


def _not_written(row: "ProductRequest", _facts: Any) -> Iterator[Flaw]:
    """The product is not written yet."""
    if row.written_at is not None:
        yield Flaw("", N_("The product is already written. It awaits the consent of its originators."))


def _unwritten(row: "ProductRequest", _at: datetime) -> bool:
    return row.written_at is None


_HERE = "/products?show={id}"
_OWNERS = (Late(Whom.OWNERS), Late(Whom.OWNERS, 3 * DAYS))
_TO_JUDGE = Waits(
    N_("An intelligence product is asked for: accept it, or say why not ({words})."),
    _HERE,
    "help-circle",
    "moved_at",
    within=2 * DAYS,
    late=_OWNERS,
)
_TO_WRITE = Waits(
    N_("An intelligence product was promised: write it ({words})."),
    _HERE,
    "file-text",
    "moved_at",
    "due",
    late=_OWNERS,
    when=_unwritten,
)
_TO_READ = Waits(
    N_("An intelligence product is delivered: confirm that it was read ({words})."),
    _HERE,
    "mail",
    "moved_at",
    within=3 * DAYS,
    late=_OWNERS,
)
_TO_USE = Waits(
    N_("Say what an intelligence product led to, or that it was not used ({words})."),
    _HERE,
    "git-merge",
    "moved_at",
    within=30 * DAYS,
    late=_OWNERS,
)
_TO_CONSENT = Waits(
    N_("An intelligence product holds information of your country: consent that {partner} has it, or refuse."),
    "/products?show={id}",
    "arrow-forward-up",
    "made_at",
    within=7 * DAYS,
    late=_OWNERS,
)
_ASK, _WORK = Act.PRODUCT_ASK, Act.PRODUCT_WORK
REQUEST: Life[ProductState] = Life(
    "intelligence product",
    _S.ASKED,
    (
        Step(_S.ASKED, _S.ACCEPTED, "product.accept", _WORK, N_("Accept it"), "check", waits=_TO_JUDGE),
        Step(
            _S.ASKED, _S.REFUSED, "product.refuse", _WORK, N_("Refuse it"), "ban", N_("Why it is refused"),
            waits=_TO_JUDGE,
        ),
        *ways(
            (_S.ASKED, _S.ACCEPTED), _S.WITHDRAWN, "product.withdraw", _ASK, N_("Withdraw it"), "arrow-back-up",
            N_("Why it is withdrawn"), guard=_not_written,
        ),
        Step(
            _S.ACCEPTED, _S.DELIVERED, "product.deliver", _WORK,
            elsewhere="Write the product: it is delivered by that, once its originators consent.", waits=_TO_WRITE,
        ),
        Step(
            _S.DELIVERED, _S.RECEIVED, "product.receive", _ASK, N_("Confirm that it was read"), "check",
            waits=_TO_READ,
        ),
        *ways(
            (_S.DELIVERED, _S.RECEIVED), _S.USED, "product.use", _ASK, elsewhere="Say what it led to.",
        ),
        Step(
            _S.DELIVERED, _S.NOT_USED, "product.leave", _ASK, N_("It was not used"), "circle-x",
            N_("Why it was not used"),
        ),
        Step(
            _S.RECEIVED, _S.NOT_USED, "product.leave", _ASK, N_("It was not used"), "circle-x",
            N_("Why it was not used"), waits=_TO_USE,
        ),
    ),
    ends=(_S.REFUSED, _S.USED, _S.NOT_USED, _S.WITHDRAWN),
    may=_may,
    astray=Flaw("", "This step is not possible now. Reload the page to see the current state."),
    words={
        _S.ASKED: N_("Asked"),
        _S.ACCEPTED: N_("Accepted"),
        _S.REFUSED: N_("Refused"),
        _S.DELIVERED: N_("Delivered"),
        _S.RECEIVED: N_("Read"),
        _S.USED: N_("Used"),
        _S.NOT_USED: N_("Not used"),
        _S.WITHDRAWN: N_("Withdrawn"),
    },
)  # fmt: skip
SHARE: Life[ShareState] = Life(
    "sharing of a product",
    _C.ASKED,
    (
        Step(
            _C.ASKED,
            _C.CONSENTED,
            "product.consent",
            Act.PRODUCT_CONSENT,
            N_("Consent"),
            "arrow-forward-up",
            waits=_TO_CONSENT,
        ),
        Step(
            _C.ASKED,
            _C.REFUSED,
            "product.object",
            Act.PRODUCT_CONSENT,
            N_("Refuse"),
            "ban",
            N_("Why it is not passed on"),
            waits=_TO_CONSENT,
        ),
    ),
    ends=(_C.CONSENTED, _C.REFUSED),
    may=_originates,
    astray=Flaw("", "This was decided already: reload the page to see it."),
    words={_C.ASKED: N_("Asked"), _C.CONSENTED: N_("Passed on"), _C.REFUSED: N_("Refused")},
)

# ---------------------------------------------------------------------------------------------------- tables


class ProductRequest(AuthoredStateRow, table=True):
    """A request for a product, by a `country` or the coordination (None).

    Its texts are erased at the end of retention.
    """

    __tablename__ = "product_request"
    __table_args__ = (
        REQUEST.known(),
        CheckConstraint("(erased_at IS NULL) = (question <> '')", name="said_until_erased"),
        CheckConstraint(
            "(reason <> '') = (state IN ('refused', 'not_used', 'withdrawn') AND erased_at IS NULL)",
            name="reason_given",
        ),
        REQUEST.exactly((_S.USED,), "led_to <> ''", "led_to_something"),
        CheckConstraint(
            "(written_at IS NULL) = (state IN ('asked', 'refused', 'withdrawn')) OR state = 'accepted'",
            name="written_first",
        ),
    )
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3, index=True)
    question: str = Field(max_length=2000)
    purpose: str = Field(max_length=2000)
    handling: str = Field(max_length=2)
    classification: str = Field(max_length=24)
    due: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=_S.ASKED.value, max_length=12)
    led_to: str = Field(default="", max_length=16)
    outcome: str = Field(default="", max_length=2000)
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProductStep(StepTaken, table=True):
    """A step of a request, visible to the asker and the coordination. Its texts are erased with the request's."""

    __tablename__ = "product_step"
    country: str | None = Field(default=None, max_length=3, index=True)


class Product(StepNote, table=True):
    """A product that the coordination's analyst wrote in answer to a request.

    Immutable, and erased at the end of retention.

    `originators`: the countries whose information it contains.
    """

    __tablename__ = "product"
    __table_args__ = (CheckConstraint("(erased_at IS NULL) = (body <> '')", name="said_until_erased"),)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    request_id: UUID = Field(foreign_key="product_request.id", unique=True)
    title: str = Field(max_length=160)
    body: str = Field(max_length=8000)
    source: str = Field(max_length=1)
    information: str = Field(max_length=1)
    handling: str = Field(max_length=2)
    classification: str = Field(max_length=24)
    originators: str = Field(max_length=200)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def members(self) -> list[str]:
        """The codes of the countries whose information it contains."""
        return self.originators.split()


class ProductShare(SQLModel, table=True):
    """A share of a product with a country or partner, the `recipient`, and the consent of one of its originators.

    `origin` is "" where it contains no country's information: then the coordination alone decides.
    """

    __tablename__ = "product_share"
    __table_args__ = (
        SHARE.known(),
        UniqueConstraint("product_id", "recipient", "origin"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided_once"),
        CheckConstraint("recipient <> origin", name="to_others"),
    )
    id: UUID = Field(primary_key=True)
    product_id: UUID = Field(foreign_key="product.id", index=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    recipient: str = Field(max_length=24, index=True)
    origin: str = Field(default="", max_length=3, index=True)
    title: str = Field(max_length=160)
    purpose: str = Field(default="", max_length=2000)
    handling: str = Field(max_length=2)
    classification: str = Field(max_length=24)
    state: str = Field(default=_C.ASKED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)
    decided_by: str = Field(default="", max_length=120)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


# ------------------------------------------------------------------------------------------------ visibility

_SHARE: sa.Table = ProductShare.__table__  # type: ignore[attr-defined]


def holds_product(product_id: Any, recipient: str | None) -> Any:
    """Return an SQL condition: a country or partner has the product, with the consent of all its originators."""
    of = _SHARE.c
    had = sa.select(of.product_id).where(of.recipient == recipient)
    barred = had.where((of.state != _C.CONSENTED.value) | withheld(of.operation_id, of.origin, of.recipient))
    return col(product_id).in_(had) & col(product_id).not_in(barred)


def _reach(model: Any, actor: Actor, whose: Any) -> Any:
    """Return an SQL condition: rows within the actor's reach and clearance; for a country those that satisfy
    `whose`.
    """
    if not may(actor, Act.PRODUCT_READ) or actor.only is not None:
        return false()
    cleared = [level.value for level in Classification if level.rank <= actor.clearance.rank]
    seen = plan.within_reach(model.operation_id, actor) & col(model.classification).in_(cleared)
    return seen & whose if actor.national else seen


@scoped(ProductRequest)
def _requests_seen(actor: Actor) -> Any:
    return _reach(ProductRequest, actor, col(ProductRequest.country) == actor.country)


@scoped(ProductStep)
def _steps_seen(actor: Actor) -> Any:
    return col(ProductStep.of_id).in_(select(ProductRequest.id).where(_requests_seen(actor)))


@scoped(Product)
def _products_seen(actor: Actor) -> Any:
    return _reach(Product, actor, holds_product(Product.id, actor.country))


@scoped(ProductShare)
def _shares_seen(actor: Actor) -> Any:
    """A country sees shares with itself; its coordinators also those that need or had its consent."""
    whose = col(ProductShare.recipient) == actor.country
    if may(actor, Act.PRODUCT_CONSENT):
        whose = whose | (col(ProductShare.origin) == actor.country)
    return _reach(ProductShare, actor, whose)


def _entries_seen(actor: Actor) -> Any:
    """The coordination reads all entries, auditors that they exist, a country those of its own acts and shares."""
    if actor.only is not None or not (may(actor, Act.PRODUCT_READ) or actor.role is Role.AUDITOR):
        return false()
    reach = plan.within_reach(journal.Entry.operation_id, actor)
    return reach & (col(journal.Entry.country) == actor.country) if actor.national else reach


CENTRE = (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR, Role.LEADERSHIP, Role.AUDITOR)
journal.need_to_know(
    "product",
    seen=_entries_seen,
    countries=lambda _session, _id, country: frozenset({country} if country else ()),
    roles=frozenset(CENTRE),
)


def record(session: Session, by: Actor | System, act: str, of: Any, country: str | None, **detail: Any) -> None:
    """Write a journal entry of codes and counts: for the coordination, and a country's leaders and coordinators."""
    heard = pulse.centre(*CENTRE)
    for role in (Role.NATIONAL_COORDINATOR, Role.TEAM_LEADER):
        heard |= pulse.countries(country, role=role)
    journal.record(
        session, by, act, "product", of.id, operation=of.operation_id, country=country, audience=heard, **detail
    )


def _of_request(
    session: Session, by: Actor | System, act: str, _kind: str, of: ProductRequest, /, **detail: Any
) -> None:
    record(session, by, act, of, of.country, **detail)


REQUESTED = Noun(
    ProductRequest,
    "product",
    _of_request,
    N_("This was already asked with other content. Reload the page to see it."),
    REQUEST,
    ProductStep,
)

# ---------------------------------------------------------------------------------------------------- worklist


@REQUEST.rows
def _requested(session: Session, _by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(ProductRequest).where(
        col(ProductRequest.state).in_(states), col(ProductRequest.operation_id).in_(owners.keys())
    )
    return [
        CandidateRow(each, None, each.operation_id, {"words": shorten(each.question, 90, placeholder="…")})
        for each in session.exec(query)
    ]


@SHARE.rows
def _to_share(session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, Any]) -> list[CandidateRow]:
    query = select(ProductShare).where(
        col(ProductShare.state).in_(states), col(ProductShare.operation_id).in_(owners.keys())
    )
    return [
        CandidateRow(share, None, share.operation_id, {"partner": share.recipient})
        for share in session.exec(query.where(ProductShare.origin == by.country))
    ]
