"""Names for positions: the nearest town."""

from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from geodata.ground.distances import chord, on_sphere
from geodata.ground.formats import Position, write
from geodata.ground.reference import Floats, towns

NEAR_KM = 80.0
"""The distance above which a town does not describe a place."""

_LEAST = 50_000
"""The least number of inhabitants of a town used as a name."""


def near(lon: Floats, lat: Floats) -> list[str]:
    """Return for each position (WGS 84) a name such as "Agadez, NER" after the nearest town, or the position itself
    where none is near.

    >>> near(np.array([7.9, 25.0]), np.array([16.9, 24.0]))
    ['Agadez, NER', '24.00000, 25.00000']
    """
    names, tree = _tree()
    found, at = tree.query(on_sphere(lon, lat).reshape(-1, 3), distance_upper_bound=chord(NEAR_KM))
    return [
        names[row] if np.isfinite(away) else write(Position(lat=float(y), lon=float(x)))
        for away, row, x, y in zip(found, at, lon, lat, strict=True)
    ]


@cache
def _tree() -> tuple[list[str], cKDTree]:
    known = towns()
    known = known[known["population"] >= _LEAST]
    names = [f"{name}, {iso3}" for name, iso3 in zip(known["name"], known["iso3"], strict=True)]
    return names, cKDTree(on_sphere(known["lon"].to_numpy(), known["lat"].to_numpy()).reshape(-1, 3))
