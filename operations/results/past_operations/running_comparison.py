"""What a running operation has to be put beside the past: its countries, its days so far, and its board."""

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
from operations.results.past_operations.comparability import Here
from operations.results.past_operations.published import PastOperation, chosen, series

LATEST = 6
"""How many past operations stand beside a running one at most: the latest."""


@dataclass(frozen=True)
class PastComparison:
    """The past operations that were chosen to stand beside a running one, oldest first; `more` are left out."""

    operations: tuple[PastOperation, ...]
    more: int


def chosen_beside(operation: plan.Operation, region: str = "", kind: str = "") -> PastComparison:
    """Its own series, unless a region or a kind is asked for; where it has none, the operations of its kind."""
    found = list(series(of_series(operation))) if not (region or kind) else chosen(kind, region)
    if not found and not region:
        found = chosen(operation.type)
    return PastComparison(tuple(found[-LATEST:]), max(0, len(found) - LATEST))


def of_series(operation: plan.Operation) -> str:
    """The series whose name its code name begins with, "" where none is: "Turquesa V" is of "Turquesa"."""
    name = operation.code_name.casefold()
    names = {each.series for each in chosen() if each.series}
    return next(
        (each for each in sorted(names, key=len, reverse=True) if f"{name} ".startswith(each.casefold() + " ")), ""
    )


def here(session: Session, operation: plan.Operation, by: Actor) -> tuple[Here, FigureBoard]:
    """The whole operation as `by` may see it, at the level that countries validated."""
    frame = BoardFrame(
        operation.id, operation.zone, Classification(operation.classification), operation.day_cut, Level.V3, None
    )
    board = read_board(session, frame, by)
    values = {kpi: None if each.hidden else each.value for kpi, each in board.figures.items()}
    asked = basis(session, operation, Level.V3)
    shown = {kpi: found for kpi, found in asked.items() if values.get(kpi) is not None}  # type: ignore[call-overload]
    return Here(operation.type, board.countries_taking_part, _days(session, operation), values, shown), board


def _days(session: Session, operation: plan.Operation) -> int | None:
    """The official days of its phases of action until now; None before they begin."""
    today = official_day(now(), operation.zone, operation.day_cut)
    days = 0
    for phase in plan.phases(session, operation.id):
        if phase.kind == PhaseKind.OPERATIONAL:
            ends = (phase.starts, phase.ends - timedelta(microseconds=1))
            first, last = (official_day(each, operation.zone, operation.day_cut) for each in ends)
            days += max(0, (min(last, today) - first).days + 1)
    return days or None
