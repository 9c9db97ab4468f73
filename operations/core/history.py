"""History: rows as of a journal entry, so that nothing shown is lost when it changes.

Rows that change in place and appear on boards or in key figures (phases, goals, sites, the level of a report) are
stored with the number of the entry that records the change, in its transaction (`versioned`). A session that is
`as_of` at an entry reads them as of that entry, and its clock is held at the entry's moment. A change without an
entry of its own belongs to the entry before it, as it did on every screen.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import cache, partial
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, event
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import change_tracking, clock, journal, session_cache
from operations.core.clock import UtcDateTime
from operations.core.comparison import SumFingerprint, differing
from operations.core.errors import existing
from operations.core.journal import Chain, Entry, Head
from operations.core.pulse import PROGRAMME
from operations.core.store import ScopedSession, unscoped

M = TypeVar("M", bound=SQLModel)
_IN_PARTS = {"yield_per": 1000}
"""Where all rows are read: a thousand are in memory at a time."""
T = TypeVar("T")

_AT, _CHANGED, _LOOKED = "muster_at", "muster_changed", "muster_looked"
_remembered: dict[type[SQLModel], frozenset[str]] = {}
_screened: set[type[SQLModel]] = set()
Drain = Callable[[Session, int, Callable[[sa.Table], int]], None]
_drains: list[Drain] = []


class RowStep(SQLModel, table=True):
    """The content of a remembered row from an entry on; None where it was deleted. `n` counts changes within the entry.

    `operation_id` is `PROGRAMME` for rows of no operation.
    """

    __tablename__ = "row_step"
    __table_args__ = (sa.Index("ix_row_step_key", "operation_id", "kind", "key", "seq"),)
    operation_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True, max_length=32)
    seq: int = Field(primary_key=True)
    n: int = Field(primary_key=True)
    key: str = Field(primary_key=True, max_length=80)
    content: dict[str, Any] | None = Field(default=None, sa_type=JSON)


_TABLE: sa.Table = RowStep.__table__  # type: ignore[attr-defined]

# ----------------------------------------------------------------------------------------------------- keeping


def versioned(*columns: str, screened: bool = False) -> Callable[[type[M]], type[M]]:
    """Declare that a table is remembered: all its columns, or only those that change in place.

    `screened`: not all readers of the operation see all rows. Then `rows` and `contents` apply no permissions, and the
    caller decides what leaves.
    """

    def declare(model: type[M]) -> type[M]:
        _remembered[model] = frozenset(columns or (column.name for column in _table_of(model).columns))
        if screened:
            _screened.add(model)
        return model

    return declare


def seen_by_all() -> list[str]:
    """Return the kinds of remembered rows that every reader of the operation sees."""
    return sorted(_table_of(model).name for model in _remembered if model not in _screened)


def drained(drain: Drain) -> Drain:
    """Register a function that stores further changes, `drain(session, seq, n)`, with the entry that records them.

    `n(table)` returns the number of this set of changes within the entry.
    """
    _drains.append(drain)
    return drain


@event.listens_for(ScopedSession, "after_flush")
def _collect(session: Session, _context: UOWTransaction) -> None:
    changed: list[tuple[SQLModel, bool]] = [(row, False) for row in session.deleted]
    changed += [(row, True) for row in session.new]
    changed += [(row, True) for row in session.dirty if _moved(row)]
    found = [(row, there) for row, there in changed if type(row) in _remembered]
    if found and at(session) is not None:
        raise RuntimeError("Who looks back changes nothing.")
    for row, there in found:
        note(session, type(row), {name: getattr(row, name) for name in _needed(type(row))}, there=there)


def note(session: Session, model: type[SQLModel], row: Mapping[str, Any], *, there: bool = True) -> None:
    """Remember a row's content, or its deletion, for writes that bypass the session's objects."""
    kept: dict[tuple[UUID, str, str], dict[str, Any] | None] = session.info.setdefault(_CHANGED, {})
    content = {name: _plain(row[name]) for name in _remembered[model]} if there else None
    kept[row.get("operation_id", PROGRAMME), _table_of(model).name, _key(model, row)] = content


def _moved(each: SQLModel) -> bool:
    """Whether a remembered column of a row differs from what was stored."""
    columns = sa.inspect(each).attrs
    return any(columns[name].history.has_changes() for name in _remembered.get(type(each), ()))


@cache
def _needed(model: type[SQLModel]) -> frozenset[str]:
    columns = _table_of(model).columns
    return _remembered[model] | {
        column.name for column in columns if column.primary_key or column.name == "operation_id"
    }


def _key(model: type[SQLModel], row: Mapping[str, Any]) -> str:
    return ":".join(str(row[column.name]) for column in _table_of(model).primary_key.columns)


def _table_of(model: type[SQLModel]) -> sa.Table:
    table: sa.Table = model.__table__  # type: ignore[attr-defined]
    return table


@journal.after
def _with_entry(session: Session, seq: int, _columns: Mapping[str, Any]) -> None:
    _write(session, seq, lambda _table: 0)


@event.listens_for(ScopedSession, "before_commit")
def _without_entry(session: Session) -> None:
    """Write changes that no entry records to the entry before."""
    session.flush()
    if session.info.get(_CHANGED) or any(session.info.get(name) for name in _PENDING):
        last = session.exec(unscoped(select(Head.seq).where(Head.chain == Chain.JOURNAL.value))).one()

        def more(table: sa.Table) -> int:
            query = sa.select(sa.func.max(table.c.n)).where(table.c.seq == last)
            return (session.connection().execute(query).scalar() or 0) + 1

        _write(session, last, more)


_PENDING: list[str] = []


def pending(name: str) -> str:
    """Declare the key of `session.info` under which a `drained` function collects pending changes."""
    _PENDING.append(name)
    return name


def _write(session: Session, seq: int, n: Callable[[sa.Table], int]) -> None:
    changed = session.info.pop(_CHANGED, None)
    if changed:
        place = n(_TABLE)
        rows = [
            {"operation_id": operation, "kind": kind, "seq": seq, "n": place, "key": key, "content": content}
            for (operation, kind, key), content in changed.items()
        ]
        session.connection().execute(_TABLE.insert(), rows)
    for drain in _drains:
        drain(session, seq, n)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


# ----------------------------------------------------------------------------------------------------- looking


@contextmanager
def as_of(session: Session, seq: int | None) -> Iterator[None]:
    """Read remembered rows as of entry `seq` inside the block, with the clock held at its moment.

    None: the present. Raises NotFound if there is no such entry.
    """
    if seq is None or seq == at(session):
        yield
        return
    moment = existing(session.exec(unscoped(select(Entry.at).where(Entry.seq == seq))).first())
    before = session.info.get(_AT)
    session.info[_AT] = seq
    try:
        with clock.at(moment):
            yield
    finally:
        session.info[_AT] = before


def at(session: Session) -> int | None:
    """Return the entry that the session looks at; None where it reads the present."""
    found: int | None = session.info.get(_AT)
    return found


def once(session: Session, key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """Return a value that never changes, as its entry is past: made once in a session."""
    kept: dict[tuple[Any, ...], T] = session.info.setdefault(_LOOKED, {})
    if key not in kept:
        kept[key] = make()
    return kept[key]


def read(session: Session, model: type[M], *operations: UUID) -> list[M]:
    """Return the remembered rows of operations, as of now, in one query, or of the session's entry.

    Of `screened` tables all rows are returned, whoever asks.
    """
    if at(session) is not None:
        return [row for operation in operations for row in rows(session, model, operation) or ()]
    query = select(model).where(col(model.operation_id).in_(operations))  # type: ignore[attr-defined]
    asked = unscoped(query) if model in _screened else query
    found = session_cache.once(session, (read, model, *operations), lambda: list(session.exec(asked)))
    return list(found)


def read_ahead(session: Session, model: type[M], operations: Iterable[UUID]) -> None:
    """Read the rows of many operations in one query: `read` of one then asks none, where a session reads one moment."""
    owners = frozenset(operations)
    if at(session) is not None or not session_cache.is_kept(session):
        return

    def by_operation() -> dict[UUID, list[M]]:
        found: dict[UUID, list[M]] = {}
        for row in read(session, model, *owners):
            found.setdefault(row.operation_id, []).append(row)  # type: ignore[attr-defined]
        return found

    def of(operation: UUID) -> list[M]:
        return session_cache.once(session, (read_ahead, model, owners), by_operation).get(operation, [])

    for operation in owners:
        session_cache.once(session, (read, model, operation), partial(of, operation))


def rows(session: Session, model: type[M], operation_id: UUID) -> list[M] | None:
    """Return the remembered rows of an operation as of the session's entry; None where it reads the present.

    They belong to no session: read only.
    """
    found = contents(session, model, operation_id)
    if found is None:
        return None
    return [_made(model, content) for content in found.values()]


def rows_at(session: Session, model: type[M], operation_id: UUID, seq: int, keys: Collection[UUID]) -> list[M]:
    """A few remembered rows as they were at entry `seq`, of those that were there. They stand in no session."""
    return [_made(model, content) for content in contents_at(session, model, operation_id, seq, keys).values()]


def _made(model: type[M], content: Mapping[str, Any]) -> M:
    columns = _table_of(model).columns
    return model(**{name: _back(columns[name], value) for name, value in content.items()})


def query_as_of(
    session: Session, model: type[SQLModel], query: Any, operation_id: UUID = PROGRAMME
) -> list[dict[str, Any]]:
    """Return the rows of a query over a model's columns, with remembered columns as of the session's entry.

    The query must select the key. Rows added later are left out; the query itself sees the present, so it must not
    filter by anything that changes.
    """
    known, columns = contents(session, model, operation_id), _table_of(model).columns
    present = [dict(row) for row in session.execute(query).mappings()]
    if known is None:
        return present
    return [
        row | {name: _back(columns[name], value) for name, value in then.items() if name in row}
        for row in present
        if (then := known.get(_key(model, row))) is not None
    ]


def contents(session: Session, model: type[SQLModel], operation_id: UUID) -> dict[str, dict[str, Any]] | None:
    """Return the remembered columns as JSON by key, as of the session's entry; None where it reads the present."""
    seq = at(session)
    if seq is None:
        return None
    return once(session, (model, operation_id, seq), lambda: _steps(session, model, operation_id, seq))


