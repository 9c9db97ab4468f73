"""Placement: the best plan for teams, its explanation, and the plans that it is compared with.

The answer states the assumptions: smugglers know the plan and take the way on which they are least likely to be seen;
the roads are main roads without ferries or desert tracks; a checkpoint detects a fixed share of those who pass.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geodata.events.points import Note
from geodata.ground.reference import Floats
from geodata.placement import advice, evaluation
from geodata.placement.robust_plan import Robust, place_robustly
from geodata.placement.solver import HeuristicRule, Placement, PlacementProgress, PlacementStatus, place
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.questions.placement import PlacementQuestion
from operations.analyses.randomised_placement import Moving, moving
from operations.analyses.road_network import RoadProblem, ground_of

HALVES = 0.5
"""Share of the time allowed for the plan itself; the rest is for its explanation."""

ALTERNATIVES = 2
DOUBTED = 6
"""The number of largest journeys whose share is varied, one by one."""

ROBUST = "robust plan"


@dataclass(frozen=True)
class Besides:
    """The parts of a placement answer other than the plan, as far as there was time for them."""

    others: Sequence[Placement] = ()
    frontier: Mapping[int, Placement] = field(default_factory=dict)
    robust: Robust | None = None
    drawn: Moving | None = None


def answer_placement(
    question: PlacementQuestion, hear: Callable[[PlacementProgress], bool], before: Sequence[str] = ()
) -> tuple[Answer, bool]:
    """Return the best plan found in the time allowed, with its explanation, and whether it was not cancelled.

    `hear` gets the progress and returns False to stop; the best plan so far is then the answer. `before` is the plan of
    an earlier answer, to start from.
    """
    begun = time.monotonic()
    ground = ground_of(question)
    start = [each for each in before if each in ground.names] or None
    proposed = place(ground.problem, budget_seconds=question.seconds * HALVES, progress=hear, start=start)
    if proposed.status is PlacementStatus.CANCELLED:
        return _told(question, ground, proposed, Besides()), False
    beliefs = _beliefs(ground.problem.share, question.doubt)
    parts = 2 + 2 * ALTERNATIVES + len(beliefs) + 2 * bool(question.days)
    left = max(2.0, question.seconds - (time.monotonic() - begun)) / parts
    stopped = False

    def still(state: PlacementProgress) -> bool:
        nonlocal stopped
        stopped = stopped or not hear(
            PlacementProgress(state.stage, time.monotonic() - begun, proposed.plan, proposed.unseen, proposed.bound)
        )
        return not stopped

    others = advice.alternatives(
        ground.problem,
        proposed,
        plans=ALTERNATIVES,
        differ=min(2, question.teams),
        budget_seconds=left,
        progress=still,
    )
    frontier: dict[int, Placement] = {}
    if not stopped:
        counts = _counts(question, ground)
        frontier = advice.frontier(ground.problem, counts, budget_seconds=left, progress=still, kept=proposed.kept)
    robust = None
    if beliefs and not stopped:
        robust = place_robustly(ground.problem, beliefs, budget_seconds=left, progress=still)
    moved = None
    if question.days and not stopped:
        moved = moving(question, ground, proposed, 2 * left, still)
    return _told(question, ground, proposed, Besides(others, frontier, robust, moved)), not stopped


def _beliefs(share: Floats, doubt: float) -> list[Floats]:
    """Return the given shares, and one variant for each of the largest journeys, its share multiplied by the doubt."""
    if doubt <= 1:
        return []
    found = [share]
    for row in np.argsort(-share, kind="stable")[:DOUBTED]:
        other = share.copy()
        other[row] *= doubt
        found.append(other)
    return found


def _counts(question: PlacementQuestion, ground: RoadProblem) -> list[int]:
    """Return the numbers of teams for the frontier: steps up to the available ones."""
    most = min(question.teams, len(ground.names))
    least = max(1, len(ground.problem.fixed))
    return sorted({max(least, round(most * step / 4)) for step in range(1, 5)})


# --------------------------------------------------------------------------------------------------- the answer


def _told(question: PlacementQuestion, ground: RoadProblem, found: Placement, besides: Besides) -> Answer:
    in_force = [each for each in question.in_force if each in ground.names]
    compared = {each.name: each for each in advice.compare(ground.problem, found.plan, in_force)}
    shift = evaluation.forecast(ground.problem, in_force, found.plan)
    plans = _plans(found, besides, compared, in_force)
    percent, named = 100 / found.total, ground.names
    return Answer(
        sentences=(
            _headline(found, compared[HeuristicRule.GREEDY.value].detected),
            *(() if found.proven else (_unproven(found),)),
            *journey_notes(question, ground),
            *(() if besides.drawn is None else (besides.drawn.sentence,)),
            *(() if besides.robust is None else (_doubted(question, besides.robust),)),
            _assumed(question, ground),
            *((_moved(shift.moved),) if in_force else ()),
        ),
        figures={
            "plan": list(found.plan),
            "in_force": in_force,
            "detected": found.detected,
            "most": 1 - found.bound / found.total,
            "unseen": found.unseen,
            "bound": found.bound,
            "gap": found.gap,
            "seconds": round(found.seconds, 2),
            "proven": found.proven,
            "alternatives": [list(each.plan) for each in besides.others],
            "variants": [
                *({"name": name, "detected": _detected(ground, plan)} for name, plan in plans.items()),
                *(() if besides.drawn is None else (besides.drawn.variant,)),
            ],
        },
        tables=(
            AnswerTable(
                "sites",
                ("id", "place", "loss", "next_best", "loss_with_next_best"),
                _sites(ground, found.plan, percent),
            ),
            AnswerTable("plans", ("plan", "detected", "moved", "sites"), _compared(ground, plans, compared, in_force)),
            AnswerTable(
                "frontier",
                ("teams", "detected", "gap"),
                [
                    [n, round(100 * variant.detected, 2), round(variant.gap, 4)]
                    for n, variant in sorted(besides.frontier.items())
                ],
            ),
            AnswerTable(
                "shift",
                ("place", "before", "after"),
                [
                    [
                        named.get(crossing.site, crossing.site),
                        round(crossing.before * percent, 2),
                        round(crossing.after * percent, 2),
                    ]
                    for crossing in shift.sites[:20]
                ],
            ),
            *(() if besides.drawn is None else besides.drawn.tables),
        ),
        features=[*_shapes(ground, plans), *(() if besides.drawn is None else besides.drawn.features)],
        notes=ground.skipped,
        sources=({"name": "Roads and crossings", "source": "© OpenStreetMap contributors", "licence": "ODbL 1.0"},),
    )


def _plans(
    found: Placement, besides: Besides, compared: Mapping[str, advice.PlanComparison], in_force: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return the plans shown on the map, by name: the proposed one first, rules of thumb last."""
    plans = {advice.PROPOSED: found.plan}
    if besides.robust is not None:
        plans[ROBUST] = besides.robust.plan
    plans |= {f"alternative {number}": each.plan for number, each in enumerate(besides.others, 1)}
    plans[HeuristicRule.GREEDY.value] = compared[HeuristicRule.GREEDY.value].plan
    return plans | ({advice.IN_FORCE: tuple(in_force)} if in_force else {})


