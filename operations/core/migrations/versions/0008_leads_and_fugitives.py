"""Leads and fugitive cases, and what the database itself refuses and shows of them.

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("lead_version", "lead_answer", "fugitive_version", "fugitive_step", "notice_check", "appeal_tips")
FACTS = {
    "lead": "id, operation_id, origin, origin_country, subject_kind, subject_id, made_at",
    "lead_country": "lead_id, country, operation_id, origin_country, subject_id",
    "fugitive_case": "id, operation_id, requesting_country, number, notice_ref, nominated_at",
    "fugitive_location": "id, case_id, country, requesting_country, content_hash, author_name, reported_at",
    "appeal_list": "id, operation_id, number, frozen_at, author_name",
    "appeal_item": "list_id, case_id, requesting_country",
}
LASTING = ("lead", "fugitive_case", "fugitive_location", "appeal_list", "appeal_item")
REWRITTEN = "NEW.remark <> OLD.remark AND NEW.remark <> ''"  # a remark is erased or stays
TABLES = (
    "appeal_item",
    "appeal_list",
    "appeal_tips",
    "notice_check",
    "fugitive_location",
    "fugitive_step",
    "fugitive_believed",
    "fugitive_version",
    "fugitive_case",
    "lead_answer",
    "lead_country",
    "lead_version",
    "lead",
)

# Who sees what on PostgreSQL: reach is "all" for those who coordinate, "nation" for a country's people, "none" for
# leadership and whoever else works for no country. A country knows its own leads and those that were sent to it.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
NATION = "current_setting('muster.reach', true) = 'nation'"
COUNTRY = "current_setting('muster.country', true)"
OF_ORIGIN = f"({NATION} AND origin_country = {COUNTRY})"
OWN = f"({NATION} AND country = {COUNTRY})"
STILL = f"country = {COUNTRY} AND shared_at IS NOT NULL AND revoked_at IS NULL"
SENT = f"({NATION} AND id IN (SELECT lead_id FROM lead_country WHERE {STILL}))"  # noqa: S608 - constants of this file
REQUESTS = f"({NATION} AND requesting_country = {COUNTRY})"
ASKED = f"({NATION} AND id IN (SELECT subject_id FROM lead_country WHERE {STILL}))"  # noqa: S608 - as above
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"  # leadership counts, and sees no row
ON_LIST = "EXISTS (SELECT 1 FROM appeal_item WHERE list_id = appeal_list.id)"
IN_LEAD = "EXISTS (SELECT 1 FROM lead WHERE lead.id = lead_id)"
POLICIES = {
    # table: (what is seen, what may be written)
    "lead": (f"{COORDINATES} OR {OF_ORIGIN} OR {SENT}", f"{COORDINATES} OR {OF_ORIGIN} OR {SENT}"),
    "lead_version": (IN_LEAD, f"{COORDINATES} OR {IN_LEAD}"),
    "lead_country": (f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}", f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}"),
    "lead_answer": (f"{COORDINATES} OR {OWN} OR {OF_ORIGIN}", OWN),
    "fugitive_case": (f"{NO_COUNTRY} OR {REQUESTS} OR {ASKED}", f"{COORDINATES} OR {REQUESTS} OR {ASKED}"),
    "fugitive_version": (f"{COORDINATES} OR {REQUESTS}", REQUESTS),
    "fugitive_believed": (f"{COORDINATES} OR {REQUESTS}", REQUESTS),
    "fugitive_step": (f"{COORDINATES} OR {REQUESTS} OR {OWN}", f"{COORDINATES} OR {REQUESTS} OR {OWN}"),
    "fugitive_location": (f"{COORDINATES} OR {REQUESTS} OR {OWN}", f"{REQUESTS} OR {OWN}"),
    "notice_check": (f"{COORDINATES} OR {REQUESTS}", f"{COORDINATES} OR {REQUESTS}"),
    "appeal_list": (f"{COORDINATES} OR {ON_LIST}", COORDINATES),
    "appeal_item": (f"{COORDINATES} OR {REQUESTS}", COORDINATES),
    "appeal_tips": (f"{COORDINATES} OR {REQUESTS}", REQUESTS),
}


def upgrade() -> None:
    op.create_table(
        "appeal_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", UtcDateTime(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_name", sa.String(120), nullable=False),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_name = '')", name=op.f("ck_appeal_list_published_by_somebody")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_appeal_list_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_list")),
        sa.UniqueConstraint("operation_id", "number", name=op.f("uq_appeal_list_operation_id")),
    )
    with op.batch_alter_table("appeal_list", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_list_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "fugitive_case",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("notice_ref", sa.String(20), nullable=False),
        sa.Column("offence", sa.String(32), nullable=False),
        sa.Column("wanted_for", sa.String(16), nullable=False),
        sa.Column("priority", sa.String(8), nullable=False),
        sa.Column("warrant", sa.String(12), nullable=False),
        sa.Column("extradition", sa.String(12), nullable=False),
        sa.Column("art3", sa.String(16), nullable=False),
        sa.Column("retain_until", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("nominated_at", UtcDateTime(), nullable=False),
        sa.Column("counts_as", sa.String(12), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("news_at", UtcDateTime(), nullable=True),
        sa.Column("located_at", UtcDateTime(), nullable=True),
        sa.Column("arrested_at", UtcDateTime(), nullable=True),
        sa.Column("surrendered_at", UtcDateTime(), nullable=True),
        sa.Column("notice_status", sa.String(12), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("appeal_asked_at", UtcDateTime(), nullable=True),
        sa.Column("appeal_agreed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (counts_as = '')", name=op.f("ck_fugitive_case_counts_from_acceptance")
        ),
        sa.CheckConstraint(
            "counts_as <> 'arrested' OR arrested_at IS NOT NULL", name=op.f("ck_fugitive_case_arrests_are_confirmed")
        ),
        sa.CheckConstraint(
            "counts_as <> 'located' OR located_at IS NOT NULL", name=op.f("ck_fugitive_case_locations_are_confirmed")
        ),
        sa.CheckConstraint(
            "appeal_agreed_at IS NULL OR appeal_asked_at IS NOT NULL", name=op.f("ck_fugitive_case_appeal_of_two")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_fugitive_case_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fugitive_case")),
        sa.UniqueConstraint("operation_id", "requesting_country", "notice_ref", name="uq_fugitive_case_notice"),
        sa.UniqueConstraint("operation_id", "requesting_country", "number", name=op.f("uq_fugitive_case_operation_id")),
    )
    with op.batch_alter_table("fugitive_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fugitive_case_requesting_country"), ["requesting_country"], unique=False)
        batch_op.create_index("ix_fugitive_case_sweep", ["operation_id", "counts_as", "state"], unique=False)

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
        "appeal_item",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("dropped", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["fugitive_case.id"], name=op.f("fk_appeal_item_case_id_fugitive_case")),
        sa.ForeignKeyConstraint(["list_id"], ["appeal_list.id"], name=op.f("fk_appeal_item_list_id_appeal_list")),
        sa.PrimaryKeyConstraint("list_id", "case_id", name=op.f("pk_appeal_item")),
    )
    op.create_table(
        "appeal_tips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("received > 0", name=op.f("ck_appeal_tips_some")),
        sa.ForeignKeyConstraint(["case_id"], ["fugitive_case.id"], name=op.f("fk_appeal_tips_case_id_fugitive_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_tips")),
    )
    with op.batch_alter_table("appeal_tips", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_tips_case_id"), ["case_id"], unique=False)

    op.create_table(
        "fugitive_believed",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["fugitive_case.id"], name=op.f("fk_fugitive_believed_case_id_fugitive_case")
        ),
        sa.PrimaryKeyConstraint("case_id", "country", name=op.f("pk_fugitive_believed")),
    )
    op.create_table(
        "fugitive_location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("remark", sa.String(2000), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("arrested_at", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('arrest_reported', 'arrest_confirmed')) = (arrested_at IS NOT NULL)",
            name=op.f("ck_fugitive_location_arrest_has_a_time"),
        ),
        sa.CheckConstraint(
            "erased_at IS NULL OR (remark = '' AND state = 'negative')",
            name=op.f("ck_fugitive_location_erased_is_gone"),
        ),
        sa.CheckConstraint("country <> requesting_country", name=op.f("ck_fugitive_location_two_countries")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["fugitive_case.id"], name=op.f("fk_fugitive_location_case_id_fugitive_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fugitive_location")),
    )
    with op.batch_alter_table("fugitive_location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fugitive_location_case_id"), ["case_id"], unique=False)

    op.create_table(
        "fugitive_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("before", sa.String(20), nullable=False),
        sa.Column("after", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["fugitive_case.id"], name=op.f("fk_fugitive_step_case_id_fugitive_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fugitive_step")),
    )
    with op.batch_alter_table("fugitive_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fugitive_step_case_id"), ["case_id"], unique=False)

    op.create_table(
        "fugitive_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["fugitive_case.id"], name=op.f("fk_fugitive_version_case_id_fugitive_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fugitive_version")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_fugitive_version_case_id")),
    )
    with op.batch_alter_table("fugitive_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fugitive_version_case_id"), ["case_id"], unique=False)

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

    op.create_table(
        "notice_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["fugitive_case.id"], name=op.f("fk_notice_check_case_id_fugitive_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_check")),
    )
    with op.batch_alter_table("notice_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_check_case_id"), ["case_id"], unique=False)

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
    op.execute(
        "CREATE TRIGGER fugitive_location_erases BEFORE UPDATE OF remark ON fugitive_location "
        f"WHEN {REWRITTEN} {refuse}"
    )


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
    op.execute(
        "CREATE TRIGGER fugitive_location_erases BEFORE UPDATE ON fugitive_location "
        f"FOR EACH ROW WHEN ({REWRITTEN}) {refuse}"
    )
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":  # policies look into other tables, which go before their own
        for table in POLICIES:
            op.execute(f"DROP POLICY {table}_by_country ON {table}")
    for table in TABLES:
        op.drop_table(table)
