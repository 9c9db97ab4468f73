"""kill -9 of each process under load: what was acknowledged is there, nothing is half-written, the chain holds.

`make prove FAULTS=200` kills each so often. What a worker had begun is begun again by another once its lease is over.
"""

import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from operations.analyses import job_steps
from operations.analyses.questions.hotspots import HotspotQuestion
from operations.core import backups, jobs
from operations.core.clock import now
from operations.core.ids import new_id
from operations.core.journal import Entry
from operations.core.people import System
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses
from operations.policing.analyses import Analysis, AnalysisResult
from tests import fork_server, storages
from tests.makers import Running, analysis_draft
from tests.operations.analyses.test_worker import imported, scattered
from tests.prove.fault_library import PRODUCT_FORKED
from tests.prove.load import PATIENCE as LONG_PATIENCE
from tests.prove.load import RECOVERY, Load, endure, faults
from tests.servers import Serving, free_port, make_scene, run_beside, serve

KILLS = 20
TIMETABLE_KILLS = 4
"""Few of themselves: each takes as long as the lease of a leader."""
PATIENCE = 30


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


class Questions(Load):
    """Load of a few reports, and of questions that workers answer: a few always wait."""

    WAITING = 4

    def __init__(self, server: Serving, scene: Running) -> None:
        super().__init__(server, scene, writers=1)
        self.layer = imported(scene, scattered()).id
        self.asked: list[UUID] = []
        self.orphans: list[tuple[UUID, int, datetime]] = []
        """What a worker had in hand when it was killed: the question, the attempt, and when."""
        self._work.append(self._ask_on)

    def _states(self) -> Counter[str]:
        with self.scene.store.reading(System()) as session:
            return Counter(session.exec(select(Analysis.state)).all())

    def _ask_on(self) -> None:
        while not self.stop.is_set():
            states = self._states()
            if states[JobState.QUEUED] < self.WAITING and states.total() - self._over(states) < analyses.WAITING_LIMIT:
                draft = analysis_draft(id=new_id(), kind=AnalysisKind.HOTSPOTS, layer_versions=[self.layer])
                with self.scene.store.unit_of_work(self.scene["dov"]) as session:
                    analyses.ask(session, self.scene.operation, draft, HotspotQuestion(), self.scene["dov"])
                self.asked.append(draft.id)
            else:
                time.sleep(0.05)

    @staticmethod
    def _over(states: Counter[str]) -> int:
        return sum(states[each] for each in jobs.ENDED)

    def orphaned(self, pid: int) -> None:
        """Note what the worker that was killed had in hand."""
        mine = (Analysis.worker == f"{socket.gethostname()}-{pid}", Analysis.state == JobState.RUNNING)
        with self.scene.store.reading(System()) as session:
            held = session.exec(select(Analysis.id, Analysis.attempt).where(*mine)).all()
        self.orphans += [(each, attempt, now()) for each, attempt in held]

    def more(self) -> float:
        """Wait until something more is answered; return the seconds."""
        before, since = self._over(self._states()), time.monotonic()
        while self._over(self._states()) == before:
            assert time.monotonic() - since < LONG_PATIENCE, "nobody answers"
            time.sleep(0.02)
        return time.monotonic() - since

    def judge_answers(self) -> None:
        """Each is answered once, and alike; who asked what killed every worker that began it is told so."""
        end = time.monotonic() + jobs.LEASE.total_seconds() * jobs.ATTEMPTS + PATIENCE
        while self._states().total() > self._over(self._states()) and time.monotonic() < end:
            time.sleep(0.5)
        with self.scene.store.reading(System()) as session:
            ended = {each.id: each for each in session.exec(select(Analysis)).all()}
            results = session.exec(select(AnalysisResult.analysis_id, AnalysisResult.sha256)).all()
            told = session.exec(select(Entry.object_id).where(Entry.act.in_(("analysis.finish", "analysis.fail"))))
            assert Counter(told.all()) == Counter(self.asked)
        done = {each for each, analysis in ended.items() if analysis.state == JobState.DONE}
        assert ended.keys() == set(self.asked)
        assert sorted(map(str, done)) == sorted(str(each) for each, _hash in results)
        assert len({made for _analysis, made in results}) == 1
        for lost in ended.keys() - done:
            assert ended[lost].attempt == jobs.ATTEMPTS
            assert ended[lost].failure["template"] == job_steps.LAPSED.template
        waited = sorted(
            (ended[each].started_at - killed).total_seconds()  # type: ignore[operator]
            for each, attempt, killed in self.orphans
            if ended[each].attempt == attempt + 1
        )
        again = sum(each.attempt > 1 for each in ended.values())
        print(  # noqa: T201 - what was proved
            f"{len(ended)} questions, {again} of them begun again, {len(ended) - len(done)} given up; begun "
            f"again after {max(waited):.1f} s at most, {waited[len(waited) // 2]:.1f} s in the middle"
        )
        assert max(waited) <= RECOVERY


