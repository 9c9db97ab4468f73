"""Tables of recommendations: the state machine of each, its follow-ups, and its visibility."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from textwrap import shorten
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import journal, rows, state_machine
from operations.core.clock import UtcDateTime, day_bounds
from operations.core.errors import Flaw
from operations.core.field_labels import N_
from operations.core.ids import new_id
from operations.core.noun import Noun
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.store import scoped
from operations.core.vocabulary import OperationState, Role
from operations.core.worklist import DAYS, TO_COORDINATOR, CandidateRow, Late, Waits, Whom
from operations.evaluation import rows as evaluated
from operations.evaluation.evaluation_states import ZONE
from operations.policing.operation import plan

CLOSED_IN = OperationState.CANCELLED.value
"""The state of an operation in which nothing becomes of its recommendations any more."""
OWNERS = (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST, Role.LEADERSHIP)
"""Central roles that can be asked to do something."""

# ------------------------------------------------------------------------------------------------------ life


class RecommendationState(StrEnum):
    """States of a recommendation."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    PARTLY = "partly"
    UNDER_WAY = "under_way"
    DONE = "done"
    CLOSED = "closed"
    REJECTED = "rejected"
    DROPPED = "dropped"


_S = RecommendationState
OPEN = (_S.ACCEPTED, _S.PARTLY, _S.UNDER_WAY)
"""Decided, and its owner is to do it."""


class RecommendationFacts(NamedTuple):
    """Facts that the guards check beside the row.

    `subject` is what permissions see, None where it is of no operation; `ready`: its evaluation is final; `closed`: its
    operation is cancelled; `by` is the asker.
    """

    subject: Subject | None
    ready: bool
    closed: bool
    by: Actor


def _other_eyes(recommendation: "Recommendation", facts: RecommendationFacts) -> Iterator[Flaw]:
    """The person who closes it is not the one who reported it done."""
    if recommendation.done_by == facts.by.account_id:
        yield Flaw("", N_("You reported this as done, so somebody else must close it."))


def _is_ready(_recommendation: "Recommendation", facts: RecommendationFacts) -> Iterator[Flaw]:
    """The evaluation that recommends it is final, after the comments of the countries."""
    if not facts.ready:
        yield Flaw("", N_("The evaluation that recommends this is not final. Decide when it is."))


def _may(
    recommendation: "Recommendation",
    facts: RecommendationFacts,
    step: state_machine.Step[RecommendationState],
    by: Actor,
) -> bool:
    works = step.act is Act.RECOMMENDATION_WORK
    allowed = not facts.closed and permitted(by, step.act, recommendation, facts.subject)
    return allowed and (not works or owns(recommendation, by))


def permitted(by: Actor, act: Act, recommendation: "Recommendation", subject: Subject | None) -> bool:
    """Return whether `by` may; without an operation: those who work for all countries, or for the owner."""
    if subject is not None:
        return may(by, act, subject)
    return may(by, act) and by.only is None and (not by.national or by.country == recommendation.country)


