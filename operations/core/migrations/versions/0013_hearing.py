"""Each reader's own number: how many entries of an operation each audience was told.

What is in the journal already is counted by a plain rule, which tells nobody of what may be need-to-know.

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NEED_TO_KNOW = ("lead", "fugitive_case")
PUBLIC = ("operation", "phase", "site")


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("operation_id", "audience", name=op.f("pk_heard")),
    )
    op.create_index(op.f("ix_heard_seq"), "heard", ["seq"])
    _count_what_is_there()


def _count_what_is_there() -> None:
    """What is need-to-know to those who coordinate, the life of the operation to all, the rest to whom it concerns."""
    heard = sa.table("heard", *(sa.column(name) for name in ("operation_id", "audience", "number", "seq", "at")))
    entry = sa.table("entry", *(sa.column(name) for name in ("operation_id", "object_kind", "country", "seq", "at")))
    known = entry.c.operation_id.is_not(None)
    secret, public = entry.c.object_kind.in_(NEED_TO_KNOW), entry.c.object_kind.in_(PUBLIC)
    told = (
        (sa.literal("operation_coordinator"), secret),
        (sa.literal("ocu_analyst"), secret),
        (sa.literal("auditor"), secret),
        (sa.literal("*"), ~secret & public),
        (sa.literal("+"), ~secret & ~public),
        (entry.c.country, ~secret & ~public & entry.c.country.is_not(None)),
    )
    for audience, which in told:
        last = (sa.func.count(), sa.func.max(entry.c.seq), sa.func.max(entry.c.at))
        counted = sa.select(entry.c.operation_id, audience, *last).where(known, which)
        counted = counted.group_by(
            entry.c.operation_id, *([] if isinstance(audience, sa.BindParameter) else [audience])
        )
        op.execute(heard.insert().from_select(["operation_id", "audience", "number", "seq", "at"], counted))


def downgrade() -> None:
    op.drop_table("heard")
