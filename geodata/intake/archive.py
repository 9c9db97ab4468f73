"""Untrusted zip archives: names checked, members and unpacked bytes counted, all in memory."""

import io
import stat
import zipfile
from dataclasses import replace
from pathlib import PurePath

from geodata.intake.table import IntakeLimits, RefusedFile, or_refuse

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ\x00")
_CENTRAL = b"PK\x01\x02"
_CHUNK = 64 * 2**10
_TEXTS = frozenset({".csv", ".geojson", ".json", ".tsv", ".txt"})


def names(data: bytes, limits: IntakeLimits) -> list[str]:
    """The names of the members, nothing unpacked."""
    return [info.filename for info in _members(_opened(data, limits.package_members), limits.package_members)]


def text(data: bytes, limits: IntakeLimits) -> tuple[str, bytes] | None:
    """The one table of text or GeoJSON in an archive, by its name; None where there is none, or anything beside it.

    It may be as large as `limits.zipped`. Raises `RefusedFile` as `unpack` does.
    """
    if not data.startswith(_ARCHIVES[:2]):
        return None
    held = [name for name in names(data, limits) if not name.endswith("/") and not name.startswith("__MACOSX/")]
    if len(held) != 1 or PurePath(held[0]).suffix.lower() not in _TEXTS:
        return None
    return held[0], unpack(data, replace(limits, unpacked=limits.zipped))[held[0]]


def unpack(data: bytes, limits: IntakeLimits, most: int | None = None) -> dict[str, bytes]:
    """All files of an archive by name. Raises `RefusedFile` for anything that no honest archive needs.

    That is: more than `most` members (the limit of `limits` unless given), `..` or absolute or repeated names, links,
    passwords, other methods than stored and deflated, an archive inside, more bytes than allowed, or more than
    `limits.ratio` times the packed size. Sizes are counted while reading; what the header says is not believed.
    """
    most = most or limits.members
    archive = _opened(data, most)
    found: dict[str, bytes] = {}
    total = 0
    for info in _members(archive, most):
        _check(info, found)
        if info.is_dir():
            continue
        parts: list[bytes] = []
        with or_refuse('"{name}" in the archive is damaged.', name=_shown(info)), archive.open(info) as member:
            while part := member.read(_CHUNK):
                total += len(part)
                if total > limits.unpacked or total > max(limits.ratio * len(data), 2**20):
                    raise RefusedFile("The archive unpacks to more than is allowed. It was not read further.")
                parts.append(part)
        content = b"".join(parts)
        if content.startswith(_ARCHIVES):
            raise RefusedFile('The archive holds another archive, "{name}". Unpack that first.', name=_shown(info))
        found[info.filename] = content
    return found


def _opened(data: bytes, most: int) -> zipfile.ZipFile:
    # Before the directory is read: a directory of a million entries is a bomb of its own.
    if data.count(_CENTRAL) > most:
        raise RefusedFile("The archive holds more than {most} files.", most=most)
    with or_refuse("The archive is damaged or cut off."):
        return zipfile.ZipFile(io.BytesIO(data))


def _members(archive: zipfile.ZipFile, most: int) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > most:
        raise RefusedFile("The archive holds more than {most} files.", most=most)
    return members


def _check(info: zipfile.ZipInfo, found: dict[str, bytes]) -> None:
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if (
        name.startswith(("/", "\\"))
        or ".." in parts
        or ":" in parts[0]
        or "\0" in info.orig_filename
        or len(name) > 255
    ):
        raise RefusedFile('"{name}" is not a name for a file in an archive.', name=_shown(info))
    if stat.S_ISLNK(info.external_attr >> 16):
        raise RefusedFile('"{name}" in the archive is a link.', name=_shown(info))
    if info.flag_bits & 0x1:
        raise RefusedFile("The archive is locked with a password.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFile(
            '"{name}" is packed in a way that is not read. Pack it again as ordinary zip.', name=_shown(info)
        )
    if name in found:
        raise RefusedFile('The archive holds "{name}" twice.', name=_shown(info))


def _shown(info: zipfile.ZipInfo) -> str:
    return info.filename[:60].encode("ascii", "backslashreplace").decode()
