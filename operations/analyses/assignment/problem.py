"""Assignment problems: teams, needs, rules, budget and locked engagements; and the same in minutes for the search."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from operations.support import suitability
from operations.support.team_facts import NeedFacts, RestRules, TeamEngagement, TeamFacts, TimeWindow, Travel

MINUTE = timedelta(minutes=1)
HOUR = 60
NO_WAY = 10**7
"""Minutes of an unknown way: longer than any horizon."""
FREE = 10**15
"""An unlimited budget."""
MONEY = 6000
"""Cost units in one unit of currency, so that costs of hours and of days are whole numbers."""


class Unassignable(ValueError):
    """The problem has no solution as stated. `template` is English with {named} places, `params` fills them.

    A parameter that is a tuple holds sentences.
    """

    def __init__(self, template: str, **params: object) -> None:
        self.template, self.params = template, params
        said = {name: " ".join(map(str, each)) if isinstance(each, tuple) else each for name, each in params.items()}
        super().__init__(template.format(**said))


@dataclass(frozen=True, slots=True)
class Worth:
    """Weights of the objective, in points, each a whole number.

    A met need is worth at least `met` times its priority, and always more than its cost in points. Deducted are
    `travel` for each person and hour on the road, up to `unfair` for a country's work beyond its fair share (all of it
    for the longest need), `change` for each need served by another team than in the plan in force, and `unoffered` for
    each whose team has not been offered for it.
    """

    met: int = 1000
    travel: int = 1
    unfair: int = 100
    change: int = 20
    unoffered: int = 50

    def __post_init__(self) -> None:
        if min(self.met, self.travel, self.unfair, self.change, self.unoffered) < 0 or self.met == 0:
            raise ValueError("Points are whole numbers of 0 or more, and a need met is worth some.")


@dataclass(frozen=True)
class AssignmentProblem:
    """An assignment problem. `locked` engagements stay as they are; `forbidden` names (team, need) that may not be.

    Locked engagements for needs outside `needs` only take their team's time. `in_force` is the plan that a proposal is
    compared with. `offered` names (team, need) that a country offers; None where offers do not matter. `budget` covers
    all assignments for the needs; None is no limit.
    """

    teams: tuple[TeamFacts, ...]
    needs: tuple[NeedFacts, ...]
    travel: Travel
    rules: RestRules = field(default_factory=RestRules)
    budget: float | None = None
    locked: tuple[TeamEngagement, ...] = ()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    in_force: tuple[TeamEngagement, ...] = ()
    offered: frozenset[tuple[str, str]] | None = None
    worth: Worth = field(default_factory=Worth)

    def __post_init__(self) -> None:
        for named in (self.teams, self.needs):
            if repeated := [key for key, times in Counter(each.id for each in named).items() if times > 1]:
                raise ValueError(f"{repeated[0]!r} is there twice.")

    @cached_property
    def team(self) -> Mapping[str, TeamFacts]:
        """Teams by their ids."""
        return {each.id: each for each in self.teams}

    @cached_property
    def need(self) -> Mapping[str, NeedFacts]:
        """Needs by their ids."""
        return {each.id: each for each in self.needs}


class PreparedProblem:
    """A checked problem in whole minutes since `origin`, with teams and needs sorted by their ids.

    `ranges[n][t]`: when team t may begin need n, as (first, last) minutes; impossible pairs are missing. `reward[n]`:
    points of need n, times 60, so that a minute on the road is a whole number, too. Raises Unassignable.
    """

    def __init__(self, problem: AssignmentProblem) -> None:
        self.problem = problem
        if not problem.needs:
            raise Unassignable("There is no open need to assign teams to: enter a request first.")
        if not problem.teams:
            raise Unassignable("There is no team to assign: enter a team, or invite a country that has one.")
        self.teams = sorted(problem.teams, key=lambda each: each.id)
        self.needs = sorted(problem.needs, key=lambda each: each.id)
        self.team_row = {each.id: row for row, each in enumerate(self.teams)}
        self.need_row = {each.id: row for row, each in enumerate(self.needs)}
        self.rules = problem.rules
        self.origin = min(
            [window.start for need in self.needs for window in need.windows] + [each.start for each in problem.locked]
        ).astimezone(UTC)
        self.origin -= timedelta(seconds=self.origin.second, microseconds=self.origin.microsecond)
        self._places()
        self._days()
        worth = problem.worth
        self.persons = [each.persons for each in self.teams]
        self.minutes = [math.ceil(each.hours * HOUR - 1e-6) for each in self.needs]
        self.shifts = [self.rules.in_shifts(each.hours) for each in self.needs]
        self.met = max(worth.met, self._most_taken())
        self.reward = [each.priority * self.met * HOUR for each in self.needs]
        self.rest = math.ceil(self.rules.rest * HOUR - 1e-6)
        self.duty = math.floor(self.rules.longest_duty * HOUR + 1e-6)
        self.per_minute = [worth.travel * each.persons for each in self.teams]
        self._money()
        self._fair()
        self._pairs()
        self._groups()
        self._locks()

    # ------------------------------------------------------------------------------------------ time and place

    def minute(self, moment: datetime, *, up: bool = False) -> int:
        """Return the minutes since the origin, rounded down or up."""
        exact = (moment - self.origin) / MINUTE
        return math.ceil(exact - 1e-9) if up else math.floor(exact + 1e-9)

    def moment(self, minute: int) -> datetime:
        """Return the moment of a minute."""
        return self.origin + minute * MINUTE

    def day(self, minute: int) -> int:
        """Return the number of the day that a minute belongs to."""
        return bisect_right(self.midnights, minute) - 1

    def engagement(self, team: int, need: int, start: int) -> TeamEngagement:
        """Return the engagement of two rows; a locked one as it was given."""
        if need in self.given:
            return self.given[need]
        return TeamEngagement.of(self.teams[team], self.needs[need], self.moment(start))

    def _places(self) -> None:
        problem = self.problem
        keys = sorted(
            {each.home for each in self.teams}
            | {each.site for each in self.needs}
            | {each.site for each in problem.locked}
        )
        self.place_row = {key: row for row, key in enumerate(keys)}
        self.way = [[self._way(a, b) for b in keys] for a in keys]
        self.leg = [[0 if each >= NO_WAY else each for each in row] for row in self.way]
        """Minutes of travel for sums: unknown ways count 0."""
        self.home = [self.place_row[each.home] for each in self.teams]
        self.site = [self.place_row[each.site] for each in self.needs]

    def _way(self, a: str, b: str) -> int:
        hours = self.problem.travel(a, b)
        return NO_WAY if hours is None else math.ceil(hours * HOUR - 1e-6)

    def _days(self) -> None:
        last = max(
            [window.end for need in self.needs for window in need.windows] + [each.end for each in self.problem.locked]
        )
        zone = ZoneInfo(self.rules.zone)
        first = self.origin.astimezone(zone).date()
        count = (last.astimezone(zone).date() - first).days + 2
        dates = [first + timedelta(days=n) for n in range(count)]
        self.midnights = [self.minute(datetime.combine(each, time(), zone)) for each in dates]
        self.most_days, self.of_days = self.rules.most_days, self.rules.of_days

    # -------------------------------------------------------------------------------------------------- costs

    def _money(self) -> None:
        budget = self.problem.budget
        if budget is not None and not 0 <= budget < math.inf:
            raise Unassignable("The budget must be 0 or more.")
        self.budget = FREE if budget is None else math.floor(budget * MONEY + 1e-6)
        self.day_cost = [round(each.cost_per_day * MONEY) for each in self.teams]
        self.way_cost = [round(each.cost_per_travel_hour * MONEY / HOUR) for each in self.teams]
        self.need_days = [math.ceil(each.hours / 24) for each in self.needs]

    def _fair(self) -> None:
        """Compute the fair share of each country in minutes: its part of all work, by the available time of its
        teams.
        """
        self.countries = sorted({each.country for each in self.teams})
        row = {each: number for number, each in enumerate(self.countries)}
        self.country = [row[each.country] for each in self.teams]
        end = self.midnights[-1]
        span = TimeWindow(self.origin, self.moment(end))
        free = [0.0] * len(self.countries)
        for team, country in zip(self.teams, self.country, strict=True):
            away = sum(
                (min(absence.end, span.end) - max(absence.start, span.start)) / MINUTE
                for absence in team.unavailable
                if absence.meets(span.start, span.end)
            )
            free[country] += max(0.0, end - away)
        work, total = sum(self.minutes), sum(free) or 1.0
        self.fair = [math.ceil(work * each / total) for each in free]
        worth = self.problem.worth.unfair
        self.unfair = max(1, round(worth * HOUR / max(self.minutes))) if worth else 0

    def _most_taken(self) -> int:
        """Return the most points that serving a need can cost, so that no need is left unserved because of them."""
        worth = self.problem.worth
        farthest = max(max(row) for row in self.leg) * max(each.persons for each in self.teams)
        taken = worth.travel * 2 * farthest / HOUR + 2 * worth.unfair + worth.change + worth.unoffered
        return math.ceil(1.2 * taken)

    # ---------------------------------------------------------------------------------------------------- pairs

    def _pairs(self) -> None:
        forbidden = self.problem.forbidden
        self.ranges: list[dict[int, list[tuple[int, int]]]] = []
        for row, need in enumerate(self.needs):
            found: dict[int, list[tuple[int, int]]] = {}
            for number, team in enumerate(self.teams):
                if (team.id, need.id) not in forbidden and (spans := self._spans(number, team, row, need)):
                    found[number] = spans
            self.ranges.append(found)
        self.kept = [-1] * len(self.needs)
        """The team that serves each need in the plan in force."""
        for each in self.problem.in_force:
            if each.need in self.need_row and each.team in self.team_row:
                self.kept[self.need_row[each.need]] = self.team_row[each.team]
        self.change = self.problem.worth.change * HOUR
        self.unoffered = self.problem.worth.unoffered * HOUR

    def _spans(self, number: int, team: TeamFacts, row: int, need: NeedFacts) -> list[tuple[int, int]]:
        never = {
            suitability.UnfitReason.SPECIALISM,
            suitability.UnfitReason.LANGUAGE,
            suitability.UnfitReason.CERTIFICATE,
            suitability.UnfitReason.PERSONS,
            suitability.UnfitReason.BASE,
        }
        if any(each.reason in never for each in suitability.lacks(team, need, self.origin)):
            return []
        if self.way[self.home[number]][self.site[row]] >= NO_WAY:
            return []
        minutes = self.minutes[row]
        ends = [end for code in need.certificates if (end := team.certificates[code]) is not None]
        valid = self.minute(min(ends)) if ends else FREE
        spans = []
        for window in sorted(need.windows):
            begin, close = self.minute(window.start, up=True), min(self.minute(window.end), valid)
            for away in sorted(each for each in team.unavailable if each.meets(window.start, window.end)):
                if self.minute(away.start) - begin >= minutes:
                    spans.append((begin, min(self.minute(away.start), close) - minutes))
                begin = max(begin, self.minute(away.end, up=True))
            if close - begin >= minutes:
                spans.append((begin, close - minutes))
        return [(first, last) for first, last in spans if first <= last]

    def _groups(self) -> None:
        """Index for each need the rows of all that are met together with it, itself among them, in order.

        Raises ValueError where these do not last as long or may not begin at the same times.
        """
        self.together: list[tuple[int, ...]] = []
        for row, need in enumerate(self.needs):
            group = tuple(sorted({row, *(self.need_row[each] for each in need.beside if each in self.need_row)}))
            for other in map(self.needs.__getitem__, group):
                same = other.windows, other.hours, other.one_base, other.beside | {other.id}
                if same != (need.windows, need.hours, need.one_base, need.beside | {need.id}):
                    raise ValueError(f"{need.id!r} and {other.id!r} stand together, but not alike.")
            self.together.append(group)

    def points(self, need: int, team: int) -> int:
        """Return the points (times 60) for a need served by a team, travel and fairness aside."""
        offered = self.problem.offered
        lost = self.change if self.kept[need] not in (-1, team) else 0
        if offered is not None and self.kept[need] != team:
            lost += 0 if (self.teams[team].id, self.needs[need].id) in offered else self.unoffered
        return self.reward[need] - lost

    def ready(self, team: int, need: int) -> int:
        """Return the earliest minute at which a team that comes from home can begin."""
        leaves = self.teams[team].ready_at
        return 0 if leaves is None else self.minute(leaves, up=True) + self.way[self.home[team]][self.site[need]]

    def _locks(self) -> None:
        """Index locked engagements by row, and those of other needs as blocks.

        Raises Unassignable where they contradict each other.
        """
        problem = self.problem
        self.locked: dict[int, tuple[int, int, int]] = {}
        self.given: dict[int, TeamEngagement] = {}
        self.blocks: list[list[tuple[int, int, int, bool]]] = [[] for _ in self.teams]
        by_team: dict[int, list[TeamEngagement]] = {}
        for engagement in sorted(problem.locked):
            if engagement.team not in self.team_row:
                raise Unassignable(
                    "A locked assignment names a team that does not exist: {team}. Release it, or choose another team.",
                    team=engagement.team,
                )
            team = self.team_row[engagement.team]
            by_team.setdefault(team, []).append(engagement)
            if engagement.need in self.need_row:
                row = self.need_row[engagement.need]
                if row in self.locked:
                    raise Unassignable(
                        "Two teams are locked for {need}. Release one of the two assignments.", need=engagement.need
                    )
                self.locked[row] = team, self.minute(engagement.start), self.minute(engagement.end, up=True)
                self.given[row] = engagement
            else:
                self.blocks[team].append(
                    (
                        self.minute(engagement.start),
                        self.minute(engagement.end, up=True),
                        self.place_row[engagement.site],
                        self.rules.in_shifts(engagement.hours),
                    )
                )
        for team, plan in by_team.items():
            against = suitability.plan_reasons(self.teams[team], plan, problem.need, self.rules, problem.travel)
            for need, why in sorted(against.items()):
                raise Unassignable(
                    "This locked assignment is not possible: {team} for {need}. {why} Release it, or "
                    "remove what prevents it.",
                    team=self.teams[team].id,
                    need=need,
                    why=why,
                )
        if problem.budget is not None and (spent := self._spent(by_team)) > problem.budget + 1e-6:
            raise Unassignable(
                "The locked assignments cost {cost}, but the budget is {budget}. Raise the "
                "budget, or release an assignment.",
                cost=f"{spent:.0f}",
                budget=f"{problem.budget:.0f}",
            )

    def _spent(self, by_team: Mapping[int, Sequence[TeamEngagement]]) -> float:
        """Return the cost of locked engagements for the needs, beyond the cost of their teams' other work."""
        travel = self.problem.travel
        return sum(
            suitability.cost(self.teams[team], plan, travel)
            - suitability.cost(self.teams[team], [each for each in plan if each.need not in self.need_row], travel)
            for team, plan in by_team.items()
        )
