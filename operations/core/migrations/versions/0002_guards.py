"""What the database itself refuses and tells.

Chains only grow, facts never change, rows are seen by country, and the pulse is told.

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("entry", "access_entry", "line")
FACTS = (
    "id, report_id, version, supersedes_id, correction_reason, operation_id, country, site_id, phase_id, kind, "
    "period_from, period_to, zone, official_day, remarks, author_id, author_name, recorded_at, received_at, "
    "content_hash"
)
BY_COUNTRY = ("report", "line")


def upgrade() -> None:
    heads = sa.table("journal_head", sa.column("chain"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(heads, [{"chain": chain, "seq": 0, "hash": "0" * 64} for chain in ("journal", "access")])
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER report_keeps BEFORE UPDATE OF {FACTS} ON report {refuse}")
    op.execute(f"CREATE TRIGGER report_stays BEFORE DELETE ON report {refuse}")


def _guard_postgresql() -> None:
    op.execute("""
        CREATE FUNCTION muster_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'What was written here is never changed.'; END $$
    """)
    refuse = "EXECUTE FUNCTION muster_refuse()"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    facts = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in FACTS.split(", "))
    op.execute(f"CREATE TRIGGER report_keeps BEFORE UPDATE ON report FOR EACH ROW WHEN ({facts}) {refuse}")
    op.execute(f"CREATE TRIGGER report_stays BEFORE DELETE ON report FOR EACH ROW {refuse}")
    for table in BY_COUNTRY:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"""
            CREATE POLICY {table}_by_country ON {table} USING (
                current_setting('muster.reach', true) = 'all'
                OR (current_setting('muster.reach', true) = 'nation'
                    AND country = current_setting('muster.country', true)))
        """)
    op.execute("""
        CREATE FUNCTION muster_tell() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('muster_pulse', NEW.seq::text); RETURN NEW; END $$
    """)
    op.execute("""
        CREATE TRIGGER journal_head_tells AFTER UPDATE ON journal_head
        FOR EACH ROW WHEN (NEW.chain = 'journal') EXECUTE FUNCTION muster_tell()
    """)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in BY_COUNTRY:
            op.execute(f"DROP POLICY {table}_by_country ON {table}")
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute("DROP FUNCTION muster_refuse() CASCADE")
        op.execute("DROP FUNCTION muster_tell() CASCADE")
    else:
        for table in (*APPEND_ONLY, "report"):
            op.execute(f"DROP TRIGGER {table}_keeps")
            op.execute(f"DROP TRIGGER {table}_stays")
    op.execute("DELETE FROM journal_head")
