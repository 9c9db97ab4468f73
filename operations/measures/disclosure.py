"""Disclosure control: small numbers of persons are not shown to those who answer for none of them (domain 2.1, 6.9).

Counts of persons from 1 to 10 are hidden (k = 11, as the public data of IOM and CTDC), and further cells with them
until no hidden one can be worked out from the total to fewer than five values. Percentages, charts, maps and exports
pass through the same functions.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = 11
FEWEST_POSSIBILITIES = 5
_ENDLESS = 10**12

T = TypeVar("T", bound=Hashable)


def small(count: int) -> bool:
    """Whether a count of persons must not be shown as it is. Zero may: that nobody was met identifies nobody."""
    return 0 < count < K


@dataclass(frozen=True)
class Table(Generic[T]):
    """Cells and their total as they may be shown; None is hidden."""

    cells: dict[T, int | None]
    total: int | None


def _narrowest(hidden: Mapping[T, int], total: int) -> int:
    """To how many values the best-known hidden cell can be narrowed by someone who knows the total and the rule."""
    low = {cell: 1 if small(count) else K for cell, count in hidden.items()}
    high = {cell: K - 1 if small(count) else _ENDLESS for cell, count in hidden.items()}
    lows, highs = sum(low.values()), sum(high.values())
    return min(
        min(high[cell], total - (lows - low[cell])) - max(low[cell], total - (highs - high[cell])) + 1
        for cell in hidden
    )


def protect(cells: Mapping[T, int]) -> Table[T]:
    """Hide small cells, then the smallest of the others until the hidden ones are safe; at the last the total too.

    A total that is itself small is hidden with every cell.
    """
    total = sum(cells.values())
    if small(total):
        return Table({cell: 0 if count == 0 else None for cell, count in cells.items()}, None)
    hidden = {cell: count for cell, count in cells.items() if small(count)}
    visible = sorted(
        (cell for cell, count in cells.items() if count >= K), key=lambda cell: (cells[cell], str(cell)), reverse=True
    )
    while hidden and _narrowest(hidden, sum(hidden.values())) < FEWEST_POSSIBILITIES:
        if not visible:
            return Table({cell: None if cell in hidden else count for cell, count in cells.items()}, None)
        cell = visible.pop()
        hidden[cell] = cells[cell]
    return Table({cell: None if cell in hidden else count for cell, count in cells.items()}, total)
