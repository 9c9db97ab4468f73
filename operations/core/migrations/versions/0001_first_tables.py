"""First tables.

Revision: 0001, after:
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("object_kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_access_entry")),
    )
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_entry_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_entry_object_id"), ["object_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_entry_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("clearance", sa.String(20), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("disabled_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_country"), ["country"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(64), nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_username"), ["username"], unique=False)

    op.create_table(
        "entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("act", sa.String(64), nullable=False),
        sa.Column("object_kind", sa.String(32), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_object_id"), ["object_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "journal_head",
        sa.Column("chain", sa.String(16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code_name", sa.String(120), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(24), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("state_before", sa.String(24), nullable=True),
        sa.Column("crime_scope", sa.JSON(), nullable=False),
        sa.Column("aim", sa.String(2000), nullable=False),
        sa.Column("legal_basis", sa.String(2000), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("day_cut", sa.Time(), nullable=False),
        sa.Column("classification", sa.String(20), nullable=False),
        sa.Column("art3_screen", sa.String(16), nullable=False),
        sa.Column("line_kinds", sa.JSON(), nullable=False),
        sa.Column("daily_due", sa.Time(), nullable=True),
        sa.Column("invented", sa.String(2000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation")),
        sa.UniqueConstraint("code_name", "edition", name=op.f("uq_operation_code_name")),
    )
    op.create_table(
        "assignment",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_assignment_operation_id_operation")),
        sa.PrimaryKeyConstraint("account_id", "operation_id", name=op.f("pk_assignment")),
    )
    op.create_table(
        "country_activity",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("last_report_at", UtcDateTime(), nullable=True),
        sa.Column("last_validated_at", UtcDateTime(), nullable=True),
        sa.Column("shares_totals", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_country_activity_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("operation_id", "country", name=op.f("pk_country_activity")),
    )
    op.create_table(
        "map_object",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.Column("area_km2", sa.Float(), nullable=True),
        sa.Column("length_km", sa.Float(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_map_object_operation_id_operation")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["map_object.id"], name=op.f("fk_map_object_supersedes_id_map_object")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_object")),
        sa.UniqueConstraint("object_id", "version", name=op.f("uq_map_object_object_id")),
    )
    with op.batch_alter_table("map_object", schema=None) as batch_op:
        batch_op.create_index(
            "uq_map_object_one_current",
            ["object_id"],
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        )
        batch_op.create_index("ix_map_object_current", ["operation_id", "current"], unique=False)
        batch_op.create_index(batch_op.f("ix_map_object_object_id"), ["object_id"], unique=False)

    op.create_table(
        "participation",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("contribution", sa.String(32), nullable=False),
        sa.Column("shares_totals", sa.Boolean(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_participation_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("operation_id", "country", name=op.f("pk_participation")),
    )
    op.create_table(
        "phase",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_phase_in_order")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_phase_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phase")),
    )
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_phase_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "saved_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_saved_form_author_id_account")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_saved_form_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_form")),
    )
    with op.batch_alter_table("saved_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_form_author_id"), ["author_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_account_id"), ["account_id"], unique=False)

    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("site_type", sa.String(24), nullable=False),
        sa.Column("border_kind", sa.String(8), nullable=True),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("ref", sa.String(80), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_site_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_site_lon")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_site_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("operation_id", "country", "name", name=op.f("uq_site_operation_id")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_site_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "total",
        sa.Column("grain", sa.String(12), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("site", sa.String(36), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("phase_kind", sa.String(24), nullable=False),
        sa.Column("check_kind", sa.String(32), nullable=False),
        sa.Column("database", sa.String(32), nullable=False),
        sa.Column("entity", sa.String(24), nullable=False),
        sa.Column("offence", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_total_operation_id_operation")),
        sa.PrimaryKeyConstraint(
            "grain",
            "operation_id",
            "country",
            "day",
            "site",
            "level",
            "kind",
            "phase_kind",
            "check_kind",
            "database",
            "entity",
            "offence",
            "status",
            name=op.f("pk_total"),
        ),
    )
    op.create_table(
        "posting",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_posting_account_id_account")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_posting_site_id_site")),
        sa.PrimaryKeyConstraint("account_id", "site_id", name=op.f("pk_posting")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("correction_reason", sa.String(32), nullable=True),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("period_from", UtcDateTime(), nullable=False),
        sa.Column("period_to", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("official_day", sa.Date(), nullable=False),
        sa.Column("remarks", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("validated_by", sa.Uuid(), nullable=True),
        sa.Column("returned_reason", sa.String(32), nullable=True),
        sa.Column("returned_note", sa.String(2000), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 5", name=op.f("ck_report_level")),
        sa.CheckConstraint(
            "(level < 2 OR verified_by IS NOT NULL) AND (level < 3 OR validated_by IS NOT NULL)",
            name=op.f("ck_report_no_level_skipped"),
        ),
        sa.CheckConstraint("NOT counted OR level > 0", name=op.f("ck_report_drafts_never_count")),
        sa.CheckConstraint(
            "validated_by IS NULL OR (validated_by <> author_id AND validated_by <> verified_by)",
            name=op.f("ck_report_four_eyes_national"),
        ),
        sa.CheckConstraint("verified_by IS NULL OR verified_by <> author_id", name=op.f("ck_report_four_eyes_local")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_report_operation_id_operation")),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_report_phase_id_phase")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_report_site_id_site")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["report.id"], name=op.f("fk_report_supersedes_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("report_id", "version", name=op.f("uq_report_report_id")),
        sa.UniqueConstraint("supersedes_id", name=op.f("uq_report_supersedes_id")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_site_id"), ["site_id"], unique=False)
        batch_op.create_index(
            "uq_report_one_counts",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("counted"),
            postgresql_where=sa.text("counted"),
        )
        batch_op.create_index("ix_report_worklist", ["operation_id", "country", "state"], unique=False)

    op.create_table(
        "site_activity",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("last_report_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_site_activity_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_site_activity_site_id_site")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_site_activity")),
    )
    with op.batch_alter_table("site_activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_site_activity_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "line",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=False),
        sa.Column("official_day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("phase_kind", sa.String(24), nullable=False),
        sa.Column("check_kind", sa.String(32), nullable=False),
        sa.Column("database", sa.String(32), nullable=False),
        sa.Column("entity", sa.String(24), nullable=False),
        sa.Column("offence", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_line_operation_id_operation")),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_line_phase_id_phase")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_line_site_id_site")),
        sa.ForeignKeyConstraint(["version_id"], ["report.id"], name=op.f("fk_line_version_id_report")),
        sa.PrimaryKeyConstraint("version_id", "id", name=op.f("pk_line")),
    )
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_operation_id"), ["operation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_operation_id"))

    op.drop_table("line")
    with op.batch_alter_table("site_activity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_activity_operation_id"))

    op.drop_table("site_activity")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index("ix_report_worklist")
        batch_op.drop_index(batch_op.f("ix_report_site_id"))
        batch_op.drop_index(batch_op.f("ix_report_report_id"))

    op.drop_table("report")
    op.drop_table("posting")
    op.drop_table("total")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_site_operation_id"))
        batch_op.drop_index(batch_op.f("ix_site_country"))

    op.drop_table("site")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_account_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("saved_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_form_author_id"))

    op.drop_table("saved_form")
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_phase_operation_id"))

    op.drop_table("phase")
    op.drop_table("participation")
    with op.batch_alter_table("map_object", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_map_object_object_id"))
        batch_op.drop_index("ix_map_object_current")

    op.drop_table("map_object")
    op.drop_table("country_activity")
    op.drop_table("assignment")
    op.drop_table("operation")
    op.drop_table("journal_head")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_operation_id"))
        batch_op.drop_index(batch_op.f("ix_entry_object_id"))
        batch_op.drop_index(batch_op.f("ix_entry_country"))

    op.drop_table("entry")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_username"))

    op.drop_table("attempt")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_country"))

    op.drop_table("account")
    with op.batch_alter_table("access_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_entry_operation_id"))
        batch_op.drop_index(batch_op.f("ix_access_entry_object_id"))
        batch_op.drop_index(batch_op.f("ix_access_entry_country"))

    op.drop_table("access_entry")
