"""GPX reader (1.0 and 1.1): waypoints, routes and tracks of a receiver."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

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

_TEXTS = ("name", "time", "desc", "cmt", "src", "sym", "type")


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """Each waypoint as a point, each route as a line, each track as a line or lines. Raises `RefusedFile`.

    A route or track of one place is a point.

    Columns: `element` (wpt, rte, trk), `name`, `time`, `desc`, `cmt`, `src`, `sym`, `type`, and the names of texts in
    the extensions; a name that stands several times gives one cell, parted by "; ". `time` of a track is that of its
    first point. Heights are dropped.

    >>> table = read(b'<gpx version="1.1"><wpt lat="16.97" lon="7.99"><name>Agadez</name></wpt></gpx>')
    >>> table.frame.at[1, "name"], str(table.geometry[0])
    ('Agadez', 'POINT (7.99 16.97)')
    """
    check_size(data, limits)
    document = root(data, limits)
    if local(document) != "gpx":
        raise RefusedFile("The file is not GPX.")
    maker, shaper, standing = Maker(IntakeFormat.GPX, limits, shapes=True), Shaper(limits), 0
    for row, element in enumerate(children(document, "wpt", "rte", "trk"), start=1):
        try:
            shape, left = _shape(element, shaper)
        except UnusableRow as unfit:
            maker.refuse(row, "geometry", unfit.template, **unfit.params)
        else:
            maker.row(row, _cells(element), shape)
            standing += left
    if standing:
        maker.note("Segments of tracks with one place only ({count}) were left out.", count=standing)
    return maker.table()


def _shape(element: Element, shaper: Shaper) -> tuple[object, int]:
    """Return the shape of an element, and how many segments of one place beside longer ones were left out."""
    if local(element) == "wpt":
        return shaper.point(_place(element)), 0
    parts = [element] if local(element) == "rte" else children(element, "trkseg")
    segments = [[_place(each) for each in children(part, "rtept", "trkpt")] for part in parts]
    standing = [places for places in segments if len(set(places)) == 1]
    if standing and len({place for places in segments for place in places}) == 1:
        return shaper.point(standing[0][0]), 0
    lines = [places for places in segments if places and places not in standing]
    if local(element) == "rte":
        return shaper.line(segments[0]), 0
    return shaper.together([shaper.line(places) for places in lines]), len(standing)


def _place(element: Element) -> Place:
    return number(element.get("lon", "")), number(element.get("lat", ""))


def _cells(element: Element) -> dict[str, str]:
    cells = {"element": local(element), "name": ""}
    cells |= {name: text(found) for name in _TEXTS if (found := child(element, name)) is not None}
    if "time" not in cells:
        first = next((each for each in element.iter() if local(each) in ("rtept", "trkpt")), None)
        moment = child(first, "time") if first is not None else None
        if moment is not None:
            cells["time"] = text(moment)
    for extensions in children(element, "extensions"):
        for name, value in _leaves(extensions):
            cells[name] = f"{cells[name]}; {value}" if cells.get(name) else value
    return cells


def _leaves(element: Element) -> Iterator[tuple[str, str]]:
    for each in element:
        if len(each):
            yield from _leaves(each)
        elif name := heading(local(each)):
            yield name, text(each)
