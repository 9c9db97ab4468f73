"""Coordinate formats as people write them: decimal degrees, degrees and minutes, with seconds, MGRS.

Latitude comes first where no letter says otherwise. What can be read in two ways is refused, never guessed.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from mgrs import MGRS
from mgrs.core import MGRSError

Style = Literal["decimal", "dms", "mgrs"]

_LETTERS = str.maketrans({"ش": "N", "ج": "S", "ق": "E", "غ": "W", "O": "W"})
_MARKS = str.maketrans(
    {
        **dict.fromkeys("º˚", "°"),
        **dict.fromkeys("′’‘ʹʼ´`", "'"),
        **dict.fromkeys("″”“ʺ", '"'),
        **dict.fromkeys("−–—‐‑", "-"),
        **dict.fromkeys("٫", "."),
        **dict.fromkeys("،؛;", ";"),
        **dict.fromkeys("\u200e\u200f\u061c\u202a\u202b\u202c", None),
    }
)
_CENTIMETRE = 1e-7  # degrees of latitude
_MGRS = re.compile(r"(\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V]|[ABYZ][A-HJ-NP-Z]{2})(\d*)")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{2})?([NS])[ ,;]*(\d{3})(\d{2})(\d{2})?([EW])")
_NUMBER = r"\d+(?:\.\d+)?"
_ANGLE = re.compile(
    rf"(?P<sign>[+-])? *(?P<d>{_NUMBER})(?: *°)?"
    rf"(?:(?: +|(?<=°) *)(?P<m>{_NUMBER})(?: *')?(?:(?: +|(?<=') *)(?P<s>{_NUMBER})(?: *(?:\"|''))?)?)?"
)


class CoordinateError(ValueError):
    """A text that is no coordinate, or that can be read as more than one. `template` is English with {named} places."""

    def __init__(self, template: str, **params: Any) -> None:
        self.template, self.params = template, params
        super().__init__(template.format(**params))


@dataclass(frozen=True, slots=True)
class Position:
    """A position on WGS 84 in degrees: latitude -90 to 90, longitude -180 to 180 (`CoordinateError` otherwise)."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not -90 <= self.lat <= 90:
            raise CoordinateError(
                "Latitude {value} is not between -90 and 90. Write the latitude first, then the longitude.",
                value=f"{self.lat:g}",
            )
        if not -180 <= self.lon <= 180:
            raise CoordinateError("Longitude {value} is not between -180 and 180.", value=f"{self.lon:g}")


def parse(text: str) -> Position:
    """The position that `text` names, in any of the usual writings.

    Decimal degrees with point or comma, degrees and minutes, degrees minutes seconds, letters N S E W before or
    behind (O for ouest and oeste, ش ج ق غ in Arabic), signs, aviation's `DDMMSSN DDDMMSSE`, MGRS with or without
    spaces. An MGRS reference names a square; the answer is the middle of it. Two halves are parted by letters, by a
    semicolon, by a comma that is no decimal mark, or by spaces.

    Raises `CoordinateError` for what is out of range, incomplete or ambiguous.

    >>> parse("16.97, 7.99")
    Position(lat=16.97, lon=7.99)
    >>> parse("16,97 7,99") == parse("N 16°58'12\\" E 7°59'24\\"") == parse("165812N 0075924E")
    True
    >>> parse("12,5")
    Traceback (most recent call last):
    geodata.ground.formats.CoordinateError: "12,5" can be read in two ways. Write a space or a semicolon between \
latitude and longitude.
    """
    plain = _plain(text)
    if not plain:
        raise CoordinateError("Write a latitude and a longitude, or an MGRS reference.")
    if grid := _MGRS.fullmatch(plain.replace(" ", "")):
        return _from_mgrs(grid[1], grid[2])
    if compact := _COMPACT.fullmatch(plain):
        d1, m1, s1, ns, d2, m2, s2, ew = compact.groups()
        return Position(
            _signed(ns, _degrees(d1, m1, s1, text)),
            _signed(ew, _degrees(d2, m2, s2, text)),
        )
    first, second = _halves(plain, text)
    return _position(*_half(first, text), *_half(second, text), text=text)


def write(position: Position, style: Style = "decimal") -> str:
    """`position` in one style: "decimal" (5 decimals, about 1 m), "dms" (tenths of a second, 3 m), "mgrs" (1 m).

    The output of every style is read back by `parse`.

    >>> agadez = Position(lat=16.97333, lon=7.99111)
    >>> write(agadez), write(agadez, "dms"), write(agadez, "mgrs")
    ('16.97333, 7.99111', '16°58′24.0″N 7°59′28.0″E', '32QLD 92590 76880')
    """
    if style == "decimal":
        return ", ".join(f"{round(degrees, 5) + 0.0:.5f}" for degrees in (position.lat, position.lon))
    if style == "dms":
        return f"{_dms(position.lat, 'N', 'S')} {_dms(position.lon, 'E', 'W')}"
    lat = 0.0 if -_CENTIMETRE < position.lat < 0 else position.lat  # a southern northing would round up over its end
    code = MGRS().toMGRS(lat, position.lon)
    return f"{code[:-10]} {code[-10:-5]} {code[-5:]}"


