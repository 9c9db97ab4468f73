"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.exchange import calendars
from operations.measures import totals
from operations.policing import (
    analyses,
    coordination_units,
    dependencies,
    layers,
    leads,
    oplan,
    places,
    plan,
    plan_versions,
    reports,
    targets,
    tasks,
)
from operations.templates import library

__all__ = [
    "analyses",
    "calendars",
    "coordination_units",
    "dependencies",
    "journal",
    "layers",
    "leads",
    "library",
    "oplan",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "signin",
    "targets",
    "tasks",
    "totals",
]
