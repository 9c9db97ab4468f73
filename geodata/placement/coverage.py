"""Coverage: maximal cover, with capacities if wanted, and the fewest sites that reach all points.

Points with the same set of sites in reach are merged first (isomorphic aggregation): a million points become some ten
thousand rows, with the same optimum. A greedy first answer stands at once; HiGHS then improves and proves it.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from geodata.ground.distances import chord, on_sphere
from geodata.ground.reference import Floats
from geodata.placement import coverage_model
from geodata.placement.problem import Flags, Unplaceable, Whole
from geodata.placement.solver import PROVEN, PlacementStatus

Heard = Callable[[float, float, float], bool]
"""Hears seconds, the value of the best answer so far and the bound on it; False cancels."""


@dataclass(frozen=True, eq=False)
class Reach:
    """The points within reach of each site, of `points` in all: `within[j]` are their positions for site `sites[j]`."""

    points: int
    sites: tuple[str, ...]
    within: tuple[Whole, ...]

    def __post_init__(self) -> None:
        if not self.sites:
            raise Unplaceable("There is no site where a team could stand.")
        if not self.points:
            raise Unplaceable("There is no point to reach.")
        if len(self.within) != len(self.sites):
            raise Unplaceable("There are {n} names for {m} sites.", n=len(self.sites), m=len(self.within))
        if len(set(self.sites)) != len(self.sites):
            raise Unplaceable("A site's name stands for more than one site.")
        for each in self.within:
            if len(each) and not (each.min() >= 0 and each.max() < self.points):
                raise Unplaceable("A site reaches a point that does not exist.")


@dataclass(frozen=True, eq=False)
class Coverage:
    """The solution of a coverage problem: the sites, the weight that they cover of `total`, and an upper bound.

    `reachable` is the weight that any site reaches at all, `greedy` what the first answer covered.
    """

    plan: tuple[str, ...]
    covered: float
    bound: float
    total: float
    reachable: float
    greedy: float
    seconds: float
    status: PlacementStatus

    @property
    def gap(self) -> float:
        """How far the answer can be below the best possible, relative to it."""
        return max(0.0, (self.bound - self.covered) / self.covered) if self.covered > 0 else 0.0


@dataclass(frozen=True, eq=False)
class FullCover:
    """The fewest sites found that reach every point within reach of any, and a lower bound on their number.

    `out_of_reach` are the positions of points that no site reaches.
    """

    plan: tuple[str, ...]
    least: int
    out_of_reach: Whole
    seconds: float
    status: PlacementStatus


def reach(
    points: tuple[ArrayLike, ArrayLike], sites: tuple[ArrayLike, ArrayLike], names: Sequence[str], km: float
) -> Reach:
    """Who is within `km` great circle kilometres: points and sites as (longitudes, latitudes) in degrees, WGS 84.

    >>> reach(([29.0, 26.5], [41.0, 41.7]), ([26.6], [41.7]), ["Edirne"], km=40).within[0].tolist()
    [1]
    """
    at, stands = (_on_sphere(*each) for each in (points, sites))
    if not 0 < km < 20_000:
        raise Unplaceable("A reach of {km:g} km is not between 0 and 20,000.", km=km)
    found = cKDTree(at).query_ball_point(stands, chord(km), return_sorted=True)
    return Reach(len(at), tuple(map(str, names)), tuple(np.array(each, dtype=np.int64) for each in found))


def cover_most(
    reached: Reach,
    weight: ArrayLike,
    teams: int,
    *,
    capacity: ArrayLike | None = None,
    fixed: Iterable[str] = (),
    forbidden: Iterable[str] = (),
    staffed: Iterable[str] = (),
    budget_seconds: float = 120.0,
    progress: Heard = lambda seconds, covered, bound: True,
) -> Coverage:
    """The sites for the teams that cover the most weight. `weight`: one a point, 0 or more.

    With `capacity`, a weight for each site in the order of `reached.sites`, no site serves more than that, and the
    weight of a point may be shared between sites. `fixed` sites are chosen and take teams, `forbidden` ones never are,
    `staffed` ones cover besides and take none.

    >>> near = Reach(3, ("Bridge", "Ferry", "Pass"), (np.array([0, 1]), np.array([1, 2]), np.array([0])))
    >>> cover_most(near, [5.0, 3.0, 4.0], teams=1).plan, cover_most(near, [5.0, 3.0, 4.0], teams=2).plan
    (('Bridge',), ('Bridge', 'Ferry'))
    """
    begun = time.perf_counter()
    amounts = _amounts(weight, reached.points, "weight")
    rooms = None if capacity is None else _amounts(capacity, len(reached.sites), "capacity")
    order = np.argsort(np.array(reached.sites, dtype=object))
    staffing = _staffing(reached, order, fixed, forbidden, staffed)
    if not 0 <= teams <= int((~staffing.never & ~staffing.others).sum()):
        raise Unplaceable("{teams} teams: there are fewer sites where one may stand, or less than none.", teams=teams)
    if teams < int(staffing.must.sum()):
        raise Unplaceable("No plan is possible: more sites are fixed than there are teams.")
    rows = _merged(reached, order, amounts)
    model = coverage_model.Most(rows.cover, rows.weight, None if rooms is None else rooms[order], staffing, teams)
    first = model.greedily()
    found = model.solve(first, begun, budget_seconds, progress)
    names = [reached.sites[order[each]] for each in np.flatnonzero(found.chosen & ~staffing.others)]
    closed = found.bound - found.value <= PROVEN * max(found.value, 1e-300)
    return Coverage(
        tuple(names),
        found.value,
        found.bound,
        float(amounts.sum()),
        float(rows.weight.sum()),
        first.value,
        time.perf_counter() - begun,
        PlacementStatus.PROVEN if closed else PlacementStatus.CANCELLED if found.cancelled else PlacementStatus.TIME,
    )


def cover_all(
    reached: Reach,
    *,
    fixed: Iterable[str] = (),
    forbidden: Iterable[str] = (),
    staffed: Iterable[str] = (),
    budget_seconds: float = 120.0,
    progress: Heard = lambda seconds, sites, bound: True,
) -> FullCover:
    """The fewest sites that reach every point which any allowed site reaches."""
    begun = time.perf_counter()
    order = np.argsort(np.array(reached.sites, dtype=object))
    staffing = _staffing(reached, order, fixed, forbidden, staffed)
    rows = _merged(reached, order[~staffing.never], np.ones(reached.points))
    model = coverage_model.All(rows.cover, coverage_model.SiteFlags(*(each[~staffing.never] for each in staffing)))
    found = model.solve(model.greedily(), begun, budget_seconds, progress)
    allowed = order[~staffing.never]
    names = [reached.sites[allowed[each]] for each in np.flatnonzero(found.chosen & ~model.staffing.others)]
    least = int(np.ceil(found.bound - 1e-6))
    return FullCover(
        tuple(names),
        least,
        np.flatnonzero(rows.of_point < 0),
        time.perf_counter() - begun,
        PlacementStatus.PROVEN
        if least >= len(names)
        else PlacementStatus.CANCELLED
        if found.cancelled
        else PlacementStatus.TIME,
    )


@dataclass(frozen=True, eq=False)
class _Merged:
    """Points with the same sites in reach as one row: who covers it, its weight; the row of each point (or -1)."""

    cover: csr_array
    weight: Floats
    of_point: Whole


def _merged(reached: Reach, order: Whole, weight: Floats) -> _Merged:
    """Rows of points that only sites in `order` reach, columns in that order."""
    # A point's signature is the sum of random 64 bit numbers of its sites; two of them, so that no two sets collide.
    random = np.random.default_rng(20_031)
    numbers = random.integers(1, 2**64 - 1, size=(len(order), 2), dtype=np.uint64)
    signature = np.zeros((reached.points, 2), dtype=np.uint64)
    seen = np.zeros(reached.points, dtype=np.bool_)
    for number, site in zip(numbers, order, strict=True):
        signature[reached.within[site]] += number
        seen[reached.within[site]] = True
    points = np.flatnonzero(seen)
    sorted_points = points[np.lexsort((weight[points], signature[points, 1], signature[points, 0]))]
    marks = signature[sorted_points]
    fresh = np.r_[True, np.any(marks[1:] != marks[:-1], axis=1)] if len(points) else np.empty(0, dtype=np.bool_)
    first = np.flatnonzero(fresh)
    totals = np.add.reduceat(weight[sorted_points], first) if len(first) else np.empty(0)
    of_point = np.full(reached.points, -1)
    of_point[sorted_points] = np.cumsum(fresh) - 1
    stands_for = np.full(reached.points, -1)
    stands_for[sorted_points[first]] = np.arange(len(first))
    within = [stands_for[reached.within[site]] for site in order]
    row = np.concatenate([each[each >= 0] for each in within])
    column = np.repeat(np.arange(len(order)), [int((each >= 0).sum()) for each in within])
    cover = csr_array((np.ones(len(row)), (row, column)), shape=(len(first), len(order)))
    return _Merged(cover, totals, of_point)


def _staffing(
    reached: Reach, order: Whole, fixed: Iterable[str], forbidden: Iterable[str], staffed: Iterable[str]
) -> coverage_model.SiteFlags:
    must, never, others = (_flags(reached, order, names) for names in (fixed, forbidden, staffed))
    if np.any(must & (never | others)):
        raise Unplaceable("A site is fixed, and at the same time forbidden or staffed by others.")
    return coverage_model.SiteFlags(must, never & ~others, others)


def _flags(reached: Reach, order: Whole, names: Iterable[str]) -> Flags:
    wanted = set(names)
    unknown = sorted(map(str, wanted - set(reached.sites)))
    if unknown:
        raise Unplaceable("{sites}: there is no such site among those offered.", sites=", ".join(unknown[:5]))
    return np.array([reached.sites[each] in wanted for each in order], dtype=np.bool_)


def _amounts(values: ArrayLike, n: int, what: str) -> Floats:
    try:
        amounts = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Unplaceable("Every {what} must be a number.", what=what) from error
    if amounts.shape != (n,) or not np.all(np.isfinite(amounts) & (amounts >= 0)):
        raise Unplaceable("There must be {n} numbers of {what}, each 0 or more.", n=n, what=what)
    return amounts


def _on_sphere(lon: ArrayLike, lat: ArrayLike) -> Floats:
    try:
        east, north = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Unplaceable("Every place must be a longitude and a latitude in numbers.") from error
    if east.shape != north.shape or east.ndim != 1 or not len(east):
        raise Unplaceable("There must be as many longitudes as latitudes, and at least one.")
    if not (np.all(np.abs(east) <= 180) and np.all(np.abs(north) <= 90)):
        raise Unplaceable("A place lies outside of longitude -180 to 180 and latitude -90 to 90. Are the two swapped?")
    return on_sphere(east, north)
