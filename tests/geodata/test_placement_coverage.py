"""Covers are the best of all choices, keep every rule, and say what cannot be reached."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulp import HiGHS
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.spatial import cKDTree
from spopt.locate import LSCP, MCLP

from geodata.placement.coverage import Reach, cover_all, cover_most, reach
from geodata.placement.problem import Unplaceable
from geodata.placement.solver import PlacementStatus

NEAR = Reach(4, ("Bridge", "Ferry", "Pass"), (np.array([0, 1]), np.array([1, 2]), np.array([0])))


def scattered(seed: int, points: int = 60, sites: int = 9) -> tuple[Reach, np.ndarray]:
    random = np.random.default_rng(seed)
    lon, lat = random.uniform(20, 24, points), random.uniform(40, 43, points)
    stands = random.uniform(20, 24, sites), random.uniform(40, 43, sites)
    names = [f"site {i}" for i in range(sites)]
    return reach((lon, lat), stands, names, km=70), np.round(random.uniform(0.5, 9, points), 2)


def slow_most(reached: Reach, weight: np.ndarray, plans: list[tuple[int, ...]]) -> float:
    def covered(plan: tuple[int, ...]) -> float:
        return float(weight[np.unique(np.concatenate([reached.within[site] for site in plan]))].sum())

    return max(covered(plan) for plan in plans)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000), teams=st.integers(1, 5))
def test_the_most_is_the_most_of_all_choices(seed: int, teams: int) -> None:
    reached, weight = scattered(seed)
    answer = cover_most(reached, weight, teams)
    assert answer.status is PlacementStatus.PROVEN
    assert answer.covered == pytest.approx(slow_most(reached, weight, list(itertools.combinations(range(9), teams))))
    assert answer.greedy <= answer.covered + 1e-9 <= answer.bound + 1e-6
    assert len(answer.plan) <= teams


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt builds its models as an older PuLP wants them
def test_the_most_is_that_of_spopt() -> None:
    reached, weight = scattered(4, points=200, sites=25)
    cost = np.full((200, 25), 9.0)
    for site, points in enumerate(reached.within):
        cost[points, site] = 1.0
    theirs = MCLP.from_cost_matrix(cost, weight, 1.0, p_facilities=6).solve(HiGHS(msg=False))
    assert cover_most(reached, weight, 6).covered == pytest.approx(theirs.problem.objective.value())


@pytest.mark.parametrize("seed", range(4))
def test_rules_of_staffing_hold(seed: int) -> None:
    reached, weight = scattered(seed)
    answer = cover_most(reached, weight, 3, fixed=["site 0"], forbidden=["site 1"], staffed=["site 2"])
    plans = [(0, 2, *more) for more in itertools.combinations(range(3, 9), 2)]
    assert "site 0" in answer.plan
    assert not {"site 1", "site 2"} & set(answer.plan)
    assert answer.covered == pytest.approx(slow_most(reached, weight, plans))


def test_a_full_site_serves_no_more_than_it_can() -> None:
    weight, room = [5.0, 3.0, 4.0, 1.0], [6.0, 5.0, 4.0]
    answer = cover_most(NEAR, weight, 2, capacity=room)
    assert answer.plan == ("Bridge", "Ferry")
    assert answer.covered == pytest.approx(11.0)  # the bridge serves 6 of 8, the ferry 5 of 7
    assert cover_most(NEAR, weight, 3, capacity=room).covered == pytest.approx(12.0)  # all that is in reach
    assert answer.reachable == 12.0
    assert answer.total == 13.0


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000))
def test_room_beyond_need_is_no_limit(seed: int) -> None:
    reached, weight = scattered(seed)
    roomy = cover_most(reached, weight, 3, capacity=np.full(9, 1e4))
    assert roomy.covered == pytest.approx(cover_most(reached, weight, 3).covered)
    tight = cover_most(reached, weight, 3, capacity=np.full(9, 20.0))
    assert tight.covered <= min(60.0, roomy.covered) + 1e-6
    assert tight.greedy <= tight.covered + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_fewest_are_the_fewest_of_all_choices(seed: int) -> None:
    reached, _ = scattered(seed)
    answer = cover_all(reached)
    everything = np.unique(np.concatenate(reached.within))
    fewest = next(
        n
        for n in range(1, 10)
        for plan in itertools.combinations(range(9), n)
        if len(np.unique(np.concatenate([reached.within[site] for site in plan]))) == len(everything)
    )
    assert (len(answer.plan), answer.least, answer.status) == (fewest, fewest, PlacementStatus.PROVEN)
    chosen = [reached.within[reached.sites.index(name)] for name in answer.plan]
    assert np.array_equal(np.unique(np.concatenate(chosen)), everything)
    assert np.array_equal(answer.out_of_reach, np.setdiff1d(np.arange(60), everything))


def strewn(points: int, sites: int, radius: float, seed: int = 7) -> Reach:
    """Points and sites strewn over a unit square, so many that HiGHS fixes some of them before it searches."""
    random = np.random.default_rng(seed)
    where, stands = random.uniform(size=(points, 2)), random.uniform(size=(sites, 2))
    near = cKDTree(where).query_ball_point(stands, radius)
    return Reach(points, tuple(f"site {i}" for i in range(sites)), tuple(np.array(sorted(each), int) for each in near))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt builds its models as an older PuLP wants them
def test_the_fewest_of_a_thousand_points_are_those_of_spopt() -> None:
    reached = strewn(1_000, 500, 0.05)
    answer = cover_all(reached)
    cost = np.full((1_000, 500), 9.0)
    for site, near in enumerate(reached.within):
        cost[near, site] = 1.0
    served = np.setdiff1d(np.arange(1_000), answer.out_of_reach)
    theirs = LSCP.from_cost_matrix(cost[served], 1.0).solve(HiGHS(msg=False))
    assert (answer.status, len(answer.plan)) == (PlacementStatus.PROVEN, round(theirs.problem.objective.value()))


def test_the_fewest_of_ten_thousand_points_are_those_of_scipy() -> None:
    reached = strewn(10_000, 500, 0.05)
    answer = cover_all(reached)
    cover = np.zeros((10_000, 500), dtype=np.bool_)
    for site, near in enumerate(reached.within):
        cover[near, site] = True
    rows = np.unique(cover[cover.any(axis=1)], axis=0).astype(float)
    theirs = milp(np.ones(500), constraints=LinearConstraint(csr_array(rows), lb=1), integrality=1, bounds=Bounds(0, 1))
    assert (answer.status, len(answer.plan)) == (PlacementStatus.PROVEN, round(theirs.fun))


@pytest.mark.parametrize("seed", range(30))
def test_the_fewest_are_proven_wherever_a_start_could_mislead(seed: int) -> None:
    answer = cover_all(strewn(400, 120, 0.09, seed))
    assert (answer.status, answer.least) == (PlacementStatus.PROVEN, len(answer.plan))


def test_the_fewest_besides_those_of_others_and_with_those_fixed() -> None:
    assert cover_all(NEAR).plan == ("Bridge", "Ferry")
    assert cover_all(NEAR, staffed=["Ferry"]).plan in {("Bridge",), ("Pass",)}
    assert cover_all(NEAR, fixed=["Pass"]).plan == ("Ferry", "Pass")
    without = cover_all(NEAR, forbidden=["Ferry"])
    assert (without.plan, without.out_of_reach.tolist()) == (("Bridge",), [2, 3])


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_points_and_sites_changes_nothing(seed: int) -> None:
    reached, weight = scattered(seed)
    random = np.random.default_rng(seed)
    points, sites = random.permutation(60), random.permutation(9)
    place_of = np.argsort(points)
    mixed = Reach(60, tuple(reached.sites[i] for i in sites), tuple(place_of[reached.within[i]] for i in sites))
    one, other = cover_most(reached, weight, 3), cover_most(mixed, weight[points], 3)
    assert (one.plan, one.covered, one.greedy) == (other.plan, other.covered, other.greedy)


def test_cancelling_leaves_the_greedy_answer() -> None:
    reached, weight = scattered(1)
    answer = cover_most(reached, weight, 3, progress=lambda seconds, covered, bound: False)
    assert answer.status is PlacementStatus.CANCELLED
    assert answer.covered == answer.greedy > 0
    assert answer.bound >= cover_most(reached, weight, 3).covered


def test_reach_crosses_the_line_at_180() -> None:
    found = reach(([179.9, 0.0], [10.0, 10.0]), ([-179.9], [10.0]), ["Atoll"], km=30)
    assert found.within[0].tolist() == [0]


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: reach(([95.0], [120.0]), ([0.0], [0.0]), ["A"], 5), "Are the two swapped"),
        (lambda: reach(([1.0, np.nan], [1.0, 1.0]), ([0.0], [0.0]), ["A"], 5), "outside of longitude"),
        (lambda: reach(([], []), ([0.0], [0.0]), ["A"], 5), "at least one"),
        (lambda: reach(([1.0], [1.0]), ([0.0], [0.0]), ["A", "B"], 5), "2 names for 1 sites"),
        (lambda: reach(([1.0], [1.0]), ([0.0], [0.0]), ["A"], -5), "reach of -5 km"),
        (lambda: Reach(2, ("A",), (np.array([2]),)), "a point that does not exist"),
        (lambda: Reach(2, ("A", "A"), (np.array([1]), np.array([1]))), "more than one site"),
        (lambda: cover_most(NEAR, [1, 2, 3], 1), "There must be 4 numbers of weight"),
        (lambda: cover_most(NEAR, [1, 2, 3, -1], 1), "each 0 or more"),
        (lambda: cover_most(NEAR, np.ones(4), 4), "4 teams"),
        (lambda: cover_most(NEAR, np.ones(4), 1, fixed=["Tunnel"]), "Tunnel: there is no such site"),
        (lambda: cover_most(NEAR, np.ones(4), 1, fixed=["Pass"], staffed=["Pass"]), "at the same time"),
        (lambda: cover_most(NEAR, np.ones(4), 1, fixed=["Pass", "Ferry"]), "No plan is possible"),
    ],
)
def test_what_cannot_be_answered_is_said(ask, sentence) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Unplaceable, match=sentence):
        ask()


def test_nothing_in_reach_covers_nothing() -> None:
    lonely = reach(([0.0, 1.0], [0.0, 0.0]), ([90.0, 91.0], [0.0, 0.0]), ["A", "B"], km=10)
    answer = cover_most(lonely, [1.0, 2.0], 1)
    assert (answer.plan, answer.covered, answer.bound, answer.status) == ((), 0.0, 0.0, PlacementStatus.PROVEN)
    nobody = cover_all(lonely)
    assert (nobody.plan, nobody.out_of_reach.tolist()) == ((), [0, 1])
