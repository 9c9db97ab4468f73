"""Web map grids: cells of pixels, boxes of whole cells, and an order that keeps near cells together.

Degrees on WGS 84 (EPSG:4326). Nothing but numpy is needed here, so that a process that has just started can answer.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees; west is greater than east where the box crosses 180°."""

CELL = 64
"""Pixels of a map whose world is 256 pixels wide at zoom 0."""

CLOSEST = 22
"""The closest zoom that has a grid: its cells are 2 m wide at the equator."""

_LIMIT = 85.0511287798066
"""Latitude where the square of the web map ends."""

_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def across(zoom: int) -> int:
    """How many cells the world is wide and high at a zoom from 0 to `CLOSEST`. ValueError for another zoom."""
    if not 0 <= zoom <= CLOSEST:
        raise ValueError(f"Zoom {zoom} must lie between 0 and {CLOSEST}.")
    return int(2**zoom * 256 // CELL)


def cells(lon: Floats, lat: Floats, across: int) -> tuple[Whole, Whole]:
    """Column and row of each point in a web Mercator grid of `across` by `across` cells, from 180° W, 85° N."""
    sine = np.sin(np.radians(np.clip(lat, -_LIMIT, _LIMIT)))
    x = (lon + 180) / 360
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    last = across - 1
    return np.clip((x * across).astype(np.int64), 0, last), np.clip((y * across).astype(np.int64), 0, last)


def corners(column: NDArray[Any], row: NDArray[Any], across: int) -> tuple[Floats, Floats]:
    """Longitude and latitude of the north-western corner of each cell; half a cell on, of its middle."""
    lon: Floats = column / across * 360.0 - 180.0
    lat: Floats = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * row / across))))
    return lon, lat


def inside(lon: Floats, lat: Floats, bbox: Bounds) -> NDArray[np.bool_]:
    """True for each point (degrees) within the box, its edges included."""
    west, south, east, north = bbox
    between = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    within: NDArray[np.bool_] = between & (lat >= south) & (lat <= north)
    return within


def whole_cells(bbox: Bounds, zoom: int) -> Bounds:
    """The box of all cells that a box touches, poles included where it touches the last row."""
    west, south, east, north = bbox
    wide = across(zoom)
    (left, right), (top, bottom) = cells(np.array([west, east], float), np.array([north, south], float), wide)
    if west > east and left <= right + 1:  # round the world
        left, right = np.int64(0), np.int64(wide - 1)
    (westmost, eastmost), (upper, lower) = corners(np.array([left, right + 1]), np.array([top, bottom + 1]), wide)
    return (
        float(westmost),
        -90.0 if bottom == wide - 1 else float(lower),
        float(eastmost),
        90.0 if top == 0 else float(upper),
    )


def places_in_order(lon: Floats, lat: Floats) -> Whole:
    """A number for the cell of each point at `CLOSEST`, row and column interleaved (Z-order, Morton 1966).

    In the order of these numbers the points of any cell at any zoom follow one another.
    """
    column, row = cells(lon, lat, across(CLOSEST))
    numbers: Whole = (_spread(column) | (_spread(row) << np.uint64(1))).astype(np.int64)
    return numbers


def cell_of(place: Whole, zoom: int) -> Whole:
    """The number of the cell at `zoom` for numbers of `places_in_order`; below 0 it is one for all."""
    return place >> (2 * (CLOSEST - max(zoom, -2)))


def _spread(numbers: Whole) -> NDArray[np.uint64]:
    """The bits of each number (32 at most) with a 0 before each."""
    found = numbers.astype(np.uint64)
    for by, mask in _SPREAD:
        found = (found | (found << np.uint64(by))) & np.uint64(mask)
    return found
