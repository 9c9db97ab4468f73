"""What the map shows of a layer is counted when it comes in, and kept in pieces.

Layers that are there already are counted by the worker, when it has nothing else to do.

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# Marks are seen and written by whoever sees and writes the layer, as with its content.
IN_LAYER = "EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_marks.content_id)"


def upgrade() -> None:
    op.create_table(
        "layer_marks",
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("zoom", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("marks", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["event_layer.id"], name=op.f("fk_layer_marks_content_id_event_layer")),
        sa.PrimaryKeyConstraint("content_id", "zoom", "number", name=op.f("pk_layer_marks")),
    )
    if op.get_bind().dialect.name == "postgresql":
        refuse = "EXECUTE FUNCTION muster_refuse()"
        op.execute(f"CREATE TRIGGER layer_marks_keeps BEFORE UPDATE ON layer_marks FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER layer_marks_stays BEFORE DELETE ON layer_marks FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER layer_marks_lasts BEFORE TRUNCATE ON layer_marks FOR EACH STATEMENT {refuse}")
        op.execute("ALTER TABLE layer_marks ALTER COLUMN data SET STORAGE EXTERNAL")  # coordinates hardly compress
        op.execute("ALTER TABLE layer_marks ENABLE ROW LEVEL SECURITY")
        op.execute("ALTER TABLE layer_marks FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY layer_marks_by_country ON layer_marks USING ({IN_LAYER}) WITH CHECK ({IN_LAYER})")
    else:
        refuse = "BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END"
        op.execute(f"CREATE TRIGGER layer_marks_keeps BEFORE UPDATE ON layer_marks {refuse}")
        op.execute(f"CREATE TRIGGER layer_marks_stays BEFORE DELETE ON layer_marks {refuse}")


def downgrade() -> None:
    op.drop_table("layer_marks")
