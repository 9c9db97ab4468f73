"""Linear relaxation: a bound from a linear programme in HiGHS, tightened by cuts until they bring no more."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from geodata.ground.reference import Floats
from geodata.placement.cuts import FEWER_SCALES, NO_SCALES, SCALES, Cuts, Pool
from geodata.placement.instance import Instance
from geodata.placement.problem import StaffingLimits

TOLERANCE = 1e-9
PACES = (1.0, 0.5, 1.0)
"""How far towards the optimum cuts are learnt, one after the other."""
HURRIED_PACES = (0.1, 0.5, 1.0)
"""The same where time ends before the rounds do: near the middle a round teaches most of what it can at once."""
PATIENCE, PATIENCE_AT_FIRST = 5, 25
"""Rounds without progress after which a pace ends; the second as long as next to nothing is learnt."""
PROGRESS = 4e-4
"""What counts as progress of the bound, relative."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The solution of one round: staffing of each free site (0 to 1), theta of each scenario, the bound (0 to 1)."""

    x: Floats
    theta: Floats
    bound: float


class TimeIsUp(Exception):
    """The time limit passed before the programme was solved."""


class Relaxation:
    """The linear programme: least expected theta under the limits on teams and the cuts found so far."""

    def __init__(self, made: Instance, pool: Pool, end: float = np.inf) -> None:
        self.made, self.pool, self.end = made, pool, end
        self.sites, self.scenarios = len(made.names), len(made.leaf)
        self.rows = len(made.limits.most)
        self.cuts = Cuts.none(self.sites)  # those in the model, in the order of its rows
        self.model = highspy.Highs()  # type: ignore[no-untyped-call]
        self.model.silent()
        self.model.setOptionValue("threads", 1)
        self.model.setOptionValue("primal_feasibility_tolerance", TOLERANCE)
        self.model.setOptionValue("dual_feasibility_tolerance", TOLERANCE)
        self.model.setOptionValue("solver", "simplex")
        self.model.passModel(self._start())

    def _start(self) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.sites + self.scenarios, self.rows
        lp.col_cost_ = np.r_[np.zeros(self.sites), self.made.weight]
        lp.col_lower_ = np.r_[np.zeros(self.sites), self.pool.floor]
        lp.col_upper_ = np.r_[np.ones(self.sites), np.maximum(self.pool.ceiling, self.pool.floor)]
        lp.row_lower_ = np.full(self.rows, -highspy.kHighsInf)
        lp.row_upper_ = self.made.limits.most
        row, column = np.nonzero(self.made.limits.rows)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.r_[0, np.cumsum(np.bincount(row, minlength=self.rows))]
        lp.a_matrix_.index_ = column
        lp.a_matrix_.value_ = self.made.limits.rows[row, column]
        return lp

    def solve(self) -> Relaxed:
        """The optimum of the programme as it stands. `TimeIsUp` where there is none by then."""
        left = self.end - time.perf_counter()
        self.model.setOptionValue("time_limit", self.model.getRunTime() + max(left, 0.0))
        self.model.run()
        if self.model.getModelStatus() == highspy.HighsModelStatus.kTimeLimit:
            raise TimeIsUp
        if self.model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"The relaxation ended as {self.model.getModelStatus()}.")
        solution = np.array(self.model.getSolution().col_value)
        x, theta = np.clip(solution[: self.sites], 0.0, 1.0), solution[self.sites :]
        return Relaxed(x, theta, float(self.model.getInfo().objective_function_value))

    def add(self, cuts: Cuts) -> None:
        """Cuts into the programme."""
        of, column = np.nonzero(cuts.coefficients)
        counts = np.bincount(of, minlength=len(cuts))
        ends = np.cumsum(counts + 1)
        begins = ends - counts - 1
        index = np.empty(int(ends[-1]), dtype=np.int32)
        value = np.ones(len(index))
        coefficient_at = np.ones(len(index), dtype=np.bool_)
        coefficient_at[begins] = False
        index[begins] = self.sites + cuts.scenario
        index[coefficient_at], value[coefficient_at] = column, cuts.coefficients[of, column]
        infinite = np.full(len(cuts), highspy.kHighsInf)
        self.model.addRows(len(cuts), cuts.least, infinite, len(index), begins.astype(np.int32), index, value)
        self.cuts = self.cuts.joined(cuts)

    def completed(self, best: Relaxed) -> Relaxed:
        """The optimum after cuts, at a few more optima, of items that are known already."""
        for _ in range(3):
            cuts = self.pool.separate(best.x, best.theta, 1e-7, scales=NO_SCALES)
            if not len(cuts):
                break
            self.add(cuts)
            best = self.solve()
        return best

    def forget_slack(self) -> None:
        """Drop the cuts that do not bind at the last answer."""
        activity = np.array(self.model.getSolution().row_value)[self.rows :]
        slack = activity - self.cuts.least > 1e-7
        rows = (self.rows + np.flatnonzero(slack)).astype(np.int32)
        if len(rows):
            self.model.deleteRows(len(rows), rows)
            self.cuts = self.cuts.take(~slack)


