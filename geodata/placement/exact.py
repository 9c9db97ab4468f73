"""Branch and cut in SCIP: adds mixing cuts in a constraint handler until the plan is proven optimal.

The only module that speaks to pyscipopt, whose types are incomplete.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pyscipopt import SCIP_PARAMSETTING, SCIP_RESULT, Conshdlr, Model, quicksum  # type: ignore[attr-defined]

from geodata.ground.reference import Floats
from geodata.placement import evaluation, heuristics
from geodata.placement.cuts import FEWER_SCALES, Cuts, Pool
from geodata.placement.instance import Instance
from geodata.placement.problem import Flags

_FEASIBLE = 1e-9
"""SCIP's own tolerance; what passes unseen must be right to ten times that."""
_EXACT = 1e-8
_ROOT_ROUNDS, _NODE_ROUNDS = 30, 12
_WORTH = 1e-6
"""Violation below which a cut is not added at a fractional point."""


@dataclass
class Search:
    """The result of branch and cut: the best plan, its unseen weight, the lower bound, and the number of nodes."""

    chosen: Flags
    unseen: float
    bound: float
    nodes: int = 0


def search(
    made: Instance, pool: Pool, cuts: Cuts, found: Search, seconds: float, gap: float, heard: Callable[[Search], bool]
) -> Search:
    """Improve plan and bound from `found` until the relative gap, the time, or until `heard` returns False.

    `cuts` are those to begin with, such as the binding ones of the relaxation. `heard` is called often, with the state
    of the search. An exception that it raises ends the search and comes out here.
    """
    model = Model()
    model.hideOutput()
    model.setPresolve(SCIP_PARAMSETTING.OFF)
    # Before the handler is there: this would switch its own cuts off too.
    model.setSeparating(SCIP_PARAMSETTING.OFF)
    model.setHeuristics(SCIP_PARAMSETTING.FAST)
    handler = _Mixing(made, pool, found, heard)
    model.includeConshdlr(
        handler,
        "mixing",
        "what passes unseen",
        sepapriority=100,
        enfopriority=-100,
        chckpriority=-100,
        sepafreq=1,
        needscons=False,
    )
    handler.build(model, cuts)
    model.setParams(
        {
            "limits/time": max(seconds, 0.01),
            "limits/gap": gap / 2,
            "numerics/feastol": _FEASIBLE,
            "numerics/dualfeastol": _FEASIBLE,
            "misc/allowstrongdualreds": False,
            "misc/allowweakdualreds": False,
            "misc/usesymmetry": 0,
            "misc/catchctrlc": False,
            "lp/threads": 1,
        }
    )
    try:
        model.optimize()
        handler.note_bound()
    finally:
        failure = handler.failure
        model.freeProb()
    if failure is not None:
        raise failure
    return found


