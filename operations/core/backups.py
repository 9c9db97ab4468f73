"""Backups: copies of the database, made online, verified, thinned out, and restored.

SQLite is copied with its online backup, which takes one consistent state. PostgreSQL is copied with `pg_dump` and
restored with `pg_restore` and `psql`, where they are installed, in one transaction. `encrypted_copies` says how a copy
is encrypted, and `page_changes` and `postgres_archive` what leads to the moments between two copies.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from operations.core import clock, encrypted_copies, file_permissions, installation_key, page_changes, schema
from operations.core import postgres_archive as archive_
from operations.core.encrypted_copies import KeyRing, Layers
from operations.core.errors import RuleBroken
from operations.core.page_changes import PageChanges
from operations.core.store import Store

STAMP = "%Y%m%dT%H%M%SZ"
NEWEST = 8
DAYS, WEEKS = 7, 0
"""Days and weeks of which one copy each is kept, where nobody says otherwise."""
_CHUNK = 200_000  # pages of a copy between two checks of the database; most databases fit in one go
_DUMP_PATIENCE = 3600


def copy(
    store: Store,
    folder: Path,
    moment: datetime | None = None,
    layers: Layers = (),
    changes: PageChanges | None = None,
) -> Path:
    """Copy the database into `folder` and check the copy.

    It is named after `moment`, and replaces a copy of that name; or else after the second in which it is made, or the
    next one after which no copy is named: nothing in it happened later. With public keys (`layers`) it is encrypted for
    their owners, and nothing else of it reaches the folder. `changes` notes it.
    Raises RuleBroken if the copy is damaged, or if no copy can be made here.
    """
    file_permissions.folder(folder)
    ending = "sqlite" if store.url.get_backend_name() == "sqlite" else "dump"
    unfinished = folder / f"muster-{clock.now():{STAMP}}.part"
    unfinished.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=_beside(store)) as place, changes.turn if changes else nullcontext():
        plain = file_permissions.file(Path(place, "copy") if layers else unfinished)
        try:
            log = changes.begin(database_file(store)) if changes else None
            _copy(store, plain)
            moment = moment or _free_second(folder)
            if changes is not None:
                moment = changes.note(plain, moment, log)
            if layers:
                encrypted_copies.encrypt(plain, file_permissions.file(unfinished), layers)
            name = f"muster-{moment.astimezone(UTC):{STAMP}}.{ending}{encrypted_copies.ending(layers)}"
            return unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)


def note_changes(store: Store, folder: Path, changes: PageChanges) -> None:
    """Write down what changed since the last copy or look; the first time, begin with a copy in `folder`."""
    if not changes.begun:
        copy(store, folder, layers=changes.layers, changes=changes)
        return
    file = database_file(store)
    with changes.turn:
        if changes.note_log(file, clock.next_second()):
            return
        with tempfile.TemporaryDirectory(dir=_beside(store)) as place:
            plain, log = file_permissions.file(Path(place, "copy")), changes.begin(file)
            _copy_sqlite(file, plain)
            changes.note(plain, clock.next_second(), log)


def _free_second(folder: Path) -> datetime:
    """Return the first second from now on that no copy is named after: the one to be put back may be of this one."""
    second, taken = clock.next_second(), {file.name.partition(".")[0] for file in copies(folder)}
    while f"muster-{second:{STAMP}}" in taken:
        second += timedelta(seconds=1)
    return second


def _copy(store: Store, target: Path) -> None:
    if store.url.get_backend_name() == "sqlite":
        _copy_sqlite(database_file(store), target)
        check(target)
    else:
        _dump_postgres(store.url, target)


def _beside(store: Store) -> Path | None:
    """Return the folder of an SQLite database; None for that of temporary files."""
    return database_file(store).parent if store.url.get_backend_name() == "sqlite" else None


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
    endings = (".sqlite", ".dump", encrypted_copies.ENDING)
    return sorted((file for file in folder.glob("muster-*Z.*") if file.suffix in endings), reverse=True)


def thin_out(folder: Path, days: int = DAYS, weeks: int = WEEKS, changes: Path | None = None) -> list[Path]:
    """Delete copies beyond the newest, one for each hour of a day, and one for each of so many days and weeks.

    A copy with which a chain in the folder of `changes` begins stays as long as those of the days, and changes that are
    older than all copies of the days go. Returns what it deleted.
    """
    existing = copies(folder)
    keep = set(existing[:NEWEST])
    chain = page_changes.change_files(changes) if changes is not None else []
    for step, many in ((timedelta(hours=1), 24), (timedelta(days=1), days), (timedelta(weeks=1), weeks)):
        slots: dict[int, Path] = {}
        for file in existing:  # keeps the newest of each hour or day
            slots.setdefault(int(moment_of(file).timestamp() // step.total_seconds()), file)
        keep.update(kept := list(slots.values())[:many])
        if chain and kept and step == timedelta(days=1):
            oldest = moment_of(kept[-1])
            begin = {each.moment for each in chain if each.before == page_changes.NOTHING and each.moment >= oldest}
            keep.update(file for file in existing if moment_of(file) in begin)
            page_changes.thin_out(chain, oldest)
    gone = [file for file in existing if file not in keep]
    yesterday = (clock.now() - timedelta(days=1)).timestamp()
    gone += [file for file in folder.glob("muster-*.part") if file.stat().st_mtime < yesterday]  # left unfinished
    for file in gone:
        file.unlink()
    return gone


def moment_of(file: Path) -> datetime:
    """Return when a copy was made, from its name."""
    return datetime.strptime(file.name.partition(".")[0].removeprefix("muster-"), STAMP).replace(tzinfo=UTC)


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


def restore(store: Store, file: Path, ring: KeyRing | None = None, layers: Layers = ()) -> None:
    """Replace the database of a store with a copy made on the same storage; `ring` opens it.

    Raises RuleBroken for a damaged copy, for one of another storage, for one that the keys do not open or that did not
    take a key of each group in `layers`, for one whose journal is sealed under another key than this server's, and for
    one that this Muster cannot use; then the database stays unchanged.
    """
    ring = ring or KeyRing()
    sqlite = store.url.get_backend_name() == "sqlite"
    with ring.opened(file, _beside(store)) as plain:
        ring.require(layers)
        if sqlite is _is_dump(plain):
            raise RuleBroken("", "{file} is a copy of the other storage: it cannot be put back here.", file=file.name)
        if sqlite:
            put_back(plain, database_file(store))
        else:
            _put_back_postgres(plain, store.url)


def restore_at(
    store: Store, moment: datetime, folder: Path, archive: Path, ring: KeyRing | None = None, layers: Layers = ()
) -> None:
    """Replace the database of a store with what it was at `moment`: on SQLite at the last minute noted before.

    `folder` holds the copies, `archive` the changes of pages, or base copies and log of the PostgreSQL server. Raises
    RuleBroken as `restore`, and where nothing leads to that moment.
    """
    ring = ring or KeyRing()
    if store.url.get_backend_name() == "sqlite":
        there = {moment_of(file): file for file in copies(folder)}
        base, changes = page_changes.way(page_changes.change_files(archive), there, moment)
        with tempfile.TemporaryDirectory(dir=_beside(store)) as place, ring.opened(base, Path(place)) as plain:
            ring.require(layers)
            target = file_permissions.file(Path(place, "restored"))
            shutil.copyfile(plain, target)
            page_changes.follow(target, changes, ring, Path(place))
            put_back(target, database_file(store))
        return
    with archive_.recovered(archive, moment, store.url, ring) as there_then, tempfile.TemporaryDirectory() as place:
        ring.require(layers)
        dumped = file_permissions.file(Path(place, "recovered.dump"))
        _dump_postgres(there_then, dumped)
        _put_back_postgres(dumped, store.url)


def put_back(file: Path, target: Path) -> None:
    """Replace the SQLite database at `target` with the copy.

    Raises RuleBroken for a damaged copy, for one under another key, and for one that this Muster cannot use; then the
    target stays unchanged.
    """
    check(file)
    if target.exists() and file.samefile(target):
        why = "it is the database itself"
        raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", file=file.name, why=why)
    file_permissions.folder(target.parent)
    asked = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    with asked.connect() as connection:
        schema.version(connection)
        heads = connection.exec_driver_sql("SELECT seq, key FROM journal_head").all()
    _require_key(file, ((int(seq), key) for seq, key in heads))
    with _opened(file, read_only=True) as source:
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
        raise RuleBroken("", "This database is no SQLite file.")
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
    _spoken(
        "pg_dump",
        *("--format=custom", "--schema=public", "--enable-row-security", f"--file={target}"),
        url=url,
    )


def _is_dump(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(5) == b"PGDMP"


def _put_back_postgres(file: Path, url: URL) -> None:
    """Replace all that Muster has in a PostgreSQL database, in one transaction: all of it, or nothing.

    The dump becomes SQL, without the schema `public`, which every database has. Who is connected holds it up for a
    few seconds at most: then it is refused.
    """
    listed = _spoken("pg_restore", "--list", str(file))
    kept = [line for line in listed.splitlines() if not re.search(r"; \d+ \d+ (SCHEMA|COMMENT) - ", line)]
    with tempfile.TemporaryDirectory() as folder:
        contents, script = Path(folder, "contents"), Path(folder, "script.sql")
        contents.write_text("\n".join(kept), encoding="utf-8")
        file_permissions.file(script)
        _spoken(
            "pg_restore",
            *("--no-owner", "--no-privileges", "--enable-row-security"),
            *(f"--use-list={contents}", f"--file={script}", str(file)),
        )
        if not (versions := [int(row["number"]) for row in _rows_in(script, "schema_version")]):
            raise RuleBroken("", "{file} is not a whole copy of Muster: {why}", file=file.name, why="no schema version")
        if max(versions) > schema.migrations("postgresql")[-1].number:
            raise schema.newer(max(versions))
        _require_key(file, ((int(row["seq"]), row["key"]) for row in _rows_in(script, "journal_head")))
        _spoken(
            "psql",
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            *("--command=" + _EMPTIED, f"--file={script}"),
            url=url,
        )


_EMPTIED = """
SET LOCAL lock_timeout = '10s';
DO $$ DECLARE named text; BEGIN
  FOR named IN SELECT format('DROP TABLE public.%I CASCADE', tablename) FROM pg_tables WHERE schemaname = 'public'
  UNION ALL SELECT format('DROP FUNCTION public.%I()', proname) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
  LOOP EXECUTE named; END LOOP;
