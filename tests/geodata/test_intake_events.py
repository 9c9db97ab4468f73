"""What columns mean, which rows become events, and what is said about the others."""

import gzip
from dataclasses import fields, replace
from datetime import date

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ground.formats import Position, write
from geodata.intake import csv_, files, geojson, values
from geodata.intake.axis_check import fit, iso3
from geodata.intake.events import ImportedEvents, accept
from geodata.intake.findings import COLUMNS, Check
from geodata.intake.mapping import ROLES, Mapping, Nature, guessed, is_personal, proposed, ready
from geodata.intake.provenance import Provenance
from geodata.intake.table import FileTable, RefusedFile, UnusableRow
from tests.geodata.strangers import geojson as features
from tests.geodata.strangers import point, reference

TODAY = date(2024, 6, 1)
SOURCE = Provenance("own reports", "internal use", "March 2024", "100 m", date(2024, 4, 1))
LATLON = Mapping(latitude="lat", longitude="lon")


def table(*rows: str, head: str = "lat;lon;date;count;kind") -> FileTable:
    return csv_.read("\n".join([head, *rows]).encode())


def layer(*rows: str, head: str = "lat;lon;date;count;kind", **changes: object) -> ImportedEvents:
    found = table(*rows, head=head)
    return accept(found, replace(guessed(found), **changes), SOURCE, TODAY)


def checks(found: ImportedEvents) -> list[Check]:
    return [each.check for each in found.findings]


def reasons(found: ImportedEvents) -> list[tuple[int, str, str]]:
    return [(row.row, row.column, str(row)) for row in found.refused]


# ------------------------------------------------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4.0),
        ("4.5", 4.5),
        ("4,5", 4.5),
        ("1,234", 1234.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1 234", 1234.0),
        ("1\u202f234,5", 1234.5),
        ("1'234'567", 1234567.0),
        ("٤٥", 45.0),
        ("1e3", 1000.0),
    ],
)
def test_quantities_in_the_usual_writings(text: str, number: float) -> None:
    assert values.quantity(text) == number


@pytest.mark.parametrize("text", ["", "x", "-3", "nan", "inf", "1e99", "1,23,4", "=1+1", "9" * 400, "1_000"])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(UnusableRow):
        values.quantity(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2024-2", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("20240301", date(2024, 3, 1), date(2024, 3, 1)),
        ("31/12/2023", date(2023, 12, 31), date(2023, 12, 31)),
        ("12/31/2023", date(2023, 12, 31), date(2023, 12, 31)),
        ("05.05.2023", date(2023, 5, 5), date(2023, 5, 5)),
        ("Wed, 11/16/2019 - 12:00", date(2019, 11, 16), date(2019, 11, 16)),
        ("2024-03-01T23:30:00Z", date(2024, 3, 1), date(2024, 3, 1)),
        ("2024-03-01 23:30:00+00:00", date(2024, 3, 1), date(2024, 3, 1)),
        ("2024-03-01T23:30", date(2024, 3, 1), date(2024, 3, 1)),
        ("3 March 2024", date(2024, 3, 3), date(2024, 3, 3)),
        ("March 3, 2024", date(2024, 3, 3), date(2024, 3, 3)),
        ("1er août 2023", date(2023, 8, 1), date(2023, 8, 1)),
        ("3 de marzo de 2024", date(2024, 3, 3), date(2024, 3, 3)),
        ("٣ مارس ٢٠٢٤", date(2024, 3, 3), date(2024, 3, 3)),
        ("Feb 2024", date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_days_months_and_years(text: str, first: date, last: date) -> None:
    assert values.span(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-13-01", "2023-02-29", "32/01/2024", "45291", "1/2/24", "3 Foo 2024"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(UnusableRow):
        values.span(text)


def test_a_date_of_two_readings_is_refused_until_somebody_decides() -> None:
    with pytest.raises(values.AmbiguousDay):
        values.span("03/04/2024")
    assert values.span("03/04/2024", day_first=True)[0] == date(2024, 4, 3)
    assert values.span("03/04/2024", day_first=False)[0] == date(2024, 3, 4)


def test_a_moment_falls_on_the_day_of_its_zone() -> None:
    assert values.span("2024-03-01T23:30:00Z", zone="Africa/Niamey")[0] == date(2024, 3, 2)
    for zone in ("../../etc/passwd", "/etc/passwd", "Africa/Atlantis", "posixrules\0"):
        with pytest.raises(UnusableRow, match="not a time zone"):
            values.span("2024-03-01T23:30:00Z", zone=zone)


@given(lat=st.floats(-89.9, 89.9), lon=st.floats(-179.9, 179.9), style=st.sampled_from(["decimal", "dms", "mgrs"]))
def test_a_position_in_every_style_of_ours_is_read(lat: float, lon: float, style: str) -> None:
    if style == "mgrs" and not -80 < lat < 84:
        return
    found = values.position(write(Position(lat, lon), style))  # type: ignore[arg-type]
    assert abs(found.lat - lat) < 5e-4
    assert abs((found.lon - lon + 180) % 360 - 180) < 5e-4 / max(0.01, np.cos(np.radians(lat)))


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("16.97", "7.99"), ("16,97", "7,99"), ("16°58'12\"N", "7°59'24\"E"), ("16 58.2 N", "7 59.4 E"), ("١٦٫٩٧", "٧٫٩٩")],
)
def test_two_cells_as_a_position(lat: str, lon: str) -> None:
    found = values.pair(lat, lon)
    assert (round(found.lat, 6), round(found.lon, 6)) == (16.97, 7.99)


# ----------------------------------------------------------------------------------------------------- mappings


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Latitude,Longitude,Date,Count", {"latitude": "Latitude", "longitude": "Longitude", "quantity": "Count"}),
        ("Coordonnées,Date,Nombre,Catégorie", {"position": "Coordonnées", "quantity": "Nombre", "kind": "Catégorie"}),
        ("latitud,longitud,fecha,tipo,nota", {"date": "fecha", "kind": "tipo", "note": "nota"}),
        ("خط العرض,خط الطول,التاريخ", {"latitude": "خط العرض", "longitude": "خط الطول", "date": "التاريخ"}),
        ("MGRS,when,accuracy", {"position": "MGRS", "date": "when", "accuracy": "accuracy"}),
        ("border,month,detections", {"area": "border", "date": "month", "quantity": "detections"}),
        ("a,b,c", {}),
    ],
)
def test_headings_in_four_languages_are_understood(head: str, expected: dict[str, str]) -> None:
    found = guessed(csv_.read(f"{head}\n{',' * head.count(',')}x\n".encode()))
    assert {role: getattr(found, role) for role in expected} == expected
    if not expected:
        assert found.used == ()


