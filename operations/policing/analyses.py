"""Analyses: questions about an operation, answered in the background by a worker (issue 3; the queue is `core.jobs`).

The question is the caller's own model, stored as JSON with its fingerprint; questions and results are immutable. People
ask, cancel and ask again; the worker's side is `operations.analyses.job_steps`. Countries see no analysis: a part that
is adopted reaches them as an object of the plan (`adoption`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as Rule
from sqlalchemy import JSON, Index, false, func
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, jobs, journal
from operations.core.clock import UtcDateTime, now
from operations.core.drafts import Draft
from operations.core.errors import Conflict, Flaw, NotFound, RuleBroken, existing
from operations.core.field_labels import N_
from operations.core.ids import fingerprint
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, require
from operations.core.scope import ScopedSession
from operations.core.store import scoped, unscoped
from operations.core.stored_sentences import plain, sentence_json
from operations.core.vocabulary import AnalysisKind, Classification, JobState, LineKind, Role
from operations.policing.layers import layers
from operations.policing.operation import plan

WAITING_LIMIT = 20
QUESTION_LIMIT = 256 * 2**10
GUARDED = "guarded"
"""The key of a result that maps its tables to their columns with counts of persons in need of protection."""
_UNTOLD = Flaw(
    "",
    N_(
        "This analysis shows detections by site and route. Only people who may see the "
        "exact numbers can run it, because two answers could reveal small numbers."
    ),
)

# ---------------------------------------------------------------------------------------------------- tables


@history.versioned("finished_at", screened=True)
class Analysis(jobs.Job, table=True):
    """A question with its state as a job. Only `core.jobs` changes the state.

    `question_hash` is the fingerprint of `question`. `layer_versions` are the layer versions it reads; `classification`
    is the highest of theirs and the operation's. `rerun_of` and `resumed_from` name the analysis that this one repeats
    or goes on from. `adopted_at` is when a part of it was first adopted into the plan.
    """

    __table_args__ = (*jobs.checks(), Index("ix_analysis_due", "state", "lease_until"))
    operation_id: UUID = Field(foreign_key="operation.id", index=True)
    kind: str = Field(max_length=24)
    question: dict[str, Any] = Field(sa_type=JSON)
    question_hash: str = Field(max_length=64)
    layer_versions: list[str] = Field(sa_type=JSON)
    classification: str = Field(max_length=20)
    author_name: str = Field(max_length=120)
    rerun_of: UUID | None = Field(default=None, foreign_key="analysis.id")
    resumed_from: UUID | None = Field(default=None, foreign_key="analysis.id")
    adopted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AnalysisResult(SQLModel, table=True):
    """The result of an analysis: JSON, and a packed table where there is one.

    Not `complete`: the best until the worker stopped.
    """

    __tablename__ = "analysis_result"
    analysis_id: UUID = Field(primary_key=True, foreign_key="analysis.id")
    complete: bool
    result: dict[str, Any] = Field(sa_type=JSON)
    packed: bytes | None = None
    sha256: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)


class AnalysisDraft(Draft):
    """Draft of an analysis: its kind and the layer versions it reads. The question is a separate argument."""

    id: UUID
    kind: Annotated[str, Rule(pattern=r"^[a-z_]{1,24}$")]
    layer_versions: tuple[UUID, ...] = Rule(default=(), max_length=50)


# ------------------------------------------------------------------------------------------------ visibility


@scoped(Analysis)
def _analyses_seen(actor: Actor) -> Any:
    """Visible to analysts, coordinators and leadership; to leadership except analyses of teams and of detected
    persons.
    """
    if actor.national or actor.role is Role.AUDITOR:
        return false()
    if actor.role is Role.LEADERSHIP:
        persons = func.coalesce(col(Analysis.question)["own"].as_string(), "") == LineKind.MIGRANT_DETECTION.value
        return col(Analysis.kind).not_in(_OF_TEAMS) & ~persons & _in_reach(actor)
    return _in_reach(actor)


_OF_TEAMS = (AnalysisKind.ASSIGNMENT.value, AnalysisKind.SHIFTS.value)


def _in_reach(actor: Actor) -> Any:
    return plan.within_reach(Analysis.operation_id, actor) & layers.cleared(Analysis.classification, actor)


@scoped(AnalysisResult)
def _results_seen(actor: Actor) -> Any:
    return col(AnalysisResult.analysis_id).in_(select(Analysis.id).where(_analyses_seen(actor)))


# ------------------------------------------------------------------------------------------------- questions


def analyses(
    session: Session, operation_id: UUID, limit: int = 100, kinds: Iterable[str] | None = None
) -> list[Analysis]:
    """Return the analyses of an operation that the asker may see, newest first; of some kinds, or all."""
    query = select(Analysis).where(Analysis.operation_id == operation_id)
    if kinds is not None:
        query = query.where(col(Analysis.kind).in_([*kinds]))
    return list(session.exec(query.order_by(col(Analysis.asked_at).desc(), col(Analysis.id)).limit(limit)))


def last_done(session: Session, operation_id: UUID, kind: AnalysisKind, at: int | None = None) -> UUID | None:
    """Return the newest answered analysis of a kind that the asker may see, now or as of entry `at`."""
    query = select(Analysis.id, Analysis.finished_at).where(  # done is final, so today's state also holds for the past
        Analysis.operation_id == operation_id, Analysis.kind == kind, Analysis.state == JobState.DONE
    )
    with history.as_of(session, at):
        query = query.order_by(col(Analysis.asked_at).desc(), col(Analysis.id))
        found = history.query_as_of(session, Analysis, query, operation_id)
    return next((each["id"] for each in found if each["finished_at"] is not None), None)


def analysis(session: Session, analysis_id: UUID) -> Analysis:
    """Return the analysis as it is now. Raises NotFound."""
    query = select(Analysis).where(Analysis.id == analysis_id).execution_options(populate_existing=True)
    found: Analysis = existing(session.exec(query).one_or_none())
    return found


def result(session: Session, analysis_id: UUID) -> AnalysisResult | None:
    """Return the result, or the best one when the analysis was stopped; None while there is none. Raises NotFound.

    Guarded columns are blanked for leadership: released figures have no sites, and the difference of two results would
    reveal what was counted between them.
    """
    asked = analysis(session, analysis_id)
    found = session.exec(select(AnalysisResult).where(AnalysisResult.analysis_id == asked.id)).one_or_none()
    by = session.asker if isinstance(session, ScopedSession) else None
    if found is None or GUARDED not in found.result or not isinstance(by, Actor) or by.role is not Role.LEADERSHIP:
        return found
    hidden = found.result[GUARDED]
    tables = [_without(each, hidden.get(each["name"], ())) for each in found.result["tables"]]
    told = {**found.result, "tables": tables, "notes": [*found.result["notes"], sentence_json(_UNTOLD)]}
    return AnalysisResult(**found.model_dump(exclude={"result"}), result=told)


def _without(table: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    places = {table["columns"].index(name) for name in columns}
    rows = [[None if place in places else cell for place, cell in enumerate(row)] for row in table["rows"]]
    return {**table, "rows": rows}


# -------------------------------------------------------------------------------------------------------- verbs


def ask(session: Session, operation_id: UUID, draft: AnalysisDraft, question: BaseModel, by: Actor) -> Analysis:
    """Ask a question of an operation; a worker answers it. `question` has been checked by its own model.

    Idempotent; the same id with another question raises Conflict. Raises NotFound for a layer that does not exist,
    RuleBroken on `question`.
    """
    content = _question(question)
    return _ask(session, operation_id, draft, content, by, rerun_of=None, resumed_from=None)


def rerun(session: Session, analysis_id: UUID, new_id: UUID, by: Actor) -> Analysis:
    """Ask the same question again, from the beginning, as a new analysis. Idempotent."""
    return _again(session, analysis_id, new_id, by, resume=False)


def resume(session: Session, analysis_id: UUID, new_id: UUID, by: Actor) -> Analysis:
    """Resume an ended analysis from its best result, as a new analysis. Idempotent.

    Raises RuleBroken where there is no result to resume from.
    """
    return _again(session, analysis_id, new_id, by, resume=True)


def cancel(session: Session, analysis_id: UUID, by: Actor) -> Analysis:
    """Stop an analysis: at once while it waits, else at the worker's next report of progress. Idempotent."""
    found = existing(jobs.hold(session, Analysis, analysis_id))
    plan.operation(session, found.operation_id, by)
    require(by, Act.ANALYSIS_ASK, subject(found))
    if found.state in (JobState.DONE, JobState.FAILED):
        raise RuleBroken("", "This analysis has ended already: there is nothing to stop.")
    if jobs.cancel(session, found, now()):
        record(session, by, "analysis.cancel", found, state=found.state)
    return found


