"""KML and KMZ reader: placemarks with their shapes and data; styles, links and pictures are ignored."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

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

_FOLDERS = ("Document", "Folder", "kml")
_OVERLAYS = ("GroundOverlay", "PhotoOverlay", "ScreenOverlay")
_PARTS = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The placemarks of a document. Raises `RefusedFile`; one placemark that cannot be used is refused by its number.

    Columns: `name`, `description`, `folder`, `when`, `begin`, `end`, and the names in the extended data. A name that
    stands several times in one placemark gives one cell, parted by "; ". A network link is counted, never followed; a
    picture over the map is counted, and refused where there is nothing else.

    >>> inside = b"<Placemark><name>BCP</name><Point><coordinates>7.99,16.97,0</coordinates></Point></Placemark>"
    >>> table = read(b'<kml xmlns="http://www.opengis.net/kml/2.2">' + inside + b"</kml>")
    >>> table.frame.at[1, "name"], str(table.geometry[0])
    ('BCP', 'POINT (7.99 16.97)')
    """
    check_size(data, limits)
    return _read(data, limits, IntakeFormat.KML)


def read_packed(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The same out of a KMZ: `doc.kml`, or the only .kml in the archive. Raises `RefusedFile`."""
    check_size(data, limits)
    members = {name: content for name, content in archive.unpack(data, limits).items() if name.lower().endswith(".kml")}
    main = next((name for name in members if name.lower() == "doc.kml"), None)
    if main is None and len(members) == 1:
        [main] = members
    if main is None:
        raise RefusedFile("The archive holds {count} KML files and no doc.kml. Give one of them.", count=len(members))
    return _read(members[main], limits, IntakeFormat.KMZ)


def _read(data: bytes, limits: IntakeLimits, form: IntakeFormat) -> FileTable:
    document = root(data, limits)
    if local(document) != "kml":
        raise RefusedFile("The file is not KML.")
    maker, shaper = Maker(form, limits, shapes=True), Shaper(limits)
    for row, (placemark, folder) in enumerate(_placemarks(document, ""), start=1):
        try:
            parts = list(children(placemark, *_PARTS))
            shape = shaper.together(_shapes(parts[0], shaper)) if parts else None
        except UnusableRow as unfit:
            maker.refuse(row, "geometry", unfit.template, **unfit.params)
        else:
            maker.row(row, _cells(placemark, folder), shape)
    if links := sum(1 for each in document.iter() if local(each) == "NetworkLink"):
        maker.note("The file points to {count} other places on a network. They were not followed.", count=links)
    if pictures := sum(1 for each in document.iter() if local(each) in _OVERLAYS):
        if not len(maker):
            raise RefusedFile(
                "The file holds pictures that lie over the map ({count}), and no placemark. A picture has no places in "
                "it that can be read: draw what it shows, or ask for the data behind it.",
                count=pictures,
            )
        maker.note(
            "The file holds pictures that lie over the map ({count}). They were left out: no places are in them.",
            count=pictures,
        )
    return maker.table()


def _placemarks(element: Element, folder: str) -> Iterator[tuple[Element, str]]:
    for each in element:
        if local(each) == "Placemark":
            yield each, folder
        elif local(each) in _FOLDERS:
            yield from _placemarks(each, text(child(each, "name")) if local(each) == "Folder" else folder)


def _cells(placemark: Element, folder: str) -> dict[str, str]:
    cells = {"name": text(child(placemark, "name")), "description": text(child(placemark, "description"))}
    if folder:
        cells["folder"] = folder
    for part in children(placemark, "TimeStamp", "TimeSpan"):
        for moment in children(part, "when", "begin", "end"):
            cells[local(moment)] = text(moment)
    for extended in children(placemark, "ExtendedData"):
        for name, value in _data(extended):
            if name:
                cells[name] = f"{cells[name]}; {value}" if cells.get(name) else value
    return cells


def _data(extended: Element) -> Iterator[tuple[str, str]]:
    for each in extended:
        if local(each) == "Data":
            yield heading(each.get("name", "")), text(child(each, "value"))
        elif local(each) == "SchemaData":
            for simple in children(each, "SimpleData"):
                yield heading(simple.get("name", "")), text(simple)


def _shapes(element: Element, shaper: Shaper) -> list[object]:
    """The single shapes in a shape, in the order of the document."""
    match local(element):
        case "Point":
            places = _places(element)
            if len(places) != 1:
                raise UnusableRow("A point has one position.")
            return [shaper.point(places[0])]
        case "LineString" | "LinearRing":
            return [shaper.line(_places(element))]
        case "Polygon":
            rings = [ring for border in ("outerBoundaryIs", "innerBoundaryIs") for ring in children(element, border)]
            return [shaper.polygon([_places(inner) for ring in rings for inner in children(ring, "LinearRing")])]
        case "Track":
            return [shaper.line([_place(text(each).split()) for each in children(element, "coord")])]
    return [shape for part in children(element, *_PARTS) for shape in _shapes(part, shaper)]


def _places(element: Element) -> list[Place]:
    return [_place(written.split(",")) for written in text(child(element, "coordinates")).split()]


def _place(parts: list[str]) -> Place:
    if len(parts) > 3:
        raise UnusableRow(
            "A point has {count} numbers. More than {most} are not read: longitude, latitude, height.",
            count=len(parts),
            most=3,
        )
    if len(parts) < 2:
        raise UnusableRow("Every point must be a longitude and a latitude.")
    return number(parts[0]), number(parts[1])
