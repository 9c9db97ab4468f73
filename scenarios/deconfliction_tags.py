"""Deconfliction protocol in Python: the tags that the screen's script derives from phrase and values.

Stories use it to enter values, and tests compare the script with it. The server itself never makes a tag.
"""

import hmac
import re
import unicodedata
from functools import cache
from hashlib import pbkdf2_hmac
from typing import Any

ZEROS = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x07C0)


def _digit(mark: str) -> str:
    zero = next((each for each in ZEROS if each <= ord(mark) < each + 10), None)
    return mark if zero is None else str(ord(mark) - zero)


def _simple(text: str) -> str:
    def bare(each: str) -> str:
        marked = unicodedata.normalize("NFKD", each)
        return "".join(mark for mark in marked if not unicodedata.category(mark).startswith("M") and mark != "\u0640")

    capitals = bare(bare(text).upper())
    kept = (_digit(mark) if unicodedata.category(mark)[0] in "LN" else " " for mark in capitals)
    return re.sub(" +", " ", "".join(kept)).strip(" ")


def plain(text: str) -> str:
    """Return the canonical form of a phrase."""
    return _simple(text).replace(" ", "")


def normal(text: str) -> str:
    """Return the canonical form of a value.

    >>> normal("A-1234/05-2023"), normal("Agadez > Sébha"), normal("٣٤ b")
    ('A1234-5-2023', 'AGADEZSEBHA', '34B')
    """
    joined = re.sub("(?<=[0-9]) (?=[0-9])", "-", _simple(text)).replace(" ", "")
    return re.sub("(?<![0-9])0+(?=[0-9])", "", joined)


@cache
def key(phrase: str, room: Any, rounds: int) -> bytes:
    """Return the key of a room, derived from its phrase in `rounds` rounds."""
    return pbkdf2_hmac("sha256", plain(phrase).encode(), f"muster deconfliction 1 {room}".encode(), rounds)


def check(made: bytes) -> str:
    """Return the check value of a key, by which a phrase is verified for its room."""
    return hmac.digest(made, b"check", "sha256").hex()[:8]


def tag(made: bytes, kind: str, value: str, stretch: int) -> str:
    """Return the tag of a value."""
    first = hmac.digest(made, f"{kind}\n{normal(value)}".encode(), "sha256")
    return pbkdf2_hmac("sha256", first, b"muster deconfliction 1 tag", stretch).hex()
