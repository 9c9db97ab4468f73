"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.notices import habits, messages
from operations.policing import analyses, layers, places, plan, plan_versions, reports
from operations.support import availability, certificates, deployments, kit, offers, requests, teams
from operations.timetable import effects, lease, rules, signs

__all__ = [
    "analyses",
    "availability",
    "certificates",
    "deployments",
    "effects",
    "habits",
    "journal",
    "kit",
    "layers",
    "lease",
    "messages",
    "offers",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "requests",
    "rules",
    "signin",
    "signs",
    "teams",
    "totals",
]
