"""How ready a post is (K51), always with its gaps, and where to invest next: pure functions of what was scored.

A ranking is only as good as its weights. `stability` asks how often a post stays among the first whatever the weights.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

DRAWS, TOP = 4000, 10
_SEED = 20_261_127


class Scored(Protocol):
    """What was said of an area: 0 to 4, or None where it is not known."""

    score: int | None


@dataclass(frozen=True)
class PostReadiness:
    """The score from 0 to 100, None where nothing is known; areas below 3, the lowest first; and what is not known."""

    score: float | None
    gaps: tuple[str, ...]
    unknown: tuple[str, ...]


def readiness(
    scores: Mapping[str, Scored], areas: Sequence[str], weights: Mapping[str, float] | None = None
) -> PostReadiness:
    """K51: the weighted mean of the scores times 25; areas that are not known are left out and named.

    >>> from types import SimpleNamespace as S
    >>> readiness({"power": S(score=1), "staff": S(score=3), "space": S(score=None)}, ["power", "staff", "space"])
    Readiness(score=50.0, gaps=('power',), unknown=('space',))
    """
    known = {area: value for area in areas if area in scores and (value := scores[area].score) is not None}
    weight = {area: (weights or {}).get(area, 1.0) for area in known}
    total = sum(weight.values())
    score = 25 * sum(weight[area] * value for area, value in known.items()) / total if total else None
    gaps = sorted((area for area, value in known.items() if value < 3), key=lambda area: known[area])
    return PostReadiness(score, tuple(gaps), tuple(area for area in areas if area not in known))


# ------------------------------------------------------------------------------------------- where to invest next

CRITERIA = ("gap", "traffic", "use", "network", "feasibility")
"""What speaks for a post: its gaps, its traffic, that little is asked there, its network, and that works can begin."""


@dataclass(frozen=True)
class RankedPost:
    """A post as the ranking sees it: each criterion from 0 to 1, None where it is not known."""

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
    """Each value's place among all that are known, from 0 (the lowest) to 1; equal ones share the middle place.

    >>> shares([10, None, 30, 20])
    [0.0, None, 1.0, 0.5]
    """
    given = list(values)
    known = [each for each in given if each is not None]
    if len(known) < 2:
        return [None if each is None else 0.5 for each in given]
    return [
        None
        if each is None
        else (sum(one < each for one in known) + (sum(one == each for one in known) - 1) / 2) / (len(known) - 1)
        for each in given
    ]


def rank(candidates: Sequence[RankedPost], weights: Mapping[str, float]) -> list[Ranked]:
    """The posts by worth under `weights` (of `CRITERIA`, 0 or more), the first first, each with its stability.

    The worth is the weighted mean of what is known of a post. Where all weights are 0, all count alike. Stability is
    the share of 4,000 weightings, drawn evenly from all that there are, in which the post is among the first ten: its
    own error is at most 1.6 points in 100 (twice the standard error).
    """
    if not candidates:
        return []
    values = np.array([[_number(each.values.get(name)) for name in CRITERIA] for each in candidates], dtype=np.float64)
    chosen = np.array([max(weights.get(name, 0.0), 0.0) for name in CRITERIA])
    if chosen.sum() == 0:
        chosen = np.ones(len(CRITERIA))
    worth = _worths(values, chosen[None, :])[0]
    drawn = np.random.default_rng(_SEED).dirichlet(np.ones(len(CRITERIA)), DRAWS)
    places = np.argsort(-_worths(values, drawn), axis=1, kind="stable")[:, :TOP]
    stays = np.bincount(places.ravel(), minlength=len(candidates)) / DRAWS
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


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _worths(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted mean of what is known: one row for each weighting, one column for each post; 0 where nothing is."""
    known = ~np.isnan(values)
    weight = weights @ known.T
    worth = weights @ np.where(known, values, 0.0).T
    return np.divide(worth, weight, out=np.zeros_like(worth), where=weight > 0)
