"""Pointers: what an operation is told of a suspicion over several, where no analyst works for all of them.

Each of the operations has one. Its analysts learn which arrest of theirs may be of a person who was arrested in another
operation on the same notice, and nothing of where, when or by whom. Nobody else hears more before an analyst of each
has let the countries be asked: then the claim is opened as it was suspected. One who does not let it ends it, and so
does an analyst who works for all of them; who suspects it again has each of them asked.
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
    """What the analysts of an operation say of a suspicion over several."""

    TOLD = "told"
    LET = "let"
    REFUSED = "refused"
    DISMISSED = "dismissed"
    CLOSED = "closed"


class PointerFacts(NamedTuple):
    """What the steps of a pointer depend on: its claim, and whether an analyst works for all of its operations."""

    claim: Claim
    known: ClaimFacts
    shared: bool


_P = PointerState


def _may(row: "ClaimPointer", facts: PointerFacts, step: Step[PointerState], by: Actor) -> bool:
    """An analyst of the operation whom none of the countries has seconded; not where one works for all of them."""
    own = next((each for each in facts.known.operations if each.id == row.operation_id), None)
    outside = by.country not in facts.claim.parties
    return own is not None and outside and not facts.shared and may(by, step.act, plan.subject(own))


def _suspected(_row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """It is still suspected, and one of the operations is not closed."""
    if facts.claim.state != ClaimState.SUSPECTED:
        yield Flaw("", N_("The claim is not suspected any more: reload the page to see."))
    yield from claim_states.running(facts.claim, facts.known)


def _lets(row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """It is still suspected, its lines stand, and all of its countries can answer; which, is not said."""
    yield from _suspected(row, facts)
    yield from claim_states.stands(facts.claim, facts.known)
    if facts.known.left:
        yield Flaw("", N_("A country of this claim left its operation and cannot answer."))


def _lapsed(row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """It is still suspected, and fewer than two of its lines stand."""
    yield from _suspected(row, facts)
    yield from claim_states.lapsed(facts.claim, facts.known)


def _dismissed(_row: "ClaimPointer", facts: PointerFacts) -> Iterator[Flaw]:
    """It is dismissed, its lines stand, and one of the operations is not closed."""
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
    astray=Flaw("", "This operation has said it already: reload the page to see what."),
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
    """What one operation says of a claim over several, and why it does not let it be asked or suspects it again.

    `said_at` without a name: it was asked again then.
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
        """Since when it waits to be said, where it is not."""
        return self.said_at or self.told_at


@scoped(ClaimPointer)
def _pointers_seen(actor: Actor) -> Any:
    """Who opens claims in the operation."""
    if not may(actor, Act.CLAIM_OPEN):
        return false()
    return plan.within_reach(ClaimPointer.operation_id, actor)


# ------------------------------------------------------------------------------------------------- questions


class Own(NamedTuple):
    """A line of the operation that is told; None where it does not stand any more."""

    country: str
    report: Report | None
    site: str
    day: date | None


class PointerView(NamedTuple):
    """A pointer with what its steps depend on, and the lines of its own operation: it tells of no other."""

    pointer: ClaimPointer
    facts: PointerFacts
    lines: tuple[Own, ...]


def shown(session: Session, operation_id: UUID, by: Actor) -> list[PointerView]:
    """The pointers of an operation of which `by` has still something to say, or has said it, the newest first."""
    query = select(ClaimPointer).where(ClaimPointer.operation_id == operation_id)
    rows = session.exec(query.order_by(col(ClaimPointer.told_at).desc(), col(ClaimPointer.claim_id))).all()
    facts = pointer_facts(session, rows, by)
    told = [
        (each, known)
        for each in rows
        if not (known := facts[each.claim_id]).shared
        and (
            known.claim.state == ClaimState.SUSPECTED
            or (known.claim.state == ClaimState.DISMISSED and each.state in (_P.REFUSED, _P.DISMISSED))
        )
    ]
    own = [line for _each, known in told for line in known.known.lines if line.operation_id == operation_id]
    lines = _own(session, own)
    return [
        PointerView(
            each, known, tuple(lines[line.report_id, line.line_id] for line in own if line.claim_id == each.claim_id)
        )
        for each, known in told
    ]


def _own(session: Session, lines: Sequence[ClaimLine]) -> dict[tuple[UUID, UUID], Own]:
    """Where and when each of these lines is reported, as it stands."""
    stands = standing_lines(session, [each.report_id for each in lines]) if lines else {}
    sites = {line.site_id for line, _report in stands.values()}
    named = select(Site.id, Site.name).where(col(Site.id).in_(sites))
    names = dict(session.exec(named).all()) if sites else {}
    found = {}
    for each in lines:
        line, report = stands.get((each.report_id, each.line_id), (None, None))
        site, day = (names.get(line.site_id, ""), line.official_day) if line is not None else ("", None)
        found[each.report_id, each.line_id] = Own(each.country, report, site, day)
    return found


def offers(told: PointerView, by: Actor) -> list[StepOffer[PointerState]]:
    """What `by` may say of it now. That it is closed because a line fell away, only where one did."""
    found = LIFE.offers(told.pointer, told.facts, by)
    return [each for each in found if each.step.after is not _P.CLOSED or not each.obstacles]


