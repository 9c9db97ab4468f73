"""KML 2.2 (OGC 07-147r2)."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring  # writes only; nothing is parsed with it

from geodata.outputs.objects import FileMetadata, PlanObject, degrees, legal, parts, unique

NAMESPACE = "http://www.opengis.net/kml/2.2"


def write(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """A document with one folder for each kind; attributes stand in the extended data, and as text in the balloon.

    Programs show a description as HTML: notes are escaped once more, so that nothing in them is a tag or a link.
    """
    unique(objects)
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _text(document, "name", about.title)
    _text(document, "description", "\n".join(escape(legal(f"{k}: {v}")) for k, v in about.texts.items() if v))
    for kind in dict.fromkeys(each.kind for each in objects):
        folder = SubElement(document, "Folder")
        _text(folder, "name", kind)
        for each in objects:
            if each.kind == kind:
                _placemark(folder, each)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _placemark(folder: Element, each: PlanObject) -> None:
    placemark = SubElement(folder, "Placemark")
    _text(placemark, "name", each.name)
    _text(placemark, "description", escape(legal(each.note)))
    extended = SubElement(placemark, "ExtendedData")
    for name, value in each.attributes.items():
        if name not in ("name", "sources"):
            _data(extended, name, value)
    for source in each.sources:
        _data(extended, "sources", source)
    found = [_shape(str(each.geometry["type"]).removeprefix("Multi"), part) for part in parts(each.geometry)]
    if len(found) == 1:
        placemark.append(found[0])
    else:
        SubElement(placemark, "MultiGeometry").extend(found)


def _data(extended: Element, name: str, value: str) -> None:
    _text(SubElement(extended, "Data", name=name), "value", value)


def _shape(kind: str, part: Any) -> Element:
    shape = Element(kind)
    if kind == "Polygon":
        for place, ring in enumerate(part):
            border = SubElement(shape, "outerBoundaryIs" if place == 0 else "innerBoundaryIs")
            _coordinates(SubElement(border, "LinearRing"), ring)
    else:
        _coordinates(shape, [part] if kind == "Point" else part)
    return shape


def _coordinates(parent: Element, places: Iterable[Any]) -> None:
    _text(parent, "coordinates", " ".join(f"{degrees(place[0])},{degrees(place[1])}" for place in places))


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = legal(text)
