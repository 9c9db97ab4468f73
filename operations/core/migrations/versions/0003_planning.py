"""Layers, analyses and versions of the plan, and what the database itself refuses and shows of them.

Revision: 0003, after: 0002
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPEND_ONLY = ("layer_content", "analysis_result", "plan_item")
FACTS = {
    "event_layer": (
        "id, layer_id, version, supersedes_id, content_id, removed, operation_id, country, audience, classification, "
        "kind, name, source, licence, period_from, period_to, accuracy, accuracy_m, retrieved, mapping, accepted, "
        "refused, west, south, east, north, findings, size, sha256, author_id, author_name, made_at"
    ),
    "analysis": (
        "id, asked_at, operation_id, kind, question, question_hash, layer_versions, classification, author_id, "
        "author_name, rerun_of, resumed_from"
    ),
    "plan_version": "id, operation_id, number, note, author_id, author_name, made_at",
}
ENDED = "OLD.state IN ('done', 'failed', 'cancelled') AND NEW.state <> OLD.state"
AS_JSON = ("mapping", "findings", "question", "layer_versions")  # PostgreSQL compares no json, but its text

# Who sees what on PostgreSQL: reach is "all" for those who coordinate, "nation" for a country's people, "none" for
# leadership and whoever else works for no country. The store tells these last apart; here countries are kept apart.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
OWN = "current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)"
SHOWN = "current_setting('muster.reach', true) = 'nation' AND audience = 'participants'"
APPROVED = "current_setting('muster.reach', true) = 'nation' AND approved_at IS NOT NULL"
IN_LAYER = "EXISTS (SELECT 1 FROM event_layer WHERE event_layer.content_id = layer_content.version_id)"
IN_ANALYSIS = "EXISTS (SELECT 1 FROM analysis WHERE analysis.id = analysis_result.analysis_id)"
IN_VERSION = "EXISTS (SELECT 1 FROM plan_version WHERE plan_version.id = plan_item.plan_version_id)"
POLICIES = {
    # table: (what is seen, what may be written)
    "event_layer": (f"{NO_COUNTRY} OR ({OWN}) OR ({SHOWN})", f"{COORDINATES} OR ({OWN})"),
    "layer_content": (IN_LAYER, IN_LAYER),
    "analysis": (NO_COUNTRY, COORDINATES),
    "analysis_result": (IN_ANALYSIS, COORDINATES),
    "plan_version": (f"{NO_COUNTRY} OR ({APPROVED})", NO_COUNTRY),
    "plan_item": (f"{IN_VERSION} AND ({NO_COUNTRY} OR ({OWN}) OR ({SHOWN}))", COORDINATES),
}


def upgrade() -> None:
    op.create_table(
        "analysis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(120), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("question_hash", sa.String(64), nullable=False),
        sa.Column("layer_versions", sa.JSON(), nullable=False),
        sa.Column("classification", sa.String(20), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("rerun_of", sa.Uuid(), nullable=True),
        sa.Column("resumed_from", sa.Uuid(), nullable=True),
        sa.Column("adopted_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f("ck_analysis_ended_once"),
        ),
        sa.CheckConstraint(
            "(state IN ('running', 'cancelling')) = (lease_until IS NOT NULL)", name=op.f("ck_analysis_held_by_a_lease")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_analysis_operation_id_operation")),
        sa.ForeignKeyConstraint(["rerun_of"], ["analysis.id"], name=op.f("fk_analysis_rerun_of_analysis")),
        sa.ForeignKeyConstraint(["resumed_from"], ["analysis.id"], name=op.f("fk_analysis_resumed_from_analysis")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis")),
    )
    with op.batch_alter_table("analysis", schema=None) as batch_op:
        batch_op.create_index("ix_analysis_due", ["state", "lease_until"], unique=False)
        batch_op.create_index(batch_op.f("ix_analysis_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "event_layer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("layer_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("content_id", sa.Uuid(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("classification", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("licence", sa.String(300), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("accuracy", sa.String(300), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("retrieved", sa.Date(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("west", sa.Float(), nullable=True),
        sa.Column("south", sa.Float(), nullable=True),
        sa.Column("east", sa.Float(), nullable=True),
        sa.Column("north", sa.Float(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("accepted > 0 AND refused >= 0", name=op.f("ck_event_layer_counts")),
        sa.CheckConstraint("period_to >= period_from", name=op.f("ck_event_layer_period_in_order")),
        sa.ForeignKeyConstraint(["content_id"], ["event_layer.id"], name=op.f("fk_event_layer_content_id_event_layer")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_event_layer_operation_id_operation")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["event_layer.id"], name=op.f("fk_event_layer_supersedes_id_event_layer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_layer")),
        sa.UniqueConstraint("layer_id", "version", name=op.f("uq_event_layer_layer_id")),
    )
    with op.batch_alter_table("event_layer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_layer_content_id"), ["content_id"], unique=False)
        batch_op.create_index("ix_event_layer_current", ["operation_id", "current"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_layer_layer_id"), ["layer_id"], unique=False)
        batch_op.create_index(
            "uq_event_layer_one_current",
            ["layer_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "plan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_name", sa.String(120), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "state <> 'approved' OR approved_by IS NOT NULL", name=op.f("ck_plan_version_approval_is_written")
        ),
        sa.CheckConstraint(
            "state <> 'draft' OR approved_by IS NULL", name=op.f("ck_plan_version_drafts_are_not_approved")
        ),
        sa.CheckConstraint(
            "(approved_by IS NULL) = (approved_at IS NULL)", name=op.f("ck_plan_version_approved_by_somebody")
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> author_id", name=op.f("ck_plan_version_four_eyes")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_plan_version_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("operation_id", "number", name=op.f("uq_plan_version_operation_id")),
    )
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_version_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_plan_version_one_in_force",
            ["operation_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "analysis_result",
        sa.Column("analysis_id", sa.Uuid(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["analysis_id"], ["analysis.id"], name=op.f("fk_analysis_result_analysis_id_analysis")),
        sa.PrimaryKeyConstraint("analysis_id", name=op.f("pk_analysis_result")),
    )
    op.create_table(
        "layer_content",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["event_layer.id"], name=op.f("fk_layer_content_version_id_event_layer")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_layer_content")),
    )
    op.create_table(
        "plan_item",
        sa.Column("plan_version_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=True),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_version_id"], ["plan_version.id"], name=op.f("fk_plan_item_plan_version_id_plan_version")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["map_object.id"], name=op.f("fk_plan_item_version_id_map_object")),
        sa.PrimaryKeyConstraint("plan_version_id", "item_id", name=op.f("pk_plan_item")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} {refuse}")
    for table, facts in FACTS.items():
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OF {facts} ON {table} {refuse}")
    for table in (*APPEND_ONLY, *FACTS):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER analysis_ends BEFORE UPDATE OF state ON analysis WHEN {ENDED} {refuse}")


def _guard_postgresql() -> None:
    refuse = "EXECUTE FUNCTION muster_refuse()"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
    for table, facts in FACTS.items():
        texts = ((f"{name}::text" if name in AS_JSON else name) for name in facts.split(", "))
        changed = " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in texts)
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {refuse}")
    for table in (*APPEND_ONLY, *FACTS):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_lasts BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    op.execute(f"CREATE TRIGGER analysis_ends BEFORE UPDATE ON analysis FOR EACH ROW WHEN ({ENDED}) {refuse}")
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")


def downgrade() -> None:
    for table in ("plan_item", "layer_content", "analysis_result", "plan_version", "event_layer", "analysis"):
        op.drop_table(table)
