"""Local search for better plans: ruin and recreate, from a stored seed.

Ruin and recreate (Schrimpf and others 2000; removals after Christiaens and Vanden Berghe 2020): needs near in time and
place are removed and reinserted at their best places, which are sometimes skipped at random (blinks). Slightly worse
plans are accepted with a probability that falls over time (simulated annealing).
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from operations.analyses.assignment.board import AssignmentPlan, Insertion
from operations.analyses.assignment.problem import PreparedProblem

WARM, COLD = 0.01, 0.0002
"""The loss of a plan accepted at the beginning and at the end, as a share of the points of an average need."""
BLINK = 0.04
"""The chance that an insertion place is skipped."""
CROWD = 30
"""The largest number of unserved needs tried in each round."""


@dataclass
class Improvement:
    """The best plan so far, and the number of rounds."""

    board: AssignmentPlan
    rounds: int = 0


def improve(
    start: AssignmentPlan,
    seed: int,
    hear: Callable[[Improvement, float], float | None],
    rounds: int | None = None,
) -> Improvement:
    """Search for better plans until `hear` returns None, or for `rounds` rounds.

    `hear` gets the best plan and the share of rounds done; it returns the share of time elapsed (0 to 1), which sets
    the temperature. Where `rounds` ends the search, the same seed gives the same plan.
    """
    search = _Search(start, seed)
    share = 0.0
    while rounds is None or search.found.rounds < rounds:
        done = 0.0 if rounds is None else search.found.rounds / rounds
        heard = hear(search.found, done)
        if heard is None:
            break
        share = done if rounds is not None else heard
        search.round(share)
        search.found.rounds += 1
    return search.found


class _Search:
    """A random walk over plans."""

    def __init__(self, start: AssignmentPlan, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a search, not a secret
        self.now = start.copy()
        self.found = Improvement(start.copy())
        made = start.made
        self.made = made
        self.free = [need for need in range(len(made.needs)) if made.ranges[need] and need not in made.locked]
        self.middle = [_middle(made, need) for need in range(len(made.needs))]
        self.scale = sum(made.reward) / max(1, len(made.reward))
        self.tried = [0] * len(made.needs)

    def round(self, share: float) -> None:
        """Remove a part and reinsert it; keep the result unless it is much worse."""
        if not self.free:
            return
        before = self.now.copy()
        waited = [need for need in self.free if self.now.team_of[need] < 0]
        if len(waited) > CROWD:
            waited = self.random.sample(waited, CROWD)
        ruined = self._whole(self._ruined())
        for need in ruined:
            self.now.remove(need)
        self._recreate(ruined + waited)
        loss = before.value - self.now.value
        heat = self.scale * WARM * (COLD / WARM) ** share
        if self.now.value > self.found.board.value:
            self.found.board = self.now.copy()
        if loss > 0 and self.random.random() >= math.exp(-loss / max(heat, 1e-9)):
            self.now = before

    def _whole(self, ruined: list[int]) -> list[int]:
        """Return needs to be removed, with all that stand together with them."""
        made, now = self.made, self.now
        every = dict.fromkeys(each for need in ruined for each in made.together[need])
        return [need for need in every if now.team_of[need] >= 0 and need not in made.locked]

    def _ruined(self) -> list[int]:
        """Return served needs near one another to be removed, mostly near an unserved one."""
        chance, now = self.random, self.now
        served = [need for need in self.free if now.team_of[need] >= 0]
        if not served:
            return []
        waiting = [need for need in self.free if now.team_of[need] < 0]
        most = min(len(served), 3 + chance.randrange(max(1, min(30, len(served) // 6) + 1)))
        kind = chance.random()
        if kind < 0.15:
            return chance.sample(served, most)
        centre = chance.choice(waiting if waiting and chance.random() < 0.7 else served)
        if kind < 0.55:
            return self._strings(centre, served, most)
        near = sorted(served, key=lambda need: (self._apart(centre, need), need))
        pool = near[: 2 * most]
        return chance.sample(pool, min(most, len(pool)))

    def _strings(self, centre: int, served: list[int], most: int) -> list[int]:
        """Return runs of engagements around the time of `centre` from teams that could serve it."""
        chance = self.random
        teams = list(self.made.ranges[centre])
        chance.shuffle(teams)
        taken: list[int] = []
        for team in teams[: 1 + chance.randrange(4)]:
            own = [need for need in served if self.now.team_of[need] == team]
            own.sort(key=lambda need: (abs(self.middle[need] - self.middle[centre]), need))
            taken += own[: 1 + chance.randrange(max(1, most // 2) + 1)]
        return taken[: max(most, 3)]

    def _apart(self, a: int, b: int) -> float:
        made = self.made
        way = made.leg[made.site[a]][made.site[b]]
        shared = 0 if made.ranges[a].keys() & made.ranges[b].keys() else 5000
        return abs(self.middle[a] - self.middle[b]) + 2 * way + shared

    def _recreate(self, waiting: list[int]) -> None:
        chance, made, now = self.random, self.made, self.now
        order = chance.random()
        noise = {need: chance.random() for need in waiting}
        if order < 0.4:
            waiting.sort(key=lambda need: (-made.reward[need] * (0.7 + 0.6 * noise[need]), need))
        elif order < 0.7:
            waiting.sort(key=lambda need: (len(made.ranges[need]) * (0.6 + 0.8 * noise[need]), need))
        elif order < 0.85:
            waiting.sort(key=lambda need: (self.middle[need] + 600 * noise[need], need))
        else:
            waiting.sort(key=lambda need: noise[need])
        for need in waiting:
            if now.team_of[need] >= 0:
                continue
            if len(made.together[need]) > 1:
                now.add_together(need, latest=chance.random() < 0.3)
                continue
            put = self._place(need)
            if put is not None:
                now.add(need, put)

    def _place(self, need: int) -> Insertion | None:
        chance = self.random
        best: Insertion | None = None
        for team in self.made.ranges[need]:
            if chance.random() < BLINK:
                continue
            put = self.now.best(need, team, latest=chance.random() < 0.3)
            if put is not None and (best is None or put.gain > best.gain):
                best = put
        return best


def _middle(made: PreparedProblem, need: int) -> float:
    """Return the middle of the time in which a need can be served (minutes)."""
    spans = [span for spans in made.ranges[need].values() for span in spans]
    if not spans:
        return 0.0
    return (min(first for first, _ in spans) + max(last for _, last in spans) + made.minutes[need]) / 2
