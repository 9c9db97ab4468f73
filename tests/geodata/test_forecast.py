"""No rule sees what it is scored on, the scores are what they say, and the better rule is the one used."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse

from geodata.cells import Grid, Hexagons, Squares
from geodata.forecast import CHOSEN, backtest, forecast
from geodata.points import Points, Unfit, checked
from geodata.rankings import LAST_YEAR, Rule, usual_rules
from tests.geodata.layers import TODAY, events, layer, scattered, shuffled

SUM = Rule("all counts", lambda past: past.sum(axis=1), plain=True)
NAMES = [date(2025, month, 1) for month in range(1, 13)]


def test_the_scores_are_what_their_definitions_say() -> None:
    count = np.array([[5, 4], [3, 0], [0, 6], [1, 1], [0, 0]], dtype=float)
    [score] = backtest(count, [SUM], NAMES, watched=2, periods=1)
    assert (score.caught, score.events, score.most) == (4, 11, 10)
    assert score.hit_rate == pytest.approx(4 / 11)
    assert score.pai == pytest.approx((4 / 11) / (2 / 5))
    assert score.pei == pytest.approx(4 / 10)


@given(count=arrays(float, (12, 8), elements=st.integers(0, 6)), watched=st.integers(1, 11))
def test_no_list_beats_the_best_possible(count: np.ndarray, watched: int) -> None:
    count[0, -4:] += 1
    for score in backtest(count, [SUM], NAMES, watched, periods=4):
        assert 0 <= score.caught <= score.most <= score.events
        assert 0 <= score.pei <= 1


def test_a_rule_is_given_the_past_alone() -> None:
    seen: list[int] = []
    spy = Rule("spy", lambda past: (seen.append(past.shape[1]), past[:, -1])[1])
    backtest(np.ones((5, 10)), [spy], NAMES, watched=2, periods=4)
    assert seen == [6, 7, 8, 9]


@given(future=arrays(float, (30, 1), elements=st.integers(0, 50)))
def test_what_comes_later_changes_no_list(future: np.ndarray) -> None:
    random = np.random.default_rng(1)
    past = random.poisson(1.0, (30, 40)).astype(float)
    grid = Squares(50)
    cells = grid.within(shapely.box(0, 10, 3, 12.4))[:30]
    rules = usual_rules(grid, cells, 12)
    one = backtest(np.hstack([past, np.ones((30, 1))]), rules, [*NAMES * 4], 5, periods=3)
    other = backtest(np.hstack([past, future]), rules, [*NAMES * 4], 5, periods=3)
    assert one[: 2 * len(rules)] == other[: 2 * len(rules)]


def test_cells_that_only_the_future_knows_cannot_be_named() -> None:
    line = np.eye(6, k=1) + np.eye(6, k=-1)
    near = sparse.csr_array(line)
    count = np.zeros((6, 4))
    count[0, :3], count[5, 3] = 1, 9
    everywhere = Rule("everywhere", lambda past: np.arange(6.0))
    [free] = backtest(count, [everywhere], NAMES, 1, 1)
    [kept] = backtest(count, [everywhere], NAMES, 1, 1, near, rings=1)
    assert (free.caught, kept.caught) == (9, 0)


def seasonal(years: int = 5) -> Points:
    """A crossing used in summer, another in winter, noise around them."""
    random, rows = np.random.default_rng(9), []
    for month in pd.date_range("2021-01-01", periods=12 * years, freq="MS"):
        lon = 2.0 if 4 <= month.month <= 9 else 6.0
        rows += [(lon + random.normal(0, 0.03), 10.0 + random.normal(0, 0.03), month) for _ in range(20)]
        rows += [(random.uniform(0, 8), random.uniform(8, 12), month) for _ in range(10)]
    lon, lat, day = zip(*rows, strict=True)
    return checked(layer(lon, lat, list(day)), TODAY, "day")


def test_where_the_season_rules_a_rule_with_season_is_chosen() -> None:
    found = forecast(seasonal(), Squares(40), watched=1, complete_until=date(2025, 12, 31))
    table = found.table()
    assert "season" in found.rule
    assert table.at[CHOSEN, "pei"] > 1.2 * table.at[LAST_YEAR, "pei"]
    assert found.frame().geometry[0].distance(shapely.Point(6.0, 10.0)) == 0
    assert (found.period, found.until, found.held_out) == (date(2026, 1, 1), date(2026, 2, 1), 12)


@pytest.mark.parametrize("grid", [Hexagons(4), Squares(50)])
def test_the_answer_shows_baselines_beside_the_choice_and_explains_itself(grid: Grid) -> None:
    found = forecast(events(600), grid, watched=5, held_out=3)
    table = found.table()
    assert table.index[0] == CHOSEN
    assert table["plain"].sum() == 3
    assert table["pei"].iloc[1:].is_monotonic_decreasing
    assert found.frame()["rank"].tolist() == [1, 2, 3, 4, 5]
    assert (np.diff(found.expected) <= 1e-9).all()
    sentence = str(found.sentence)
    assert f"ranked by {found.rule} from 5" in sentence
    assert "In 3 held-out periods (month)" in sentence


def test_the_choice_is_scored_by_what_was_best_before() -> None:
    """The quiet town surprises in the last month: the rule that named it is right there, but was not the choice."""
    rows = [
        (lon, month)
        for number, month in enumerate(pd.date_range("2023-01-01", periods=30, freq="MS"))
        for lon, n in ((2.0, 5 if number < 29 else 0), (6.0, 1 if number < 29 else 5))
        for _ in range(n)
    ]
    points = checked(layer([lon for lon, _ in rows], [10.0] * len(rows), [month for _, month in rows]), TODAY, "day")
    quiet = Rule("the quietest", lambda past: np.where(past.sum(axis=1) > 0, 1 / (1 + past.sum(axis=1)), 0))
    until = date(2025, 6, 30)
    found = forecast(points, Squares(100), watched=1, held_out=4, rules=[SUM, quiet], complete_until=until)
    last = {score.rule: score.pei for score in found.scores if score.period == date(2025, 6, 1)}
    assert last == {"all counts": 0, "the quietest": 1, CHOSEN: 0}


def test_the_order_of_rows_does_not_matter() -> None:
    frame = scattered(500)
    one = forecast(checked(frame, TODAY, "day"), Squares(50), watched=5, held_out=3)
    other = forecast(shuffled(frame), Squares(50), watched=5, held_out=3)
    assert one.scores == other.scores
    assert one.code.tolist() == other.code.tolist()


def test_what_cannot_be_is_refused_with_a_sentence() -> None:
    with pytest.raises(Unfit, match="at least 30 are needed"):
        forecast(events(), Squares(50))
    with pytest.raises(Unfit, match="nothing to choose"):
        forecast(events(), Squares(50), watched=5000, held_out=3)
    with pytest.raises(Unfit, match="hold no events"):
        backtest(np.zeros((5, 8)), [SUM], NAMES, 2, 3)
    with pytest.raises(ValueError, match="at least three periods"):
        forecast(events(), Squares(50), held_out=1)
