"""Exact solution of small problems, and of small parts of large ones, with CP-SAT: one circuit for each team.

Every team makes a circuit from home through its engagements and back; travel, rest, length and days of duty, budget and
fair shares are modelled as in `board`, to the minute. It proves optimality for about 8 teams and 60 needs; beyond that
`improvement` finds more in less time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from ortools.sat.python import cp_model

from operations.analyses.assignment.board import BLOCK, AssignmentPlan
from operations.analyses.assignment.problem import FREE, NO_WAY, PreparedProblem

POLL = 0.2
"""Seconds between two checks for a request to stop."""


@dataclass(frozen=True)
class Proof:
    """The result of CP-SAT: the plan, if any, the bound on points times 60, and whether the plan is proven optimal."""

    board: AssignmentPlan | None
    bound: float
    proven: bool


def solve(
    made: PreparedProblem,
    seconds: float,
    hint: AssignmentPlan | None = None,
    hear: Callable[[], bool] = lambda: True,
    *,
    workers: int = 2,
    seed: int = 0,
) -> Proof:
    """Return the best plan in the time allowed; `hear` returns False to stop.

    One worker and a seed make it repeatable.
    """
    built = _Model(made)
    if hint is not None:
        built.hint(hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    status: list[cp_model.CpSolverStatus] = []
    at_work = threading.Thread(target=lambda: status.append(solver.solve(built.model)), name="cp-sat")
    at_work.start()
    while at_work.is_alive():
        at_work.join(POLL)
        if not hear():
            solver.stop_search()
            at_work.join()
    if status[0] not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Proof(None, float("inf"), proven=False)
    board = built.board(solver)
    proven = status[0] == cp_model.OPTIMAL and board.value >= round(solver.objective_value)
    return Proof(board, max(solver.best_objective_bound, board.value), proven)


class _Node(NamedTuple):
    """A node of a team's circuit: a need or a block, its earliest and latest start, duration, and variables."""

    need: int
    place: int
    first: int
    last: int
    minutes: int
    shifts: bool
    start: cp_model.LinearExprT
    duty: cp_model.IntVar
    fresh: cp_model.IntVar


