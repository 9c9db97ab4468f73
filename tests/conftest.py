"""What every test may ask for: databases on each storage, empty or prepared, and passwords that cost nothing."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from operations.core import installation_key
from operations.core.change_tracking import RecentWrites
from operations.core.store import Store
from operations.core.write_lock import LONG
from tests import (
    budgets,
    cheap_hashing,
    connection_cleanup,
    declared_writes,
    fork_server,
    shared_compilation,
    short_round,
    storages,
)
from tests.makers import Running
from tests.prepared_databases import PostgresStorage, Shelf, SqliteStorage

# Examples are judged by what they find, not by how busy the machine is.
settings.register_profile("muster", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("muster")

MEMORY, ROOM = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - a folder in memory, where there is one with room


def pytest_configure(config: pytest.Config) -> None:
    """Measure what the tests cost. Unless TMPDIR says where they write, it is in memory, where no commit waits.

    What tests and their processes seal, they seal under one key.
    """
    gc.disable()  # until all is loaded: nearly nothing of it is garbage
    os.environ["MUSTER_KEY"] = storages.KEY
    installation_key.use(storages.KEY.encode)
    shared_compilation.turn_on()
    connection_cleanup.turn_on()
    RecentWrites.unit = declared_writes.checked(RecentWrites.unit)  # type: ignore[method-assign]
    written = budgets.TABLE if config.getoption("raise_budgets") else None
    config.pluginmanager.register(budgets.Accounts(budgets.read(), written))
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rest`: what `make test` leaves out. `--raise-budgets`: on a quiet machine, what files are found to cost."""
    parser.addoption("--raise-budgets", action="store_true", help="write what was spent into tests/budgets.toml")
    parser.addoption("--rest", action="store_true", help="run only what `make test` leaves to `make test-all`")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is not in the short round, which is left to `make test-all`.

    With `--rest` nothing else is run. What costs most begins first, so that nobody waits for it at the end.
    """
    config.stash[short_round.marked] = short_round.mark(items)
    if config.getoption("rest"):
        left = [item for item in items if not item.get_closest_marker("rest")]
        items[:] = [item for item in items if item.get_closest_marker("rest")]
        config.hook.pytest_deselected(items=left)
    table = budgets.read()
    items.sort(key=lambda item: -budgets.of(item.nodeid, table))


def pytest_collection_finish() -> None:
    """What is loaded by now stays, and the collector need not go through it again and again: an eighth of the time.

    Nor through all that tests have made since, which is little: full collections took one part in thirty.
    """
    gc.enable()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Collect what is left at the end once: pytest would do so five times."""
    gc.collect()
    gc.freeze()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what stands on a storage on SQLite, and where it is marked `both_storages` on PostgreSQL too.

    What is not marked runs on PostgreSQL with `--rest`, and where MUSTER_TEST_STORAGES names the storages.
    """
    postgres = [pytest.mark.postgres]
    both = metafunc.definition.get_closest_marker("both_storages") is not None
    if not both:
        postgres.append(pytest.mark.rest)
    chosen = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    for name in {"shelf", "database_url"} & set(metafunc.fixturenames) - chosen:
        second = [pytest.param("postgres", marks=postgres)] if both or _second(metafunc.config) else []
        metafunc.parametrize(name, ["sqlite", *second], indirect=True)


def _second(config: pytest.Config) -> bool:
    """Whether everything runs on the second storage."""
    return config.getoption("rest") or storages.named()


def _wanted(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name not in storages.wanted():
        pytest.skip(f"MUSTER_TEST_STORAGES leaves {name} out")
    if name == "postgres":
        durable = request.node.get_closest_marker("durable") is not None
        request.getfixturevalue("postgres").make_haste(not durable)
    return name


@pytest.fixture(scope="session")
def of_run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run know, and no other run (also not one that a test of it starts)."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if hasattr(request.config, "workerinput") else own


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """The test's own folder. Connections to databases in it are closed when the test ends."""
    yield tmp_path
    connection_cleanup.close(tmp_path)


@pytest.fixture(autouse=True)
def installation() -> None:
    """The key of the run, also after a test that took another."""
    installation_key.use(storages.KEY.encode)


@pytest.fixture(autouse=True)
def long_turns(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Notes of each test which acts held their turn to write for long: the end of the run names them."""
    yield
    for each in (found for when in ("setup", "call") for found in caplog.get_records(when)):
        if each.name == "muster.store" and "turn to write was held" in each.msg:
            seconds, acts = each.args or (0.0, "")  # type: ignore[misc]
            request.node.user_properties.append(("turn", (seconds, acts)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The acts that held their turn to write for long, with the most seconds of work of each."""
    longest: dict[str, float] = {}
    for report in (each for reports in terminalreporter.stats.values() for each in reports):
        for name, found in getattr(report, "user_properties", ()):
            if name == "turn" and found[0] > LONG:
                longest[found[1]] = max(found[0], longest.get(found[1], 0.0))
    if longest:
        terminalreporter.section("turns to write that were held for long")
        for acts, seconds in sorted(longest.items(), key=lambda each: -each[1]):
            terminalreporter.write_line(f"{seconds:.2f} s: {acts}")


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Passwords cost next to nothing, but in tests about what they cost: those ask for `real_hashes`."""
    cheap_hashing.turn_on()
    yield
    cheap_hashing.turn_off()


@pytest.fixture(scope="session", autouse=True)
def _forks() -> Iterator[None]:
    """The processes from which others are forked go with the run."""
    yield
    fork_server.close()


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
    """The URL of a database of this test's own without even tables."""
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
    """The prepared databases of a storage."""
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
