"""Transit times of a team between towns: by road where there is one, by air over longer distances.

An estimate for planning with generalised positions: roads as `geodata.ways.routes` knows them, flights as a straight
line.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from geodata.ground import distances
from geodata.ways import routes
from geodata.ways.closures import NoAnswer
from geodata.ways.positions import Position
from geodata.ways.travel import BY_ROAD, Speeds

NEAR_KM = 30.0
"""Within a generalised town: no way is sought."""
FLOWN_FROM_KM = 300.0
DRIVEN_TO_KM = 1500.0
AIR_KMH = 700.0
AIR_HOURS = 5.0
"""Hours around a flight: to the airport, waiting, formalities, from the airport."""


@dataclass(frozen=True, slots=True)
class Transit:
    """Hours of travel, and how: by road or by air."""

    hours: float
    by: Literal["road", "air"]


@lru_cache(maxsize=4096)
def transit(origin: Position, destination: Position) -> Transit | None:
    """The quicker of road and air between two positions (longitude, latitude); None where no way is known.

    >>> transit((2.1, 13.5), (2.2, 13.5))
    Transit(hours=0.36, by='road')
    >>> transit((2.1, 13.5), (-90.5, 14.6)).by
    'air'
    """
    km = float(distances.from_point_km(*origin, np.array([destination]))[0])
    access = Speeds().access_kmh
    if km < NEAR_KM:
        return Transit(round(km / access, 2), "road")
    ways = [_road(origin, destination, access)] if km <= DRIVEN_TO_KM else []
    if km >= FLOWN_FROM_KM:
        ways.append(Transit(round(AIR_HOURS + km / AIR_KMH, 1), "air"))
    return min((way for way in ways if way is not None), key=lambda way: way.hours, default=None)


def _road(origin: Position, destination: Position, access: float) -> Transit | None:
    try:
        found = routes.route(origin, destination, BY_ROAD)
    except NoAnswer:
        return None
    return Transit(round(found.hours + (found.origin.km + found.destination.km) / access, 1), "road")
