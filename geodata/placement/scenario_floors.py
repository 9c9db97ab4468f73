"""Scenario floors: the least that each scenario lets pass with all teams against it alone; a bound on any plan.

A plan that keeps a scenario below u has, on every path of a higher value v, sites enough that their checks lengthen it
by ln(v / u): so many sites of the path at least. Where no staffing of the sites, in fractions even, does so within the
limits, no plan does, and u passes unseen in any case. With checks that are alike this programme is whole by itself (it
is the shortest path interdiction of Fulkerson and Harding, Mathematical Programming 13, 1977), so it sees what the
relaxation of all scenarios does not: ten teams close one border, and not two thirds of two. The floors of all
scenarios together are the wait-and-see bound (Madansky, Management Science 6, 1960).
"""

import time
from collections.abc import Callable
from typing import cast

import highspy
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.ground.reference import Floats
from geodata.placement.instance import Instance
from geodata.placement.problem import Whole

SCALES = (1.0, 0.6, 0.3, 2.0, 0.15)
"""How much the length of a path weighs against the staffing it meets: where new paths are sought."""
TESTS = 12
"""Values tried for one scenario."""
CLOSE = 1.003
"""Ratio of what is not shown to what is, below which a scenario is left."""
PROBES = 24
"""Scenarios after which it is given up, where none of them reaches alone what it reaches under a plan for all."""
_HOPED = 0.8
"""Of what it lets pass under a plan for all, what a scenario is hoped to let pass alone: tried first."""
_AT_ONCE = 40
"""Rows added to the programme before it is solved again."""
_BROKEN = 1e-6
_ROUNDING = 1e-9
_LITTLE = 1e-3


class Alone:
    """The scenarios of an instance one by one; what is found out about its paths is reused."""

    def __init__(self, made: Instance) -> None:
        self.made, self.paths = made, _Paths(made)

    def floors(
        self,
        known: Floats,
        reached: Floats,
        heard: Callable[[Floats], bool],
        probes: int = PROBES,
        until: float = np.inf,
    ) -> Floats:
        """The least that each scenario lets pass under any plan within the limits; 0 to 1, in the order of scenarios.

        `known` are floors that hold already, `reached` what a plan lets pass, above which none lies. Those that weigh
        most are raised first, until `heard`, called with the floors so far, returns False, or `probes` were in vain.
        """
        low, high = known.copy(), np.maximum(reached * (1 - _ROUNDING), known)
        tried = np.zeros(len(low), dtype=np.int64)
        while True:
            left = np.flatnonzero((high > low * CLOSE + 1e-12) & (tried < TESTS))
            if not len(left):
                return low
            left = left[tried[left] == tried[left].min()]
            for k in left[np.argsort(-(self.made.weight * (high - low))[left], kind="stable")]:
                if not heard(low) or (tried.sum() == probes and (low == known).all()):
                    return low
                value = _next(low[k], high[k], bool(low[k] > known[k]), int(tried[k]))
                tried[k] += 1
                shown = self.shown(int(k), value, until)
                if shown:
                    low[k] = max(low[k], min(shown, reached[k]) * (1 - _ROUNDING))
                    high[k] = max(low[k], high[k])
                else:
                    high[k] = max(low[k], value)

    def shown(self, k: int, value: float, until: float = np.inf) -> float:
        """What scenario k lets pass under any plan, at least `value`; 0 where that is not shown, or not by `until`."""
        paths, programme = self.paths, _Programme(self.made)
        x = np.zeros(len(self.made.names))
        asked = _Asked(paths, k, value)
        straight = True
        while time.perf_counter() < until:
            if asked.hopeless.any():
                return asked.level(np.flatnonzero(asked.hopeless)[:1])
            rows = asked.broken(x)
            if not len(rows):
                paths.learn(k, x, SCALES[:1] if straight else SCALES)
                straight = False
                asked.grow()
                rows = asked.broken(x)
                if not len(rows) and not asked.hopeless.any():
                    return 0.0
                continue
            programme.add(rows, paths, asked.least[rows])
            asked.taken[rows] = True
            x, over = programme.solve()
            if over:
                return asked.level(programme.binding())
        return 0.0


