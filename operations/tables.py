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
from operations.support import intelligence, lead_results
from operations.templates import library

__all__ = [
    "analyses",
    "calendars",
    "coordination_units",
    "dependencies",
    "intelligence",
    "journal",
    "layers",
    "lead_results",
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
