"""The difference of two complete schemas as SQL: what a migration adds to a database of the older one.

Both are lists of statements as `operations.ddl.complete` makes them. What a database holds is never taken away: a table
or a column that is gone, or one that is told in another way than wider, is refused in a sentence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_KINDS = (
    ("table", re.compile(r"CREATE TABLE (?P<name>\w+) ")),
    ("index", re.compile(r"CREATE (?:UNIQUE )?INDEX (?P<name>\w+) ON (?P<table>\w+)")),
    ("function", re.compile(r"CREATE FUNCTION (?P<name>\w+)\(")),
    ("trigger", re.compile(r"CREATE TRIGGER (?P<name>\w+) .*? ON (?P<table>\w+)")),
    ("policy", re.compile(r"CREATE POLICY (?P<name>\w+) ON (?P<table>\w+)")),
    ("row", re.compile(r"INSERT INTO (?P<table>\w+) .*?VALUES \((?P<name>'[^']+')")),
    ("option", re.compile(r"(?P<name>ALTER TABLE (?P<table>\w+) .*)")),
)
_PART = ",\n\t"
_CONSTRAINT = re.compile(r"CONSTRAINT (\w+) ")
_COLUMN = re.compile(r'"?(\w+)"? (\w+(?:\(\d+\))?)(.*)', re.DOTALL)


class SchemaError(Exception):
    """A change of the models that no migration may make; its text says what to do instead."""


class ObjectName(NamedTuple):
    """What a statement makes: "table", "index" and so on, on which table, and its own name."""

    kind: str
    table: str
    name: str


@dataclass
class Table:
    """A table's columns and constraints, each by its name as its definition."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    constraints: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, statement: str) -> "Table":
        """Read a CREATE TABLE of SQLAlchemy."""
        head, _, body = statement.partition(" (\n\t")
        table = cls(head.removeprefix("CREATE TABLE "))
        for part in body.removesuffix("\n)").split(_PART):
            if constraint := _CONSTRAINT.match(part):
                table.constraints[constraint[1]] = part
            elif column := _COLUMN.match(part):
                table.columns[column[1]] = part
            else:
                raise SchemaError(f"{table.name}: {part!r} has no name. Name the constraint.")
        return table


def named(statements: Iterable[str]) -> dict[ObjectName, str]:
    """Return statements by what they make."""
    found: dict[ObjectName, str] = {}
    for statement in statements:
        for kind, pattern in _KINDS:
            if match := pattern.match(statement):
                groups = match.groupdict()
                found[ObjectName(kind, groups.get("table") or groups["name"], groups["name"])] = statement
                break
        else:
            raise SchemaError(f"Nobody knows what this makes: {statement[:80]}")
    return found


def difference(storage: str, before: Iterable[str], after: Iterable[str]) -> list[str]:
    """Return the statements that make of a database with the schema `before` one with the schema `after`.

    Raises SchemaError where something would be lost.
    """
    return list(_Difference(storage, named(before), named(after)).statements())


