"""Recommendations of an evaluation, and what is written of them.

Revision: r0003, after: r0002
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None

FACTS = (
    *("id", "operation_id", "country", "role", "text", "evidence", "area", "source", "due"),
    *("author_id", "author_name", "made_at"),
)
REFUSAL = "What was written here is never changed."
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
OWN = "(current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true))"


def upgrade() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("role", sa.String(32)),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("evidence", sa.String(2000), nullable=False),
        sa.Column("area", sa.String(24), nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("done_by", sa.Uuid()),
        sa.Column("closed_by", sa.Uuid()),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(country IS NULL) <> (role IS NULL)", name="owned_by_one"),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'partly', 'under_way', 'done', 'closed', 'rejected', 'dropped')",
            name="state_known",
        ),
        sa.CheckConstraint(
            "(state IN ('accepted', 'partly', 'done', 'rejected', 'dropped')) = (reason <> '')", name="reason_given"
        ),
        sa.CheckConstraint("(state IN ('done', 'closed')) = (done_by IS NOT NULL)", name="done_by_somebody"),
        sa.CheckConstraint("(state = 'closed') = (closed_by IS NOT NULL)", name="closed_once"),
        sa.CheckConstraint("closed_by IS NULL OR closed_by <> done_by", name="other_eyes"),
    )
    op.create_table(
        "recommendation_note",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("recommendation_id", sa.Uuid(), sa.ForeignKey("recommendation.id"), nullable=False, index=True),
        sa.Column("operation_id", sa.Uuid(), sa.ForeignKey("operation.id"), nullable=False, index=True),
        sa.Column("country", sa.String(3)),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    other = "IS DISTINCT FROM" if postgresql else "IS NOT"
    rewritten = " OR ".join(f"OLD.{name} {other} NEW.{name}" for name in FACTS)
    refuse = "EXECUTE FUNCTION muster_refuse()" if postgresql else f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for name, event, when in (
        ("recommendation_keeps", "UPDATE ON recommendation", f"WHEN ({rewritten}) "),
        ("recommendation_stays", "DELETE ON recommendation", ""),
        ("recommendation_note_keeps", "UPDATE ON recommendation_note", ""),
        ("recommendation_note_stays", "DELETE ON recommendation_note", ""),
    ):
        each = "FOR EACH ROW " if postgresql else ""
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} {each}{when}{refuse}")
    if postgresql:
        for table in ("recommendation", "recommendation_note"):
            op.execute(
                f"CREATE TRIGGER {table}_lasts BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
                "EXECUTE FUNCTION muster_refuse()"
            )
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            shown = f"{NO_COUNTRY} OR {OWN}"
            op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({shown}) WITH CHECK ({shown})")


def downgrade() -> None:
    op.drop_table("recommendation_note")
    op.drop_table("recommendation")
