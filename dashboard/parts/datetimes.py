"""Moments as people type them and as addresses name them, and back: wall-clock times of a zone, whatever clocks do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from operations.core import clock
from operations.core.clock import Which
from operations.core.errors import RuleBroken


def typed_moment(day: str | None, at: str | None, zone: str, field: str, which: str | None = None) -> datetime:
    """The UTC moment of a day and a time typed for `zone`; `which` of two that the clocks show.

    Raises RuleBroken on `field`.
    """
    try:
        wall = datetime.fromisoformat(f"{(day or '')[:10]}T{at or ''}")
    except ValueError:
        raise RuleBroken(field, "Give both the day and the time.") from None
    return clock.from_local(wall, zone, field, Which(which) if which else None)


def day_and_time(moment: datetime | None, zone: str) -> tuple[str | None, str | None]:
    """The day, YYYY-MM-DD, and the time, HH:MM, that clocks of `zone` show; None for no moment."""
    if moment is None:
        return None, None
    local = moment.astimezone(UTC).astimezone(ZoneInfo(zone))
    return local.date().isoformat(), f"{local:%H:%M}"


def moment_of(address: str) -> datetime:
    """The moment that an address names. Raises RuleBroken."""
    try:
        found = datetime.fromisoformat(address)
    except ValueError:
        raise RuleBroken("at", "This address names no moment: choose one on the screen.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def address_of(moment: datetime) -> str:
    """How an address names a moment."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
