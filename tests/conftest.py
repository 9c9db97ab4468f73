"""What every test may ask for: an empty database on each storage."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import storages


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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of this test's own, once on each storage."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")()
    if "sqlite" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves SQLite out")
    return f"sqlite:///{tmp_path / 'muster.sqlite'}"
