"""Tables and queries of claims: disputed lines, what each country says, and the outcome (domain 1.6.5).

Each line has its own operation. Lines of one event all belong to the operation of the claim. A claim that one person
was arrested in two operations belongs to neither alone, and moves no figure of theirs (`person_suggestions`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false, text
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.claims.claim_states import ACROSS, GOING, LIFE, REASONED, SEVERAL, ClaimFacts, ClaimState
from operations.core import journal, state_tables
from operations.core.clock import UtcDateTime
from operations.core.noun import Noun
from operations.core.people import Actor, System
from operations.core.permissions import Act, may
from operations.core.store import scoped, unfenced, unscoped
from operations.core.vocabulary import OperationState, Role
from operations.core.worklist import CandidateRow
from operations.disclosure import releases
from operations.policing.operation import plan
from operations.policing.reports.counting import standing_lines
from operations.policing.reports.shared_events import EventLine
from operations.totals.claim_adjustments import ClaimAdjustment

_S = ClaimState
# ---------------------------------------------------------------------------------------------------- tables


class Claim(SQLModel, table=True):
    """Lines that may be one event or case of an operation, or one person in several: then `operation_id` is None.

    `kind`: a code of CL-CLAIMKIND. `countries`: those of its lines, by code, separated by blanks. `score`: the
    likelihood, 0 to 1, when it was suspected; `grounds`: the evidence, by names of `suggestions.GROUNDS`. Countries
    answer until `until`. It was last opened at `opened_at`; since `asked_at` they are asked for the `round`-th time,
    and earlier answers are void.
    """

    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        LIFE.known(),
        LIFE.exactly(REASONED, "reason <> ''", "reason_given"),
        LIFE.exactly(GOING, "ended_at IS NULL", "ended_once"),
        CheckConstraint("(opened_at IS NULL) = (until IS NULL)", name="opened_with_a_deadline"),
        CheckConstraint("(opened_at IS NULL) = (asked_at IS NULL)", name="opened_and_asked"),
        CheckConstraint("opened_at IS NOT NULL OR state IN ('suspected', 'dismissed', 'lapsed')", name="opened_first"),
        CheckConstraint(f"(operation_id IS NULL) = (kind = '{ACROSS}')", name="of_one_operation"),
        Index(
            "uq_claim_number_across",
            "number",
            unique=True,
            sqlite_where=text("operation_id IS NULL"),
            postgresql_where=text("operation_id IS NULL"),
        ),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    number: int
    kind: str = Field(max_length=16)
    line_kind: str = Field(max_length=24)
    countries: str = Field(max_length=400)
    score: float
    grounds: list[str] = Field(sa_type=JSON)
    suspected_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=LIFE.first.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    round: int = 0
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def parties(self) -> list[str]:
        """The countries of its lines, each once, by code."""
        return self.countries.split()

    @property
    def across(self) -> bool:
        """Whether it is about one person in several operations."""
        return self.operation_id is None

    @property
    def named(self) -> int | str:
        """Its number as people read it; claims over several operations have their own series."""
        return f"P{self.number}" if self.across else self.number


class ClaimLine(SQLModel, table=True):
    """A disputed line, identified by its report and its own id across versions. `place` 0 counts if it is one event.

    `role`: a code of CL-CLAIMROLE. `leads`: the fields of which it is the master if it is one event
    (`event_masters.fields`).
    """

    __tablename__ = "claim_line"
    __table_args__ = (Index("ix_claim_line_line", "report_id", "line_id"),)
    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    report_id: UUID = Field(primary_key=True)
    line_id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    country: str = Field(max_length=3)
    place: int
    role: str = Field(max_length=16)
    leads: list[str] = Field(default_factory=list, sa_type=JSON)


class ClaimWord(SQLModel, table=True):
    """A country's answer to a claim in the `round`-th round of asking, with its words."""

    __tablename__ = "claim_word"
    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    country: str = Field(primary_key=True, max_length=3)
    round: int = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    same: bool
    words: str = Field(default="", max_length=2000)
    said_by: UUID
    said_name: str = Field(max_length=120)
    said_at: datetime = Field(sa_type=UtcDateTime)


class ClaimStep(state_tables.StepTaken, table=True):
    """A step of a claim taken by a person, with their words."""

    __tablename__ = "claim_step"
    of_id: UUID = Field(foreign_key="claim.id", index=True)


# --------------------------------------------------------------------------------------------- who sees what


_CLAIMS: sa.Table = Claim.__table__  # type: ignore[attr-defined]
_LINES: sa.Table = ClaimLine.__table__  # type: ignore[attr-defined]


