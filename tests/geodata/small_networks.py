"""Small networks with checkpoints, and the same questions answered the slow way: networkx and every possible plan."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree

from geodata.placement.problem import PlacementProblem


@dataclass(frozen=True)
class Raw:
    """A question as rows, to be put in any order."""

    arcs: list[tuple[int, int, float, float, str]]
    sites: list[str]
    scenarios: list[tuple[int, int, float]]
    teams: int

    def problem(self, **more: object) -> PlacementProblem:
        u, v, r, q, on = zip(*self.arcs, strict=True)
        site = [self.sites.index(name) if name else -1 for name in on]
        scenarios = tuple(map(list, zip(*self.scenarios, strict=True)))
        options = {"teams": self.teams} | more
        return PlacementProblem.of((u, v, r, q, site), self.sites, scenarios, **options)  # type: ignore[arg-type]

    def shuffled(self, seed: int) -> "Raw":
        random = np.random.default_rng(seed)

        arcs, sites, scenarios = (random.permutation(len(rows)) for rows in (self.arcs, self.sites, self.scenarios))
        return replace(
            self,
            arcs=[self.arcs[i] for i in arcs],
            sites=[self.sites[i] for i in sites],
            scenarios=[self.scenarios[i] for i in scenarios],
        )


def network(seed: int, sites: int = 7, teams: int = 3, scenarios: int = 5, nodes: int = 12) -> Raw:
    """A road network both ways, every node in reach of every other, sites on some roads, a few parallel roads."""
    random = np.random.default_rng(seed)
    ring = [(i, (i + 1) % nodes) for i in range(nodes)]
    chords = [tuple(map(int, random.choice(nodes, 2, replace=False))) for _ in range(nodes)]
    roads = ring + chords
    watched = dict(zip(random.choice(len(roads), sites, replace=False).tolist(), range(sites), strict=True))
    arcs = []
    for i, (a, b) in enumerate(roads):
        r = round(float(random.uniform(0.4, 1.0)), 3)
        q = round(r * float(random.choice([0.0, 0.1, 0.5, 0.9])), 4)
        name = f"site {watched[i]}" if i in watched else ""
        arcs += [(a * 10, b * 10, r, q, name), (b * 10, a * 10, r, q, name)]
    pairs = [tuple(map(int, random.choice(nodes, 2, replace=False))) for _ in range(scenarios)]
    rows = [(a * 10, b * 10, round(float(random.uniform(0.1, 3)), 2)) for a, b in pairs]
    return Raw(arcs, [f"site {i}" for i in range(sites)], rows, teams)


def wide(seed: int, nodes: int, sites: int, scenarios: int, ends: int, teams: int) -> PlacementProblem:
    """A road network in the plane, crossed from west to east: sites stand on its two borders and strewn between.

    `scenarios` journeys lead from `ends` origins to as many destinations.
    """
    random = np.random.default_rng(seed)
    place = random.uniform(size=(nodes, 2))
    near = cKDTree(place).query(place, k=4)[1][:, 1:]
    row = np.lexsort((place[:, 1], np.floor(place[:, 0] * 40)))
    roads = np.r_[np.c_[np.repeat(np.arange(nodes), 3), near.ravel()], np.c_[row[:-1], row[1:]]]
    u, v = np.unique(np.sort(roads, axis=1), axis=0).T
    r = np.exp(-np.hypot(*(place[u] - place[v]).T) * random.uniform(0.5, 3, len(u)))
    border = np.any([(place[u, 0] < line) != (place[v, 0] < line) for line in (0.4, 0.7)], axis=0)
    at = np.r_[np.flatnonzero(border), random.permutation(np.flatnonzero(~border))][:sites]
    site = np.full(len(u), -1)
    site[at] = np.arange(len(at))
    q = np.where(site >= 0, r * random.choice([0.1, 0.3, 0.5, 0.7], len(u)), r)
    west, east = (random.choice(np.flatnonzero(side), ends) for side in (place[:, 0] < 0.25, place[:, 0] > 0.8))
    journeys = random.choice(west, scenarios), random.choice(east, scenarios), random.uniform(0.1, 3, scenarios)
    arcs = tuple(np.r_[one, other].tolist() for one, other in ((u, v), (v, u), (r, r), (q, q), (site, site)))
    names = [f"site {i}" for i in range(len(at))]
    return PlacementProblem.of(arcs, names, tuple(each.tolist() for each in journeys), teams=teams)  # type: ignore[arg-type]


def slow_unseen(raw: Raw, plan: Iterable[str]) -> float:
    """Expected weight that passes unseen, by networkx."""
    graph = nx.MultiDiGraph()
    staffed = set(plan)
    for u, v, r, q, name in raw.arcs:
        chance = q if name in staffed else r
        graph.add_edge(u, v, length=-math.log(chance) if chance > 0 else math.inf)
    total = 0.0
    for origin, destination, share in raw.scenarios:
        length = nx.dijkstra_path_length(graph, origin, destination, weight="length")
        total += share * math.exp(-length)
    return total


def slow_best(raw: Raw, allowed: Iterable[tuple[str, ...]] | None = None) -> float:
    """The least that any plan of at most the teams lets pass; or of the plans allowed."""
    plans = itertools.combinations(raw.sites, raw.teams) if allowed is None else allowed
    return min(slow_unseen(raw, plan) for plan in plans)
