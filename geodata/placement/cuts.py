"""Mixing cuts: what a fractional plan has to satisfy, from the items of the scenarios.

An *item* of a scenario is a value v and a set B of sites: "at least v passes unseen unless somebody stands at a site
of B". Every path gives items: accept being checked at some of its sites, B is the rest of them. With the items of a
scenario sorted by falling value, floor f (what passes with every site staffed) and m_i(x) = min(1, x(B_1) .. x(B_i)):

    theta >= v_1 - sum_i (v_i - v_(i+1)) m_i(x),    v_(n+1) = f

holds for every plan x, because the right side falls below v_i only where every B_j, j <= i, is hit. Replacing each m_i
by the term that is least at the point to be cut off makes a linear cut (mixing inequalities: Günlük and Pochet, 2001).
"""

import time
from dataclasses import dataclass

import numpy as np

from geodata.ground.reference import Floats
from geodata.placement.instance import Instance, chances
from geodata.placement.problem import Flags, Whole

SCALES = np.geomspace(0.02, 20.0, 14)
"""How much the length of a path weighs against the staffing it meets: one tree of paths each."""

FEWER_SCALES = SCALES[::2]
"""Enough where cuts are many already, at half the work."""

NO_SCALES = SCALES[:0]


@dataclass(frozen=True, eq=False)
class Items:
    """Items in rows: scenario, value, and the sites of the i-th from `begins[i]` to `begins[i + 1]` in `sites`."""

    scenario: Whole
    value: Floats
    begins: Whole
    sites: Whole

    def __len__(self) -> int:
        return len(self.value)

    @classmethod
    def none(cls) -> "Items":
        """No items."""
        return cls(np.empty(0, np.int64), np.empty(0), np.zeros(1, np.int64), np.empty(0, np.int64))

    def staffing(self, x: Floats) -> Floats:
        """x(B) of every item, at most 1."""
        if not len(self):
            return np.empty(0)
        of = np.repeat(np.arange(len(self)), np.diff(self.begins))
        return np.minimum(np.bincount(of, x[self.sites], len(self)), 1.0)

    def take(self, rows: Whole) -> "Items":
        """Some of the items."""
        lengths = np.diff(self.begins)[rows]
        begins = np.r_[0, np.cumsum(lengths)]
        within = np.arange(begins[-1]) - np.repeat(begins[:-1], lengths)
        return Items(
            self.scenario[rows], self.value[rows], begins, self.sites[np.repeat(self.begins[rows], lengths) + within]
        )

    def joined(self, others: "Items") -> "Items":
        """These and the others."""
        return Items(
            np.r_[self.scenario, others.scenario],
            np.r_[self.value, others.value],
            np.r_[self.begins, others.begins[1:] + self.begins[-1]],
            np.r_[self.sites, others.sites],
        )


@dataclass(frozen=True, eq=False)
class Cuts:
    """Linear cuts, one row each: theta[scenario] + coefficients @ x >= least. `violation` is that at the point cut."""

    scenario: Whole
    coefficients: Floats
    least: Floats
    violation: Floats

    def __len__(self) -> int:
        return len(self.least)

    @classmethod
    def none(cls, sites: int) -> "Cuts":
        """No cuts, for so many free sites."""
        return cls(np.empty(0, np.int64), np.empty((0, sites)), np.empty(0), np.empty(0))

    def joined(self, more: "Cuts") -> "Cuts":
        """These cuts, then the others."""
        return Cuts(
            np.r_[self.scenario, more.scenario],
            np.vstack((self.coefficients, more.coefficients)),
            np.r_[self.least, more.least],
            np.r_[self.violation, more.violation],
        )

    def take(self, kept: Flags) -> "Cuts":
        """The flagged ones."""
        return Cuts(self.scenario[kept], self.coefficients[kept], self.least[kept], self.violation[kept])


