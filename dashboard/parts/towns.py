"""Positions of towns by name, from the gazetteer that Muster includes."""

from typing import Any

from dashboard.server.lazy_modules import gazetteer
from dashboard.wording import language
from operations.core.errors import RuleBroken


def town(name: str, country: str | None, field: str) -> dict[str, Any]:
    """Return the position of a town (WGS 84 degrees). Raises RuleBroken on `field` where none has this name."""
    found = gazetteer.search(name, 1, [country] if country else None, language())
    if not found:
        raise RuleBroken(field, "No town of this name is known in the country: check how it is written.")
    return {"lat": found[0].lat, "lon": found[0].lon}
