"""Leads, and what the database itself refuses and shows of them.

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APPEND_ONLY = ("lead_version", "lead_answer")
FACTS = {
    "lead": "id, operation_id, origin, origin_country, subject_kind, subject_id, made_at",
    "lead_country": "lead_id, country, operation_id, origin_country, subject_id",
}
LASTING = ("lead",)

# Who sees what on PostgreSQL: reach is "all" for those who coordinate, "nation" for a country's people, "none" for
# leadership and whoever else works for no country. A country knows its own leads and those that were sent to it.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
NATION = "current_setting('muster.reach', true) = 'nation'"
COUNTRY = "current_setting('muster.country', true)"
OF_ORIGIN = f"({NATION} AND origin_country = {COUNTRY})"
OWN = f"({NATION} AND country = {COUNTRY})"
STILL = f"country = {COUNTRY} AND shared_at IS NOT NULL AND revoked_at IS NULL"
SENT = f"({NATION} AND id IN (SELECT lead_id FROM lead_country WHERE {STILL}))"  # noqa: S608 - constants of this file
IN_LEAD = "EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id)"
POLICIES = {
    # table: (what is seen, what may be written)
    "lead": (f"{COORDINATES} OR {OF_ORIGIN} OR {SENT}", f"{COORDINATES} OR {OF_ORIGIN} OR {SENT}"),
    "lead_version": (IN_LEAD, f"{COORDINATES} OR {IN_LEAD}"),
    "lead_country": (f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}", f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}"),
    "lead_answer": (f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}", OWN),
}


def upgrade() -> None:
    op.create_table(
        "lead",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("origin_country", sa.String(3), nullable=True),
        sa.Column("subject_kind", sa.String(24), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("origin <> 'country' OR origin_country IS NOT NULL", name=op.f("ck_lead_country_named")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_lead_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index("ix_lead_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "lead_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("origin_country", sa.String(3), nullable=True),
        sa.Column("answer", sa.String(12), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_answer_lead_id_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_answer")),
    )
    with op.batch_alter_table("lead_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_answer_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "lead_country",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("origin_country", sa.String(3), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("shared_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'new') = (shared_at IS NULL)", name=op.f("ck_lead_country_new_until_shared")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_country_lead_id_lead")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_lead_country_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("lead_id", "country", name=op.f("pk_lead_country")),
    )
    with op.batch_alter_table("lead_country", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_country_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index("ix_lead_country_subject", ["subject_id", "country"], unique=False)

    op.create_table(
        "lead_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(2000), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("handling", sa.String(2), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_version_lead_id_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_version")),
        sa.UniqueConstraint("lead_id", "version", name=op.f("uq_lead_version_lead_id")),
    )
    with op.batch_alter_table("lead_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_version_lead_id"), ["lead_id"], unique=False)

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
    for table in (*APPEND_ONLY, *LASTING):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")


def _guard_postgresql() -> None:
    refuse = "EXECUTE FUNCTION muster_refuse()"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
    for table, facts in FACTS.items():
        changed = " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in facts.split(", "))
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {refuse}")
    for table in (*APPEND_ONLY, *LASTING):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_lasts BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # policies look into other tables, which go before their own
        for table in POLICIES:
            op.execute(f"DROP POLICY {table}_by_country ON {table}")
    for table in ("lead_answer", "lead_country", "lead_version", "lead"):
        op.drop_table(table)
