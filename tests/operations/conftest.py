"""A store for every test of operations, on each storage: prepared once, as good as new for each test."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from operations.core.store import Store, open_store, upgrade
from tests import storages
from tests.makers import Running, put_cast, running


class SqliteStorage:
    """SQLite: a database is a file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._numbers = folder, count()

    def new(self, like: str | None = None) -> str:
        """The URL of an empty database, or of one like another."""
        url = f"sqlite:///{self.folder / f'{next(self._numbers)}.sqlite'}"
        if like is not None:
            self.rewind(url, like)
        return url

    def keep(self, url: str) -> None:
        """Nothing to do: the file it was copied from stays."""

    def rewind(self, url: str, like: str) -> None:
        """Make the database again like another."""
        files = (each.removeprefix("sqlite:///") for each in (like, url))
        with closing(sqlite3.connect(next(files))) as source, closing(sqlite3.connect(next(files))) as target:
            source.backup(target)


class PostgresStorage:
    """PostgreSQL: databases of one server."""

    def __init__(self, server: storages.PostgresServer) -> None:
        self.new, self.keep = server.new_database, server.keep
        self._server = server

    def rewind(self, url: str, _like: str) -> None:
        """Make the database again what it was when it was kept."""
        self._server.rewind(url)


class Shelf:
    """Prepared databases of one storage: `empty` is migrated, `scene` holds the cast and a running operation."""

    def __init__(self, storage: SqliteStorage | PostgresStorage) -> None:
        self._storage = storage
        self._free: dict[str, list[Store]] = defaultdict(list)
        self.empty = storage.new()
        with_tables = open_store(self.empty)
        upgrade(with_tables)
        with_tables.dispose()
        self.scene = storage.new(self.empty)
        played = open_store(self.scene)
        put_cast(played)
        self.running = running(played)
        played.dispose()

    @contextmanager
    def take(self, like: str) -> Iterator[Store]:
        """A store like one of the prepared ones, for one test; it is rewound for the next."""
        if not self._free[like]:
            url = self._storage.new(like)
            self._storage.keep(url)
            self._free[like].append(open_store(url))
        taken = self._free[like].pop()
        yield taken
        self._storage.rewind(taken.url.render_as_string(hide_password=False), like)
        self._free[like].append(taken)

    def close(self) -> None:
        """Close all stores."""
        for stores in self._free.values():
            for each in stores:
                each.dispose()


@pytest.fixture(scope="session")
def _sqlite_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with closing(Shelf(SqliteStorage(tmp_path_factory.mktemp("sqlite")))) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def _postgres_shelf(postgres: storages.PostgresServer) -> Iterator[Shelf]:
    with closing(Shelf(PostgresStorage(postgres))) as prepared:
        yield prepared


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """The prepared databases, once on each storage."""
    if request.param not in storages.wanted():
        pytest.skip(f"MUSTER_TEST_STORAGES leaves {request.param} out")
    prepared: Shelf = request.getfixturevalue(f"_{request.param}_shelf")
    return prepared


@pytest.fixture
def store(shelf: Shelf) -> Iterator[Store]:
    """A migrated store without anything in it."""
    with shelf.take(shelf.empty) as taken:
        yield taken


@pytest.fixture
def scene(shelf: Shelf) -> Iterator[Running]:
    """An active border operation of Niger and Mali with its cast, in a store of its own."""
    with shelf.take(shelf.scene) as taken:
        yield replace(shelf.running, store=taken, members={})


@pytest.fixture
def twin(shelf: Shelf) -> Iterator[Running]:
    """A second store with the very same operation in it."""
    with shelf.take(shelf.scene) as taken:
        yield replace(shelf.running, store=taken, members={})


@pytest.fixture
def cast(store: Store) -> Store:
    """A store with the cast's accounts and no operation."""
    put_cast(store)
    return store
