"""Integer programme of a connection plan: tightened by cover bounds, reduced to the posts still undecided.

Two things make it quick where a plain model of the same rules is not. How many posts are chosen is a whole number of
its own, at most as many as the cheapest fit (and so in each country): where worth and cost go together, that is the one
thing to branch on. And whatever the relaxation says cannot be otherwise in any better plan is left out (reduced costs),
so that a thousand posts become some dozens.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csc_array

from geodata.ground.reference import Floats
from geodata.placement.problem import Flags, Unplaceable, Whole

_FEW = 60
"""So many posts in question are decided at once; with more, the most doubtful ones give a good plan first."""

_SLACK = 1e-3
_BRIEF = dict.fromkeys(
    (f"mip_heuristic_run_{each}" for each in ("feasibility_jump", "rins", "rens", "root_reduced_cost")), False
)
"""What HiGHS tries before it begins takes twice as long as such small programmes themselves."""

_NODES = 400


class Posts:
    """The candidate posts: whole costs and worths of 0 or more, and countries numbered from 0."""

    def __init__(self, cost: ArrayLike, worth: ArrayLike, country: ArrayLike) -> None:
        self.cost, self.worth, self.country = (np.asarray(each, dtype=np.int64) for each in (cost, worth, country))
        if not len(self.cost) == len(self.worth) == len(self.country):
            raise Unplaceable("Every post needs a cost, a worth and a country.")
        if len(self.cost) and min(self.cost.min(), self.worth.min(), self.country.min()) < 0:
            raise Unplaceable("A cost, a worth or the number of a country is below 0.")
        self.countries = int(self.country.max()) + 1 if len(self.country) else 0

    def __len__(self) -> int:
        return len(self.cost)

    def worth_of(self, chosen: Flags) -> int:
        """What a plan is worth."""
        return int(self.worth[chosen].sum())

    def by_country(self, values: ArrayLike, chosen: Flags) -> Whole:
        """The sum of whole values over the chosen posts of each country."""
        summed = np.zeros(self.countries, dtype=np.int64)
        np.add.at(summed, self.country[chosen], np.asarray(values, dtype=np.int64)[chosen])
        return summed


@dataclass(frozen=True)
class Terms:
    """The rules of a connection problem: the budget, each country's largest part of it, and the posts per country.

    A country with fewer posts than `floor` needs all of them. `widest`: where the budget is not enough for every
    country, as many as possible get theirs; otherwise that is refused.
    """

    budget: int
    share: float = 1.0
    floor: int = 0
    widest: bool = False

    @property
    def most(self) -> int:
        """What one country gets at most."""
        return math.floor(self.share * self.budget + 1e-6)


@dataclass(frozen=True, eq=False)
class ConnectionSolution:
    """A plan, its worth, and an upper bound on any plan."""

    chosen: Flags
    worth: int
    bound: int


@dataclass(frozen=True, eq=False)
class _Rules:
    """What follows from the terms while only some posts are open, for each country: how many posts it needs, what the
    cheapest of them cost, how many fit; and how many countries have to get theirs."""

    needs: Whole
    least: Whole
    fit: Whole
    served: int

    def keep(self, posts: Posts, terms: Terms, chosen: Flags) -> bool:
        """Whether a plan keeps the rules."""
        enough = self.needs <= posts.by_country(np.ones(len(posts)), chosen)
        fair = bool(np.all(posts.by_country(posts.cost, chosen) <= terms.most))
        return (
            fair and int(posts.cost[chosen].sum()) <= terms.budget and int(enough[self.needs > 0].sum()) >= self.served
        )


def _rules(posts: Posts, terms: Terms, open_: Flags) -> _Rules:
    """Raises Unplaceable where every country is to have its posts, and that costs too much."""
    needs, least, fit = (np.zeros(posts.countries, dtype=np.int64) for _ in range(3))
    for country in range(posts.countries):
        added = np.cumsum(np.sort(posts.cost[open_ & (posts.country == country)]))
        needs[country] = min(terms.floor, len(added))
        least[country] = added[needs[country] - 1] if needs[country] else 0
        fit[country] = int((added <= terms.most).sum())
    within = (needs > 0) & (least <= terms.most)
    if terms.widest:
        return _Rules(needs, least, fit, int((np.cumsum(np.sort(least[within])) <= terms.budget).sum()))
    if dear := int(((needs > 0) & ~within).sum()):
        raise Unplaceable(
            "Countries in which the posts that each is to have cost more than a country may get, {most}: {count}. "
            "Allow a country more of the budget, or ask for fewer posts in each.",
            count=dear,
            most=terms.most,
        )
    if int(least.sum()) > terms.budget:
        raise Unplaceable(
            "The posts that every country is to have cost at least {least}, and the budget is {budget}: raise it, ask "
            "for fewer posts in each, or let as many countries as possible have theirs.",
            least=int(least.sum()),
            budget=terms.budget,
        )
    return _Rules(needs, least, fit, int((needs > 0).sum()))


# ------------------------------------------------------------------------------------------------- the rule of thumb


def greedily(posts: Posts, terms: Terms, open_: Flags, begun: Flags | None = None) -> Flags:
    """What countries have to have, at the least cost, and then most worth for its cost first. Raises Unplaceable.

    `begun` is a plan to go on from; it is left where what it lacks does not fit.
    """
    rules = _rules(posts, terms, open_)
    for chosen in ([begun & open_] if begun is not None else []) + [np.zeros(len(posts), dtype=np.bool_)]:
        whole = chosen.copy()
        _serve(posts, rules, open_, whole)
        if rules.keep(posts, terms, whole):
            return _filled(posts, terms, open_, whole)
    raise Unplaceable("No plan keeps these rules.")


def _serve(posts: Posts, rules: _Rules, open_: Flags, chosen: Flags) -> None:
    """The cheapest posts that countries lack, in the countries where that costs least."""
    lacking: list[tuple[int, Whole]] = []
    has = posts.by_country(np.ones(len(posts)), chosen)
    for country in np.flatnonzero(rules.needs > has):
        free = np.flatnonzero(open_ & ~chosen & (posts.country == country))
        cheapest = free[np.argsort(posts.cost[free], kind="stable")][: rules.needs[country] - has[country]]
        lacking.append((int(posts.cost[cheapest].sum()), cheapest))
    missing = rules.served - int((rules.needs[rules.needs > 0] <= has[rules.needs > 0]).sum())
    for _cost, cheapest in sorted(lacking, key=lambda each: each[0])[: max(missing, 0)]:
        chosen[cheapest] = True


def _filled(posts: Posts, terms: Terms, open_: Flags, chosen: Flags) -> Flags:
    left, spent = terms.budget - int(posts.cost[chosen].sum()), posts.by_country(posts.cost, chosen)
    for post in np.argsort(-posts.worth / np.maximum(posts.cost, 0.5), kind="stable"):
        cost, country = int(posts.cost[post]), posts.country[post]
        fits = cost <= left and spent[country] + cost <= terms.most
        if fits and open_[post] and not chosen[post] and posts.worth[post] > 0:
            chosen[post], left = True, left - cost
            spent[country] += cost
    return chosen


# --------------------------------------------------------------------------------------------------- the programme


@dataclass(frozen=True, eq=False)
class _Programme:
    """Maximise worth @ x within rows, columns of posts first; every column is whole."""

    worth: Floats
    matrix: csc_array
    low: Floats
    high: Floats
    least: Floats
    most: Floats


def _programme(
    posts: Posts, terms: Terms, rules: _Rules, open_: Flags, away: Sequence[tuple[Flags, int]]
) -> _Programme:
    """Columns: the posts, how many of them, and (where not all countries need be served) which countries are."""
    n, countries = len(posts), posts.countries
    free = terms.widest and rules.served > 0
    columns = n + 1 + (countries if free else 0)
    rows: list[Floats] = []
    low: list[float] = []
    high: list[float] = []

    def row(values: Floats, least: float, most: float) -> None:
        rows.append(np.r_[values, np.zeros(columns - len(values))])
        low.append(least)
        high.append(most)

    unit = float(np.gcd.reduce(np.r_[posts.cost, 0])) or 1.0
    row(posts.cost / unit, -np.inf, terms.budget // unit)
    row(np.r_[np.ones(n), -1.0], 0.0, 0.0)
    for country in range(countries):
        there = (posts.country == country).astype(np.float64)
        if terms.most < min(terms.budget, int(posts.cost[there > 0].sum())):
            row(posts.cost / unit * there, -np.inf, terms.most // unit)
        needed = 0 if terms.widest else int(rules.needs[country])
        if needed or rules.fit[country] < there.sum():
            row(there, float(needed), float(rules.fit[country]))
        if free:
            served = np.zeros(1 + countries)
            served[1 + country] = -float(rules.needs[country])
            row(np.r_[there, served], 0.0, np.inf)
    if free:
        row(np.r_[np.zeros(n + 1), np.ones(countries)], float(rules.served), np.inf)
    for other, most in away:
        row(other.astype(np.float64), -np.inf, float(most))
    fit = int((np.cumsum(np.sort(posts.cost[open_])) <= terms.budget).sum())
    top = np.r_[open_.astype(np.float64), float(fit), (rules.needs > 0).astype(np.float64) if free else []]
    worth = np.r_[posts.worth, np.zeros(columns - n)].astype(np.float64)
    return _Programme(worth, csc_array(np.array(rows)), np.array(low), np.array(high), np.zeros(columns), top)


def solve(
    posts: Posts,
    terms: Terms,
    open_: Flags,
    away: Sequence[tuple[Flags, int]],
    first: Flags | None,
    seconds: float,
    *,
    roughly: bool = False,
) -> ConnectionSolution | None:
    """The best plan of the open posts, begun from `first`, within the time; None where no plan keeps all rules.

    `away`: other plans, and how many of their posts this one may have at most. `roughly`: the plan to begin with, and
    the bound of the relaxation alone. Raises Unplaceable as `greedily`.
    """
    until = time.perf_counter() + seconds
    rules = _rules(posts, terms, open_)
    whole = _programme(posts, terms, rules, open_, away)
    n = len(posts)
    best = ConnectionSolution(first, posts.worth_of(first), int(posts.worth.sum())) if first is not None else None

    def better(chosen: Flags, known: ConnectionSolution | None) -> ConnectionSolution | None:
        apart = all(int((chosen & other).sum()) <= most for other, most in away)
        worth = posts.worth_of(chosen)
        if apart and rules.keep(posts, terms, chosen) and (known is None or worth > known.worth):
            return ConnectionSolution(chosen, worth, 0)
        return known

    relaxed = _run(whole, until, whole_numbers=False)
    if relaxed is None:  # two plans may be so much the same that no third keeps apart from both
        return best
    top, x, reduced = relaxed.bound, relaxed.x, np.abs(relaxed.reduced[:n])
    bound = math.floor(top + _SLACK)
    wanted = -1 if best is None else best.worth
    if bound <= wanted:
        return ConnectionSolution(best.chosen, wanted, wanted) if best else None
    if roughly and best is not None:
        return ConnectionSolution(best.chosen, wanted, bound)
    doubtful = np.argsort(reduced, kind="stable")[:_FEW]
    if int((reduced <= top - wanted - 1 + _SLACK).sum()) > _FEW:
        kept = np.zeros(n, dtype=np.bool_)
        kept[doubtful] = True
        found = _run(_fixed(whole, ~kept, np.round(x[:n])), until, nodes=_NODES)
        if found is not None and found.has_plan:
            best = better(_merged(~kept, np.round(x[:n]), found.x), best)
    wanted = -1 if best is None else best.worth
    sure = (reduced > top - wanted - 1 + _SLACK) | ~open_
    found = _run(_fixed(whole, sure, np.round(x[:n])), until)
    if found is None:  # nothing is better
        return ConnectionSolution(best.chosen, best.worth, best.worth) if best else None
    if found.has_plan:
        best = better(_merged(sure, np.round(x[:n]), found.x), best)
    if best is None:
        return None
    return ConnectionSolution(best.chosen, best.worth, max(best.worth, math.floor(min(top, found.bound) + _SLACK)))


def _merged(sure: Flags, rounded: Floats, x: Floats) -> Flags:
    chosen = rounded > 0.5
    chosen[~sure] = x[: int((~sure).sum())] > 0.5
    return chosen


def _fixed(whole: _Programme, sure: Flags, rounded: Floats) -> _Programme:
    """What is left once the `sure` posts stand as the relaxation has them."""
    columns = np.r_[~sure, np.ones(len(whole.worth) - len(sure), dtype=np.bool_)]
    there = np.r_[np.where(sure, rounded, 0.0), np.zeros(len(whole.worth) - len(sure))]
    taken = whole.matrix @ there
    return _Programme(
        np.r_[whole.worth[columns], float(whole.worth @ there)],
        csc_array(whole.matrix[:, np.flatnonzero(columns)]),
        whole.low - taken,
        whole.high - taken,
        whole.least[columns],
        whole.most[columns],
    )


@dataclass(frozen=True, eq=False)
class _Ran:
    """What HiGHS found: a bound on the worth, values of the columns, reduced costs, and whether that is a plan."""

    bound: float
    x: Floats
    reduced: Floats
    has_plan: bool


def _run(of: _Programme, until: float, *, whole_numbers: bool = True, nodes: int | None = None) -> _Ran | None:
    """Solve it; None where nothing keeps its rows. A number behind the worths of the columns is worth by itself."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = of.matrix.shape
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = of.matrix.indptr, of.matrix.indices, of.matrix.data
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = -of.worth[: lp.num_col_], of.least, of.most
    lp.offset_ = -float(of.worth[lp.num_col_ :].sum())
    lp.row_lower_, lp.row_upper_ = of.low, of.high
    if whole_numbers:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    options = {
        "threads": 1,
        "time_limit": max(0.01, until - time.perf_counter()),
        "mip_rel_gap": 0.0,
        "mip_abs_gap": 0.99,
        "primal_feasibility_tolerance": 1e-9,
        "mip_feasibility_tolerance": 1e-9,
        **_BRIEF,
    }
    for name, value in options.items():
        model.setOptionValue(name, value)
    if nodes is not None:
        model.setOptionValue("mip_max_nodes", nodes)
    model.passModel(lp)
    model.run()
    status, info, solution = model.getModelStatus(), model.getInfo(), model.getSolution()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    x, reduced = np.array(solution.col_value), np.array(solution.col_dual)
    ended = status == highspy.HighsModelStatus.kOptimal
    if not whole_numbers:
        if not ended:
            return _Ran(float(of.worth[: lp.num_col_] @ of.most), np.zeros(lp.num_col_), np.zeros(lp.num_col_), False)
        return _Ran(-float(info.objective_function_value), x, reduced, True)
    dual = info.objective_function_value if ended and info.mip_node_count < 0 else info.mip_dual_bound
    bound = -float(dual) if np.isfinite(dual) else np.inf
    plan = bool(len(x)) and info.primal_solution_status == highspy.kSolutionStatusFeasible
    return _Ran(bound, x, reduced, plan)
