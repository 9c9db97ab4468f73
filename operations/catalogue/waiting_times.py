"""Waiting times: quantiles of durations of which some are not over yet, by Kaplan and Meier (1958).

What still waits is censored: it counts as waiting for at least as long as it has, and is not left out. Otherwise every
operation would answer fast on its first day.
"""

from collections import Counter
from collections.abc import Sequence

_EXACT = 1e-12


def quantile(over: Sequence[float], waiting: Sequence[float], part: float) -> float | None:
    """Return within which time `part` (0 to 1) of all have ended; None where so many have not yet.

    `over` are durations that ended, `waiting` those that last until now, in the same unit.

    >>> quantile([1, 2, 3], [], 0.5), quantile([1], [5, 5, 5], 0.5)
    (2, None)
    """
    at_risk, lasting = len(over) + len(waiting), 1.0
    ended, left = Counter(over), Counter(waiting)
    for time in sorted({*ended, *left}):
        lasting *= 1 - ended[time] / at_risk
        if ended[time] and lasting <= 1 - part + _EXACT:
            return time
        at_risk -= ended[time] + left[time]
    return None
