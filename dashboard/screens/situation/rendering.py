"""Rendering of the situation: everything on the screen, read and drawn at one moment, for any choice of the reader.

What no choice of a figure changes is drawn once for all of them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from sqlmodel import Session

from dashboard.map.scene import scene, site_values
from dashboard.parts.kpi_board import (
    BoardChoice,
    BoardReading,
    ScreenFigures,
    chart_figures,
    default_level,
    frame_of,
    read_numbers,
    read_situation,
    with_figure,
)
from dashboard.screens.situation import past
from dashboard.screens.situation.headlines import sweep_cases
from dashboard.screens.situation.parts import around, charts, figures, written
from operations.core import clock
from operations.core.history import as_of
from operations.core.people import Actor
from operations.core.session_cache import once
from operations.policing.operation import plan

T = TypeVar("T")


class DrawnSituation(NamedTuple):
    """The screen at one moment: the reader's choice, the data, the map, and the rendered parts."""

    choice: BoardChoice
    read: BoardReading
    places: tuple[dict[str, Any], dict[str, Any]]
    parts: dict[str, Any]


def draw(
    session: Session, operation: plan.Operation, by: Actor, level: str, scope: str, figure: str, at: str | None
) -> DrawnSituation:
    """Read and render the screen, now or as of an earlier moment. Raises RuleBroken where nothing was known then."""
    choice = BoardChoice.of(
        level or default_level(session, operation, at or ""), scope, figure, by, chart_figures(session, operation)
    )
    moment = past.look(session, operation, choice, by, at)
    if moment is None:
        return _now(session, operation, choice, by)
    with as_of(session, moment.told.seq):
        read = read_situation(session, operation, choice, by)
        places = scene(session, operation, by), site_values(session, frame_of(operation, choice, by), by)
        cases = sweep_cases(session, operation, by)
        return DrawnSituation(choice, read, places, written(read, places, moment) | {"cases": cases})


def _now(session: Session, operation: plan.Operation, choice: BoardChoice, by: Actor) -> DrawnSituation:
    """Read and render the screen as it is now: once for all figures that may be in its charts."""

    def rest() -> DrawnSituation:
        numbers, tiles = draw_figures(session, operation, choice, by)
        read = read_situation(session, operation, choice, by, numbers)
        drawn_map = _once(session, "map", operation, None, lambda: scene(session, operation, by))
        places = drawn_map, site_values(session, read.board.frame, by)
        parts = around(read, places, None, tiles) | {"cases": sweep_cases(session, operation, by)}
        return DrawnSituation(choice, read, places, parts)

    drawn = _once(session, "rest", operation, choice, rest)
    read = drawn.read
    if read.choice != choice:
        read = with_figure(session, read, choice.figure, by)
    return DrawnSituation(choice, read, drawn.places, drawn.parts | charts(read))


def draw_figures(
    session: Session, operation: plan.Operation, choice: BoardChoice, by: Actor
) -> tuple[ScreenFigures, dict[str, Any]]:
    """Return the figures as they are now, and their parts: drawn first, and not again for the rest of the screen."""

    def read() -> tuple[ScreenFigures, dict[str, Any]]:
        numbers = read_numbers(session, operation, choice, by)
        return numbers, figures(numbers)

    return _once(session, "figures", operation, choice, read)


def _once(
    session: Session, what: str, operation: plan.Operation, choice: BoardChoice | None, make: Callable[[], T]
) -> T:
    """Return what `make` renders, once a minute for all whose choice differs by the figure of the charts alone."""
    seen = None if choice is None else (choice.level, choice.scope)
    return once(session, ("situation", what, operation.id, seen, clock.now().replace(second=0, microsecond=0)), make)
