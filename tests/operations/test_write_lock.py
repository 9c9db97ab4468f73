"""Whose turn it is to write: people before work in the background, and nobody waits for ever."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlmodel import select

from operations.core import journal, write_lock
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.core.storage_errors import FaultReason, Unavailable
from operations.core.store import Store, open_store
from operations.core.write_lock import WriteLock
from tests.people import account, actor
from tests.servers import ROOT

PATIENCE = 60.0


def of_one_process(_folder: Path) -> Callable[[], WriteLock]:
    one = WriteLock()
    return lambda: one


def of_a_process_each(folder: Path) -> Callable[[], WriteLock]:
    """One who opens the file anew is to its lock what another process is."""
    return lambda: WriteLock(folder / "turn")


def of_one_process_with_file(folder: Path) -> Callable[[], WriteLock]:
    one = WriteLock(folder / "turn")
    return lambda: one


on_sqlite = pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # where one file has one turn to write
each_kind = pytest.mark.parametrize("kind", [of_one_process, of_one_process_with_file, of_a_process_each])


class Row:
    """Writers who wait, in the order in which they had their turn."""

    def __init__(self, made: Callable[[], WriteLock]) -> None:
        self._made, self._threads = made, list[threading.Thread]()
        self.order: list[str] = []

    def joins(self, name: str, *, behind: bool = False, works: float = 0.0) -> None:
        """A writer comes, and waits by now."""
        mine, asks = self._made(), threading.Event()

        def write() -> None:
            asks.set()
            assert mine.take(PATIENCE, behind=behind)
            self.order.append(name)
            time.sleep(works)
            mine.give()

        thread = threading.Thread(target=write)
        self._threads.append(thread)
        thread.start()
        asks.wait()
        time.sleep(0.1)

    def ends(self) -> list[str]:
        for thread in self._threads:
            thread.join(PATIENCE)
        return self.order


@contextmanager
def held(turn: WriteLock) -> Iterator[None]:
    assert turn.take(1.0)
    yield
    turn.give()


@each_kind
def test_people_go_before_background_work_that_came_first(tmp_path: Path, kind) -> None:
    made = kind(tmp_path)
    row = Row(made)
    with held(made()):
        row.joins("story", behind=True)
        row.joins("check", behind=True)
        row.joins("sign-in")
        row.joins("form")
    assert row.ends()[:2] == ["sign-in", "form"]
    assert sorted(row.order[2:]) == ["check", "story"]


@each_kind
def test_background_work_stands_in_the_row_once_it_has_given_way_long_enough(
    tmp_path: Path, kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_lock, "YIELD", 0.5)
    made = kind(tmp_path)
    row = Row(made)
    with held(made()):
        row.joins("story", behind=True)
        for number in range(3):
            row.joins(f"early {number}", works=0.2)
        time.sleep(0.3)  # the story has waited for half a second by now
        for number in range(3):
            row.joins(f"late {number}", works=0.2)
    row.ends()
    assert row.order.index("story") < row.order.index("late 2")


@each_kind
def test_people_wait_for_one_background_turn_at_most_however_many_there_are(
    tmp_path: Path, kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Background writers that never stop asking: each person has the turn before the next of them."""
    monkeypatch.setattr(write_lock, "YIELD", 30.0)
    made = kind(tmp_path)
    over, done = threading.Event(), list[str]()

    def story() -> None:
        mine = made()
        while not over.is_set():
            if mine.take(0.2, behind=True):
                time.sleep(0.02)
                done.append("story")
                mine.give()

    stories = [threading.Thread(target=story) for _number in range(6)]
    for each in stories:
        each.start()
    mine, between = made(), []
    for _number in range(20):
        before = len(done)
        assert mine.take(PATIENCE)
        between.append(len(done) - before)
        mine.give()
        time.sleep(0.01)
    over.set()
    for each in stories:
        each.join(PATIENCE)
    assert done
    assert max(between) <= 2  # the one that was at it, and one that had looked a moment before


def test_who_gives_up_in_the_background_leaves_the_turn_to_others(tmp_path: Path) -> None:
    made = of_a_process_each(tmp_path)
    with held(made()):
        assert not made().take(0.1, behind=True)
    assert made().take(0.5, behind=True)


_KILLED = """
import sys, time
from pathlib import Path
from operations.core.write_lock import WriteLock
mine = WriteLock(Path(sys.argv[1]))
assert mine.take(5, behind=True)
print("held", flush=True)
time.sleep(600)
"""


def test_a_process_that_is_killed_in_its_turn_gives_it_back(tmp_path: Path) -> None:
    file = tmp_path / "turn"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", _KILLED, str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        mine = WriteLock(file)
        assert not mine.take(0.1)
        other.kill()
        assert mine.take(5.0)
        mine.give()


# ---------------------------------------------------------------------------------------------------- the store


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Another program writes into the file, and does not end."""
    with closing(sqlite3.connect(str(store.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@on_sqlite
@pytest.mark.parametrize(("behind", "fault"), [(True, None), (False, FaultReason.LOCKED)])
def test_that_work_in_the_background_cannot_store_is_told_to_nobody_who_reads(
    store: Store, behind: bool, fault: FaultReason | None
) -> None:
    """A page says that nothing can be stored where what a person sent could not be."""
    other = open_store(store.url, patience=0.05, behind=behind)
    with locked(store), pytest.raises(Unavailable) as refused, other.unit_of_work(System()) as session:
        session.connection()
    assert refused.value.reason is FaultReason.LOCKED
    assert other.fault is fault
    assert other.ready().write
    assert other.fault is None
    other.dispose()


@on_sqlite
def test_one_unit_of_work_of_a_server_may_give_way_as_well(store: Store) -> None:
    store.patience = 0.05
    with locked(store), pytest.raises(Unavailable), store.unit_of_work(System(), behind=True) as session:
        session.connection()
    assert store.fault is None


def test_a_turn_that_is_held_for_long_is_told_with_its_acts(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.core.store.LONG", 0.02)
    with store.unit_of_work(System()) as session:
        session.add(account("ana"))
        session.flush()
        began = time.thread_time()
        while time.thread_time() - began < 0.03:
            pass
    assert "A turn to write was held for" in caplog.text
    assert "account" in caplog.text


# ------------------------------------------------------------------------------------------------------- papers


def exported(store: Store) -> list[str]:
    with store.reading(System()) as session:
        return [each.act for each in session.exec(select(AccessEntry))]


def test_others_write_while_a_file_is_put_together_and_it_is_recorded_before_it_is_handed_over(store: Store) -> None:
    by, other = actor("ada"), open_store(store.url, patience=0.05)
    with journal.disclosing(store, by) as session:
        assert journal.record_download(session, by, "plan.export", None, "pdf") == 0
        with other.unit_of_work(System()) as writes:
            writes.add(account("ana"))
    assert exported(store) == ["plan.export"]
    other.dispose()


@on_sqlite
@pytest.mark.requirement("R45")
def test_a_file_is_refused_where_its_disclosure_cannot_be_recorded(store: Store) -> None:
    by, store.patience = actor("ada"), 0.05
    with locked(store), pytest.raises(Unavailable), journal.disclosing(store, by) as session:
        journal.record_download(session, by, "plan.export", None, "pdf")
    assert exported(store) == []


def test_nothing_is_changed_where_a_file_is_put_together(store: Store) -> None:
    with journal.disclosing(store, actor("ada")) as session:
        session.add(account("ana"))
        with pytest.raises(RuntimeError, match="unit of work"):
            session.flush()
        session.expunge_all()
