"""Database usage: monthly queries of a post, by database and device, and the number of persons who pass there.

A month is counted once. A correction is a new count, and the earlier one stays on record. A month that is counted for
the whole post is not counted by device as well: the sum would count queries twice. A count may be broken down by day of
the week.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import Field as Rule
from pydantic import model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel, col, select

from operations.core import history, rows
from operations.core.clock import UtcDateTime, now, official_day
from operations.core.drafts import FIELD, Count, Draft, Line, rule
from operations.core.errors import Flaw, RuleBroken
from operations.core.field_labels import N_, Label
from operations.core.noun import Noun
from operations.core.people import Actor
from operations.core.permissions import Act
from operations.core.session_cache import once
from operations.core.vocabulary import InList
from operations.infrastructure import equipment
from operations.infrastructure.rows import Equipment
from operations.infrastructure.signs_of_life import sign_of
from operations.posts import register


class MonthCount(StrEnum):
    """Kinds of monthly count."""

    QUERIES = "queries"
    PASSAGES = "passages"


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@history.versioned("current", screened=True)
class UsageMonth(SQLModel, table=True):
    """One count of a month of a post: queries in a database, or persons who passed. The `current` one counts.

    `month` is its first day. `device_id` is None for a count of the whole post. `monday` is the sum over all Mondays of
    the month; the seven days are None where there is no breakdown.
    """

    __tablename__ = "usage_month"
    __table_args__ = (
        CheckConstraint("count >= 0", name="count"),
        CheckConstraint("counted IN ('queries', 'passages')", name="counted"),
        CheckConstraint("(counted = 'queries') = (database <> '')", name="database_named"),
        CheckConstraint("counted = 'queries' OR device_id IS NULL", name="passages_of_post"),
        CheckConstraint(" AND ".join(f"{day} >= 0" for day in WEEKDAYS), name="weekdays"),
        CheckConstraint(
            f"coalesce({' + '.join(WEEKDAYS)} = count, coalesce({', '.join(WEEKDAYS)}) IS NULL)", name="weekdays_sum"
        ),
        Index(
            "uq_usage_month_current",
            "post_id",
            "month",
            "counted",
            "database",
            "device_key",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )
    id: UUID = Field(primary_key=True)
    post_id: UUID = Field(foreign_key="post.id", index=True)
    country: str = Field(max_length=3, index=True)
    month: date
    counted: str = Field(max_length=8)
    database: str = Field(default="", max_length=32)
    device_id: UUID | None = Field(default=None, foreign_key="equipment.id", index=True)
    device_key: str = Field(default="", max_length=36)
    count: int
    monday: int | None = None
    tuesday: int | None = None
    wednesday: int | None = None
    thursday: int | None = None
    friday: int | None = None
    saturday: int | None = None
    sunday: int | None = None
    source: str = Field(default="", max_length=300)
    supersedes_id: UUID | None = Field(default=None, foreign_key="usage_month.id", unique=True)
    current: bool = True
    author_id: UUID
    author_name: str = Field(max_length=120)
    made_at: datetime = Field(sa_type=UtcDateTime)


register.own_rows(UsageMonth, Act.USAGE_READ)
register.own_entries("usage", Act.USAGE_READ)
USAGE = Noun(
    UsageMonth,
    "usage",
    register.record,
    N_("This month was already counted with other content. Reload the page to see it."),
)

_DATABASE = rule("queries_without_database", "Choose the database that was queried.")
_LAST = rule("device_without_last_query", "Give the day of the last query with this device in the month.")
_OUTSIDE = rule("last_query_outside_month", "This day is not in the month that is counted.")
_ANY_OR_NONE = rule(
    "weekday_missing",
    "Give a number for each day of the week, 0 where nothing was counted, or leave all of them empty.",
)
_SUM = rule(
    "weekdays_of_another_sum",
    "The days of the week add up to {sum}, but the month has {count}. The two must be equal.",
)
COUNTED = {MonthCount.QUERIES.value: N_("Queries"), MonthCount.PASSAGES.value: N_("Persons who passed")}


class MonthDraft(Draft):
    """Draft of a monthly count. `replaces` names the count that it corrects."""

    id: UUID
    replaces: UUID | None = None
    month: Annotated[date, Label(N_("Month"), N_("Any day of it."))]
    counted: Annotated[MonthCount, Label(N_("What was counted"), choices=COUNTED, start="queries")] = MonthCount.QUERIES
    database: Annotated[str, InList("CL-DB"), Label(N_("Database"), listed="CL-DB", when=("counted", "queries"))] = (
        "unknown"
    )
    device_id: Annotated[
        UUID | None, Label(N_("Device"), N_("Empty: the whole post."), when=("counted", "queries"))
    ] = None
    last_on: Annotated[date | None, Label(N_("Day of the last query with it"), when=("counted", "queries"))] = None
    count: Annotated[int, Rule(strict=True, ge=0, le=100_000_000), Label(N_("Count"))]
    monday: Annotated[Count | None, Label(N_("Monday"))] = None
    tuesday: Annotated[Count | None, Label(N_("Tuesday"))] = None
    wednesday: Annotated[Count | None, Label(N_("Wednesday"))] = None
    thursday: Annotated[Count | None, Label(N_("Thursday"))] = None
    friday: Annotated[Count | None, Label(N_("Friday"))] = None
    saturday: Annotated[Count | None, Label(N_("Saturday"))] = None
    sunday: Annotated[Count | None, Label(N_("Sunday"))] = None
    source: Annotated[Line, Label(N_("Where that was read"))] = ""

    @property
    def weekdays(self) -> dict[str, int | None]:
        """The count for each day of the week, from Monday on: all seven or none."""
        return {day: getattr(self, day) for day in WEEKDAYS}

    @model_validator(mode="after")
    def _together(self) -> "MonthDraft":
        if self.counted is MonthCount.QUERIES and self.database in ("", "unknown"):
            raise PydanticCustomError(_DATABASE, "no database", {FIELD: "database"})
        if self.device_id is not None and self.count and self.last_on is None:
            raise PydanticCustomError(_LAST, "no last query", {FIELD: "last_on"})
        if self.last_on is not None and self.last_on.replace(day=1) != self.month.replace(day=1):
            raise PydanticCustomError(_OUTSIDE, "outside", {FIELD: "last_on"})
        told = [each for each in self.weekdays.values() if each is not None]
        if told and len(told) < len(WEEKDAYS):
            missing = next(day for day, each in self.weekdays.items() if each is None)
            raise PydanticCustomError(_ANY_OR_NONE, "a day is missing", {FIELD: missing})
        if told and sum(told) != self.count:
            raise PydanticCustomError(_SUM, "another sum", {FIELD: "count", "sum": sum(told), "count": self.count})
        return self


# ------------------------------------------------------------------------------------------------- questions


def months(session: Session, post_id: UUID | None = None) -> list[UsageMonth]:
    """Return the current counts, of one post or of all that the asker sees, newest month first."""
    query = select(UsageMonth).where(col(UsageMonth.current).is_(True))
    query = query if post_id is None else query.where(UsageMonth.post_id == post_id)
    query = query.order_by(col(UsageMonth.month).desc(), col(UsageMonth.database), col(UsageMonth.id))
    return list(once(session, (UsageMonth, post_id), lambda: session.exec(query).all()))


class Month(NamedTuple):
    """A month of a post: its queries in all databases together, and its passages where they were counted."""

    month: date
    queries: int
    passages: int | None


def series(found: Iterable[UsageMonth]) -> list[Month]:
    """Return the months in which queries were counted, in order. A month without a count is left out, and is no 0."""
    queries: dict[date, int] = defaultdict(int)
    passages: dict[date, int] = {}
    for month_count in found:
        if month_count.counted == MonthCount.QUERIES:
            queries[month_count.month] += month_count.count
        else:
            passages[month_count.month] = month_count.count
    return [Month(month, queries[month], passages.get(month)) for month in sorted(queries)]


# ----------------------------------------------------------------------------------------------------- verbs


def count(session: Session, post_id: UUID, draft: MonthDraft, by: Actor) -> UsageMonth:
    """Record the count of a month of a post. Idempotent: other content under the same id is a Conflict.

    Raises RuleBroken for a month that is not over, one that is counted already, and for a device of another post. A
    month of a device says when it was last asked with, as `equipment.report_sign` does.
    """
    post = register.hold(session, post_id, by, Act.USAGE_COUNT)
    month = draft.month.replace(day=1)
    queries = draft.counted is MonthCount.QUERIES
    device = draft.device_id if queries else None
    said: dict[str, Any] = {
        "id": draft.id,
        "post_id": post_id,
        "month": month,
        "counted": draft.counted.value,
        "count": draft.count,
        "database": draft.database if queries else "",
        "device_id": device,
        "source": draft.source,
        "supersedes_id": draft.replaces,
        **draft.weekdays,
    }
    if known := USAGE.known(session, said):
        return known
    today = official_day(now(), post.zone)
    if month > today:
        raise RuleBroken("month", "This month is in the future.")
    if month == today.replace(day=1):
        raise RuleBroken("month", "This month has not ended. Enter its count after its last day.")
    _refuse_twice(session, post_id, said, draft.replaces)
    if device is not None:
        _asked_with(session, post_id, device, draft, by)
    act = "usage.correct" if draft.replaces else "usage.count"
    about = {"month": month.isoformat(), "number": draft.count, "counted": draft.counted.value}
    return USAGE.write(session, by, act, said | {"country": post.country, "device_key": str(device or "")}, **about)


def _refuse_twice(session: Session, post_id: UUID, said: Mapping[str, object], replaces: UUID | None) -> None:
    alike = [getattr(UsageMonth, name) == said[name] for name in ("month", "counted", "database")]
    at_post = select(UsageMonth).where(UsageMonth.post_id == post_id, col(UsageMonth.current).is_(True))
    same = session.exec(at_post.where(*alike)).all()
    if replaces is not None:
        wrong = rows.hold(session, UsageMonth, replaces)
        if wrong not in same or wrong.device_id != said["device_id"] or not wrong.current:
            raise RuleBroken(
                "month", "The count to be replaced is a different one or was already replaced. Reload the page."
            )
        wrong.current = False
        session.add(wrong)
        session.flush()
        return
    if twin := next((each for each in same if each.device_id == said["device_id"]), None):
        raise RuleBroken(
            "month",
            "{month} is counted already, with {count}: correct that instead.",
            month=f"{twin.month:%Y-%m}",
            count=twin.count,
        )
    if same and (said["device_id"] is None or any(each.device_id is None for each in same)):
        raise RuleBroken(
            "device_id",
            "This month and database already have a count, for the whole post or by device. "
            "A second one would count twice.",
        )


def _asked_with(session: Session, post_id: UUID, device: UUID, draft: MonthDraft, by: Actor) -> None:
    found = rows.hold(session, Equipment, device)
    if found.post_id != post_id:
        raise RuleBroken("device_id", "This device is at another post.")
    if not sign_of(found.kind).queries:
        raise RuleBroken("device_id", "This kind of equipment makes no database queries. Choose another device.")
    if draft.last_on is None or not draft.count:
        return
    try:
        equipment.shown(session, found, draft.last_on, by)
    except RuleBroken as refused:
        raise RuleBroken.all([Flaw("last_on", each.template, each.params) for each in refused.flaws]) from None


def count_many(session: Session, post_id: UUID, drafts: Sequence[MonthDraft], by: Actor) -> int:
    """Record several months, all or none. Raises RuleBroken on `rows` with every month that cannot be counted."""
    flaws: list[Flaw] = []
    for draft in drafts:
        try:
            count(session, post_id, draft, by)
        except RuleBroken as refused:
            flaws += [Flaw("rows", each.template, each.params) for each in refused.flaws]
    if flaws:
        raise RuleBroken.all(flaws)
    return len(drafts)
