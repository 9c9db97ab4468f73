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

from operations.core import journal, rows, state_machine
from operations.core.clock import now, official_day
from operations.core.drafts import Draft, NeededWords, rule
from operations.core.errors import Conflict, NotPermitted, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.ids import new_id
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import unscoped
from operations.core.vocabulary import InList, OperationState, code_list
from operations.evaluation import rows as evaluated
from operations.evaluation.recommendation_rows import (
    CLOSED_IN,
    LIFE,
    OPEN,
    OWNERS,
    FollowUp,
    Recommendation,
    RecommendationState,
    facts_of,
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


def offers(
    session: Session, recommendation: Recommendation, operation: plan.Operation | None, by: Actor
) -> list[state_machine.StepOffer[RecommendationState]]:
    """Return the steps that `by` may take on a recommendation, of an operation or of none, now."""
    if operation is not None and operation.state == CLOSED_IN:
        return []
    final = evaluated.finals(session, [recommendation.evaluation_id])
    return LIFE.offers(recommendation, facts_of(recommendation, operation, by, final), by)


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
    otherwise = Conflict("This recommendation was already written with other content. Reload the page to see it.")
    if known := rows.same_draft(session, Recommendation, draft.id, said, otherwise):
        return known
    check()
    made = Recommendation(**said, **rows.author(by))
    session.add(made)
    _record(session, by, "recommendation.propose", made, due=made.due.isoformat())
    return made


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
    before = recommendation.state
    final = evaluated.finals(session, [recommendation.evaluation_id])
    step, words = LIFE.take(recommendation, facts_of(recommendation, operation, by, final), to, by, words)
    recommendation.reason = words if to in LIFE.needing_reason() else ""
    if to is _S.DONE:
        recommendation.done_by = by.account_id
    if to is _S.UNDER_WAY:
        recommendation.done_by = None
    if to is _S.CLOSED:
        recommendation.closed_by = by.account_id
    session.add(recommendation)
    _write(session, recommendation, new_id(), words, by, to.value)
    _record(session, by, step.verb, recommendation, before=before, after=to.value)
    for follows in _follows:
        follows(session, recommendation, operation)
    return recommendation


def note(session: Session, recommendation_id: UUID, draft: NoteDraft, by: Actor) -> FollowUp:
    """Add a progress note. Idempotent for the same note. Raises RuleBroken where it is not open."""
    found, operation = _hold(session, recommendation_id, by)
    said = {"recommendation_id": found.id, "words": draft.words}
    otherwise = Conflict("This note was already written with other words. Reload the page to see it.")
    if known := rows.same_draft(session, FollowUp, draft.id, said, otherwise):
        return known
    if not (permitted(by, _WORK, found, subject_of(found, operation)) and owns(found, by)):
        raise NotPermitted
    if found.state not in OPEN:
        raise RuleBroken(
            "words", "You can add notes only after the decision and until the recommendation is reported as done."
        )
    made = _write(session, found, draft.id, draft.words, by)
    _record(session, by, "recommendation.note", found)
    return made


def _takes_part(session: Session, operation_id: UUID, country: str) -> bool:
    here = (plan.Operation.id == operation_id) & plan.taking_part(col(plan.Operation.id), country)
    return session.exec(unscoped(select(plan.Operation.id).where(here))).first() is not None


def _hold(session: Session, recommendation_id: UUID, by: Actor) -> tuple[Recommendation, plan.Operation | None]:
    """Return the recommendation, locked for update, and its operation. Raises RuleBroken where that is cancelled."""
    found = rows.hold(session, Recommendation, recommendation_id)
    operation = plan.operation(session, found.operation_id, by) if found.operation_id else None
    if operation is not None and operation.state == CLOSED_IN:
        raise RuleBroken("", "The operation is cancelled. Its recommendations can no longer change.")
    return found, operation


def _write(session: Session, of: Recommendation, note_id: UUID, words: str, by: Actor, state: str = "") -> FollowUp:
    made = FollowUp(
        id=note_id,
        recommendation_id=of.id,
        operation_id=of.operation_id,
        country=of.country,
        state=state,
        words=words,
        **rows.author(by),
    )
    session.add(made)
    return made


def _record(session: Session, by: Actor, act: str, of: Recommendation, **detail: Any) -> None:
    if of.operation_id is None and of.evaluation_id is not None:
        evaluated.record(session, by, act, of.evaluation_id, of.country, **detail)
        return
    where: dict[str, Any] = {"operation": of.operation_id, "country": of.country}
    journal.record(session, by, act, "recommendation", of.id, **where, **detail)
