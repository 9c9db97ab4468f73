"""What people are told and how, and what the timetable has done.

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("message", "timetable_effect")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_message_number")),
        sa.CheckConstraint("link LIKE '/%'", name=op.f("ck_message_link_is_ours")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_message_operation_id_operation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_operation_id"), ["operation_id"], unique=False)

    op.create_table(
        "message_habits",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("digest_at", sa.Time(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_habits_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_message_habits")),
    )
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("given_up_at", UtcDateTime(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(300), nullable=False),
        sa.CheckConstraint("way IN ('inbox', 'mail')", name=op.f("ck_delivery_way")),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_delivery_ends_once")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delivery_account_id_account")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "account_id", "way", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["way", "sent_at", "due_at"], unique=False)
        batch_op.create_index("ix_delivery_unread", ["account_id", "way", "read_at"], unique=False)

    op.create_table(
        "reminder_rules",
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("ask_before", sa.Integer(), nullable=False),
        sa.Column("remind_after", sa.Integer(), nullable=False),
        sa.Column("national_after", sa.Integer(), nullable=False),
        sa.Column("coordinator_after", sa.Integer(), nullable=False),
        sa.Column("by_calendar", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ask_before BETWEEN 0 AND 1440", name=op.f("ck_reminder_rules_ask_before")),
        sa.CheckConstraint(
            "remind_after >= 0 AND national_after > remind_after AND coordinator_after > national_after "
            "AND coordinator_after <= 2880",
            name=op.f("ck_reminder_rules_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_reminder_rules_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("operation_id", name=op.f("pk_reminder_rules")),
    )
    op.create_table(
        "timetable_lease",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("beat", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timetable_lease")),
    )
    op.create_table(
        "timetable_effect",
        sa.Column("job", sa.String(120), nullable=False),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("job", "due", name=op.f("pk_timetable_effect")),
    )
    with op.batch_alter_table("timetable_effect", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timetable_effect_due"), ["due"], unique=False)
    op.create_table(
        "timetable_sign",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("succeeded_at", UtcDateTime(), nullable=True),
        sa.Column("failed_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timetable_sign")),
    )
    _guard(op.get_bind().dialect.name)


def _guard(dialect: str) -> None:
    """What people were told and what the timetable did is never changed nor removed."""
    for table in APPEND_ONLY:
        if dialect == "postgresql":
            refuse = "EXECUTE FUNCTION muster_refuse()"
            op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}")
        else:
            refuse = "BEGIN SELECT RAISE(ABORT, 'What was written here is never changed.'); END"
            op.execute(f"CREATE TRIGGER {table}_keeps BEFORE UPDATE ON {table} {refuse}")
            op.execute(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {refuse}")


def downgrade() -> None:
    for table in (
        "timetable_sign",
        "timetable_effect",
        "timetable_lease",
        "reminder_rules",
        "delivery",
        "message_habits",
        "message",
    ):
        op.drop_table(table)
