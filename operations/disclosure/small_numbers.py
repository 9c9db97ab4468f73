"""Disclosure control: small numbers of persons are not shown to those who answer for none of them (domain 2.1, 6.9).

Counts of persons from 1 to 10 are hidden (k = 11, as the public data of IOM and CTDC), and further cells with them
until no hidden one can be worked out from the total to fewer than five values. Percentages, charts, maps and exports
pass through the same functions. So does a country that shows its totals to nobody, in figures of every kind.
"""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

K = 11
FEWEST_POSSIBILITIES = 5
NARROWEST_SHARE = 10
"""What a country keeps back stays open by a tenth of it at least: of 50,000 checks five values are as good as one."""
_ENDLESS = 10**12

T = TypeVar("T", bound=Hashable)


def small(count: int) -> bool:
    """Whether a count of persons must not be shown as it is. Zero may: that nobody was met identifies nobody."""
    return 0 < count < K


@dataclass(frozen=True)
class ProtectedTable(Generic[T]):
    """Cells and their total as they may be shown; None is hidden."""

    cells: dict[T, int | None]
    total: int | None


def protect(
    cells: Mapping[T, int], kept_back: Set[T] = frozenset(), *, persons: bool = True, standing: Set[T] = frozenset()
) -> ProtectedTable[T]:
    """Hide small cells, then the smallest of the others until the hidden ones are safe; at the last the total too.

    `kept_back` are cells that this reader is not shown for another reason; they are protected from subtraction as the
    small ones are. A total that is itself small is hidden with every cell. Where the cells do not count persons, no
    number is small: only what is kept back is protected. `standing` cells are not hidden for the sake of others: the
    total goes first.
    """
    total = sum(cells.values())
    if persons and small(total):
        return ProtectedTable({cell: None if count or cell in kept_back else 0 for cell, count in cells.items()}, None)
    hidden = {cell for cell, count in cells.items() if (persons and small(count)) or cell in kept_back}
    shown = sorted(
        (cell for cell in cells if cells[cell] and cell not in hidden and cell not in standing),
        key=lambda cell: (-cells[cell], str(cell)),
    )
    told: int | None = total
    least = K if persons else 1
    while hidden and not _safe(cells, hidden, kept_back, least, cells[shown[-1]] if shown else _ENDLESS):
        if not shown:
            told = None
            break
        hidden.add(shown.pop())
    return ProtectedTable({cell: None if cell in hidden else count for cell, count in cells.items()}, told)


def tells_of_few(parts: int, known: int = 0) -> bool:
    """Whether a sum may be called one of 1 to 10 persons, where `parts` hidden cells of it are known not to be zero.

    Of seven parts that are together ten at most, each is four at most: that would be too much. `known` is what the
    reader knows of the sum anyway.
    """
    return K - 1 - known - (parts - 1) >= FEWEST_POSSIBILITIES


def _safe(cells: Mapping[T, int], hidden: Set[T], kept_back: Set[T], least: int, least_shown: int) -> bool:
    """Whether each hidden cell keeps enough values for someone who knows the rule and the total.

    That reader knows which hidden cells are small, that the others are `least` or more and the smallest of those, and
    the sum of all.
    """
    low, high = {}, {}
    for cell in hidden:
        if cell in kept_back:
            low[cell], high[cell] = 0, _ENDLESS
        elif cells[cell] < least:
            low[cell], high[cell] = 1, least - 1
        else:
            low[cell], high[cell] = least, least_shown
    total, lows, highs = sum(cells[cell] for cell in hidden), sum(low.values()), sum(high.values())
    return all(
        min(high[cell], total - (lows - low[cell])) - max(low[cell], total - (highs - high[cell])) + 1
        >= (max(FEWEST_POSSIBILITIES, cells[cell] // NARROWEST_SHARE) if cell in kept_back else FEWEST_POSSIBILITIES)
        for cell in hidden
    )
