"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.policing import analyses, layers, places, plan, plan_versions, reports
from operations.support import availability, certificates, deployments, kit, offers, requests, teams

__all__ = [
    "analyses",
    "availability",
    "certificates",
    "deployments",
    "journal",
    "kit",
    "layers",
    "offers",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "requests",
    "signin",
    "teams",
    "totals",
]
