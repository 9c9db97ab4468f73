"""Recommendations from the debrief or the evaluation of an operation, and what became of each (domain 1.3, 1.6.9).

The desk proposes; leadership, or the country that is to do it, decides: yes, partly or no, with the reason. The owner
follows it up in notes and says with which proof it is done; the coordinator closes it, never who said so. All that goes
on when the operation is archived: what was learned is carried out months later.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, Session, SQLModel, col, func, select

from operations.core import journal, life, rows
from operations.core.clock import UtcDateTime, day_bounds, now, official_day
from operations.core.drafts import Draft, NeededWords, rule
from operations.core.errors import Conflict, Flaw, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, Subject, may, require
from operations.core.said import N_, Said
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import InList, OperationState, Role, code_list
from operations.core.waits import DAYS, TO_COORDINATOR, Found, Late, Waits, Whom
from operations.evaluation import lives as evaluated_lives
from operations.evaluation import rows as evaluated
from operations.policing.operation import plan

# ------------------------------------------------------------------------------------------------------ life


class RecommendationState(StrEnum):
    """How far a recommendation is."""

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


class Facts(NamedTuple):
    """What the steps of a recommendation depend on beside it: how permissions see it, whether the evaluation that it is
    of is final, and who asks. No subject: it is of no operation."""

    subject: Subject | None
    ready: bool
    by: Actor


def _other_eyes(recommendation: "Recommendation", facts: Facts) -> Iterator[Flaw]:
    """Whoever closes it is not who said that it is done."""
    if recommendation.done_by == facts.by.account_id:
        yield Flaw("", N_("You said yourself that it is done: somebody else has to close it."))


def _is_ready(_recommendation: "Recommendation", facts: Facts) -> Iterator[Flaw]:
    """It is decided as it stands in the end, when the countries have had their word."""
    if not facts.ready:
        yield Flaw("", N_("The evaluation that recommends this is not final yet: it is decided then."))


def _may(recommendation: "Recommendation", facts: Facts, step: life.Step[RecommendationState], by: Actor) -> bool:
    works = step.act is Act.RECOMMENDATION_WORK
    return _lets(by, step.act, recommendation, facts.subject) and (not works or owns(recommendation, by))


def _lets(by: Actor, act: Act, recommendation: "Recommendation", subject: Subject | None) -> bool:
    """Whether somebody may: of what is of no operation, who works for all countries, or for the one that owns it."""
    if subject is not None:
        return may(by, act, subject)
    return may(by, act) and by.only is None and (not by.national or by.country == recommendation.country)


_HERE = "{where}?show={id}"
_TO_DECIDE = Waits(
    N_("A recommendation is proposed: decide it."), _HERE, "bulb", "made_at", within=14 * DAYS, late=TO_COORDINATOR
)
_TO_DO = Waits(
    N_("A recommendation is yours to carry out."), _HERE, "bulb", "made_at", "until",
    late=(Late(Whom.OWNERS), Late(Whom.COORDINATOR, 7 * DAYS)),
)  # fmt: skip
_TO_CLOSE = Waits(
    N_("A recommendation is reported done: close it or send it back."), _HERE, "rubber-stamp", "reported",
    within=14 * DAYS, late=TO_COORDINATOR,
)  # fmt: skip
_DECIDE, _WORK, _CLOSE = Act.RECOMMENDATION_DECIDE, Act.RECOMMENDATION_WORK, Act.RECOMMENDATION_CLOSE
_PROOF = N_("It is done, and this proves it")
_DONE = (_S.DONE, "recommendation.done", _WORK, N_("Report it done"), "check", _PROOF)
_BEGIN = (_S.UNDER_WAY, "recommendation.start", _WORK, N_("Begin"), "player-play")
_DROP = (_S.DROPPED, "recommendation.drop", _DECIDE, N_("Drop it"), "ban", N_("Why it is dropped"))
_ASTRAY = Flaw("", "The recommendation cannot make this step from the state it is in: reload it to see which.")
LIFE = life.Life(
    "recommendation",
    _S.PROPOSED,
    (
        life.Step(
            _S.PROPOSED, _S.ACCEPTED, "recommendation.accept", _DECIDE, N_("Accept"), "check",
            N_("Why it is accepted"), guard=_is_ready, waits=_TO_DECIDE,
        ),
        life.Step(
            _S.PROPOSED, _S.PARTLY, "recommendation.partly", _DECIDE, N_("Accept in part"), "check",
            N_("What of it is accepted, and what is not"), guard=_is_ready, waits=_TO_DECIDE,
        ),
        life.Step(
            _S.PROPOSED, _S.REJECTED, "recommendation.reject", _DECIDE, N_("Reject"), "ban",
            N_("Why it is rejected"), guard=_is_ready, waits=_TO_DECIDE,
        ),
        *life.ways((_S.ACCEPTED, _S.PARTLY), *_BEGIN, waits=_TO_DO),
        *life.ways(OPEN, *_DONE, waits=_TO_DO),
        life.Step(
            _S.DONE, _S.CLOSED, "recommendation.close", _CLOSE, N_("Close"), "rubber-stamp", guard=_other_eyes,
            waits=_TO_CLOSE,
        ),
        life.Step(
            _S.DONE, _S.UNDER_WAY, "recommendation.return", _CLOSE, N_("Send back"), "arrow-back-up",
            N_("What is still missing"),
        ),
        *life.ways(OPEN, *_DROP),
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
)  # fmt: skip

# ---------------------------------------------------------------------------------------------------- tables

_ONCE_DONE = LIFE.exactly((_S.DONE, _S.CLOSED), "done_by IS NOT NULL", "done_by_somebody")


class Recommendation(SQLModel, table=True):
    """A recommendation; what it says never changes. Its state moves by `take` only.

    It comes from the debrief of an operation, or from an evaluation, which may be of no single operation. Its owner is
    a `country` or a central `role`. `reason` is what was said at the last step, where that needs words:
    why it was decided so, or what proves that it is done.
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
    """What was written of a recommendation: a note of its owner, or the words of a step to `state`. Never changed."""

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


