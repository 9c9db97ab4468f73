"""Teams, requests for assistance, offers and deployments, and what the database itself refuses and shows of them.

Revision: 0004, after: 0003
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("deployment_entry",)
FACTS = {
    "support_request": (
        "id, operation_id, country, host_country, site_id, hotspot_id, analysis_id, place, lat, lon, title, note, "
        "priority, author_id, author_name, made_at"
    ),
    "support_need": (
        "id, request_id, operation_id, country, position, team_kind, specialism, languages, certificates, teams, "
        "starts, ends"
    ),
    "support_offer": "id, need_id, operation_id, country, team_id, starts, ends, note, author_id, author_name, made_at",
    "deployment": (
        "id, offer_id, need_id, request_id, operation_id, country, host_country, team_id, call_sign, unit, team_kind, "
        "specialism, persons, site_id, place, lat, lon, starts, ends, requested_at, accepted_at"
    ),
    "team_certificate": "id, team_id, member_id, country, kind, issued_on, expires_on, written_at",
    "team_absence": "id, team_id, country, kind, starts, ends, written_at",
}
KEPT = ("team", "team_member", "asset")  # changed in place under a version or a date; never deleted
AS_JSON = ("languages", "certificates")  # PostgreSQL compares no json, but its text

# Who sees what on PostgreSQL: reach is "all" for those who coordinate, "nation" for a country's people, "none" for
# leadership, who get sums. The store tells apart which team was shown to which operation; here countries are apart.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
NATION = "current_setting('muster.reach', true) = 'nation'"
OWN = f"{NATION} AND country = current_setting('muster.country', true)"
ASKED = f"{NATION} AND asked_at IS NOT NULL"
HOST = f"{NATION} AND host_country = current_setting('muster.country', true) AND approved_at IS NOT NULL"
IN_REQUEST = "EXISTS (SELECT 1 FROM support_request WHERE support_request.id = support_need.request_id)"
IN_DEPLOYMENT = "EXISTS (SELECT 1 FROM deployment WHERE deployment.id = deployment_entry.deployment_id)"
NOTE = f"{NATION} AND kind = 'handover'"
ROSTER = (f"{NO_COUNTRY} OR ({OWN})", f"({COORDINATES}) OR ({OWN})")
POLICIES = {
    # table: (what is seen, what may be written)
    **dict.fromkeys(("team", "team_member", "team_shown", "asset", "team_certificate", "team_absence"), ROSTER),
    "support_request": (f"{NO_COUNTRY} OR ({OWN}) OR ({ASKED})", f"{COORDINATES} OR ({OWN})"),
    "support_need": (IN_REQUEST, IN_REQUEST),  # the country that stands a team down lowers what a need has
    "support_offer": ROSTER,
    "deployment": (f"{NO_COUNTRY} OR ({OWN}) OR ({HOST})", f"{COORDINATES} OR ({OWN})"),
    "deployment_entry": (f"({IN_DEPLOYMENT}) OR ({NOTE})", f"{COORDINATES} OR ({OWN})"),
}


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("call_sign", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("specialisms", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("base", sa.String(120), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("ready_hours", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("out_of_service", sa.String(300), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_team_lat")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180", name=op.f("ck_team_lon")),
        sa.CheckConstraint("persons > 0", name=op.f("ck_team_somebody")),
        sa.CheckConstraint("ready_hours >= 0", name=op.f("ck_team_ready")),
        sa.ForeignKeyConstraint(["leader_id"], ["account.id"], name=op.f("fk_team_leader_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("country", "call_sign", name=op.f("uq_team_country")),
    )
    with op.batch_alter_table("team", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_country"), ["country"], unique=False)

    op.create_table(
        "asset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_asset_version")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_asset_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("country", "label", name=op.f("uq_asset_country")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asset_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_asset_team_id"), ["team_id"], unique=False)

    op.create_table(
        "support_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("hotspot_id", sa.Uuid(), nullable=True),
        sa.Column("analysis_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("priority", sa.String(16), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_support_request_closed_once")),
        sa.CheckConstraint("(state = 'raised') = (asked_at IS NULL)", name=op.f("ck_support_request_asked_once")),
        sa.ForeignKeyConstraint(["analysis_id"], ["analysis.id"], name=op.f("fk_support_request_analysis_id_analysis")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_support_request_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_support_request_site_id_site")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_request")),
    )
    with op.batch_alter_table("support_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_request_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "team_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("ends > starts", name=op.f("ck_team_absence_in_order")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_absence_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_absence")),
    )
    with op.batch_alter_table("team_absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_absence_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_absence_team_id"), ["team_id"], unique=False)

    op.create_table(
        "team_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("service_ref", sa.String(24), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_member")),
        sa.UniqueConstraint("team_id", "service_ref", name=op.f("uq_team_member_team_id")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_member_team_id"), ["team_id"], unique=False)

    op.create_table(
        "team_shown",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_team_shown_operation_id_operation")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_shown_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "operation_id", name=op.f("pk_team_shown")),
    )
    with op.batch_alter_table("team_shown", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_shown_country"), ["country"], unique=False)

    op.create_table(
        "support_need",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("team_kind", sa.String(24), nullable=True),
        sa.Column("specialism", sa.String(24), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends > starts", name=op.f("ck_support_need_in_order")),
        sa.CheckConstraint("teams > 0 AND accepted >= 0", name=op.f("ck_support_need_counts")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_support_need_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_request.id"], name=op.f("fk_support_need_request_id_support_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_need")),
    )
    with op.batch_alter_table("support_need", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_need_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_need_request_id"), ["request_id"], unique=False)

    op.create_table(
        "team_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("expires_on > issued_on", name=op.f("ck_team_certificate_in_order")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["team_member.id"], name=op.f("fk_team_certificate_member_id_team_member")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_certificate_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_certificate")),
    )
    with op.batch_alter_table("team_certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_certificate_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_certificate_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_team_certificate_team_id"), ["team_id"], unique=False)

    op.create_table(
        "support_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_name", sa.String(120), nullable=False),
        sa.Column("decision", sa.String(2000), nullable=False),
        sa.Column("against", sa.JSON(), nullable=False),
        sa.CheckConstraint("(state = 'offered') = (decided_at IS NULL)", name=op.f("ck_support_offer_decided_once")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_support_offer_in_order")),
        sa.ForeignKeyConstraint(["need_id"], ["support_need.id"], name=op.f("fk_support_offer_need_id_support_need")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_support_offer_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_support_offer_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_offer")),
    )
    with op.batch_alter_table("support_offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_support_offer_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_offer_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_offer_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_support_offer_team_id"), ["team_id"], unique=False)
        batch_op.create_index(
            "uq_support_offer_once",
            ["need_id", "team_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'accepted')"),
            postgresql_where=sa.text("state IN ('offered', 'accepted')"),
        )

    op.create_table(
        "deployment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("call_sign", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(300), nullable=False),
        sa.Column("team_kind", sa.String(24), nullable=False),
        sa.Column("specialism", sa.String(24), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("tasks", sa.String(2000), nullable=False),
        sa.Column("executive_powers", sa.Boolean(), nullable=False),
        sa.Column("check_in_hours", sa.Integer(), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=False),
        sa.Column("ends", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("left_base_at", UtcDateTime(), nullable=True),
        sa.Column("on_site_at", UtcDateTime(), nullable=True),
        sa.Column("contact_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("accreditation", sa.String(24), nullable=True),
        sa.Column("accredited_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("check_in_hours > 0 AND persons > 0", name=op.f("ck_deployment_counts")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_deployment_in_order")),
        sa.ForeignKeyConstraint(["need_id"], ["support_need.id"], name=op.f("fk_deployment_need_id_support_need")),
        sa.ForeignKeyConstraint(["offer_id"], ["support_offer.id"], name=op.f("fk_deployment_offer_id_support_offer")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_deployment_operation_id_operation")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_request.id"], name=op.f("fk_deployment_request_id_support_request")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_deployment_site_id_site")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_deployment_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
        sa.UniqueConstraint("offer_id", name=op.f("uq_deployment_offer_id")),
        sa.UniqueConstraint("operation_id", "accreditation", name=op.f("uq_deployment_operation_id")),
    )
    with op.batch_alter_table("deployment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deployment_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_host_country"), ["host_country"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_need_id"), ["need_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_team_id"), ["team_id"], unique=False)

    op.create_table(
        "deployment_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deployment_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.String(3), nullable=False),
        sa.Column("host_country", sa.String(3), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("words", sa.String(2000), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_deployment_entry_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_deployment_entry_operation_id_operation")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_request.id"], name=op.f("fk_deployment_entry_request_id_support_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_entry")),
    )
    with op.batch_alter_table("deployment_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deployment_entry_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_entry_deployment_id"), ["deployment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_entry_operation_id"), ["operation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployment_entry_request_id"), ["request_id"], unique=False)
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
    for table in (*APPEND_ONLY, *FACTS, *KEPT):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")


def _guard_postgresql() -> None:
    refuse = "EXECUTE FUNCTION muster_refuse()"
    for table in APPEND_ONLY:
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW {refuse}")
    for table, facts in FACTS.items():
        texts = ((f"{name}::text" if name in AS_JSON else name) for name in facts.split(", "))
        changed = " OR ".join(f"OLD.{each} IS DISTINCT FROM NEW.{each}" for each in texts)
        op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed}) {refuse}")
    for table in (*APPEND_ONLY, *FACTS, *KEPT):
        op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {refuse}")
        op.execute(f"CREATE TRIGGER {table}_lasts BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}")
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")


def downgrade() -> None:
    for table in (
        "deployment_entry",
        "deployment",
        "support_offer",
        "support_need",
        "support_request",
        "asset",
        "team_certificate",
        "team_absence",
        "team_shown",
        "team_member",
        "team",
    ):
        op.drop_table(table)
