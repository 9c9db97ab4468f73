"""Layers cut to a sheet: chosen by their boxes, clipped on the ground, projected, clipped on the paper.

A layer is an array of geometries in longitude and latitude on WGS 84; what comes back is on the sheet's paper in mm. A
sheet across 180° sees every layer three times, once for each turn of the Earth.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from dashboard.papers.projection import SheetPlane

Geometries = NDArray[np.object_]
Rows = NDArray[np.int64]

OVER = 1.5
"""Millimetres that geometries reach beyond the sheet, so that the ends of lines lie under its frame."""

FINEST = 0.06
"""Millimetres: what no eye sees is not drawn."""


@dataclass
class ClippedLayer:
    """Geometries in degrees with an index of their boxes; `row` tells what each piece is a part of."""

    pieces: Geometries
    row: Rows
    tree: shapely.STRtree = field(init=False)

    def __post_init__(self) -> None:
        self.tree = shapely.STRtree(self.pieces)


def layer(geometries: Geometries) -> ClippedLayer:
    """A layer of whole geometries: their parts are found one by one, for their boxes are tighter."""
    parts, row = shapely.get_parts(geometries, return_index=True)
    return ClippedLayer(parts, row)


def cut(plane: SheetPlane, of: ClippedLayer, finest: float = FINEST) -> tuple[Geometries, Rows]:
    """What of a layer lies on the sheet, in mm from its centre, and the row of the layer that each piece belongs to."""
    west, south, east, north = plane.extent
    found, rows = [], []
    for turn in (-360.0, 0.0, 360.0):
        window = (west + turn, south, east + turn, north)
        if window[0] > 180 or window[2] < -180:
            continue
        near = np.sort(of.tree.query(shapely.box(*window)))
        if near.size:
            found.append(shapely.clip_by_rect(of.pieces[near], *window))
            rows.append(of.row[near])
    if not found:
        return np.empty(0, dtype=object), np.empty(0, dtype=np.int64)
    return _on_paper(plane, np.concatenate(found), np.concatenate(rows), (east - west) / 60, finest)


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
