"""Recommendations from a debrief or an evaluation, and their implementation (domain 1.3, 1.6.9).

The desk proposes; leadership, or the country that owns it, decides: yes, partly or no, with the reason. The owner
reports progress in notes and reports it done with a proof; the coordinator closes it, never the one who reported it.
All that goes on when the operation is archived: lessons are implemented months later.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError
from sqlmodel import Session, col, select

from operations.core.clock import now, official_day
from operations.core.drafts import Draft, NeededWords, rule
from operations.core.errors import NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unscoped
from operations.core.vocabulary import InList, OperationState, code_list
from operations.evaluation.recommendation_rows import (
    CLOSED_IN,
    LIFE,
    NOTE,
    OPEN,
    OWNERS,
    RECOMMENDATION,
    FollowUp,
    Recommendation,
    RecommendationState,
    owns,
    permitted,
    place_of,
    subject_of,
)
from operations.policing.operation import plan

__all__ = ["LIFE", "OPEN", "OWNERS", "FollowUp", "Recommendation", "RecommendationState", "owns", "place_of"]
_S, _WORK = RecommendationState, Act.RECOMMENDATION_WORK

# ---------------------------------------------------------------------------------------------------- drafts

_OWNER = rule("recommendation_owner", "Choose who is to do it: a country that takes part, or a role of the centre.")


def _owner(code: str) -> str:
    if code not in code_list("CL-COUNTRY") and code not in OWNERS:
        raise PydanticCustomError(_OWNER, "nobody")
    return code


class RecommendationDraft(Draft):
    """Draft of a recommendation. `owner` is the code of a country or of a role of the centre."""

    id: UUID
    text: Annotated[
        NeededWords, Label(N_("Recommendation"), N_("What should be done otherwise, in a sentence or two."))
    ]
    evidence: Annotated[
        NeededWords,
        Label(N_("What it rests on"), N_("Figures, reports, what was said at the debrief. No names of people.")),
    ]
    source: Annotated[str, InList("CL-RECSOURCE"), Label(N_("Found by"))]
    area: Annotated[str, InList("CL-RECAREA"), Label(N_("Area"))]
    owner: Annotated[str, AfterValidator(_owner), Label(N_("Owner"), draws="one")]
    due: Annotated[date, Label(N_("Due"))]


class NoteDraft(Draft):
    """Draft of a progress note."""

    id: UUID
    words: Annotated[NeededWords, Label(N_("How it goes"))]


# ------------------------------------------------------------------------------------------------- questions


def recommendations(session: Session, operation_id: UUID | None = None) -> list[Recommendation]:
    """Return the recommendations that the asker may see, of one operation or of all, by due day."""
    query = select(Recommendation).order_by(col(Recommendation.due), col(Recommendation.id))
    if operation_id is not None:
        query = query.where(Recommendation.operation_id == operation_id)
    return list(session.exec(query))


def follow_ups(session: Session, recommendation_id: UUID) -> Sequence[FollowUp]:
    """Return the follow-ups of a recommendation, newest first."""
    query = select(FollowUp).where(FollowUp.recommendation_id == recommendation_id)
    found: Sequence[FollowUp] = session.exec(query.order_by(col(FollowUp.made_at).desc())).all()
    return found


def overdue(recommendation: Recommendation, day: date) -> bool:
    """Return whether it was due before `day` and is not done."""
    return recommendation.state in OPEN and recommendation.due < day


def may_note(recommendation: Recommendation, operation: plan.Operation | None, by: Actor) -> bool:
    """Return whether `by` may write a progress note: its owner, while it is open."""
    allowed = permitted(by, _WORK, recommendation, subject_of(recommendation, operation)) and owns(recommendation, by)
    closed = operation is not None and operation.state == CLOSED_IN
    return allowed and recommendation.state in OPEN and not closed


class RecommendationCounts(NamedTuple):
    """Counts of recommendations (K66): accepted in whole or in part, implemented, and overdue."""

    accepted: int
    carried_out: int
    overdue: int


def sums(found: Iterable[Recommendation], day: date) -> RecommendationCounts:
    """Return the counts on a day. Dropped ones count as accepted."""
    states = list(found)
    accepted = sum(each.state not in (_S.PROPOSED, _S.REJECTED) for each in states)
    return RecommendationCounts(
        accepted, sum(each.state == _S.CLOSED for each in states), sum(overdue(each, day) for each in states)
    )


# ----------------------------------------------------------------------------------------------------- verbs

Moved = Callable[[Session, Recommendation, plan.Operation | None], None]
_follows: list[Moved] = []
ADOPTED = (_S.ACCEPTED.value, _S.PARTLY.value)


def when_moved(follows: Moved) -> Moved:
    """Register a hook that runs after a step of a recommendation, of an operation or of none."""
    _follows.append(follows)
    return follows


DEBRIEFED_STATES = tuple(
    state.value
    for state in (
        OperationState.CONSOLIDATION,
        OperationState.DEBRIEFED,
        OperationState.FINAL,
        OperationState.EVALUATED,
    )
)
"""The states of an operation in which it is debriefed or evaluated."""


def propose(session: Session, operation_id: UUID, draft: RecommendationDraft, by: Actor) -> Recommendation:
    """Propose a recommendation. Idempotent for the same draft; other content under its id is a Conflict.

    Raises RuleBroken before the operation has ended, for an owner who does not take part, and for a day in the past.
    """
    operation = plan.operation(session, operation_id, by)
    require(by, Act.RECOMMENDATION_PROPOSE, plan.subject(operation))
    return add(session, draft, by, lambda: check(session, operation, draft), operation_id)


def add(
    session: Session,
    draft: RecommendationDraft,
    by: Actor,
    check: Callable[[], None],
    operation_id: UUID | None = None,
    evaluation_id: UUID | None = None,
) -> Recommendation:
    """Add the recommendation of a debrief or an evaluation; the caller has checked the permission. As `propose`.

    `check` raises where it cannot be recommended now; one that exists already is not checked again.
    """
    role = draft.owner if draft.owner in OWNERS else None
    said = draft.model_dump(exclude={"owner"}) | {
        "operation_id": operation_id,
        "evaluation_id": evaluation_id,
        "role": role,
        "country": None if role else draft.owner,
    }
    if known := RECOMMENDATION.known(session, said):
        return known
    check()
    return RECOMMENDATION.write(session, by, "recommendation.propose", said, due=draft.due.isoformat())


def check(session: Session, operation: plan.Operation, draft: RecommendationDraft) -> None:
    """Raise RuleBroken before the operation has ended, for an owner who does not take part and a day in the past."""
    if operation.state not in DEBRIEFED_STATES:
        raise RuleBroken(
            "", "The operation has not ended. Recommendations can be made in its debrief or its evaluation."
        )
    if draft.owner not in OWNERS and not _takes_part(session, operation.id, draft.owner):
        raise RuleBroken("owner", "This country does not take part in the operation: choose another owner.")
    in_time(draft, operation.zone)


def in_time(draft: RecommendationDraft, zone: str) -> None:
    """Raise RuleBroken for a day in the past."""
    if draft.due <= official_day(now(), zone):
        raise RuleBroken("due", "This day is in the past. Choose a later day.")


def take(
    session: Session, recommendation_id: UUID, to: RecommendationState, by: Actor, words: str = ""
) -> Recommendation:
    """Take a recommendation a step further: decide, begin, report done, close, send back or drop it.

    Raises RuleBroken with the obstacles, and NotPermitted.
    """
    recommendation, operation = _hold(session, recommendation_id, by)
    eyes: dict[RecommendationState, dict[str, Any]] = {
        _S.DONE: {"done_by": by.account_id},
        _S.UNDER_WAY: {"done_by": None},
        _S.CLOSED: {"closed_by": by.account_id},
    }
    RECOMMENDATION.take(session, recommendation, to, by, words, **eyes.get(to, {}))
    for follows in _follows:
        follows(session, recommendation, operation)
    return recommendation


def note(session: Session, recommendation_id: UUID, draft: NoteDraft, by: Actor) -> FollowUp:
    """Add a progress note. Idempotent for the same note. Raises RuleBroken where it is not open."""
    found, operation = _hold(session, recommendation_id, by)
    said = {"id": draft.id, "recommendation_id": found.id, "words": draft.words}
    if known := NOTE.known(session, said):
        return known
    if not (permitted(by, _WORK, found, subject_of(found, operation)) and owns(found, by)):
        raise NotPermitted
    if found.state not in OPEN:
        raise RuleBroken(
            "words", "You can add notes only after the decision and until the recommendation is reported as done."
        )
    said |= {"operation_id": found.operation_id, "country": found.country}
    return NOTE.write(session, by, "recommendation.note", said)


def _takes_part(session: Session, operation_id: UUID, country: str) -> bool:
    here = (plan.Operation.id == operation_id) & plan.taking_part(col(plan.Operation.id), country)
    return session.exec(unscoped(select(plan.Operation.id).where(here))).first() is not None


def _hold(session: Session, recommendation_id: UUID, by: Actor) -> tuple[Recommendation, plan.Operation | None]:
    """Return the recommendation, locked for update, and its operation. Raises RuleBroken where that is cancelled."""
    found = RECOMMENDATION.hold(session, recommendation_id)
    operation = plan.operation(session, found.operation_id, by) if found.operation_id else None
    if operation is not None and operation.state == CLOSED_IN:
        raise RuleBroken("", "The operation is cancelled. Its recommendations can no longer change.")
    return found, operation