def pointer_facts(
    session: Session, rows: Iterable[ClaimPointer], by: Actor, owners: Mapping[UUID, plan.Operation] | None = None
) -> dict[UUID, PointerFacts]:
    """What the steps of pointers depend on, by their claims, whoever asks; in few questions."""
    wanted = {each.claim_id for each in rows}
    if not wanted:
        return {}
    with unfenced(session):
        claims = session.exec(unscoped(select(Claim).where(col(Claim.id).in_(wanted)))).all()
    facts = facts_of(session, claims, by, owners or {})
    able = judges(session, {of.id for each in facts.values() for of in each.operations})
    return {
        each.id: PointerFacts(
            each, facts[each.id], any(judged(each, facts[each.id].operations, analyst) for analyst in able)
        )
        for each in claims
    }


def judges(session: Session, operations: Iterable[UUID]) -> list[Actor]:
    """The analysts who work for any of these operations now, each with those of them for which it is."""
    query = (
        select(Assignment.operation_id, Account)
        .join(Account, _ANALYST & (col(Account.id) == col(Assignment.account_id)))
        .where(col(Assignment.operation_id).in_(set(operations)), in_effect(Assignment, now()))
    )
    with unfenced(session):
        rows = session.exec(unscoped(query)).all()
    people = {account.id: account for _operation, account in rows if account.may_enter}
    return [_analyst(each, [of for of, account in rows if account.id == each.id]) for each in people.values()]


_ANALYST = col(Account.role) == Role.OCU_ANALYST.value


def _analyst(account: Account, operations: Iterable[UUID]) -> Actor:
    """An analyst as far as that decides which claims are opened."""
    clearance = Classification(account.clearance)
    return Actor(
        account.id, account.name, Role.OCU_ANALYST, account.country, clearance, operations=frozenset(operations)
    )


def judged(claim: Claim, operations: Iterable[plan.Operation], analyst: Actor) -> bool:
    """Whether this analyst can open a claim in all of these operations."""
    works = all(may(analyst, Act.CLAIM_OPEN, plan.subject(each)) for each in operations)
    return analyst.country not in claim.parties and works


def unmanned(session: Session, owners: Mapping[UUID, plan.Operation]) -> dict[UUID, datetime]:
    """Operations in which something is suspected and nobody works who could open it, with when that began.

    Whoever asks: it says that there is something, as the journal of the operation does, and nothing else. One question.
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
    found = {(claim.id, operation): claim for claim, operation, _account in rows}
    able = {
        (claim.id, operation)
        for claim, operation, account in rows
        if account is not None
        and account.may_enter
        and judged(claim, [owners[operation]], _analyst(account, [operation]))
    }
    since: dict[UUID, datetime] = {}
    for key in found.keys() - able:
        at, operation = found[key].suspected_at, key[1]
        since[operation] = min(since.get(operation, at), at)
    return since


def waiting(session: Session, by: Actor, owners: Mapping[UUID, plan.Operation], _at: datetime) -> Iterator[WorkItem]:
    """Operations with a claim that is suspected, and with nobody who opens claims."""
    mine = {each.id: each for each in owners.values() if may(by, Act.OPERATION_ASSIGN, plan.subject(each))}
    for operation, since in unmanned(session, mine).items():
        yield entry("analyst", _UNMANNED, CandidateRow(None, None, operation, {"since": since}))


def told(session: Session, claim: Claim, operations: Iterable[UUID]) -> None:
    """Each of the operations of a claim is told of it."""
    session.add_all(
        ClaimPointer(claim_id=claim.id, operation_id=each, told_at=claim.suspected_at)
        for each in sorted(set(operations), key=str)
    )
    session.flush()


def dismissed(session: Session, claim: Claim, by: Actor) -> None:
    """An analyst of all operations has dismissed their claim: so it is said for each, and by whom. Why, it is not: the
    reason may tell one of the other.
    """
    for each in _of(session, claim):
        LIFE.go(each, _P.DISMISSED)
        each.said_name, each.said_at = by.name, now()
    session.flush()


def asked_again(session: Session, claim: Claim) -> None:
    """A claim that was dismissed is suspected again: each operation is asked that said no, or for which it was said."""
    for each in _of(session, claim):
        if each.state in (_P.REFUSED, _P.DISMISSED):
            LIFE.go(each, _P.TOLD)
            each.reason, each.said_name, each.said_at = "", "", now()
    session.flush()


def _of(session: Session, claim: Claim) -> Sequence[ClaimPointer]:
    """The pointers of a claim, whoever asks, kept from other writers."""
    query = select(ClaimPointer).where(ClaimPointer.claim_id == claim.id).order_by(col(ClaimPointer.operation_id))
    found: Sequence[ClaimPointer] = session.exec(unscoped(locked(query))).all()
    return found


def others_let(session: Session, pointer: ClaimPointer) -> bool:
    """Whether all other operations of its claim have let it be asked, whoever asks."""
    query = select(ClaimPointer.state).where(
        ClaimPointer.claim_id == pointer.claim_id, ClaimPointer.operation_id != pointer.operation_id
    )
    with unfenced(session):
        return all(state == _P.LET for state in session.exec(unscoped(query)))


@LIFE.rows
def _in_states(
    session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, plan.Operation]
) -> Iterator[CandidateRow]:
    """Those of claims that are still suspected."""
    query = select(ClaimPointer).where(
        col(ClaimPointer.state).in_(states), col(ClaimPointer.operation_id).in_(owners.keys())
    )
    rows = session.exec(query).all()
    facts = pointer_facts(session, rows, by, owners)
    for each in rows:
        known = facts[each.claim_id]
        if known.claim.state == ClaimState.SUSPECTED:
            shown = {"id": f"{each.claim_id}:{each.operation_id}", "number": known.claim.named}
            yield CandidateRow(each, known, each.operation_id, shown)
