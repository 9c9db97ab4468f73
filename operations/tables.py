"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.exchange import calendars
from operations.measures import totals
from operations.notices import habits, messages
from operations.policing import (
    analyses,
    dependencies,
    layers,
    lead_rows,
    places,
    plan,
    plan_versions,
    reports,
    tasks,
)
from operations.policing.fugitives import appeals, cases, checks, found
from operations.support import availability, certificates, deployments, kit, offers, requests, teams
from operations.timetable import effects, lease, rules, signs

__all__ = [
    "analyses",
    "appeals",
    "availability",
    "calendars",
    "cases",
    "certificates",
    "checks",
    "dependencies",
    "deployments",
    "effects",
    "found",
    "habits",
    "journal",
    "kit",
    "layers",
    "lead_rows",
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
    "tasks",
    "teams",
    "totals",
]