def contents_at(
    session: Session, model: type[SQLModel], operation_id: UUID, seq: int, keys: Collection[UUID]
) -> dict[UUID, dict[str, Any]]:
    """Return the remembered columns of a few rows as JSON, as of entry `seq`; rows that did not exist are left out."""
    with change_tracking.untracked():
        found = _steps(session, model, operation_id, seq, [str(each) for each in keys])
    return {UUID(key): content for key, content in found.items()}


def since(session: Session, model: type[SQLModel], operation_id: UUID, seq: int) -> dict[str, dict[str, Any] | None]:
    """Return the present content of rows changed with entry `seq` or later, by key; None for deleted ones.

    Entry `seq` is included, since changes without an entry belong to the one before.
    """
    columns = _TABLE.c.key, _TABLE.c.content
    query = sa.select(*columns).where(
        _TABLE.c.operation_id == operation_id, _TABLE.c.kind == _table_of(model).name, _TABLE.c.seq >= seq
    )
    found = session.execute(unscoped(query.order_by(_TABLE.c.seq, _TABLE.c.n)))
    return {key: content for key, content in found}  # noqa: C416 - the last content of each key wins


def _steps(
    session: Session,
    model: type[SQLModel],
    operation_id: UUID,
    until: int | None = None,
    keys: Collection[str] | None = None,
) -> dict[str, dict[str, Any]]:
    """Return the last content of each existing row, by key."""
    last = _last(session, model, operation_id, until, keys)
    said = {text: json.loads(text) for text in set(last.values())}  # equal contents are parsed once
    return {key: content for key, text in last.items() if (content := said[text]) is not None}


