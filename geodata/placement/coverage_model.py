"""Integer programmes of coverage, passed to HiGHS as arrays, and their greedy first answers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np
from scipy.sparse import csr_array

from geodata.ground.reference import Floats
from geodata.placement.problem import Flags, Whole
from geodata.placement.solver import PROVEN


class SiteFlags(NamedTuple):
    """Flags for each site: must be chosen, must not be chosen, staffed by others as well."""

    must: Flags
    never: Flags
    others: Flags


@dataclass(frozen=True, eq=False)
class CoverageSolution:
    """Chosen sites (those of others included), their value, the bound, and whether it was cancelled."""

    chosen: Flags
    value: float
    bound: float
    cancelled: bool = False


Heard = Callable[[float, float, float], bool]


class Most:
    """Maximal cover: y of a row is at most the staffing of the sites that cover it, and at most 1.

    With room, z of a pair of row and site is the weight that the site serves there: at most the row's weight and the
    site's room, together and where the site is staffed.
    """

    def __init__(self, cover: csr_array, weight: Floats, room: Floats | None, staffing: SiteFlags, teams: int) -> None:
        self.cover, self.weight, self.room, self.staffing, self.teams = cover, weight, room, staffing, teams

    def greedily(self) -> CoverageSolution:
        """Teams one by one where each adds most; the first of equals. The bound is the whole weight."""
        chosen = self.staffing.must | self.staffing.others
        left = self.weight.copy()
        by_site = self.cover.T.tocsr()
        for standing in np.flatnonzero(chosen):
            self._serve(by_site, int(standing), left)
        for _ in range(self.teams - int(self.staffing.must.sum())):
            gain = by_site @ left
            if self.room is not None:
                gain = np.minimum(gain, self.room)
            gain = np.where(chosen | self.staffing.never, -1.0, gain)
            site = int(np.argmax(gain))
            if gain[site] <= 0:
                break
            chosen[site] = True
            self._serve(by_site, site, left)
        return CoverageSolution(chosen, float(self.weight.sum() - left.sum()), float(self.weight.sum()))

    def _serve(self, by_site: csr_array, site: int, left: Floats) -> None:
        """Take off what a site serves, in the order of rows until its room is full."""
        rows = by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]
        if self.room is None:
            left[rows] = 0.0
        else:
            before = np.cumsum(left[rows]) - left[rows]
            left[rows] -= np.clip(self.room[site] - before, 0.0, left[rows])

    def solve(self, first: CoverageSolution, begun: float, seconds: float, heard: Heard) -> CoverageSolution:
        """The first answer improved and proven, as far as time and `heard` allow."""
        lp = self._plain() if self.room is None else self._with_room(self.room)
        return _run(lp, self.staffing, first, -1.0, begun, seconds, heard)

    def _plain(self) -> highspy.HighsLp:
        n, sites = self.cover.shape
        own = np.arange(n)
        row = np.r_[self.cover.tocoo().row, own, np.full(sites, n)]
        column = np.r_[self.cover.indices, sites + own, np.arange(sites)]
        value = np.r_[np.ones(self.cover.nnz), -np.ones(n), (~self.staffing.others).astype(np.float64)]
        matrix = csr_array((value, (row, column)), shape=(n + 1, sites + n))
        lower, upper = np.r_[np.zeros(n), -np.inf], np.r_[np.full(n, np.inf), float(self.teams)]
        return _programme(matrix, np.r_[np.zeros(sites), -self.weight], np.ones(sites + n), lower, upper)

    def _with_room(self, room: Floats) -> highspy.HighsLp:
        n, sites = self.cover.shape
        pairs = self.cover.tocoo()
        m, own = len(pairs.row), np.arange(len(pairs.row))
        most = np.minimum(self.weight[pairs.row], room[pairs.col])
        site = np.arange(sites)
        row = np.r_[pairs.row, n + pairs.col, n + site, n + sites + own, n + sites + own, np.full(sites, n + sites + m)]
        column = np.r_[sites + own, sites + own, site, sites + own, pairs.col, site]
        team = (~self.staffing.others).astype(np.float64)
        value = np.r_[np.ones(m), np.ones(m), -room, np.ones(m), -most, team]
        matrix = csr_array((value, (row, column)), shape=(n + sites + m + 1, sites + m))
        upper = np.r_[self.weight, np.zeros(sites + m), float(self.teams)]
        return _programme(
            matrix,
            np.r_[np.zeros(sites), -np.ones(m)],
            np.r_[np.ones(sites), most],
            np.full(len(upper), -np.inf),
            upper,
        )


class All:
    """Set cover: every row needs at least one of its sites."""

    def __init__(self, cover: csr_array, staffing: SiteFlags) -> None:
        self.cover, self.staffing = cover, staffing

    def greedily(self) -> CoverageSolution:
        """Sites one by one where each adds most rows, then those left out that the others make needless."""
        chosen = self.staffing.must | self.staffing.others
        by_site = self.cover.T.tocsr()
        left = (self.cover @ chosen.astype(np.float64)) < 0.5
        while left.any():
            site = int(np.argmax(by_site @ left.astype(np.float64)))
            chosen[site] = True
            left[by_site.indices[by_site.indptr[site] : by_site.indptr[site + 1]]] = False
        times = self.cover @ chosen.astype(np.float64)
        for spare in np.flatnonzero(chosen & ~self.staffing.must & ~self.staffing.others):
            rows: Whole = by_site.indices[by_site.indptr[spare] : by_site.indptr[spare + 1]]
            if np.all(times[rows] > 1.5):
                times[rows] -= 1
                chosen[spare] = False
        return CoverageSolution(chosen, float((chosen & ~self.staffing.others).sum()), 0.0)

    def solve(self, first: CoverageSolution, begun: float, seconds: float, heard: Heard) -> CoverageSolution:
        """The first answer improved and proven, as far as time and `heard` allow."""
        n, sites = self.cover.shape
        cost = (~self.staffing.others).astype(np.float64)
        lp = _programme(self.cover, cost, np.ones(sites), np.ones(n), np.full(n, np.inf))
        # Given a start, HiGHS 1.16 takes its value for the optimum where presolve has fixed sites (154 for 145 sites):
        # it begins with nothing, and the greedy answer is only what stands if time is up.
        return _run(lp, self.staffing, first, 1.0, begun, seconds, heard, told_first=False)


def _programme(matrix: csr_array, cost: Floats, most: Floats, lower: Floats, upper: Floats) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), most
    lp.row_lower_, lp.row_upper_ = lower, upper
    return lp


def _run(
    lp: highspy.HighsLp,
    staffing: SiteFlags,
    first: CoverageSolution,
    sign: float,
    begun: float,
    seconds: float,
    heard: Heard,
    told_first: bool = True,
) -> CoverageSolution:
    """Minimise; `sign` turns the objective into the value that is told, `told_first` lets HiGHS begin with `first`."""
    sites = len(staffing.must)
    lower, upper = np.array(lp.col_lower_), np.array(lp.col_upper_)
    lower[:sites][staffing.must | staffing.others] = 1.0
    upper[:sites][staffing.never] = 0.0
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.integrality_ = [highspy.HighsVarType.kInteger] * sites + [highspy.HighsVarType.kContinuous] * (
        lp.num_col_ - sites
    )
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    model.setOptionValue("threads", 1)
    # The first relaxation is a third to a fifth of the work by interior point of what it is by simplex.
    model.setOptionValue("mip_lp_solver", "ipm")
    model.setOptionValue("mip_rel_gap", PROVEN / 2)
    model.setOptionValue("time_limit", max(0.01, begun + seconds - time.perf_counter()))
    model.passModel(lp)
    if told_first:
        model.setSolution(sites, np.arange(sites, dtype=np.int32), first.chosen.astype(np.float64))
    talk = _Talk(first, sign, begun, heard)
    if not talk.told(first.value, first.bound):
        return CoverageSolution(first.chosen, first.value, first.bound, cancelled=True)
    model.cbMipInterrupt.subscribe(talk)
    model.run()
    if talk.failure is not None:
        raise talk.failure
    info = model.getInfo()
    ended = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    dual = info.objective_function_value if ended and info.mip_node_count < 0 else info.mip_dual_bound
    bound = sign * float(dual) if np.isfinite(dual) else first.bound
    bound = min(bound, first.bound) if sign < 0 else max(bound, first.bound)
    found, value = first.chosen, first.value
    solution = np.array(model.getSolution().col_value)
    if len(solution) and info.primal_solution_status == highspy.kSolutionStatusFeasible:
        reached = sign * float(info.objective_function_value)
        if sign * reached <= sign * value:
            found, value = solution[:sites] > 0.5, reached
    return CoverageSolution(found, value, max(bound, value) if sign < 0 else min(bound, value), talk.cancelled)


class _Talk:
    """Tells how far HiGHS is, four times a second, and stops it when asked to."""

    def __init__(self, first: CoverageSolution, sign: float, begun: float, heard: Heard) -> None:
        self.first, self.sign, self.begun, self.heard = first, sign, begun, heard
        self.last = -np.inf
        self.cancelled = False
        self.failure: BaseException | None = None

    def told(self, value: float, bound: float) -> bool:
        """Whether to go on."""
        now = time.perf_counter()
        if not self.cancelled and now - self.last >= 0.25:
            self.last = now
            self.cancelled = not self.heard(now - self.begun, value, bound)
        return not self.cancelled

    def __call__(self, event: "highspy.highs.HighsCallbackEvent") -> None:
        """A moment at which HiGHS can be stopped."""
        primal, dual = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        value = self.sign * primal if np.isfinite(primal) else self.first.value
        bound = self.sign * dual if np.isfinite(dual) else self.first.bound
        try:
            going = self.told(value, bound)
        except BaseException as error:  # noqa: BLE001 - it crosses C++, and is raised again in `_run`
            self.failure, going = error, False
        if not going:
            event.interrupt()
