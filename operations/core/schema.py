"""The schema of a database: made and upgraded by SQL files, refused where they do not lead to the newest version.

`migrations` holds for each version and storage a file of SQL that `tools/schema.py` wrote from the models: the first
makes everything, each later one what was added. Statements end with a semicolon and an empty line.
"""

import random
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from operations.core.errors import RuleBroken
from operations.core.scope import _ALONE, SCHEMA_LOCK
from operations.core.store import Store

FOLDER = Path(__file__).parent / "migrations"
END = ";\n\n"
_UPGRADE_PATIENCE = 600.0  # seconds
_LOCK_PATIENCE = "2s"  # requests wait no longer than this for an upgrade that waits itself
_PAUSE = (0.1, 1.0)  # seconds between two tries, in which servers answer what waited
_NO_PRIVILEGE, _DEADLOCK, _NO_LOCK = "42501", "40P01", "55P03"  # as PostgreSQL numbers them
_UPGRADE = UUID("6d757374-6572-4000-8000-757067726164")


@dataclass(frozen=True)
class Migration:
    """The way to one version of the schema on one storage."""

    number: int
    file: Path

    def statements(self) -> list[str]:
        """Return its SQL, one statement after the other."""
        return [text for text in self.file.read_text(encoding="utf-8").split(END) if text.strip()]


def migrations(storage: str) -> tuple[Migration, ...]:
    """Return all migrations of a storage ("sqlite" or "postgresql") in their order."""
    files = sorted(FOLDER.glob(f"[0-9]*.{storage}.sql"))
    return tuple(Migration(int(file.name.split(".")[0]), file) for file in files)


def version(connection: Connection) -> int:
    """Return the version of a database's schema, 0 of an empty one.

    Raises RuleBroken for a database that no migration leads from to the newest version.
    """
    existing = sa.inspect(connection)
    if existing.has_table("schema_version"):
        number: int = connection.exec_driver_sql("SELECT max(number) FROM schema_version").scalar_one()
        if number > migrations(connection.dialect.name)[-1].number:
            raise newer(number)
        return number
    if existing.has_table("alembic_version"):
        old = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
        raise RuleBroken(
            "",
            "This database was made before Muster's first release (schema {schema}), and nothing brings it from "
            "there to this version. Keep it with the version that made it, or begin with an empty one: set "
            "MUSTER_DATABASE_URL to another place. Nothing was changed.",
            schema=old,
        )
    return 0


def newer(number: int) -> RuleBroken:
    """Return the refusal of a database or a copy that a newer Muster made."""
    return RuleBroken(
        "",
        "This database was made by a newer Muster (schema {schema}). Install that version again.",
        schema=number,
    )


def missing(store: Store) -> tuple[int, tuple[Migration, ...]]:
    """Return the version of a database's schema, and the migrations that it lacks. Raises RuleBroken as `version`."""
    with store.engine.connect() as connection:
        at = version(connection)
    return at, tuple(step for step in migrations(store.engine.dialect.name) if step.number > at)


def require(store: Store) -> None:
    """Make the schema of an empty database. Raises RuleBroken for an older one: whoever upgrades makes a copy first."""
    at, steps = missing(store)
    if at and steps:
        raise RuleBroken(
            "",
            "This database has schema {at}, and this Muster needs schema {newest}. Stop Muster everywhere, and run: "
            "muster upgrade",
            at=at,
            newest=steps[-1].number,
        )
    try:
        upgrade(store)
    except store.engine.dialect.loaded_dbapi.Error as error:
        if getattr(error, "sqlstate", "") != _NO_PRIVILEGE:
            raise
        raise RuleBroken(
            "",
            "The database is empty, and the role of MUSTER_DATABASE_URL may not make tables. Set MUSTER_OWNER_URL, and "
            "run: muster init",
        ) from None


def upgrade(store: Store) -> None:
    """Upgrade the database to the newest schema, creating it if there is none: all of it, or nothing.

    Several processes may call this at once: one upgrades while the others wait and find it done. Servers of the version
    before may go on reading and writing: on PostgreSQL every session holds the schema's lock in shared mode, and the
    upgrade takes it alone before it touches a table, so that neither can deadlock. Where a session holds it for long,
    the upgrade lets the others pass and begins again. Raises RuleBroken for a database from which no migration leads to
    the newest schema, and where ten minutes bring no lock; then nothing is changed.
    """
    until = time.monotonic() + _UPGRADE_PATIENCE
    while True:
        try:
            _upgrade(store)
        except store.engine.dialect.loaded_dbapi.Error as error:
            if getattr(error, "sqlstate", "") not in {_DEADLOCK, _NO_LOCK}:
                raise
            if time.monotonic() > until:
                raise RuleBroken(
                    "",
                    "The upgrade found no moment in which nobody used the tables that it changes. Nothing was changed. "
                    "Stop Muster everywhere, and run: muster upgrade",
                ) from error
            time.sleep(random.uniform(*_PAUSE))  # noqa: S311 - no secret
        else:
            return


def _upgrade(store: Store) -> None:
    if not missing(store)[1]:
        return
    with store._waiting(_UPGRADE_PATIENCE), store._writing.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        assert driver is not None  # noqa: S101 - it was just opened
        if (
            sqlite
        ):  # a table that is made anew is dropped first; whether every row still has its own is asked at the end
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                    connection.exec_driver_sql("SET LOCAL muster.reach = 'all'")
                    connection.exec_driver_sql("SET LOCAL muster.role = ''")
                    connection.execute(_ALONE, {"key": _UPGRADE.int % 2**63})
                    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_PATIENCE}'")
                _run(connection)
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")


def _run(connection: Connection) -> None:
    at, storage = version(connection), connection.dialect.name
    cursor = connection.connection.cursor()  # the driver's own: SQLAlchemy would read % and : as its own
    if storage != "sqlite":
        cursor.execute(f"SELECT pg_advisory_xact_lock({SCHEMA_LOCK})")
    for migration in migrations(storage):
        if migration.number > at:
            for statement in migration.statements():
                cursor.execute(statement)
            cursor.execute(f"INSERT INTO schema_version (number) VALUES ({migration.number})")  # noqa: S608 - a number
    if storage == "sqlite" and cursor.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise RuleBroken("", "After the upgrade a row would point to one that is gone. Nothing was changed.")


def grant(store: Store, address: str) -> None:
    """Let the role of a PostgreSQL address read and write rows, but not change the schema or row-level security."""
    role = sa.make_url(address).username
    if not role:
        return
    with store._writing.begin() as connection:
        name = connection.dialect.identifier_preparer.quote_identifier(role)
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
        connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}")
