"""Text encoding of a file: UTF-8 or UTF-16, otherwise Windows-1252 line by line."""

import codecs

from geodata.events.points import Note
from geodata.intake.table import RefusedFile

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(data: bytes) -> tuple[str, Note | None]:
    """The text, and a note where its encoding had to be guessed or differs from line to line.

    Raises `RefusedFile` for what is no text: NUL and other control characters are in none.

    >>> decoded("Żółw".encode())
    ('Żółw', None)
    >>> decoded("Kidal;Méchéria".encode("cp1252"))[0]
    'Kidal;Méchéria'
    """
    text, note = _decoded(data)
    if any(ord(c) < 32 and c not in "\t\n\r\f\x1a" for c in set(text)):
        raise RefusedFile("The file holds bytes that are in no text. Save it again as CSV in UTF-8.")
    return text.rstrip("\x1a"), note


def opening(data: bytes, characters: int = 1000) -> str:
    """The first characters of a text, for a look at what it is; "" for what is no text."""
    head = data[: 4 * characters]
    encoding = _stated(head) or "utf-8"
    return head.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace")[:characters].lstrip("\ufeff")


def _decoded(data: bytes) -> tuple[str, Note | None]:
    stated = _stated(data[:4096])
    try:
        if stated is not None:
            return data.decode(stated).lstrip("\ufeff"), None
        return data.decode("utf-8"), None
    except UnicodeError:
        if stated is not None:
            raise RefusedFile("The file is not the {encoding} text it says it is.", encoding=stated.upper()) from None
    try:
        return data.decode("cp1252") if not _some_utf8(data) else _line_by_line(data), _guessed(data)
    except UnicodeError:
        raise RefusedFile("The encoding of the text is not known. Save it again in UTF-8.") from None


def _stated(head: bytes) -> str | None:
    """The encoding that a byte order mark states, or that the zeros between Latin letters betray."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0:200:2], head[1:200:2]
    if len(odd) >= 2 and odd.count(0) > 0.6 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if len(odd) >= 2 and even.count(0) > 0.6 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return None


def _some_utf8(data: bytes) -> bool:
    return any(not line.isascii() and _is_utf8(line) for line in data.split(b"\n"))


def _line_by_line(data: bytes) -> str:
    return "\n".join(line.decode("utf-8" if _is_utf8(line) else "cp1252") for line in data.split(b"\n"))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeError:
        return False
    return True


def _guessed(data: bytes) -> Note:
    if _some_utf8(data):
        return Note("Some lines are UTF-8 and some Windows-1252: look at names with accents.")
    return Note("The file is not UTF-8. It was read as Windows-1252: look at names with accents.")
