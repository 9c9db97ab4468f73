"""Tasks with their checklists, dependencies, feeds of calendars, and how often a phase was moved.

Revision: 0006, after: 0005
"""

import sqlalchemy as sa
from alembic import op

from operations.core.clock import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Who sees what on PostgreSQL: see 0003. A task that belongs to no country is for those who work for none.
COORDINATES = "current_setting('muster.reach', true) = 'all'"
NO_COUNTRY = "current_setting('muster.reach', true) IN ('all', 'none')"
OWN = "current_setting('muster.reach', true) = 'nation' AND country = current_setting('muster.country', true)"
IN_TASK = "EXISTS (SELECT 1 FROM task WHERE task.id = task_step.task_id)"
FIRST = "before_task_id IS NULL OR EXISTS (SELECT 1 FROM task WHERE task.id = dependency.before_task_id)"
SECOND = "after_task_id IS NULL OR EXISTS (SELECT 1 FROM task WHERE task.id = dependency.after_task_id)"
POLICIES = {
    # table: (what is seen, what may be written)
    "task": (f"{NO_COUNTRY} OR ({OWN})", f"{COORDINATES} OR ({OWN})"),
    "task_step": (IN_TASK, IN_TASK),
    "dependency": (f"({FIRST}) AND ({SECOND})", COORDINATES),
}


def upgrade() -> None:
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("phase_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("starts", UtcDateTime(), nullable=True),
        sa.Column("due", UtcDateTime(), nullable=False),
        sa.Column("role", sa.String(32), nullable=True),
        sa.Column("country", sa.String(3), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("draft_hash", sa.String(64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts IS NULL OR due > starts", name=op.f("ck_task_in_order")),
        sa.CheckConstraint(
            "role IS NOT NULL OR country IS NOT NULL OR account_id IS NOT NULL", name=op.f("ck_task_owned")
        ),
        sa.CheckConstraint("(state IN ('blocked', 'cancelled')) = (reason <> '')", name=op.f("ck_task_reason_given")),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_task_done_once")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_task_operation_id_operation")),
        sa.ForeignKeyConstraint(["phase_id"], ["phase.id"], name=op.f("fk_task_phase_id_phase")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_task_site_id_site")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_task_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index(op.f("ix_task_operation_id"), "task", ["operation_id"])
    op.create_index(op.f("ix_task_account_id"), "task", ["account_id"])
    op.create_table(
        "task_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(160), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by", sa.String(120), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (done_by = '')", name=op.f("ck_task_step_ticked_by_somebody")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_step_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_step")),
        sa.UniqueConstraint("task_id", "place", name=op.f("uq_task_step_task_id")),
    )
    op.create_index(op.f("ix_task_step_task_id"), "task_step", ["task_id"])
    op.create_table(
        "dependency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("before_phase_id", sa.Uuid(), nullable=True),
        sa.Column("before_task_id", sa.Uuid(), nullable=True),
        sa.Column("after_phase_id", sa.Uuid(), nullable=True),
        sa.Column("after_task_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(before_phase_id IS NULL) <> (before_task_id IS NULL)", name=op.f("ck_dependency_one_before")
        ),
        sa.CheckConstraint("(after_phase_id IS NULL) <> (after_task_id IS NULL)", name=op.f("ck_dependency_one_after")),
        sa.ForeignKeyConstraint(["operation_id"], ["operation.id"], name=op.f("fk_dependency_operation_id_operation")),
        *(
            sa.ForeignKeyConstraint(
                [f"{side}_{kind}_id"], [f"{kind}.id"], name=op.f(f"fk_dependency_{side}_{kind}_id_{kind}")
            )
            for side in ("before", "after")
            for kind in ("phase", "task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependency")),
    )
    op.create_index(op.f("ix_dependency_operation_id"), "dependency", ["operation_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=True),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id_account")),
        sa.ForeignKeyConstraint(
            ["operation_id"], ["operation.id"], name=op.f("fk_calendar_feed_operation_id_operation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_account_id"), "calendar_feed", ["account_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table, (seen, written) in POLICIES.items():
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY {table}_by_country ON {table} USING ({seen}) WITH CHECK ({written})")


def downgrade() -> None:
    for table in ("calendar_feed", "dependency", "task_step", "task"):
        op.drop_table(table)
    with op.batch_alter_table("phase", schema=None) as batch_op:
        batch_op.drop_column("version")
