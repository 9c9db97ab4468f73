"""Files made to harm: each refused in a sentence and soon; nothing opened, nothing fetched, nothing evaluated."""

import ast
import json
import struct
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import geodata.intake
from geodata.intake import csv_, geojson, gpx, kml, shapefile, values
from geodata.intake import workbook as workbooks
from geodata.intake.events import accept
from geodata.intake.files import read
from geodata.intake.mapping import proposed
from geodata.intake.provenance import Provenance
from geodata.intake.table import LIMITS, FileTable, RefusedFile, UnusableRow, plain
from tests.cpu_time import least
from tests.geodata import strangers
from tests.geodata.strangers import AGADEZ, PLACEMARK, WAYPOINT, parts_of, point, rewritten, shapes, workbook, zipped
from tests.syntax_trees import syntax_tree

LAUGHS = (
    "<!DOCTYPE l [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
OUTSIDE = "<!DOCTYPE l [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
PARAMETER = "<!DOCTYPE l SYSTEM 'http://127.0.0.1:9/x.dtd'>"
NAMED = "<Placemark><name>&{}</name><Point><coordinates>1,2</coordinates></Point></Placemark>"
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
VRT += b"</OGRVRTDataSource>"
GDALG = b'{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read /etc/passwd"}'


def far_cell() -> bytes:
    """Two cells, the first and the last that a sheet can have."""
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    return rewritten(workbook([[1]]), xl__worksheets__sheet1_xml=far)


def sheet(rows: str, extra: bytes = b"") -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return rewritten(
        workbook([[1]]), xl__worksheets__sheet1_xml=extra + head + rows.encode() + b"</sheetData></worksheet>"
    )


def with_link() -> bytes:
    info = zipfile.ZipInfo("a.shp")
    info.external_attr = 0o120777 << 16
    return zipped_infos([(info, b"/etc/passwd")])


def zipped_infos(members: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info, content in members:
            archive.writestr(info, content)
    return out.getvalue()


def shp_replaced(shp: bytes, **parts: bytes) -> bytes:
    return zipped({**parts_of(), "a.shp": shp} | {f"a.{name}": content for name, content in parts.items()})


def dbf_changed(position: int, value: bytes) -> bytes:
    dbf = parts_of()["a.dbf"]
    return dbf[:position] + value + dbf[position + len(value) :]


NULL, SHAPE_OF_POINT = struct.pack("<i", 0), struct.pack("<i2d", 1, *AGADEZ)
GOOD_SHP = strangers.shp_with(SHAPE_OF_POINT)
ENDLESS = GOOD_SHP[:100] + struct.pack(">2i", 1, -4) + GOOD_SHP[108:]
DEEP = 1_000_000

HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "space": (b" \n\t ", "empty"),
    "kml, billion laughs": (strangers.kml(NAMED.format("i;"), LAUGHS), "entities"),
    "kml, outside entity": (strangers.kml(NAMED.format("e;"), OUTSIDE), "entities"),
    "kml, outside document type": (strangers.kml(PLACEMARK, PARAMETER), "entities"),
    "kml, laughs in utf-16": (strangers.kml(NAMED.format("i;"), LAUGHS).decode().encode("utf-16"), "entities"),
    "gpx, billion laughs": (strangers.gpx("<name>&i;</name>", LAUGHS), "entities"),
    "gpx, outside entity": (strangers.gpx("<name>&e;</name>", OUTSIDE), "entities"),
    "kml, cut off": (strangers.kml(PLACEMARK)[:-20], "damaged"),
    "kml, deep": (strangers.kml("<Folder>" * 60 + "</Folder>" * 60), "nested deeper than 50"),
    "kml, a million deep": (b"<kml>" + b"<a>" * DEEP, "nested deeper than 50"),
    "kml, too many elements": (strangers.kml("<a/>" * 100_001), "more than 100,000 elements"),
    "xml, vrt": (VRT, 'kind "OGRVRTDataSource"'),
    "xml, html": (b"<!DOCTYPE html><html><body>hello</body></html>", "entities"),
    "xml, svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 'kind "svg"'),
    "json, gdalg": (GDALG, "not GeoJSON"),
    "json, deep lists": (b"[" * DEEP + b"]" * DEEP, "nested deeper than 64"),
    "json, deep objects": (b'{"a":' * DEEP, "nested deeper than 64"),
    "json, deep coordinates": (b'{"type":"Point","coordinates":' + b"[" * 65 + b"]" * 65 + b"}", "nested deeper"),
    "json, NaN": (b'{"type":"Point","coordinates":[NaN,1]}', "NaN is not a number"),
    "json, Infinity": (b'{"type":"Point","coordinates":[1,-Infinity]}', "-Infinity is not a number"),
    "json, 1e999": (b'{"type":"Point","coordinates":[1e999,1]}', "not finite"),
    "json, huge whole": (b'{"type":"Point","coordinates":[9007199254740993,1]}', "too large"),
    "json, a million digits": (b'{"type":"Point","coordinates":[' + b"9" * DEEP + b",1]}", "too large"),
    "json, key twice": (b'{"type":"Point","type":"Point","coordinates":[1,1]}', "twice"),
    "json, cut off": (strangers.geojson(point(1, 2))[:-5], "well-formed"),
    "json, string without end": (b'{"a":"' + b"x" * DEEP, "well-formed"),
    "json, backslashes": (b'{"a":"' + b"\\" * (DEEP + 1), "well-formed"),
    "json, topology": (b'{"type":"Topology","objects":{}}', "TopoJSON"),
    "json, a list": (b"[1,2,3]", "not GeoJSON"),
    "json, features no list": (b'{"type":"FeatureCollection","features":{"a":1}}', "no list"),
    "json, many columns": (
        strangers.geojson(None, properties={f"c{n}": n for n in range(101)}),
        "more than 100 columns",
    ),
    "csv, NUL": (b"lat,lon\n1,\x002\n", "bytes that are in no text"),
    "csv, binary": (bytes(range(256)) * 4, "encoding of the text is not known"),
    "csv, quote without end": (b'a,b\n1,"2\n3,4\n' + b"x" * 1000, "near line"),
    "csv, giant cell": (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "near line"),
    "csv, many columns": (b",".join(b"c%d" % n for n in range(101)) + b"\n1\n", "more than 100 columns"),
    "csv, broken utf-16": (b"\xff\xfea\x00,\x00\x00\xd8", "UTF-16 text it says"),
    "too large": (b"a,b\n" + b"1,2\n" * (3 * 2**20), "larger than 10 MB"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "damaged, or has a password"),
    "gzip": (b"\x1f\x8b\x08\x00" + zlib.compress(b"x"), "packed"),
    "sqlite, nothing in it": (b"SQLite format 3\0" + bytes(100), "GeoPackage is damaged"),
    "sqlite, no geopackage": (strangers.database("CREATE TABLE a (b TEXT)"), "no GeoPackage"),
    "gpkg, cut off": (strangers.geopackage()[:5000], "GeoPackage is damaged"),
    "gpkg, unknown system": (strangers.geopackage(system=(99, "NONE", 99)), 'of the layer "a" is not known'),
    "gpkg, no map of the system": (strangers.geopackage(system=(1, "EPSG", 4979)), 'of the layer "a" is not known'),
    "gpkg, no such system": (strangers.geopackage(system=(1, "EPSG", 999_999)), 'of the layer "a" is not known'),
    "gpkg, a view in place of a layer": (
        strangers.geopackage("ALTER TABLE a RENAME TO b; CREATE VIEW a AS SELECT * FROM b;"),
        "no layer of points",
    ),
    "gpkg, a computed shape": (
        strangers.geopackage(
            "DROP TABLE a; CREATE TABLE a (name TEXT, geom BLOB AS (zeroblob(1000000000)) VIRTUAL);"
            "INSERT INTO a VALUES ('x');"
        ),
        "GeoPackage is damaged",
    ),
    "cot, billion laughs": (LAUGHS.encode() + b"<event><uid>&i;</uid></event>", "entities"),
    "tak, an event that is none": (zipped({"a/a.cot": b"<a/>"}), "not Cursor on Target"),
    "tak, zeros": (zipped({"a/a.cot": b"<event/>", "b.bin": bytes(9_000_000)}), "more than is allowed"),
    "lone shp": (GOOD_SHP, "one part of a shapefile"),
    "zip, nothing in it": (zipped({}), "neither a shapefile"),
    "zip, texts": (zipped({"readme.txt": b"hello", "a.csv": b"lat,lon\n1,2\n"}), "neither a shapefile"),
    "zip, text that is none": (zipped({"a.csv": strangers.kml(PLACEMARK)}), "neither a table of text nor GeoJSON"),
    "zip, text that is another archive": (zipped({"a.csv": zipped({"b.csv": b"lat,lon\n1,2\n"})}), "another archive"),
    "zip, text that is a picture": (zipped({"a.csv": b"\x89PNG\r\n"}), "is a picture"),
    "zip, text outside": (zipped({"../a.csv": b"lat,lon\n1,2\n"}), "not a name for a file"),
    "zip, text too large": (zipped({"a.csv": b"a,b\n" + bytes(range(48, 58)) * 6_000_000}), "more than is allowed"),
    "zip, text from nothing": (zipped({"a.geojson": b" " * 40_000_000}), "more than is allowed"),
    "zip, text too deep": (zipped({"a.json": b"[" * 200_000}), "nested deeper"),
    "zip, vrt": (zipped({"a.vrt": VRT}), "neither a shapefile"),
    "zip, cut off": (shapes()[:-30], "damaged or cut off"),
    "zip, damaged": (shapes().replace(b"Agadez", b"xxxxxx")[:60] + bytes(40) + shapes()[100:], "damaged"),
    "zip, dots": (zipped({**parts_of(), "../a.txt": b"x"}), "not a name"),
    "zip, dots inside": (zipped({**parts_of(), "b/../../a.txt": b"x"}), "not a name"),
    "zip, backslashes": (zipped({**parts_of(), "..\\a.txt": b"x"}), "not a name"),
    "zip, absolute": (zipped({**parts_of(), "/etc/a.txt": b"x"}), "not a name"),
    "zip, drive": (zipped({**parts_of(), "C:/a.txt": b"x"}), "not a name"),
    "zip, link": (with_link(), "is a link"),
    "zip, zeros": (zipped({**parts_of(), "a.bin": bytes(9_000_000)}), "more than is allowed"),
    "zip, sixty megabytes": (
        zipped({**parts_of(), **{f"{n}.bin": bytes(20_000_000) for n in range(3)}}, zipfile.ZIP_DEFLATED),
        "more than is allowed",
    ),
    "zip, many": (zipped({**parts_of(), **{f"{n}.txt": b"" for n in range(50)}}), "more than 50 files"),
    "zip, twenty thousand": (zipped({f"{n}.shp": b"" for n in range(20_000)}), "more than 1000 files"),
    "zip, nested": (zipped({**parts_of(), "b.zip": zipped({"x": b"x"})}), "another archive"),
    "zip, bzip2": (zipped(parts_of(), zipfile.ZIP_BZIP2), "ordinary zip"),
    "kmz, laughs": (zipped({"doc.kml": strangers.kml(NAMED.format("i;"), LAUGHS)}), "entities"),
    "kmz, several": (zipped({"a.kml": b"<kml/>", "b.kml": b"<kml/>"}), "2 KML files"),
    "kmz, not kml": (zipped({"doc.kml": strangers.gpx(WAYPOINT)}), "not KML"),
    "shapefile, one of two layers without prj": (zipped({**parts_of(), "b.shp": GOOD_SHP}), r"\.prj file is missing"),
    "kml, fifty thousand placemarks": (strangers.kml(PLACEMARK * 50_000), "more than 100,000 elements"),
    "shapefile, no prj": (shapes(prj=None), r"\.prj file is missing"),
    "shapefile, grid file": (
        shapes(prj=strangers.WGS84[:-1] + b',EXTENSION["PROJ4","+proj=longlat +nadgrids=/etc/passwd"]]'),
        "not known",
    ),
    "shapefile, length below zero": (shp_replaced(ENDLESS), "damaged at feature 1"),
    "shapefile, length of zero": (
        shp_replaced(GOOD_SHP[:100] + struct.pack(">2i", 1, 0) + GOOD_SHP[108:]),
        "damaged at feature 1",
    ),
    "shapefile, cut off": (shp_replaced(GOOD_SHP[:-6]), "damaged at feature 1"),
    "shapefile, two billion points": (
        shp_replaced(strangers.shp_with(struct.pack("<i4d2i", 3, 0, 0, 1, 1, 1, 2_000_000_000) + bytes(20))),
        "damaged",
    ),
    "shapefile, unknown shape": (shp_replaced(strangers.shp_with(struct.pack("<i", 99) + bytes(16))), "damaged"),
    "shapefile, more rows than shapes": (
        shp_replaced(GOOD_SHP, dbf=dbf_changed(4, struct.pack("<L", 4_000_000_000))),
        "1 shapes but 4000000000 rows",
    ),
    "shapefile, no dbf head": (shp_replaced(GOOD_SHP, dbf=b"\x03"), "1 shapes but 0 rows"),
    "shapefile, dbf field of an unknown kind": (shp_replaced(GOOD_SHP, dbf=dbf_changed(43, b"?")), "damaged"),
    "xlsx, far cell": (far_cell(), "more than 100 columns"),
    "xlsx, row of a trillion": (sheet('<row r="999999999999"><c><v>1</v></c></row>'), "larger than 20,000 rows"),
    "xlsx, wide": (
        sheet("".join(f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(1, 2000))),
        "no text, number or date",
    ),
    "xlsx, far corner": (sheet('<row r="1048576"><c x=">" r="CV1048576"><v>1</v></c></row>'), "larger than 20,000"),
    "xlsx, no tag ends": (sheet("".join(f"<c r='A{n}' " for n in range(90_000))), "damaged"),
    "xlsx, no attribute ends": (sheet("".join(f'<c r="A{n}" ' for n in range(90_000)) + "'"), "damaged"),
    "xlsx, column 101": (sheet('<row r="1"><c r="CW1"><v>1</v></c></row>'), "more than 100 columns"),
    "xlsx, links": (rewritten(workbook([[1]]), xl__externalLinks__externalLink1_xml=b"<a/>"), "links to other files"),
    "xlsx, laughs": (sheet("", extra=LAUGHS.encode()), "no spreadsheet program"),
    "xlsx, other encoding": (sheet("", extra=b'<?xml version="1.0" encoding="utf-16"?>'), "no spreadsheet program"),
    "xlsx, many sheets": (workbook(*([[1]],) * 21), "more than 20 sheets"),
    "xlsx, empty": (workbook([]), "no text, number or date"),
    "xlsx, cut off": (workbook([[1]])[:-50], "damaged or cut off"),
    "xlsx, rows": (workbook([["a"], *([n] for n in range(20_001))]), "more than 20,000 rows"),
    "xlsx, no sheet": (zipped({"xl/workbook.xml": b"<a/>"}), "damaged"),
}


@pytest.mark.parametrize(("data", "sentence"), HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.requirement("ASVS 1.5.1", "R30", "R31")
def test_a_hostile_file_is_refused_in_a_sentence_and_soon(data: bytes, sentence: str) -> None:
    def refused() -> RefusedFile:
        with pytest.raises(RefusedFile, match=sentence) as caught:
            read(data)
        return caught.value

    assert least(refused, within=5) < 5
    refusal = refused()
    said = str(refusal)
    assert said.isprintable()
    assert said.endswith(".")
    assert said == refusal.template.format(**refusal.params)


@pytest.mark.parametrize("name", ["zip, zeros", "zip, sixty megabytes", "zip, twenty thousand"])
@pytest.mark.requirement("ASVS 5.2.3", "R30", "R35")
def test_a_bomb_takes_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(RefusedFile):
            read(HOSTILE[name][0])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * 2**20


WATCH = """
import sys
from geodata.intake.files import read
from geodata.intake.table import RefusedFile
from tests.geodata.test_intake_hostile import HOSTILE, SEEDS, swallow

for data in SEEDS:  # what is imported late is imported now, and the tables of letters are loaded
    swallow(data)
for name in ("csv, binary", "kml, laughs in utf-16", "csv, broken utf-16", "json, NaN", "zip, bzip2"):
    swallow(HOSTILE[name][0])
seen = []
watched = ("open", "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "urllib.", "http.", "ctypes.dl")
sys.addaudithook(lambda event, args: seen.append((event, str(args[:1]))) if event.startswith(watched) else None)
for data, _ in HOSTILE.values():
    try:
        read(data)
    except RefusedFile:
        pass
print("opened:", seen)
seen.clear()
open(__import__("os").devnull).close()
print("watching:", [event for event, _ in seen])
"""


@pytest.mark.requirement("ASVS 1.5.1", "R27")
def test_no_file_is_opened_and_no_address_called_for_any_of_them() -> None:
    """In a process of its own: an audit hook can never be taken out again."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", WATCH], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout.splitlines() == ["opened: []", "watching: ['open']"], done.stderr


@pytest.mark.requirement("ASVS 5.3.2", "R26")
def test_nothing_in_the_package_opens_paths_or_reads_through_such_a_reader() -> None:
    forbidden = {
        "pyogrio",
        "fiona",
        "osgeo",
        "urllib",
        "requests",
        "httpx",
        "socket",
        "subprocess",
        "pickle",
        "tempfile",
    }
    calls = {"open", "eval", "exec", "compile", "read_file", "read_csv", "read_excel", "read_json", "read_parquet"}
    [folder] = geodata.intake.__path__
    modules = list(Path(folder).glob("*.py"))
    assert len(modules) > 10
    for path in modules:
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, ast.Import):
                assert not {alias.name.split(".")[0] for alias in node.names} & forbidden, path
            if isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] not in forbidden, path
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                zip_member = path.name == "archive.py" and ast.unparse(node.func) == "archive.open"
                # Arrow's reader of tables is given bytes in memory, and nothing else.
                in_memory = path.name == "bulk_csv.py" and ast.unparse(node).startswith(
                    "arrow_csv.read_csv(io.BytesIO("
                )
                assert name not in calls - {"compile"} or zip_member or in_memory, (path, ast.unparse(node))


# ------------------------------------------------------------------------------------------- rows, not whole files


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (strangers.kml(PLACEMARK + PLACEMARK.replace("7.9911", "NaN")), '"NaN" is not a finite number.'),
        (strangers.kml(PLACEMARK + PLACEMARK.replace("7.9911", "1e999")), '"1e999" is not a finite number.'),
        (
            strangers.kml(PLACEMARK + PLACEMARK.replace("7.9911,", "")),
            "Every point must be a longitude and a latitude.",
        ),
        (strangers.gpx(WAYPOINT + WAYPOINT.replace("7.9911", "inf")), '"inf" is not a finite number.'),
        (
            strangers.geopackage("INSERT INTO a VALUES ('x', x'47500001E6100000FF');"),
            "The shape is damaged.",
        ),
        (
            b"<events>" + strangers.EVENT + strangers.EVENT.replace(b'lat="16.9734"', b'lat="here"') + b"</events>",
            '"here" is not a finite number.',
        ),
        (
            b"<events>" + strangers.EVENT + b'<event type="t-x-c-t"><point lat="0" lon="0"/></event></events>',
            "This event is a message to a program, and no place.",
        ),
        (strangers.gpx(WAYPOINT + "<rte/>"), "A line needs at least two different points."),
        (shapes([AGADEZ, (float("nan"), 1.0)]), "Every point must be two finite numbers."),
        (shapes([AGADEZ, (float("inf"), 1.0)]), "Every point must be two finite numbers."),
        (b"a,b\n1,2\n1," + b"x" * 10_001 + b"\n", "The text is longer than 10,000 characters."),
        (
            strangers.geojson(point(1, 2), {"type": "LineString", "coordinates": [[n, n / 2] for n in range(10_001)]}),
            "The shape has more than 10,000 points. Simplify it or divide it.",
        ),
    ],
)
def test_one_bad_row_is_refused_with_its_reason_and_the_others_stay(data: bytes, reason: str) -> None:
    table = read(data)
    assert len(table) == 1
    assert [str(row) for row in table.refused] == [reason]
    assert table.refused_total == 1


def test_reasons_are_kept_for_the_first_thousand_and_counted_for_all() -> None:
    table = csv_.read(b"a,b\n" + b"1,2,3\n" * 5000)
    assert (len(table.refused), table.refused_total) == (1000, 5000)


def test_lines_are_counted_over_the_whole_file() -> None:
    line = {"type": "LineString", "coordinates": [[n / 100, n / 200] for n in range(9_000)]}
    with pytest.raises(RefusedFile, match="more than 50,000 points together"):
        geojson.read(strangers.geojson(*[line] * 6))


def test_a_limit_on_rows_holds_for_every_format() -> None:
    few = replace(LIMITS, rows=2)
    for data in (
        b"a,b\n1,2\n3,4\n5,6\n",
        strangers.geojson(*[point(1, 2)] * 3),
        strangers.kml(PLACEMARK * 3),
        strangers.gpx(WAYPOINT * 3),
        shapes([AGADEZ] * 3),
    ):
        with pytest.raises(RefusedFile, match="more than 2 rows"):
            read(data, limits=few)


def test_formulas_stay_texts() -> None:
    formulas = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1,1)", '=HYPERLINK("http://example.org")']
    rows = "".join(f'"{text.replace(chr(34), chr(34) * 2)}"\n' for text in formulas)
    assert csv_.read(f"note\n{rows}".encode()).frame["note"].tolist() == formulas
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>n</t></is></c></row>'
    computed = sheet(head + '<row r="2"><c r="A2"><f>1+1</f><v>5</v></c></row>')
    assert workbooks.read(computed).frame["n"].tolist() == ["5"]


# --------------------------------------------------------------------------------------------------------- fuzz

READERS: list[Callable[[bytes], FileTable]] = [
    csv_.read,
    geojson.read,
    kml.read,
    kml.read_packed,
    gpx.read,
    shapefile.read,
    workbooks.read,
    read,
]
SEEDS = [
    b"name,lat,lon\nNorth,16.97,7.99\n",
    "a;b\n\u202e\u0663;1,5\n".encode("utf-16"),
    strangers.geojson(point(*AGADEZ), {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 0]]]}),
    strangers.kml(PLACEMARK),
    strangers.gpx(WAYPOINT),
    zipped({"doc.kml": strangers.kml(PLACEMARK)}),
    shapes([AGADEZ, (8.0, 17.0)]),
    zipped(parts_of(polygons=[[[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (0.0, 0.0)]]]), zipfile.ZIP_STORED),
    zipped(parts_of(), zipfile.ZIP_STORED),
    workbook([["name", "lat"], ["North", 16.97]]),
]
SOURCE = Provenance("a stranger", "unknown", "unknown", "unknown", date(2026, 11, 24))


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A good file, cut, with bytes changed, put in or taken out."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.integers(0, 3)):
            case 0:
                data[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
            case 1:
                data[place:place] = draw(st.binary(min_size=1, max_size=8))
            case 2:
                del data[place : place + draw(st.integers(1, 40))]
            case _:
                del data[place:]
    return bytes(data)


def swallow(data: bytes) -> None:
    """Read with every reader and accept what was read; only `RefusedFile` is swallowed."""
    for reader in READERS:
        try:
            table = reader(data)
        except RefusedFile:
            continue
        assert len(table) + table.refused_total <= LIMITS.rows
        try:
            accept(table, proposed(table), SOURCE, today=date(2026, 11, 24))
        except RefusedFile:
            continue


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mangled())
def test_a_mangled_file_raises_nothing_but_the_refusal(data: bytes) -> None:
    swallow(data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_random_bytes_raise_nothing_but_the_refusal(data: bytes) -> None:
    swallow(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-200, 200)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("examples", [15, pytest.param(60, marks=pytest.mark.rest)])
@pytest.mark.requirement("R32")
def test_any_json_where_coordinates_and_properties_should_be(examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(
        kind=st.sampled_from(["Point", "MultiPoint", "LineString", "Polygon", "MultiPolygon", "x"]),
        inside=JSON,
        more=JSON,
    )
    def is_read_or_refused(kind: str, inside: Any, more: Any) -> None:
        geometry = {"type": kind, "coordinates": inside}
        feature = {"type": "Feature", "properties": more, "geometry": geometry}
        data = json.dumps({"type": "FeatureCollection", "features": [feature, more]}).encode()
        try:
            table = geojson.read(data)
        except RefusedFile:
            return
        assert len(table) + table.refused_total == 2

    is_read_or_refused()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_cell_is_a_value_or_unfit(first: str, second: str) -> None:
    readings: tuple[Callable[[], Any], ...] = (
        lambda: values.quantity(first),
        lambda: values.pair(first, second),
        lambda: values.position(first),
        lambda: values.span(first, zone=second),
        lambda: values.span(first, day_first=True, monthly=True),
    )
    for reading in readings:
        try:
            reading()
        except UnusableRow:
            continue


@given(st.text())
@pytest.mark.requirement("ASVS 1.1.1")
def test_cleaned_text_can_be_stored_and_is_clean_already(text: str) -> None:
    cleaned = plain(text)
    assert cleaned.encode().decode() == cleaned
    assert plain(cleaned) == cleaned
