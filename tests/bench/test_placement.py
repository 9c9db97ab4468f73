"""Placement: the published instances proven, a first plan at once, odds against plans, and covers against spopt."""

import os
import statistics
import time

import highspy
import networkx as nx
import numpy as np
import pytest
from pulp import HiGHS
from scipy.spatial import cKDTree
from spopt.locate import MCLP

from geodata.ground.distances import on_sphere
from geodata.ground.reference import places
from geodata.placement import heuristics
from geodata.placement.compact_form import compact_model
from geodata.placement.contraction import contracted
from geodata.placement.coverage import Reach, cover_most
from geodata.placement.evaluation import evaluate, unseen
from geodata.placement.instance import instance
from geodata.placement.problem import PlacementProblem
from geodata.placement.randomised_plan import randomise
from geodata.placement.solver import Placement, PlacementProgress, place
from geodata.ways.network import part
from geodata.ways.world_graph import world
from tests.bench.conftest import Ledger
from tests.bench.snip import BUDGETS, INSTANCES, snip
from tests.geodata.small_networks import wide

SECONDS = 60.0
COMPACT_SECONDS = 300.0
RADIUS_KM, SITES = 40.0, 500

_answers: dict[tuple[int, int], Placement] = {}


def _answer(number: int, budget: int) -> Placement:
    """The proven answer of an instance, found once a run."""
    if (number, budget) not in _answers:
        _answers[number, budget] = place(snip(number, budget), budget_seconds=SECONDS)
    return _answers[number, budget]


def test_every_published_instance_is_proven(ledger: Ledger) -> None:
    for budget in BUDGETS:
        answers = [_answer(number, budget) for number in INSTANCES]
        size = f"SNIP 0-4, budget {budget}"
        seconds = [answer.seconds for answer in answers]
        ledger.note("placement proven, median", size, statistics.median(seconds), "s", len(answers))
        ledger.note("placement proven, slowest", size, max(seconds), "s", len(answers), f"limit {SECONDS:.0f} s")
        proven = sum(answer.proven for answer in answers)
        ledger.note("placement proven", size, proven, f"of {len(answers)}", len(answers))
        for number, answer in zip(INSTANCES, answers, strict=True):
            found = f"{answer.unseen:.10f} unseen, bound {answer.bound:.10f}"
            ledger.note("placement, gap", f"SNIP {number}, budget {budget}", answer.gap, "of 1", 1, found)


def test_the_compact_form_takes_longer(ledger: Ledger) -> None:
    """The same question in HiGHS, in the same run. Stopped after 300 s, the ratio is a lower bound and says so."""
    problem = snip(0, 30)
    ours = place(problem, budget_seconds=SECONDS)
    model = compact_model(instance(problem), whole=True)
    model.setOptionValue("time_limit", COMPACT_SECONDS)
    model.setOptionValue("mip_rel_gap", 1e-6)
    begun = time.perf_counter()
    model.run()
    theirs = time.perf_counter() - begun
    ended = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    note = "same optimum" if ended else f"stopped after {COMPACT_SECONDS:.0f} s, gap {model.getInfo().mip_gap:.2%}"
    if ended:
        assert model.getInfo().objective_function_value == pytest.approx(ours.unseen, rel=1e-5)
    size = "SNIP 0, budget 30"
    ledger.note("placement proven", size, ours.seconds, "s")
    ledger.note("compact form in HiGHS", size, theirs, "s", 1, note)
    ledger.note(
        "compact form against ours", size, theirs / ours.seconds, "times" if ended else "times or more", 1, note
    )


def test_the_first_plan_stands_within_two_seconds(ledger: Ledger) -> None:
    for budget in BUDGETS:
        worst = []
        for number in INSTANCES:
            problem = snip(number, budget)
            early: list[PlacementProgress] = []

            def progress(state: PlacementProgress, early: list[PlacementProgress] = early) -> bool:
                if state.seconds <= 2.0:
                    early.append(state)
                return state.seconds <= 2.0

            place(problem, budget_seconds=SECONDS, progress=progress)
            made = instance(problem)
            by_rule = [heuristics.by_flow, heuristics.by_rerouted_flow, heuristics.by_gain, heuristics.by_lazy_gain]
            best = min(unseen(made, rule(made)) for rule in by_rule) * made.total
            worst.append(early[-1].unseen / best)
        ledger.note(
            "plan after 2 s against the best of four rules of thumb, worst",
            f"SNIP 0-4, budget {budget}",
            max(worst),
            "times",
            len(worst),
            "1 or less: never worse",
        )


