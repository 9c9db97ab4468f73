"""Mapping: the meaning of each column, proposed from headings, changed by a person, applied by `events.accept`."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from geodata.intake.table import FileTable, RefusedFile


class Nature(StrEnum):
    """The kind of the rows of a layer, which decides how they may be shown.

    Offences and the like are incidents. Deaths and disappearances mark places of danger: shown with dignity, never as
    offences, never counted with them. Indicators are totals of a place and a period, made by somebody else.
    """

    INCIDENT = "incident"
    DANGER = "danger"
    INDICATOR = "indicator"


@dataclass(frozen=True)
class Mapping:
    """Names of columns, None where a table has none. Without any column of a position the shapes of the file are used.

    `position` is one column with both coordinates, in any writing of `geodata.ground.formats` or as WKT point. `zone`
    is a column of IANA time zones, for times that are given in UTC. `area` names a border, route or place of an
    indicator, `country` the country that a point is said to lie in. `months` are columns whose headings are months and
    whose cells are quantities. Rows with anything in `unless` are left out: the file marks them as doubtful.

    `unit` says what a quantity counts. `area_name` and `kind_name` hold for all rows where there is no column.
    `monthly`: a day stands for its whole month. `day_first` decides 03/04/2024; None: only where it is beyond doubt.
    `swapped` exchanges latitude and longitude. `once` leaves out repeated rows. `ready` names the ready mapping.
    """

    latitude: str | None = None
    longitude: str | None = None
    position: str | None = None
    date: str | None = None
    until: str | None = None
    zone: str | None = None
    quantity: str | None = None
    kind: str | None = None
    accuracy: str | None = None
    source: str | None = None
    note: str | None = None
    country: str | None = None
    area: str | None = None
    unless: str | None = None
    months: tuple[str, ...] = ()
    nature: Nature = Nature.INCIDENT
    unit: str = "events"
    area_name: str = ""
    kind_name: str = ""
    monthly: bool = False
    day_first: bool | None = None
    swapped: bool = False
    once: bool = False
    ready: str = ""

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that anything is taken from, in the order of the roles."""
        named = (getattr(self, role) for role in ROLES)
        return (*(name for name in named if name is not None), *self.months)


ROLES = (
    "latitude",
    "longitude",
    "position",
    "date",
    "until",
    "zone",
    "quantity",
    "kind",
    "accuracy",
    "source",
    "note",
    "country",
    "area",
    "unless",
)
"""The fields of `Mapping` that name one column each."""


@dataclass(frozen=True)
class _Ready:
    """A known file: recognised by headings that must all be there (any of each group), its roles, what it is."""

    name: str
    needs: tuple[str, ...]
    roles: dict[str, str]
    fixed: dict[str, object] = field(default_factory=dict)


# Headings are written here without space, case and marks, as `_key` makes them; alternatives are parted by a bar, the
# first that is there counts. The download of the Missing Migrants Project has changed its headings several times.
_DEAD = "totalnumberofdeadandmissing|totaldeadandmissing|deadandmissing"
_CAUSE = "causeofdeath|causedeath|causegroup|cause"
_REPORTED = "incidentdate|reporteddate|date"
_READY = (
    _Ready(
        "IOM Missing Migrants Project",
        needs=(_DEAD, _CAUSE, _REPORTED, "coordinates|locationcoordinates|locationcoodinates|lat"),
        roles={
            "position": "coordinates|locationcoordinates|locationcoodinates",
            "latitude": "lat",
            "longitude": "lon",
            "date": _REPORTED,
            "quantity": _DEAD,
            "kind": _CAUSE,
            "source": "informationsource",
            "note": "locationofincident|locationofdeath|locationdescription|location",
            "country": "countryofincident|countryreported|iso3reported|country",
            "unless": "coordflag",
        },
        # Its own dates with strokes are American; the oldest read "Wed, 11/06/2019 - 12:00".
        fixed={"nature": Nature.DANGER, "unit": "dead and missing", "day_first": False},
    ),
    _Ready(
        "Monthly encounters at a border (U.S. Customs and Border Protection)",
        needs=("month", "encounters", "area"),
        roles={"date": "month", "quantity": "encounters", "area": "area", "kind": "encountertype"},
        fixed={"nature": Nature.INDICATOR, "unit": "encounters", "monthly": True},
    ),
    _Ready(
        "Daily small boat arrivals (UK Home Office)",
        needs=("date", "people", "boats"),
        roles={"date": "date", "quantity": "people"},
        fixed={"nature": Nature.INDICATOR, "unit": "arrivals", "area_name": "English Channel", "day_first": True},
    ),
    _Ready(
        "Yearly sea arrivals by place (UNHCR)",
        needs=("place", "year", "arrivals", "lat", "lon"),
        roles={"date": "year", "quantity": "arrivals", "area": "place", "latitude": "lat", "longitude": "lon"},
        fixed={"nature": Nature.INDICATOR, "unit": "arrivals"},
    ),
)

