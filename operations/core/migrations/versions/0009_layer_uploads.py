"""Files that people are bringing in wait in the database, where every process finds them.

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# As with layers: a country's people reach what their country brings in. That it is the person's own, the store checks.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
OWN = "current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)"
MINE = f"{COORDINATES} OR ({OWN})"
OVER = "current_setting('muster.reach', true) IN ('all', 'nation', 'none') AND expires_at <= now()"


def upgrade() -> None:
    op.create_table(
        "layer_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("size > 0 AND size <= 67108864", name=op.f("ck_layer_upload_size")),
        sa.CheckConstraint("expires_at > kept_at", name=op.f("ck_layer_upload_expires")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_layer_upload_account_id_account")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_layer_upload_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layer_upload")),
    )
    with op.batch_alter_table("layer_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_layer_upload_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_layer_upload_expires_at"), ["expires_at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE layer_upload ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE layer_upload FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY layer_upload_by_country ON layer_upload USING ({MINE}) WITH CHECK ({MINE})")
        op.execute(f"CREATE POLICY layer_upload_seen_over ON layer_upload FOR SELECT USING ({OVER})")
        op.execute(f"CREATE POLICY layer_upload_ends ON layer_upload FOR DELETE USING ({OVER})")


def downgrade() -> None:
    op.drop_table("layer_upload")
