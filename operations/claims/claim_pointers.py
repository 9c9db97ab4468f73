"""Claim pointers: hints to each operation of a claim over several, where no analyst works for all of them.

Each operation gets one. Its analysts learn which of their arrests may be of a person arrested in another operation on
the same notice, and nothing of where, when or by whom. Nobody else hears more until an analyst of each operation lets
the countries be asked: then the claim is opened as suspected. One refusal ends it, and so does an analyst who works for
all of them; whoever suspects it again has each operation asked anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import false
from sqlmodel import Field, Session, SQLModel, col, select

from operations.claims import claim_states
from operations.claims.claim_rows import Claim, ClaimLine, facts_of
from operations.claims.claim_states import ClaimFacts, ClaimState
from operations.core.clock import UtcDateTime, now
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.people import Account, Actor, Assignment, in_effect
from operations.core.permissions import Act, may
from operations.core.state_machine import Life, Step, StepOffer, ways
from operations.core.store import locked, scoped, unfenced, unscoped
from operations.core.vocabulary import Classification, Role
from operations.core.worklist import (
    DAYS,
    TO_COORDINATOR,
    TO_LEADERSHIP,
    CandidateRow,
    Waits,
    WorkItem,
    entry,
)
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.policing.reports.counting import standing_lines
from operations.policing.reports.versions import Report


class PointerState(StrEnum):
    """The answer of an operation's analysts to a suspicion over several operations."""

    TOLD = "told"
    LET = "let"
    REFUSED = "refused"
    DISMISSED = "dismissed"
    CLOSED = "closed"


class PointerFacts(NamedTuple):
    """The conditions of a pointer's steps: its claim, and whether an analyst works for all of its operations."""

    claim: Claim
    known: ClaimFacts
    shared: bool


_P = PointerState


def _may(row: "ClaimPointer", facts: PointerFacts, step: Step[PointerState], by: Actor) -> bool:
    """Allow analysts of the operation whom none of the countries has seconded, unless one works for all operations."""
    own = next((each for each in facts.known.operations if each.id == row.operation_id), None)
    outside = by.country not in facts.claim.parties
    return own is not None and outside and not facts.shared and may(by, step.act, plan.subject(own))


