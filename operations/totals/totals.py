"""Totals: sums of lines by place, day, level and facet, which boards read instead of the lines.

When a line begins or stops counting, or changes its verification level, totals move by the same amount in the same
transaction. They are stored at five grains, so that a board reads a few rows however many lines there are: the
operation, its official days, its countries, a country's days, and its sites. Invariant:
`policing.reports.verification.differences` computes the same numbers from the lines.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints
from uuid import UUID

import sqlalchemy as sa
from pydantic import create_model
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, Session, SQLModel

from operations.core.pulse import moves_what_all_see
from operations.core.session_cache import once_for_all
from operations.core.store import alone, unscoped
from operations.core.vocabulary import Level
from operations.lines.kinds import KINDS
from operations.lines.line import EXACT, breakdown_fields
from operations.totals.pending_moves import Cell, moves_of


class Grain(StrEnum):
    """The kinds of places for which totals are stored."""

    OPERATION = "operation"
    DAY = "day"
    COUNTRY = "country"
    COUNTRY_DAY = "country_day"
    SITE = "site"


@dataclass(frozen=True)
class LineSide:
    """Marks a side: a code of a line by which key figures distinguish, with its maximum length."""

    length: int


class Facet(NamedTuple):
    """The sides of a line, each declared here once: the columns of totals and of lines are made from it.

    Codes of the lists of domain 1.7; "" where a kind has none. The fields of a kind name the side that holds them; a
    kind that needs a side more takes a line here and a migration. "" stands in the channel of checks that were sent
    before it was counted. What has another `unit` is never added up. `qualifier` is "" where a quantity is exact.
    """

    kind: Annotated[str, LineSide(24)]
    phase_kind: Annotated[str, LineSide(24)] = ""
    check_kind: Annotated[str, LineSide(32)] = ""
    database: Annotated[str, LineSide(32)] = ""
    entity: Annotated[str, LineSide(24)] = ""
    offence: Annotated[str, LineSide(32)] = ""
    status: Annotated[str, LineSide(32)] = ""
    unit: Annotated[str, LineSide(16)] = ""
    qualifier: Annotated[str, LineSide(1)] = ""


FACETS = Facet._fields
SIDES: dict[str, LineSide] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Facet, include_extras=True).items()
}
HELD = {
    kind: {field: by.side for field, by in breakdown_fields(model).items() if by.side} for kind, model in KINDS.items()
}
"""By kind: the fields that totals hold, each with its side."""


def side(kind: str, held: str) -> int:
    """Return the index in a facet of a field of this kind, or of its unit. Raises KeyError if totals lack it."""
    return FACETS.index("unit" if held == "unit" else HELD[kind][held])


def facet_of(line: Any, phase_kind: str) -> Facet:
    """Return the facet of a line: each side holds the value of the field declared for it."""
    sides = {name: getattr(line, field) or "" for field, name in HELD[line.kind].items()}
    if sides.get("qualifier") == EXACT:
        sides["qualifier"] = ""
    return Facet(line.kind, phase_kind, unit=line.unit, **sides)


def sided(name: str, base: type[SQLModel] = SQLModel, **rules: Any) -> Any:
    """Return a base class for a table: the columns of `base`, then one for each side, under `rules`."""
    columns: dict[str, Any] = {
        name: (str, Field(default=Facet._field_defaults.get(name, ...), max_length=side.length, **rules))
        for name, side in SIDES.items()
    }
    return create_model(name, __base__=base, **columns)


@dataclass(frozen=True)
class CountedLine:
    """A line as totals see it: its place and day, its facet, and its quantity."""

    operation: UUID
    country: str
    site: UUID
    day: str
    facet: Facet
    quantity: int
    margins: tuple[tuple[str, str, int], ...] = ()
    """Its margins, as `totals.margins` makes them."""


class _Place(SQLModel):
    """The key of a total, without its facet."""

    grain: str = Field(primary_key=True, max_length=12)
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    country: str = Field(primary_key=True, max_length=3)
    day: str = Field(primary_key=True, max_length=10)
    site: str = Field(primary_key=True, max_length=36)
    level: int = Field(primary_key=True)


class Total(sided("_Sided", _Place, primary_key=True), table=True):  # type: ignore[misc, call-arg]
    """Records (lines) and quantity (their sum) of one facet, at exactly one level, for one place of one grain."""

    __table_args__ = ({"sqlite_with_rowid": False},)  # rows are stored in the order of the key, as boards read them

    records: int = Field(default=0, sa_type=sa.BigInteger)
    quantity: int = Field(default=0, sa_type=sa.BigInteger)


_TABLE: sa.Table = Total.__table__
_GIVEN = tuple(
    f"the_{name}" for name in ("operation_id", "country", "day", "site", "level", *FACETS, "records", "quantity")
)
Key = tuple[Any, ...]


def places(country: Any, day: Any, site: Any, none: Any = "") -> dict[Grain, tuple[Any, Any, Any]]:
    """Return country, day and site of the totals that a line moves, one for each grain."""
    return {
        Grain.OPERATION: (none, none, none),
        Grain.DAY: (none, day, none),
        Grain.COUNTRY: (country, none, none),
        Grain.COUNTRY_DAY: (country, day, none),
        Grain.SITE: (country, none, site),
    }


def kept_key(grain: str, key: Key) -> Key:
    """Return the key by which totals are compared: the table, the grain, then country, day, site, level and sides."""
    return (_TABLE.name, str(grain), *key)


def keys(line: CountedLine, level: int) -> tuple[Key, ...]:
    """Return the rows that a line moves, one for each grain, by `kept_key`."""
    of_grains = places(line.country, line.day, str(line.site)).items()
    return tuple(kept_key(grain, (*place, level, *line.facet)) for grain, place in of_grains)


def move(
    session: Session, lines: Iterable[CountedLine], *, out_of: Level | None = None, into: Level | None = None
) -> None:
    """Move `lines` from the totals of one level to those of another; None or V0 means "not counted"."""
    sums: dict[UUID, dict[Cell, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    if max(out_of or Level.V0, into or Level.V0) >= Level.V3:
        lines = list(lines)
        if lines:
            moves_what_all_see(session)  # from V3 up everybody sees the sums of the operation
    for line in lines:
        for level, sign in ((out_of, -1), (into, 1)):
            if level is not None and level > Level.V0:
                cell = sums[line.operation][line.country, line.day, str(line.site), int(level), line.facet]
                cell[0] += sign
                cell[1] += sign * line.quantity
    for operation, cells in sums.items():
        _add(session, operation, {cell: amounts for cell, amounts in cells.items() if any(amounts)})


def upsert(table: sa.Table, dialect: str, rows: Any = None) -> Any:
    """Return the statement that adds differences (records, quantity) to a table, in a storage's SQL dialect.

    The differences are its parameters, or the `rows` of a SELECT.
    """
    insert = {"postgresql": postgresql, "sqlite": sqlite}[dialect].insert(table)
    sums = {name: table.c[name] + insert.excluded[name] for name in ("records", "quantity")}
    added = insert if rows is None else insert.from_select(rows.selected_columns.keys(), rows)
    return added.on_conflict_do_update(index_elements=[*table.primary_key.columns], set_=sums)


@cache
def _upsert(dialect: str) -> Any:
    """Return the statement that adds a cell's differences to the totals of all grains.

    It takes a fifth of the time of sending each grain separately.
    """

    def given(name: str) -> Any:
        return sa.bindparam(f"the_{name}", type_=_TABLE.c[name].type)

    def said(word: str) -> Any:
        return sa.literal_column(f"'{word}'", sa.String)

    of_grains = places(given("country"), given("day"), given("site"), said("")).items()
    names = ("grain", "country", "day", "site")
    columns = [zip(names, (said(grain.value), *place), strict=True) for grain, place in of_grains]
    grains = sa.union_all(*(sa.select(*(value.label(name) for name, value in row)) for row in columns)).subquery()
    same = [given(name).label(name) for name in ("operation_id", "level", *FACETS, "records", "quantity")]
    return upsert(_TABLE, dialect, sa.select(*grains.c, *same).where(sa.true()))


def _add(session: Session, operation: UUID, cells: Mapping[Cell, Sequence[int]]) -> None:
    """Upsert the differences, and note them for the step of this change's journal entry."""
    if not cells:
        return
    rows = []
    for (country, day, site, level, facet), (records, quantity) in cells.items():
        noted = moves_of(session, operation).cells[country, day, site, level, facet]
        noted[0] += records
        noted[1] += quantity
        rows.append(dict(zip(_GIVEN, (operation, country, day, site, level, *facet, records, quantity), strict=True)))
    alone(session, operation)  # totals of one operation move one after another, so that no deadlock is possible
    connection = session.connection()
    connection.execute(_upsert(connection.dialect.name), rows)


