"""Parsers for the text fields of analysis questions: journeys, places, skills, requirements. One record a line.

Each line that cannot be read is reported in a sentence of its own. A place is a coordinate in any notation, or the name
of a town, crossing, port or airport, with its country behind a comma where the name is ambiguous. Coordinates are WGS
84 degrees (EPSG:4326).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from dashboard.parts.draft_form import Reader
from dashboard.server.lazy_modules import gazetteer, sites
from dashboard.wording import N_, language
from geodata.ground import formats
from operations.analyses.question import Journey, JourneyEnd, NamedPosition
from operations.core.errors import Flaw, RuleBroken

T = TypeVar("T")
CROSSING = "crossing:"

_MOST_LINES, _LONGEST_LINE = 300, 400


def journeys_text(journeys: Iterable[Journey]) -> str:
    """Return journeys as typed text, "name; from; to; share", one a line."""
    return "\n".join(
        f"{_plain(each.name)}; {_where(each.origin)}; {_where(each.destination)}; {each.share:g}" for each in journeys
    )


def places_text(places: Iterable[NamedPosition]) -> str:
    """Return places as typed text, "name; where", one a line."""
    return "\n".join(f"{_plain(each.name)}; {_where(each)}" for each in places)


def _plain(name: str) -> str:
    return name.replace(";", ",")


def _where(stop: JourneyEnd) -> str:
    return formats.write(formats.Position(lat=stop.lat, lon=stop.lon))


def journeys_typed(text: str) -> list[dict[str, Any]]:
    """Parse journeys, one a line. Raises RuleBroken on `journeys`, with the line that cannot be read.

    >>> [(each["name"], each["destination"], each["share"]) for each in journeys_typed("A; 17, 8; 27, 14.4; 2")]
    [('A', {'lon': 14.4, 'lat': 27.0}, 2.0)]
    """

    def read(parts: Sequence[str]) -> dict[str, Any]:
        name, origin, destination, *share = parts
        return {
            "name": name,
            "origin": _stop(origin),
            "destination": _stop(destination),
            "share": float(share[0]) if share and share[0] else 1.0,
        }

    return _lines("journeys", text, read, N_("Line {line} cannot be read: write name; from; to; share."))


def places_typed(field: str, text: str) -> list[dict[str, Any]]:
    """Parse places, one a line. Raises RuleBroken on `field`.

    >>> places_typed("teams", "Unit North; 16.97, 7.99")
    [{'name': 'Unit North', 'lon': 7.99, 'lat': 16.97}]
    """

    def read(parts: Sequence[str]) -> dict[str, Any]:
        return place(parts[0]) if len(parts) == 1 else {**_stop(parts[1]), "name": parts[0]}

    found = _lines(field, text, read, N_("Line {line} cannot be read: write name; place."))
    return [{"name": each["name"], "lon": each["lon"], "lat": each["lat"]} for each in found]


def numbers_typed(field: str, text: str) -> list[float]:
    """Parse numbers separated by spaces. Raises RuleBroken on `field`."""
    try:
        return [float(part.replace(",", ".")) for part in text.replace(";", " ").replace(", ", " ").split()]
    except ValueError:
        raise RuleBroken(field, "Write hours as numbers with spaces between them, such as 1 2 4.") from None


def place_typed(field: str, text: str) -> dict[str, Any] | None:
    """Parse one place; None for an empty text. Raises RuleBroken on `field`."""
    try:
        return place(text) if text else None
    except formats.CoordinateError:
        template = "Nothing is known under “{text}”: type another spelling, or a coordinate."
        raise RuleBroken(field, template, text=text) from None


def around_typed(field: str, text: str) -> list[dict[str, Any]]:
    """Parse places with a radius, "place; km", one a line. Raises RuleBroken on `field`."""

    def read(parts: Sequence[str]) -> dict[str, Any]:
        where, km = parts
        return {**_stop(where), "km": float(km)}

    return _lines(field, text, read, N_("Line {line} cannot be read: write place; km."))


def skills_typed(text: str) -> list[tuple[str, ...]]:
    """Parse the skills of each team, one team a line."""
    return [
        tuple(skill.strip().casefold() for skill in line.split(",") if skill.strip())
        for line in text.splitlines()
        if line.strip()
    ]


def required_typed(text: str) -> list[dict[str, Any]]:
    """Parse the requirements of crossings, "crossing; skill; cost", one a line. Raises RuleBroken."""

    def read(parts: Sequence[str]) -> dict[str, Any]:
        name, skill, *cost = parts
        return {
            "site": _crossing(name),
            "skill": skill.casefold(),
            "cost": float(cost[0]) if cost and cost[0] else None,
        }

    return _lines("required", text, read, N_("Line {line} cannot be read: write crossing; skill; cost."))


def place(text: str) -> dict[str, Any]:
    """Return a place by its coordinate or name, and its known name. Raises CoordinateError for an unknown one."""
    try:
        found = formats.parse(text)
        return {"name": text.strip(), "lon": found.lon, "lat": found.lat}
    except formats.CoordinateError:
        known = gazetteer.search(text, limit=1, locale=language())
        if not known or known[0].kind == "country":
            raise
    name = f"{known[0].name}, {known[0].country}" if known[0].country else known[0].name
    return {"name": name, "lon": known[0].lon, "lat": known[0].lat}


def _stop(text: str) -> dict[str, float]:
    found = place(text)
    return {"lon": found["lon"], "lat": found["lat"]}


def _crossing(text: str) -> str:
    """Return the id of a known crossing, given its id or its name. Raises ValueError."""
    if sites.site(CROSSING + text) is not None:
        return text
    known = [each for each in gazetteer.search(text, limit=20) if each.kind == "crossing"]
    if not known:
        raise ValueError
    return known[0].ref.removeprefix(CROSSING)


def _lines(field: str, text: str, read: Callable[[Sequence[str]], T], unreadable: str) -> list[T]:
    """Parse each line with `read`. Raises RuleBroken with a sentence for every line that cannot be read."""
    parsed: list[T] = []
    flaws = []
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > _MOST_LINES:  # each may need a lookup in the whole gazetteer
        raise RuleBroken(field, "{max_length} can be given at most.", max_length=_MOST_LINES)
    for number, line in lines:
        try:
            if len(line) > _LONGEST_LINE:
                raise ValueError
            parsed.append(read([part.strip() for part in line.split(";")]))
        except formats.CoordinateError as error:
            flaws.append(Flaw(field, error.template, error.params))
        except ValueError:
            flaws.append(Flaw(field, unreadable, {"line": number}))
    if flaws:
        raise RuleBroken.all(flaws)
    return parsed


READERS: Mapping[str, Reader] = {
    "around": around_typed,
    "journeys": lambda _field, text: journeys_typed(text),
    "numbers": numbers_typed,
    "place": place_typed,
    "places": places_typed,
    "required": lambda _field, text: required_typed(text),
    "routes": lambda _field, text: journeys_typed(text),
    "skills": lambda _field, text: skills_typed(text),
}
"""The parser of each kind of text field."""
