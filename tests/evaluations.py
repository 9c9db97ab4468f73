"""An operation that has ended, and recommendations for it through the real verbs."""

from datetime import datetime, timedelta
from typing import Any

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.permissions import Act
from operations.core.vocabulary import OperationState
from operations.evaluation import debrief, drafts, evaluations, recommendations
from operations.evaluation.evaluation_states import EvaluationState, WordState, required_criteria
from operations.evaluation.recommendations import Recommendation, RecommendationState
from operations.evaluation.rows import Evaluation, EvaluationCountry
from operations.policing import lifecycle
from operations.policing.operation import participations, plan
from tests.makers import START, Running

ENDED = START + timedelta(days=6)
S = RecommendationState
BY_ACT = {Act.RECOMMENDATION_DECIDE: "lena", Act.RECOMMENDATION_WORK: "chaima", Act.RECOMMENDATION_CLOSE: "ana"}
"""Who takes the steps of a recommendation to Niger."""


def evaluated(scene: Running) -> Running:
    """The operation has ended: its results are consolidated, and recommendations can be made."""
    with clock.at(ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        lifecycle.move(session, scene.operation, OperationState.CONSOLIDATION, scene["ana"])
    return scene


def wrote(scene: Running, by: str = "dov") -> Running:
    """The debrief is written."""
    said = debrief.DebriefDraft(worked="Officers searched as a matter of routine.", failed="Hits waited overnight.")
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        debrief.write(session, scene.operation, said, 0, scene[by])
    return scene


def settled(scene: Running) -> Running:
    """Of what the debriefing asks for, reports alone are left: it is written, and waits for no country's word."""
    with clock.at(ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        for country in participations.missing_final_words(session, scene.operation):
            participations.excuse_final_word(session, scene.operation, country, "It does not answer.", scene["ana"])
    return wrote(scene)


def went_on(scene: Running, to: OperationState, by: str = "ana") -> plan.Operation:
    """The operation goes on to another state of its end."""
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        return lifecycle.move(session, scene.operation, to, scene[by])


def debriefed(scene: Running) -> Running:
    """The operation is consolidated; the countries said their final word, and the debrief is written and closed."""
    evaluated(scene)
    for name, country in (("chaima", "NER"), ("moussa", "MLI")):
        with clock.at(ENDED), scene.store.unit_of_work(scene[name]) as session:
            final = participations.ParticipationState.REPORTED_FINAL
            participations.final_word(session, scene.operation, country, final, scene[name])
    went_on(wrote(scene), OperationState.DEBRIEFED)
    return scene


def signed(scene: Running) -> Running:
    """The figures are frozen in a snapshot that coordination and leadership have signed."""
    from tests.snapshot_stories import frozen  # it stands on this module

    frozen(scene)
    return scene


def archived(scene: Running) -> Running:
    """The operation is archived: nothing was to be recommended."""
    went_on(signed(debriefed(scene)), OperationState.FINAL, "lena")
    with clock.at(ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        debrief.say_none_needed(session, scene.operation, "Everything went as planned.", scene["ana"])
    went_on(scene, OperationState.EVALUATED)
    went_on(scene, OperationState.ARCHIVED, "lena")
    return scene


def draft(**changes: Any) -> recommendations.RecommendationDraft:
    """A recommendation to Niger, due in a month."""
    content = {
        "id": new_id(),
        "text": "Connect the second line of Niamey airport to I-24/7.",
        "evidence": "Two of three hits waited for a call to the capital.",
        "source": "debrief",
        "area": "equipment",
        "owner": "NER",
        "due": (ENDED + timedelta(days=30)).date(),
    }
    return parse(recommendations.RecommendationDraft, content | changes)


def recommend(scene: Running, by: str = "dov", **changes: Any) -> Recommendation:
    """It is proposed on the day the operation ended."""
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        return recommendations.propose(session, scene.operation, draft(**changes), scene[by])


def take(scene: Running, made: Recommendation, to: str, by: str = "", words: str = "So it is.") -> Recommendation:
    """A step further, by whoever does that unless `by` is given."""
    with scene.store.reading(System()) as session:
        before = session.get_one(Recommendation, made.id).state
    person = scene[by or who(before, to)]
    with clock.at(ENDED), scene.store.unit_of_work(person) as session:
        return recommendations.take(session, made.id, S(to), person, words)


def who(before: str, to: str) -> str:
    """Who brings a recommendation to Niger from one state to another."""
    step = recommendations.LIFE.step(before, to)
    return BY_ACT[step.act] if step else "lena"


def way_to(state: RecommendationState) -> list[RecommendationState]:
    """The states on a shortest way from the first one to `state`, without the first."""
    ways: list[list[RecommendationState]] = [[recommendations.LIFE.first]]
    while ways[0][-1] is not state:
        way = ways.pop(0)
        ways += [[*way, step.after] for step in recommendations.LIFE.out_of(way[-1]) if step.after not in way]
    return ways[0][1:]


# ---------------------------------------------------------------------------------------------- evaluations

V, W = EvaluationState, WordState


def evaluation_draft(scene: Running, **changes: Any) -> drafts.EvaluationDraft:
    """An evaluation of the operation, final in three months."""
    content = {
        "id": new_id(),
        "title": "Did the counters change?",
        "purpose": "Whether officers query as a rule.",
        "about": "operation",
        "operation_id": scene.operation,
        "planned_for": (ENDED + timedelta(days=90)).date(),
    }
    return parse(drafts.EvaluationDraft, content | changes)


def method_draft(**changes: Any) -> drafts.MethodDraft:
    """A visit to the bureau of Niamey."""
    content = {
        "id": new_id(),
        "method": "visit",
        "held_on": ENDED.date(),
        "place": "NCB Niamey",
        "who": "The bureau, four officers.",
        "finding": "Hits are answered within the hour.",
    }
    return parse(drafts.MethodDraft, content | changes)


def judgement_draft(criterion: str = "relevance", **changes: Any) -> drafts.JudgementDraft:
    """For the most part."""
    content = {
        "id": new_id(),
        "criterion": criterion,
        "score": 3,
        "words": "Queries doubled.",
        "evidence": "Log of the NCB.",
    }
    return parse(drafts.JudgementDraft, content | changes)


def outcome_draft(**changes: Any) -> drafts.OutcomeDraft:
    """Three of four investigations led to charges, one to a conviction."""
    content = {"id": new_id(), "opened": 4, "charged": 3, "convicted": 1, "as_of": ENDED.date(), "source": "Ministry"}
    return parse(drafts.OutcomeDraft, content | changes)


def does(scene: Running, name: str, verb: Any, *given: Any, at: datetime = ENDED) -> Any:
    """One of the cast calls a verb in a unit of work of its own."""
    with clock.at(at), scene.store.unit_of_work(scene[name]) as session:
        return verb(session, *given, scene[name])


def planned(scene: Running, **changes: Any) -> Evaluation:
    """It is planned."""
    return does(scene, "ana", evaluations.plan_one, evaluation_draft(scene, **changes))


def collected(scene: Running, made: Evaluation) -> Evaluation:
    """It is collected for: one visit, and every criterion judged."""
    made = does(scene, "ana", evaluation_step(made.id, "collecting"))
    does(scene, "ana", evaluations.record_method, made.id, method_draft())
    for criterion in required_criteria(made.about):
        does(scene, "ana", evaluations.judge, made.id, judgement_draft(criterion))
    return made


def evaluation_step(ident: Any, to: str, words: str = "So it is.") -> Any:
    """A step of an evaluation as a verb."""
    return lambda session, by: evaluations.take(session, ident, V(to), by, words)


def word_step(ident: Any, to: str, words: str = "So we see it.") -> Any:
    """The word of a country as a verb."""
    return lambda session, by: evaluations.step_comment(session, ident, W(to), by, words)


def words_of(scene: Running, made: Evaluation) -> dict[str, EvaluationCountry]:
    """The words of the countries, by country."""
    with scene.store.reading(System()) as session:
        return {each.country: each for each in evaluations.countries(session, made.id)}


def consulted(scene: Running, made: Evaluation, *owners: str) -> Evaluation:
    """What the owners are to do is recommended, and every country has nothing to add."""
    made = collected(scene, made)
    for owner in owners:
        does(scene, "ana", evaluations.recommend, made.id, draft(owner=owner, source="visit"))
    does(scene, "ana", evaluation_step(made.id, "draft"))
    for country, word in words_of(scene, made).items():
        does(scene, {"NER": "chaima", "MLI": "moussa"}[country], word_step(word.id, "agreed"))
    return made
