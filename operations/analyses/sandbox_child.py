"""The child process of `sandbox`: it has the readers loaded, and forks once for each untrusted file.

    python -m operations.analyses.sandbox_child

Requests come on standard input, answers go to standard output, each as lengths, a JSON header and a body. The fork that
reads a file has no network, opens no file, writes none, has limits of time and memory, and runs as nobody where
possible. It returns one table or one message; if it crashes, this process survives.
"""

import contextlib
import ctypes
import gc
import io
import json
import os
import select
import shutil
import signal
import sqlite3
import struct
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import IO, Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import shapefile  # type: ignore[import-untyped]
import xlsxwriter
from pyproj import CRS

from geodata.intake import axis_check, files, mapped_table, packing, sheet
from geodata.intake.table import IntakeLimits, RefusedFile
from operations.core.errors import RuleBroken

TABLE, REFUSED, TIME, MEMORY, DIED = "table", "refused", "time", "memory", "died"
_IDLE_SECONDS = 900.0
_LARGEST_ANSWER = 512 * 2**20
_NOBODY = 65534
_PIECE = 2**20
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_LOADED_LATER = (".py", ".pyc", ".so")

_ENCODINGS = ("ascii", "cp1252", "cp437", "latin-1", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32")
_ZONES: list[ZoneInfo] = []
"""Kept in memory, so that a fork finds each zone without opening its file."""

NICENESS = 10
"""The niceness of a fork, so that requests for pages come first."""

_KML = b"<kml><Placemark><Point><coordinates>1,2</coordinates></Point></Placemark></kml>"


# -------------------------------------------------------------------------------------------------------- messages


def send(to: IO[bytes], header: dict[str, Any], body: bytes | IO[bytes] = b"") -> None:
    """Send one message: the length of its header and of its body, then both. A body in a file is sent in pieces."""
    head = json.dumps(header, default=str).encode()
    source = io.BytesIO(body) if isinstance(body, bytes) else body
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    to.write(len(head).to_bytes(4, "big") + size.to_bytes(8, "big") + head)
    shutil.copyfileobj(source, to, _PIECE)
    to.flush()


def receive(source: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Receive one message. Raises EOFError where the other side is gone."""
    sizes = _exactly(source, 12)
    head = json.loads(_exactly(source, int.from_bytes(sizes[:4], "big")))
    return head, _exactly(source, int.from_bytes(sizes[4:], "big"))


def _exactly(source: IO[bytes], size: int) -> bytes:
    found = source.read(size) if size else b""
    if len(found) < size:
        raise EOFError
    return found


def serve(source: IO[bytes], to: IO[bytes]) -> None:
    """Answer requests until the input ends or stays idle."""
    warm()
    send(to, {"ready": True})
    while _asked(source):
        try:
            ask, data = receive(source)
        except EOFError:
            return
        if "zone" in ask:
            warm_for_dates()
        if hasattr(os, "fork"):
            kind, body = _apart(ask, data)
        else:  # a system without fork: the parent kills this whole process when the time is over
            kind, body = _read(ask, data)
        send(to, {"kind": kind}, body)


def warm() -> None:
    """Load everything that readers need: a fork may open no files."""
    for name in _ENCODINGS:
        "a".encode(name)
    for each in _honest():
        packing.packed(files.read(each))
    with contextlib.suppress(RefusedFile):
        files.read(b"PK\x03\x04 of nothing")
    sheet.rows(b"a;b")
    rows = "".join(f"{n / 100},{n / 50},2024-01-{n % 28 + 1:02},1,Niger\n" for n in range(1, 1_200))
    table = files.read(f"lat,lon,date,quantity,country\n{rows}1.5N,2,2024,,Mali\n".encode())
    mapped_table.unpacked(mapped_table.packed(mapped_table.read_as(table, None, date(2024, 12, 31))))
    axis_check.fit(np.array([2.0] * 9), np.array([13.0] * 9), [""] * 9)
    _ZONES.extend(ZoneInfo(name) for name in available_timezones())
    gc.collect()
    gc.freeze()  # a fork shares untouched pages


@cache
def warm_for_dates() -> None:
    """Load the readers of calendars, at the first of them: most processes never read one."""
    rule = b"DTSTART;TZID=Europe/Paris:20260101T100000\r\nRRULE:FREQ=DAILY;COUNT=2\r\n"
    _dates(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n" + rule + b"END:VEVENT\r\nEND:VCALENDAR\r\n", "UTC")
    gc.collect()
    gc.freeze()


def _dates(data: bytes, zone: str) -> list[list[dict[str, Any]]]:
    """Return the dates of a calendar file, as written, and with times without a zone taken as those of `zone`."""
    from operations.exchange import ical  # imports the models, which take longest to load

    return [[asdict(each) for each in ical.read(data, zone, zone_for_floating=floating)] for floating in (False, True)]


def _honest() -> Iterator[bytes]:
    """Yield valid sample files, one of each format."""
    yield b"lat,lon\n1,2\n"
    yield "\u00e9;\u00fc\n1;2\n".encode("cp1252")
    yield b'{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}'
    yield _KML
    yield b'<gpx><wpt lat="1" lon="2"/></gpx>'
    yield b'<event type="b-m-p-c"><point lat="1" lon="2"/></event>'
    yield _geopackage()
    kmz = io.BytesIO()
    with zipfile.ZipFile(kmz, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", _KML)
    yield kmz.getvalue()
    workbook = io.BytesIO()
    with xlsxwriter.Workbook(workbook, {"in_memory": True}) as made:
        events = made.add_worksheet("events")
        events.write_row(0, 0, ["lat", "lon"])
        events.write_row(1, 0, [1.5, "2"])
    yield workbook.getvalue()
    shp, shx, dbf, packed = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, shapeType=shapefile.POINT) as writer:
        writer.field("name", "C", 10)
        writer.point(2, 1)
        writer.record("a")
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, content in (("shp", shp), ("shx", shx), ("dbf", dbf)):
            archive.writestr(f"a.{ending}", content.getvalue())
        archive.writestr("a.prj", CRS.from_epsg(4326).to_wkt("WKT1_ESRI"))
    yield packed.getvalue()


def _geopackage() -> bytes:
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.executescript(
            "CREATE TABLE gpkg_contents (table_name TEXT);"
            "CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);"
            "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);"
            "CREATE TABLE a (name TEXT, geom BLOB);"
            "INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326);"
            "INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', 4326);"
        )
        point = struct.pack("<2sBBi", b"GP", 0, 1, 4326) + struct.pack("<BI2d", 1, 1, 2.0, 1.0)
        database.execute("INSERT INTO a VALUES ('b', ?)", (point,))
        database.commit()
        return database.serialize()


def _asked(source: IO[bytes]) -> bool:
    if not hasattr(os, "fork"):
        return True
    return bool(select.select([source], [], [], _IDLE_SECONDS)[0])


# ------------------------------------------------------------------------------------------------ in the fork


def _read(ask: dict[str, Any], data: bytes) -> tuple[str, bytes]:
    """Return the table of a file as bytes, a mapped table, or the dates of a calendar; or why it is refused."""
    try:
        if "rows" in ask:
            return TABLE, json.dumps(sheet.rows(data)).encode()
        if "book" in ask:
            return TABLE, json.dumps([vars(each) for each in sheet.book(data)]).encode()
        if "zone" in ask:
            return TABLE, json.dumps(_dates(data, ask["zone"]), default=str).encode()
        limits = IntakeLimits(**ask["limits"])
        if "today" in ask:
            wanted = None if ask["mapping"] is None else mapped_table.mapping_from(ask["mapping"])
            table = packing.unpacked(data, limits)
            return TABLE, mapped_table.packed(
                mapped_table.read_as(table, wanted, date.fromisoformat(ask["today"]), limits)
            )
        return TABLE, packing.packed(files.read(data, ask["name"], limits))
    except RefusedFile as refused:
        return REFUSED, json.dumps({"template": refused.template, "params": refused.params}, default=str).encode()
    except RuleBroken as broken:
        said = [{"template": each.template, "params": each.params} for each in broken.flaws]
        return REFUSED, json.dumps(said[0], default=str).encode()
    except MemoryError:
        return MEMORY, b""


def _apart(ask: dict[str, Any], data: bytes) -> tuple[str, bytes]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.nice(NICENESS)
        _in_the_fork(ask, data, reading, writing)
    os.close(writing)
    body, in_time = _awaited(reading, child, ask["wall_seconds"])
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if not in_time or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return TIME, b""
    if os.WIFSIGNALED(status) or os.WEXITSTATUS(status) or not body:
        return DIED, b""
    kind, _newline, content = body.partition(b"\n")
    return kind.decode("ascii", "replace"), content


def _awaited(reading: int, child: int, seconds: float) -> tuple[bytes, bool]:
    """Return the output of the fork; it is killed when its time is over or its output too large."""
    until, size = time.monotonic() + seconds, 0
    parts: list[bytes] = []
    while (left := until - time.monotonic()) > 0 and size <= _LARGEST_ANSWER:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, 2**20)
            if not part:
                return b"".join(parts), True
            parts.append(part)
            size += len(part)
    os.kill(child, signal.SIGKILL)
    return b"", False


def _in_the_fork(ask: dict[str, Any], data: bytes, reading: int, writing: int) -> None:
    """Read the file, write the answer into the pipe, and exit. Never returns."""
    code = 1
    with contextlib.suppress(BaseException):
        os.close(reading)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        confine(ask["cpu_seconds"], ask["memory_bytes"])
        kind, body = _read(ask, data)
        answer = memoryview(kind.encode() + b"\n" + body)
        while answer:
            answer = answer[os.write(writing, answer) :]
        code = 0
    os._exit(code)


def confine(cpu_seconds: int, memory_bytes: int) -> None:
    """Confine this process: limited memory and CPU seconds, no network, no files, no other programs, user nobody.

    Restrictions that a system does not offer are left out; the limits of time and memory hold on every POSIX system.
    """
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _without_network()
    if os.getuid() == 0:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
    resource.setrlimit(resource.RLIMIT_AS, (_held() + memory_bytes,) * 2)
    sys.addaudithook(_watch)


def _without_network() -> None:
    """Enter an empty network namespace, where the system allows it."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_NETWORK) != 0:
            libc.unshare(_NEW_USER | _NEW_NETWORK)


def _held() -> int:
    """Return the bytes of address space in use already; the limit comes on top of them."""
    try:
        statm = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return 2 * 2**30
    try:
        return int(os.read(statm, 200).split()[0]) * os.sysconf("SC_PAGE_SIZE")
    finally:
        os.close(statm)


_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.kill",
    "shutil.",
    "ctypes.dlopen",
    "urllib.",
)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook that refuses events which reading a file in memory does not need."""
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open" and isinstance(arguments[0], str) and not arguments[0].endswith(_LOADED_LATER):
        # A probe for a file, such as of a time zone, finds none.
        raise (FileNotFoundError if arguments[1] in ("r", "rb") else PermissionError)(event)


if __name__ == "__main__":
    # Output of libraries must not mix with the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)
