"""The rows that a new database holds: its version, the heads of both chains, the templates that come with Muster."""

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy import JSON
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine
from sqlmodel import SQLModel

from operations.core.journal import Chain, Head
from operations.templates.library import Template

SHIPPED = Path(__file__).parents[1] / "templates" / "shipped"
HOUSE = UUID("6d757374-6572-4000-8000-74656d706c61")


def statements(dialect: Dialect) -> Iterator[str]:
    """Yield an INSERT for each row."""
    for chain in Chain:
        yield _insert(Head, dialect, chain=chain.value, seq=0, hash="0" * 64, key="")
    for path in sorted(SHIPPED.glob("*.toml")):
        content, identity = tomllib.loads(path.read_text(encoding="utf-8")), uuid5(HOUSE, path.stem)
        yield _insert(
            Template,
            dialect,
            id=uuid5(identity, "1"),
            template_id=identity,
            version=1,
            current=True,
            retired=False,
            kind=content["kind"],
            content=content,
            author_name="Muster",
            made_at=datetime(2026, 11, 25, tzinfo=UTC),
        )


def _insert(model: type[Head] | type[Template], dialect: Dialect, **values: object) -> str:
    columns = SQLModel.metadata.tables[str(model.__tablename__)].columns
    literals = (_literal(columns[name].type, value, dialect) for name, value in values.items())
    return f"INSERT INTO {model.__tablename__} ({', '.join(values)}) VALUES ({', '.join(literals)})"  # noqa: S608


def _literal(kind: TypeEngine[object], value: object, dialect: Dialect) -> str:
    """Return a value as it is written in SQL: what the driver would be given, quoted unless it is a number."""
    process = None if isinstance(kind, JSON) else kind.dialect_impl(dialect).bind_processor(dialect)
    stored = json.dumps(value) if isinstance(kind, JSON) else value if process is None else process(value)
    if isinstance(stored, int):
        return str(stored).lower() if dialect.name == "postgresql" else str(int(stored))
    return "'" + str(stored).replace("'", "''") + "'"