@pytest.mark.parametrize(("seed", "teams"), [(12, 20), (13, 60)])
def test_large_networks_against_rules_with_exchanges(ledger: Ledger, seed: int, teams: int) -> None:
    """5,000 nodes, 480 sites, 2,000 journeys; both get ten seconds, and Muster's answer keeps them."""
    problem, seconds = wide(seed, nodes=5_000, sites=480, scenarios=2_000, ends=60, teams=teams), 10.0
    answer = place(problem, budget_seconds=seconds)
    made = contracted(instance(problem))
    until = time.perf_counter() + seconds
    by_rule = (
        unseen(made, heuristics.swapped(made, heuristics.by_rerouted_flow(made, until=until), until)) * answer.total
    )
    size = f"5,000 nodes, {teams} teams, 10 s"
    ledger.note("placement against rules with exchanges, unseen", size, answer.unseen / by_rule, "times", 1)
    ledger.note("placement, seconds taken", size, answer.seconds, "s", 1)


@pytest.mark.parametrize(("seed", "teams"), [(921, 20), (922, 60)])
def test_the_bound_on_large_networks(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, seed: int, teams: int) -> None:
    """5,000 nodes, 480 sites, 2,000 journeys, seeds that nobody tuned to; sixty seconds of the processor."""
    monkeypatch.setattr(time, "perf_counter", time.process_time)
    answer = place(wide(seed, nodes=5_000, sites=480, scenarios=2_000, ends=60, teams=teams), budget_seconds=SECONDS)
    size = f"5,000 nodes, 2,000 journeys, {teams} teams, seed {seed}"
    note = f"{answer.unseen / answer.total:.5f} unseen of 1, bound {answer.bound / answer.total:.5f}"
    ledger.note("placement, gap after 60 CPU s", size, answer.gap, "of 1", 1, note)


def test_odds_let_less_pass_than_the_best_plan(ledger: Ledger) -> None:
    saved, seconds = [], []
    for budget in BUDGETS:
        for number in INSTANCES:
            odds = randomise(snip(number, budget), budget_seconds=30.0)
            saved.append(1 - odds.unseen / _answer(number, budget).bound)
            seconds.append(odds.seconds)
    ledger.note("odds below the bound of fixed plans, least", "SNIP, 20 instances", min(saved), "of 1", len(saved))
    ledger.note("odds, slowest", "SNIP, 20 instances", max(seconds), "s", len(seconds))


def test_an_answer_is_what_networkx_says(ledger: Ledger) -> None:
    problem = snip(2, 90)
    answer = _answer(2, 90)
    graph = nx.DiGraph()
    staffed = {name in answer.plan for name in problem.sites}
    assert staffed
    for u, v, r, q, site in zip(problem.u, problem.v, problem.r, problem.q, problem.site, strict=True):
        taken = site >= 0 and problem.sites[site] in answer.plan
        graph.add_edge(int(u), int(v), length=-np.log(q if taken else r))
    total = 0.0
    for destination in np.unique(problem.destination):
        length = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), int(destination), weight="length")
        for origin, end, share in zip(problem.origin, problem.destination, problem.share, strict=True):
            total += float(share * np.exp(-length[int(origin)])) if end == destination else 0.0
    assert total == pytest.approx(evaluate(problem, answer.plan).unseen, rel=1e-9)
    ledger.note("unseen at instance 2, budget 90, by networkx", "SNIP", total * 1e6, "of a million", 1)


def _scattered(points: int) -> tuple[Reach, np.ndarray, np.ndarray]:
    """Points around towns on a plane of 500 km, about ten of the candidate sites in reach of each: reach, weights,
    places of points and sites."""
    random = np.random.default_rng(1)
    towns = random.uniform(0, 500, (200, 2))
    at = towns[random.integers(0, 200, points)] + random.normal(0, 20, (points, 2))
    spread = random.uniform(size=points) < 0.3
    at[spread] = random.uniform(0, 500, (int(spread.sum()), 2))
    stands = random.uniform(0, 500, (SITES, 2))
    within = cKDTree(at).query_ball_point(stands, RADIUS_KM, return_sorted=True)
    names = tuple(f"site {i:03}" for i in range(SITES))
    reached = Reach(points, names, tuple(np.array(each, dtype=np.int64) for each in within))
    return reached, random.integers(1, 10, points).astype(np.float64), np.vstack((at, stands))


def _of_shape(shape: str, points: int, seed: int) -> tuple[Reach, np.ndarray, np.ndarray]:
    """Points and sites of a shape on a plane of 500 km, from a seed: reach, weights, places of points and sites."""
    random = np.random.default_rng(seed)

    def spread(many: int) -> np.ndarray:
        if shape == "uniform":
            return random.uniform(0, 500, (many, 2))
        if shape == "clusters":
            return random.uniform(0, 500, (30, 2))[random.integers(0, 30, many)] + random.normal(0, 25, (many, 2))
        ends = random.uniform(0, 500, (2, 12, 2))  # along roads
        road, along = random.integers(0, 12, many), random.uniform(size=(many, 1))
        return ends[0, road] * along + ends[1, road] * (1 - along) + random.normal(0, 4, (many, 2))

    at, stands = spread(points), random.uniform(0, 500, (SITES, 2))
    within = cKDTree(at).query_ball_point(stands, RADIUS_KM, return_sorted=True)
    names = tuple(f"site {i:03}" for i in range(SITES))
    reached = Reach(points, names, tuple(np.array(each, dtype=np.int64) for each in within))
    return reached, random.integers(1, 10, points).astype(np.float64), np.vstack((at, stands))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("points", [10_000, 100_000, 1_000_000])
