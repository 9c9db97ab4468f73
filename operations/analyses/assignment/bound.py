"""Upper bound on the value of any plan: the assignment relaxation, a linear programme that ignores exact times.

Its constraints: at most one team for a need, no more work in any stretch of time than the rules of rest allow, at most
one of several needs that all cover one moment, and the budget; a team's round is at least as long as the shortest legs.
Every plan satisfies them and further constraints only lower its value, so the optimum is a bound.
"""

from typing import NamedTuple

import highspy
import numpy as np

from operations.analyses.assignment.problem import FREE, PreparedProblem

SLACK = 1e-6
"""Relative tolerance of the linear programme."""
DETAILED = 6000
"""The number of pairs of need and team up to which the programme also models whether a team leaves home."""


def plain_bound(made: PreparedProblem) -> float:
    """Return the points (times 60) of all needs that some team could serve, without any other constraint."""
    served = [need for need in range(len(made.needs)) if made.ranges[need] or need in made.locked]
    return float(sum(made.reward[need] for need in served))


def bound(made: PreparedProblem, seconds: float = 20.0) -> float:
    """Return an upper bound on the points of any plan, times 60; `plain_bound` where the time does not suffice."""
    plain = plain_bound(made)
    pairs = [
        (need, team) for need, teams in enumerate(made.ranges) for team in sorted(teams) if need not in made.locked
    ]
    pairs += [(need, team) for need, (team, _, _) in sorted(made.locked.items())]
    if not pairs:
        return plain
    model = _Model(made, pairs)
    found = model.solve(seconds)
    return plain if found is None else min(plain, found)


class _Round(NamedTuple):
    """The minimum of a team's round not charged to single engagements, and how the rest is charged to them."""

    minutes: float
    by_legs: bool


