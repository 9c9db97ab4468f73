"""Corridors: the land on either side of a line."""

import math
from itertools import pairwise

import numpy as np
import shapely

from geodata.ground import distances
from geodata.ground.reference import Floats
from geodata.ways.closures import NoAnswer

MOST_KM = 500.0
_PIECE_KM = 500.0
"""Each piece of a line is buffered on a plane of its own, where distances are off by 0.03 % at most."""


def corridor(line: shapely.Geometry, km: float) -> shapely.Geometry:
    """Everything within `km` of a line or lines, on WGS 84: a Polygon, or a MultiPolygon cut at 180°.

    Lines run straight in degrees, as a map draws them. NoAnswer where `km` is not above 0 and at most 500, where the
    shape is no line, and where the corridor would reach a pole.

    >>> from geodata.ground.crs import geometry_area_km2
    >>> across = corridor(shapely.LineString([(179, 0), (181, 0)]), 10)
    >>> across.geom_type, round(geometry_area_km2(across) / (222.6 * 20 + 314), 2)
    ('MultiPolygon', 1.0)
    """
    if not 0 < km <= MOST_KM:
        raise NoAnswer("A corridor is wider than 0 and reaches at most {most} km to either side.", most=round(MOST_KM))
    parts = shapely.get_parts(line)
    if not len(parts) or any(part.geom_type != "LineString" or part.is_empty for part in parts):
        raise NoAnswer("A corridor needs a line.")
    _, south, _, north = line.bounds
    if max(abs(south), abs(north)) + km / 110 > 89:
        raise NoAnswer("The corridor would reach a pole. Make it narrower or the line shorter.")
    areas = [
        distances.cut_at_180(_beside(piece, km))
        for part in parts
        for piece in _pieces(distances.dense(shapely.get_coordinates(part), 25))
    ]
    return shapely.union_all(areas)


def _pieces(degrees: Floats) -> list[Floats]:
    """The line in pieces of about `_PIECE_KM`, each beginning where the last one ends."""
    far = distances.lengths_km(degrees).cumsum()
    cuts = np.searchsorted(far, np.arange(1, math.ceil(far[-1] / _PIECE_KM)) * _PIECE_KM) + 1
    bounds = np.unique([0, *cuts, len(degrees) - 1])
    if len(bounds) == 1:
        return [degrees]
    return [degrees[first : last + 1] for first, last in pairwise(bounds)]


def _beside(degrees: Floats, km: float) -> shapely.Geometry:
    plane = distances.DistancePlane(*degrees[len(degrees) // 2])
    flat = shapely.simplify(shapely.LineString(plane.of_earth(degrees)), km / 100)
    return shapely.transform(shapely.buffer(flat, km, quad_segs=16), plane.to_earth)
