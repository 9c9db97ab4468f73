"""Joined positions: the nearest node of the network to a position, its distance, and when that is too far."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.ground import reference
from geodata.ground.distances import from_point_km, on_sphere
from geodata.ways.closures import NoAnswer
from geodata.ways.network import Mode, Network

Position = tuple[float, float]
"""Longitude and latitude in degrees, WGS 84."""

MOST_KM = 150.0
"""Farthest that a position may lie from the network: the data has main roads only, and deserts have few of them."""

_ON_IT_KM = 1.0
"""So near, a node is taken whatever its country: boundaries are drawn to 1 to 3 km."""

_TRIED = 16
"""So many nearest nodes are looked at for one in the position's own country."""


@dataclass(frozen=True, slots=True)
class JoinedPosition:
    """A position (`lon`, `lat`) and the node it joins: where that is, its country ("" at sea), and `km`, geodesic,
    between them."""

    lon: float
    lat: float
    node: int
    node_lon: float
    node_lat: float
    iso3: str
    km: float


def join(network: Network, position: Position, modes: frozenset[Mode], most_km: float = MOST_KM) -> JoinedPosition:
    """The node nearest to a position, among those of the chosen modes.

    A position on land joins a road, one at sea a lane or port; where there is none within `most_km`, the other. One
    of the position's own country goes before a nearer one across a border, if it is among the nearest 16 and the
    other is not within 1 km. NoAnswer where nothing is near, for numbers that are no position, and for 0, 0; where
    exchanged axes would explain it, the sentence says so.

    >>> from geodata.ways.world_graph import world
    >>> agadez = join(world(), (7.99, 16.97), frozenset({"road"}))
    >>> agadez.iso3, agadez.km < 5
    ('NER', True)
    """
    lon, lat = _checked(position)
    country = reference.country_at(lon, lat)
    order: tuple[Mode, Mode] = ("road", "sea") if country else ("sea", "road")
    nearest = math.inf
    for mode in order:
        if mode in modes:
            found = _nearest(network, lon, lat, mode, country)
            if found is not None and found.km <= most_km:
                return found
            nearest = min(nearest, found.km if found is not None else math.inf)
    raise _too_far(lon, lat, nearest, most_km)


def written(lon: float, lat: float) -> str:
    """A position as the sentences of this package write it: latitude first, as people say it.

    >>> written(7.99111, -16.97)
    '-16.9700, 7.9911'
    """
    return f"{lat:.4f}, {lon:.4f}"


def _checked(position: Position) -> Position:
    lon, lat = float(position[0]), float(position[1])
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise NoAnswer("A position needs a longitude and a latitude in numbers.")
    if not -90 <= lat <= 90 and abs(lon) <= 90 and abs(lat) <= 180:
        raise NoAnswer(
            "Latitude {lat} is not between -90 and 90. Were latitude and longitude exchanged?", lat=f"{lat:g}"
        )
    if not -90 <= lat <= 90 or not -180 <= lon <= 180:
        raise NoAnswer(
            "Latitude {lat} and longitude {lon} lie outside the Earth's -90 to 90 and -180 to 180.",
            lat=f"{lat:g}",
            lon=f"{lon:g}",
        )
    if lon == 0 and lat == 0:
        raise NoAnswer("0, 0 lies in the Gulf of Guinea and usually means that a position is missing. Enter it again.")
    return lon, lat


def _too_far(lon: float, lat: float, km: float, most_km: float) -> NoAnswer:
    params = {"place": written(lon, lat), "most": round(most_km)}
    if not math.isfinite(km):
        return NoAnswer("The network has no road or lane of the chosen modes near {place}.", **params)
    exchanged = reference.country_at(lat, lon) if abs(lon) <= 90 else None
    if exchanged and reference.country_at(lon, lat) is None:
        return NoAnswer(
            "{place} lies at sea, {km} km from the network. With latitude and longitude exchanged it would lie in"
            " {country}: were they?",
            km=round(km),
            country=reference.country_names()[exchanged],
            **params,
        )
    return NoAnswer(
        "{place} is {km} km from the nearest main road or lane of the chosen modes, more than {most} km. Choose a place"
        " nearer to one, or allow another mode.",
        km=round(km),
        **params,
    )


def _nearest(network: Network, lon: float, lat: float, mode: Mode, country: str | None) -> JoinedPosition | None:
    nodes, tree = _tree(network, mode)
    if not len(nodes):
        return None
    _, rows = tree.query(on_sphere(np.array([lon]), np.array([lat]))[0], k=min(_TRIED, len(nodes)))
    close = nodes[np.atleast_1d(rows)]
    km = from_point_km(lon, lat, np.column_stack([network.lon[close], network.lat[close]]))
    own = np.array([network.iso3(node) == country for node in close])
    foreign = ~own & (km > _ON_IT_KM) if country else np.zeros(len(close), dtype=bool)
    best = int(np.lexsort((close, km, foreign))[0])
    node = int(close[best])
    at = float(network.lon[node]), float(network.lat[node])
    return JoinedPosition(lon, lat, node, *at, network.iso3(node), float(km[best]))


@lru_cache(maxsize=8)
def _tree(network: Network, mode: Literal["road", "sea"]) -> tuple[NDArray[np.intp], cKDTree]:
    """The nodes that a position may join: ends of roads, but no port, or ends of lanes, ports among them."""
    edges = (network.mode == 1) if mode == "sea" else (network.mode == 0)
    nodes = np.unique(np.concatenate([network.u[edges], network.v[edges]]))
    if mode == "road":
        nodes = nodes[network.port[nodes] == 0]
    return nodes, cKDTree(on_sphere(network.lon[nodes], network.lat[nodes]).reshape(-1, 3))
