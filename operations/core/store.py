"""The store: one SQLite file or a PostgreSQL database, behind the same two entry points.

`reading(actor)` and `unit_of_work(actor)` are the only ways to a session. A unit of work commits when its block ends;
verbs add and flush. `scope` decides what each session may see.
"""

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import configure_mappers
from sqlmodel import create_engine

from operations.core import change_tracking, file_permissions, refusal_log, session_cache, storage_errors
from operations.core.errors import NotPermitted, Taken
from operations.core.people import Actor, System
from operations.core.scope import *  # noqa: F403 - the scopes belong to the store's interface
from operations.core.scope import ScopedSession
from operations.core.storage_errors import FaultReason, Unavailable
from operations.core.write_lock import LONG, WriteLock, WriterTurn

PATIENCE = 30.0
"""Seconds that a writer waits for others, unless the store is opened with fewer."""

_ROOM = 1024 * 1024  # bytes that must be free on the disk for a healthy storage
_PROBE_PATIENCE = 1.0
_LOOK_AGAIN = 2.0
_CONNECT_TIMEOUT = 5  # seconds to wait for a silent server
_RECHECK_CORRUPT = 30.0
_ENGINE: dict[str, Any] = {
    "pool_size": 16,
    "max_overflow": 32,
    "hide_parameters": True,
    "query_cache_size": 2000,  # compiled statements: a day's screens use some 1,500, and each takes some ms to compile
}
_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.0)
_log = logging.getLogger("muster.store")
_entered = logging.getLogger("muster.entries")
T = TypeVar("T")

_turn: ContextVar[WriterTurn | None] = ContextVar("muster_turn", default=None)


@contextmanager
def waiting_in_turn() -> Iterator[None]:
    """The block waits for other writers: on PostgreSQL they exclude each other at the head of the journal."""
    began = time.monotonic()
    try:
        yield
    finally:
        if (turn := _turn.get()) is not None:
            turn.waited += time.monotonic() - began


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    """Set and read back the pragmas for durability and integrity; refuse to go on if SQLite did not accept one."""
    dbapi_connection.isolation_level = None  # Store._begin_sqlite begins transactions
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for pragma, value in wanted.items():
        _set(cursor, pragma, value)
        got = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
        if got not in (value, "memory"):
            raise RuntimeError(f"SQLite answers {pragma}={got} where Muster needs {value}.")
    cursor.close()


