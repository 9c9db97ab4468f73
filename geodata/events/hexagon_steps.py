"""H3 neighbours: the cells beside a cell, by arithmetic on their codes, for whole arrays.

A code is a base cell of the icosahedron and a digit for each resolution: the middle of seven children (0) or one of the
six around it. Digits are places on the lattice of hexagons, so a step changes the last one, and carries into the digit
before it where it leaves the seven; H3's `h3NeighborRotations` walks the same way. Where that leads into another base
cell, or into the sixth of a pentagon that is not there, H3 itself is asked: a few in a hundred at resolution 5.
"""

from itertools import repeat

import h3.api.memview_int as h3  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from geodata.events.points import Whole

_UNITS = ((0, 0), (-1, -1), (0, 1), (-1, 0), (1, 0), (0, -1), (1, 1))
"""Where each digit lies from the middle, along the i and j axes of H3's lattice, 120° apart."""

_PARENTS = (((3, 1), (-1, 2)), ((2, -1), (1, 3)))
"""One step between parents along i and along j, in steps of children of an even and of an odd resolution."""

_PENTAGONS = np.array([4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117])
"""Base cells with five sides: nothing lies in their direction 1. `h3.get_pentagons(0)` names the same."""

_MISSING = 1


def _tables(odd: bool) -> NDArray[np.int64]:
    """7 x 7 x 2: after a step (column) from a digit (row), the digit, and the step of the parent (0 for none)."""
    (ii, ij), (ji, jj) = _PARENTS[odd]
    reached = {
        (i * ii + j * ji + x, i * ij + j * jj + y): (digit, carried)
        for carried, (i, j) in enumerate(_UNITS)
        for digit, (x, y) in enumerate(_UNITS)
    }
    return np.array([[reached[x + i, y + j] for i, j in _UNITS] for x, y in _UNITS], dtype=np.int64)


_STEPS = _tables(odd=False), _tables(odd=True)


def beside(cells: Whole, resolution: int) -> tuple[Whole, Whole]:
    """The cells that touch each of `cells`, all of `resolution`: positions in `cells`, and the codes found there.

    Six for each, five for a pentagon, in no order; for some cells their own code is among them.
    """
    found = np.stack([_stepped(cells, direction, resolution) for direction in range(1, 7)])
    asked = np.flatnonzero((found < 0).any(axis=0))
    disks = list(map(h3.grid_disk, cells[asked].tolist(), repeat(1)))
    sure = np.delete(np.arange(len(cells)), asked)
    rows = np.concatenate([np.tile(sure, 6), np.repeat(asked, np.fromiter(map(len, disks), np.int64, len(disks)))])
    return rows, np.concatenate([found[:, sure].ravel(), *(np.asarray(disk).view(np.int64) for disk in disks)])


def _stepped(cells: Whole, direction: int, resolution: int) -> Whole:
    """The code one step in a direction from each cell; -1 where H3 must be asked."""
    found = cells.copy()
    rows, step = np.arange(len(cells)), np.full(len(cells), direction)
    for level in range(resolution, 0, -1):
        place = 3 * (15 - level)
        digit = found[rows] >> place & 7
        new, carried = _STEPS[level % 2][digit, step].T
        found[rows] += (new - digit) << place
        going = carried > 0
        rows, step = rows[going], carried[going]
    found[rows] = -1
    inside = np.flatnonzero(np.isin(cells >> 45 & 127, _PENTAGONS))
    found[inside[_first_digit(found[inside], resolution) == _MISSING]] = -1
    return found


def _first_digit(cells: Whole, resolution: int) -> Whole:
    """The first digit that is not 0, or 0 where all are."""
    first = np.zeros_like(cells)
    for level in range(1, resolution + 1):
        first = np.where(first == 0, cells >> 3 * (15 - level) & 7, first)
    return first
