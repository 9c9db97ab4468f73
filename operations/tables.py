"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import hearing, journal, people, signin
from operations.exchange import calendars
from operations.measures import totals
from operations.notices import habits, messages
from operations.policing import (
    analyses,
    coordination_units,
    dependencies,
    layer_uploads,
    layers,
    lead_rows,
    left_out,
    oplan,
    places,
    plan,
    plan_versions,
    reports,
    targets,
    tasks,
)
from operations.policing.fugitives import appeals, cases, checks, finds, found
from operations.support import (
    availability,
    certificates,
    deployments,
    intelligence,
    kit,
    lead_results,
    offers,
    requests,
    teams,
)
from operations.templates import library
from operations.timetable import effects, lease, rules, signs

__all__ = [
    "analyses",
    "appeals",
    "availability",
    "calendars",
    "cases",
    "certificates",
    "checks",
    "coordination_units",
    "dependencies",
    "deployments",
    "effects",
    "finds",
    "found",
    "habits",
    "hearing",
    "intelligence",
    "journal",
    "kit",
    "layer_uploads",
    "layers",
    "lead_results",
    "lead_rows",
    "lease",
    "left_out",
    "library",
    "messages",
    "offers",
    "oplan",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "requests",
    "rules",
    "signin",
    "signs",
    "targets",
    "tasks",
    "teams",
    "totals",
]