def _next(low: float, high: float, raised: bool, tried: int) -> float:
    """The value to try between two: what is hoped for, then all of it, then the middle of what is left."""
    if tried == 0:
        return _HOPED * high
    if tried == 1 and raised:
        return high
    return float(np.sqrt(max(low, high / 100) * high))


class _Asked:
    """How many sites each path needs, that no more than `value` of scenario `k` passes on it."""

    def __init__(self, paths: "_Paths", k: int, value: float) -> None:
        self.paths, self.k, self.value = paths, k, value
        self.length, self.least = np.empty(0), np.empty(0, np.int64)
        self.taken, self.hopeless = np.empty(0, np.bool_), np.empty(0, np.bool_)
        self.grow()

    def grow(self) -> None:
        """Take in the paths learnt since."""
        since = len(self.least)
        length, checks = self.paths.lengths(self.k, since), self.paths.checks[since:]
        need = -np.log(self.value) - length
        least = np.where(need > 1e-12, (checks < need[:, None] - 1e-12).sum(axis=1) + 1, 0)
        self.length, self.least = np.r_[self.length, length], np.r_[self.least, least]
        self.taken = np.r_[self.taken, np.zeros(len(least), np.bool_)]
        # More sites than there are on a path: it stays too good whoever stands there.
        self.hopeless = np.r_[self.hopeless, least > self.paths.many[since:]]

    def broken(self, x: Floats) -> Whole:
        """The paths that ask for more than the staffing `x` has on them, the worst first, as many as go in at once."""
        short = np.where(self.taken, 0.0, self.least - self.paths.staffing(x))
        rows = np.flatnonzero(short > _BROKEN)
        return rows[np.argsort(-short[rows], kind="stable")[:_AT_ONCE]]

    def level(self, rows: Whole) -> float:
        """The value up to which these paths ask for as many sites: at least `value`."""
        before = self.least[rows] - 2
        spared = np.where(before >= 0, self.paths.checks[rows, np.maximum(before, 0)], 0.0)
        return float(np.exp(-(self.length[rows] + spared).max()))


class _Paths:
    """Paths between the first and the last of their sites, whichever scenario they were found for.

    One row each: `first` the node before the first site's arc and `last` the one behind the last's (positions in
    `ends`), `middle` the length between them, `many` the number of its sites (in `site`, where `of` is its row),
    `checks` the lengths that they add while staffed, the greatest first, summed up, infinite where there are no more.
    """

    def __init__(self, made: Instance) -> None:
        self.made = made
        self.on_site = made.free >= 0
        self.added = np.where(self.on_site, made.checked - made.plain, 0.0)
        self.ends = np.unique(np.r_[made.row[self.on_site], made.column[self.on_site]])
        bare = ~self.on_site
        graph = csr_array((made.plain[bare], (made.row[bare], made.column[bare])), shape=(made.size, made.size))
        self.from_root = self._ways(graph, made.roots)
        self.leaves, self.leaf = np.unique(made.leaf, return_inverse=True)
        self.to_leaf = self._ways(graph.T.tocsr(), self.leaves)
        self.seen: set[bytes] = set()
        self.first = self.last = np.empty(0, np.int64)
        self.middle = np.empty(0)
        self.many, self.of, self.site = (np.empty(0, np.int64) for _ in range(3))
        self.checks = np.empty((0, 1))

    def _ways(self, graph: csr_array, nodes: Whole) -> Floats:
        """Lengths between each of the nodes and the ends of sites, past no site; one at a time, to spare memory."""
        return np.array([dijkstra(graph, indices=node)[self.ends] for node in nodes.tolist()])

    def lengths(self, k: int, since: int = 0) -> Floats:
        """Length of each path for scenario k, from row `since` on; infinite where it does not join the ends."""
        begin, end = self.from_root[self.made.root[k]], self.to_leaf[self.leaf[k]]
        return cast(Floats, begin[self.first[since:]] + self.middle[since:] + end[self.last[since:]])

    def staffing(self, x: Floats) -> Floats:
        """How much of the staffing `x` is on each path."""
        return cast(Floats, np.bincount(self.of, x[self.site], len(self.many)))

    def learn(self, k: int, x: Floats, scales: tuple[float, ...]) -> None:
        """Remember the paths of scenario k that weigh their length against the staffing x they meet."""
        made = self.made
        meets = np.where(self.on_site, x[made.free], 0.0)
        root, leaf = made.root[k : k + 1], made.leaf[k : k + 1]
        for scale in scales:
            trees = made.trees(scale * made.plain + meets, root)
            arcs = made.paths(trees, np.zeros(1, dtype=np.int64), leaf)[1][::-1]
            at = np.flatnonzero(self.on_site[arcs])
            within = arcs[at[0] : at[-1] + 1] if len(at) else arcs[:0]
            if len(at) and within.tobytes() not in self.seen:
                self.seen.add(within.tobytes())
                self._add(within)

    def _add(self, arcs: Whole) -> None:
        made = self.made
        at = arcs[self.on_site[arcs]]
        added = np.bincount(made.free[at], self.added[at], len(made.names))
        checks = np.cumsum(np.sort(added[added > 0])[::-1])
        wide = max(self.checks.shape[1], len(checks))
        rows = [
            np.pad(each, ((0, 0), (0, wide - each.shape[1])), constant_values=np.inf)
            for each in (self.checks, checks[None])
        ]
        self.checks = np.vstack(rows)
        self.of = np.r_[self.of, np.full(len(checks), len(self.many))]
        self.site, self.many = np.r_[self.site, np.flatnonzero(added)], np.r_[self.many, len(checks)]
        first, last = np.searchsorted(self.ends, [made.row[arcs[0]], made.column[arcs[-1]]])
        self.first, self.last = np.r_[self.first, first], np.r_[self.last, last]
        self.middle = np.r_[self.middle, made.plain[arcs].sum()]