def test_the_most_is_covered(ledger: Ledger, points: int) -> None:
    """spopt is run at 10,000 points; at 100,000, where it takes eight minutes, with MUSTER_BENCH_LONG set."""
    reached, weight, places = _scattered(points)
    with_spopt = points < 100_000 or (points == 100_000 and bool(os.environ.get("MUSTER_BENCH_LONG")))
    _covered(ledger, f"{points:,} points, {SITES} sites", reached, weight, places, with_spopt=with_spopt)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("shape", ["uniform", "clusters", "lines"])
@pytest.mark.parametrize(("points", "seed"), [(1_000, 2701), (1_000, 2702), (3_000, 2703)])
def test_the_most_is_covered_on_points_of_other_shapes(ledger: Ledger, shape: str, points: int, seed: int) -> None:
    reached, weight, places = _of_shape(shape, points, seed)
    size = f"{points:,} points in {shape}, seed {seed}, {SITES} sites"
    _covered(ledger, size, reached, weight, places, with_spopt=True)


def _covered(
    ledger: Ledger, size: str, reached: Reach, weight: np.ndarray, places: np.ndarray, *, with_spopt: bool
) -> None:
    """Note how long the most takes to be covered by 20 sites, and how much longer spopt takes. CPU of the process."""
    points = len(weight)
    pairs = sum(map(len, reached.within)) / points
    began = time.process_time()
    answer = cover_most(reached, weight, 20)
    ours = time.process_time() - began
    note = (
        f"{answer.status}, gap {answer.gap:.1e}, greedy {answer.greedy / answer.covered:.1%}, {pairs:.1f} sites a point"
    )
    ledger.note("maximal cover, p = 20", size, ours, "CPU s", 1, note)
    if not with_spopt:
        return
    begun = time.process_time()
    at, stands = places[:points], places[points:]
    cost = np.hypot(at[:, :1] - stands[:, 0], at[:, 1:] - stands[:, 1])
    theirs = MCLP.from_cost_matrix(cost, weight, RADIUS_KM, p_facilities=20).solve(HiGHS(msg=False, threads=1))
    seconds = time.process_time() - begun
    assert theirs.problem.objective.value() <= answer.bound * (1 + 1e-9)
    same = theirs.problem.objective.value() / answer.covered
    ledger.note("maximal cover in spopt", size, seconds, "CPU s", 1, f"{same:.6f} of ours")
    ledger.note("maximal cover, spopt against ours", size, seconds / ours, "times")


def _road_to_the_north(budget: int) -> PlacementProblem:
    """From twelve towns of Türkiye to 24 of central Europe on the bundled roads, every known crossing a site.

    Invented: a tenth of the weight is found in every 350 km of road, four fifths at a crossing with a checkpoint, and
    the weight of a pair is the product of the square roots of both populations.
    """
    roads = part(world(), bbox=(5.0, 35.0, 45.0, 55.0), largest=True)
    towns = places()
    ends = [
        towns[towns["iso3"].isin(countries)].nlargest(n, "population")
        for countries, n in ((["TUR"], 12), (["DEU", "AUT", "CZE", "HUN", "CHE", "POL", "NLD", "BEL"], 24))
    ]
    index = cKDTree(on_sphere(roads.lon, roads.lat))
    origins, destinations = (index.query(on_sphere(*frame[["lon", "lat"]].to_numpy().T))[1] for frame in ends)
    share = np.sqrt(np.outer(*(frame["population"].to_numpy(dtype=float) for frame in ends)))
    names = sorted(set(roads.crossing_id) - {""})
    at = {name: i for i, name in enumerate(names)}
    site = np.array([at.get(name, -1) for name in roads.crossing_id])
    r = 0.9 ** (roads.km / 350)
    pairs = np.repeat(origins, len(destinations)), np.tile(destinations, len(origins)), (share / share.sum()).ravel()
    return PlacementProblem.of((roads.u, roads.v, r, np.where(site >= 0, 0.2 * r, r), site), names, pairs, teams=budget)


@pytest.mark.parametrize("budget", [10, 20])
def test_checkpoints_from_tuerkiye_to_central_europe(ledger: Ledger, budget: int) -> None:
    problem = _road_to_the_north(budget)
    made = instance(problem)
    answer = place(problem, budget_seconds=SECONDS)
    nobody = unseen(made, heuristics.empty(made))
    size = f"{made.size:,} nodes, {len(problem.sites)} crossings, {len(made.leaf)} pairs, budget {budget}"
    best = min(answer.by_rule.values()) / answer.unseen
    note = f"{answer.status}, {answer.unseen:.5f} unseen of {nobody:.5f}, best rule of thumb {best:.2f} times that"
    ledger.note("placement on the bundled roads", size, answer.seconds, "s", 1, note)
    ledger.note("placement on the bundled roads, gap", size, answer.gap, "of 1", 1, note)