class TotalRow(NamedTuple):
    """A total, as boards read it. Country, day and site are "" where the grain has none."""

    country: str
    day: str
    site: str
    level: int
    facet: Facet
    records: int
    quantity: int


_SHOWN = ("country", "day", "site", "level", *FACETS, "records", "quantity")
_GRAIN: Any = sa.bindparam("grain")
_COLUMNS = tuple(_TABLE.c[name] for name in _SHOWN)
_KEPT = unscoped(
    sa.select(_TABLE.c.grain, *_COLUMNS).where(_TABLE.c.operation_id == sa.bindparam("operation"))
).execution_options(yield_per=1000)
_OF_OPERATION = (_TABLE.c.operation_id == sa.bindparam("operation"), _TABLE.c.records != 0)
_READ_ANY = unscoped(sa.select(*_COLUMNS).where(*_OF_OPERATION))
_READ = _READ_ANY.where(_TABLE.c.grain == _GRAIN)
_COUNTRIES = unscoped(sa.select(_TABLE.c.country).distinct().where(*_OF_OPERATION, _TABLE.c.grain == _GRAIN))
_OF_COUNTRY = _TABLE.c.country == sa.bindparam("of_country")
_OF_KINDS = _TABLE.c.kind.in_(sa.bindparam("kinds", expanding=True))
_NOWHERE = (Grain.OPERATION, Grain.DAY)
"""The grains that have no country."""
_OF_MANY = (Grain.COUNTRY_DAY, Grain.SITE)
"""The grains of too many rows to keep those of all countries."""


