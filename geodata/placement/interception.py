"""Interception share: how much of all movement was detected, as an interval, or that it cannot be told. Pure.

What moved is what was detected and what was not. The second nobody saw: it is modelled. Of each route the placement
model says with which chance p one is detected who takes it. Where y were, those who passed unseen are then as many as
failures before the y-th success: negative binomial, with half a detection more, which keeps a route open on which
nobody was seen, and with what the shares of the routes lead to expect, which counts where p is next to nothing. (Of a
flow of which any size is as likely on a scale of ratios, y says nothing of p itself: what is believed of p stays.)
Routes that share a site where one may be detected are one: who was detected there may have been on any of them. Routes
without such a site have as many as their share of all movement says.

Nobody knows the chances exactly, nor how many know where the checkpoints stand, nor the shares of the routes. Each
draw is a world in which all three have values that are believed; what is unknown is common to all routes of a world.
People travel together, and who is found is found with the others: so many detections say as little as fewer groups.

In 1,000 simulated operations whose truth is known the interval of 95 % holds it in 93 to 97 %, of those that are told
and of all (`tests/geodata/test_placement_interception.py`), as long as what is believed holds. Where checkpoints really
detect as little or as much as is believed one time in twenty it holds the truth in 83 to 92 %; beyond, in less.

So what is told is one range that spans both: from its lower end where checkpoints detect half as often as is believed,
to its upper end where they detect as is believed. It holds the truth in nine of ten in all seven kinds of operations
that were simulated, in six of which a belief is wrong (`docs/interception.md`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from geodata.ground.reference import Floats
from geodata.placement.problem import NOWHERE, Flags, Whole

DRAWS = 4000
SURE = 0.95
"""How sure an interval is."""
WIDEST = 0.4
"""An interval that is wider, where all that is believed holds, says nothing."""
WIDEST_RANGE = 0.5
"""A range that is wider says nothing: from 20 to 71 of a hundred is no answer to how much was detected."""
LUMPS = 0.4
"""How much the flow of a route varies besides, as a standard deviation on the scale of logarithms: flows are lumpy."""
SELDOM = 0.5
"""The part of the believed chance at which a range begins."""
_NINE_IN_TEN = NormalDist().inv_cdf(0.95)
_LEAST_CHANCE = 1e-9


class NoShareReason(StrEnum):
    """The reason why a share cannot be told."""

    NOBODY = "nobody"
    UNWATCHED = "unwatched"
    WIDE = "wide"
    ASIDE = "aside"


@dataclass(frozen=True)
class DetectedShare:
    """The detected share of movement, 0 to 1: an interval and its middle. `why`: it cannot be told.

    `wide` intervals are kept, for whoever asks how wide they are, and never shown.
    """

    low: float
    middle: float
    high: float
    why: NoShareReason | None = None

    def compared(self, expected: float) -> int:
        """Where an expectation lies: -1 below the interval, 0 within, 1 above."""
        return -1 if expected < self.low else int(expected > self.high)


@dataclass(frozen=True)
class Doubt:
    """Assumptions with their uncertainty. `detection` of a checkpoint lies from `least` to `most` nine times in ten.

    `shares`: the share of any route may be so many times larger or smaller, nine times in ten. From `knows_least` to
    `knows_most` of those who travel know where the checkpoints stand. `together`: as many travel together.
    """

    detection: float
    least: float
    most: float
    shares: float = 2.0
    knows_least: float = 0.0
    knows_most: float = 1.0
    together: float = 1.0


@dataclass(frozen=True, eq=False)
class Worlds:
    """Samples of what may be true, one a row: the chance of a checkpoint, who knows the plan, the shares of routes."""

    detection: Floats
    knows: Floats
    shares: Floats


def worlds(doubt: Doubt, shares: Floats, rng: np.random.Generator, draws: int = DRAWS, lumps: float = LUMPS) -> Worlds:
    """Draws of what is believed; `shares` of the routes as they were assumed, in any unit."""
    best, least, most = (_logit(each) for each in (doubt.detection, doubt.least, doubt.most))
    normal = rng.standard_normal(draws)
    wide = np.where(normal < 0, best - least, most - best) / _NINE_IN_TEN
    spread = np.hypot(np.log(doubt.shares) / _NINE_IN_TEN, lumps)
    factors = spread * rng.standard_normal((draws, len(shares)))
    return Worlds(
        1 / (1 + np.exp(-(best + wide * normal))),
        rng.uniform(doubt.knows_least, doubt.knows_most, draws),
        shares * np.exp(factors),
    )


def _logit(chance: float) -> float:
    inside = min(max(chance, _LEAST_CHANCE), 1 - _LEAST_CHANCE)
    return float(np.log(inside / (1 - inside)))


def passing(detection: Floats, stands: Floats, crossed: Flags) -> Floats:
    """The chance to be detected of who crosses sites: a row for each chance of a checkpoint, a column for each route.

    `crossed`: which route (row) crosses which site (column). At a site a checkpoint stands for the part `stands` of
    the time.
    """
    unseen = np.log1p(-np.clip(np.multiply.outer(detection, stands), 0, 1 - _LEAST_CHANCE))
    chance: Floats = -np.expm1(unseen @ crossed.T.astype(np.float64))
    return chance


def joined(crossed: Flags) -> Whole:
    """Of each route (row) the group that it belongs to: those that share a site are one. NOWHERE without any."""
    groups = np.where(crossed.any(axis=1), np.arange(len(crossed)), NOWHERE)
    for site in crossed.T:
        members = np.unique(groups[site])
        if len(members):
            groups[np.isin(groups, members)] = members[0]
    known = np.unique(groups[groups != NOWHERE])
    return np.where(groups == NOWHERE, NOWHERE, np.searchsorted(known, groups))


def unseen(observed: Floats, chance: Floats, shares: Floats, rng: np.random.Generator) -> Floats:
    """Draws of how many passed unseen where so many were detected, a row for each world and a column for each group.

    Where hardly anybody can be detected the detections say little, and as many are expected as the share of the group
    says of all movement, which the detections of all groups tell.
    """
    certain = np.clip(chance, _LEAST_CHANCE, 1.0)
    all_movement = rng.standard_gamma(observed.sum() + 0.5, len(shares)) / (certain * shares).sum(axis=1)
    expected = all_movement[:, None] * shares
    moved = rng.standard_gamma(np.broadcast_to(observed + 0.5, certain.shape)) / (certain + 0.5 / expected)
    drawn: Floats = rng.poisson(np.minimum(moved * (1 - certain), 1e15)).astype(np.float64)
    return drawn


def told(draws: Floats, observed: float, *, watched: bool = True) -> DetectedShare:
    """The share of draws of it as an interval, or why it cannot be told."""
    low, middle, high = (float(each) for each in np.quantile(draws, ((1 - SURE) / 2, 0.5, (1 + SURE) / 2)))
    why = NoShareReason.UNWATCHED if not watched else NoShareReason.NOBODY if not observed else None
    return DetectedShare(low, middle, high, why or (NoShareReason.WIDE if high - low > WIDEST else None))


@dataclass(frozen=True)
class Estimate:
    """The share of all routes together, and of each group of routes in the order of their numbers: as ranges.

    `believed`: the interval of all routes together where all that is believed holds. `unwatched`: the part of all
    movement, in the middle, that is on routes where nobody can be detected.
    """

    whole: DetectedShare
    believed: DetectedShare
    groups: tuple[DetectedShare, ...]
    unwatched: float


def estimate(
    observed: Sequence[float],
    groups: Whole,
    chance: Floats,
    seldom: Floats,
    believed: Worlds,
    together: float,
    seed: int,
) -> Estimate:
    """What part was detected. `observed`: of each group how many; `groups`: of each route (NOWHERE: unwatched).

    `chance`: to be detected, a row for each world and a column for each route; `seldom`: the same where checkpoints
    detect SELDOM as often.
    """
    seen, shares = np.asarray(observed, dtype=np.float64) / together, believed.shares
    aside, everything = shares[:, groups == NOWHERE].sum(axis=1), shares.sum(axis=1)
    unwatched = float(np.median(np.divide(aside, everything, out=np.zeros_like(aside), where=everything > 0)))
    whole, parts = _drawn(seen, groups, chance, shares, seed)
    less, fewer = _drawn(seen, groups, seldom, shares, seed)
    interval = told(whole, float(seen.sum()), watched=bool(len(seen)))
    if interval.why is None and not bearable(interval, unwatched):
        interval = replace(interval, why=NoShareReason.ASIDE)
    return Estimate(
        _range(interval, less),
        interval,
        tuple(_range(told(parts[:, group], seen[group]), fewer[:, group]) for group in range(len(seen))),
        unwatched,
    )


def _range(interval: DetectedShare, seldom: Floats) -> DetectedShare:
    """The range to the upper end of an interval, from the lower end of draws where checkpoints detect SELDOM as often.

    The middle stays that of the interval.
    """
    low = min(interval.low, float(np.quantile(seldom, (1 - SURE) / 2)))
    wide = NoShareReason.WIDE if interval.high - low > WIDEST_RANGE else None
    return replace(interval, low=low, why=interval.why or wide)


def bearable(found: DetectedShare, unwatched: float) -> bool:
    """Whether the interval holds its middle also where half or twice as many are on unwatched routes as is assumed."""
    return found.middle / (1 + unwatched) >= found.low and found.middle / (1 - unwatched / 2) <= found.high


def _drawn(seen: Floats, groups: Whole, chance: Floats, shares: Floats, seed: int) -> tuple[Floats, Floats]:
    """Draws of the detected part: of all movement, and a column for each group."""
    rng, known = np.random.default_rng(seed), np.arange(len(seen))
    of = np.column_stack([shares[:, groups == group].sum(axis=1) for group in known]) if len(seen) else shares[:, :0]
    each = [(chance * shares)[:, groups == group].sum(axis=1) / of[:, group] for group in known]
    passed = unseen(seen, np.column_stack(each), of, rng) if each else of
    watched = (seen + passed).sum(axis=1)
    aside = shares[:, groups == NOWHERE].sum(axis=1)
    beside = shares[:, groups != NOWHERE].sum(axis=1)
    elsewhere = watched * np.divide(aside, beside, out=np.zeros_like(aside), where=beside > 0)
    total = watched + elsewhere
    whole = np.divide(seen.sum(), total, out=np.zeros_like(total), where=total > 0)
    parts = np.divide(seen, seen + passed, out=np.zeros_like(passed), where=seen + passed > 0)
    return whole, parts
