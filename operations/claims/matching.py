"""Record matching: pairs of rows in a table that may be about the same thing, with score and evidence. Pure.

Pairs are searched within blocks only (rows that agree in some columns and are close in another), so that few of all
pairs are compared. Each column of a pair weighs for or against it in bits (Fellegi and Sunter 1969); a column with a
missing value weighs nothing. Weights are declared, or learned from the table itself (`learned`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from operations.lazy_import import lazy_module

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from scipy import sparse

    Array = np.ndarray
else:
    np, pd, sparse = lazy_module("numpy"), lazy_module("pandas"), lazy_module("scipy.sparse")

DIFFERS, CLOSE, AGREES = 0, 1, 2
UNSAID = -1
CHUNK = 1_000_000
"""The number of pairs compared at once, which bounds the memory used."""
DRAWN = 500_000
"""So many pairs tell how often two rows agree by chance."""


@dataclass(frozen=True)
class MatchingBlock:
    """A block: rows that agree in all of `same` and, with `near`, are at most `within` apart in that column.

    Rows without a value in one of the columns are in no block. With `most`, each row is compared with at most so many
    rows, the nearest after it, which bounds the work for any table.
    """

    same: tuple[str, ...]
    near: str = ""
    within: float = 0.0
    most: int = 0


@dataclass(frozen=True)
class ColumnWeight:
    """How a column is compared, and its `weights` in bits where it differs, is close, or agrees.

    "code": equal or not. "number": agrees where equal and `few` or more, close where the smaller is at least `close` of
    the larger. "window": from the column to that named `until`, in hours: agrees where both are short and begin within
    `close` hours, close where they overlap or lie no further apart. "place": in degrees, with that named `until` as
    longitude: agrees at the same place, close within `close` km. "text": the share of letter pairs that both have;
    agrees from `agrees` up, close from `close` up.
    """

    column: str
    how: Literal["code", "number", "window", "place", "text"]
    weights: tuple[float, float, float]
    close: float = 0.0
    agrees: float = 1.0
    until: str = ""
    few: float = 0.0


@dataclass(frozen=True)
class MatchingRules:
    """Matching rules: the blocks, the columns compared, and the prior in bits against any pair."""

    blocks: tuple[MatchingBlock, ...]
    sides: tuple[ColumnWeight, ...]
    against: float
    apart: str = ""
    """Rows that agree in this column are never a pair, as they are of one report."""


class Matched(NamedTuple):
    """Pairs of row numbers, the smaller first; the level of each column; and the probability that both are one."""

    left: Array
    right: Array
    levels: Array
    score: Array


def match(frame: pd.DataFrame, rules: MatchingRules, least: float = 0.5) -> Matched:
    """Return all pairs of `frame` whose score is at least `least`, most likely first. Row numbers, not labels."""
    columns = _Columns(frame, rules.sides)
    weights = np.array([side.weights for side in rules.sides], float)
    parts = [
        Matched(left[kept], right[kept], levels[kept], score[kept])
        for left, right in _chunks(candidates(frame, rules))
        for levels in [columns.levels(left, right)]
        for score in [_probability(levels, weights, rules.against)]
        for kept in [score >= least]
    ]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Matched(nothing, nothing, np.zeros((0, len(rules.sides)), np.int8), np.zeros(0))
    matched = Matched(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    order = np.lexsort((matched.right, matched.left, -matched.score))
    return Matched(*(values[order] for values in matched))


def learned(frame: pd.DataFrame, rules: MatchingRules, rounds: int = 25, seed: int = 1) -> MatchingRules:
    """Return the rules with weights learned from the table, by expectation maximisation over its blocks.

    Chance agreement is estimated on pairs drawn from the whole table, as rows within a block always agree. Starts from
    the declared weights. For tables of thousands of rows with many pairs; needs no labels.
    """
    columns, random, size = _Columns(frame, rules.sides), np.random.default_rng(seed), len(frame)
    drawn = random.integers(0, size, (2, DRAWN))
    chance = columns.levels(*drawn[:, drawn[0] != drawn[1]])
    levels = np.concatenate([columns.levels(*chunk) for chunk in _chunks(candidates(frame, rules))])
    patterns, many = np.unique(levels, axis=0, return_counts=True)
    weights, against = np.array([side.weights for side in rules.sides], float), rules.against
    others = _shares(chance, np.ones(len(chance)))
    for _round in range(rounds):
        same = _probability(patterns, weights, against) * many
        weights = np.log2(_shares(patterns, same)) - np.log2(others)
        against = float(np.log2(size * (size - 1) / 2) - np.log2(same.sum() + 1))
    sides = tuple(
        replace(side, weights=(differs, close, agrees))
        for side, (differs, close, agrees) in zip(rules.sides, weights.tolist(), strict=True)
    )
    return replace(rules, sides=sides, against=against)


def _shares(levels: Array, many: Array) -> Array:
    """Return, for each column, the share of each level among the pairs in which both have a value."""
    counted = np.stack([many @ (levels == level) + 0.5 for level in (DIFFERS, CLOSE, AGREES)], axis=1)
    return np.asarray(counted / counted.sum(axis=1, keepdims=True))


def groups(found: Matched) -> list[list[int]]:
    """Return groups of rows, likeliest pairs first: each row is in one group, and forms a pair with all its members."""
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    of: dict[int, list[int]] = {}
    for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True):
        mine, theirs = of.get(left, [left]), of.get(right, [right])
        if mine is theirs:
            continue
        if all((min(a, b), max(a, b)) in pairs for a in mine for b in theirs):
            joined = sorted([*mine, *theirs])
            of |= dict.fromkeys(joined, joined)
    return [list(each) for each in dict.fromkeys(map(tuple, of.values()))]


def _probability(levels: Array, weights: Array, against: float) -> Array:
    bits = np.full(len(levels), -against, float)
    for place, row in enumerate(weights):
        bits += np.append(row, 0.0)[levels[:, place]]  # -1, a missing value, indexes the last entry
    return np.asarray(1 / (1 + np.exp2(-np.clip(bits, -60, 60))))


# ------------------------------------------------------------------------------------------------------- blocks


def candidates(frame: pd.DataFrame, rules: MatchingRules) -> tuple[Array, Array]:
    """Return the pairs of all blocks, each once."""
    size = len(frame)
    keys = [_pairs(frame, block) for block in rules.blocks]
    coded = np.concatenate([np.zeros(0, np.int64), *(left * size + right for left, right in keys)])
    coded.sort()
    coded = coded[np.append(True, coded[1:] != coded[:-1])] if len(coded) else coded
    left, right = np.divmod(coded, max(size, 1))
    if rules.apart and len(left):
        of = pd.factorize(frame[rules.apart])[0]
        kept = of[left] != of[right]
        left, right = left[kept], right[kept]
    return left, right


def _pairs(frame: pd.DataFrame, block: MatchingBlock) -> tuple[Array, Array]:
    """Return the pairs of one block: rows sorted by equal columns, then by the near one, each with its next rows."""
    group = np.zeros(len(frame), np.int64)
    there = np.ones(len(frame), bool)
    for name in block.same:
        codes, names = pd.factorize(frame[name])
        there &= codes >= 0
        group = pd.factorize(group * (len(names) + 1) + codes)[0].astype(np.int64)
    where = frame[block.near].to_numpy(float) if block.near else np.zeros(len(frame))
    there &= np.isfinite(where)
    rows = np.flatnonzero(there)
    rows = rows[np.lexsort((rows, where[rows], group[rows]))]
    group, where = group[rows], where[rows]
    if block.near:
        span = float(np.ptp(where)) + block.within + 1 if len(rows) else 1.0
        line = group * span * 2 + (where - where.min() if len(rows) else where)
        last = np.searchsorted(line, line + block.within, side="right")
    else:
        last = np.searchsorted(group, group, side="right")
    many = last - np.arange(len(rows)) - 1
    many = np.minimum(many, block.most) if block.most else many
    first = np.repeat(np.arange(len(rows)), many)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)
    one, other = rows[first], rows[first + offset + 1]
    return np.minimum(one, other), np.maximum(one, other)


def _chunks(pairs: tuple[Array, Array]) -> Iterator[tuple[Array, Array]]:
    for start in range(0, len(pairs[0]), CHUNK):
        yield pairs[0][start : start + CHUNK], pairs[1][start : start + CHUNK]


# ------------------------------------------------------------------------------------------------------ compare


class _Columns:
    """The columns of a table as arrays in which pairs are compared."""

    def __init__(self, frame: pd.DataFrame, sides: Sequence[ColumnWeight]) -> None:
        self.sides = sides
        self.of: Mapping[str, Array] = {
            name: frame[name].to_numpy(float)
            for side in sides
            if side.how in ("number", "window", "place")
            for name in filter(None, (side.column, side.until))
        }
        self.codes = {side.column: pd.factorize(frame[side.column])[0] for side in sides if side.how == "code"}
        self.texts = {side.column: _Letters(frame[side.column]) for side in sides if side.how == "text"}

    def levels(self, left: Array, right: Array) -> Array:
        """Return the level of each column for these pairs: an int8 array of shape (pairs, columns)."""
        return np.stack([self._level(side, left, right) for side in self.sides], axis=1)

    def _level(self, side: ColumnWeight, left: Array, right: Array) -> Array:
        if side.how == "code":
            one, other = self.codes[side.column][left], self.codes[side.column][right]
            return _levels((one < 0) | (other < 0), one == other)
        if side.how == "text":
            unsaid, alike = self.texts[side.column].compared(left, right)
            return _levels(unsaid, alike >= side.agrees, alike >= side.close)
        one, other = self.of[side.column][left], self.of[side.column][right]
        if side.how == "number":
            unsaid = ~(np.isfinite(one) & np.isfinite(other))
            equal = (one == other) & (one >= side.few)
            return _levels(unsaid, equal, np.minimum(one, other) >= side.close * np.maximum(one, other))
        ends = self.of[side.until][left], self.of[side.until][right]
        unsaid = ~(np.isfinite(one) & np.isfinite(other) & np.isfinite(ends[0]) & np.isfinite(ends[1]))
        if side.how == "window":
            apart = np.maximum(one, other) - np.minimum(*ends)
            short = np.maximum(ends[0] - one, ends[1] - other) <= SHORT
            return _levels(unsaid, short & (np.abs(one - other) <= side.close), apart <= side.close)
        km = _kilometres(one, ends[0], other, ends[1])
        return _levels(unsaid, km <= HERE, km <= side.close)


SHORT = 6.0
"""Hours: a report of a whole day says little of when an event happened; one of at most so many hours does."""
HERE = 0.2
"""Kilometres within which two places are the same."""


def _levels(unsaid: Array, agrees: Array, close: Array | None = None) -> Array:
    found = np.where(agrees, AGREES, DIFFERS if close is None else np.where(close, CLOSE, DIFFERS))
    return np.where(unsaid, UNSAID, found).astype(np.int8)


def _kilometres(lat: Array, lon: Array, other_lat: Array, other_lon: Array) -> Array:
    a, b, c, d = map(np.radians, (lat, lon, other_lat, other_lon))
    half = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return np.asarray(2 * 6371.0 * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


class _Letters:
    """Texts as sets of letter pairs, compared by the number of pairs that they share."""

    def __init__(self, column: pd.Series) -> None:
        codes, names = pd.factorize(column)
        self.codes = codes
        letters = [sorted({f" {name} "[place : place + 2] for place in range(len(str(name)) + 1)}) for name in names]
        known = {pair: place for place, pair in enumerate(sorted({pair for pairs in letters for pair in pairs}))}
        rows = np.repeat(np.arange(len(letters)), [len(pairs) for pairs in letters])
        places = np.array([known[pair] for pairs in letters for pair in pairs], np.int64)
        shape = (len(letters), max(len(known), 1))
        self.pairs = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, places)), shape=shape)
        self.many = np.array([len(pairs) for pairs in letters], float)

    def compared(self, left: Array, right: Array) -> tuple[Array, Array]:
        """Return which pairs miss a text, and the Dice similarity of all: 2 x shared letter pairs, of both.

        Letter pairs are distinct for each text; equal texts are 1.
        """
        one, other = self.codes[left], self.codes[right]
        unsaid = (one < 0) | (other < 0)
        alike = np.zeros(len(left))
        said = np.flatnonzero(~unsaid & (one != other))
        coded, back = np.unique(one[said].astype(np.int64) * (len(self.many) + 1) + other[said], return_inverse=True)
        a, b = np.divmod(coded, len(self.many) + 1)
        shared = np.asarray(self.pairs[a].multiply(self.pairs[b]).sum(axis=1)).ravel() if len(a) else np.zeros(0)
        both = self.many[a] + self.many[b] if len(a) else np.ones(0)
        alike[said] = (2 * shared / both)[back]
        alike[~unsaid & (one == other)] = 1.0
        return unsaid, alike