def bound(
    made: Instance, pool: Pool, heard: Callable[[Relaxed], bool], end: float = np.inf, *, hurried: bool = False
) -> tuple[Relaxed, Cuts]:
    """Learn cuts until they bring no more, `heard`, called with every round's answer, returns False, or `end` comes.

    Cuts are learnt at the optimum of each round, and where that brings no more, half way between it and the last such
    point: with many parallel crossings the optimum jumps from corner to corner, and what lies between teaches more
    (in-out separation: Ben-Ameur and Neto, Networks 49, 2007). `hurried`, it is so from the first round on, beside a
    plan that staffs all sites alike: on a large network the corners alone would take all the time. The answer's bound
    holds in any case. The cuts that bind at it come with it. `end` is of `time.perf_counter`.
    """
    programme = Relaxation(made, pool, end)
    found = [Relaxed(np.zeros(len(made.names)), pool.floor, float(made.weight @ pool.floor))]
    try:
        _learn(programme, heard, found, hurried=hurried)
        programme.forget_slack()
    except TimeIsUp:
        pass
    return found[-1], programme.cuts


def _learn(programme: Relaxation, heard: Callable[[Relaxed], bool], found: list[Relaxed], *, hurried: bool) -> None:
    """The rounds of `bound`; each answer is added to `found`. `TimeIsUp` where a round would end too late."""
    pool = programme.pool
    best = programme.solve()
    found.append(best)
    start, turn = best.bound, 0
    core = _alike(programme.made.limits) if hurried else np.full(programme.sites, 0.5)
    paces, scales = (HURRIED_PACES, FEWER_SCALES) if hurried else (PACES, SCALES)
    for pace in paces:
        mark, waited = best.bound, 0
        while waited < (PATIENCE if best.bound > start * 1.01 + 1e-12 or pace == 1.0 else PATIENCE_AT_FIRST):
            if not heard(best):
                return
            core = pace * best.x + (1.0 - pace) * core
            cuts = pool.separate(core, best.theta, 1e-7, scales=scales, until=programme.end)
            if not len(cuts):
                break
            turn += 1
            if turn % 4 == 0:
                programme.forget_slack()
            programme.add(cuts)
            best = programme.solve()
            if pace < 1.0 and not hurried:
                best = programme.completed(best)
            found[-1] = best
            if best.bound > mark * (1 + PROGRESS) + 1e-12:
                mark, waited = best.bound, 0
            else:
                waited += 1


def _alike(limits: StaffingLimits) -> Floats:
    """The same share of every site, as much as the limits allow, 1 at most."""
    taken = limits.rows.sum(axis=1)
    share = min([1.0, *(limits.most[taken > 0] / taken[taken > 0])])
    return np.full(limits.rows.shape[1], share)
