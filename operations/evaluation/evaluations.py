"""Evaluations (pillar 6): planned, data collected by four methods, judged with evidence, answered to countries.

An evaluation is of an operation, of several of a region, of a course, or of the posts and projects of a country. Its
recommendations follow the usual process, and it closes when each of them has ended.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from operations.core import rows
from operations.core.clock import now, official_day
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may, require
from operations.core.store import unfenced, unscoped
from operations.core.vocabulary import Classification
from operations.evaluation import independence, recommendations
from operations.evaluation.drafts import SIDES, EvaluationDraft, JudgementDraft, MethodDraft, OutcomeDraft
from operations.evaluation.evaluation_states import (
    EARLY,
    UNSAID,
    WRITTEN_IN,
    ZONE,
    EvaluationState,
    WordState,
)
from operations.evaluation.recommendations import Recommendation, RecommendationDraft, RecommendationState
from operations.evaluation.rows import (
    EVALUATION,
    JUDGEMENT,
    METHOD,
    OUTCOME,
    WORD,
    Evaluation,
    EvaluationCountry,
    EvaluationJudgement,
    EvaluationMethod,
    EvaluationOutcome,
    EvaluationStep,
    Judged,
)
from operations.policing.operation import plan
from operations.training.enrolment_rows import Enrolment
from operations.training.rows import Course, CourseRun

_S, _W = EvaluationState, WordState
# ------------------------------------------------------------------------------------------------- questions


def evaluations(session: Session) -> list[Evaluation]:
    """Return the evaluations that the asker may see, latest planned day first."""
    query = select(Evaluation).order_by(col(Evaluation.planned_for).desc(), col(Evaluation.id))
    return list(session.exec(query))


def methods(session: Session, evaluation_id: UUID) -> list[EvaluationMethod]:
    """Return the methods that were used, by day."""
    query = select(EvaluationMethod).where(EvaluationMethod.evaluation_id == evaluation_id)
    return list(session.exec(query.order_by(col(EvaluationMethod.held_on), col(EvaluationMethod.made_at))))


def current_judgements(session: Session, evaluation_id: UUID) -> Judged:
    """Return the current judgements of an evaluation, by criterion."""
    query = select(EvaluationJudgement).where(EvaluationJudgement.evaluation_id == evaluation_id)
    return {each.criterion: each for each in session.exec(query.order_by(col(EvaluationJudgement.version)))}


def countries(session: Session, evaluation_id: UUID) -> list[EvaluationCountry]:
    """Return the countries that it concerns, as far as the asker may see their comments."""
    query = select(EvaluationCountry).where(EvaluationCountry.evaluation_id == evaluation_id)
    return list(session.exec(query.order_by(col(EvaluationCountry.country))))


def past(session: Session, evaluation_id: UUID) -> Sequence[EvaluationStep]:
    """Return the steps of an evaluation and of the countries' comments, newest first."""
    query = select(EvaluationStep).where(EvaluationStep.evaluation_id == evaluation_id)
    found: Sequence[EvaluationStep] = session.exec(query.order_by(col(EvaluationStep.made_at).desc())).all()
    return found


def recommendations_of(session: Session, evaluation_id: UUID) -> list[Recommendation]:
    """Return its recommendations that the asker may see, earliest due day first."""
    return [each for each in recommendations.recommendations(session) if each.evaluation_id == evaluation_id]


def outcomes(session: Session, evaluation_id: UUID) -> dict[str, EvaluationOutcome]:
    """Return the current outcome of each country's investigations, as far as the asker may see it."""
    query = select(EvaluationOutcome).where(EvaluationOutcome.evaluation_id == evaluation_id)
    return {each.country: each for each in session.exec(query.order_by(col(EvaluationOutcome.version)))}


def may_update(found: Evaluation, by: Actor) -> bool:
    """Return whether `by` may report on the own country's investigations, also after the evaluation is closed."""
    return bool(found.operations) and found.state != _S.CANCELLED and may(by, Act.EVALUATION_COMMENT)


def is_told(found: Evaluation, by: Actor) -> bool:
    """Return whether `by` reads findings and judgements now: a country does from the draft on."""
    return not by.national or found.state not in EARLY


def may_write(found: Evaluation, by: Actor) -> bool:
    """Return whether `by` writes methods, judgements and recommendations now."""
    return found.state in WRITTEN_IN and may(by, Act.EVALUATION_RUN)


