"""Alembic's environment: runs on the connection that `schema.upgrade` hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel

from operations import tables  # noqa: F401 - knows every table


def _render(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write Muster's moments and SQLModel's texts by their short names."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "UtcDateTime()"
    if kind == "type" and type(item).__name__ == "AutoString":
        return f"sa.String({item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
