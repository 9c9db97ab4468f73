"""Levels that leadership is told as one number: which they are, and that nothing small is worked out of them."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.parts.figure_text import tile
from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.vocabulary import Level
from operations.disclosure import level_bands, small_numbers
from operations.disclosure.suppression import at_least, below
from operations.figures import board
from operations.figures.releases.judge import AudienceAttack, AudienceState, Cell, ReportHolding
from operations.figures.releases.solver import Judge
from tests.makers import Running, detection, let_out
from tests.operations.test_board import LATER, frame, report

LEVELS = (Level.V1, Level.V2, Level.V3)
AMOUNTS = st.sampled_from((0, 0, 1, 5, 10, 11, 12, 14, 40)) | st.integers(0, 60)
COLUMNS = st.dictionaries(st.sampled_from("ABCDE"), st.tuples(*[AMOUNTS] * 5), max_size=5)


def by_level(columns: dict[str, tuple[int, ...]]) -> dict[int, Counter[str]]:
    """What there is at each level of each country."""
    return {level: Counter({name: each[level - 1] for name, each in columns.items()}) for level in level_bands.LEVELS}


def told(columns: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
    return level_bands.all_bands(level_bands.chosen(by_level(columns)), level_bands.LEVELS)


@pytest.mark.parametrize(
    ("total", "bands"),
    [
        ((40, 40, 40, 0, 0), (1, 2, 3, 4, 5)),
        ((40, 5, 40, 0, 0), (12, 3, 4, 5)),
        ((5, 40, 0, 0, 0), (1, 2, 3, 4, 5)),  # from V2 up forty are told: they are not given up for V1
        ((40, 40, 5, 0, 0), (1, 23, 4, 5)),  # V3 is hidden anyway
        ((40, 0, 5, 0, 0), (123, 4, 5)),
        ((5, 40, 5, 0, 0), (123, 4, 5)),
        ((5, 0, 40, 0, 0), (1, 2, 3, 4, 5)),  # V3 is what countries answer for: it is told rather than V1
        ((40, 40, 0, 5, 0), (1, 2, 3, 4, 5)),  # nothing from V1 up can be told
    ],
)
def test_a_level_of_few_persons_is_told_together_with_another(total: tuple[int, ...], bands: tuple[int, ...]) -> None:
    assert told({"A": total}) == bands


@given(COLUMNS)
def test_no_total_is_given_up_for_another(columns: dict[str, tuple[int, ...]]) -> None:
    """What may be told with each level apart, of the kinds of totals alone, may be told with the bands."""
    bands = told(columns)
    assert [level for band in bands for level in level_bands.levels_of(band)] == [*level_bands.LEVELS]
    assert {4, 5} <= set(bands)
    totals = [sum(column[level - 1] for column in columns.values()) for level in level_bands.LEVELS]
    for least in (1, 2, 3):
        if not any(small_numbers.small(many) for many in totals[least - 1 :]):
            assert not any(min(each) < least <= max(each) for each in map(level_bands.levels_of, bands))


@given(st.lists(st.tuples(*[st.sampled_from((0, 1, 11))] * 5), max_size=5), st.data())
def test_bands_follow_from_what_everybody_is_thought_to_know(kinds: list[tuple[int, ...]], data: st.DataObject) -> None:
    """Countries with as many persons as you like in place of eleven, and totals of the same kinds: the same bands."""
    columns = {str(number): column for number, column in enumerate(kinds)}
    others = {
        name: tuple(many and (data.draw(st.integers(11, 900)) if many == 11 else 1) for many in column)
        for name, column in columns.items()
    }
    assert told(columns) == told(others)


@settings(max_examples=500)
@given(st.lists(AMOUNTS, min_size=1, max_size=3))
def test_a_sum_of_levels_leaves_each_small_one_five_values(parts: list[int]) -> None:
    """Told or hidden for its own sake, to somebody who knows of each level whether it is small, and the rule."""
    known = small_numbers.known_range(parts)
    few, many = sum(map(small_numbers.small, parts)), sum(part > 10 for part in parts)
    assert known or not small_numbers.small(sum(parts))
    if not few:
        assert known is None
        return
    least, most = known or (sum(parts), sum(parts))
    assert least <= sum(parts) <= most
    lowest = max(1, least - 10 * (few - 1)) if not many else 1
    highest = min(10, most - 11 * many - (few - 1))
    assert highest - lowest + 1 >= small_numbers.FEWEST_POSSIBILITIES


def test_a_sum_is_read_where_all_levels_of_its_bands_are_wanted() -> None:
    cells = {12: 44, 3: 20, 4: 0}
    assert level_bands.whole(cells, at_least(Level.V1)) == 64
    assert level_bands.whole(cells, at_least(Level.V2)) is None
    assert level_bands.whole(cells, at_least(Level.V3)) == 20
    assert level_bands.whole(cells, below(Level.V3)) == 44
    assert level_bands.whole(cells, below(Level.V2)) is None
    assert level_bands.whole({12: 0, 3: 20}, at_least(Level.V2)) == 20, "nobody is nobody at each level"
    assert level_bands.whole({12: None, 3: 20}, at_least(Level.V1)) is None


# ------------------------------------------------------------------------------------------------------- judge


def held(amount: int, *levels: tuple[int, int], country: str = "A") -> ReportHolding:
    return ReportHolding(country, "d", "", amount, levels)


def given_away(reports: list[ReportHolding], *states: AudienceState) -> list[Cell]:
    *before, last = states
    return Judge(AudienceAttack(reports, before, last.seq, [], 1, frozenset())).given_away(last)


TOGETHER, APART = {12: True, 3: True}, {1: True, 2: True, 3: True}


def state(seq: int, totals: dict[int, bool]) -> AudienceState:
    """Totals alone, of which everybody knows whether a level is small."""
    return AudienceState(seq, totals, kinds={1, 2, 3})


def test_the_sum_of_a_small_level_and_another_is_judged_by_what_it_leaves_open() -> None:
    assert given_away([held(40, (1, 1)), held(5, (1, 2))], state(2, TOGETHER)) == []
    tight = given_away([held(11, (1, 1)), held(3, (1, 2))], state(2, TOGETHER))
    assert {cell[2] for cell in tight} == {2}, "of 14 persons eleven or more are at V1"
    apart = given_away([held(40, (1, 1)), held(5, (1, 2))], state(2, APART))
    assert {cell[2] for cell in apart} == {2}


def test_a_sum_of_levels_that_was_told_gives_a_level_away_that_is_told_later() -> None:
    """45 from V1 up, then 40 at V1 alone, and nothing moved: five were at V2."""
    reports = [held(40, (1, 1)), held(5, (1, 2))]
    later = state(4, {1: True, 2: False, 3: True})
    assert {cell[2] for cell in given_away(reports, state(2, TOGETHER), later)} == {2}
    assert given_away(reports, later) == []


def test_a_sum_of_levels_moves_by_eleven_or_not_at_all() -> None:
    reports = [held(40, (1, 1)), held(30, (1, 2)), held(6, (3, 1))]
    moved = given_away(reports, state(2, TOGETHER), state(4, TOGETHER))
    assert {cell[0] for cell in moved} == {"moved"}
    climbed = [held(40, (1, 1)), held(30, (1, 2)), held(6, (1, 1), (3, 2))]
    assert given_away(climbed, state(2, TOGETHER), state(4, TOGETHER)) == [], "it is in the sum still"
    assert given_away(climbed, state(2, APART), state(4, APART)) != []


# ----------------------------------------------------------------------------------------------------- on screens


def test_leadership_reads_a_sum_of_which_few_wait_for_the_next_level(scene: Running) -> None:
    """Forty of Mali at V1, five of Niger at V2, thirty at V3: beside V3, a sum from V2 up would tell the five."""
    report(scene, [detection(5)], level=Level.V2)
    report(scene, [detection(30)], level=Level.V3, day=1)
    report(scene, [detection(40)], "MLI", level=Level.V1)
    let_out(scene)
    with clock.at(LATER), scene.store.reading(scene["lena"]) as session:
        boards = [board.read_board(session, frame(scene, level), scene["lena"]) for level in LEVELS]
    figures = [each.figures[Kpi.DETECTIONS] for each in boards]
    assert [figure.value for figure in figures] == [75, None, 30]
    assert [figure.unverified for figure in figures] == [0, None, 45]
    assert [figure.told_from for figure in figures] == [None, Level.V1, None]
    why = "Hidden: it is told from V1 up. Level by level it would give away a number of 1 to 10 persons."
    assert [tile(figure, each, "en").why for figure, each in zip(figures, boards, strict=True)] == ["", why, ""]