def owners(session: Session, evaluation_id: UUID) -> list[str]:
    """Return the possible owners of a recommendation: the countries that it concerns, and roles of the centre."""
    return [*(each.country for each in countries(session, evaluation_id)), *recommendations.OWNERS]


def on_time(found: Evaluation) -> bool | None:
    """Return whether it was final by its day; None while that is open."""
    if found.final_at is not None:
        return official_day(found.final_at, ZONE) <= found.planned_for
    over = found.state != _S.CANCELLED and found.planned_for < official_day(now(), ZONE)
    return False if over else None


# ----------------------------------------------------------------------------------------------------- verbs


def plan_one(session: Session, draft: EvaluationDraft, by: Actor) -> Evaluation:
    """Plan an evaluation. Idempotent for the same draft; other content under its id is a Conflict.

    Raises RuleBroken for a day in the past, and NotFound for an operation that the asker does not work for.
    """
    require(by, Act.EVALUATION_RUN)
    side = SIDES[draft.about]
    said: dict[str, Any] = {name: getattr(draft, name) for name in ("id", "title", "purpose", "about", "planned_for")}
    said |= dict.fromkeys(("operation_id", "course_id", "country")) | {"region": ""}
    said |= {side: getattr(draft, side)}
    evaluated = [plan.operation(session, each, by) for each in _operations(draft)]
    said["operations"] = [str(each.id) for each in evaluated]
    if known := EVALUATION.known(session, said):
        return known
    if draft.planned_for < official_day(now(), ZONE):
        raise RuleBroken("planned_for", "This day is in the past. Choose a later day.")
    marked = [Classification(each.classification) for each in evaluated]
    highest = max(marked, key=lambda each: each.rank, default=Classification.FOR_OFFICIAL_USE)
    said |= {"classification": highest.value, "own_work": _own_work(session, said["operations"], by)}
    made = EVALUATION.store(session, by, said)
    for country in sorted(_concerned(session, draft, evaluated)):
        session.add(EvaluationCountry(id=new_id(), evaluation_id=made.id, country=country, moved_at=now()))
    EVALUATION.entry(session, by, "evaluation.plan", made, about=made.about, due=made.planned_for.isoformat())
    return made


def _own_work(session: Session, operations: Iterable[str], by: Actor) -> list[str]:
    return sorted(str(each) for each in independence.coordinated_operations(session, map(UUID, operations), by))


def _operations(draft: EvaluationDraft) -> Iterable[UUID]:
    if draft.about == "operation":
        return (draft.operation_id,) if draft.operation_id else ()
    return sorted(set(draft.operations)) if draft.about == "region" else ()


def _concerned(session: Session, draft: EvaluationDraft, found: Iterable[plan.Operation]) -> set[str]:
    """Return the countries that took part, that enrolled people in the course, or the one that it is about."""
    if draft.about == "course":
        course = rows.one(session, Course, draft.course_id)
        runs = select(CourseRun.id).where(CourseRun.course_id == course.id)
        return set(session.exec(unscoped(select(Enrolment.country).where(col(Enrolment.run_id).in_(runs)).distinct())))
    if draft.about == "country":
        return {str(draft.country)}
    return {
        participation.country
        for operation in found
        for participation in plan.participations(session, operation.id)
        if participation.state in plan.TAKING_PART
    }


def record_method(session: Session, evaluation_id: UUID, draft: MethodDraft, by: Actor) -> EvaluationMethod:
    """Record a method that was used. Idempotent for the same draft. Raises RuleBroken for days in the future."""
    _to_write(session, evaluation_id, by)
    said = draft.model_dump() | {"evaluation_id": evaluation_id}
    if known := METHOD.known(session, said):
        return known
    if draft.held_on > official_day(now(), ZONE):
        raise RuleBroken("held_on", "This day is in the future. Record it when it has taken place.")
    return METHOD.write(session, by, "evaluation.use", said, method=draft.method)


def judge(session: Session, evaluation_id: UUID, draft: JudgementDraft, by: Actor) -> EvaluationJudgement:
    """Judge a criterion; a newer judgement replaces the earlier one. Idempotent for the same draft."""
    _to_write(session, evaluation_id, by)
    said = draft.model_dump() | {"evaluation_id": evaluation_id}
    if known := JUDGEMENT.known(session, said):
        return known
    before = current_judgements(session, evaluation_id).get(draft.criterion)
    said["version"] = before.version + 1 if before else 1
    return JUDGEMENT.write(session, by, "evaluation.judge", said, criterion=draft.criterion)


