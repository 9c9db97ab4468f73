"""Parsers of cells into numbers, days and positions; what can be read in two ways is refused, never guessed."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from geodata.ground import formats
from geodata.intake.table import UnusableRow

Span = tuple[date, date]
"""First and last day."""

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,2})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([, '\u00a0\u202f]\d{3})+(\.\d+)?|[+-]?\d{1,3}([. '\u00a0\u202f]\d{3})+(,\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_WKT = re.compile(r"(?:SRID=4326;)?POINT *\( *(\S+) +(\S+) *\)", re.IGNORECASE)
_PAIR = re.compile(r"([+-]?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?")
_MONTHLY = re.compile(r"(\d{4})[-/](\d{1,2})")
_STROKES = re.compile(r"(?:[^\W\d]+\.?,? +)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T,-]+\d{1,2}:\d\d(?::\d\d)?.*)?")
_COMPACT = re.compile(r"(19\d\d|20\d\d)(\d\d)(\d\d)")
_NAMED = (
    re.compile(r"(?P<d>\d{1,2})(?:er|\.|st|[nr]d|th)? +(?:de +)?(?P<m>[^\W\d]+)\.?,? +(?:de +)?(?P<y>\d{4})"),
    re.compile(r"(?P<m>[^\W\d]+)\.? +(?P<d>\d{1,2})(?:st|[nr]d|th)?,? +(?P<y>\d{4})"),
    re.compile(r"(?P<m>[^\W\d]+)\.?[ -]+(?:de +)?(?P<y>\d{4})"),
)
_MONTH_NAMES = (
    "january february march april may june july august september october november december",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
)


def _named_months() -> dict[str, int]:
    found: dict[str, int] = {}
    for names in _MONTH_NAMES:
        for month, name in enumerate(names.split(), start=1):
            found[name] = month
            if name.isascii() and len(name) > 3:
                found.setdefault(name[:3], month)
    return found | {"sept": 9, "fev": 2, "fév": 2, "aou": 8, "déc": 12}


_BY_NAME = _named_months()


class AmbiguousDay(UnusableRow):
    """A date such as 03/04/2024 that may be two different days, until the order of day and month is known."""

    def __init__(self, text: str) -> None:
        super().__init__('"{text}" can be two different days. Say whether the day or the month comes first.', text=text)


@dataclass(frozen=True, slots=True)
class PositionPair:
    """A latitude and a longitude as written: finite numbers that may be off the Earth or exchanged."""

    lat: float
    lon: float


def quantity(text: str) -> float:
    """A count or measure, not negative. Thousands may be parted by comma, point, space or apostrophe.

    A single comma with three digits behind it parts thousands: quantities here are persons and events.

    >>> quantity("1,234"), quantity("1 234,5"), quantity("12,5"), quantity("٣")
    (1234.0, 1234.5, 12.5, 3.0)
    """
    plain = _latin(text[:60])
    if _PLAIN.fullmatch(plain):
        found = float(plain)
    elif _THOUSANDS.fullmatch(plain):
        found = float(_without_groups(plain))
    elif _COMMA.fullmatch(plain):
        found = float(plain.replace(",", "."))
    else:
        raise UnusableRow('"{text}" is not a number.', text=text[:40])
    if not 0 <= found < 1e12:
        raise UnusableRow('"{text}" is not a quantity: it is negative or too large.', text=text[:40])
    return found


def pair(latitude: str, longitude: str) -> PositionPair:
    """Two cells as a position: decimal degrees with point or comma, or any writing of `geodata.ground.formats`.

    >>> pair("16,97", "7,99"), pair("16°58'12\\"N", "7°59'24\\"E")
    (PositionPair(lat=16.97, lon=7.99), PositionPair(lat=16.97, lon=7.99))
    """
    lat, lon = _latin(latitude).replace(",", "."), _latin(longitude).replace(",", ".")
    if _PLAIN.fullmatch(lat) and _PLAIN.fullmatch(lon):
        return PositionPair(float(lat), float(lon))
    return _parsed(f"{latitude[:60]}; {longitude[:60]}")


def position(text: str) -> PositionPair:
    """One cell as a position: "16.97, 7.99", DMS, MGRS, or WKT, where the longitude comes first.

    >>> position("POINT (7.99 16.97)"), round(position("32QLD 92590 76880").lat, 3)
    (PositionPair(lat=16.97, lon=7.99), 16.973)
    """
    text = " ".join(text[:120].split())
    if found := _PAIR.fullmatch(text):
        return PositionPair(float(found[1]), float(found[2]))
    if wkt := _WKT.fullmatch(text):
        return pair(wkt[2], wkt[1])
    return _parsed(text)


def span(text: str, *, day_first: bool | None = None, monthly: bool = False, zone: str = "") -> Span:
    """First and last day that a cell names: a day, a month or a year.

    ISO 8601, 3/4/2024 and the like (`AmbiguousDay` where `day_first` is None and both could be meant), names of months
    in English, French, Spanish and Arabic. A moment with an offset is the day it falls on in `zone`, in UTC without
    one. With `monthly` a day stands for its month.

    >>> span("2024-02"), span("Wed, 11/06/2019 - 12:00", day_first=False)[0]
    ((datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)), datetime.date(2019, 11, 6))
    """
    plain = " ".join(_latin(text[:80]).split())
    try:
        found = _span(plain, day_first, zone)
    except (ValueError, OverflowError) as error:
        if isinstance(error, UnusableRow):
            raise
        raise UnusableRow('"{text}" is not a date.', text=text[:40]) from None
    return _month(found[0].year, found[0].month) if monthly else found


def _span(plain: str, day_first: bool | None, zone: str) -> Span:
    if iso := _ISO.fullmatch(plain):
        day = date(int(iso[1]), int(iso[2]), int(iso[3]))
        return _day(_local(plain, zone) if iso[5] else day)
    if month := _MONTHLY.fullmatch(plain):
        return _month(int(month[1]), int(month[2]))
    if re.fullmatch(r"(19|20)\d\d", plain):
        return date(int(plain), 1, 1), date(int(plain), 12, 31)
    if compact := _COMPACT.fullmatch(plain):
        return _day(date(int(compact[1]), int(compact[2]), int(compact[3])))
    if strokes := _STROKES.fullmatch(plain):
        first, second, year = int(strokes[1]), int(strokes[2]), int(strokes[3])
        if day_first is None and first != second and first <= 12 and second <= 12:
            raise AmbiguousDay(plain[:40])
        later = second > 12 if day_first is None else not day_first
        return _day(date(year, first, second) if later else date(year, second, first))
    for pattern in _NAMED:
        if (named := pattern.fullmatch(plain.casefold())) and named["m"] in _BY_NAME:
            parts = named.groupdict()
            if "d" in parts:
                return _day(date(int(parts["y"]), _BY_NAME[parts["m"]], int(parts["d"])))
            return _month(int(parts["y"]), _BY_NAME[parts["m"]])
    raise ValueError(plain)


def _local(moment: str, zone: str) -> date:
    aware = datetime.fromisoformat(moment.replace(" ", "T", 1).replace(" ", ""))
    return aware.astimezone(_zone(zone) if zone else UTC).date()


def _zone(name: str) -> ZoneInfo:
    try:
        # The name is looked up in a database of files: nothing that could leave its folder gets there.
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", name):
            raise ValueError(name)
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise UnusableRow('"{text}" is not a time zone. Write it as Africa/Niamey.', text=name[:40]) from None


def _day(day: date) -> Span:
    return day, day


def _month(year: int, month: int) -> Span:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _parsed(text: str) -> PositionPair:
    try:
        found = formats.parse(text)
    except formats.CoordinateError as error:
        raise UnusableRow(error.template, **error.params) from None
    return PositionPair(found.lat, found.lon)


def _latin(text: str) -> str:
    """Arabic and other digits as 0 to 9, their decimal mark and the long minus as ours."""
    if text.isascii():
        return text.strip()
    return "".join(str(int(c)) if c.isdecimal() else c for c in text).replace("٫", ",").replace("−", "-").strip()


def _without_groups(text: str) -> str:
    """The last mark parts the decimals if it stands once and is another than those before it, or has no 3 digits."""
    marks = [c for c in text if c in ".,"]
    if len(set(marks)) == 2:
        decimal = marks[-1]
        return "".join(c if c.isdigit() or c in "+-" else "." if c == decimal else "" for c in text)
    last = marks[-1] if marks else ""
    if last and len(text.rpartition(last)[2]) != 3:
        return re.sub(r"[^\d+\-.]", "", text.replace(last, "."))
    return re.sub(r"[^\d+-]", "", text)
