"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.policing import analyses, layer_uploads, layers, places, plan, plan_versions, reports

__all__ = [
    "analyses",
    "journal",
    "layer_uploads",
    "layers",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "signin",
    "totals",
]
