"""Zipped shapefiles: a layer for points, one for lines, one for areas, and a text that describes the file."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC

import shapefile  # type: ignore[import-untyped]
from pyproj import CRS
from pyproj.enums import WktVersion

from geodata.ground.crs import WGS84
from geodata.outputs.objects import FileMetadata, PlanObject, unique

_LAYERS = {
    "points": (shapefile.POINT, ("Point",)),
    "lines": (shapefile.POLYLINE, ("LineString", "MultiLineString")),
    "areas": (shapefile.POLYGON, ("Polygon", "MultiPolygon")),
}
_LONGEST = 254
"""Bytes that a cell of a dBASE table holds. A longer text goes on in the next column: note, note_2, note_3."""

_SHORT = {"classification": "class"}
"""Names of columns that have more than the ten letters of dBASE, with what they are called there."""


def write(objects: Sequence[PlanObject], about: FileMetadata) -> bytes:
    """An archive with the layers that have objects, in WGS 84 and UTF-8, and `about.txt`."""
    unique(objects)
    written = io.BytesIO()
    moment = about.made_at.astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(written, "w") as archive:
        for name, (kind, shapes) in _LAYERS.items():
            if held := [each for each in objects if each.geometry["type"] in shapes]:
                for ending, content in _layer(kind, held).items():
                    _add(archive, f"{name}.{ending}", content, moment)
        told = "".join(f"{key}: {value}\n" for key, value in about.texts.items() if value)
        _add(archive, "about.txt", told.encode("utf-8", "replace"), moment)
    return written.getvalue()


def _add(archive: zipfile.ZipFile, name: str, content: bytes, moment: tuple[int, ...]) -> None:
    archive.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]


def _layer(kind: int, held: Sequence[PlanObject]) -> dict[str, bytes]:
    """The parts of a layer by extension."""
    cells = [{_SHORT.get(name, name): _pieces(text) for name, text in each.attributes.items()} for each in held]
    widest = {name: max(len(row[name]) for row in cells) for name in cells[0]}
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=kind, encoding="utf-8") as writer:
        for name, columns in widest.items():
            for column in range(columns):
                writer.field(name if not column else f"{name}_{column + 1}", "C", _LONGEST)
        for each, row in zip(held, cells, strict=True):
            # The library turns outlines clockwise and holes the other way, and knows a point by its list.
            writer.shape({"type": each.geometry["type"], "coordinates": list(each.geometry["coordinates"])})
            writer.record(*[text for name in widest for text in (row[name] + [""] * widest[name])[: widest[name]]])
    made = {ending: content.getvalue() for ending, content in parts.items()}
    return made | {"prj": CRS(WGS84).to_wkt(WktVersion.WKT1_ESRI).encode(), "cpg": b"UTF-8"}


def _pieces(text: str) -> list[str]:
    """A text in pieces that fit into a cell each, none of them cut within a letter."""
    pieces, rest = [], text.replace("\0", "").encode("utf-8", "ignore")
    while len(rest) > _LONGEST:
        piece = rest[:_LONGEST].decode("utf-8", "ignore")
        pieces.append(piece)
        rest = rest[len(piece.encode()) :]
    return [*pieces, rest.decode()]