def _started(log: Path, words: str, many: int) -> None:
    """Wait until so many processes have said that they begin: who takes over has to be there."""
    end = time.monotonic() + LONG_PATIENCE
    while log.read_text().count(words) < many:
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.requirement("R41", "R57", "R65")
@pytest.mark.both_storages
@pytest.mark.timeout(3600)
def test_every_question_is_answered_once_when_workers_are_killed(database_url: str, tmp_path: Path) -> None:
    scene, log = make_scene(database_url), tmp_path / "workers.log"
    if fork_server.AVAILABLE:
        fork_server.fork_server().load("operations.analyses.worker")
    server, turns = serve(database_url, tmp_path, PRODUCT_FORKED), count()
    workers = [run_beside(database_url, log, "work") for _number in range(2)]
    load = Questions(server, scene)

    def kill() -> None:
        number = next(turns)
        _started(log, "Answering as", 2 + number)
        doomed = workers[number % 2]
        doomed.kill()
        doomed.wait(PATIENCE)
        load.orphaned(doomed.pid)

    def again() -> None:
        workers[:] = [each if each.poll() is None else run_beside(database_url, log, "work") for each in workers]

    try:
        endure(load, kill, again, faults(KILLS))
        load.judge_answers()
    finally:
        for each in workers:
            each.terminate()
            each.wait(PATIENCE)
        server.stop()
        scene.store.dispose()


@pytest.mark.slow
@pytest.mark.requirement("R57", "R65")
@pytest.mark.both_storages
@pytest.mark.timeout(5400)
def test_another_timetable_leads_soon_when_the_leader_is_killed(database_url: str, tmp_path: Path) -> None:
    """Of two as the services start them, which also copy the database, under load."""
    scene, log = make_scene(database_url), tmp_path / "timetables.log"
    server = serve(database_url, tmp_path, PRODUCT_FORKED)
    load = Load(server, scene, writers=2)

    def start() -> "subprocess.Popen[bytes] | fork_server.ForkedProcess":
        return run_beside(database_url, log, "timetable", "--workers", "0")

    def leader() -> tuple[str, int]:
        with scene.store.engine.connect() as connection:
            found = connection.execute(sa.text("SELECT holder, fence FROM timetable_lease")).first()
        return (str(found.holder), int(found.fence)) if found else ("", 0)

    running = [start(), start()]
    taken: list[float] = []
    try:
        while not leader()[0]:
            time.sleep(0.05)

        def kill() -> None:
            _started(log, "No mail is sent", 2 + len(taken))
            holder, fence = leader()
            [doomed] = [each for each in running if holder.endswith(f"-{each.pid}")]
            doomed.kill()
            doomed.wait(PATIENCE)
            since = time.monotonic()
            while leader()[1] == fence:
                assert time.monotonic() - since < PATIENCE, log.read_text()[-3000:]
                time.sleep(0.05)
            taken.append(time.monotonic() - since)
            running.remove(doomed)
            running.append(start())

        endure(load, kill, lambda: None, faults(TIMETABLE_KILLS))
    finally:
        for each in running:
            each.kill()
            each.wait(PATIENCE)
        server.stop()
        scene.store.dispose()
    print(  # noqa: T201 - what was proved
        f"another timetable led after {max(taken):.1f} s at most, {sorted(taken)[len(taken) // 2]:.1f} s in the middle"
    )
    assert max(taken) <= RECOVERY
    with_copies = [*tmp_path.glob("backups/muster-*Z.*")]
    for each in with_copies:
        if each.suffix == ".sqlite":
            backups.check(each)
    assert with_copies


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
