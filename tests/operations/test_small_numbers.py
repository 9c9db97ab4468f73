"""Nobody works a small count of persons out of what is shown."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.disclosure.small_numbers import ProtectedTable, protect, small


def ranges(
    cells: Mapping[str, int], shown: ProtectedTable[str], kept_back: frozenset[str] = frozenset()
) -> dict[str, tuple[int, int]]:
    """What an attacker with integer arithmetic learns of each hidden cell.

    Written on its own, from the rule as published: counts of 1 to 10 are hidden, then the smallest others. The attacker
    knows the total where it is shown, which hidden cells are small (more than anybody can know), and that those
    hidden with them are no larger than any shown one. Bounds are tightened until they stand still.
    """
    least_shown = min((count for count in shown.cells.values() if count), default=10**9)
    low, high = {}, {}
    for cell, count in shown.cells.items():
        if count is None:
            if cell in kept_back:
                low[cell], high[cell] = 0, 10**9
            elif cells[cell] <= 10:
                low[cell], high[cell] = 1, 10
            else:
                low[cell], high[cell] = 11, least_shown
    if shown.total is None:
        return {cell: (low[cell], high[cell]) for cell in low}
    rest = shown.total - sum(count for count in shown.cells.values() if count is not None)
    for _ in range(3):
        for cell in low:
            high[cell] = min(high[cell], rest - sum(low[other] for other in low if other != cell))
            low[cell] = max(low[cell], rest - sum(high[other] for other in high if other != cell))
    return {cell: (low[cell], high[cell]) for cell in low}


def check(cells: Mapping[str, int], kept_back: frozenset[str] = frozenset()) -> ProtectedTable[str]:
    shown = protect(cells, kept_back)
    assert shown.cells.keys() == cells.keys()
    assert shown.total in (None, sum(cells.values()))
    for cell, count in shown.cells.items():
        assert count in (None, cells[cell])
        if small(cells[cell]) or cell in kept_back:
            assert count is None or (count == 0 and cell not in kept_back)
    for cell, (least, most) in ranges(cells, shown, kept_back).items():
        assert least <= cells[cell] <= most
        assert most - least + 1 >= 5, (cells, shown, cell)
    return shown


COUNTS = st.integers(0, 40) | st.sampled_from([0, 1, 9, 10, 11, 12]) | st.integers(0, 5000)
TABLES = st.dictionaries(st.sampled_from([f"C{index:02}" for index in range(40)]), COUNTS, max_size=33)


@settings(max_examples=1_000, deadline=None)
@given(TABLES)
@pytest.mark.requirement("R73")
def test_no_hidden_cell_is_narrowed_below_five_values(cells: dict[str, int]) -> None:
    check(cells)


@settings(max_examples=500, deadline=None)
@given(TABLES, st.data())
def test_cells_kept_back_for_another_reason_are_as_safe(cells: dict[str, int], data: st.DataObject) -> None:
    kept_back = frozenset(data.draw(st.sets(st.sampled_from(sorted(cells))))) if cells else frozenset()
    check(cells, kept_back)


@pytest.mark.requirement("R73")
def test_ten_thousand_random_tables_give_nothing_back() -> None:
    dice = random.Random(73)
    for _ in range(10_000):
        size = dice.randint(1, 12)
        most = dice.choice([3, 12, 15, 30, 300])
        check({f"C{index}": dice.choice([0, dice.randint(0, most), dice.randint(1, 12)]) for index in range(size)})


def test_large_counts_are_all_shown_with_their_total() -> None:
    assert protect({"NER": 11, "MLI": 40, "TCD": 0}) == ProtectedTable({"NER": 11, "MLI": 40, "TCD": 0}, 51)


def test_one_small_cell_takes_the_smallest_large_one_with_it() -> None:
    assert protect({"NER": 5, "MLI": 30, "TCD": 40}) == ProtectedTable({"NER": None, "MLI": None, "TCD": 40}, 75)


def test_a_small_total_hides_everything_but_zeros() -> None:
    assert protect({"NER": 2, "MLI": 3, "TCD": 0}) == ProtectedTable({"NER": None, "MLI": None, "TCD": 0}, None)


def test_where_nothing_is_left_to_hide_the_total_goes_too() -> None:
    assert protect({"NER": 10, "MLI": 10}) == ProtectedTable({"NER": None, "MLI": None}, None)


def test_the_only_country_that_keeps_its_figure_back_takes_another_with_it() -> None:
    shown = protect({"NER": 50, "MLI": 60, "TCD": 70}, frozenset({"MLI"}))
    assert shown == ProtectedTable({"NER": None, "MLI": None, "TCD": 70}, 180)


def test_nothing_at_all_is_shown_as_nothing_at_all() -> None:
    assert protect({}) == ProtectedTable({}, 0)
    assert protect({"NER": 0}) == ProtectedTable({"NER": 0}, 0)
