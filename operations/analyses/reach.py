"""Reach: how far teams come by road in some hours, and which of them is where first."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geodata.events.points import Note
from geodata.ground import crs
from geodata.ways import reach
from geodata.ways.closures import Closed, NoAnswer
from geodata.ways.network import Mode
from geodata.ways.positions import join
from geodata.ways.travel import Speeds, Travel
from geodata.ways.world_graph import world
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.geojson_marks import FINEST, point
from operations.analyses.question import NamedPosition
from operations.analyses.questions.reach import ReachQuestion
from operations.analyses.routes import SOURCES

_ROAD: frozenset[Mode] = frozenset({"road"})


def answer_reach(question: ReachQuestion) -> Answer:
    """Return the areas of travel time around all teams together, and the hours of the quickest team to each place.

    Raises NoAnswer where no team is near a road.
    """
    teams, skipped = _on_roads(question.teams)
    if not teams:
        raise NoAnswer("No team stands near a main road: {why}", why=skipped)
    hours = sorted(set(question.hours))
    ways = {name: _travel(question, country) for name, (_place, country) in teams.items()}
    areas = [
        shapely.union_all([shape for shape in column if not shape.is_empty])
        for column in zip(
            *(reach.areas([_at(place)], hours, ways[name]).geometry for name, (place, _) in teams.items()), strict=True
        )
    ]
    table = _hours(question, teams, ways)
    quickest = table.min(axis=1)
    reached = [int((quickest <= limit).sum()) for limit in hours]
    sizes = [crs.geometry_area_km2(each) for each in areas]
    return Answer(
        sentences=(*_told(question, hours, reached, sizes), *_missed(table, hours[-1])),
        figures={"hours": hours, "area_km2": sizes, "reached": reached, "targets": len(table)},
        tables=(
            AnswerTable("reached", ("place", "team", "hours", "second", "second_hours"), _rows(table)),
            AnswerTable(
                "areas",
                ("hours", "area_km2", "reached"),
                [[limit, round(size), count] for limit, size, count in zip(hours, sizes, reached, strict=True)],
            ),
        ),
        features=[
            *(_area(areas[row], row + 1, hours[row]) for row in reversed(range(len(hours)))),
            *(point(*_at(place), "team", place=name) for name, (place, _country) in teams.items()),
            *_targets(question, table),
        ],
        notes=(_assumed(question), *skipped),
        sources=SOURCES[:1],
    )


def _at(place: NamedPosition) -> tuple[float, float]:
    return place.lon, place.lat


def _on_roads(teams: tuple[NamedPosition, ...]) -> tuple[dict[str, tuple[NamedPosition, str]], list[Note]]:
    """Return the teams near a road, by name and with their country; and notes on those left out."""
    found, skipped = {}, []
    for team, name in zip(teams, _names(teams), strict=True):
        try:
            found[name] = team, join(world(), _at(team), _ROAD).iso3
        except NoAnswer:
            skipped.append(Note("{team}: no main road is near, so it was left out.", {"team": name}))
    return found, skipped


def _names(places: tuple[NamedPosition, ...]) -> Iterator[str]:
    """Yield a name for each place: its position where it has none, numbered where two are the same."""
    seen: dict[str, int] = {}
    for place in places:
        name = place.name or f"{place.lat:.4f}, {place.lon:.4f}"
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _travel(question: ReachQuestion, country: str) -> Travel:
    """Return travel by road; for a team that stays, with every border of its country closed."""
    borders = [each for each in world().borders if country in each.split("-")] if question.stay else []
    closed = Closed(countries=frozenset(question.closed_countries), borders=frozenset(borders))
    return Travel(modes=_ROAD, closed=closed, speeds=Speeds(road_kmh=question.road_kmh))


def _hours(
    question: ReachQuestion, teams: dict[str, tuple[NamedPosition, str]], ways: dict[str, Travel]
) -> pd.DataFrame:
    """Return the hours of each team to each place; infinite where no way leads, or no road is near."""
    places = dict(zip(_names(question.targets), map(_at, question.targets), strict=True))
    columns = [
        reach.hours_table({name: _at(place)}, places, ways[name])[name] for name, (place, _country) in teams.items()
    ]
    return pd.concat(columns, axis=1).fillna(np.inf)


def _told(question: ReachQuestion, hours: list[float], reached: list[int], sizes: list[float]) -> tuple[Note, ...]:
    if not question.targets:
        return (
            Note(
                "Within {hours} h the teams come to places on {area} square kilometres.",
                {"hours": f"{hours[-1]:g}", "area": round(sizes[-1])},
            ),
        )
    many = {"total": len(question.targets)}
    first = Note(
        "Within {hours} h a team is at {reached} of {total} places.",
        many | {"hours": f"{hours[0]:g}", "reached": reached[0]},
    )
    if len(hours) == 1:
        return (first,)
    last = many | {"hours": f"{hours[-1]:g}", "reached": reached[-1]}
    return first, Note("Within {hours} h at {reached} of {total}.", last)


def _missed(table: pd.DataFrame, limit: float) -> tuple[Note, ...]:
    missed = [str(place) for place in table.index[table.min(axis=1) > limit]]
    if not missed:
        return ()
    named = {"hours": f"{limit:g}", "places": missed[:8], "more": len(missed) - 8}
    if len(missed) > 8:
        return (Note("No team is there within {hours} h: {places}, and {more} more.", named),)
    return (Note("No team is there within {hours} h: {places}.", named),)


def _assumed(question: ReachQuestion) -> Note:
    params = {"road": f"{question.road_kmh:g}", "beside": f"{reach.BESIDE_KM:g}"}
    if question.stay:
        return Note(
            "Assumed: {road} km/h on main roads, {beside} km to either side of them, and no team leaves its country.",
            params,
        )
    return Note(
        "Assumed: {road} km/h on main roads, {beside} km to either side of them, and borders do not stop a team.",
        params,
    )


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    """Return each place with its quickest team and the next; those reached last come first."""
    rows = []
    for place, taken in table.iterrows():
        order = taken[np.isfinite(taken)].sort_values(kind="stable")
        best = [[str(name), round(float(spent), 2)] for name, spent in order.items()][:2]
        cells = [each for pair in best for each in pair]
        rows.append([str(place), *cells, *([None] * (4 - len(cells)))])
    return sorted(rows, key=lambda row: (row[2] is not None, -(row[2] or 0.0), row[0]))


def _area(shape: shapely.Geometry, number: int, hours: float) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(shapely.set_precision(shape, FINEST)),
        "properties": {"kind": "reach", "number": number, "hours": hours},
    }


def _targets(question: ReachQuestion, table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        point(*_at(target), "target", place=name, hours=None if not np.isfinite(best) else round(float(best), 2))
        for target, name, best in zip(question.targets, table.index, table.min(axis=1), strict=True)
    ]
