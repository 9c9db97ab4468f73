"""Mann-Kendall equals the reference, categories mean what they say, and nothing depends on the order of rows."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geodata.events.cells import Hexagons, Squares
from geodata.events.periods import counts, whole_periods
from geodata.events.points import UnfitEvents, checked
from geodata.events.trends import (
    DIMINISHING,
    EMERGING,
    INTENSIFYING,
    KINDS,
    NONE,
    PERSISTENT,
    SPORADIC,
    categories,
    emerging,
    mann_kendall,
)
from tests.geodata.layers import TODAY, events, layer, scattered, shuffled


@given(series=arrays(float, st.tuples(st.integers(1, 6), st.integers(3, 20)), elements=st.integers(0, 5)))
def test_mann_kendall_equals_the_reference_with_many_ties(series: np.ndarray) -> None:
    original_test = pytest.importorskip("pymannkendall").original_test
    found = mann_kendall(series)
    for i, row in enumerate(series):
        if np.ptp(row) == 0:
            assert (found.z[i], found.p[i]) == (0, 1)
            continue
        reference = original_test(row)
        assert found.s[i] == reference.s
        assert found.z[i] == pytest.approx(reference.z, abs=1e-12)
        assert found.p[i] == pytest.approx(reference.p, abs=1e-12)
        assert found.tau[i] == pytest.approx(reference.Tau, abs=1e-12)


def hot(*months: str) -> np.ndarray:
    return np.array([[letter == "x" for letter in row] for row in months])


def test_each_category_is_what_its_definition_says() -> None:
    rows = hot(
        "........", ".......x", "x......x", "xxxxxxxx", "xxxxxxxx", "xxxxxxxx", "xxxx....", "xxx.....", "....xxxx"
    )
    tau = np.array([0, 0.9, 0, 0, 0.9, -0.9, -0.9, 0, 0.9])
    sure = np.array([False, True, False, False, True, True, True, False, True])
    kinds = [NONE, EMERGING, SPORADIC, PERSISTENT, INTENSIFYING, DIMINISHING, DIMINISHING, SPORADIC, INTENSIFYING]
    assert categories(rows, tau, sure, recent=2).tolist() == kinds


@given(rows=arrays(bool, st.tuples(st.integers(1, 30), st.just(10))), data=st.data())
def test_every_place_has_one_category_and_none_means_never_hot(rows: np.ndarray, data: st.DataObject) -> None:
    tau = data.draw(arrays(float, len(rows), elements=st.floats(-1, 1)))
    sure = data.draw(arrays(bool, len(rows)))
    kinds = categories(rows, tau, sure)
    assert set(kinds) <= set(KINDS)
    assert ((kinds == NONE) == ~rows.any(axis=1)).all()


def story() -> pd.DataFrame:
    """Three towns over 24 months: one as it was, one that grows, one that begins in the last two months."""
    random, rows = np.random.default_rng(4), []
    months = pd.date_range("2024-01-01", periods=24, freq="MS")
    for number, month in enumerate(months):
        towns = [(0.0, 10.0, 40), (4.0, 10.0, 3 * number), (8.0, 10.0, 60 if number >= 22 else 0)]
        for lon, lat, n in towns:
            rows += [(lon + random.normal(0, 0.02), lat + random.normal(0, 0.02), month) for _ in range(n)]
        rows += [(random.uniform(-2, 10), random.uniform(8, 12), month) for _ in range(30)]
    return layer(*zip(*[(lon, lat) for lon, lat, _ in rows], strict=True), [month for *_, month in rows])


def test_three_towns_are_told_apart() -> None:
    found = emerging(checked(story(), TODAY, "day"), Squares(40), complete_until=date(2025, 12, 31))
    kind = dict(zip(found.code.tolist(), found.kind, strict=True))
    towns = Squares(40).cells(np.array([0.0, 4.0, 8.0]), np.array([10.0] * 3))
    assert [kind[cell] for cell in towns.tolist()] == [PERSISTENT, INTENSIFYING, EMERGING]
    assert (len(found.periods), found.until) == (24, date(2026, 1, 1))
    assert "24 periods (month) from 2024-01-01 to before 2026-01-01" in str(found.sentence)
    drawn = found.frame(found.kind != NONE)
    assert (drawn["hot_periods"] > 0).all()
    assert drawn.crs.to_epsg() == 4326


def test_the_order_of_rows_does_not_matter() -> None:
    frame = scattered(400)
    one, other = emerging(checked(frame, TODAY, "day"), Hexagons(4)), emerging(shuffled(frame), Hexagons(4))
    assert one.frame().equals(other.frame())


def test_a_period_that_has_not_ended_is_left_out() -> None:
    points = checked(layer([1.0, 2.0, 3.0], [1.0] * 3, ["2026-01-15", "2026-03-31", "2026-05-10"]), TODAY, "day")
    months = whole_periods(points, "month")
    assert [months.name(i).isoformat() for i in range(len(months) + 1)] == [f"2026-0{m}-01" for m in range(1, 6)]
    assert months.of(points.day).tolist() == [0, 2, -1]
    assert len(whole_periods(points, "month", date(2026, 5, 31))) == 5
    assert len(whole_periods(points, "quarter", date(2026, 6, 30))) == 2
    weeks = whole_periods(points, "week")
    assert weeks.name(0) == date(2026, 1, 12)  # a Monday
    assert weeks.name(len(weeks)) <= date(2026, 5, 11)


def test_counts_by_cell_and_period_add_up() -> None:
    points, grid = events(300), Squares(50)
    found = grid.cells(points.lon, points.lat)
    months = whole_periods(points, "month", date(2025, 12, 31))
    table = counts(points, months, np.unique(found), found)
    assert table.shape == (len(np.unique(found)), 24)
    assert table.sum() == 300


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    undated = checked(layer([1.0, 2.0], [1.0, 2.0]), TODAY)
    with pytest.raises(UnfitEvents, match="no dates"):
        emerging(undated, Squares(50))
    short = checked(layer([1.0, 2.0], [1.0, 2.0], ["2026-01-01", "2026-03-01"]), TODAY, "day")
    with pytest.raises(UnfitEvents, match="covers 2 whole periods"):
        emerging(short, Squares(50))
    with pytest.raises(UnfitEvents, match="from 1 to 22, not 99"):
        emerging(events(), Squares(50), recent=99)
    with pytest.raises(ValueError, match="at least two periods"):
        mann_kendall(np.ones((3, 1)))