def test_every_role_is_a_field_and_every_column_role_is_listed() -> None:
    optional = {each.name for each in fields(Mapping) if each.type == "str | None" or each.type == (str | None)}
    assert optional == set(ROLES)


# The headings that the project's download has had, oldest first.
IOM = [
    "Web ID,Region of Incident,Reported Date,Reported Year,Reported Month,Number Dead,"
    "Minimum Estimated Number of Missing,Total Dead and Missing,Number of Survivors,Number of Females,"
    "Number of Males,Number of Children,Cause of Death,Location Description,Information Source,"
    "Location Coordinates,Migration Route,URL,UNSD Geographical Grouping,Source Quality",
    "Main ID,Incident ID,Incident Type,Region of Incident,Incident Date,Incident Year,Reported Month,Number of Dead,"
    "Minimum Estimated Number of Missing,Total Number of Dead and Missing,Number of Survivors,Number of Females,"
    "Number of Males,Number of Children,Country of Origin,Region of Origin,Cause of Death,Country of Incident,"
    "Migration Route,Location of Incident,Coordinates,UNSD Geographical Grouping,Information Source,URL,Source Quality",
    "web_id,region,reported_date,number_dead,number_missing,total_dead_and_missing,cause_death,country_of_incident,"
    "location_description,location_coodinates,migration_route,information_source,source_quality",
]


@pytest.mark.parametrize("head", IOM)
def test_the_download_of_missing_migrants_marks_places_of_danger_never_offences(head: str) -> None:
    columns = head.split(",")
    cells = dict.fromkeys(columns, "")
    found = ready(columns)
    assert found is not None
    assert found.position is not None
    assert found.date is not None
    assert found.quantity is not None
    assert found.kind is not None
    cells |= {found.position: "35.9, 12.6", found.date: "11/06/2019", found.quantity: "1,050", found.kind: "Drowning"}
    row = ",".join(f'"{cells[name]}"' for name in columns)
    accepted = accept(csv_.read(f"{head}\n{row}\n".encode()), found, SOURCE, TODAY)
    assert (accepted.nature, accepted.unit) == (Nature.DANGER, "dead and missing")
    [event] = accepted.frame.itertuples()
    assert (event.geometry.x, event.geometry.y, event.quantity, event.kind) == (12.6, 35.9, 1050.0, "Drowning")
    assert event.day.date() == date(2019, 11, 6)


