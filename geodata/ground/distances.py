"""Distances on the ground: along lines, from points, on a plane around a point, and across 180°.

`DistancePlane` keeps distances where `geodata.ground.plane.EqualAreaPlane` keeps areas: it is the azimuthal equidistant
projection of the WGS 84 ellipsoid, computed with geodesics: distances from its centre are exact, others are off by
about (r / 6371 km)² / 6 at r km from it (0.03 % at 250 km, 0.4 % at 1,000 km).
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from geodata.ground.crs import GEOD
from geodata.ground.reference import Floats

EARTH_KM = 6371.0088
"""Mean radius: turns the chord between two unit vectors into km, to within 0.6 %."""


@dataclass(frozen=True, slots=True)
class DistancePlane:
    """The plane that touches the Earth at `lon`, `lat` (degrees, WGS 84); its unit is the km."""

    lon: float
    lat: float

    def of_earth(self, degrees: Floats) -> Floats:
        """Longitudes and latitudes, shape (n, 2), as km east and north of the centre, shape (n, 2)."""
        lon, lat = np.full(len(degrees), self.lon), np.full(len(degrees), self.lat)
        azimuth, _, metres = GEOD.inv(lon, lat, degrees[:, 0], degrees[:, 1])
        east, north = np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))
        return np.column_stack([east, north]) * (np.asarray(metres) / 1000)[:, None]

    def to_earth(self, km: Floats) -> Floats:
        """Km east and north, shape (n, 2), as degrees, shape (n, 2); longitudes run on beyond 180 without a jump."""
        azimuth = np.degrees(np.arctan2(km[:, 0], km[:, 1]))
        start = np.full(len(km), self.lon), np.full(len(km), self.lat)
        lon, lat, _ = GEOD.fwd(*start, azimuth, np.hypot(km[:, 0], km[:, 1]) * 1000)
        east = (np.asarray(lon) - self.lon + 180) % 360 - 180
        return np.column_stack([self.lon + east, lat])


def on_sphere(lon: Floats, lat: Floats) -> Floats:
    """Unit vectors, shape (n, 3): the nearest in space is the nearest on the ground, also across 180°."""
    east, north = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])


def chord_km(chord: Floats) -> Floats:
    """Great circle distances in km of chords between unit vectors."""
    km: Floats = 2 * EARTH_KM * np.arcsin(np.clip(chord / 2, 0, 1))
    return km


def chord(km: float) -> float:
    """The chord between unit vectors that lie `km` apart on the ground."""
    return 2 * math.sin(min(km / EARTH_KM, math.pi) / 2)


def from_point_km(lon: float, lat: float, degrees: Floats) -> Floats:
    """Geodesic distances in km from one point to many, shape (n, 2)."""
    _, _, metres = GEOD.inv(np.full(len(degrees), lon), np.full(len(degrees), lat), degrees[:, 0], degrees[:, 1])
    return np.asarray(metres, dtype=float) / 1000


def lengths_km(degrees: Floats) -> Floats:
    """Geodesic distances in km between each position, shape (n, 2), and the next, shape (n - 1)."""
    _, _, metres = GEOD.inv(degrees[:-1, 0], degrees[:-1, 1], degrees[1:, 0], degrees[1:, 1])
    return np.asarray(metres, dtype=float) / 1000


def dense(degrees: Floats, km: float) -> Floats:
    """A line's positions, shape (n, 2), with more between them so that none is farther than `km` from the next.

    Lines run straight in degrees, as a map draws them, the short way round between neighbours; longitudes run on
    beyond 180.
    """
    unrolled = np.column_stack([np.unwrap(degrees[:, 0], period=360), degrees[:, 1]])
    pieces = np.maximum(1, np.ceil(lengths_km(unrolled) / km)).astype(np.int64)
    first = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[first]
    steps = unrolled[first] + share[:, None] * np.diff(unrolled, axis=0)[first]
    return np.concatenate([steps, unrolled[-1:]])


def line(degrees: Floats) -> shapely.Geometry:
    """Positions, shape (n, 2), as a line on WGS 84, the short way round between neighbours, cut at 180°.

    >>> line(np.array([[179.0, 10.0], [-179.0, 10.0]])).wkt
    'MULTILINESTRING ((179 10, 180 10), (-180 10, -179 10))'
    """
    at = np.column_stack([np.unwrap(degrees[:, 0], period=360), degrees[:, 1]])
    turn = np.floor((at[:, 0] + 180) / 360)
    for step in np.flatnonzero(np.diff(turn))[::-1]:
        edge = 360 * max(turn[step : step + 2]) - 180
        (west, south), (east, north) = at[step : step + 2]
        if edge not in (west, east):
            at = np.insert(at, step + 1, [edge, south + (north - south) * (edge - west) / (east - west)], axis=0)
    strip = np.floor(((at[:-1, 0] + at[1:, 0]) / 2 + 180) / 360)
    bounds = [0, *(np.flatnonzero(np.diff(strip)) + 1).tolist(), len(at) - 1]
    parts = [at[a : b + 1] - [360 * strip[a], 0] for a, b in pairwise(bounds)]
    return shapely.LineString(parts[0]) if len(parts) == 1 else shapely.MultiLineString(parts)


def cut_at_180(geometry: shapely.Geometry) -> shapely.Geometry:
    """An area whose longitudes run on beyond 180, brought back within -180 to 180 in parts (RFC 7946, 3.1.9)."""
    west, _, east, _ = geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    turns = range(math.floor((west + 180) / 360), math.ceil((east - 180) / 360) + 1)
    strips = [shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90) for turn in turns]
    pieces = [
        shapely.transform(shapely.intersection(geometry, strip), lambda xy, turn=turn: xy - [360 * turn, 0])
        for strip, turn in zip(strips, turns, strict=True)
    ]
    # Where an area only touches the line, the strip beyond gives a point or a line.
    return shapely.union_all([part for part in shapely.get_parts(pieces) if shapely.get_dimensions(part) == 2])