def subject(found: Analysis) -> Subject:
    """Return the permission subject of an analysis."""
    return Subject(operation=found.operation_id, classification=Classification(found.classification))


def _again(session: Session, analysis_id: UUID, new_id: UUID, by: Actor, *, resume: bool) -> Analysis:
    before = analysis(session, analysis_id)
    require(by, Act.ANALYSIS_ASK, subject(before))
    if not before.ended:
        raise RuleBroken("", "This analysis has not ended: wait for it, or stop it first.")
    if resume and result(session, analysis_id) is None:
        raise RuleBroken("", "This analysis has no saved progress. Run it again from the beginning.")
    draft = AnalysisDraft(
        id=new_id,
        kind=before.kind,
        layer_versions=tuple(UUID(each) for each in before.layer_versions),
    )
    named = {"rerun_of": None if resume else before.id, "resumed_from": before.id if resume else None}
    return _ask(session, before.operation_id, draft, before.question, by, **named)


def _ask(
    session: Session,
    operation_id: UUID,
    draft: AnalysisDraft,
    question: dict[str, Any],
    by: Actor,
    *,
    rerun_of: UUID | None,
    resumed_from: UUID | None,
) -> Analysis:
    owner = plan.operation(session, operation_id, by)
    require(by, Act.ANALYSIS_ASK, plan.subject(owner))
    asked_of = _layers_of(session, operation_id, draft.layer_versions)
    levels = [Classification(level) for level in (owner.classification, *(each.classification for each in asked_of))]
    made = Analysis(
        id=draft.id,
        asked_at=now(),
        operation_id=operation_id,
        kind=draft.kind,
        question=question,
        question_hash=fingerprint(question),
        layer_versions=[str(each) for each in draft.layer_versions],
        classification=max(levels, key=lambda level: level.rank).value,
        author_id=by.account_id,
        author_name=by.name,
        rerun_of=rerun_of,
        resumed_from=resumed_from,
    )
    known = session.exec(select(Analysis).where(Analysis.id == draft.id)).one_or_none()
    if known is not None:
        if all(getattr(known, name) == getattr(made, name) for name in _SAID):
            return known
        raise Conflict("This analysis was already asked with another question. Reload the page to see it.")
    _refuse_crowd(session, operation_id, by)
    session.add(made)
    session.flush()
    before = {"rerun_of": rerun_of, "resumed_from": resumed_from}
    record(session, by, Act.ANALYSIS_ASK, made, **{name: str(each) for name, each in before.items() if each})
    return made


