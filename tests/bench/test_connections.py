"""Connection plans of a thousand posts: proven, against a plain model in HiGHS and against the rule of thumb.

Posts are invented: costs are lognormal about 36,000, traffic has a heavy tail, and gaps are even. In the hard kind
what a post is worth goes with what it costs, which is where branch and bound alone does not end.
"""

import time

import highspy
import numpy as np
import pytest

from geodata.placement.connection import connect
from geodata.placement.connection_model import Posts, Terms
from tests.bench.conftest import Ledger

SITES, COUNTRIES, SECONDS, PLAIN_SECONDS = 1_000, 40, 30.0, 60.0
POINTS = 1_000_000


def _posts(seed: int, kind: str) -> Posts:
    random = np.random.default_rng(seed)
    country = random.integers(0, COUNTRIES, SITES)
    cost = random.lognormal(10.5, 0.8, SITES).astype(np.int64) + 5000
    traffic, gap = random.pareto(1.2, SITES) * 300, random.uniform(0, 1, SITES)
    worth = traffic / traffic.sum() / 2 + gap / gap.sum() / 2 if kind == "usual" else (cost + 20_000.0)
    return Posts(cost, np.round(POINTS * worth / worth.sum()), country)


def _plain(posts: Posts, terms: Terms) -> tuple[float, float, bool]:
    """The rules as they are said, one row each, in HiGHS: seconds, the worth, and whether that is proven."""
    n = len(posts)
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("threads", 1)
    model.setOptionValue("time_limit", PLAIN_SECONDS)
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", 0.99)
    every = np.arange(n, dtype=np.int32)
    model.addVars(n, np.zeros(n), np.ones(n))
    model.changeColsCost(n, every, -posts.worth.astype(np.float64))
    model.changeColsIntegrality(n, every, np.full(n, highspy.HighsVarType.kInteger))
    model.addRow(-highspy.kHighsInf, terms.budget, n, every, posts.cost.astype(np.float64))
    for country in range(posts.countries):
        there = every[posts.country == country]
        model.addRow(-highspy.kHighsInf, terms.most, len(there), there, posts.cost[there].astype(np.float64))
        least = min(terms.floor, len(there))
        model.addRow(least, highspy.kHighsInf, len(there), there, np.ones(len(there)))
    begun = time.perf_counter()
    model.run()
    seconds = time.perf_counter() - begun
    info = model.getInfo()
    return seconds, -info.objective_function_value, model.getModelStatus() == highspy.HighsModelStatus.kOptimal


@pytest.mark.parametrize("kind", ["usual", "hard"])
@pytest.mark.parametrize("part", [0.05, 0.3])
def test_a_thousand_posts(ledger: Ledger, kind: str, part: float) -> None:
    for seed in range(2):
        posts = _posts(seed, kind)
        terms = Terms(int(part * posts.cost.sum()), 0.1, 1)
        alone: list[float] = []
        answer = connect(
            posts,
            terms,
            budget_seconds=SECONDS,
            progress=lambda seconds, _worth, _bound, doing, alone=alone: alone.append(seconds) or doing == "plan",
        )
        whole = connect(posts, terms, budget_seconds=SECONDS)
        seconds, worth, ended = _plain(posts, terms)
        size = f"{SITES:,} posts, {kind}, {part:.0%} of all costs, seed {seed}"
        took = alone[1]
        ledger.note("connection plan proven", size, took, "s", 1, f"{answer.status}, gap {answer.gap:.1e}")
        exact = sum(each.least == each.most for each in whole.losses) / len(whole.losses)
        width = max((each.most or 0) - (each.least or 0) for each in whole.losses) / whole.worth
        note = (
            f"{len(whole.losses)} posts, {exact:.0%} of the losses exact, all within {width:.3%} of the plan's worth, "
            f"{len(whole.alternatives)} other plans"
        )
        ledger.note("with losses and other plans", size, whole.seconds, "s", 1, note)
        note = "same optimum" if ended else f"stopped, {worth / answer.worth:.6f} of ours"
        ledger.note("plain model in HiGHS against ours", size, seconds / took, "times" if ended else "or more", 1, note)
        ledger.note("rule of thumb below ours", size, 100 * (1 - answer.greedy / answer.worth), "%")
        assert worth <= answer.bound + 0.5
