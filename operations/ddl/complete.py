"""The complete DDL of a storage, as the models say it today."""

import re
from collections.abc import Iterator

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from operations import tables
from operations.ddl import row_security, shipped_rows, triggers

DIALECTS: dict[str, Dialect] = {  # with named parameters, % stays %
    "sqlite": sqlite.dialect(paramstyle="named"),
    "postgresql": postgresql.dialect(paramstyle="named"),  # type: ignore[no-untyped-call]
}
VERSION = "CREATE TABLE schema_version (\n\tnumber INTEGER NOT NULL\n)"


def statements(storage: str) -> list[str]:
    """Return the SQL statements that make a new database, in their order, without semicolons."""
    return [re.sub(r"[ \t]+\n", "\n", statement.strip()) for statement in _statements(storage)]


def _statements(storage: str) -> Iterator[str]:
    assert tables.__all__  # noqa: S101 - imported for the tables that their modules declare
    dialect = DIALECTS[storage]
    yield VERSION
    for table in SQLModel.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
    yield from shipped_rows.statements(dialect)
    yield from triggers.statements(storage)
    if storage == "postgresql":
        yield "ALTER TABLE layer_marks ALTER COLUMN data SET STORAGE EXTERNAL"  # coordinates hardly compress
        yield from row_security.statements()
