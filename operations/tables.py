"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.notices import habits, messages
from operations.policing import analyses, layers, places, plan, plan_versions, reports
from operations.timetable import effects, lease, rules, signs

__all__ = [
    "analyses",
    "effects",
    "habits",
    "journal",
    "layers",
    "lease",
    "messages",
    "people",
    "places",
    "plan",
    "plan_versions",
    "reports",
    "rules",
    "signin",
    "signs",
    "totals",
]
