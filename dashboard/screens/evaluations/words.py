"""What an evaluation is called on the page, in the list and on paper."""

from uuid import UUID

from dash import dcc, html
from dash.development.base_component import Component
from sqlmodel import Session

from dashboard.server.lazy_modules import trend
from dashboard.wording import UNDEFINED, _, coded, date, number, sentence
from operations.core import rows
from operations.evaluation.evaluation_states import DAC, KIRKPATRICK, LIFE, WORDS, asked_of
from operations.evaluation.recommendations import LIFE as RECOMMENDATIONS
from operations.evaluation.recommendations import Recommendation
from operations.evaluation.rows import Evaluation, EvaluationJudgement, EvaluationOutcome, EvaluationStep, Judged
from operations.policing.operation import plan
from operations.programme import sustained_use
from operations.programme.sustained_use import Sustained
from operations.training.rows import Course


def about_words(session: Session, found: Evaluation) -> str:
    """What is evaluated: by name, as far as the reader may know it."""
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
    """The operations by their titles; of others how many they are."""
    known = [each.title for each in operations_of(session, found)]
    hidden = len(found.operations) - len(known)
    return [*known, *([_("operations that you do not work for: {count}", count=number(hidden))] if hidden else [])]


def independence_words(found: Evaluation) -> str:
    """What whoever reads it must know where those who evaluate coordinated it; "" where they did not."""
    if not found.own_work:
        return ""
    count = number(len(found.own_work))
    return _(
        "Not independent: somebody who planned this evaluation or wrote in it also coordinated what it is about. "
        "Operations: {count}.",
        count=count,
    )


def operations_of(session: Session, found: Evaluation) -> list[plan.Operation]:
    """The operations that the reader works for."""
    by_id = rows.by_id(session, plan.Operation, (UUID(each) for each in found.operations))
    return sorted(by_id.values(), key=lambda each: each.title)


def state_words(found: Evaluation) -> str:
    """How far it is."""
    return _(LIFE.words[LIFE.now(found)])


def step_words(step: EvaluationStep) -> str:
    """A step: of the evaluation, or of the word of a country."""
    if step.country is None:
        return _(LIFE.words[LIFE.states(step.state)])
    said = _(WORDS.words[WORDS.states(step.state)])
    return _("{country}: {state}", country=coded("CL-COUNTRY", step.country), state=said)


def score_words(found: EvaluationJudgement | None) -> str:
    """A score, never without what it is of."""
    if found is None:
        return _("Not judged yet")
    return _("Cannot be judged") if found.score is None else _("{score} of 4", score=number(found.score))


def change_words(found: Sustained, month: int) -> str:
    """What changed until a month, with its interval; why not where that cannot be told."""
    change = found.changes.get(month)
    if change is None:
        return f"{_('Cannot tell.')} {sentence(found.why)}" if found.why else UNDEFINED
    told = {name: number(getattr(change, name), 2) for name in ("ratio", "low", "high")}
    return _("{ratio} times ({low} to {high})", **told)


def linked(words: str, href: str) -> Component:
    """A link whose words a person typed."""
    return dcc.Link(html.Bdi(words), href=href)


def criteria_of(found: Evaluation, judged: Judged) -> list[str]:
    """The criteria that are asked, and whatever else was judged, in their order."""
    return [each for each in (*DAC, *KIRKPATRICK) if each in judged or each in asked_of(found.about)]


def recommendation_state(each: Recommendation) -> str:
    """How far a recommendation is."""
    return _(RECOMMENDATIONS.words[RECOMMENDATIONS.now(each)])


def posts_of(session: Session, found: Evaluation) -> list[Sustained]:
    """What became of the queries at each of its posts."""
    return sustained_use.sustained(session, found, trend.before_and_after)


def outcome_words(found: EvaluationOutcome) -> str:
    """What became of a country's investigations, as of when, and where that was read."""
    told = {name: number(getattr(found, name)) for name in ("opened", "charged", "convicted")}
    return _(
        "Investigations opened: {opened}, with charges: {charged}, with a conviction: {convicted}; {day}, {source}.",
        day=date(found.as_of),
        source=found.source,
        **told,
    )
