"""Claims as they are kept: lines that may tell one event, what each country says of it, and what was found (1.6.5).

Each line names its own operation. Of one event all lines are of the operation of the claim. A claim that one person was
arrested in two operations is of none of them alone, and moves no figure of theirs (`persons`).
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
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.store import scoped, unfenced, unscoped
from operations.core.vocabulary import Role
from operations.core.worklist import CandidateRow
from operations.disclosure import releases
from operations.policing.operation import plan
from operations.policing.reports.counting import standing_lines
from operations.policing.reports.shared_events import EventLine
from operations.totals.claim_adjustments import Claimed

_S = ClaimState
# ---------------------------------------------------------------------------------------------------- tables


class Claim(SQLModel, table=True):
    """Lines that may tell one event or case of an operation, or one person in several: then `operation_id` is None.

    `kind`: a code of CL-CLAIMKIND. `countries`: those of its lines, by code, with blanks between. `score`: how likely,
    from 0 to 1, when it was suspected; `grounds`: what spoke for it, by the names of `suggestions.GROUNDS`. Until
    `until` countries answer. It was opened at last `opened_at`; since `asked_at` they are asked for the `round`-th
    time, and what was said before is over.
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
        """Whether it is of one person in several operations."""
        return self.operation_id is None

    @property
    def named(self) -> int | str:
        """Its number as people read it: those of several operations are counted apart."""
        return f"P{self.number}" if self.across else self.number


class ClaimLine(SQLModel, table=True):
    """A line in dispute, known by its report and its own id, whatever version. `place` 0 counts if it is one event.

    `role`: a code of CL-CLAIMROLE. `leads`: the fields for which it leads if it is one event (`leading.fields`).
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
    """What a country says of a claim since it was asked for the `round`-th time, and in which words."""

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
    """A step of a claim that somebody took, and in which words."""

    __tablename__ = "claim_step"
    of_id: UUID = Field(foreign_key="claim.id", index=True)


# --------------------------------------------------------------------------------------------- who sees what


_CLAIMS: sa.Table = Claim.__table__  # type: ignore[attr-defined]
_LINES: sa.Table = ClaimLine.__table__  # type: ignore[attr-defined]


def theirs(actor: Actor, ident: Any) -> Any:
    """An SQL condition on ids of claims: opened, with a line of the actor's country where it takes part."""
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
    """A country those that concern it, once they are opened; who works for no country, those of their operations.

    Of one person in several operations the analysts and coordinators of any, once it is opened; others of them all.
    Auditors those of which they were told everything: a claim says that there are lines, and is told with releases.
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


@scoped(Claimed)
def _claimed_seen(_actor: Actor) -> Any:
    """Nobody: it is of all countries. Boards read it, and show what they show of totals."""
    return false()


@scoped(EventLine)
def _events_seen(_actor: Actor) -> Any:
    """Nobody: it is of all countries. What counts is decided by it, whoever asks."""
    return false()


# ------------------------------------------------------------------------------------------------- questions


def claims(session: Session, operation_id: UUID) -> list[Claim]:
    """The claims with a line of an operation that the asker may see, the newest first."""
    of = sa.select(_LINES.c.claim_id).where(_LINES.c.operation_id == operation_id)
    query = select(Claim).where(col(Claim.id).in_(of))
    return list(session.exec(query.order_by(col(Claim.suspected_at).desc(), col(Claim.number).desc())))


def judged_before(session: Session, claim: Claim) -> list[Claim]:
    """Claims in which a line of this one was found to be of another event or person, as far as the asker may see them.

    The latest first, each with the reason where its end has one.
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
    """How many claims of one event of an operation are with their countries. For rules: whoever asks."""
    query = select(func.count()).select_from(Claim)
    with unfenced(session):
        found: int = session.exec(
            unscoped(query.where(Claim.operation_id == operation_id, Claim.state == _S.OPEN.value))
        ).one()
    return found


