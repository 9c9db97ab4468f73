"""Disclosure control: hides small numbers of persons from those who answer for none of them (domain 2.1, 6.9).

Counts of persons from 1 to 10 are hidden (k = 11, as in the public data of IOM and CTDC), and further cells with them
until no hidden one can be narrowed to fewer than five values from the total. Percentages, charts, maps and exports pass
through the same functions. So do the figures of every kind of a country that shows its totals to nobody.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
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


def least_of(parts: Sequence[int]) -> int:
    """Return the least that a sum can be of numbers of which it is known whether each is nothing, 1 to 10 or more."""
    return sum(K if part >= K else 1 for part in parts if part)


def least_of_columns(columns: Iterable[Sequence[int]]) -> int:
    """Return the least that the sum of columns can be, where it is known of each number and of the sum of each."""
    return sum(max(least_of([sum(column)]), least_of(column)) for column in columns)


def known_range(parts: Sequence[int], least: int | None = None) -> tuple[int, int] | None:
    """Return the least and the most that is known of a sum that must be hidden for its own sake; None where none must.

    `parts` are hidden numbers, of each of which it is known whether it is nothing, 1 to 10 or more. Where some are
    small, the sum is told if it exceeds the least that it can be by enough, and if it is not made of small ones alone:
    each keeps enough values then, and where it is hidden for this too. `least`: what is known besides of the least.
    """
    few = sum(map(small, parts))
    if not few:
        return None
    least = least_of(parts) if least is None else least
    if not any(part >= K for part in parts):
        return least, (K - 1) * few
    most = least + FEWEST_POSSIBILITIES - 1
    return (least, most) if sum(parts) <= most else None


@dataclass(frozen=True)
class ProtectedTable(Generic[T]):
    """Cells and their total as they may be shown; None is hidden."""

    cells: dict[T, int | None]
    total: int | None


def protect(
    cells: Mapping[T, int],
    kept_back: Set[T] = frozenset(),
    *,
    persons: bool = True,
    standing: Set[T] = frozenset(),
    parts: Mapping[T, Sequence[int]] | None = None,
) -> ProtectedTable[T]:
    """Hide small cells, then the smallest others until the hidden ones are safe, and last of all the total.

    `kept_back` are cells hidden from this reader for another reason; they are protected from subtraction like small
    ones. A total that is itself small is hidden with every cell. Where cells do not count persons, no number is small:
    only `kept_back` is protected. `standing` cells are not hidden for the sake of others: the total goes first.
    `parts`: the numbers that each cell is the sum of, as many for each, where these are hidden (`known_range`).
    """
    total, known = sum(cells.values()), parts or {cell: (count,) for cell, count in cells.items()}
    columns = [*zip(*known.values(), strict=True)]
    if persons and known_range([sum(column) for column in columns], least_of_columns(columns)):
        return ProtectedTable({cell: None if count or cell in kept_back else 0 for cell, count in cells.items()}, None)
    ranges = {cell: found for cell in cells if persons and (found := known_range(known[cell]))}
    hidden = {cell for cell in cells if cell in ranges or cell in kept_back}
    shown = sorted(
        (cell for cell in cells if cells[cell] and cell not in hidden and cell not in standing),
        key=lambda cell: (-cells[cell], str(cell)),
    )
    told: int | None = total
    lows = {cell: least_of(known[cell]) if persons else 1 for cell in cells}
    while hidden and not _safe(cells, hidden, kept_back, ranges, lows, cells[shown[-1]] if shown else _ENDLESS):
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


def _safe(
    cells: Mapping[T, int],
    hidden: Set[T],
    kept_back: Set[T],
    ranges: Mapping[T, tuple[int, int]],
    lows: Mapping[T, int],
    least_shown: int,
) -> bool:
    """Whether each hidden cell has enough possible values for a reader who knows the rule and the total.

    Such a reader knows which hidden cells are small (`ranges`), the least that the others can be (`lows`), that they
    are at most the smallest shown, and the sum of all.
    """
    low, high = {}, {}
    for cell in hidden:
        if cell in kept_back:
            low[cell], high[cell] = 0, _ENDLESS
        else:
            low[cell], high[cell] = ranges.get(cell, (lows[cell], least_shown))
    total, least, most = sum(cells[cell] for cell in hidden), sum(low.values()), sum(high.values())
    return all(
        min(high[cell], total - (least - low[cell])) - max(low[cell], total - (most - high[cell])) + 1
        >= (max(FEWEST_POSSIBILITIES, cells[cell] // NARROWEST_SHARE) if cell in kept_back else FEWEST_POSSIBILITIES)
        for cell in hidden
    )
