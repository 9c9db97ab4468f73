"""Routes: as short as networkx finds them, with countries and crossings, changed by closures, refused in words."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geodata.ground import distances, reference
from geodata.ways.closures import Circle, Closed, NoAnswer, closed_edges
from geodata.ways.network import MODES, Network, assemble, lines, part
from geodata.ways.routes import Route, route
from geodata.ways.travel import BY_ROAD, Speeds, Travel, costs, search
from geodata.ways.world_graph import world
from tests.geodata.networks import as_networkx, at, edges_of, frames, nodes_of, two_shores

Position = tuple[float, float]

ISTANBUL, BELGRADE = (28.98, 41.01), (20.46, 44.82)
NAIROBI, KAMPALA = (36.82, -1.29), (32.58, 0.32)
KABUL, TEHRAN = (69.17, 34.53), (51.39, 35.69)
PANAMA, MEXICO = (-79.52, 8.98), (-99.13, 19.43)
DAKAR, NOUAKCHOTT = (-17.45, 14.69), (-15.98, 18.08)
TRIPOLI, ROME = (13.19, 32.89), (12.50, 41.90)


def closing(travel: Travel = BY_ROAD, **what: set[object]) -> Travel:
    return replace(travel, closed=Closed(**{name: frozenset(those) for name, those in what.items()}))  # type: ignore[arg-type]


def refusal(origin: Position, destination: Position, travel: Travel = BY_ROAD, on: Network | None = None) -> str:
    with pytest.raises(NoAnswer) as refused:
        route(origin, destination, travel, on)
    assert str(refused.value) == refused.value.template.format(**refused.value.params)
    return str(refused.value)


@settings(max_examples=60, deadline=None)
@given(frames(), st.data())
def test_a_route_is_as_long_as_networkx_says(made: tuple[pd.DataFrame, pd.DataFrame], data: st.DataObject) -> None:
    network = assemble(*made)
    ends = np.unique(np.concatenate([network.u, network.v])).tolist()
    assume(len(ends) > 1)
    start, end = data.draw(st.lists(st.sampled_from(ends), min_size=2, max_size=2, unique=True))
    closed = data.draw(st.sets(st.integers(0, network.n_edges - 1), max_size=network.n_edges))
    travel = closing(edges=closed)
    oracle = as_networkx(network, costs(network, travel))
    if nx.has_path(oracle, start, end):
        found = route(at(network, start), at(network, end), travel, network)
        assert found.km == pytest.approx(nx.shortest_path_length(oracle, start, end, weight="cost") * 60)
        assert (found.origin.node, found.destination.node) == (start, end)
        assert found.km == pytest.approx(network.km[found.edges].sum())
        assert not closed & set(found.edges.tolist())
        line = shapely.get_coordinates(found.geometry)
        assert (*line[0], *line[-1]) == (*at(network, start), *at(network, end))
    else:
        free = nx.has_path(as_networkx(network, network.km), start, end)
        with pytest.raises(NoAnswer, match="passes what is closed" if free else "not joined"):
            route(at(network, start), at(network, end), travel, network)


@settings(max_examples=40, deadline=None)
@given(frames(), st.data())
def test_a_search_over_modes_is_as_cheap_as_networkx_says(
    made: tuple[pd.DataFrame, pd.DataFrame], data: st.DataObject
) -> None:
    nodes, edges = made
    drawn = st.lists(st.sampled_from(MODES), min_size=len(edges), max_size=len(edges))
    transfer = st.lists(st.booleans(), min_size=len(edges), max_size=len(edges))
    network = assemble(nodes, edges.assign(mode=data.draw(drawn), transfer=data.draw(transfer)))
    travel = Travel(
        modes=frozenset(data.draw(st.sets(st.sampled_from(MODES), min_size=1))),
        least=data.draw(st.sampled_from(["hours", "km"])),
        speeds=Speeds(road_kmh=50, sea_kmh=10, transfer_hours=3),
    )
    source = data.draw(st.integers(0, network.n_nodes - 1))
    oracle = nx.single_source_dijkstra_path_length(as_networkx(network, costs(network, travel)), source, weight="cost")
    found = search(network, travel, [source]).cost
    assert np.isfinite(found).sum() == len(oracle)
    assert all(found[node] == pytest.approx(cost) for node, cost in oracle.items())


@settings(max_examples=30, deadline=None)
@given(frames(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_no_route(made: tuple[pd.DataFrame, pd.DataFrame], seed: int) -> None:
    shuffled = assemble(*(frame.sample(frac=1, random_state=seed) for frame in made))
    network = assemble(*made)
    ends = np.unique(np.concatenate([network.u, network.v])).tolist()
    assume(len(ends) > 1)

    def answer(on: Network) -> tuple[float, str] | str:
        try:
            found = route(at(on, ends[0]), at(on, ends[-1]), BY_ROAD, on)
        except NoAnswer as refused:
            return str(refused)
        return found.km, found.geometry.wkt

    assert answer(network) == answer(shuffled)


def test_routes_on_a_piece_of_the_world_are_as_long_as_networkx_says() -> None:
    piece = part(world(), countries={"BGR", "SRB", "ROU", "HUN"}, largest=True)
    nodes = pd.DataFrame({"node_id": piece.node, "lon": piece.lon, "lat": piece.lat, "iso3": piece.iso3})
    once = piece.u < piece.v
    ends = {"u": piece.node[piece.u[once]], "v": piece.node[piece.v[once]], "km": piece.km[once]}
    network = assemble(nodes, pd.DataFrame(ends))
    oracle = as_networkx(network, network.km)
    random = np.random.default_rng(11)
    for start, end in random.choice(network.n_nodes, (30, 2)):
        found = route(at(network, start), at(network, end), BY_ROAD, network)
        assert found.km == pytest.approx(
            nx.shortest_path_length(oracle, found.origin.node, found.destination.node, weight="cost")
        )


@pytest.mark.parametrize(
    ("origin", "destination", "km", "countries"),
    [
        (ISTANBUL, BELGRADE, 931, "TUR BGR SRB"),
        (NAIROBI, KAMPALA, 599, "KEN UGA"),
        (KABUL, TEHRAN, 2183, "AFG IRN"),
        (PANAMA, MEXICO, 2957, "PAN CRI NIC HND SLV GTM MEX"),
        (DAKAR, NOUAKCHOTT, 1989, "SEN MLI MRT"),
    ],
)
def test_known_distances(origin: Position, destination: Position, km: float, countries: str) -> None:
    found = route(origin, destination, BY_ROAD)
    assert found.km == pytest.approx(km, rel=0.005)
    assert " ".join(found.countries) == countries
    assert found.origin.km < 5
    assert found.destination.km < 5
    drawn = distances.lengths_km(shapely.get_coordinates(found.geometry)).sum()
    assert drawn == pytest.approx(found.km, rel=0.1)
    assert found.km >= drawn * 0.99
    assert route(destination, origin, BY_ROAD).km == pytest.approx(found.km)


def test_a_route_names_the_crossings_it_passes_in_order() -> None:
    found, known = route(ISTANBUL, BELGRADE, BY_ROAD), reference.border_crossings().set_index("crossing_id")
    assert [(each.iso3_from, each.iso3_to, each.border_id) for each in found.borders] == [
        ("TUR", "BGR", "BGR-TUR"),
        ("BGR", "SRB", "BGR-SRB"),
    ]
    for each in found.borders:
        site = known.loc[each.ref.removeprefix("crossing:")]
        assert (site["name"], site["lon"], site["lat"]) == (each.name, each.lon, each.lat)
        assert each.kind == "land"
        assert each.away_km < 1
        line = distances.dense(shapely.get_coordinates(found.geometry), 0.5)
        assert distances.from_point_km(each.lon, each.lat, line).min() < 2


def test_a_border_without_a_known_crossing_is_told_all_the_same() -> None:
    nodes = nodes_of(3, iso3=["DEU", "DEU", "POL"])
    network = assemble(nodes, edges_of([(0, 1, 8.0), (1, 2, 9.0)], border_id=["", "DEU-POL"]))
    (border,) = route(at(network, 0), at(network, 2), BY_ROAD, network).borders
    assert (border.border_id, border.ref, border.name) == ("DEU-POL", "", "")
    assert np.isnan(border.away_km)
    assert border.lon == pytest.approx((network.lon[1] + network.lon[2]) / 2, abs=0.06)


def test_a_voyage_has_legs_ports_a_landing_and_lost_hours() -> None:
    network = two_shores()
    found = route((4.83, 45.76), (2.83, 36.47), on=network)
    assert [(leg.mode, leg.km, leg.start_port, leg.end_port) for leg in found.legs] == [
        ("road", 306.0, "", "port:1"),
        ("sea", 800.0, "port:1", "port:2"),
        ("road", 48.0, "port:2", ""),
    ]
    assert found.km == 1154
    assert found.hours == pytest.approx(306 / 60 + 800 / 20 + 48 / 60 + 12)
    assert found.transfer_hours == 12
    assert found.countries == ("FRA", "DZA")
    assert [(each.kind, each.ref, each.name) for each in found.borders] == [("sea", "port:2", "Algiers")]
    assert found.passages == ("strait",)
    slow = route((4.83, 45.76), (2.83, 36.47), Travel(speeds=Speeds(sea_kmh=10, transfer_hours=0)), network)
    assert slow.hours == pytest.approx(354 / 60 + 80)


def test_the_modes_chosen_decide() -> None:
    both = route(TRIPOLI, ROME)
    assert {leg.mode for leg in both.legs} == {"road", "sea"}
    assert both.countries == ("LBY", "ITA")
    by_road = route(TRIPOLI, ROME, BY_ROAD)
    assert {leg.mode for leg in by_road.legs} == {"road"}
    assert by_road.km > 3 * both.km
    by_sea = route(TRIPOLI, (15.1, 37.5), Travel(modes=frozenset({"sea"})))
    assert [leg.mode for leg in by_sea.legs] == ["sea"]


def test_least_km_and_least_hours_may_differ_and_each_is_least() -> None:
    quick, short = (route(TRIPOLI, ROME, Travel(least=least)) for least in ("hours", "km"))  # type: ignore[arg-type]
    assert quick.hours < short.hours
    assert short.km < quick.km


def test_there_is_no_road_across_darien() -> None:
    turbo = (-76.73, 8.09)
    assert "by road and sea there is a way" in refusal(turbo, PANAMA)
    assert {leg.mode for leg in route(turbo, PANAMA).legs} == {"road", "sea"}


def test_a_route_across_180_is_cut_there() -> None:
    found = route((139.7, 35.7), (-122.4, 37.8))
    assert found.geometry.geom_type == "MultiLineString"
    for line in found.geometry.geoms:
        assert (np.abs(np.diff(shapely.get_coordinates(line)[:, 0])) < 180).all()
    ends = [shapely.get_coordinates(line)[[0, -1]] for line in found.geometry.geoms]
    for before, after in pairwise(ends):
        assert abs(before[1][0]) == abs(after[0][0]) == 180
        assert before[1][1] == pytest.approx(after[0][1])


@pytest.mark.parametrize(
    ("closed", "holds"),
    [
        ({"countries": {"BGR"}}, lambda found: "BGR" not in found.countries),
        ({"borders": {"BGR-SRB"}}, lambda found: "BGR-SRB" not in [each.border_id for each in found.borders]),
        (
            {"sites": {"crossing:BGR-TUR-R001"}},
            lambda found: "crossing:BGR-TUR-R001" not in [each.ref for each in found.borders],
        ),
        (
            {"circles": {Circle(23.32, 42.70, 30)}},
            lambda found: (
                distances.from_point_km(23.32, 42.70, distances.dense(shapely.get_coordinates(found.geometry), 1)).min()
                > 29.9
            ),
        ),
    ],
)
def test_what_closes_is_gone_round(closed: dict[str, set[object]], holds: Callable[[Route], bool]) -> None:
    free = route(ISTANBUL, BELGRADE, BY_ROAD)
    round_it = route(ISTANBUL, BELGRADE, closing(**closed))
    assert not holds(free)
    assert holds(round_it)
    assert round_it.km > free.km


def test_closing_an_edge_changes_the_route_and_opening_it_again_brings_it_back() -> None:
    free = route(NAIROBI, KAMPALA, BY_ROAD)
    middle = int(free.edges[len(free.edges) // 2])
    other = route(NAIROBI, KAMPALA, closing(edges={middle}))
    assert middle not in other.edges
    assert other.km > free.km
    assert route(NAIROBI, KAMPALA, closing()).km == free.km


def test_a_port_or_a_strait_that_closes() -> None:
    assert "passes what is closed" in refusal(
        (4.83, 45.76), (2.83, 36.47), closing(Travel(), sites={"port:1"}), two_shores()
    )
    assert "passes what is closed" in refusal(
        (4.83, 45.76), (2.83, 36.47), closing(Travel(), passages={"strait"}), two_shores()
    )
    suez = route((32.3, 31.27), (39.18, 21.5), Travel(modes=frozenset({"sea"})))
    assert "suez" in suez.passages
    round_africa = route((32.3, 31.27), (39.18, 21.5), closing(Travel(modes=frozenset({"sea"})), passages={"suez"}))
    assert round_africa.km > 10 * suez.km


@settings(max_examples=8, deadline=None)
@given(st.floats(-179, 179), st.floats(-50, 60), st.floats(5, 300))
def test_a_circle_closes_the_edges_that_come_into_it_and_no_other(lon: float, lat: float, km: float) -> None:
    network = world()
    mask = closed_edges(network, Closed(circles=frozenset({Circle(lon, lat, km)})))
    near = np.flatnonzero(distances.from_point_km(lon, lat, np.column_stack([network.lon, network.lat])) < km * 2)
    touching = np.flatnonzero(np.isin(network.u, near) | np.isin(network.v, near))
    for edge, drawn in zip(touching[:60], lines(network, touching[:60]), strict=True):
        closest = distances.from_point_km(lon, lat, distances.dense(shapely.get_coordinates(drawn), 0.5)).min()
        if abs(closest - km) > 0.5:
            assert mask[edge] == (closest < km)


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ((0, 0), "0, 0 lies in the Gulf of Guinea"),
        ((41.01, 128.98), "Were latitude and longitude exchanged?"),
        ((200, 10), "outside the Earth's"),
        ((float("nan"), 10), "in numbers"),
        ((52.37, 4.90), "it would lie in Netherlands: were they?"),
        ((-40, 75), "more than 150 km"),
        ((20.461, 44.821), "join the network at the same place"),
    ],
)
def test_a_position_that_makes_no_sense_is_refused_in_words(origin: Position, said: str) -> None:
    assert said in refusal(origin, BELGRADE)


def test_what_cannot_be_reached_says_why() -> None:
    network = two_shores()
    island, lyon, blida = (0.0, 47.0), (4.83, 45.76), (2.83, 36.47)
    assert "not joined" in refusal(island, lyon, on=network)
    assert "No known main road" in refusal(lyon, blida, on=network)
    assert "lies in Bulgaria, which is closed" in refusal((23.32, 42.70), BELGRADE, closing(countries={"BGR"}))
    blocked = refusal(ISTANBUL, BELGRADE, closing(borders={b for b in world().borders if "TUR" in b}))
    assert blocked == "Every way from 41.0100, 28.9800 to 44.8200, 20.4600 passes what is closed. Open some of it."


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ({"countries": {"ZZZ"}}, "No country on the network has the code ZZZ."),
        ({"borders": {"FRA-JPN"}}, "crosses a border called FRA-JPN"),
        ({"sites": {"crossing:none"}}, "called crossing:none"),
        ({"passages": {"styx"}}, "called styx"),
        ({"edges": {10**9}}, "edges 0 to"),
        ({"circles": {Circle(0, 0, -1)}}, "radius"),
    ],
)
def test_a_closure_of_what_does_not_exist_is_refused(closed: dict[str, set[object]], said: str) -> None:
    assert said in refusal(ISTANBUL, BELGRADE, closing(**closed))


def test_travel_without_a_mode_or_speed_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one of the modes"):
        Travel(modes=frozenset())
    with pytest.raises(ValueError, match="Speeds lie"):
        Speeds(road_kmh=0)


def test_a_position_joins_a_road_of_its_own_country_though_one_across_the_border_is_nearer() -> None:
    network = world()
    random = np.random.default_rng(4)
    border = random.choice(np.flatnonzero(network.border), 60)
    own = 0
    for edge in border.tolist():
        node = int(network.u[edge])
        position = (float(network.lon[node]) + 0.002, float(network.lat[node]))
        country = reference.country_at(*position)
        try:
            found = route(position, BELGRADE, Travel())
        except NoAnswer:
            continue
        own += found.origin.iso3 == country
        assert found.countries[0] == found.origin.iso3
    assert own >= 55
