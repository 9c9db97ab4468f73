"""Sandbox for untrusted files: they are read in a process of its own, limited in time and memory, without a network, as
an unprivileged user.

Mapping a table is done there too: for a million rows it takes seconds, which would block a process that serves pages.

A server process with the readers loaded waits beside this one and forks for each file (`sandbox_child`), so that an
ordinary file is read in milliseconds. A fork that exceeds its time or memory is killed: the file is refused with a
message, and the caller goes on. On systems without fork the file is read in the server process itself, which is killed
when the time is over; memory is then limited only by the system.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import IO, Any

from geodata.intake import mapped_table, packing, sheet
from geodata.intake.mapped_table import MappedTable
from geodata.intake.mapping import Mapping
from geodata.intake.table import LIMITS, FileTable, IntakeLimits, RefusedFile
from operations.analyses.sandbox_child import DIED, MEMORY, REFUSED, TABLE, TIME, receive, send

CPU_SECONDS = 5
WALL_SECONDS = 10
MEMORY_BYTES = 512 * 2**20
ORDINARY_BYTES = 10 * 2**20
"""Limits apply to files up to this size.

A larger one, where larger ones are allowed, gets proportionally more of each.
"""

ZIPPED_TIMES = 12
"""The compression ratio of GeoJSON events: a zipped file gets the limits of its unpacked size."""

MOST_MEMORY_BYTES = 3 * 2**30
ACCEPTING_SECONDS = 60
"""Seconds for mapping a table: a million rows with positions in degrees and minutes are parsed row by row."""

_START_SECONDS = 60.0
_MOST_QUESTIONS = 4


class Busy(RefusedFile):
    """Too many requests wait already: the same request can be retried a little later."""


class Sandbox:
    """The server process. Started at the first file, or by `start` before it. Thread-safe.

    At most `most` requests are accepted at once, including the one in work; further ones raise `Busy`.
    """

    def __init__(self, most: int | None = None) -> None:
        self._lock = threading.Lock()
        self._room = None if most is None else threading.Semaphore(most)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process before the first file."""
        with self._lock:
            self._running()

    def read(self, data: bytes, name: str = "", limits: IntakeLimits = LIMITS) -> FileTable:
        """Read a file as `geodata.intake.files.read` does. Raises `RefusedFile`, and nothing else."""
        return packing.unpacked(self.packed(data, name, limits), limits)

    def packed(self, data: bytes | IO[bytes], name: str = "", limits: IntakeLimits = LIMITS) -> bytes:
        """Return the table of a file as packed by `geodata.intake.packing`. Raises `RefusedFile`, and nothing else.

        A file object is passed on in pieces, and never held in memory here.
        """
        given, begins = _measured(data)
        size = min(ZIPPED_TIMES * given, limits.zipped) if begins == b"PK" else 0
        times = max(1, -(-max(size, given) // ORDINARY_BYTES))
        ask = {"name": name, "limits": asdict(limits)}
        memory = min(MEMORY_BYTES * times, MOST_MEMORY_BYTES)
        return self._answered(ask, data, CPU_SECONDS * times, WALL_SECONDS * times, memory)

    def accepted(self, table: bytes, mapping: Mapping | None, today: date) -> MappedTable:
        """Map a table that `packed` made, as `geodata.intake.mapped_table.read_as` does.

        Raises `RefusedFile`, and nothing else.
        """
        wanted = None if mapping is None else asdict(mapping)
        ask = {"limits": asdict(LIMITS), "mapping": wanted, "today": today.isoformat()}
        seconds = ACCEPTING_SECONDS
        return mapped_table.unpacked(self._answered(ask, table, seconds, 1.5 * seconds, MOST_MEMORY_BYTES))

    def dates(self, data: bytes | IO[bytes], zone: str) -> list[list[dict[str, Any]]]:
        """Return the dates of a calendar file, twice: as `operations.exchange.ical.read` finds them without and with
        `zone_for_floating`, each as a dictionary with moments in ISO 8601.

        Raises `RefusedFile`, and nothing else.
        """
        kind, body = self._told({"zone": zone}, data, CPU_SECONDS, WALL_SECONDS, MEMORY_BYTES)
        if kind in (TIME, MEMORY):
            raise RefusedFile("The events of this file repeat too often to list their dates. Export a shorter period.")
        if kind != TABLE:
            raise _refusal(kind, body, CPU_SECONDS)
        found: list[list[dict[str, Any]]] = json.loads(body)
        return found

    def rows(self, data: bytes | IO[bytes]) -> list[list[str]]:
        """Return the rows of a workbook of any kind or of a delimited text, as they are.

        Raises `RefusedFile`, and nothing else.
        """
        body = self._answered({"rows": True}, data, CPU_SECONDS, WALL_SECONDS, MEMORY_BYTES)
        found: list[list[str]] = json.loads(body)
        return found

    def book(self, data: bytes | IO[bytes]) -> list[sheet.Sheet]:
        """Return every sheet of a workbook with typed cells, as `geodata.intake.sheet.book` does.

        Raises `RefusedFile`, and nothing else.
        """
        body = self._answered({"book": True}, data, CPU_SECONDS, WALL_SECONDS, MEMORY_BYTES)
        return [sheet.Sheet(**each) for each in json.loads(body)]

    def _answered(self, ask: dict[str, Any], data: bytes | IO[bytes], cpu: int, wall: float, memory: int) -> bytes:
        """Return the answer of a fork within its seconds and bytes. Raises `RefusedFile`."""
        kind, body = self._told(ask, data, cpu, wall, memory)
        if kind == TABLE:
            return body
        raise _refusal(kind, body, cpu)

    def _told(
        self, ask: dict[str, Any], data: bytes | IO[bytes], cpu: int, wall: float, memory: int
    ) -> tuple[str, bytes]:
        ask = {**ask, "cpu_seconds": cpu, "wall_seconds": wall, "memory_bytes": memory}
        with self._a_place(), self._lock:
            return self._asked(ask, data)

    @contextlib.contextmanager
    def _a_place(self) -> Iterator[None]:
        if self._room is not None and not self._room.acquire(blocking=False):
            raise Busy("Muster is working on other files just now. Try again in a minute.")
        try:
            yield
        finally:
            if self._room is not None:
                self._room.release()

    def stop(self) -> None:
        """Stop the server process."""
        with self._lock:
            self._end()

    def _asked(self, ask: dict[str, Any], data: bytes | IO[bytes]) -> tuple[str, bytes]:
        """Send a request, and once more where the server process had exited in between."""
        for _time in range(2):
            process = self._running()
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
            loading = _START_SECONDS if "zone" in ask else 5  # readers of calendars are loaded at the first one
            late = threading.Timer(ask["wall_seconds"] + loading, process.kill)
            late.start()
            try:
                send(process.stdin, ask, data)
                header, body = receive(process.stdout)
                return str(header["kind"]), body
            except (OSError, EOFError, ValueError):
                in_time = late.is_alive()
                self._end()
                if not in_time:
                    return TIME, b""
            finally:
                late.cancel()
        return DIED, b""

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        # No secrets of ours, one thread for numeric libraries, memory from the system so that its limit is exact.
        environment = {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONHASHSEED": "0",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "ARROW_DEFAULT_MEMORY_POOL": "system",
            "MALLOC_ARENA_MAX": "1",
            **{name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
        }
        command = [sys.executable, "-m", "operations.analyses.sandbox_child"]
        made = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)  # noqa: S603 - our own module
        self._process = made
        assert made.stdout is not None  # noqa: S101 - it is a pipe
        late = threading.Timer(_START_SECONDS, made.kill)
        late.start()
        with contextlib.suppress(EOFError, ValueError):
            receive(made.stdout)
        late.cancel()
        return made

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.kill()
        process.wait(10)


def _measured(data: bytes | IO[bytes]) -> tuple[int, bytes]:
    """Return the number of bytes, and the first two of them."""
    if isinstance(data, bytes):
        return len(data), data[:2]
    size = data.seek(0, os.SEEK_END)
    data.seek(0)
    return size, data.read(2)


def _refusal(kind: str, body: bytes, seconds: int) -> RefusedFile:
    if kind == REFUSED:
        with contextlib.suppress(ValueError, KeyError, TypeError, IndexError):
            said = json.loads(body)
            return RefusedFile(str(said["template"]), **dict(said["params"]))
    if kind == TIME:
        return RefusedFile(
            "Reading this file took longer than {seconds} seconds and was stopped. Divide the file, or save it as CSV.",
            seconds=seconds,
        )
    if kind == MEMORY:
        return RefusedFile("Reading this file took more memory than is allowed. Divide it, or save it as CSV.")
    return RefusedFile("The file cannot be read.")


READER = Sandbox()
"""The server process for files; its requests queue in `dashboard.server.upload_queue`."""

QUESTIONS = Sandbox(_MOST_QUESTIONS)
"""Another one, for requests about files already read: mapping columns never waits for other people's files."""

atexit.register(READER.stop)
atexit.register(QUESTIONS.stop)
