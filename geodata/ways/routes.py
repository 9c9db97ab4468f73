"""Routes between two positions: line, length and hours, the countries, and where borders are crossed.

Roads and lanes of `geodata.ways.network`; crossing country on foot is not modelled. A route runs between nodes: the
straight stretch from a position to its node is told apart (`JoinedPosition.km`) and is in neither `km` nor `hours`.
"""

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.ground import distances, reference
from geodata.ground.reference import Floats
from geodata.ways.closures import Closed, NoAnswer
from geodata.ways.network import MODES, Mode, Network
from geodata.ways.positions import JoinedPosition, Position, join, written
from geodata.ways.travel import NO_LIMIT, NetworkWay, SearchTree, Speeds, Travel, costs, search, way_along
from geodata.ways.world_graph import world

_WINDING, _REGIONAL_KM = 1.6, 3000.0
"""A way is first sought no farther than `_WINDING` times the straight line, if that is shorter than `_REGIONAL_KM`."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch in one mode. `start_port` and `end_port` are refs ("port:46420"), "" where it begins or ends
    elsewhere."""

    mode: Mode
    km: float
    hours: float
    start_port: str
    end_port: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """A border on the way, in the order of travel.

    `land`: `ref` is the known crossing of that border nearest to the road ("crossing:DZA-NER-R001"), `away_km` from
    its line; "" and NaN where none is known. `lon` and `lat` are those of the crossing, or of the middle of the
    road's edge. `sea`: landing in another country; `ref` is the port, and there is no `border_id`.
    """

    kind: Literal["land", "sea"]
    iso3_from: str
    iso3_to: str
    border_id: str
    ref: str
    name: str
    away_km: float
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way on WGS 84. `geometry` is a LineString, or a MultiLineString cut at 180°. `km` and `hours` are those
    between the two nodes; `transfer_hours`, part of `hours`, are lost at ports. `countries` are in the order of
    travel, one that is entered again stands there again. `edges` are numbers in the network, `passages` the straits
    and canals passed."""

    origin: JoinedPosition
    destination: JoinedPosition
    km: float
    hours: float
    transfer_hours: float
    geometry: shapely.Geometry
    legs: tuple[Leg, ...]
    countries: tuple[str, ...]
    borders: tuple[Crossed, ...]
    passages: tuple[str, ...]
    edges: NDArray[np.int64] = field(repr=False, compare=False)


def route(origin: Position, destination: Position, travel: Travel | None = None, on: Network | None = None) -> Route:
    """The best way for `travel` (by default road and sea, least hours) between two positions, over `on` (the world).

    NoAnswer with a sentence where there is none: a position that is none, far from every road, in a closed country,
    or not joined to the other; the sentence says which and what would help.

    >>> from geodata.ways.travel import BY_ROAD
    >>> belgrade = route((28.98, 41.01), (20.46, 44.82), BY_ROAD)
    >>> round(belgrade.km), belgrade.countries
    (931, ('TUR', 'BGR', 'SRB'))
    """
    network, travel = on or world(), travel or Travel()
    start, end = joined_ends(network, origin, destination, travel)
    return described(network, start, end, best_way(network, start, end, travel), travel)


def best_way(network: Network, start: JoinedPosition, end: JoinedPosition, travel: Travel) -> NetworkWay:
    """The best way between two places on the network; NoAnswer with its reason where there is none.

    Between places of one region the search first stops at a way that winds a little: that is enough for most, and saves
    searching the rest of the world.
    """
    straight = float(
        distances.from_point_km(start.node_lon, start.node_lat, np.array([[end.node_lon, end.node_lat]]))[0]
    )
    near = _WINDING * straight / (travel.speeds.road_kmh if travel.least == "hours" else 1)
    for limit in (near, NO_LIMIT) if straight < _REGIONAL_KM else (NO_LIMIT,):
        found = search(network, travel, [start.node], limit)
        if np.isfinite(found.cost[end.node]):
            return way_along(network, found.nodes_to(end.node), costs(network, travel))
    raise _no_route(network, start, end, travel)


def joined_ends(
    network: Network, origin: Position, destination: Position, travel: Travel
) -> tuple[JoinedPosition, JoinedPosition]:
    """Both positions on the network; NoAnswer where one is not, lies in a closed country, or both join the same
    node."""
    start, end = (join(network, position, travel.modes) for position in (origin, destination))
    for each in (start, end):
        if each.iso3 in travel.closed.countries:
            country = reference.country_names().get(each.iso3, each.iso3)
            raise NoAnswer(
                "{place} lies in {country}, which is closed.", place=written(each.lon, each.lat), country=country
            )
    if start.node == end.node:
        raise NoAnswer(
            "{start} and {end} join the network at the same place, so there is no route between them at this scale.",
            start=written(start.lon, start.lat),
            end=written(end.lon, end.lat),
        )
    return start, end


def described(network: Network, start: JoinedPosition, end: JoinedPosition, way: NetworkWay, travel: Travel) -> Route:
    """The route along a way that begins at the node of `start` and ends at that of `end`."""
    edges = way.edges
    legs = _legs(network, way.nodes, edges, travel.speeds)
    lost = travel.speeds.transfer_hours * int(network.transfer[edges].sum())
    countries, borders = _countries_and_borders(network, way.nodes, edges)
    return Route(
        origin=start,
        destination=end,
        km=float(network.km[edges].sum()),
        hours=sum(leg.hours for leg in legs) + lost,
        transfer_hours=lost,
        geometry=distances.line(positions_along(network, way)),
        legs=legs,
        countries=countries,
        borders=borders,
        passages=tuple(network.passages[row] for row in dict.fromkeys(network.passage[edges].tolist()) if row),
        edges=edges,
    )


def positions_along(network: Network, way: NetworkWay) -> Floats:
    """The positions of the way's lines in the order of travel, shape (n, 2), none twice in a row."""
    starts, points = network.starts, network.points
    pieces = [
        points[starts[edge] : starts[edge + 1]][:: 1 if ahead else -1]
        for edge, ahead in zip(way.edges.tolist(), way.forward.tolist(), strict=True)
    ]
    line = np.concatenate(pieces)
    moved = np.any(np.diff(line, axis=0) != 0, axis=1)
    kept: Floats = line[np.concatenate([[True], moved])]
    return kept if len(kept) > 1 else np.repeat(kept, 2, axis=0)


