"""The answer to an assignment question: which team serves which need, with reasons, as it is stored and shown."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from geodata.events.points import Note
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.assignment import construction, explanation, solver
from operations.analyses.assignment.problem import Unassignable
from operations.analyses.assignment.solver import Advice, AssignmentProgress
from operations.analyses.assignment_input import AssignmentInput
from operations.analyses.questions.assignment import AssignmentQuestion
from operations.core.stored_sentences import Sentence, sentence_json
from operations.support.team_facts import TeamEngagement

WORDS = {
    solver.AssignmentStage.INSERTION: Note("Putting in one need after the other"),
    solver.AssignmentStage.BOUND: Note("Finding what no plan can beat"),
    solver.AssignmentStage.IMPROVEMENT: Note("Taking parts out and putting them back better"),
    solver.AssignmentStage.REPAIR: Note("Looking again at needs that are not met"),
    solver.AssignmentStage.PROOF: Note("Proving that no plan is better"),
}
"""The stages of the solver, as shown on the screen."""
PAIRS = 600
"""The number of met needs times teams up to which an answer lists the reasons against every other team."""


def answer_assignment(
    question: AssignmentQuestion,
    ground: AssignmentInput,
    hear: Callable[[AssignmentProgress], bool],
    before: list[Mapping[str, Any]],
) -> tuple[Answer, bool]:
    """Return the best plan found in the time allowed, and whether the computation was not cancelled.

    `before`: a plan to start from.
    """
    start = [engagement for each in before if (engagement := _engagement(ground, each)) is not None]
    with _in_words(ground):
        advice = solver.advise(ground.problem, seconds=question.seconds, seed=question.seed, hear=hear, start=start)
    return told(ground, advice), advice.status is not solver.AssignmentStatus.CANCELLED


def answer_at_once(ground: AssignmentInput) -> Answer:
    """Return the answer with the plan of the insertion heuristic."""
    with _in_words(ground):
        advice = solver.at_once(ground.problem)
    return told(ground, advice)


@contextmanager
def _in_words(ground: AssignmentInput) -> Iterator[None]:
    """Replace keys of teams, needs and places in a refusal by their names."""
    try:
        yield
    except Unassignable as refused:
        params = {
            name: tuple(_worded(ground, each) for each in value)
            if isinstance(value, tuple)
            else ground.labels.get(str(value), value)
            for name, value in refused.params.items()
        }
        raise Unassignable(refused.template, **params) from None


def _worded(ground: AssignmentInput, said: Sentence) -> Note:
    """Return a sentence with the names of teams, needs and places instead of their keys."""
    params = {
        name: ground.labels.get(param, param) if isinstance(param, str) else param
        for name, param in said.params.items()
    }
    return Note(said.template, params)


def _engagement(ground: AssignmentInput, kept_as: Mapping[str, Any]) -> TeamEngagement | None:
    team, need = ground.problem.team.get(kept_as["team"]), ground.problem.need.get(kept_as["need"])
    return None if team is None or need is None else TeamEngagement.of(team, need, need.windows[0].start)


def told(ground: AssignmentInput, advice: Advice) -> Answer:
    """Return an advice as an answer: sentences, figures, the plan by need, helpful changes, and shares of countries."""
    begun = time.perf_counter()
    choices = explanation.choices(advice)
    first_come = construction.first_come(advice.made).tally()
    tally = advice.tally
    wanted = len(ground.problem.needs)
    headline = Note(
        "{met} of {wanted} open needs are met, with {hours} person-hours of travel. First come, first served would "
        "meet {other} with {other_hours}.",
        {
            "met": tally.met,
            "wanted": wanted,
            "hours": round(tally.person_hours),
            "other": first_come.met,
            "other_hours": round(first_come.person_hours),
        },
    )
    assumed = Note(
        "Points: {met} for each need met and step of priority (routine 1, urgent 3, immediate 5); from that go "
        "{travel} for each person and hour on the road, up to {unfair} for work that a country does beyond its fair "
        "share, {change} where another team serves than now, and {unoffered} where the team was not offered yet. Rest: "
        "{rest} h between duties.",
        {
            "met": advice.made.met,
            "travel": ground.problem.worth.travel,
            "unfair": ground.problem.worth.unfair,
            "change": ground.problem.worth.change,
            "unoffered": ground.problem.worth.unoffered,
            "rest": f"{ground.problem.rules.rest:g}",
        },
    )
    late = tuple(Note("{need}: its time is over before a team can be there.", {"need": title}) for title in ground.late)
    return Answer(
        sentences=(headline, assumed),
        figures={
            "value": advice.value,
            "bound": advice.bound,
            "gap": advice.gap,
            "first": advice.first_value,
            "proven": advice.status is solver.AssignmentStatus.PROVEN,
            "met": tally.met,
            "wanted": wanted,
            "person_hours": round(tally.person_hours, 1),
            "cost": round(tally.cost),
            "changed": tally.changed,
            "first_come": {
                "met": first_come.met,
                "person_hours": round(first_come.person_hours, 1),
                "value": first_come.value,
            },
            "seconds": round(advice.seconds + time.perf_counter() - begun, 2),
            "seed": advice.seed,
            "rounds": advice.rounds,
            "plan": [_planned(ground, each) for each in choices],
            "unmet": [
                {
                    "need": missing.need,
                    "changes": [sentence_json(_worded(ground, change)) for change in missing.changes],
                }
                for missing in explanation.unmet(advice)
            ],
            "against": _against(ground, choices),
            "labels": {key: label for key, label in ground.labels.items() if "|" not in key},
        },
        tables=(
            AnswerTable(
                "shares",
                ("country", "teams", "hours", "fair"),
                [
                    [contribution.country, contribution.teams, round(contribution.hours), round(contribution.fair)]
                    for contribution in explanation.shares(advice)
                ],
            ),
        ),
        notes=late,
    )


def _against(ground: AssignmentInput, choices: Sequence[explanation.MetNeed]) -> dict[str, dict[str, Any]]:
    """Return for each met need the reasons against each other team, beside the plan; only for small questions."""
    if len(choices) * len(ground.problem.teams) > PAIRS:
        return {}
    plan = [each.engagement for each in choices]
    return {
        choice.engagement.need: {
            team: [sentence_json(_worded(ground, one)) for one in reasons]
            for team, reasons in explanation.against(
                ground.problem, plan, choice.engagement.need, choice.engagement.start
            ).items()
            if team != choice.engagement.team
        }
        for choice in choices
    }


def _planned(ground: AssignmentInput, choice: explanation.MetNeed) -> dict[str, Any]:
    return {
        "need": choice.engagement.need,
        "team": choice.engagement.team,
        "start": choice.engagement.start.isoformat(),
        "end": choice.engagement.end.isoformat(),
        "person_hours": round(choice.person_hours, 1),
        "cost": round(choice.cost),
        "next_best": choice.next_best,
        "loss": round(choice.loss, 1),
        "decided": choice.decided,
        "why": sentence_json(_worded(ground, choice.words)),
    }
