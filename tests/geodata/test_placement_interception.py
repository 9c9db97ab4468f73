"""The share that was detected: the interval holds a truth that is known, and what says nothing is not told."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from geodata.ground.reference import Floats
from geodata.placement.interception import (
    SELDOM,
    WIDEST,
    WIDEST_RANGE,
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
    seldom = mixed(SELDOM * believed.detection, believed.knows, stands, naive, informed)
    actual = mixed(np.array([detection]), np.array([knows]), stands, naive, informed)[0]
    many = rng.poisson(10 ** rng.uniform(1, 3.3) * true.shares[0] / true.shares[0].sum())
    caught = rng.binomial(many, actual)
    size = doubt.together - 1
    detected, moved = (count + rng.poisson(size * count) for count in (caught, many - caught))
    per = [detected[groups == group].sum() for group in range(groups.max() + 1)]
    found = estimate(per, groups, chance, seldom, believed, doubt.together, int(rng.integers(2**31)))
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
    believed = [(run.found.believed, run.truth) for run in runs]
    whole = [(run.found.whole, run.truth) for run in runs]
    groups = [pair for run in runs for pair in zip(run.found.groups, run.truths, strict=True)]
    for pairs, widest in ((believed, WIDEST), (whole, WIDEST_RANGE), (groups, WIDEST_RANGE)):
        known = [(share, truth) for share, truth in pairs if share.why in (None, NoShareReason.WIDE)]
        shown = [(share, truth) for share, truth in known if share.why is None]
        assert len(shown) > 100, "it is told often enough to be judged"
        assert holding(known) >= 0.9
        assert holding(shown) >= 0.9  # what is shown is not chosen so that it is wrong more often
        assert all(share.high - share.low <= widest for share, _truth in shown)


def holding(pairs: list[tuple[DetectedShare, float]]) -> float:
    """In what part of them the interval holds the truth."""
    return float(np.mean([share.low <= truth <= share.high for share, truth in pairs]))


@pytest.mark.parametrize("beyond", [0.15, 0.85])
def test_what_is_believed_must_hold_too(beyond: float) -> None:
    """The interval rests on what is believed of checkpoints: far outside of that it is wrong, and that is no secret."""
    rng = np.random.default_rng(7)
    runs = [simulated(rng, DOUBT, detection=beyond) for _run in range(300)]
    assert holding([(run.found.believed, run.truth) for run in runs if run.found.believed.why is None]) < 0.9


def certainly(detection: float) -> Worlds:
    known = Doubt(detection, detection, detection, shares=1, knows_most=0)
    return worlds(known, np.array([1.0, 1.0]), RNG(), DRAWS, lumps=0)


def RNG() -> np.random.Generator:  # noqa: N802 - the same numbers again
    return np.random.default_rng(3)


def test_with_chances_that_are_known_it_is_what_probability_says() -> None:
    believed = certainly(0.5)
    chance = np.full((DRAWS, 2), 0.5)
    found = estimate([400, 400], np.array([0, 1]), chance, chance, believed, 1, 1)
    assert found.believed == found.whole, "nothing is seldom here"
    assert found.whole.middle == pytest.approx(0.5, abs=0.01)
    assert found.whole.high - found.whole.low == pytest.approx(2 * 1.96 * np.sqrt(0.25 / 1600), rel=0.2)
    alone = found.groups[0]
    assert alone.high - alone.low > found.whole.high - found.whole.low
    fewer = estimate([400, 400], np.array([0, 1]), chance, chance, believed, 16, 1)
    assert fewer.whole.high - fewer.whole.low == pytest.approx(4 * (found.whole.high - found.whole.low), rel=0.2)


def test_routes_that_nobody_watches_have_as_many_as_their_share_says() -> None:
    chance = np.tile([0.5, 0.0], (DRAWS, 1))
    found = estimate([400], np.array([0, NOWHERE]), chance, chance / 2, certainly(0.5), 1, 1)
    assert found.whole.middle == pytest.approx(0.25, abs=0.01)
    assert found.groups[0].middle == pytest.approx(0.5, abs=0.02)
    assert found.unwatched == pytest.approx(0.5)


def test_where_more_is_unwatched_than_the_interval_can_bear_nothing_is_told() -> None:
    believed = worlds(Doubt(0.5, 0.5, 0.5, shares=1, knows_most=0), np.ones(24), RNG(), DRAWS)
    groups, chance = np.array([0] * 12 + [NOWHERE] * 12), np.tile([0.5] * 12 + [0.0] * 12, (DRAWS, 1))
    found = estimate([4000], groups, chance, chance / 2, believed, 1, 1)
    assert found.unwatched == pytest.approx(0.5, abs=0.02)
    assert found.whole.why is NoShareReason.ASIDE
    watched = estimate([4000], np.zeros(24, dtype=int), np.full((DRAWS, 24), 0.5), chance / 2, believed, 1, 1)
    assert watched.whole.why is None


def test_the_range_begins_where_it_begins_at_half_the_chance_and_ends_where_it_ends_as_believed() -> None:
    groups, half, quarter = np.array([0, 0]), np.full((DRAWS, 2), 0.5), np.full((DRAWS, 2), 0.25)
    found = estimate([400], groups, half, quarter, certainly(0.5), 1, 1)
    seldom = estimate([400], groups, quarter, quarter, certainly(0.5), 1, 1)
    assert seldom.believed.middle == pytest.approx(0.25, abs=0.01)
    assert seldom.believed.high < found.believed.low
    assert (found.whole.low, found.whole.high) == (seldom.believed.low, found.believed.high)
    assert found.whole.middle == found.believed.middle == pytest.approx(0.5, abs=0.01)
    assert found.groups[0] == found.whole


def test_a_range_that_spans_more_than_half_of_everything_is_not_told() -> None:
    groups, most, half = np.array([0, 0]), np.full((DRAWS, 2), 0.95), np.full((DRAWS, 2), 0.4)
    found = estimate([4000], groups, most, half, certainly(0.95), 1, 1)
    assert found.believed.why is None
    assert (found.whole.why, found.groups[0].why) == (NoShareReason.WIDE, NoShareReason.WIDE)


def test_where_nothing_can_be_told_it_is_not() -> None:
    believed = certainly(0.5)
    nothing, half = np.zeros((DRAWS, 2)), np.full((DRAWS, 2), 0.5)
    unwatched = estimate([], np.array([NOWHERE, NOWHERE]), nothing, nothing, believed, 1, 1)
    assert (unwatched.whole.why, unwatched.groups) == (NoShareReason.UNWATCHED, ())
    nobody = estimate([0], np.array([0, 0]), half, half / 2, believed, 1, 1)
    assert (nobody.whole.why, nobody.groups[0].why) == (NoShareReason.NOBODY, NoShareReason.NOBODY)
    doubt = worlds(Doubt(0.5, 0.05, 0.95), np.array([1.0]), RNG(), DRAWS)
    chance = doubt.detection[:, None]
    wide = estimate([90], np.array([0]), chance, chance / 2, doubt, 1, 1)
    assert wide.whole.why is NoShareReason.WIDE


def test_the_same_seed_draws_the_same_again() -> None:
    half = np.full((DRAWS, 2), 0.5)
    given = ([90], np.array([0, 0]), half, half / 2, certainly(0.5), 1)
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


# ------------------------------------------------------------------------------------------ seven truths

TRUTHS = ("as believed", "sites differ", "groups differ", "lumpy", "low end", "half", "unnamed ways")
UNNAMED = 0.3
"""The part of movement on ways that nobody named."""


def of_truth(rng: np.random.Generator, truth: str) -> tuple[Estimate, float]:
    """What is told of an operation of which one belief may be wrong, and what part was detected there."""
    routes, sites = int(rng.integers(2, 7)), int(rng.integers(1, 7))
    naive = rng.random((routes, sites)) < rng.choice([0.3, 0.5, 0.7])
    informed = naive & (rng.random((routes, sites)) < 0.7)
    stands, assumed = rng.uniform(0.5, 1.0, sites), rng.uniform(0.5, 2.0, routes)
    best, knows, together = rng.uniform(0.3, 0.7), rng.uniform(0, 0.5), float(rng.integers(1, 11))
    least, most = best - rng.uniform(0.05, 0.15), best + rng.uniform(0.05, 0.15)
    doubt = Doubt(best, least, most, 1.5, knows, knows + rng.uniform(0.1, 0.4), together)
    believed = worlds(doubt, assumed, rng, DRAWS)
    true = worlds(replace(doubt, shares=1.0), assumed, rng, 1, lumps=spread(doubt, truth))
    chance = np.full(sites, true.detection[0] * (0.5 if truth == "half" else 1.0))
    if truth == "sites differ":
        chance = worlds(Doubt(best, *wider(doubt, 1.5)), assumed, rng, sites).detection
    if truth == "low end":
        chance[:] = least
    known = true.knows[0]
    caught_at = known * met(chance, stands, informed) + (1 - known) * met(chance, stands, naive)
    many = rng.poisson(10 ** rng.uniform(1.9, 3.78) / together * true.shares[0] / true.shares[0].sum())
    caught = rng.binomial(many, caught_at)
    sizes = [persons(rng, each, together, alike=truth != "groups differ") for each in (caught, many - caught)]
    detected, moved = sizes
    groups = joined(naive | informed)
    per = [detected[groups == group].sum() for group in range(groups.max() + 1)]
    chances = [mixed(part * believed.detection, believed.knows, stands, naive, informed) for part in (1, SELDOM)]
    found = estimate(per, groups, chances[0], chances[1], believed, together, int(rng.integers(2**31)))
    whole = (detected + moved).sum() / (1 - UNNAMED if truth == "unnamed ways" else 1)
    return found, detected.sum() / whole if whole else 0.0


def spread(doubt: Doubt, truth: str) -> float:
    """How the flow of a route varies, on the scale of logarithms: lumpy ones by 70 % more than is said."""
    said = np.log(doubt.shares) / 1.645
    return float(np.hypot(said, np.sqrt(np.log(1 + 0.7**2)) if truth == "lumpy" else 0.0))


def wider(doubt: Doubt, times: float) -> tuple[float, float]:
    """The bounds of belief so many times as far from its middle."""
    logits = [float(np.log(each / (1 - each))) for each in (doubt.least, doubt.detection, doubt.most)]
    ends = [logits[1] + times * (logits[place] - logits[1]) for place in (0, 2)]
    return 1 / (1 + float(np.exp(-ends[0]))), 1 / (1 + float(np.exp(-ends[1])))


def met(chance: Floats, stands: Floats, crossed: Flags) -> Floats:
    """The chance to be detected of who crosses sites that detect each with a chance of its own."""
    found: Floats = 1 - np.prod(1 - np.where(crossed, chance * stands, 0.0), axis=1)
    return found


def persons(rng: np.random.Generator, groups: Floats, together: float, *, alike: bool) -> Floats:
    """How many persons so many groups are."""
    if alike:
        return groups * together
    return np.array([rng.integers(1, int(2 * together), int(many)).sum() if together > 1 else many for many in groups])


@pytest.mark.sample(1)
@pytest.mark.parametrize("truth", TRUTHS)
def test_in_seven_truths_it_holds_the_truth_or_does_not_tell(truth: str) -> None:
    """What a reader takes away is one range, whatever of this is true."""
    rng = np.random.default_rng(26)
    runs = [of_truth(rng, truth) for _run in range(300)]
    told = [(found, share) for found, share in runs if found.whole.why is None]
    assert holding([(found.whole, share) for found, share in told]) >= 0.93
    assert len(told) >= len(runs) / 2, "it still answers"
    if truth == "as believed":
        assert holding([(found.believed, share) for found, share in told]) >= 0.9
