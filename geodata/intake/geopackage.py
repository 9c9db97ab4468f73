"""GeoPackage reader: a database opened from its bytes in memory, of which the tables of features are read alone."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import shapely

from geodata.intake import geojson, reference_systems
from geodata.intake.geometry import Shaper
from geodata.intake.table import (
    LIMITS,
    FileTable,
    IntakeFormat,
    IntakeLimits,
    Maker,
    RefusedFile,
    UnusableRow,
    check_size,
    headings,
    or_refuse,
)

MAGIC = b"SQLite format 3\0"
UNKNOWN_SYSTEM = (
    'The reference system of the layer "{name}" is not known. Save the layer in WGS 84 (EPSG:4326), and bring it again.'
)

_DAMAGED = "The GeoPackage is damaged."
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_WGS84 = 4326
_READS = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_TRANSACTION})


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The features of all layers, those of each under its name in the column `layer`. Raises `RefusedFile`.

    The reference system of a layer must be one of the EPSG register; shapes come out in WGS 84. Views, virtual tables
    and computed columns are not read, functions and extensions never run. A feature is numbered in the order of the
    file.
    """
    check_size(data, limits)
    with or_refuse(_DAMAGED), closing(sqlite3.connect(":memory:")) as database:
        # Bytes 18 and 19 say whether a log lies beside the file. None does: what is here is all there is.
        database.deserialize(data[:18] + b"\x01\x01" + data[20:])
        database.execute("PRAGMA temp_store = MEMORY")
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(limits.size, 2**20))
        database.set_authorizer(lambda action, *_more: sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY)
        maker, shaper = Maker(IntakeFormat.GEOPACKAGE, limits, shapes=True), Shaper(limits)
        layers = list(_layers(database))
        if not layers:
            raise RefusedFile("The GeoPackage holds no layer of points, lines or areas.")
        number = 0
        for name, column, system in layers:
            number = _take(database, name, column, system, maker, shaper, number, limits)
    return maker.table()


def _layers(database: sqlite3.Connection) -> Iterator[tuple[str, str, int]]:
    """Name, column of the shape and system of each layer that is a table of its own."""
    tables = {str(name) for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "gpkg_contents" not in tables:
        raise RefusedFile("The file is a database, and no GeoPackage. Save its layer as GeoJSON or GeoPackage.")
    virtual = {
        str(name)
        for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if str(sql).lstrip()[:14].upper() == "CREATE VIRTUAL"
    }
    if "gpkg_geometry_columns" not in tables:
        return
    for name, column, system in database.execute("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"):
        if name in tables - virtual:
            yield str(name), str(column), int(system)


def _take(
    database: sqlite3.Connection,
    name: str,
    shape_column: str,
    system: int,
    maker: Maker,
    shaper: Shaper,
    number: int,
    limits: IntakeLimits,
) -> int:
    """Add the features of one layer; return the number of the last one."""
    # Hidden columns are computed: what computes them is the file's, and does not run.
    known = [
        (str(column), str(kind))
        for _place, column, kind, _needed, _default, _key, hidden in database.execute(
            f"PRAGMA table_xinfo({_quoted(name)})"
        )
        if not hidden
    ]
    if shape_column not in (column for column, _kind in known):
        raise RefusedFile(_DAMAGED)
    columns = [column for column, kind in known if column != shape_column and "BLOB" not in kind.upper()]
    heads = headings(columns, limits)
    transformer, note = reference_systems.to_wgs84(_code(database, name, system), UNKNOWN_SYSTEM, name=name[:60])
    if note is not None:
        maker.notes.append(note)
    asked = ", ".join(_quoted(column) for column in (shape_column, *columns))
    for shape, *cells in database.execute(f"SELECT {asked} FROM {_quoted(name)}"):  # noqa: S608 - names are quoted
        number += 1
        try:
            found = reference_systems.moved(_shape(shape, shaper), transformer)
        except UnusableRow as unfit:
            maker.refuse(number, "geometry", unfit.template, **unfit.params)
            continue
        maker.row(number, {"layer": name, **dict(zip(heads, map(_text, cells), strict=True))}, found)
    return number


def _code(database: sqlite3.Connection, name: str, system: int) -> int:
    query = "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    register, code = next(database.execute(query, (system,)), ("", 0))
    if str(register).upper() != "EPSG":
        raise RefusedFile(UNKNOWN_SYSTEM, name=name[:60])
    return int(code)


def _shape(blob: Any, shaper: Shaper) -> Any:
    """The shape behind the head of a GeoPackage: two letters, version, flags, system, envelope."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP" or (blob[3] >> 1 & 7) not in _ENVELOPES:
        raise UnusableRow("The shape is damaged.")
    if blob[3] & 0x20:
        raise UnusableRow("The shape must be a point, a line or an area.")
    try:
        found = shapely.from_wkb(blob[8 + _ENVELOPES[blob[3] >> 1 & 7] :])
        if found is None or found.is_empty:
            return None
        geometry = json.loads(shapely.to_geojson(found))
    except (shapely.errors.ShapelyError, ValueError):
        raise UnusableRow("The shape is damaged.") from None
    return geojson.shape_of(geometry, shaper)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bytes):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