_SAID = ("operation_id", "kind", "question_hash", "layer_versions", "author_id", "rerun_of", "resumed_from")


def _question(question: BaseModel) -> dict[str, Any]:
    try:
        content: dict[str, Any] = plain(question.model_dump(mode="json"))
    except ValueError:
        raise RuleBroken("question", "One of the numbers is not valid. Check your input.") from None
    if len(str(content)) > QUESTION_LIMIT:
        raise RuleBroken("question", "The question is too long. Import the places as a layer instead.")
    return content


def _layers_of(session: Session, operation_id: UUID, versions: Sequence[UUID]) -> list[layers.EventLayer]:
    query = select(layers.EventLayer).where(
        layers.EventLayer.operation_id == operation_id, col(layers.EventLayer.id).in_(versions)
    )
    found = list(session.exec(query))
    if len(found) != len(set(versions)):
        raise NotFound
    return found


def _refuse_crowd(session: Session, operation_id: UUID, by: Actor) -> None:
    """A limit of each person: nobody's questions close the door to a colleague's."""
    query = (
        select(func.count())
        .select_from(Analysis)
        .where(
            Analysis.operation_id == operation_id,
            Analysis.author_id == by.account_id,
            col(Analysis.state).not_in(jobs.ENDED),
        )
    )
    if session.exec(unscoped(query)).one() >= WAITING_LIMIT:
        raise RuleBroken(
            "",
            "You have {limit} analyses waiting in this operation. Wait until some end, or stop some.",
            limit=WAITING_LIMIT,
        )


def record(session: Session, by: Actor | System, act: str, about: Analysis, **detail: Any) -> None:
    """Write a journal entry about an analysis."""
    journal.record(session, by, act, "analysis", about.id, operation=about.operation_id, kind=about.kind, **detail)
