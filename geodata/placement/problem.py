"""Placement problems: a network with the chances to pass unseen, who travels, and which teams may stand where."""

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.ground.reference import Floats

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_SKILLS = 10
"""Different skills that sites may ask for in one question: the rule for teams has a row for every set of them."""

NOWHERE = -1
"""The site of an arc on which nobody can stand."""

Team = frozenset[str]
"""The skills of one team; a team without any can stand where none is asked for."""


class Unplaceable(ValueError):
    """A placement problem without a solution. `template` is English with {named} places, `params` fills them."""

    def __init__(self, template: str, **params: object) -> None:
        self.template, self.params = template, params
        super().__init__(template.format(**params))


@dataclass(frozen=True, eq=False)
class StaffingLimits:
    """Which sets of sites can be staffed: rows @ chosen <= most, all numbers 0 or more, one column a site."""

    rows: Floats
    most: Floats

    def allow(self, chosen: Flags) -> bool:
        """Whether so many sites can be staffed together."""
        return bool(np.all(self.rows @ chosen <= self.most + 1e-9))

    def addable(self, chosen: Flags) -> Flags:
        """The sites that could be staffed besides those chosen."""
        left = self.most - self.rows @ chosen + 1e-9
        fits: Flags = np.all(self.rows <= left[:, None], axis=0) & ~chosen
        return fits