def _set(cursor: sqlite3.Cursor, pragma: str, value: object) -> None:
    """Set a pragma. If several connections switch a new file to WAL, SQLite refuses all but one without waiting."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            cursor.execute(f"PRAGMA {pragma}={value}")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _taken(error: IntegrityError) -> bool:
    """Whether a unique key refused the row: the only integrity error that two honest writers can cause."""
    postgres = getattr(error.orig, "sqlstate", None) == "23505"
    sqlite = getattr(error.orig, "sqlite_errorname", None) in (
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    )
    return postgres or sqlite


def _beside(url: URL) -> Path | None:
    """Return the lock file of the processes that write into one SQLite file, or None.

    Not the database file itself, nor one that SQLite opens: closing such a file elsewhere releases SQLite's own locks
    on it.
    """
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(f"{url.database}-turn")


@dataclass(frozen=True)
class StorageHealth:
    """Whether the storage can be read and written, and why not."""

    read: bool
    write: bool
    reason: FaultReason | None = None


def _patient(seconds: float) -> Callable[[Any, Any], None]:
    """Return a listener that sets how long the statements of a new PostgreSQL connection wait for locks."""

    def prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.execute(f"SET lock_timeout = {int(seconds * 1000)}")
        dbapi_connection.commit()

    return prepare


class Store:
    """One database. Open with `open_store`. `patience`: seconds that a writer waits for others; `behind`: all that this
    process writes gives way to people (see `write_lock`).

    `fault` is what was last wrong with the storage, until it is known to be over; None while all is well. That work in
    the background found no turn is none: it tries again.
    """

    def __init__(self, engine: Engine, patience: float = PATIENCE, *, behind: bool = False) -> None:
        self.engine, self.patience, self.behind = engine, patience, behind
        self.fault: FaultReason | None = None
        self.written = change_tracking.RecentWrites()
        self._turns = WriteLock(_beside(engine.url))
        self._checked = 0.0
        self._ended = threading.Event()
        postgres = engine.dialect.name == "postgresql"
        event.listen(engine, "handle_error", self._told_apart)
        event.listen(engine, "before_cursor_execute", change_tracking.note)
        event.listen(engine, "begin", self._noted_begin if postgres else self._begin_sqlite)
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ") if postgres else engine
        self._writing = engine.execution_options(muster_writes=True)

    @property
    def url(self) -> URL:
        """The database's address."""
        return self.engine.url

    @contextmanager
    def reading(self, actor: Actor | System) -> Iterator[ScopedSession]:
        """Return a session that reads as `actor`, all from one moment, and writes nothing.

        Raises Unavailable if the storage cannot be read.
        """
        try:
            with ScopedSession(self._reading, info={"actor": actor}, expire_on_commit=False) as session:
                session_cache.begin(session, session_cache.SessionMoment(self.written))
                yield session
        except NotPermitted as refused:
            refusal_log.note(refused, actor)
            raise
        except PoolTimeoutError as error:
            raise self._unavailable(FaultReason.BUSY, error) from error

    @contextmanager
    def unit_of_work(
        self, actor: Actor | System, patience: float | None = None, *, behind: bool = False
    ) -> Iterator[ScopedSession]:
        """A session that writes as `actor`: committed when the block ends well, rolled back when it raises.

        Others wait meanwhile, so what takes long is done before. `behind`: it gives way to people.

        Raises Taken when another writer took the same identifier or name at the same moment, and Unavailable when
        the storage takes nothing, or others wrote for longer than `patience` seconds (the store's own where not given).
        Raises NotPermitted for the actor of a screen on a wall: it changes nothing.
        """
        if isinstance(actor, Actor) and actor.only is not None:
            raise NotPermitted
        try:
            with (
                self._waiting(patience, behind=behind) as turn,
                self.written.unit() as turn.wrote,
                ScopedSession(self._writing, info={"actor": actor}, expire_on_commit=False) as session,
            ):
                yield session
                self.written.ends()
                session.commit()
                if links := change_tracking.links():
                    _entered.info(
                        "Entered %s: %s", " ".join(links), ", ".join(sorted(act for act in turn.wrote if "." in act))
                    )
        except NotPermitted as refused:
            refusal_log.note(refused, actor)
            raise
        except IntegrityError as error:
            if not _taken(error):
                raise
            raise Taken(
                "Somebody saved the same thing at the same moment. Nothing changed: reload the page."
            ) from error
        except PoolTimeoutError as error:
            raise self._unavailable(FaultReason.BUSY, error) from error
        if self.fault in (FaultReason.LOCKED, FaultReason.GONE, FaultReason.BUSY):
            self._well()

    def repeated(self, actor: Actor | System, work: Callable[[ScopedSession], T]) -> T:
        """Run `work` in a unit of work, and again on a fresh connection if the storage was away for a moment.

        Only for idempotent work: a commit whose answer was lost may have been stored, so the ids in it must be given
        from outside. Raises what `work` and `unit_of_work` raise, Unavailable after about `patience` seconds.
        """
        until = time.monotonic() + self.patience
        for pause in (*_PAUSES, *[_PAUSES[-1]] * int(self.patience)):
            try:
                with self.unit_of_work(actor) as session:
                    return work(session)
            except Unavailable as error:
                if error.reason not in storage_errors.PASSING or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
        with self.unit_of_work(actor) as session:
            return work(session)

    def ready(self) -> StorageHealth:
        """Test reading, and storing without effect. Takes a moment, and a second if the storage is locked.

        A fault is over once this finds none.
        """
        try:
            if self.fault is FaultReason.CORRUPT and not self._whole_again():
                return StorageHealth(read=False, write=False, reason=FaultReason.CORRUPT)
            with self._reading.connect() as connection:
                connection.exec_driver_sql("SELECT number FROM schema_version").all()
        except (Unavailable, PoolTimeoutError) as error:
            return StorageHealth(read=False, write=False, reason=storage_errors.reason_of(error))
        try:
            with self._waiting(_PROBE_PATIENCE), self._writing.begin() as connection:
                self._store_something(connection)
        except (Unavailable, PoolTimeoutError) as error:
            return StorageHealth(read=True, write=False, reason=storage_errors.reason_of(error))
        self._well()
        return StorageHealth(read=True, write=True)

    def ended(self, seconds: float = 0.0) -> bool:
        """Whether it is closed, or will be within so many seconds, for which this waits."""
        return self._ended.wait(seconds)

    def dispose(self) -> None:
        """Close all connections."""
        self._ended.set()
        self.engine.dispose()

    # ---------------------------------------------------------------------------------------------------- inside

    @contextmanager
    def _waiting(self, patience: float | None = None, *, behind: bool = False) -> Iterator[WriterTurn]:
        """Inside, a writer of an SQLite file waits for its turn when it begins."""
        configure_mappers()  # the first of a process takes long, and would do it in its turn
        until = time.monotonic() + (self.patience if patience is None else patience)
        mine = WriterTurn(self._turns, until, in_haste=patience is not None, behind=behind or self.behind)
        token = _turn.set(mine)
        try:
            yield mine
        finally:
            _turn.reset(token)
            worked = mine.worked
            mine.end()
            if worked > LONG and mine.wrote:
                acts = sorted(each for each in mine.wrote if "." in each) or sorted(mine.wrote)
                _log.warning("A turn to write was held for %.2f s of work: %s", worked, ", ".join(acts))

    def _begin_sqlite(self, connection: Connection) -> None:
        """Take the write lock at once for writers, so that a transaction that reads first cannot fail on writing."""
        writes, turn, left = connection.get_execution_options().get("muster_writes", False), _turn.get(), self.patience
        if writes and turn is not None and turn.turns is self._turns:
            turn.take()
            left = max(turn.left, 0.05)
            turn.begin()
        connection.connection.driver_connection.execute(f"PRAGMA busy_timeout={int(left * 1000)}")  # type: ignore[union-attr]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _noted_begin(self, connection: Connection) -> None:
        """On PostgreSQL nobody waits to begin; how long a writer works is noted there as well."""
        turn = _turn.get()
        if turn is not None and turn.turns is self._turns and connection.get_execution_options().get("muster_writes"):
            turn.begin()

    def _told_apart(self, context: ExceptionContext) -> Exception | None:
        """Convert driver errors about the storage to Unavailable, as SQLAlchemy's error hook."""
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args and isinstance(error.args[0], str):
                error.args = (storage_errors.without_values(error.args[0]), *error.args[1:])
        reason = storage_errors.reason_of(context.original_exception)
        if reason is None or context.is_pre_ping:
            return None
        return self._unavailable(reason, context.original_exception)

    def _unavailable(self, reason: FaultReason, error: BaseException) -> Unavailable:
        turn = _turn.get()
        quiet = reason is FaultReason.LOCKED and turn is not None and turn.quiet
        if not quiet and self.fault not in (reason, FaultReason.CORRUPT):
            _log.error("The database does not take or give anything (%s): %s", reason, error)
            if self.fault is None:
                threading.Thread(target=self._until_well, name="muster-until-well", daemon=True).start()
            self.fault = reason
        return Unavailable(reason)

    def _until_well(self) -> None:
        while not self._ended.wait(_LOOK_AGAIN) and self.fault is not None:
            self.ready()

    def _well(self) -> None:
        if self.fault is not None:
            _log.warning("The database is well again.")
            self.fault = None

    def _store_something(self, connection: Connection) -> None:
        """Write without effect, in a way that must reach the disk."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("UPDATE schema_version SET number = number")
            return
        if self.url.database and shutil.disk_usage(Path(self.url.database).parent).free < _ROOM:
            raise Unavailable(FaultReason.DISK_FULL)
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version={(number + 1) % 2**31}")

    def _whole_again(self) -> bool:
        """Whether a damaged file is whole again: checked from end to end, at most twice a minute."""
        if self.url.get_backend_name() != "sqlite":
            return True
        if time.monotonic() - self._checked < _RECHECK_CORRUPT:
            return False
        self._checked = time.monotonic()
        with self._reading.connect() as connection:
            whole: bool = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() == "ok"
        return whole


def open_store(url: str | URL, patience: float = PATIENCE, *, behind: bool = False) -> Store:
    """Open the database at `url` (sqlite:///file or postgresql+psycopg://...). Creates no tables: see `upgrade`.

    `patience`: seconds that a writer waits for others; `behind`: for a process for which nobody waits. The file of
    SQLite is its owner's alone, and so is its folder where it is made here.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            file = Path(address.database)
            file_permissions.folder(file.parent)
            file_permissions.file(file)  # what SQLite puts beside it is made with the same mode
            for beside in ("-wal", "-shm", "-turn", "-turn-people"):
                file_permissions.closed(file.with_name(file.name + beside))
        engine = create_engine(address, connect_args={"check_same_thread": False}, **_ENGINE)
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        engine = create_engine(
            address, connect_args={"connect_timeout": _CONNECT_TIMEOUT}, pool_pre_ping=True, **_ENGINE
        )
        event.listen(engine, "connect", _patient(patience))
    return Store(engine, patience, behind=behind)