def report_outcome(session: Session, evaluation_id: UUID, draft: OutcomeDraft, by: Actor) -> EvaluationOutcome:
    """Report the outcome of a country's investigations; the newest counts. Idempotent for the same draft.

    Raises RuleBroken for a future day, and where no operation is evaluated.
    """
    evaluation = EVALUATION.hold(session, evaluation_id)
    require(by, Act.EVALUATION_COMMENT, Subject(country=by.country))
    if not may_update(evaluation, by):
        raise RuleBroken(
            "",
            "You can record the outcome of investigations only in an evaluation of an operation that is not cancelled.",
        )
    said = draft.model_dump() | {"evaluation_id": evaluation_id, "country": by.country}
    if known := OUTCOME.known(session, said):
        return known
    if draft.as_of > official_day(now(), ZONE):
        raise RuleBroken("as_of", "This day is in the future.")
    before = outcomes(session, evaluation_id).get(str(by.country))
    said["version"] = before.version + 1 if before else 1
    about = {"country": by.country, "number": draft.charged, "opened": draft.opened}
    return OUTCOME.write(session, by, "evaluation.update", said, **about)


def recommend(session: Session, evaluation_id: UUID, draft: RecommendationDraft, by: Actor) -> Recommendation:
    """Add a recommendation, to be decided once the evaluation is final. Raises RuleBroken as `propose` does."""
    found = _to_write(session, evaluation_id, by)

    def check() -> None:
        if draft.owner not in owners(session, evaluation_id):
            raise RuleBroken("owner", "The evaluation does not concern this country: choose another owner.")
        recommendations.in_time(draft, ZONE)

    return recommendations.add(session, draft, by, check, found.operation_id, found.id)


def take(session: Session, evaluation_id: UUID, to: EvaluationState, by: Actor, words: str = "") -> Evaluation:
    """Take an evaluation a step further. Raises RuleBroken with the obstacles, and NotPermitted."""
    found = EVALUATION.hold(session, evaluation_id)
    EVALUATION.take(session, found, to, by, words, **({"final_at": now()} if to is _S.FINAL else {}))
    if to is _S.DRAFT:
        for country in countries(session, evaluation_id):
            WORD.go(session, country, _W.ASKED, by)
    settle(session, evaluation_id)
    return found


def step_comment(session: Session, word_id: UUID, to: WordState, by: Actor, words: str = "") -> EvaluationCountry:
    """Record or answer a country's comment on the draft, or go on without it. Raises RuleBroken, NotPermitted."""
    word = WORD.take(session, WORD.hold(session, word_id), to, by, words)
    settle(session, word.evaluation_id)
    return word


def settle(session: Session, evaluation_id: UUID) -> None:
    """Take the automatic steps: after the last comment, the last decision, the end of the last recommendation.

    Muster itself takes them: the person whose act triggers one need not be permitted to take it.
    """
    with unfenced(session):
        evaluation = session.exec(unscoped(select(Evaluation).where(Evaluation.id == evaluation_id))).one()
        said = set(
            session.exec(
                unscoped(select(EvaluationCountry.state).where(EvaluationCountry.evaluation_id == evaluation_id))
            )
        )
        states = set(
            session.exec(unscoped(select(Recommendation.state).where(Recommendation.evaluation_id == evaluation_id)))
        )
        for before, to, still in (
            (_S.DRAFT, _S.CONSULTED, said & set(UNSAID)),
            (_S.FINAL, _S.DECIDED, states & {RecommendationState.PROPOSED}),
            (_S.DECIDED, _S.FOLLOWED_UP, states - set(recommendations.LIFE.ends)),
        ):
            if evaluation.state == before and not still:
                EVALUATION.go(session, evaluation, to, System())


@recommendations.when_moved
def _follows(session: Session, moved: Recommendation, _operation: plan.Operation | None) -> None:
    if moved.evaluation_id is not None:
        settle(session, moved.evaluation_id)


def _to_write(session: Session, evaluation_id: UUID, by: Actor) -> Evaluation:
    found = EVALUATION.hold(session, evaluation_id)
    require(by, Act.EVALUATION_RUN, Subject(classification=Classification(found.classification)))
    if found.state not in WRITTEN_IN:
        raise RuleBroken("", "You can write this only while data is collected, and after the countries have commented.")
    if own := set(_own_work(session, found.operations, by)) - set(found.own_work):
        found.own_work = sorted(own | set(found.own_work))
        session.add(found)
    return found