class _Programme:
    """The least share of the limits that staffing takes, in fractions, where paths ask for sites: above 1, too much."""

    def __init__(self, made: Instance) -> None:
        limits, infinite = made.limits, highspy.kHighsInf
        self.sites, self.limits = len(made.names), len(limits.most)
        self.rows = np.empty(0, np.int64)
        self.model = highspy.Highs()  # type: ignore[no-untyped-call]
        self.model.silent()
        self.model.setOptionValue("threads", 1)
        self.model.setOptionValue("presolve", "off")
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.sites + 1, self.limits
        lp.col_cost_ = np.r_[np.zeros(self.sites), 1.0]
        lp.col_lower_ = np.zeros(self.sites + 1)
        lp.col_upper_ = np.r_[np.ones(self.sites), infinite]
        lp.row_lower_ = np.full(self.limits, -infinite)
        lp.row_upper_ = np.zeros(self.limits)
        # A limit of nothing still is a share: a thousandth more is allowed than the limit says.
        wide = np.column_stack((limits.rows, -np.maximum(limits.most, _LITTLE)))
        row, column = np.nonzero(wide)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.r_[0, np.cumsum(np.bincount(row, minlength=self.limits))]
        lp.a_matrix_.index_, lp.a_matrix_.value_ = column, wide[row, column]
        self.model.passModel(lp)

    def add(self, rows: Whole, paths: "_Paths", least: Whole) -> None:
        """At least `least` of the sites of each of the paths in `rows`."""
        site = np.concatenate([paths.site[paths.of == row] for row in rows]).astype(np.int32)
        begins = np.cumsum(paths.many[rows]) - paths.many[rows]
        infinite = np.full(len(rows), highspy.kHighsInf)
        lowest, ones = least.astype(np.float64), np.ones(len(site))
        self.model.addRows(len(rows), lowest, infinite, len(site), begins.astype(np.int32), site, ones)
        self.rows = np.r_[self.rows, rows]

    def solve(self) -> tuple[Floats, bool]:
        """The staffing, and whether it is more than the limits allow, or than there is at all."""
        self.model.run()
        found = self.model.getModelStatus()
        if found != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"The programme of one scenario ended as {found}.")
        x = np.array(self.model.getSolution().col_value)
        return np.clip(x[: self.sites], 0.0, 1.0), bool(x[-1] > 1 + _BROKEN)

    def binding(self) -> Whole:
        """The numbers of the rows that make it as much as it is."""
        price = np.array(self.model.getSolution().row_dual)[self.limits :]
        return cast(Whole, self.rows[np.abs(price) > 1e-12])
