"""The power fails under load: of the disk only what was synced is left, and nothing acknowledged is lost.

Simulated: every process is killed, and the folder becomes what was synced of it (see `faults.c`), whole files in the
order in which they were synced. Not simulated: torn sectors, disks that say they synced and did not.
`make prove FAULTS=200` cuts the power so often.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import storages
from tests.prove.fault_library import PRODUCT_FORKED, Disk, compiled
from tests.prove.load import Load, endure, faults
from tests.servers import PRODUCT, free_port, make_scene, serve

CUTS = 20


@pytest.mark.parametrize(("level", "left"), [("full", 2), ("off", 1)])
def test_what_was_not_synced_is_gone_after_a_cut(tmp_path: Path, level: str, left: int) -> None:
    """The simulation itself: it loses what a database does not sync, and nothing else."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "it", isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode=wal")
        made.execute("CREATE TABLE line (number INTEGER)")
        made.execute("INSERT INTO line VALUES (1)")
    disk = Disk(folder, compiled(tmp_path))
    writes = (
        "import os, sqlite3, sys; it = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "it.execute(f'PRAGMA synchronous={sys.argv[2]}'); it.execute('INSERT INTO line VALUES (2)'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", writes, folder / "it", level], env=disk.environment, check=True)
    disk.cut()
    with closing(sqlite3.connect(folder / "it")) as again:
        assert len(again.execute("SELECT number FROM line").fetchall()) == left


@pytest.mark.requirement("R57")
@pytest.mark.slow
@pytest.mark.timeout(5400)
def test_the_power_of_a_server_with_a_file_fails_again_and_again(tmp_path: Path) -> None:
    folder, port = tmp_path / "disk", free_port()
    folder.mkdir()
    url = f"sqlite:///{folder / 'muster.sqlite'}"
    scene = make_scene(url)
    scene.store.engine.dispose()
    disk = Disk(folder, compiled(tmp_path))
    load = Load(serve(url, tmp_path, PRODUCT, port, disk.environment), scene)

    def cut() -> None:
        load.server.kill()
        disk.cut()

    def again() -> None:
        load.server = serve(url, tmp_path, PRODUCT, port, disk.environment)

    try:
        endure(load, cut, again, faults(CUTS))
    finally:
        load.server.stop()
        scene.store.dispose()


@pytest.mark.requirement("R57")
@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(5400)
def test_the_power_of_a_postgresql_fails_again_and_again(tmp_path: Path) -> None:
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    with storages.postgres_server() as postgres:
        url = postgres.new_database()
        scene = make_scene(url)
        scene.store.engine.dispose()
        postgres.stop()
        disk = Disk(postgres.folder / "data", compiled(postgres.folder))
        postgres.environment = disk.environment
        postgres.start()
        server = serve(url, tmp_path, PRODUCT_FORKED)

        def cut() -> None:
            postgres.kill()
            disk.cut()

        try:
            endure(Load(server, scene), cut, postgres.start, faults(CUTS))
        finally:
            server.stop()
            scene.store.dispose()