def _detected(ground: RoadProblem, plan: Sequence[str]) -> float:
    return evaluation.evaluate(ground.problem, plan).detected


def _headline(found: Placement, greedy: float) -> Note:
    return Note(
        "{teams} checkpoints detect {detected} % of what moves, if all take the way that is safest for them. No plan "
        "with as many can detect more than {most} %. The greedy choice would detect {greedy} %.",
        {
            "teams": len(found.plan),
            "detected": f"{100 * found.detected:.1f}",
            "most": f"{100 * (1 - found.bound / found.total):.1f}",
            "greedy": f"{100 * greedy:.1f}",
        },
    )


def _unproven(found: Placement) -> Note:
    """Return how close an unproven plan is to the best one at least, rounded down."""
    share = found.detected / max(1 - found.bound / found.total, 1e-12)
    return Note(
        "That this plan is the best is not proven; it detects at least {share} % of what the best one detects.",
        {"share": f"{np.floor(1000 * share) / 10:.1f}"},
    )


def _assumed(question: PlacementQuestion, ground: RoadProblem) -> Note:
    return Note(
        "Assumed: a checkpoint detects {detection} % of those who pass; {way} % are detected on 1,000 km of road "
        "without one; main roads only, no ferries, no desert tracks. {journeys} journeys, {roads} pieces of road, "
        "{sites} border crossings.",
        {
            "detection": f"{100 * question.detection:g}",
            "way": f"{100 * question.on_the_way:g}",
            "journeys": len(ground.problem.share),
            "roads": len(ground.part.u) // 2,
            "sites": len(ground.names),
        },
    )


