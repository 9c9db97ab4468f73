"""A million points as the few marks that a view can show: counted once for every zoom, read in milliseconds.

Each level is a grid in the pixels of a web map, as in `clusters`; a level is made of the one below it, so that a
pyramid costs little more than its finest level. Marks stand at the mean of their points. Positions are WGS 84
(EPSG:4326).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.clusters import CELL, SINGLE_UP_TO, cells
from geodata.reference import Floats
from geodata.sites import Bounds, inside

FINEST = 12
"""The zoom of the finest level: its cells are 2.4 km wide at the equator. Closer views show the points themselves."""

_Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Marks:
    """Marks in view, arrays of one length: `lon`, `lat` in degrees, `n` points, `total` their summed weight."""

    lon: Floats
    lat: Floats
    n: _Whole
    total: Floats

    def __len__(self) -> int:
        return len(self.lon)


@dataclass(frozen=True)
class _Level:
    """One grid: cells with points in them, in the order of rows and, within a row, of columns."""

    key: _Whole
    marks: Marks


class Pyramid:
    """Points counted on the grids of zoom 0 to `FINEST`.

    `lon`, `lat` in degrees, `weight` what each point counts for (1 where it is left out); arrays of one length. Raises
    ValueError for lengths that differ, and for positions that are not on the globe.

    >>> pyramid = Pyramid(np.array([8.0, 8.001, 120.0]), np.array([17.0, 17.001, -30.0]))
    >>> world = pyramid.view((-180, -85, 180, 85), zoom=2)
    >>> world.n.tolist(), world.total.tolist()
    ([1, 1, 1], [1.0, 1.0, 1.0])
    """

    def __init__(self, lon: Floats, lat: Floats, weight: Floats | None = None) -> None:
        weight = np.ones(len(lon)) if weight is None else weight
        if not len(lon) == len(lat) == len(weight):
            raise ValueError("Longitudes, latitudes and weights must be as many.")
        if not (np.isfinite(lon) & np.isfinite(lat) & (abs(lon) <= 180) & (abs(lat) <= 90)).all():
            raise ValueError("A position lies off the globe.")
        key = _keys(lon, lat, FINEST)
        order = np.lexsort((lat, lon, key))  # in whatever order the points come, the marks are the same
        self._points = _Level(key[order], Marks(lon[order], lat[order], np.ones(len(lon), np.int64), weight[order]))
        self._levels = [_joined(self._points, self._points.key)]
        for zoom in range(FINEST - 1, -1, -1):
            finer = self._levels[-1]
            self._levels.append(_joined(finer, _parents(finer.key, zoom)))
        self._levels.reverse()

    def __len__(self) -> int:
        """How many points there are."""
        return len(self._points.key)

    def view(self, bbox: Bounds, zoom: int) -> Marks:
        """What a view shows: points one by one while they are at most `SINGLE_UP_TO`, else the marks of its level.

        `bbox` is west, south, east, north in degrees, west greater than east across 180°; `zoom` 0 to 22.
        """
        if not 0 <= zoom <= 22:
            raise ValueError(f"Zoom {zoom} must lie between 0 and 22.")
        level = self._levels[min(zoom, FINEST)]
        seen = _seen(level, bbox, min(zoom, FINEST))
        if zoom <= FINEST and seen.n.sum() > SINGLE_UP_TO:
            return seen
        return _seen(self._points, bbox, FINEST)

    def packed(self, bbox: Bounds) -> bytes:
        """Every point in view as little-endian float32 pairs, longitude first: 8 bytes a point, exact to a metre."""
        seen = _seen(self._points, bbox, FINEST)
        return np.column_stack([seen.lon, seen.lat]).astype("<f4").tobytes()


def _keys(lon: Floats, lat: Floats, zoom: int) -> _Whole:
    across = 2**zoom * 256 // CELL
    column, row = cells(lon, lat, across)
    keys: _Whole = row * across + column
    return keys


def _parents(key: _Whole, zoom: int) -> _Whole:
    """The keys at `zoom` of cells of the next finer level."""
    across = 2 ** (zoom + 1) * 256 // CELL
    row, column = np.divmod(key, across)
    parents: _Whole = (row // 2) * (across // 2) + column // 2
    return parents


def _joined(finer: _Level, key: _Whole) -> _Level:
    """The marks of `finer` joined where their new keys are the same; means weighted by how many points they hold."""
    order = np.argsort(key, kind="stable")
    found, first = np.unique(key[order], return_index=True)
    if not len(found):
        return _Level(found, finer.marks)
    marks = finer.marks
    n = np.add.reduceat(marks.n[order], first)
    lon, lat = (np.add.reduceat((degrees * marks.n)[order], first) / n for degrees in (marks.lon, marks.lat))
    return _Level(found, Marks(lon, lat, n, np.add.reduceat(marks.total[order], first)))


def _seen(level: _Level, bbox: Bounds, zoom: int) -> Marks:
    """The marks inside a box. Rows lie behind one another, so most of the world is never looked at."""
    across = 2**zoom * 256 // CELL
    _west, south, _east, north = bbox
    _, (top, bottom) = cells(np.array([0.0, 0.0]), np.array([north, south], dtype=float), across)
    rows = slice(np.searchsorted(level.key, top * across), np.searchsorted(level.key, (bottom + 1) * across))
    marks = level.marks
    lon, lat = marks.lon[rows], marks.lat[rows]
    within = np.flatnonzero(inside(lon, lat, bbox))
    return Marks(lon[within], lat[within], marks.n[rows][within], marks.total[rows][within])
