"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.exchange import calendars
from operations.measures import totals
from operations.policing import analyses, dependencies, layers, places, plan, plan_versions, reports, tasks

__all__ = [
    "analyses",
    "calendars",
    "dependencies",
    "journal",
    "layers",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "signin",
    "tasks",
    "totals",
]
