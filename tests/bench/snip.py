"""The SNIP benchmark: checkpoints against smuggling of nuclear material, 5 networks of 783 nodes and 456 scenarios.

Pan and Morton, Networks 52 (2008); files as in `asu-opt-lab/BendersDecomposition` (MIT). They are not part of Muster:
the folder that holds `snip/` is named by MUSTER_REFERENCE_DATA, by default `shared/data/reference` beside the checkout.
Its `psi` file fits one network only and is read nowhere: plans are weighed by shortest paths.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from geodata.placement.problem import PlacementProblem

INSTANCES, BUDGETS = range(5), (30, 50, 70, 90)


def folder() -> Path:
    """Where the files are; skips the caller with the reason where they are not."""
    found = Path(os.environ.get("MUSTER_REFERENCE_DATA", "../shared/data/reference")) / "snip"
    if not found.is_dir():
        pytest.skip(f"The SNIP files are not at {found}; name their folder in MUSTER_REFERENCE_DATA.")
    return found


def snip(instance: int, budget: int) -> PlacementProblem:
    """One instance; with a checkpoint a tenth passes of what passed without (number 3 of the published choices)."""
    plain, watched = (np.loadtxt(folder() / f"{name}{instance}.txt") for name in ("arcgain", "intd_arc"))
    ends = np.vstack((plain[:, :2], watched[:, :2])).T
    r = np.r_[plain[:, 2], watched[:, 2]]
    q = np.r_[plain[:, 2], 0.1 * watched[:, 2]]
    site = np.r_[np.full(len(plain), -1), np.arange(len(watched))]
    names = [f"{u:.0f}-{v:.0f}" for u, v in watched[:, :2]]
    scenarios = np.loadtxt(folder() / "Scenarios.txt").T
    return PlacementProblem.of((*ends, r, q, site), names, tuple(scenarios), teams=budget)  # type: ignore[arg-type]
