"""What can be wrong with the place where things are kept, told apart in one place.

Whatever SQLite, PostgreSQL or the pool of connections raises about the storage itself (not about what was asked of it)
has one of the codes of `FaultReason`, and leaves the store as `Unavailable`: one sentence for people, one code for
machines.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from operations.core.errors import MusterError

CANNOT_STORE = "Muster cannot store anything just now. Keep this page open: it sends again by itself."
RETRY_AFTER = 5
"""Seconds after which a browser or a machine may ask again."""


class FaultReason(StrEnum):
    """Why nothing can be stored, or not even read."""

    DISK_FULL = "disk_full"
    DISK_FAILS = "disk_fails"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    BUSY = "busy"
    GONE = "gone"
    CORRUPT = "corrupt"


PASSING = frozenset({FaultReason.GONE, FaultReason.LOCKED})
"""What may be over in a moment, so that asking once more is worth while."""


class Unavailable(MusterError):
    """The storage does not take or give anything just now. Nothing changed, and the same may be sent again."""

    def __init__(self, reason: FaultReason) -> None:
        super().__init__(CANNOT_STORE)
        self.reason = reason


_SQLITE = (
    ("SQLITE_FULL", FaultReason.DISK_FULL),
    ("SQLITE_IOERR", FaultReason.DISK_FAILS),
    ("SQLITE_READONLY", FaultReason.READ_ONLY),
    ("SQLITE_BUSY", FaultReason.LOCKED),
    ("SQLITE_LOCKED", FaultReason.LOCKED),
    ("SQLITE_PROTOCOL", FaultReason.LOCKED),
    ("SQLITE_CANTOPEN", FaultReason.GONE),
    ("SQLITE_CORRUPT", FaultReason.CORRUPT),
    ("SQLITE_NOTADB", FaultReason.CORRUPT),
)
_POSTGRES = (
    ("53100", FaultReason.DISK_FULL),
    ("53", FaultReason.BUSY),  # out of memory, too many connections
    ("58", FaultReason.DISK_FAILS),
    ("25006", FaultReason.READ_ONLY),
    ("55P03", FaultReason.LOCKED),
    ("40", FaultReason.LOCKED),  # waited for each other in a circle, or were overtaken
    ("08", FaultReason.GONE),
    ("57P", FaultReason.GONE),
    ("XX001", FaultReason.CORRUPT),
    ("XX002", FaultReason.CORRUPT),
)


def reason_of(error: BaseException) -> FaultReason | None:
    """What an error says of the storage; None where it says nothing of it: then it is a fault, or a rule of the tables.

    `error` comes from SQLAlchemy, or from the driver itself.
    """
    if isinstance(error, Unavailable):
        return error.reason
    if isinstance(error, PoolTimeoutError):
        return FaultReason.BUSY
    driver = error.orig if isinstance(error, DBAPIError) else error
    if sqlite := getattr(driver, "sqlite_errorname", None):
        return _first(_SQLITE, sqlite)
    if state := getattr(driver, "sqlstate", None):
        return _first(_POSTGRES, state)
    # psycopg has no code where there was no server to give one: refused, cut off, or silent.
    return FaultReason.GONE if hasattr(driver, "sqlstate") and type(driver).__name__ == "OperationalError" else None


def _first(codes: Iterable[tuple[str, FaultReason]], code: str) -> FaultReason | None:
    return next((reason for beginning, reason in codes if code.startswith(beginning)), None)


def without_values(lines: str) -> str:
    """The first line of what a driver says. PostgreSQL puts rows and parameters into the lines below it."""
    return next(iter(lines.splitlines()), "")
