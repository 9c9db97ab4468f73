"""GeoJSON features of an answer: points, circles and areas, on WGS 84 (EPSG:4326), longitude first."""

from typing import Any

import shapely

from geodata.ways.corridors import MOST_KM, corridor

FINEST = 1e-4
"""Precision of stored positions, in degrees (11 m)."""


def point(lon: float, lat: float, kind: str, **about: Any) -> dict[str, Any]:
    """Return a position as a feature with properties."""
    at = [round(float(lon), 5), round(float(lat), 5)]
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": at}, "properties": {"kind": kind, **about}}


def area(shape: shapely.Geometry, kind: str, **about: Any) -> dict[str, Any]:
    """Return a shape as a feature, simplified to about 200 m."""
    drawn = shapely.set_precision(shapely.simplify(shape, 0.002), FINEST)
    return {"type": "Feature", "geometry": shapely.geometry.mapping(drawn), "properties": {"kind": kind, **about}}


def circle(lon: float, lat: float, km: float, kind: str, **about: Any) -> list[dict[str, Any]]:
    """Return the area within `km` of a position as features; none where it is too large for a map of one region."""
    if km > MOST_KM:
        return []
    return [area(around(lon, lat, km), kind, **about)]


def around(lon: float, lat: float, km: float) -> shapely.Geometry:
    """Return the area within `km` (500 at most) of a position: a corridor about a line of 11 m."""
    return corridor(shapely.LineString([(lon, lat), (lon, lat + (FINEST if lat < 0 else -FINEST))]), km)
