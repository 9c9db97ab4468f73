"""Backups: copies of the database, made online, verified, thinned out, and restored.

SQLite is copied with its online backup, which takes one consistent state. PostgreSQL is copied with `pg_dump`, if it is
installed, and restored with `pg_restore` by the keeper of that server.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from operations.core import file_permissions
from operations.core.clock import now
from operations.core.errors import RuleBroken
from operations.core.schema import refuse_strange
from operations.core.store import Store

STAMP = "%Y%m%dT%H%M%SZ"
NEWEST = 8
_STEPS = ((timedelta(hours=1), 24), (timedelta(days=1), 7))
_CHUNK = 200_000  # pages of a copy between two checks of the database; most databases fit in one go
_DUMP_PATIENCE = 3600


def copy(store: Store, folder: Path, moment: datetime) -> Path:
    """Copy the database into `folder`, named after `moment`, and check the copy; an existing one is replaced.

    Raises RuleBroken if the copy is damaged, or if no copy can be made here.
    """
    file_permissions.folder(folder)
    sqlite = store.url.get_backend_name() == "sqlite"
    target = folder / f"muster-{moment.astimezone(UTC):{STAMP}}.{'sqlite' if sqlite else 'dump'}"
    unfinished = target.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    try:
        file_permissions.file(unfinished)
        if sqlite:
            _copy_sqlite(database_file(store), unfinished)
            check(unfinished)
        else:
            _dump_postgres(store.url, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def check(file: Path) -> None:
    """Check that a copy is whole and belongs to Muster. Raises RuleBroken."""
    try:
        with _opened(file, read_only=True) as connection:
            found = connection.execute("PRAGMA quick_check").fetchone()[0]
            wrong = connection.execute("PRAGMA foreign_key_check").fetchone()
            connection.execute("SELECT seq FROM journal_head").fetchone()
    except sqlite3.DatabaseError as error:
        raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", file=file.name, why=str(error)) from None
    if found != "ok" or wrong is not None:
        why = found if found != "ok" else "a row points to one that is gone"
        raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", file=file.name, why=why)


def copies(folder: Path) -> list[Path]:
    """Return the copies in a folder, newest first."""
    return sorted((file for file in folder.glob("muster-*Z.*") if file.suffix in (".sqlite", ".dump")), reverse=True)


def thin_out(folder: Path) -> list[Path]:
    """Delete copies beyond the newest, one for each hour of a day, and one for each day of a week. Return them."""
    existing = copies(folder)
    keep = set(existing[:NEWEST])
    for step, many in _STEPS:
        slots: dict[int, Path] = {}
        for file in existing:  # keeps the newest of each hour or day
            slots.setdefault(int(moment_of(file).timestamp() // step.total_seconds()), file)
        keep.update(list(slots.values())[:many])
    gone = [file for file in existing if file not in keep]
    yesterday = (now() - timedelta(days=1)).timestamp()
    gone += [file for file in folder.glob("muster-*.part") if file.stat().st_mtime < yesterday]  # left unfinished
    for file in gone:
        file.unlink()
    return gone


def moment_of(file: Path) -> datetime:
    """Return when a copy was made, from its name."""
    return datetime.strptime(file.stem.removeprefix("muster-"), STAMP).replace(tzinfo=UTC)


def prove(store: Store, folder: Path) -> dict[str, str]:
    """Copy the database, restore the copy elsewhere, and compare every table with the database of that moment.

    Returns the hash of every table. Raises RuleBroken if a table differs. SQLite only.
    """
    file_permissions.folder(folder)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        made, again = Path(place, "copy.sqlite"), Path(place, "again.sqlite")
        with _opened(database_file(store), read_only=True) as live:
            live.execute("BEGIN")
            live.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on, reads see one moment
            _into(live, made)
            there = hashes(live)
        put_back(made, again)
        with _opened(again, read_only=True) as restored:
            here = hashes(restored)
    if differing := sorted(table for table in there.keys() | here.keys() if there.get(table) != here.get(table)):
        raise RuleBroken("", "The restored copy differs in {tables}.", tables=", ".join(differing))
    return there


def put_back(file: Path, target: Path) -> None:
    """Replace the database at `target` with the copy.

    Raises RuleBroken for a damaged copy, and for one that this Muster cannot use; then the target stays unchanged.
    """
    check(file)
    file_permissions.folder(target.parent)
    with _opened(file, read_only=True) as source:
        refuse_strange(row[0] for row in source.execute("SELECT version_num FROM alembic_version"))
        _into(source, target)


def hashes(connection: sqlite3.Connection) -> dict[str, str]:
    """Return a hash of all rows of every table, in the order of their keys."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return {name: _hash(connection, name) for (name,) in names if not name.startswith("sqlite_")}


def _hash(connection: sqlite3.Connection, table: str) -> str:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    order = ", ".join(f'"{name}"' for name in columns)
    digest = hashlib.sha256(repr(columns).encode())
    for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY {order}'):  # noqa: S608 - names of our tables
        digest.update(repr(row).encode())
    return digest.hexdigest()


def database_file(store: Store) -> Path:
    """Return the file of an SQLite database. Raises RuleBroken for another storage."""
    if store.url.get_backend_name() != "sqlite" or not store.url.database:
        raise RuleBroken("", "This database is no SQLite file: put its dump back with pg_restore.")
    return Path(store.url.database)


# ------------------------------------------------------------------------------------------------------- inside


@contextmanager
def _opened(file: Path, *, read_only: bool) -> Iterator[sqlite3.Connection]:
    address = f"{file.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=30)) as connection:
        yield connection


def _copy_sqlite(source: Path, target: Path) -> None:
    with _opened(source, read_only=True) as live:
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        _into(live, target)


def _into(source: sqlite3.Connection, target: Path) -> None:
    """Copy into a file: a new one becomes a single file, an existing database keeps its journal mode."""
    fresh = not target.exists() or not target.stat().st_size
    file_permissions.file(target)
    with _opened(target, read_only=False) as made:
        source.backup(made, pages=_CHUNK)
        made.execute("PRAGMA journal_mode=DELETE" if fresh else "PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _dump_postgres(url: URL, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise RuleBroken("", "pg_dump is not installed here: PostgreSQL cannot be backed up without it.")
    said = subprocess.run(  # noqa: S603 - PostgreSQL's own program, with arguments of ours
        [program, "--format=custom", "--schema=public", "--enable-row-security", f"--file={target}"],
        env={**os.environ, **_as_environment(url)},
        capture_output=True,
        text=True,
        timeout=_DUMP_PATIENCE,
        check=False,
    )
    if said.returncode != 0:
        raise RuleBroken("", "pg_dump failed: {why}", why=" ".join(said.stderr.split())[:300])


def _as_environment(url: URL) -> dict[str, str]:
    """Return the environment with which pg_dump connects as Muster itself, which sees the rows of every country."""
    host = url.host or url.query.get("host", "")
    values: Iterable[tuple[str, object]] = (
        ("PGHOST", host),
        ("PGPORT", url.port),
        ("PGUSER", url.username),
        ("PGPASSWORD", url.password),
        ("PGDATABASE", url.database),
        ("PGOPTIONS", "-c muster.reach=all"),
    )
    return {name: str(value) for name, value in values if value}
