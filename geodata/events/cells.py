"""Cells that cover the Earth: the cell of a point, the neighbours of a cell, and its polygon.

Two grids with the same verbs. `Hexagons` are H3: fixed codes that countries can share without sharing points.
`Squares` are exactly equal in area, which counts that are compared with each other want. A cell is one int64 code in
either. Neither has a seam at 180°.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any, Protocol

import h3.api.basic_int as h3  # type: ignore[import-untyped]
import h3.api.memview_int as h3_arrays  # type: ignore[import-untyped]
import numpy as np
import shapely
from pyproj import Transformer
from scipy import sparse

from geodata.events.hexagon_steps import beside
from geodata.events.points import EventPoints, UnfitEvents, Whole
from geodata.ground import crs, plane
from geodata.ground.plane import Shapes
from geodata.ground.reference import Floats

MOST_CELLS = 2_000_000
"""More than this takes minutes and no screen can show it."""

_TOO_MANY = "That makes more than {most} cells. Choose larger cells or a smaller area."


class CellGrid(Protocol):
    """Interface of a grid of cells. Arrays of codes are sorted and unique unless stated otherwise."""

    @property
    def size(self) -> str:
        """How large a cell is, for sentences: "36.1 km2"."""
        ...

    @property
    def cell_km2(self) -> float:
        """The area of a cell in km2; the mean over the Earth for hexagons."""
        ...

    def cells(self, lon: Floats, lat: Floats) -> Whole:
        """The cell of each point, in the order of the points."""
        ...

    def grown(self, cells: Whole, rings: int) -> Whole:
        """The cells with as many rings of cells around them."""
        ...

    def within(self, area: shapely.Geometry) -> Whole:
        """The cells whose middle lies in a polygon on WGS 84."""
        ...

    def neighbours(self, cells: Whole) -> sparse.csr_array:
        """n x n, 1 where two of the cells touch, 0 for a cell and itself."""
        ...

    def centres(self, cells: Whole) -> tuple[Floats, Floats]:
        """Longitude and latitude of the middle of each cell."""
        ...

    def polygons(self, cells: Whole) -> Shapes:
        """Each cell on WGS 84, cut at 180°."""
        ...


@dataclass(frozen=True)
class Hexagons:
    """H3 cells of a `resolution` 0 (4.4 million km2) to 15 (1 m2); 5 is about 253 km2, 7 about 5 km2.

    Area varies by a factor of up to two over the Earth, little within a country. Twelve cells, all in the oceans, have
    five neighbours.

    >>> Hexagons(5).size
    '253 km2'
    """

    resolution: int

    def __post_init__(self) -> None:
        if not 0 <= self.resolution <= 15:
            raise UnfitEvents("The resolution of hexagons goes from 0 to 15, not {given}.", given=self.resolution)

    @property
    def cell_km2(self) -> float:
        """Mean area over the Earth in km2."""
        return float(h3.average_hexagon_area(self.resolution, unit="km^2"))

    @property
    def size(self) -> str:
        """How large a cell is, for sentences."""
        return _written(self.cell_km2)

    def cells(self, lon: Floats, lat: Floats) -> Whole:
        """The cell of each point. About 1 µs a point.

        >>> [hex(cell) for cell in Hexagons(5).cells(np.array([7.99]), np.array([16.97]))]
        ['0x85582c07fffffff']
        """
        found = map(h3.latlng_to_cell, np.asarray(lat).tolist(), np.asarray(lon).tolist(), repeat(self.resolution))
        return np.fromiter(found, np.int64, count=len(lon))

    def grown(self, cells: Whole, rings: int) -> Whole:
        """The cells with `rings` rings around them."""
        if len(cells) * (1 + 3 * rings * (rings + 1)) > 50 * MOST_CELLS:
            raise UnfitEvents(_TOO_MANY, most=MOST_CELLS)
        found = edge = _distinct(cells)
        for _ring in range(rings):
            around = _distinct(beside(edge, self.resolution)[1])
            edge = around[~_located(found, around)[1]]
            found = _distinct(np.concatenate([found, edge]))
        return _bounded(found)

    def within(self, area: shapely.Geometry) -> Whole:
        """The cells whose middle lies in a polygon on WGS 84.

        >>> from geodata.ground.reference import countries
        >>> malta = countries().set_index("iso3").geometry["MLT"]
        >>> len(Hexagons(7).within(malta))
        58
        """
        if crs.geometry_area_km2(area) > self.cell_km2 * MOST_CELLS:
            raise UnfitEvents(_TOO_MANY, most=MOST_CELLS)
        parts = (h3_arrays.geo_to_cells(part.__geo_interface__, self.resolution) for part in shapely.get_parts(area))
        return _distinct(np.concatenate([np.empty(0, np.int64), *(np.asarray(part).view(np.int64) for part in parts)]))

    def neighbours(self, cells: Whole) -> sparse.csr_array:
        """n x n, 1 where two of the cells touch."""
        return _matrix(cells, *beside(cells, self.resolution))

    def centres(self, cells: Whole) -> tuple[Floats, Floats]:
        """Longitude and latitude of the middle of each cell."""
        lat, lon = _pairs(map(h3.cell_to_latlng, cells.tolist())).T
        return lon, lat

    def polygons(self, cells: Whole) -> Shapes:
        """Each cell on WGS 84, cut at 180°; a cell around a pole reaches up to it.

        >>> [cell] = Hexagons(3).polygons(Hexagons(3).cells(np.array([179.9]), np.array([52.0])))
        >>> cell.geom_type, cell.is_valid
        ('MultiPolygon', True)
        """
        outlines = list(map(h3.cell_to_boundary, cells.tolist()))
        counts = np.fromiter(map(len, outlines), np.int64, len(outlines))
        corners = _pairs(chain.from_iterable(outlines))
        rings = shapely.linearrings(corners[:, ::-1], indices=np.repeat(np.arange(len(cells)), counts))
        found = np.asarray(shapely.polygons(rings), dtype=object)
        caps = {i: pole for pole in (-90, 90) for i in np.flatnonzero(cells == self._cell_at(pole))}
        for i, pole in caps.items():
            found[i] = _cap(np.array(outlines[i])[:, ::-1], pole)
        others = np.setdiff1d(np.arange(len(cells)), list(caps))
        found[others] = plane.cut(found[others])
        return found

    def _cell_at(self, pole: int) -> int:
        return int(h3.latlng_to_cell(pole, 0, self.resolution))


def _pairs(pairs: Iterable[tuple[float, float]]) -> Floats:
    """Latitudes and longitudes as (n, 2)."""
    return np.fromiter(chain.from_iterable(pairs), np.float64).reshape(-1, 2)


def _cap(outline: Floats, pole: int) -> shapely.Polygon:
    """A ring around a pole as it lies on a map of degrees: a band from its outline up to the pole."""
    ring = outline[np.argsort(outline[:, 0])]
    lat = float(np.interp(180, [ring[-1, 0], ring[0, 0] + 360], [ring[-1, 1], ring[0, 1]]))
    return shapely.Polygon([(-180, lat), *ring.tolist(), (180, lat), (180, pole), (-180, pole)])


_FLAT = Transformer.from_crs(crs.WGS84, crs.EQUAL_AREA, always_xy=True)
_EAST, _NORTH = (float(end) for end in _FLAT.transform(180.0, 90.0))


@dataclass(frozen=True)
class Squares:
    """Cells of exactly `side_km` squared, in columns and rows of the global equal-area grid EPSG:6933.

    They are squares at 30° north and south only: towards the equator wider than high, beyond it higher than wide (at
    60°, three times). Columns are fitted into the circumference by less than half a cell in all, rows stretched to
    keep the area; so the last column touches the first.
    """

    side_km: float

    def __post_init__(self) -> None:
        if not 0.05 <= self.side_km <= 1000:
            raise UnfitEvents("The side of a cell goes from 0.05 to 1000 km, not {given}.", given=self.side_km)

    @property
    def cell_km2(self) -> float:
        """The area of every cell in km2."""
        return self.side_km**2

    @property
    def size(self) -> str:
        """How large a cell is, for sentences."""
        return _written(self.cell_km2)

    @property
    def _columns(self) -> int:
        return round(2 * _EAST / 1000 / self.side_km)

    @property
    def _cell(self) -> tuple[float, float]:
        """Width and height in metres."""
        width = 2 * _EAST / self._columns
        return width, self.cell_km2 * 1e6 / width

    def cells(self, lon: Floats, lat: Floats) -> Whole:
        """The cell of each point: row * columns + column, rows from the south."""
        x, y = _FLAT.transform(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        width, height = self._cell
        column = np.floor((x + _EAST) / width).astype(np.int64) % self._columns
        row = np.floor((y + _NORTH) / height).astype(np.int64)
        found: Whole = row * self._columns + column
        return found

    def grown(self, cells: Whole, rings: int) -> Whole:
        """The cells with `rings` rings of eight, sixteen, ... cells around them."""
        if len(cells) * (2 * rings + 1) ** 2 > 50 * MOST_CELLS:
            raise UnfitEvents(_TOO_MANY, most=MOST_CELLS)
        steps = range(-rings, rings + 1)
        found = [self._stepped(cells, row, column) for row in steps for column in steps]
        return _bounded(_distinct(np.concatenate(found)))

    def within(self, area: shapely.Geometry) -> Whole:
        """The cells whose middle lies in a polygon on WGS 84."""
        width, height = self._cell
        found = []
        for west, south, east, north in (part.bounds for part in shapely.get_parts(area)):
            (left, right), (low, high) = _FLAT.transform([west, east], [south, north])
            columns = np.arange((left + _EAST) // width, (right + _EAST) // width + 1, dtype=np.int64)
            rows = np.arange((low + _NORTH) // height, (high + _NORTH) // height + 1, dtype=np.int64)
            if len(columns) * len(rows) > 10 * MOST_CELLS:
                raise UnfitEvents(_TOO_MANY, most=MOST_CELLS)
            found.append((rows[:, None] * self._columns + columns % self._columns).ravel())
        cells = _distinct(np.concatenate(found))
        return _bounded(cells[shapely.contains_xy(area, *self.centres(cells))])

    def neighbours(self, cells: Whole) -> sparse.csr_array:
        """n x n, 1 where two of the cells touch at a side or a corner."""
        steps = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if (row, column) != (0, 0)]
        around = np.column_stack([self._stepped(cells, row, column) for row, column in steps])
        return _matrix(cells, np.repeat(np.arange(len(cells)), len(steps)), around.ravel())

    def centres(self, cells: Whole) -> tuple[Floats, Floats]:
        """Longitude and latitude of the middle of each cell."""
        return self._unprojected(cells, 0.5, 0.5)

    def polygons(self, cells: Whole) -> Shapes:
        """Each cell on WGS 84. Columns end at 180°, so no cell crosses it."""
        west, south = self._unprojected(cells, 0, 0)
        east, north = self._unprojected(cells, 1, 1)
        return np.asarray(shapely.box(west, south, np.where(east < west, 180.0, east), north), dtype=object)

    def _stepped(self, cells: Whole, rows: int, columns: int) -> Whole:
        row, column = np.divmod(cells, self._columns)
        return np.asarray((row + rows) * self._columns + (column + columns) % self._columns)

    def _unprojected(self, cells: Whole, right: float, up: float) -> tuple[Floats, Floats]:
        row, column = np.divmod(cells, self._columns)
        width, height = self._cell
        north = np.minimum((row + up) * height - _NORTH, _NORTH)
        lon, lat = _FLAT.transform((column + right) * width - _EAST, north, direction="INVERSE")
        return np.asarray(lon), np.asarray(lat)


def tally(cells: Whole, found: Whole, weight: Floats | None = None) -> Floats:
    """How many of `found` (one code for each point) lie in each of `cells`, or the sum of their weights.

    Points outside of `cells` are not counted.
    """
    at, there = _located(cells, found)
    return np.bincount(at[there], None if weight is None else weight[there], len(cells)).astype(float)


def study_area(points: EventPoints, grid: CellGrid, area: shapely.Geometry | None = None, rings: int = 2) -> Whole:
    """The cells an analysis looks at: those in `area`, or those with points and `rings` rings around them.

    The empty cells matter: what stands out depends on what it is compared with, so the area is part of every result.
    """
    if area is not None:
        cells = grid.within(area)
        if not len(cells):
            raise UnfitEvents("The area is smaller than a cell of {size}. Choose smaller cells.", size=grid.size)
        return cells
    return grid.grown(_distinct(grid.cells(points.lon, points.lat)), rings)


def _located(cells: Whole, found: Whole) -> tuple[Whole, "np.ndarray[Any, np.dtype[np.bool_]]"]:
    """The position of each code in the sorted `cells`, and whether it is there at all."""
    if not len(cells):
        return np.zeros(len(found), np.int64), np.zeros(len(found), np.bool_)
    at = np.minimum(np.searchsorted(cells, found), len(cells) - 1)
    return at, cells[at] == found


def _matrix(cells: Whole, row: Whole, around: Whole) -> sparse.csr_array:
    """Pairs of a row number and a code, as ones of an n x n matrix; codes outside and a cell's own are dropped."""
    at, there = _located(cells, around)
    there &= at != row
    pairs = (row[there], at[there])
    return sparse.csr_array((np.ones(len(pairs[0])), pairs), shape=(len(cells), len(cells)))


def _distinct(cells: Whole) -> Whole:
    """Codes sorted and without repeats: `np.unique` hashes whole numbers, which takes five times as long."""
    ordered = np.sort(cells)
    found: Whole = ordered[np.diff(ordered, prepend=ordered[:1] - 1) != 0]
    return found


def _written(km2: float) -> str:
    """An area to three digits: "12400 km2", "0.737 km2"."""
    return f"{float(f'{km2:.3g}'):.12g} km2"


def _bounded(cells: Whole) -> Whole:
    if len(cells) > MOST_CELLS:
        raise UnfitEvents(_TOO_MANY, most=MOST_CELLS)
    return cells
