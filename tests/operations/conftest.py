"""A store for every test of operations, on each storage: migrated once, copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from operations.core.store import Store, open_store, upgrade
from tests import storages
from tests.makers import Running, put_cast, running

Copy = Callable[[str], str]


class Shelf:
    """Prepared databases of one storage: `empty` is migrated, `scene` holds the cast and a running operation."""

    def __init__(self, copy: Copy, drop: Callable[[str], None], blank: str) -> None:
        self._copy, self._drop = copy, drop
        self.empty = blank
        with_tables = open_store(blank)
        upgrade(with_tables)
        with_tables.dispose()
        self.scene = copy(self.empty)
        played = open_store(self.scene)
        put_cast(played)
        self.running = running(played)
        played.dispose()

    @contextmanager
    def take(self, like: str) -> Iterator[Store]:
        """A store of the test's own, like one of the prepared ones."""
        url = self._copy(like)
        taken = open_store(url)
        yield taken
        taken.dispose()
        self._drop(url)


@pytest.fixture(scope="session")
def _sqlite_shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder, numbers = tmp_path_factory.mktemp("sqlite"), count()

    def copy(url: str) -> str:
        path = folder / f"{next(numbers)}.sqlite"
        shutil.copyfile(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(url: str) -> None:
        Path(url.removeprefix("sqlite:///")).unlink()

    return Shelf(copy, drop, f"sqlite:///{folder / 'empty.sqlite'}")


@pytest.fixture(scope="session")
def _postgres_shelf(postgres: storages.PostgresServer) -> Shelf:
    return Shelf(postgres.new_database, postgres.drop, postgres.new_database())


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