def _plain(text: str) -> str:
    """One alphabet, one digit set, one minus, one space; labels such as "lat" taken out."""
    digits = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    upper = digits.translate(_MARKS).upper()
    unlabelled = re.sub(r"\b(LATITUDE|LONGITUDE|LAT|LON|LONG|LNG)\b\.?\s*[:=]?", " ", upper)
    return re.sub(r"\s+", " ", unlabelled.translate(_LETTERS)).strip(" ,;()[]")


def _halves(plain: str, text: str) -> tuple[str, str]:
    """Cut a writing in two, and make its decimal marks points."""
    if "," in plain and "." not in plain:
        decimal_comma = re.sub(r"(?<=\d),(?=\d)", ".", plain)
        if decimal_comma != plain:
            groups = re.findall(r"[\d,]*\d", plain)
            if len(groups) < 2 or any(g.count(",") > 1 for g in groups):
                raise CoordinateError(
                    '"{text}" can be read in two ways. Write a space or a semicolon between latitude and longitude.',
                    text=text.strip(),
                )
        plain = decimal_comma
    letters = [m.start() for m in re.finditer("[NSEW]", plain)]
    if len(letters) == 2:
        cut = letters[1] if letters[0] == 0 else letters[0] + 1
        parts = [plain[:cut], plain[cut:]]
    elif re.search("[,;]", plain):
        parts = re.split("[,;]", plain)
    else:
        words = plain.split(" ")
        parts = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
        if len(words) % 2:
            parts = []
    if len(parts) != 2 or len(letters) > 2:
        raise CoordinateError('"{text}" is not a latitude and a longitude.', text=text.strip())
    return parts[0].strip(" ,;"), parts[1].strip(" ,;")


def _half(half: str, text: str) -> tuple[str, float]:
    """The letter ("" if none) and the signed degrees of one half."""
    letter = next((c for c in half if c in "NSEW"), "")
    angle = _ANGLE.fullmatch(half.strip("NSEW ")) if half else None
    if angle is None:
        raise CoordinateError('"{text}" is not a latitude and a longitude.', text=text.strip())
    if letter and angle["sign"]:
        raise CoordinateError('"{text}" has a sign and a letter. Write one of them.', text=text.strip())
    degrees = _degrees(angle["d"], angle["m"], angle["s"], text)
    return letter, -degrees if angle["sign"] == "-" else degrees


def _degrees(d: str, m: str | None, s: str | None, text: str) -> float:
    if (m and "." in d) or (s and m and "." in m):
        raise CoordinateError('Only the last part of "{text}" may have decimals.', text=text.strip())
    minutes, seconds = float(m or 0), float(s or 0)
    if minutes >= 60 or seconds >= 60:
        raise CoordinateError('Minutes and seconds in "{text}" must be less than 60.', text=text.strip())
    return float(d) + minutes / 60 + seconds / 3600


def _position(first_letter: str, first: float, second_letter: str, second: float, *, text: str) -> Position:
    letters = {first_letter, second_letter}
    if letters == {""}:
        return Position(first, second)
    if "" in letters:
        raise CoordinateError(
            'Only one part of "{text}" has a letter. Write N or S and E or W, or no letters.', text=text.strip()
        )
    if not (letters & {"N", "S"} and letters & {"E", "W"}):
        raise CoordinateError('"{text}" needs one latitude (N or S) and one longitude (E or W).', text=text.strip())
    if first_letter in "EW":
        first_letter, first, second_letter, second = second_letter, second, first_letter, first
    return Position(_signed(first_letter, first), _signed(second_letter, second))


def _signed(letter: str, degrees: float) -> float:
    return -degrees if letter in "SW" else degrees


def _dms(degrees: float, positive: str, negative: str) -> str:
    signed = round(degrees * 36000)
    minutes, tenths = divmod(abs(signed), 600)
    letter = negative if signed < 0 else positive
    return f"{minutes // 60}°{minutes % 60:02d}′{tenths // 10:02d}.{tenths % 10}″{letter}"


def _from_mgrs(square: str, digits: str) -> Position:
    if len(digits) % 2 or len(digits) > 10:
        raise CoordinateError(
            'The MGRS reference "{text}" needs as many digits for east as for north, at most 5 each.',
            text=square + digits,
        )
    if len(digits) < 4:
        raise CoordinateError(
            'The MGRS reference "{text}" names a square of {km} km. Write at least four digits behind the letters.',
            text=square + digits,
            km=10 if digits else 100,
        )
    try:
        lat, lon = MGRS().toLatLon(square + digits)
    except MGRSError as error:
        raise CoordinateError('There is no MGRS square "{text}".', text=square + digits) from error
    return Position(lat, lon)
