"""Disclosure control: small numbers of persons are not shown to those who answer for none of them (domain 2.1, 6.9).

Counts of persons from 1 to 10 are hidden (k = 11, as the public data of IOM and CTDC), and further cells with them
until no hidden one can be worked out from the total to fewer than five values. Percentages, charts, maps and exports
pass through the same functions.
"""

from collections.abc import Hashable, Mapping, Set
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


def protect(cells: Mapping[T, int], kept_back: Set[T] = frozenset()) -> Table[T]:
    """Hide small cells, then the smallest of the others until the hidden ones are safe; at the last the total too.

    `kept_back` are cells that this reader is not shown for another reason; they are protected from subtraction as the
    small ones are. A total that is itself small is hidden with every cell.
    """
    total = sum(cells.values())
    if small(total):
        return Table({cell: None if count or cell in kept_back else 0 for cell, count in cells.items()}, None)
    hidden = {cell for cell, count in cells.items() if small(count) or cell in kept_back}
    shown = sorted(
        (cell for cell in cells if cells[cell] and cell not in hidden), key=lambda cell: (-cells[cell], str(cell))
    )
    told: int | None = total
    while (
        hidden and _narrowest(cells, hidden, kept_back, cells[shown[-1]] if shown else _ENDLESS) < FEWEST_POSSIBILITIES
    ):
        if not shown:
            told = None
            break
        hidden.add(shown.pop())
    return Table({cell: None if cell in hidden else count for cell, count in cells.items()}, told)


def _narrowest(cells: Mapping[T, int], hidden: Set[T], kept_back: Set[T], least_shown: int) -> int:
    """To how many values the best-known hidden cell can be narrowed by someone who knows the rule and the total.

    That reader knows which hidden cells are small, that the others are the smallest that are not, and the sum of all.
    """
    low, high = {}, {}
    for cell in hidden:
        if cell in kept_back:
            low[cell], high[cell] = 0, _ENDLESS
        elif small(cells[cell]):
            low[cell], high[cell] = 1, K - 1
        else:
            low[cell], high[cell] = K, least_shown
    total, lows, highs = sum(cells[cell] for cell in hidden), sum(low.values()), sum(high.values())
    return min(
        min(high[cell], total - (lows - low[cell])) - max(low[cell], total - (highs - high[cell])) + 1
        for cell in hidden
    )
