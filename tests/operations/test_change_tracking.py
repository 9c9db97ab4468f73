"""What was read and what was written since: whoever read it reads again exactly where it may be otherwise."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import event, func, text
from sqlmodel import Session, select

from operations.core import change_tracking, journal, rows
from operations.core.change_tracking import ReadMark, RecentWrites
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.core.store import open_store
from operations.policing.calendar.task_rows import Task
from operations.policing.operation.plan import Operation
from tests import declared_writes
from tests.dashboard.desks import open_scene
from tests.makers import Running, add_task


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("INSERT INTO task (id, operation) VALUES (?, ?)", {"task"}),
        ("INSERT OR IGNORE INTO task (id) SELECT id FROM phase", {"task"}),
        ('UPDATE "task" SET title=%(title)s WHERE task.id = %(id)s', {"task"}),
        ("DELETE FROM task WHERE task.id IN (SELECT dependency.task_id FROM dependency)", {"task"}),
        ("SELECT task.id FROM task FOR UPDATE", set()),
        ("PRAGMA busy_timeout=100", set()),
    ],
)
def test_where_a_statement_writes(statement: str, tables: set[str]) -> None:
    assert change_tracking.written(statement) == tables


def test_what_is_of_no_usual_form_writes_to_all_that_it_names() -> None:
    assert {"task", "phase"} <= change_tracking.written(
        "WITH a AS (DELETE FROM task RETURNING id) UPDATE phase SET x = 1 FROM a"
    )


def test_all_that_a_statement_names_is_read() -> None:
    names = change_tracking.named(
        "SELECT a.id, %(report)s FROM task AS a, \"phase\" JOIN site ON site.id = a.line WHERE x = 'unit'"
    )
    assert {"task", "phase", "site"} <= names
    assert not {"report", "line", "unit"} & names


# ------------------------------------------------------------------------------------------------- in a store


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Running]:
    made = open_scene(tmp_path)
    yield made
    made.store.dispose()


def read(scene: Running, *tables: str) -> ReadMark:
    return ReadMark(frozenset(tables), scene.store.written.place, head(scene))


def head(scene: Running) -> int:
    with scene.store.reading(System()) as session:
        return journal.pulse(session)


def concerns(scene: Running, before: ReadMark) -> bool:
    return scene.store.written.concerns(before, head(scene))


def test_whoever_read_something_else_need_not_read_again(scene: Running) -> None:
    tasks, phases = read(scene, "task", "operation"), read(scene, "phase", "operation")
    assert not concerns(scene, tasks)
    add_task(scene)
    assert concerns(scene, tasks)
    assert not concerns(scene, phases)
    assert not concerns(scene, read(scene, "task"))


def test_what_is_asked_is_noted_and_what_is_undone_is_not_written(scene: Running) -> None:
    with change_tracking.tracked_reads() as tables, scene.store.reading(System()) as session:
        session.exec(select(Operation.id)).all()
        with change_tracking.tracked_reads() as inside:
            session.exec(select(Task.id)).all()
    assert "task" in inside
    assert "operation" not in inside
    assert {"task", "operation"} <= tables
    before = read(scene, "task")
    with suppress(ZeroDivisionError), scene.store.unit_of_work(System()) as session:
        session.connection().execute(text("UPDATE task SET title = title"))
        _nothing = 1 / 0
    assert not concerns(scene, before)


def test_what_was_read_of_one_moment_is_not_asked_again_and_noted_again(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        with change_tracking.untracked():
            found = rows.one(session, Operation, scene.operation)
        with change_tracking.tracked_reads() as tables:
            assert not statements(session, lambda: rows.one(session, Operation, scene.operation))
        assert rows.one(session, Operation, scene.operation) is found
    assert "operation" in tables


def test_who_writes_asks_each_time(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        rows.one(session, Operation, scene.operation)
        assert statements(session, lambda: rows.one(session, Operation, scene.operation))


def statements(session: Session, read: Callable[[], object]) -> list[str]:
    """What is asked of the database meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        found.append(statement)

    event.listen(session.connection(), "before_cursor_execute", note)
    read()
    event.remove(session.connection(), "before_cursor_execute", note)
    return found


def test_of_what_another_process_wrote_it_is_said_that_it_concerns(scene: Running) -> None:
    before = read(scene, "phase")
    other = open_store(scene.store.url)
    mine, scene.store = scene.store, other
    add_task(scene)
    scene.store = mine
    other.dispose()
    assert concerns(scene, before)


def test_a_unit_of_work_of_reports_writes_what_is_declared() -> None:
    declared_writes.require({"report"}, {"report", "total", "report.verify"})
    declared_writes.require({"report", "task"}, {"phase"})
    with pytest.raises(AssertionError, match="phase"):
        declared_writes.require({"report"}, {"report", "phase"})


def test_a_unit_of_work_that_may_be_committed_by_now_counts(scene: Running) -> None:
    """Its rows can be seen before the process knows that it has ended."""
    before, (ends, ending, over) = read(scene, "task"), (Event(), Event(), Event())
    written = scene.store.written

    def unit() -> None:
        with written.unit():
            change_tracking.note(None, None, "UPDATE task SET title = title")
            ends.wait(10)
            written.ends()
            ending.set()
            over.wait(10)

    thread = Thread(target=unit)
    thread.start()
    assert not concerns(scene, before)
    ends.set()
    assert ending.wait(10)
    assert concerns(scene, before)
    over.set()
    thread.join()
    assert concerns(scene, before)
    assert not concerns(scene, read(scene, "task"))


def test_whoever_read_before_all_that_is_known_reads_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_tracking, "KEPT", 3)
    written = RecentWrites()
    before = ReadMark(frozenset({"task"}), written.place, 0)
    for number in range(4):
        assert not written.concerns(before, 0), number
        with written.unit():
            change_tracking.note(None, None, "INSERT INTO phase (id) VALUES (?)")
            written.ends()
    assert written.concerns(before, 0)


def test_whoever_listens_is_called_once_what_this_process_wrote_can_be_read(scene: Running) -> None:
    seen = list[int]()
    count = select(func.count()).select_from(Task)

    def heard() -> None:
        with scene.store.reading(System()) as session:
            seen.append(session.exec(count).one())

    with scene.store.written.calling(heard):
        add_task(scene)
        with suppress(ZeroDivisionError), scene.store.unit_of_work(System()) as session:
            session.execute(text("UPDATE task SET title = 'x'"))
            raise ZeroDivisionError
        with scene.store.unit_of_work(System()) as session:
            session.exec(count).one()
        with scene.store.reading(System()) as session:
            now = session.exec(count).one()
    add_task(scene)
    assert set(seen) == {now}


def test_of_facts_that_are_asked_for_by_name_no_other_of_their_table_concerns(scene: Running) -> None:
    """Whoever took figures along concerns a board; whoever opened a report does not, though both are in one trail."""
    with change_tracking.tracked_reads() as found, scene.store.reading(System()) as session:
        change_tracking.note_read("operation.export")
        with change_tracking.untracked():
            session.exec(select(AccessEntry.seq)).all()
    assert "access_entry" not in found
    before = read(scene, *found)
    for act, told in (("report.consult", False), ("operation.export", True)):
        with scene.store.unit_of_work(scene["ana"]) as session:
            journal.record(session, scene["ana"], act, "x", operation=scene.operation, chain=journal.Chain.ACCESS)
        assert concerns(scene, before) is told, act
