"""What the tables of key figures share: how a figure is numbered, and the kinds of operation whose boards have it."""

from typing import TYPE_CHECKING, cast

from operations.core.vocabulary import OperationType

if TYPE_CHECKING:
    from operations.catalogue.kpis import Kpi

SEARCHES = frozenset({OperationType.FUGITIVE, OperationType.INTELLIGENCE_DRIVEN})
AT_BORDERS = frozenset({OperationType.BORDER_STOP, OperationType.REGIONAL})


def numbered(number: str) -> "Kpi":
    """The number of a figure, which is a member of `Kpi` as soon as all groups are known."""
    return cast("Kpi", number)
