"""Network contraction: only ends of sites, origins and destinations are left, with the shortest ways between them."""

from dataclasses import replace
from typing import cast

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.ground.reference import Floats
from geodata.placement.instance import Instance, apart, begins_of
from geodata.placement.problem import NOWHERE, Whole

MOST_NODES = 2_000
"""Nodes that matter up to which every pair of them is weighed."""
WORTH = 3
"""How many times fewer nodes make the effort worth it."""


def contracted(made: Instance) -> Instance:
    """An instance with the same sites, scenarios, answers and digest, on fewer nodes; the same one where that is vain.

    Between the ends of sites nobody can be checked, so that only the shortest way counts, and of those only the ones
    that no other end cuts in two. Its arcs are no roads: routes are told on the instance itself.
    """
    on_site = np.flatnonzero(made.free >= 0)
    matter = np.unique(np.r_[made.row[on_site], made.column[on_site], made.roots, made.leaf])
    if len(matter) > MOST_NODES or made.size < WORTH * len(matter):
        return made
    between = _between(made, matter)
    row, column = np.nonzero(np.isfinite(between))
    length = between[row, column]
    place = np.full(made.size, NOWHERE)
    place[matter] = np.arange(len(matter))
    nowhere = np.full(len(row), NOWHERE)
    tail, head = np.r_[row, place[made.row[on_site]]], np.r_[column, place[made.column[on_site]]]
    plain, checked = np.r_[length, made.plain[on_site]], np.r_[length, made.checked[on_site]]
    free = np.r_[nowhere, made.free[on_site]]
    order = np.lexsort((free, head, tail))
    tail, head, plain, checked, free = apart(
        len(matter), tail[order], head[order], plain[order], checked[order], free[order]
    )
    order = np.lexsort((head, tail))
    tail, head, free, plain, checked = tail[order], head[order], free[order], plain[order], checked[order]
    size = int(max(tail.max(), head.max())) + 1
    return replace(
        made,
        nodes=matter,
        row=tail,
        column=head,
        bare=plain,
        plain=plain,
        checked=checked,
        free=free,
        site=np.full(len(tail), NOWHERE),
        begins=begins_of(tail, size),
        roots=place[made.roots],
        leaf=place[made.leaf],
    )


def _between(made: Instance, matter: Whole) -> Floats:
    """Shortest lengths between the nodes that matter without any site's arc; infinite where others part the way."""
    off_site = made.free < 0
    row, column = made.row[off_site], made.column[off_site]
    graph = csr_array((made.plain[off_site], (row, column)), shape=(made.size, made.size))
    length = cast(Floats, dijkstra(graph, indices=matter)[:, matter])
    np.fill_diagonal(length, np.inf)
    needed = np.isfinite(length)
    for k in range(len(matter)):
        # Both parts are truly shorter than the whole, so that no two ways are each left out for the other.
        first = np.flatnonzero(np.isfinite(length[:, k]) & (length[:, k] > 1e-9))
        second = np.flatnonzero(np.isfinite(length[k]) & (length[k] > 1e-9))
        if len(first) and len(second):
            whole = length[np.ix_(first, second)]
            parted = length[first, k][:, None] + length[k, second] <= whole * (1 + 1e-12)
            needed[np.ix_(first, second)] &= ~parted
    return np.where(needed, length, np.inf)
