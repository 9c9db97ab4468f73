"""Pyramid of map marks: points counted once for every zoom level, stored in blocks, read in milliseconds.

Points are joined by the cells of a grid in the pixels of a web map (`grid`); a mark stands at the mean of its points.
Not every zoom is kept: one is, where a screen of it would otherwise be made of more marks than are quickly read. A view
takes the nearest finer level that there is and joins the rest by itself, so that a small layer is its points alone.

Positions are WGS 84 (EPSG:4326) in steps of 1/`STEPS` of a degree, 1.1 m at the equator. Points at one position are one
place with a number, from the finest level on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.ground.grid import (
    Bounds,
    Floats,
    Whole,
    across,
    cell_of,
    cells,
    corners,
    inside,
    places_in_order,
    whole_cells,
)

STEPS = 100_000
SINGLE_UP_TO = 2_000
"""So many points in view are drawn one by one."""

PLACES = 30
"""Stands for the zoom of the finest level: each place for itself."""

DEEPEST, SCREEN = 17, 5
"""The closest zoom that is kept, as the map goes no closer; and 2^`SCREEN` cells are a screen, 2,048 pixels."""

MOST_ON_SCREEN = 32_768
"""So many marks of a finer level make a screen of a coarser one without being kept for it."""

BLOCK = 16_384
"""So many marks, near one another, are kept in one piece."""

_Steps = NDArray[np.int32]


@dataclass(frozen=True)
class Marks:
    """Marks of one level or view, arrays of one length: `x`, `y` in steps east and north, `n` points at each (uint32).

    >>> Marks.at(np.array([8.0]), np.array([17.0])).x.tolist()
    [800000]
    """

    x: _Steps
    y: _Steps
    n: NDArray[np.uint32]

    @classmethod
    def at(cls, lon: Floats, lat: Floats) -> "Marks":
        """One mark for each position in degrees."""
        x, y = (np.rint(degrees * STEPS).astype(np.int32) for degrees in (lon, lat))
        return cls(x, y, np.ones(len(x), np.uint32))

    @property
    def lon(self) -> Floats:
        """Longitudes in degrees."""
        return self.x / STEPS

    @property
    def lat(self) -> Floats:
        """Latitudes in degrees."""
        return self.y / STEPS

    @property
    def events(self) -> int:
        """How many points there are at all of them."""
        return int(self.n.sum(dtype=np.int64))

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, which: slice | Whole) -> "Marks":
        return Marks(self.x[which], self.y[which], self.n[which])

    def within(self, bbox: Bounds) -> "Marks":
        """Those in a box, its edges included."""
        return self[np.flatnonzero(inside(self.lon, self.lat, bbox))]

    def chosen(self, which: Iterable[int]) -> "Marks":
        """Those at some places of the arrays."""
        return self[np.fromiter(which, np.int64)]

    def packed(self) -> bytes:
        """Little-endian columns: `x`, `y` as int32, and `n` as uint32 unless it is 1 for all."""
        columns = [self.x.astype("<i4"), self.y.astype("<i4")]
        if (self.n != 1).any():
            columns.append(self.n.astype("<u4"))
        return b"".join(column.tobytes() for column in columns)


def unpacked(pieces: Sequence[tuple[int, bytes]]) -> Marks:
    """The marks of several pieces, each so many marks and what `Marks.packed` made of them.

    >>> one = Marks.at(np.array([8.0, 9.0]), np.array([17.0, 18.0]))
    >>> unpacked([(2, one.packed()), (1, one[slice(1)].packed())]).x.tolist()
    [800000, 900000, 800000]
    """
    if not pieces:
        return NOTHING
    columns = [np.frombuffer(data, "<i4").reshape(-1, many) for many, data in pieces if many]
    x, y = (np.concatenate([each[row] for each in columns]) for row in (0, 1))
    numbers = (each[2].view("<u4") if len(each) > 2 else np.ones(each.shape[1], np.uint32) for each in columns)
    return Marks(x, y, np.concatenate(list(numbers)))


NOTHING = Marks(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.uint32))


@dataclass(frozen=True)
class PyramidBlock:
    """One piece of a level: its zoom, its number there, its bounds in degrees, how many marks, and `Marks.packed`."""

    zoom: int
    number: int
    bounds: Bounds
    marks: int
    data: bytes


Read = Callable[[int, Bounds], Marks]
"""Given a zoom and a box: the marks of the nearest kept level that is as fine or finer, in the box and perhaps around
it, in the order of their places."""


class Pyramid:
    """Points counted for every zoom level that is worth storing.

    `lon`, `lat` in degrees, arrays of one length. Raises ValueError for lengths that differ, and for positions that are
    not on the globe.

    >>> pyramid = Pyramid(np.array([8.0, 8.0, 120.0]), np.array([17.0, 17.0, -30.0]))
    >>> world = pyramid.view((-180, -85, 180, 85), zoom=2)
    >>> sorted(world.n.tolist()), pyramid.zooms
    ([1, 2], (30,))
    """

    def __init__(self, lon: Floats, lat: Floats) -> None:
        if len(lon) != len(lat):
            raise ValueError("Longitudes and latitudes must be as many.")
        if not (np.isfinite(lon) & np.isfinite(lat) & (abs(lon) <= 180) & (abs(lat) <= 90)).all():
            raise ValueError("A position lies off the globe.")
        marks, order = _places(Marks.at(lon, lat))
        self._levels = {PLACES: marks}
        for zoom in range(DEEPEST, -1, -1):
            if _most_on_a_screen(order, zoom) > MOST_ON_SCREEN:
                marks = self._levels[zoom] = _joined(marks, cell_of(order, zoom))
                order = places_in_order(marks.lon, marks.lat)

    def __len__(self) -> int:
        """How many points there are."""
        return self._levels[PLACES].events

    @property
    def zooms(self) -> tuple[int, ...]:
        """The levels that are kept, from the finest."""
        return tuple(self._levels)

    def read(self, zoom: int, _bbox: Bounds) -> Marks:
        """As `Read`."""
        return self._levels[min(kept for kept in self._levels if kept >= zoom)]

    def view(self, bbox: Bounds, zoom: int) -> Marks:
        """As `view`."""
        return view(self.read, bbox, zoom)

    def blocks(self) -> Iterator[PyramidBlock]:
        """All levels in pieces, from the coarsest."""
        for zoom in reversed(self._levels):
            level = self._levels[zoom]
            for number, start in enumerate(range(0, len(level), BLOCK)):
                marks = level[slice(start, start + BLOCK)]
                west, east = (float(edge) / STEPS for edge in (marks.x.min(), marks.x.max()))
                south, north = (float(edge) / STEPS for edge in (marks.y.min(), marks.y.max()))
                yield PyramidBlock(zoom, number, (west, south, east, north), len(marks), marks.packed())


def view(read: Read, bbox: Bounds, zoom: int) -> Marks:
    """What a view shows: place by place while at most `SINGLE_UP_TO` points are in it, else the cells of its grid.

    `bbox` is west, south, east, north in degrees, west greater than east across 180°; `zoom` 0 to 22.
    """
    seen = joined(read(zoom, whole_cells(bbox, zoom)), zoom).within(bbox)
    return seen if seen.events > SINGLE_UP_TO else every(read, bbox)


def every(read: Read, bbox: Bounds) -> Marks:
    """Every place in a box."""
    return read(PLACES, bbox).within(bbox)


def cells_of(read: Read, zoom: int) -> Marks:
    """All cells of the world that hold points, at the middle of each: where exactly its points lie is not told."""
    marks, wide = joined(read(zoom, (-180.0, -90.0, 180.0, 90.0)), zoom), across(zoom)
    column, row = cells(marks.lon, marks.lat, wide)
    middles = Marks.at(*corners(column + 0.5, row + 0.5, wide))
    return Marks(middles.x, middles.y, marks.n)


def joined(finer: Marks, zoom: int) -> Marks:
    """The marks of a finer level, in the order of their places, joined by cell; means weighted by their points."""
    return _joined(finer, cell_of(places_in_order(finer.lon, finer.lat), zoom))


def _joined(finer: Marks, cell: Whole) -> Marks:
    if not len(finer):
        return finer
    first = _first_of_each(cell)
    n = finer.n.astype(np.int64)
    many = np.add.reduceat(n, first)
    x, y = ((2 * np.add.reduceat(steps * n, first) + many) // (2 * many) for steps in (finer.x, finer.y))
    return Marks(x.astype(np.int32), y.astype(np.int32), many.astype(np.uint32))


def fitting_zoom(bbox: Bounds, zoom: int, most: int = 16_384) -> int:
    """The zoom, or the closest one at which a box is of at most so many cells: no screen is larger."""
    west, south, east, north = bbox
    while zoom > 0:
        (left, right), (top, bottom) = cells(
            np.array([west, east], float), np.array([north, south], float), across(zoom)
        )
        wide = right - left + 1 + (across(zoom) if west > east else 0)
        if wide * (bottom - top + 1) <= most:
            break
        zoom -= 1
    return zoom


def _places(points: Marks) -> tuple[Marks, Whole]:
    """Points in the order of their places, those at one position joined; and the numbers of that order."""
    place = places_in_order(points.lon, points.lat)
    order = np.lexsort((points.y, points.x, place))  # in whatever order the points come, the marks are the same
    x, y = points.x[order], points.y[order]
    first = np.flatnonzero(np.r_[True, (x[1:] != x[:-1]) | (y[1:] != y[:-1])]) if len(x) else np.empty(0, np.int64)
    many = np.diff(np.r_[first, len(x)]).astype(np.uint32)
    return Marks(x[first], y[first], many), place[order][first]


def _first_of_each(cell: Whole) -> Whole:
    """Where each run of equal numbers begins."""
    return np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]])


def _most_on_a_screen(order: Whole, zoom: int) -> int:
    """Of how many marks, whose places are in order, the fullest screen of a zoom would be made."""
    if len(order) <= MOST_ON_SCREEN:
        return len(order)
    first = _first_of_each(cell_of(order, zoom - SCREEN))
    return int(np.diff(np.r_[first, len(order)]).max())
