"""What is erased when its time is over, and which positive locations came from which lead.

Texts leave rows that otherwise never change: a trigger lets them be emptied, once and for ever, and nothing else.

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# table: (what never changes, what may be emptied and how it reads then)
EMPTIED = {
    "lead_version": (
        "id, lead_id, version, due, source, information, handling, author_id, author_name, made_at",
        {"question": "", "content_hash": ""},
    ),
    "lead_answer": ("id, lead_id, country, origin_country, answer, author_id, author_name, made_at", {"remark": ""}),
    "fugitive_version": (
        "id, case_id, requesting_country, version, author_id, author_name, made_at",
        {"content": "{}", "content_hash": ""},
    ),
    "fugitive_step": (
        "id, case_id, requesting_country, country, before, after, author_id, author_name, made_at",
        {"reason": ""},
    ),
    "fugitive_location": (
        "id, case_id, country, requesting_country, author_name, reported_at",
        {"content_hash": ""},
    ),
    "hypothesis": (
        "id, operation_id, version, supersedes_id, state, source, information, author_id, author_name, made_at",
        {"statement": ""},
    ),
    "network_entity": (
        "id, entity_id, version, supersedes_id, removed, operation_id, kind, code, source, information, author_id, "
        "author_name, made_at",
        {"description": ""},
    ),
    "lead_result": (
        "id, lead_id, lead_operation_id, operation_id, country, report_id, line_id, kind, author_id, author_name, "
        "made_at",
        {"note": ""},
    ),
}
FIND = (
    "id, lead_id, lead_operation_id, operation_id, case_id, location_id, country, requesting_country, author_id, "
    "author_name, made_at"
)
CASE = "id, operation_id, requesting_country, number, nominated_at"
NOTICE = (  # a notice stays until its case is erased; then its place says no more than the case's own number
    "NEW.notice_ref <> OLD.notice_ref AND (NEW.erased_at IS NULL OR NEW.notice_ref <> 'erased ' || NEW.number)"
)
UNTOUCHED = ("lead_version", "lead_answer", "fugitive_version", "fugitive_step")  # before: no update at all
AS_JSON = ("content",)  # PostgreSQL compares no json, but its text

COORDINATES = "current_setting('muster.reach', true) = 'all'"
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
NATION = "current_setting('muster.reach', true) = 'nation'"
SIDES = f"({NATION} AND current_setting('muster.country', true) IN (country, requesting_country))"
BY_COUNTRIES = {  # countries alone write these; Muster empties them, and does nothing else
    "lead_answer": "remark = ''",
    "fugitive_version": "content_hash = ''",
    "fugitive_location": "content_hash = '' AND remark = ''",
}


def upgrade() -> None:
    op.add_column("fugitive_case", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("lead", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("lead_country", sa.Column("revoked_reason", sa.String(2000), nullable=False, server_default=""))
    op.create_table(
        "lead_find",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("lead_operation_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("location_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("requesting_country", sa.String(3), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_reason", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_find_lead_id_lead")),
        sa.ForeignKeyConstraint(
            ["lead_operation_id"], ["operation.id"], name=op.f("fk_lead_find_lead_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_lead_find_operation_id_operation")),
        sa.ForeignKeyConstraint(["case_id"], ["fugitive_case.id"], name=op.f("fk_lead_find_case_id_fugitive_case")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["fugitive_location.id"], name=op.f("fk_lead_find_location_id_fugitive_location")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_find")),
    )
    with op.batch_alter_table("lead_find", schema=None) as batch_op:
        for column in ("lead_id", "lead_operation_id", "operation_id", "case_id"):
            batch_op.create_index(batch_op.f(f"ix_lead_find_{column}"), [column], unique=False)
        batch_op.create_index(
            "uq_lead_find_once",
            ["lead_id", "location_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
    for table, (facts, emptied) in EMPTIED.items():
        _replace(table, " OR ".join((_changed(facts), *(_rewritten(name, to) for name, to in emptied.items()))))
    _replace("fugitive_case", f"{_changed(CASE)} OR ({NOTICE})")
    _keep("lead_find", f"{_changed(FIND)} OR {_rewritten('note', '')}")
    if not _postgresql():
        op.execute(f"CREATE TRIGGER lead_find_stays BEFORE DELETE ON lead_find {_refuse()}")
        return
    op.execute(f"CREATE TRIGGER lead_find_stays BEFORE DELETE ON lead_find FOR EACH ROW {_refuse()}")
    op.execute(f"CREATE TRIGGER lead_find_lasts BEFORE TRUNCATE ON lead_find FOR EACH STATEMENT {_refuse()}")
    op.execute("ALTER TABLE lead_find ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE lead_find FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY lead_find_by_country ON lead_find USING ({NO_COUNTRY} OR {SIDES}) "
        f"WITH CHECK ({COORDINATES} OR {SIDES})"
    )
    for table, gone in BY_COUNTRIES.items():
        op.execute(
            f"CREATE POLICY {table}_emptied ON {table} FOR UPDATE USING ({COORDINATES}) "
            f"WITH CHECK ({COORDINATES} AND {gone})"
        )


def downgrade() -> None:
    if _postgresql():
        for table in BY_COUNTRIES:
            op.execute(f"DROP POLICY {table}_emptied ON {table}")
    op.drop_table("lead_find")
    for table, (facts, emptied) in EMPTIED.items():
        _replace(table, "true" if table in UNTOUCHED else _changed(", ".join((facts, *emptied))))
    _replace("fugitive_case", _changed(f"{CASE}, notice_ref"))
    op.execute("ALTER TABLE lead_country DROP COLUMN revoked_reason")  # without a copy: triggers and keys stay
    op.execute("ALTER TABLE lead DROP COLUMN erased_at")
    op.execute("ALTER TABLE fugitive_case DROP COLUMN erased_at")


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse() -> str:
    if _postgresql():
        return "EXECUTE FUNCTION muster_refuse()"
    return "BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END"


def _side(side: str, name: str) -> str:
    return f"{side}.{name}::text" if name in AS_JSON and _postgresql() else f"{side}.{name}"


def _changed(facts: str) -> str:
    """An SQL condition: one of these columns gets another value."""
    other = "IS DISTINCT FROM" if _postgresql() else "IS NOT"
    return " OR ".join(f"{_side('OLD', name)} {other} {_side('NEW', name)}" for name in facts.split(", "))


def _rewritten(name: str, emptied: str) -> str:
    """An SQL condition: a column gets another value, and not that of an emptied one."""
    return f"({_changed(name)}) AND {_side('NEW', name)} <> '{emptied}'"


def _replace(table: str, condition: str) -> None:
    op.execute(f"DROP TRIGGER {table}_keeps" + (f" ON {table}" if _postgresql() else ""))
    _keep(table, condition)


def _keep(table: str, condition: str) -> None:
    """Refuse an update of `table` where the condition holds."""
    row = "FOR EACH ROW " if _postgresql() else ""
    op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} {row}WHEN ({condition}) {_refuse()}")
