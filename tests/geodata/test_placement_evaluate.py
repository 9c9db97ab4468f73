"""What a plan lets pass is what networkx says, and routes go where they are said to go."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.placement.evaluation import evaluate, forecast, routes
from geodata.placement.problem import PlacementProblem, Unplaceable
from tests.geodata.small_networks import network, slow_unseen


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_evaluation_equals_networkx(seed: int, data: st.DataObject) -> None:
    raw = network(seed)
    plan = data.draw(st.sets(st.sampled_from(raw.sites)))
    found = evaluate(raw.problem(), plan)
    assert found.unseen == pytest.approx(slow_unseen(raw, plan), rel=1e-9)
    shares = [share for *_, share in raw.scenarios]
    assert np.dot(found.by_scenario, shares) == pytest.approx(found.unseen)
    assert found.detected == pytest.approx(1 - found.unseen / sum(shares))


def test_sites_staffed_by_others_count_and_fixed_ones_only_with_the_plan() -> None:
    raw = network(3)
    problem = raw.problem(staffed=["site 1"], fixed=["site 2"], forbidden=["site 4"])
    for plan in ([], ["site 2"], ["site 0", "site 4"]):
        assert evaluate(problem, plan).unseen == pytest.approx(slow_unseen(raw, {*plan, "site 1"}))


@pytest.mark.parametrize("seed", range(6))
def test_a_route_is_a_way_with_the_chance_it_tells(seed: int) -> None:
    raw = network(seed)
    plan = raw.sites[:3]
    ways: dict[tuple[int, int], list[tuple[float, str]]] = {}
    for u, v, r, q, name in raw.arcs:
        ways.setdefault((u, v), []).append((q if name in plan else r, name))
    for (origin, destination, _), route in zip(raw.scenarios, routes(raw.problem(), plan), strict=True):
        assert route is not None
        assert (route.nodes[0], route.nodes[-1]) == (origin, destination)
        best = [max(ways[step]) for step in itertools.pairwise(route.nodes)]
        assert np.prod([chance for chance, _ in best]) == pytest.approx(route.unseen, rel=1e-9)
        assert set(route.sites) == {name for _, name in best if name}


def test_flow_moves_from_the_closed_bridge_to_the_ferry() -> None:
    arcs = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.2, 0.5], [0, 1, -1])
    problem = PlacementProblem.of(arcs, ["Bridge", "Ferry"], ([1], [2], [50.0]), teams=1)
    moved = forecast(problem, before=[], after=["Bridge"])
    assert moved.moved == 1.0
    assert [(shift.site, shift.before, shift.after) for shift in moved.sites] == [
        ("Ferry", 0.0, 50.0),
        ("Bridge", 50.0, 0.0),
    ]
    assert forecast(problem, ["Bridge"], ["Bridge"]).moved == 0.0


def test_an_unknown_site_is_named() -> None:
    with pytest.raises(Unplaceable, match="Tunnel: there is no such site"):
        evaluate(network(1).problem(), ["Tunnel"])


def test_a_scenario_without_weight_has_no_route() -> None:
    arcs = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.2, 0.5], [0, 1, -1])
    problem = PlacementProblem.of(arcs, ["Bridge", "Ferry"], ([1, 1], [2, 3], [1.0, 0.0]), teams=1)
    assert routes(problem)[1] is None
    assert np.isnan(evaluate(problem).by_scenario[1])
