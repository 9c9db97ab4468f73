"""What every test may ask for: databases on each storage, empty or prepared, and passwords that cost nothing."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from operations.core.store import Store
from tests import cheap_hashing, storages
from tests.makers import Running
from tests.prepared_databases import PostgresStorage, Shelf, SqliteStorage

# Examples are judged by what they find, not by how busy the machine is.
settings.register_profile("muster", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("muster")

LONGEST = ("test_open_screens", "test_non_interference", "test_whole_", "test_journey", "test_everywhere")
"""How the names of the files begin that take minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin first, so that nobody waits for one of them at the end."""
    items.sort(key=lambda each: not each.path.name.startswith(LONGEST))


def pytest_collection_finish() -> None:
    """What is loaded by now stays, and the collector need not go through it again and again: an eighth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_STORAGES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what stands on a storage once on each, or on SQLite alone where `one_storage` says why that is enough."""
    one = metafunc.definition.get_closest_marker("one_storage")
    if one is not None and not (len(one.args) == 1 and isinstance(one.args[0], str)):
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: one_storage says in a line why one is enough.")
    chosen = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    for name in {"shelf", "database_url"} & set(metafunc.fixturenames) - chosen:
        metafunc.parametrize(name, _STORAGES[:1] if one else _STORAGES, indirect=True)


def _wanted(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name not in storages.wanted():
        pytest.skip(f"MUSTER_TEST_STORAGES leaves {name} out")
    return name


@pytest.fixture(scope="session")
def of_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run know, and no other run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Passwords cost next to nothing, but in tests about what they cost: those ask for `real_hashes`."""
    cheap_hashing.turn_on()
    yield
    cheap_hashing.turn_off()


@pytest.fixture
def real_hashes() -> Iterator[None]:
    """Passwords cost what they cost in Muster."""
    cheap_hashing.turn_off()
    yield
    cheap_hashing.turn_on()


@pytest.fixture(scope="session")
def postgres() -> Iterator[storages.PostgresServer]:
    """A private PostgreSQL server for the whole run.

    Fails, rather than skips, where no server is installed: green on one storage says nothing of the other.
    """
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    try:
        with storages.postgres_server() as server:
            yield server
    except storages.ServerMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def postgres_url(postgres: storages.PostgresServer) -> Callable[[], str]:
    """A function that makes an empty PostgreSQL database at each call and returns its SQLAlchemy URL."""
    return postgres.new_database


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of this test's own without even tables, once on each storage."""
    if _wanted(request) == "postgres":
        return request.getfixturevalue("postgres_url")()
    return f"sqlite:///{tmp_path / 'muster.sqlite'}"


@pytest.fixture(scope="session")
def _sqlite_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with closing(Shelf(SqliteStorage(tmp_path_factory.mktemp("sqlite")))) as prepared:
        yield prepared


@pytest.fixture(scope="session")
def _postgres_shelf(postgres: storages.PostgresServer) -> Iterator[Shelf]:
    with closing(Shelf(PostgresStorage(postgres))) as prepared:
        yield prepared


@pytest.fixture
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """The prepared databases, once on each storage."""
    prepared: Shelf = request.getfixturevalue(f"_{_wanted(request)}_shelf")
    return prepared


@pytest.fixture
def store(shelf: Shelf) -> Iterator[Store]:
    """A store with all tables and nothing in them."""
    with shelf.take(shelf.empty) as taken:
        yield taken


@pytest.fixture
def scene(shelf: Shelf) -> Iterator[Running]:
    """An active border operation of Niger and Mali with its cast, in a store of its own."""
    with shelf.take(shelf.scene) as taken:
        yield replace(shelf.running, store=taken, members={})
