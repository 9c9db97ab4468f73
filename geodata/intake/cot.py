"""Cursor on Target reader: one event, several of them in a document, or a data package of TAK."""

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from geodata.ground.crs import GEOD
from geodata.intake import archive
from geodata.intake.geometry import Place, Shaper, number
from geodata.intake.markup import child, children, local, root, text
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
)

ROOTS = ("event", "events")

_CIRCLE, _RECTANGLE = "u-d-c-c", "u-d-r"
_DRAWN = ("u-d-f", _RECTANGLE, "b-m-r")
_CORNERS = 64
"""An ellipse becomes an outline with so many corners: of a circle of 10 km they lie 12 m inside it at most."""


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The events of a document, each with its shape. Raises `RefusedFile`.

    Columns: `name` (the callsign), `type`, `how`, `time`, `stale`, `remarks`, and what Muster itself wrote. Drawings
    whose last point is their first are areas, as TAK reads them; a circle becomes its outline.

    >>> inside = b'<point lat="16.97" lon="7.99"/><detail><contact callsign="North"/></detail>'
    >>> table = read(b'<event version="2.0" uid="1" type="b-m-p-c">' + inside + b"</event>")
    >>> table.frame.at[1, "name"], str(table.geometry[0])
    ('North', 'POINT (7.99 16.97)')
    """
    check_size(data, limits)
    maker, shaper = Maker(IntakeFormat.COT, limits, shapes=True), Shaper(limits)
    _take(maker, shaper, _events(data, limits))
    return maker.table()


def read_packed(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The events of a data package: all its .cot files, in the order of the archive. Raises `RefusedFile`."""
    check_size(data, limits)
    maker, shaper = Maker(IntakeFormat.TAK, limits, shapes=True), Shaper(limits)
    members = archive.unpack(data, limits, limits.package_members)
    held = [name for name in members if name.lower().endswith(".cot")]
    for name in held:
        _take(maker, shaper, _events(members[name], limits))
    if left := sum(1 for name in members if name not in held and not name.lower().endswith("manifest.xml")):
        maker.note("The package holds other files too ({count}). They were left out.", count=left)
    return maker.table()


def _events(data: bytes, limits: IntakeLimits) -> list[Element]:
    document = root(data, limits)
    if local(document) not in ROOTS:
        raise RefusedFile("The file is not Cursor on Target.")
    return [document] if local(document) == "event" else list(children(document, "event"))


def _take(maker: Maker, shaper: Shaper, events: list[Element]) -> None:
    for event in events:
        row = len(maker) + 1
        try:
            shape = _shape(event, shaper)
        except UnusableRow as unfit:
            maker.refuse(row, "geometry", unfit.template, **unfit.params)
        else:
            maker.row(row, _cells(event), shape)


def _cells(event: Element) -> dict[str, str]:
    cells = {"name": event.get("uid", "")}
    cells |= {name: event.get(name, "") for name in ("type", "how", "time", "stale")}
    for detail in children(event, "detail"):
        for contact in children(detail, "contact"):
            cells["name"] = contact.get("callsign") or cells["name"]
        cells["remarks"] = "\n".join(filter(None, map(text, children(detail, "remarks"))))
        for own in children(detail, "muster"):
            cells |= {name: value for key, value in own.items() if (name := heading(key)) and name not in cells}
    return cells


def _shape(event: Element, shaper: Shaper) -> object:
    kind = event.get("type", "")
    point = child(event, "point")
    if kind.startswith("t-") or point is None:
        raise UnusableRow("This event is a message to a program, and no place.")
    middle = number(point.get("lon", "")), number(point.get("lat", ""))
    detail = child(event, "detail")
    if kind.startswith(_CIRCLE):
        return shaper.polygon([_ellipse(middle, detail)])
    places = list(_places(detail)) if kind.startswith(_DRAWN) else []
    if not places:
        return shaper.point(middle)
    if kind.startswith(_RECTANGLE) and places[0] != places[-1]:
        places.append(places[0])
    closed = places[0] == places[-1] and len(places) > 3 and not kind.startswith("b-m-r")
    return shaper.polygon([places]) if closed else shaper.line(places)


def _places(detail: Element | None) -> Iterator[Place]:
    for link in children(detail, "link") if detail is not None else ():
        if written := link.get("point"):
            parts = written.split(",")
            if len(parts) < 2:
                raise UnusableRow("Every point must be a longitude and a latitude.")
            yield number(parts[1]), number(parts[0])


def _ellipse(middle: Place, detail: Element | None) -> list[Place]:
    """The outline of an ellipse on the ground: half axes in metres, and how far it is turned from the north."""
    shape = child(detail, "shape") if detail is not None else None
    drawn = child(shape, "ellipse") if shape is not None else None
    if drawn is None:
        raise UnusableRow("The circle has no radius.")
    major, minor = number(drawn.get("major", "")), number(drawn.get("minor", ""))
    turned = number(drawn.get("angle") or "0")
    if not (0 < minor <= 1e6 and 0 < major <= 1e6):
        raise UnusableRow("The circle has no radius.")
    corners = []
    for corner in range(_CORNERS):
        angle = -2 * math.pi * corner / _CORNERS
        metres = major * minor / math.hypot(minor * math.cos(angle), major * math.sin(angle))
        lon, lat, _back = GEOD.fwd(*middle, turned + math.degrees(angle), metres)
        corners.append((float(lon), float(lat)))
    return [*corners, corners[0]]