def test_other_files_have_no_ready_mapping() -> None:
    assert ready(["lat", "lon", "date", "cause"]) is None
    assert ready(["total dead and missing"]) is None


def test_detections_with_one_column_a_month() -> None:
    head = "Route;BorderLocation;Nationality;JAN2024;FEB2024;MAR2024"
    found = csv_.read(f"{head}\nWestern Balkans;Land;x;10;;1,200\nCentral;Sea;y;0;2;3\n".encode())
    mapping = proposed(found)
    accepted = accept(found, mapping, SOURCE, TODAY)
    assert (accepted.nature, accepted.unit) == (Nature.INDICATOR, "detections")
    assert accepted.frame["quantity"].tolist() == [10.0, 1200.0, 0.0, 2.0, 3.0]
    assert accepted.frame["area"].tolist() == ["Western Balkans"] * 2 + ["Central"] * 3
    assert accepted.frame["until"].dt.date.tolist()[:2] == [date(2024, 1, 31), date(2024, 3, 31)]
    assert accepted.frame["row"].tolist() == [2, 2, 3, 3, 3]
    assert accepted.frame.geometry.isna().all()


PERSONAL = [
    "Surname",
    "First name",
    "Date of Birth",
    "DOB",
    "Passport no",
    "phone",
    "E-mail",
    "Victim name",
    "apellidos",
    "Nom du chef",
    "Nombre del jefe",
    "Officer name",
    "اسم المسافر",
]


@pytest.mark.parametrize("heading", PERSONAL)
def test_columns_about_persons_are_never_taken_and_said(heading: str) -> None:
    assert is_personal(heading)
    found = table("16.97;7.99;x", head=f"lat;lon;{heading}")
    mapping = guessed(found)
    assert heading not in mapping.used
    accepted = accept(found, mapping, SOURCE, TODAY)
    assert Check.PERSONAL in checks(accepted)
    assert not accepted.frame.astype(str).map(lambda cell: cell == "x").to_numpy().any()
    with pytest.raises(RefusedFile, match="seems to identify persons"):
        accept(found, replace(mapping, note=heading), SOURCE, TODAY)


@pytest.mark.parametrize(
    "heading",
    ["Name", "Number of Dead", "Place name", "persons", "Document type", "Country of birth", "Nombre", "Nom du poste"],
)
def test_headings_that_identify_nobody(heading: str) -> None:
    assert not is_personal(heading)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (Mapping(), "Choose the columns for latitude and longitude"),
        (Mapping(latitude="lat"), "one for the longitude"),
        (Mapping(latitude="lat", longitude="x"), 'no column "x"'),
        (Mapping(nature=Nature.INDICATOR, quantity="count"), "names the border"),
        (Mapping(nature=Nature.INDICATOR, area="kind"), "holds the totals"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: Mapping, sentence: str) -> None:
    with pytest.raises(RefusedFile, match=sentence):
        accept(table("1;2;;;"), mapping, SOURCE, TODAY)


@pytest.mark.parametrize("part", ["source", "licence", "period", "accuracy"])
def test_no_layer_without_its_provenance(part: str) -> None:
    with pytest.raises(RefusedFile, match="printed on every map"):
        replace(SOURCE, **{part: " "})


# ------------------------------------------------------------------------------------------------------- events


def test_events_with_everything_that_stays_with_them() -> None:
    head = "lat;lon;date;count;kind;accuracy;source;note;country"
    found = layer("16,97;7,99;2024-03;4;crossing;500 m;patrol 3;at night;Niger", head=head)
    assert tuple(found.frame.columns) == (*COLUMNS, "geometry")
    assert found.frame.crs == "EPSG:4326"
    [event] = found.frame.itertuples(index=False)
    assert (event.row, event.quantity, event.kind, event.accuracy) == (2, 4.0, "crossing", "500 m")
    assert (event.source, event.note, event.country) == ("patrol 3", "at night", "Niger")
    assert (event.day.date(), event.until.date()) == (date(2024, 3, 1), date(2024, 3, 31))
    assert (found.provenance, found.findings, found.refused) == (SOURCE, (), ())


