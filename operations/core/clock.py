"""The clock: the present time, and how moments are stored.

`now()` is the only place in Muster that asks the time. Tests and scenarios hold it with `at(moment)`.
Moments are aware UTC in every table; local time exists in words on a screen only.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from typing_extensions import override

from operations.core.errors import RuleBroken

_INSTANT = timedelta(microseconds=1)
_held: ContextVar[datetime | None] = ContextVar("muster_clock", default=None)


def now() -> datetime:
    """Return the present moment, aware UTC, or the moment that `at` holds."""
    return _held.get() or datetime.now(UTC)


def next_second() -> datetime:
    """Return the present moment, rounded up to a whole second: all that has happened was before."""
    return (now() + timedelta(seconds=1) - _INSTANT).replace(microsecond=0)


def today() -> date:
    """Return the current day in UTC, for what has no operation and so no official day."""
    return now().date()


def midnight(day: date) -> datetime:
    """Return the beginning of a day in UTC."""
    return datetime.combine(day, time(0), UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Hold the clock of this thread or task at `moment` (aware; converted to UTC)."""
    if moment.tzinfo is None:
        raise ValueError("The clock can be held at an aware moment only.")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)


class UtcDateTime(TypeDecorator[datetime]):
    """A column of aware UTC moments. Rejects a moment without a zone; SQLite's naive values get UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC)

    @override
    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Parse SQLite's text directly: SQLAlchemy's own processor takes three times as long."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        moment: datetime | None = value
        return None if moment is None else moment.astimezone(UTC)


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


@cache
def _zone_names() -> frozenset[str]:
    """Return the IANA names, read from files once: reading takes longer than all other checks of a draft."""
    return frozenset(available_timezones())


def zone(name: str, field: str = "zone") -> ZoneInfo:
    """Return the IANA zone called `name`. Raises RuleBroken on `field` if there is none."""
    if name not in _zone_names():
        raise RuleBroken(field, "{name} is not a time zone of the IANA list, such as Africa/Niamey.", name=name)
    return _read_zone(name)


_read_zone = cache(ZoneInfo)
"""A zone, read from its file once: Python itself keeps eight, and boards of many countries show more."""


def official_day(moment: datetime, zone_name: str, cut: time = time(0)) -> date:
    """Return the operation's day of `moment`: the date in the reporting zone, with days beginning at `cut`.

    An event belongs to the day of its beginning (domain 6.4). A day that the clocks make 23 or 25 hours long
    is still one day. A later moment never belongs to an earlier day, whatever the clocks show.
    """
    day = moment.astimezone(_read_zone(zone_name)).date() + timedelta(days=1)  # clocks put back can show a past date
    while moment < _begins(day, zone_name, cut):
        day -= timedelta(days=1)
    return day


def day_bounds(day: date, zone_name: str, cut: time = time(0)) -> tuple[datetime, datetime]:
    """Return the first moments of the official `day` and of the next, both UTC. They are equal for a skipped date."""
    return _begins(day, zone_name, cut), _begins(day + timedelta(days=1), zone_name, cut)


@lru_cache(maxsize=4096)
def _begins(day: date, zone_name: str, cut: time) -> datetime:
    """Return the first moment (UTC) at which the clocks show `cut` on `day`, or any later time where they skip it."""
    tz = _read_zone(zone_name)
    wall = datetime.combine(day, cut)
    late, early = (wall.replace(tzinfo=tz, fold=fold).astimezone(UTC) for fold in (0, 1))
    if late <= early or late.astimezone(tz).replace(tzinfo=None) == wall:
        return late  # shown once, or twice: then this is the first
    while late - early > _INSTANT:  # skipped: `early` is before the change of the clocks, `late` after it
        middle = early + (late - early) // 2
        early, late = (middle, late) if middle.astimezone(tz).replace(tzinfo=None) < wall else (early, middle)
    return late


class Which(StrEnum):
    """The choice between the two moments that a clock shows as the same time, when it is set back."""

    FIRST = "first"
    SECOND = "second"


def from_local(local: datetime, zone_name: str, field: str, which: Which | None = None) -> datetime:
    """Return the UTC moment of a wall-clock time in a zone; `which` chooses where the clocks show it twice.

    Raises RuleBroken on `field` if the clocks there skip that time, or show it twice and `which` is missing; the
    message names the two possible times.
    """
    tz = zone(zone_name, field)
    wall = local.replace(tzinfo=None)
    first, second = (wall.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != wall:
        # With the offset after the change, a skipped time is before the change; with the offset before it, after the
        # change.
        before, after = (wall_time.astimezone(UTC).astimezone(tz) for wall_time in (second, first))
        raise RuleBroken(
            field,
            "The clocks in {zone} skip {wall}: choose {before} or {after}.",
            zone=zone_name,
            wall=f"{wall:%Y-%m-%d %H:%M}",
            before=f"{before:%H:%M} ({offset(before)})",
            after=f"{after:%H:%M} ({offset(after)})",
        )
    if which is not None:
        return (first if which is Which.FIRST else second).astimezone(UTC)
    raise RuleBroken(
        field,
        "The clocks in {zone} show {wall} twice: say whether it is the first, {first}, or the second, {second}.",
        zone=zone_name,
        wall=f"{wall:%Y-%m-%d %H:%M}",
        first=offset(first),
        second=offset(second),
    )


def offset(moment: datetime) -> str:
    """Return the offset of a moment's zone from UTC then, such as "UTC+5:30"."""
    minutes = int((moment.utcoffset() or timedelta(0)).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


@dataclass(frozen=True)
class ClockChange:
    """A change of a zone's clocks: its UTC moment, and the offsets before and after."""

    at: datetime
    before: timedelta
    after: timedelta


@lru_cache(maxsize=256)
def changes(zone_name: str, start: datetime, end: datetime) -> tuple[ClockChange, ...]:
    """Return the clock changes of a zone from `start` to before `end`, to the minute. Two within a day are not seen."""
    tz, step = _read_zone(zone_name), timedelta(days=1)
    clock_changes = []
    moment = start.astimezone(UTC)
    while moment < end:
        until = min(moment + step, end.astimezone(UTC))
        before, after = _offset_at(moment, tz), _offset_at(until, tz)
        if before != after:
            early, late = moment, until
            while late - early > timedelta(minutes=1):
                middle = early + (late - early) // 2
                early, late = (middle, late) if _offset_at(middle, tz) == before else (early, middle)
            clock_changes.append(ClockChange(late.replace(second=0, microsecond=0), before, after))
        moment = until
    return tuple(change for change in clock_changes if change.at < end)


def _offset_at(moment: datetime, tz: ZoneInfo) -> timedelta:
    return moment.astimezone(tz).utcoffset() or timedelta(0)
