"""What is written is read back equal, and nothing in it runs anywhere."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import gpx as judge
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from geodata.intake import csv_, files
from geodata.intake import geojson as geojson_in
from geodata.intake import gpx as gpx_in
from geodata.intake import kml as kml_in
from geodata.intake.table import FileTable, IntakeFormat
from geodata.outputs import cot, geojson, geopackage, gpx, kml, shapefile, table
from geodata.outputs.objects import FileMetadata, PlanObject, degrees, parts

ABOUT = FileMetadata(
    "Sentinel <North> & South",
    datetime(2026, 11, 24, 20, 0, 0, 250_000, tzinfo=UTC),
    "INTERPOL FOR OFFICIAL USE ONLY",
    ("Made with Natural Earth", "IOM (CC BY 4.0)"),
    "No opinion on the status of any territory is expressed.",
)
SQUARE = [[7.0, 16.0], [9.0, 16.0], [9.0, 18.0], [7.0, 18.0], [7.0, 16.0]]
HOLE = [[7.5, 16.5], [7.5, 17.0], [8.0, 17.0], [7.5, 16.5]]
FAR = [[-180.0, -17.0], [-179.0, -17.0], [-179.0, -16.0], [-180.0, -17.0]]
NASTY = '<script>alert(1)</script> & "it\'s" ]]> =1+1 \u202etxt.exe é 日本 \U0001f6c2 %s {x} \\ &amp;'


def made(number: int, kind: str, shape: str, coordinates: Any, **more: Any) -> PlanObject:
    given = {"name": f"Name {number}", "state": "planned", "classification": "restricted", "sources": ("a", "b")} | more
    return PlanObject(str(number), kind, geometry={"type": shape, "coordinates": coordinates}, **given)


OBJECTS = [
    made(1, "checkpoint", "Point", [7.9911, 16.9734], note="two lines\nof text"),
    made(2, "observation_post", "Point", [-70.123456, -33.5], state="active", name=NASTY, note=NASTY),
    made(3, "coordination_unit", "Point", [0.0, 0.0], note="=HYPERLINK(1)", sources=()),
    made(4, "route", "LineString", [[7.9911, 16.9734], [5.53, 22.79], [5.5, 23.0]]),
    made(5, "route", "MultiLineString", [[[179.0, -17.0], [180.0, -17.0]], [[-180.0, -17.0], [-179.0, -17.0]]]),
    made(6, "area", "Polygon", [SQUARE, HOLE], classification=""),
    made(7, "hotspot", "MultiPolygon", [[SQUARE], [FAR]], state="closed"),
]


def text(value: str) -> str:
    """What our own intake leaves of a text: it cleans what no text should hold."""
    return value.replace("\u202e", "")


def check_attributes(found: FileTable, expected: list[PlanObject], columns: dict[str, str], sources: list[str]) -> None:
    rows = found.frame.rename(columns=columns).set_index("id").to_dict("index")
    assert set(rows) == {each.id for each in expected}
    for each, joined in zip(expected, sources, strict=True):
        row = rows[each.id]
        attributes = each.attributes | {"sources": joined}
        assert {name: row.get(name, "") for name in attributes if name != "id"} == {
            name: text(value) for name, value in attributes.items() if name != "id"
        }


def shapes_by_id(found: FileTable) -> dict[str, Any]:
    assert found.geometry is not None
    return dict(zip(found.frame["id"], found.geometry, strict=True))


def test_geojson_is_read_back_equal() -> None:
    data = geojson.write(OBJECTS, ABOUT)
    found = geojson_in.read(data)
    assert (found.refused_total, len(found)) == (0, len(OBJECTS))
    check_attributes(found, OBJECTS, {}, [json.dumps(each.sources, separators=(",", ":")) for each in OBJECTS])
    back = shapes_by_id(found)
    for each in OBJECTS:
        assert back[each.id].equals_exact(each.shape, 0)
    content = json.loads(data)
    assert content["about"]["classification"] == ABOUT.classification
    assert content["features"][1]["properties"]["note"] == NASTY
    assert b"<" not in data
    assert b"&" not in data


def test_kml_is_read_back_equal() -> None:
    data = kml.write(OBJECTS, ABOUT)
    found = kml_in.read(data)
    assert (found.refused_total, len(found)) == (0, len(OBJECTS))
    check_attributes(found, OBJECTS, {}, ["; ".join(each.sources) for each in OBJECTS])
    back = shapes_by_id(found)
    for each in OBJECTS:
        assert back[each.id].equals_exact(each.shape, 1e-7)
    folders = dict(zip(found.frame["id"], found.frame["folder"], strict=True))
    assert folders == {each.id: each.kind for each in OBJECTS}
    # A balloon shows the description as HTML: after XML is read, no tag may be left in it.
    assert not found.frame["description"].str.contains("[<>]").any()


def test_gpx_is_read_back_equal() -> None:
    data = gpx.write(OBJECTS, ABOUT)
    found = gpx_in.read(data)
    assert (found.refused_total, len(found)) == (0, len(OBJECTS))
    columns = {"desc": "note", "type": "kind"}
    check_attributes(found, OBJECTS, columns, ["; ".join(each.sources) for each in OBJECTS])
    back = shapes_by_id(found)
    kinds = dict(zip(found.frame["id"], found.frame["shape"], strict=True))
    for each in OBJECTS:
        assert kinds[each.id] == each.geometry["type"]
        rings = each.shape.boundary if "Polygon" in kinds[each.id] else each.shape
        assert shapely.normalize(back[each.id]).equals_exact(shapely.normalize(rings), 1e-7)
    root = ElementTree.fromstring(data)
    names = [each.tag.rpartition("}")[2] for each in root]
    assert names == ["metadata", *["wpt"] * 3, "rte", *["trk"] * 3]
    assert root[0][2].text == "2026-11-24T20:00:00Z"


def test_gpx_is_valid_for_a_judge_of_others_at_the_ends_of_the_earth_too() -> None:
    """By the package `gpx`, which holds the schema of GPX 1.1: longitudes end before 180 there."""
    ends = [made(10, "checkpoint", "Point", [lon, lat]) for lon, lat in ((180, 90), (-180, -90), (179.99999999, 0))]
    ends = [PlanObject(f"e{n}", each.kind, each.name, each.state, each.geometry) for n, each in enumerate(ends)]
    data = gpx.write([*OBJECTS, *ends], ABOUT)
    assert judge.validate_text(data).issues == []
    broken = data.replace(b'lon="179.9999999"', b'lon="180"', 1)
    assert len(judge.validate_text(broken).issues) == 1  # it does look


def test_kml_is_valid_by_the_schema_of_ogc(tmp_path: Path) -> None:
    with zipfile.ZipFile(Path(__file__).parent / "schemas" / "kml22.zip") as schemas:
        schemas.extractall(tmp_path)
    schema = etree.XMLSchema(etree.parse(tmp_path / "ogckml22.xsd"))
    data = kml.write(OBJECTS, ABOUT)
    schema.assertValid(etree.fromstring(data))
    broken = data.replace(b"<coordinates>", b"<coordinate>").replace(b"</coordinates>", b"</coordinate>")
    assert not schema.validate(etree.fromstring(broken))  # it does look


def test_geopackage_is_read_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    path.write_bytes(geopackage.write(OBJECTS, ABOUT))
    layers = dict(map(tuple, pyogrio.list_layers(path)))
    assert layers == {"about": None, "points": "Point", "lines": "MultiLineString", "areas": "MultiPolygon"}
    back = {}
    for layer in ("points", "lines", "areas"):
        frame = pyogrio.read_dataframe(path, layer=layer)
        assert frame.crs == "EPSG:4326"
        back |= frame.set_index("object_id").to_dict("index")
    for each in OBJECTS:
        row = back[each.id]
        kept = {"multi": row.pop("geometry")}["multi"]
        assert row == {name: value for name, value in each.attributes.items() if name != "id"}
        expected = each.shape
        assert shapely.get_num_geometries(kept) == shapely.get_num_geometries(expected)
        assert all(
            a.equals_exact(b, 0) for a, b in zip(shapely.get_parts(kept), shapely.get_parts(expected), strict=True)
        )
    about = pyogrio.read_dataframe(path, layer="about")
    assert dict(zip(about["key"], about["value"], strict=True)) == ABOUT.texts


def test_a_geopackage_of_one_kind_has_no_empty_layers(tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    path.write_bytes(geopackage.write(OBJECTS[:1], ABOUT))
    assert {name for name, _ in pyogrio.list_layers(path)} == {"about", "points"}
    path.write_bytes(geopackage.write([], ABOUT))
    assert {name for name, _ in pyogrio.list_layers(path)} == {"about"}


def test_cursor_on_target_is_read_back_equal() -> None:
    root = packed_events(cot.write(OBJECTS, ABOUT, timedelta(hours=6)))
    events: dict[str, list[Any]] = {}
    for event in root:
        own = event.find("detail/muster")
        events.setdefault(own.get("id"), []).append(event)
    kinds = {ident: found[0].get("type") for ident, found in events.items()}
    assert kinds == {
        "1": "b-m-p-c",
        "2": "b-m-p-s-p-op",
        "3": "b-m-p-s-m",
        "4": "b-m-r",
        "5": "b-m-r",
        "6": "u-d-f",
        "7": "u-d-f",
    }
    for each in OBJECTS:
        found = events[each.id]
        first = found[0]
        assert first.get("version") == "2.0"
        assert (first.get("time"), first.get("start")) == ("2026-11-24T20:00:00.250Z",) * 2
        assert first.get("stale") == "2026-11-25T02:00:00.250Z"
        assert first.get("how") == "h-e"
        assert first.get("access") == (each.classification or ABOUT.classification)
        assert first.find("detail/contact").get("callsign") == each.name
        assert (first.find("detail/remarks").text or "") == each.note
        assert dict(first.find("detail/muster").items()) == {
            name: value for name, value in each.attributes.items() if name not in ("name", "note")
        }
        lines = [[_lonlat(link.get("point")) for link in event.findall("detail/link")] for event in found]
        coordinates = parts(each.geometry)
        if each.geometry["type"] == "Point":
            place = first.find("point")
            assert [float(place.get("lon")), float(place.get("lat"))] == list(each.geometry["coordinates"])
            assert {place.get(name) for name in ("hae", "ce", "le")} == {"9999999.0"}
            assert lines == [[]]
        elif "Polygon" in each.geometry["type"]:
            assert lines == [ring for area in coordinates for ring in area]
        else:
            assert lines == coordinates
            assert {link.get("type") for link in first.findall("detail/link")} == {"b-m-p-w"}
    uids = [event.get("uid") for event in root]
    assert len(set(uids)) == len(uids)


TAK_LINK = {"uid", "callsign", "type", "point", "remarks", "relation"}
TAK_ATTRIBUTES = {
    "planningmethod": {"Infil", "Exfil"},
    "method": {"Driving", "Walking", "Flying", "Swimming", "Watercraft"},
    "direction": {"Infil", "Exfil"},
    "routetype": {"Primary", "Secondary"},
    "order": {"Ascending Check Points", "Descending Check Points"},
}
TAK_MORE = {"color", "prefix", "type", "stroke"}


def test_routes_in_cursor_on_target_have_what_takcot_asks_of_them() -> None:
    """What `Route.xsd` of TAK-Product-Center's takcot requires: attributes, their values, and the order of elements."""
    root = packed_events(cot.write(OBJECTS, ABOUT))
    routes = [event for event in root if event.get("type") == "b-m-r"]
    assert len(routes) == 3
    for event in routes:
        links = event.findall("detail/link")
        assert all(set(each.keys()) == TAK_LINK for each in links)
        [how] = event.findall("detail/link_attr")
        assert set(how.keys()) == TAK_ATTRIBUTES.keys() | TAK_MORE
        assert all(how.get(name) in values for name, values in TAK_ATTRIBUTES.items())
        order = [each.tag for each in event.find("detail")]
        more = ["link_attr", "strokeColor", "strokeWeight", "__routeinfo", "contact", "remarks", "archive", "labels_on"]
        assert order == ["link"] * len(links) + more + ["color", "muster"]
        assert event.find("detail/__routeinfo/__navcues") is not None


