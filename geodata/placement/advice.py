"""Advice on a plan: the worth of each site, alternatives, the gain of more teams, and the usual plan compared."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geodata.ground.reference import Floats
from geodata.placement import evaluation, heuristics
from geodata.placement.instance import Instance, instance
from geodata.placement.problem import Flags, PlacementProblem, StaffingLimits, Unplaceable
from geodata.placement.solver import HeuristicRule, NetworkKnowledge, Placement, PlacementProgress, answer


@dataclass(frozen=True)
class SiteAdvice:
    """A site of a plan: what passes unseen besides without it, and with the next best site in its place (or None)."""

    site: str
    loss: float
    next_best: str | None
    loss_with_next_best: float


@dataclass(frozen=True)
class PlanComparison:
    """Another plan, compared. `moved`: share of the weight that crosses other sites than under the plan in force."""

    name: str
    plan: tuple[str, ...]
    unseen: float
    detected: float
    moved: float


IN_FORCE = "plan in force"
PROPOSED = "proposed plan"


def explain(problem: PlacementProblem, plan: Iterable[str]) -> tuple[SiteAdvice, ...]:
    """What a plan loses without each of its sites, those first that it would miss most.

    A loss of 0 says that a team stands idle there: without it nothing more passes.

    >>> arcs = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.2, 0.5], [0, 1, -1])
    >>> problem = PlacementProblem.of(arcs, ["Bridge", "Ferry"], ([1], [2], [10]), teams=1)
    >>> [(each.site, round(each.loss, 6), each.next_best) for each in explain(problem, ["Bridge"])]
    [('Bridge', 5.0, None)]
    """
    names = tuple(plan)
    problem.check_plan(names)
    # Fixed sites are set free, so that the plan can be weighed without each of them.
    made = instance(replace(problem, fixed=frozenset()))
    chosen = made.chosen(names)
    now = evaluation.unseen(made, chosen)
    found = []
    for site in np.flatnonzero(chosen):
        without = chosen.copy()
        without[site] = False
        standing = heuristics.RoutedPlan.of(made, without)
        loss = (standing.unseen - now) * made.total
        other = None if made.names[site] in problem.fixed else standing.best(besides=int(site))
        name, gain = (None, 0.0) if other is None else (made.names[other[0]], other[1] * made.total)
        found.append(SiteAdvice(made.names[site], max(loss, 0.0), name, max(loss, 0.0) - gain))
    return tuple(sorted(found, key=lambda each: (-each.loss, each.site)))


def alternatives(
    problem: PlacementProblem,
    first: Placement,
    *,
    plans: int = 3,
    differ: int = 2,
    budget_seconds: float = 30.0,
    progress: Callable[[PlacementProgress], bool] = lambda state: True,
) -> tuple[Placement, ...]:
    """The best plans that leave out at least `differ` sites (or all) of the first plan and of one another.

    Each has `budget_seconds`, and its bound is that among such plans. Fewer than `plans` come back where the sites
    free to change run out, or where `progress` returns False.
    """
    if plans < 1 or differ < 1:
        raise Unplaceable("Ask for at least one other plan that differs in at least one site.")
    made = instance(problem)
    found, kept = [first], first.kept
    limits = made.limits
    while len(found) <= plans:
        last = _flags(made, found[-1].plan)
        if not last.any():
            break
        limits = _limited(limits, last, float(max(last.sum() - differ, 0)))
        found.append(answer(replace(made, limits=limits), None, kept, budget_seconds, progress))
        kept = found[-1].kept
        if found[-1].status == "cancelled":
            break
    return tuple(found[1:])


def frontier(
    problem: PlacementProblem,
    counts: Sequence[int],
    *,
    budget_seconds: float = 30.0,
    progress: Callable[[PlacementProgress], bool] = lambda state: True,
    kept: NetworkKnowledge | None = None,
) -> dict[int, Placement]:
    """The best plan for each number of teams, from few to many: what one team more detects.

    A number is of the problem's own teams, whichever serve best; it cannot be above how many there are, nor below the
    number of fixed sites. Each has `budget_seconds`. What is learnt for one number serves the next.
    """
    made = instance(problem)
    least, most = len(problem.fixed), len(problem.teams)
    wrong = [count for count in counts if not least <= count <= most]
    if wrong:
        raise Unplaceable(
            "{count} teams: the question has {most}, and {least} fixed sites.", count=wrong[0], most=most, least=least
        )
    found: dict[int, Placement] = {}
    start: Flags | None = None
    for count in sorted(set(counts)):
        everywhere = np.ones(len(made.names), dtype=np.bool_)
        narrow = replace(made, limits=_limited(made.limits, everywhere, float(count - least)))
        found[count] = answer(narrow, start, kept, budget_seconds, progress)
        kept, start = found[count].kept, _flags(made, found[count].plan)
        if found[count].status == "cancelled":
            break
    return found


def compare(problem: PlacementProblem, plan: Iterable[str], in_force: Iterable[str] = ()) -> tuple[PlanComparison, ...]:
    """The proposed plan beside the plan in force and beside every rule of thumb, the one that lets least pass first.

    The plan in force may break the rules of the question.
    """
    made, force = instance(problem), tuple(sorted(set(in_force)))
    by_rule: dict[HeuristicRule, Callable[[Instance], Flags]] = {
        HeuristicRule.FLOW: heuristics.by_flow,
        HeuristicRule.REROUTED_FLOW: heuristics.by_rerouted_flow,
        HeuristicRule.GREEDY: heuristics.by_gain,
        HeuristicRule.LAZY_GREEDY: heuristics.by_lazy_gain,
    }
    plans = {PROPOSED: tuple(sorted(set(plan))), IN_FORCE: force}
    plans |= {rule.value: made.plan(run(made)) for rule, run in by_rule.items()}
    rows = []
    for name, sites in plans.items():
        weighed = evaluation.evaluate(problem, sites)
        moved = evaluation.forecast(problem, force, sites).moved
        rows.append(PlanComparison(name, sites, weighed.unseen, weighed.detected, moved))
    return tuple(sorted(rows, key=lambda row: row.unseen))


def _flags(made: Instance, plan: tuple[str, ...]) -> Flags:
    return np.array([name in set(plan) for name in made.names], dtype=np.bool_)


def _limited(limits: StaffingLimits, sites: Flags, most: float) -> StaffingLimits:
    """The limits and one more: at most so many of the flagged sites."""
    row: Floats = sites.astype(np.float64)
    return StaffingLimits(np.vstack((limits.rows, row)), np.r_[limits.most, most])
