"""In which zones the countries of an operation live: those of their sites, else those of the country."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.core import get_global

from dashboard.wording import _, coded, number
from operations.core import clock
from operations.policing.map_plan.places import Site

MOST_OF_A_COUNTRY = 3


@dataclass(frozen=True)
class ZoneName:
    """A zone and what it is called here: the country, with a city where the country has more than one."""

    label: str
    zone: str


@cache
def _zones() -> dict[str, list[str]]:
    """The zones of every country by its code of two letters, the one where most people live first."""
    found: dict[str, list[str]] = {}
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            country, _where, zone = line.split("\t")[:3]
            found.setdefault(country, []).append(zone)
    return found


def of_country(country: str) -> list[str]:
    """The zones of a country by its code."""
    two = get_global("territory_aliases").get(country, [country])[0]
    return _zones().get(two, [])


def places(countries: Iterable[str], sites: Sequence[Site], now: datetime) -> list[ZoneName]:
    """The zones of the countries; of those with the same time, one; of a country without sites, three at most."""
    found = []
    for country in countries:
        named = coded("CL-COUNTRY", country)
        zones = _different([site.zone for site in sites if site.country == country] or of_country(country), now)[
            :MOST_OF_A_COUNTRY
        ]
        for zone in zones:
            city = zone.rpartition("/")[2].replace("_", " ")
            found.append(ZoneName(named if len(zones) == 1 else f"{named} · {city}", zone))
    return found


def _different(zones: Iterable[str], now: datetime) -> list[str]:
    """One zone for each time of the day that the clocks of `zones` show now, the first of each."""
    found: dict[object, str] = {}
    for zone in zones:
        found.setdefault(now.astimezone(ZoneInfo(zone)).utcoffset(), zone)
    return list(found.values())


def changes(found: Iterable[ZoneName], start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """When clocks change between two moments, each in words; places whose clocks change alike stand together."""
    together: dict[tuple[datetime, float], list[str]] = {}
    for place in found:
        for each in clock.changes(place.zone, start, end):
            hours = (each.after - each.before).total_seconds() / 3600
            together.setdefault((each.at, hours), []).append(place.label)
    said = []
    for (at, hours), labels in sorted(together.items()):
        names = ", ".join(dict.fromkeys(labels))
        size = number(abs(hours), 0 if hours == int(hours) else 1)
        words = _("{places}: clocks {hours} h on", places=names, hours=size)
        if hours < 0:
            words = _("{places}: clocks {hours} h back", places=names, hours=size)
        said.append((at, words))
    return said