@LIFE.rows
def _in_states(session: Session, by: Actor, states: Iterable[str], _owners: Any) -> list[Found]:
    """Of archived operations as well, which nothing else waits in."""
    reported = select(func.max(FollowUp.made_at)).where(
        FollowUp.recommendation_id == Recommendation.id, FollowUp.state == RecommendationState.DONE.value
    )
    query = (
        select(Recommendation, plan.Operation, reported.scalar_subquery())
        .join(plan.Operation, col(plan.Operation.id) == col(Recommendation.operation_id), isouter=True)
        .where(col(Recommendation.state).in_(states), col(plan.Operation.state).is_distinct_from(_CLOSED))
    )
    found: list[tuple[Recommendation, plan.Operation | None, datetime | None]] = list(session.exec(query))
    final = evaluated.finals(session, (each.evaluation_id for each, _operation, _done in found))
    return [
        Found(each, _facts(each, operation, by, final), each.operation_id, {
            "until": day_bounds(each.due, operation.zone if operation else evaluated_lives.ZONE)[1],
            "reported": done or each.made_at, "where": place_of(each),
        })
        for each, operation, done in found
    ]  # fmt: skip


@scoped(Recommendation)
def _recommendations_seen(actor: Actor) -> object:
    return _seen(actor, Recommendation)


@scoped(FollowUp)
def _follow_ups_seen(actor: Actor) -> object:
    return _seen(actor, FollowUp)


def _seen(actor: Actor, model: type[Recommendation] | type[FollowUp]) -> object:
    """An SQL condition: a country knows what it is to do itself; who works for no country, all of the operation."""
    if not may(actor, Act.RECOMMENDATION_READ):
        return false()
    reach = plan.within_reach(model.operation_id, actor)
    if actor.only is None:
        reach = reach | col(model.operation_id).is_(None)
    return reach & (col(model.country) == actor.country) if actor.national else reach


# ---------------------------------------------------------------------------------------------------- drafts

OWNERS = (Role.OPERATION_COORDINATOR, Role.OCU_ANALYST, Role.LEADERSHIP)
"""Central roles that can be asked to do something."""
_OWNER = rule("recommendation_owner", "Choose who is to do it: a country that takes part, or a role of the centre.")


def _owner(code: str) -> str:
    if code not in code_list("CL-COUNTRY") and code not in OWNERS:
        raise PydanticCustomError(_OWNER, "nobody")
    return code


class RecommendationDraft(Draft):
    """A recommendation as it is written. `owner` is the code of a country or of a role of the centre."""

    id: UUID
    text: Annotated[NeededWords, Said(N_("Recommendation"), N_("What should be done otherwise, in a sentence or two."))]
    evidence: Annotated[
        NeededWords,
        Said(N_("What it rests on"), N_("Figures, reports, what was said at the debrief. No names of people.")),
    ]
    source: Annotated[str, InList("CL-RECSOURCE"), Said(N_("Found by"))]
    area: Annotated[str, InList("CL-RECAREA"), Said(N_("Area"))]
    owner: Annotated[str, AfterValidator(_owner), Said(N_("Owner"), draws="one")]
    due: Annotated[date, Said(N_("Due"))]


class NoteDraft(Draft):
    """A note on how it goes."""

    id: UUID
    words: Annotated[NeededWords, Said(N_("How it goes"))]


# ------------------------------------------------------------------------------------------------- questions


