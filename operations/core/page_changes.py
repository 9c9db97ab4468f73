"""Changes of an SQLite database between two copies of it, page by page: with them it is restored to a minute.

The process that makes the copies notes each minute the pages that were committed since: it reads them in the log of
SQLite (`write_ahead_log`), or takes one more copy where the log was begun again too often. Each file of changes names,
by hashes of all pages, the state before and the state after: only an unbroken chain is followed.
"""

import hashlib
import json
import struct
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from operations.core import clock, encrypted_copies, file_permissions, write_ahead_log
from operations.core.errors import RuleBroken
from operations.core.write_ahead_log import LogPosition

STAMP = "%Y%m%dT%H%M%SZ"
ENDING = ".pages"
NOTHING = "0" * 16
"""The state before the first of a chain: a copy of its moment is there."""

_PAGE = struct.Struct(">I")
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, order=True)
class ChangeFile:
    """One file of changes: from one state to the next, at its moment (UTC)."""

    moment: datetime
    before: str = field(compare=False)
    after: str = field(compare=False)
    file: Path = field(compare=False)


def change_files(folder: Path) -> list[ChangeFile]:
    """Return the files of changes in a folder, oldest first."""
    found = []
    for file in folder.glob(f"changes-*Z-*-*{ENDING}*"):
        if file.suffix == ".part":
            continue
        _changes, stamp, before, after = file.name.partition(".")[0].split("-")
        found.append(ChangeFile(datetime.strptime(stamp, STAMP).replace(tzinfo=UTC), before, after, file))
    return sorted(found)


class PageChanges:
    """The chain of changes that this process writes into `folder`, encrypted as copies are.

    `note` is called with each copy, before it is encrypted, and with those that are made for the changes alone; whoever
    makes one takes the `turn` first, so that they are noted in their order. `note_log` needs no copy; `look` helps it.
    """

    def __init__(self, folder: Path, layers: encrypted_copies.Layers = ()) -> None:
        self.folder, self.layers, self.turn = folder, layers, threading.RLock()
        self._pages: list[bytes] = []
        self._log: LogPosition | None = None
        self._seen: dict[int, bytes] = {}
        self._size = self._many = 0
        self._last = datetime.min.replace(tzinfo=UTC)

    @property
    def begun(self) -> bool:
        """Whether the next changes follow a copy that this process noted. Where the clock went back, a copy is due."""
        return bool(self._pages) and self._last <= clock.next_second()

    def begin(self, database: Path) -> LogPosition | None:
        """Return where the log of the database stands before a copy that `note` is called with."""
        return write_ahead_log.beginning(database)

    def note(self, copy: Path, moment: datetime, log: LogPosition | None = None) -> datetime:
        """Write what differs in a copy from the state noted before; of the first, only what it is.

        `log`: what `begin` returned before the copy was made. Returns its moment: that given, or a second later where
        one of that second is there.
        """
        with self.turn:
            known = self._pages if self.begun else []
            pages, changed = [], bytearray()
            size = page_size(copy)
            for number, page in enumerate(_pages_of(copy, size)):
                pages.append(digest := _digest(page))
                if known and (number >= len(known) or known[number] != digest):
                    changed += _PAGE.pack(number) + page
            self._log, self._size = log, size
            return self._note(known, pages, changed, moment)

    def look(self, database: Path) -> bool:
        """Read what the log says was committed since the last look, and keep it for `note_log`; return whether it says
        that. Whoever looks every few seconds reads it before it is written over."""
        with self.turn:
            found = write_ahead_log.committed(database, self._log) if self.begun and self._log is not None else None
            if found is None or len(self._seen) + len(found.pages) > write_ahead_log.MOST:
                self._log = None
                self._seen.clear()
                return False
            self._log = found.position
            self._seen |= found.pages
            self._many = self._many if found.size is None else found.size
            return True

    def note_log(self, database: Path, moment: datetime) -> bool:
        """Write what the log says was committed since the state noted before; return whether it says that."""
        with self.turn:
            if not self.look(database):
                return False
            pages, changed = [*self._pages[: self._many], *[b""] * (self._many - len(self._pages))], bytearray()
            for number, page in sorted(self._seen.items()):
                if number < self._many and pages[number] != (digest := _digest(page)):
                    pages[number] = digest
                    changed += _PAGE.pack(number) + page
            if b"" in pages or {*map(len, self._seen.values())} - {self._size}:
                return False
            self._note(self._pages, pages, changed, moment)
            return True

    def _note(self, known: list[bytes], pages: list[bytes], changed: bytearray, moment: datetime) -> datetime:
        moment = max(moment, self._last + _SECOND) if known else moment
        before, after = _state(known), _state(pages)
        head = {"before": before, "after": after, "size": self._size, "pages": len(pages)}
        content = json.dumps(head).encode() + b"\n" + zlib.compress(bytes(changed), 1)
        self._written(f"changes-{moment.astimezone(UTC):{STAMP}}-{before}-{after}{ENDING}", content)
        self._pages, self._last, self._many = pages, moment, len(pages)
        self._seen.clear()
        return moment

    def _written(self, name: str, content: bytes) -> None:
        file_permissions.folder(self.folder)
        target = self.folder / (name + encrypted_copies.ending(self.layers))
        unfinished = file_permissions.file(target.with_name(target.name + ".part"))
        try:
            unfinished.write_bytes(encrypted_copies.encrypted(content, self.layers))
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)


