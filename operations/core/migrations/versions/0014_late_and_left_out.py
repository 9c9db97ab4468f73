"""Who answered a hit, what changed after the debriefing, and what was left out of it.

A hit that is not pending has somebody who answered it, and that person neither wrote nor verified nor validated the
version: triggers see to it, because the answer and the eyes stand in two tables. Answers from before stay as they were.

Revision: 0014, after: 0013
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

REFUSAL = "The answer to a hit needs other eyes than its report."
ANSWERED = "NEW.kind = 'hit' AND NEW.status <> 'pending'"
NO_OTHER_EYES = """NEW.answered_by IS NULL OR EXISTS (
    SELECT 1 FROM report WHERE report.id = NEW.version_id
    AND NEW.answered_by IN (report.author_id, report.verified_by, report.validated_by))"""
EYES_MOVED = "verified_by", "validated_by"
ANSWERER = """EXISTS (
    SELECT 1 FROM line WHERE line.version_id = NEW.id AND line.answered_by IN (NEW.verified_by, NEW.validated_by))"""
COUNTRY = "current_setting('muster.country', true)"
SEEN = (
    "current_setting('muster.reach', true) IN ('all', 'none') OR "
    f"(current_setting('muster.reach', true) = 'nation' AND country = {COUNTRY})"
)
WRITTEN = "current_setting('muster.reach', true) = 'all'"


def upgrade() -> None:
    op.add_column("report", sa.Column("late", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("line", sa.Column("answered_by", sa.Uuid(), nullable=True))
    with_answer = sa.text("answered_by IS NOT NULL")
    op.create_index(
        "ix_line_answered_by", "line", ["answered_by"], sqlite_where=with_answer, postgresql_where=with_answer
    )
    op.create_table(
        "left_out",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("named_by_name", sa.String(120), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reports > 0 AND reason <> ''", name=op.f("ck_left_out_named")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_left_out_operation_id_operation")),
        sa.PrimaryKeyConstraint("operation_id", "country", name=op.f("pk_left_out")),
    )
    if _postgresql():
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    refuse = f"SELECT RAISE(ABORT, '{REFUSAL}')"
    op.execute(
        f"CREATE TRIGGER line_answered BEFORE INSERT ON line WHEN {ANSWERED} BEGIN {refuse} WHERE {NO_OTHER_EYES}; END"
    )
    op.execute(
        f"CREATE TRIGGER report_answered BEFORE UPDATE OF {', '.join(EYES_MOVED)} ON report "
        f"BEGIN {refuse} WHERE {ANSWERER}; END"
    )


def _guard_postgresql() -> None:
    for name, condition in (("line_answered", NO_OTHER_EYES), ("report_answered", ANSWERER)):
        op.execute(f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF {condition} THEN RAISE EXCEPTION '{REFUSAL}'; END IF; RETURN NEW; END $$
        """)
    op.execute(
        f"CREATE TRIGGER line_answered BEFORE INSERT ON line FOR EACH ROW WHEN ({ANSWERED}) "
        "EXECUTE FUNCTION line_answered()"
    )
    moved = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in EYES_MOVED)
    op.execute(
        f"CREATE TRIGGER report_answered BEFORE UPDATE ON report FOR EACH ROW WHEN ({moved}) "
        "EXECUTE FUNCTION report_answered()"
    )
    op.execute("ALTER TABLE left_out ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE left_out FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY left_out_by_country ON left_out USING ({SEEN}) WITH CHECK ({WRITTEN})")


def downgrade() -> None:
    for table in ("line", "report"):
        op.execute(f"DROP TRIGGER {table}_answered" + (f" ON {table}" if _postgresql() else ""))
        if _postgresql():
            op.execute(f"DROP FUNCTION {table}_answered()")
    op.drop_table("left_out")
    op.drop_index("ix_line_answered_by", "line")
    op.execute("ALTER TABLE line DROP COLUMN answered_by")  # without a copy: triggers and keys stay
    op.execute("ALTER TABLE report DROP COLUMN late")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
