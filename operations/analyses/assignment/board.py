"""A mutable plan: the engagements of each team in order of time, and the cost of one more insertion.

An insertion never moves existing engagements, so a check looks only at the neighbours in one team's plan; that makes a
first plan immediate and a drag on the timeline cheap.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from operations.analyses.assignment.problem import PreparedProblem
from operations.lazy_import import lazy_module
from operations.support.team_facts import TeamEngagement

if TYPE_CHECKING:
    from scipy import optimize
else:
    optimize = lazy_module("scipy.optimize", ahead=False)

STARTS = 12
"""The most moments tried for needs that stand together: those at which most teams could begin."""
_NEVER = -1e15
BLOCK = -1
"""The need row of an engagement for a need outside the problem."""


class TeamStop(NamedTuple):
    """A stop of a team: start and end (minutes), row of the place, row of the need (or `BLOCK`), and whether in
    shifts.
    """

    start: int
    end: int
    place: int
    need: int
    shifts: bool


class Insertion(NamedTuple):
    """An insertion: gain in points times 60, team, start (minutes), index among the team's stops, and cost."""

    gain: int
    team: int
    start: int
    at: int
    cost: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The value of a plan and what it takes, in units for people."""

    value: float
    met: int
    person_hours: float
    cost: float
    unfair_hours: float
    changed: int


class AssignmentPlan:
    """A feasible plan. It begins with the locked engagements."""

    def __init__(self, made: PreparedProblem) -> None:
        self.made = made
        self.stops: list[list[TeamStop]] = [[] for _ in made.teams]
        self.begun: list[list[int]] = [[] for _ in made.teams]
        """For each stop the start of its duty."""
        self.ended: list[list[int]] = [[] for _ in made.teams]
        """For each stop the end of its duty."""
        self.ends: list[list[int]] = [[] for _ in made.teams]
        self.days: list[Counter[int]] = [Counter() for _ in made.teams]
        self.team_of: list[int] = [-1] * len(made.needs)
        self.start_of: list[int] = [0] * len(made.needs)
        self.work = [0] * len(made.countries)
        self.cost = 0
        self.value = 0
        for team, blocks in enumerate(made.blocks):
            self.stops[team] = [TeamStop(start, end, place, BLOCK, shifts) for start, end, place, shifts in blocks]
            self.days[team].update(made.day(each.start) for each in self.stops[team] if not each.shifts)
            self._settle(team)
        for need, (team, start, end) in sorted(made.locked.items(), key=lambda each: each[1]):
            stop = TeamStop(start, end, made.site[need], need, made.shifts[need])
            self._put(team, bisect_right(self.ends[team], start), stop)

    # ------------------------------------------------------------------------------------------------- changes

    def add(self, need: int, put: Insertion) -> None:
        """Carry out an insertion that `best` found on this plan in its present state."""
        made = self.made
        stop = TeamStop(put.start, put.start + made.minutes[need], made.site[need], need, made.shifts[need])
        self._put(put.team, put.at, stop)

    def remove(self, need: int) -> None:
        """Remove the engagement for a need, never a locked one; nothing else moves."""
        team = self.team_of[need]
        stops = self.stops[team]
        at = next(k for k, stop in enumerate(stops) if stop.need == need)
        before = self._worth(team)
        spent = self._spent(team)
        stop = stops.pop(at)
        self._count(team, stop, -1)
        self.value += self._worth(team) - before
        self.cost += self._spent(team) - spent
        self.team_of[need] = -1

    def add_together(self, need: int, *, latest: bool = False) -> bool:
        """Add a need and all that stand together with it, at their best common moment; return whether they fitted."""
        found = self.best_together(need, latest=latest)
        for each, put in (found or {}).items():
            self.add(each, put)
        return found is not None

    def complete(self) -> None:
        """Remove the engagements of needs that stand together with one that is not served, or not as they must be."""
        for group in {group for group in self.made.together if len(group) > 1}:
            own = [need for need in group if need not in self.made.locked]
            if not self._stands(group):
                for need in own:
                    if self.team_of[need] >= 0:
                        self.remove(need)

    def _stands(self, group: tuple[int, ...]) -> bool:
        """Whether all of a group are served from one moment, and from one base where they travel together."""
        made = self.made
        if any(self.team_of[need] < 0 for need in group) or len({self.start_of[need] for need in group}) > 1:
            return False
        return not made.needs[group[0]].one_base or len({made.home[self.team_of[need]] for need in group}) == 1

    def copy(self) -> "AssignmentPlan":
        """Return a copy of the plan."""
        other = object.__new__(AssignmentPlan)
        other.made = self.made
        other.stops = [list(each) for each in self.stops]
        other.begun = [list(each) for each in self.begun]
        other.ended = [list(each) for each in self.ended]
        other.ends = [list(each) for each in self.ends]
        other.days = [Counter(each) for each in self.days]
        other.team_of, other.start_of = list(self.team_of), list(self.start_of)
        other.work, other.cost, other.value = list(self.work), self.cost, self.value
        return other

    def _put(self, team: int, at: int, stop: TeamStop) -> None:
        before = self._worth(team)
        spent = self._spent(team)
        self.stops[team].insert(at, stop)
        self.team_of[stop.need], self.start_of[stop.need] = team, stop.start
        self._count(team, stop, 1)
        self.value += self._worth(team) - before
        self.cost += self._spent(team) - spent

    def _count(self, team: int, stop: TeamStop, sign: int) -> None:
        made = self.made
        country = made.country[team]
        over = max(0, self.work[country] - made.fair[country])
        self.work[country] += sign * made.minutes[stop.need]
        self.value -= made.unfair * (max(0, self.work[country] - made.fair[country]) - over)
        self.value += sign * self.reward(team, stop.need)
        if not stop.shifts:
            day = made.day(stop.start)
            self.days[team][day] += sign
            if not self.days[team][day]:
                del self.days[team][day]
        self._settle(team)

    def _worth(self, team: int) -> int:
        return -self.made.per_minute[team] * self.minutes_of(team)

    def minutes_of(self, team: int) -> int:
        """Return the minutes of travel from home through all stops and back."""
        stops, home, leg = self.stops[team], self.made.home[team], self.made.leg
        if not stops:
            return 0
        between = sum(leg[a.place][b.place] for a, b in pairwise(stops))
        return leg[home][stops[0].place] + between + leg[stops[-1].place][home]

    def _spent(self, team: int) -> int:
        made = self.made
        days = sum(made.need_days[each.need] for each in self.stops[team] if each.need != BLOCK)
        return made.day_cost[team] * days + made.way_cost[team] * self.minutes_of(team)

    def _settle(self, team: int) -> None:
        """Recompute which duties the stops form, after a change."""
        made, stops = self.made, self.stops[team]
        self.ends[team] = [each.end for each in stops]
        begun: list[int] = []
        for k, stop in enumerate(stops):
            joined = k > 0 and stop.start - stops[k - 1].end - made.leg[stops[k - 1].place][stop.place] < made.rest
            begun.append(begun[-1] if joined else stop.start)
        ended = [each.end for each in stops]
        for k in range(len(stops) - 2, -1, -1):
            if begun[k + 1] != stops[k + 1].start:
                ended[k] = ended[k + 1]
        self.begun[team], self.ended[team] = begun, ended

    # ------------------------------------------------------------------------------------------------- queries

    def reward(self, team: int, need: int) -> int:
        """Return the points for a need served by a team, travel and fairness aside."""
        return self.made.points(need, team)

    def best(self, need: int, team: int, *, budget: int | None = None, latest: bool = False) -> Insertion | None:
        """Return the insertion of a need into a team's plan with the highest gain, the earliest or `latest` of
        equals.
        """
        made = self.made
        spans = made.ranges[need].get(team)
        if spans is None:
            return None
        minutes, site, stops, ends = made.minutes[need], made.site[need], self.stops[team], self.ends[team]
        way, leg, home, count = made.way, made.leg, made.home[team], len(stops)
        country = made.country[team]
        after = self.work[country] + minutes
        over = max(0, after - made.fair[country]) - max(0, self.work[country] - made.fair[country])
        worth = self.reward(team, need) - made.unfair * over
        left = (made.budget if budget is None else budget) - self.cost
        days = made.day_cost[team] * made.need_days[need]
        best: Insertion | None = None
        ready = made.ready(team, need) if made.teams[team].ready_at is not None else 0
        for first, last in spans:
            for at in range(bisect_right(ends, first), count + 1):
                before = stops[at - 1] if at else None
                if before is not None and before.end > last:
                    break
                then = stops[at] if at < count else None
                origin, aim = home if before is None else before.place, home if then is None else then.place
                into, out = way[origin][site], way[site][aim]
                low = max(first, ready if before is None else before.end + into)
                high = last if then is None else min(last, then.start - out - minutes)
                if low > high:
                    continue
                more = leg[origin][site] + leg[site][aim] - (leg[origin][aim] if count else 0)
                cost = days + made.way_cost[team] * more
                gain = worth - made.per_minute[team] * more
                if cost > left or gain <= 0 or (best is not None and gain < best.gain + (not latest)):
                    continue
                start = self._start(team, need, at, low, high, into, out, latest)
                if start is not None:
                    best = Insertion(gain, team, start, at, cost)
        return best

    def _start(
        self, team: int, need: int, at: int, low: int, high: int, into: int, out: int, latest: bool
    ) -> int | None:
        """Return a start between two stops that keeps duties short and days of duty few enough; None where there is
        none.
        """
        made, stops = self.made, self.stops[team]
        minutes = made.minutes[need]
        choices = {low, high}
        if at:
            choices.add(stops[at - 1].end + into + made.rest)
        if at < len(stops):
            choices.add(stops[at].start - out - made.rest - minutes)
        tried = sorted((each for each in choices if low <= each <= high), reverse=latest)
        refused_day = False
        for start in tried:
            if self._rests(team, need, at, start, into, out):
                if self._day_allowed(team, need, start):
                    return start
                refused_day = True
        if not refused_day:
            return None
        other_days = [each for each in made.midnights if low < each < high]
        for start in reversed(other_days) if latest else other_days:
            if self._rests(team, need, at, start, into, out) and self._day_allowed(team, need, start):
                return start
        return None

    def _rests(self, team: int, need: int, at: int, start: int, into: int, out: int) -> bool:
        made, stops = self.made, self.stops[team]
        begun = start
        ended = end = start + made.minutes[need]
        joined = False
        if at and start - stops[at - 1].end - into < made.rest:
            begun, joined = self.begun[team][at - 1], True
        if at < len(stops) and stops[at].start - end - out < made.rest:
            ended, joined = self.ended[team][at], True
        return not joined or ended - begun <= made.duty

    def _day_allowed(self, team: int, need: int, start: int) -> bool:
        made = self.made
        if made.shifts[need] or made.most_days == made.of_days:
            return True
        duty, today = self.days[team], made.day(start)
        if today in duty:
            return True
        for first in range(today - made.of_days + 1, today + 1):
            if sum(day in duty for day in range(first, first + made.of_days)) >= made.most_days:
                return False
        return True

    def best_together(self, need: int, *, latest: bool = False) -> dict[int, Insertion] | None:
        """Return the insertions with the highest gain, by need, of a need and all that stand together with it.

        They begin at one moment; those that are served already give it. None where not all fit.
        """
        made, group = self.made, self.made.together[need]
        waiting = [each for each in group if self.team_of[each] < 0]
        served = [each for each in group if self.team_of[each] >= 0]
        if not waiting or any(not made.ranges[each] for each in waiting):
            return None
        starts = {self.start_of[each] for each in served} if served else self._common_starts(waiting)
        if len(starts) > 1 and served:
            return None
        best: dict[int, Insertion] | None = None
        for start in sorted(starts, reverse=latest):
            for teams in self._parties(waiting, served):
                found = self._matched(waiting, start, teams)
                if found is not None and (best is None or _gain(found) > _gain(best)):
                    best = found
        return best

    def most_together(self, need: int) -> int:
        """Return how many of the teams that must stand together could begin at one moment."""
        made = self.made
        starts = self._common_starts([need])
        return max(
            (sum(self.at(need, team, start) is not None for team in made.ranges[need]) for start in starts), default=0
        )

    def _common_starts(self, waiting: list[int]) -> list[int]:
        found: Counter[int] = Counter()
        for need in waiting:
            for team in self.made.ranges[need]:
                found.update({put.start for late in (False, True) if (put := self.best(need, team, latest=late))})
        return [start for start, _ in sorted(found.items(), key=lambda each: (-each[1], each[0]))[:STARTS]]

    def _parties(self, waiting: list[int], served: list[int]) -> Iterator[list[int]]:
        """Yield the teams among which those that stand together are chosen: all, or those of each base."""
        made = self.made
        teams = sorted({team for need in waiting for team in made.ranges[need]})
        if not made.needs[waiting[0]].one_base:
            yield teams
            return
        homes = {made.home[self.team_of[need]] for need in served}
        for home in sorted({made.home[team] for team in teams}):
            if homes <= {home}:
                yield [team for team in teams if made.home[team] == home]

    def _matched(self, waiting: list[int], start: int, teams: list[int]) -> dict[int, Insertion] | None:
        """Return insertions into plans of different teams with the highest gain, within the budget; None without."""
        if len(teams) < len(waiting):
            return None
        puts = [[self.at(need, team, start) for team in teams] for need in waiting]
        gains = np.array([[_NEVER if put is None else put.gain for put in row] for row in puts])
        rows, columns = optimize.linear_sum_assignment(gains, maximize=True)
        chosen = {waiting[row]: puts[row][column] for row, column in zip(rows, columns, strict=True)}
        found = {need: put for need, put in chosen.items() if put is not None}
        if len(found) < len(waiting) or _gain(found) <= 0:
            return None
        return found if sum(put.cost for put in found.values()) <= self.made.budget - self.cost else None

    def options(self, need: int) -> Iterator[Insertion]:
        """Yield the best insertion of a need into the plan of each team that could serve it."""
        for team in self.made.ranges[need]:
            if (put := self.best(need, team)) is not None:
                yield put

    @property
    def met(self) -> list[int]:
        """The needs that are served."""
        return [need for need, team in enumerate(self.team_of) if team >= 0]

    @property
    def open(self) -> list[int]:
        """The needs that are not served."""
        return [need for need, team in enumerate(self.team_of) if team < 0]

    def plan(self) -> tuple[TeamEngagement, ...]:
        """Return the engagements, in order of time, including those locked for these needs."""
        return tuple(sorted(self.made.engagement(self.team_of[need], need, self.start_of[need]) for need in self.met))

    def take(self, plan: Iterable[TeamEngagement]) -> None:
        """Add as many engagements of a plan as fit, each at its time; the first of two that clash stays."""
        made = self.made
        for engagement in sorted(plan):
            need, team = made.need_row.get(engagement.need), made.team_row.get(engagement.team)
            if need is not None and team is not None and self.team_of[need] < 0:
                start = made.minute(engagement.start)
                if (put := self.at(need, team, start)) is not None:
                    self.add(need, put)
        self.complete()

    def at(self, need: int, team: int, start: int) -> Insertion | None:
        """Return the insertion of a need at exactly this minute; None where a rule forbids it."""
        made, stops, way, leg = self.made, self.stops[team], self.made.way, self.made.leg
        if not any(first <= start <= last for first, last in made.ranges[need].get(team, ())):
            return None
        k = bisect_right(self.ends[team], start)
        before, then = (stops[k - 1] if k else None), (stops[k] if k < len(stops) else None)
        home, site, end = made.home[team], made.site[need], start + made.minutes[need]
        origin, aim = home if before is None else before.place, home if then is None else then.place
        into, out = way[origin][site], way[site][aim]
        early = made.ready(team, need) if before is None else before.end + into
        if start < early or (then is not None and end + out > then.start):
            return None
        more = leg[origin][site] + leg[site][aim] - (leg[origin][aim] if stops else 0)
        cost = made.day_cost[team] * made.need_days[need] + made.way_cost[team] * more
        if cost > made.budget - self.cost or not self._rests(team, need, k, start, into, out):
            return None
        if not self._day_allowed(team, need, start):
            return None
        country = made.country[team]
        after, fair = self.work[country] + made.minutes[need], made.fair[country]
        over = max(0, after - fair) - max(0, self.work[country] - fair)
        gain = self.reward(team, need) - made.unfair * over - made.per_minute[team] * more
        return Insertion(gain, team, start, k, cost)

    def tally(self) -> Tally:
        """Return the value of the plan and what it takes."""
        made = self.made
        idle = sum(self._idle(team) for team in range(len(made.teams)))
        travel = sum(made.persons[team] * self.minutes_of(team) for team in range(len(made.teams))) - idle
        over = sum(max(0, work - fair) for work, fair in zip(self.work, made.fair, strict=True))
        changed = sum(made.kept[need] not in (-1, self.team_of[need]) for need in self.met)
        cost = self.cost
        return Tally(self.value / 60, len(self.met), travel / 60, cost / 6000, over / 60, changed)

    def _idle(self, team: int) -> int:
        """Return the person-minutes of travel for engagements of other needs, which no proposal changes."""
        made = self.made
        places = [place for _, _, place, _ in made.blocks[team]]
        if not places:
            return 0
        stops = [made.home[team], *places, made.home[team]]
        return made.persons[team] * sum(made.leg[a][b] for a, b in pairwise(stops))


def _gain(found: dict[int, Insertion]) -> int:
    return sum(put.gain for put in found.values())
