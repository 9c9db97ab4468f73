"""What runs beside the servers begins again after a pause, goes on where it was, and its end is seen."""

import os
import signal
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from dashboard.server import child_processes, timetable
from dashboard.server.child_processes import Kept, Pause, lasting
from operations.analyses import worker
from operations.core.clock import now
from operations.core.people import System
from operations.core.storage_errors import FaultReason, Unavailable
from operations.core.store import Store
from operations.policing import analyses
from operations.policing.analyses import Analysis
from operations.timetable import heartbeats
from operations.timetable.heartbeats import Sign, Watched
from tests.makers import Running, ask
from tests.stays import leave, stay

PATIENCE = 60.0


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_processes, "FIRST_PAUSE", 0.01)


def signs_in(store: Store) -> dict[str, Sign]:
    with store.reading(System()) as session:
        return {each.name: each for each in session.exec(select(Sign))}


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize("failure", [Unavailable(FaultReason.LOCKED), ValueError("a fault of ours")])
def test_work_that_fails_begins_again_and_ends_when_it_is_done(store: Store, failure: Exception) -> None:
    steps, tries = list(range(5)), list[int]()

    def work() -> None:
        while steps:
            tries.append(steps[0])
            if len(tries) in (2, 3):
                raise failure
            steps.pop(0)

    lasting(work, threading.Event(), store, Watched.STORIES)
    assert tries == [0, 1, 1, 1, 2, 3, 4]
    assert signs_in(store) == {}  # it came to its end: nobody waits for another sign


@pytest.mark.usefixtures("paused")
def test_work_that_fails_for_ever_is_told_and_ends_when_it_is_to_stop(store: Store) -> None:
    stop, tries = threading.Event(), list[float]()

    def work() -> None:
        tries.append(time.monotonic())
        if len(tries) == 5:
            stop.set()
        raise Unavailable(FaultReason.LOCKED)

    lasting(work, stop, store, Watched.PROGRAMME)
    assert signs_in(store)["programme"].failures == 5
    assert tries[4] - tries[3] > 0.05  # four times doubled


@pytest.mark.requirement("R67")
def test_work_leaves_signs_of_life_and_is_silent_once_it_ended_without_a_word(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_processes, "LIVE", timedelta(seconds=0.05))
    stop, seen = threading.Event(), threading.Event()

    def work() -> None:
        ends = time.monotonic() + PATIENCE
        while "answers" not in signs_in(store) and time.monotonic() < ends:
            time.sleep(0.02)
        seen.set()
        stop.wait()

    thread = threading.Thread(target=lasting, args=(work, stop, store, Watched.ANSWERS), daemon=True)
    thread.start()
    assert seen.wait(PATIENCE)
    with store.reading(System()) as session:
        assert heartbeats.silent(session, now()) == []
        assert heartbeats.silent(session, now() + timedelta(minutes=5)) == [Watched.ANSWERS]
    stop.set()
    thread.join(PATIENCE)


def test_what_ends_again_and_again_begins_later_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr(child_processes.time, "monotonic", lambda: moment[0])
    pause = Pause()
    seconds = []
    for _time in range(8):
        pause.begin()
        moment[0] += 0.1
        seconds.append(pause.after_end())
    assert seconds == [1, 2, 4, 8, 16, 32, 60, 60]
    pause.begin()
    moment[0] += 61  # it went on for a while
    assert pause.after_end() == 1


@pytest.mark.usefixtures("paused")
def test_a_process_that_was_killed_is_started_again_and_all_end_when_told(tmp_path: Path) -> None:
    kept = Kept(stay, str(tmp_path), number=2)

    def running(number: int) -> set[int]:
        ends = time.monotonic() + PATIENCE
        while len(list(tmp_path.iterdir())) < number and time.monotonic() < ends:
            kept.look()
            time.sleep(0.05)
        return {int(each.name) for each in tmp_path.iterdir()}

    first = running(2)
    assert len(first) == 2
    os.kill(min(first), signal.SIGKILL)
    assert len(running(3)) == 3
    kept.stop()
    kept.look()
    for process in running(3):
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


@pytest.mark.usefixtures("paused")
def test_a_process_whose_task_ended_well_is_not_started_again(tmp_path: Path) -> None:
    kept, other = Kept(leave, str(tmp_path), ends=True), Kept(leave, str(tmp_path / "other"), ends=False)
    (tmp_path / "other").mkdir()
    ends = time.monotonic() + PATIENCE
    while len(list((tmp_path / "other").iterdir())) < 3 and time.monotonic() < ends:
        kept.look()
        other.look()
        time.sleep(0.02)
    kept.stop()
    other.stop()
    assert len([each for each in tmp_path.iterdir() if each.is_file()]) == 1
    assert len(list((tmp_path / "other").iterdir())) >= 3


def test_solvers_are_imported_when_something_waits_and_not_before(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timetable, "ASKED", 0.01)
    began, stop = threading.Event(), threading.Event()
    monkeypatch.setattr(worker, "work", lambda _store, _stop: began.set())
    thread = threading.Thread(target=timetable.answer_when_asked, args=(scene.store, stop), daemon=True)
    thread.start()
    assert not began.wait(0.3)
    ask(scene)
    assert began.wait(PATIENCE)
    thread.join(PATIENCE)

    began.clear()
    with scene.store.unit_of_work(scene["dov"]) as session:
        for asked in session.exec(select(Analysis)).all():
            analyses.cancel(session, asked.id, scene["dov"])
    stop.set()
    timetable.answer_when_asked(scene.store, stop)  # it ends when it is told to, and nothing waits
    assert not began.is_set()