def test_rows_that_cannot_be_used_are_left_out_each_with_row_column_and_reason() -> None:
    found = layer(
        "16.97;7.99;2024-03-01;1;a",
        "0;0;2024-03-01;1;a",
        "91;7;2024-03-01;1;a",
        "16;181;2024-03-01;1;a",
        "north;7;2024-03-01;1;a",
        "16;7;2024-06-03;1;a",
        "16;7;someday;1;a",
        "16;7;2024-03-01;many;a",
        ";;2024-03-01;1;a",
        "1e308;7;2024-03-01;1;a",
    )
    assert found.frame["row"].tolist() == [2]
    assert reasons(found) == [
        (3, "lat", "The position is 0, 0, which stands for an unknown place."),
        (4, "lat", "Latitude 91 is not between -90 and 90."),
        (5, "lat", "Longitude 181 is not between -180 and 180."),
        (6, "lat", '"north; 7" is not a latitude and a longitude.'),
        (7, "date", "2024-06-03 lies in the future."),
        (8, "date", '"someday" is not a date.'),
        (9, "count", '"many" is not a number.'),
        (10, "", "The row has no position."),
        (11, "lat", '"1e308; 7" is not a latitude and a longitude.'),
    ]
    assert found.refused_total == 9
    assert checks(found) == [Check.UNPLACED, Check.OUTSIDE, Check.ORIGIN, Check.FUTURE, Check.OTHER]
    assert found.findings[1].rows == (4, 5)
    assert "2 rows lie off the Earth" in str(found.findings[1])


def test_tomorrow_is_granted_because_somewhere_it_is_tomorrow() -> None:
    assert len(layer("16;7;2024-06-02;1;a")) == 1


def test_an_empty_layer_says_so() -> None:
    assert checks(layer()) == [Check.EMPTY]
    empty = layer("0;0;;;")
    assert checks(empty) == [Check.ORIGIN, Check.EMPTY]
    assert isinstance(empty.frame, gpd.GeoDataFrame)
    assert tuple(empty.frame.columns) == (*COLUMNS, "geometry")


def test_all_points_in_one_place_and_many_in_one_place() -> None:
    assert checks(layer(*[f"16;7;2024-03-0{n};1;a" for n in range(1, 5)])) == [Check.ONE_PLACE]
    crowded = layer(*[f"16;7;2024-03-{n:02};1;a" for n in range(1, 26)], *[f"17;{n};2024-03-01;1;a" for n in range(50)])
    assert checks(crowded) == [Check.CROWDED]
    assert str(crowded.findings[0]).startswith("25 events have exactly the same position, 16.0000, 7.0000")
    assert checks(layer("16;7;2024-03-01;1;a")) == []


def test_duplicates_are_said_and_left_out_on_request() -> None:
    rows = ["16;7;2024-03-01;1;a", "16;7;2024-03-01;1;a", "16;7;2024-03-01;2;a", "17;7;;;", "17;7;;;"]
    found = layer(*rows)
    assert len(found) == 5
    [duplicates] = [each for each in found.findings if each.check is Check.DUPLICATES]
    assert duplicates.rows == (3, 6)
    again = accept(table(*rows), duplicates.offers[0], SOURCE, TODAY)
    assert again.frame["row"].tolist() == [2, 4, 5]
    assert Check.DUPLICATES not in checks(again)


def test_ambiguous_dates_offer_both_orders() -> None:
    rows = ["16;7;03/04/2024;1;a", "16.5;7;13/04/2024;1;a"]
    found = layer(*rows)
    assert found.frame["row"].tolist() == [3]
    [ambiguous] = [each for each in found.findings if each.check is Check.AMBIGUOUS]
    days = [accept(table(*rows), offer, SOURCE, TODAY).frame["day"].dt.date.tolist() for offer in ambiguous.offers]
    assert days == [[date(2024, 4, 3), date(2024, 4, 13)], [date(2024, 3, 4)]]


@pytest.mark.parametrize("country", ["Niger", "NER", "", "Nigeria"])
def test_swapped_axes_are_suspected_by_the_country_or_by_the_land(country: str) -> None:
    """Points of Niger and the Sahara, written longitude first; seen as they stand most lie in the sea or elsewhere."""
    rng = np.random.default_rng(7)
    lats, lons = rng.uniform(14.5, 18, 40), rng.uniform(2, 12, 40)
    head = "lat;lon;country"
    swapped = [f"{lon:.4f};{lat:.4f};{country}" for lat, lon in zip(lats, lons, strict=True)]
    right = [f"{lat:.4f};{lon:.4f};{country}" for lat, lon in zip(lats, lons, strict=True)]
    suspected = layer(*swapped, head=head)
    if country in ("Niger", "NER"):
        [found] = [each for each in suspected.findings if each.check is Check.SWAPPED]
        assert "in the country that their rows name, exchanged 9" in str(found) or "exchanged 100%" in str(found)
        mended = accept(table(*swapped, head=head), found.offers[0], SOURCE, TODAY)
        assert Check.SWAPPED not in checks(mended)
        assert mended.frame.geometry.x.between(2, 12).all()
    assert Check.SWAPPED not in checks(layer(*right, head=head))


