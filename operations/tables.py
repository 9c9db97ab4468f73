"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.policing import (
    analyses,
    coordination_units,
    layers,
    oplan,
    places,
    plan,
    plan_versions,
    reports,
    targets,
)
from operations.templates import library

__all__ = [
    "analyses",
    "coordination_units",
    "journal",
    "layers",
    "library",
    "oplan",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "signin",
    "targets",
    "totals",
]
