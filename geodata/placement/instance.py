"""Instance of a placement problem in the form that is solved: sorted, joined, fixed sites settled, paths known."""

import hashlib
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.ground.reference import Floats
from geodata.placement.problem import NOWHERE, Flags, PlacementProblem, StaffingLimits, Unplaceable, Whole

CLOSED = 745.0
"""Length of an arc that nobody passes unseen: -ln of the smallest number above 0."""

_UNSEEN = 1e-300
"""Length of an arc passed for certain: above 0, because a sparse matrix may lose zeros."""


@dataclass(frozen=True, eq=False)
class Trees:
    """Shortest path trees, one row a root: lengths and the node before, towards the root."""

    length: Floats
    before: Whole


@dataclass(frozen=True, eq=False)
class Instance:
    """A placement problem in canonical order, so that an answer does not depend on the order of its input.

    Free sites (neither fixed, forbidden nor staffed) are `names`, sorted; `limits` are those that the fixed ones leave.
    An arc `k` leads from node `row[k]` to `column[k]`, in the direction of the trees (from the root outwards). Its
    length is -ln of the chance to pass it: `bare[k]` with nobody on it, `plain[k]` with those who stand there anyway,
    `checked[k]` while its site is staffed; `site[k]` is the position of that site in `sites`, `free[k]` in `names`.
    Scenario s runs between `root[s]`, a position in `roots`, and node `leaf[s]`, and weighs `weight[s]`, together 1;
    `total` is the weight as it was given. `digest` is the same for the same network, scenarios and free sites.
    """

    problem: PlacementProblem
    sites: tuple[str, ...]
    names: tuple[str, ...]
    limits: StaffingLimits
    nodes: Whole
    outwards: bool
    row: Whole
    column: Whole
    bare: Floats
    plain: Floats
    checked: Floats
    free: Whole
    site: Whole
    begins: Whole
    roots: Whole
    root: Whole
    leaf: Whole
    weight: Floats
    total: float
    scenario_of: Whole
    digest: str

    @property
    def size(self) -> int:
        """Number of nodes, those added between parallel arcs included."""
        return len(self.begins) - 1

    def lengths(self, chosen: Flags) -> Floats:
        """Length of every arc while the chosen free sites are staffed."""
        if not self.names:
            return self.plain
        return np.where((self.free >= 0) & chosen[self.free], self.checked, self.plain)

    def trees(self, lengths: Floats, roots: Whole | None = None) -> Trees:
        """Trees of shortest paths from `roots` (positions in `self.roots`; all by default)."""
        graph = csr_array(
            (lengths, self.column.astype(np.int32), self.begins.astype(np.int32)), shape=(self.size, self.size)
        )
        at = self.roots if roots is None else self.roots[roots]
        length, before = dijkstra(graph, indices=at, return_predecessors=True)
        return Trees(cast(Floats, length), cast(Whole, before))

    def distances(self, lengths: Floats, roots: Whole | None = None) -> Floats:
        """Shortest lengths alone, one row a root."""
        graph = csr_array(
            (lengths, self.column.astype(np.int32), self.begins.astype(np.int32)), shape=(self.size, self.size)
        )
        return cast(Floats, dijkstra(graph, indices=self.roots if roots is None else self.roots[roots]))

    def paths(self, trees: Trees, tree: Whole, leaf: Whole) -> tuple[Whole, Whole]:
        """The arcs from each `leaf` to the root of its `tree` (a row of `trees`): which path, which arc, in order.

        Pairs of all paths together: those of the first arcs come first.
        """
        path = np.arange(len(leaf))
        node, which, arcs = leaf.astype(np.int64), [], []
        key = self.row * self.size + self.column
        while True:
            before = trees.before[tree, node]
            going = before >= 0
            if not going.any():
                break
            path, tree, node, before = path[going], tree[going], node[going], before[going].astype(np.int64)
            which.append(path)
            arcs.append(np.searchsorted(key, before * self.size + node))
            node = before
        empty = np.empty(0, dtype=np.int64)
        return (np.concatenate(which), np.concatenate(arcs)) if which else (empty, empty)

    def plan(self, chosen: Flags) -> tuple[str, ...]:
        """Names of the whole plan: the chosen free sites and those fixed, sorted."""
        free = [name for name, taken in zip(self.names, chosen, strict=True) if taken]
        return tuple(sorted([*free, *self.problem.fixed]))

    def chosen(self, plan: tuple[str, ...]) -> Flags:
        """The free sites of a plan as flags; Unplaceable where it breaks a rule of the question."""
        self.problem.check_plan(plan)
        return np.array([name in set(plan) for name in self.names], dtype=np.bool_)


