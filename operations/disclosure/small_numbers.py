"""Disclosure control: hides small numbers of persons from those who answer for none of them (domain 2.1, 6.9).

Counts of persons from 1 to 10 are hidden (k = 11, as in the public data of IOM and CTDC), and further cells with them
until no hidden one can be narrowed to fewer than five values from the total. Percentages, charts, maps and exports pass
through the same functions. So do the figures of every kind of a country that shows its totals to nobody.
"""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

K = 11
FEWEST_POSSIBILITIES = 5
NARROWEST_SHARE = 10
"""A cell that is kept back stays open by a tenth of its value: of 50,000 checks, five values reveal as much as one."""
_ENDLESS = 10**12

T = TypeVar("T", bound=Hashable)


def small(count: int) -> bool:
    """Whether a count of persons must be hidden. Zero may be shown: that nobody was met identifies nobody."""
    return 0 < count < K


@dataclass(frozen=True)
class ProtectedTable(Generic[T]):
    """Cells and their total as they may be shown; None is hidden."""

    cells: dict[T, int | None]
    total: int | None


def protect(
    cells: Mapping[T, int], kept_back: Set[T] = frozenset(), *, persons: bool = True, standing: Set[T] = frozenset()
) -> ProtectedTable[T]:
    """Hide small cells, then the smallest others until the hidden ones are safe, and last of all the total.

    `kept_back` are cells hidden from this reader for another reason; they are protected from subtraction like small
    ones. A total that is itself small is hidden with every cell. Where cells do not count persons, no number is small:
    only `kept_back` is protected. `standing` cells are not hidden for the sake of others: the total goes first.
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
    """Whether a sum may be labelled as 1 to 10 persons, where `parts` hidden cells of it are known not to be zero.

    If seven parts make ten at most, each is four at most: that reveals too much. `known` is how much of the sum the
    reader knows anyway.
    """
    return K - 1 - known - (parts - 1) >= FEWEST_POSSIBILITIES


def _safe(cells: Mapping[T, int], hidden: Set[T], kept_back: Set[T], least: int, least_shown: int) -> bool:
    """Whether each hidden cell has enough possible values for a reader who knows the rule and the total.

    Such a reader knows which hidden cells are small, that the others are at least `least` and at most the smallest
    shown, and the sum of all.
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