def journey_notes(question: PlacementQuestion, ground: RoadProblem) -> tuple[Note, ...]:
    """Return a note where some of the journeys are not in the answer; the other notes say why."""
    asked, used = len(question.journeys), len(ground.problem.share)
    if used == asked:
        return ()
    template = "{used} of the {asked} journeys are in this answer. The others were left out: the notes say why."
    return (Note(template, {"used": used, "asked": asked}),)


def _moved(share: float) -> Note:
    return Note(
        "{moved} % of what moves would cross other sites than under the plan in force: watch those named below, and do "
        "not read fewer detections here as success.",
        {"moved": f"{100 * share:.0f}"},
    )


def _doubted(question: PlacementQuestion, robust: Robust) -> Note:
    return Note(
        "If the share of any journey may be {doubt} times as large, the robust plan loses at most {worst} points "
        "against the best plan for what is then true.",
        {"doubt": f"{question.doubt:g}", "worst": f"{100 * robust.worst:.1f}"},
    )


def _sites(ground: RoadProblem, plan: Sequence[str], percent: float) -> list[list[Any]]:
    return [
        [
            explained.site,
            ground.names[explained.site],
            round(explained.loss * percent, 2),
            ground.names.get(explained.next_best or "", ""),
            round(explained.loss_with_next_best * percent, 2),
        ]
        for explained in advice.explain(ground.problem, plan)
    ]


def _compared(
    ground: RoadProblem,
    plans: Mapping[str, tuple[str, ...]],
    compared: Mapping[str, advice.PlanComparison],
    in_force: Sequence[str],
) -> list[list[Any]]:
    """Return the detection of each plan, including rules of thumb that are not on the map, best first."""
    every = {name: each.plan for name, each in compared.items() if each.plan or name != advice.IN_FORCE} | dict(plans)
    rows = [
        [
            name,
            round(100 * _detected(ground, plan), 2),
            round(100 * evaluation.forecast(ground.problem, in_force, plan).moved, 1),
            len(plan),
        ]
        for name, plan in every.items()
    ]
    return sorted(rows, key=lambda row: -row[1])


# --------------------------------------------------------------------------------------------------- the map


def _shapes(ground: RoadProblem, plans: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """Return the sites of each plan as points, and the safest way of each journey past it as lines.

    `of` names the plans that a feature belongs to. A site in force is drawn with every other plan that leaves it out.
    """
    marks = [
        ground.point(site, "checkpoint", of=[name for name, plan in plans.items() if site in plan])
        for site in sorted({site for plan in plans.values() for site in plan})
    ]
    for site in plans.get(advice.IN_FORCE, ()):
        without = [name for name, plan in plans.items() if site not in plan]
        marks += [ground.point(site, "in_force", of=without)] if without else []
    return [*marks, *_ways(ground, plans)]


def _ways(ground: RoadProblem, plans: Mapping[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """Return the safest ways, each once for all plans past which it is the same with the same chance."""
    found: dict[tuple[tuple[int, ...], float], list[str]] = {}
    for name, plan in plans.items():
        for way in evaluation.routes(ground.problem, plan):
            if way is not None and len(way.nodes) > 1:
                of = found.setdefault((way.nodes, round(way.unseen, 4)), [])
                of += [] if name in of else [name]
    return [ground.way(nodes, unseen, of) for (nodes, unseen), of in found.items()]
