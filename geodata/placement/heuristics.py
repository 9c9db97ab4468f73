"""Heuristics: first plans by a planner's rules of thumb, by rounding a relaxation, and by exchanging sites.

None of them has a guarantee: a second crossing must often be closed before the first pays, so that the gain of a site
can grow with the plan (it is not submodular). Lazy greedy, which is right for submodular gains only, is kept as a rule
to compare with.
"""

import time
from dataclasses import dataclass

import numpy as np

from geodata.ground.reference import Floats
from geodata.placement import evaluation
from geodata.placement.instance import Instance, chances
from geodata.placement.problem import Flags, Whole

_NOTHING = 1e-12
"""A gain so small, as a share of the whole, is none."""


@dataclass(frozen=True, eq=False)
class RoutedPlan:
    """A plan with its routes: who crosses which free site, at which chance to pass unseen."""

    made: Instance
    chosen: Flags
    lengths: Floats
    value: Floats
    scenario: Whole
    site: Whole
    bound: Floats

    @classmethod
    def of(cls, made: Instance, chosen: Flags) -> "RoutedPlan":
        """The routes round a plan."""
        lengths = made.lengths(chosen)
        trees = made.trees(lengths)
        value = chances(trees.length[made.root, made.leaf])
        path, arc = made.paths(trees, made.root, made.leaf)
        open_site = (made.free[arc] >= 0) & ~chosen[made.free[arc]]
        path, arc = path[open_site], arc[open_site]
        site = made.free[arc]
        # The same route stays open, checked: nobody loses more by a new checkpoint than on it.
        most = made.weight[path] * value[path] * -np.expm1(lengths[arc] - made.checked[arc])
        bound = np.bincount(site, most, len(made.names)).astype(np.float64)
        return cls(made, chosen, lengths, value, path, site, bound)

    @property
    def unseen(self) -> float:
        """Expected chance to pass unseen."""
        return float(self.made.weight @ self.value)

    def flow(self) -> Floats:
        """Weight of the scenarios that cross each free site where nobody stands."""
        keys = np.unique(self.scenario * len(self.made.names) + self.site)
        scenario, site = np.divmod(keys, max(len(self.made.names), 1))
        return np.bincount(site, self.made.weight[scenario], len(self.made.names)).astype(np.float64)

    def gain(self, site: int) -> float:
        """What a checkpoint at one more site takes off the expected chance."""
        made = self.made
        concerned = np.unique(self.scenario[self.site == site])
        if not len(concerned):
            return 0.0
        roots, row = np.unique(made.root[concerned], return_inverse=True)
        lengths = np.where(made.free == site, made.checked, self.lengths)
        after = chances(made.distances(lengths, roots)[row, made.leaf[concerned]])
        return float(made.weight[concerned] @ (self.value[concerned] - after))

    def best(self, least: float = 0.0, until: float = np.inf, besides: int | None = None) -> tuple[int, float] | None:
        """The site that gains most, if that is more than `least`, and its gain; the first of equals.

        Sites are tried by falling bound until none can be better. After `until` (of `time.perf_counter`) the best so
        far is given. The site `besides` is left out.
        """
        fits = self.made.limits.addable(self.chosen)
        if besides is not None:
            fits[besides] = False
        found, most = None, least + _NOTHING
        for site in np.argsort(-self.bound, kind="stable"):
            if not fits[site]:
                continue
            if self.bound[site] <= most or time.perf_counter() > until:
                break
            gain = self.gain(int(site))
            if gain > most + _NOTHING:
                found, most = (int(site), gain), gain
        return found


def empty(made: Instance) -> Flags:
    """No free site staffed."""
    return np.zeros(len(made.names), dtype=np.bool_)


def by_flow(made: Instance) -> Flags:
    """The habit: teams where most passes today, re-routing not thought of."""
    chosen = empty(made)
    return _in_order(made, chosen, RoutedPlan.of(made, chosen).flow())


