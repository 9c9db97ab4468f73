"""What is remembered by who asks the same again: given again while nobody writes it, and never longer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from operations.core import change_tracking, clock, journal, rows, session_cache
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.session_cache import Memory, once, shared_answers
from operations.core.store import Store, open_store
from operations.policing.calendar import tasks
from operations.policing.calendar.tasks import Task
from operations.policing.operation import plan
from operations.policing.operation.rows import Operation, Phase
from tests.makers import START, Running

pytestmark = pytest.mark.both_storages


@pytest.fixture
def memory() -> Memory:
    return Memory(journal.pulse)


def add_task(scene: Running, store: Store | None = None) -> None:
    content = {
        "id": new_id(),
        "title": "Brief the posts",
        "due": (START + timedelta(days=2)).isoformat(),
        "country": "NER",
    }
    with (store or scene.store).unit_of_work(scene["ana"]) as session, clock.at(START):
        tasks.add(session, scene.operation, parse(tasks.TaskDraft, content), scene["ana"])


def titles(session: Session) -> list[str]:
    return once(session, (titles,), lambda: list(session.exec(select(Task.title))))


def asked(scene: Running, memory: Memory, read: Callable[[Session], Any], name: str = "ana") -> tuple[Any, list[str]]:
    """What is read, and the statements for it beside that for the newest entry."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "journal_head" not in statement and "set_config" not in statement:
            statements.append(statement)

    event.listen(scene.store.engine, "before_cursor_execute", note)
    try:
        with shared_answers(memory), scene.store.reading(scene[name]) as session:
            found = read(session)
    finally:
        event.remove(scene.store.engine, "before_cursor_execute", note)
    return found, [each for each in statements if each.startswith("SELECT")]


def test_it_is_asked_once_while_nobody_writes_it(scene: Running, memory: Memory) -> None:
    first, statements = asked(scene, memory, titles)
    assert len(statements) == 1
    again, statements = asked(scene, memory, titles)
    assert (again, statements) == (first, [])
    add_task(scene)
    then, statements = asked(scene, memory, titles)
    assert len(statements) == 1
    assert len(then) == len(first) + 1


def test_what_else_is_written_leaves_it_known(scene: Running, memory: Memory) -> None:
    phases = lambda session: plan.phases(session, scene.operation)  # noqa: E731
    before, statements = asked(scene, memory, phases)
    assert len(statements) == 1
    add_task(scene)
    after, statements = asked(scene, memory, phases)
    assert statements == []
    assert [each.id for each in after] == [each.id for each in before]
    assert all(isinstance(each, Phase) for each in after)


def test_what_another_process_wrote_with_an_entry_is_asked(scene: Running, memory: Memory) -> None:
    asked(scene, memory, titles)
    other = open_store(scene.store.url)
    add_task(scene, other)
    other.dispose()
    assert len(asked(scene, memory, titles)[0]) == 1


def test_of_the_same_moment_it_is_what_was_known_when_reading_began(scene: Running, memory: Memory) -> None:
    """What is written while a session reads is not in it; the next one finds it."""
    asked(scene, memory, titles)
    with shared_answers(memory), scene.store.reading(scene["ana"]) as session:
        rows.one(session, Operation, scene.operation)
        add_task(scene)
        assert titles(session) == []
    assert len(asked(scene, memory, titles)[0]) == 1


def test_it_is_asked_again_after_a_while(scene: Running, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(scene, memory, titles)
    monkeypatch.setattr(session_cache, "KEPT", -1.0)
    assert len(asked(scene, memory, titles)[1]) == 1


def test_who_writes_is_given_nothing_of_it(scene: Running, memory: Memory) -> None:
    add_task(scene)
    assert asked(scene, memory, titles)[0] == ["Brief the posts"]
    with shared_answers(memory), scene.store.unit_of_work(System()) as session:
        session.exec(select(Task)).one().title = "Brief the crews"
        session.flush()
        assert titles(session) == ["Brief the crews"]
        session.rollback()
    assert asked(scene, memory, titles)[0] == ["Brief the posts"]


def test_what_is_not_lasting_is_asked_by_each_session(scene: Running, memory: Memory) -> None:
    def read(session: Session) -> list[str]:
        return once(session, (read,), lambda: list(session.exec(select(Task.title))), lasting=False)

    assert len(asked(scene, memory, read)[1]) == 1
    assert len(asked(scene, memory, read)[1]) == 1


def test_whoever_notes_what_is_asked_is_told_of_what_is_recalled(scene: Running, memory: Memory) -> None:
    asked(scene, memory, titles)
    with change_tracking.tracked_reads() as tables:
        assert asked(scene, memory, titles)[1] == []
    assert "task" in tables


def test_the_newest_entry_is_asked_by_each_session_once(scene: Running, memory: Memory) -> None:
    with shared_answers(memory), scene.store.reading(System()) as session:
        before = journal.pulse(session)
    add_task(scene)
    with shared_answers(memory), scene.store.reading(System()) as session:
        assert journal.pulse(session) == before + 1
