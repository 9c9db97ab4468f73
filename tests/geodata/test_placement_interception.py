"""The share that was detected: the interval holds a truth that is known, and what says nothing is not told."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from geodata.ground.reference import Floats
from geodata.placement.interception import (
    WIDEST,
    DetectedShare,
    Doubt,
    Estimate,
    NoShareReason,
    Worlds,
    estimate,
    joined,
    passing,
    worlds,
)
from geodata.placement.problem import NOWHERE, Flags

RUNS, DRAWS = 1000, 1000


@dataclass
class Simulated:
    """An operation of which everything is known: what was detected, what was not, and what was estimated of both."""

    found: Estimate
    truth: float
    truths: list[float]


def simulated(rng: np.random.Generator, doubt: Doubt, **fixed: float) -> Simulated:
    """Groups of people travel on routes; those who know the checkpoints go round some of them. Chance does the rest.

    `fixed`: what is not drawn from what is believed: `detection` or `knows`.
    """
    routes, sites = int(rng.integers(1, 6)), int(rng.integers(1, 7))
    naive = crossing(rng, routes, sites)
    informed = naive & (rng.random((routes, sites)) < 0.7)
    stands = rng.uniform(0.5, 1.0, sites)
    assumed = rng.uniform(0.5, 2.0, routes)
    believed = worlds(doubt, assumed, rng, DRAWS)
    true = worlds(doubt, assumed, rng, 1)
    detection, knows = fixed.get("detection", true.detection[0]), fixed.get("knows", true.knows[0])
    groups = joined(naive | informed)
    chance = mixed(believed.detection, believed.knows, stands, naive, informed)
    actual = mixed(np.array([detection]), np.array([knows]), stands, naive, informed)[0]
    many = rng.poisson(10 ** rng.uniform(1, 3.3) * true.shares[0] / true.shares[0].sum())
    caught = rng.binomial(many, actual)
    size = doubt.together - 1
    detected, moved = (count + rng.poisson(size * count) for count in (caught, many - caught))
    per = [detected[groups == group].sum() for group in range(groups.max() + 1)]
    found = estimate(per, groups, chance, believed, doubt.together, int(rng.integers(2**31)))
    everybody = [(detected + moved)[groups == group].sum() for group in range(groups.max() + 1)]
    whole = (detected + moved).sum()
    return Simulated(
        found,
        detected.sum() / whole if whole else 0.0,
        [part / all_ if all_ else 0.0 for part, all_ in zip(per, everybody, strict=True)],
    )


def crossing(rng: np.random.Generator, routes: int, sites: int) -> Flags:
    crossed: Flags = rng.random((routes, sites)) < rng.choice([0.15, 0.3, 0.6])
    return crossed


def mixed(detection: Floats, knows: Floats, stands: Floats, naive: Flags, informed: Flags) -> Floats:
    first, other = (passing(detection, stands, crossed) for crossed in (informed, naive))
    chance: Floats = knows[:, None] * first + (1 - knows)[:, None] * other
    return chance


DOUBT = Doubt(0.5, 0.3, 0.7, together=4)
DOUBTS = {
    "usual": DOUBT,
    "seldom detected": Doubt(0.1, 0.03, 0.25, together=1),
    "nearly sure": Doubt(0.6, 0.58, 0.62, shares=1.1, knows_least=0.2, knows_most=0.3),
    "all know": replace(DOUBT, knows_least=1.0),
    "nobody knows": replace(DOUBT, knows_most=0.0),
}


@pytest.mark.sample(1)
@pytest.mark.parametrize("name", DOUBTS)
def test_the_interval_holds_the_truth_in_nine_of_ten_of_a_thousand_operations(name: str) -> None:
    rng = np.random.default_rng(2026)
    runs = [simulated(rng, DOUBTS[name]) for _run in range(RUNS)]
    whole = [(run.found.whole, run.truth) for run in runs]
    groups = [pair for run in runs for pair in zip(run.found.groups, run.truths, strict=True)]
    for pairs in (whole, groups):
        known = [(share, truth) for share, truth in pairs if share.why in (None, NoShareReason.WIDE)]
        shown = [(share, truth) for share, truth in known if share.why is None]
        assert len(shown) > 100, "it is told often enough to be judged"
        assert holding(known) >= 0.9
        assert holding(shown) >= 0.9  # what is shown is not chosen so that it is wrong more often
        assert all(share.high - share.low <= WIDEST for share, _truth in shown)
        assert all(share.high - share.low > WIDEST for share, _truth in known if share.why is NoShareReason.WIDE)


def holding(pairs: list[tuple[DetectedShare, float]]) -> float:
    """In what part of them the interval holds the truth."""
    return float(np.mean([share.low <= truth <= share.high for share, truth in pairs]))


@pytest.mark.parametrize("beyond", [0.15, 0.85])
def test_what_is_believed_must_hold_too(beyond: float) -> None:
    """The interval rests on what is believed of checkpoints: far outside of that it is wrong, and that is no secret."""
    rng = np.random.default_rng(7)
    runs = [simulated(rng, DOUBT, detection=beyond) for _run in range(300)]
    assert holding([(run.found.whole, run.truth) for run in runs if run.found.whole.why is None]) < 0.9


def certainly(detection: float) -> Worlds:
    return worlds(Doubt(detection, detection, detection, shares=1, knows_most=0), np.array([1.0, 1.0]), RNG(), DRAWS)


def RNG() -> np.random.Generator:  # noqa: N802 - the same numbers again
    return np.random.default_rng(3)


def test_with_chances_that_are_known_it_is_what_probability_says() -> None:
    believed = certainly(0.5)
    chance = np.full((DRAWS, 2), 0.5)
    found = estimate([400, 400], np.array([0, 1]), chance, believed, 1, 1)
    assert found.whole.middle == pytest.approx(0.5, abs=0.01)
    assert found.whole.high - found.whole.low == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 1600), rel=0.2)
    alone = found.groups[0]
    assert alone.high - alone.low > found.whole.high - found.whole.low
    fewer = estimate([400, 400], np.array([0, 1]), chance, believed, 16, 1)
    assert fewer.whole.high - fewer.whole.low == pytest.approx(4 * (found.whole.high - found.whole.low), rel=0.2)


def test_routes_that_nobody_watches_have_as_many_as_their_share_says() -> None:
    found = estimate([400], np.array([0, NOWHERE]), np.tile([0.5, 0.0], (DRAWS, 1)), certainly(0.5), 1, 1)
    assert found.whole.middle == pytest.approx(0.25, abs=0.01)
    assert found.groups[0].middle == pytest.approx(0.5, abs=0.02)
    assert found.unwatched == pytest.approx(0.5)


def test_where_nothing_can_be_told_it_is_not() -> None:
    believed = certainly(0.5)
    unwatched = estimate([], np.array([NOWHERE, NOWHERE]), np.zeros((DRAWS, 2)), believed, 1, 1)
    assert (unwatched.whole.why, unwatched.groups) == (NoShareReason.UNWATCHED, ())
    nobody = estimate([0], np.array([0, 0]), np.full((DRAWS, 2), 0.5), believed, 1, 1)
    assert (nobody.whole.why, nobody.groups[0].why) == (NoShareReason.NOBODY, NoShareReason.NOBODY)
    doubt = worlds(Doubt(0.5, 0.05, 0.95), np.array([1.0]), RNG(), DRAWS)
    wide = estimate([90], np.array([0]), doubt.detection[:, None], doubt, 1, 1)
    assert wide.whole.why is NoShareReason.WIDE


def test_the_same_seed_draws_the_same_again() -> None:
    given = ([90], np.array([0, 0]), np.full((DRAWS, 2), 0.5), certainly(0.5), 1)
    assert estimate(*given, 5) == estimate(*given, 5) != estimate(*given, 6)


def test_routes_that_share_a_site_are_one() -> None:
    crossed = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]], dtype=bool)
    assert joined(crossed).tolist() == [0, 0, 0, NOWHERE, 1]
    assert joined(np.zeros((2, 0), dtype=bool)).tolist() == [NOWHERE, NOWHERE]


def test_a_checkpoint_detects_while_it_stands() -> None:
    crossed = np.array([[True, True], [False, True], [False, False]])
    chance = passing(np.array([0.5]), np.array([1.0, 0.5]), crossed)
    assert chance[0].tolist() == pytest.approx([1 - 0.5 * 0.75, 0.25, 0])
    assert passing(np.array([1.0]), np.array([1.0, 1.0]), crossed)[0] == pytest.approx([1, 1, 0])


def test_an_expectation_lies_below_within_or_above() -> None:
    share = DetectedShare(0.2, 0.3, 0.4)
    assert [share.compared(each) for each in (0.1, 0.2, 0.4, 0.5)] == [-1, 0, 0, 1]
