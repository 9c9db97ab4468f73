"""The database knows the states of every life: no column of one holds anything else.

Revision: r0002, after: r0001
"""

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

_PLAN = ("approved", "superseded")
_LEAD = ("new", "shared", "accepted", "actioned", "negative", "positive", "expired")
STATES = {
    "analysis": ("queued", "running", "cancelling", "done", "failed", "cancelled"),
    "deployment": (
        *("requested", "approved", "mobilising", "on_site", "offline", "withdrawn", "debriefed", "stood_down"),
    ),
    "fugitive_case": (
        *("nominated", "target", "under_review", "lead_out", "located", "arrested", "surrendered", "closed"),
        *("not_extraditable", "released", "deceased", "notice_withdrawn", "false_identity"),
    ),
    "fugitive_location": ("reported", "confirmed", "arrest_reported", "arrest_confirmed", "negative"),
    "lead": _LEAD,
    "lead_country": _LEAD,
    "operation": (
        *("draft", "proposed", "approved", "pre_operational", "active", "consolidation", "debriefed", "final"),
        *("evaluated", "archived", "suspended", "cancelled"),
    ),
    "oplan_version": _PLAN,
    "participation": (
        *("invited", "confirmed", "declined", "preparing", "active", "reported_final", "closed", "withdrawn"),
    ),
    "plan_version": ("draft", *_PLAN),
    "report": (
        *("submitted", "locally_verified", "nationally_validated", "consolidated", "frozen", "returned", "rejected"),
        *("withdrawn", "superseded"),
    ),
    "support_offer": ("offered", "accepted", "declined", "withdrawn"),
    "support_request": ("raised", "asked", "closed"),
    "task": ("open", "started", "blocked", "done", "cancelled"),
}


def upgrade() -> None:
    bind = op.get_bind()
    for table, states in STATES.items():
        named = ", ".join(f"'{state}'" for state in states)
        if bind.dialect.name == "postgresql":
            op.create_check_constraint(op.f(f"ck_{table}_state_known"), table, f"state IN ({named})")
        else:
            _declare(bind, table, f"CONSTRAINT ck_{table}_state_known CHECK (state IN ({named}))")
    if bind.dialect.name == "sqlite":
        version = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
        bind.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")  # every connection reads the schema again
        bind.exec_driver_sql("PRAGMA writable_schema = RESET")


def _declare(bind: sa.Connection, table: str, rule: str) -> None:
    """Add a rule to a table of SQLite where it stands, after looking that every row keeps it.

    Making the table anew, as batch operations do, would lose its triggers and the rules that it has already, and no row
    that another table names can be deleted. A rule changes nothing of what is stored, so its text is enough.
    """
    condition = rule[rule.index("CHECK") + len("CHECK") :]
    if bind.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE NOT {condition}").scalar_one():  # noqa: S608 - names of ours
        raise ValueError(f"The table {table} has rows that do not keep this: {rule}")
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    written = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"
    text = bind.exec_driver_sql(written, (table,)).scalar_one().rstrip()
    new = f"{text.removesuffix(')').rstrip()},\n\t{rule}\n)"
    bind.exec_driver_sql("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (new, table))
