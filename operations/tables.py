"""Every table, for migrations and for `alembic check`. A new table's module is imported here."""

from operations.core import journal, people, signin
from operations.measures import totals
from operations.policing import places, plan, reports

__all__ = ["journal", "people", "places", "plan", "reports", "signin", "totals"]
