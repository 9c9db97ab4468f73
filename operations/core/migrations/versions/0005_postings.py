"""Postings and assignments have days, an assignment says who stands in, and both can come again.

What was there goes on as before: it has no first and no last day.

Revision: r0005, after: r0004
"""

from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _made_anew("posting", "site")
    _made_anew(
        "assignment",
        "operation",
        sa.Column("deputy", sa.Boolean(), nullable=False),
        sa.Column("countries", sa.JSON(), nullable=False),
    )


def _made_anew(table: str, at: str, *more: sa.Column[Any]) -> None:
    """The table with a key of its own, and the rows that it had."""
    where = f"{at}_id"
    old = sa.table(table, sa.column("account_id", sa.Uuid()), sa.column(where, sa.Uuid()))
    kept = op.get_bind().execute(sa.select(old)).all()
    op.drop_table(table)
    made = op.create_table(
        table,
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column(where, sa.Uuid(), sa.ForeignKey(f"{at}.id"), nullable=False, index=True),
        sa.Column("starts", UtcDateTime()),
        sa.Column("ends", UtcDateTime()),
        *more,
        sa.Column("made_by", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts <= ends", name="in_order"),
    )
    rest: dict[str, Any] = {"deputy": False, "countries": []} if more else {}
    if kept:
        op.bulk_insert(
            made,
            [{"id": uuid4(), "account_id": who, where: place, "version": 1, **rest} for who, place in kept],
        )


def downgrade() -> None:
    raise NotImplementedError("Days of postings are not forgotten: restore a backup instead.")
