"""Hotspots and forecasts: events of layers, binned into hexagons and tested."""

from datetime import date

import geopandas as gpd
import numpy as np

from geodata.events import hotspots, trends
from geodata.events.cells import CellGrid, Hexagons
from geodata.events.forecast import forecast
from geodata.events.periods import A_YEAR
from geodata.events.points import EventPoints, Note, UnfitEvents, checked
from geodata.ground.reference import Floats
from operations.analyses.answer import Answer, AnswerTable, features
from operations.analyses.nearest_town import near
from operations.analyses.question import Length
from operations.analyses.questions.forecast import ForecastQuestion
from operations.analyses.questions.hotspots import HotspotQuestion

FINEST, COARSEST = 7, 2
_LONG_DAYS = 960
"""Days of a long history: a year to learn from, one to score, and half of one to choose in."""

FULL_ENOUGH = 3.0
"""The least average number of events in a cell with events, for the finest grid chosen automatically."""

MOST_SHAPES = 4_000
"""The most cells returned as shapes, strongest first; more would only slow the map."""


def answer_hotspots(question: HotspotQuestion, events: gpd.GeoDataFrame, today: date) -> Answer:
    """Return where more happens than chance explains; with dates, also its trends. Raises `UnfitEvents`."""
    weight = "quantity" if question.weighted else None
    dated = bool(events["day"].notna().any())
    points = checked(events.fillna({"quantity": 0.0}), today, day="day" if dated else None, weight=weight)
    grid = Hexagons(question.resolution or fitting_resolution(points))
    clusters = hotspots.on_cells(points, grid, level=question.level, least=question.least, weighted=question.weighted)
    told, notes = _trends(points, grid, question.length, question.level) if dated and question.length else (None, ())
    frame = clusters.frame(clusters.kind != "")
    changing = {} if told is None else dict(zip(told.code.tolist(), told.kind.tolist(), strict=True))
    frame["trend"] = [changing.get(code, "") for code in frame["code"]]
    marked = frame[frame["kind"].isin((hotspots.HOT, hotspots.COLD)) | (frame["trend"] != "")].copy()
    marked = marked.sort_values(["z", "code"], ascending=[False, True]).head(MOST_SHAPES).reset_index(drop=True)
    marked["place"] = near(*_middles(marked))
    marked["z"], marked["q"] = marked["z"].round(2), marked["q"].round(5)
    hot = marked[marked["kind"] == hotspots.HOT]
    rows = hot[["place", "count", "z", "q", "trend"]].values.tolist()
    return Answer(
        sentences=(clusters.sentence, *(() if told is None else (told.sentence,))),
        figures={
            "hot": int((clusters.kind == hotspots.HOT).sum()),
            "events": int(clusters.count.sum()),
            "resolution": grid.resolution,
            "cell_km2": round(grid.cell_km2, 2),
        },
        tables=(AnswerTable("hotspots", ("place", "count", "z", "q", "trend"), rows),),
        features=features(marked, ("kind", "count", "z", "q", "trend", "place")),
        notes=(*clusters.notes, *notes),
    )


def answer_forecast(question: ForecastQuestion, events: gpd.GeoDataFrame, today: date) -> Answer:
    """The cells expected to hold most in the next period, with the backtest of such lists. Raises `UnfitEvents`."""
    points = checked(events, today, day="day")
    grid = Hexagons(question.resolution or fitting_resolution(points))
    predicted = forecast(points, grid, question.length, question.watched, held_out=_held_out(points, question.length))
    frame = predicted.frame()
    frame["place"] = near(*_middles(frame))
    frame["expected"] = (100 * frame["expected"] / max(float(predicted.expected.sum()), 1e-12)).round(2)
    rules = sorted({score.rule for score in predicted.scores})
    scores = [
        [
            rule,
            *(round(predicted.mean(rule, measure), 4) for measure in ("hit_rate", "pai", "pei")),
            rule == predicted.rule,
        ]
        for rule in rules
    ]
    return Answer(
        sentences=(predicted.sentence,),
        figures={
            "rule": predicted.rule,
            "period": predicted.period.isoformat(),
            "until": predicted.until.isoformat(),
            "held_out": predicted.held_out,
            "resolution": grid.resolution,
        },
        tables=(
            AnswerTable(
                "forecast", ("rank", "place", "expected"), frame[["rank", "place", "expected"]].values.tolist()
            ),
            AnswerTable("backtest", ("rule", "hit_rate", "pai", "pei", "chosen"), scores),
        ),
        features=features(frame.assign(kind="forecast"), ("kind", "rank", "place", "expected")),
        notes=predicted.remarks,
    )


def _held_out(points: EventPoints, length: Length) -> int | None:
    """Return half a year of periods to hold out where the layer is too short for a whole year; None for the default."""
    if points.first is None or points.last is None or (points.last - points.first).days > _LONG_DAYS:
        return None
    return A_YEAR[length] // 2


def fitting_resolution(points: EventPoints) -> int:
    """Return the finest H3 resolution at which a cell with events holds `FULL_ENOUGH` of them on average."""
    for resolution in range(FINEST, COARSEST, -1):
        held = np.unique(Hexagons(resolution).cells(points.lon, points.lat))
        if len(points) / len(held) >= FULL_ENOUGH:
            return resolution
    return COARSEST


def _middles(frame: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return longitude and latitude of a point inside each cell."""
    inside = frame.geometry.representative_point()
    return inside.x.to_numpy(), inside.y.to_numpy()


def _trends(
    points: EventPoints, grid: CellGrid, length: Length, level: float
) -> tuple[trends.Trends | None, tuple[Note, ...]]:
    """Return the trends, or a note why there are none: too few periods are no reason to refuse the hotspots."""
    try:
        return trends.emerging(points, grid, length, level=level), ()
    except UnfitEvents as why:
        return None, (why.note,)
