"""What a map shows first: what belongs together, without the few things that lie far from all the others."""

import math
from collections.abc import Sequence

Span = tuple[float, float, float, float]
"""West, south, east and north of a thing, in degrees (EPSG:4326)."""

_STRAYS = 0.1
"""At most this part of the things stays outside."""

_WORTH = 2 / 3
"""Only where the map then needs at most this part of its width or height."""


def together(spans: Sequence[Span]) -> list[Span]:
    """The spans without strays: the fewest at one side after another that let the map come closer by a third."""
    kept, left = list(spans), int(len(spans) * _STRAYS)
    while left:
        stray = _strays(kept, left)
        if not stray:
            break
        kept = [each for position, each in enumerate(kept) if position not in stray]
        left -= len(stray)
    return kept


def around(spans: Sequence[Span]) -> Span:
    """The span of all of them."""
    wests, souths, easts, norths = zip(*spans, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _strays(spans: Sequence[Span], most: int) -> set[int]:
    """Positions of the fewest spans, lying outermost at one side, without which the map is smaller by a third."""
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
    """The longer side on a Mercator map, in degrees of longitude."""
    west, south, east, north = around(spans)
    return max(east - west, _mercator(north) - _mercator(south))


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat))))))
