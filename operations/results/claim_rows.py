"""Claims as they are kept: lines that may tell one event, what each country says of it, and what was found (1.6.5).

Nothing is merged by itself. A suspicion is opened by an analyst; each country then sees the lines in dispute and what
they were matched by, and says whether they are one event. Where countries do not agree in time the coordinator decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import journal
from operations.core.clock import UtcDateTime, now
from operations.core.errors import Flaw
from operations.core.life import Life, Step, ways
from operations.core.people import Actor
from operations.core.permissions import Act, may
from operations.core.said import N_
from operations.core.store import scoped, unfenced, unscoped
from operations.core.vocabulary import Role
from operations.core.waits import DAYS, HOURS, TO_COORDINATOR, TO_LEADERSHIP, Found, Waits
from operations.measures import released
from operations.measures.claimed import Claimed
from operations.policing.operation import plan
from operations.policing.reports.counting import standing_lines
from operations.policing.reports.events import EventLine
from operations.policing.reports.states import AFTERWARDS, RUNNING

ANSWER_WITHIN = timedelta(hours=72)
"""So long countries have to answer; then the coordinator decides."""


class ClaimState(StrEnum):
    """The life of a claim."""

    SUSPECTED = "suspected"
    OPEN = "open"
    AGREED = "agreed"
    DIFFERENT = "different"
    DECIDED = "decided"
    SEPARATED = "separated"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


MOVES = (*RUNNING, *AFTERWARDS)
"""The states of an operation in which claims are settled. A snapshot stays: what is settled after it is restated."""
_S = ClaimState
GOING = (_S.SUSPECTED, _S.OPEN)
ONE_EVENT = (_S.AGREED, _S.DECIDED)
SEVERAL = (_S.DIFFERENT, _S.SEPARATED, _S.DISMISSED)


class Facts(NamedTuple):
    """What the steps of a claim depend on beside it: its operation, who asks, how many of its lines stand.

    `said`: what countries answered. `left`: those of its countries that take part no longer.
    """

    operation: plan.Operation
    by: Actor
    standing: int
    said: Mapping[str, bool]
    left: tuple[str, ...]


def _stands(_claim: "Claim", facts: Facts) -> Iterator[Flaw]:
    """Two of its lines at least still stand."""
    if facts.standing < 2:
        yield Flaw("", N_("A line of this claim was withdrawn or corrected away: the other one counts alone."))


def _lapsed(_claim: "Claim", facts: Facts) -> Iterator[Flaw]:
    """Fewer than two of its lines stand."""
    if facts.standing >= 2:
        yield Flaw("", N_("Its lines still stand: say whether they are one event."))


def _opens(claim: "Claim", facts: Facts) -> Iterator[Flaw]:
    """Its lines stand, and all of its countries take part and can answer."""
    yield from _stands(claim, facts)
    if facts.left:
        yield Flaw("", N_("{countries} left the operation and cannot answer."), {"countries": list(facts.left)})


def _agrees(claim: "Claim", facts: Facts) -> Iterator[Flaw]:
    """Its lines stand, and the operation lets figures move."""
    yield from _running(facts)
    yield from _stands(claim, facts)


def _decides(claim: "Claim", facts: Facts) -> Iterator[Flaw]:
    """Countries had their time, have all answered and not agreed, or cannot answer any more."""
    yield from _agrees(claim, facts)
    if claim.until is None or now() >= claim.until or facts.left or set(claim.parties) <= set(facts.said):
        return
    missing = [each for each in claim.parties if each not in facts.said]
    words = N_("{countries} can still answer, until {moment}. The coordinator decides after that.")
    yield Flaw("", words, {"countries": missing, "moment": f"{claim.until:%Y-%m-%d %H:%M} UTC"})


def _running(facts: Facts) -> Iterator[Flaw]:
    if facts.operation.state not in MOVES:
        yield Flaw("", N_("Nothing moves in the operation as it is now: its claims stay as they are."))


def _may(claim: "Claim", facts: Facts, step: Step[ClaimState], by: Actor) -> bool:
    """Countries answer for themselves; an analyst whom one of them has seconded judges none of its lines."""
    if step.act is Act.CLAIM_ANSWER:
        return by.country in claim.parties and may(by, step.act, plan.subject(facts.operation, by.country))
    return by.country not in claim.parties and may(by, step.act, plan.subject(facts.operation))


def _unanswered(_claim: "Claim", facts: Facts, by: Actor) -> bool:
    return by.country not in facts.said


_HERE, _ABOVE = "/operations/{operation}/claims?show={claim}", "/operations/{operation}/situation"
_TO_OPEN = Waits(
    N_("Claim {number} is suspected: open it, or say why the lines are several events."), _HERE, "copy",
    "suspected_at", within=3 * DAYS, late=TO_COORDINATOR,
)  # fmt: skip
_TO_ANSWER = Waits(
    N_("Claim {number} is open: say whether the lines are one event."), _HERE, "copy", "opened_at", "until",
    late=TO_COORDINATOR, whose=_unanswered,
)  # fmt: skip
_TO_DECIDE = Waits(
    N_("Claim {number} is not agreed: decide it."), _HERE, "scale", "until", within=48 * HOURS, late=TO_LEADERSHIP,
    above=_ABOVE,
)  # fmt: skip
_TO_CLOSE = Waits(
    N_("A line of claim {number} does not stand any more: close the claim."), _HERE, "copy", "suspected_at",
    within=7 * DAYS, late=TO_COORDINATOR,
)  # fmt: skip
_ASTRAY = Flaw("", "The claim cannot make this step from the state it is in: reload it to see which.")
_ALL_SAY = "All its countries say so."
LIFE = Life(
    "claim",
    _S.SUSPECTED,
    (
        Step(
            _S.SUSPECTED, _S.OPEN, "claim.open", Act.CLAIM_OPEN, guard=_opens, waits=_TO_OPEN,
            elsewhere="The analyst says which line counts, and in which role the others stand.",
        ),
        Step(
            _S.SUSPECTED, _S.DISMISSED, "claim.dismiss", Act.CLAIM_OPEN, N_("They are several events"), "ban",
            N_("Why the lines are several events"), guard=_stands, waits=_TO_OPEN,
        ),
        Step(_S.OPEN, _S.AGREED, "claim.agree", Act.CLAIM_ANSWER, icon="copy-check", guard=_agrees, waits=_TO_ANSWER,
             elsewhere=_ALL_SAY),
        Step(_S.OPEN, _S.DIFFERENT, "claim.differ", Act.CLAIM_ANSWER, icon="copy-off", guard=_agrees,
             elsewhere=_ALL_SAY),
        Step(
            _S.OPEN, _S.DECIDED, "claim.decide", Act.CLAIM_DECIDE, N_("Decide: one event"), "scale",
            N_("Why it is one event"), guard=_decides, waits=_TO_DECIDE,
        ),
        Step(
            _S.OPEN, _S.SEPARATED, "claim.separate", Act.CLAIM_DECIDE, N_("Decide: several events"), "scale",
            N_("Why they are several events"), guard=_decides, waits=_TO_DECIDE,
        ),
        *ways(
            GOING, _S.LAPSED, "claim.lapse", Act.CLAIM_OPEN, N_("Close it"), "x", guard=_lapsed, waits=_TO_CLOSE
        ),
    ),
    ends=(*ONE_EVENT, *SEVERAL, _S.LAPSED),
    may=_may,
    astray=_ASTRAY,
    words={
        _S.SUSPECTED: N_("Suspected"),
        _S.OPEN: N_("With the countries"),
        _S.AGREED: N_("One event, agreed"),
        _S.DIFFERENT: N_("Several events, agreed"),
        _S.DECIDED: N_("One event, decided"),
        _S.SEPARATED: N_("Several events, decided"),
        _S.DISMISSED: N_("No claim"),
        _S.LAPSED: N_("A line does not stand any more"),
    },
)  # fmt: skip

# ---------------------------------------------------------------------------------------------------- tables


class Claim(SQLModel, table=True):
    """Lines of one operation that may tell one event.

    `kind`: a code of CL-CLAIMKIND. `countries`: those of its lines, by code, with blanks between. `score`: how likely,
    from 0 to 1, when it was suspected; `grounds`: what spoke for it, by the names of `suggestions.GROUNDS`. Until
    `until` countries answer.
    """

    __table_args__ = (
        UniqueConstraint("operation_id", "number"),
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        LIFE.exactly(GOING, "ended_at IS NULL", "ended_once"),
        CheckConstraint("(opened_at IS NULL) = (until IS NULL)", name="opened_with_a_deadline"),
        CheckConstraint("opened_at IS NOT NULL OR state IN ('suspected', 'dismissed', 'lapsed')", name="opened_first"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    number: int
    kind: str = Field(max_length=16)
    line_kind: str = Field(max_length=24)
    countries: str = Field(max_length=400)
    score: float
    grounds: list[str] = Field(sa_type=JSON)
    suspected_at: datetime = Field(sa_type=UtcDateTime)
    state: str = Field(default=LIFE.first.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    opened_by: UUID | None = None
    opened_name: str = Field(default="", max_length=120)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_name: str = Field(default="", max_length=120)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def parties(self) -> list[str]:
        """The countries of its lines, each once, by code."""
        return self.countries.split()


class ClaimLine(SQLModel, table=True):
    """A line in dispute, known by its report and its own id, whatever version. `place` 0 counts if it is one event.

    `role`: a code of CL-CLAIMROLE.
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


