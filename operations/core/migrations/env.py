"""Alembic's environment: runs on the connection that `store.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

from operations import tables  # noqa: F401 - knows every table


def _render(kind: str, item: object, _context: object) -> str | bool:
    """Write Muster's column type by its short name."""
    return "UtcDateTime()" if kind == "type" and type(item).__name__ == "UtcDateTime" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    render_item=_render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