def _last(
    session: Session,
    model: type[SQLModel],
    operation_id: UUID,
    until: int | None = None,
    keys: Collection[str] | None = None,
) -> dict[str, str]:
    """Return the last content of each row as it is stored, by key; "null" of one that is gone."""
    of = (_TABLE.c.operation_id == operation_id) & (_TABLE.c.kind == _table_of(model).name)
    if keys is not None:
        of &= _TABLE.c.key.in_(keys)
    query = sa.select(_TABLE.c.key, sa.cast(_TABLE.c.content, sa.Text), _TABLE.c.seq, _TABLE.c.n).where(of)
    if until is not None:
        query = query.where(_TABLE.c.seq <= until)
    if keys is None:
        ordered = unscoped(query.order_by(_TABLE.c.seq, _TABLE.c.n))
        steps: Iterable[Any] = session.execute(ordered, execution_options=_IN_PARTS)
    else:  # ordered in SQL, SQLite would scan all the other rows
        steps = sorted(session.execute(unscoped(query)).all(), key=lambda row: row[2:])
    return {key: text for key, text, _seq, _n in steps}


def differences(session: Session, operation_id: UUID = PROGRAMME) -> list[tuple[str, str]]:
    """Return remembered rows of an operation, or of none, that differ from their last step: kind and key."""

    def read(sides: Sequence[SumFingerprint]) -> None:
        stored, told = sides
        for model in _remembered:
            table = _table_of(model)
            if ("operation_id" in table.columns) != (operation_id == PROGRAMME):
                for key, content in _stored(session, model, operation_id):
                    stored.add((table.name, key, _in_order(content)), 1, 0)
                for key, text in _told(session, table.name, operation_id):
                    if (content := json.loads(text)) is not None:
                        told.add((table.name, key, _in_order(content)), 1, 0)

    return sorted({key[:2] for key in differing(read, 2)})


