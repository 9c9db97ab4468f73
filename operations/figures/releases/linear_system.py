"""Linear systems: the sums that an audience knows as a linear program, and the searches in it.

Solving for fractional solutions takes about a millisecond where only the objective changed. Integer solutions are
mostly found from there by rounding: half of the fractional values are fixed at the nearest integer, and the rest is
solved again. Branching in HiGHS, dozens of times slower, is the last resort.
"""

from collections.abc import Sequence
from typing import Any

EPSILON = 1e-6
_NODES = 5
"""The limit of the integer search in nodes, not seconds, so that no decision depends on the machine."""
_DIVES = 12
"""The number of times that some of the fractional values are rounded."""
_NARROWER = 3
"""The number of smaller parts tried, each a third of the one before, where fixing a part is infeasible."""
_OVERHEAD = 40
"""What a search costs at least, in steps and in size."""
_DUAL, _PRIMAL = 1, 4
"""The simplex strategies of HiGHS for warm starts after changes of bounds (dual) and of the objective (primal)."""


class TooMuchWork(Exception):
    """The work that a question may take is done, and it has no answer."""


class LinearSystem:
    """The sums that an audience knows, the sums that must stay open, and the solutions found so far.

    Unknowns are differences from the truth. `solver.Solver` sets the attributes and decides what to search for.
    """

    np: Any
    highs: Any
    rows: Any
    """The known sums, one a row, and `bounds` of each."""
    bounds: Any
    sums: Any
    """The sums that must stay open, and `wide`: how far the ends of each must be apart."""
    wide: Any
    lower: Any
    upper: Any
    """The bounds of each unknown."""
    open: Any
    """1 for unknowns that are open, 0 for those that follow at once."""
    low: Any
    high: Any
    """How far below and above the truth secrets are known to go: row 0 in fractions, row 1 in integers."""
    found: list[Any]
    most: float
    """The work that may be done, and `done`: simplex steps times rows and unknowns, so that no decision depends on the
    machine."""
    done: float

    def worked(self, steps: int, size: int) -> None:
        """Add work. Raises TooMuchWork where it is too much."""
        self.done += (steps + _OVERHEAD) * (size + _OVERHEAD)
        if self.done > self.most:
            raise TooMuchWork

    def remember(self, known: Sequence[Any]) -> int:
        """Keep those of another question's solutions that hold here. Return the number kept."""
        np = self.np
        if not len(known):
            return 0
        tried = np.array(known, dtype=float)
        sums = self.rows @ tried.T if len(self.bounds) else np.zeros((0, len(tried)))
        holds = (sums >= self.bounds[:, :1] - EPSILON).all(axis=0) & (sums <= self.bounds[:, 1:] + EPSILON).all(axis=0)
        holds &= (tried >= self.lower).all(axis=1) & (tried <= self.upper).all(axis=1)
        for solution, values in zip(tried[holds], (self.sums @ tried[holds].T).T, strict=True):
            self._learn(solution, values)
        return len(self.found)

    def _learn(self, solution: Any, values: Any) -> None:
        whole = bool(self.np.abs(solution - self.np.round(solution)).max() <= EPSILON)
        low, high = self.np.minimum(self.low, values), self.np.maximum(self.high, values)
        if not whole:  # a fractional solution only shows that there is room
            low[1], high[1] = self.low[1], self.high[1]
        unsettled = self.high - self.low < self.wide - EPSILON
        if ((low < self.low) | (high > self.high))[unsettled].any():
            self.low, self.high = low, high
            self.found.append(solution)


