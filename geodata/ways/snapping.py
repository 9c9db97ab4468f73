"""Snapping: a line drawn by hand, moved onto the roads and lanes that it means.

Method: positions along the line are joined to the network, and the best way is sought from each to the next, with
every edge made dearer by the square of its distance from the drawn line. So the route follows the line where it can,
and the shortest way where the network has nothing near it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.ground import distances
from geodata.ground.distances import chord, chord_km, dense, on_sphere
from geodata.ground.reference import Floats
from geodata.ways.closures import NoAnswer
from geodata.ways.network import Network
from geodata.ways.positions import JoinedPosition, Position, join, written
from geodata.ways.routes import Route, described, joined_ends
from geodata.ways.travel import Travel, costs, graph_of, search_graph, way_along
from geodata.ways.world_graph import world

TOLERANCE_KM = 20.0
_MOST_STOPS = 24
_SAMPLE_KM = 2.0
_FAR = 3.0
"""Tolerances away from the line beyond which an edge gets no dearer: it then costs ten times as much."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """The route that a drawn line stands for, and the largest and mean distance between the two in km."""

    route: Route
    most_astray_km: float
    mean_astray_km: float


def snap_line(
    drawn: Sequence[Position],
    travel: Travel | None = None,
    on: Network | None = None,
    *,
    tolerance_km: float = TOLERANCE_KM,
) -> Snapped:
    """The route along roads and lanes that a line of two or more positions (longitude, latitude) means.

    `tolerance_km` (1 to 100) is how exactly it was drawn. NoAnswer where an end of it is far from the network, where
    a part cannot be reached, or where it is too short for the network.

    >>> from geodata.ways.travel import BY_ROAD
    >>> found = snap_line([(28.98, 41.01), (26.0, 41.9), (24.7, 42.1), (23.3, 42.7)], BY_ROAD)
    >>> found.route.countries, found.most_astray_km < 20
    (('TUR', 'BGR'), True)
    """
    if len(drawn) < 2:
        raise NoAnswer("A line needs at least two different points.")
    if not 1 <= tolerance_km <= 100:
        raise NoAnswer("The tolerance lies between {least} and {most} km.", least=1, most=100)
    network, travel = on or world(), travel or Travel()
    start, end = _ends(network, drawn, travel)
    samples = dense(np.asarray(drawn, dtype=float), _SAMPLE_KM)
    stops = [_Stop(start, 0.0), *_between(network, samples, travel, tolerance_km)]
    stops.append(_Stop(end, float(distances.lengths_km(samples).sum())))
    cost = costs(network, travel)
    legs = _legs(network, cost, cost * _dearer(network, samples, tolerance_km), stops, tolerance_km)
    nodes = _joined(network, legs, tolerance_km)
    if len(nodes) < 2:
        raise NoAnswer("The line is too short for this network. Draw it longer.")
    found = described(network, start, end, way_along(network, nodes, cost), travel)
    astray = _astray_km(samples, found)
    return Snapped(found, float(astray.max()), float(astray.mean()))


def _ends(network: Network, drawn: Sequence[Position], travel: Travel) -> tuple[JoinedPosition, JoinedPosition]:
    start, end = (join(network, position, travel.modes) for position in (drawn[0], drawn[-1]))
    return (start, end) if start.node == end.node else joined_ends(network, drawn[0], drawn[-1], travel)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A place on the network that the line passes, `far` km from the line's beginning."""

    joined: JoinedPosition
    far: float


def _between(network: Network, samples: Floats, travel: Travel, tolerance_km: float) -> list[_Stop]:
    """Places on the network along the line, none where the network is farther away than the tolerance."""
    far = np.concatenate([[0.0], distances.lengths_km(samples).cumsum()])
    n = min(_MOST_STOPS, math.floor(far[-1] / (3 * tolerance_km)))
    found = []
    for row in np.linspace(0, len(samples) - 1, n + 2).round().astype(int)[1:-1]:
        lon, lat = samples[row]
        try:
            joined = join(network, (math.remainder(lon, 360), lat), travel.modes, tolerance_km)
        except NoAnswer:
            continue
        found.append(_Stop(joined, float(far[row])))
    return found


def _dearer(network: Network, samples: Floats, tolerance_km: float) -> Floats:
    """For each edge, by how much it costs more for lying off the line."""
    tree = cKDTree(on_sphere(samples[:, 0], samples[:, 1]))
    most = _FAR * tolerance_km
    away, _ = tree.query(on_sphere(network.lon, network.lat), distance_upper_bound=chord(most))
    km = np.minimum(chord_km(np.minimum(away, 2.0)), most)
    off: Floats = 1 + (np.maximum(km[network.u], km[network.v]) / tolerance_km) ** 2
    return off


def _legs(network: Network, cost: Floats, dear: Floats, stops: list[_Stop], tolerance_km: float) -> list[list[int]]:
    """The nodes of the ways from stop to stop.

    A stop that cannot be reached, or only by a way of more than twice the line's length, joined a road that the line
    does not mean (a fragment, the far side of a closed border): it is left out. The last one is not.
    """
    graph, legs, here = graph_of(network, dear), [], stops[0]
    ahead = stops[1:]
    while ahead:
        found = search_graph(graph, [here.joined.node])
        for row, stop in enumerate(ahead):
            if not np.isfinite(found.cost[stop.joined.node]):
                continue
            nodes = found.nodes_to(stop.joined.node)
            km = float(network.km[way_along(network, nodes, cost).edges].sum())
            if km <= 2 * (stop.far - here.far + tolerance_km) or row == len(ahead) - 1:
                break
        else:
            raise NoAnswer(
                "No way of the chosen modes joins the parts of the line near {start} and {end}. Allow another mode, or"
                " open what is closed.",
                start=written(here.joined.lon, here.joined.lat),
                end=written(ahead[-1].joined.lon, ahead[-1].joined.lat),
            )
        legs.append(nodes)
        here, ahead = stop, ahead[row + 1 :]
    return [nodes for nodes in legs if len(nodes) > 1]


def _joined(network: Network, legs: list[list[int]], tolerance_km: float) -> list[int]:
    """One way out of the legs, without the spurs to stops that lie beside it: at most `tolerance_km` there and back."""
    nodes: list[int] = []
    for leg in legs:
        nodes, leg = nodes[:-1], [*nodes[-1:], *leg[1:]] if nodes else leg
        ahead = list(leg)
        gone = 0.0
        while nodes and len(ahead) > 1 and nodes[-1] == ahead[1]:
            gone += float(distances.from_point_km(*_at(network, ahead[0]), np.array([_at(network, ahead[1])]))[0])
            if gone > tolerance_km:
                break
            nodes.pop()
            ahead.pop(0)
        nodes += ahead
    return nodes


def _at(network: Network, node: int) -> Position:
    return float(network.lon[node]), float(network.lat[node])


def _astray_km(samples: Floats, found: Route) -> Floats:
    """From each sample of the line to the route."""
    parts = [dense(shapely.get_coordinates(part), _SAMPLE_KM) for part in shapely.get_parts(found.geometry)]
    along = np.concatenate(parts)
    away, _ = cKDTree(on_sphere(along[:, 0], along[:, 1])).query(on_sphere(samples[:, 0], samples[:, 1]))
    return chord_km(np.asarray(away, dtype=float))
