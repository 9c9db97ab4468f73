"""Alternatives: different, not too dear, never one that is closed; the best comes first."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geodata.ways.alternatives import alternatives
from geodata.ways.closures import Closed, NoAnswer
from geodata.ways.network import assemble
from geodata.ways.routes import route
from geodata.ways.travel import BY_ROAD, Travel
from tests.geodata.networks import at, edges_of, frames, nodes_of

ISTANBUL, VIENNA = (28.98, 41.01), (16.37, 48.21)


@settings(max_examples=40, deadline=None)
@given(frames(), st.integers(1, 4), st.floats(0, 1), st.floats(1, 3))
def test_alternatives_keep_their_promises(
    made: tuple[pd.DataFrame, pd.DataFrame], k: int, most_shared: float, most_cost: float
) -> None:
    network = assemble(*made)
    ends = np.unique(np.concatenate([network.u, network.v])).tolist()
    assume(len(ends) > 1)
    start, end = at(network, ends[0]), at(network, ends[-1])
    try:
        best = route(start, end, BY_ROAD, network)
    except NoAnswer:
        with pytest.raises(NoAnswer):
            alternatives(start, end, BY_ROAD, network, k=k)
        return
    found = alternatives(start, end, BY_ROAD, network, k=k, most_shared=most_shared, most_cost=most_cost)
    assert 1 <= len(found) <= k
    assert found[0].route.km == pytest.approx(best.km)
    assert (found[0].times, found[0].shared) == (1, 0)
    for each in found:
        assert each.times == pytest.approx(each.route.km / best.km)
        assert each.times <= most_cost * (1 + 1e-9)
        assert each.shared <= most_shared + 1e-9
        assert len(set(each.route.edges.tolist())) == len(each.route.edges)
    assert [each.times for each in found] == sorted(each.times for each in found)
    assert len({tuple(each.route.edges.tolist()) for each in found}) == len(found) or most_shared == 1


def test_three_ways_round_are_all_found_and_a_dear_fourth_is_not() -> None:
    rows = [
        (0, 1, 10.0),
        (1, 5, 10.0),
        (0, 2, 11.0),
        (2, 5, 11.0),
        (0, 3, 12.0),
        (3, 5, 12.0),
        (0, 4, 30.0),
        (4, 5, 30.0),
    ]
    network = assemble(nodes_of(6), edges_of(rows))
    found = alternatives(at(network, 0), at(network, 5), BY_ROAD, network, k=4)
    assert [each.route.km for each in found] == [20, 22, 24]
    assert [each.shared for each in found] == [0, 0, 0]
    dear = alternatives(at(network, 0), at(network, 5), BY_ROAD, network, k=4, most_cost=3)
    assert [each.route.km for each in dear] == [20, 22, 24, 60]


def test_one_bridge_leaves_no_alternative_unless_all_may_be_shared() -> None:
    network = assemble(nodes_of(3), edges_of([(0, 1, 5.0), (1, 2, 5.0)]))
    assert len(alternatives(at(network, 0), at(network, 2), BY_ROAD, network)) == 1


def test_istanbul_to_vienna_has_three_ways_that_differ() -> None:
    found = alternatives(ISTANBUL, VIENNA, BY_ROAD)
    assert len(found) == 3
    sets = [set(each.route.edges.tolist()) for each in found]
    assert all(len(a & b) < 0.6 * max(len(a), len(b)) for i, a in enumerate(sets) for b in sets[:i])
    assert found[0].route.km == route(ISTANBUL, VIENNA, BY_ROAD).km
    assert all(each.route.countries[0] == "TUR" and each.route.countries[-1] == "AUT" for each in found)


def test_a_closed_country_is_in_no_alternative() -> None:
    travel = Travel(modes=frozenset({"road"}), closed=Closed(countries=frozenset({"SRB"})))
    found = alternatives(ISTANBUL, VIENNA, travel)
    assert len(found) > 1
    assert all("SRB" not in each.route.countries for each in found)


@pytest.mark.parametrize("asked", [{"k": 0}, {"most_shared": 1.2}, {"most_cost": 0.9}, {"most_cost": float("nan")}])
def test_limits_that_make_no_sense_are_refused(asked: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least one route"):
        alternatives(ISTANBUL, VIENNA, BY_ROAD, **asked)  # type: ignore[arg-type]
