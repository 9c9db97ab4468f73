"""Numbering of key figures, and the kinds of operation whose boards show them: shared by their tables."""

from typing import TYPE_CHECKING, cast

from operations.core.vocabulary import OperationType

if TYPE_CHECKING:
    from operations.catalogue.kpis import Kpi

SEARCHES = frozenset({OperationType.FUGITIVE, OperationType.INTELLIGENCE_DRIVEN})
AT_BORDERS = frozenset({OperationType.BORDER_STOP, OperationType.REGIONAL})


def numbered(number: str) -> "Kpi":
    """Return the number of a figure, which becomes a member of `Kpi` once all groups are known."""
    return cast("Kpi", number)
