"""Coordinates in and out: the usual writings, refusals, and round trips."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ground.crs import GEOD
from geodata.ground.formats import CoordinateError, Position, parse, write

positions = st.builds(Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180))
AGADEZ = Position(16.9734, 7.9911)
EL_PASO = Position(31.7619, -106.485)


@pytest.mark.parametrize(
    "text",
    [
        "16.9734, 7.9911",
        "16.9734 7.9911",
        "16.9734,7.9911",
        "16.9734; 7.9911",
        "(16.9734, 7.9911)",
        "16,9734 7,9911",
        "16,9734; 7,9911",
        "16,9734, 7,9911",
        "N 16.9734 E 7.9911",
        "16.9734N 7.9911E",
        "16.9734° N, 7.9911° E",
        "E 7.9911 N 16.9734",
        "7.9911E 16.9734N",
        "lat 16.9734, lon 7.9911",
        "Lat: 16.9734 Long: 7.9911",
        "+16.9734 +7.9911",
        "16 58.404, 7 59.466",
        "16 58.404 7 59.466",
        "16°58.404' 7°59.466'",
        "N16°58.404' E007°59.466'",
        "16°58'24.24\"N 7°59'27.96\"E",
        "16°58′24.24″N 7°59′27.96″E",
        "N 16°58'24.24\" E 7°59'27.96\"",
        "16º 58’ 24.24” N, 7º 59’ 27.96” E",
        "16°58'24.24'' 7°59'27.96''",
        "16 58 24.24 7 59 27.96",
        "16 58 24.24, 7 59 27.96",
        "١٦٫٩٧٣٤، ٧٫٩٩١١",
        "١٦٫٩٧٣٤ ش ٧٫٩٩١١ ق",
        "\u200f16.9734, 7.9911\u200f",
    ],
)
def test_the_usual_writings_name_the_same_place(text: str) -> None:
    found = parse(text)
    assert (found.lat, found.lon) == (pytest.approx(AGADEZ.lat, abs=1e-6), pytest.approx(AGADEZ.lon, abs=1e-6))


@pytest.mark.parametrize(
    "text",
    [
        "31.7619, -106.485",
        "31.7619 −106.485",
        "31.7619N 106.485W",
        "31,7619 N 106,485 O",
        "W 106.485, N 31.7619",
        "31°45'42.84\"N 106°29'06\"W",
        "31 45 42.84, -106 29 6",
    ],
)
def test_west_is_negative_in_every_writing(text: str) -> None:
    found = parse(text)
    assert (found.lat, found.lon) == (pytest.approx(EL_PASO.lat, abs=1e-6), pytest.approx(EL_PASO.lon, abs=1e-6))


def test_zero_zero_is_a_place() -> None:
    assert parse("0, 0") == Position(0, 0)


def test_a_negative_angle_between_minus_one_and_zero_keeps_its_sign() -> None:
    assert parse("-0 30, -0 15") == Position(-0.5, -0.25)
    assert write(Position(-0.5, -0.25), "dms") == "0°30′00.0″S 0°15′00.0″W"


def test_aviation_and_sea_writings_are_read() -> None:
    assert parse("165830N 0075930W") == Position(16 + 58 / 60 + 30 / 3600, -(7 + 59 / 60 + 30 / 3600))
    assert parse("1630S 00730E") == Position(-16.5, 7.5)


@pytest.mark.parametrize("text", ["32QLD9259076880", "32Q LD 92590 76880", "32q ld 92590 76880", "  32QLD 9259076880 "])
def test_mgrs_is_read_with_and_without_spaces(text: str) -> None:
    found = parse(text)
    assert (found.lat, found.lon) == (pytest.approx(16.97333, abs=1e-5), pytest.approx(7.99111, abs=1e-5))


def test_a_short_mgrs_reference_is_the_middle_of_its_square() -> None:
    coarse, fine = parse("32Q LD 925 768"), parse("32Q LD 92550 76850")
    assert GEOD.inv(coarse.lon, coarse.lat, fine.lon, fine.lat)[2] < 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write a latitude and a longitude"),
        ("Agadez", "is not a latitude and a longitude"),
        ("16.97", "is not a latitude and a longitude"),
        ("1, 2, 3", "is not a latitude and a longitude"),
        ("1.5 2.5 3.5", "is not a latitude and a longitude"),
        ("16.97 N 7.9 E 3", "is not a latitude and a longitude"),
        ("12,7", "can be read in two ways"),
        ("12,345,7,891", "can be read in two ways"),
        ("91, 0", "Latitude 91 is not between"),
        ("106.5, 31.7", "Write the latitude first"),
        ("0, 180.1", "Longitude 180.1 is not between"),
        ("12 60 0, 7 0 0", "must be less than 60"),
        ("12 0 60, 7 0 0", "must be less than 60"),
        ("12.5 30, 7 0", "Only the last part"),
        ("12N 7N", "one latitude"),
        ("12N, 7", "Only one part"),
        ("-12N 7E", "a sign and a letter"),
        ("126000N 0070000E", "must be less than 60"),
        ("32QLD925907688", "as many digits for east as for north"),
        ("32QLD", "100 km"),
        ("32QLD97", "10 km"),
        ("32QZA9259076880", "There is no MGRS square"),
        ("99QLD9259076880", "There is no MGRS square"),
        ("nan, nan", "is not a latitude and a longitude"),
        ("1e2, 3", "is not a latitude and a longitude"),
    ],
)
def test_what_is_no_one_place_is_refused_with_a_sentence(text: str, said: str) -> None:
    with pytest.raises(CoordinateError) as refused:
        parse(text)
    assert said in str(refused.value)
    assert refused.value.template.format(**refused.value.params) == str(refused.value)


@given(positions)
def test_decimal_comes_back_within_half_of_its_last_digit(position: Position) -> None:
    back = parse(write(position))
    assert abs(back.lat - position.lat) <= 0.5000001e-5
    assert abs(back.lon - position.lon) <= 0.5000001e-5


@given(positions)
def test_dms_comes_back_within_a_twentieth_of_a_second(position: Position) -> None:
    back = parse(write(position, "dms"))
    assert abs(back.lat - position.lat) * 3600 <= 0.0500001
    assert abs(back.lon - position.lon) * 3600 <= 0.0500001


@given(positions)
def test_mgrs_comes_back_within_a_metre(position: Position) -> None:
    back = parse(write(position, "mgrs"))
    assert GEOD.inv(position.lon, position.lat, back.lon, back.lat)[2] < 1


@pytest.mark.parametrize("lat", [-6e-9, -1e-6, -4.5e-6, -4.7e-6, -9e-6, 0.0, 6e-9])
def test_mgrs_comes_back_from_just_beside_the_equator(lat: float) -> None:
    back = parse(write(Position(lat, 0.0), "mgrs"))
    assert GEOD.inv(0.0, lat, back.lon, back.lat)[2] < 1


@given(st.builds(Position, lat=st.floats(-79, 83), lon=st.floats(-179, 179)))
def test_what_is_written_and_read_is_written_the_same_again(position: Position) -> None:
    for style in ("decimal", "dms"):
        once = write(position, style)
        assert write(parse(once), style) == once


any_text = st.text(max_size=40) | st.text(alphabet="0123456789.,;-+ NSEWO°'\"", max_size=24)


@given(any_text)
def test_any_text_is_a_position_on_the_globe_or_a_refusal(text: str) -> None:
    with contextlib.suppress(CoordinateError):
        found = parse(text)
        assert -90 <= found.lat <= 90
        assert -180 <= found.lon <= 180
