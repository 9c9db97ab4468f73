"""The disk is full, the database locked or PostgreSQL stopped while many send: acknowledged is stored, none is lost."""

import contextlib
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import storages
from tests.prove.load import Load, endure, faults
from tests.servers import make_scene, serve

FAULTS = 7
LASTS = (0.5, 1.5, 7.0, 30.0)  # seconds: also longer than a request is held


@pytest.fixture
def on_a_file(tmp_path: Path) -> Iterator[Load]:
    """Load on a server with an SQLite file."""
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    server = serve(url, tmp_path)
    yield Load(server, scene)
    server.stop()
    scene.store.dispose()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_database_that_is_locked_again_and_again(on_a_file: Load) -> None:
    path = str(on_a_file.scene.store.url.database)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)) as other:
        lock, unlock = (lambda: other.execute("BEGIN IMMEDIATE")), (lambda: other.execute("ROLLBACK"))
        endure(on_a_file, lock, unlock, faults(FAULTS), LASTS)
    assert on_a_file.answers["send 503"] > 0
    assert [answer for answer in on_a_file.answers if answer.startswith("read")] == ["read 200"]


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_disk_that_is_full_again_and_again(on_a_file: Load) -> None:
    process, unlimited = on_a_file.server.process.pid, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def full() -> None:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    endure(on_a_file, full, lambda: resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited), faults(FAULTS), LASTS)
    assert on_a_file.answers["send 503"] > 0
    assert [answer for answer in on_a_file.answers if answer.startswith("read")] == ["read 200"]


@pytest.fixture
def on_postgres(tmp_path: Path) -> Iterator[tuple[Load, storages.PostgresServer]]:
    """Load on a server with a PostgreSQL that nobody else uses."""
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    with storages.postgres_server() as postgres:
        url = postgres.new_database()
        scene = make_scene(url)
        server = serve(url, tmp_path)
        yield Load(server, scene), postgres
        server.stop()
        scene.store.dispose()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_a_postgresql_that_is_stopped_again_and_again(on_postgres: tuple[Load, storages.PostgresServer]) -> None:
    load, postgres = on_postgres
    endure(load, postgres.stop, postgres.start, faults(FAULTS), LASTS)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(3600)
def test_a_postgresql_whose_disk_is_full_again_and_again(on_postgres: tuple[Load, storages.PostgresServer]) -> None:
    """None of its processes may write beyond the first byte of a file: the server gives up, and recovers."""
    load, postgres = on_postgres

    def limit(to: str) -> None:
        """Only who a process runs as, or a root that may, sets its limits."""
        owner = storages.server_user()
        for process in (postgres.process.pid, *postgres.children()):  # some end meanwhile
            command = ["prlimit", f"--pid={process}", f"--fsize={to}:unlimited"]
            uid, gid = (owner.pw_uid, owner.pw_gid) if owner else (None, None)
            subprocess.run(command, user=uid, group=gid, extra_groups=[] if owner else None, stderr=subprocess.DEVNULL)

    def room() -> None:
        limit("unlimited")
        if postgres.process.poll() is not None:  # it ends where it cannot even recover: its keeper starts it again
            postgres.start()

    endure(load, lambda: limit("1"), room, faults(FAULTS), LASTS)
    assert load.answers["send 503"] > 0
