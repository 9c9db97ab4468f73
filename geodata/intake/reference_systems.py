"""Reference systems of foreign files: from a code of the EPSG register to WGS 84, without a grid file or a network."""

from typing import Any

import numpy as np
import pyproj
import shapely
from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

from geodata.events.points import Note
from geodata.ground.crs import WGS84
from geodata.intake.table import RefusedFile, UnusableRow, or_refuse


def stay_offline() -> None:
    """Keep the library from fetching grid files."""
    set_network_enabled(active=False)


def to_wgs84(code: int, unknown: str, **params: Any) -> tuple[pyproj.Transformer, Note | None]:
    """From a system of the EPSG register to WGS 84, and a note where that moves anything.

    Raises `RefusedFile` with the sentence `unknown` for a code that is none, and for a system without a map.
    """
    stay_offline()
    with or_refuse(unknown, **params):
        found = pyproj.CRS.from_epsg(code)
        if not (found.is_geographic or found.is_projected) or found.is_compound or len(found.axis_info) != 2:
            raise RefusedFile(unknown, **params)
        transformer = pyproj.Transformer.from_crs(found, WGS84, always_xy=True)
    if code == 4326:
        return transformer, None
    if transformer.accuracy == 0:
        return transformer, Note("The coordinates were converted from {system} to WGS 84.", {"system": found.name})
    if transformer.accuracy < 0:
        return transformer, Note(
            "The coordinates were converted from {system} to WGS 84, at an accuracy that nobody states.",
            {"system": found.name},
        )
    return transformer, Note(
        "The coordinates were converted from {system} to WGS 84, accurate to about {metres} m.",
        {"system": found.name, "metres": f"{transformer.accuracy:.0f}"},
    )


def moved(shape: Any, transformer: pyproj.Transformer) -> Any:
    """A shape in WGS 84; None stays None. Raises `UnusableRow` where it lies outside of its system."""
    if shape is None:
        return None
    found = shapely.transform(shape, lambda x, y: transformer.transform(x, y), interleaved=False)
    if not np.isfinite(shapely.get_coordinates(found)).all():
        raise UnusableRow("The coordinates do not lie in the area of their reference system.")
    return found