class ClaimWord(SQLModel, table=True):
    """What a country says of a claim, and in which words."""

    __tablename__ = "claim_word"
    claim_id: UUID = Field(primary_key=True, foreign_key="claim.id")
    country: str = Field(primary_key=True, max_length=3)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    same: bool
    words: str = Field(default="", max_length=2000)
    said_by: UUID
    said_name: str = Field(max_length=120)
    said_at: datetime = Field(sa_type=UtcDateTime)


# --------------------------------------------------------------------------------------------- who sees what


def theirs(actor: Actor) -> Any:
    """An SQL condition on claims: opened, and one of the lines is of the actor's country."""
    return col(Claim.opened_at).is_not(None) & col(Claim.countries).contains(str(actor.country), autoescape=True)


@scoped(Claim)
def _claims_seen(actor: Actor) -> Any:
    """A country those that concern it, once they are opened; who works for no country, all of them.

    Auditors those of which they were told everything: a claim says that there are lines, and is told with releases.
    """
    if not may(actor, Act.CLAIM_READ):
        return false()
    reach = plan.within_reach(Claim.operation_id, actor)
    if actor.national:
        return reach & theirs(actor)
    return reach & released.told_of(actor, "claim", col(Claim.id), col(Claim.operation_id))


@scoped(ClaimLine)
def _lines_seen(actor: Actor) -> Any:
    if not may(actor, Act.CLAIM_READ):
        return false()
    return col(ClaimLine.claim_id).in_(select(Claim.id).where(_claims_seen(actor)))


