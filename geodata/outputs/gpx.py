"""GPX 1.1 for receivers: points as waypoints, lines as routes or tracks, the outlines of areas as tracks."""

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring  # writes only; nothing is parsed with it

from geodata.outputs.objects import FileMetadata, PlanObject, degrees, legal, parts, unique

NAMESPACE = "http://www.topografix.com/GPX/1/1"
LAST = "179.9999999"
"""In GPX longitudes end before 180. A centimetre short of it a line stays on its side; from -180 it would cross all."""

OWN = "urn:muster:plan"
"""The namespace of what GPX has no element for."""


def write(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """A file in the order that GPX demands: all waypoints, then routes, then tracks.

    GPX knows no areas. The outline and each hole of one become the segments of a closed track; `shape` in the
    extensions says that it was an area.
    """
    unique(objects)
    root = Element("gpx", {"xmlns": NAMESPACE, "xmlns:m": OWN, "version": "1.1", "creator": "Muster"})
    metadata = SubElement(root, "metadata")
    _text(metadata, "name", about.title)
    _text(metadata, "desc", "\n".join(f"{k}: {v}" for k, v in about.texts.items() if v))
    _text(metadata, "time", about.made_at.strftime("%Y-%m-%dT%H:%M:%S%z").replace("+0000", "Z"))
    made = [_element(each) for each in objects]
    for kind in ("wpt", "rte", "trk"):
        root.extend([each for each in made if each.tag == kind])
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _element(each: PlanObject) -> Element:
    kind = str(each.geometry["type"])
    if kind == "Point":
        element = Element("wpt", _place(each.geometry["coordinates"]))
        _about(element, each)
        return element
    if kind == "LineString":
        element = Element("rte")
        _about(element, each)
        _points(element, "rtept", each.geometry["coordinates"])
        return element
    element = Element("trk")
    _about(element, each)
    segments = parts(each.geometry)
    for lines in [[segment] for segment in segments] if kind == "MultiLineString" else segments:
        for line in lines:
            _points(SubElement(element, "trkseg"), "trkpt", line)
    return element


def _about(element: Element, each: PlanObject) -> None:
    """Name, description, type and the rest, in the order of the schema."""
    _text(element, "name", each.name)
    _text(element, "desc", each.note)
    _text(element, "type", each.kind)
    extensions = SubElement(element, "extensions")
    own = {name: value for name, value in each.attributes.items() if name not in ("name", "note", "kind", "sources")}
    for name, value in {**own, "shape": str(each.geometry["type"])}.items():
        _text(extensions, f"m:{name}", value)
    for source in each.sources:
        _text(extensions, "m:sources", source)


def _points(parent: Element, name: str, places: Sequence[Any]) -> None:
    for place in places:
        SubElement(parent, name, _place(place))


def _place(place: Sequence[float]) -> dict[str, str]:
    lon = degrees(place[0])
    return {"lat": degrees(place[1]), "lon": LAST if lon == "180" else lon}


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = legal(text)
