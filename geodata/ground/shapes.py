"""Shapes that a person draws or pastes: checked and measured, never repaired.

Cheap and bounded by design (`MOST_POSITIONS`): numbers, ranges, closed rings, validity. A shape that is not valid is
refused with the reason and the place. The only change made is the cut along 180° that RFC 7946 asks for.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import mapping

from geodata.ground import crs
from geodata.ground.reference import countries_met

MOST_POSITIONS = 10_000
MOST_RINGS = 500
DECIMALS = 6
"""Of a degree: 0.1 m, finer than any hand on a map."""

Bounds = tuple[float, float, float, float]

_DEPTH = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
_REASONS = {
    "Self-intersection": "The outline crosses itself near {lat}, {lon}.",
    "Ring Self-intersection": "The outline touches itself near {lat}, {lon}.",
    "Hole lies outside shell": "A hole lies outside the outline near {lat}, {lon}.",
    "Holes are nested": "One hole lies inside another near {lat}, {lon}.",
    "Interior is disconnected": "A hole cuts the area in two near {lat}, {lon}.",
    "Nested shells": "One part lies inside another near {lat}, {lon}.",
    "Duplicate Rings": "The same outline is there twice near {lat}, {lon}.",
    "Too few points in geometry component": "The shape has too few different points near {lat}, {lon}.",
}


@dataclass(frozen=True)
class ShapeFlaw:
    """The reason why a shape is refused: English `template` with {named} places, its `params`, and where it is."""

    template: str
    params: dict[str, Any] = field(default_factory=dict)
    lon: float | None = None
    lat: float | None = None

    def __str__(self) -> str:
        return self.template.format(**self.params)


@dataclass(frozen=True)
class CheckedShape:
    """A checked shape on WGS 84. With a `flaw`, `geometry` is None and every measure is empty.

    `geometry` is GeoJSON, six decimals, outlines anticlockwise, cut at 180° (then `kind` is MultiPolygon or
    MultiLineString). `area_km2` and `length_km` are geodesic; the length of a polygon is that of its outline. `centre`
    is a point on the shape (lon, lat). `bbox` is west, south, east, north; west is greater than east across 180°.
    `countries` are the iso3 it meets.
    """

    geometry: dict[str, Any] | None
    kind: str
    flaw: ShapeFlaw | None = None
    area_km2: float = 0.0
    length_km: float = 0.0
    countries: tuple[str, ...] = ()
    centre: tuple[float, float] | None = None
    bbox: Bounds | None = None


class _Refused(Exception):
    def __init__(self, template: str, lon: float | None = None, lat: float | None = None, **params: Any) -> None:
        place = {} if lon is None else {"lat": f"{lat:.4f}", "lon": f"{lon:.4f}"}
        self.flaw = ShapeFlaw(template, params | place, lon, lat)


def measure(geometry: Mapping[str, Any]) -> CheckedShape:
    """Check and measure one GeoJSON geometry: Point, LineString, Polygon, or the Multi forms this function makes.

    Longitudes up to 360 either way are understood as drawn across 180°, and so is a step of more than 180° between
    two neighbours. Third coordinates are dropped. Latitude and longitude are never exchanged.

    >>> square = {"type": "Polygon", "coordinates": [[[7, 16], [9, 16], [9, 18], [7, 18], [7, 16]]]}
    >>> agadez = measure(square)
    >>> agadez.countries, round(agadez.area_km2), agadez.bbox
    (('NER',), 47140, (7.0, 16.0, 9.0, 18.0))
    >>> bow = {"type": "Polygon", "coordinates": [[[7, 16], [9, 18], [9, 16], [7, 18], [7, 16]]]}
    >>> str(measure(bow).flaw)
    'The outline crosses itself near 17.0000, 8.0000.'
    """
    kind = str(geometry.get("type"))
    try:
        return _measured(_split(_checked(geometry, kind)))
    except _Refused as refused:
        return CheckedShape(None, kind, refused.flaw)


def _checked(geometry: Mapping[str, Any], kind: str) -> shapely.Geometry:
    """The valid shape, unrolled: longitudes run on beyond 180 where it crosses that line."""
    if kind not in _DEPTH:
        raise _Refused("The shape must be a point, a line or an area.")
    lines = list(_lines(geometry.get("coordinates"), _DEPTH[kind]))
    if sum(map(len, lines)) > MOST_POSITIONS:
        raise _Refused("The shape has more than {most} points. Simplify it or draw it in parts.", most=MOST_POSITIONS)
    if len(lines) > MOST_RINGS:
        raise _Refused("The shape has more than {most} outlines.", most=MOST_RINGS)
    unrolled = iter([_unrolled([_position(p) for p in line], closed="Polygon" in kind) for line in lines])
    if kind == "Point":
        return shapely.Point(next(unrolled)[0])
    if "LineString" in kind:
        if any(len(line) < 2 for line in lines):
            raise _Refused("A line needs at least two different points.")
        found = shapely.multilinestrings([shapely.LineString(line) for line in unrolled])
    else:
        areas = [geometry["coordinates"]] if kind == "Polygon" else geometry["coordinates"]
        found = shapely.multipolygons([_polygon([next(unrolled) for _ in area]) for area in areas])
    _refuse_invalid(found)
    west, _, east, _ = found.bounds
    if east - west > 180 and not kind.startswith("Multi"):
        raise _Refused("The shape spans more than half of the Earth. Draw it in parts.")
    return found


def _lines(coordinates: Any, depth: int) -> Iterator[list[Any]]:
    """The lists of positions in a coordinates member: one for a point, one for each line or ring."""
    if depth == 0:
        yield [coordinates]
        return
    if not isinstance(coordinates, list | tuple) or not coordinates:
        raise _Refused("The shape has no points.")
    if depth == 1:
        yield list(coordinates)
        return
    for part in coordinates:
        yield from _lines(part, depth - 1)


def _position(position: Any) -> tuple[float, float]:
    numbers = position if isinstance(position, list | tuple) else ()
    if not 2 <= len(numbers) <= 3 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise _Refused("Every point must be a longitude and a latitude in numbers.")
    try:
        lon, lat = float(numbers[0]), float(numbers[1])
    except OverflowError:
        lon = lat = math.inf
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise _Refused("Every point must be a longitude and a latitude in numbers.")
    if not -90 <= lat <= 90:
        raise _Refused("Latitude {value} is not between -90 and 90.", value=f"{lat:g}")
    if not -360 <= lon <= 360:
        raise _Refused("Longitude {value} is not between -180 and 180.", value=f"{lon:g}")
    return round(lon, DECIMALS) + 0.0, round(lat, DECIMALS) + 0.0


def _unrolled(line: list[tuple[float, float]], closed: bool) -> list[tuple[float, float]]:
    """The same line without jumps of more than 180°: the short way round is meant."""
    if closed and len(line) >= 2 and line[0] != line[-1]:
        raise _Refused("The outline is not closed: its last point is not its first.", *line[-1])
    if closed and len(line) < 4:
        raise _Refused("An area needs at least three different points.")
    steps = [line[0]]
    for lon, lat in line[1:]:
        turns = round((steps[-1][0] - lon) / 360) if abs(steps[-1][0] - lon) > 180 else 0
        steps.append((round(lon + 360 * turns, DECIMALS), lat))
    if closed and steps[0] != steps[-1]:
        raise _Refused("The outline goes round a pole. Draw it in parts.")
    return steps


def _polygon(rings: list[list[tuple[float, float]]]) -> shapely.Polygon:
    """Rings as one polygon, holes brought to the same turn of the Earth as the outline."""
    outline, *holes = rings
    middle = (min(x for x, _ in outline) + max(x for x, _ in outline)) / 2
    moved = []
    for hole in holes:
        turn = 360 * round((middle - (min(x for x, _ in hole) + max(x for x, _ in hole)) / 2) / 360)
        moved.append([(x + turn, y) for x, y in hole])
    return shapely.Polygon(outline, moved)


def _refuse_invalid(found: shapely.Geometry) -> None:
    if shapely.is_valid(found):
        return
    said = re.fullmatch(r"(?P<reason>[^\[]+)\[(?P<lon>\S+) (?P<lat>\S+)\]", shapely.is_valid_reason(found))
    if said is None or said["reason"] not in _REASONS:
        raise _Refused("The shape is not valid.")
    raise _Refused(_REASONS[said["reason"]], math.remainder(float(said["lon"]), 360), float(said["lat"]))


def _split(found: shapely.Geometry) -> shapely.Geometry:
    """Within -180 to 180, cut where it crosses (RFC 7946, 3.1.9); a Multi of one part is that part."""
    west, _, east, _ = found.bounds
    if west >= -180 and east <= 180:
        pieces = [found]
    else:
        turns = range(math.floor((west + 180) / 360), math.ceil((east - 180) / 360) + 1)
        strips = [shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90) for turn in turns]
        pieces = [_moved(shapely.intersection(found, s), turn) for s, turn in zip(strips, turns, strict=True)]
    # Where a shape only touches the line, the strip beyond gives a point or a line of no size.
    parts = [part for part in shapely.get_parts(pieces) if shapely.get_dimensions(part) == _dimensions(found)]
    if len(parts) == 1:
        return parts[0]
    joined = (shapely.multilinestrings if _dimensions(found) == 1 else shapely.multipolygons)(parts)
    _refuse_invalid(joined)
    return joined


def _dimensions(found: shapely.Geometry) -> int:
    return int(shapely.get_dimensions(found))


def _moved(piece: shapely.Geometry, turn: int) -> shapely.Geometry:
    return shapely.transform(piece, lambda xy: (xy - [360 * turn, 0]).round(DECIMALS) + 0.0)


def _measured(found: shapely.Geometry) -> CheckedShape:
    found = shapely.orient_polygons(found)
    length = crs.geometry_length_km(found)
    if not length and _dimensions(found):  # at a pole all longitudes are one place
        raise _Refused("The shape has too few different points near {lat}, {lon}.", *shapely.get_coordinates(found)[0])
    parts = sorted(shapely.get_parts(found), key=lambda part: part.area or part.length)
    largest = parts[-1]
    is_line = largest.geom_type == "LineString"
    on_it = largest.interpolate(0.5, normalized=True) if is_line else largest.point_on_surface()
    return CheckedShape(
        geometry=_as_lists(mapping(found)),
        kind=found.geom_type,
        area_km2=crs.geometry_area_km2(found),
        length_km=length - _cut_km(parts),
        countries=countries_met(found),
        centre=(round(on_it.x, DECIMALS), round(on_it.y, DECIMALS)),
        bbox=_bounds(parts),
    )


def _cut_km(parts: list[shapely.Geometry]) -> float:
    """Length of the edges that the cut along 180° made, which nobody drew."""
    if len(parts) == 1 or parts[0].geom_type != "Polygon":
        return 0.0
    rings = [part.exterior.coords for part in parts]
    edges = [(a, b) for ring in rings for a, b in pairwise(ring) if abs(a[0]) == abs(b[0]) == 180]
    return sum(crs.geometry_length_km(shapely.LineString(edge)) for edge in edges)


def _bounds(parts: list[shapely.Geometry]) -> Bounds:
    """RFC 7946, 5.2: across 180° the western edge is that of the eastern hemisphere."""
    boxes = [part.bounds for part in parts]
    south, north = min(b[1] for b in boxes), max(b[3] for b in boxes)
    eastern = [b for b in boxes if b[2] == 180]
    western = [b for b in boxes if b[0] == -180]
    if eastern and western:
        near = [b[2] for b in boxes if b[0] < 0]
        far = [b[0] for b in boxes if b[0] >= 0]
        return min(far), south, max(near), north
    return min(b[0] for b in boxes), south, max(b[2] for b in boxes), north


def _as_lists(geojson: Mapping[str, Any]) -> dict[str, Any]:
    def lists(value: Any) -> Any:
        return [lists(v) for v in value] if isinstance(value, list | tuple) else value

    return {"type": geojson["type"], "coordinates": lists(geojson["coordinates"])}
