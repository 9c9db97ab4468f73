"""Closures: countries, borders, crossings, ports, straits, circles and edges that a traveller cannot pass."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from geodata.ground.distances import DistancePlane
from geodata.ground.reference import Floats
from geodata.ways.network import Network, Truths, lines

_DEGREE_KM = 110.5
"""Of latitude, at the least: a box of so many degrees holds the circle."""


class NoAnswer(ValueError):
    """The reason why there is no route, corridor or area: English `template` with {named} places, and its `params`."""

    def __init__(self, template: str, **params: Any) -> None:
        self.template, self.params = template, params
        super().__init__(template.format(**params))


@dataclass(frozen=True, slots=True)
class Circle:
    """The area within `km` of a position (degrees, WGS 84)."""

    lon: float
    lat: float
    km: float


@dataclass(frozen=True, slots=True)
class Closed:
    """Everything that cannot be passed; nothing by default. All entries apply together.

    `countries` (iso3) close every road and port in them and every road across their borders, not the sea off their
    coast. `borders` are ids ("DZA-NER"), `sites` refs of crossings and ports ("crossing:DZA-NER-R001", "port:46420"):
    a crossing closes the edges it is nearest to. `passages` are straits and canals of the sea lanes ("suez").
    `circles` close every edge whose line comes within them. `edges` are numbers of edges in the network.
    """

    countries: frozenset[str] = frozenset()
    borders: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    passages: frozenset[str] = frozenset()
    circles: frozenset[Circle] = frozenset()
    edges: frozenset[int] = frozenset()


@lru_cache(maxsize=32)
def closed_edges(network: Network, closed: Closed) -> Truths:
    """True for each edge that is closed. NoAnswer for a name that the network does not know.

    >>> from geodata.ways.world_graph import world
    >>> int(closed_edges(world(), Closed(borders=frozenset({"KEN-UGA"}))).sum())
    3
    """
    countries = _rows(network.iso3s, closed.countries, "No country on the network has the code {name}.")
    borders = _rows(network.borders, closed.borders, "No road on the network crosses a border called {name}.")
    passages = _rows(network.passages, closed.passages, "No strait or canal on the network is called {name}.")
    refs = [site.ref for site in network.sites]
    sites = _rows(refs, closed.sites, "No crossing or port on the network is called {name}.")
    if any(not 0 <= edge < network.n_edges for edge in closed.edges):
        raise NoAnswer("The network has edges 0 to {last} only.", last=network.n_edges - 1)
    found = np.isin(network.country[network.u], countries) | np.isin(network.country[network.v], countries)
    found |= np.isin(network.border, borders) | np.isin(network.passage, passages) | np.isin(network.site, sites)
    found[list(closed.edges)] = True
    for circle in closed.circles:
        found |= _touched(network, circle)
    found.flags.writeable = False
    return found


def _rows(known: Collection[str], names: Collection[str], unknown: str) -> list[int]:
    rows = {name: row for row, name in enumerate(known) if name}
    for name in sorted(names):
        if name not in rows:
            raise NoAnswer(unknown, name=name)
    return [rows[name] for name in names]


def _touched(network: Network, circle: Circle) -> Truths:
    """Edges whose line comes within the circle, measured on the plane around its centre."""
    if not (np.isfinite([circle.lon, circle.lat, circle.km]).all() and 0 < circle.km <= 1000 and abs(circle.lat) <= 90):
        raise NoAnswer("A circle needs a position and a radius of more than 0 and at most {most} km.", most=1000)
    west, south, east, north = _boxes(network).T
    tall = circle.km / _DEGREE_KM
    wide = tall / max(np.cos(np.radians(min(abs(circle.lat) + tall, 90))), 1e-9)
    near = (south <= circle.lat + tall) & (north >= circle.lat - tall)
    if wide < 180:
        beside = np.abs((west + east) / 2 - circle.lon) % 360
        near &= np.minimum(beside, 360 - beside) <= (east - west) / 2 + wide
    touched = np.zeros(network.n_edges, dtype=bool)
    edges = np.flatnonzero(near)
    if len(edges):
        drawn = shapely.segmentize(lines(network, edges), 0.1)
        plane = DistancePlane(circle.lon, circle.lat)
        flat = shapely.transform(drawn, plane.of_earth)
        touched[edges] = shapely.dwithin(flat, shapely.Point(0, 0), circle.km)
    return touched


@lru_cache(maxsize=4)
def _boxes(network: Network) -> Floats:
    """West, south, east, north of each edge's line."""
    low = np.minimum.reduceat(network.points, network.starts[:-1])
    high = np.maximum.reduceat(network.points, network.starts[:-1])
    return np.concatenate([low, high], axis=1)
