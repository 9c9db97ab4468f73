"""The disk is full, the database locked or PostgreSQL stopped while many send: acknowledged is stored, none is lost.

Every writer repeats what was not acknowledged with the same ids, as the entry form does, until it is: so at the end all
that was ever sent is stored, once.
"""

import contextlib
import random
import resource
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from sqlmodel import select

from operations.core import journal
from operations.core.people import System
from operations.policing.reports import verification
from operations.policing.reports.reports import Line, Report
from tests import storages
from tests.makers import Running
from tests.prove.test_kill import submission, submission_call
from tests.servers import PASSWORD, Serving, make_scene, serve

WRITERS = 6
FAULTS = 6
LASTS = (0.5, 1.5, 7.0)  # seconds: also longer than a request is held
PATIENCE = 120


class Load:
    """Writers who send one report after another, and what they were told."""

    def __init__(self, server: Serving, scene: Running) -> None:
        self.server, self.scene = server, scene
        self.stop = threading.Event()
        self.sent: set[str] = set()
        self.acknowledged: set[str] = set()
        self.answers: Counter[str] = Counter()
        client = httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=60)
        answer = client.post("/sign-in", data={"username": "bruno", "password": PASSWORD, "next": "/"})
        assert answer.status_code == 303, answer.text[:300]
        self.client = client
        self.writers = [threading.Thread(target=self._write) for _writer in range(WRITERS)]
        self.writers.append(threading.Thread(target=self._read))

    def _write(self) -> None:
        while not self.stop.is_set():
            content = submission(self.scene)
            self.sent.add(content["id"])
            end = time.monotonic() + PATIENCE
            while not self._send(content) and time.monotonic() < end:
                time.sleep(0.2)

    def _send(self, content: dict[str, Any]) -> bool:
        answer = self.client.post("/_dash-update-component", json=submission_call(content))
        self.answers[f"send {answer.status_code}"] += 1
        if answer.status_code != 200:
            assert answer.status_code in (429, 503)  # six writers of one account also ask too often for one person
            assert answer.status_code == 429 or answer.headers["retry-after"] == "5"
            return False
        data = answer.json()["response"]["reports-answer"]["data"]
        assert data["id"] == content["id"]
        if data.get("sent") != content["id"]:
            return False
        self.acknowledged.add(content["id"])
        return True

    def _read(self) -> None:
        while not self.stop.is_set():
            self.answers[f"read {self.client.get('/_dash-layout').status_code}"] += 1
            time.sleep(0.1)

    @contextlib.contextmanager
    def going(self) -> Iterator[None]:
        for writer in self.writers:
            writer.start()
        try:
            yield
        finally:
            self.stop.set()
            for writer in self.writers:
                writer.join(PATIENCE * 2)
            self.client.close()

    def more(self) -> None:
        """Wait until something more is acknowledged."""
        before, end = len(self.acknowledged), time.monotonic() + PATIENCE
        while len(self.acknowledged) == before:
            assert time.monotonic() < end, self.server.log.read_text()[-3000:]
            time.sleep(0.01)


def endure(load: Load, begin: Callable[[], None], end: Callable[[], None]) -> None:
    """Several faults under load, and the judgement."""
    chance = random.Random(11)
    with load.going():
        for number in range(FAULTS):
            load.more()
            time.sleep(chance.uniform(0, 0.3))
            begin()
            time.sleep(LASTS[number % len(LASTS)])
            end()
        load.more()
    with load.scene.store.reading(System()) as session:
        stored = [str(each) for each in session.exec(select(Report.id)).all()]
        with_lines = {str(each) for each in session.exec(select(Line.version_id)).all()}
        assert load.acknowledged <= set(stored), "an acknowledged report is gone"
        assert sorted(stored) == sorted(load.sent), "one is lost, or one is there twice"
        assert set(stored) == with_lines, "a report is half-written"
        assert verification.differences(session, load.scene.operation) == []
        assert journal.verify(session).broken_at is None
    assert load.acknowledged == load.sent
    assert not [answer for answer in load.answers if answer.endswith("500")], load.answers


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
def test_a_database_that_is_locked_again_and_again(on_a_file: Load) -> None:
    path = str(on_a_file.scene.store.url.database)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=60, check_same_thread=False)) as other:
        endure(on_a_file, lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK"))
    assert on_a_file.answers["send 503"] > 0
    assert [answer for answer in on_a_file.answers if answer.startswith("read")] == ["read 200"]


@pytest.mark.slow
def test_a_disk_that_is_full_again_and_again(on_a_file: Load) -> None:
    process, unlimited = on_a_file.server.process.pid, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)

    def full() -> None:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))

    endure(on_a_file, full, lambda: resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited))
    assert on_a_file.answers["send 503"] > 0
    assert [answer for answer in on_a_file.answers if answer.startswith("read")] == ["read 200"]


@pytest.mark.slow
@pytest.mark.postgres
def test_a_postgresql_that_is_stopped_again_and_again(tmp_path: Path) -> None:
    if "postgres" not in storages.wanted():
        pytest.skip("MUSTER_TEST_STORAGES leaves PostgreSQL out")
    with storages.postgres_server() as postgres:
        url = postgres.new_database()
        scene = make_scene(url)
        server = serve(url, tmp_path)
        load = Load(server, scene)
        try:
            endure(load, postgres.stop, postgres.start)
        finally:
            server.stop()
            scene.store.dispose()
