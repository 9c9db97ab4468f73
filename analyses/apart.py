"""Strangers' files read in a process of its own: limited in time and memory, without a network, nobody's.

What a table becomes with a mapping is worked out there too: of a million rows that takes seconds, and whoever serves
pages has other people waiting.

A server process that has the readers loaded waits beside this one and forks for each file (`apart_child`), so that an
ordinary file is read in milliseconds. A fork that takes too long or too much is ended: the file is refused in a
sentence, and whoever asked goes on. On systems without fork the file is read in the waiting process itself, which is
ended when the time is over; limits of memory are then the system's.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict
from datetime import date
from typing import Any

from analyses.apart_child import DIED, MEMORY, REFUSED, TABLE, TIME, receive, send
from geodata.intake import packing, reading
from geodata.intake.mapping import Mapping
from geodata.intake.reading import Reading
from geodata.intake.table import LIMITS, Limits, Refused, Table

CPU_SECONDS = 5
WALL_SECONDS = 10
MEMORY_BYTES = 512 * 2**20
ORDINARY_BYTES = 10 * 2**20
"""For a file of this size and below. A larger one, where larger ones are allowed, gets as many times more of each."""

ZIPPED_TIMES = 12
"""How many times smaller GeoJSON of events becomes in an archive: what is zipped gets what it would get unpacked."""

MOST_MEMORY_BYTES = 3 * 2**30
ACCEPTING_SECONDS = 60
"""For what a table becomes: of a million rows with positions in degrees and minutes it is worked out row by row."""

_START_SECONDS = 60.0


class Apart:
    """The waiting process. Started at the first file, or by `start` before it; safe to be used by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Have the process ready before somebody waits for it."""
        with self._lock:
            self._running()

    def read(self, data: bytes, name: str = "", limits: Limits = LIMITS) -> Table:
        """As `geodata.intake.files.read`. Raises `Refused`, and nothing else."""
        return packing.unpacked(self.packed(data, name, limits), limits)

    def packed(self, data: bytes, name: str = "", limits: Limits = LIMITS) -> bytes:
        """The table of a file as `geodata.intake.packing` keeps it. Raises `Refused`, and nothing else."""
        size = min(ZIPPED_TIMES * len(data), limits.zipped) if data.startswith(b"PK") else 0
        times = max(1, -(-max(size, len(data)) // ORDINARY_BYTES))
        ask = {"name": name, "limits": asdict(limits)}
        memory = min(MEMORY_BYTES * times, MOST_MEMORY_BYTES)
        return self._answered(ask, data, CPU_SECONDS * times, WALL_SECONDS * times, memory)

    def accepted(self, table: bytes, mapping: Mapping | None, today: date) -> Reading:
        """As `geodata.intake.reading.read_as`, of a table that `packed` made. Raises `Refused`, and nothing else."""
        wanted = None if mapping is None else asdict(mapping)
        ask = {"limits": asdict(LIMITS), "mapping": wanted, "today": today.isoformat()}
        seconds = ACCEPTING_SECONDS
        return reading.unpacked(self._answered(ask, table, seconds, 1.5 * seconds, MOST_MEMORY_BYTES))

    def _answered(self, ask: dict[str, Any], data: bytes, cpu: int, wall: float, memory: int) -> bytes:
        """What a fork answers within so many seconds and bytes. Raises `Refused`."""
        with self._lock:
            kind, body = self._asked(ask | {"cpu_seconds": cpu, "wall_seconds": wall, "memory_bytes": memory}, data)
        if kind == TABLE:
            return body
        raise _refusal(kind, body, cpu)

    def stop(self) -> None:
        """End the waiting process."""
        with self._lock:
            self._end()

    def _asked(self, ask: dict[str, Any], data: bytes) -> tuple[str, bytes]:
        """Ask once, and once more where the waiting process had gone home in between."""
        for _time in range(2):
            process = self._running()
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
            late = threading.Timer(ask["wall_seconds"] + 5, process.kill)
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
        # No secrets of ours, one thread for libraries that count, memory from the system so that its limit is exact.
        environment = {
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONHASHSEED": "0",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "ARROW_DEFAULT_MEMORY_POOL": "system",
            "MALLOC_ARENA_MAX": "1",
            **{name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ},
        }
        command = [sys.executable, "-m", "analyses.apart_child"]
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


def _refusal(kind: str, body: bytes, seconds: int) -> Refused:
    if kind == REFUSED:
        with contextlib.suppress(ValueError, KeyError, TypeError, IndexError):
            said = json.loads(body)
            return Refused(str(said["template"]), **dict(said["params"]))
    if kind == TIME:
        return Refused(
            "Reading this file took longer than {seconds} seconds, so it was given up. Divide it, or save it as CSV.",
            seconds=seconds,
        )
    if kind == MEMORY:
        return Refused("Reading this file took more memory than is allowed. Divide it, or save it as CSV.")
    return Refused("The file cannot be read.")


READER = Apart()
"""The waiting process of this process."""

atexit.register(READER.stop)
