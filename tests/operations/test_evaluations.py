"""Evaluations: who plans, judges, comments and closes, what is refused, and each recommendation goes to its end."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations import worklist_entries
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.people import Assignment, System
from operations.core.vocabulary import OperationState
from operations.evaluation import evaluations, recommendations
from operations.evaluation.evaluation_states import DAC, KIRKPATRICK, LIFE, WORDS, EvaluationState, WordState
from operations.evaluation.recommendations import Recommendation
from operations.evaluation.rows import Evaluation
from operations.policing.operation import plan
from tests.evaluations import (
    ENDED,
    collected,
    consulted,
    does,
    draft,
    evaluated,
    evaluation_draft,
    evaluation_step,
    judgement_draft,
    method_draft,
    planned,
    take,
    word_step,
    words_of,
)
from tests.makers import Running
from tests.people import CAST, account, actor
from tests.programme import course_of


def now(scene: Running, made: Evaluation) -> str:
    with scene.store.reading(System()) as session:
        return session.get_one(Evaluation, made.id).state


def waits(scene: Running, name: str, at: Any = ENDED) -> list[str]:
    with scene.store.reading(scene[name]) as session:
        found = worklist_entries.waiting(session, scene[name], at)
    nouns = {LIFE.noun, WORDS.noun, recommendations.LIFE.noun}
    return [each.words.format(**each.params) for each in found if each.noun in nouns]


def of(scene: Running, made: Evaluation) -> list[Recommendation]:
    with scene.store.reading(System()) as session:
        return evaluations.recommendations_of(session, made.id)


def test_from_the_plan_to_its_end(scene: Running) -> None:
    """Months after the operation was archived, with a comment that is answered and one recommendation of two kept."""
    evaluated(scene)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = OperationState.ARCHIVED.value
    made = planned(scene)
    assert sorted(words_of(scene, made)) == ["MLI", "NER"]
    assert waits(scene, "ana") == ["The evaluation Did the counters change? is planned: begin collecting."]
    collected(scene, made)
    for owner in ("NER", "ocu_analyst"):
        does(scene, "ana", evaluations.recommend, made.id, draft(owner=owner, source="visit"))
    assert waits(scene, "lena") == waits(scene, "chaima") == []
    does(scene, "ana", evaluation_step(made.id, "draft"))
    said = words_of(scene, made)
    asks = "The draft of the evaluation Did the counters change? waits for the word of your country."
    assert waits(scene, "chaima") == waits(scene, "moussa") == [asks]
    does(scene, "chaima", word_step(said["NER"].id, "commented", "One counter, not two."))
    does(scene, "moussa", word_step(said["MLI"].id, "agreed"))
    assert waits(scene, "ana") == ["A country has commented on the evaluation Did the counters change?: answer it."]
    assert now(scene, made) == "draft"
    does(scene, "ana", word_step(said["NER"].id, "answered", "Changed."))
    assert now(scene, made) == "consulted"
    does(scene, "ana", evaluations.judge, made.id, judgement_draft("relevance", score=2))
    does(scene, "ana", evaluation_step(made.id, "final"))
    assert [each[:41] for each in waits(scene, "lena")] == ["A recommendation is proposed: decide it ("] * 2
    own, central = sorted(of(scene, made), key=lambda each: each.role or "")
    take(scene, own, "accepted", "chaima", "We order it.")
    assert now(scene, made) == "final"
    take(scene, central, "rejected", words="Others do it.")
    assert now(scene, made) == "decided"
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        does(scene, "ana", evaluation_step(made.id, "closed"))
    take(scene, own, "done", words="It answers.")
    take(scene, own, "closed")
    assert now(scene, made) == "followed_up"
    assert waits(scene, "ana")[0].endswith("is at its end: close it.")
    closed = does(scene, "ana", evaluation_step(made.id, "closed", "Queries doubled."))
    assert (closed.state, closed.reason) == ("closed", "Queries doubled.")
    with scene.store.reading(scene["chaima"]) as session:
        past = [(each.country, each.state) for each in evaluations.past(session, made.id)]
    assert (None, "followed_up") in past
    assert ("NER", "answered") in past
    assert all(country != "MLI" for country, _state in past)


def test_nothing_recommended_means_nothing_to_decide(scene: Running) -> None:
    made = consulted(scene, planned(evaluated(scene)))
    does(scene, "ana", evaluation_step(made.id, "final"))
    assert now(scene, made) == "followed_up"


def test_a_draft_needs_a_method_and_every_criterion(scene: Running) -> None:
    made = planned(evaluated(scene))
    does(scene, "ana", evaluation_step(made.id, "collecting"))
    assert waits(scene, "ana") == [
        "The evaluation Did the counters change? is collecting: judge, and send the draft to the countries."
    ]
    with pytest.raises(RuleBroken) as refused:
        does(scene, "ana", evaluation_step(made.id, "draft"))
    assert [flaw.template[:20] for flaw in refused.value.flaws] == ["No method has a find", "Not judged yet: {cou"]
    assert refused.value.flaws[1].params == {"count": len(DAC)}


def test_of_a_course_the_levels_of_training_are_judged_too_and_it_is_of_no_operation(scene: Running) -> None:
    course = course_of(scene)
    made = planned(scene, about="course", operation_id=None, course_id=course.id)
    assert (made.operations, words_of(scene, made)) == ([], {})
    made = consulted(scene, made, "operation_coordinator")
    with scene.store.reading(scene["ana"]) as session:
        assert set(evaluations.current_judgements(session, made.id)) == {*DAC, *KIRKPATRICK}
    with pytest.raises(RuleBroken, match="does not concern this country"):
        does(scene, "ana", evaluations.recommend, made.id, draft(owner="NER", source="visit"))
    does(scene, "ana", evaluation_step(made.id, "final"))
    [found] = of(scene, made)
    assert (found.operation_id, recommendations.place_of(found)) == (None, "/recommendations")
    take(scene, found, "partly", words="Half of it.")
    take(scene, found, "under_way", "ana")
    take(scene, found, "done", "ana", words="The course has a second part.")
    with pytest.raises(RuleBroken, match="You reported this as done"):
        take(scene, found, "closed", "ana")
    take(scene, found, "closed", "lena")
    assert now(scene, made) == "followed_up"


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"operation_id": None}, "operation_id", "Choose what is evaluated"),
        ({"about": "country", "operation_id": None}, "country", "Choose what is evaluated"),
        ({"about": "region", "region": "africa"}, "operations", "two operations or more"),
        ({"about": "weather"}, "about", "is not one of the choices"),
        ({"planned_for": "2026-01-01"}, "planned_for", "This day is in the past"),
    ],
)
def test_what_is_no_plan_is_said_at_its_field(scene: Running, changes: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said) as refused:
        planned(scene, **changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"evidence": " "}, "evidence", "A score needs evidence"),
        ({"score": 5}, "score", "must be 4 or less"),
        ({"criterion": "beauty"}, "criterion", "Choose a criterion"),
        ({"words": ""}, "words", "needed"),
    ],
)
def test_what_is_no_judgement_is_said_at_its_field(changes: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said) as refused:
        judgement_draft(**changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]
    assert judgement_draft(score=None, evidence="").score is None


def test_the_same_again_is_answered_as_before_and_a_criterion_judged_anew_stands(scene: Running) -> None:
    said = evaluation_draft(evaluated(scene))
    made = does(scene, "ana", evaluations.plan_one, said)
    assert does(scene, "ana", evaluations.plan_one, said).id == made.id
    with pytest.raises(Conflict):
        does(scene, "ana", evaluations.plan_one, said.model_copy(update={"title": "Another"}))
    does(scene, "ana", evaluation_step(made.id, "collecting"))
    first = judgement_draft()
    for each in (first, first, judgement_draft(score=None, words="The log is lost.", evidence="")):
        does(scene, "ana", evaluations.judge, made.id, each)
    with scene.store.reading(scene["ana"]) as session:
        stands = evaluations.current_judgements(session, made.id)["relevance"]
    assert (stands.version, stands.score) == (2, None)
    with pytest.raises(RuleBroken, match="in the future"):
        does(scene, "ana", evaluations.record_method, made.id, method_draft(held_on=ENDED.date() + timedelta(days=1)))


def test_a_country_reads_what_was_found_from_the_draft_on_and_no_word_of_another(scene: Running) -> None:
    made = collected(scene, planned(evaluated(scene)))
    does(scene, "ana", evaluations.recommend, made.id, draft(source="visit"))

    def seen(name: str) -> tuple[int, int, int, int]:
        with scene.store.reading(scene[name]) as session:
            parts = (evaluations.evaluations(session), evaluations.current_judgements(session, made.id))
            said, advised = evaluations.countries(session, made.id), evaluations.recommendations_of(session, made.id)
            return len(parts[0]), len(parts[1]), len(said), len(advised)

    assert seen("chaima") == (1, 0, 1, 0)
    does(scene, "ana", evaluation_step(made.id, "draft"))
    assert {name: seen(name) for name in CAST} == {
        "ana": (1, 6, 2, 1),
        "dov": (1, 6, 2, 1),
        "lena": (1, 6, 2, 1),
        "otto": (1, 6, 2, 1),
        "chaima": (1, 6, 1, 1),
        "moussa": (1, 6, 1, 0),
        **dict.fromkeys(("bruno", "binta", "boubacar", "mateo", "marie", "frida", "ada"), (0, 0, 0, 0)),
    }


def test_one_does_not_wait_for_ever_for_a_country_and_not_less_than_three_weeks(scene: Running) -> None:
    made = collected(scene, planned(evaluated(scene)))
    does(scene, "ana", evaluation_step(made.id, "draft"))
    said = words_of(scene, made)
    does(scene, "moussa", word_step(said["MLI"].id, "agreed"))
    with pytest.raises(RuleBroken, match="This country can still answer"):
        does(scene, "ana", word_step(said["NER"].id, "silent"))
    later = ENDED + timedelta(days=22)
    does(scene, "ana", word_step(said["NER"].id, "silent", "It was asked twice."), at=later)
    assert now(scene, made) == "consulted"


def test_whoever_may_not_take_a_step_cannot(scene: Running) -> None:
    """Every person of the cast tries every step from every state of both lives, on the way to the end."""
    made = planned(evaluated(scene))
    may = {LIFE.noun: {"ana"}, WORDS.noun: {"ana", "chaima", "moussa"}}

    def others_try() -> None:
        for name in CAST:
            if name not in may[LIFE.noun]:
                for to in EvaluationState:
                    refused(name, evaluation_step(made.id, to))
                for verb, given in (
                    (evaluations.record_method, method_draft()),
                    (evaluations.judge, judgement_draft()),
                ):
                    refused(name, verb, made.id, given)
                refused(name, evaluations.recommend, made.id, draft())
            for country, word in words_of(scene, made).items():
                if name not in may[WORDS.noun] or {"chaima": "MLI", "moussa": "NER"}.get(name) == country:
                    for to in WordState:
                        refused(name, word_step(word.id, to))

    def refused(name: str, verb: Any, *given: Any) -> None:
        with pytest.raises((NotFound, NotPermitted, RuleBroken)):
            does(scene, name, verb, *given)

    others_try()
    collected(scene, made)
    does(scene, "ana", evaluation_step(made.id, "draft"))
    others_try()
    for name in CAST:
        if name != "ana":
            refused(name, evaluations.plan_one, evaluation_draft(scene))
    said = words_of(scene, made)
    with pytest.raises(NotPermitted):
        does(scene, "ana", word_step(said["NER"].id, "agreed"))
    assert (now(scene, made), {each.state for each in said.values()}) == ("draft", {"asked"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluation SET state = 'final'",
        "UPDATE evaluation SET title = 'Another'",
        "UPDATE evaluation_judgement SET score = 4",
        "UPDATE evaluation_method SET finding = ''",
        "UPDATE evaluation_country SET state = 'nobody'",
        "DELETE FROM evaluation_step",
        "UPDATE recommendation SET operation_id = NULL, evaluation_id = NULL",
    ],
)
def test_the_database_keeps_what_was_written(scene: Running, statement: str) -> None:
    made = collected(scene, planned(evaluated(scene)))
    does(scene, "ana", evaluations.recommend, made.id, draft(source="visit"))
    with pytest.raises(DBAPIError), scene.store.unit_of_work(System()) as session:
        session.execute(sa.text(statement))


def test_whoever_evaluates_what_they_coordinated_is_told_and_it_stays_whoever_goes_on(scene: Running) -> None:
    evaluated(scene)
    other = scene["ana"].__class__(**vars(scene["ana"]) | {"account_id": actor("olga").account_id, "name": "Olga"})
    scene.members["olga"] = other
    with scene.store.unit_of_work(System()) as session:
        session.add(account("olga"))
        session.flush()
        session.add(Assignment(account_id=other.account_id, operation_id=scene.operation, starts=ENDED))
    free = does(scene, "olga", evaluations.plan_one, evaluation_draft(scene))
    assert free.own_work == [], "she came when it was over"
    does(scene, "olga", evaluation_step(free.id, "collecting"))
    does(scene, "olga", evaluations.record_method, free.id, method_draft())
    own = planned(scene)
    assert own.own_work == [str(scene.operation)]
    for name, expected in (("olga", []), ("ana", [str(scene.operation)]), ("olga", [str(scene.operation)])):
        does(scene, name, evaluations.judge, free.id, judgement_draft())
        with scene.store.reading(System()) as session:
            assert session.get_one(Evaluation, free.id).own_work == expected, name
