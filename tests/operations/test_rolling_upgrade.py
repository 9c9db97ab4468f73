"""A rolling upgrade: the server of the released schema and that of the next stand side by side, and no request is lost.

What the migrations promise is put to the test: they only add, so the older version goes on reading and writing while
the schema is a newer one. The next version is the code of today with a migration more, which adds a table and columns,
and on SQLite makes tables anew; its code does not use what it adds.
"""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlmodel import col, select

from dashboard import __main__ as muster
from operations.core import schema
from operations.core.people import System
from operations.core.store import Store, open_store
from operations.ddl import complete
from operations.ddl.difference import difference
from operations.policing.reports.versions import Report
from tests import servers
from tests.interface import token
from tests.makers import Running, form
from tests.operations.test_migrations import A_POLICY, CHANGES
from tests.prepared_databases import Shelf
from tests.servers import ROOT


class Senders:
    """Programs that send a report after another, in turn to each address that the proxy knows at that moment."""

    def __init__(self, scene: Running, *addresses: str) -> None:
        self.scene, self.addresses = scene, list(addresses)
        self.taken: list[str] = []
        self.lost: list[str] = []
        self._over, self._made = threading.Event(), 0
        self._lock = threading.Lock()
        self.in_flight: dict[str, int] = {}

    @contextmanager
    def sending(self, keys: list[str]) -> Iterator[None]:
        threads = [threading.Thread(target=self._send, args=(key,)) for key in keys]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join(60)

    def _send(self, key: str) -> None:
        with httpx.Client(headers={"authorization": f"Bearer {key}"}, timeout=60) as program:
            while not self._over.is_set():
                with self._lock:
                    self._made += 1
                    address = self.addresses[self._made % len(self.addresses)]
                    self.in_flight[address] = self.in_flight.get(address, 0) + 1
                    begins = self.scene.start + timedelta(minutes=self._made)
                ends = begins + timedelta(minutes=1)
                said = form(self.scene, period_from=begins.isoformat(), period_to=ends.isoformat())
                try:
                    answer = program.post(f"{address}/api/v1/reports", json=said)
                    if answer.status_code == 201:
                        self.taken.append(said["id"])
                    else:
                        self.lost.append(f"{answer.status_code} {answer.text[:300]}")
                except httpx.HTTPError as broken:
                    self.lost.append(repr(broken))
                finally:
                    with self._lock:
                        self.in_flight[address] -= 1
                time.sleep(0.25)  # both together stay below the rate of one person, on a quick machine too

    def wait_for(self, more: int) -> None:
        """Wait until so many more reports were taken."""
        until, end = len(self.taken) + more, time.monotonic() + 120
        while len(self.taken) < until and time.monotonic() < end and not self.lost:
            time.sleep(0.05)
        assert self.lost == []

    def leave(self, address: str) -> None:
        """Send no more to an address, as a proxy drains a server before it is stopped."""
        self.addresses.remove(address)
        while self.in_flight[address]:
            time.sleep(0.05)


@pytest.fixture
def scene(shelf: Shelf) -> Iterator[Running]:
    """The running operation in a database of its own: no other test gets one of a later version."""
    store = shelf.new(shelf.scene)
    yield replace(shelf.running, store=store, members={})
    store.dispose()


@pytest.fixture
def later(scene: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations of the next version, which tests.later_version knows."""
    storage = scene.store.engine.dialect.name
    before = after = complete.statements(storage)
    for named, change in CHANGES.items():
        if named != A_POLICY:  # it hides reports from who coordinates
            after = change(after)
    changed = Path(shutil.copytree(schema.FOLDER, tmp_path / "migrations"))
    text = "".join(f"{statement}{schema.END}" for statement in difference(storage, before, after))
    (changed / f"9001.{storage}.sql").write_text(text)
    monkeypatch.setenv("MUSTER_TEST_MIGRATIONS", str(changed))


def upgraded(url: str, folder: Path) -> None:
    environment = {**os.environ, "MUSTER_DATABASE_URL": url, "MUSTER_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.later_version", "upgrade"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    assert "The database is at schema 9001." in done.stdout


@pytest.mark.parametrize("answered", [5, pytest.param(30, marks=pytest.mark.rest)])
def test_two_versions_stand_side_by_side_without_a_lost_request(
    scene: Running, later: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    """`answered`: so many reports while the older server stands alone on the newer schema, and while both stand."""
    url = scene.store.url.render_as_string(hide_password=False)
    keys = [token(scene, "bruno").key for _program in range(2)]
    older = servers.serve(url, tmp_path, servers.CHEAP_HASHES)
    standing, senders = [older], Senders(scene, older.address)
    try:
        with senders.sending(keys):
            senders.wait_for(5)
            upgraded(url, tmp_path)
            senders.wait_for(answered)
            newer = servers.serve(url, tmp_path, "tests.later_version:application")
            standing.append(newer)
            senders.addresses.append(newer.address)
            senders.wait_for(answered)
            senders.leave(older.address)
            standing.remove(older)
            older.stop()
            senders.wait_for(5)
    finally:
        for server in standing:
            server.stop()
    assert senders.lost == []
    again = open_store(url)
    with again.reading(System()) as session:
        kept = session.exec(select(Report.id).where(col(Report.id).in_(map(UUID, senders.taken)))).all()
    assert sorted(map(str, kept)) == sorted(senders.taken), "each is there once"
    _whole(again, monkeypatch)
    again.dispose()


def _whole(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(muster, "_store", lambda: store)
    muster.verify(head="")
