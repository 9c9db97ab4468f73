"""Pairs of rows that may be one: in blocks as among all pairs, scored by what both say, and bounded."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations.claims.matching import (
    AGREES,
    CLOSE,
    DIFFERS,
    UNSAID,
    ColumnWeight,
    Matched,
    MatchingBlock,
    MatchingRules,
    candidates,
    groups,
    learned,
    match,
)
from operations.claims.suggestions import LEAST, RULES, frame_of, grounds_of

CODE, NEAR = ColumnWeight("code", "code", (-4, 0, 4)), ColumnWeight("many", "number", (-4, 1, 3), close=0.8, few=5)
ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 5), st.floats(0, 30), st.sampled_from(["x", "y"])),
    max_size=25,
)


def pairs(found: tuple[np.ndarray, np.ndarray]) -> set[tuple[int, int]]:
    return set(zip(found[0].tolist(), found[1].tolist(), strict=True))


def of_pairs(found: Matched, side: int) -> dict[tuple[int, int], int]:
    """The level of one side by pair."""
    keys = zip(found.left.tolist(), found.right.tolist(), strict=True)
    return dict(zip(keys, found.levels[:, side].tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(ROWS)
@pytest.mark.requirement("R51")
def test_blocks_hold_exactly_the_pairs_that_they_say(rows: list[tuple[str | None, int, float, str]]) -> None:
    frame = pd.DataFrame(rows, columns=["code", "cell", "starts", "report"])
    rules = MatchingRules(
        (MatchingBlock(("code", "cell"), "starts", 2.5), MatchingBlock(("cell",), "starts", 0.5)), (CODE,), 0, "report"
    )
    expected = {
        (one, other)
        for one, other in combinations(range(len(rows)), 2)
        if rows[one][1] == rows[other][1]
        and rows[one][3] != rows[other][3]
        and (
            (rows[one][0] == rows[other][0] is not None and abs(rows[one][2] - rows[other][2]) <= 2.5)
            or abs(rows[one][2] - rows[other][2]) <= 0.5
        )
    }
    assert pairs(candidates(frame, rules)) ^ expected <= {  # a difference may lie on the last digit of a limit
        pair
        for pair in combinations(range(len(rows)), 2)
        if min(abs(abs(rows[pair[0]][2] - rows[pair[1]][2]) - limit) for limit in (0.5, 2.5)) < 1e-6
    }


def test_what_one_of_both_does_not_say_weighs_nothing() -> None:
    frame = pd.DataFrame({"code": ["a", "a", None, "b"], "many": [10.0, 9.0, 10.0, 3.0], "all": 1})
    found = match(frame, MatchingRules((MatchingBlock(("all",)),), (CODE, NEAR), 0), 0.0)
    levels = dict(zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.levels.tolist(), strict=True))
    assert levels[0, 1] == [AGREES, CLOSE]
    assert levels[0, 2] == [UNSAID, AGREES]
    assert levels[0, 3] == [DIFFERS, DIFFERS]
    scores = dict(zip(levels, found.score.tolist(), strict=True))
    assert scores[0, 1] == pytest.approx(1 / (1 + 2**-5))
    assert scores[0, 2] == pytest.approx(1 / (1 + 2**-3))
    assert list(found.score) == sorted(found.score, reverse=True)


def test_equal_counts_below_the_few_are_only_close() -> None:
    frame = pd.DataFrame({"many": [2.0, 2.0, 7.0, 7.0], "all": 1})
    found = match(frame, MatchingRules((MatchingBlock(("all",)),), (NEAR,), 0), 0.0)
    levels = of_pairs(found, 0)
    assert (levels[0, 1], levels[2, 3], levels[0, 2]) == (CLOSE, AGREES, DIFFERS)


def test_a_table_of_no_pairs_has_none() -> None:
    nothing = match(frame_of([]), RULES, LEAST)
    assert [len(each) for each in nothing] == [0, 0, 0, 0]


def test_a_group_holds_what_is_all_pairs_of_each_other() -> None:
    score = np.array([0.9, 0.8, 0.8, 0.7])
    found = Matched(np.array([0, 0, 1, 2]), np.array([1, 2, 2, 3]), np.zeros((4, 1), np.int8), score)
    assert groups(found) == [[0, 1, 2]]
    chain = Matched(np.array([0, 1]), np.array([1, 2]), np.zeros((2, 1), np.int8), score[:2])
    assert groups(chain) == [[0, 1]]


def test_letters_that_are_typed_otherwise_are_close_and_others_differ() -> None:
    names = ["montgomery", "montgommery", "mont gomery", "ng", None]
    frame = pd.DataFrame({"name": names, "all": 1})
    side = ColumnWeight("name", "text", (-4, 2, 4), close=0.5, agrees=0.99)
    found = match(frame, MatchingRules((MatchingBlock(("all",)),), (side,), 0), 0.0)
    levels = of_pairs(found, 0)
    assert (levels[0, 1], levels[0, 2], levels[0, 3], levels[0, 4]) == (CLOSE, CLOSE, DIFFERS, UNSAID)


def test_weights_are_learned_without_labels() -> None:
    random = np.random.default_rng(3)
    first = pd.DataFrame({name: random.integers(0, 200, 800) for name in ("a", "b", "c", "d")})
    again = first.iloc[:300].copy()
    again.loc[random.random(300) < 0.15, "a"] = 999
    frame = pd.concat([first, again], ignore_index=True)
    rules = MatchingRules(
        tuple(MatchingBlock((name,)) for name in ("a", "b", "c")),
        tuple(ColumnWeight(name, "code", (-1.0, 0.0, 1.0)) for name in ("a", "b", "c", "d")),
        1.0,
    )
    true = {(place, 800 + place) for place in range(300)}
    found = pairs(match(frame, learned(frame, rules))[:2])
    assert len(found & true) >= 295
    assert len(found - true) <= 3


def test_the_work_is_bounded_whatever_a_table_holds() -> None:
    row = {
        "kind": "arrest",
        "country": "NER",
        "unit": "",
        "lat": 13.0,
        "lon": 2.0,
        "starts": 0.0,
        "ends": 24.0,
        "quantity": 1,
    }
    frame = frame_of([{**row, "report": place, "line": place} for place in range(3_000)])
    assert len(candidates(frame, RULES)[0]) <= 3_000 * 100
    assert all(block.most for block in RULES.blocks)


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([2, -1, 0, 1, 1, -1, 2], ("notice", "about", "counts", "fields")),
        ([-1, -1, 2, 2, 2, -1, -1], ("here", "then", "count")),
        ([-1, -1, 1, 1, 1, 2, 0], ("near", "about", "counts")),
        ([-1, 2, 0, 0, 1, 0, -1], ("case", "counts")),
    ],
)
def test_what_speaks_for_a_pair_is_said_in_words(levels: list[int], said: tuple[str, ...]) -> None:
    assert grounds_of(levels) == said
