"""What a site is worth, other plans, more teams, several beliefs, and draws: each against the slow way."""

import itertools
from collections import Counter

import numpy as np
import pytest

from geodata.placement import exact, heuristics
from geodata.placement.advice import IN_FORCE, PROPOSED, alternatives, compare, explain, frontier
from geodata.placement.cuts import Cuts, Pool
from geodata.placement.evaluation import evaluate, unseen
from geodata.placement.instance import instance
from geodata.placement.problem import PlacementProblem, Unplaceable
from geodata.placement.randomised_plan import draw, randomise
from geodata.placement.robust_plan import place_robustly
from geodata.placement.solver import HeuristicRule, PlacementStatus, place
from tests.geodata.small_networks import network, slow_best, slow_unseen


@pytest.mark.parametrize("seed", range(5))
def test_each_site_tells_what_its_loss_costs_and_who_replaces_it_best(seed: int) -> None:
    raw = network(seed)
    plan = place(raw.problem()).plan
    now = slow_unseen(raw, plan)
    told = explain(raw.problem(), plan)
    assert [each.site for each in told] == sorted(
        plan, key=lambda site: (-next(each.loss for each in told if each.site == site), site)
    )
    for each in told:
        rest = set(plan) - {each.site}
        others = {name: slow_unseen(raw, {*rest, name}) for name in set(raw.sites) - set(plan)}
        assert each.loss == pytest.approx(slow_unseen(raw, rest) - now, abs=1e-9)
        assert each.loss_with_next_best == pytest.approx(min(others.values()) - now, abs=1e-9)
        if each.next_best is not None:
            assert others[each.next_best] == pytest.approx(min(others.values()))


def test_a_fixed_site_has_a_worth_and_no_substitute() -> None:
    raw = network(2)
    problem = raw.problem(fixed=["site 1"])
    told = {each.site: each for each in explain(problem, place(problem).plan)}
    assert told["site 1"].next_best is None
    with pytest.raises(Unplaceable, match="site 1: fixed, but not in the plan"):
        explain(problem, ["site 0"])


@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_alternatives_differ_and_are_the_best_that_do(seed: int) -> None:
    raw = network(seed)
    first = place(raw.problem())
    others = alternatives(raw.problem(), first, plans=2, differ=2)
    plans = [set(first.plan), *(set(other.plan) for other in others)]
    assert len(plans) > 1
    for one, later in itertools.combinations(plans, 2):
        assert len(one - later) >= min(2, len(one))
    must = min(2, len(first.plan))
    allowed = [plan for plan in itertools.combinations(raw.sites, 3) if len(set(first.plan) - set(plan)) >= must]
    assert others[0].proven
    assert others[0].unseen == pytest.approx(slow_best(raw, allowed), rel=1e-6)


def test_where_no_site_gains_anything_there_is_no_other_plan() -> None:
    raw = network(3)
    assert place(raw.problem()).plan == ()
    assert alternatives(raw.problem(), place(raw.problem())) == ()


@pytest.mark.parametrize("seed", range(3))
def test_the_frontier_is_the_best_for_each_number_of_teams(seed: int) -> None:
    raw = network(seed, teams=4)
    found = frontier(raw.problem(), [4, 0, 2, 1])
    assert list(found) == [0, 1, 2, 4]
    for count, answer in found.items():
        assert answer.unseen == pytest.approx(slow_best(raw, itertools.combinations(raw.sites, count)), rel=1e-6)
    with pytest.raises(Unplaceable, match="5 teams: the question has 4"):
        frontier(raw.problem(), [5])


def test_the_plan_stands_beside_the_habit() -> None:
    raw = network(3)
    answer = place(raw.problem())
    rows = compare(raw.problem(), answer.plan, in_force=raw.sites[:5])
    assert {row.name for row in rows} == {PROPOSED, IN_FORCE, *(rule.value for rule in HeuristicRule)}
    by_name = {row.name: row for row in rows}
    assert by_name[IN_FORCE].moved == 0.0
    assert by_name[IN_FORCE].unseen == pytest.approx(slow_unseen(raw, raw.sites[:5]))
    assert by_name[PROPOSED].unseen <= min(by_name[rule.value].unseen for rule in HeuristicRule) + 1e-9
    assert list(rows) == sorted(rows, key=lambda row: row.unseen)


