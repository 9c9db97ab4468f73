"""Good files of every format, as programs write them: read whole, with every row in its place."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from geodata.ground.crs import GEOD
from geodata.intake import csv_, geojson, gpx, kml, shapefile
from geodata.intake import workbook as workbooks
from geodata.intake.files import read
from geodata.intake.sniff import sniff
from geodata.intake.table import LIMITS, FileTable, IntakeFormat, RefusedFile
from tests.geodata import strangers
from tests.geodata.strangers import AGADEZ, PLACEMARK, WAYPOINT, point, shapes, workbook, zipped

TABLE = "name,lat,lon\nNorth,16.9734,7.9911\n"


def said(table: FileTable) -> list[str]:
    return [str(note) for note in table.notes]


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (TABLE.encode(), IntakeFormat.CSV),
        (TABLE.encode("utf-16"), IntakeFormat.CSV),
        (b"\xef\xbb\xbf" + TABLE.encode(), IntakeFormat.CSV),
        (strangers.geojson(point(*AGADEZ), properties={"name": "North"}), IntakeFormat.GEOJSON),
        (b"\xef\xbb\xbf \n" + strangers.geojson(point(*AGADEZ), properties={"name": "North"}), IntakeFormat.GEOJSON),
        (workbook([["name", "lat", "lon"], ["North", 16.9734, 7.9911]]), IntakeFormat.XLSX),
        (strangers.opendocument([["name", "lat", "lon"], ["North", 16.9734, 7.9911]]), IntakeFormat.ODS),
        (strangers.kml(PLACEMARK), IntakeFormat.KML),
        (strangers.kml(PLACEMARK).decode().encode("utf-16"), IntakeFormat.KML),
        (zipped({"doc.kml": strangers.kml(PLACEMARK)}), IntakeFormat.KMZ),
        (strangers.gpx(WAYPOINT), IntakeFormat.GPX),
        (shapes(names=["North"]), IntakeFormat.SHAPEFILE),
        (strangers.geopackage(), IntakeFormat.GEOPACKAGE),
        (strangers.EVENT, IntakeFormat.COT),
        (b"<events>" + strangers.EVENT + b"</events>", IntakeFormat.COT),
        (zipped({"a/a.cot": strangers.EVENT, "MANIFEST/manifest.xml": b"<a/>"}), IntakeFormat.TAK),
    ],
)
@pytest.mark.requirement("ASVS 5.2.2", "R36")
def test_the_content_decides_the_format_whatever_the_name_says(data: bytes, form: IntakeFormat) -> None:
    assert sniff(data) is form
    table = read(data, name="holiday.png")
    assert table.format is form
    assert table.frame["name"].tolist() == ["North"]
    assert "ends in .png" in said(table)[0]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("north.csv", TABLE.encode()),
        ("folder/NORTH.TXT", TABLE.encode("utf-16")),
        ("north.geojson", strangers.geojson(point(*AGADEZ), properties={"name": "North"})),
        ("north.json", strangers.geojson(point(*AGADEZ), properties={"name": "North"})),
    ],
)
def test_one_text_in_an_archive_is_read_as_it_is_outside(name: str, data: bytes) -> None:
    rubbish = {"__MACOSX/._north": b"\x00\x05\x16\x07", "empty/": b""}
    for members in ({name: data}, {name: data, **rubbish}):
        table = read(zipped(members), name="north.zip")
        assert table.frame.equals(read(data).frame)
        assert table.format is read(data).format
        assert said(table) == said(read(data))


def test_a_text_in_an_archive_may_be_larger_than_a_file_as_far_as_it_is_allowed() -> None:
    data = b"lat,lon\n" + b"".join(b"%d.%d,%d\n" % (n % 80, n, n % 170) for n in range(60_000))
    few = replace(LIMITS, size=400_000, zipped=len(data))
    assert len(zipped({"a.csv": data})) < few.size < few.zipped
    assert len(read(zipped({"a.csv": data}), limits=few)) == 60_000
    with pytest.raises(RefusedFile, match="larger than 0 MB"):
        read(data, limits=few)
    with pytest.raises(RefusedFile, match="unpacks to more than is allowed"):
        read(zipped({"a.csv": data}), limits=replace(few, zipped=len(data) - 1))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b\n1,5;2\n", [["1,5", "2"]]),
        ("a\tb\n1\t2\n", [["1", "2"]]),
        ("a|b\n1|2\n", [["1", "2"]]),
        ("sep=;\na;b\n1;2,0\n", [["1", "2,0"]]),
        ('a,b\n"one, two","line\nbreak"\n', [["one, two", "line\nbreak"]]),
        ("\n\na,b\n\n1,2\n,\n3,\n", [["1", "2"], ["3", ""]]),
        ("a,b,,\n1,2,,\n", [["1", "2"]]),
        ("a,b\r1,2\r", [["1", "2"]]),
        ("a,b\n=1+1,@SUM(1)\n", [["=1+1", "@SUM(1)"]]),
    ],
)
def test_delimiters_quotes_blank_rows_and_line_ends(text: str, rows: list[list[str]]) -> None:
    table = csv_.read(text.encode())
    assert table.columns == ("a", "b")
    assert table.frame.to_numpy().tolist() == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    table = csv_.read("place;note\nMéchéria;à l’est\n".encode(encoding))
    assert table.frame.loc[2].tolist() == ["Méchéria", "à l’est"]
    assert said(table) == (
        ["The file is not UTF-8. It was read as Windows-1252: look at names with accents."]
        if encoding == "cp1252"
        else []
    )


def test_lines_of_two_encodings_in_one_file_are_both_read() -> None:
    table = csv_.read("a;b\nŻółw;1\n".encode() + "Méchéria;2\n".encode("cp1252"))
    assert table.frame["a"].tolist() == ["Żółw", "Méchéria"]
    assert said(table) == ["Some lines are UTF-8 and some Windows-1252: look at names with accents."]


def test_a_row_with_too_many_cells_is_refused_by_its_number_and_the_rest_is_read() -> None:
    table = csv_.read(b"a,b\n1,2\n1,2,3\n4,5\n")
    assert table.frame.index.tolist() == [2, 4]
    assert [(row.row, str(row)) for row in table.refused] == [(3, "The row has 3 cells, but there are 2 headings.")]


def test_unseen_characters_leave_texts_and_headings() -> None:
    table = csv_.read("na\u200bme,x\n\u202eevil\u202c,Ame\u0301lie\n".encode())
    assert table.columns == ("name", "x")
    assert table.frame.loc[2].tolist() == ["evil", "Am\u00e9lie"]


def test_every_shape_of_geojson_and_its_properties() -> None:
    ring = [[0, 0], [2, 0], [2, 2], [0, 0]]
    geometries = [
        point(7, 16),
        {"type": "MultiPoint", "coordinates": [[7, 16], [8, 16, 250]]},
        {"type": "LineString", "coordinates": [[7, 16], [8, 16]]},
        {"type": "MultiLineString", "coordinates": [[[7, 16], [8, 16]], [[1, 1], [2, 2]]]},
        {"type": "Polygon", "coordinates": [ring]},
        {"type": "MultiPolygon", "coordinates": [[ring], [[[5, 5], [6, 5], [6, 6], [5, 5]]]]},
        None,
    ]
    table = geojson.read(
        strangers.geojson(*geometries, properties={"n": 3, "f": 1.5, "on": True, "no": None, "l": [1]})
    )
    assert table.geometry is not None
    assert [None if each is None else each.geom_type for each in table.geometry] == [
        *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
        None,
    ]
    assert table.frame.loc[1].to_dict() == {"n": "3", "f": "1.5", "on": "true", "no": "", "l": "[1]"}


def test_a_bad_feature_is_refused_by_its_number_and_the_rest_is_read() -> None:
    bow = {"type": "Polygon", "coordinates": [[[7, 16], [9, 18], [9, 16], [7, 18], [7, 16]]]}
    open_ring = {"type": "Polygon", "coordinates": [[[7, 16], [9, 18], [9, 16], [7, 18]]]}
    table = geojson.read(
        strangers.geojson(point(7, 16), bow, open_ring, point("7", "16"), {"type": "Circle"}, point(8, 17))
    )
    assert table.frame.index.tolist() == [1, 6]
    assert [(row.row, str(row)) for row in table.refused] == [
        (2, "The outline crosses or touches itself near 8, 17."),
        (3, "The outline is not closed: its last point is not its first."),
        (4, "Every point must be a longitude and a latitude in numbers."),
        (5, "The shape must be a point, a line or an area."),
    ]


def test_an_open_outline_of_three_points_is_called_open_and_one_of_two_too_short() -> None:
    three, two = [[7, 16], [9, 18], [9, 16]], [[7, 16], [9, 18], [7, 16], [7, 16]]
    table = geojson.read(strangers.geojson(*({"type": "Polygon", "coordinates": [ring]} for ring in (three, two))))
    assert [str(row) for row in table.refused] == [
        "The outline is not closed: its last point is not its first.",
        "An area needs at least three different points.",
    ]


def test_a_point_with_more_numbers_than_are_read_says_so() -> None:
    table = geojson.read(strangers.geojson(*({"type": "Point", "coordinates": [7, 16, *[1] * n]} for n in (1, 2, 3))))
    assert table.frame.index.tolist() == [1, 2]
    assert said(table) == ["Some features (1) have a fourth number in their points. It was left out."]
    assert [str(row) for row in table.refused] == [
        "A point has 5 numbers. More than 4 are not read: longitude, latitude, height."
    ]
    inside = "<Placemark><Point><coordinates>7,16,1,2</coordinates></Point></Placemark>"
    assert [str(row) for row in kml.read(strangers.kml(inside)).refused] == [
        "A point has 4 numbers. More than 3 are not read: longitude, latitude, height."
    ]


@pytest.mark.requirement("ASVS 1.3.4")
def test_pictures_over_the_map_are_left_out_and_a_file_of_them_alone_is_refused_with_the_reason() -> None:
    picture = "<GroundOverlay><name>Flood</name><Icon><href>flood.png</href></Icon></GroundOverlay>"
    placemark = "<Placemark><Point><coordinates>7,16</coordinates></Point></Placemark>"
    with pytest.raises(RefusedFile, match=r"pictures that lie over the map \(1\), and no placemark"):
        kml.read(strangers.kml(f"<Document>{picture}</Document>"))
    table = kml.read(strangers.kml(f"<Document>{picture}{picture}{placemark}</Document>"))
    assert len(table) == 1
    assert said(table) == [
        "The file holds pictures that lie over the map (2). They were left out: no places are in them."
    ]


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"])
def test_an_old_geojson_may_name_wgs84_and_nothing_else(name: str) -> None:
    old = '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"%s"}},"features":[]}'
    assert len(geojson.read((old % name).encode())) == 0
    with pytest.raises(RefusedFile, match="not in WGS 84"):
        geojson.read((old % "EPSG:32632").encode())


def test_kml_with_folders_times_data_areas_and_links() -> None:
    inside = """<Document><NetworkLink><Link><href>http://example.org/x.kml</href></Link></NetworkLink>
    <Folder><name>Seizures</name><Placemark><name>A</name><TimeStamp><when>2024-03-01</when></TimeStamp>
    <ExtendedData><Data name="persons"><value>4</value></Data>
    <SchemaData><SimpleData name="kind">crossing</SimpleData></SchemaData></ExtendedData>
    <MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4 0,0</coordinates></LinearRing>
    </outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>2,1 3,1 3,2 2,1</coordinates></LinearRing>
    </innerBoundaryIs></Polygon></MultiGeometry></Placemark></Folder><Placemark><name>B</name></Placemark></Document>"""
    table = kml.read(strangers.kml(inside))
    assert table.frame.loc[1].to_dict() == {
        "name": "A",
        "description": "",
        "folder": "Seizures",
        "when": "2024-03-01",
        "persons": "4",
        "kind": "crossing",
    }
    assert table.geometry is not None
    assert (table.geometry[0].area, table.geometry[1]) == (7.5, None)
    assert said(table) == ["The file points to 1 other places on a network. They were not followed."]


def test_a_track_of_one_place_is_a_point_and_such_a_segment_beside_longer_ones_is_left_out_and_told() -> None:
    one, two = '<trkpt lat="16.9" lon="7.9"/>', '<trkpt lat="16.9" lon="7.9"/><trkpt lat="17" lon="8"/>'
    tracks = (f"<trkseg>{one}{one}</trkseg>", f"<trkseg>{one}</trkseg><trkseg>{two}</trkseg>")
    route = '<rte><rtept lat="1" lon="2"/></rte>'
    table = gpx.read(f"<gpx>{''.join(f'<trk>{each}</trk>' for each in tracks)}{route}</gpx>".encode())
    assert [str(each) for each in table.geometry] == ["POINT (7.9 16.9)", "LINESTRING (7.9 16.9, 8 17)", "POINT (2 1)"]
    assert table.refused_total == 0
    assert [str(note) for note in table.notes] == ["Segments of tracks with one place only (1) were left out."]


def test_gpx_waypoints_routes_tracks_and_extensions() -> None:
    inside = """<wpt lat="16" lon="7"><time>2024-03-01T10:00:00Z</time><name>P</name>
    <extensions><x:a xmlns:x="urn:x">1</x:a></extensions></wpt>
    <rte><name>R</name><rtept lat="1" lon="2"/><rtept lat="1" lon="3"/></rte>
    <trk><trkseg><trkpt lat="1" lon="2"><time>2024-03-02T10:00:00Z</time></trkpt><trkpt lat="1" lon="3"/>
    </trkseg></trk>"""
    table = gpx.read(strangers.gpx(inside))
    assert table.frame["element"].tolist() == ["wpt", "rte", "trk"]
    assert table.frame["time"].tolist() == ["2024-03-01T10:00:00Z", "", "2024-03-02T10:00:00Z"]
    assert table.frame.at[1, "a"] == "1"
    assert [each.wkt for each in table.geometry] == ["POINT (7 16)", "LINESTRING (2 1, 3 1)", "LINESTRING (2 1, 3 1)"]


def test_a_workbook_gives_dates_numbers_and_stored_values_as_texts() -> None:
    rows = [
        [],
        ["day", "n", "x", "ok", "note"],
        [date(2024, 3, 1), 4, 16.5, True, "=1+1 as text"],
        [datetime(2024, 3, 1, 10, 30), 4.0, 1e-5, False, "=2+2"],  # noqa: DTZ001 - workbooks know no zones
    ]
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active["E3"].data_type = "s"
    out = io.BytesIO()
    book.save(out)
    table = workbooks.read(out.getvalue())
    assert table.frame.loc[3].tolist() == ["2024-03-01", "4", "16.5", "true", "=1+1 as text"]
    # The last cell is a formula that nobody computed: it has no stored value, and none is computed here.
    assert table.frame.loc[4].tolist() == ["2024-03-01T10:30:00", "4", "1e-05", "false", ""]


def test_the_first_sheet_that_is_not_empty_is_read_or_the_one_asked_for() -> None:
    data = workbook([], [["a"], [1]], [["b"], [2]])
    assert workbooks.read(data).columns == ("a",)
    assert said(workbooks.read(data)) == ['The workbook has 3 sheets. "Sheet 2" was read.']
    assert workbooks.read(data, wanted="Sheet 3").columns == ("b",)
    with pytest.raises(RefusedFile, match='no sheet "Sheet 9"'):
        workbooks.read(data, wanted="Sheet 9")


def test_a_shapefile_without_shx_and_without_dbf() -> None:
    whole = shapefile.read(shapes([AGADEZ, (8.0, 17.0)]))
    assert whole.frame.to_numpy().tolist() == [["n0", "0"], ["n1", "1"]]
    without = shapefile.read(shapes([AGADEZ, (8.0, 17.0)], leave_out=[".shx"]))
    assert without.frame.equals(whole.frame)
    bare = shapefile.read(shapes([AGADEZ], leave_out=[".shx", ".dbf"]))
    assert bare.columns == ()
    assert bare.geometry is not None
    assert (bare.geometry[0].x, bare.geometry[0].y) == AGADEZ


@pytest.mark.parametrize(
    ("encoding", "cpg"), [("utf-8", b"UTF-8"), ("utf-8", None), ("cp1252", b"1252"), ("cp1256", b"cp1256")]
)
def test_names_of_a_shapefile_in_their_code_page(encoding: str, cpg: bytes | None) -> None:
    name = "أغاديز" if encoding == "cp1256" else "Méchéria"
    assert shapefile.read(shapes(names=[name], encoding=encoding, cpg=cpg)).frame.at[1, "name"] == name


def test_a_shapefile_is_brought_onto_wgs84_and_says_how_well() -> None:
    utm = strangers.pyproj.CRS.from_epsg(32632).to_wkt("WKT1_ESRI").encode()
    table = shapefile.read(shapes([(500_000.0, 1_876_000.0)], prj=utm))
    assert table.geometry is not None
    assert (round(table.geometry[0].x, 6), round(table.geometry[0].y, 2)) == (9.0, 16.97)
    assert said(table) == ["The coordinates were converted from WGS 84 / UTM zone 32N to WGS 84."]
    old = strangers.pyproj.CRS.from_epsg(4267).to_wkt("WKT1_ESRI").encode()
    assert "from NAD27 to WGS 84, a" in said(shapefile.read(shapes([(-106.4, 31.7)], prj=old)))[0]


def test_a_geopackage_of_any_system_is_read_and_its_computed_columns_are_not() -> None:
    utm = strangers.geopackage(system=(32632, "EPSG", 32632), at=(500_000.0, 1_876_000.0))
    table = read(utm, "a.gpkg")
    assert table.geometry is not None
    assert (round(table.geometry[0].x, 6), round(table.geometry[0].y, 2)) == (9.0, 16.97)
    assert said(table) == ["The coordinates were converted from WGS 84 / UTM zone 32N to WGS 84."]
    more = "ALTER TABLE a ADD COLUMN b TEXT AS (upper(name)) VIRTUAL; ALTER TABLE a ADD COLUMN c REAL DEFAULT 3.0;"
    table = read(strangers.geopackage(more), "a.gpkg")
    assert table.frame.to_dict("records") == [{"layer": "a", "name": "North", "c": "3"}]
    # Saved while a log lay beside it: the mark of that is in the head, and the log itself is not here.
    data = strangers.geopackage()
    assert read(data[:18] + b"\x02\x02" + data[20:], "a.gpkg").frame["name"].tolist() == ["North"]


def test_drawings_of_tak_are_areas_lines_and_circles() -> None:
    def event(kind: str, detail: str) -> str:
        return f'<event type="{kind}" uid="{kind}"><point lat="17" lon="8"/><detail>{detail}</detail></event>'

    corners = [(17, 8), (17, 9), (18, 9), (18, 8)]
    links = "".join(f'<link point="{lat},{lon},12.5"/>' for lat, lon in corners)
    circle = '<shape><ellipse major="5000" minor="5000" angle="360"/><link uid="style"/></shape>'
    document = (
        event("u-d-f", links + '<link point="17,8,12.5"/>')
        + event("u-d-f", links)
        + event("u-d-r", links)
        + event("b-m-r", links + '<link point="17,8,12.5"/>')
        + event("u-d-c-c", circle)
        + event("a-f-G-U-C", '<contact callsign="Team 1"/><remarks>at the gate</remarks>')
    )
    table = read(f"<events>{document}</events>".encode(), "a.cot")
    assert table.geometry is not None
    found = [shape.geom_type for shape in table.geometry]
    assert found == ["Polygon", "LineString", "Polygon", "LineString", "Polygon", "Point"]
    assert abs(abs(GEOD.geometry_area_perimeter(table.geometry[4])[0]) / 1e6 - 78.5) < 0.2
    assert table.frame.iloc[5][["name", "remarks"]].tolist() == ["Team 1", "at the gate"]


@pytest.mark.parametrize("prj", [None, b"", b'LOCAL_CS["site grid"]', b"EPSG:4326", b"+proj=utm +zone=32"])
def test_a_shapefile_in_an_unknown_reference_system_is_refused(prj: bytes | None) -> None:
    with pytest.raises(RefusedFile, match="prj"):
        shapefile.read(shapes(prj=prj))


def test_an_archive_of_several_shapefiles_has_its_layers_in_a_column() -> None:
    first = strangers.parts_of(names=["North"])
    second = {f"b{name[1:]}": part for name, part in strangers.parts_of([(8.0, 17.0)], names=["South"]).items()}
    table = shapefile.read(zipped({**first, **second}))
    assert table.frame[["layer", "name"]].to_numpy().tolist() == [["a", "North"], ["b", "South"]]
    assert table.frame.index.tolist() == [1, 2]


def test_rings_of_a_shapefile_become_areas_with_holes() -> None:
    outer = [(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0), (0.0, 0.0)]
    hole = [(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0), (2.0, 2.0)]
    other = [(20.0, 0.0), (20.0, 1.0), (21.0, 1.0), (20.0, 0.0)]
    table = shapefile.read(shapes(polygons=[[outer, other, hole]]))
    assert table.geometry is not None
    assert table.geometry[0].geom_type == "MultiPolygon"
    assert table.geometry[0].area == 81 - 4 + 0.5


def test_moments_keep_their_writing() -> None:
    moment = datetime(2024, 3, 1, 23, 30, tzinfo=UTC).isoformat()
    assert csv_.read(f"time,x\n{moment},1\n".encode()).frame.at[2, "time"] == moment
