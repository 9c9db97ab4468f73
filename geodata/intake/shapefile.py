"""Shapefile reader: from a zip archive, by bytes only, projected to WGS 84 by the .prj file."""

import io
import re
import struct
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath
from typing import Any

import pyproj
import shapefile  # type: ignore[import-untyped]
import shapely

from geodata.events.points import Note
from geodata.intake import archive, reference_systems
from geodata.intake.geometry import Place, Shaper
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

UNKNOWN_SYSTEM = "The reference system in the .prj file is not known. Save the layer in WGS 84 (EPSG:4326)."

_ENCODINGS = re.compile(
    r"utf-?8|(windows-|cp|ansi ?)?125[0-8]|iso-?8859-?\d{1,2}|8859\d{1,2}|(cp|oem ?)?(437|85[0258]|866)"
)
_HEADER = 100
_POINTS, _MULTIPOINTS, _LINES, _AREAS = {1, 11, 21}, {8, 18, 28}, {3, 13, 23}, {5, 15, 25}


def read(data: bytes, limits: IntakeLimits = LIMITS) -> FileTable:
    """The layers in an archive: .shp and .prj are needed, .dbf brings the columns, .shx is not looked at.

    The reference system must be one of the EPSG register, recognised by what the .prj says; shapes come out in WGS 84.
    Raises `RefusedFile`. Features are numbered from 1 over all layers; deleted ones are left out and counted. Of
    several layers each feature has its own in the column `layer`.
    """
    check_size(data, limits)
    layers = _layers(archive.unpack(data, limits))
    maker, shaper = Maker(IntakeFormat.SHAPEFILE, limits, shapes=True), Shaper(limits)
    for name, parts in layers.items():
        _take(parts, {"layer": name} if len(layers) > 1 else {}, maker, shaper, limits)
    return maker.table()


def _take(parts: dict[str, bytes], more: dict[str, str], maker: Maker, shaper: Shaper, limits: IntakeLimits) -> None:
    """Add the features of one layer; each gets the cells `more` too."""
    transformer, note = _transformer(parts[".prj"])
    if note and note not in maker.notes:
        maker.notes.append(note)
    first = len(maker) + 1
    with or_refuse("The shapefile is damaged."), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library, about lengths in headers, which are not believed anyway
        records = list(_records(parts[".shp"], limits))
        columns, rows = _attributes(parts.get(".dbf"), parts.get(".cpg", b""), len(records), limits)
        maker.head([*more, *columns])
        reader = shapefile.ShpReader(io.BytesIO(parts[".shp"]))
        for place, ((offset, length), cells) in enumerate(zip(records, rows, strict=True)):
            if cells is None:
                maker.refuse(first + place, "", "The feature was deleted in the program that wrote the file.")
                continue
            try:
                found = reader.shape(place, offset=offset, shape_len_B=length)
                shape = reference_systems.moved(_shape(found, shaper), transformer)
            except UnusableRow as unfit:
                maker.refuse(first + place, "geometry", unfit.template, **unfit.params)
            else:
                maker.row(first + place, {**more, **dict(zip(columns, cells, strict=True))}, shape)


