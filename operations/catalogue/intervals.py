"""Confidence intervals of rates with small counts and of shares of few."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple

from operations.lazy_import import lazy_module

special: Any = lazy_module("scipy.special")  # takes half a second to import: not before the first interval is needed

FEW = 50
Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


@dataclass(frozen=True)
class IntervalRate:
    """`count` in `of`, per million, with its exact 95 % Poisson interval. `of` is more than 0."""

    count: int
    of: int

    @property
    def per_million(self) -> float:
        """The rate times one million."""
        return self.count / self.of * 1e6

    @property
    def per_thousand(self) -> float:
        """The rate times one thousand."""
        return self.count / self.of * 1e3

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper bound per million."""
        low, high = poisson_interval(self.count)
        return low / self.of * 1e6, high / self.of * 1e6

    @property
    def uncertain(self) -> bool:
        """Whether the count is so small that the interval belongs beside the rate (domain 2.1)."""
        return self.count < FEW


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact bounds of a Poisson mean after observing `count` (Garwood 1936; domain 2.1).

    >>> [round(bound / 4800 * 1e6) for bound in poisson_interval(7)]
    [586, 3005]
    """
    tail = (1 - confidence) / 2
    low = float(special.gammaincinv(count, tail)) if count else 0.0
    return low, float(special.gammaincinv(count + 1, 1 - tail))


def wilson_interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % bounds of a share of `part` in `whole`, in per cent (Wilson 1927, JASA 22, p. 209; score method).

    >>> [round(bound, 1) for bound in wilson_interval(3, 4)]
    [30.1, 95.4]
    """
    share, square = part / whole, Z_95**2
    middle = share + square / (2 * whole)
    spread = Z_95 * sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    low, high = ((middle + sign * spread) / (1 + square / whole) * 100 for sign in (-1, 1))
    return (low if part else 0.0), (high if part < whole else 100.0)


def share_interval(part: int | None, whole: int | None) -> tuple[float, float] | None:
    """Return the interval that belongs beside a share in per cent; None of 50 and more, or where its parts are hidden.

    It follows from the two numbers: whoever may not know them is not told it.
    """
    return None if part is None or not whole or whole >= FEW else wilson_interval(part, whole)


class Share(NamedTuple):
    """A part of a whole, in per cent; undefined where the whole is 0."""

    part: int
    whole: int

    @property
    def per_cent(self) -> float | None:
        """The share in per cent."""
        return self.part / self.whole * 100 if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of a share of fewer than 50, in per cent."""
        return share_interval(self.part, self.whole)
