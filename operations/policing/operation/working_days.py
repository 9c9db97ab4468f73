"""Working days: the period of a posting or assignment in official days of the operation, and as moments.

Both days are included. They begin at the operation's cut, in its zone; a period that is ended early ends at that
moment.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, NamedTuple

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from operations.core.clock import day_bounds, now, official_day
from operations.core.drafts import Draft, rule
from operations.core.errors import RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.people import Timed
from operations.policing.operation import plan

MOMENT = timedelta(microseconds=1)
_REVERSED = rule("days_reversed", "The last day must not lie before the first.")

LastDay = Annotated[date | None, Label(N_("Last day"), N_("Empty: until somebody ends it."))]


class WorkingDays(Draft):
    """Official days of an operation, both included; None: from this moment on, and until somebody ends it."""

    first_day: Annotated[date | None, Label(N_("First day"), N_("Empty: from now on."))] = None
    last_day: LastDay = None

    @field_validator("last_day")
    @classmethod
    def _in_order(cls, last: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("first_day")
        if first is not None and last is not None and last < first:
            raise PydanticCustomError(_REVERSED, "days reversed")
        return last


class WorkingPeriod(NamedTuple):
    """Moments (UTC) from `starts` to before `ends`; None: unbounded on that side."""

    starts: datetime | None
    ends: datetime | None

    @classmethod
    def of(cls, operation: plan.Operation, days: WorkingDays) -> "WorkingPeriod":
        """Return the moments of official days. Raises RuleBroken where they are over."""
        starts = now() if days.first_day is None else day_bounds(days.first_day, operation.zone, operation.day_cut)[0]
        return cls(starts, end_of(operation, days.last_day))

    def overlaps(self, other: Timed) -> bool:
        """Return whether both periods are in force at some moment."""
        some = other.ends is None or other.starts != other.ends
        return some and before(self.starts, other.ends) and before(other.starts, self.ends)


def before(starts: datetime | None, ends: datetime | None) -> bool:
    """Return whether a beginning lies before an end; None is unbounded."""
    return starts is None or ends is None or starts < ends


def end_of(operation: plan.Operation, last: date | None) -> datetime | None:
    """Return the moment at which an official day is over. Raises RuleBroken where that has passed."""
    if last is None:
        return None
    ends = day_bounds(last, operation.zone, operation.day_cut)[1]
    if ends <= now():
        raise RuleBroken("last_day", "This day is in the past. Choose today or a later day, or end it now.")
    return ends


def days_of(operation: plan.Operation, period: Timed) -> tuple[date | None, date | None]:
    """Return the first and the last official day of a period; None where it is unbounded."""
    calendar = operation.zone, operation.day_cut
    first = None if period.starts is None else official_day(period.starts, *calendar)
    last = None if period.ends is None else official_day(period.ends - MOMENT, *calendar)
    return first, last


def journal_days(operation: plan.Operation, period: Timed) -> dict[str, str]:
    """Return the first and last days for the detail of a journal entry, without unbounded ones."""
    named = zip(("first", "last"), days_of(operation, period), strict=True)
    return {name: day.isoformat() for name, day in named if day is not None}


def early_end(period: Timed) -> datetime:
    """Return the end of a period that is ended now: its start where it has not begun, so that it is never in force."""
    return now() if period.starts is None else max(now(), period.starts)