class _Difference:
    def __init__(self, storage: str, old: dict[ObjectName, str], new: dict[ObjectName, str]) -> None:
        self.storage, self.old, self.new = storage, old, new
        self.sqlite = storage == "sqlite"
        self.altered = [name for name in new if name.kind == "table" and name in old and old[name] != new[name]]
        self.rebuilt = {name.table for name in self.altered if self.sqlite and self._is_rebuilt(name)}
        # PostgreSQL widens no column while a trigger or a policy reads it.
        self.held = self.rebuilt | {name.table for name in self.altered if self._is_widened(name)}

    def statements(self) -> Iterator[str]:
        for name in self.old.keys() - self.new.keys():
            if name.kind in ("table", "row"):
                raise SchemaError(f"{name.kind} {name.name} of {name.table} was released: databases hold it. Keep it.")
            if name.kind == "option":
                raise SchemaError(f"{name.name} was released, and nothing takes it back. Keep it.")
        again = [name for name in self.old if name.kind in ("trigger", "policy", "index") and self._goes(name)]
        for name in again:
            yield self._drop(name)
        for name in self.altered:
            yield from self._rebuild(name) if name.table in self.rebuilt else self._alter(name)
        for name, statement in self.new.items():
            if name not in self.old or name in again:
                yield statement
            elif name.kind == "function" and self.old[name] != statement:
                yield statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
            elif name.kind == "row" and self.old[name] != statement:
                raise SchemaError(f"The row {name.name} of {name.table} was released. Ship another beside it.")
        for name in sorted(self.old.keys() - self.new.keys()):
            if name.kind == "function":
                yield f"DROP FUNCTION {name.name}()"

    def _goes(self, name: ObjectName) -> bool:
        """Whether something is dropped, to be made again if the new schema has it."""
        if self.new.get(name) != self.old[name]:
            return True
        if name.kind == "index":
            return name.table in self.rebuilt
        return any(re.search(rf"\b{table}\b", self.old[name]) for table in self.held)

    def _drop(self, name: ObjectName) -> str:
        on = "" if self.sqlite or name.kind == "index" else f" ON {name.table}"
        return f"DROP {name.kind.upper()} {name.name}{on}"

    def _is_rebuilt(self, name: ObjectName) -> bool:
        """Whether SQLite has to make a table anew: it adds columns at the end, and changes nothing else."""
        old, new = Table.of(self.old[name]), Table.of(self.new[name])
        return old.constraints != new.constraints or self._is_widened(name)

    def _is_widened(self, name: ObjectName) -> bool:
        old, new = Table.of(self.old[name]), Table.of(self.new[name])
        return any(new.columns.get(column) != said for column, said in old.columns.items())

    def _alter(self, name: ObjectName) -> Iterator[str]:
        old, new = Table.of(self.old[name]), Table.of(self.new[name])
        _refuse_losses(old, new)
        for constraint, said in old.constraints.items():
            if new.constraints.get(constraint) != said:
                yield f"ALTER TABLE {new.name} DROP CONSTRAINT {constraint}"
        for column, said in new.columns.items():
            if column not in old.columns:
                yield f"ALTER TABLE {new.name} ADD COLUMN {said}"
            elif old.columns[column] != said:
                yield from _widened(new.name, column, old.columns[column], said)
        for constraint, said in new.constraints.items():
            if old.constraints.get(constraint) != said:
                yield f"ALTER TABLE {new.name} ADD {said}"

    def _rebuild(self, name: ObjectName) -> Iterator[str]:
        """Make a table of SQLite anew, with its rows; its indexes and triggers are made again after it."""
        old, new = Table.of(self.old[name]), Table.of(self.new[name])
        _refuse_losses(old, new)
        columns = ", ".join(f'"{column}"' for column in old.columns)
        yield self.new[name].replace(f"CREATE TABLE {new.name} ", f"CREATE TABLE {new.name}_anew ", 1)
        yield f"INSERT INTO {new.name}_anew ({columns}) SELECT {columns} FROM {new.name}"  # noqa: S608 - our own names
        yield f"DROP TABLE {new.name}"
        yield f"ALTER TABLE {new.name}_anew RENAME TO {new.name}"


def _length(kind: str) -> int:
    return int("".join(filter(str.isdigit, kind)) or 0)


def _refuse_losses(old: Table, new: Table) -> None:
    for column in old.columns.keys() - new.columns.keys():
        raise SchemaError(f"{old.name}.{column} was released: databases hold it. Keep the column.")
    for column in old.columns.keys() & new.columns.keys():
        if old.columns[column] != new.columns[column]:
            list(_widened(new.name, column, old.columns[column], new.columns[column]))  # whether it can be
    for column in new.columns.keys() - old.columns.keys():
        if "NOT NULL" in new.columns[column] and "DEFAULT" not in new.columns[column]:
            raise SchemaError(
                f"{new.name}.{column} must say what it is in rows that are there already: let it be empty, or give it "
                'sa_column_kwargs={"server_default": ...}.'
            )


def _widened(table: str, column: str, before: str, after: str) -> Iterator[str]:
    """Yield how PostgreSQL widens a column: a longer text, or one that may be empty now."""
    old, new = _COLUMN.match(before), _COLUMN.match(after)
    assert old is not None and new is not None  # noqa: S101, PT018 - read from the same table
    if old[2] != new[2]:
        if _length(new[2]) < _length(old[2]):
            raise SchemaError(f"{table}.{column} was released as {before!r}: it can be wider, not {after!r}.")
        yield f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {new[2]}"
    if old[3] != new[3]:
        if "NOT NULL" in new[3] or "DEFAULT" in new[3]:
            raise SchemaError(f"{table}.{column} was released as {before!r}: it can be wider, not {after!r}.")
        yield f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"
