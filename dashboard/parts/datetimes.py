"""Conversion of UTC times to and from typed wall-clock times of a zone and addresses, across clock changes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from operations.core import clock
from operations.core.clock import Which
from operations.core.errors import RuleBroken


def typed_moment(day: str | None, at: str | None, zone: str, field: str, which: str | None = None) -> datetime:
    """Return the UTC time of a day and a time typed for `zone`; `which` of the two when the clock repeats an hour.

    Raises RuleBroken on `field`.
    """
    try:
        wall = datetime.fromisoformat(f"{(day or '')[:10]}T{at or ''}")
    except ValueError:
        raise RuleBroken(field, "Give both the day and the time.") from None
    return clock.from_local(wall, zone, field, Which(which) if which else None)


def day_and_time(moment: datetime | None, zone: str) -> tuple[str | None, str | None]:
    """Return the day, YYYY-MM-DD, and the time, HH:MM, on the clocks of `zone`; (None, None) for None."""
    if moment is None:
        return None, None
    local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
    return local.date().isoformat(), f"{local:%H:%M}"


def moment_of(address: str) -> datetime:
    """Parse a time in an address (ISO 8601, UTC by default). Raises RuleBroken."""
    try:
        parsed = datetime.fromisoformat(address)
    except ValueError:
        raise RuleBroken("at", "This address names no moment: choose one on the screen.") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def address_of(moment: datetime) -> str:
    """Return a time as it is written in an address (ISO 8601, UTC)."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
