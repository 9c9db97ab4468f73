"""Generalisation: positions are made coarse before they leave, so that no protected person can be located.

This is no jitter. Every point of a grid cell becomes the middle of that cell, always the same, so that neither
repetition nor averages bring the place back.
"""

import math

FINEST = 0.1
"""Degrees; about 11 km. A finer grid would name a town."""


def generalise(lon: float, lat: float, degrees: float = 0.5) -> tuple[float, float]:
    """The middle of the grid cell around a point on WGS 84: longitude and latitude, at most half a cell away.

    `degrees` is the side of a cell: 55 km from south to north for 0.5, and as much from west to east at the equator,
    half of that at 60° latitude. Cells finer than `FINEST`, and positions off the globe, are refused (ValueError).
    A cell can lie across a boundary: say the country beside it, do not read it off the point.

    >>> generalise(7.99, 16.97), generalise(7.51, 16.52)
    ((7.75, 16.75), (7.75, 16.75))
    """
    if not FINEST <= degrees <= 10:
        raise ValueError(f"A grid of {degrees:g} degrees is not between {FINEST:g} and 10.")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"{lat:g}, {lon:g} is not a latitude and a longitude.")
    return _middle(lon, degrees, 180), _middle(lat, degrees, 90)


def _middle(value: float, degrees: float, most: float) -> float:
    # The last cell before +180 or +90 takes the edge itself.
    cell = min(math.floor((value + most) / degrees), math.ceil(2 * most / degrees) - 1)
    return round(min((cell + 0.5) * degrees - most, most), 6)
