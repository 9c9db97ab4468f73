"""Compact extensive form: one variable for each node and root, as a model in HiGHS.

pi[t, n] is the chance to pass unseen between root t and node n (Towle and Luedtke, Comput. Manag. Sci. 15, 2018):

    pi[t, n] >= r pi[t, m],   on an arc with a site   pi[t, n] >= q pi[t, m],   pi[t, n] >= r pi[t, m] - (r - q) psi x

with psi[t, m] the chance while nobody stands anywhere. With whole x it is the placement question itself, far slower to
solve than by the cuts of `cuts`; with fractional x it bounds what randomised placement can achieve from below.
"""

import highspy
import numpy as np

from geodata.ground.reference import Floats
from geodata.placement.instance import Instance, chances
from geodata.placement.problem import Whole


def compact_model(made: Instance, whole: bool) -> highspy.Highs:
    """The model, ready to run: columns of the free sites first, in the order of `made.names`; weights add up to 1."""
    sites, size, roots = len(made.names), made.size, len(made.roots)
    psi = chances(made.distances(made.plain))
    r, q = chances(made.plain), chances(made.checked)
    on_site = np.flatnonzero(made.free >= 0)
    off_site = np.flatnonzero(made.free < 0)
    offset = sites + size * np.arange(roots)[:, None]
    rows: list[tuple[Whole, Floats]] = []
    for arcs, chance in ((off_site, r), (on_site, q)):
        ends = np.stack((offset + made.column[arcs], offset + made.row[arcs]), axis=-1)
        values = np.stack((np.ones(len(arcs)), -chance[arcs]), axis=-1)
        rows.append((ends.reshape(-1, 2), np.tile(values, (roots, 1))))
    there = np.tile(made.free[on_site], (roots, 1))
    ends = np.stack((offset + made.column[on_site], offset + made.row[on_site], there), axis=-1)
    drop = (r - q)[on_site] * psi[:, made.row[on_site]]
    values = np.stack((np.ones(drop.shape), np.tile(-r[on_site], (roots, 1)), drop), axis=-1)
    rows.append((ends.reshape(-1, 3), values.reshape(-1, 3)))
    limit, site = np.nonzero(made.limits.rows)

    lp = highspy.HighsLp()
    lp.num_col_ = sites + size * roots
    widths = np.concatenate([np.full(len(index), index.shape[1]) for index, _ in rows])
    counts = np.r_[widths, np.bincount(limit, minlength=len(made.limits.most))]
    lp.num_row_ = len(counts)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.r_[0, np.cumsum(counts)]
    lp.a_matrix_.index_ = np.concatenate([*(index.ravel() for index, _ in rows), site])
    lp.a_matrix_.value_ = np.concatenate([*(value.ravel() for _, value in rows), made.limits.rows[limit, site]])
    lp.row_lower_ = np.r_[np.zeros(len(widths)), np.full(len(made.limits.most), -highspy.kHighsInf)]
    lp.row_upper_ = np.r_[np.full(len(widths), highspy.kHighsInf), made.limits.most]
    lower = np.zeros((roots, size))
    lower[np.arange(roots), made.roots] = 1.0
    cost = np.zeros((roots, size))
    np.add.at(cost, (made.root, made.leaf), made.weight)
    lp.col_cost_ = np.r_[np.zeros(sites), cost.ravel()]
    lp.col_lower_ = np.r_[np.zeros(sites), lower.ravel()]
    lp.col_upper_ = np.ones(lp.num_col_)
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * sites + [highspy.HighsVarType.kContinuous] * (size * roots)
        lp.integrality_ = kinds
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.silent()
    model.setOptionValue("threads", 1)
    model.passModel(lp)
    return model