def recommendations(session: Session, operation_id: UUID | None = None) -> list[Recommendation]:
    """The recommendations that the asker may see, of one operation or of all, by the day they are due."""
    query = select(Recommendation).order_by(col(Recommendation.due), col(Recommendation.id))
    if operation_id is not None:
        query = query.where(Recommendation.operation_id == operation_id)
    return list(session.exec(query))


def follow_ups(session: Session, recommendation_id: UUID) -> Sequence[FollowUp]:
    """What was written of a recommendation, newest first."""
    query = select(FollowUp).where(FollowUp.recommendation_id == recommendation_id)
    found: Sequence[FollowUp] = session.exec(query.order_by(col(FollowUp.made_at).desc())).all()
    return found


def owns(recommendation: Recommendation, by: Actor) -> bool:
    """Whether `by` is to do it: as coordinator of the country, or in the role."""
    if recommendation.country is not None:
        return by.role is Role.NATIONAL_COORDINATOR and by.country == recommendation.country
    return by.role == recommendation.role


def place_of(recommendation: Recommendation) -> str:
    """The address of the list that it stands in."""
    of = recommendation.operation_id
    return f"/operations/{of}/recommendations" if of else "/recommendations"


def overdue(recommendation: Recommendation, day: date) -> bool:
    """Whether it was to be done before `day` and is not."""
    return recommendation.state in OPEN and recommendation.due < day


def offers(
    session: Session, recommendation: Recommendation, operation: plan.Operation | None, by: Actor
) -> list[life.Offer[RecommendationState]]:
    """What `by` may do with a recommendation of an operation, or of none, now."""
    if operation is not None and operation.state == _CLOSED:
        return []
    final = evaluated.finals(session, [recommendation.evaluation_id])
    return LIFE.offers(recommendation, _facts(recommendation, operation, by, final), by)


def may_note(recommendation: Recommendation, operation: plan.Operation | None, by: Actor) -> bool:
    """Whether `by` may write how it goes: its owner, while it is to be done."""
    allowed = _lets(by, _WORK, recommendation, _subject(recommendation, operation)) and owns(recommendation, by)
    closed = operation is not None and operation.state == _CLOSED
    return allowed and recommendation.state in OPEN and not closed


class Sums(NamedTuple):
    """Counts of recommendations (K66): how many were decided with yes or partly, carried out, and are overdue."""

    accepted: int
    carried_out: int
    overdue: int


def sums(found: Iterable[Recommendation], day: date) -> Sums:
    """The counts on a day. Dropped ones were accepted once."""
    states = list(found)
    accepted = sum(each.state not in (_S.PROPOSED, _S.REJECTED) for each in states)
    return Sums(accepted, sum(each.state == _S.CLOSED for each in states), sum(overdue(each, day) for each in states))


# ----------------------------------------------------------------------------------------------------- verbs

Moved = Callable[[Session, Recommendation, plan.Operation | None], None]
_follows: list[Moved] = []
ADOPTED = (_S.ACCEPTED.value, _S.PARTLY.value)


def when_moved(follows: Moved) -> Moved:
    """Declare what follows where a recommendation, of an operation or of none, has made a step."""
    _follows.append(follows)
    return follows


_CLOSED = OperationState.CANCELLED.value
FROM = tuple(
    state.value
    for state in (
        OperationState.CONSOLIDATION, OperationState.DEBRIEFED, OperationState.FINAL, OperationState.EVALUATED
    )
)  # fmt: skip
"""The states of an operation in which it is debriefed or evaluated."""


def propose(session: Session, operation_id: UUID, draft: RecommendationDraft, by: Actor) -> Recommendation:
    """Write a recommendation down. The same draft again: the same answer; other content under its id is a Conflict.

    Raises RuleBroken before the operation has ended, for an owner who does not take part, and for a day that is over.
    """
    operation = plan.operation(session, operation_id, by)
    require(by, Act.RECOMMENDATION_PROPOSE, plan.subject(operation))
    return add(session, draft, by, lambda: check(session, operation, draft), operation_id)


def add(
    session: Session, draft: RecommendationDraft, by: Actor, check: Callable[[], None],
    operation_id: UUID | None = None, evaluation_id: UUID | None = None,
) -> Recommendation:  # fmt: skip
    """Write down what a debrief or an evaluation recommends, for whoever has asked whether `by` may. As `propose`.

    `check` raises where it cannot be recommended now; what was written before is not checked again.
    """
    role = draft.owner if draft.owner in OWNERS else None
    said = draft.model_dump(exclude={"owner"}) | {
        "operation_id": operation_id, "evaluation_id": evaluation_id, "role": role,
        "country": None if role else draft.owner,
    }  # fmt: skip
    otherwise = Conflict("This recommendation was already written with other content. Reload the page to see it.")
    if known := rows.said_before(session, Recommendation, draft.id, said, otherwise):
        return known
    check()
    made = Recommendation(**said, author_id=by.account_id, author_name=by.name, made_at=now())
    session.add(made)
    _record(session, by, "recommendation.propose", made, due=made.due.isoformat())
    return made


