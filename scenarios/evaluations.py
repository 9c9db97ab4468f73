"""Evaluation of a story, months later, with comments of its countries. All of it is invented."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from operations.core.drafts import parse
from operations.core.people import Actor
from operations.evaluation import evaluations
from operations.evaluation.drafts import EvaluationDraft, JudgementDraft, MethodDraft
from operations.evaluation.evaluation_states import EvaluationState, WordState
from operations.evaluation.recommendations import RecommendationDraft
from scenarios.lessons import StoryLesson, follow
from scenarios.planning import Planning
from scenarios.script_language import Verb

_S, _W = EvaluationState, WordState


@dataclass(frozen=True)
class Evaluated:
    """An evaluation: methods by day after the first, judgement of each criterion, and recommendations.

    `used` are a day, a method, a place, participants and findings; `judged` a score, words and evidence by criterion;
    `comments` the comment of a country on the draft, and its answer. The others have nothing to add.
    """

    title: str
    purpose: str
    planned: int
    until: int
    drafted: int
    final: int
    closed: int
    came: str
    used: Sequence[tuple[int, str, str, str, str]]
    judged: Mapping[str, tuple[int | None, str, str]]
    advised: Sequence[StoryLesson]
    comments: Mapping[str, tuple[str, str]]


def evaluate(story: Planning, told: Evaluated) -> None:
    """Plan, conduct, judge and recommend, by the coordinator; countries comment; it is final, and closed at the end."""
    ident = story.identifier("evaluation", told.title)

    def day(number: int) -> str:
        return (story.at(0, "12:00") + timedelta(days=number)).date().isoformat()

    content = {
        "id": ident,
        "title": told.title,
        "purpose": told.purpose,
        "about": "operation",
        "operation_id": story.operation,
        "planned_for": day(told.until),
    }
    draft = parse(EvaluationDraft, content)
    story.does(
        story.at(told.planned, "11:00"),
        "coordinator",
        "plan the evaluation",
        lambda session, by: evaluations.plan_one(session, draft, by),
    )
    story.does(story.at(told.planned + 1, "09:00"), "coordinator", "begin collecting", _takes(ident, _S.COLLECTING))
    for number, method, place, who, finding in told.used:
        said = {"method": method, "held_on": day(number), "place": place, "who": who, "finding": finding}
        used = parse(MethodDraft, {"id": story.identifier("method", told.title, method, place), **said})
        story.does(story.at(number, "17:00"), "coordinator", f"write down: {method}", _uses(ident, used))
    for criterion, (score, words, evidence) in told.judged.items():
        said = {"criterion": criterion, "words": words, "evidence": evidence}
        judged = parse(
            JudgementDraft, {"id": story.identifier("judged", told.title, criterion), "score": score, **said}
        )
        story.does(story.at(told.drafted - 1, "10:00"), "coordinator", f"judge: {criterion}", _judges(ident, judged))
    for lesson in told.advised:
        advice = {name: getattr(lesson, name) for name in ("text", "evidence", "source", "area", "owner")}
        about = {"id": story.identifier("recommendation", lesson.text), "due": day(lesson.due)}
        advised = parse(RecommendationDraft, advice | about)
        story.does(
            story.at(told.drafted - 1, "15:00"), "coordinator", f"advise: {lesson.text}", _advises(ident, advised)
        )
    story.does(story.at(told.drafted, "09:00"), "coordinator", "send the draft", _takes(ident, _S.DRAFT))
    for country in story.countries:
        at, name = story.at(told.drafted + 3, "10:00"), f"coordinator.{country.lower()}"
        comment, answer = told.comments.get(country, ("", ""))
        to = _W.COMMENTED if comment else _W.AGREED
        story.does(at, name, "have a word on the draft", _says(ident, country, to, comment))
        if comment:
            later = story.at(told.drafted + 5, "10:00")
            story.does(later, "coordinator", "answer a comment", _says(ident, country, _W.ANSWERED, answer))
    story.does(story.at(told.final, "09:00"), "coordinator", "make it final", _takes(ident, _S.FINAL))
    for lesson in told.advised:
        follow(story, story.identifier("recommendation", lesson.text), lesson)
    story.does(
        story.at(told.closed, "09:00"), "coordinator", "close the evaluation", _takes(ident, _S.CLOSED, told.came)
    )


def _takes(ident: UUID, to: EvaluationState, words: str = "") -> Verb:
    return lambda session, by: evaluations.take(session, ident, to, by, words)


def _uses(ident: UUID, draft: MethodDraft) -> Verb:
    return lambda session, by: evaluations.record_method(session, ident, draft, by)


def _judges(ident: UUID, draft: JudgementDraft) -> Verb:
    return lambda session, by: evaluations.judge(session, ident, draft, by)


def _advises(ident: UUID, draft: RecommendationDraft) -> Verb:
    return lambda session, by: evaluations.recommend(session, ident, draft, by)


def _says(ident: UUID, country: str, to: WordState, words: str) -> Verb:
    def say(session: Session, by: Actor) -> object:
        [word] = [each for each in evaluations.countries(session, ident) if each.country == country]
        return evaluations.step_comment(session, word.id, to, by, words)

    return say
