"""Comparison of a running operation with the past: its countries, its days so far, and its board."""

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from operations.core.clock import now, official_day
from operations.core.people import Actor
from operations.core.vocabulary import Classification, Level, PhaseKind
from operations.disclosure.suppression import BoardFrame
from operations.figures.board import FigureBoard, read_board
from operations.policing.operation import plan
from operations.results.disclosed_figures import basis
from operations.results.past_operations.comparability import RunningOperation
from operations.results.past_operations.publications import PastOperation, chosen, series

LATEST = 6
"""The number of past operations shown beside a running one at most, the latest."""


@dataclass(frozen=True)
class PastComparison:
    """The past operations chosen to be shown beside a running one, oldest first; `more` is the number left out."""

    operations: tuple[PastOperation, ...]
    more: int


def chosen_beside(operation: plan.Operation, region: str = "", kind: str = "") -> PastComparison:
    """Return operations of its own series, or of a region or kind if asked for; without a series, those of its kind."""
    past = list(series(of_series(operation))) if not (region or kind) else chosen(kind, region)
    if not past and not region:
        past = chosen(operation.type)
    return PastComparison(tuple(past[-LATEST:]), max(0, len(past) - LATEST))


def of_series(operation: plan.Operation) -> str:
    """Return the series whose name its code name begins with, or "": "Turquesa V" is of "Turquesa"."""
    name = operation.code_name.casefold()
    names = {each.series for each in chosen() if each.series}
    return next(
        (
            candidate
            for candidate in sorted(names, key=len, reverse=True)
            if f"{name} ".startswith(candidate.casefold() + " ")
        ),
        "",
    )


def here(session: Session, operation: plan.Operation, by: Actor) -> tuple[RunningOperation, FigureBoard]:
    """Return the whole operation as `by` may see it, at the level that countries validated, with its board."""
    frame = BoardFrame(
        operation.id, operation.zone, Classification(operation.classification), operation.day_cut, Level.V3, None
    )
    board = read_board(session, frame, by)
    values = {kpi: None if figure.hidden else figure.value for kpi, figure in board.figures.items()}
    asked = basis(session, operation, Level.V3)
    shown = {kpi: codes for kpi, codes in asked.items() if values.get(kpi) is not None}  # type: ignore[call-overload]
    return RunningOperation(
        operation.type, board.countries_taking_part, _days(session, operation), values, shown
    ), board


def _days(session: Session, operation: plan.Operation) -> int | None:
    """Return the number of official days of its operational phases until now; None before they begin."""
    today = official_day(now(), operation.zone, operation.day_cut)
    days = 0
    for phase in plan.phases(session, operation.id):
        if phase.kind == PhaseKind.OPERATIONAL:
            ends = (phase.starts, phase.ends - timedelta(microseconds=1))
            first, last = (official_day(end, operation.zone, operation.day_cut) for end in ends)
            days += max(0, (min(last, today) - first).days + 1)
    return days or None
