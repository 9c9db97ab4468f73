"""Shapes from untrusted numbers: counted, closed, finite and valid, or refused with a reason; never repaired."""

import math
import re
from collections.abc import Sequence
from typing import Any

import shapely

from geodata.intake.table import IntakeLimits, RefusedFile, UnusableRow

Place = tuple[float, float]


class Shaper:
    """Builds the shapes of one file, and counts their vertices over the whole file."""

    def __init__(self, limits: IntakeLimits) -> None:
        self._limits = limits
        self._vertices = 0

    def point(self, place: Place) -> shapely.Point:
        """A point. Raises `UnusableRow` for what is no finite pair of numbers, as all methods do."""
        return shapely.Point(_finite(place))

    def line(self, places: Sequence[Place]) -> shapely.LineString:
        """A line of two or more different points."""
        self._count(len(places))
        if len(set(places)) < 2:
            raise UnusableRow("A line needs at least two different points.")
        return shapely.LineString([_finite(place) for place in places])

    def polygon(self, rings: Sequence[Sequence[Place]]) -> shapely.Polygon:
        """An area: its outline, then its holes. Rings must be closed and must not cross."""
        if not rings:
            raise UnusableRow("The area has no outline.")
        if len(rings) > self._limits.rings:
            raise UnusableRow("The shape has more than {most} outlines.", most=self._limits.rings)
        self._count(sum(len(ring) for ring in rings))
        outline, *holes = [_ring(ring) for ring in rings]
        return _valid(shapely.Polygon(outline, holes))

    def ring(self, places: Sequence[Place]) -> shapely.Polygon:
        """What one ring encloses, for questions about rings; not counted, the polygon will be."""
        if len(places) > self._limits.shape_vertices:
            self._count(len(places))
        return _valid(shapely.Polygon(_ring(places)))

    def together(self, parts: Sequence[Any]) -> shapely.Geometry:
        """Parts of one kind as one shape; a single part stays what it is."""
        if not parts:
            raise UnusableRow("The shape has no points.")
        kinds = {part.geom_type for part in parts}
        if len(kinds) > 1 or not kinds <= {"Point", "LineString", "Polygon"}:
            raise UnusableRow("Shapes of different kinds stand in one. Divide them.")
        most = self._limits.shape_vertices if kinds == {"Point"} else self._limits.rings
        if len(parts) > most:
            raise UnusableRow("The shape has more than {most:,} parts.", most=most)
        if len(parts) == 1:
            return parts[0]
        [kind] = kinds
        if kind == "Point":
            return shapely.MultiPoint(list(parts))
        if kind == "LineString":
            return shapely.MultiLineString(list(parts))
        return _valid(shapely.MultiPolygon(list(parts)))

    def _count(self, vertices: int) -> None:
        if vertices > self._limits.shape_vertices:
            raise UnusableRow(
                "The shape has more than {most:,} points. Simplify it or divide it.",
                most=self._limits.shape_vertices,
            )
        self._vertices += vertices
        if self._vertices > self._limits.vertices:
            raise RefusedFile(
                "The lines and areas have more than {most:,} points together. Simplify them or divide the file.",
                most=self._limits.vertices,
            )


def _ring(places: Sequence[Place]) -> list[Place]:
    if len(set(places)) < 3:
        raise UnusableRow("An area needs at least three different points.")
    if places[0] != places[-1]:
        raise UnusableRow("The outline is not closed: its last point is not its first.")
    return [_finite(place) for place in places]


def _finite(place: Place) -> Place:
    if not (math.isfinite(place[0]) and math.isfinite(place[1])):
        raise UnusableRow("Every point must be two finite numbers.")
    return place


def _valid(shape: shapely.Geometry) -> shapely.Geometry:
    if shapely.is_valid(shape):
        return shape
    said = re.fullmatch(r"(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>\S+)\]", shapely.is_valid_reason(shape))
    if said is None:
        raise UnusableRow("The area is not valid.")
    raise UnusableRow("The outline crosses or touches itself near {x}, {y}.", x=said["x"], y=said["y"])


def number(text: str) -> float:
    """A number as machines write it. Raises `UnusableRow`: also for NaN and Infinity, and for 1e999."""
    try:
        found = float(text) if len(text) <= 64 and "_" not in text else math.nan
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise UnusableRow('"{text}" is not a finite number.', text=text.strip()[:40])
    return found
