"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.policing import analyses, layers, lead_rows, places, plan, plan_versions, reports
from operations.policing.fugitives import appeals, cases, checks, found

__all__ = [
    "analyses",
    "appeals",
    "cases",
    "checks",
    "found",
    "journal",
    "layers",
    "lead_rows",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "signin",
    "totals",
]
