"""Many points as few marks: a grid in the pixels of a web map, counted on the server."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import crs
from geodata.reference import Floats
from geodata.sites import Bounds, inside

Whole = NDArray[np.int64]

SINGLE_UP_TO = 2_000
"""So many points in view are drawn one by one."""

CELL = 64
"""Pixels of a map whose world is 256 pixels wide at zoom 0."""

_LIMIT = 85.0511287798066
"""Latitude where the square of the web map ends."""


def cluster(
    frame: gpd.GeoDataFrame, bbox: Bounds, zoom: int, floor: int = 1, sums: Sequence[str] = ()
) -> gpd.GeoDataFrame:
    """Points in view, joined by the cells of a fixed grid, as a new frame on WGS 84.

    Columns: `n` (points), one for each name in `sums` (their sum; missing values count as 0), `member` (the caller's
    index label where n is 1, else None), point: the mean of the members. Up to `SINGLE_UP_TO` points in view stay
    single. `bbox` is west, south, east, north in degrees, west greater than east across 180°; `zoom` 0 to 22.

    With `floor` above 1 nothing is told about fewer points than that: points never stay single, a cell below the floor
    is left out, a mark stands in the middle of its cell instead of at the mean, and cells are counted whole however
    the box cuts them, so that moving the box tells nothing. Comparing zooms still can: offer few of them then.

    >>> from geodata.reference import places
    >>> world = (-180, -85, 180, 85)
    >>> marks = cluster(places(), world, zoom=2, sums=["population"])
    >>> len(marks), marks["n"].sum().item() == len(places())
    (84, True)
    """
    crs.require(frame)
    if not 0 <= zoom <= 22 or floor < 1:
        raise ValueError(f"Zoom {zoom} must lie between 0 and 22, and the floor {floor} must be 1 or more.")
    lon, lat = shapely.get_coordinates(frame.geometry.to_numpy()).T if len(frame) else np.empty((2, 0))
    if len(lon) != len(frame):
        raise ValueError("Only frames of single points, none of them missing or empty, can be clustered.")
    across = 2**zoom * 256 // CELL
    if floor > 1:
        seen = np.flatnonzero(_in_whole_cells(lon, lat, bbox, across))
    else:
        seen = np.flatnonzero(inside(lon, lat, bbox))
    lon, lat = lon[seen], lat[seen]
    column, row = cells(lon, lat, across)
    if floor == 1 and len(seen) <= SINGLE_UP_TO:
        first = group = np.arange(len(seen))
    else:
        _, first, group = np.unique(row * across + column, return_index=True, return_inverse=True)
    n = np.bincount(group, minlength=len(first))
    if floor > 1:
        x, y = _middles(column[first], row[first], across)
    else:
        x, y = (np.bincount(group, degrees, len(first)) / n for degrees in (lon, lat))
    values = {name: frame[name].to_numpy(dtype=float, na_value=np.nan)[seen] for name in sums}
    totals = {name: np.bincount(group, np.nan_to_num(some), len(first)) for name, some in values.items()}
    labels = frame.index.to_numpy(dtype=object)[seen[first]]
    marks = pd.DataFrame({"n": n, **totals, "member": np.where(n == 1, labels, None)})
    found = gpd.GeoDataFrame(marks, geometry=shapely.points(x, y), crs=crs.WGS84)
    return found[found["n"] >= floor].reset_index(drop=True)


def cells(lon: Floats, lat: Floats, across: int) -> tuple[Whole, Whole]:
    """Column and row of each point in a web Mercator grid of `across` by `across` cells, from 180° W, 85° N."""
    sine = np.sin(np.radians(np.clip(lat, -_LIMIT, _LIMIT)))
    x = (lon + 180) / 360
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    last = across - 1
    return np.clip((x * across).astype(np.int64), 0, last), np.clip((y * across).astype(np.int64), 0, last)


def _in_whole_cells(lon: Floats, lat: Floats, bbox: Bounds, across: int) -> NDArray[np.bool_]:
    """True for each point whose cell the box touches."""
    west, south, east, north = bbox
    column, row = cells(lon, lat, across)
    (left, right), (top, bottom) = cells(np.array([west, east]), np.array([north, south]), across)
    between = (column >= left) & (column <= right) if west <= east else (column >= left) | (column <= right)
    touched: NDArray[np.bool_] = between & (row >= top) & (row <= bottom)
    return touched


def _middles(column: Whole, row: Whole, across: int) -> tuple[Floats, Floats]:
    """Longitude and latitude of the middle of each cell."""
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (row + 0.5) / across))))
    return (column + 0.5) / across * 360 - 180, lat
