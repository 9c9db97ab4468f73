"""iCalendar (RFC 5545): dates written for calendar programs, and dates read from files of strangers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event

from operations.core import clock
from operations.core.clock import Which
from operations.core.errors import Flaw, RuleBroken
from operations.core.vocabulary import TaskState
from operations.exchange.calendars import Date

MOST_BYTES = 512 * 2**10
MOST_EVENTS = 500
_NAME = "-//Muster//Timeline//EN"
_REFRESH = timedelta(hours=1)


def written(
    name: str, dates: Iterable[Date], said: Callable[[Date], str], address: Callable[[Date], str], now: datetime
) -> bytes:
    """A calendar called `name`: one event for each date, in UTC, with `said` as its title and `address` as its link.

    An event keeps its UID for ever, and its SEQUENCE grows with every move.
    """
    made = Calendar()
    made.add("prodid", _NAME)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", _REFRESH, parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for each in dates:
        made.add_component(_event(each, said(each), address(each), now))
    text: bytes = made.to_ical()
    return text


def _event(each: Date, said: str, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{each.id}@muster")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", (each.starts or each.ends).astimezone(UTC))
    if each.starts is not None:
        event.add("dtend", each.ends.astimezone(UTC))
    event.add("summary", said)
    event.add("url", address)
    event.add("sequence", each.version - 1)
    event.add("class", "CONFIDENTIAL")
    event.add("status", "CANCELLED" if each.state == TaskState.CANCELLED else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


# ------------------------------------------------------------------------------------------------------ reading


@dataclass(frozen=True)
class Found:
    """An event of a file. `flaw` says why it cannot be taken; `note` what to know of it where it can."""

    uid: str
    title: str
    starts: datetime | None = None
    ends: datetime | None = None
    flaw: Flaw | None = None
    note: Flaw | None = None


def read(data: bytes, zone: str, *, zone_for_floating: bool = False) -> list[Found]:
    """The events and to-dos of a file, by their beginning. Whole days are days of `zone`.

    Times without a zone are read in `zone` only where that was asked for. Raises RuleBroken on `file` for what is no
    calendar or too large a one.
    """
    if len(data) > MOST_BYTES:
        raise RuleBroken("file", "The file is larger than {most} KB. Divide it.", most=MOST_BYTES // 2**10)
    try:
        components = [
            each
            for calendar in Calendar.from_ical(data, multiple=True)
            for each in calendar.walk()
            if each.name in ("VEVENT", "VTODO")
        ]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):  # what the parser says of broken files
        raise RuleBroken("file", "This is not an iCalendar file: export it again as .ics.") from None
    if not components:
        raise RuleBroken("file", "This file holds no event: export the calendar again as .ics.")
    if len(components) > MOST_EVENTS:
        raise RuleBroken("file", "The file holds more than {most} events. Divide it.", most=MOST_EVENTS)
    found = [_found(each, zone, zone_for_floating, number) for number, each in enumerate(components, start=1)]
    return sorted(found, key=lambda each: (each.starts is None, each.starts or datetime.max.replace(tzinfo=UTC)))


def _found(component: Any, zone: str, floating: bool, number: int) -> Found:
    title = " ".join(str(component.get("summary", "")).split())[:120]
    uid = str(component.get("uid", "")) or f"event {number}"
    try:
        starts, ends = _ends(component, zone, floating)
    except RuleBroken as broken:
        return Found(uid, title, flaw=broken.flaws[0])
    repeats = Flaw("", "It repeats: only its first date is taken.") if component.get("rrule") else None
    return Found(uid, title, starts, ends, note=repeats)


def _ends(component: Any, zone: str, floating: bool) -> tuple[datetime | None, datetime]:
    """The beginning and the end of an event; no beginning for what is a moment. Raises RuleBroken."""
    first = _value(component, "dtstart")
    last = _value(component, "dtend") or _value(component, "due")
    length = component.get("duration")
    if first is None and last is None:
        raise RuleBroken("", "It has no date: give it one in the calendar program.")
    if last is None and first is not None:
        if length is not None:
            last = first + length.dt
        elif not isinstance(first, datetime):
            last = first + timedelta(days=1)
    begins = None if first is None else _moment(first, zone, floating)
    ends = None if last is None else _moment(last, zone, floating)
    if begins is None or ends is None or begins == ends:
        return None, begins or ends  # type: ignore[return-value] # one of them is known
    if ends < begins:
        raise RuleBroken("", "It ends before it begins: correct it in the calendar program.")
    return begins, ends


def _value(component: Any, name: str) -> date | datetime | None:
    found = component.get(name)
    if found is None:
        return None
    if not isinstance(getattr(found, "dt", None), date):
        raise RuleBroken("", "Its date cannot be read: correct it in the calendar program.")
    value: date | datetime = found.dt
    return value


def _moment(value: date | datetime, zone: str, floating: bool) -> datetime:
    if not isinstance(value, datetime):
        return clock.from_local(datetime.combine(value, time(0)), zone, "", Which.FIRST)
    if value.tzinfo is None:
        if not floating:
            raise RuleBroken("", "Its time has no zone: add one, or read such times as those of the operation's zone.")
        return clock.from_local(value, zone, "", Which.FIRST)
    name = getattr(value.tzinfo, "key", None)
    if isinstance(name, str) and name != "UTC":
        return clock.from_local(value, name, "", Which.FIRST)
    return value.astimezone(UTC)