_HERE = "{where}?show={id}"
_TO_DECIDE = Waits(
    N_("A recommendation is proposed: decide it ({words})."),
    _HERE,
    "bulb",
    "made_at",
    within=14 * DAYS,
    late=TO_COORDINATOR,
)
_TO_DO = Waits(
    N_("A recommendation is yours to carry out: {words}"),
    _HERE,
    "bulb",
    "made_at",
    "until",
    late=(Late(Whom.OWNERS), Late(Whom.COORDINATOR, 7 * DAYS)),
)
_TO_CLOSE = Waits(
    N_("A recommendation is reported done: close it or send it back ({words})."),
    _HERE,
    "rubber-stamp",
    "reported",
    within=14 * DAYS,
    late=TO_COORDINATOR,
)
_DECIDE, _WORK, _CLOSE = Act.RECOMMENDATION_DECIDE, Act.RECOMMENDATION_WORK, Act.RECOMMENDATION_CLOSE
_PROOF = N_("It is done, and this proves it")
_DONE = (_S.DONE, "recommendation.done", _WORK, N_("Report it done"), "check", _PROOF)
_BEGIN = (_S.UNDER_WAY, "recommendation.start", _WORK, N_("Begin"), "player-play")
_DROP = (_S.DROPPED, "recommendation.drop", _DECIDE, N_("Drop it"), "ban", N_("Why it is dropped"))
_ASTRAY = Flaw("", "This step is not possible now. Reload the page to see the current state.")
LIFE = state_machine.Life(
    "recommendation",
    _S.PROPOSED,
    (
        state_machine.Step(
            _S.PROPOSED,
            _S.ACCEPTED,
            "recommendation.accept",
            _DECIDE,
            N_("Accept"),
            "check",
            N_("Why it is accepted"),
            guard=_is_ready,
            waits=_TO_DECIDE,
        ),
        state_machine.Step(
            _S.PROPOSED,
            _S.PARTLY,
            "recommendation.partly",
            _DECIDE,
            N_("Accept in part"),
            "check",
            N_("What of it is accepted, and what is not"),
            guard=_is_ready,
            waits=_TO_DECIDE,
        ),
        state_machine.Step(
            _S.PROPOSED,
            _S.REJECTED,
            "recommendation.reject",
            _DECIDE,
            N_("Reject"),
            "ban",
            N_("Why it is rejected"),
            guard=_is_ready,
            waits=_TO_DECIDE,
        ),
        *state_machine.ways((_S.ACCEPTED, _S.PARTLY), *_BEGIN, waits=_TO_DO),
        *state_machine.ways(OPEN, *_DONE, waits=_TO_DO),
        state_machine.Step(
            _S.DONE,
            _S.CLOSED,
            "recommendation.close",
            _CLOSE,
            N_("Close"),
            "rubber-stamp",
            guard=_other_eyes,
            waits=_TO_CLOSE,
        ),
        state_machine.Step(
            _S.DONE,
            _S.UNDER_WAY,
            "recommendation.return",
            _CLOSE,
            N_("Send back"),
            "arrow-back-up",
            N_("What is still missing"),
        ),
        *state_machine.ways(OPEN, *_DROP),
    ),
    ends=(_S.CLOSED, _S.REJECTED, _S.DROPPED),
    may=_may,
    astray=lambda _before, _after: _ASTRAY,
    words={
        _S.PROPOSED: N_("Proposed"),
        _S.ACCEPTED: N_("Accepted"),
        _S.PARTLY: N_("Accepted in part"),
        _S.UNDER_WAY: N_("Under way"),
        _S.DONE: N_("Reported done"),
        _S.CLOSED: N_("Closed"),
        _S.REJECTED: N_("Rejected"),
        _S.DROPPED: N_("Dropped"),
    },
)

# ---------------------------------------------------------------------------------------------------- tables

_ONCE_DONE = LIFE.exactly((_S.DONE, _S.CLOSED), "done_by IS NOT NULL", "done_by_somebody")