def read(
    session: Session, operation: UUID, grain: Grain, country: str | None = None, kinds: Collection[str] = ()
) -> list[TotalRow]:
    """Return the totals of an operation at one grain, optionally of one country or some kinds of lines, without zeros.

    Applies no permissions: disclosure control must see every cell. The board decides what leaves.
    """
    if country is None and grain not in _OF_MANY:
        names = frozenset(kinds)
        return once_for_all(
            session, (read, operation, grain, names), lambda: _read(session, operation, grain, None, names)
        )
    return _read(session, operation, grain, country, kinds)


def countries(session: Session, operation: UUID) -> frozenset[str]:
    """Return the countries with totals in an operation, whoever asks."""

    values = {"operation": operation, "grain": Grain.COUNTRY.value}
    return once_for_all(
        session, (countries, operation), lambda: frozenset(session.execute(_COUNTRIES, values).scalars())
    )


def _read(
    session: Session, operation: UUID, grain: Grain, country: str | None, kinds: Collection[str]
) -> list[TotalRow]:
    query = _READ
    values: dict[str, Any] = {"grain": grain.value, "operation": operation}
    if country is not None or grain in _NOWHERE:
        query, values["of_country"] = query.where(_OF_COUNTRY), country or ""
    if kinds:
        query, values["kinds"] = query.where(_OF_KINDS), [*kinds]
    return _rows(session, query, values)


def kept(session: Session, operation: UUID) -> Iterator[tuple[Key, int, int]]:
    """Yield every row of an operation: its `kept_key`, records and quantity."""
    for grain, *key, records, quantity in session.execute(_KEPT, {"operation": operation}):
        yield kept_key(grain, tuple(key)), records, quantity


class _DaysBefore(sa.sql.functions.FunctionElement[str]):
    """The official day so many days before another; both are text."""

    type = sa.String()
    inherit_cache = True


@compiles(_DaysBefore, "sqlite")
def _sqlite_days_before(element: Any, compiler: Any, **given: Any) -> str:
    day, days = (compiler.process(clause, **given) for clause in element.clauses)
    return f"date({day}, '-' || {days} || ' days')"


@compiles(_DaysBefore, "postgresql")
def _postgres_days_before(element: Any, compiler: Any, **given: Any) -> str:
    day, days = (compiler.process(clause, **given) for clause in element.clauses)
    return f"to_char(CAST({day} AS date) - CAST({days} AS integer), 'YYYY-MM-DD')"


