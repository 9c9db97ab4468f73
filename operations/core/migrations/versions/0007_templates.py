"""Operational plan, coordination units, targets, templates, intelligence, and what the database refuses of them.

Revision: 0007, after: 0006
"""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("oplan_item", "tasking")
FACTS = {
    "oplan_section": (
        "id, operation_id, section, version, supersedes_id, state, text, author_id, author_name, made_at"
    ),
    "oplan_version": ("id, operation_id, number, note, content_hash, approved_by, approved_name, approved_at"),
    "oplan_comment": "id, operation_id, section, country, text, author_id, author_name, made_at",
    "coordination_unit": (
        "id, object_id, version, supersedes_id, operation_id, kind, host_country, region, zone, round_the_clock, days, "
        "opens, closes, supports, members, note, author_id, author_name, made_at"
    ),
    "hypothesis": (
        "id, operation_id, version, supersedes_id, statement, state, source, information, author_id, author_name, "
        "made_at"
    ),
    "network_entity": (
        "id, entity_id, version, supersedes_id, removed, operation_id, kind, code, description, source, information, "
        "author_id, author_name, made_at"
    ),
    "network_link": ("id, operation_id, from_id, to_id, kind, source, information, author_id, author_name, made_at"),
    "lead_result": (
        "id, lead_id, lead_operation_id, operation_id, country, report_id, line_id, kind, note, author_id, "
        "author_name, made_at"
    ),
    "template": "id, template_id, version, supersedes_id, retired, kind, content, author_id, author_name, made_at",
}
AS_JSON = ("days", "supports", "members", "content")  # PostgreSQL compares no json, but its text

NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
COORDINATES = "current_setting('muster.reach', true) = 'all'"
OWN = "current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)"
POLICIES = {
    # table: (what is seen, what may be written)
    "oplan_section": ("true", COORDINATES),
    "oplan_version": ("true", NO_COUNTRY),
    "oplan_item": ("true", NO_COUNTRY),
    "oplan_comment": (f"{NO_COUNTRY} OR ({OWN})", f"{COORDINATES} OR ({OWN})"),
    "coordination_unit": ("true", COORDINATES),
    "hypothesis": (NO_COUNTRY, COORDINATES),
    "network_entity": (NO_COUNTRY, COORDINATES),
    "network_link": (NO_COUNTRY, COORDINATES),
    "tasking": (NO_COUNTRY, COORDINATES),
    "lead_result": (f"{NO_COUNTRY} OR ({OWN})", f"{COORDINATES} OR ({OWN})"),
    "template": (NO_COUNTRY, COORDINATES),
}

SHIPPED = Path(__file__).parents[3] / "templates" / "shipped"
HOUSE = UUID("6d757374-6572-4000-8000-74656d706c61")