def _layers(members: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
    """The parts of each layer by extension, under the name of the layer."""
    names = [n for n in members if not n.startswith("__MACOSX/") and not PurePosixPath(n).name.startswith(".")]
    stems = [n[:-4] for n in names if n.lower().endswith(".shp")]
    layers = {stem: {n[len(stem) :].lower(): members[n] for n in names if n.startswith(f"{stem}.")} for stem in stems}
    if any(".prj" not in parts for parts in layers.values()):
        raise RefusedFile(
            "The .prj file is missing, so nobody can say where the coordinates are. Add it to the archive."
        )
    return layers


def _transformer(prj: bytes) -> tuple[pyproj.Transformer, Note | None]:
    """From the system that a .prj describes to WGS 84, and a note where that moves anything.

    Only the register's own definition is used. What the file says could name grid files, which would be opened.
    """
    words = prj.decode("utf-8-sig", "replace").strip()
    if len(words) > 10_000 or re.search(r"grids|EXTENSION|BOUND|\bproj\b|file|pipeline", words, re.IGNORECASE):
        raise RefusedFile(UNKNOWN_SYSTEM)
    reference_systems.stay_offline()
    with or_refuse(UNKNOWN_SYSTEM):
        code = pyproj.CRS.from_wkt(words).to_epsg(min_confidence=70)
        if code is None:
            raise RefusedFile(UNKNOWN_SYSTEM)
    return reference_systems.to_wgs84(code, UNKNOWN_SYSTEM)


def _records(shp: bytes, limits: IntakeLimits) -> Iterator[tuple[int, int]]:
    """Offset and content length of each record, walked by hand: the library goes round for ever on a length below 0."""
    if len(shp) < _HEADER or shp[:4] != b"\x00\x00\x27\x0a":
        raise RefusedFile("The .shp file is not a shapefile.")
    offset, count = _HEADER, 0
    while offset < len(shp):
        if offset + 12 > len(shp):
            raise RefusedFile("The .shp file is cut off.")
        length = 2 * struct.unpack_from(">i", shp, offset + 4)[0]
        if length < 4 or offset + 8 + length > len(shp):
            raise RefusedFile("The .shp file is cut off or damaged at feature {number}.", number=count + 1)
        count += 1
        if count > limits.rows:
            raise RefusedFile("The file has more than {most:,} rows. Divide it.", most=limits.rows)
        yield offset, length
        offset += 8 + length


def _attributes(
    dbf: bytes | None, cpg: bytes, count: int, limits: IntakeLimits
) -> tuple[list[str], Iterator[list[str] | None]]:
    """The headings, and for each feature its cells, None where it was deleted."""
    if dbf is None:
        return [], iter([[]] * count)
    size = struct.unpack_from("<L", dbf, 4)[0] if len(dbf) >= 32 else -1
    if size != count:
        raise RefusedFile("The archive has {shapes} shapes but {rows} rows of data.", shapes=count, rows=max(size, 0))
    reader = shapefile.DbfReader(io.BytesIO(dbf), encoding=_encoding(dbf, cpg), encodingErrors="replace")
    names = headings([field.name for field in reader.data_fields], limits)
    rows = reader.iterRecords(deleted_as_None=True)
    return names, (None if row is None else [_text(value) for value in row] for row in rows)


def _encoding(dbf: bytes, cpg: bytes) -> str:
    """As the .cpg file says if that is a known code page; else UTF-8 where the bytes are, else Windows-1252."""
    stated = cpg.decode("ascii", "replace").strip().lower()
    if _ENCODINGS.fullmatch(stated):
        digits = re.sub(r"\D", "", stated)
        if digits.startswith("8859"):
            return f"iso8859-{int(digits[4:])}"
        return "utf-8" if digits == "8" else f"cp{digits}"
    try:
        dbf[32:].decode("utf-8")
    except UnicodeError:
        return "cp1252"
    return "utf-8"


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _shape(found: Any, shaper: Shaper) -> Any:
    places: list[Place] = [(float(place[0]), float(place[1])) for place in found.points]
    kind = found.shapeType
    if kind == 0:
        return None
    if kind in _POINTS:
        return shaper.point(places[0])
    if kind in _MULTIPOINTS:
        return shaper.together([shaper.point(place) for place in places])
    starts = list(found.parts)
    if starts != sorted(set(starts)) or (starts and (starts[0] != 0 or starts[-1] >= len(places))):
        raise UnusableRow("The parts of the shape are damaged.")
    runs = [places[a:b] for a, b in zip(starts, [*starts[1:], len(places)], strict=True)]
    if kind in _LINES:
        return shaper.together([shaper.line(run) for run in runs])
    if kind in _AREAS:
        return shaper.together([shaper.polygon(rings) for rings in _areas(runs, shaper)])
    raise UnusableRow("The shape must be a point, a line or an area.")


def _areas(rings: list[list[Place]], shaper: Shaper) -> list[list[list[Place]]]:
    """Rings sorted into areas: outlines run clockwise, holes the other way, each in the smallest outline round it."""
    made = [shaper.ring(ring) for ring in rings]
    clockwise = [not shapely.is_ccw(shape.exterior) for shape in made]
    if not any(clockwise):
        clockwise = [True] * len(made)
    areas = {place: [ring] for place, (ring, outer) in enumerate(zip(rings, clockwise, strict=True)) if outer}
    shapely.prepare(made)
    outlines = sorted(areas, key=lambda place: made[place].area)
    for place, ring in enumerate(rings):
        if clockwise[place]:
            continue
        inside = next((each for each in outlines if made[each].contains(made[place])), None)
        if inside is None:
            raise UnusableRow("A hole lies outside of every outline.")
        areas[inside].append(ring)
    return list(areas.values())
