"""GeoJSON reader (RFC 7946): numbers, depth and keys checked, each feature by itself."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any

from geodata.intake.encoding import decoded
from geodata.intake.geometry import Place, Shaper
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    Maker,
    RefusedFile,
    UnusableRow,
    check_size,
    heading,
    or_refuse,
)

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_LARGEST = 2**53
_MOST_NUMBERS = 4
"""Longitude, latitude, height, and a measure along a line, which the standard asks nobody to write but many do."""

_SHAPES = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
_WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:[\d.]*:?CRS84|EPSG:[\d.]*:?4326)", re.IGNORECASE)


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The features of a collection, of one feature or of one bare geometry. Raises `RefusedFile`.

    NaN, Infinity, whole numbers beyond 2^53, keys that stand twice, depth beyond the limit, and other reference systems
    than WGS 84 refuse the file; a shape that is not valid refuses its feature. Values that are lists or objects become
    JSON text. Third coordinates are dropped.

    >>> point = b'{"type": "Point", "coordinates": [7.99, 16.97]}'
    >>> str(read(point).geometry[0])
    'POINT (7.99 16.97)'
    """
    check_size(data, limits)
    text, _ = decoded(data)
    _check_depth(text, limits)
    with or_refuse("The file is not well-formed JSON."):
        content = json.loads(
            text,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    maker = Maker(IntakeFormat.GEOJSON, limits, shapes=True)
    shaper = Shaper(limits)
    _check_crs(content)
    measured = 0
    for number, feature in enumerate(_features(content), start=1):
        try:
            shape, properties, name = _feature(feature, shaper)
            cells = {heading(key): _cell(value) for key, value in properties.items() if heading(key)}
        except UnusableRow as unfit:
            maker.refuse(number, "geometry", unfit.template, **unfit.params)
            continue
        if name is not None:
            cells.setdefault("id", _cell(name))
        maker.row(number, cells, shape)
        measured += shape is not None and _measured(feature["geometry"]["coordinates"])
    if measured:
        maker.note("Some features ({count}) have a fourth number in their points. It was left out.", count=measured)
    return maker.table()


def _measured(coordinates: list[Any]) -> bool:
    """Whether the first point of a shape has a fourth number."""
    while isinstance(coordinates[0], list):
        coordinates = coordinates[0]
    return len(coordinates) == _MOST_NUMBERS


def _check_depth(text: str, limits: IntakeLimits) -> None:
    """Count brackets outside of strings: the parser of the library has no limit that can be set."""
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > limits.json_depth:
            raise RefusedFile("The JSON is nested deeper than {most}.", most=limits.json_depth)


def _whole(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > _LARGEST:
        raise RefusedFile("The number {text} is too large to be exact.", text=text[:30])
    return int(text)


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise RefusedFile("The number {text} is not finite.", text=text[:30])
    return found


def _no_constant(text: str) -> float:
    raise RefusedFile("{text} is not a number in JSON.", text=text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise RefusedFile("A key stands twice in one object of the JSON.")
    return found


def _check_crs(content: Any) -> None:
    """RFC 7946 knows WGS 84 only; its forerunner of 2008 could name another system."""
    crs = content.get("crs") if isinstance(content, dict) else None
    if crs is None:
        return
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if not isinstance(name, str) or not _WGS84.fullmatch(name):
        raise RefusedFile("The coordinates are not in WGS 84. Save the layer as RFC 7946 GeoJSON.")


def _features(content: Any) -> Iterable[Any]:
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "FeatureCollection":
        features = content.get("features")
        if not isinstance(features, list):
            raise RefusedFile("The collection has no list of features.")
        return features
    if kind == "Feature":
        return [content]
    if kind in _SHAPES:
        return [{"type": "Feature", "properties": {}, "geometry": content}]
    if kind == "GeometryCollection" and isinstance(content.get("geometries"), list):
        return [{"type": "Feature", "properties": {}, "geometry": each} for each in content["geometries"]]
    if kind == "Topology":
        raise RefusedFile("The file is TopoJSON. Save the layer as GeoJSON.")
    raise RefusedFile("The JSON is not GeoJSON: it has no features.")


def _feature(feature: Any, shaper: Shaper) -> tuple[Any, dict[str, Any], Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise UnusableRow("This is not a feature.")
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise UnusableRow("The properties of the feature are not an object.")
    geometry = feature.get("geometry")
    return (None if geometry is None else shape_of(geometry, shaper)), properties, feature.get("id")


def shape_of(geometry: Any, shaper: Shaper) -> Any:
    """The checked shape of a GeoJSON geometry. Raises `UnusableRow`."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        raise UnusableRow("Shapes of different kinds stand in one. Divide them.")
    if kind not in _SHAPES:
        raise UnusableRow("The shape must be a point, a line or an area.")
    coordinates = geometry.get("coordinates")
    match kind:
        case "Point":
            return shaper.point(_place(coordinates))
        case "LineString":
            return shaper.line(_places(coordinates))
        case "Polygon":
            return shaper.polygon([_places(ring) for ring in _list(coordinates)])
        case "MultiPoint":
            return shaper.together([shaper.point(place) for place in _places(coordinates)])
        case "MultiLineString":
            return shaper.together([shaper.line(_places(line)) for line in _list(coordinates)])
    return shaper.together([shaper.polygon([_places(ring) for ring in _list(area)]) for area in _list(coordinates)])


def _places(value: Any) -> list[Place]:
    return [_place(each) for each in _list(value)]


def _place(value: Any) -> Place:
    numbers = value if isinstance(value, list) else []
    if len(numbers) > _MOST_NUMBERS and not isinstance(numbers[0], list):
        raise UnusableRow(
            "A point has {count} numbers. More than {most} are not read: longitude, latitude, height.",
            count=len(numbers),
            most=_MOST_NUMBERS,
        )
    if len(numbers) < 2 or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise UnusableRow("Every point must be a longitude and a latitude in numbers.")
    return float(numbers[0]), float(numbers[1])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise UnusableRow("The coordinates are not a list.")
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