def chances(lengths: Floats) -> Floats:
    """Chance to pass unseen along each length."""
    return cast(Floats, np.where(lengths >= CLOSED, 0.0, np.exp(-lengths)))


def instance(problem: PlacementProblem) -> Instance:
    """The canonical form of a question. Unplaceable where an origin cannot reach its destination."""
    sites = tuple(sorted(problem.sites))
    position = {name: i for i, name in enumerate(sites)}
    rank = np.array([position[name] for name in problem.sites] + [NOWHERE])
    taken = problem.fixed | problem.forbidden | problem.staffed
    names = tuple(name for name in sites if name not in taken)
    nodes, ends = np.unique(np.r_[problem.u, problem.v], return_inverse=True)
    m = len(problem.u)
    tail, head, r, q, site = _joined(ends[:m], ends[m:], problem.r, problem.q, rank[problem.site])

    with np.errstate(divide="ignore"):
        bare, checked = (np.clip(-np.log(chance), _UNSEEN, CLOSED) for chance in (r, q))
    tail, head, bare, checked, site = apart(len(nodes), tail, head, bare, checked, site)
    watched = np.array([name in problem.fixed or name in problem.staffed for name in sites] + [False])
    plain = np.where(watched[site], checked, bare)
    place = {name: i for i, name in enumerate(names)}
    free_of = np.array([place.get(name, NOWHERE) for name in sites] + [NOWHERE])
    free = np.where(checked > plain, free_of[site], NOWHERE)

    begin, end, weight, scenario_of = _scenarios(problem, nodes)
    outwards = len(np.unique(begin)) < len(np.unique(end))
    row, column = (tail, head) if outwards else (head, tail)
    order = np.lexsort((column, row))
    size = int(max(row.max(), column.max())) + 1
    begins = begins_of(row, size)
    roots, root = np.unique(begin if outwards else end, return_inverse=True)

    given = {name: i for i, name in enumerate(problem.sites)}
    there = np.array([given[name] for name in names], dtype=np.int64)
    fixed = problem.flags(problem.fixed)
    most = problem.limits.most - problem.limits.rows @ fixed
    limits = StaffingLimits(problem.limits.rows[:, there], np.maximum(most, 0.0))
    leaf, total = end if outwards else begin, float(weight.sum())
    arcs = (row[order], column[order], bare[order], plain[order], checked[order], free[order], site[order])
    digest = hashlib.sha256(repr((names, outwards)).encode())
    for each in (*arcs, roots, root, leaf, weight):
        digest.update(np.ascontiguousarray(each).tobytes())
    shape = (
        sites,
        names,
        limits,
        nodes,
        outwards,
        *arcs,
        begins,
        roots,
        root,
        leaf,
        weight / total,
        total,
        scenario_of,
    )
    made = Instance(problem, *shape, digest.hexdigest())
    _check_ways(made)
    return made


