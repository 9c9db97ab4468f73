"""Time zones of the countries of an operation: those of their sites, else those of the country."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from babel.core import get_global

from dashboard.wording import _, coded, number
from operations.core import clock
from operations.policing.map_plan.places import Site

MOST_OF_A_COUNTRY = 3


@dataclass(frozen=True)
class ZoneName:
    """A zone and its label: the country, with a city where the country has more than one zone."""

    label: str
    zone: str


@cache
def _zones() -> dict[str, list[str]]:
    """Return the zones of every country by its two-letter code, the most populous first (tzdata's zone.tab)."""
    zones: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            zones.setdefault(country, []).append(zone)
    return zones


def of_country(country: str) -> list[str]:
    """Return the zones of a country by its three-letter code."""
    two = get_global("territory_aliases").get(country, [country])[0]
    return _zones().get(two, [])


def places(countries: Iterable[str], sites: Sequence[Site], now: datetime) -> list[ZoneName]:
    """Return the zones of countries, one for each offset; for a country without sites three at most."""
    named_zones = []
    for country in countries:
        named = coded("CL-COUNTRY", country)
        zones = _different([site.zone for site in sites if site.country == country] or of_country(country), now)[
            :MOST_OF_A_COUNTRY
        ]
        for zone in zones:
            city = zone.rpartition("/")[2].replace("_", " ")
            named_zones.append(ZoneName(named if len(zones) == 1 else f"{named} · {city}", zone))
    return named_zones


def _different(zones: Iterable[str], now: datetime) -> list[str]:
    """Return the first zone of each UTC offset that `zones` have now."""
    found: dict[object, str] = {}
    for zone in zones:
        found.setdefault(now.astimezone(clock.zone(zone)).utcoffset(), zone)
    return list(found.values())


def changes(found: Iterable[ZoneName], start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """Return clock changes in a period as sentences; places with the same change share one."""
    together: dict[tuple[datetime, float], list[str]] = {}
    for place in found:
        for change in clock.changes(place.zone, start, end):
            hours = (change.after - change.before).total_seconds() / 3600
            together.setdefault((change.at, hours), []).append(place.label)
    said = []
    for (at, hours), labels in sorted(together.items()):
        names = ", ".join(dict.fromkeys(labels))
        size = number(abs(hours), 0 if hours == int(hours) else 1)
        words = _("{places}: clocks {hours} h on", places=names, hours=size)
        if hours < 0:
            words = _("{places}: clocks {hours} h back", places=names, hours=size)
        said.append((at, words))
    return said