@dataclass(frozen=True, eq=False)
class PlacementProblem:
    """A placement problem. Arrays may come in any order; an `Unplaceable` error says what does not fit.

    Arcs, one value each: `u` and `v` node numbers (from, to; a road both ways is two arcs), `r` the chance to pass it
    unseen (above 0 to 1), `site` the position in `sites` of the site on it or NOWHERE, `q` the chance while a
    checkpoint stands there (0 to r; read only on arcs with a site). A site may lie on several arcs: all are watched.
    Scenarios: `origin` and `destination` nodes and `share`, a weight of 0 or more in any unit; the answer is in
    the same unit. Equal pairs are added up, arcs of the same ends and site joined.

    `teams`: how many, or the skills of each. `needs`: the skill that each site asks for, "" for none. `effort`: what
    staffing each site costs (hours, money, officers) and `purse` how much of that there is. `fixed` sites must be
    chosen and take teams, `forbidden` ones never are, `staffed` ones are watched by others already and take none.
    """

    u: Whole
    v: Whole
    r: Floats
    q: Floats
    site: Whole
    sites: tuple[str, ...]
    origin: Whole
    destination: Whole
    share: Floats
    teams: tuple[Team, ...]
    fixed: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    staffed: frozenset[str] = frozenset()
    needs: tuple[str, ...] = ()
    effort: Floats | None = None
    purse: float = np.inf

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_names(self)
        _check_arcs(self)
        _check_scenarios(self)
        _check_staffing(self)

    @classmethod
    def of(
        cls,
        arcs: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike, ArrayLike],
        sites: Sequence[str],
        scenarios: tuple[ArrayLike, ArrayLike, ArrayLike],
        teams: int | Iterable[Collection[str]],
        *,
        fixed: Iterable[str] = (),
        forbidden: Iterable[str] = (),
        staffed: Iterable[str] = (),
        needs: Sequence[str] = (),
        effort: ArrayLike | None = None,
        purse: float = np.inf,
    ) -> "PlacementProblem":
        """The question from plain sequences: `arcs` as (u, v, r, q, site), `scenarios` as (origin, destination, share).

        >>> direct_or_round = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.8, 0.5], [0, -1, -1])
        >>> PlacementProblem.of(direct_or_round, ["Bridge"], ([1], [2], [1.0]), teams=1).needs
        ('',)
        """
        u, v, r, q, site = arcs
        origin, destination, share = scenarios
        if isinstance(teams, int):
            if teams < 0:
                raise Unplaceable("The number of teams is {teams}; it must be 0 or more.", teams=teams)
            teams = itertools.repeat((), teams)
        return cls(
            _whole(u, "node numbers"),
            _whole(v, "node numbers"),
            _floats(r, "chances"),
            _floats(q, "chances"),
            _whole(site, "positions of sites"),
            tuple(map(str, sites)),
            _whole(origin, "node numbers"),
            _whole(destination, "node numbers"),
            _floats(share, "shares"),
            tuple(frozenset(skills) for skills in teams),
            frozenset(fixed),
            frozenset(forbidden),
            frozenset(staffed),
            tuple(map(str, needs)) or ("",) * len(sites),
            None if effort is None else _floats(effort, "efforts"),
            float(purse),
        )

    @cached_property
    def limits(self) -> StaffingLimits:
        """What the teams and the purse allow, over all sites in the order of `sites`, those staffed by others at 0.

        Teams are enough for chosen sites exactly when for every set of skills the sites that ask for one of them are
        no more than the teams that have one (Hall's theorem), so each set is one row.
        """
        counted = np.array([name not in self.staffed for name in self.sites], dtype=np.float64)
        needs = np.array(self.needs, dtype=object)
        asked = sorted({need for need in self.needs if need})
        rows, most = [counted], [float(len(self.teams))]
        for size in range(1, len(asked) + 1):
            for skills in itertools.combinations(asked, size):
                rows.append(counted * np.isin(needs, skills))
                most.append(float(sum(bool(team & set(skills)) for team in self.teams)))
        if self.effort is not None and np.isfinite(self.purse):
            rows.append(counted * self.effort)
            most.append(self.purse)
        return StaffingLimits(np.array(rows), np.array(most))

    def flags(self, names: Iterable[str]) -> Flags:
        """Named sites as True in the order of `sites`. Unplaceable for a name that is not among them."""
        wanted = set(names)
        unknown = sorted(map(str, wanted - set(self.sites)))
        if unknown:
            raise Unplaceable("{sites}: there is no such site among those offered.", sites=_list(unknown))
        return np.array([name in wanted for name in self.sites], dtype=np.bool_)

    def check_plan(self, plan: Iterable[str]) -> None:
        """Unplaceable, with a sentence, unless the plan keeps every rule of the question."""
        plan = set(plan)
        chosen = self.flags(plan)
        wrong = sorted(plan & (self.forbidden | self.staffed))
        if wrong:
            raise Unplaceable("{sites}: forbidden, or staffed by others already.", sites=_list(wrong))
        missing = sorted(self.fixed - plan)
        if missing:
            raise Unplaceable("{sites}: fixed, but not in the plan.", sites=_list(missing))
        if not self.limits.allow(chosen):
            raise Unplaceable("The teams, their skills or the effort allowed are not enough for this plan.")


def _whole(values: ArrayLike, what: str) -> Whole:
    try:
        given = np.asarray(values)
        if given.size and not (np.issubdtype(given.dtype, np.number) and np.all(np.isfinite(given))):
            raise TypeError
        whole = given.astype(np.int64)
        if np.any(whole != given):
            raise ValueError
    except (TypeError, ValueError, OverflowError) as error:
        raise Unplaceable("The {what} must be whole numbers.", what=what) from error
    return whole


def _floats(values: ArrayLike, what: str) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Unplaceable("The {what} must be numbers.", what=what) from error


