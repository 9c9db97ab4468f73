"""Randomised plans: how often each site is staffed, known to smugglers, and the draw of each day, which is not.

Smugglers know how often each site is staffed but not where the teams are today, and take the route with the greatest
expected chance. The odds are those of the compact linear programme, improved by projected subgradient steps; that
programme also bounds from below what any odds can achieve. Assumed: sites are drawn independently of one another along
a route (a draw of exactly N comes close) and the chances with and without a checkpoint are known.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from geodata.ground.reference import Floats
from geodata.placement.compact_form import compact_model
from geodata.placement.instance import Instance, chances, instance
from geodata.placement.problem import PlacementProblem, Unplaceable

STEPS = 1500
"""Subgradient steps; the last of them move by a hundredth of the first."""


@dataclass(frozen=True, eq=False)
class Randomised:
    """How often each site is staffed: `odds[i]` (0 to 1) for `sites[i]`, together the number of teams.

    `unseen` of `total` is expected to pass undetected, and no odds let less than `bound` pass.
    """

    sites: tuple[str, ...]
    odds: Floats
    unseen: float
    bound: float
    total: float
    seconds: float

    def of(self, site: str) -> float:
        """The odds of one site."""
        return float(self.odds[self.sites.index(site)])


def randomise(
    problem: PlacementProblem,
    *,
    budget_seconds: float = 30.0,
    progress: Callable[[float, float, float], bool] = lambda seconds, unseen, bound: True,
    steps: int = STEPS,
) -> Randomised:
    """The odds at which teams that can move should stand, fixed sites at 1, sites staffed by others left out.

    `progress` hears seconds, what passes unseen and the bound; when it returns False the odds so far come back.
    Unplaceable for teams or sites with skills or effort: a draw could not keep to them.

    >>> arcs = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 1.0], [0.1, 0.1, 1.0], [0, 1, -1])
    >>> odds = randomise(PlacementProblem.of(arcs, ["Bridge", "Ferry"], ([1], [2], [10]), teams=1))
    >>> odds.sites, odds.odds.round(2).tolist(), round(odds.unseen, 1)
    (('Bridge', 'Ferry'), [0.53, 0.47], 4.7)
    """
    if any(problem.needs) or np.isfinite(problem.purse):
        raise Unplaceable("A draw takes teams that can stand at any site. Leave skills and effort out.")
    begun = time.perf_counter()
    made = instance(problem)
    teams = len(problem.teams) - len(problem.fixed)
    model = compact_model(made, whole=False)
    model.setOptionValue("solver", "simplex")
    model.setOptionValue("time_limit", float(budget_seconds))
    model.run()
    solved = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    bound = float(model.getInfo().objective_function_value) if solved else _least(made)
    first = np.array(model.getSolution().col_value)[: len(made.names)] if solved else np.zeros(len(made.names))
    best = x = _projected(first, teams)
    least, gradient = _weighed(made, x)
    found = least, gradient
    for step in range(steps):
        seconds = time.perf_counter() - begun
        if not found[1].any() or seconds > budget_seconds:
            break
        if step % 100 == 0 and not progress(seconds, least * made.total, bound * made.total):
            break
        length = 0.5 * 0.01 ** (step / steps)
        x = _projected(x - length * found[1] / np.linalg.norm(found[1]), teams)
        found = _weighed(made, x)
        if found[0] < least:
            least, best = found[0], x
    return _answer(made, best, least, min(bound, least), time.perf_counter() - begun)


def draw(odds: Randomised, seed: int, day: int) -> tuple[str, ...]:
    """The sites of one day: exactly as many as there are teams, each as often as its odds say.

    Systematic sampling after a shuffle (Madow, Ann. Math. Statist. 20, 1949): sites laid end to end, as long as their
    odds, and every point a whole step from a random start taken. The same seed and day draw the same sites again;
    keep the seed where those who watch the teams cannot read it.
    """
    random = np.random.default_rng([seed, day])
    order = random.permutation(len(odds.sites))
    ends = np.cumsum(odds.odds[order])
    teams = round(float(ends[-1])) if len(ends) else 0
    marks = random.uniform() + np.arange(teams)
    taken = np.minimum(np.searchsorted(ends, marks, side="right"), len(order) - 1)
    return tuple(sorted(odds.sites[order[each]] for each in taken))


def _answer(made: Instance, x: Floats, unseen: float, bound: float, seconds: float) -> Randomised:
    sites = tuple(sorted([*made.names, *made.problem.fixed]))
    by_name = dict(zip(made.names, x, strict=True))
    odds = np.array([by_name.get(name, 1.0) for name in sites])
    return Randomised(sites, odds, unseen * made.total, bound * made.total, made.total, seconds)


def _least(made: Instance) -> float:
    """What passes with every site staffed, a bound without a programme."""
    everywhere = np.ones(len(made.names), dtype=np.bool_)
    return float(made.weight @ chances(made.distances(made.lengths(everywhere))[made.root, made.leaf]))


def _weighed(made: Instance, x: Floats) -> tuple[float, Floats]:
    """What passes unseen where the odds are x, and how it changes with them."""
    on_site = made.free >= 0
    r, q = chances(made.plain), chances(made.checked)
    odds = np.where(on_site, x[made.free], 0.0) if len(x) else np.zeros(len(r))
    mixed = r - (r - q) * odds
    with np.errstate(divide="ignore"):
        lengths = np.where(on_site, np.minimum(-np.log(mixed), made.checked), made.plain)
    trees = made.trees(np.maximum(lengths, made.plain))
    value = chances(trees.length[made.root, made.leaf])
    path, arc = made.paths(trees, made.root, made.leaf)
    crossed = on_site[arc]
    path, arc = path[crossed], arc[crossed]
    slope = made.weight[path] * value[path] * (r - q)[arc] / np.maximum(mixed[arc], 1e-12)
    return float(made.weight @ value), -np.bincount(made.free[arc], slope, len(x)).astype(np.float64)


def _projected(x: Floats, teams: int) -> Floats:
    """The nearest odds between 0 and 1 that add up to the number of teams."""
    if not len(x):
        return x
    low, high = float(x.min()) - 1.0, float(x.max())
    for _ in range(60):
        middle = (low + high) / 2
        if np.clip(x - middle, 0.0, 1.0).sum() > teams:
            low = middle
        else:
            high = middle
    near = np.clip(x - high, 0.0, 1.0)
    # The last hair between the sum and the number of teams goes to the sites that have room for it.
    room = 1.0 - near
    together: Floats = np.clip(near + room * min(1.0, max(0.0, teams - near.sum()) / max(room.sum(), 1e-300)), 0.0, 1.0)
    return together
