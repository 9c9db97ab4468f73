"""Readiness of a post (K51) with its gaps, and the investment ranking: pure functions of scores.

A ranking is only as good as its weights. `stability` is its sensitivity to them: how often a post stays among the first
under other weights.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from operations.lazy_import import lazy_module

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = lazy_module("numpy")


DRAWS, TOP = 4000, 10
_SEED = 20_261_127
_COMPARED = 256
"""The number of best posts with which each other is compared before weightings are tried."""


class Scored(Protocol):
    """The score of an area: 0 to 4, or None where it is unknown."""

    score: int | None


@dataclass(frozen=True)
class PostReadiness:
    """A readiness score from 0 to 100 (None where nothing is known), areas below 3, lowest first, and unknown areas."""

    score: float | None
    gaps: tuple[str, ...]
    unknown: tuple[str, ...]


def readiness(
    scores: Mapping[str, Scored], areas: Sequence[str], weights: Mapping[str, float] | None = None
) -> PostReadiness:
    """Return K51: the weighted mean of the scores times 25; unknown areas are left out and listed.

    >>> from types import SimpleNamespace as S
    >>> readiness({"power": S(score=1), "staff": S(score=3), "space": S(score=None)}, ["power", "staff", "space"])
    PostReadiness(score=50.0, gaps=('power',), unknown=('space',))
    """
    known = {area: value for area in areas if area in scores and (value := scores[area].score) is not None}
    weight = {area: (weights or {}).get(area, 1.0) for area in known}
    total = sum(weight.values())
    score = 25 * sum(weight[area] * value for area, value in known.items()) / total if total else None
    gaps = sorted((area for area, value in known.items() if value < 3), key=lambda area: known[area])
    return PostReadiness(score, tuple(gaps), tuple(area for area in areas if area not in known))


# ------------------------------------------------------------------------------------------- where to invest next

CRITERIA = ("gap", "traffic", "use", "network", "feasibility")
"""Ranking criteria: gaps, traffic, few queries for it, hours without network, and whether works can begin."""


@dataclass(frozen=True)
class RankedPost:
    """A candidate of the ranking: each criterion from 0 to 1, None where it is unknown."""

    id: UUID
    values: Mapping[str, float | None]


@dataclass(frozen=True)
class Ranked:
    """A post with its worth from 0 to 1, and the share of all weightings in which it is among the first `TOP`."""

    id: UUID
    worth: float
    stays: float
    unknown: tuple[str, ...]


def shares(values: Iterable[float | None]) -> list[float | None]:
    """Return the rank of each known value, scaled from 0 (lowest) to 1; ties share their mean rank, None stays None.

    >>> shares([10, None, 30, 20])
    [0.0, None, 1.0, 0.5]
    """
    given = list(values)
    known = sorted(value for value in given if value is not None)
    if len(known) < 2:
        return [None if value is None else 0.5 for value in given]
    return [None if value is None else _mean_place(known, value) / (len(known) - 1) for value in given]


def _mean_place(ordered: Sequence[float], value: float) -> float:
    """Return the place of a value among ordered ones, the first of which is 0; that of equal ones is their mean."""
    return (bisect_left(ordered, value) + bisect_right(ordered, value) - 1) / 2


def rank(candidates: Sequence[RankedPost], weights: Mapping[str, float]) -> list[Ranked]:
    """Return the posts by worth under `weights` (of `CRITERIA`, 0 or more), best first, each with its stability.

    The worth is the weighted mean of a post's known criteria. Where all weights are 0, all count alike. Stability is
    the share of 4,000 weightings, drawn uniformly from all that there are, in which the post is among the first ten:
    its own error is at most 1.6 points in 100 (twice the standard error).
    """
    if not candidates:
        return []
    values = np.array([[_number(each.values.get(name)) for name in CRITERIA] for each in candidates], dtype=np.float64)
    chosen = np.array([max(weights.get(name, 0.0), 0.0) for name in CRITERIA])
    if chosen.sum() == 0:
        chosen = np.ones(len(CRITERIA))
    worth = _worths(values, chosen[None, :])[0]
    drawn = np.random.default_rng(_SEED).dirichlet(np.ones(len(CRITERIA)), DRAWS)
    stays, able = np.zeros(len(candidates)), _able(values, TOP)
    stays[able] = top_posts(_worths(values[able], drawn), TOP).mean(axis=0)
    order = np.argsort(-worth, kind="stable")
    return [
        Ranked(
            candidates[at].id,
            float(worth[at]),
            float(stays[at]),
            tuple(name for name in CRITERIA if candidates[at].values.get(name) is None),
        )
        for at in order
    ]


def _able(values: NDArray[np.float64], many: int) -> NDArray[np.intp]:
    """Return the posts, in their order, that some weighting with positive weights may put among the first so many.

    Of posts with the same criteria known, one that is nowhere above `many` others is below them under each weighting;
    of equals those named earlier come first. It is compared with the best by the sum alone, which leaves few.
    """
    known = ~np.isnan(values)
    able = []
    for pattern in np.unique(known, axis=0):
        alike = np.flatnonzero((known == pattern).all(axis=1))
        scores = values[alike][:, pattern]
        above = np.zeros(len(alike), dtype=np.intp)
        for best in np.argsort(-scores.sum(axis=1), kind="stable")[:_COMPARED]:
            level = (scores[best] >= scores).all(axis=1)
            above += level & ((scores[best] > scores).any(axis=1) | (alike[best] < alike))
        able.append(alike[above < many])
    return np.sort(np.concatenate(able))


def top_posts(worths: NDArray[np.float64], many: int) -> NDArray[np.bool_]:
    """Return which posts are among the first so many, shape (weightings, posts); of equal ones those named earlier.

    >>> top_posts(np.array([[0.5, 0.7, 0.5]]), 2)
    array([[ True,  True, False]])
    """
    if many >= worths.shape[1]:
        return np.ones_like(worths, dtype=np.bool_)
    least = -np.partition(-worths, many - 1, axis=1)[:, many - 1 : many]
    above, level = worths > least, worths == least
    left = many - above.sum(axis=1, keepdims=True)
    return np.asarray(above | (level & (level.cumsum(axis=1) <= left)))


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _worths(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weighted means of known values, shape (weightings, posts); 0 where nothing is known."""
    known = ~np.isnan(values)
    weight = weights @ known.T
    worth = weights @ np.where(known, values, 0.0).T
    return np.divide(worth, weight, out=np.zeros_like(worth), where=weight > 0)
