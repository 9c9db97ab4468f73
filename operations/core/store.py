"""Where things are kept: one SQLite file or a PostgreSQL database, behind the same two doors.

`reading(actor)` and `unit_of_work(actor)` are the only ways to a session. Whoever opens a unit of work commits it by
leaving the block; verbs add and flush. Every query on a scoped table gets its country filter here, from the actor
of the session, never from a screen; on PostgreSQL row-level security repeats it.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlmodel import Session, SQLModel, col, create_engine

from operations.core import faults, private
from operations.core.errors import RuleBroken, Taken
from operations.core.faults import Reason, Unavailable
from operations.core.people import Account, Actor, System
from operations.core.turns import Turn, Turns
from operations.core.vocabulary import Role

PATIENCE = 30.0
"""Seconds that a writer waits for others, unless the store is opened with less."""

_ROOM = 1024 * 1024  # bytes that the disk must have left for "it can be written"
_PROBE_PATIENCE = 1.0
_LOOK_AGAIN = 2.0
_CONNECT_TIMEOUT = 5  # seconds for a server that says nothing
_RECHECK_CORRUPT = 30.0
_PAUSES = (0.1, 0.2, 0.4, 0.8, 1.0)
_UNSCOPED = "muster_unscoped"
_log = logging.getLogger("muster.store")
T = TypeVar("T")

Criterion = Callable[[Actor], Any]
_scopes: dict[type[SQLModel], Criterion] = {}


def scoped(model: type[SQLModel]) -> Callable[[Criterion], Criterion]:
    """Declare who sees which rows of `model`: the decorated function turns an actor into an SQL condition."""

    def declare(criterion: Criterion) -> Criterion:
        _scopes[model] = criterion
        _scope.cache_clear()
        return criterion

    return declare


class _Scope(CriteriaOption):
    """The conditions of all scoped tables for one asker, as one option of a statement.

    It does what one `with_loader_criteria` for each table would do. Only its part of the statement's cache key is
    worked out once: for a dozen tables that takes longer than most queries.
    """

    propagate_to_loaders = True

    def __init__(self, asker: Actor) -> None:
        self._criteria = [
            with_loader_criteria(model, criterion(asker), include_aliases=True, propagate_to_loaders=True)
            for model, criterion in _scopes.items()
        ]
        self._values: list[Any] = []
        self._key: tuple[Any, ...] = (_Scope,)
        for each in self._criteria:
            key = each._generate_cache_key()
            if key is None:
                raise RuntimeError("A condition of a scoped table is none that SQLAlchemy can keep compiled.")
            self._key += (key.key,)
            self._values += key.bindparams

    def _gen_cache_key(self, _anon_map: Any, bindparams: list[Any]) -> tuple[Any, ...]:
        bindparams.extend(self._values)
        return self._key

    def process_compile_state(self, compile_state: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:
        self.get_global_criteria(compile_state.global_attributes)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        for each in self._criteria:
            each.get_global_criteria(attributes)


@lru_cache(maxsize=1024)
def _scope(asker: Actor) -> _Scope:
    """What `asker` may see. Kept, because building it takes longer than most queries."""
    return _Scope(asker)


class ScopedSession(Session):
    """A session that knows who asks: `info["actor"]` is an Actor, or System for Muster's own work."""

    @property
    def asker(self) -> Actor | System:
        """Who asks."""
        asker: Actor | System = self.info["actor"]
        return asker


@scoped(Account)
def _accounts_seen(actor: Actor) -> object:
    """A country's people know the accounts of their country; whoever works for all countries knows all."""
    return (col(Account.country) == actor.country) if actor.national else sa.true()


def unscoped(statement: Any) -> Any:
    """The statement without the country filter. For sums and for rules that must see what the asker may not."""
    return statement.execution_options(**{_UNSCOPED: True})


def locked(statement: Any) -> Any:
    """The statement, its rows read as they are now and kept from other writers until the transaction ends."""
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


_ALONE = sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("key", type_=sa.BigInteger)))