class Model:
    """A linear program over some of the unknowns, with all others as in truth.

    `whole_rows`: includes only sums of these unknowns alone.
    """

    def __init__(self, system: LinearSystem, columns: Any, *, whole_rows: bool) -> None:
        np, highspy = system.np, system.highs
        self.system = system
        self._np, self._highs = np, highspy
        self.columns, self.every = columns, np.arange(len(columns), dtype=np.int32)
        rows = system.rows[:, columns]
        many = np.diff(rows.indptr)
        here = np.flatnonzero((many > 0) & ((many == abs(system.rows) @ system.open) | (not whole_rows)))
        rows = rows[here]
        self.sums = system.sums[:, columns]
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(columns), len(here)
        lp.col_cost_ = np.zeros(len(columns))
        self.lower, self.upper = lp.col_lower_, lp.col_upper_ = system.lower[columns], system.upper[columns]
        lp.row_lower_ = system.bounds[here, 0]
        lp.row_upper_ = np.minimum(system.bounds[here, 1], highspy.kHighsInf)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = rows.indptr.astype(np.int32)
        lp.a_matrix_.index_ = rows.indices.astype(np.int32)
        lp.a_matrix_.value_ = rows.data.astype(float)
        self.model = highspy.Highs()
        self.model.setOptionValue("output_flag", False)
        self.model.setOptionValue("threads", 1)
        self.model.setOptionValue("mip_heuristic_effort", 0.0)
        self.model.setOptionValue("mip_rel_gap", 0.5)  # any solution that differs will do
        self.model.setOptionValue("mip_max_nodes", _NODES)
        self.model.setOptionValue("mip_max_leaves", _NODES)
        self.model.setOptionValue("mip_max_improving_sols", 3)
        self.model.passModel(lp)

    def holds(self, system: LinearSystem, place: int) -> bool:
        """Whether all unknowns of a secret are among these columns."""
        return bool(self.sums[[place]].sum() == (system.sums[[place]] @ system.open)[0])

    def look(
        self,
        system: LinearSystem,
        places: Sequence[int],
        signs: Sequence[int],
        *,
        whole: bool = False,
        learn: bool = True,
    ) -> float:
        """Find a solution that maximises these secrets, or minimises them by `signs`. Return the value reached."""
        np = self._np
        costs = self.sums[places].T @ np.array(signs, dtype=float)
        self.model.changeColsCost(len(self.every), self.every, costs)
        best, reach = self._in_fractions(_PRIMAL)
        if whole and best is not None and not self._is_whole(best):
            # A sum of integers cannot exceed the fractional optimum rounded down.
            if np.floor(reach + EPSILON) <= (self._known(system, places[0], signs[0]) if len(places) == 1 else 0):
                return 0.0
            dived = self._dive(best)
            best, reach = self._in_whole_numbers() if dived is None else (dived, float(costs @ dived))
        if best is None:
            return 0.0
        if learn:
            solution, rounded = np.zeros(len(system.lower)), np.round(best)
            solution[self.columns] = np.where(np.abs(best - rounded) <= EPSILON, rounded, best)
            system.remember([solution])
        return reach

    def room(self, system: LinearSystem, place: int) -> float:
        """Return an upper bound of the distance between the ends of a secret."""
        return sum(self.look(system, [place], [side], learn=False) for side in (1, -1))

    def _known(self, system: LinearSystem, place: int, sign: int) -> float:
        """Return the largest integer distance of a secret from the truth known on this side."""
        return float(system.high[1, place] if sign > 0 else -system.low[1, place])

    def _is_whole(self, found: Any) -> bool:
        return bool(self._np.abs(found - self._np.round(found)).max() <= EPSILON)

    def _in_fractions(self, simplex: int) -> tuple[Any, float]:
        """Return the optimal solution, or None, and its value."""
        self.model.setOptionValue("simplex_strategy", simplex)
        self._run()
        best = self.model.getModelStatus() == self._highs.HighsModelStatus.kOptimal
        return self._found() if best else (None, 0.0)

    def _dive(self, found: Any) -> Any:
        """Return an integer solution near a fractional one; None where rounding finds none."""
        np = self._np
        lower, upper = self.lower.copy(), self.upper.copy()
        try:
            for _step in range(_DIVES):
                far = np.abs(found - np.round(found))
                if self._is_whole(found):
                    return np.round(found)
                parted = np.flatnonzero(far > EPSILON)
                chosen = parted[np.argsort(far[parted], kind="stable")][: max(1, len(parted) // 2)]
                for _narrower in range(_NARROWER):
                    low, high = lower.copy(), upper.copy()
                    low[chosen] = high[chosen] = np.round(found[chosen])
                    self.model.changeColsBounds(len(self.every), self.every, low, high)
                    after, _reach = self._in_fractions(_DUAL)
                    if after is not None:
                        break
                    chosen = chosen[: max(1, len(chosen) // 3)]
                else:
                    return None
                lower, upper, found = low, high, after
            return None
        finally:
            self.model.changeColsBounds(len(self.every), self.every, self.lower, self.upper)

    def _in_whole_numbers(self) -> tuple[Any, float]:
        kinds = self._highs.HighsVarType
        self.model.clearSolver()  # otherwise HiGHS first tries to round the fractional solution
        self.model.setOptionValue("simplex_strategy", 0)
        self._be(kinds.kInteger)
        self._run()
        result = self._found()
        self._be(kinds.kContinuous)
        return result

    def _run(self) -> None:
        self.model.run()
        steps = max(0, self.model.getInfo().simplex_iteration_count)
        self.system.worked(steps, self.model.getNumCol() + self.model.getNumRow())

    def _be(self, kind: Any) -> None:
        self.model.changeColsIntegrality(len(self.every), self.every, self._np.full(len(self.every), kind))

    def _found(self) -> tuple[Any, float]:
        info = self.model.getInfo()
        if info.primal_solution_status != self._highs.SolutionStatus.kSolutionStatusFeasible:
            return None, 0.0
        return self._np.array(self.model.getSolution().col_value), float(info.objective_function_value)