def by_rerouted_flow(made: Instance, chosen: Flags | None = None, until: float = np.inf) -> Flags:
    """Teams one by one where most passes round those placed before; also fills up a plan that leaves teams over.

    After `until` (of `time.perf_counter`) the rest is placed by the flow round those that stand then.
    """
    chosen = empty(made) if chosen is None else chosen.copy()
    while True:
        flow = RoutedPlan.of(made, chosen).flow()
        if time.perf_counter() > until:
            return _in_order(made, chosen, flow)
        flow = np.where(made.limits.addable(chosen), flow, 0.0)
        if not flow.any():
            return chosen
        chosen[int(np.argmax(flow))] = True


def by_gain(made: Instance, until: float = np.inf) -> Flags:
    """Greedy: teams one by one where each takes most off the expected chance, in full knowledge of the routes round.

    After `until` (of `time.perf_counter`) the rest is placed by flow.
    """
    chosen = empty(made)
    while time.perf_counter() < until:
        found = RoutedPlan.of(made, chosen).best(until=until)
        if found is None:
            break
        chosen[found[0]] = True
    return by_rerouted_flow(made, chosen, until)


def by_lazy_gain(made: Instance, until: float = np.inf) -> Flags:
    """Greedy with old gains taken for bounds (CELF), as if gains could only fall. Here they can grow.

    After `until` (of `time.perf_counter`) the rest is placed by flow.
    """
    chosen = empty(made)
    standing = RoutedPlan.of(made, chosen)
    gains = np.zeros(len(made.names))
    for site in range(len(gains)):
        if time.perf_counter() > until:
            return by_rerouted_flow(made, chosen, until)
        gains[site] = standing.gain(site)
    fresh = np.ones(len(gains), dtype=np.bool_)
    while time.perf_counter() < until:
        open_gains = np.where(made.limits.addable(chosen), gains, -np.inf)
        if not len(gains) or open_gains.max() == -np.inf:
            return chosen
        site = int(np.argmax(open_gains))
        if not fresh[site]:
            gains[site], fresh[site] = standing.gain(site), True
            continue
        chosen[site] = True
        standing, fresh = RoutedPlan.of(made, chosen), np.zeros(len(gains), dtype=np.bool_)
    return by_rerouted_flow(made, chosen, until)


def rounded(made: Instance, x: Floats, until: float = np.inf) -> Flags:
    """A fractional plan made whole: sites by falling staffing while they fit, teams left over by flow."""
    return by_rerouted_flow(made, _in_order(made, empty(made), np.where(x > 1e-6, x, 0.0)), until)


def swapped(made: Instance, chosen: Flags, until: float) -> Flags:
    """The plan after exchanges of one site for another as long as they gain, or until `until` (`time.perf_counter`)."""
    chosen = chosen.copy()
    improved = True
    while improved:
        improved = False
        for out in _by_loss(made, chosen, until):
            if time.perf_counter() > until:
                return chosen
            without = chosen.copy()
            without[out] = False
            standing = RoutedPlan.of(made, without)
            loss = standing.unseen - evaluation.unseen(made, chosen)
            found = standing.best(loss + 1e-10, until, besides=int(out))
            if found is not None:
                chosen = without
                chosen[found[0]] = True
                improved = True
    return chosen


def _in_order(made: Instance, chosen: Flags, score: Floats) -> Flags:
    """The plan with sites added by falling score while they fit; those of score 0 stay out."""
    chosen = chosen.copy()
    for site in np.argsort(-score, kind="stable"):
        if score[site] <= 0:
            break
        if made.limits.addable(chosen)[site]:
            chosen[site] = True
    return chosen


def _by_loss(made: Instance, chosen: Flags, until: float) -> Whole:
    """The chosen sites, those first that the plan would miss least; by name where time is up."""
    sites = np.flatnonzero(chosen)
    losses = np.full(len(sites), np.inf)
    for i, site in enumerate(sites):
        if time.perf_counter() > until:
            break
        without = chosen.copy()
        without[site] = False
        losses[i] = evaluation.unseen(made, without)
    return sites[np.argsort(losses, kind="stable")]
