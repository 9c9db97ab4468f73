"""Solver: rules of thumb at once, then a bound, then the proof, with progress reports and an end at any time."""

import enum
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.ground.reference import Floats
from geodata.placement import evaluation, exact, heuristics, relaxation
from geodata.placement.contraction import contracted
from geodata.placement.cuts import Items, Pool
from geodata.placement.instance import Instance, instance, thinned
from geodata.placement.problem import Flags, PlacementProblem, Unplaceable
from geodata.placement.scenario_floors import Alone

PROVEN = 1e-6
"""Relative gap at which a plan counts as proven."""

_RULES_SECONDS = 1.7
"""When greedy must have ended, so that a first plan stands within two seconds even on a machine under load."""
_SWAP_SECONDS = 2.0
_SAMPLES = (32, 128, 512)
"""Where a network is too large for the greedy rule to end in time: roots drawn to go on with, before all of them."""
_LARGE_SHARE = 0.35
"""Of the time left, what the greedy rule and exchanges may take there before a bound is sought."""
_ALONE_BEGINS = 6
"""How many times as long as to weigh a plan it takes until that look begins: ways from all roots and to all leaves."""
_ALONE_SHARE, _ALONE_SHARE_LARGE = 0.3, 0.1
"""Of the time left, what looking at the scenarios one by one may take; the second on a large network."""


class HeuristicRule(enum.StrEnum):
    """The rules of thumb that a plan is compared with."""

    FLOW = "flow"
    REROUTED_FLOW = "rerouted flow"
    GREEDY = "greedy"
    LAZY_GREEDY = "lazy greedy"


class PlacementStatus(enum.StrEnum):
    """How an answer ended: proven to the gap, out of time, or cancelled."""

    PROVEN = "proven"
    TIME = "time"
    CANCELLED = "cancelled"


class PlacementStage(enum.StrEnum):
    """The stages of the solver."""

    RULES = "rules of thumb"
    ALONE = "one by one"
    BOUND = "bound"
    SWAPS = "exchanges"
    PROOF = "proof"


