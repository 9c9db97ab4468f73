"""Randomised placement: how often each site is to be staffed, and random positions of the teams on each day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.events.points import Note
from geodata.placement.randomised_plan import Randomised, draw, randomise
from geodata.placement.solver import Placement, PlacementProgress, PlacementStage
from operations.analyses.answer import AnswerTable
from operations.analyses.questions.placement import PlacementQuestion
from operations.analyses.road_network import RoadProblem

NAME = "moving teams"
_NEVER = 0.005
"""Odds below this are not shown."""


@dataclass(frozen=True)
class Moving:
    """The part of an answer about teams that move."""

    sentence: Note
    variant: Mapping[str, Any]
    tables: tuple[AnswerTable, ...]
    features: Sequence[Mapping[str, Any]]


def moving(
    question: PlacementQuestion,
    ground: RoadProblem,
    fixed: Placement,
    budget_seconds: float,
    still: Callable[[PlacementProgress], bool],
) -> Moving:
    """Return the odds of each site and the draw of every day. `fixed` is the best plan of teams that stay."""

    def heard(seconds: float, unseen: float, bound: float) -> bool:
        return still(PlacementProgress(PlacementStage.BOUND, seconds, fixed.plan, unseen, bound))

    odds = randomise(ground.problem, budget_seconds=budget_seconds, progress=heard)
    detected = 1 - odds.unseen / odds.total
    stand = [(site, chance) for site, chance in _standing(odds) if chance >= _NEVER]
    return Moving(
        Note(
            "If {teams} teams draw by lot every day where they stand, {detected} % are detected, although those who "
            "pass know how often each site is staffed. Teams that stay detect {fixed} %.",
            {"teams": question.teams, "detected": f"{100 * detected:.1f}", "fixed": f"{100 * fixed.detected:.1f}"},
        ),
        {"name": NAME, "detected": detected},
        (
            AnswerTable(
                "odds",
                ("id", "place", "odds"),
                [[site, ground.names[site], round(chance, 3)] for site, chance in stand],
            ),
            AnswerTable(
                "draw",
                ("day", "places"),
                [
                    [day, "; ".join(ground.names[site] for site in draw(odds, question.seed, day))]
                    for day in range(1, question.days + 1)
                ],
            ),
        ),
        [ground.point(site, "odds", odds=round(chance, 3), of=[NAME]) for site, chance in stand],
    )


def _standing(odds: Randomised) -> list[tuple[str, float]]:
    """Return sites with their odds, likeliest first."""
    pairs = zip(odds.sites, map(float, odds.odds), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
