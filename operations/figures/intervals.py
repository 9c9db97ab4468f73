"""Confidence intervals of rates with small counts."""

from dataclasses import dataclass

FEW = 50


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
    from scipy.special import gammaincinv  # takes half a second to import: not before the first interval is needed

    tail = (1 - confidence) / 2
    low = float(gammaincinv(count, tail)) if count else 0.0
    return low, float(gammaincinv(count + 1, 1 - tail))