class _Mixing(Conshdlr):
    """Keeps every theta at what really passes unseen."""

    def __init__(self, made: Instance, pool: Pool, found: Search, heard: Callable[[Search], bool]) -> None:
        self.made, self.pool, self.found, self.heard = made, pool, found, heard
        self.failure: BaseException | None = None
        self.rounds: dict[int, int] = {}
        self.untold = True
        self.stopped = False

    def build(self, model: Model, cuts: Cuts) -> None:
        """Variables, limits, first cuts and the plan known so far."""
        made, pool = self.made, self.pool
        self.sites = [model.addVar(f"x{i}", vtype="B") for i in range(len(made.names))]
        highest = np.maximum(pool.ceiling, pool.floor)
        self.thetas = [
            model.addVar(f"t{k}", lb=float(pool.floor[k]), ub=float(highest[k]) + _EXACT) for k in range(len(made.leaf))
        ]
        model.setObjective(quicksum(float(w) * t for w, t in zip(made.weight, self.thetas, strict=True)))
        for row, most in zip(made.limits.rows, made.limits.most, strict=True):
            model.addCons(quicksum(float(row[i]) * self.sites[i] for i in np.flatnonzero(row)) <= float(most))
        for k, row, least in zip(cuts.scenario, cuts.coefficients, cuts.least, strict=True):
            terms = quicksum(float(row[i]) * self.sites[i] for i in np.flatnonzero(row))
            model.addCons(self.thetas[k] + terms >= float(least), removable=True)
        self._offer()

    def _point(self, solution: object = None) -> tuple[Floats, Floats]:
        value = self.model.getSolVal
        x = np.array([value(solution, variable) for variable in self.sites])
        return np.clip(x, 0.0, 1.0), np.array([value(solution, variable) for variable in self.thetas])

    def _offer(self) -> None:
        """Tell SCIP the best plan known, once."""
        if not self.untold:
            return
        values = evaluation.values(self.made, self.found.chosen)
        solution = self.model.createOrigSol()
        for variable, taken in zip(self.sites, self.found.chosen, strict=True):
            self.model.setSolVal(solution, variable, float(taken))
        for variable, theta in zip(self.thetas, values, strict=True):
            self.model.setSolVal(solution, variable, float(theta))
        self.model.addSol(solution)
        self.untold = False

    def _consider(self, chosen: Flags) -> None:
        """Keep a plan if it is the best so far."""
        unseen = evaluation.unseen(self.made, chosen)
        if unseen < self.found.unseen - 1e-12 and self.made.limits.allow(chosen):
            self.found.chosen, self.found.unseen, self.untold = chosen, unseen, True

    def note_bound(self) -> None:
        """Keep SCIP's bound where it is better; not after a step was left undone, when it may say too much."""
        if self.stopped:
            return
        self.found.nodes = int(self.model.getNTotalNodes())
        self.found.bound = max(self.found.bound, min(float(self.model.getDualbound()), self.found.unseen))

    def _add(self, cuts: Cuts) -> None:
        for k, coefficients, least in zip(cuts.scenario, cuts.coefficients, cuts.least, strict=True):
            row = self.model.createEmptyRowUnspec("mixing", lhs=float(least), rhs=None)
            self.model.cacheRowExtensions(row)
            self.model.addVarToRow(row, self.transformed(self.thetas[k]), 1.0)
            for i in np.flatnonzero(coefficients):
                self.model.addVarToRow(row, self.transformed(self.sites[i]), float(coefficients[i]))
            self.model.flushRowExtensions(row)
            self.model.addCut(row, forcecut=True)
            self.model.releaseRow(row)

    def transformed(self, variable: object) -> object:
        """The variable as SCIP solves with it."""
        return self.model.getTransformedVar(variable)

    def _guarded(self, step: Callable[[], object], otherwise: object) -> dict[str, object]:
        """A step of the handler; an error or a cancel stops the search, and the error is raised when SCIP returned."""
        try:
            self.note_bound()
            if not self.stopped and self.heard(self.found):
                return {"result": step()}
        except BaseException as error:  # noqa: BLE001 - it crosses C, and is raised again in `search`
            self.failure = error
        self.stopped = True
        self.model.interruptSolve()
        return {"result": otherwise}

    def conssepalp(self, constraints: list[object], nusefulconss: int) -> dict[str, object]:
        """Cuts at a fractional point of the tree."""
        return self._guarded(self._separate, SCIP_RESULT.DIDNOTRUN)

    def _separate(self) -> object:
        self._offer()
        node = int(self.model.getCurrentNode().getNumber())
        self.rounds = {node: self.rounds.get(node, 0) + 1}
        x, theta = self._point()
        if self.rounds[node] == 1:
            self._consider(heuristics.rounded(self.made, x))
            self._offer()
        if self.rounds[node] > (_ROOT_ROUNDS if node == 1 else _NODE_ROUNDS):
            return SCIP_RESULT.DIDNOTFIND
        cuts = self.pool.separate(x, theta, _WORTH, scales=FEWER_SCALES)
        self._add(cuts)
        return SCIP_RESULT.SEPARATED if len(cuts) else SCIP_RESULT.DIDNOTFIND

    def consenfolp(self, constraints: list[object], nusefulconss: int, solinfeasible: bool) -> dict[str, object]:
        """Cuts at a whole plan whose thetas are too low."""
        return self._guarded(self._enforce, SCIP_RESULT.INFEASIBLE)

    def _enforce(self) -> object:
        x, theta = self._point()
        chosen = x > 0.5
        self._consider(chosen)
        self._offer()
        cuts = self.pool.separate(chosen.astype(np.float64), theta, _EXACT, chosen)
        self._add(cuts)
        return SCIP_RESULT.SEPARATED if len(cuts) else SCIP_RESULT.FEASIBLE

    def consenfops(
        self, constraints: list[object], nusefulconss: int, solinfeasible: bool, objinfeasible: bool
    ) -> dict[str, object]:
        """Without a solved programme there is no point to judge."""
        return {"result": SCIP_RESULT.SOLVELP}

    def conscheck(
        self,
        constraints: list[object],
        solution: object,
        checkintegrality: bool,
        checklprows: bool,
        printreason: bool,
        completely: bool,
    ) -> dict[str, object]:
        """Whether a solution's thetas are what passes unseen."""
        return self._guarded(lambda: self._check(solution), SCIP_RESULT.INFEASIBLE)

    def _check(self, solution: object) -> object:
        x, theta = self._point(solution)
        chosen = x > 0.5
        self._consider(chosen)
        right = np.all(theta >= evaluation.values(self.made, chosen) - _EXACT)
        return SCIP_RESULT.FEASIBLE if right else SCIP_RESULT.INFEASIBLE

    def conslock(self, constraint: object, locktype: int, nlockspos: int, nlocksneg: int) -> None:
        """No variable may be rounded without asking."""
        for variable in (*self.sites, *self.thetas):
            self.model.addVarLocks(self.transformed(variable), nlockspos + nlocksneg, nlockspos + nlocksneg)