def alone(session: sa.orm.Session, key: UUID) -> None:
    """From here to the end of the transaction nobody else is where they asked to be alone with the same `key`.

    For what is not a row yet, or many rows. On SQLite a writer is alone anyway.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_ALONE, {"key": key.int % 2**63})


def _asker_of(session: sa.orm.Session) -> Actor | System:
    asker: Actor | System | None = session.info.get("actor")
    if asker is None:
        raise RuntimeError("A session without an actor cannot be asked anything.")
    return asker


@event.listens_for(ScopedSession, "do_orm_execute")
def _filter_by_country(state: ORMExecuteState) -> None:
    """Add each scoped table's condition; refuse whatever cannot take one, and a session that does not say who asks."""
    asker = _asker_of(state.session)
    if isinstance(asker, System) or state.execution_options.get(_UNSCOPED) or state.is_insert:
        return
    if not state.is_orm_statement:
        raise RuntimeError("A person's session is asked through the models: SQL text and bare tables have no filter.")
    state.statement = state.statement.options(_scope(asker))


_TELL = sa.text("SELECT set_config('muster.reach', :reach, true), set_config('muster.country', :country, true)")


@event.listens_for(ScopedSession, "after_begin")
def _tell_postgres_who_asks(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    """Set what the row-level security policies read; it ends with the transaction."""
    asker = _asker_of(session)
    if connection.dialect.name == "postgresql":
        _tell(connection, asker)


def _tell(connection: Connection, asker: Actor | System) -> None:
    if isinstance(asker, System) or asker.role in (Role.OCU_ANALYST, Role.OPERATION_COORDINATOR):
        reach = "all"
    else:
        reach = "nation" if asker.national else "none"
    country = getattr(asker, "country", None) or ""
    connection.execute(_TELL, {"reach": reach, "country": country})


@contextmanager
def unfenced(session: Session) -> Iterator[None]:
    """In the block the database itself shows rows of all countries, whoever asks: for sums, beside `unscoped`."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(_TELL, {"reach": "all", "country": ""})
    try:
        yield
    finally:
        with suppress(DBAPIError, Unavailable):  # a transaction that has failed tells nobody anything any more
            _tell(connection, _asker_of(session))


_turn: ContextVar[Turn | None] = ContextVar("muster_turn", default=None)


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    """Set and read back what durability and truth need; refuse to go on when SQLite did not take it."""
    dbapi_connection.isolation_level = None  # transactions are begun by Store._begin_sqlite
    cursor = dbapi_connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for pragma, value in wanted.items():
        cursor.execute(f"PRAGMA {pragma}={value}")
        got = cursor.execute(f"PRAGMA {pragma}").fetchone()[0]
        if got not in (value, "memory"):
            raise RuntimeError(f"SQLite answers {pragma}={got} where Muster needs {value}.")
    cursor.close()


def _taken(error: IntegrityError) -> bool:
    """Whether a unique key refused the row: the one refusal of a database that two honest writers can meet."""
    postgres = getattr(error.orig, "sqlstate", None) == "23505"
    sqlite = getattr(error.orig, "sqlite_errorname", None) in (
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
    )
    return postgres or sqlite


@dataclass(frozen=True)
class Readiness:
    """Whether the storage can be read and written, and why not."""

    read: bool
    write: bool
    reason: Reason | None = None


def _patient(seconds: float) -> Callable[[Any, Any], None]:
    """What tells a new connection to PostgreSQL how long its statements wait for what others hold."""

    def prepare(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.execute(f"SET lock_timeout = {int(seconds * 1000)}")
        dbapi_connection.commit()

    return prepare


class Store:
    """One database. Open with `open_store`. `patience`: seconds that a writer waits for others.

    `fault` is what was last wrong with the storage, until it is known to be over; None while all is well.
    """

    def __init__(self, engine: Engine, patience: float = PATIENCE) -> None:
        self.engine, self.patience = engine, patience
        self.fault: Reason | None = None
        self._turns = Turns()
        self._checked = 0.0
        self._ended = threading.Event()
        postgres = engine.dialect.name == "postgresql"
        event.listen(engine, "handle_error", self._told_apart)
        if not postgres:
            event.listen(engine, "begin", self._begin_sqlite)
        self._reading = engine.execution_options(isolation_level="REPEATABLE READ") if postgres else engine
        self._writing = engine.execution_options(muster_writes=True)

    @property
    def url(self) -> URL:
        """The database's address."""
        return self.engine.url

    @contextmanager
    def reading(self, actor: Actor | System) -> Iterator[ScopedSession]:
        """A session that reads as `actor`, all from one moment, and keeps nothing.

        Raises Unavailable where the storage cannot be read.
        """
        try:
            with ScopedSession(self._reading, info={"actor": actor}, expire_on_commit=False) as session:
                yield session
        except PoolTimeoutError as error:
            raise self._unavailable(Reason.BUSY, error) from error

    @contextmanager
    def unit_of_work(self, actor: Actor | System, patience: float | None = None) -> Iterator[ScopedSession]:
        """A session that writes as `actor`: committed when the block ends well, rolled back when it raises.

        Raises Taken when another writer took the same identifier or name at the same moment, and Unavailable when
        the storage takes nothing, or others wrote for longer than `patience` seconds (the store's own where not given).
        """
        try:
            with (
                self._waiting(patience),
                ScopedSession(self._writing, info={"actor": actor}, expire_on_commit=False) as session,
            ):
                yield session
                session.commit()
        except IntegrityError as error:
            if not _taken(error):
                raise
            raise Taken(
                "Somebody saved the same thing at the same moment. Nothing changed: reload the page."
            ) from error
        except PoolTimeoutError as error:
            raise self._unavailable(Reason.BUSY, error) from error
        if self.fault in (Reason.LOCKED, Reason.GONE, Reason.BUSY):
            self._well()

    def repeated(self, actor: Actor | System, work: Callable[[ScopedSession], T]) -> T:
        """`work` in a unit of work, and again on a fresh connection where the storage was away for a moment.

        Only for what is safe to repeat: a commit whose answer was lost may have been kept, so the ids in it must be
        given from outside. Raises what `work` and `unit_of_work` raise, Unavailable after about `patience` seconds.
        """
        until = time.monotonic() + self.patience
        for pause in (*_PAUSES, *[_PAUSES[-1]] * int(self.patience)):
            try:
                with self.unit_of_work(actor) as session:
                    return work(session)
            except Unavailable as error:
                if error.reason not in faults.PASSING or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
        with self.unit_of_work(actor) as session:
            return work(session)

    def ready(self) -> Readiness:
        """Try both: read something, and store something that says nothing. Takes a moment, and a second where locked.

        A fault is over when this finds none.
        """
        try:
            if self.fault is Reason.CORRUPT and not self._whole_again():
                return Readiness(read=False, write=False, reason=Reason.CORRUPT)
            with self._reading.connect() as connection:
                connection.exec_driver_sql("SELECT version_num FROM alembic_version").all()
        except (Unavailable, PoolTimeoutError) as error:
            return Readiness(read=False, write=False, reason=faults.reason_of(error))
        try:
            with self._waiting(_PROBE_PATIENCE), self._writing.begin() as connection:
                self._store_something(connection)
        except (Unavailable, PoolTimeoutError) as error:
            return Readiness(read=True, write=False, reason=faults.reason_of(error))
        self._well()
        return Readiness(read=True, write=True)

    def dispose(self) -> None:
        """Close all connections."""
        self._ended.set()
        self.engine.dispose()

    # ---------------------------------------------------------------------------------------------------- inside

    @contextmanager
    def _waiting(self, patience: float | None = None) -> Iterator[None]:
        """Inside, a writer of an SQLite file waits for its turn when it begins."""
        until = time.monotonic() + (self.patience if patience is None else patience)
        mine = Turn(self._turns, until, in_haste=patience is not None)
        token = _turn.set(mine)
        try:
            yield
        finally:
            _turn.reset(token)
            mine.end()

    def _begin_sqlite(self, connection: Connection) -> None:
        """Writers take the lock at once, so that a transaction that reads first never fails when it writes."""
        writes, turn, left = connection.get_execution_options().get("muster_writes", False), _turn.get(), self.patience
        if writes and turn is not None and turn.turns is self._turns:
            turn.take()
            left = max(turn.left, 0.05)
        connection.connection.driver_connection.execute(f"PRAGMA busy_timeout={int(left * 1000)}")  # type: ignore[union-attr]
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _told_apart(self, context: ExceptionContext) -> Exception | None:
        """SQLAlchemy's hook for whatever a driver raises: what concerns the storage leaves as Unavailable."""
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args and isinstance(error.args[0], str):
                error.args = (faults.without_values(error.args[0]), *error.args[1:])
        reason = faults.reason_of(context.original_exception)
        if reason is None or context.is_pre_ping:
            return None
        return self._unavailable(reason, context.original_exception)

    def _unavailable(self, reason: Reason, error: BaseException) -> Unavailable:
        turn = _turn.get()
        in_haste = reason is Reason.LOCKED and turn is not None and turn.in_haste
        if not in_haste and self.fault not in (reason, Reason.CORRUPT):
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
        """Write what says nothing, so that it must reach the disk."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
            return
        if self.url.database and shutil.disk_usage(Path(self.url.database).parent).free < _ROOM:
            raise Unavailable(Reason.DISK_FULL)
        number = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql(f"PRAGMA user_version={(number + 1) % 2**31}")

    def _whole_again(self) -> bool:
        """Whether a file that was found damaged is whole by now: looked at from end to end, twice a minute at most."""
        if self.url.get_backend_name() != "sqlite":
            return True
        if time.monotonic() - self._checked < _RECHECK_CORRUPT:
            return False
        self._checked = time.monotonic()
        with self._reading.connect() as connection:
            whole: bool = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one() == "ok"
        return whole


def open_store(url: str | URL, patience: float = PATIENCE) -> Store:
    """Open the database at `url` (sqlite:///file or postgresql+psycopg://...). Creates no tables: see `upgrade`.

    `patience`: seconds that a writer waits for others. The file of SQLite is its owner's alone, and so is its folder
    where it is made here.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            file = Path(address.database)
            private.folder(file.parent)
            private.file(file)  # what SQLite puts beside it is made with the same mode
            for beside in ("-wal", "-shm"):
                private.closed(file.with_name(file.name + beside))
        engine = create_engine(
            address, connect_args={"check_same_thread": False}, pool_size=16, max_overflow=32, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        engine = create_engine(
            address,
            connect_args={"connect_timeout": _CONNECT_TIMEOUT},
            pool_size=16,
            max_overflow=32,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _patient(patience))
    return Store(engine, patience)


_UPGRADE_PATIENCE = 600.0
_UPGRADE = UUID("6d757374-6572-4000-8000-757067726164")


def upgrade(store: Store) -> None:
    """Bring the database to the newest schema, creating it where there is none.

    Several processes may do so at once: one does it while the others wait, and these find it done. Raises RuleBroken
    for a database that has no way to the newest schema; nothing is changed then.
    """
    from alembic import command  # only who upgrades needs Alembic
    from alembic.migration import MigrationContext

    with store._waiting(_UPGRADE_PATIENCE), store._writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
            connection.execute(_ALONE, {"key": _UPGRADE.int % 2**63})
        refuse_strange(MigrationContext.configure(connection).get_current_heads())
        command.upgrade(alembic_config(connection), "head")


def refuse_strange(revisions: Iterable[str]) -> None:
    """Raises RuleBroken where a database is at a revision that this Muster does not know."""
    from alembic.script import ScriptDirectory

    known = {each.revision for each in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    for strange in sorted(set(revisions) - known):
        if strange.isdecimal():  # see the first version's file
            raise RuleBroken(
                "",
                "This database was made before Muster's first release (schema {schema}), and nothing brings it from "
                "there to this version. Keep it with the version that made it, or begin with an empty one: set "
                "MUSTER_DATABASE_URL to another place. Nothing was changed.",
                schema=strange,
            )
        raise RuleBroken(
            "",
            "This database was made by a newer Muster (schema {schema}). Install that version again.",
            schema=strange,
        )


def alembic_config(connection: Connection | None = None) -> Any:
    """Alembic's configuration for Muster's own migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
