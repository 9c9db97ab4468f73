"""Prepared databases: made once, by migrations and the real verbs, and copied for every test that asks for one.

A migration from nothing takes most of a second, a copy a few milliseconds. What is prepared lives as long as the
process that prepared it; `shared` keeps what takes long for all workers of one run.
"""

import atexit
import fcntl
import pickle
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from operations.core.schema import upgrade
from operations.core.store import Store, open_store
from tests import connection_cleanup, storages
from tests.makers import START, Running, put_cast, running

T = TypeVar("T")
DATABASE = "muster.sqlite"


class SqliteStorage:
    """SQLite: a database is a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._numbers = folder, count()

    def new(self, like: str | None = None) -> str:
        """The URL of an empty database, or of one like another."""
        url = f"sqlite:///{self.folder / f'{next(self._numbers)}.sqlite'}"
        if like is not None:
            copied(_file(like), _file(url))
        return url

    def migrated(self) -> str:
        """The URL of a database with all tables and nothing in it."""
        return f"sqlite:///{_migrated()}"

    def keep(self, url: str) -> None:
        """Nothing to do: the file it was copied from stays."""

    def rewind(self, store: Store, like: str) -> None:
        """Make the database again like another: it is a new file, which the next connection opens."""
        store.engine.dispose()
        copied(_file(like), Path(str(store.url.database)))


class PostgresStorage:
    """PostgreSQL: databases of one server."""

    def __init__(self, server: storages.PostgresServer) -> None:
        self.new, self.keep = server.new_database, server.keep
        self._server = server

    def migrated(self) -> str:
        """The URL of a database with all tables and nothing in it."""
        url = self.new()
        _upgraded(url)
        return url

    def rewind(self, store: Store, _like: str) -> None:
        """Make the database again what it was when it was kept."""
        self._server.rewind(store.url.render_as_string(hide_password=False))


class Shelf:
    """Prepared databases of one storage: `empty` is migrated, `scene` holds the cast and a running operation."""

    def __init__(self, storage: SqliteStorage | PostgresStorage) -> None:
        self._storage = storage
        self._free: dict[str, list[Store]] = defaultdict(list)
        self._prepared: dict[Callable[[Running], Any], tuple[str, Any]] = {}
        self.empty = storage.migrated()
        self.scene = storage.new(self.empty)
        played = open_store(self.scene)
        put_cast(played)
        self.running = running(played)
        played.dispose()

    def new(self, like: str | None = None) -> Store:
        """A migrated store that is nobody else's, and is not rewound: empty, or like one of the prepared ones."""
        return open_store(self._storage.new(like or self.empty))

    def prepared(self, make: Callable[[Running], T]) -> tuple[str, T]:
        """The scene in which `make` did something, once for all who ask: its URL for `take`, and what `make` said."""
        if make not in self._prepared:
            url = self._storage.new(self.scene)
            store = open_store(url)
            said = make(replace(self.running, store=store, members={}))
            store.dispose()
            self._prepared[make] = url, said
        return self._prepared[make]

    def bare(self) -> Store:
        """A store without any schema."""
        return open_store(self._storage.new())

    @contextmanager
    def take(self, like: str) -> Iterator[Store]:
        """A store like one of the prepared ones, for one test; it is rewound for the next."""
        if not self._free[like]:
            url = self._storage.new(like)
            self._storage.keep(url)
            self._free[like].append(open_store(url))
        taken = self._free[like].pop()
        yield taken
        connection_cleanup.wait_for_deferred_writes()  # none may land in the database of the next test
        self._storage.rewind(taken, like)
        self._free[like].append(taken)

    def close(self) -> None:
        """Close all stores."""
        for stores in self._free.values():
            for each in stores:
                each.dispose()


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def copied(source: Path, target: Path) -> None:
    """Make the SQLite database `target` the same as `source`, with what stands in its write-ahead log.

    Where the log is empty, as it is once all connections are closed, a copy of the file takes a quarter of the time.
    Nobody may be connected to `target`.
    """
    if not Path(f"{source}-wal").exists():
        for each in ("", "-wal", "-shm"):
            Path(f"{target}{each}").unlink(missing_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o600)  # as Muster makes it, whatever the umask of the run
        return
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def empty_store(folder: Path) -> Store:
    """A migrated store without anything in it, in a new SQLite file of `folder`."""
    copied(_migrated(), folder / DATABASE)
    return open_store(f"sqlite:///{folder / DATABASE}")


def open_scene(folder: Path) -> Running:
    """The running operation of `tests.makers` with its cast, in a new SQLite file of `folder`."""
    return scene_in(folder / DATABASE, START)


def scene_in(file: Path, start: datetime) -> Running:
    """The operation with its cast in a new SQLite file. All that began at one time have the same ids in a process."""
    first = _begun(start)
    copied(Path(str(first.store.url.database)), file)
    return replace(first, store=open_store(f"sqlite:///{file}"), members={})


def once(folder: Path, name: str, make: Callable[[], T]) -> T:
    """What `make` says (can be pickled): made by the first who asks, while whoever comes meanwhile waits.

    `folder` is one that all who share know.
    """
    said = folder / f"{name}.pickle"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            said.write_bytes(pickle.dumps(make()))
    found: T = pickle.loads(said.read_bytes())  # noqa: S301 - our own, of this run
    return found


def shared(folder: Path, name: str, make: Callable[[Path], T]) -> tuple[Path, T]:
    """What `make` puts into a new SQLite file `once`, and what it says of it. Nobody writes into it afterwards."""
    file = folder / f"{name}.sqlite"

    def made() -> T:
        copied(_migrated(), file)
        return make(file)

    return file, once(folder, name, made)


@cache
def _folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="muster-shelf-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def _migrated() -> Path:
    file = _folder() / "empty.sqlite"
    _upgraded(f"sqlite:///{file}")
    return file


@cache
def _begun(start: datetime) -> Running:
    file = _folder() / f"{start:%Y%m%dT%H%M%S}.sqlite"
    copied(_migrated(), file)
    store = open_store(f"sqlite:///{file}")
    put_cast(store)
    made = running(store, start)
    store.dispose()
    return made


def _upgraded(url: str) -> None:
    store = open_store(url)
    upgrade(store)
    store.dispose()