def check(session: Session, operation: plan.Operation, draft: RecommendationDraft) -> None:
    """Raise RuleBroken before the operation has ended, for an owner who does not take part and a day that is over."""
    if operation.state not in FROM:
        raise RuleBroken("", "Recommendations come from the debrief or the evaluation: the operation has not ended.")
    if draft.owner not in OWNERS and not _takes_part(session, operation.id, draft.owner):
        raise RuleBroken("owner", "This country does not take part in the operation: choose another owner.")
    in_time(draft, operation.zone)


def in_time(draft: RecommendationDraft, zone: str) -> None:
    """Raise RuleBroken for a day that is over."""
    if draft.due <= official_day(now(), zone):
        raise RuleBroken("due", "This day is over: give its owner time to do it.")


def take(
    session: Session, recommendation_id: UUID, to: RecommendationState, by: Actor, words: str = ""
) -> Recommendation:
    """Take a recommendation a step further: decide, begin, report done, close, send back or drop it.

    Raises RuleBroken with what stands in the way, and NotPermitted.
    """
    found, operation = _hold(session, recommendation_id, by)
    before = found.state
    final = evaluated.finals(session, [found.evaluation_id])
    step, words = LIFE.take(found, _facts(found, operation, by, final), to, by, words)
    found.reason = words if to in LIFE.needing_reason() else ""
    if to is _S.DONE:
        found.done_by = by.account_id
    if to is _S.UNDER_WAY:
        found.done_by = None
    if to is _S.CLOSED:
        found.closed_by = by.account_id
    session.add(found)
    _write(session, found, new_id(), words, by, to.value)
    _record(session, by, step.verb, found, before=before, after=to.value)
    for follows in _follows:
        follows(session, found, operation)
    return found


def note(session: Session, recommendation_id: UUID, draft: NoteDraft, by: Actor) -> FollowUp:
    """Write down how it goes. The same note again: the same answer. Raises RuleBroken where nothing is to be done."""
    found, operation = _hold(session, recommendation_id, by)
    said = {"recommendation_id": found.id, "words": draft.words}
    otherwise = Conflict("This note was already written with other words. Reload the page to see it.")
    if known := rows.said_before(session, FollowUp, draft.id, said, otherwise):
        return known
    if not (_lets(by, _WORK, found, _subject(found, operation)) and owns(found, by)):
        raise NotPermitted
    if found.state not in OPEN:
        raise RuleBroken("words", "It is followed up from the decision on until it is reported done.")
    made = _write(session, found, draft.id, draft.words, by)
    _record(session, by, "recommendation.note", found)
    return made


def _takes_part(session: Session, operation_id: UUID, country: str) -> bool:
    here = (plan.Operation.id == operation_id) & plan.taking_part(col(plan.Operation.id), country)
    return session.exec(unscoped(select(plan.Operation.id).where(here))).first() is not None


def _subject(recommendation: Recommendation, operation: plan.Operation | None) -> Subject | None:
    return plan.subject(operation, recommendation.country) if operation else None


def _facts(
    recommendation: Recommendation, operation: plan.Operation | None, by: Actor, final: Collection[UUID]
) -> Facts:
    ready = recommendation.evaluation_id is None or recommendation.evaluation_id in final
    return Facts(_subject(recommendation, operation), ready, by)


def _hold(session: Session, recommendation_id: UUID, by: Actor) -> tuple[Recommendation, plan.Operation | None]:
    """The recommendation, kept from other writers, and its operation. Raises RuleBroken where that is cancelled."""
    found = rows.hold(session, Recommendation, recommendation_id)
    operation = plan.operation(session, found.operation_id, by) if found.operation_id else None
    if operation is not None and operation.state == _CLOSED:
        raise RuleBroken("", "The operation is cancelled: its recommendations stay as they are.")
    return found, operation


def _write(session: Session, of: Recommendation, note_id: UUID, words: str, by: Actor, state: str = "") -> FollowUp:
    made = FollowUp(
        id=note_id, recommendation_id=of.id, operation_id=of.operation_id, country=of.country, state=state, words=words,
        author_id=by.account_id, author_name=by.name, made_at=now(),
    )  # fmt: skip
    session.add(made)
    return made


def _record(session: Session, by: Actor, act: str, of: Recommendation, **detail: Any) -> None:
    if of.operation_id is None and of.evaluation_id is not None:
        evaluated.record(session, by, act, of.evaluation_id, of.country, **detail)
        return
    where: dict[str, Any] = {"operation": of.operation_id, "country": of.country}
    journal.record(session, by, act, "recommendation", of.id, **where, **detail)
