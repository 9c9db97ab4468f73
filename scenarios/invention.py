"""Seeded distribution: totals split over places and days with an exact sum, reproducible on every machine."""

from collections.abc import Sequence
from random import Random


def seeded(*parts: object) -> Random:
    """Return a random generator that is the same for the same parts, on every machine."""
    return Random("/".join(str(part) for part in parts))


def split(total: int, weights: Sequence[float], chance: Random, noise: float = 0.3) -> list[int]:
    """Split `total` into whole parts, about in proportion to `weights`, each with up to `noise`; the sum is exact.

    Raises ValueError where there is nothing to give a part of the total to.
    """
    shaken = [weight * chance.uniform(1 - noise, 1 + noise) for weight in weights]
    whole = sum(shaken)
    if whole <= 0:
        raise ValueError("A total can be spread over positive weights only.")
    exact = [total * weight / whole for weight in shaken]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: exact[place] - parts[place], reverse=True)
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def groups(total: int, largest: int, chance: Random) -> list[int]:
    """Split `total` into groups of 1 to `largest`, small ones more often than large ones; the sum is exact."""
    found = []
    while total > 0:
        size = min(total, 1 + int((largest - 1) * chance.random() ** 2))
        found.append(size)
        total -= size
    return found
