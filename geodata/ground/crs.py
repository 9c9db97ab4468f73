"""Coordinate reference systems of the project, and measures that state theirs."""

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS, Geod
from shapely import Geometry, orient_polygons

WGS84 = "EPSG:4326"
"""Longitude and latitude in degrees: the system of every stored and bundled geometry."""

EQUAL_AREA = "EPSG:6933"
"""NSIDC EASE-Grid 2.0 Global, metres: for grids whose cells must be of one size."""

GEOD = Geod(ellps="WGS84")


class CrsMismatch(ValueError):
    """Frames of different reference systems, or of an unexpected one. The message names both."""

    def __init__(self, expected: str, found: str) -> None:
        self.template = "The coordinates are in {found}, expected was {expected}."
        self.params = {"expected": expected, "found": found}
        super().__init__(self.template.format(**self.params))


def require(frame: gpd.GeoDataFrame | gpd.GeoSeries, crs: str = WGS84) -> None:
    """Refuse a frame whose reference system is not `crs`, or that states none.

    >>> require(gpd.GeoSeries.from_xy([8.1], [16.97], crs=WGS84))
    >>> require(gpd.GeoSeries.from_xy([0.0], [0.0], crs=EQUAL_AREA))
    Traceback (most recent call last):
    geodata.ground.crs.CrsMismatch: The coordinates are in EPSG:6933, expected was EPSG:4326.
    """
    if frame.crs is None or CRS.from_user_input(frame.crs) != CRS.from_user_input(crs):
        raise CrsMismatch(crs, frame.crs.to_string() if frame.crs is not None else "no stated reference system")


def require_same(first: gpd.GeoDataFrame | gpd.GeoSeries, second: gpd.GeoDataFrame | gpd.GeoSeries) -> None:
    """Refuse two frames of different reference systems, and name both."""
    if first.crs is None:
        raise CrsMismatch("a stated reference system", "no stated reference system")
    require(second, first.crs.to_string())


def geometry_length_km(geometry: Geometry) -> float:
    """Geodesic length on WGS 84 in km: of a line, or of the outline and holes of a polygon; 0 for points."""
    return float(GEOD.geometry_length(geometry)) / 1000


def geometry_area_km2(geometry: Geometry) -> float:
    """Geodesic area on WGS 84 in km2, holes taken off, never negative; 0 for points and lines."""
    if shapely.get_dimensions(geometry) < 2:
        return 0.0  # of a line, pyproj would measure what lies between it and the way back to its beginning
    area, _ = GEOD.geometry_area_perimeter(orient_polygons(geometry))
    return abs(float(area)) / 1e6


def length_km(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series:
    """Geodesic length in km of each row, with the caller's index. Asks for WGS 84 (`CrsMismatch` otherwise).

    >>> from geodata.ground.reference import land_boundaries
    >>> lines = land_boundaries().set_index("border_id").loc[["DZA-NER"]]
    >>> length_km(lines).round().to_dict()
    {'DZA-NER': 952.0}
    """
    require(frame)
    return pd.Series([geometry_length_km(g) for g in frame.geometry], index=frame.index, dtype=float, name="length_km")


def area_km2(frame: gpd.GeoDataFrame | gpd.GeoSeries) -> pd.Series:
    """Geodesic area in km2 of each row, with the caller's index. Asks for WGS 84 (`CrsMismatch` otherwise).

    >>> from geodata.ground.reference import countries
    >>> malta = countries().set_index("iso3").loc[["MLT"]]
    >>> bool(300 < area_km2(malta)["MLT"] < 330)
    True
    """
    require(frame)
    return pd.Series([geometry_area_km2(g) for g in frame.geometry], index=frame.index, dtype=float, name="area_km2")
