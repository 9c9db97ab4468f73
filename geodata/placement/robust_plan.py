"""Robust plans: one plan for several beliefs about who travels where, with the least worst-case regret."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from geodata.ground.reference import Floats
from geodata.placement.evaluation import evaluate
from geodata.placement.problem import PlacementProblem, Unplaceable
from geodata.placement.solver import Placement, PlacementProgress, place


@dataclass(frozen=True, eq=False)
class Robust:
    """A plan chosen for several beliefs. `regret[b]` is what passes it unseen under belief b beyond the best plan
    for b alone, as a share of the weight, 0 to 1; `best[b]` that plan. `proven` where every one of those is."""

    plan: tuple[str, ...]
    regret: Floats
    best: tuple[Placement, ...]

    @property
    def worst(self) -> float:
        """The greatest regret over the beliefs."""
        return float(self.regret.max())

    @property
    def proven(self) -> bool:
        """Whether every regret is measured against a proven best plan."""
        return all(each.proven for each in self.best)


def place_robustly(
    problem: PlacementProblem,
    beliefs: Sequence[ArrayLike],
    *,
    budget_seconds: float = 30.0,
    progress: Callable[[PlacementProgress], bool] = lambda state: True,
) -> Robust:
    """The plan with the least worst regret among the best plans for each belief and for their mean.

    A belief is an array of shares, one a scenario of the problem, scaled here to add up to 1. `budget_seconds` holds
    for each belief. The choice is among those plans: another may exist whose worst regret is less.
    """
    shares = [_shares(problem, belief) for belief in beliefs]
    if not shares:
        raise Unplaceable("Name at least one belief about the shares of the scenarios.")
    mean = np.mean(shares, axis=0)
    asked = [replace(problem, share=share) for share in (*shares, mean)]
    answers = [place(each, budget_seconds=budget_seconds, progress=progress) for each in asked]
    plans = sorted({each.plan for each in answers})
    # The chances are those of the mean's question, where no scenario of any belief is without weight.
    chances = [np.nan_to_num(evaluate(asked[-1], plan).by_scenario) for plan in plans]
    unseen = np.array([[share @ each for share in shares] for each in chances])
    best = unseen.min(axis=0)
    worst = (unseen - best).max(axis=1)
    chosen = int(np.argmin(worst))
    return Robust(plans[chosen], unseen[chosen] - best, tuple(answers[:-1]))


def _shares(problem: PlacementProblem, belief: ArrayLike) -> Floats:
    try:
        share = np.asarray(belief, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Unplaceable("The shares of a belief must be numbers.") from error
    if share.shape != problem.share.shape or not np.all(np.isfinite(share) & (share >= 0)) or not share.sum() > 0:
        raise Unplaceable(
            "A belief needs {n} shares of 0 or more, one for each scenario, and not all of them 0.",
            n=len(problem.share),
        )
    scaled: Floats = share / share.sum()
    return scaled