def packed_events(package: bytes) -> list[Any]:
    """The events of a data package, in the order of its manifest, which names each of them and nothing else."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        manifest = ElementTree.fromstring(archive.read("MANIFEST/manifest.xml"))
        entries = [each.get("zipEntry") for each in manifest.iterfind("Contents/Content")]
        assert archive.namelist() == [*entries, "MANIFEST/manifest.xml"]
        return [ElementTree.fromstring(archive.read(entry)) for entry in entries]


def test_a_data_package_has_the_manifest_that_tak_reads() -> None:
    """The structure of `MissionPackageManifest`, version 2, as node-CoT's `DataPackage` checks it with its schema.

    node-CoT 14.23.2 read this package: 10 events, each with its type and callsign.
    """
    package = cot.write(OBJECTS, ABOUT)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        root = ElementTree.fromstring(archive.read("MANIFEST/manifest.xml"))
    assert (root.tag, root.attrib) == ("MissionPackageManifest", {"version": "2"})
    assert [each.tag for each in root] == ["Configuration", "Contents"]
    told = {each.get("name"): each.get("value") for each in root.iterfind("Configuration/Parameter")}
    assert (told["name"], told["onReceiveImport"], told["onReceiveDelete"]) == (ABOUT.title, "true", "false")
    assert ABOUT.disclaimer in told["remarks"]
    assert UUID(told["uid"])
    for content, event in zip(root.iterfind("Contents/Content"), packed_events(package), strict=True):
        assert content.get("ignore") == "false"
        assert re.fullmatch(r"([0-9a-f-]{36})/\1\.cot", str(content.get("zipEntry")))
        parameters = {each.get("name"): each.get("value") for each in content}
        assert parameters == {"uid": event.get("uid"), "name": event.find("detail/contact").get("callsign")}
    assert cot.write(OBJECTS, ABOUT) == package


def test_a_data_package_comes_in_again_with_every_event() -> None:
    found = files.read(cot.write(OBJECTS, ABOUT), "plan.zip")
    assert (found.format, found.refused_total) == (IntakeFormat.TAK, 0)
    assert dict(zip(found.frame["name"], found.frame["kind"], strict=True)) == {
        text(each.name): each.kind for each in OBJECTS
    }
    kinds = [shape.geom_type for shape in found.geometry]
    assert kinds == ["Point"] * 3 + ["LineString"] * 3 + ["Polygon"] * 4


def test_zipped_shapefiles_are_read_back_equal_long_texts_too(tmp_path: Path) -> None:
    """By GDAL, and by our own intake: a note longer than a cell of dBASE goes on in the next column."""
    long = made(8, "area", "Polygon", [SQUARE], note="ن" * 2000)
    data = shapefile.write([*OBJECTS, long], ABOUT)
    path = tmp_path / "plan.zip"
    path.write_bytes(data)
    shapes = {}
    for layer in ("points", "lines", "areas"):
        frame = pyogrio.read_dataframe(f"/vsizip/{path}/{layer}.shp")
        assert frame.crs == "EPSG:4326"
        shapes |= dict(zip(frame["id"], frame.geometry, strict=True))
    assert all(shapely.equals(shapes[each.id], each.shape) for each in OBJECTS)
    found = files.read(data, "plan.zip")
    assert (found.format, found.refused_total, len(found)) == (IntakeFormat.SHAPEFILE, 0, len(OBJECTS) + 1)
    assert set(found.frame["layer"]) == {"points", "lines", "areas"}
    row = found.frame[found.frame["id"] == "8"].iloc[0]
    assert "".join(row[name] for name in found.columns if name.startswith("note")) == long.note
    assert row["class"] == long.classification
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert ABOUT.disclaimer in archive.read("about.txt").decode()


def test_a_geopackage_comes_in_again() -> None:
    found = files.read(geopackage.write(OBJECTS, ABOUT), "plan.gpkg")
    assert (found.format, found.refused_total, found.notes) == (IntakeFormat.GEOPACKAGE, 0, ())
    shapes = dict(zip(found.frame["object_id"], found.geometry, strict=True))
    assert all(shapely.equals(shapes[each.id], each.shape) for each in OBJECTS)
    assert set(found.frame["layer"]) == {"points", "lines", "areas"}


def test_an_event_must_have_a_future_and_a_file_a_zone() -> None:
    with pytest.raises(ValueError, match="stale"):
        cot.write(OBJECTS, ABOUT, timedelta(0))
    with pytest.raises(ValueError, match="needs a zone"):
        FileMetadata("x", datetime(2026, 11, 24))  # noqa: DTZ001 - that is the point
    elsewhere = FileMetadata("x", datetime(2026, 11, 24, 21, tzinfo=timezone(timedelta(hours=1))))
    [event] = packed_events(cot.write(OBJECTS[:1], elsewhere))
    assert event.get("time") == "2026-11-24T20:00:00.000Z"


def _lonlat(point: str) -> list[float]:
    lat, lon = point.split(",")
    return [float(lon), float(lat)]


# -------------------------------------------------------------------------------------------------------- tables

FORMULAS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    " =1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    '="a"&"b"',
]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.requirement("R37")
def test_no_cell_of_a_table_is_a_formula(formula: str) -> None:
    objects = [made(1, "checkpoint", "Point", [-7.9, -16.9], name=formula, note=formula)]
    about = FileMetadata(formula, ABOUT.made_at, formula)
    content = table.as_csv(objects, about)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    numbers = 0
    for cell in (cell for row in rows for cell in row):
        if cell.lstrip().startswith(("=", "+", "-", "@", "＝")):
            assert float(cell) < 0
            numbers += 1
    assert numbers == 2  # latitude and longitude stay numbers
    book = load_workbook(io.BytesIO(table.as_xlsx(objects, about)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type in ("s", "n") for cell in cells)
    assert [cell.value for cell in cells if cell.data_type == "n"] == [-16.9, -7.9]


def test_the_table_names_the_place_in_three_writings() -> None:
    content = table.as_csv(OBJECTS[:1], ABOUT)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    row = dict(zip(rows[-2], rows[-1], strict=True))
    assert (row["latitude"], row["longitude"], row["mgrs"]) == ("16.9734", "7.9911", "32QLD 92589 76888")
    assert row["wkt"] == "POINT (7.9911 16.9734)"
    assert csv_.read(content.partition(b"\r\n\r\n")[2]).frame.at[2, "name"] == "Name 1"


# ------------------------------------------------------------------------------------------------ any text, any place

texts = st.text(max_size=30)
places = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list)


@settings(deadline=None, max_examples=60)
@given(name=texts, note=texts, source=texts, place=places)
@pytest.mark.requirement("ASVS 1.2.1")
def test_any_text_and_any_place_makes_files_that_are_read(
    name: str, note: str, source: str, place: list[float]
) -> None:
    objects = [made(1, "checkpoint", "Point", place, name=name, note=note, sources=(source,))]
    about = FileMetadata(name, ABOUT.made_at, note, (source,))
    for data in (geojson.write(objects, about), kml.write(objects, about), gpx.write(objects, about)):
        found = files.read(data)
        assert found.geometry is not None
        assert len(found) == 1
        assert abs(found.geometry[0].x - place[0]) < 1e-7
        assert abs(found.geometry[0].y - place[1]) < 1e-7
    assert len(packed_events(cot.write(objects, about))) == 1
    assert table.as_csv(objects, about)
    assert table.as_xlsx(objects, about)


@given(st.floats(-180, 180))
def test_degrees_are_plain_decimals_to_a_centimetre(number: float) -> None:
    assert set(degrees(number)) <= set("-.0123456789")
    assert abs(float(degrees(number)) - number) <= 5.1e-8


@pytest.mark.parametrize(
    ("shape", "coordinates"),
    [
        ("Circle", [1, 2]),
        ("MultiPoint", [[1, 2]]),
        ("Point", [float("nan"), 1.0]),
        ("Point", [181.0, 1.0]),
        ("Point", [1.0, -91.0]),
        ("LineString", []),
    ],
)
def test_objects_off_the_earth_or_of_other_shapes_are_not_written(shape: str, coordinates: Any) -> None:
    with pytest.raises(ValueError, match="object of the plan"):
        made(1, "area", shape, coordinates)


def test_two_objects_of_one_id_are_not_written() -> None:
    with pytest.raises(ValueError, match="same id"):
        geojson.write([OBJECTS[0], OBJECTS[0]], ABOUT)
