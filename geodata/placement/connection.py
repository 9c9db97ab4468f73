"""Connection plans: posts to connect under a budget, fair between countries, with gains and other good plans.

A knapsack with rules: what is chosen costs at most the budget, in no country more than a share of it, and so many posts
are connected in every country, or in as many countries as possible. Numbers are whole, so that a plan whose bound is
less than one point above it is the best there is. `connection_model` holds the programme.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from geodata.placement import connection_model
from geodata.placement.connection_model import ConnectionSolution, Posts, Terms, greedily
from geodata.placement.problem import Flags, Unplaceable, Whole
from geodata.placement.solver import PlacementStatus

ALTERNATIVES = 3
REPLACED = 0.25
"""The least part of a plan that another one does without."""

_FOR_THE_PLAN, _FOR_ALTERNATIVES = 0.5, 0.7
"""Until which part of the time the plan is looked for, and until which the others are."""


@dataclass(frozen=True)
class Loss:
    """The loss of worth without one chosen post: at least and at most, equal where that is proven.

    Below 0: it is there for its country's sake, and without it (its country then needs one post less) more could be
    reached elsewhere. None: without it no plan keeps the rules.
    """

    post: int
    least: int | None
    most: int | None


@dataclass(frozen=True, eq=False)
class AlternativePlan:
    """Another plan: its posts, its worth, and an upper bound for plans that differ as much."""

    plan: tuple[int, ...]
    worth: int
    bound: int


@dataclass(frozen=True, eq=False)
class Connection:
    """The solution of a connection problem: the posts to connect, their worth and cost, and an upper bound.

    `greedy` is what the rule of thumb is worth: most worth for its cost first. `losses` has one for each chosen post.
    """

    plan: tuple[int, ...]
    worth: int
    bound: int
    cost: int
    greedy: int
    losses: tuple[Loss, ...]
    alternatives: tuple[AlternativePlan, ...]
    seconds: float
    status: PlacementStatus

    @property
    def gap(self) -> float:
        """How far the plan can be below the best possible, relative to it."""
        return max(0, self.bound - self.worth) / self.worth if self.worth > 0 else 0.0


Heard = Callable[[float, int, int, str], bool]
"""Hears seconds, the worth of the best plan, the bound on it and what is being done; False cancels."""


def connect(
    posts: Posts,
    terms: Terms,
    *,
    budget_seconds: float = 30.0,
    alternatives: int = ALTERNATIVES,
    progress: Heard = lambda seconds, worth, bound, doing: True,
) -> Connection:
    """The posts to connect. Raises Unplaceable where nothing can be connected, and where the rules cost too much.

    >>> posts = Posts(cost=[60, 50, 50], worth=[100, 60, 55], country=[0, 0, 1])
    >>> connect(posts, Terms(budget=100)).plan, connect(posts, Terms(budget=110, floor=1)).plan
    ((1, 2), (0, 2))
    """
    begun = time.perf_counter()
    if not len(posts):
        raise Unplaceable("There is no post that could be connected.")
    if terms.budget < int(posts.cost.min()):
        raise Unplaceable(
            "The budget is not enough for any post: the cheapest one costs {least}.", least=int(posts.cost.min())
        )
    everything = np.ones(len(posts), dtype=np.bool_)
    thumb = greedily(posts, terms, everything)

    def left(part: float) -> float:
        return begun + part * budget_seconds - time.perf_counter()

    def going(found: ConnectionSolution, doing: str) -> bool:
        return progress(time.perf_counter() - begun, found.worth, found.bound, doing)

    first = ConnectionSolution(thumb, posts.worth_of(thumb), int(posts.worth.sum()))
    if not going(first, "plan"):
        return _answer(posts, first, first.worth, (), (), begun, cancelled=True)
    best = connection_model.solve(posts, terms, everything, (), thumb, left(_FOR_THE_PLAN))
    assert best is not None  # noqa: S101 - the rule of thumb has found a plan
    others: list[AlternativePlan] = []
    away: list[tuple[Flags, int]] = []
    stopped = False
    if best.chosen.any() and alternatives:
        away.append(_apart(best.chosen))
        while len(others) < alternatives and not stopped and left(_FOR_ALTERNATIVES) > 0:
            stopped = not going(best, "others")
            found = (
                None
                if stopped
                else connection_model.solve(posts, terms, everything, away, None, left(_FOR_ALTERNATIVES))
            )
            if found is None or found.worth <= 0:
                break
            others.append(AlternativePlan(_positions(found.chosen), found.worth, min(found.bound, best.bound)))
            away.append(_apart(found.chosen))
    losses = {post: _loss(posts, terms, best, post, left(1.0), roughly=True) for post in _positions(best.chosen)}
    for loss in sorted(losses.values(), key=lambda each: (each.least or 0) - (each.most or 0)):
        stopped = stopped or not going(best, "losses")
        if loss.least != loss.most and not stopped and left(1.0) > 0:
            losses[loss.post] = _loss(posts, terms, best, loss.post, left(1.0))
    return _answer(posts, best, posts.worth_of(thumb), [*losses.values()], others, begun, cancelled=stopped)


def _answer(
    posts: Posts,
    best: ConnectionSolution,
    greedy: int,
    losses: Sequence[Loss],
    others: Sequence[AlternativePlan],
    begun: float,
    *,
    cancelled: bool,
) -> Connection:
    proven = best.bound <= best.worth
    status = PlacementStatus.PROVEN if proven else PlacementStatus.CANCELLED if cancelled else PlacementStatus.TIME
    return Connection(
        _positions(best.chosen),
        best.worth,
        best.bound,
        int(posts.cost[best.chosen].sum()),
        greedy,
        tuple(losses),
        tuple(others),
        time.perf_counter() - begun,
        status,
    )


def _loss(
    posts: Posts, terms: Terms, best: ConnectionSolution, post: int, seconds: float, *, roughly: bool = False
) -> Loss:
    """What is lost without a post: the best of the others, looked for from the plan as it is without it."""
    open_ = np.ones(len(posts), dtype=np.bool_)
    open_[post] = False
    try:
        start = greedily(posts, terms, open_, best.chosen & open_)
        if seconds <= 0:
            needed = int((posts.country == posts.country[post]).sum()) <= terms.floor
            least = best.worth - posts.worth_of(open_) if needed else 0
            return Loss(post, least, best.worth - posts.worth_of(start))
        found = connection_model.solve(posts, terms, open_, (), start, seconds, roughly=roughly)
    except Unplaceable:
        return Loss(post, None, None)
    assert found is not None  # noqa: S101 - there is a plan to begin with
    return Loss(post, best.worth - found.bound, best.worth - found.worth)


def _apart(chosen: Flags) -> tuple[Flags, int]:
    """A plan, and how many of its posts another may have at most."""
    count = int(chosen.sum())
    return chosen, count - math.ceil(REPLACED * count)


def _positions(chosen: Flags) -> tuple[int, ...]:
    at: Whole = np.flatnonzero(chosen)
    return tuple(at.tolist())