def _list(names: Sequence[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _check_shapes(problem: PlacementProblem) -> None:
    arcs = [problem.u, problem.v, problem.r, problem.q, problem.site]
    scenarios = [problem.origin, problem.destination, problem.share]
    for what, columns in (("arcs", arcs), ("scenarios", scenarios)):
        if any(column.ndim != 1 or len(column) != len(columns[0]) for column in columns):
            raise Unplaceable("The columns of the {what} are not equally long.", what=what)
    if not len(problem.u):
        raise Unplaceable("The network has no arcs.")
    if not len(problem.origin):
        raise Unplaceable("There is no scenario: name at least one origin and destination.")
    if not problem.sites:
        raise Unplaceable("There is no site where a team could stand.")
    given = {"needs": len(problem.needs)} | ({} if problem.effort is None else {"effort": problem.effort.size})
    for what, length in given.items():
        if length != len(problem.sites):
            raise Unplaceable(
                "There are {n} values of {what} for {m} sites.", n=length, what=what, m=len(problem.sites)
            )


def _check_names(problem: PlacementProblem) -> None:
    if "" in problem.sites:
        raise Unplaceable("Every site needs a name.")
    twice = sorted(name for name, n in Counter(problem.sites).items() if n > 1)
    if twice:
        raise Unplaceable("{sites}: the name stands for more than one site.", sites=_list(twice))
    for names in (problem.fixed, problem.forbidden, problem.staffed):
        problem.flags(names)
    both = sorted(problem.fixed & (problem.forbidden | problem.staffed))
    if both:
        raise Unplaceable("{sites}: fixed, and at the same time forbidden or staffed by others.", sites=_list(both))


def _check_arcs(problem: PlacementProblem) -> None:
    if np.any((problem.site < NOWHERE) | (problem.site >= len(problem.sites))):
        raise Unplaceable("An arc names a site by a position that does not exist.")
    watched = problem.site >= 0
    bad = ~((problem.r > 0) & (problem.r <= 1))
    bad |= watched & ~((problem.q >= 0) & (problem.q <= problem.r))
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        raise Unplaceable(
            "From node {u} to node {v} the chance to pass unseen is {r:g}, and {q:g} with a checkpoint. The first must "
            "lie above 0 and be at most 1, the second between 0 and the first.",
            u=int(problem.u[first]),
            v=int(problem.v[first]),
            r=float(problem.r[first]),
            q=float(problem.q[first]),
        )
    absent = sorted(set(problem.sites) - {problem.sites[each] for each in np.unique(problem.site[watched])})
    if absent:
        raise Unplaceable("{sites}: on no arc of the network.", sites=_list(absent))


def _check_scenarios(problem: PlacementProblem) -> None:
    if not np.all(np.isfinite(problem.share) & (problem.share >= 0)) or not problem.share.sum() > 0:
        raise Unplaceable("The shares of the scenarios must be 0 or more, and not all of them 0.")
    known = np.union1d(problem.u, problem.v)
    for what, nodes in (("origin", problem.origin), ("destination", problem.destination)):
        strange = nodes[~np.isin(nodes, known)]
        if len(strange):
            raise Unplaceable("The {what} {node} lies on no arc of the network.", what=what, node=int(strange[0]))
    same = problem.origin[problem.origin == problem.destination]
    if len(same):
        raise Unplaceable("A scenario begins and ends at node {node}.", node=int(same[0]))


def _check_staffing(problem: PlacementProblem) -> None:
    if len({need for need in problem.needs if need}) > MOST_SKILLS:
        raise Unplaceable("The sites ask for more than {most} different skills.", most=MOST_SKILLS)
    if problem.effort is not None and not np.all(np.isfinite(problem.effort) & (problem.effort >= 0)):
        raise Unplaceable("The effort of every site must be 0 or more.")
    if not problem.purse >= 0:
        raise Unplaceable("The effort allowed must be 0 or more.")
    free = len(problem.sites) - len(problem.forbidden | problem.staffed)
    if len(problem.teams) > free:
        raise Unplaceable(
            "There are {teams} teams and {sites} sites where one may stand. Offer more sites or place fewer teams.",
            teams=len(problem.teams),
            sites=free,
        )
    fixed = problem.flags(problem.fixed)
    if not problem.limits.allow(fixed):
        raise Unplaceable(
            "No plan is possible: the {fixed} fixed sites need more teams, skills or effort than there are. Free "
            "some of them, or add teams with the skills that they ask for.",
            fixed=int(fixed.sum()),
        )
