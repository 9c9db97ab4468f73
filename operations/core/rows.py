"""Rows of a table by key: find, lock, or recognise a retry of the same content.

`key` is the primary key in the order of its columns: for most tables only an id.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel, select

from operations.core.clock import now
from operations.core.errors import Conflict, existing
from operations.core.people import Actor
from operations.core.session_cache import once
from operations.core.store import locked, reused, unscoped

T = TypeVar("T", bound=SQLModel)


def find(session: Session, model: type[T], *key: object) -> T | None:
    """Return the row if the asker may see it, or None."""
    row: T | None = once(session, (find, model, *key), lambda: _read(session, _by_key(model), key))
    return row


def one(session: Session, model: type[T], *key: object) -> T:
    """Return the row if the asker may see it. Raises NotFound."""
    return existing(find(session, model, *key))


def every(session: Session, model: type[T]) -> list[T]:
    """Return all rows of a table that the asker may see."""
    return list(session.exec(select(model)))


def by_id(session: Session, model: type[T], ids: Iterable[UUID | None]) -> dict[UUID, T]:
    """Return the rows with these ids that the asker may see, by id."""
    wanted = {each for each in ids if each is not None}
    key: Any = sa.inspect(model).primary_key[0]
    rows = session.exec(select(model).where(key.in_(wanted))) if wanted else ()
    return {getattr(row, key.name): row for row in rows}


def find_locked(session: Session, model: type[T], *key: object) -> T | None:
    """Return the row as of now, locked until the transaction ends, or None."""
    row: T | None = _read(session, _locked_by_key(model), key)
    return row


def hold(session: Session, model: type[T], *key: object) -> T:
    """Return the row as of now, locked until the transaction ends. Raises NotFound."""
    return existing(find_locked(session, model, *key))


def newest(session: Session, model: type[T], *same: Any) -> T | None:
    """Return the current version of the rows with the `same` values, if the asker may see it, or None.

    Its first version, which never changes, is locked until the transaction ends.
    """
    versions, columns = select(model).where(*same), sa.inspect(model).columns
    session.exec(unscoped(locked(versions.where(columns.version == 1))))
    current = versions.where(columns.current.is_(True)).execution_options(populate_existing=True)
    version: T | None = session.exec(current).one_or_none()
    return version


def same_draft(
    session: Session, model: type[T], row_id: UUID, said: Mapping[str, Any], otherwise: Conflict
) -> T | None:
    """Return the row of this id if its columns hold what is `said`; None if there is no such row yet.

    Raises `otherwise` if the id has other content.
    """
    known = find(session, model, row_id)
    if known is not None and any(getattr(known, name) != value for name, value in said.items()):
        raise otherwise
    return known


def author(by: Actor) -> dict[str, Any]:
    """Return the columns that say who writes a row, and when."""
    return {"author_id": by.account_id, "author_name": by.name, "made_at": now()}


@cache
def _insert(model: type[SQLModel]) -> tuple[Any, dict[str, Any]]:
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    fields = model.model_fields.items()
    return table.insert(), {name: field.default for name, field in fields if not field.is_required()}


def written(session: Session, model: type[T], row: Mapping[str, Any]) -> T:
    """Insert a row at once and attach it to the session as if it had been read: a quarter of the cost of adding it.

    `row` names its columns; others get the default of their field, which must be a plain value. For a remembered table,
    call `history.note` too.
    """
    insert, defaults = _insert(model)
    columns = {**defaults, **row}
    session.connection().execute(insert, columns)
    made: T = sa.inspect(model).class_manager.new_instance()
    vars(made).update(columns)
    make_transient_to_detached(made)
    session.add(made)
    return made


@cache
def _by_key(model: type[SQLModel]) -> tuple[Any, tuple[str, ...]]:
    """Return the statement that reads a row by its key, and the names of its values: built once for a table."""
    values = {f"key_{column.name}": column for column in sa.inspect(model).primary_key}
    is_it = (column == sa.bindparam(name, type_=column.type) for name, column in values.items())
    return reused(select(model).where(*is_it)), tuple(values)


@cache
def _locked_by_key(model: type[SQLModel]) -> tuple[Any, tuple[str, ...]]:
    statement, names = _by_key(model)
    return locked(statement), names


def _read(session: Session, statement: tuple[Any, tuple[str, ...]], key: tuple[object, ...]) -> Any:
    by_key, names = statement
    return session.exec(by_key, params=dict(zip(names, key, strict=True))).one_or_none()
