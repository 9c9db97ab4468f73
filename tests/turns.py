"""What is done in a turn to write, in counts: a clock would measure the machine."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from operations.core.store import Store


def noted(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[bool]:
    """Whether each call of a function was made in a session that writes, from now on."""
    found: list[bool] = []
    function = getattr(module, name)

    @functools.wraps(function)
    def called(*given: Any, **named: Any) -> Any:
        session = next(each for each in given if isinstance(each, Session))
        found.append(bool(session.connection().get_execution_options().get("muster_writes")))
        return function(*given, **named)

    monkeypatch.setattr(module, name, called)
    return found


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """The statements inside the block that are executed in turns to write; a statement with many rows is one."""
    found: list[str] = []

    def note(connection: Any, _cursor: object, statement: str, *_more: object) -> None:
        if connection.get_execution_options().get("muster_writes"):
            found.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", note)
