"""Rings and buffers: range rings around a place, the land near a shape, and the length of a line by its legs.

Everything is measured on the ellipsoid (WGS 84). Longitudes of rings and legs run on beyond 180 without a jump, as a
web map draws them; a buffer is cut there, as shapes are stored.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping, shape

from geodata.ground import distances, shapes
from geodata.ground.crs import GEOD
from geodata.ways.closures import NoAnswer
from geodata.ways.corridors import corridor

KM_OF = {"km": 1.0, "nm": 1.852, "mi": 1.609344}
"""Kilometres in each unit: kilometre, nautical mile, statute mile."""

MOST_RINGS = 10
MOST_RING_KM = 5_000.0
MOST_BUFFER_KM = 500.0
_CORNERS = 180
_MOST_POSITIONS = 4_000

_NUMBER = re.compile(r"\d{1,6}(\.\d{1,4})?")
_EITHER = re.compile(r"\d+,\d+")


@dataclass(frozen=True)
class Ring:
    """A range ring: `km`, a closed line (longitude, latitude), and its northernmost point for a label."""

    km: float
    line: list[tuple[float, float]]
    north: tuple[float, float]


@dataclass(frozen=True)
class LineLengths:
    """A line on the ground: the km of each leg and of all, and the km2 that it encloses when it is closed.

    `area_km2` is None for two points, and `crossing` is True where the closed line would cross itself.
    """

    legs_km: tuple[float, ...]
    km: float
    area_km2: float | None
    crossing: bool = False


def lengths(text: str, unit: str, most: int = MOST_RINGS, longest_km: float = MOST_RING_KM) -> list[float]:
    """Lengths that somebody typed, in km, each once and the shortest first. Raises NoAnswer with the reason.

    They are parted by spaces or semicolons, decimals are written with a point or a comma; "5,10" alone could be both
    and is refused.

    >>> lengths("25 5; 10.5", "km"), lengths("10", "nm")
    ([5.0, 10.5, 25.0], [18.52])
    >>> lengths("5, 10", "km")
    [5.0, 10.0]
    """
    if unit not in KM_OF:
        raise NoAnswer("Choose kilometres, nautical miles or miles.")
    found = set[float]()
    for part in re.split(r"[;\s]+", text.strip()[:400]):
        word = part.strip(",")
        if not word:
            continue
        if _EITHER.fullmatch(word):
            raise NoAnswer(
                '"{text}" can be read in two ways. Part numbers by spaces, and write decimals with a point.', text=word
            )
        if not _NUMBER.fullmatch(word):
            raise NoAnswer('"{text}" is not a length. Write numbers with spaces between them.', text=word[:20])
        km = float(word) * KM_OF[unit]
        if not 0 < km <= longest_km:
            raise NoAnswer("A length is more than 0 and at most {most} km.", most=round(longest_km))
        found.add(round(km, 6))
    if not found:
        raise NoAnswer("Write at least one length.")
    if len(found) > most:
        raise NoAnswer("These are more than {most} lengths.", most=most)
    return sorted(found)


def rings(lon: float, lat: float, radii_km: Sequence[float]) -> list[Ring]:
    """Geodesic circles around a place.

    >>> (ring,) = rings(2.1, 13.5, [10])
    >>> round(GEOD.inv(2.1, 13.5, *ring.line[40])[2])
    10000
    """
    azimuths = np.linspace(0, 360, _CORNERS + 1)
    start = np.full(len(azimuths), lon), np.full(len(azimuths), lat)
    found = []
    for km in radii_km:
        east, north, _ = GEOD.fwd(*start, azimuths, np.full(len(azimuths), km * 1000))
        line = np.column_stack([np.unwrap(np.asarray(east), period=360), north])
        line[:, 0] += 360 * round((lon - line[0, 0]) / 360)
        positions = [(round(float(x), 6), round(float(y), 6)) for x, y in line]
        found.append(Ring(km, positions, positions[0]))
    return found


def buffer(geometry: Mapping[str, Any], km: float) -> dict[str, Any]:
    """Everything within `km` of a checked GeoJSON geometry, as GeoJSON: a Polygon, or a MultiPolygon where it is cut.

    Lines run straight in degrees, as a map draws them. Raises NoAnswer for a distance that is not above 0 and at most
    500 km, and where the answer would reach a pole.

    >>> found = buffer({"type": "Point", "coordinates": [2.1, 13.5]}, 10)
    >>> round(shapes.measure(found).area_km2)
    314
    """
    if not 0 < km <= MOST_BUFFER_KM:
        raise NoAnswer("A length is more than 0 and at most {most} km.", most=round(MOST_BUFFER_KM))
    around = shape(geometry)
    _, south, _, north = around.bounds
    if max(abs(south), abs(north)) + km / 110 > 89:
        raise NoAnswer("This would reach a pole. Make it smaller.")
    if around.geom_type == "Point":
        (ring,) = rings(around.x, around.y, [km])
        found = distances.cut_at_180(shapely.Polygon(ring.line))
    elif "LineString" in around.geom_type:
        found = corridor(around, km)
    else:
        edges = shapely.get_parts(around.boundary)
        found = shapely.union_all([around, *(corridor(each, km) for each in edges)])
    return dict(mapping(_lighter(found, km)))


def _lighter(area: shapely.Geometry, km: float) -> shapely.Geometry:
    """The area with so few positions that it can be drawn and changed by hand, each at most 1 % of `km` off."""
    tolerance = km / 100 / 111
    found = shapely.simplify(area, tolerance / 4)
    while len(shapely.get_coordinates(found)) > _MOST_POSITIONS:
        tolerance *= 2
        found = shapely.simplify(area, tolerance)
    return found


def way(line: Sequence[Sequence[float]]) -> LineLengths:
    """The measures of a line of two or more positions (longitude, latitude), each leg the shortest way on the ground.

    >>> found = way([(2.1, 13.5), (7.99, 16.97), (2.1, 17)])
    >>> round(found.km), found.crossing
    (1367, False)
    """
    legs = distances.lengths_km(np.asarray([position[:2] for position in line], dtype=float))
    if len(line) < 3:
        return LineLengths(tuple(legs.tolist()), math.fsum(legs), None)
    measured = shapes.measure({"type": "Polygon", "coordinates": [[*map(list, line), list(line[0])]]})
    area = None if measured.flaw else measured.area_km2
    return LineLengths(tuple(legs.tolist()), math.fsum(legs), area, crossing=measured.flaw is not None)
