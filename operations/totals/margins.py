"""Margins: amounts by codes that totals do not hold (sex, nationality, legal basis), moved together with totals.

Only stated codes are stored: lines without a code, or with one for "not known", are the rest of their figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from operations.core import history, session_cache
from operations.core.store import unscoped
from operations.core.vocabulary import Level
from operations.lines.kinds import KINDS
from operations.lines.line import LONGEST, MINORS, breakdown_fields, parts_of
from operations.totals import total_steps, totals
from operations.totals.pending_moves import moves_of
from operations.totals.totals import FACETS, CountedLine, Facet, sided, upsert

UNSAID = frozenset({None, "", "unknown", "unspecified"})
YES, NO = "yes", "no"
Key = tuple[Any, ...]


class _Place(SQLModel):
    """The key of a margin, without its facet and code."""

    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    level: int = Field(primary_key=True)


class TotalMargin(sided("_Margined", _Place, primary_key=True), table=True):  # type: ignore[misc, call-arg]
    """Records and quantity of one facet and one code, at exactly one level, of one country."""

    __tablename__ = "total_margin"
    dimension: str = Field(primary_key=True, max_length=24)
    code: str = Field(primary_key=True, max_length=LONGEST)
    records: int = Field(default=0, sa_type=sa.BigInteger)
    quantity: int = Field(default=0, sa_type=sa.BigInteger)


class Margin(NamedTuple):
    """A row of margins, as read."""

    country: str
    level: int
    facet: Facet
    dimension: str
    code: str
    records: int
    quantity: int


def line_margins(kind: str, attributes: Mapping[str, Any], quantity: int) -> tuple[tuple[str, str, int], ...]:
    """Return the margins of a line: dimension, code and how much of its quantity.

    An age group decides for the whole line whether its persons are minors; where none fits, the line counts its minors.
    """
    model = KINDS[kind]
    parts: list[tuple[str, str, int]] = [
        (name, YES if by.said else str(code), many)
        for name, by in breakdown_fields(model).items()
        if not by.side
        and (code := attributes.get(name)) not in UNSAID
        and (many := attributes.get(by.of, 0) if by.of else quantity)
    ]
    if (age := attributes.get("age_group")) not in UNSAID:
        parts.append(("minor", YES if age in MINORS else NO, quantity))
    parts += [(of.by, of.code, many) for name, of in parts_of(model).items() if (many := attributes.get(name))]
    return tuple(parts)


def keys(line: CountedLine, level: int) -> Iterable[tuple[Key, int]]:
    """Yield the rows that a line moves, as primary keys, each with its amount."""
    for dimension, code, quantity in line.margins:
        yield (line.operation, line.country, level, *line.facet, dimension, code), quantity


def move(
    session: Session, lines: Iterable[CountedLine], *, out_of: Level | None = None, into: Level | None = None
) -> None:
    """Move lines as `totals.move` does, with their margins."""
    lines = list(lines)
    totals.move(session, lines, out_of=out_of, into=into)
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        for level, sign in ((out_of, -1), (into, 1)):
            if level is not None and level > Level.V0:
                for key, quantity in keys(line, int(level)):
                    sums[key][0] += sign
                    sums[key][1] += sign * quantity
    add(session, sums)


def add(session: Session, sums: Mapping[Key, Sequence[int]]) -> None:
    """Add records and quantities to the rows of these keys, in the order of keys to avoid deadlocks.

    The step of the journal entry records them too.
    """
    for key, amounts in sums.items():
        noted = moves_of(session, key[0]).margins[key[1], key[2], key[3:-2], *key[-2:]]
        for place, amount in enumerate(amounts):
            noted[place] += amount
    rows = [
        {**dict(zip(_KEY, key, strict=True)), "records": records, "quantity": quantity}
        for key, (records, quantity) in sorted(sums.items(), key=lambda item: tuple(map(str, item[0])))
        if records or quantity
    ]
    if rows:
        connection = session.connection()
        connection.execute(_upsert(connection.dialect.name), rows)


_TABLE: sa.Table = TotalMargin.__table__
_KEY = tuple(column.name for column in _TABLE.primary_key.columns)
_READ = unscoped(
    sa.select(
        *(_TABLE.c[name] for name in ("country", "level", *FACETS, "dimension", "code", "records", "quantity"))
    ).where(
        _TABLE.c.operation_id == sa.bindparam("operation"), _TABLE.c.kind == sa.bindparam("kind"), _TABLE.c.records != 0
    )
)

_KEPT = unscoped(
    sa.select(
        *(_TABLE.c[name] for name in ("country", "level", *FACETS, "dimension", "code", "records", "quantity"))
    ).where(_TABLE.c.operation_id == sa.bindparam("operation"))
).execution_options(yield_per=1000)


@cache
def _upsert(dialect: str) -> Any:
    return upsert(_TABLE, dialect)


def read(session: Session, operation: UUID, kind: str) -> list[Margin]:
    """Return the margins of one kind of lines, of all countries. Applies no permissions: callers decide what leaves.

    As of a past entry they are summed from the steps up to it.
    """
    if (at := history.at(session)) is not None:
        return [
            Margin(country, level, Facet(*facet), dimension, code, *amounts)
            for (country, dimension, code, level, *facet), amounts in total_steps.margins_at(
                session, operation, at
            ).items()
            if facet[0] == kind and amounts[0]
        ]
    return session_cache.once(session, (read, operation, kind), lambda: _read(session, operation, kind), lasting=False)


def _read(session: Session, operation: UUID, kind: str) -> list[Margin]:
    end = 2 + len(FACETS)
    facets: dict[tuple[str, ...], Facet] = {}  # many rows share few facets
    rows = []
    for row in session.execute(_READ, {"operation": operation, "kind": kind}).all():
        sides = row[2:end]
        facet = facets.get(sides) or facets.setdefault(sides, Facet(*sides))
        rows.append(Margin(row[0], row[1], facet, *row[end:]))
    return rows


def kept_key(country: str, level: int, facet: Sequence[str], dimension: str, code: str) -> Key:
    """Return the key by which margins are compared: the table, country, level, sides, dimension and code."""
    return (_TABLE.name, country, level, *facet, dimension, code)


def kept_keys(line: CountedLine, level: int) -> Iterable[tuple[Key, int]]:
    """Yield the rows that a line moves, by `kept_key`, each with its amount."""
    for dimension, code, quantity in line.margins:
        yield kept_key(line.country, level, line.facet, dimension, code), quantity


def kept(session: Session, operation: UUID) -> Iterator[tuple[Key, int, int]]:
    """Yield every row of an operation: its `kept_key`, records and quantity."""
    for country, level, *key, records, quantity in session.execute(_KEPT, {"operation": operation}):
        yield kept_key(country, level, key[:-2], *key[-2:]), records, quantity