def lines_of(session: Session, claims_: Iterable[UUID]) -> dict[UUID, list[ClaimLine]]:
    """The lines of these claims in their order, whoever asks: for rules, and for who may see the claims."""
    found: dict[UUID, list[ClaimLine]] = {}
    query = select(ClaimLine).where(col(ClaimLine.claim_id).in_(set(claims_))).order_by(col(ClaimLine.place))
    session.flush()  # what waits to be written is written as the asker's
    with unfenced(session):
        every = session.exec(unscoped(query)).all()
    for each in every:
        found.setdefault(each.claim_id, []).append(each)
    return found


def words_of(session: Session, claims_: Iterable[UUID]) -> dict[UUID, list[ClaimWord]]:
    """What countries said of these claims, as far as the asker may know, in the order in which they did."""
    found: dict[UUID, list[ClaimWord]] = {}
    query = (
        select(ClaimWord)
        .where(col(ClaimWord.claim_id).in_(set(claims_)))
        .order_by(col(ClaimWord.said_at), col(ClaimWord.country))
    )
    for each in session.exec(query):
        found.setdefault(each.claim_id, []).append(each)
    return found


def facts_of(
    session: Session, found: Sequence[Claim], by: Actor, owners: Mapping[UUID, plan.Operation] = MappingProxyType({})
) -> dict[UUID, ClaimFacts]:
    """What the steps of these claims depend on, in few questions however many they are. `owners` are known already."""
    ids = [each.id for each in found]
    lines, words = lines_of(session, ids), words_of(session, ids)
    every = [line for each in lines.values() for line in each]
    stands = standing_lines(session, {line.report_id for line in every}) if every else {}
    places = {line.operation_id for line in every}
    part = plan.Participation
    query = select(part.operation_id, part.country, part.state).where(col(part.operation_id).in_(places))
    taking = {(of, country) for of, country, state in session.exec(unscoped(query)) if state in plan.TAKING_PART}
    if unknown := places - owners.keys():
        more = session.exec(unscoped(select(plan.Operation).where(col(plan.Operation.id).in_(unknown))))
        owners = {**owners, **{each.id: each for each in more}}
    made = {}
    for each in found:
        own = lines.get(each.id, [])
        there = {line.country for line in own if (line.operation_id, line.country) in taking}
        made[each.id] = ClaimFacts(
            tuple(owners[of] for of in dict.fromkeys(line.operation_id for line in own)),
            tuple(own),
            by,
            sum((line.report_id, line.line_id) in stands for line in own),
            {word.country: word.same for word in words.get(each.id, ()) if word.round == each.round},
            tuple(country for country in each.parties if country not in there),
        )
    return made


def place_of(operations: Iterable[UUID], lines: Iterable[ClaimLine], by: Actor) -> UUID | None:
    """Through which of these operations somebody comes to a claim: that of the own line, or the first of it."""
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
    for each in found:  # of one claim each country has an answer of its own to give
        key = f"{each.id}:{by.country}" if by.national else each.id
        shown = {"id": key, "claim": each.id, "number": each.named, "country": by.country}
        yield CandidateRow(each, facts[each.id], place_of(owners, facts[each.id].lines, by), shown)


# --------------------------------------------------------------------------------------------------- journal


def _entries_seen(actor: Actor) -> Any:
    """Who works for no country reads all of it; national coordinators what concerns their country, once opened."""
    entry = journal.Entry
    reach = plan.within_reach(entry.operation_id, actor)
    if not actor.national:
        return reach if may(actor, Act.CLAIM_READ) else col(entry.seq) < 0
    shown = col(entry.act).not_in(_UNOPENED) & theirs(actor, col(entry.object_id))
    return reach & shown if actor.role is Role.NATIONAL_COORDINATOR else col(entry.seq) < 0


_UNOPENED = ("claim.suspect", "claim.dismiss", "claim.reconsider", "claim.let", "claim.refuse")


def _countries(session: Session, claim_id: UUID | None, _country: str | None) -> frozenset[str]:
    found = session.exec(unscoped(select(Claim).where(Claim.id == claim_id))).one()
    return frozenset(found.parties) if found.opened_at is not None else frozenset()


_CENTRAL = frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR})  # auditors hear of it with the next release
journal.need_to_know("claim", seen=_entries_seen, countries=_countries, roles=_CENTRAL)