def test_swapped_axes_beyond_the_pole_are_suspected_without_a_country() -> None:
    """El Paso written longitude first: latitude -106 does not exist, every row is refused, and the offer mends it."""
    rows = [f"{-106.4 + n / 100:.3f};{31.5 + n / 100:.3f};2024-03-01;1;a" for n in range(10)]
    found = layer(*rows)
    assert len(found) == 0
    assert checks(found)[0] is Check.SWAPPED
    assert len(accept(table(*rows), found.findings[0].offers[0], SOURCE, TODAY)) == 10


def test_few_points_without_a_country_raise_no_suspicion() -> None:
    assert not fit(np.array([16.97]), np.array([7.99]), [""]).suspicious
    assert fit(np.array([16.97]), np.array([7.99]), ["Niger"]).suspicious
    assert not fit(np.array([]), np.array([]), []).suspicious


@pytest.mark.parametrize(
    ("name", "code"),
    [("United States of America", "USA"), ("usa", "USA"), ("Türkiye", "TUR"), ("Côte d'Ivoire", "CIV"), ("NA", "NAM")],
)
def test_countries_by_code_and_name(name: str, code: str) -> None:
    assert iso3(name) == code


def test_shapes_of_the_file_are_used_and_areas_are_not_points() -> None:
    ring = [[0, 0], [2, 0], [2, 2], [0, 0]]
    data = features(point(7.99, 16.97), {"type": "Polygon", "coordinates": [ring]}, None, properties={"kind": "x"})
    read = geojson.read(data)
    found = accept(read, proposed(read), SOURCE, TODAY)
    assert found.frame["row"].tolist() == [1]
    assert [row.row for row in found.refused] == [2, 3]
    assert {Check.NO_POINT, Check.UNPLACED, Check.UNDATED} == set(checks(found))


def test_metres_of_a_national_grid_are_recognised_as_such() -> None:
    read = geojson.read(features(point(500_000.0, 4_649_776.0), point(500_100.0, 4_649_776.0)))
    found = accept(read, proposed(read), SOURCE, TODAY)
    assert len(found) == 0
    assert "metres of a national grid" in str(found.findings[0])


def test_the_order_of_rows_changes_nothing_but_the_numbers() -> None:
    rows = [f"{10 + n};{n};2024-03-01;{n};k{n % 2}" for n in range(1, 30)]
    there, back = layer(*rows).frame, layer(*rows[::-1]).frame
    left, right = (f.drop(columns="row").sort_values("quantity").reset_index(drop=True) for f in (there, back))
    assert left.equals(right)


# ---------------------------------------------------------------------------------------------- reference files


def test_the_reference_file_of_missing_migrants() -> None:
    data = gzip.decompress(reference("incidents_mmp_2014_2021.csv.gz"))
    read = files.read(data, name="incidents.csv")
    assert (len(read), read.refused_total, read.notes) == (10_813, 0, ())
    mapping = proposed(read)
    assert mapping.nature is Nature.DANGER
    found = accept(read, mapping, SOURCE, TODAY)
    assert (len(found), found.refused_total) == (10_585, 228)
    assert {row.column for row in found.refused} == {"coord_flag"}
    assert found.frame["quantity"].sum() == 46_042
    assert Check.SWAPPED not in checks(found)
    assert Check.CROWDED in checks(found)
    swapped = accept(read, replace(mapping, latitude="lon", longitude="lat"), SOURCE, TODAY)
    assert checks(swapped)[0] is Check.SWAPPED


def test_the_reference_files_of_detections_and_arrivals() -> None:
    cbp = files.read(gzip.decompress(reference("cbp_encounters_fy2020_fy2023.csv.gz")))
    found = accept(cbp, proposed(cbp), SOURCE, TODAY)
    assert (found.nature, found.unit, len(found), found.findings) == (Nature.INDICATOR, "encounters", 27_073, ())
    assert found.frame["until"].dt.is_month_end.all()
    boats = files.read(gzip.decompress(reference("uk_small_boats_2018_2023.csv.gz")))
    assert accept(boats, proposed(boats), SOURCE, TODAY).frame["area"].unique().tolist() == ["English Channel"]
    places = files.read(reference("mediterranean_arrivals_2014_2022.csv"))
    by_place = accept(places, proposed(places), SOURCE, TODAY)
    assert (len(by_place), by_place.frame.geometry.isna().any()) == (211, False)