class Pool:
    """The items found so far for one instance, and the cuts derived from them."""

    def __init__(self, made: Instance, items: Items | None = None) -> None:
        self.made = made
        everywhere = np.ones(len(made.names), dtype=np.bool_)
        self.floor = chances(made.distances(made.lengths(everywhere))[made.root, made.leaf])
        self.ceiling = chances(made.distances(made.plain)[made.root, made.leaf])
        self.items = Items.none() if items is None else items

    def separate(
        self,
        x: Floats,
        theta: Floats,
        least: float,
        chosen: Flags | None = None,
        scales: Floats = SCALES,
        until: float = np.inf,
    ) -> Cuts:
        """Cuts that the point violates by more than `least`, one a scenario at most, of items known and new.

        New items are sought on `scales`, on the first at least and no more once it is `until` (`time.perf_counter`);
        on none of them, the known ones alone are asked.

        With `chosen`, a whole plan, x is that plan and the cuts at it are exact: none is found only where every theta
        is what passes unseen, within `least`.
        """
        items, old = self.items, len(self.items)
        if chosen is not None or len(scales):
            found = _items(self.made, x, scales, until) if chosen is None else _items_of_plan(self.made, chosen)
            items = items.joined(found.take(np.flatnonzero(found.value > self.floor[found.scenario])))
        steps, drop, top = self._steps(items, x)
        scenario = items.scenario[steps]
        staffing = items.staffing(x)[steps]
        bound = top - np.bincount(scenario, drop * staffing, len(top))
        wrong = bound - theta > least
        kept = wrong[scenario]
        steps, drop, scenario = steps[kept], drop[kept], scenario[kept]
        cut_of = np.cumsum(wrong) - 1
        coefficients = np.zeros((int(wrong.sum()), len(self.made.names)))
        chosen_items = items.take(steps)
        of = np.repeat(np.arange(len(steps)), np.diff(chosen_items.begins))
        np.add.at(coefficients, (cut_of[scenario][of], chosen_items.sites), drop[of])
        self.items = self.items.joined(items.take(steps[steps >= old]))
        return Cuts(np.flatnonzero(wrong), coefficients, top[wrong], (bound - theta)[wrong])

    def _steps(self, items: Items, x: Floats) -> tuple[Whole, Floats, Floats]:
        """The items where the running minimum of x(B) falls, how far the value drops after each, and where it starts.

        An item whose sites are all staffed drops out of the start: it tells nothing at this point.
        """
        order = np.lexsort((-items.value, items.scenario))
        scenario, staffing = items.scenario[order], items.staffing(x)[order]
        # One running minimum over all scenarios: each begins so far below the last that the past cannot matter.
        shifted = staffing - 2.0 * scenario
        least = np.minimum.accumulate(np.r_[np.inf, shifted])[:-1]
        ceiling = 1.0 - 2.0 * scenario
        falls = shifted < np.minimum(least, ceiling) - 1e-12
        steps = order[falls]
        scenario, value = items.scenario[steps], items.value[steps]
        last = np.r_[scenario[1:] != scenario[:-1], True] if len(steps) else np.empty(0, np.bool_)
        after = np.where(last, self.floor[scenario], np.r_[value[1:], 0.0][: len(value)])
        top = self.floor.copy()
        first = np.r_[True, last[:-1]] if len(steps) else last
        top[scenario[first]] = value[first]
        return steps, value - after, top


def _items(made: Instance, x: Floats, scales: Floats, until: float) -> Items:
    """Items of the shortest paths that weigh their length against the staffing x they meet, on several scales.

    On an arc with a site the smuggler pays the less of: pass unchecked and count on nobody there (x, the site joins
    B), or accept being checked.
    """
    on_site = made.free >= 0
    meets = np.where(on_site, x[made.free], 0.0)
    found: list[Items] = []
    for scale in scales:
        if found and time.perf_counter() > until:
            break
        trusting, accepting = scale * made.plain + meets, scale * made.checked
        joins = on_site & (trusting < accepting)
        lengths = np.where(on_site & ~joins, accepting, trusting)
        trees = made.trees(lengths)
        path, arc = made.paths(trees, made.root, made.leaf)
        found.append(_gathered(made, path, arc, joins))
    together = found[0]
    for more in found[1:]:
        together = together.joined(more)
    return together


def _items_of_plan(made: Instance, chosen: Flags) -> Items:
    """For each scenario the item of its best route round a whole plan: B are the sites on it where nobody stands."""
    trees = made.trees(made.lengths(chosen))
    path, arc = made.paths(trees, made.root, made.leaf)
    return _gathered(made, path, arc, (made.free >= 0) & ~chosen[made.free])


def _gathered(made: Instance, path: Whole, arc: Whole, joins: Flags) -> Items:
    """One item a scenario from the arcs of its path; sites of arcs that `joins` flags make its set."""
    length = np.where((made.free >= 0) & ~joins, made.checked, made.plain)
    value = chances(np.bincount(path, length[arc], len(made.leaf)).astype(np.float64))
    in_set = joins[arc]
    # A site may lie on two arcs of a path: it counts once.
    keys = np.unique(path[in_set] * len(made.names) + made.free[arc[in_set]])
    of, sites = np.divmod(keys, max(len(made.names), 1))
    begins = np.r_[0, np.cumsum(np.bincount(of, minlength=len(made.leaf)))]
    return Items(np.arange(len(made.leaf)), value, begins, sites)