def theirs(actor: Actor, ident: Any) -> Any:
    """Return an SQL condition on claim ids: opened, with a line of the actor's country where it takes part."""
    return ident.in_(
        sa.select(_CLAIMS.c.id)
        .join(_LINES, _LINES.c.claim_id == _CLAIMS.c.id)
        .where(
            _CLAIMS.c.opened_at.is_not(None),
            _LINES.c.country == actor.country,
            plan.within_reach(_LINES.c.operation_id, actor),
        )
    )


@scoped(Claim)
def _claims_seen(actor: Actor) -> Any:
    """National users see opened claims of their country; users of no country, those of their operations.

    Analysts and coordinators of any operation see an opened claim about one person in several; others must reach all of
    its operations. Auditors see claims of which they may read every entry: a claim reveals that there are lines, and
    appears with releases.
    """
    if not may(actor, Act.CLAIM_READ):
        return false()
    if actor.national:
        return theirs(actor, col(Claim.id))
    of = sa.select(_LINES.c.claim_id)
    some = col(Claim.id).in_(of.where(plan.within_reach(_LINES.c.operation_id, actor)))
    every = some & col(Claim.id).not_in(of.where(~plan.within_reach(_LINES.c.operation_id, actor)))
    if may(actor, Act.CLAIM_COMPARE):
        every = some & (every | col(Claim.opened_at).is_not(None))
    return every & releases.told_of(actor, "claim", col(Claim.id))


@scoped(ClaimLine)
def _lines_seen(actor: Actor) -> Any:
    return _of_claims(actor, col(ClaimLine.claim_id))


@scoped(ClaimWord)
def _words_seen(actor: Actor) -> Any:
    return _of_claims(actor, col(ClaimWord.claim_id))


@scoped(ClaimStep)
def _steps_seen(actor: Actor) -> Any:
    return _of_claims(actor, col(ClaimStep.of_id))


def _of_claims(actor: Actor, ident: Any) -> Any:
    if not may(actor, Act.CLAIM_READ):
        return false()
    return ident.in_(select(Claim.id).where(_claims_seen(actor)))


@scoped(ClaimAdjustment)
def _adjustments_seen(_actor: Actor) -> Any:
    """Nobody, as it covers all countries. Boards read it unscoped, and show as much as they show of totals."""
    return false()


@scoped(EventLine)
def _events_seen(_actor: Actor) -> Any:
    """Nobody, as it covers all countries. It decides what counts, whoever asks."""
    return false()


# ------------------------------------------------------------------------------------------------- questions


def claims(session: Session, operation_id: UUID) -> list[Claim]:
    """Return the claims with a line of an operation that the asker may see, newest first."""
    of = sa.select(_LINES.c.claim_id).where(_LINES.c.operation_id == operation_id)
    query = select(Claim).where(col(Claim.id).in_(of))
    return list(session.exec(query.order_by(col(Claim.suspected_at).desc(), col(Claim.number).desc())))


def judged_before(session: Session, claim: Claim) -> list[Claim]:
    """Return claims in which a line of this one was found to be another event or person, if the asker may see them.

    Latest first, each with the reason where its end has one.
    """
    own = sa.select(_LINES.c.report_id, _LINES.c.line_id).where(_LINES.c.claim_id == claim.id).subquery()
    of = sa.select(_LINES.c.claim_id).join(
        own, (own.c.report_id == _LINES.c.report_id) & (own.c.line_id == _LINES.c.line_id)
    )
    query = select(Claim).where(
        col(Claim.id).in_(of), Claim.id != claim.id, col(Claim.state).in_([state.value for state in SEVERAL])
    )
    return list(session.exec(query.order_by(col(Claim.ended_at).desc())))


def open_claims(session: Session, operation_id: UUID) -> int:
    """Count an operation's open claims about one event. For rules, so it applies no permissions."""
    query = select(func.count()).select_from(Claim)
    with unfenced(session):
        number: int = session.exec(
            unscoped(query.where(Claim.operation_id == operation_id, Claim.state == _S.OPEN.value))
        ).one()
    return number


def lines_of(session: Session, claims_: Iterable[UUID]) -> dict[UUID, list[ClaimLine]]:
    """Return the lines of these claims in order. Applies no permissions: for rules, and for readers of the claims."""
    by_claim: dict[UUID, list[ClaimLine]] = {}
    query = select(ClaimLine).where(col(ClaimLine.claim_id).in_(set(claims_))).order_by(col(ClaimLine.place))
    session.flush()  # pending rows are written as the asker's
    with unfenced(session):
        every = session.exec(unscoped(query)).all()
    for line in every:
        by_claim.setdefault(line.claim_id, []).append(line)
    return by_claim


def words_of(session: Session, claims_: Iterable[UUID]) -> dict[UUID, list[ClaimWord]]:
    """Return the countries' answers to these claims that the asker may see, in the order of answering."""
    by_claim: dict[UUID, list[ClaimWord]] = {}
    query = (
        select(ClaimWord)
        .where(col(ClaimWord.claim_id).in_(set(claims_)))
        .order_by(col(ClaimWord.said_at), col(ClaimWord.country))
    )
    for word in session.exec(query):
        by_claim.setdefault(word.claim_id, []).append(word)
    return by_claim


