"""The write-ahead log of an SQLite file: which pages were committed since a position, without reading the file itself.

The format is SQLite's (https://sqlite.org/walformat.html): a head, then frames of one page each. Each frame's checksum
continues that of the one before, so what is not whole, or of an older log, does not fit. When all is in the database a
writer begins the log again, with the next number and salt in its head: what it held stays behind the new frames.

Only the log is opened here. A process that closes the database file itself would lose all its locks on it.
"""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

MOST = 10_000
"""Frames beyond which a copy of the database is read sooner."""
_MAGIC = 0x377F0682
_HEAD = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_FORMAT = slice(18, 20)
_Sums = tuple[int, int]


class LogPosition(NamedTuple):
    """A position in a log: its number and salts, the frames before it, and the checksum of the last of them."""

    number: int
    salts: tuple[int, int]
    frames: int
    sums: _Sums


@dataclass
class Committed:
    """What was committed since a position: pages by their number from 0, and how many the database has then."""

    position: LogPosition
    pages: dict[int, bytes]
    size: int | None
    """Pages of the database; None where nothing was committed."""


@dataclass(frozen=True)
class _Log:
    """An opened log, with what its head says."""

    file: BinaryIO
    page: int
    native: bool
    position: LogPosition

    def frames(self, since: LogPosition) -> Iterator[tuple[int, int, bytes, LogPosition]]:
        """Yield page number, size after a commit or 0, page and position of each whole frame after a position."""
        number, sums = since.frames, since.sums
        while len(found := self._at(number)) == _FRAME.size + self.page:
            page, size, *salts, first, second = _FRAME.unpack_from(found)
            content = found[_FRAME.size :]
            sums = _checksum(found[:8] + content, sums, native=self.native)
            if (tuple(salts), sums) != (since.salts, (first, second)):
                return
            number += 1
            yield page - 1, size, content, since._replace(frames=number, sums=sums)

    def salts(self, number: int) -> tuple[int, int]:
        """Return those of a frame; (0, 0) where there is none."""
        found = self._at(number)[: _FRAME.size]
        return _FRAME.unpack(found)[2:4] if len(found) == _FRAME.size else (0, 0)

    def _at(self, number: int) -> bytes:
        self.file.seek(_HEAD.size + number * (_FRAME.size + self.page))
        return self.file.read(_FRAME.size + self.page)


def beginning(database: Path) -> LogPosition | None:
    """Return the position before the first frame of the log beside a database; None where there is no log."""
    try:
        with _file(database).open("rb") as opened:
            found = _opened(opened)
    except OSError:
        return None
    return found.position if found else None


def committed(database: Path, since: LogPosition) -> Committed | None:
    """Return what was committed since a position, read while others write; None where the log no longer tells it."""
    try:
        with _file(database).open("rb", buffering=0) as opened:
            log = _opened(opened)
            found = _committed(log, since) if log is not None else None
            again = _opened(opened)
    except OSError:
        return None
    return found if again is not None and log is not None and again.position == log.position else None


def _committed(log: _Log, since: LogPosition) -> Committed | None:
    found = Committed(since, {}, None)
    if (log.position.number, log.position.salts) == (since.number, since.salts):
        return found if _take(log, since, found) else None
    next_one = (since.number + 1) % 2**32, (since.salts[0] + 1) % 2**32
    if (log.position.number, log.position.salts[0]) != next_one or log.salts(since.frames) == log.position.salts:
        return None
    if not _take(log, since, found):
        return None
    if log.salts(since.frames) == log.position.salts:  # meanwhile
        return None
    return found if _take(log, log.position, found) else None


def _take(log: _Log, since: LogPosition, found: Committed) -> bool:
    """Take over what the frames after a position committed; return whether they are not too many."""
    found.position = since
    waiting: dict[int, bytes] = {}
    for page, size, content, position in log.frames(since):
        waiting[page] = content if page else content[: _FORMAT.start] + b"\x01\x01" + content[_FORMAT.stop :]
        if position.frames - since.frames > MOST:
            return False
        if size:
            found.pages.update(waiting)
            found.position, found.size = position, size
            waiting.clear()
    return True


def _file(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


def _opened(file: BinaryIO) -> _Log | None:
    file.seek(0)
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    magic, _version, page, number, *salts, first, second = _HEAD.unpack(head)
    if magic & ~1 != _MAGIC:
        return None
    native = bool(magic & 1)
    if _checksum(head[:24], (0, 0), native=native) != (first, second):
        return None
    return _Log(file, page, native, LogPosition(number, (salts[0], salts[1]), 0, (first, second)))


def _checksum(content: bytes, sums: _Sums, *, native: bool) -> _Sums:
    """Continue a checksum; `native`: the words are big-endian."""
    words = array("I", content)
    if native != (struct.pack("=H", 1) == b"\0\1"):
        words.byteswap()
    first, second = sums
    each = iter(words)
    for one, two in zip(each, each, strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + two + first) & 0xFFFFFFFF
    return first, second