@scoped(ClaimWord)
def _words_seen(actor: Actor) -> Any:
    if not may(actor, Act.CLAIM_READ):
        return false()
    return col(ClaimWord.claim_id).in_(select(Claim.id).where(_claims_seen(actor)))


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
    """The claims of an operation that the asker may see, the newest first."""
    query = select(Claim).where(Claim.operation_id == operation_id).order_by(col(Claim.number).desc())
    return list(session.exec(query))


def open_claims(session: Session, operation_id: UUID) -> int:
    """How many claims of an operation are with their countries. For rules: whoever asks."""
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
    for each in session.exec(unscoped(query)):
        found.setdefault(each.claim_id, []).append(each)
    return found


def words_of(session: Session, claims_: Iterable[UUID]) -> dict[UUID, list[ClaimWord]]:
    """What countries said of these claims, as far as the asker may know, in the order in which they did."""
    found: dict[UUID, list[ClaimWord]] = {}
    query = select(ClaimWord).where(col(ClaimWord.claim_id).in_(set(claims_))).order_by(col(ClaimWord.said_at))
    for each in session.exec(query):
        found.setdefault(each.claim_id, []).append(each)
    return found


def facts_of(
    session: Session, found: Iterable[Claim], owners: Mapping[UUID, plan.Operation], by: Actor
) -> dict[UUID, Facts]:
    """What the steps of these claims depend on, in few questions however many they are."""
    known = list(found)
    lines, words = lines_of(session, [each.id for each in known]), words_of(session, [each.id for each in known])
    reports = {line.report_id for each in lines.values() for line in each}
    stands = standing_lines(session, reports) if reports else {}
    part = plan.Participation
    query = select(part.operation_id, part.country, part.state).where(
        col(part.operation_id).in_({each.operation_id for each in known})
    )
    taking = {(of, country) for of, country, state in session.exec(unscoped(query)) if state in plan.TAKING_PART}
    return {
        each.id: Facts(
            owners[each.operation_id],
            by,
            sum((line.report_id, line.line_id) in stands for line in lines.get(each.id, ())),
            {word.country: word.same for word in words.get(each.id, ())},
            tuple(country for country in each.parties if (each.operation_id, country) not in taking),
        )
        for each in known
    }


@LIFE.rows
def _in_states(
    session: Session, by: Actor, states: Iterable[str], owners: Mapping[UUID, plan.Operation]
) -> Iterator[Found]:
    query = select(Claim).where(col(Claim.state).in_(states), col(Claim.operation_id).in_(owners.keys()))
    found = session.exec(query).all()
    facts = facts_of(session, found, owners, by) if found else {}
    for each in found:  # of one claim each country has an answer of its own to give
        key = f"{each.id}:{by.country}" if by.national else each.id
        shown = {"id": key, "claim": each.id, "number": each.number, "country": by.country}
        yield Found(each, facts[each.id], each.operation_id, shown)


# --------------------------------------------------------------------------------------------------- journal


def _entries_seen(actor: Actor) -> Any:
    """Who works for no country reads all of it; national coordinators what concerns their country, once opened."""
    entry = journal.Entry
    reach = plan.within_reach(entry.operation_id, actor)
    if not actor.national:
        return reach if may(actor, Act.CLAIM_READ) else col(entry.seq) < 0
    own = select(Claim.id).where(theirs(actor))
    shown = col(entry.act).not_in(_UNOPENED) & col(entry.object_id).in_(own)
    return reach & shown if actor.role is Role.NATIONAL_COORDINATOR else col(entry.seq) < 0


_UNOPENED = ("claim.suspect", "claim.dismiss")


def _countries(session: Session, claim_id: UUID | None, _country: str | None) -> frozenset[str]:
    found = session.exec(unscoped(select(Claim).where(Claim.id == claim_id))).one()
    return frozenset(found.parties) if found.opened_at is not None else frozenset()


_CENTRAL = frozenset({Role.OCU_ANALYST, Role.OPERATION_COORDINATOR})  # auditors hear of it with the next release
journal.need_to_know("claim", seen=_entries_seen, countries=_countries, roles=_CENTRAL)
