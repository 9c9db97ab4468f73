"""Gi* equals the reference, the correction is honest, and nothing depends on the order of rows."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from geodata.events.border import sections
from geodata.events.cells import CellGrid, Hexagons, Squares
from geodata.events.hotspots import COLD, HOT, false_discovery, gi_star, on_border, on_cells, with_itself
from geodata.events.points import UnfitEvents, checked
from geodata.ground.reference import land_boundaries
from tests.geodata.layers import TODAY, events, layer, scattered, shuffled

BORDER = land_boundaries().set_index("border_id").geometry["DZA-NER"]


def chain(n: int) -> sparse.csr_array:
    return sparse.csr_array(sparse.eye_array(n) + sparse.eye_array(n, k=1) + sparse.eye_array(n, k=-1))


@pytest.mark.parametrize("grid", [Hexagons(4), Squares(50)])
def test_gi_star_equals_the_reference_implementation(grid: CellGrid) -> None:
    libpysal_weights = pytest.importorskip("libpysal.weights")
    g_local = pytest.importorskip("esda.getisord").G_Local
    found = on_cells(events(300), grid, least=1)
    near = grid.neighbours(found.code).tocsr()
    neighbours = {i: near.indices[near.indptr[i] : near.indptr[i + 1]].tolist() for i in range(len(found.code))}
    reference = g_local(
        found.value, libpysal_weights.W(neighbours, silence_warnings=True), "B", star=True, permutations=0
    )
    assert np.abs(found.z - reference.Zs).max() < 1e-9


@given(values=st.lists(st.integers(0, 30), min_size=4, max_size=25))
def test_gi_star_is_what_the_definition_says(values: list[int]) -> None:
    x, weights = np.array(values, dtype=float), chain(len(values))
    z = gi_star(x, weights)
    dense, n, s = weights.toarray(), len(x), x.std()
    for i in range(n):
        w = dense[i]
        spread = s * np.sqrt((n * (w**2).sum() - w.sum() ** 2) / (n - 1))
        expected = (w @ x - x.mean() * w.sum()) / spread if spread > 0 else 0.0
        assert z[i] == pytest.approx(expected, abs=1e-9)


def test_gi_star_over_periods_compares_with_all_periods() -> None:
    x = np.array([[1.0, 9.0], [0.0, 8.0], [1.0, 7.0], [0.0, 1.0]])
    z = gi_star(x, chain(4))
    assert (z[:, 1] > z[:, 0]).all()
    assert gi_star(np.full((4, 2), 3.0), chain(4)).tolist() == [[0.0, 0.0]] * 4


@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_the_correction_equals_scipy(p: list[float]) -> None:
    assert np.allclose(false_discovery(np.array(p)), stats.false_discovery_control(p), atol=1e-12)


def test_pure_chance_gives_no_hotspots_in_nineteen_of_twenty_layers() -> None:
    area, random, alarms = shapely.box(0, 10, 10, 20), np.random.default_rng(3), 0
    for _ in range(20):
        even = checked(layer(random.uniform(0, 10, 3000), random.uniform(10, 20, 3000)), TODAY)
        alarms += int((on_cells(even, Squares(60), area).kind == HOT).any())
    assert alarms <= 3


def test_a_town_with_a_third_of_all_events_is_hot_and_the_layer_explains_itself() -> None:
    found = on_cells(events(), Hexagons(5))
    hot = found.frame(found.kind == HOT)
    assert hot.covers(shapely.Point(8.0, 17.0)).any()
    assert found.frame().crs.to_epsg() == 4326
    assert (found.count.sum(), found.outside) == (400, 0)
    sentence = str(found.sentence)
    assert f"{len(hot)} hot" in sentence
    assert "from 400 events" in sentence
    assert "false discovery rate 5 %" in sentence
    assert f"Events of {found.first} to {found.last}." in sentence


def test_few_events_are_never_hot_however_rare_they_are() -> None:
    random = np.random.default_rng(1)
    rare = checked(
        layer([8.0, 8.01, 8.02, *random.uniform(0, 20, 5)], [17.0] * 3 + list(random.uniform(0, 20, 5))), TODAY
    )
    assert (on_cells(rare, Hexagons(4), rings=6, least=3).kind == HOT).any()
    assert not (on_cells(rare, Hexagons(4), rings=6, least=4).kind == HOT).any()


def test_an_empty_half_is_cold() -> None:
    random = np.random.default_rng(5)
    half = checked(layer(random.uniform(0, 5, 4000), random.uniform(10, 20, 4000)), TODAY)
    found = on_cells(half, Squares(80), shapely.box(0, 10, 10, 20))
    lon, _ = Squares(80).centres(found.code)
    assert (found.kind == COLD).any()
    assert lon[found.kind == COLD].min() > 5


def test_weights_count_persons_instead_of_events() -> None:
    frame = scattered(300).assign(persons=1)
    frame.loc[frame.geometry.x > 9, "persons"] = 40
    by_events = on_cells(checked(frame, TODAY, "day", "persons"), Hexagons(4))
    by_persons = on_cells(checked(frame, TODAY, "day", "persons"), Hexagons(4), weighted=True)
    assert (by_events.value.sum(), by_persons.value.sum()) == (300, frame["persons"].sum())
    assert not np.allclose(by_events.z, by_persons.z)


def test_cells_do_not_know_180_degrees() -> None:
    here, there = events(300, middle=(8.0, -17.0)), events(300, middle=(180.0, -17.0))
    assert np.ptp(there.lon) > 350
    one, other = (on_cells(points, Squares(50), rings=1) for points in (here, there))
    assert len(other.code) == pytest.approx(len(one.code), rel=0.1)
    assert (other.kind == HOT).sum() > 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    frame = scattered(300)
    for one, other in (
        (on_cells(checked(frame, TODAY, "day"), Hexagons(4)), on_cells(shuffled(frame, seed), Hexagons(4))),
        (on_border(checked(frame, TODAY, "day"), BORDER, 20, 200), on_border(shuffled(frame, seed), BORDER, 20, 200)),
    ):
        assert one.frame().equals(other.frame())


# ------------------------------------------------------------------------------------------------ along a border


def along(n: int = 200) -> object:
    """Events within 0.05° of the border, half of them at one place of it."""
    random = np.random.default_rng(2)
    places = shapely.line_interpolate_point(
        BORDER, np.where(np.arange(n) < n // 2, 0.3, random.random(n)), normalized=True
    )
    lon, lat = shapely.get_coordinates(places).T
    return checked(layer(lon + random.uniform(-0.05, 0.05, n), lat + random.uniform(-0.05, 0.05, n)), TODAY)


def test_sections_are_equal_and_cover_the_border() -> None:
    cut = sections(BORDER, 25)
    assert cut.length_km.sum() == pytest.approx(952, abs=1)
    assert np.ptp(cut.length_km) < 1e-6
    assert shapely.line_merge(shapely.union_all(cut.lines)).hausdorff_distance(shapely.line_merge(BORDER)) < 1e-6


def test_the_section_with_half_of_the_events_is_hot_with_its_neighbours() -> None:
    found = on_border(along(), BORDER, section_km=25)
    where = shapely.line_interpolate_point(BORDER, 0.3, normalized=True)
    nearest = int(np.argmin(shapely.distance(found.places.polygons(found.code), where)))
    assert found.kind[nearest] == HOT
    assert (np.diff(np.flatnonzero(found.kind == HOT)) == 1).all()
    assert found.outside == 0
    assert set(found.frame().geom_type) == {"LineString"}


def test_events_count_for_the_nearest_section_within_reach() -> None:
    cut = sections(shapely.LineString([(0, 0), (1, 0)]), 10)
    lon, lat = np.array([0.5, 0.5, 0.05, 0.95]), np.array([0.08, 0.1, 0.0, -0.05])
    found = cut.assign(lon, lat, reach_km=10)
    assert (found == -1).tolist() == [False, True, False, False]
    assert {int(found[2]), int(found[3])} == {0, len(cut) - 1}
    assert cut.lines[found[0]].distance(shapely.Point(0.5, 0)) < 1e-9


def test_neighbours_run_along_a_part_and_round_a_ring_but_not_from_part_to_part() -> None:
    two = sections(shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 5), (6, 5)]]), 30)
    near = two.neighbours()
    assert near.sum(axis=1).tolist() == [1, 2, 2, 1, 1, 2, 2, 1]
    ring = sections(shapely.LineString([(0, 0), (1, 0), (1, 1), (0, 0)]), 30)
    assert set(ring.neighbours().sum(axis=1).tolist()) == {2.0}


def test_a_border_in_other_pieces_gives_the_same_sections() -> None:
    line = shapely.LineString([(0, 0), (1, 0), (2, 1)])
    pieces = shapely.MultiLineString([[(2, 1), (1, 0)], [(0, 0), (1, 0)]])
    one, other = sections(line, 20), sections(pieces, 20)
    assert [a.equals_exact(b, 1e-9) for a, b in zip(one.lines, other.lines, strict=True)] == [True] * len(one)


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    with pytest.raises(UnfitEvents, match="None of the 400 points lies within 1 km of the border"):
        on_border(events(), shapely.LineString([(40, 40), (41, 40)]), reach_km=1)
    with pytest.raises(UnfitEvents, match="A border must be a line"):
        sections(shapely.Point(0, 0), 10)
    with pytest.raises(UnfitEvents, match="A section must be at least"):
        sections(BORDER, 0)
    with pytest.raises(UnfitEvents, match="jumps across 180"):
        sections(shapely.LineString([(179, 0), (-179, 0)]), 10)
    with pytest.raises(UnfitEvents, match="reach must be more than 0"):
        on_border(events(), BORDER, reach_km=0)
    with pytest.raises(UnfitEvents, match="None of the 400 points lies in the area"):
        on_cells(events(), Squares(50), shapely.box(40, 40, 45, 45))
    with pytest.raises(ValueError, match="between 0 and 1"):
        on_cells(events(), Squares(50), level=0)


def test_a_place_is_its_own_neighbour_for_the_star() -> None:
    assert with_itself(Squares(50).neighbours(np.array([5]))).toarray().tolist() == [[1.0]]
