"""A line drawn by hand becomes the roads and lanes it means."""

import numpy as np
import pytest
import shapely

from geodata.ways.closures import Closed, NoAnswer
from geodata.ways.network import assemble
from geodata.ways.routes import Route, route
from geodata.ways.snapping import snap_line
from geodata.ways.travel import BY_ROAD, Travel
from tests.geodata.networks import at, edges_of, nodes_of

ISTANBUL, VIENNA = (28.98, 41.01), (16.37, 48.21)


def by_hand(found: Route, n: int, unsteady: float, seed: int) -> list[tuple[float, float]]:
    """`n` positions along a route, each off by about `unsteady` degrees."""
    along = shapely.line_interpolate_point(found.geometry, np.linspace(0, 1, n), normalized=True)
    points = shapely.get_coordinates(along) + np.random.default_rng(seed).normal(0, unsteady, (n, 2))
    return [(float(lon), float(lat)) for lon, lat in points]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_route_drawn_with_an_unsteady_hand_is_found_again(seed: int) -> None:
    meant = route(ISTANBUL, VIENNA, BY_ROAD)
    found = snap_line(by_hand(meant, 60, 0.03, seed), BY_ROAD)
    shared = len(set(found.route.edges.tolist()) & set(meant.edges.tolist()))
    assert shared > 0.85 * len(meant.edges)
    assert found.route.km == pytest.approx(meant.km, rel=0.03)
    assert found.route.countries == meant.countries
    assert found.mean_astray_km < 5
    assert found.most_astray_km >= found.mean_astray_km


def test_the_line_decides_not_the_shortest_way() -> None:
    rows = [(0, 1, 7.0), (1, 2, 7.0), (2, 3, 7.0), (0, 3, 1.0)]
    network = assemble(nodes_of(4), edges_of(rows))
    drawn = [at(network, node) for node in range(4)]
    found = snap_line(drawn, BY_ROAD, network, tolerance_km=1)
    assert found.route.km == 21
    assert route(drawn[0], drawn[3], BY_ROAD, network).km == 1
    assert found.most_astray_km < 0.5


def test_a_way_there_and_back_stays_one() -> None:
    network = assemble(nodes_of(6), edges_of([(node, node + 1, 7.0) for node in range(5)]))
    drawn = [at(network, 0), at(network, 5), at(network, 0)]
    found = snap_line(drawn, BY_ROAD, network, tolerance_km=2)
    assert found.route.km == pytest.approx(70)


def test_a_stop_beside_the_way_leaves_no_spur() -> None:
    nodes = nodes_of(7)
    nodes.loc[6, ["lon", "lat"]] = nodes.loc[3, ["lon", "lat"]].to_numpy() + np.array([0.0, 0.03])
    rows = [(node, node + 1, 7.0) for node in range(5)]
    network = assemble(nodes, edges_of([*rows, (3, 6, 3.4)]))
    drawn = [at(network, 0), at(network, 6), at(network, 5)]
    assert snap_line(drawn, BY_ROAD, network, tolerance_km=5).route.km == pytest.approx(35)


def test_a_line_over_the_sea_takes_the_lanes() -> None:
    found = snap_line([(13.19, 32.89), (13.0, 35.0), (15.1, 37.5)])
    assert [leg.mode for leg in found.route.legs] == ["road", "sea", "road"]
    assert found.route.countries == ("LBY", "ITA")
    with pytest.raises(NoAnswer, match="No way of the chosen modes"):
        snap_line([(13.19, 32.89), (13.0, 35.0), (14.42, 35.89)], BY_ROAD)


def test_what_is_closed_is_not_taken_even_where_it_is_drawn() -> None:
    meant = route(ISTANBUL, VIENNA, BY_ROAD)
    travel = Travel(modes=frozenset({"road"}), closed=Closed(countries=frozenset({"SRB"})))
    assert "SRB" not in snap_line(by_hand(meant, 30, 0.01, 1), travel).route.countries


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ([ISTANBUL], "at least two different points"),
        ([ISTANBUL, ISTANBUL], "too short"),
        ([ISTANBUL, (0.0, 0.0)], "0, 0 lies in the Gulf of Guinea"),
        ([ISTANBUL, (-40.0, 75.0)], "more than 150 km"),
    ],
)
def test_a_line_that_means_nothing_is_refused_in_words(drawn: list[tuple[float, float]], said: str) -> None:
    with pytest.raises(NoAnswer, match=said):
        snap_line(drawn, BY_ROAD)


def test_a_tolerance_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(NoAnswer, match="between 1 and 100 km"):
        snap_line([ISTANBUL, VIENNA], BY_ROAD, tolerance_km=0)
