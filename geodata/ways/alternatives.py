"""Alternative routes to the same place, different enough to matter.

Method: penalties. The best way is found, each of its edges is made `_DEARER` times as dear, and the search is
repeated; a way found is kept if it shares at most `most_shared` of its true cost with each one kept before and truly
costs at most `most_cost` times the best. Chosen over plateaus (Abraham, Delling, Goldberg, Werneck, "Alternative
routes in road networks", ACM JEA 18, 2013) after both were measured on 33 pairs of places in Europe, the Near East
and Africa, k = 3: penalties found all 66 others, sharing 10 % in the mean at 1.09 times the cost; plateaus found 63,
sharing 38 % at 1.08 times. What penalties lose is that an alternative may bend around a single edge, so it need not
be the best way between two of its own places.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.ways.network import Network
from geodata.ways.positions import Position
from geodata.ways.routes import Route, best_way, described, joined_ends
from geodata.ways.travel import Travel, costs, graph_of, search_graph, way_along
from geodata.ways.world_graph import world

_DEARER = 1.4
_TRIES = 4
"""Searches for each route wanted, at most."""


@dataclass(frozen=True, slots=True)
class AlternativeRoute:
    """A route, its cost over that of the best (`times`, 1 for the best itself), and the largest share of its cost
    that it has in common with a route found before it (`shared`, 0 to 1)."""

    route: Route
    times: float
    shared: float


def alternatives(
    origin: Position,
    destination: Position,
    travel: Travel | None = None,
    on: Network | None = None,
    *,
    k: int = 3,
    most_shared: float = 0.6,
    most_cost: float = 1.6,
) -> tuple[AlternativeRoute, ...]:
    """The best route and up to k - 1 others in the order of cost; fewer where no more were found within the two limits.

    Cost is hours or km, as `travel.least` says. `most_shared` lies between 0 and 1, `most_cost` is 1 or more
    (ValueError otherwise). NoAnswer as for `routes.route`.

    >>> from geodata.ways.travel import BY_ROAD
    >>> found = alternatives((28.98, 41.01), (16.37, 48.21), BY_ROAD, k=2)
    >>> [round(each.route.km) for each in found], found[1].shared < 0.6
    ([1477, 1537], True)
    """
    if k < 1 or not 0 <= most_shared <= 1 or not most_cost >= 1:
        raise ValueError("Ask for at least one route, a share between 0 and 1, and a cost of 1 time the best or more.")
    network, travel = on or world(), travel or Travel()
    start, end = joined_ends(network, origin, destination, travel)
    cost = costs(network, travel)
    way = best_way(network, start, end, travel)
    best = float(cost[way.edges].sum())
    found = [AlternativeRoute(described(network, start, end, way, travel), 1.0, 0.0)]
    kept = [way.edges]
    dear = cost.copy()
    for _ in range(_TRIES * (k - 1)):
        if len(found) == k:
            break
        dear[way.edges] *= _DEARER
        # The best way as it stands bounds the search: no dearer one can be the answer.
        limit = float(dear[kept[0]].sum()) * (1 + 1e-9)
        nodes = search_graph(graph_of(network, dear), [start.node], limit).nodes_to(end.node)
        way = way_along(network, nodes, dear)
        own = float(cost[way.edges].sum())
        shared = max(_common(cost, way.edges, before) for before in kept) / own
        if shared <= most_shared and own <= most_cost * best:
            found.append(AlternativeRoute(described(network, start, end, way, travel), own / best, shared))
            kept.append(way.edges)
    return tuple(sorted(found, key=lambda each: each.times))


def _common(cost: NDArray[np.float64], some: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    return float(cost[np.intersect1d(some, others)].sum())