END $$"""


def _rows_in(script: Path, table: str) -> list[dict[str, str]]:
    """Return the rows that a dump holds of a table; none where it holds no such table."""
    names: list[str] | None = None
    found = []
    with script.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(f"COPY public.{table} "):
                names = re.findall(r"\w+", line.partition("(")[2].partition(")")[0])
            elif names is not None:
                if line.startswith("\\."):
                    break
                found.append(dict(zip(names, line.rstrip("\n").split("\t"), strict=True)))
    return found


def _require_key(file: Path, heads: Iterable[tuple[int, str]]) -> None:
    """Raise RuleBroken for a copy whose chains are sealed under another key: Muster could add nothing to them."""
    if other := {key for seq, key in heads if seq} - {installation_key.name()}:
        raise RuleBroken(
            "",
            "{file} is sealed under the key {other}, and this server has the key {here}. Nothing was replaced. Set "
            "MUSTER_KEY_FILE to the key of the copy, and restore it then.",
            file=file.name,
            other=", ".join(sorted(other)),
            here=installation_key.name(),
        )


def _spoken(name: str, *arguments: str, url: URL | None = None) -> str:
    """Run a program of PostgreSQL and return what it says. Raises RuleBroken where it is missing or fails."""
    program = shutil.which(name)
    if program is None:
        raise RuleBroken("", "{name} is not installed here: install PostgreSQL's client programs.", name=name)
    said = subprocess.run(  # noqa: S603 - PostgreSQL's own program, with arguments of ours
        [program, *arguments],
        env={**os.environ, **({} if url is None else _as_environment(url))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DUMP_PATIENCE,
        check=False,
    )
    if said.returncode != 0:
        raise RuleBroken("", "{name} did not finish: {why}", name=name, why=" ".join(said.stderr.split())[:300])
    return said.stdout


def _as_environment(url: URL) -> dict[str, str]:
    """Return the environment with which PostgreSQL's programs connect as Muster itself: it sees every row.

    A setting that is empty is not one that is missing: without `muster.role` nobody sees a serious incident.
    """
    host = url.query.get("host", "") or url.host
    values: Iterable[tuple[str, object]] = (
        ("PGHOST", host),
        ("PGPORT", url.port),
        ("PGUSER", url.username),
        ("PGPASSWORD", url.password),
        ("PGDATABASE", url.database),
        ("PGSSLMODE", url.query.get("sslmode")),
        ("PGSSLROOTCERT", url.query.get("sslrootcert")),
        ("PGOPTIONS", "-c muster.reach=all -c muster.role= -c muster.country= -c muster.person="),
    )
    return {name: str(value) for name, value in values if value}