class _Model:
    """The relaxation as a linear programme: a column for each pair and for each country's hours beyond its share, and
    rows.
    """

    def __init__(self, made: PreparedProblem, pairs: list[tuple[int, int]]) -> None:
        self.made, self.pairs = made, pairs
        self.rows: list[tuple[list[int], list[float], float]] = []
        self.by_need: dict[int, list[int]] = {}
        self.by_team: dict[int, list[int]] = {}
        for column, (need, team) in enumerate(pairs):
            self.by_need.setdefault(need, []).append(column)
            self.by_team.setdefault(team, []).append(column)
        self.lower = [1.0 if need in made.locked else 0.0 for need, _ in pairs]
        self.round = {team: self._least_round(team) for team in self.by_team}
        self.gain = [self._gain(need, team) for need, team in pairs]
        self.upper = [1.0] * len(pairs)
        for columns in self.by_need.values():
            self.rows.append((columns, [1.0] * len(columns), 1.0))
        self._together()
        for team, columns in self.by_team.items():
            self._stretches(team, columns)
            self._moments(columns)
            self._days(team, columns)
            self._leaves(team, columns)
        self._budget()
        self._fairness()

    def _together(self) -> None:
        """Add rows by which needs that stand together are met to the same part."""
        for group in {each for each in self.made.together if len(each) > 1}:
            own = [need for need in group if need not in self.made.locked]
            for a, b in zip(own, own[1:] + own[:1], strict=True):
                one, other = self.by_need.get(a, []), self.by_need.get(b, [])
                if one and a != b:
                    self.rows.append(([*one, *other], [1.0] * len(one) + [-1.0] * len(other), 0.0))

    def _gain(self, need: int, team: int) -> float:
        made = self.made
        way = self._into(need, team) if self.round[team].by_legs else self._detour(need, team)
        return made.points(need, team) - made.per_minute[team] * way

    def _least_round(self, team: int) -> "_Round":
        """Return the minimum travel of a team that leaves home, beyond the travel charged to its engagements.

        A round has a leg from home, one back, and one between each stop and the next. Either each stop is charged half
        of the legs beside it, which leaves half of those at home; or each but the first the leg that leads to it. The
        larger minimum is used.
        """
        made, home = self.made, self.made.home[team]
        if made.blocks[team]:
            return _Round(0.0, by_legs=False)
        sites = {made.site[self.pairs[column][0]] for column in self.by_team[team]}
        at_home = min(made.leg[home][site] for site in sites) + min(made.leg[site][home] for site in sites)
        longest = max(self._into(self.pairs[column][0], team) for column in self.by_team[team])
        half, whole = at_home / 2, at_home - longest
        return _Round(whole, by_legs=True) if whole > half else _Round(half, by_legs=False)

    def _into(self, need: int, team: int) -> float:
        """Return the minutes from the nearest other place that the team may serve; 0 where there is none."""
        made = self.made
        others = {self.pairs[column][0] for column in self.by_team[team]} - {need}
        return min((made.leg[made.site[other]][made.site[need]] for other in others), default=0)

    def _leaves(self, team: int, columns: list[int]) -> None:
        """Add a column for whether a team leaves home at all."""
        if len(self.pairs) > DETAILED or not self.round[team].minutes:
            return
        leaves = self._column(-self.made.per_minute[team] * self.round[team].minutes, 1.0)
        for column in columns:
            self.rows.append(([column, leaves], [1.0, -1.0], 0.0))

    def _detour(self, need: int, team: int) -> float:
        """Return the minutes of travel charged to an engagement: half of the shortest ways in and out.

        A round through n stops has n + 1 legs; each stop is charged half of the legs at either side. The rest belongs
        to home and is not counted. 0 where a team has other work already: it may travel its legs anyway.
        """
        made = self.made
        if made.blocks[team]:
            return 0.0
        site = made.site[need]
        others = [made.home[team]] + [
            made.site[other] for other in {self.pairs[column][0] for column in self.by_team[team]} - {need}
        ]
        into = min((made.leg[place][site] for place in others), default=0)
        out = min((made.leg[site][place] for place in others), default=0)
        return (into + out) / 2

    def _starts(self, column: int) -> tuple[int, int, int]:
        """Return the earliest and the latest start of a pair, and its duration (minutes)."""
        need, team = self.pairs[column]
        if need in self.made.locked:
            _, start, end = self.made.locked[need]
            return start, start, end - start
        spans = self.made.ranges[need][team]
        return spans[0][0], max(last for _, last in spans), self.made.minutes[need]

    def _span(self, column: int) -> tuple[int, int]:
        """Return the earliest start and the latest end of a pair."""
        first, last, minutes = self._starts(column)
        return first, last + minutes

    def _stretches(self, team: int, columns: list[int]) -> None:
        """Add rows: in each stretch of time a team works no longer than the rules of rest allow."""
        made = self.made
        spans = {column: self._span(column) for column in columns}
        firsts = sorted({first for first, _ in spans.values()})
        lasts = sorted({last for _, last in spans.values()})
        if len(firsts) * len(lasts) > 900:
            firsts, lasts = firsts[:: 1 + len(firsts) // 30], lasts[:: 1 + len(lasts) // 30]
        for first in firsts:
            inside = [column for column in columns if spans[column][0] >= first]
            for last in lasts:
                if last <= first:
                    continue
                here = [column for column in inside if spans[column][1] <= last]
                short = [column for column in here if not made.shifts[self.pairs[column][0]]]
                self._capacity(here, float(last - first))
                self._capacity(short, self._duty(first, last))

    def _duty(self, first: int, last: int) -> float:
        """Return the minutes of duty that fit between two moments, with rest in between."""
        made = self.made
        whole, rest = divmod(last - first, made.duty + made.rest)
        return float(whole * made.duty + min(rest, made.duty))

    def _capacity(self, columns: list[int], minutes: float) -> None:
        work = [float(self.made.minutes[self.pairs[column][0]]) for column in columns]
        if sum(work) > minutes:
            self.rows.append((columns, work, minutes))

    def _moments(self, columns: list[int]) -> None:
        """Add rows: of needs that all cover a moment, whenever they begin, a team serves one."""
        must: list[tuple[int, int, int]] = []
        for column in columns:
            first, last, minutes = self._starts(column)
            if last < first + minutes:
                must.append((last, first + minutes, column))
        for moment in sorted({last for last, _, _ in must}):
            together = [column for last, end, column in must if last <= moment < end]
            if len(together) > 1:
                self.rows.append((together, [1.0] * len(together), 1.0))

    def _days(self, team: int, columns: list[int]) -> None:
        """Add columns for the days on which a team begins a duty, for needs that must begin on one certain day."""
        made = self.made
        if made.most_days == made.of_days:
            return
        on_day: dict[int, list[int]] = {}
        for column in columns:
            first, last, _ = self._starts(column)
            if not made.shifts[self.pairs[column][0]] and made.day(first) == made.day(last):
                on_day.setdefault(made.day(first), []).append(column)
        duty = {day: self._column(0.0, 1.0) for day in sorted(on_day)}
        for day, own in on_day.items():
            spans = [self._span(column) for column in own]
            most = self._duty(min(first for first, _ in spans), max(last for _, last in spans))
            work = [float(made.minutes[self.pairs[column][0]]) for column in own]
            self.rows.append(([*own, duty[day]], [*work, -most], 0.0))
            for column in own:
                self.rows.append(([column, duty[day]], [1.0, -1.0], 0.0))
        for first in sorted(on_day):
            week = [duty[day] for day in range(first, first + made.of_days) if day in duty]
            if len(week) > made.most_days:
                self.rows.append((week, [1.0] * len(week), float(made.most_days)))

    def _column(self, gain: float, upper: float) -> int:
        self.gain.append(gain)
        self.lower.append(0.0)
        self.upper.append(upper)
        return len(self.gain) - 1

    def _budget(self) -> None:
        made = self.made
        if made.budget >= FREE:
            return
        costs = []
        for need, team in self.pairs:
            way = made.way_cost[team] * self._detour(need, team)
            costs.append((made.day_cost[team] * made.need_days[need] + way) / 6000)
        self.rows.append((list(range(len(self.pairs))), costs, made.budget / 6000))

    def _fairness(self) -> None:
        """Add columns for the minutes that each country works beyond its share."""
        made = self.made
        for country in range(len(made.countries)):
            own = [k for k, (_, team) in enumerate(self.pairs) if made.country[team] == country]
            column = self._column(-float(made.unfair), highspy.kHighsInf)
            work = [float(made.minutes[self.pairs[k][0]]) for k in own]
            self.rows.append(([*own, column], [*work, -1.0], float(made.fair[country])))

    def solve(self, seconds: float) -> float | None:
        """Return the optimum plus a tolerance; None where it was not found in time."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.gain), len(self.rows)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(self.gain), np.array(self.lower), np.array(self.upper)
        lp.row_lower_ = np.full(len(self.rows), -highspy.kHighsInf)
        lp.row_upper_ = np.array([most for _, _, most in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.r_[0, np.cumsum([len(columns) for columns, _, _ in self.rows])]
        lp.a_matrix_.index_ = np.concatenate([columns for columns, _, _ in self.rows])
        lp.a_matrix_.value_ = np.concatenate([values for _, values, _ in self.rows])
        model = highspy.Highs()  # type: ignore[no-untyped-call]
        model.silent()
        model.setOptionValue("threads", 1)
        model.passModel(lp)
        model.setOptionValue("time_limit", float(seconds))
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        value = float(model.getInfo().objective_function_value)
        return value + SLACK * max(1.0, abs(value))
