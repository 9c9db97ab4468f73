"""Files as strangers bring them, good and bad, made in memory."""

import io
import json
import os
import sqlite3
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pyproj
import pytest
import shapefile
from openpyxl import Workbook

WGS84 = pyproj.CRS.from_epsg(4326).to_wkt("WKT1_ESRI").encode()
AGADEZ = (7.9911, 16.9734)


def reference(name: str) -> bytes:
    """A file for development that is no part of the project; the test is skipped where it is absent."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "reference"
    path = Path(os.environ.get("MUSTER_REFERENCE_DATA", beside)) / name
    if not path.exists():
        pytest.skip(f"{name} is not there: set MUSTER_REFERENCE_DATA to the folder of reference data")
    return path.read_bytes()


EVENT = (
    b'<event version="2.0" uid="1" type="b-m-p-c" how="h-e" time="2026-11-24T20:00:00Z">'
    b'<point lat="16.9734" lon="7.9911" hae="0" ce="1" le="1"/><detail><contact callsign="North"/></detail></event>'
)


def database(script: str) -> bytes:
    """A database of SQLite in its bytes."""
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(script)
        made.commit()
        return made.serialize()


def geopackage(more: str = "", system: tuple[int, str, int] = (4326, "EPSG", 4326), at: Any = AGADEZ) -> bytes:
    """A GeoPackage with the point `at` in its layer "a"; `more` is done last."""
    number, register, code = system
    blob = (struct.pack("<2sBBi", b"GP", 0, 1, number) + struct.pack("<BI2d", 1, 1, *at)).hex()
    return database(
        f"""
        CREATE TABLE gpkg_contents (table_name TEXT);
        CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE a (name TEXT, geom BLOB);
        INSERT INTO gpkg_spatial_ref_sys VALUES ({number}, '{register}', {code});
        INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', {number});
        INSERT INTO a VALUES ('North', x'{blob}');
        {more}
        """  # noqa: S608 - numbers and words of the tests
    )


def zipped(members: Mapping[str, bytes] | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in pairs:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out.getvalue()


def opendocument(rows: list[list[str | float]]) -> bytes:
    """A spreadsheet of OpenDocument, as small as its standard allows."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    cells = [
        "".join(
            f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
            if isinstance(cell, float)
            else f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        for row in rows
    ]
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    sheet = f'<office:spreadsheet><table:table table:name="A">{table}</table:table></office:spreadsheet>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    manifest = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    content = f"<office:document-content{spaces}><office:body>{sheet}</office:body></office:document-content>".encode()
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def workbook(*sheets: Sequence[Sequence[Any]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(archive: bytes, **members: bytes) -> bytes:
    """The same archive with members replaced or added; names are given with `__` for `/` and `_` for `.`."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        content = {name: old.read(name) for name in old.namelist()}
    for key, value in members.items():
        content[key.replace("__", "/").replace("_", ".")] = value
    return zipped(content)


def shapes(
    points: Sequence[tuple[float, float]] = (AGADEZ,),
    polygons: Sequence[Sequence[Sequence[tuple[float, float]]]] = (),
    *,
    prj: bytes | None = WGS84,
    leave_out: Sequence[str] = (),
    names: Sequence[str] | None = None,
    encoding: str = "utf-8",
    cpg: bytes | None = None,
) -> bytes:
    """A zipped shapefile of points, or of polygons given as rings."""
    return zipped(
        {
            f"layer/{name}": part
            for name, part in parts_of(points, polygons, prj, names, encoding, cpg).items()
            if Path(name).suffix not in leave_out
        }
    )


def parts_of(
    points: Sequence[tuple[float, float]] = (AGADEZ,),
    polygons: Sequence[Sequence[Sequence[tuple[float, float]]]] = (),
    prj: bytes | None = WGS84,
    names: Sequence[str] | None = None,
    encoding: str = "utf-8",
    cpg: bytes | None = None,
) -> dict[str, bytes]:
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding=encoding) as writer:
        writer.field("name", "C", size=40)
        writer.field("persons", "N", size=9)
        items = polygons or points
        for number, item in enumerate(items):
            if polygons:
                writer.poly([list(ring) for ring in item])
            else:
                writer.point(*item)
            writer.record(names[number] if names else f"n{number}", number)
    found = {"a.shp": shp.getvalue(), "a.shx": shx.getvalue(), "a.dbf": dbf.getvalue()}
    if prj is not None:
        found["a.prj"] = prj
    if cpg is not None:
        found["a.cpg"] = cpg
    return found


def shp_with(*records: bytes) -> bytes:
    """A .shp of hand-made records: headers as they should be, contents as given."""
    body = b"".join(struct.pack(">2i", n, len(r) // 2) + r for n, r in enumerate(records, start=1))
    length = (100 + len(body)) // 2
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, length) + struct.pack("<2i8d", 1000, 1, *(0.0,) * 8)
    return head + body


def geojson(*geometries: Any, properties: Mapping[str, Any] | None = None) -> bytes:
    features = [{"type": "Feature", "properties": dict(properties or {}), "geometry": each} for each in geometries]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def point(lon: Any, lat: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def kml(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<kml xmlns="http://www.opengis.net/kml/2.2">{inside}</kml>'.encode()


def gpx(inside: str, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{inside}</gpx>'.encode()


PLACEMARK = "<Placemark><name>North</name><Point><coordinates>7.9911,16.9734</coordinates></Point></Placemark>"
WAYPOINT = '<wpt lat="16.9734" lon="7.9911"><name>North</name></wpt>'