class _Model:
    """The problem as a CP-SAT model."""

    def __init__(self, made: PreparedProblem) -> None:
        self.made = made
        self.model = cp_model.CpModel()
        horizon = made.midnights[-1]
        count = len(made.needs)
        self.start = [self.model.new_int_var(0, horizon, f"s{need}") for need in range(count)]
        self.length = [made.minutes[need] for need in range(count)]
        self.duty = [self.model.new_int_var(0, horizon, f"d{need}") for need in range(count)]
        self.fresh = [self.model.new_bool_var(f"f{need}") for need in range(count)]
        self.serves: dict[tuple[int, int], cp_model.IntVar] = {}
        self.points: list[cp_model.LinearExprT] = []
        self.costs: list[cp_model.LinearExprT] = []
        self._on_day: dict[tuple[int, int], dict[int, cp_model.IntVar]] = {}
        for need in range(count):
            self._need(need)
        for team in range(len(made.teams)):
            self._round(team)
            self._days(team)
        for group in sorted({each for each in made.together if len(each) > 1}):
            self._together(group)
        self._shares()
        if made.budget < FREE:
            self.model.add(sum(self.costs) <= made.budget)
        self.model.maximize(sum(self.points))

    def _need(self, need: int) -> None:
        """Add a need: the teams that may serve it and when; a duty begins with it, or it continues one."""
        made, model = self.made, self.model
        model.add(self.duty[need] == self.start[need]).only_enforce_if(self.fresh[need])
        locked = made.locked.get(need)
        if locked is not None:
            team, start, end = locked
            self.length[need] = end - start
            model.add(self.start[need] == start)
            self.serves[need, team] = model.new_constant(1)
        else:
            for team, spans in sorted(made.ranges[need].items()):
                self.serves[need, team] = does = model.new_bool_var(f"x{need}_{team}")
                model.add_linear_expression_in_domain(
                    self.start[need], cp_model.Domain.from_intervals([list(each) for each in spans])
                ).only_enforce_if(does)
        if made.shifts[need]:
            model.add(self.fresh[need] == 1)
        else:
            model.add(self.start[need] + self.length[need] - self.duty[need] <= made.duty)
        if not (own := [does for (row, _), does in self.serves.items() if row == need]):
            return
        model.add_at_most_one(own)
        self.points += [made.points(need, team) * does for (row, team), does in self.serves.items() if row == need]
        self.costs += [
            made.day_cost[team] * made.need_days[need] * does
            for (row, team), does in self.serves.items()
            if row == need
        ]

    def _together(self, group: tuple[int, ...]) -> None:
        """Needs that stand together are met all or none, from one moment, and from one base where they must."""
        made, model = self.made, self.model
        decided = [need for need in group if need in made.locked]
        own = [need for need in group if need not in made.locked]
        teams = {need: {team: does for (row, team), does in self.serves.items() if row == need} for need in group}
        homes = sorted(set(made.home)) if made.needs[group[0]].one_base else []
        for a, b in pairwise(own):
            model.add(self.start[a] == self.start[b])
            model.add(sum(teams[a].values()) == sum(teams[b].values()))
            for home in homes:
                one, other = (
                    sum(does for team, does in teams[need].items() if made.home[team] == home) for need in (a, b)
                )
                model.add(one == other)
        for need in own:
            for team, does in teams[need].items():
                for known in decided:
                    with_team, start, _ = made.locked[known]
                    model.add(self.start[need] == start).only_enforce_if(does)
                    if homes and made.home[team] != made.home[with_team]:
                        model.add(does == 0)

    def _round(self, team: int) -> None:
        """Add a team's circuit: from home through its engagements, in time, and back."""
        made, model = self.made, self.model
        nodes = [self._node(need, team) for (need, other) in self.serves if other == team]
        nodes += [self._block(team, row) for row in range(len(made.blocks[team]))]
        if not nodes:
            return
        places = [made.home[team], *(node.place for node in nodes)]
        arcs: list[tuple[int, int, cp_model.LiteralT]] = []
        if not made.blocks[team]:
            arcs.append((0, 0, away := model.new_bool_var(f"home{team}")))
            for node in nodes:
                model.add_implication(away, ~self.serves[node.need, team])
        legs: list[cp_model.LinearExprT] = []
        for b, node in enumerate(nodes, 1):
            if node.need != BLOCK:
                arcs.append((b, b, ~self.serves[node.need, team]))
            for a, origin in enumerate([None, *nodes]):
                if a == b or not self._possible(origin, node):
                    continue
                goes = model.new_bool_var(f"a{team}_{a}_{b}")
                arcs.append((a, b, goes))
                legs.append(made.leg[places[a]][places[b]] * goes)
                self._follows(team, origin, node, goes)
            back = model.new_bool_var(f"a{team}_{b}_0")
            arcs.append((b, 0, back))
            legs.append(made.leg[places[b]][places[0]] * back)
        model.add_circuit(arcs)
        minutes = sum(legs) - self._idle(team)
        self.points.append(-made.per_minute[team] * minutes)
        self.costs.append(made.way_cost[team] * minutes)

    def _idle(self, team: int) -> int:
        """Return the minutes of travel for engagements of other needs, which no plan changes."""
        made = self.made
        if not made.blocks[team]:
            return 0
        places = [made.home[team], *(place for _, _, place, _ in made.blocks[team]), made.home[team]]
        return sum(made.leg[a][b] for a, b in pairwise(places))

    def _node(self, need: int, team: int) -> "_Node":
        made = self.made
        own = self.start[need], self.duty[need], self.fresh[need]
        if need in made.locked:
            _, start, end = made.locked[need]
            return _Node(need, made.site[need], start, start, end - start, made.shifts[need], *own)
        spans = made.ranges[need][team]
        last = max(last for _, last in spans)
        return _Node(need, made.site[need], spans[0][0], last, made.minutes[need], made.shifts[need], *own)

    def _block(self, team: int, row: int) -> "_Node":
        """Return the node of an engagement for a need outside the problem, fixed even where its duty is too long."""
        made, model = self.made, self.model
        start, end, place, shifts = made.blocks[team][row]
        duty = model.new_int_var(min(0, start - made.duty), start, f"d{team}_b{row}")
        fresh = model.new_bool_var(f"f{team}_b{row}")
        model.add(duty == start).only_enforce_if(fresh)
        if shifts:
            model.add(fresh == 1)
        else:
            alone = AssignmentPlan(made).begun[team][
                [each.start for each in AssignmentPlan(made).stops[team]].index(start)
            ]
            model.add(end - duty <= max(made.duty, end - alone))
        return _Node(BLOCK, place, start, start, end - start, shifts, start, duty, fresh)

    def _possible(self, a: "_Node | None", b: "_Node") -> bool:
        if a is None:
            return True
        if a.need == BLOCK and b.need == BLOCK:
            return a.first < b.first
        way = self.made.way[a.place][b.place]
        return way < NO_WAY and a.first + a.minutes + way <= b.last

    def _follows(self, team: int, a: "_Node | None", b: "_Node", goes: cp_model.IntVar) -> None:
        """Add the constraints where `b` follows directly on `a`, or on home."""
        made, model = self.made, self.model
        if a is None:
            model.add_implication(goes, b.fresh)
            if b.need != BLOCK and made.teams[team].ready_at is not None and b.need not in made.locked:
                model.add(b.start >= made.ready(team, b.need)).only_enforce_if(goes)
            return
        way = made.leg[a.place][b.place]
        both = a.need == BLOCK and b.need == BLOCK
        if not both:
            model.add(b.start >= a.start + a.minutes + way).only_enforce_if(goes)
        if a.shifts and not both:
            model.add_implication(goes, b.fresh)
        model.add(b.start >= a.start + a.minutes + way + made.rest).only_enforce_if([goes, b.fresh])
        model.add(b.duty == a.duty).only_enforce_if([goes, ~b.fresh])

    def _days(self, team: int) -> None:
        """Limit the days on which a duty begins."""
        made, model = self.made, self.model
        if made.most_days == made.of_days:
            return
        days: dict[int, list[cp_model.LiteralT]] = {}
        fixed = {made.day(start) for start, _, _, shifts in made.blocks[team] if not shifts}
        for (need, other), does in sorted(self.serves.items(), key=lambda each: each[0]):
            if other != team or made.shifts[need]:
                continue
            for day in self._start_days(need, team):
                days.setdefault(day, []).append(self._begins(need, team, day, does))
        duty: dict[int, cp_model.LinearExprT] = dict.fromkeys(fixed, 1)
        for day, literals in sorted(days.items()):
            if day not in duty:
                duty[day] = on = model.new_bool_var(f"day{team}_{day}")
                for each in literals:
                    model.add_implication(each, on)
        for first in sorted({day - back for day in duty for back in range(made.of_days)}):
            week = [duty[day] for day in range(first, first + made.of_days) if day in duty]
            if len(week) > made.most_days:
                model.add(sum(week) <= max(made.most_days, sum(day in fixed for day in range(first, first + 7))))

    def _start_days(self, need: int, team: int) -> list[int]:
        made = self.made
        if need in made.locked:
            return [made.day(made.locked[need][1])]
        found: set[int] = set()
        for first, last in made.ranges[need][team]:
            found.update(range(made.day(first), made.day(last) + 1))
        return sorted(found)

    def _begins(self, need: int, team: int, day: int, does: cp_model.IntVar) -> cp_model.LiteralT:
        """Return a literal for whether the team begins the need on a day."""
        made, model = self.made, self.model
        every = self._start_days(need, team)
        if len(every) == 1:
            return does
        key = need, team
        if key not in self._on_day:
            literals = {each: model.new_bool_var(f"b{need}_{team}_{each}") for each in every}
            model.add(sum(literals.values()) == does)
            for each, literal in literals.items():
                model.add(self.start[need] >= made.midnights[each]).only_enforce_if(literal)
                model.add(self.start[need] < made.midnights[each + 1]).only_enforce_if(literal)
            self._on_day[key] = literals
        return self._on_day[key][day]

    def _shares(self) -> None:
        """Add the minutes that each country works beyond its fair share."""
        made, model = self.made, self.model
        for country in range(len(made.countries)):
            own = [
                made.minutes[need] * does for (need, team), does in self.serves.items() if made.country[team] == country
            ]
            if not own or not made.unfair:
                continue
            over = model.new_int_var(0, max(1, sum(made.minutes)), f"over{country}")
            model.add(over >= sum(own) - made.fair[country])
            self.points.append(-made.unfair * over)

    # --------------------------------------------------------------------------------------- hints and solutions

    def hint(self, board: AssignmentPlan) -> None:
        """Give the solver a plan as a hint."""
        for (need, team), does in self.serves.items():
            if need not in self.made.locked:
                self.model.add_hint(does, board.team_of[need] == team)
        for need in board.met:
            if need not in self.made.locked:
                self.model.add_hint(self.start[need], board.start_of[need])

    def board(self, solver: cp_model.CpSolver) -> AssignmentPlan:
        """Return the solution as a plan, built by the plan's own rules."""
        board = AssignmentPlan(self.made)
        chosen = [
            (solver.value(self.start[need]), need, team)
            for (need, team), does in self.serves.items()
            if need not in self.made.locked and solver.boolean_value(does)
        ]
        for start, need, team in sorted(chosen):
            if (put := board.at(need, team, start)) is not None:
                board.add(need, put)
        board.complete()
        return board
