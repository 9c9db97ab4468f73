"""Routes: the best way between two places and alternatives, the borders each crosses, and the effect of closures.

The answer states the unknowns: no tracks, no crossing on foot, and speeds that are assumptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely

from geodata.events.points import Note
from geodata.ground.sites import site
from geodata.ways.alternatives import AlternativeRoute, alternatives
from geodata.ways.closures import Circle, Closed
from geodata.ways.corridors import corridor
from geodata.ways.routes import Crossed, Route, route
from geodata.ways.travel import Speeds, Travel
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.geojson_marks import FINEST, area, circle, point
from operations.analyses.questions.routes import RoutesQuestion

ALL = "all routes"
_AWAY_KM = 10.0
"""The distance from the road beyond which the nearest known crossing is not the one that the road takes."""

SOURCES = (
    {"name": "Roads and crossings", "source": "© OpenStreetMap contributors", "licence": "ODbL 1.0"},
    {"name": "Sea lanes", "source": "searoute, after Eurostat SeaRoute", "licence": "Apache-2.0"},
    {"name": "Ports", "source": "NGA World Port Index", "licence": "Public domain"},
)


def answer_routes(question: RoutesQuestion) -> Answer:
    """Return the ways, the countries and borders of each, and the cost of closures to the best. Raises NoAnswer."""
    travel = _travel(question)
    ends = [(stop.lon, stop.lat) for stop in (question.origin, question.destination)]
    ways = alternatives(
        ends[0], ends[1], travel, k=question.ways, most_shared=question.most_shared, most_cost=question.most_cost
    )
    best = ways[0].route
    free = _unclosed(ends, travel)
    named = {f"route {number}": each for number, each in enumerate(ways, 1)}
    return Answer(
        sentences=(_headline(question, best), _borders(best), _others(ways), *_closing(question, best, free)),
        figures={
            "variants": [
                {"name": ALL, "count": len(ways)},
                *(
                    {"name": name, "km": round(way.route.km), "hours": round(way.route.hours, 1)}
                    for name, way in named.items()
                ),
            ],
            "km": best.km,
            "hours": best.hours,
        },
        tables=(
            AnswerTable(
                "routes",
                ("route", "km", "hours", "times", "shared", "modes", "countries"),
                [_row(name, each) for name, each in named.items()],
            ),
            AnswerTable(
                "borders",
                ("route", "order", "from", "to", "kind", "crossing", "lat", "lon"),
                [row for name, each in named.items() for row in _crossings(name, each.route)],
            ),
            AnswerTable(
                "legs",
                ("route", "order", "mode", "km", "hours", "start", "end"),
                [row for name, each in named.items() for row in _legs(name, each.route)],
            ),
        ),
        features=[
            *_corridor(question, best),
            *([] if free is None or free.edges.tolist() == best.edges.tolist() else [_line(free, "free", [ALL], 0)]),
            *(_line(each.route, "route", [ALL, name], row) for row, (name, each) in enumerate(named.items(), 1)),
            *_marks({name: each.route for name, each in named.items()}),
            *_ends(question),
            *_closed(question),
        ],
        notes=(_assumed(question), *_joined(best)),
        sources=SOURCES,
    )


def _travel(question: RoutesQuestion) -> Travel:
    return Travel(
        modes=frozenset(question.modes),
        closed=Closed(
            countries=frozenset(question.closed_countries),
            sites=frozenset(question.closed_sites),
            passages=frozenset(question.closed_passages),
            circles=frozenset(Circle(each.lon, each.lat, each.km) for each in question.closed_around),
        ),
        least=question.least,
        speeds=Speeds(road_kmh=question.road_kmh, sea_kmh=question.sea_kmh),
    )


def _unclosed(ends: Sequence[tuple[float, float]], travel: Travel) -> Route | None:
    """Return the best way if nothing were closed; None where nothing is."""
    return None if travel.closed == Closed() else route(ends[0], ends[1], replace(travel, closed=Closed()))


# ------------------------------------------------------------------------------------------------- sentences


def _headline(question: RoutesQuestion, best: Route) -> Note:
    params = {"hours": f"{best.hours:.0f}", "km": round(best.km), "countries": list(best.countries)}
    if question.least == "km":
        return Note("The shortest way is {km} km long and takes {hours} hours, through {countries}.", params)
    return Note("The quickest way takes {hours} hours over {km} km, through {countries}.", params)


def _borders(best: Route) -> Note:
    if not best.borders:
        return Note("It crosses no border.")
    named: dict[str, Any] = {"count": len(best.borders), "places": [_crossing(each) for each in best.borders]}
    if len(best.borders) == 1:
        return Note("It crosses one border: {places}.", named)
    return Note("It crosses {count} borders, in this order: {places}.", named)


def _crossing(each: Crossed) -> str | Note:
    """Return the known crossing with its countries; where none is near the road, a note with the position."""
    pair = f"{each.iso3_from}–{each.iso3_to}"
    if _known(each):
        return f"{each.name} ({pair})"
    return Note("no known crossing ({pair}) at {place}", {"pair": pair, "place": f"{each.lat:.4f}, {each.lon:.4f}"})


def _known(each: Crossed) -> bool:
    return bool(each.ref) and not each.away_km > _AWAY_KM


def _others(found: Sequence[AlternativeRoute]) -> Note:
    if len(found) == 1:
        return Note("No other way is different enough and not much longer.")
    second = found[1]
    params = {
        "count": len(found) - 1,
        "more": f"{100 * (second.times - 1):.0f}",
        "shared": f"{100 * second.shared:.0f}",
    }
    if len(found) == 2:
        return Note("One other way is different enough. It costs {more} % more and shares {shared} % with it.", params)
    return Note(
        "{count} other ways are different enough. The next best costs {more} % more and shares {shared} % with it.",
        params,
    )


def _closing(question: RoutesQuestion, best: Route, free: Route | None) -> tuple[Note, ...]:
    if free is None:
        return ()
    if free.edges.tolist() == best.edges.tolist():
        return (Note("What is closed does not lie on the best way: it is the same without."),)
    if question.least == "km":
        more: dict[str, Any] = {"km": round(best.km - free.km), "before": round(free.km)}
        return (Note("What is closed makes the best way {km} km longer; without it, it would be {before} km.", more),)
    hours = {"hours": f"{best.hours - free.hours:.1f}", "before": f"{free.hours:.1f}"}
    return (
        Note(
            "What is closed makes the best way {hours} hours longer; without it, it would take {before} hours.", hours
        ),
    )


def _assumed(question: RoutesQuestion) -> Note:
    return Note(
        "Assumed: {road} km/h on main roads and {sea} km/h at sea, {transfer} hours lost at each change in a port. "
        "Desert tracks, rivers and ways on foot are not known here: a way that is not found may still exist.",
        {
            "road": f"{question.road_kmh:g}",
            "sea": f"{question.sea_kmh:g}",
            "transfer": f"{Speeds().transfer_hours:g}",
        },
    )


def _joined(best: Route) -> tuple[Note, ...]:
    """Return notes on ends that lie off the network: the stretch to it is in no figure."""
    away = [each for each in (best.origin, best.destination) if each.km >= 1]
    return tuple(
        Note(
            "{place} lies {km} km from the nearest main road or lane; that stretch is not counted.",
            {"place": f"{end.lat:.4f}, {end.lon:.4f}", "km": round(end.km)},
        )
        for end in away
    )


# ---------------------------------------------------------------------------------------------------- tables


def _row(name: str, each: AlternativeRoute) -> list[Any]:
    found = each.route
    modes = list(dict.fromkeys(leg.mode for leg in found.legs))
    return [
        name,
        round(found.km),
        round(found.hours, 1),
        round(each.times, 3),
        round(each.shared, 3),
        " ".join(modes),
        " ".join(found.countries),
    ]


def _crossings(name: str, found: Route) -> list[list[Any]]:
    return [
        [
            name,
            order,
            border.iso3_from,
            border.iso3_to,
            border.kind,
            border.name if _known(border) else "",
            round(border.lat, 5),
            round(border.lon, 5),
        ]
        for order, border in enumerate(found.borders, 1)
    ]


def _legs(name: str, found: Route) -> list[list[Any]]:
    return [
        [name, order, leg.mode, round(leg.km), round(leg.hours, 1), _port(leg.start_port), _port(leg.end_port)]
        for order, leg in enumerate(found.legs, 1)
    ]


def _port(ref: str) -> str:
    known = site(ref) if ref else None
    return "" if known is None else f"{known.name}, {known.iso3}"


# -------------------------------------------------------------------------------------------------- features


def _line(found: Route, kind: str, of: Sequence[str], number: int) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(shapely.set_precision(found.geometry, FINEST, mode="pointwise")),
        "properties": {
            "kind": kind,
            "of": list(of),
            "number": number,
            "km": round(found.km),
            "hours": round(found.hours, 1),
            "countries": list(found.countries),
        },
    }


def _marks(named: Mapping[str, Route]) -> list[dict[str, Any]]:
    """Return the places where borders are crossed, each once, with the routes that pass it."""
    found: dict[tuple[float, float], dict[str, Any]] = {}
    for name, way in named.items():
        for crossed in way.borders:
            mark = found.setdefault(
                (crossed.lon, crossed.lat),
                point(
                    crossed.lon,
                    crossed.lat,
                    "crossed",
                    of=[ALL],
                    place=crossed.name if _known(crossed) else "",
                    pair=f"{crossed.iso3_from}–{crossed.iso3_to}",
                ),
            )
            if name not in mark["properties"]["of"]:
                mark["properties"]["of"].append(name)
    return list(found.values())


def _ends(question: RoutesQuestion) -> list[dict[str, Any]]:
    return [
        point(stop.lon, stop.lat, "end", place=stop.name, first=first)
        for stop, first in ((question.origin, True), (question.destination, False))
    ]


def _closed(question: RoutesQuestion) -> list[dict[str, Any]]:
    known = [each for each in map(site, question.closed_sites) if each is not None]
    found = [point(each.lon, each.lat, "closed", place=each.name) for each in known]
    for each in question.closed_around:
        found += circle(each.lon, each.lat, each.km, "closed_area")
    return found


def _corridor(question: RoutesQuestion, best: Route) -> list[dict[str, Any]]:
    if not question.corridor_km:
        return []
    beside = corridor(best.geometry, question.corridor_km)
    return [area(beside, "corridor", of=[ALL, "route 1"], km=question.corridor_km)]
