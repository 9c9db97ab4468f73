"""Layers clipped to a sheet: selected by bounding box, clipped in degrees, projected, clipped on the paper.

A layer is an array of geometries in longitude and latitude (WGS 84); the result is in mm on the sheet. A sheet across
180° searches each layer three times, shifted by a whole turn of the Earth.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.papers.projection import SheetPlane

Geometries = NDArray[np.object_]
Rows = NDArray[np.int64]

OVER = 1.5
"""Millimetres that geometries extend beyond the sheet, so that the ends of lines lie under its frame."""

FINEST = 0.06
"""Tolerance of simplification in mm: smaller details are invisible."""


@dataclass
class ClippedLayer:
    """Parts of geometries in degrees with an R-tree; `row` is the index of the geometry that each part belongs to."""

    pieces: Geometries
    row: Rows
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = shapely.STRtree(self.pieces)


def layer(geometries: Geometries) -> ClippedLayer:
    """Return a layer of whole geometries, indexed by their parts, whose bounding boxes are tighter."""
    parts, row = shapely.get_parts(geometries, return_index=True)
    return ClippedLayer(parts, row)


def cut(plane: SheetPlane, of: ClippedLayer, finest: float = FINEST) -> tuple[Geometries, Rows]:
    """Return the parts of a layer on the sheet, in mm from its centre, and the row of the layer for each."""
    west, south, east, north = plane.extent
    clipped, rows = [], []
    for turn in (-360.0, 0.0, 360.0):
        window = (west + turn, south, east + turn, north)
        if window[0] > 180 or window[2] < -180:
            continue
        near = np.sort(of.tree.query(shapely.box(*window)))
        if near.size:
            clipped.append(shapely.clip_by_rect(of.pieces[near], *window))
            rows.append(of.row[near])
    if not clipped:
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    return _on_paper(plane, np.concatenate(clipped), np.concatenate(rows), (east - west) / 60, finest)


def _on_paper(
    plane: SheetPlane, pieces: Geometries, rows: Rows, longest: float, finest: float
) -> tuple[Geometries, Rows]:
    kept = ~shapely.is_empty(pieces)
    # A straight edge between two degrees is a curve on the paper.
    pieces, rows = shapely.segmentize(pieces[kept], longest), rows[kept]
    drawn = shapely.transform(pieces, plane.to_paper)
    whole = np.isfinite(shapely.bounds(drawn)).all(axis=1)
    drawn, rows = drawn[whole], rows[whole]
    if finest:
        drawn = shapely.simplify(drawn, finest, preserve_topology=True)
    broken = ~shapely.is_valid(drawn)
    drawn[broken] = shapely.make_valid(drawn[broken])
    x, y = plane.width / 2 + OVER, plane.height / 2 + OVER
    clipped = shapely.clip_by_rect(drawn, -x, -y, x, y)
    seen = ~shapely.is_empty(clipped)
    return clipped[seen], rows[seen]
