"""iCalendar (RFC 5545): writing dates for calendar programs, and reading dates from untrusted files."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event, vDDDTypes, vRecur

from operations.core import clock
from operations.core.clock import Which
from operations.core.errors import Flaw, RuleBroken
from operations.exchange.calendars import Date

MOST_BYTES = 512 * 2**10
MOST_EVENTS = 500
MOST_DATES = 100
HORIZON = timedelta(days=366)
"""For an event with more than `MOST_DATES` dates, only dates within this time from now are read."""

_KINDS = ("VEVENT", "VTODO")
_TOO_OFTEN = ("SECONDLY", "MINUTELY")
_NAME = "-//Muster//Timeline//EN"
_REFRESH = timedelta(hours=1)


def written(
    name: str, dates: Iterable[Date], said: Callable[[Date], str], address: Callable[[Date], str], now: datetime
) -> bytes:
    """Return a calendar called `name`: one event for each date, in UTC, with `said` as its title and `address` as its
    link.

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
    event.add("status", "CANCELLED" if each.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


# ------------------------------------------------------------------------------------------------------ reading


@dataclass(frozen=True)
class CalendarEvent:
    """An event of a file. `flaw` says why it cannot be adopted; `note` what a reader must know where it can."""

    uid: str
    title: str
    starts: datetime | None = None
    ends: datetime | None = None
    flaw: Flaw | None = None
    note: Flaw | None = None


def read(data: bytes, zone: str, *, zone_for_floating: bool = False) -> list[CalendarEvent]:
    """Return the dates of the events and to-dos of a file, by their beginning. Whole days are days of `zone`.

    A repeating event gives each of its dates, with the file's exceptions; one that repeats without an end or very
    often, those of the coming year. Floating times are read in `zone` only with `zone_for_floating`. Raises RuleBroken
    on `file` where it is no calendar or too large.
    """
    if len(data) > MOST_BYTES:
        raise RuleBroken("file", "The file is larger than {most} KB. Divide it.", most=MOST_BYTES // 2**10)
    try:
        calendars = Calendar.from_ical(data, multiple=True)
        components = [each for calendar in calendars for each in calendar.walk() if each.name in _KINDS]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):  # what the parser raises for broken files
        raise RuleBroken("file", "This is not an iCalendar file: export it again as .ics.") from None
    if not components:
        raise RuleBroken("file", "This file holds no event: export the calendar again as .ics.")
    if len(components) > MOST_EVENTS:
        raise RuleBroken("file", "The file holds more than {most} events. Divide it.", most=MOST_EVENTS)
    events = list(islice(_all_found(calendars, zone, zone_for_floating), MOST_EVENTS + 1))
    if len(events) > MOST_EVENTS:
        raise RuleBroken("file", "The events of the file have more than {most} dates. Divide it.", most=MOST_EVENTS)
    return sorted(events, key=lambda each: (each.starts is None, each.starts or datetime.max.replace(tzinfo=UTC)))


def _all_found(calendars: Iterable[Calendar], zone: str, floating: bool) -> Iterator[CalendarEvent]:
    number = 0
    for calendar in calendars:
        components = [each for each in calendar.walk() if each.name in _KINDS]
        series: dict[str, list[Any]] = {}
        for each in components:
            series.setdefault(str(each.get("uid", "")), []).append(each)
        repeated = {uid for uid, parts in series.items() if uid and any(map(_repeats, parts))}
        for component in components:
            number += 1
            uid = str(component.get("uid", "")) or f"event {number}"
            if uid not in repeated:
                yield _found(component, uid, zone, floating)
        for uid in sorted(repeated):
            yield from _dates(calendar, series[uid], uid, zone, floating)


def _repeats(component: Any) -> bool:
    return bool(component.get("rrule") or component.get("rdate"))


def _dates(calendar: Calendar, parts: list[Any], uid: str, zone: str, floating: bool) -> Iterator[CalendarEvent]:
    """Yield the dates of a repeating event. The first keeps the event's identifier, the others are numbered by day."""
    if any(str(word).upper() in _TOO_OFTEN for each in parts for word in _frequencies(each)):
        often = Flaw("", "It repeats every minute or every second: give it a rule of days in the calendar program.")
        yield CalendarEvent(uid, _title(parts[0]), flaw=often)
        return
    master = next(each for each in parts if _repeats(each))
    whole = _found(master, uid, zone, floating)
    if whole.flaw is not None and "wall" not in whole.flaw.params:  # clocks skip the first date only: read the others
        yield whole
        return
    alone = Calendar()
    for each in [*calendar.walk("VTIMEZONE"), *parts]:
        alone.add_component(each)
    try:
        query = recurring_ical_events.of(alone, components=_KINDS)
        dates, note = list(islice(query.all(), MOST_DATES + 1)), None
        if len(dates) > MOST_DATES:
            today = clock.now()
            ahead = query.after(today.replace(hour=0, minute=0, second=0, microsecond=0))
            coming = [each for each in islice(ahead, MOST_DATES) if _day(each) <= (today + HORIZON).date()]
            dates = coming or dates[:MOST_DATES]
            note = Flaw(
                "",
                "It repeats too often for all its dates: these are {count}, to {last}.",
                {"count": len(dates), "last": _day(dates[-1]).isoformat()},
            )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError):
        wrong = Flaw("", "How it repeats cannot be read: correct it in the calendar program.")
        yield CalendarEvent(uid, _title(parts[0]), flaw=wrong)
        return
    if not dates:
        yield CalendarEvent(
            uid, _title(parts[0]), flaw=Flaw("", "It repeats on no date: correct it in the calendar program.")
        )
    begins = str(getattr(master.get("dtstart"), "dt", ""))
    for number, occurrence in enumerate(dates, start=1):
        day = str(getattr(occurrence.get("recurrence-id"), "dt", ""))
        said = note or Flaw("", "It repeats: date {number} of {count}.", {"number": number, "count": len(dates)})
        yield _found(occurrence, uid if day == begins else f"{uid} {day}", zone, floating, said)


def _frequencies(component: Any) -> list[Any]:
    rules = component.get("rrule") or []
    given = rules if isinstance(rules, list) else [rules]
    return [word for rule in given if isinstance(rule, vRecur) for word in rule.get("freq", [])]


def _day(component: Any) -> date:
    when = component.get("dtstart", component.get("due")).dt
    day: date = when.date() if isinstance(when, datetime) else when
    return day


def _title(component: Any) -> str:
    return " ".join(str(component.get("summary", "")).split())[:120]


def _found(component: Any, uid: str, zone: str, floating: bool, note: Flaw | None = None) -> CalendarEvent:
    try:
        starts, ends = _ends(component, zone, floating)
    except RuleBroken as broken:
        return CalendarEvent(uid, _title(component), flaw=broken.flaws[0])
    return CalendarEvent(uid, _title(component), starts, ends, note=note)


def _ends(component: Any, zone: str, floating: bool) -> tuple[datetime | None, datetime]:
    """Return the beginning and the end of an event; None as the beginning of a moment. Raises RuleBroken."""
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
    if not isinstance(found, vDDDTypes) or not isinstance(found.dt, date):
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