def _stored(session: Session, model: type[SQLModel], operation_id: UUID) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the remembered columns of each stored row, as its step would hold them, by key."""
    table, names = _table_of(model), _remembered[model]
    query = sa.select(*(table.columns[name] for name in _needed(model)))
    if operation_id != PROGRAMME:
        query = query.where(table.columns["operation_id"] == operation_id)
    for row in map(dict[str, Any], session.execute(unscoped(query), execution_options=_IN_PARTS).mappings()):
        yield _key(model, row), {name: _plain(row[name]) for name in names}


def _told(session: Session, kind: str, operation_id: UUID) -> Iterator[tuple[str, str]]:
    """Yield the last content of each row as its step holds it, by key; "null" of one that is gone."""
    query = (
        sa.select(_TABLE.c.key, sa.cast(_TABLE.c.content, sa.Text))
        .where(_TABLE.c.operation_id == operation_id, _TABLE.c.kind == kind)
        .order_by(_TABLE.c.key, _TABLE.c.seq, _TABLE.c.n)
    )
    for key, steps in groupby(session.execute(unscoped(query), execution_options=_IN_PARTS), lambda step: step[0]):
        yield key, [text for _key, text in steps][-1]


def _in_order(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True)


def _back(column: sa.Column[Any], value: Any) -> Any:
    if value is None:
        return None
    kind = datetime if isinstance(column.type, UtcDateTime) else column.type.python_type
    if issubclass(kind, datetime | date | time):
        return kind.fromisoformat(value)
    return UUID(value) if kind is UUID else value
