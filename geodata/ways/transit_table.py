"""Transit table: hours of travel between all of some towns, as `geodata.ways.transit` has them, one search a town."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from geodata.ground import distances
from geodata.ground.reference import Floats
from geodata.ways.closures import NoAnswer
from geodata.ways.positions import JoinedPosition, Position, join
from geodata.ways.transit import AIR_HOURS, AIR_KMH, DRIVEN_TO_KM, FLOWN_FROM_KM, NEAR_KM
from geodata.ways.travel import BY_ROAD, Speeds, search
from geodata.ways.world_graph import world

_WINDING = 1.6


def hours_between(positions: Sequence[Position]) -> list[list[float | None]]:
    """Hours from each of the positions (longitude, latitude) to each; None where no way is known.

    >>> [[round(hours, 1) for hours in row] for row in hours_between([(2.1, 13.5), (8.0, 17.0)])]
    [[0.0, 6.1], [6.1, 0.0]]
    """
    ends = np.array(positions, dtype=float).reshape(-1, 2)
    joined = [_joined(each) for each in positions]
    return [
        [
            0.0 if a == b else _hours(float(km), joined[a], joined[b], positions[a])
            for b, km in enumerate(distances.from_point_km(*origin, ends))
        ]
        for a, origin in enumerate(positions)
    ]


def _hours(km: float, start: JoinedPosition | None, end: JoinedPosition | None, origin: Position) -> float | None:
    """The quicker of road and air."""
    access = Speeds().access_kmh
    if km < NEAR_KM:
        return round(km / access, 2)
    ways = []
    if km <= DRIVEN_TO_KM and start is not None and end is not None:
        driven = float(_driven(origin)[end.node]) + (start.km + end.km) / access
        if np.isfinite(driven):
            ways.append(round(driven, 1))
    if km >= FLOWN_FROM_KM:
        ways.append(round(AIR_HOURS + km / AIR_KMH, 1))
    return min(ways, default=None)


@lru_cache(maxsize=1024)
def _joined(position: Position) -> JoinedPosition | None:
    try:
        return join(world(), position, BY_ROAD.modes)
    except NoAnswer:
        return None


@lru_cache(maxsize=128)
def _driven(origin: Position) -> Floats:
    """Hours by road from a town to every node that a team would drive to."""
    start = _joined(origin)
    if start is None:
        raise ValueError("There is no road near this position.")
    limit = _WINDING * DRIVEN_TO_KM / BY_ROAD.speeds.road_kmh
    cost: Floats = search(world(), BY_ROAD, [start.node], limit).cost.astype(np.float32)
    return cost
