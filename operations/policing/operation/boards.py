"""Figures on an operation's board: those of its type, as changed by its coordinator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, Session, SQLModel

from operations.catalogue.kpis import CATALOGUE, COUNTED, Kpi, on_board
from operations.core import history, journal, rows
from operations.core.clock import UtcDateTime, now
from operations.core.errors import RuleBroken
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.store import scoped
from operations.policing.operation import plan, targets


@history.versioned()
class BoardFigure(SQLModel, table=True):
    """A figure added to the board of an operation, or removed from it, against the default of its type."""

    __tablename__ = "board_figure"
    operation_id: UUID = Field(primary_key=True, foreign_key="operation.id")
    kpi: str = Field(primary_key=True, max_length=8)
    shown: bool
    set_by: str = Field(max_length=120)
    set_at: datetime = Field(sa_type=UtcDateTime)


@scoped(BoardFigure)
def _figures_seen(actor: Actor) -> Any:
    return plan.within_reach(BoardFigure.operation_id, actor)


def figure_changes(session: Session, operation_id: UUID) -> Mapping[Kpi, bool]:
    """Return the changed figures, now or as of the session's entry: whether each is shown."""
    return {Kpi(each.kpi): each.shown for each in history.read(session, BoardFigure, operation_id)}


def board_of(session: Session, operation: plan.Operation) -> tuple[Kpi, ...]:
    """Return the figures of the operation's board, in the order of the catalogue."""
    usual, changes = on_board(operation.type, operation.line_kinds), figure_changes(session, operation.id)
    return tuple(kpi for kpi in CATALOGUE if changes.get(kpi, kpi in usual))


def show(session: Session, operation_id: UUID, kpi: Kpi, shown: bool, by: Actor) -> None:
    """Add a figure to the board, or remove it. Idempotent.

    Raises RuleBroken for a figure that the operation aims at, and for the last that is counted.
    """
    owner = plan.hold(session, operation_id, by)  # a lock: two writers at once cannot remove the last figure
    require(by, Act.TARGET_SET, plan.subject(owner))
    if owner.state in plan.ENDED:
        raise RuleBroken("", "The operation has ended. Its board can no longer change.")
    here = board_of(session, owner)
    if (kpi in here) == shown:
        return
    if not shown and kpi in targets.targets(session, operation_id):
        raise RuleBroken("", "This figure has a target. Remove the target first.")
    if not shown and not any(each in COUNTED for each in here if each is not kpi):
        raise RuleBroken("", "A board needs a figure that is counted: put another on it first.")
    change = rows.find_locked(session, BoardFigure, operation_id, kpi.value)
    change = change or BoardFigure(operation_id=owner.id, kpi=kpi.value, shown=shown, set_by="", set_at=now())
    change.shown, change.set_by, change.set_at = shown, by.name, now()
    session.add(change)
    journal.record(
        session, by, "board.edit", "operation", operation_id, operation=operation_id, kpi=kpi.value, shown=shown
    )
