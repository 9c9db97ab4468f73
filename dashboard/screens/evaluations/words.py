"""Texts about evaluations, for page, list and report."""

from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.papers.query_change import before_and_after
from dashboard.wording import UNDEFINED, _, coded, date, number, sentence
from operations.core import rows
from operations.evaluation.evaluation_states import DAC, KIRKPATRICK, LIFE, WORDS, required_criteria
from operations.evaluation.recommendations import LIFE as RECOMMENDATIONS
from operations.evaluation.recommendations import Recommendation
from operations.evaluation.rows import Evaluation, EvaluationJudgement, EvaluationOutcome, EvaluationStep, Judged
from operations.policing.operation import plan
from operations.programme import sustained_use
from operations.programme.sustained_use import Sustained
from operations.training.rows import Course


def about_words(session: Session, found: Evaluation) -> str:
    """Return the subject of the evaluation by name, as far as the reader may know it."""
    kind = coded("CL-EVALUATED", found.about)
    if found.region:
        names = [coded("CL-REGION", found.region), *operation_names(session, found)]
    elif found.operations:
        names = operation_names(session, found)
    elif found.course_id is not None:
        course = rows.find(session, Course, found.course_id)
        names = [course.title] if course else []
    else:
        names = [coded("CL-COUNTRY", found.country or "")]
    return f"{kind}: {', '.join(names)}"


def operation_names(session: Session, found: Evaluation) -> list[str]:
    """Return the titles of the operations; those that the reader may not know are only counted."""
    known = [each.title for each in operations_of(session, found)]
    hidden = len(found.operations) - len(known)
    return [*known, *([_("operations that you do not work for: {count}", count=number(hidden))] if hidden else [])]


def independence_words(found: Evaluation) -> str:
    """Return the warning that evaluators coordinated the operation themselves; "" where they did not."""
    if not found.own_work:
        return ""
    count = number(len(found.own_work))
    return _(
        "Not independent: somebody who planned this evaluation or wrote in it also coordinated what it is about. "
        "Operations: {count}.",
        count=count,
    )


def operations_of(session: Session, found: Evaluation) -> list[plan.Operation]:
    """Return the operations of the evaluation that the reader works for."""
    by_id = rows.by_id(session, plan.Operation, (UUID(each) for each in found.operations))
    return sorted(by_id.values(), key=lambda each: each.title)


def state_words(found: Evaluation) -> str:
    """Return the label of the state."""
    return _(LIFE.words[LIFE.now(found)])


def step_words(step: EvaluationStep) -> str:
    """Return the label of a step: of the evaluation, or of the comment of a country."""
    if step.country is None:
        return _(LIFE.words[LIFE.states(step.state)])
    said = _(WORDS.words[WORDS.states(step.state)])
    return _("{country}: {state}", country=coded("CL-COUNTRY", step.country), state=said)


def score_words(found: EvaluationJudgement | None) -> str:
    """Return a score together with its scale."""
    if found is None:
        return _("Not judged yet")
    return _("Cannot be judged") if found.score is None else _("{score} of 4", score=number(found.score))


def change_words(found: Sustained, month: int) -> str:
    """Return the change until a month with its confidence interval, or why it cannot be told."""
    change = found.changes.get(month)
    if change is None:
        return f"{_('Cannot tell.')} {sentence(found.why)}" if found.why else UNDEFINED
    told = {name: number(getattr(change, name), 2) for name in ("ratio", "low", "high")}
    return _("{ratio} times ({low} to {high})", **told)


def linked(words: str, href: str) -> Component:
    """Return a link whose text a person typed."""
    return dcc.Link(html.Bdi(words), href=href)


def criteria_of(found: Evaluation, judged: Judged) -> list[str]:
    """Return the standard criteria and any others that were judged, in their order."""
    return [each for each in (*DAC, *KIRKPATRICK) if each in judged or each in required_criteria(found.about)]


def recommendation_state(each: Recommendation) -> str:
    """Return the label of a recommendation's state."""
    return _(RECOMMENDATIONS.words[RECOMMENDATIONS.now(each)])


def posts_of(session: Session, found: Evaluation) -> list[Sustained]:
    """Return the sustained use of queries at each post of the evaluation."""
    return sustained_use.sustained(session, found, before_and_after)


def outcome_words(found: EvaluationOutcome) -> str:
    """Return the outcome of a country's investigations, its date, and its source."""
    told = {name: number(getattr(found, name)) for name in ("opened", "charged", "convicted")}
    return _(
        "Investigations opened: {opened}, with charges: {charged}, with a conviction: {convicted}; {day}, {source}.",
        day=date(found.as_of),
        source=found.source,
        **told,
    )
