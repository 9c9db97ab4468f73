"""Answers are the best of all plans on small networks, keep every rule, and their bound is never beaten."""

import itertools
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.placement import heuristics, relaxation, solver
from geodata.placement.contraction import contracted
from geodata.placement.cuts import Pool
from geodata.placement.evaluation import evaluate, unseen, values
from geodata.placement.instance import instance, thinned
from geodata.placement.problem import Unplaceable
from geodata.placement.solver import PROVEN, HeuristicRule, PlacementProgress, PlacementStatus, place
from tests.cpu_time import least
from tests.geodata.small_networks import network, slow_best, slow_unseen, wide


@pytest.mark.parametrize("seed", range(12))
def test_small_answers_are_the_best_of_all_plans(seed: int) -> None:
    raw = network(seed)
    answer = place(raw.problem())
    assert answer.status is PlacementStatus.PROVEN
    assert answer.unseen == pytest.approx(slow_best(raw), rel=1e-6)
    assert answer.unseen == pytest.approx(slow_unseen(raw, answer.plan), rel=1e-9)
    assert answer.bound <= answer.unseen <= answer.bound * (1 + 2 * PROVEN)


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), teams=st.integers(0, 6), rounds=st.integers(1, 5), data=st.data())
def test_no_feasible_plan_beats_the_bound_however_early_it_is_asked(
    seed: int, teams: int, rounds: int, data: st.DataObject
) -> None:
    raw = network(seed, teams=teams)
    left = iter(range(rounds))
    answer = place(raw.problem(), progress=lambda state: next(left, None) is not None)
    plan = data.draw(st.sets(st.sampled_from(raw.sites), max_size=teams))
    assert slow_unseen(raw, plan) >= answer.bound - 1e-9
    assert slow_unseen(raw, answer.plan) == pytest.approx(answer.unseen)
    assert len(answer.plan) <= teams


