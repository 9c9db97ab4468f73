"""kill -9 in the middle of submissions: what was acknowledged is there, nothing is half-written, the chain holds.

`make prove FAULTS=200` kills each so often.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import storages
from tests.prove.fault_library import PRODUCT_FORKED
from tests.prove.load import Load, endure, faults
from tests.servers import free_port, make_scene, serve

KILLS = 20


@pytest.mark.slow
@pytest.mark.requirement("R41", "R57")
@pytest.mark.both_storages
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(database_url: str, tmp_path: Path) -> None:
    scene, port = make_scene(database_url), free_port()
    load = Load(serve(database_url, tmp_path, PRODUCT_FORKED, port), scene)

    def again() -> None:
        load.server = serve(database_url, tmp_path, PRODUCT_FORKED, port)

    try:
        endure(load, lambda: load.server.kill(), again, faults(KILLS))
    finally:
        load.server.stop()
        scene.store.dispose()


@pytest.fixture
def own_postgres() -> Iterator[storages.PostgresServer]:
    """A server that nobody else uses."""
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    with storages.postgres_server() as postgres:
        yield postgres


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_when_postgresql_is_killed(
    own_postgres: storages.PostgresServer, tmp_path: Path
) -> None:
    """All its processes at once: none has time to write anything more."""
    url = own_postgres.new_database()
    scene = make_scene(url)
    server = serve(url, tmp_path, PRODUCT_FORKED)
    try:
        endure(Load(server, scene), own_postgres.kill, own_postgres.start, faults(KILLS))
    finally:
        server.stop()
        scene.store.dispose()
