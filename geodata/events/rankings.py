"""Ranking rules: ways to rank cells by their past, among them the simple ones that any other has to beat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from geodata.events.cells import CellGrid
from geodata.events.points import Whole
from geodata.ground import plane
from geodata.ground.reference import Floats

LAST_YEAR = "counts of the last year"

Scorer = Callable[[Floats], Floats]
"""Counts (cells, past periods) to a score of each cell, the higher the more is to be expected."""


@dataclass(frozen=True)
class RankingRule:
    """One way to rank cells; `name` says it in words."""

    name: str
    score: Scorer
    plain: bool = False
    """A baseline that any cleverer rule has to beat."""


def usual_rules(grid: CellGrid, cells: Whole, year: int) -> tuple[RankingRule, ...]:
    """The mean of unlike rules first, which is used where no other did better; then the others.

    Half-lives are in months; `year` is the number of periods in one. Presence counts a period with any event as one, so
    that a single disaster does not rule the list for years. Season counts most what happened at the same time of year.
    The mean is of all but the kernel and the last year, each as shares of its sum: what one rule gets wrong by chance
    another gets right (Bates and Granger 1969). The kernel is a Gaussian one cell wide.

    Few rules on purpose: each more gives chance one more choice. docs/forecast.md says what else was tried.
    """
    month = year / 12
    smooth = _kernel(grid, cells)

    def recency(half_life: float) -> Scorer:
        return lambda past: past @ _weights(past.shape[1], half_life * month)

    def presence(half_life: float) -> Scorer:
        return lambda past: np.minimum(past, 1) @ _weights(past.shape[1], half_life * month)

    def season(past: Floats) -> Floats:
        ago = np.arange(past.shape[1], 0, -1)
        off = np.minimum(ago % year, year - ago % year)
        return np.asarray(past @ (np.exp(-0.5 * (off / max(month, 0.5)) ** 2) * _weights(len(ago), 4 * year)))

    counts = RankingRule("counts, half-life 6 months", recency(6), plain=True)
    others = (
        RankingRule("counts, half-life 24 months", recency(24)),
        *(RankingRule(f"presence, half-life {months} months", presence(months)) for months in (6, 24)),
        RankingRule("counts with season", lambda past: _share(recency(12)(past)) + 0.4 * _share(season(past))),
        RankingRule(
            "presence with season", lambda past: _share(presence(12)(past)) + 0.4 * _share(season(past.clip(max=1)))
        ),
    )
    return (
        RankingRule("counts, presence and season", _mean([rule.score for rule in (counts, *others)])),
        RankingRule(LAST_YEAR, lambda past: past[:, -year:].sum(axis=1), plain=True),
        counts,
        RankingRule("kernel density", lambda past: smooth @ recency(12)(past), plain=True),
        *others,
    )


def _mean(scores: Sequence[Scorer]) -> Scorer:
    return lambda past: np.mean([_share(score(past)) for score in scores], axis=0)


def _weights(periods: int, half_life: float) -> Floats:
    """Of each past period, the last one 1."""
    return np.asarray(0.5 ** (np.arange(periods)[::-1] / half_life))


def _share(score: Floats) -> Floats:
    return score / max(float(score.sum()), 1e-12)


def _kernel(grid: CellGrid, cells: Whole) -> sparse.csr_array:
    """Gaussian weights between cells, one cell wide, cut at two."""
    width = grid.cell_km2**0.5
    tree = cKDTree(plane.in_space(*grid.centres(cells)))
    far = tree.sparse_distance_matrix(tree, 2 * width, output_type="coo_matrix")
    weights = np.exp(-0.5 * (far.data / width) ** 2)
    return sparse.csr_array((weights, (far.row, far.col)), shape=(len(cells), len(cells)))
