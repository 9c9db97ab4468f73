"""Evaluation of a plan: the chance to pass unseen on the best route around it, and where the flow goes instead."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from geodata.ground.reference import Floats
from geodata.placement.instance import Instance, Trees, chances, instance
from geodata.placement.problem import NOWHERE, Flags, PlacementProblem, Whole


@dataclass(frozen=True)
class ScenarioRoute:
    """The best route of one scenario: its nodes in order, the sites it crosses, the chance to pass it unseen."""

    nodes: tuple[int, ...]
    sites: tuple[str, ...]
    unseen: float


@dataclass(frozen=True)
class Shift:
    """Weight of scenarios whose best route crosses a site, before and after a plan."""

    site: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """What the plan moves to the site, or away from it where negative."""
        return self.after - self.before


@dataclass(frozen=True, eq=False)
class PlanEvaluation:
    """The value of a plan: `unseen` is the expected weight that passes undetected of `total`; one chance a scenario."""

    plan: tuple[str, ...]
    unseen: float
    total: float
    by_scenario: Floats

    @property
    def detected(self) -> float:
        """Expected share of the weight that is detected, 0 to 1."""
        return 1.0 - self.unseen / self.total


@dataclass(frozen=True)
class DisplacementForecast:
    """Displacement forecast: `moved` is the share of the weight, 0 to 1, that crosses other sites than before."""

    moved: float
    sites: tuple[Shift, ...]


def values(made: Instance, chosen: Flags) -> Floats:
    """Chance to pass unseen of each canonical scenario while the chosen free sites are staffed."""
    return chances(made.distances(made.lengths(chosen))[made.root, made.leaf])


def unseen(made: Instance, chosen: Flags) -> float:
    """Expected chance to pass unseen, 0 to 1."""
    return float(made.weight @ values(made, chosen))


def evaluate(problem: PlacementProblem, plan: Iterable[str] = ()) -> PlanEvaluation:
    """The expected weight unseen under a plan, in the order of the problem's scenarios.

    Sites staffed by others count besides the plan. The plan may break the limits on teams, so that any plan in force
    can be compared; Unplaceable for a site that does not exist.

    >>> arcs = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.8, 0.5], [0, -1, -1])
    >>> problem = PlacementProblem.of(arcs, ["Bridge"], ([1], [2], [1.0]), teams=1)
    >>> evaluate(problem).unseen, round(evaluate(problem, ["Bridge"]).unseen, 9)
    (0.9, 0.4)
    """
    made = instance(problem)
    names = tuple(sorted(set(plan)))
    found = chances(made.distances(_lengths(made, names))[made.root, made.leaf])
    # A scenario without weight is in no canonical pair: its chance is not asked for.
    each = np.where(made.scenario_of == NOWHERE, np.nan, found[made.scenario_of])
    return PlanEvaluation(names, float(made.weight @ found) * made.total, made.total, each)


def routes(problem: PlacementProblem, plan: Iterable[str] = ()) -> tuple[ScenarioRoute | None, ...]:
    """The best route of each scenario round the plan; None for a scenario of no weight."""
    made = instance(problem)
    lengths = _lengths(made, tuple(plan))
    trees = made.trees(lengths)
    path, arc = made.paths(trees, made.root, made.leaf)
    parted = np.split(arc[np.argsort(path, kind="stable")], np.cumsum(np.bincount(path, minlength=len(made.leaf)))[:-1])
    found = [_route(made, trees, arcs, scenario) for scenario, arcs in enumerate(parted)]
    return tuple(None if scenario == NOWHERE else found[scenario] for scenario in made.scenario_of)


def forecast(problem: PlacementProblem, before: Iterable[str], after: Iterable[str]) -> DisplacementForecast:
    """Where the flow goes when the plan `after` follows the plan `before`: sites crossed more or less than before.

    Sites are listed that are crossed in either, those that gain most first. Fewer hits at a site that loses flow say
    nothing about success: the flow may pass elsewhere.
    """
    made = instance(problem)
    flows, crossings = [], []
    for plan in (before, after):
        trees = made.trees(_lengths(made, tuple(plan)))
        path, arc = made.paths(trees, made.root, made.leaf)
        crossed = crossed_sites(made, path, arc)
        crossings.append(crossed)
        flows.append(crossed.T @ made.weight * made.total)
    moved = float(made.weight @ np.any(crossings[0] != crossings[1], axis=1))
    shifts = [
        Shift(name, float(was), float(now))
        for name, was, now in zip(made.sites, *flows, strict=True)
        if was > 0 or now > 0
    ]
    return DisplacementForecast(moved, tuple(sorted(shifts, key=lambda shift: (-shift.change, shift.site))))


def crossed_sites(made: Instance, path: Whole, arc: Whole) -> Flags:
    """Which scenario (row) crosses which site (column, in the order of `made.sites`)."""
    crossed = np.zeros((len(made.leaf), len(made.sites)), dtype=np.bool_)
    at = made.site[arc] >= 0
    crossed[path[at], made.site[arc[at]]] = True
    return crossed


def _lengths(made: Instance, plan: tuple[str, ...]) -> Floats:
    """Length of every arc while exactly the plan's sites and those of others are staffed, whatever was fixed."""
    wanted = set(plan)
    made.problem.flags(wanted)
    watched = np.array([name in wanted or name in made.problem.staffed for name in made.sites] + [False])
    return np.where(watched[made.site], made.checked, made.bare)


def _route(made: Instance, trees: Trees, arcs: Whole, scenario: int) -> ScenarioRoute:
    towards = np.r_[made.leaf[scenario], made.row[arcs]]
    if made.outwards:
        towards, arcs = towards[::-1], arcs[::-1]
    nodes = tuple(int(made.nodes[node]) for node in towards if node < len(made.nodes))
    sites = tuple(made.sites[site] for site in made.site[arcs] if site >= 0)
    length = trees.length[made.root[scenario], made.leaf[scenario]]
    return ScenarioRoute(nodes, tuple(dict.fromkeys(sites)), float(chances(length)))
