"""Rows of a table by their keys: found, kept from other writers, or there already because the same was said before.

`key` is the primary key in the order of its columns: for most tables an id alone.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel, select

from operations.core.errors import Conflict, NotFound
from operations.core.session_cache import once
from operations.core.store import locked, unscoped

T = TypeVar("T", bound=SQLModel)


def find(session: Session, model: type[T], *key: object) -> T | None:
    """The row, as far as the asker may see it; None: there is none."""
    found: T | None = once(session, (find, model, *key), lambda: session.exec(_of(model, key)).one_or_none())
    return found


def one(session: Session, model: type[T], *key: object) -> T:
    """The row, as far as the asker may see it. Raises NotFound."""
    return _there(find(session, model, *key))


def every(session: Session, model: type[T]) -> list[T]:
    """All rows of a table, as far as the asker may see them."""
    return list(session.exec(select(model)))


def by_id(session: Session, model: type[T], ids: Iterable[UUID | None]) -> dict[UUID, T]:
    """The rows with these ids, as far as the asker may see them, by their ids."""
    wanted = {each for each in ids if each is not None}
    key: Any = sa.inspect(model).primary_key[0]
    found = session.exec(select(model).where(key.in_(wanted))) if wanted else ()
    return {getattr(row, key.name): row for row in found}


def held(session: Session, model: type[T], *key: object) -> T | None:
    """The row as it is now, kept from other writers until the transaction ends; None: there is none."""
    found: T | None = session.exec(locked(_of(model, key))).one_or_none()
    return found


def hold(session: Session, model: type[T], *key: object) -> T:
    """The row as it is now, kept from other writers until the transaction ends. Raises NotFound."""
    return _there(held(session, model, *key))


def newest(session: Session, model: type[T], *same: Any) -> T | None:
    """The current version of what is the `same`, as far as the asker may see it; None: there is none.

    Its first version, which never changes, is kept from other writers until the transaction ends.
    """
    versions, columns = select(model).where(*same), sa.inspect(model).columns
    session.exec(unscoped(locked(versions.where(columns.version == 1))))
    current = versions.where(columns.current.is_(True)).execution_options(populate_existing=True)
    found: T | None = session.exec(current).one_or_none()
    return found


def said_before(
    session: Session, model: type[T], row_id: UUID, said: Mapping[str, Any], otherwise: Conflict
) -> T | None:
    """The row of this id where it holds what is `said`, column by column; None: there is no such row yet.

    Raises `otherwise` where the id stands for other content.
    """
    known = find(session, model, row_id)
    if known is not None and any(getattr(known, name) != value for name, value in said.items()):
        raise otherwise
    return known


@cache
def _insert(model: type[SQLModel]) -> tuple[Any, dict[str, Any]]:
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    fields = model.model_fields.items()
    return table.insert(), {name: field.default for name, field in fields if not field.is_required()}


def written(session: Session, model: type[T], row: Mapping[str, Any]) -> T:
    """A new row, in the database at once and in the session as if it had been read: a quarter of what to add it costs.

    `row` names its columns; those that it leaves out have the default of their field, which is a plain value. Of a
    table that is remembered `history.note` is told as well.
    """
    insert, defaults = _insert(model)
    columns = {**defaults, **row}
    session.connection().execute(insert, columns)
    made: T = sa.inspect(model).class_manager.new_instance()
    vars(made).update(columns)
    make_transient_to_detached(made)
    session.add(made)
    return made


def _of(model: type[T], key: tuple[object, ...]) -> Any:
    columns = sa.inspect(model).primary_key
    return select(model).where(*(column == value for column, value in zip(columns, key, strict=True)))


def _there(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found
