"""The floor of a scenario is never above what any plan lets pass of it, and tells what the relaxation cannot."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.placement import heuristics
from geodata.placement.contraction import contracted
from geodata.placement.cuts import Pool
from geodata.placement.evaluation import values
from geodata.placement.instance import Instance, instance
from geodata.placement.problem import PlacementProblem
from geodata.placement.relaxation import bound
from geodata.placement.scenario_floors import Alone
from tests.geodata.small_networks import network

ALL = 10**6


def least_of_all_plans(made: Instance) -> np.ndarray:
    """What each scenario lets pass under the plan that is best against it alone, by trying all."""
    least = values(made, heuristics.empty(made))
    for taken in itertools.product([False, True], repeat=len(made.names)):
        chosen = np.array(taken)
        if made.limits.allow(chosen):
            least = np.minimum(least, values(made, chosen))
    return least


def floors(made: Instance, reached: np.ndarray | None = None) -> np.ndarray:
    """All that is shown, however often it was tried in vain."""
    reached = values(made, heuristics.by_gain(made, np.inf)) if reached is None else reached
    return Alone(made).floors(Pool(made).floor, reached, lambda low: True, ALL)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), teams=st.integers(1, 5))
def test_no_plan_lets_less_pass_than_the_floor(seed: int, teams: int) -> None:
    made = instance(network(seed, teams=teams).problem())
    found, least = floors(made), least_of_all_plans(made)
    assert (found >= Pool(made).floor).all()
    assert (found <= least + 1e-9).all()


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_within_skills_and_purse_lets_less_pass(seed: int) -> None:
    problem = network(seed).problem(
        teams=[["sea"], ["sea", "documents"], []],
        needs=["sea", "documents", "documents", "", "sea", "", "documents"],
        effort=[2, 3, 1, 4, 2, 5, 1],
        purse=8,
    )
    made = instance(problem)
    assert (floors(made) <= least_of_all_plans(made) + 1e-9).all()


def test_a_purse_that_is_empty_staffs_nobody() -> None:
    """A limit of 0 that a fixed site has used up: everybody passes as nobody were there."""
    raw = network(3, teams=2)
    made = instance(raw.problem(effort=[1.0] * 7, purse=1.0, fixed=["site 0"]))
    assert made.limits.most.min() == 0
    assert floors(made) == pytest.approx(values(made, heuristics.empty(made)), rel=1e-6)


def border(crossings: int, teams: int) -> PlacementProblem:
    """One journey over two borders, one after the other, each with as many crossings of equal worth."""
    first = [(1, 2, 0.9, 0.18, place) for place in range(crossings)]
    second = [(2, 3, 0.9, 0.18, place) for place in range(crossings, 2 * crossings)]
    arcs = tuple(map(list, zip(*first, *second, strict=True)))
    return PlacementProblem.of(arcs, [f"site {n:02}" for n in range(2 * crossings)], ([1], [3], [1.0]), teams=teams)  # type: ignore[arg-type]


@pytest.mark.parametrize(("teams", "passes"), [(2, 0.81), (3, 0.162), (5, 0.162), (6, 0.0324)])
def test_teams_close_a_border_or_they_do_not(teams: int, passes: float) -> None:
    """Five teams at two borders of three crossings close one: two thirds of the other are worth nothing."""
    made = instance(border(3, teams))
    assert least_of_all_plans(made) == pytest.approx([passes])
    assert floors(made) == pytest.approx([passes], rel=1e-6)
    if teams in (2, 5):
        relaxed, _ = bound(made, Pool(made), lambda relaxed: True)
        assert relaxed.bound < 0.9 * passes


@pytest.mark.parametrize("seed", range(4))
def test_floors_are_those_of_the_network_made_small(seed: int) -> None:
    made = instance(network(seed, nodes=60, sites=6).problem())
    small = contracted(made)
    assert small.size < made.size
    reached = values(made, heuristics.by_gain(made, np.inf))
    assert floors(small, reached) == pytest.approx(floors(made, reached), rel=0.02)
    assert (floors(small, reached) <= least_of_all_plans(made) + 1e-9).all()


def test_it_ends_when_asked_and_when_the_first_were_in_vain() -> None:
    made = instance(network(1).problem())
    reached = np.minimum(values(made, heuristics.empty(made)), 1.0)
    known = Pool(made).floor
    assert (Alone(made).floors(known, reached, lambda low: False) == known).all()
    calls: list[int] = []

    def heard(low: np.ndarray) -> bool:
        calls.append(1)
        return True

    # Three teams close a border of three crossings and 0.162 passes: that more does is never shown.
    hard = instance(border(3, 3))
    impossible = np.array([1.0])
    assert Alone(hard).floors(np.array([0.161]), impossible, heard, 1) == pytest.approx([0.161])
    assert len(calls) == 2
