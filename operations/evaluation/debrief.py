"""Debrief of an operation: what worked, what did not, a remark on each goal, and lessons (domain 1.6.1).

The coordination writes it while the operation is consolidated; the step to `debriefed` freezes it, and leadership
approves it. Each lesson names an owner and a day, so that it can become a recommendation unchanged.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, false, true
from sqlmodel import Field, Session, SQLModel, col, select

from operations.catalogue.kpis import Kpi
from operations.core import journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft, NeededWords, reason
from operations.core.errors import Flaw, RuleBroken, Stale
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act, may, require
from operations.core.store import scoped, unscoped
from operations.core.vocabulary import OperationState
from operations.evaluation import recommendations
from operations.evaluation.recommendations import Recommendation, RecommendationDraft, RecommendationState
from operations.policing import lifecycle
from operations.policing.operation import plan, targets
from operations.policing.readiness import Guard
from operations.policing.reports import exclusions

_S = OperationState
WRITTEN_IN, NOT_EVALUATED = (_S.CONSOLIDATION,), (_S.CONSOLIDATION, _S.DEBRIEFED, _S.FINAL)
_READ, _WRITE = Act.RECOMMENDATION_READ, Act.RECOMMENDATION_PROPOSE
_PAGE = "/operations/{operation}/debrief"

# ---------------------------------------------------------------------------------------------------- tables


class Debrief(SQLModel, table=True):
    """The debrief of an operation. `remarks` are by figure; `none_needed`: why nothing is recommended."""

    __table_args__ = (CheckConstraint("(version = 0) = (worked = '')", name="written_once"),)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    worked: str = Field(default="", max_length=2000)
    failed: str = Field(default="", max_length=2000)
    remarks: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    none_needed: str = Field(default="", max_length=2000)
    version: int = 0
    author_id: UUID
    author_name: str = Field(max_length=120)
    written_at: datetime = Field(sa_type=UtcDateTime)


class Lesson(SQLModel, table=True):
    """A lesson with the owner of its follow-up and a due day; and the id of the recommendation made from it."""

    __tablename__ = "debrief_lesson"
    id: UUID = Field(primary_key=True)
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    text: str = Field(max_length=2000)
    evidence: str = Field(max_length=2000)
    source: str = Field(max_length=24)
    area: str = Field(max_length=24)
    owner: str = Field(max_length=32)
    due: date
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


@scoped(Debrief)
def _debriefs_seen(actor: Actor) -> Any:
    return _seen(actor, Debrief)


@scoped(Lesson)
def _lessons_seen(actor: Actor) -> Any:
    return _seen(actor, Lesson)


def _seen(actor: Actor, model: type[Debrief] | type[Lesson]) -> Any:
    """Return the row filter: the centre sees it as it is written, a country once it is closed."""
    if not may(actor, _READ):
        return false()
    closed = select(plan.Operation.id).where(col(plan.Operation.state).in_(plan.ENDED))
    reach = plan.within_reach(model.operation_id, actor)
    return reach & (col(model.operation_id).in_(closed) if actor.national else true())


def _record(session: Session, by: Actor, act: str, kind: str, of: Debrief | Lesson, /, **detail: Any) -> None:
    journal.record(session, by, act, kind, getattr(of, "id", None), operation=of.operation_id, **detail)


DEBRIEF = Noun(Debrief, "debrief", _record)
LESSON = Noun(
    Lesson,
    "debrief",
    _record,
    N_("This lesson was already written with other content. Reload the page to see it."),
)

# ---------------------------------------------------------------------------------------------------- drafts


class DebriefDraft(Draft):
    """Draft of the debrief's text."""

    worked: Annotated[NeededWords, Label(N_("What worked"), N_("What the next operation should do again."))]
    failed: Annotated[
        NeededWords, Label(N_("What did not work"), N_("And what it came from, as far as it is known. No names."))
    ]


class LessonDraft(RecommendationDraft):
    """Draft of a lesson, with everything that a recommendation needs."""

    text: Annotated[NeededWords, Label(N_("Lesson"), N_("What should be done otherwise, in a sentence or two."))]
    source: Annotated[str, Label(N_("Found by"), typed=False)] = "debrief"


# ------------------------------------------------------------------------------------------------- questions


def debrief(session: Session, operation_id: UUID) -> Debrief | None:
    """Return the debrief, as far as the asker may see it; None: nothing is written yet."""
    return rows.find(session, Debrief, operation_id)


def lessons(session: Session, operation_id: UUID) -> list[Lesson]:
    """Return the lessons, in the order in which they were written."""
    query = select(Lesson).where(Lesson.operation_id == operation_id)
    return list(session.exec(query.order_by(col(Lesson.made_at), col(Lesson.id))))


def recommended_lessons(session: Session, operation_id: UUID) -> set[UUID]:
    """Return the ids of lessons that became a recommendation, as far as the asker may see it."""
    return {each.id for each in recommendations.recommendations(session, operation_id)}


