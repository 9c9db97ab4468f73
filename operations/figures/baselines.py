"""Baselines: queries a day at posts before an operation, by database, and by day of the week where that was counted."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from operations.core import history
from operations.figures.durations import FigureRequest
from operations.infrastructure.usage import WEEKDAYS, MonthCount, UsageMonth
from operations.policing.map_plan.places import Site
from operations.policing.operation import plan
from operations.posts.register import PostSite

MONTHS = 12
"""Months before the first phase from which the baseline is taken."""
_MONTH = ("id", "post_id", "database", "month", "count", "current", *WEEKDAYS)
_WEEK = range(len(WEEKDAYS))


class Usual(NamedTuple):
    """The baseline of one database: queries a day, Monday to Sunday; `weekdays`: whether days of the week are known."""

    a_day: tuple[float, ...]
    weekdays: bool

    def on(self, days: Mapping[int, int]) -> float:
        """Return the queries to be expected on these days: so many of each day of the week, 0 being Monday."""
        return sum(self.a_day[weekday] * many for weekday, many in days.items())


MonthlyCount = tuple[date, int, Sequence[int] | None]
"""The first day of a month, its count, and that count by day of the week where it is known."""


def baseline(told: Iterable[MonthlyCount]) -> Usual:
    """Return the baseline from monthly counts: the level from all months, the week from those with days of the week.

    Where all months have their days of the week, a Monday gets the queries of all Mondays divided by their number.
    """
    whole, known, spread = Counter[date](), Counter[date](), Counter[int]()
    for month, count, weekdays in told:
        whole[month] += count
        if weekdays is not None:
            known[month] += count
            spread.update(dict(enumerate(weekdays)))
    a_day = whole.total() / _days(whole)
    if not known.total():
        return Usual((a_day,) * len(_WEEK), weekdays=False)
    level = a_day * _days(known) / known.total()
    return Usual(tuple(level * spread[each] / _days(known, each) for each in _WEEK), weekdays=True)


def _days(months: Iterable[date], weekday: int | None = None) -> int:
    """Return the number of days in these months, or of one day of the week (0: Monday) in them."""
    return sum(sum(_week(month)) if weekday is None else _week(month)[weekday] for month in months)


@cache
def _week(month: date) -> tuple[int, ...]:
    """Return how many Mondays a month has, how many Tuesdays, and so on."""
    first, length = monthrange(month.year, month.month)
    return tuple(sum((first + day) % 7 == each for day in range(length)) for each in _WEEK)


def before_of(asked: FigureRequest) -> dict[UUID, dict[str, Usual]]:
    """Return the baseline of each site's post by database, from the months before the month of the first phase."""
    phases = plan.phases(asked.session, asked.frame.operation)
    if not phases:
        return {}
    begins = min(phase.starts for phase in phases).date().replace(day=1)
    first = date(begins.year - MONTHS // 12, begins.month, 1)
    here = select(Site.id).where(Site.operation_id == asked.frame.operation)
    linked = sa.select(col(PostSite.site_id), col(PostSite.post_id)).where(col(PostSite.site_id).in_(here))
    posts = {each["site_id"]: each["post_id"] for each in history.query_as_of(asked.session, PostSite, linked)}
    months = sa.select(*(col(getattr(UsageMonth, name)) for name in _MONTH)).where(
        col(UsageMonth.counted) == MonthCount.QUERIES.value,
        col(UsageMonth.month) >= first,
        col(UsageMonth.month) < begins,
        col(UsageMonth.post_id).in_(posts.values()),
    )
    told: dict[UUID, dict[str, list[MonthlyCount]]] = defaultdict(lambda: defaultdict(list))
    for row in history.query_as_of(asked.session, UsageMonth, months):
        if row["current"]:
            spread = None if row[WEEKDAYS[0]] is None else [row[day] for day in WEEKDAYS]
            told[row["post_id"]][row["database"]].append((row["month"], row["count"], spread))
    return {
        site: {database: baseline(counts) for database, counts in told[post].items()}
        for site, post in posts.items()
        if post in told
    }