def test_the_proof_needs_the_tree_and_is_right() -> None:
    """Twenty-four sites leave a gap at the root: 10,626 plans, weighed by Muster's own evaluation."""
    raw = network(5, sites=24, teams=4, scenarios=14, nodes=16)
    made = instance(raw.problem())
    answer = place(raw.problem())
    best = np.inf
    for plan in itertools.combinations(range(24), 4):
        chosen = heuristics.empty(made)
        chosen[list(plan)] = True
        best = min(best, unseen(made, chosen))
    assert answer.proven
    assert answer.unseen == pytest.approx(best * made.total, rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_fixed_forbidden_and_staffed_sites_are_respected(seed: int) -> None:
    raw = network(seed)
    fixed, forbidden, staffed = raw.sites[:3]
    answer = place(raw.problem(fixed=[fixed], forbidden=[forbidden], staffed=[staffed]))
    plans = [(fixed, staffed, *more) for more in itertools.combinations(raw.sites[3:], raw.teams - 1)]
    assert fixed in answer.plan
    assert not {forbidden, staffed} & set(answer.plan)
    assert answer.proven
    assert answer.unseen == pytest.approx(slow_best(raw, plans), rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_skills_and_effort_are_respected(seed: int) -> None:
    raw = network(seed)
    problem = raw.problem(
        teams=[["sea"], ["sea", "documents"], []],
        needs=["sea", "documents", "documents", "", "sea", "", "documents"],
        effort=[2, 3, 1, 4, 2, 5, 1],
        purse=8,
    )
    answer = place(problem)
    allowed = [
        plan
        for n in range(4)
        for plan in itertools.combinations(raw.sites, n)
        if problem.limits.allow(problem.flags(plan))
    ]
    assert len(allowed) < sum(1 for n in range(4) for _ in itertools.combinations(raw.sites, n))
    assert answer.plan in allowed
    assert answer.proven
    assert answer.unseen == pytest.approx(slow_best(raw, allowed), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    raw = network(seed, sites=9)
    one, other = place(raw.problem()), place(raw.shuffled(seed).problem())
    assert one.plan == other.plan
    assert (one.unseen, one.bound) == (other.unseen, other.bound)
    assert one.by_rule == other.by_rule
    assert one.kept.digest == other.kept.digest


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_cancelling_leaves_a_plan_and_a_bound_that_hold(after: int) -> None:
    raw = network(2, sites=12, teams=5, scenarios=10, nodes=14)
    seen: list[PlacementProgress] = []

    def progress(state: PlacementProgress) -> bool:
        seen.append(state)
        return len(seen) <= after

    answer = place(raw.problem(), progress=progress)
    best = place(raw.problem()).unseen
    assert answer.bound - 1e-9 <= best <= answer.unseen + 1e-9
    assert answer.status in (PlacementStatus.CANCELLED, PlacementStatus.PROVEN)
    raw.problem().check_plan(answer.plan)
    assert all(earlier.unseen >= later.unseen for earlier, later in itertools.pairwise(seen))
    assert all(earlier.bound <= later.bound for earlier, later in itertools.pairwise(seen))


def test_a_cancel_in_the_tree_is_heard_and_an_error_comes_out() -> None:
    raw = network(5, sites=24, teams=6, scenarios=14, nodes=16)

    def stopping(state: PlacementProgress) -> bool:
        return state.stage.value != "proof"

    cancelled = place(raw.problem(), progress=stopping)
    assert cancelled.bound <= place(raw.problem()).unseen + 1e-9

    def failing(state: PlacementProgress) -> bool:
        if state.stage.value != "rules of thumb":
            raise ConnectionError("the screen is gone")
        return True

    with pytest.raises(ConnectionError, match="the screen is gone"):
        place(raw.problem(), progress=failing)


def test_time_up_is_no_proof() -> None:
    raw = network(5, sites=24, teams=4, scenarios=14, nodes=16)
    assert least(lambda: place(raw.problem(), budget_seconds=1e-6), within=5) < 5
    answer = place(raw.problem(), budget_seconds=1e-6)
    assert answer.status is PlacementStatus.TIME
    assert answer.bound < answer.unseen


def test_what_was_kept_shortens_the_way_and_fits_its_network_only() -> None:
    raw = network(5, sites=20, teams=4, scenarios=14, nodes=16)
    first = place(raw.problem())
    again = place(raw.problem(), start=first.plan, kept=first.kept)
    other = place(raw.problem(teams=5), kept=first.kept)
    assert again.unseen == pytest.approx(first.unseen)
    assert other.unseen == pytest.approx(place(raw.problem(teams=5)).unseen)
    with pytest.raises(Unplaceable, match="belongs to another network"):
        place(network(6).problem(), kept=first.kept)
    with pytest.raises(Unplaceable, match="not enough for this plan"):
        place(raw.problem(), start=raw.sites[:5])


@pytest.mark.parametrize("seed", range(4))
def test_the_answer_is_never_worse_than_a_rule_of_thumb(seed: int) -> None:
    raw = network(seed, sites=9, teams=4)
    answer = place(raw.problem())
    assert set(answer.by_rule) == set(HeuristicRule)
    assert answer.unseen <= min(answer.by_rule.values()) + 1e-9


def test_a_second_crossing_must_close_before_the_first_pays() -> None:
    """Two equal bridges: greedy sees no gain in either and may place teams at the ferry nobody takes."""
    arcs = [(1, 2, 0.9, 0.0, "north"), (1, 2, 0.9, 0.0, "south"), (1, 2, 0.1, 0.1, "")]
    raw = network(1).__class__(arcs, ["north", "south"], [(1, 2, 1.0)], 2)
    answer = place(raw.problem())
    assert answer.plan == ("north", "south")
    assert answer.unseen == pytest.approx(0.1)


@pytest.mark.parametrize("seed", range(6))
def test_a_network_made_small_gives_the_same_chances_and_answers(seed: int) -> None:
    """Every road without a site is cut into six, so that most nodes do not matter."""
    raw = network(seed, sites=6)
    parted: list[tuple[int, int, float, float, str]] = []
    for number, (u, v, r, q, name) in enumerate(raw.arcs):
        if name:
            parted.append((u, v, r, q, name))
            continue
        nodes = [u, *(1000 + number * 10 + i for i in range(5)), v]
        parted += [(a, b, r ** (1 / 6), r ** (1 / 6), "") for a, b in itertools.pairwise(nodes)]
    long = replace(raw, arcs=parted)
    made = instance(long.problem(staffed=["site 5"]))
    small = contracted(made)
    assert small.size < made.size / 3
    for flags in itertools.product([False, True], repeat=5):
        assert values(small, np.array(flags)) == pytest.approx(values(made, np.array(flags)), rel=1e-9)
    assert place(long.problem()).unseen == pytest.approx(slow_best(raw), rel=1e-6)


def test_no_team_and_no_free_site_are_answers_too() -> None:
    raw = network(1)
    nobody = place(raw.problem(teams=0))
    assert (nobody.plan, nobody.status) == ((), PlacementStatus.PROVEN)
    assert nobody.unseen == evaluate(raw.problem(), []).unseen
    settled = place(raw.problem(teams=2, fixed=raw.sites[:2], forbidden=raw.sites[2:]))
    assert settled.plan == tuple(raw.sites[:2])
    assert settled.proven


@pytest.mark.sample(1)
@pytest.mark.parametrize(("seed", "teams"), [(1, 6), (2, 15)])
def test_a_large_network_is_answered_in_time_and_within_a_hundredth_of_rules_with_exchanges(
    monkeypatch: pytest.MonkeyPatch, seed: int, teams: int
) -> None:
    """Time is that of the processor, which on a busy machine does less in it: rules alone may come a little further."""
    monkeypatch.setattr(time, "perf_counter", time.process_time)
    monkeypatch.setattr(solver, "_RULES_SECONDS", 0.3)  # in proportion to the network, which is a tenth of a large one
    problem, seconds = wide(seed, nodes=1_200, sites=160, scenarios=400, ends=40, teams=teams), 2.0
    answer = place(problem, budget_seconds=seconds)
    assert answer.seconds < 1.3 * seconds
    made = contracted(instance(problem))
    until = time.perf_counter() + seconds
    by_rule = heuristics.swapped(made, heuristics.by_rerouted_flow(made, until=until), until)
    assert answer.unseen <= unseen(made, by_rule) * answer.total * 1.01
    assert answer.bound <= answer.unseen


def test_a_hurried_relaxation_learns_more_in_as_many_rounds() -> None:
    made = contracted(instance(wide(1, nodes=800, sites=120, scenarios=150, ends=20, teams=8)))

    def after(rounds: int, *, hurried: bool) -> float:
        heard = iter(range(rounds))
        found, _ = relaxation.bound(made, Pool(made), lambda state: next(heard, None) is not None, hurried=hurried)
        return found.bound

    early, usual, floor = after(5, hurried=True), after(5, hurried=False), float(made.weight @ Pool(made).floor)
    assert early - floor > 2 * (usual - floor)
    assert early <= unseen(made, heuristics.by_flow(made))


@pytest.mark.parametrize("seed", range(4))
def test_a_hurried_relaxation_is_below_every_plan(seed: int) -> None:
    raw = network(seed)
    made = contracted(instance(raw.problem()))
    relaxed, _ = relaxation.bound(made, Pool(made), lambda state: True, hurried=True)
    assert 0 < relaxed.bound * made.total <= slow_best(raw) * (1 + 1e-6)


def test_drawn_scenarios_stand_for_all_of_them() -> None:
    made = instance(wide(3, nodes=300, sites=40, scenarios=300, ends=60, teams=5))
    chosen = heuristics.by_flow(made)
    few = [thinned(made, 20, seed) for seed in range(60)]
    assert all(len(each.roots) <= 20 and each.weight.sum() == pytest.approx(1.0) for each in few)
    assert np.mean([unseen(each, chosen) for each in few]) == pytest.approx(unseen(made, chosen), rel=0.03)
