"""Border sections: a border line cut into pieces of one length, with the section of a point and its neighbours."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

from geodata.events.points import UnfitEvents, Whole
from geodata.ground import crs, plane
from geodata.ground.plane import Shapes
from geodata.ground.reference import Floats

_STEPS = 20
"""Places are found to a twentieth of a section or of the reach, whichever is shorter."""


@dataclass(frozen=True, eq=False)
class Sections:
    """Sections 0 to n - 1 in the order of the line, WGS 84.

    `length_km` of each; `start_km` from the start of its `part`; `closed` says of each part whether it is a ring.
    """

    lines: Shapes
    length_km: Floats
    start_km: Floats
    part: Whole
    closed: tuple[bool, ...]
    section_km: float

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def size(self) -> str:
        """How long one of them is, for sentences."""
        return f"{self.section_km:g} km"

    def polygons(self, cells: Whole) -> Shapes:
        """The lines of these sections: what is drawn of them, under the name that grids have for it."""
        return self.lines[cells]

    def neighbours(self) -> sparse.csr_array:
        """n x n, 1 for a section and the one before or after it on the same part; a ring closes."""
        n = len(self)
        same = np.flatnonzero(self.part[1:] == self.part[:-1])
        first = np.flatnonzero(np.diff(self.part, prepend=-1))
        last = np.append(first[1:], n) - 1
        rings = np.flatnonzero(np.array(self.closed) & (last - first > 1))
        a, b = np.concatenate([same, last[rings]]), np.concatenate([same + 1, first[rings]])
        pairs = (np.concatenate([a, b]), np.concatenate([b, a]))
        return sparse.csr_array((np.ones(len(pairs[0])), pairs), shape=(n, n))

    def assign(self, lon: Floats, lat: Floats, reach_km: float) -> Whole:
        """The nearest section of each point, or -1 where the border is more than `reach_km` away."""
        if not reach_km > 0:
            raise UnfitEvents("The reach must be more than 0 km, not {given:g}.", given=reach_km)
        step = max(min(reach_km, self.section_km) / _STEPS, 0.05)
        marks, owner = _marks(self.lines, self.length_km, step)
        tree = cKDTree(plane.in_space(*marks.T))
        far, nearest = tree.query(plane.in_space(lon, lat), distance_upper_bound=reach_km + step)
        # The mark may be half a step beside the nearest place of the line.
        off = np.sqrt(np.maximum(far**2 - (step / 2) ** 2, 0))
        return np.where(off <= reach_km, np.append(owner, -1)[nearest], -1)


def sections(line: shapely.Geometry, section_km: float) -> Sections:
    """A line on WGS 84 cut into sections: each part into equal ones as near to `section_km` (geodesic) as that goes.

    Parts that meet end to end are joined first. Parts and directions are put into one order, so the same border drawn
    in other pieces gives the same sections.

    >>> from geodata.ground.reference import land_boundaries
    >>> border = land_boundaries().set_index("border_id").geometry["DZA-NER"]
    >>> cut = sections(border, 50)
    >>> len(cut), cut.length_km[0].round(1).item()
    (19, 50.1)
    """
    if line.is_empty or "Line" not in line.geom_type:
        raise UnfitEvents("A border must be a line.")
    if any((np.abs(np.diff(shapely.get_coordinates(part)[:, 0])) > 180).any() for part in shapely.get_parts(line)):
        raise UnfitEvents("The border jumps across 180°. Cut it there, as GeoJSON asks.")
    if not section_km >= 0.1:
        raise UnfitEvents("A section must be at least 0.1 km long, not {given:g}.", given=section_km)
    joined = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    parts = sorted((shapely.normalize(part) for part in shapely.get_parts(joined)), key=lambda part: part.wkb)
    lines, lengths, starts, owner = [], [], [], []
    for number, part in enumerate(parts):
        corners = shapely.get_coordinates(part)
        along = np.concatenate([[0], np.cumsum(_steps_km(corners))])
        ends = np.linspace(0, along[-1], max(1, round(along[-1] / section_km)) + 1)
        at_ends = _located(corners, along, ends)
        for (start, end), here, there in zip(pairwise(ends), at_ends[:-1], at_ends[1:], strict=True):
            between = corners[(along > start) & (along < end)]
            lines.append(shapely.LineString([here, *between, there]))
        lengths.append(np.diff(ends))
        starts.append(ends[:-1])
        owner.append(np.full(len(ends) - 1, number))
    return Sections(
        lines=np.array(lines, dtype=object),
        length_km=np.concatenate(lengths),
        start_km=np.concatenate(starts),
        part=np.concatenate(owner),
        closed=tuple(bool(part.is_closed) for part in parts),
        section_km=section_km,
    )


def _steps_km(corners: Floats) -> Floats:
    """Geodesic length of each straight piece."""
    lon, lat = corners.T
    _, _, metres = crs.GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.asarray(metres, dtype=float) / 1000


def _located(corners: Floats, along: Floats, at: Floats) -> Floats:
    """Places at a distance along a line: between two corners by proportion, which is exact enough for short pieces."""
    return np.column_stack([np.interp(at, along, axis) for axis in corners.T])


def _marks(lines: Shapes, length_km: Floats, step: float) -> tuple[Floats, Whole]:
    """Places on the lines at most `step` km apart, both ends of each among them, and whose they are."""
    found = []
    for line, length in zip(lines, length_km, strict=True):
        corners = shapely.get_coordinates(line)
        along = np.concatenate([[0], np.cumsum(_steps_km(corners))])
        found.append(_located(corners, along, np.linspace(0, along[-1], int(np.ceil(length / step)) + 1)))
    return np.concatenate(found), np.repeat(np.arange(len(found)), [len(some) for some in found])