class Recommendation(SQLModel, table=True):
    """A recommendation; its text never changes. Its state changes by `take` only.

    It comes from the debrief of an operation, or from an evaluation, which may be of no single operation. Its owner is
    a `country` or a central `role`. `reason` is the text of the last step, where it needs one: the reason of a
    decision, or the proof of completion.
    """

    __table_args__ = (
        CheckConstraint("(country IS NULL) <> (role IS NULL)", name="owned_by_one"),
        CheckConstraint("operation_id IS NOT NULL OR evaluation_id IS NOT NULL", name="of_something"),
        LIFE.known(),
        LIFE.exactly(LIFE.needing_reason(), "reason <> ''", "reason_given"),
        _ONCE_DONE,
        LIFE.exactly((_S.CLOSED,), "closed_by IS NOT NULL", "closed_once"),
        CheckConstraint("closed_by IS NULL OR closed_by <> done_by", name="other_eyes"),
    )
    id: UUID = Field(primary_key=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    evaluation_id: UUID | None = Field(default=None, foreign_key="evaluation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    role: str | None = Field(default=None, max_length=32)
    text: str = Field(max_length=2000)
    evidence: str = Field(max_length=2000)
    area: str = Field(max_length=24)
    source: str = Field(max_length=24)
    due: date
    state: str = Field(default=RecommendationState.PROPOSED.value, max_length=12)
    reason: str = Field(default="", max_length=2000)
    done_by: UUID | None = None
    closed_by: UUID | None = None
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


class FollowUp(SQLModel, table=True):
    """A follow-up of a recommendation: a note of its owner, or the text of a step to `state`. Immutable."""

    __tablename__ = "recommendation_note"
    id: UUID = Field(primary_key=True)
    recommendation_id: UUID = Field(foreign_key="recommendation.id", index=True)
    operation_id: UUID | None = Field(default=None, foreign_key="operation.id", index=True)
    country: str | None = Field(default=None, max_length=3)
    state: str = Field(default="", max_length=12)
    words: str = Field(max_length=2000)
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


def owns(recommendation: Recommendation, by: Actor) -> bool:
    """Return whether `by` is its owner: as coordinator of the country, or in the role."""
    if recommendation.country is not None:
        return by.role is Role.NATIONAL_COORDINATOR and by.country == recommendation.country
    return by.role == recommendation.role


def place_of(recommendation: Recommendation) -> str:
    """Return the address of the list that contains it."""
    of = recommendation.operation_id
    return f"/operations/{of}/recommendations" if of else "/recommendations"


def subject_of(recommendation: Recommendation, operation: plan.Operation | None) -> Subject | None:
    """Return the permission subject of a recommendation; None where it is of no operation."""
    return plan.subject(operation, recommendation.country) if operation else None


def facts_of(
    recommendation: Recommendation, operation: plan.Operation | None, by: Actor, final: Collection[UUID]
) -> RecommendationFacts:
    """Return the facts of its guards; `final` are the ids of final evaluations."""
    ready = recommendation.evaluation_id is None or recommendation.evaluation_id in final
    closed = operation is not None and operation.state == CLOSED_IN
    return RecommendationFacts(subject_of(recommendation, operation), ready, closed, by)


def _facts(session: Session, found: Sequence[Recommendation], by: Actor) -> dict[UUID, RecommendationFacts]:
    final = evaluated.finals(session, (each.evaluation_id for each in found))
    return {each.id: facts_of(each, _operation(session, each), by, final) for each in found}


def _operation(session: Session, recommendation: Recommendation) -> plan.Operation | None:
    of = recommendation.operation_id
    return rows.one(session, plan.Operation, of) if of else None


def _record(session: Session, by: Actor | System, act: str, kind: str, of: Recommendation, /, **detail: Any) -> None:
    if of.operation_id is None and of.evaluation_id is not None:
        evaluated.record(session, by, act, of.evaluation_id, of.country, **detail)
        return
    where: dict[str, Any] = {"operation": of.operation_id, "country": of.country}
    journal.record(session, by, act, kind, of.id, **where, **detail)


def _log(session: Session, of: Recommendation, words: str, by: Actor | System) -> None:
    """Store a step as a follow-up; that it is proposed is the recommendation itself."""
    if of.state != LIFE.first and isinstance(by, Actor):
        said = {"id": new_id(), "recommendation_id": of.id, "words": words}
        NOTE.store(session, by, said | {"operation_id": of.operation_id, "country": of.country, "state": of.state})


RECOMMENDATION = Noun(
    Recommendation,
    "recommendation",
    _record,
    N_("This recommendation was already written with other content. Reload the page to see it."),
    LIFE,
    facts=_facts,
    log=_log,
)
NOTE = Noun(
    FollowUp,
    "recommendation",
    _record,
    N_("This note was already written with other words. Reload the page to see it."),
    owner=(RECOMMENDATION, "recommendation_id"),
)


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[CandidateRow]:
    """Of archived operations as well, which nothing else waits in."""
    reported = select(func.max(FollowUp.made_at)).where(
        FollowUp.recommendation_id == Recommendation.id, FollowUp.state == RecommendationState.DONE.value
    )
    query = (
        select(Recommendation, plan.Operation, reported.scalar_subquery())
        .join(plan.Operation, col(plan.Operation.id) == col(Recommendation.operation_id), isouter=True)
        .where(col(Recommendation.state).in_(states), col(plan.Operation.state).is_distinct_from(CLOSED_IN))
    )
    found: list[tuple[Recommendation, plan.Operation | None, datetime | None]] = list(session.exec(query))
    final = evaluated.finals(session, (each.evaluation_id for each, _operation, _done in found))
    return [
        CandidateRow(
            each,
            facts_of(each, operation, by, final),
            each.operation_id,
            {
                "until": day_bounds(each.due, operation.zone if operation else ZONE)[1],
                "reported": done or each.made_at,
                "where": place_of(each),
                "words": shorten(each.text, 90, placeholder="…"),
            },
        )
        for each, operation, done in found
    ]


@scoped(Recommendation)
def _recommendations_seen(actor: Actor) -> object:
    """Return the row filter: a country reads an evaluation's recommendations from the draft on."""
    told = col(Recommendation.evaluation_id).is_(None) | col(Recommendation.evaluation_id).in_(evaluated.drafted(actor))
    return _seen(actor, Recommendation) & told


@scoped(FollowUp)
def _follow_ups_seen(actor: Actor) -> object:
    return _seen(actor, FollowUp)


def _seen(actor: Actor, model: type[Recommendation] | type[FollowUp]) -> Any:
    """Return the row filter: a country sees those that it owns; those who work for no country, all of the operation."""
    if not may(actor, Act.RECOMMENDATION_READ):
        return false()
    reach = plan.within_reach(model.operation_id, actor)
    if actor.only is None:
        reach = reach | col(model.operation_id).is_(None)
    return reach & (col(model.country) == actor.country) if actor.national else reach
