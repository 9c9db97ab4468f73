"""Displacement: events before, during and after an operation, inside an area, beside it and beyond, and a test of
chance.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import shapely

from geodata.events import displacement as found_by
from geodata.events.displacement import Displacement, displacement, zones
from geodata.events.points import EventPoints, Note, UnfitEvents, checked
from geodata.ways.closures import NoAnswer
from geodata.ways.corridors import MOST_KM, corridor
from operations.analyses.answer import Answer, AnswerTable
from operations.analyses.geojson_marks import area, around
from operations.analyses.questions.displacement import DayWindow, DisplacementQuestion
from operations.disclosure.small_numbers import small

DURING, AFTER = "during", "after"


def answer_displacement(
    question: DisplacementQuestion, events: gpd.GeoDataFrame, today: date, *, persons: bool = False
) -> Answer:
    """Return the result of each comparison, with its counts. Raises `UnfitEvents`.

    `persons`: where a count is small, all counts and every number that would disclose them are suppressed.
    """
    points = checked(events, today, day="day")
    treated = _treated(question)
    zone = zones(points, treated, question.buffer_km)
    told = {DURING: _compared(question, points, zone, question.during)}
    if question.after is not None:
        told[AFTER] = _compared(question, points, zone, question.after)
    hidden = persons and any(small(count) for each in told.values() for count in (*each.before, *each.during))
    return Answer(
        sentences=tuple(sentence for name, each in told.items() for sentence in _said(name, each, hidden=hidden)),
        figures={
            "answers": {name: each.answer for name, each in told.items()},
            "wdq": {name: None if hidden else each.wdq for name, each in told.items()},
            "seed": question.seed,
        },
        tables=(
            AnswerTable(
                "zones",
                ("zone", "before", "during", "after"),
                [] if hidden else _counts(told),
            ),
            AnswerTable(
                "tests",
                ("window", "answer", "fall", "rise", "gain", "wdq"),
                [
                    [
                        name,
                        comparison.answer,
                        comparison.fall,
                        comparison.rise,
                        comparison.gain,
                        None if hidden else comparison.wdq,
                    ]
                    for name, comparison in told.items()
                ],
            ),
        ),
        features=_shapes(question, treated),
        notes=(*_known(question), *_span(question, points), *points.notes),
    )


def _treated(question: DisplacementQuestion) -> shapely.Geometry:
    """Return the treated area: the area drawn, and the circles. Raises `UnfitEvents` where it is empty."""
    parts = [around(each.lon, each.lat, min(each.km, MOST_KM)) for each in question.around]
    if question.treated is not None:
        try:
            parts.append(shapely.geometry.shape(question.treated))
        except (KeyError, TypeError, ValueError, AttributeError, shapely.errors.ShapelyError):
            raise UnfitEvents(
                "The area where the operation worked cannot be read. Draw it again on the plan."
            ) from None
    whole = shapely.union_all(parts) if parts else shapely.Polygon()
    if whole.is_empty or "Polygon" not in whole.geom_type:
        raise UnfitEvents("Say where the operation worked: choose an area of the plan, or its sites.")
    return whole


def _compared(question: DisplacementQuestion, points: EventPoints, zone: Any, window: DayWindow) -> Displacement:
    return displacement(
        points,
        zone,
        (question.before.first, question.before.last),
        (window.first, window.last),
        block_days=question.block_days,
        permutations=question.permutations,
        seed=question.seed,
        level=question.level,
    )


_ANSWERS = {
    (DURING, found_by.DISPLACED): Note(
        "During the operation events went elsewhere: they fell where it worked and rose beside it."
    ),
    (DURING, found_by.SPREAD): Note(
        "During the operation events fell where it worked, and beside it too: the benefit spread."
    ),
    (DURING, found_by.NO_SIGN): Note(
        "During the operation events fell where it worked, without a sign that they went beside it."
    ),
    (DURING, found_by.CANNOT_TELL): Note("Whether events went elsewhere during the operation cannot be told."),
    (AFTER, found_by.DISPLACED): Note(
        "After the operation events stayed elsewhere: lower where it worked, higher beside it."
    ),
    (AFTER, found_by.SPREAD): Note("After the operation events were lower where it worked, and beside it too."),
    (AFTER, found_by.NO_SIGN): Note(
        "After the operation events were lower where it worked, without a sign that they went beside it."
    ),
    (AFTER, found_by.CANNOT_TELL): Note("Whether events went elsewhere after the operation cannot be told."),
}
"""The result of a comparison in one plain sentence."""


def _said(window: str, each: Displacement, *, hidden: bool) -> tuple[Note, ...]:
    plain = _ANSWERS[window, each.answer]
    if hidden and {"before", "during"} <= each.reason.params.keys() and "blocks" not in each.reason.template:
        return (plain,)  # the reason holds counts of the buffer
    return plain, each.reason


def _counts(told: dict[str, Displacement]) -> list[list[Any]]:
    after = told.get(AFTER)
    return [
        [name, told[DURING].before[row], told[DURING].during[row], None if after is None else after.during[row]]
        for row, name in enumerate(found_by.ZONES)
    ]


def _known(question: DisplacementQuestion) -> Sequence[Note]:
    return (
        Note(
            "Compared are whole blocks of {days} days, {first} to {last} with what followed, dealt anew {permutations} "
            "times; the chance to be wrong is at most {level} %. Fewer events may also mean less detection.",
            {
                "days": question.block_days,
                "first": question.before.first.isoformat(),
                "last": question.before.last.isoformat(),
                "permutations": question.permutations,
                "level": f"{100 * question.level:g}",
            },
        ),
    )


def _span(question: DisplacementQuestion, points: EventPoints) -> tuple[Note, ...]:
    """Return a note where the events do not fill every window: days without a record prove nothing."""
    first, last = points.first, points.last
    until = (question.after or question.during).last
    if first is None or last is None or (first <= question.before.first and last >= until):
        return ()
    return (
        Note(
            "The events run from {first} to {last}, and the windows from {start} to {until}: choose windows that the "
            "events fill, or other events.",
            {
                "first": first.isoformat(),
                "last": last.isoformat(),
                "start": question.before.first.isoformat(),
                "until": until.isoformat(),
            },
        ),
    )


def _shapes(question: DisplacementQuestion, treated: shapely.Geometry) -> list[dict[str, Any]]:
    beside = _beside(treated, question.buffer_km)
    drawn = [] if beside is None else [area(beside, "buffer", km=question.buffer_km)]
    return [*drawn, area(treated, "treated")]


def _beside(treated: shapely.Geometry, km: float) -> shapely.Geometry | None:
    """Return the ring around the treated area, where it can be drawn."""
    outline = shapely.union_all([shapely.LineString(ring.coords) for ring in _rings(treated)])
    try:
        return shapely.difference(corridor(outline, min(km, MOST_KM)), treated)
    except NoAnswer:
        return None


def _rings(shape: shapely.Geometry) -> list[shapely.LinearRing]:
    return [part.exterior for part in shapely.get_parts(shape)]
