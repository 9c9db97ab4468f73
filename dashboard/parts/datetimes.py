"""Conversion of UTC times to and from typed wall-clock times of a zone and addresses, across clock changes."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from operations.core import clock
from operations.core.clock import Which
from operations.core.errors import RuleBroken

_TIME = re.compile(r"(\d{1,2})\s*(?:[:.h]|\s)\s*(\d{2})|(\d{1,2})(\d{2})|(\d{1,2})\s*h", re.IGNORECASE)


def typed_time(text: str) -> str | None:
    """A time of day, HH:MM, as people type it: "14:30", "14.30", "14h30", "1430", "14 h"; None for what is none.

    >>> [typed_time(text) for text in ("14:30", "14.30", "14h30", "1430", "930", "9 h", "24:00", "noon")]
    ['14:30', '14:30', '14:30', '14:30', '09:30', '09:00', None, None]
    """
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, joined, rest, alone = found.groups()
    hour, minute = int(hours or joined or alone), int(minutes or rest or 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def typed_moment(day: str | None, at: str | None, zone: str, field: str, which: str | None = None) -> datetime:
    """Return the UTC time of a day and a time typed for `zone`; `which` of the two when the clock repeats an hour.

    Raises RuleBroken on `field`.
    """
    try:
        wall = datetime.fromisoformat(f"{(day or '')[:10]}T{typed_time(at or '') or at or ''}")
    except ValueError:
        raise RuleBroken(field, "Give both the day and the time.") from None
    return clock.from_local(wall, zone, field, Which(which) if which else None)


def day_and_time(moment: datetime | None, zone: str) -> tuple[str | None, str | None]:
    """Return the day, YYYY-MM-DD, and the time, HH:MM, on the clocks of `zone`; (None, None) for None."""
    if moment is None:
        return None, None
    local = moment.astimezone(UTC).astimezone(clock.zone(zone))
    return local.date().isoformat(), f"{local:%H:%M}"


def moment_of(address: str) -> datetime:
    """Parse a time in an address (ISO 8601, UTC by default). Raises RuleBroken."""
    try:
        parsed = datetime.fromisoformat(address)
    except ValueError:
        raise RuleBroken("at", "The time in this address is not valid. Choose one on the screen.") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def address_of(moment: datetime) -> str:
    """Return a time as it is written in an address (ISO 8601, UTC)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day_typed(typed: Mapping[str, Any]) -> date:
    """Parse the day that was typed into the field "day". Raises RuleBroken."""
    try:
        return date.fromisoformat(typed["day"])
    except (TypeError, ValueError):
        raise RuleBroken("day", "Give the day.") from None