@dataclass(frozen=True)
class PlacementProgress:
    """The progress of an answer: seconds so far, the best plan, its unseen weight, and the lower bound."""

    stage: PlacementStage
    seconds: float
    plan: tuple[str, ...]
    unseen: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the plan can be above the best possible, relative to it: 0 to 1."""
        return gap(self.unseen, self.bound)


@dataclass(frozen=True, eq=False)
class NetworkKnowledge:
    """Results about a network and its scenarios that hold for any number of teams and can be reused."""

    digest: str
    items: Items


@dataclass(frozen=True, eq=False)
class Placement:
    """A solution: `unseen` of `total` passes the plan undetected, and no plan lets less than `bound` pass."""

    plan: tuple[str, ...]
    unseen: float
    bound: float
    total: float
    seconds: float
    status: PlacementStatus
    by_rule: dict[HeuristicRule, float]
    kept: NetworkKnowledge

    @property
    def gap(self) -> float:
        """How far the plan can be above the best possible, relative to it: 0 to 1."""
        return gap(self.unseen, self.bound)

    @property
    def proven(self) -> bool:
        """Whether the gap is closed (`PROVEN`)."""
        return self.status is PlacementStatus.PROVEN

    @property
    def detected(self) -> float:
        """Expected share of the weight that is detected, 0 to 1."""
        return 1.0 - self.unseen / self.total


def gap(unseen: float, bound: float) -> float:
    """(unseen - bound) / unseen, 0 where nothing passes unseen."""
    return max(0.0, (unseen - bound) / unseen) if unseen > 0 else 0.0


def place(
    problem: PlacementProblem,
    *,
    budget_seconds: float = 60.0,
    progress: Callable[[PlacementProgress], bool] = lambda state: True,
    start: Iterable[str] | None = None,
    kept: NetworkKnowledge | None = None,
) -> Placement:
    """The sites for the teams, so that the least passes unseen.

    `progress` is called several times a second; when it returns False the answer so far comes back as cancelled, with
    a plan and a bound that hold. `start` is a plan to begin with, `kept` what an earlier answer learnt about the same
    network. Unplaceable where the question has no answer. The objective of a proven answer does not depend on the
    machine; a plan of an answer that time cut short may.

    >>> arcs = ([1, 1, 3], [2, 3, 2], [0.9, 0.8, 0.5], [0.1, 0.2, 0.5], [0, 1, -1])
    >>> answer = place(PlacementProblem.of(arcs, ["Bridge", "Ferry"], ([1], [2], [10]), teams=1))
    >>> answer.plan, round(answer.unseen, 9), answer.status.value
    (('Bridge',), 4.0, 'proven')
    """
    made = instance(problem)
    return answer(made, None if start is None else made.chosen(tuple(start)), kept, budget_seconds, progress)


def answer(
    made: Instance,
    start: Flags | None = None,
    kept: NetworkKnowledge | None = None,
    budget_seconds: float = 60.0,
    progress: Callable[[PlacementProgress], bool] = lambda state: True,
) -> Placement:
    """As `place`, for a canonical instance, whose limits may have rows besides those of its problem."""
    if kept is not None and kept.digest != made.digest:
        raise Unplaceable("What was kept belongs to another network, other scenarios or other fixed sites.")
    if not budget_seconds > 0:
        raise Unplaceable("The time allowed must be more than 0 seconds.")
    begun = time.perf_counter()
    small = contracted(made)
    pool = Pool(small, None if kept is None else kept.items)
    return _Answer(small, pool, begun, budget_seconds, progress).run(start)


class _Answer:
    """One answer in work."""

    def __init__(
        self, made: Instance, pool: Pool, begun: float, seconds: float, progress: Callable[[PlacementProgress], bool]
    ) -> None:
        self.made, self.pool, self.progress = made, pool, progress
        self.begun, self.end = begun, begun + seconds
        self.stage = PlacementStage.RULES
        weighed = time.perf_counter()
        self.chosen, self.unseen = heuristics.empty(made), evaluation.unseen(made, heuristics.empty(made))
        self.weighing = time.perf_counter() - weighed
        self.bound = float(made.weight @ pool.floor)
        self.by_rule: dict[HeuristicRule, float] = {}
        self.told = -np.inf
        self.cancelled, self.large = False, False
        self.ground, self.weighed = pool.floor, np.inf

    def run(self, start: Flags | None) -> Placement:
        """Rules, bound, exchanges, proof, as far as time and `progress` allow."""
        if start is not None:
            self._consider(start)
        if not self.made.limits.addable(heuristics.empty(self.made)).any():
            self.bound = self.unseen
            self.tell(at_once=True)
            return self.result()
        for step in (
            self._rules,
            self._go_on,
            self._look_alone,
            self._relax,
            self._swap,
            self._look_again,
            self._prove,
        ):
            step()
            if not self.tell(at_once=True) or self.closed:
                break
        return self.result()

    @cached_property
    def alone(self) -> Alone:
        """The scenarios one by one."""
        return Alone(self.made)

    @property
    def closed(self) -> bool:
        """Whether the gap is closed."""
        return gap(self.unseen, self.bound) <= PROVEN

    def tell(self, at_once: bool = False) -> bool:
        """Report the state, four times a second or at once; False where the answer should end."""
        now = time.perf_counter()
        if self.cancelled:
            return False
        if at_once or now - self.told >= 0.25:
            self.told = now
            unseen, bound = self.unseen * self.made.total, self.bound * self.made.total
            plan = self.made.plan(self.chosen)
            self.cancelled = not self.progress(PlacementProgress(self.stage, now - self.begun, plan, unseen, bound))
        return not self.cancelled and now < self.end

    def result(self) -> Placement:
        """The answer as it stands."""
        status = (
            PlacementStatus.PROVEN
            if self.closed
            else PlacementStatus.CANCELLED
            if self.cancelled
            else PlacementStatus.TIME
        )
        total = self.made.total
        return Placement(
            self.made.plan(self.chosen),
            self.unseen * total,
            self.bound * total,
            total,
            time.perf_counter() - self.begun,
            status,
            {rule: unseen * total for rule, unseen in self.by_rule.items()},
            NetworkKnowledge(self.made.digest, self.pool.items),
        )

    def _consider(self, chosen: Flags) -> float:
        unseen = evaluation.unseen(self.made, chosen)
        if unseen < self.unseen - 1e-12:
            self.chosen, self.unseen = chosen, unseen
        return unseen

    def _rules(self) -> None:
        until = min(self.begun + _RULES_SECONDS, self.end)
        for rule, plan in (
            (HeuristicRule.FLOW, heuristics.by_flow),
            (HeuristicRule.REROUTED_FLOW, lambda made: heuristics.by_rerouted_flow(made, until=until)),
            (HeuristicRule.GREEDY, lambda made: heuristics.by_gain(made, until)),
            (HeuristicRule.LAZY_GREEDY, lambda made: heuristics.by_lazy_gain(made, until)),
        ):
            self.by_rule[rule] = self._consider(plan(self.made))
            if not self.tell(at_once=True):
                return

        self.large = time.perf_counter() > until

    def _go_on(self) -> None:
        """Greedy and exchanges, on ever more of the scenarios, where the network was too large for the rules' time.

        Most of the time is left to the bound: exchanges better a plan by some hundredths, and without rounds enough
        for the relaxation nobody knows whether half of what passes could be seen.
        """
        if not self.large:
            return
        self.stage = PlacementStage.SWAPS
        until = time.perf_counter() + _LARGE_SHARE * (self.end - time.perf_counter())
        samples = [thinned(self.made, roots) for roots in _SAMPLES if roots < len(self.made.roots)]
        for made in (*samples, self.made):
            self._consider(heuristics.by_gain(made, until))
            self._consider(heuristics.swapped(made, self.chosen, until))
            if not self.tell(at_once=True) or time.perf_counter() > until:
                return

    def _relax(self) -> None:
        self.stage = PlacementStage.BOUND

        def heard(relaxed: relaxation.Relaxed) -> bool:
            self._raise(relaxed.bound)
            self._consider(heuristics.rounded(self.made, relaxed.x, self.end))
            return self.tell() and not self.closed

        relaxed, self.cuts = relaxation.bound(self.made, self.pool, heard, self.end, hurried=self.large)
        self._raise(relaxed.bound)
        self._consider(heuristics.rounded(self.made, relaxed.x, self.end))

    def _look_alone(self) -> None:
        """What each scenario lets pass by itself, which no plan for all can better."""
        self.stage = PlacementStage.ALONE
        share = _ALONE_SHARE_LARGE if self.large else _ALONE_SHARE
        until = time.perf_counter() + share * (self.end - time.perf_counter())
        if time.perf_counter() + _ALONE_BEGINS * self.weighing > until:
            return
        reached, self.weighed = evaluation.values(self.made, self.chosen), self.unseen

        def heard(floors: Floats) -> bool:
            self._raise(float(self.made.weight @ floors))
            return self.tell() and time.perf_counter() < until

        self.pool.floor = self.alone.floors(self.pool.floor, reached, heard, until=until)
        self._raise(float(self.made.weight @ self.pool.floor))

    def _raise(self, bound: float) -> None:
        self.bound = min(max(self.bound, bound), self.unseen)

    def _swap(self) -> None:
        self.stage = PlacementStage.SWAPS
        self._consider(heuristics.swapped(self.made, self.chosen, min(self.end, time.perf_counter() + _SWAP_SECONDS)))

    def _look_again(self) -> None:
        """A better plan than the one that the scenarios were last weighed with may show more of them."""
        if self.unseen < self.weighed * (1 - PROVEN) and (self.pool.floor > self.ground).any():
            self._look_alone()
            if not self.closed:
                self._relax()

    def _prove(self) -> None:
        self.stage = PlacementStage.PROOF

        def heard(found: exact.Search) -> bool:
            self.chosen, self.unseen = found.chosen, found.unseen
            self._raise(found.bound)
            return self.tell()

        found = exact.Search(self.chosen, self.unseen, self.bound)
        exact.search(self.made, self.pool, self.cuts, found, self.end - time.perf_counter(), PROVEN, heard)
        self.chosen, self.unseen = found.chosen, found.unseen
        self._raise(found.bound)