def upgrade() -> None:
    op.create_table(
        "template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["supersedes_id"], ["template.id"], name=op.f("fk_template_supersedes_id_template")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_template")),
        sa.UniqueConstraint("template_id", "version", name=op.f("uq_template_template_id")),
    )
    with op.batch_alter_table("template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_template_template_id"), ["template_id"], unique=False)
        batch_op.create_index(
            "uq_template_one_current",
            ["template_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "coordination_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("region", sa.String(300), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("round_the_clock", sa.Boolean(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("supports", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "round_the_clock OR (opens IS NOT NULL AND closes IS NOT NULL)", name=op.f("ck_coordination_unit_has_hours")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_coordination_unit_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["coordination_unit.id"],
            name=op.f("fk_coordination_unit_supersedes_id_coordination_unit"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordination_unit")),
        sa.UniqueConstraint("object_id", "version", name=op.f("uq_coordination_unit_object_id")),
    )
    with op.batch_alter_table("coordination_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coordination_unit_object_id"), ["object_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coordination_unit_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_coordination_unit_one_current",
            ["object_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "hypothesis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_hypothesis_operation_id_operation")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["hypothesis.id"], name=op.f("fk_hypothesis_supersedes_id_hypothesis")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypothesis")),
        sa.UniqueConstraint("operation_id", "version", name=op.f("uq_hypothesis_operation_id")),
    )
    with op.batch_alter_table("hypothesis", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hypothesis_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_hypothesis_one_current",
            ["operation_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "kpi_target",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("kpi", sa.String(8), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.String(120), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_kpi_target_aims_at_something")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_kpi_target_operation_id_operation")),
        sa.PrimaryKeyConstraint("operation_id", "kpi", name=op.f("pk_kpi_target")),
    )
    op.create_table(
        "lead_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("lead_operation_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_reason", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["lead_operation_id"], ["operation.id"], name=op.f("fk_lead_result_lead_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_lead_result_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_result")),
    )
    with op.batch_alter_table("lead_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_result_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_result_lead_operation_id"), ["lead_operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_result_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_lead_result_once",
            ["lead_id", "line_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "network_entity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("description", sa.String(2000), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_network_entity_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["network_entity.id"], name=op.f("fk_network_entity_supersedes_id_network_entity")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_entity")),
        sa.UniqueConstraint("entity_id", "version", name=op.f("uq_network_entity_entity_id")),
    )
    with op.batch_alter_table("network_entity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_entity_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_network_entity_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_network_entity_one_current",
            ["entity_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "network_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(1), nullable=False),
        sa.Column("information", sa.String(1), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_network_link_of_two")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_network_link_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_link")),
    )
    with op.batch_alter_table("network_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_link_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "oplan_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(24), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(2000), nullable=False),
        sa.Column("answered_name", sa.String(120), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_oplan_comment_answered_in_words")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_oplan_comment_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oplan_comment")),
    )
    with op.batch_alter_table("oplan_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oplan_comment_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "oplan_section",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.String(8000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state = 'open' OR text <> ''", name=op.f("ck_oplan_section_says_something")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_oplan_section_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["oplan_section.id"], name=op.f("fk_oplan_section_supersedes_id_oplan_section")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oplan_section")),
        sa.UniqueConstraint("operation_id", "section", "version", name=op.f("uq_oplan_section_operation_id")),
    )
    with op.batch_alter_table("oplan_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oplan_section_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_oplan_section_one_current",
            ["operation_id", "section"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )

    op.create_table(
        "oplan_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=False),
        sa.Column("approved_name", sa.String(120), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_oplan_version_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oplan_version")),
        sa.UniqueConstraint("operation_id", "number", name=op.f("uq_oplan_version_operation_id")),
    )
    with op.batch_alter_table("oplan_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oplan_version_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(
            "uq_oplan_version_one_in_force",
            ["operation_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "oplan_item",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("section_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section_id"], ["oplan_section.id"], name=op.f("fk_oplan_item_section_id_oplan_section")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["oplan_version.id"], name=op.f("fk_oplan_item_version_id_oplan_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "section_id", name=op.f("pk_oplan_item")),
    )
    op.create_table(
        "tasking",
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("hypothesis_id", sa.Uuid(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["hypothesis_id"], ["hypothesis.id"], name=op.f("fk_tasking_hypothesis_id_hypothesis")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_tasking_operation_id_operation")),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("pk_tasking")),
    )
    with op.batch_alter_table("tasking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasking_operation_id"), ["operation_id"], unique=False)

    _ship_templates()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _ship_templates() -> None:
    """The templates that come with Muster, one for each kind of operation, as their first versions."""
    kept = sa.table(
        "template",
        sa.column("id", sa.Uuid()),
        sa.column("template_id", sa.Uuid()),
        sa.column("version", sa.Integer()),
        sa.column("current", sa.Boolean()),
        sa.column("retired", sa.Boolean()),
        sa.column("kind", sa.String()),
        sa.column("content", sa.JSON()),
        sa.column("author_name", sa.String()),
        sa.column("made_at", UtcDateTime()),
    )
    for path in sorted(SHIPPED.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        identity = uuid5(HOUSE, path.stem)
        op.bulk_insert(
            kept,
            [
                {
                    "id": uuid5(identity, "1"),
                    "template_id": identity,
                    "version": 1,
                    "current": True,
                    "retired": False,
                    "kind": content["kind"],
                    "content": content,
                    "author_name": "Muster",
                    "made_at": datetime(2026, 11, 25, tzinfo=UTC),
                }
            ],
        )


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} {refuse}")
    for table, facts in FACTS.items():
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OF {facts} ON {table} {refuse}")
    for table in (*APPEND_ONLY, *FACTS):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")


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
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")


def downgrade() -> None:
    for table in (
        "tasking",
        "oplan_item",
        "oplan_version",
        "oplan_section",
        "oplan_comment",
        "network_link",
        "network_entity",
        "lead_result",
        "kpi_target",
        "hypothesis",
        "coordination_unit",
        "template",
    ):
        op.drop_table(table)