@pytest.mark.parametrize("seed", range(8))
def test_the_tree_alone_from_nothing_finds_and_proves_the_best(seed: int) -> None:
    raw = network(seed, sites=9, teams=3, scenarios=8)
    made = instance(raw.problem())
    nothing = heuristics.empty(made)
    pool = Pool(made)
    found = exact.Search(nothing, unseen(made, nothing), float(made.weight @ pool.floor))
    exact.search(made, pool, Cuts.none(len(made.names)), found, 60.0, 1e-6, lambda state: True)
    best = slow_best(raw) / made.total
    assert found.unseen == pytest.approx(best, rel=1e-6)
    assert found.bound == pytest.approx(best, rel=2e-6)


@pytest.mark.parametrize("seed", range(4))
def test_the_plan_for_several_beliefs_regrets_least_of_those_weighed(seed: int) -> None:
    raw = network(seed)
    random = np.random.default_rng(seed)
    beliefs = [np.array([1.0, 0, 0, 0, 0]), random.uniform(size=5), random.uniform(size=5)]
    problem = raw.problem()
    answer = place_robustly(problem, beliefs)
    for belief, best, regret in zip(beliefs, answer.best, answer.regret, strict=True):
        chances = np.nan_to_num(evaluate(problem, answer.plan).by_scenario)
        assert regret == pytest.approx(chances @ belief / belief.sum() - best.unseen, abs=1e-6)
    assert answer.worst >= 0
    assert answer.proven
    with pytest.raises(Unplaceable, match="A belief needs 5 shares"):
        place_robustly(problem, [[1.0]])


@pytest.mark.parametrize("seed", range(4))
def test_odds_add_up_to_the_teams_and_beat_the_best_fixed_plan(seed: int) -> None:
    raw = network(seed, sites=8)
    odds = randomise(raw.problem(), steps=300)
    assert odds.odds.sum() == pytest.approx(3, abs=1e-9)
    assert np.all((odds.odds >= 0) & (odds.odds <= 1))
    assert odds.bound - 1e-9 <= odds.unseen <= place(raw.problem()).unseen * 1.02
    mixed = [
        (u, v, r - (r - q) * odds.of(name), 0.0, "") if name else (u, v, r, q, "") for u, v, r, q, name in raw.arcs
    ]
    assert odds.unseen == pytest.approx(slow_unseen(raw.__class__(mixed, [], raw.scenarios, 0), []), rel=1e-9)


def test_the_draw_takes_exactly_the_teams_as_often_as_the_odds_say_and_again_the_same() -> None:
    raw = network(1, sites=9, teams=4)
    odds = randomise(raw.problem(fixed=["site 3"]), steps=100)
    days = 4000
    drawn = [draw(odds, seed=11, day=day) for day in range(days)]
    assert {len(set(plan)) for plan in drawn} == {4}
    counts = Counter(site for plan in drawn for site in plan)
    assert counts["site 3"] == days
    for site, chance in zip(odds.sites, odds.odds, strict=True):
        assert counts[site] / days == pytest.approx(chance, abs=5 * np.sqrt(0.25 / days))
    assert drawn[7] == draw(odds, seed=11, day=7)
    assert any(draw(odds, seed=12, day=day) != drawn[day] for day in range(10))


def test_odds_take_no_skills_and_stop_when_asked() -> None:
    raw = network(1)
    with pytest.raises(Unplaceable, match="Leave skills and effort out"):
        randomise(raw.problem(needs=["sea", "", "", "", "", "", ""], teams=[["sea"], [], []]))
    stopped = randomise(raw.problem(), progress=lambda seconds, unseen, bound: False)
    assert stopped.bound - 1e-9 <= stopped.unseen
    assert stopped.odds.sum() == pytest.approx(3)


def test_more_teams_than_are_of_use_are_told_as_idle() -> None:
    arcs = ([1, 1, 3, 8], [2, 3, 2, 9], [0.9, 0.8, 0.5, 0.5], [0.1, 0.2, 0.5, 0.1], [0, 1, -1, 2])
    problem = PlacementProblem.of(arcs, ["Bridge", "Ferry", "Elsewhere"], ([1], [2], [1.0]), teams=3)
    told = {each.site: each.loss for each in explain(problem, ["Bridge", "Ferry", "Elsewhere"])}
    assert told["Elsewhere"] == 0.0
    assert place(problem).status is PlacementStatus.PROVEN