def _suspected(_row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """The claim is still suspected, and one of the operations is not closed."""
    if facts.claim.state != ClaimState.SUSPECTED:
        yield Flaw("", N_("The claim is not suspected any more: reload the page to see."))
    yield from claim_states.running(facts.claim, facts.known)


def _lets(row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """The claim is still suspected, its lines are valid, and all its countries can answer (none is named)."""
    yield from _suspected(row, facts)
    yield from claim_states.stands(facts.claim, facts.known)
    if facts.known.left:
        yield Flaw("", N_("A country of this claim left its operation and cannot answer."))


def _lapsed(row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """The claim is still suspected, and fewer than two of its lines are valid."""
    yield from _suspected(row, facts)
    yield from claim_states.lapsed(facts.claim, facts.known)


def _dismissed(_row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """The claim is dismissed, its lines are valid, and one of the operations is not closed."""
    if facts.claim.state != ClaimState.DISMISSED:
        yield Flaw("", N_("The claim is not dismissed any more: reload the page to see."))
    yield from claim_states.running(facts.claim, facts.known)
    yield from claim_states.stands(facts.claim, facts.known)


_TO_SAY = Waits(
    N_("Claim {number}: who was arrested here may have been arrested in another operation. Say if it may be asked."),
    "/operations/{operation}/claims",
    "copy",
    "asked_at",
    within=3 * DAYS,
    late=TO_COORDINATOR,
    above="/operations/{operation}/situation",
)
_UNMANNED = Waits(
    N_("Something may have been told twice, and no analyst who could look at it works here: put one on the operation."),
    "/operations/{operation}/people",
    "user-plus",
    "since",
    within=3 * DAYS,
    late=TO_LEADERSHIP,
    above="/operations/{operation}/situation",
)
LIFE: Life[PointerState] = Life(
    "pointer to a claim",
    _P.TOLD,
    (
        Step(_P.TOLD, _P.LET, "claim.let", Act.CLAIM_OPEN, N_("Let its countries be asked"), "send", guard=_lets,
             waits=_TO_SAY),
        Step(_P.TOLD, _P.REFUSED, "claim.refuse", Act.CLAIM_OPEN, N_("Do not let it be asked"), "ban",
             N_("Why it is no claim, or must not be asked"), guard=_suspected, waits=_TO_SAY),
        Step(_P.TOLD, _P.CLOSED, "claim.lapse", Act.CLAIM_OPEN, N_("Close it"), "x", guard=_lapsed),
        *ways((_P.TOLD, _P.LET), _P.DISMISSED, "claim.dismiss", Act.CLAIM_OPEN,
              elsewhere="An analyst who works for all of its operations dismisses it."),
        *ways((_P.REFUSED, _P.DISMISSED), _P.TOLD, "claim.reconsider", Act.CLAIM_OPEN, N_("Suspect it again"),
              "arrow-back-up", N_("Why it is looked at again"), guard=_dismissed),
    ),
    ends=(_P.LET, _P.REFUSED, _P.DISMISSED, _P.CLOSED),
    may=_may,
    astray=Flaw("", "This operation has already answered. Reload the page to see its answer."),
    words={
        _P.TOLD: N_("Not said yet"),
        _P.LET: N_("May be asked: another operation has still to say so"),
        _P.REFUSED: N_("Not asked"),
        _P.DISMISSED: N_("No claim, said for all its operations"),
        _P.CLOSED: N_("A line does not stand any more"),
    },
)  # fmt: skip

# ----------------------------------------------------------------------------------------------------- table


class ClaimPointer(SQLModel, table=True):
    """An operation's answer to a claim over several, with its reason for refusing or for suspecting it again.

    `said_at` without a name is when it was asked again.
    """

    __tablename__ = "claim_pointer"
    __table_args__ = (LIFE.known(), sa.CheckConstraint("state <> 'refused' OR reason <> ''", name="reason_given"))
    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id", index=True)
    state: str = Field(default=LIFE.first.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    told_at: datetime = Field(sa_type=UtcDateTime)
    said_name: str = Field(default="", max_length=120)
    said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def asked_at(self) -> datetime:
        """Since when it waits for an answer."""
        return self.said_at or self.told_at


@scoped(ClaimPointer)
def _pointers_seen(actor: Actor) -> Any:
    """Those who open claims in the operation."""
    if not may(actor, Act.CLAIM_OPEN):
        return false()
    return plan.within_reach(ClaimPointer.operation_id, actor)


# ------------------------------------------------------------------------------------------------- questions


class Own(NamedTuple):
    """A line of the reader's own operation; `report` is None where the line is no longer valid."""

    country: str
    report: Report | None
    site: str
    day: date | None


class PointerView(NamedTuple):
    """A pointer with the conditions of its steps and the lines of its own operation only."""

    pointer: ClaimPointer
    facts: PointerFacts
    lines: tuple[Own, ...]


def shown(session: Session, operation_id: UUID, by: Actor) -> list[PointerView]:
    """Return the pointers of an operation that `by` has still to answer, or can reconsider, newest first."""
    query = select(ClaimPointer).where(ClaimPointer.operation_id == operation_id)
    rows = session.exec(query.order_by(col(ClaimPointer.told_at).desc(), col(ClaimPointer.claim_id))).all()
    facts = pointer_facts(session, rows, by)
    told = [
        (pointer, known)
        for pointer in rows
        if not (known := facts[pointer.claim_id]).shared
        and (
            known.claim.state == ClaimState.SUSPECTED
            or (known.claim.state == ClaimState.DISMISSED and pointer.state in (_P.REFUSED, _P.DISMISSED))
        )
    ]
    own = [line for _pointer, known in told for line in known.known.lines if line.operation_id == operation_id]
    lines = _own(session, own)
    return [
        PointerView(
            pointer,
            known,
            tuple(lines[line.report_id, line.line_id] for line in own if line.claim_id == pointer.claim_id),
        )
        for pointer, known in told
    ]


def _own(session: Session, lines: Sequence[ClaimLine]) -> dict[tuple[UUID, UUID], Own]:
    """Return where and when each of these lines is reported, as of now."""
    stands = standing_lines(session, [each.report_id for each in lines]) if lines else {}
    sites = {line.site_id for line, _report in stands.values()}
    named = select(Site.id, Site.name).where(col(Site.id).in_(sites))
    names = dict(session.exec(named).all()) if sites else {}
    own = {}
    for claim_line in lines:
        line, report = stands.get((claim_line.report_id, claim_line.line_id), (None, None))
        site, day = (names.get(line.site_id, ""), line.official_day) if line is not None else ("", None)
        own[claim_line.report_id, claim_line.line_id] = Own(claim_line.country, report, site, day)
    return own


def offers(told: PointerView, by: Actor) -> list[StepOffer[PointerState]]:
    """Return the answers open to `by` now; closing is offered only where a line fell away."""
    offered = LIFE.offers(told.pointer, told.facts, by)
    return [offer for offer in offered if offer.step.after is not _P.CLOSED or not offer.obstacles]


def pointer_facts(
    session: Session, rows: Iterable[ClaimPointer], by: Actor, owners: Mapping[UUID, plan.Operation] | None = None
) -> dict[UUID, PointerFacts]:
    """Return the conditions of pointers' steps by claim, in few queries. Applies no permissions."""
    wanted = {each.claim_id for each in rows}
    if not wanted:
        return {}
    with unfenced(session):
        claims = session.exec(unscoped(select(Claim).where(col(Claim.id).in_(wanted)))).all()
    facts = facts_of(session, claims, by, owners or {})
    able = judges(session, {of.id for known in facts.values() for of in known.operations})
    return {
        claim.id: PointerFacts(
            claim, facts[claim.id], any(judged(claim, facts[claim.id].operations, analyst) for analyst in able)
        )
        for claim in claims
    }


def judges(session: Session, operations: Iterable[UUID]) -> list[Actor]:
    """Return the analysts who work for any of these operations now, each with those operations."""
    query = (
        select(Assignment.operation_id, Account)
        .join(Account, _ANALYST & (col(Account.id) == col(Assignment.account_id)))
        .where(col(Assignment.operation_id).in_(set(operations)), in_effect(Assignment, now()))
    )
    with unfenced(session):
        rows = session.exec(unscoped(query)).all()
    people = {account.id: account for _operation, account in rows if account.may_enter}
    return [_analyst(person, [of for of, account in rows if account.id == person.id]) for person in people.values()]


_ANALYST = col(Account.role) == Role.OCU_ANALYST.value


def _analyst(account: Account, operations: Iterable[UUID]) -> Actor:
    """Return an analyst with the attributes that decide which claims may be opened."""
    clearance = Classification(account.clearance)
    return Actor(
        account.id, account.name, Role.OCU_ANALYST, account.country, clearance, operations=frozenset(operations)
    )


def judged(claim: Claim, operations: Iterable[plan.Operation], analyst: Actor) -> bool:
    """Whether this analyst can open a claim in all of these operations."""
    works = all(may(analyst, Act.CLAIM_OPEN, plan.subject(operation)) for operation in operations)
    return analyst.country not in claim.parties and works


def unmanned(session: Session, owners: Mapping[UUID, plan.Operation]) -> dict[UUID, datetime]:
    """Return operations with a suspicion and without anybody who could open it, with the moment since when.

    Applies no permissions: like the journal of the operation it says only that a suspicion exists. One query.
    """
    of = sa.func.coalesce(col(Claim.operation_id), col(ClaimPointer.operation_id))
    told_ = (col(ClaimPointer.claim_id) == col(Claim.id)) & (col(ClaimPointer.state) == _P.TOLD.value)
    works = (col(Assignment.operation_id) == of) & in_effect(Assignment, now())
    query = (
        select(Claim, of.label("of"), Account)
        .outerjoin(ClaimPointer, told_)
        .outerjoin(Assignment, works)
        .outerjoin(Account, _ANALYST & (col(Account.id) == col(Assignment.account_id)))
        .where(Claim.state == ClaimState.SUSPECTED.value, of.in_(owners.keys()))
    )
    with unfenced(session):
        rows = session.exec(unscoped(query)).all()
    claims = {(claim.id, operation): claim for claim, operation, _account in rows}
    able = {
        (claim.id, operation)
        for claim, operation, account in rows
        if account is not None
        and account.may_enter
        and judged(claim, [owners[operation]], _analyst(account, [operation]))
    }
    since: dict[UUID, datetime] = {}
    for key in claims.keys() - able:
        at, operation = claims[key].suspected_at, key[1]
        since[operation] = min(since.get(operation, at), at)
    return since


def waiting(session: Session, by: Actor, owners: Mapping[UUID, plan.Operation], _at: datetime) -> Iterator[WorkItem]:
    """Yield work items for operations with a suspected claim and nobody who opens claims."""
    mine = {
        operation.id: operation
        for operation in owners.values()
        if may(by, Act.OPERATION_ASSIGN, plan.subject(operation))
    }
    for operation, since in unmanned(session, mine).items():
        yield entry("analyst", _UNMANNED, CandidateRow(None, None, operation, {"since": since}))


def create_pointers(session: Session, claim: Claim, operations: Iterable[UUID]) -> None:
    """Create the pointers of a claim, one for each of its operations."""
    session.add_all(
        ClaimPointer(claim_id=claim.id, operation_id=operation, told_at=claim.suspected_at)
        for operation in sorted(set(operations), key=str)
    )
    session.flush()


def dismissed(session: Session, claim: Claim, by: Actor) -> None:
    """Mark a claim's pointers as dismissed by an analyst who works for all of its operations.

    The reason is not stored with them: it may reveal one operation to another.
    """
    for pointer in _of(session, claim):
        LIFE.go(pointer, _P.DISMISSED)
        pointer.said_name, pointer.said_at = by.name, now()
    session.flush()


def asked_again(session: Session, claim: Claim) -> None:
    """Ask each operation again that refused, or for which the claim was dismissed: it is suspected again."""
    for pointer in _of(session, claim):
        if pointer.state in (_P.REFUSED, _P.DISMISSED):
            LIFE.go(pointer, _P.TOLD)
            pointer.reason, pointer.said_name, pointer.said_at = "", "", now()
    session.flush()


def _of(session: Session, claim: Claim) -> Sequence[ClaimPointer]:
    """Return the pointers of a claim, locked for update. Applies no permissions."""
    query = select(ClaimPointer).where(ClaimPointer.claim_id == claim.id).order_by(col(ClaimPointer.operation_id))
    pointers: Sequence[ClaimPointer] = session.exec(unscoped(locked(query))).all()
    return pointers


def others_let(session: Session, pointer: ClaimPointer) -> bool:
    """Whether all other operations of its claim have let it be asked. Applies no permissions."""
    query = select(ClaimPointer.state).where(
        ClaimPointer.claim_id == pointer.claim_id, ClaimPointer.operation_id != pointer.operation_id
    )
    with unfenced(session):
        return all(state == _P.LET for state in session.exec(unscoped(query)))


@LIFE.rows
def _in_states(
    session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, plan.Operation]
) -> Iterator[CandidateRow]:
    """Yield the pointers in these states whose claims are still suspected."""
    query = select(ClaimPointer).where(
        col(ClaimPointer.state).in_(states), col(ClaimPointer.operation_id).in_(owners.keys())
    )
    rows = session.exec(query).all()
    facts = pointer_facts(session, rows, by, owners)
    for pointer in rows:
        known = facts[pointer.claim_id]
        if known.claim.state == ClaimState.SUSPECTED:
            shown = {"id": f"{pointer.claim_id}:{pointer.operation_id}", "number": known.claim.named}
            yield CandidateRow(pointer, known, pointer.operation_id, shown)