def facts_of(
    session: Session, found: Sequence[Claim], by: Actor, owners: Mapping[UUID, plan.Operation] = MappingProxyType({})
) -> dict[UUID, ClaimFacts]:
    """Return the conditions of the claims' steps, in a fixed number of queries; `owners` are operations read before."""
    ids = [claim.id for claim in found]
    lines, words = lines_of(session, ids), words_of(session, ids)
    every = [line for of_claim in lines.values() for line in of_claim]
    stands = standing_lines(session, {line.report_id for line in every}) if every else {}
    places = {line.operation_id for line in every}
    part = plan.Participation
    query = select(part.operation_id, part.country, part.state).where(col(part.operation_id).in_(places))
    taking = {(of, country) for of, country, state in session.exec(unscoped(query)) if state in plan.TAKING_PART}
    if unknown := places - owners.keys():
        more = session.exec(unscoped(select(plan.Operation).where(col(plan.Operation.id).in_(unknown))))
        owners = {**owners, **{operation.id: operation for operation in more}}
    made = {}
    for claim in found:
        own = lines.get(claim.id, [])
        there = {line.country for line in own if (line.operation_id, line.country) in taking}
        made[claim.id] = ClaimFacts(
            tuple(owners[of] for of in dict.fromkeys(line.operation_id for line in own)),
            tuple(own),
            by,
            sum((line.report_id, line.line_id) in stands for line in own),
            {word.country: word.same for word in words.get(claim.id, ()) if word.round == claim.round},
            tuple(country for country in claim.parties if country not in there),
        )
    return made


def place_of(operations: Iterable[UUID], lines: Iterable[ClaimLine], by: Actor) -> UUID | None:
    """Return the operation through which somebody reaches a claim: that of their own country's line, or its first."""
    mine = set(operations)
    there = [line for line in lines if line.operation_id in mine]
    own = [line for line in there if line.country == by.country]
    return next((line.operation_id for line in own or there), None)


@LIFE.rows
def _in_states(
    session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, plan.Operation]
) -> Iterator[CandidateRow]:
    of = sa.select(_LINES.c.claim_id).where(_LINES.c.operation_id.in_(owners.keys()))
    found = session.exec(select(Claim).where(col(Claim.state).in_(states), col(Claim.id).in_(of))).all()
    facts = facts_of(session, found, by, owners) if found else {}
    for claim in found:  # each country has its own answer to give to a claim
        key = f"{claim.id}:{by.country}" if by.national else claim.id
        shown = {"id": key, "claim": claim.id, "number": claim.named, "country": by.country}
        yield CandidateRow(claim, facts[claim.id], place_of(owners, facts[claim.id].lines, by), shown)


# --------------------------------------------------------------------------------------------------- journal


def _entries_seen(actor: Actor) -> Any:
    """Users of no country read all entries; national coordinators those that concern their country, once opened."""
    entry = journal.Entry
    reach = plan.within_reach(entry.operation_id, actor)
    if not actor.national:
        return reach if may(actor, Act.CLAIM_READ) else col(entry.seq) < 0
    shown = col(entry.act).not_in(_UNOPENED) & theirs(actor, col(entry.object_id))
    return reach & shown if actor.role is Role.NATIONAL_COORDINATOR else col(entry.seq) < 0


_UNOPENED = ("claim.suspect", "claim.dismiss", "claim.reconsider", "claim.let", "claim.refuse")


def _countries(session: Session, claim_id: UUID | None, _country: str | None) -> frozenset[str]:
    claim = session.exec(unscoped(select(Claim).where(Claim.id == claim_id))).one()
    return frozenset(claim.parties) if claim.opened_at is not None else frozenset()


_CENTRAL = frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR})  # auditors learn of it with the next release
journal.need_to_know("claim", seen=_entries_seen, countries=_countries, roles=_CENTRAL)


def _record(
    session: Session, by: Actor | System, act: str, kind: str, of: Claim, /, country: str | None = None, **detail: Any
) -> None:
    """Journal a change of a claim; over several operations, in each that is not archived."""
    operations = {each.operation_id for each in lines_of(session, [of.id])[of.id]}
    if of.across:
        open_ = select(plan.Operation.id).where(
            col(plan.Operation.id).in_(operations), plan.Operation.state != OperationState.ARCHIVED.value
        )
        operations = set(session.exec(unscoped(open_)))
    for operation in sorted(operations):
        where: dict[str, Any] = {"operation": operation, "country": country}
        journal.record(session, by, act, kind, of.id, **where, number=of.named, kind=of.kind, **detail)


CLAIM = Noun(Claim, "claim", _record, life=LIFE, steps=ClaimStep, facts=facts_of)
