"""TAK data package: events of Cursor on Target 2.0 for TAK clients and servers, in an archive with a manifest.

A type begins with `a` for things, `b` for bits of information, `u` for drawings. These are written:

    checkpoint         b-m-p-c        map point, checkpoint
    observation post   b-m-p-s-p-op   map point, sensor point, observation post
    route              b-m-r          map route, its points as links of the type b-m-p-w
    any other point    b-m-p-s-m      map point, spot
    any area or line   u-d-f          drawing, freeform; an area ends where it begins

`how` is h-e: estimated by a human. Heights and errors are unknown, for which CoT has the number 9999999.
"""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring  # writes only; nothing is parsed with it

from geodata.outputs.objects import FileMetadata, PlanObject, degrees, legal, parts, unique

POINT_TYPES = {"checkpoint": "b-m-p-c", "observation_post": "b-m-p-s-p-op"}
SPOT, ROUTE, FREEFORM, WAYPOINT = "b-m-p-s-m", "b-m-r", "u-d-f", "b-m-p-w"
UNKNOWN = "9999999.0"
_IDS = UUID("6d757374-6572-5074-616b-7061636b6167")
HOW_A_ROUTE_IS_GONE = {
    "planningmethod": "Infil",
    "color": "-1",
    "method": "Driving",
    "prefix": "CP",
    "type": "Vehicle",
    "stroke": "3",
    "direction": "Infil",
    "routetype": "Primary",
    "order": "Ascending Check Points",
}
"""TAK's schema asks for all of these. The plan does not say how a route is gone: these are what TAK itself writes for a
route that nobody said more of."""


def write(objects: Sequence[PlanObject], about: FileMetadata, stale_after: timedelta = timedelta(days=1)) -> bytes:
    """A data package, as ATAK, WinTAK and iTAK import it: each event in a file of its own, named in the manifest.

    `time` and `start` are `about.made_at`, `stale` is that and `stale_after`: clients then fade what they show.
    ValueError unless it is positive.
    """
    unique(objects)
    contents = Element("Contents")
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for each in objects:
            for event in _events(each, about, stale_after):
                uid = event.attrib["uid"]
                ident = str(uuid5(_IDS, uid))
                entry = f"{ident}/{ident}.cot"
                package.writestr(_entry(entry, about), tostring(event, encoding="utf-8", xml_declaration=True))
                content = SubElement(contents, "Content", {"ignore": "false", "zipEntry": entry})
                for name, value in (("uid", uid), ("name", legal(each.name))):
                    SubElement(content, "Parameter", {"name": name, "value": value})
        package.writestr(_entry("MANIFEST/manifest.xml", about), _manifest(contents, about))
    return written.getvalue()


def _manifest(contents: Element, about: FileMetadata) -> bytes:
    """What the package is called, and what is in it. Its id is that of its title, so that a newer one replaces it."""
    root = Element("MissionPackageManifest", {"version": "2"})
    configuration = SubElement(root, "Configuration")
    told = {
        "uid": str(uuid5(_IDS, about.title)),
        "name": legal(about.title),
        "remarks": legal("\n".join(f"{key}: {value}" for key, value in about.texts.items() if value)),
        "onReceiveImport": "true",
        "onReceiveDelete": "false",
    }
    for name, value in told.items():
        SubElement(configuration, "Parameter", {"name": name, "value": value})
    root.append(contents)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(name: str, about: FileMetadata) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, about.made_at.astimezone(UTC).timetuple()[:6])
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def _events(each: PlanObject, about: FileMetadata, stale_after: timedelta) -> Iterator[Element]:
    """One event for each part of a shape. A hole becomes an event too: a drawing in CoT has one outline."""
    if stale_after <= timedelta(0):
        raise ValueError("An event must become stale after it is made.")
    kind = str(each.geometry["type"])
    if kind == "Point":
        yield _event(each, about, stale_after, each.id, POINT_TYPES.get(each.kind, SPOT), each.geometry["coordinates"])
        return
    found = parts(each.geometry)
    lines = [ring for area in found for ring in area] if "Polygon" in kind else found
    route = each.kind == "route" and "Line" in kind
    for place, line in enumerate(lines, start=1):
        uid = each.id if len(lines) == 1 else f"{each.id}.{place}"
        event = _event(each, about, stale_after, uid, ROUTE if route else FREEFORM, line[0])
        links = []
        for number, position in enumerate(line, start=1):
            link = {"point": f"{degrees(position[1])},{degrees(position[0])}"}
            if route:
                about_it = {"uid": f"{legal(uid)}.w{number}", "callsign": "", "type": WAYPOINT, "remarks": ""}
                link = {**about_it, "relation": "c", **link}
            links.append(Element("link", link))
        # The order that TAK's schema asks for; what is our own comes last.
        event[1][:0] = links
        if route:
            _tell_route(event[1], len(links))
        yield event


def _tell_route(detail: Element, links: int) -> None:
    """Add what clients need to know of a route besides its points."""
    info = Element("__routeinfo")
    SubElement(info, "__navcues")
    line = [Element("strokeColor", {"value": "-1"}), Element("strokeWeight", {"value": "3.0"})]
    detail[links:links] = [Element("link_attr", HOW_A_ROUTE_IS_GONE), *line, info]
    detail[-1:-1] = [Element("labels_on", {"value": "false"}), Element("color", {"value": "-1"})]


def _event(
    each: PlanObject, about: FileMetadata, stale_after: timedelta, uid: str, kind: str, position: Sequence[Any]
) -> Element:
    attributes = {
        "version": "2.0",
        "uid": legal(uid),
        "type": kind,
        "how": "h-e",
        "time": _moment(about.made_at),
        "start": _moment(about.made_at),
        "stale": _moment(about.made_at + stale_after),
    }
    access = each.classification or about.classification
    if access:
        attributes["access"] = legal(access)
    event = Element("event", attributes)
    place = {"lat": degrees(position[1]), "lon": degrees(position[0])}
    SubElement(event, "point", {**place, "hae": UNKNOWN, "ce": UNKNOWN, "le": UNKNOWN})
    detail = SubElement(event, "detail")
    SubElement(detail, "contact", {"callsign": legal(each.name)})
    SubElement(detail, "remarks").text = legal(each.note)
    SubElement(detail, "archive")
    own = {name: legal(value) for name, value in each.attributes.items() if name not in ("name", "note")}
    SubElement(detail, "muster", own)
    return event


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
