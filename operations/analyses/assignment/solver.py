"""The solver: a first plan at once, an upper bound, and better plans until it is stopped, with progress reports."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from operations.analyses.assignment import bound, construction, exact, improvement, repair
from operations.analyses.assignment.board import AssignmentPlan, Tally
from operations.analyses.assignment.problem import AssignmentProblem, PreparedProblem
from operations.support.team_facts import TeamEngagement

SMALL = 8 * 60
"""Teams times needs up to which CP-SAT tries to prove optimality."""
PROVEN = 1e-9
"""The relative gap at which a plan counts as proven."""
TELL_EVERY = 0.25
LARGE = 6000
"""Pairs of team and need above which the first answer does not wait for the linear programme."""


class AssignmentStage(StrEnum):
    """Stages of the solver."""

    INSERTION = "insertion"
    BOUND = "bound"
    IMPROVEMENT = "improvement"
    REPAIR = "repair"
    PROOF = "proof"


class AssignmentStatus(StrEnum):
    """How an answer ended: proven, out of time or rounds, or cancelled by a person."""

    PROVEN = "proven"
    TIME = "time"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class AssignmentProgress:
    """The progress of an answer: points of the best plan, upper bound, and number of needs met."""

    stage: AssignmentStage
    seconds: float
    value: float
    bound: float
    met: int

    @property
    def gap(self) -> float:
        """The relative gap between the plan and the bound, 0 to 1."""
        return gap(self.value, self.bound)


@dataclass(frozen=True)
class Advice:
    """An answer. No plan is worth more than `bound`. The same seed and rounds give the same plan."""

    problem: AssignmentProblem
    plan: tuple[TeamEngagement, ...]
    tally: Tally
    bound: float
    first_value: float
    seconds: float
    rounds: int
    seed: int
    status: AssignmentStatus
    made: PreparedProblem
    board: AssignmentPlan

    @property
    def value(self) -> float:
        """Points of the plan."""
        return self.tally.value

    @property
    def gap(self) -> float:
        """The relative gap between the plan and the bound, 0 to 1."""
        return gap(self.value, self.bound)


def gap(value: float, most: float) -> float:
    """Return (bound - value) / bound, 0 where no plan has any value."""
    return max(0.0, (most - value) / most) if most > 0 else 0.0


def at_once(problem: AssignmentProblem) -> Advice:
    """Return the plan of the insertion heuristic, with a bound; well under a second for 20 teams and 150 needs.

    Raises Unassignable.
    """
    begun = time.perf_counter()
    made = PreparedProblem(problem)
    board = construction.first_plan(made)
    pairs = sum(map(len, made.ranges))
    most = bound.plain_bound(made) if pairs > LARGE else bound.bound(made, seconds=0.5)
    return _advice(made, board, most, board.value, begun, 0, 0, AssignmentStatus.TIME)


def advise(
    problem: AssignmentProblem,
    *,
    seconds: float = 30.0,
    rounds: int | None = None,
    seed: int = 1,
    hear: Callable[[AssignmentProgress], bool] = lambda state: True,
    start: Iterable[TeamEngagement] = (),
) -> Advice:
    """Return the best plan found in `seconds` or, where `rounds` is given, in exactly so many rounds of ruin and
    recreate.

    `hear` gets the progress several times a second and returns False to stop; the best so far is then the answer.
    `start` is a plan to start from, as far as it still fits. Raises Unassignable.
    """
    return _Answer(problem, seconds, rounds, seed, hear).run(tuple(start))


class _Answer:
    """The computation of one answer."""

    def __init__(
        self,
        problem: AssignmentProblem,
        seconds: float,
        rounds: int | None,
        seed: int,
        hear: Callable[[AssignmentProgress], bool],
    ) -> None:
        self.begun = time.perf_counter()
        self.made = PreparedProblem(problem)
        self.seconds, self.rounds, self.seed, self.hear = seconds, rounds, seed, hear
        self.stage, self.told, self.cancelled = AssignmentStage.INSERTION, -1.0, False
        self.most = bound.plain_bound(self.made)
        self.looked = 0

    def run(self, start: tuple[TeamEngagement, ...]) -> Advice:
        """Run insertion, bound, improvement, repair and proof, as far as time and `hear` allow."""
        made = self.made
        self.best = construction.first_plan(made)
        first = self.best.value
        if start:
            before = AssignmentPlan(made)
            before.take(start)
            self._consider(construction.inserted(before))
        for step in (self._bound, self._improve, self._mend, self._prove):
            if not self._tell(at_once=True) or self._closed():
                break
            step()
        self._tell(at_once=True)
        status = (
            AssignmentStatus.PROVEN
            if self._closed()
            else AssignmentStatus.CANCELLED
            if self.cancelled
            else AssignmentStatus.TIME
        )
        return _advice(made, self.best, self.most, first, self.begun, self.looked, self.seed, status)

    def _closed(self) -> bool:
        return gap(self.best.value, self.most) <= PROVEN

    def _left(self) -> float:
        return self.seconds - (time.perf_counter() - self.begun)

    def _consider(self, board: AssignmentPlan) -> None:
        if board.value > self.best.value:
            self.best = board

    def _tell(self, at_once: bool = False) -> bool:
        """Report the progress now and then, or at once; return False where the computation should end."""
        now = time.perf_counter() - self.begun
        if not self.cancelled and (at_once or now - self.told >= TELL_EVERY):
            self.told = now
            state = AssignmentProgress(self.stage, now, self.best.value / 60, self.most / 60, len(self.best.met))
            self.cancelled = not self.hear(state)
        return not self.cancelled and (self.rounds is not None or now < self.seconds)

    def _bound(self) -> None:
        self.stage = AssignmentStage.BOUND
        self.most = min(self.most, bound.bound(self.made, seconds=max(0.5, min(20.0, self._left() / 3))))

    def _improve(self) -> None:
        self.stage = AssignmentStage.IMPROVEMENT
        small = self._small
        begun, share = time.perf_counter(), 0.4 if small else 0.9 if self.best.open else 1.0
        allowed = max(0.1, self._left() * share)

        def heard(found: improvement.Improvement, done: float) -> float | None:
            self.best, self.looked = found.board, found.rounds
            gone = (time.perf_counter() - begun) / allowed
            if not self._tell() or self._closed() or (self.rounds is None and gone >= 1):
                return None
            return min(1.0, gone)

        found = improvement.improve(self.best, self.seed, heard, self.rounds)
        self.best, self.looked = found.board, found.rounds

    @property
    def _small(self) -> bool:
        return len(self.made.teams) * len(self.made.needs) <= SMALL

    def _mend(self) -> None:
        """Solve small parts around unmet needs exactly."""
        if self._small or self.rounds is not None:
            return
        self.stage = AssignmentStage.REPAIR
        waiting = sorted(self.best.open, key=lambda need: (-self.made.reward[need], need))
        for need in waiting:
            if not self._tell(at_once=True) or self._left() < 1:
                return
            if self.best.team_of[need] >= 0:  # met by what was done for another
                continue
            self._consider(repair.mended(self.best, need, min(3.0, self._left()), self._tell))

    def _prove(self) -> None:
        if not self._small or self.rounds is not None or self._left() < 0.5:
            return
        self.stage = AssignmentStage.PROOF
        proof = exact.solve(self.made, self._left(), self.best, self._tell)
        if proof.board is not None:
            self._consider(proof.board)
        self.most = min(self.most, proof.bound)


def _advice(
    made: PreparedProblem,
    board: AssignmentPlan,
    most: float,
    first: int,
    begun: float,
    rounds: int,
    seed: int,
    status: AssignmentStatus,
) -> Advice:
    most = max(most, float(board.value))
    seconds = time.perf_counter() - begun
    return Advice(
        made.problem, board.plan(), board.tally(), most / 60, first / 60, seconds, rounds, seed, status, made, board
    )