def way(
    changes: Sequence[ChangeFile], copies: Mapping[datetime, Path], moment: datetime
) -> tuple[Path, list[ChangeFile]]:
    """Return the copy to begin with, and the changes that lead from it to the newest state at `moment` or before.

    `copies`: those that are there, by their moments. Raises RuleBroken where nothing leads there.
    """
    known = [each for each in changes if each.moment <= moment]
    newest = max((at for at in copies if at <= moment), default=None)
    if newest is not None and (not known or newest >= known[-1].moment):
        return copies[newest], []
    there = known[-1:]
    for each in reversed(known[:-1]):
        if there[-1].moment in copies:
            break
        if each.after == there[-1].before:
            there.append(each)
    if there and there[-1].moment in copies:
        return copies[there[-1].moment], there[-2::-1]
    raise RuleBroken(
        "",
        "No copy reaches {moment} UTC: there is {reach}.",
        moment=f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        reach=", ".join(_reach(changes, copies)) or "none",
    )


def _reach(changes: Sequence[ChangeFile], copies: Mapping[datetime, Path]) -> Iterator[str]:
    """Yield the spans that can be restored to, in words."""
    since: datetime | None = None
    for number, each in enumerate(changes):
        since = since or (each.moment if each.moment in copies else None)
        follows = number + 1 < len(changes) and changes[number + 1].before == each.after
        if since is not None and not follows:
            yield f"{since:%Y-%m-%d %H:%M} to {each.moment:%Y-%m-%d %H:%M} UTC"
            since = None
    alone = copies.keys() - {each.moment for each in changes}
    yield from (f"{at:%Y-%m-%d %H:%M} UTC" for at in sorted(alone))


def follow(copy: Path, changes: Iterable[ChangeFile], ring: encrypted_copies.KeyRing, room: Path) -> None:
    """Bring a copy forward by changes, in place; they are opened in the folder `room`.

    Raises RuleBroken where one does not follow, or is damaged.
    """
    size = page_size(copy)
    pages = [_digest(page) for page in _pages_of(copy, size)]
    with copy.open("r+b") as target:
        for each in changes:
            with ring.opened(each.file, room) as plain:
                head, changed = _read(each.file, plain.read_bytes())
            if (head["before"], head["size"]) != (_state(pages), size):
                raise _damaged(each.file, "it does not follow the one before")
            pages = (pages + [b""] * head["pages"])[: head["pages"]]
            for at in range(0, len(changed), _PAGE.size + size):
                (number,) = _PAGE.unpack_from(changed, at)
                page = changed[at + _PAGE.size : at + _PAGE.size + size]
                target.seek(number * size)
                target.write(page)
                pages[number] = _digest(page)
            target.truncate(head["pages"] * size)
            if head["after"] != _state(pages):
                raise _damaged(each.file, "its pages are not those that were written")


def thin_out(chain: Sequence[ChangeFile], oldest: datetime) -> list[Path]:
    """Delete the changes before the oldest copy: nothing leads to them any more. Return what it deleted."""
    gone = [each.file for each in chain if each.moment < oldest]
    for file in gone:
        file.unlink()
    return gone


# ------------------------------------------------------------------------------------------------------- inside


def page_size(copy: Path) -> int:
    """Return the bytes of a page, as the head of an SQLite file says it."""
    with copy.open("rb") as opened:
        size = int.from_bytes(opened.read(18)[16:18], "big")
    return 65536 if size == 1 else size


def _pages_of(copy: Path, size: int) -> Iterator[bytes]:
    with copy.open("rb") as opened:
        while page := opened.read(size):
            yield page


def _digest(page: bytes) -> bytes:
    return hashlib.blake2b(page, digest_size=16).digest()


def _state(pages: Sequence[bytes]) -> str:
    """Return the name of a state: a hash of the hashes of all its pages."""
    return hashlib.blake2b(b"".join(pages), digest_size=8).hexdigest() if pages else NOTHING


def _read(file: Path, content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        head, _line, changed = content.partition(b"\n")
        return json.loads(head), zlib.decompress(changed)
    except (ValueError, zlib.error) as error:
        raise _damaged(file, str(error)) from None


def _damaged(file: Path, why: str) -> RuleBroken:
    return RuleBroken("", "{file} is not a whole copy of Muster: {why}", file=file.name, why=why)
