"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.notices import habits, messages
from operations.policing import analyses, layers, leads, places, plan, plan_versions, reports
from operations.policing.fugitives import appeals, cases, checks, found
from operations.support import availability, certificates, deployments, kit, offers, requests, teams
from operations.timetable import effects, lease, rules, signs

__all__ = [
    "analyses",
    "appeals",
    "availability",
    "cases",
    "certificates",
    "checks",
    "deployments",
    "effects",
    "found",
    "habits",
    "journal",
    "kit",
    "layers",
    "leads",
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