def thinned(made: Instance, roots: int, seed: int = 0) -> Instance:
    """The scenarios of about so many roots, drawn by their weight (systematic sampling), which stand for all.

    Plans and their limits stay those of the whole; what a plan lets pass is an unbiased estimate of it.
    """
    random = np.random.default_rng(seed)
    weight = np.bincount(made.root, made.weight, len(made.roots))
    order = random.permutation(len(weight))
    marks = (random.uniform() + np.arange(roots)) / roots * weight.sum()
    drawn = order[np.minimum(np.searchsorted(np.cumsum(weight[order]), marks), len(order) - 1)]
    kept, times = np.unique(drawn, return_counts=True)
    place = np.full(len(weight), NOWHERE)
    place[kept] = np.arange(len(kept))
    of = place[made.root]
    there = of != NOWHERE
    of = of[there]
    shared = made.weight[there] / weight[made.root[there]] * times[of] / roots
    return replace(made, roots=made.roots[kept], root=of, leaf=made.leaf[there], weight=shared)


def _joined(tail: Whole, head: Whole, r: Floats, q: Floats, site: Whole) -> tuple[Whole, Whole, Floats, Floats, Whole]:
    """Arcs sorted by ends and site, those alike joined: whoever travels takes the better one, checked or not."""
    order = np.lexsort((site, head, tail))
    tail, head, site, r, q = tail[order], head[order], site[order], r[order], q[order]
    q = np.where(site >= 0, q, r)
    fresh = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0) | (np.diff(site) != 0)]
    first = np.flatnonzero(fresh)
    return tail[first], head[first], np.maximum.reduceat(r, first), np.maximum.reduceat(q, first), site[first]


def apart(
    n: int, tail: Whole, head: Whole, plain: Floats, checked: Floats, site: Whole
) -> tuple[Whole, Whole, Floats, Floats, Whole]:
    """Parallel arcs parted by a node of their own, so that two nodes have one arc at most.

    Arcs come sorted by tail and head, between nodes 0 to `n` - 1; those added are numbered from `n` on.
    """
    again = np.flatnonzero(np.r_[False, (np.diff(tail) == 0) & (np.diff(head) == 0)])
    between = n + np.arange(len(again))
    ends = head[again]
    head = head.copy()
    head[again] = between
    sure = np.full(len(again), _UNSEEN)
    nowhere = np.full(len(again), NOWHERE)
    return np.r_[tail, between], np.r_[head, ends], np.r_[plain, sure], np.r_[checked, sure], np.r_[site, nowhere]


def begins_of(row: Whole, size: int) -> Whole:
    """Where the arcs of each row begin, arcs sorted by row; one more entry at the end."""
    begins: Whole = np.r_[0, np.cumsum(np.bincount(row, minlength=size))]
    return begins


def _scenarios(problem: PlacementProblem, nodes: Whole) -> tuple[Whole, Whole, Floats, Whole]:
    """Begin, end and weight of each different pair, and for each given scenario which pair is its own (or NOWHERE)."""
    begin, end = np.searchsorted(nodes, problem.origin), np.searchsorted(nodes, problem.destination)
    order = np.lexsort((problem.share, end, begin))
    order = order[problem.share[order] > 0]
    fresh = np.r_[True, (np.diff(begin[order]) != 0) | (np.diff(end[order]) != 0)]
    first = np.flatnonzero(fresh)
    weight = np.add.reduceat(problem.share[order], first)
    scenario_of = np.full(len(begin), NOWHERE)
    scenario_of[order] = np.cumsum(fresh) - 1
    return begin[order][first], end[order][first], weight, scenario_of


def _check_ways(made: Instance) -> None:
    reach = made.distances(made.plain)[made.root, made.leaf]
    if np.isfinite(reach).all():
        return
    lost = int(np.flatnonzero(~np.isfinite(reach))[0])
    ends = [int(made.nodes[made.roots[made.root[lost]]]), int(made.nodes[made.leaf[lost]])]
    origin, destination = ends if made.outwards else ends[::-1]
    raise Unplaceable(
        "There is no way from origin {origin} to destination {destination} ({n} such pairs). Join the network there or "
        "leave the scenario out.",
        origin=origin,
        destination=destination,
        n=int((~np.isfinite(reach)).sum()),
    )
