"""Initial extent of a map: around most objects, without a few that lie far from all others."""

import math
from collections.abc import Sequence

Span = tuple[float, float, float, float]
"""West, south, east and north of an object, in degrees (EPSG:4326)."""

_STRAYS = 0.1
"""The largest share of objects that may be left out."""

_WORTH = 2 / 3
"""They are left out only if the map then needs at most this share of its width or height."""


def together(spans: Sequence[Span]) -> list[Span]:
    """Return spans without outliers: the fewest at one side after another whose removal shrinks the map by a third."""
    kept, left = list(spans), int(len(spans) * _STRAYS)
    while left:
        stray = _strays(kept, left)
        if not stray:
            break
        kept = [each for position, each in enumerate(kept) if position not in stray]
        left -= len(stray)
    return kept


def around(spans: Sequence[Span]) -> Span:
    """Return the bounding box of all spans."""
    wests, souths, easts, norths = zip(*spans, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _strays(spans: Sequence[Span], most: int) -> set[int]:
    """Return the indices of the fewest outermost spans at one side whose removal shrinks the map by a third."""
    before = _size(spans)
    outermost = [
        sorted(range(len(spans)), key=lambda at: spans[at][side] if side < 2 else -spans[at][side]) for side in range(4)
    ]
    for count in range(1, most + 1):
        tries = [set(order[:count]) for order in outermost]
        sizes = [_size([each for at, each in enumerate(spans) if at not in gone]) for gone in tries]
        if min(sizes) <= before * _WORTH:
            return tries[sizes.index(min(sizes))]
    return set()


def _size(spans: Sequence[Span]) -> float:
    """Return the longer side on a Mercator map, in degrees of longitude."""
    west, south, east, north = around(spans)
    return max(east - west, _mercator(north) - _mercator(south))


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat))))))
