"""Storage errors: faults of the storage, told apart in one place.

Errors of SQLite, PostgreSQL or the connection pool about the storage itself (not about the query) get one of the codes
of `FaultReason`, and leave the store as `Unavailable`: one sentence for people, one code for machines.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from operations.core.errors import MusterError

CANNOT_STORE = "Muster cannot store anything just now. Keep this page open: it sends again by itself."
RETRY_AFTER = 5
"""Seconds after which a browser or a machine may try again."""


class FaultReason(StrEnum):
    """The reason why nothing can be stored, or not even read."""

    DISK_FULL = "disk_full"
    DISK_FAILS = "disk_fails"
    READ_ONLY = "read_only"
    LOCKED = "locked"
    BUSY = "busy"
    GONE = "gone"
    CORRUPT = "corrupt"


PASSING = frozenset({FaultReason.GONE, FaultReason.LOCKED})
"""Faults that may be over in a moment, so that a retry makes sense."""


class Unavailable(MusterError):
    """The storage cannot store or read anything just now. Nothing changed, and the same request may be sent again."""

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
    ("40", FaultReason.LOCKED),  # deadlock, or serialisation failure
    ("08", FaultReason.GONE),
    ("57P", FaultReason.GONE),
    ("XX001", FaultReason.CORRUPT),
    ("XX002", FaultReason.CORRUPT),
)


def reason_of(error: BaseException) -> FaultReason | None:
    """Return the storage fault in an error; None if it is another error, or a constraint of the tables.

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
    # psycopg has no code if no server answered: refused, cut off, or silent.
    return FaultReason.GONE if hasattr(driver, "sqlstate") and type(driver).__name__ == "OperationalError" else None


def _first(codes: Iterable[tuple[str, FaultReason]], code: str) -> FaultReason | None:
    return next((reason for beginning, reason in codes if code.startswith(beginning)), None)


def without_values(lines: str) -> str:
    """Return the first line of a driver's message. PostgreSQL puts rows and parameters into the lines below it."""
    return next(iter(lines.splitlines()), "")
