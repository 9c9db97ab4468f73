"""People are invited by a link, confirmed by a second person, and kept: what an account needs for it.

Revision: r0004, after: r0003
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("unit", sa.String(120), nullable=False, server_default=""),
        sa.Column("emergency", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("handed_by", sa.Uuid()),
        sa.Column("vouched_by", sa.Uuid()),
        sa.Column("proposed_by", sa.Uuid()),
        sa.Column("reopened_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    ):
        op.add_column("account", column)  # without a batch: SQLite would drop the table that most others refer to
    op.create_table(
        "invitation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("account_id", sa.Uuid(), sa.ForeignKey("account.id"), nullable=False, index=True),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("replaced_at", UtcDateTime()),
        sa.CheckConstraint("used_at IS NULL OR replaced_at IS NULL", name="ends_once"),
        sa.CheckConstraint("ends_at > made_at", name="has_time"),
    )


def downgrade() -> None:
    op.drop_table("invitation")
    for name in ("version", "reopened_at", "proposed_by", "vouched_by", "handed_by", "emergency", "unit"):
        op.drop_column("account", name)
