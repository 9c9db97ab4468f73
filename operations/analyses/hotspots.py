"""Hotspots and forecasts: events of layers, put into hexagons and tested."""

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
"""Two and a half years and a little: a year to learn from, one to score, and half of one to choose in."""

FULL_ENOUGH = 3.0
"""Events that a cell with events holds on average, at least, in the finest grid that is taken by itself."""

MOST_SHAPES = 4_000
"""Cells that are handed back as shapes, the strongest first; more would only slow the map."""


def answer_hotspots(question: HotspotQuestion, events: gpd.GeoDataFrame, today: date) -> Answer:
    """Where more happens than chance explains; with dates, also how it changes. Raises `UnfitEvents`."""
    weight = "quantity" if question.weighted else None
    dated = bool(events["day"].notna().any())
    points = checked(events.fillna({"quantity": 0.0}), today, day="day" if dated else None, weight=weight)
    grid = Hexagons(question.resolution or fitting_resolution(points))
    found = hotspots.on_cells(points, grid, level=question.level, least=question.least, weighted=question.weighted)
    told, notes = _trends(points, grid, question.length, question.level) if dated and question.length else (None, ())
    frame = found.frame(found.kind != "")
    changing = {} if told is None else dict(zip(told.code.tolist(), told.kind.tolist(), strict=True))
    frame["trend"] = [changing.get(code, "") for code in frame["code"]]
    marked = frame[frame["kind"].isin((hotspots.HOT, hotspots.COLD)) | (frame["trend"] != "")].copy()
    marked = marked.sort_values(["z", "code"], ascending=[False, True]).head(MOST_SHAPES).reset_index(drop=True)
    marked["place"] = near(*_middles(marked))
    marked["z"], marked["q"] = marked["z"].round(2), marked["q"].round(5)
    hot = marked[marked["kind"] == hotspots.HOT]
    rows = hot[["place", "count", "z", "q", "trend"]].values.tolist()
    return Answer(
        sentences=(found.sentence, *(() if told is None else (told.sentence,))),
        figures={
            "hot": int((found.kind == hotspots.HOT).sum()),
            "events": int(found.count.sum()),
            "resolution": grid.resolution,
            "cell_km2": round(grid.cell_km2, 2),
        },
        tables=(AnswerTable("hotspots", ("place", "count", "z", "q", "trend"), rows),),
        features=features(marked, ("kind", "count", "z", "q", "trend", "place")),
        notes=(*found.notes, *notes),
    )


def answer_forecast(question: ForecastQuestion, events: gpd.GeoDataFrame, today: date) -> Answer:
    """The cells that will hold most in the next period, and how far such lists held in the past. Raises `UnfitEvents`."""
    points = checked(events, today, day="day")
    grid = Hexagons(question.resolution or fitting_resolution(points))
    found = forecast(points, grid, question.length, question.watched, held_out=_held_out(points, question.length))
    frame = found.frame()
    frame["place"] = near(*_middles(frame))
    frame["expected"] = (100 * frame["expected"] / max(float(found.expected.sum()), 1e-12)).round(2)
    rules = sorted({score.rule for score in found.scores})
    scores = [
        [rule, *(round(found.mean(rule, measure), 4) for measure in ("hit_rate", "pai", "pei")), rule == found.rule]
        for rule in rules
    ]
    return Answer(
        sentences=(found.sentence,),
        figures={
            "rule": found.rule,
            "period": found.period.isoformat(),
            "until": found.until.isoformat(),
            "held_out": found.held_out,
            "resolution": grid.resolution,
        },
        tables=(
            AnswerTable(
                "forecast", ("rank", "place", "expected"), frame[["rank", "place", "expected"]].values.tolist()
            ),
            AnswerTable("backtest", ("rule", "hit_rate", "pai", "pei", "chosen"), scores),
        ),
        features=features(frame.assign(kind="forecast"), ("kind", "rank", "place", "expected")),
        notes=found.notes,
    )


def _held_out(points: EventPoints, length: Length) -> int | None:
    """Half a year is held out where the layer is too short for a whole one."""
    if points.first is None or points.last is None or (points.last - points.first).days > _LONG_DAYS:
        return None
    return A_YEAR[length] // 2


def fitting_resolution(points: EventPoints) -> int:
    """The finest H3 resolution at which a cell with events holds `FULL_ENOUGH` of them on average."""
    for resolution in range(FINEST, COARSEST, -1):
        held = np.unique(Hexagons(resolution).cells(points.lon, points.lat))
        if len(points) / len(held) >= FULL_ENOUGH:
            return resolution
    return COARSEST


def _middles(frame: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Longitude and latitude of a point inside each cell."""
    inside = frame.geometry.representative_point()
    return inside.x.to_numpy(), inside.y.to_numpy()


def _trends(
    points: EventPoints, grid: CellGrid, length: Length, level: float
) -> tuple[trends.Trends | None, tuple[Note, ...]]:
    """The trends, or why there are none: few periods are no reason to refuse the hotspots."""
    try:
        return trends.emerging(points, grid, length, level=level), ()
    except UnfitEvents as why:
        return None, (why.note,)