_WORDS = {
    "latitude": "latitude|lat|y|gpslatitude|breitengrad|latitud|خطالعرض",
    "longitude": "longitude|lon|long|lng|x|gpslongitude|längengrad|longitud|خطالطول",
    "position": "coordinates|coordinate|position|coords|latlon|latlong|mgrs|gps|wkt|coordonnées|coordenadas|"
    "posición|الإحداثيات",
    "date": "date|incidentdate|eventdate|reporteddate|datetime|day|when|begin|time|month|jour|"
    "datedelincident|fecha|mes|mois|año|année|year|التاريخ",
    "until": "until|end|dateto|enddate|datefin|hasta|fechafin",
    "zone": "timezone|zone|tz|fuseau|zonahoraria",
    "quantity": "quantity|count|number|total|persons|people|detections|encounters|arrivals|nombre|quantité|"
    "cantidad|número|personas|personnes|العدد",
    "kind": "kind|type|eventtype|incidenttype|category|cause|offence|tipo|catégorie|categoría|infraction|"
    "النوع|folder|sym",
    "accuracy": "accuracy|precision|positionaccuracy|uncertainty|précision|precisión|exactitud|الدقة",
    "source": "source|informationsource|src|fuente|المصدر",
    "note": "note|notes|remark|remarks|comment|description|desc|cmt|remarque|observaciones|nota|ملاحظة",
    "country": "iso3|iso2|country|countryofincident|countrycode|pays|país|البلد",
    "area": "area|border|bordersection|bordername|borderlocation|route|sector|place|location|name|frontière|"
    "frontera|tronçon|ruta|الحدود",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*[ .-]?((?:19|20)\d\d)|((?:19|20)\d\d)-(0[1-9]|1[0-2])", re.IGNORECASE)

# What identifies a person has no place in a layer, whatever a file brings (domain 3).
_PERSONAL = re.compile(
    r"(sur|first|last|given|family|full|middle|maiden|birth|victim|suspect|person|officer|passenger|travell?er)name|"
    r"nameof(the)?(victim|person|suspect|officer|chief|passenger|travell?er)|nomcomplet|nombrecompleto|nombresyapellidos|"
    r"^nom(du|dela|del|de)\W?(chef|agent|officier|passager|voyageur|suspect|victime)|"
    r"^nombre(del|dela|de)(jefe|jefa|agente|funcionari[oa]|pasajero|viajero|sospechoso|víctima|persona)|"
    r"اسم(رئيس|الضابط|المسافر|الشخص|الضحية|المشتبه)|"
    r"date?ofbirth|birthdate|dob$|birthday|placeofbirth|passport|documentn(o|umber|r)|idnumber|idcard|nationalid|visan|"
    r"fingerprint|phone|telephone|mobile|msisdn|imei|email|facebook|whatsapp|homeaddress|"
    r"^prénom|^nomdefamille|datedenaissance|passeport|téléphone|^apellido|fechadenacimiento|pasaporte|teléfono|"
    r"جوازالسفر|تاريخالميلاد|الهاتف"
)


def proposed(table: FileTable) -> Mapping:
    """The mapping to begin with: the ready one of a known file, else what the headings say, else an empty one.

    >>> from geodata.intake.csv_ import read
    >>> found = proposed(read(b"Latitud;Longitud;Fecha;Tipo\\n16,97;7,99;2024-03-01;cruce\\n"))
    >>> found.latitude, found.longitude, found.date, found.kind
    ('Latitud', 'Longitud', 'Fecha', 'Tipo')
    """
    return ready(table.columns) or guessed(table)


def ready(columns: Sequence[str]) -> Mapping | None:
    """The ready mapping of a known download that has these headings; None for any other file.

    >>> iom = ready(["Main ID", "Incident Date", "Total Number of Dead and Missing", "Cause of Death", "Coordinates"])
    >>> iom.nature, iom.quantity, iom.position
    (<Nature.DANGER: 'danger'>, 'Total Number of Dead and Missing', 'Coordinates')
    """
    by_key = _by_key(columns)
    for known in _READY:
        if all(_first(group.split("|"), by_key) for group in known.needs):
            roles = {role: _first(group.split("|"), by_key) for role, group in known.roles.items()}
            return replace(Mapping(ready=known.name), **roles, **known.fixed)  # type: ignore[arg-type]
    months = month_columns(columns)
    if len(months) >= 3:
        area = _first(["route", "border", "bordersection", "area", "sector"], by_key)
        return Mapping(
            area=area,
            kind=_first(["borderlocation", "kind", "type"], by_key),
            months=months,
            nature=Nature.INDICATOR,
            unit="detections",
            monthly=True,
            ready="Monthly detections by route or border, one column a month",
        )
    return None


def guessed(table: FileTable) -> Mapping:
    """What the headings of any table say in English, French, Spanish and Arabic; columns about persons never."""
    by_key = _by_key(name for name in table.columns if not is_personal(name))
    found: dict[str, str] = {}
    for role, words in _WORDS.items():
        name = _first(words.split("|"), by_key)
        if name is not None and name not in found.values():
            found[role] = name
    if "latitude" not in found or "longitude" not in found:
        found.pop("latitude", None)
        found.pop("longitude", None)
    else:
        found.pop("position", None)
    month = "date" in found and _key(found["date"]) in ("month", "mois", "mes")
    nowhere = table.geometry is None and not {"latitude", "position"} & set(found)
    if not nowhere:
        found.pop("area", None)
    nature = Nature.INDICATOR if nowhere and "area" in found and "quantity" in found else Nature.INCIDENT
    return replace(Mapping(nature=nature, monthly=month), **found)  # type: ignore[arg-type]


def named(columns: Iterable[str], names: Iterable[str], role: str = "") -> str | None:
    """The first column whose heading is one of `names`, or a usual one of a role; None where there is none.

    >>> named(["Poste", "Date du jour", "Nombre"], ["count"], "quantity")
    'Nombre'
    """
    by_key = _by_key(columns)
    return _first([*map(_key, names), *_WORDS.get(role, "").split("|")], by_key)


def check(mapping: Mapping, table: FileTable) -> None:
    """Refuse a mapping that does not fit its table, or that takes anything from a column about persons."""
    for name in mapping.used:
        if name not in table.columns:
            raise RefusedFile('The file has no column "{name}".', name=name)
        if is_personal(name):
            raise RefusedFile('The column "{name}" seems to identify persons. It is not imported.', name=name)
    if (mapping.latitude is None) != (mapping.longitude is None):
        raise RefusedFile("Choose a column for the latitude and one for the longitude.")
    placed = mapping.latitude is not None or mapping.position is not None or table.geometry is not None
    if mapping.nature is Nature.INDICATOR:
        if not (placed or mapping.area is not None or mapping.area_name):
            raise RefusedFile("Choose the column that names the border, route or place of each total.")
        if mapping.quantity is None and not mapping.months:
            raise RefusedFile("Choose the column that holds the totals.")
    elif not placed:
        raise RefusedFile("Choose the columns for latitude and longitude, or the one that holds both.")


def is_personal(column: str) -> bool:
    """Whether a heading sounds like something that identifies a person.

    >>> [is_personal(name) for name in ("Date of birth", "Passport No.", "Number of Dead", "name")]
    [True, True, False, False]
    """
    return _PERSONAL.search(_key(column)) is not None


def month_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """The headings that are a month: JAN2024, Jan 2024, 2024-01."""
    return tuple(name for name in columns if _MONTH.fullmatch(name.strip()))


def month_of(column: str) -> tuple[int, int]:
    """Year and month of a heading that `month_columns` found.

    >>> month_of("JAN2024"), month_of("2024-01")
    ((2024, 1), (2024, 1))
    """
    found = _MONTH.fullmatch(column.strip())
    if found is None:
        raise RefusedFile('"{name}" is not a month.', name=column)
    if found[1]:
        return int(found[2]), _MONTHS.index(found[1].lower()) + 1
    return int(found[3]), int(found[4])


def _by_key(columns: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in columns:
        found.setdefault(_key(name), name)
    return found


def _first(keys: Iterable[str], by_key: dict[str, str]) -> str | None:
    return next((by_key[key] for key in keys if key in by_key), None)


def _key(name: str) -> str:
    """A heading without case, spaces and marks; letters of all scripts stay."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