_DAYS = (_TABLE.c.grain == sa.bindparam("days_grain"), _OF_COUNTRY, *_OF_OPERATION)
_LAST_DAY = sa.select(_TABLE.c.day).where(*_DAYS).order_by(_TABLE.c.day.desc()).limit(1).scalar_subquery()
_WITH_DAYS = unscoped(
    sa.union_all(
        sa.select(*_COLUMNS).where(_TABLE.c.grain == _GRAIN, _OF_COUNTRY, *_OF_OPERATION),
        sa.select(*_COLUMNS).where(
            *_DAYS, _TABLE.c.day >= _DaysBefore(_LAST_DAY, sa.bindparam("before", type_=sa.Integer))
        ),
    )
)


def with_days(
    session: Session, operation: UUID, country: str | None, days: int
) -> tuple[list[TotalRow], list[TotalRow]]:
    """Return the totals of an operation, or of one country in it, and those of its latest days, in one query.

    The days are those from `days` days before the last day with results.
    """
    values = {"operation": operation, "of_country": country or "", "before": days}
    grains = (Grain.OPERATION, Grain.DAY) if country is None else (Grain.COUNTRY, Grain.COUNTRY_DAY)
    values |= {"grain": grains[0].value, "days_grain": grains[1].value}

    def found() -> tuple[list[TotalRow], list[TotalRow]]:
        rows = _rows(session, _WITH_DAYS, values)
        return [row for row in rows if not row.day], [row for row in rows if row.day]

    if country is not None:
        return found()
    return once_for_all(session, (with_days, operation, days), found)


class TotalKind(NamedTuple):
    """The totals of a sum: their kind, the codes allowed on sides, and the kinds of phases left out."""

    kind: str
    sides: tuple[tuple[str, frozenset[str]], ...]
    but_phases: tuple[str, ...]


def summed(
    session: Session,
    operation: UUID,
    grain: Grain,
    held: TotalKind,
    amount: str,
    level: Level,
    country: str | None = None,
) -> dict[str, tuple[int, int]]:
    """Return the sums of `amount` ("records" or "quantity") by country or day: from a level up, and below it.

    Only grouped rows leave the database. The key is in this order, so that it sorts nothing.
    """
    asked = (operation, grain, held, amount, level, country)
    if country is not None:
        return _summed(session, *asked)
    return once_for_all(session, (summed, *asked), lambda: _summed(session, *asked))


def _summed(
    session: Session, operation: UUID, grain: Grain, held: TotalKind, amount: str, level: Level, country: str | None
) -> dict[str, tuple[int, int]]:
    place = _TABLE.c.day if grain in (Grain.DAY, Grain.COUNTRY_DAY) else _TABLE.c.country
    reached, much = _TABLE.c.level >= int(level), _TABLE.c[amount]
    query = sa.select(
        place, *(sa.func.sum(sa.case((condition, much), else_=0)) for condition in (reached, sa.not_(reached)))
    ).where(_TABLE.c.grain == grain.value, *_OF_OPERATION, _TABLE.c.kind == held.kind)
    if country is not None or grain in _NOWHERE:
        query = query.where(_TABLE.c.country == (country or ""))
    for side_, codes in held.sides:
        query = query.where(_TABLE.c[side_].in_(sorted(codes)))
    if held.but_phases:
        query = query.where(_TABLE.c.phase_kind.not_in(held.but_phases))
    rows = session.execute(unscoped(query.group_by(place)), {"operation": operation}).all()
    return {which: (int(up), int(low)) for which, up, low in rows if up or low}


_HERE = (_TABLE.c.grain == Grain.SITE.value) & (_TABLE.c.site == sa.bindparam("site"))
_OF_PLACES = _READ_ANY.where(_HERE | (_TABLE.c.grain == Grain.COUNTRY.value), _OF_COUNTRY, _OF_KINDS)


def of_places(session: Session, operation: UUID, country: str, site: UUID, kinds: Collection[str]) -> list[TotalRow]:
    """Return the totals of some kinds of lines at one site, and those of its country (rows without a site)."""
    values = {"operation": operation, "of_country": country, "site": str(site), "kinds": [*kinds]}
    return _rows(session, _OF_PLACES, values)


def _rows(session: Session, query: Any, values: dict[str, Any]) -> list[TotalRow]:
    facets: dict[tuple[str, ...], Facet] = {}  # many rows share few facets
    rows = []
    for row in session.execute(query, values).all():
        sides = row[4:-2]
        facet = facets.get(sides) or facets.setdefault(sides, Facet(*sides))
        rows.append(TotalRow(row[0], row[1], row[2], row[3], facet, row[-2], row[-1]))
    return rows
