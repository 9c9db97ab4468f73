"""Point clusters: many points as few marks, counted on the server in a grid of web map pixels."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.events.pyramid import SINGLE_UP_TO
from geodata.ground import crs
from geodata.ground.grid import CELL, Bounds, Floats, cells, corners, inside


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

    >>> from geodata.ground.reference import places
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
        x, y = corners(column[first] + 0.5, row[first] + 0.5, across)
    else:
        x, y = (np.bincount(group, degrees, len(first)) / n for degrees in (lon, lat))
    values = {name: frame[name].to_numpy(dtype=float, na_value=np.nan)[seen] for name in sums}
    totals = {name: np.bincount(group, np.nan_to_num(some), len(first)) for name, some in values.items()}
    labels = frame.index.to_numpy(dtype=object)[seen[first]]
    marks = pd.DataFrame({"n": n, **totals, "member": np.where(n == 1, labels, None)})
    found = gpd.GeoDataFrame(marks, geometry=shapely.points(x, y), crs=crs.WGS84)
    return found[found["n"] >= floor].reset_index(drop=True)


def _in_whole_cells(lon: Floats, lat: Floats, bbox: Bounds, across: int) -> NDArray[np.bool_]:
    """True for each point whose cell the box touches."""
    west, south, east, north = bbox
    column, row = cells(lon, lat, across)
    (left, right), (top, bottom) = cells(np.array([west, east]), np.array([north, south]), across)
    between = (column >= left) & (column <= right) if west <= east else (column >= left) | (column <= right)
    touched: NDArray[np.bool_] = between & (row >= top) & (row <= bottom)
    return touched
