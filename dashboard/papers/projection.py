"""Map projection of a sheet: from degrees to millimetres, true to scale at the sheet's centre.

Ground coordinates are longitude and latitude on WGS 84 in degrees; paper coordinates are millimetres from the sheet's
centre, x to the east and y to the north. Scales up to `CONFORMAL` are transverse Mercator (conformal), smaller ones
Lambert azimuthal equal-area; both have a scale of exactly 1 at their centre (Snyder, Map Projections: A Working Manual,
USGS Professional Paper 1395, sections 8 and 24).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Proj

from geodata.ground import formats
from geodata.ground.crs import GEOD

CONFORMAL = 2_500_000
"""The smallest scale (as denominator) in transverse Mercator."""

FITTING = (
    250_000,
    500_000,
    750_000,
    1_000_000,
    1_500_000,
    2_000_000,
    2_500_000,
    3_000_000,
    4_000_000,
    5_000_000,
    7_500_000,
    10_000_000,
    15_000_000,
    20_000_000,
    25_000_000,
    30_000_000,
    40_000_000,
    50_000_000,
    60_000_000,
    75_000_000,
    100_000_000,
    125_000_000,
)
"""Round scales to fit a sheet, largest first. The bundled layers have no more detail than the first."""

Floats = NDArray[np.float64]
_WHOLE = 179.999
_STEPS = 17


@dataclass(frozen=True)
class SheetPlane:
    """The map of one sheet: its centre in degrees, the denominator of its scale, and its size in mm.

    >>> sheet = SheetPlane(8.0, 17.0, 1_000_000, 180, 220)
    >>> east = sheet.to_ground(np.array([[50.0, 0.0]]))[0]
    >>> round(GEOD.inv(8.0, 17.0, *east)[2], -1)
    50000.0
    """

    lon: float
    lat: float
    scale: int
    width: float
    height: float

    @property
    def conformal(self) -> bool:
        """Whether the projection is conformal; otherwise it is equal-area."""
        return self.scale <= CONFORMAL

    @cached_property
    def _proj(self) -> Proj:
        name = "tmerc +k_0=1" if self.conformal else "laea"
        return Proj(f"+proj={name} +lat_0={self.lat:.9f} +lon_0={self.lon:.9f} +ellps=WGS84 +units=m")

    def to_paper(self, ground: Floats) -> Floats:
        """Project longitudes and latitudes, shape (n, 2), to mm on the sheet; infinite where there is no image."""
        x, y = self._proj(ground[:, 0], ground[:, 1])
        return np.column_stack([x, y]) * (1000 / self.scale)

    def to_ground(self, paper: Floats) -> Floats:
        """Convert mm on the sheet, shape (n, 2), to longitudes and latitudes; infinite outside the Earth's image."""
        metres = paper * (self.scale / 1000)
        lon, lat = self._proj(metres[:, 0], metres[:, 1], inverse=True)
        return np.column_stack([lon, lat])

    @cached_property
    def box(self) -> shapely.Polygon:
        """The sheet as a rectangle in mm around its centre."""
        return shapely.box(-self.width / 2, -self.height / 2, self.width / 2, self.height / 2)

    @cached_property
    def _ground(self) -> Floats:
        """A grid of positions over the whole sheet in degrees, without those outside the image of the Earth."""
        x, y = np.meshgrid(
            np.linspace(-self.width / 2, self.width / 2, _STEPS), np.linspace(-self.height / 2, self.height / 2, _STEPS)
        )
        found = self.to_ground(np.column_stack([x.ravel(), y.ravel()]))
        return found[np.isfinite(found).all(axis=1)]

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the sheet in degrees; longitudes exceed 180° where it crosses that meridian."""
        lon = self.lon + (self._ground[:, 0] - self.lon + 180) % 360 - 180
        west, east = float(lon.min()), float(lon.max())
        south, north = float(self._ground[:, 1].min()), float(self._ground[:, 1].max())
        slack = 0.02 * (north - south) + 1e-6
        poles = [pole for pole in (-90.0, 90.0) if self.holds(self.lon, pole)]
        if poles or east - west > 300 or len(self._ground) < _STEPS**2:
            west, east = self.lon - _WHOLE, self.lon + _WHOLE
            if len(self._ground) < _STEPS**2:
                south, north = -90.0, 90.0
        south, north = min([south, *poles]), max([north, *poles])
        return (
            max(west - slack, self.lon - _WHOLE),
            max(south - slack, -90.0),
            min(east + slack, self.lon + _WHOLE),
            min(north + slack, 90.0),
        )

    def holds(self, lon: float, lat: float) -> bool:
        """Return whether a position lies on the sheet."""
        x, y = self.to_paper(np.array([[lon, lat]]))[0]
        return bool(abs(x) <= self.width / 2 and abs(y) <= self.height / 2)

    @cached_property
    def scale_error(self) -> float:
        """The largest relative error of scale on the sheet (0.001: 1 m in 1 km)."""
        ground = self._ground[np.abs(self._ground[:, 1]) < 89.9]
        factors = self._proj.get_factors(ground[:, 0], ground[:, 1])
        scales = np.concatenate([np.atleast_1d(factors.tissot_semimajor), np.atleast_1d(factors.tissot_semiminor)])
        return float(np.abs(scales[np.isfinite(scales)] - 1).max())

    @cached_property
    def utm_zone(self) -> int | None:
        """The UTM zone of the centre; None in the polar regions, which have none."""
        square = formats.write(formats.Position(self.lat, (self.lon + 180) % 360 - 180), "mgrs").split()[0]
        return int(square[:-3]) if square[0].isdigit() else None

    @cached_property
    def utm(self) -> Proj | None:
        """The projection to UTM metres (east, north) in the zone of the centre; None in the polar regions."""
        south = " +south" if self.lat < 0 else ""
        return None if self.utm_zone is None else Proj(f"+proj=utm +zone={self.utm_zone}{south} +ellps=WGS84")

    @cached_property
    def convergence(self) -> float | None:
        """Grid convergence at the centre: degrees from true north to grid north, clockwise; None in the polar regions.

        >>> round(SheetPlane(12.0, 45.0, 100_000, 180, 220).convergence, 3)
        2.123
        """
        if self.utm is None:
            return None
        east, north = self.utm(self.lon, self.lat)
        lon, lat = self.utm(east, north + 1000, inverse=True)
        return float(GEOD.inv(self.lon, self.lat, lon, lat)[0])


def middle(ground: Floats) -> tuple[float, float]:
    """Return the centre (lon, lat) of the smallest upright sheet around positions, shape (n, 2), also across 180°."""
    lon, lat = np.radians(ground).T
    mean = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]).mean(axis=1)
    place = math.degrees(math.atan2(mean[1], mean[0])), math.degrees(math.atan2(mean[2], math.hypot(mean[0], mean[1])))
    for _round in range(4):
        plane = SheetPlane(*place, 10_000_000, 1, 1)
        paper = plane.to_paper(ground)
        paper = paper[np.isfinite(paper).all(axis=1)]
        centre = (paper.min(axis=0) + paper.max(axis=0)) / 2
        moved = plane.to_ground(centre[None, :])[0]
        if not np.isfinite(moved).all():
            break
        place = float(moved[0]), float(moved[1])
    return round(place[0], 6), round(place[1], 6)


def fitting(ground: Floats, width: float, height: float, scales: Iterable[int] = FITTING) -> SheetPlane | None:
    """Return the sheet of the largest of `scales` that holds all positions, shape (n, 2); None where none does."""
    lon, lat = middle(ground)
    for scale in scales:
        plane = SheetPlane(lon, lat, scale, width, height)
        paper = np.abs(plane.to_paper(ground))
        if (paper[:, 0] <= width / 2).all() and (paper[:, 1] <= height / 2).all():
            return plane
    return None