def may_write(operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may write the debrief now."""
    return operation.state in WRITTEN_IN and may(by, _WRITE, plan.subject(operation))


def may_recommend(operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may turn lessons into recommendations now."""
    return operation.state in recommendations.DEBRIEFED_STATES and may(by, _WRITE, plan.subject(operation))


def may_say_none(operation: plan.Operation, by: Actor) -> bool:
    """Return whether `by` may now declare that nothing needs to be recommended."""
    return operation.state in NOT_EVALUATED and may(by, Act.OPERATION_RUN, plan.subject(operation))


# --------------------------------------------------------------------------------------------------- guards


@lifecycle.register_guards(_S.DEBRIEFED)
def _is_written(session: Session, operation: plan.Operation) -> Iterator[Guard]:
    said = Flaw("debrief", N_("The debrief is not written yet: what worked, and what did not."), {}, _WRITE, _PAGE)
    written = session.exec(unscoped(select(Debrief.version).where(Debrief.operation_id == operation.id))).one_or_none()
    yield Guard(said, bool(written))


@lifecycle.register_guards(_S.FINAL)
def _other_eyes(session: Session, operation: plan.Operation) -> Iterator[Guard]:
    asker, found = session.info.get("actor"), rows.find(session, Debrief, operation.id)
    if isinstance(asker, Actor) and found is not None and found.author_id == asker.account_id:
        said = N_("You wrote the debrief yourself: somebody else has to approve it.")
        yield Guard(Flaw("debrief", said, place=_PAGE), False)


@lifecycle.register_guards(_S.EVALUATED)
def _is_decided(session: Session, operation: plan.Operation) -> Iterator[Guard]:
    """A country knows its own recommendations alone, and is not told of the others."""
    if not exclusions.sees_pending_counts(session.info.get("actor")):
        return
    found = rows.find(session, Debrief, operation.id)
    proposed = recommendations.recommendations(session, operation.id)
    decided = any(each.state != RecommendationState.PROPOSED for each in proposed)
    said = N_("No recommendation is decided yet: have one decided, or say in the debrief why none is needed.")
    flaw = Flaw("recommendations", said, act=Act.RECOMMENDATION_DECIDE if proposed else _WRITE, place=_PAGE)
    yield Guard(flaw, decided or (found is not None and found.none_needed != ""))


# ----------------------------------------------------------------------------------------------------- verbs


def write(session: Session, operation_id: UUID, draft: DebriefDraft, version: int, by: Actor) -> Debrief:
    """Write what worked and what did not; `version` is the version that was read, 0 for none. Raises Conflict."""
    found = _open(session, operation_id, by)
    if (found.worked, found.failed) == (draft.worked, draft.failed):
        return found
    if found.version != version:
        raise Stale
    found.worked, found.failed, found.version = draft.worked, draft.failed, version + 1
    found.author_id, found.author_name, found.written_at = by.account_id, by.name, now()
    DEBRIEF.entry(session, by, "debrief.write", found, version=found.version)
    return found


def remark(session: Session, operation_id: UUID, kpi: Kpi, words: str, by: Actor) -> Debrief:
    """Add a remark to the goal of a figure. The figure itself is read, never typed."""
    found = _open(session, operation_id, by)
    if kpi not in targets.targets(session, operation_id):
        raise RuleBroken("kpi", "This figure is not a target of the operation.")
    found.remarks = {**found.remarks, kpi.value: reason(words)}
    found.author_id, found.author_name, found.written_at = by.account_id, by.name, now()
    DEBRIEF.entry(session, by, "debrief.remark", found, kpi=kpi.value)
    return found


def add_lesson(session: Session, operation_id: UUID, draft: LessonDraft, by: Actor) -> Lesson:
    """Add a lesson. Idempotent for the same draft; other content under its id is a Conflict."""
    operation = _hold(session, operation_id, by)
    said = draft.model_dump() | {"operation_id": operation_id}
    if known := LESSON.known(session, said):
        return known
    _writable(operation)
    recommendations.check(session, operation, draft)
    return LESSON.write(session, by, "debrief.learn", said, due=draft.due.isoformat())


def delete_lesson(session: Session, lesson_id: UUID, by: Actor) -> None:
    """Delete a lesson, before it becomes a recommendation and before the debrief is closed."""
    found = LESSON.hold(session, lesson_id)
    _writable(_hold(session, found.operation_id, by))
    if found.id in recommended_lessons(session, found.operation_id):
        raise RuleBroken("", "A recommendation was made from this lesson, so you cannot remove it.")
    session.delete(found)
    LESSON.entry(session, by, "debrief.strike", found)


def recommend(session: Session, lesson_id: UUID, by: Actor) -> Recommendation:
    """Turn a lesson into a recommendation with the same owner and day. Idempotent."""
    found = rows.one(session, Lesson, lesson_id)
    draft = RecommendationDraft(**{name: getattr(found, name) for name in RecommendationDraft.model_fields})
    return recommendations.propose(session, found.operation_id, draft, by)


def say_none_needed(session: Session, operation_id: UUID, why: str, by: Actor) -> Debrief:
    """Declare for the coordination why nothing needs to be recommended."""
    operation = plan.hold(session, operation_id, by)
    require(by, Act.OPERATION_RUN, plan.subject(operation))
    if operation.state not in NOT_EVALUATED:
        raise RuleBroken("", "You can do this only from the end of an operation until its evaluation is closed.")
    found = _found(session, operation_id, by)
    found.none_needed = reason(why)
    session.add(found)
    DEBRIEF.entry(session, by, "debrief.none_needed", found, reason=found.none_needed)
    return found


def _hold(session: Session, operation_id: UUID, by: Actor) -> plan.Operation:
    operation = plan.hold(session, operation_id, by)
    require(by, _WRITE, plan.subject(operation))
    return operation


def _writable(operation: plan.Operation) -> None:
    if operation.state not in WRITTEN_IN:
        raise RuleBroken(
            "", "You can write the debrief only while the operation is in consolidation and the debrief is open."
        )


def _open(session: Session, operation_id: UUID, by: Actor) -> Debrief:
    _writable(_hold(session, operation_id, by))
    return _found(session, operation_id, by)


def _found(session: Session, operation_id: UUID, by: Actor) -> Debrief:
    """Return the row, locked for update; a new one where there is none."""
    found = rows.find_locked(session, Debrief, operation_id)
    if found is None:
        found = Debrief(operation_id=operation_id, author_id=by.account_id, author_name=by.name, written_at=now())
        session.add(found)
    return found
