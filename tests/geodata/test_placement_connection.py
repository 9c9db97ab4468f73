"""Connection plans: the best of all plans on small instances, rules kept, what is lost, and sentences where none is."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.placement.connection import REPLACED, Connection, connect
from geodata.placement.connection_model import Posts, Terms
from geodata.placement.problem import Unplaceable
from geodata.placement.solver import PlacementStatus


def worths(posts: Posts, terms: Terms) -> dict[frozenset[int], int]:
    """Every plan that keeps the rules, with its worth: looked at one by one."""
    kept: dict[frozenset[int], int] = {}
    served: dict[frozenset[int], int] = {}
    countries = {int(each): np.flatnonzero(posts.country == each) for each in np.unique(posts.country)}
    for taken in itertools.product((False, True), repeat=len(posts)):
        chosen = np.array(taken, dtype=np.bool_)
        spent = [posts.cost[there][chosen[there]].sum() for there in countries.values()]
        if sum(spent) > terms.budget or max(spent, default=0) > terms.share * terms.budget + 1e-6:
            continue
        count = sum(chosen[there].sum() >= min(terms.floor, len(there)) for there in countries.values())
        plan = frozenset(np.flatnonzero(chosen).tolist())
        kept[plan], served[plan] = int(posts.worth[chosen].sum()), count
    wanted = max(served.values(), default=0) if terms.widest else len(countries)
    return {plan: worth for plan, worth in kept.items() if served[plan] >= wanted}


def judged(posts: Posts, terms: Terms, found: Connection) -> None:
    """It is the best, and every loss and every other plan is what looking at all plans says."""
    every = worths(posts, terms)
    best = max(every.values())
    assert (found.worth, found.bound, found.status) == (best, best, PlacementStatus.PROVEN)
    assert every[frozenset(found.plan)] == found.worth
    assert found.cost == posts.cost[list(found.plan)].sum()
    assert found.greedy <= best
    for loss in found.losses:
        others = np.arange(len(posts)) != loss.post
        less = Posts(posts.cost[others], posts.worth[others], _renumbered(posts.country[others]))
        without = max(worths(less, terms).values(), default=None)
        expected = None if without is None else best - without
        assert (loss.least, loss.most) == (expected, expected)
    before = [frozenset(found.plan)]
    for other in found.alternatives:
        apart = [
            worth
            for plan, worth in every.items()
            if all(len(plan & one) <= len(one) - math.ceil(REPLACED * len(one)) for one in before)
        ]
        assert (other.worth, other.bound) == (max(apart), max(apart))
        assert every[frozenset(other.plan)] == other.worth
        before.append(frozenset(other.plan))


def _renumbered(country: np.ndarray) -> np.ndarray:
    return np.unique(country, return_inverse=True)[1]


@st.composite
def questions(draw: st.DrawFn) -> tuple[Posts, Terms]:
    """Up to nine posts of three countries; some worths go with the costs, which is the hard case."""
    n = draw(st.integers(1, 9))
    cost = draw(st.lists(st.integers(0, 60), min_size=n, max_size=n))
    added = draw(st.one_of(st.just([7] * n), st.lists(st.integers(0, 60), min_size=n, max_size=n)))
    country = _renumbered(np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))))
    worth = [each + more for each, more in zip(cost, added, strict=True)] if draw(st.booleans()) else added
    share = draw(st.sampled_from([1.0, 0.7, 0.5, 1 / 3]))
    terms = Terms(draw(st.integers(0, 200)), share, draw(st.integers(0, 2)), draw(st.booleans()))
    return Posts(np.array(cost) * draw(st.sampled_from([1, 500])), worth, country), terms


@settings(max_examples=60, deadline=None)
@given(questions())
def test_it_is_the_best_of_all_plans(asked: tuple[Posts, Terms]) -> None:
    posts, terms = asked
    try:
        found = connect(posts, terms, budget_seconds=60)
    except Unplaceable:
        assert terms.budget < posts.cost.min() or not worths(posts, terms)
        return
    judged(posts, terms, found)


def test_hard_costs_are_proven_too() -> None:
    """Worth that goes with the cost is what branch and bound alone does not end with."""
    random = np.random.default_rng(4)
    cost = random.integers(20_000, 90_000, 150)
    found = connect(
        Posts(cost, (cost + 30_000) // 10, random.integers(0, 12, 150)),
        Terms(int(cost.sum() // 5), 0.2, 1),
        alternatives=0,
        progress=lambda _seconds, _worth, _bound, doing: doing != "losses",
    )
    assert found.status is PlacementStatus.PROVEN


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (Terms(9), "the cheapest one costs 10"),
        (Terms(29, floor=1), "cost at least 30, and the budget is 29"),
        (Terms(40, share=0.3, floor=1), "cost more than a country may get, 12: 1. Allow"),
    ],
)
def test_what_cannot_be_is_said(terms: Terms, said: str) -> None:
    with pytest.raises(Unplaceable, match=said):
        connect(Posts([10, 20, 40], [1, 1, 1], [0, 1, 1]), terms)


def test_without_posts_there_is_no_plan() -> None:
    with pytest.raises(Unplaceable, match="no post that could be connected"):
        connect(Posts([], [], []), Terms(100))


def test_somebody_who_stops_it_gets_the_best_so_far() -> None:
    posts = Posts(np.arange(1, 41), np.arange(1, 41) * 3 % 17, np.arange(40) % 4)
    early = connect(posts, Terms(100), progress=lambda *_told: False)
    assert (early.status, early.losses) == (PlacementStatus.CANCELLED, ())
    assert 0 < early.worth <= connect(posts, Terms(100), alternatives=0).worth
    heard: list[str] = []
    told = connect(posts, Terms(100), progress=lambda _s, _w, _b, doing: not heard.append(doing))
    assert (list(dict.fromkeys(heard)), len(told.losses)) == (["plan", "others", "losses"], len(told.plan))