def _legs(network: Network, nodes: NDArray[np.int_], edges: NDArray[np.int64], speeds: Speeds) -> tuple[Leg, ...]:
    mode, km = network.mode[edges], network.km[edges]
    kmh = (speeds.road_kmh, speeds.sea_kmh)
    bounds = [0, *(np.flatnonzero(np.diff(mode)) + 1).tolist(), len(edges)]
    found = []
    for first, last in pairwise(bounds):
        length, which = float(km[first:last].sum()), int(mode[first])
        ends = (network.sites[network.port[nodes[end]]].ref for end in (first, last))
        found.append(Leg(MODES[which], length, length / kmh[which], *ends))
    return tuple(found)


def _countries_and_borders(
    network: Network, nodes: NDArray[np.int_], edges: NDArray[np.int64]
) -> tuple[tuple[str, ...], tuple[Crossed, ...]]:
    ashore = np.flatnonzero(network.country[nodes] > 0)
    country = network.country[nodes[ashore]]
    changes = np.flatnonzero(np.diff(country))
    named = [network.iso3s[row] for row in country[np.concatenate([[0], changes + 1])]] if len(ashore) else []
    crossed = []
    for (before, after), step in zip(pairwise(named), changes, strict=True):
        first, last = int(ashore[step]), int(ashore[step + 1])
        edge = int(edges[first])
        # Two nodes in a row are a road across the border; nodes at sea between them, or a lane, are a voyage.
        by_land = last == first + 1 and network.mode[edge] == 0
        crossed.append(
            _by_land(network, edge, before, after) if by_land else _by_sea(network, int(nodes[last]), before, after)
        )
    return tuple(named), tuple(crossed)


def _by_land(network: Network, edge: int, before: str, after: str) -> Crossed:
    site = network.sites[network.site[edge]]
    border_id = network.borders[network.border[edge]]
    lon, lat = site.lon, site.lat
    if not site.ref:
        lon, lat = network.points[(network.starts[edge] + network.starts[edge + 1]) // 2]
    away = float(network.site_km[edge])
    return Crossed("land", before, after, border_id, site.ref, site.name, away, float(lon), float(lat))


def _by_sea(network: Network, node: int, before: str, after: str) -> Crossed:
    site = network.sites[network.port[node]]
    at = float(network.lon[node]), float(network.lat[node])
    return Crossed("sea", before, after, "", site.ref, site.name, 0.0 if site.ref else float("nan"), *at)


def _no_route(network: Network, start: JoinedPosition, end: JoinedPosition, travel: Travel) -> NoAnswer:
    """The refusal for two nodes that no way joins: which of closures, modes and the network itself keeps them apart."""
    places = {"start": written(start.lon, start.lat), "end": written(end.lon, end.lat)}

    def joined(other: Travel) -> bool:
        found: SearchTree = search(network, other, [start.node])
        return bool(np.isfinite(found.cost[end.node]))

    if travel.closed != Closed() and joined(replace(travel, closed=Closed())):
        return NoAnswer("Every way from {start} to {end} passes what is closed. Open some of it.", **places)
    if travel.modes != frozenset(MODES) and joined(replace(travel, modes=frozenset(MODES), closed=Closed())):
        if travel.modes == {"road"}:
            return NoAnswer("No known main road leads from {start} to {end}; by road and sea there is a way.", **places)
        return NoAnswer("No known lane leads from {start} to {end}; by road and sea there is a way.", **places)
    return NoAnswer(
        "{start} and {end} are not joined: the known main roads and lanes around one of them end before they meet the"
        " other. Move it to the nearest larger road or port.",
        **places,
    )
