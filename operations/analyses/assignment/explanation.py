"""Explanations of a proposal: why each team was chosen, how an unmet need could be met, and the share of each
country.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from geodata.events.points import Note
from operations.analyses.assignment.board import AssignmentPlan, Insertion
from operations.analyses.assignment.problem import FREE, MONEY, AssignmentProblem, PreparedProblem
from operations.analyses.assignment.solver import Advice
from operations.support import suitability, team_facts
from operations.support.suitability import Against, UnfitReason
from operations.support.team_facts import NeedFacts, TeamEngagement, TeamFacts

MOST_CHANGES = 3
"""The largest number of changes listed for an unmet need."""
WIDER = 72 * 60
"""The most minutes by which a window is tentatively extended."""


@dataclass(frozen=True)
class MetNeed:
    """A met need: engagement, travel, cost, the next best team, the loss with it, and the reason in words."""

    engagement: TeamEngagement
    person_hours: float
    cost: float
    next_best: str | None
    loss: float
    words: Note
    decided: bool


@dataclass(frozen=True)
class Unmet:
    """An unmet need, and changes that would meet it, easiest first."""

    need: str
    changes: tuple[Note, ...]


@dataclass(frozen=True)
class CountryContribution:
    """The contribution of a country: hours of work of its teams, and its fair share in hours."""

    country: str
    hours: float
    fair: float
    teams: int


def choices(advice: Advice) -> list[MetNeed]:
    """Return every met need, in order of time."""
    return [_choice(advice, each) for each in advice.plan]


def unmet(advice: Advice) -> list[Unmet]:
    """Return every unmet need, most pressing first."""
    made = advice.made
    waiting = sorted(advice.board.open, key=lambda need: (-made.reward[need], need))
    return [Unmet(made.needs[need].id, tuple(_changes(advice.board, need))) for need in waiting]


def shares(advice: Advice) -> list[CountryContribution]:
    """Return the contribution of each country, with its fair share: as much of all work as its teams have of all
    time.
    """
    made, board = advice.made, advice.board
    return [
        CountryContribution(country, board.work[row] / 60, made.fair[row] / 60, made.country.count(row))
        for row, country in enumerate(made.countries)
    ]


def against(
    problem: AssignmentProblem, plan: Iterable[TeamEngagement], need: str, start: datetime
) -> dict[str, tuple[Against, ...]]:
    """Return for each team all reasons against its serving a need from `start`, beside the rest of the plan."""
    listed = [*plan, *(each for each in problem.locked if each.need not in problem.need)]
    wanted = problem.need[need]
    return {
        team.id: suitability.reasons(team, wanted, start, listed, problem.rules, problem.travel)
        for team in problem.teams
    }


def _choice(advice: Advice, engagement: TeamEngagement) -> MetNeed:
    made = advice.made
    need, team = made.need_row[engagement.need], made.team_row[engagement.team]
    if need in made.locked:
        words = Note("{team} was decided by the coordinator.", {"team": engagement.team})
        return MetNeed(engagement, 0.0, 0.0, None, 0.0, words, decided=True)
    board = advice.board.copy()
    value, cost = board.value, board.cost
    board.remove(need)
    gain = value - board.value
    minutes = made.persons[team] * (advice.board.minutes_of(team) - board.minutes_of(team))
    puts = board.options(need) if len(made.together[need]) == 1 else _beside(board, need, engagement)
    rivals = sorted((put for put in puts if put.team != team), key=lambda put: (-put.gain, made.teams[put.team].id))
    hours = minutes / 60
    known: dict[str, object] = {"team": engagement.team, "hours": f"{hours:.0f}", "of": len(made.ranges[need])}
    spent = (cost - board.cost) / MONEY
    if not rivals:
        words = (
            Note("{team} is the only team that has what is needed and can come then.", known)
            if len(made.ranges[need]) == 1
            else Note(
                "{team}: {of} teams have what is needed, and the others are busy or cannot come in time. {hours} "
                "person-hours of travel.",
                known,
            )
        )
        return MetNeed(engagement, hours, spent, None, gain / 60, words, decided=False)
    loss = (gain - rivals[0].gain) / 60
    other = made.teams[rivals[0].team].id
    known |= {"other": other, "loss": f"{max(0.0, loss):.0f}"}
    words = (
        Note("{team} ({hours} person-hours of travel). {other} would do as well.", known)
        if loss < 0.5
        else Note(
            "{team} ({hours} person-hours of travel) is the best of {of} teams that have what is needed. {other}, the "
            "next, would cost {loss} points more.",
            known,
        )
    )
    return MetNeed(engagement, hours, spent, other, max(0.0, loss), words, decided=False)


# ------------------------------------------------------------------------------------- changes that would help


def _beside(board: AssignmentPlan, need: int, engagement: TeamEngagement) -> list[Insertion]:
    """Return the insertions of a need from the moment at which the others that stand together with it are there."""
    made = board.made
    start = made.minute(engagement.start)
    others = {board.team_of[each] for each in made.together[need]} - {-1}
    homes = {made.home[team] for team in others} if made.needs[need].one_base else set(made.home)
    free = [team for team in made.ranges[need] if made.home[team] in homes]
    return [put for team in free if (put := board.at(need, team, start)) is not None]


def _changes(board: AssignmentPlan, need: int) -> list[Note]:
    made = board.made
    if not made.ranges[need]:
        return _never(made, need)
    if (many := len(made.together[need])) > 1:
        return [_apart(board, need, many)]
    found = [*_money(board, need), *_in_the_way(board, need), *_wider(board, need)]
    if not found:
        known = {"teams": len(made.ranges[need]), "specialisms": ", ".join(sorted(made.needs[need].specialisms))}
        found.append(
            Note("All {teams} teams that have what is needed are busy then: ask for another with {specialisms}.", known)
        )
    return found[:MOST_CHANGES]


def _apart(board: AssignmentPlan, need: int, many: int) -> Note:
    """Explain a need whose teams must stand together and cannot."""
    known: dict[str, object] = {"teams": many, "free": board.most_together(need)}
    if board.made.needs[need].one_base:
        return Note("{teams} teams of one base must come together. Ask for them, or let each come alone.", known)
    return Note(
        "{teams} teams must be there together, and {free} could be. Ask for more, or let each come alone.", known
    )


def _never(made: PreparedProblem, need: int) -> list[Note]:
    """Explain a need that no team can ever serve: the teams that lack least, and what they lack."""
    wanted, problem = made.needs[need], made.problem
    lacking: list[tuple[int, str, tuple[Against, ...]]] = []
    for team in made.teams:
        if (team.id, wanted.id) in problem.forbidden:
            continue
        reasons_against = _alone(team, wanted, problem)
        if reasons_against:
            lacking.append((len(reasons_against), team.id, reasons_against))
    if not lacking:
        return [Note("Every team was ruled out for this need: allow one again, or ask for another team.")]
    least = min(lacking)[0]
    nearest = [each for each in sorted(lacking, key=lambda each: each[:2]) if each[0] == least][:MOST_CHANGES]
    if least == 1:
        return [Note(_WOULD[why[0].reason], dict(why[0].params) | {"team": team}) for _, team, why in nearest]
    _, team_id, reasons = nearest[0]
    first = Note("{team} comes nearest, and {count} things stand against it.", {"team": team_id, "count": least})
    return [first, *(Note(each.template, dict(each.params)) for each in reasons)]


def _alone(team: TeamFacts, need: NeedFacts, problem: AssignmentProblem) -> tuple[Against, ...]:
    """Return the reasons against a team without other engagements, at the time that suits it best."""
    starts = {start for window in need.windows for start in _starts(window, team, need)}
    every = [suitability.reasons(team, need, start, (), problem.rules, problem.travel) for start in sorted(starts)]
    return min(every, key=len)


def _starts(window: team_facts.TimeWindow, team: TeamFacts, need: NeedFacts) -> list[datetime]:
    """Return possible starts of a need within a window and around a team's absences."""
    long = timedelta(hours=need.hours)
    around = [each.end for each in team.unavailable] + [each.start - long for each in team.unavailable]
    return [window.start, *(each for each in around if window.start <= each and each + long <= window.end)]


_WOULD: dict[UnfitReason, str] = {
    reason: note.template
    for reason, note in {
        UnfitReason.SPECIALISM: Note("It would be met if {team} also had {specialisms}."),
        UnfitReason.LANGUAGE: Note("It would be met if {team} also spoke {languages}: add an interpreter."),
        UnfitReason.CERTIFICATE: Note("It would be met if {team} held the certificate {certificates}."),
        UnfitReason.CERTIFICATE_EXPIRED: Note(
            "It would be met if {team} renewed {certificates}, which ends on {date}."
        ),
        UnfitReason.PERSONS: Note("It would be met if {team} had {needed} persons; it has {persons}."),
        UnfitReason.BASE: Note("It would be met if {team} were based at {base}, from where the others come."),
        UnfitReason.UNAVAILABLE: Note("It would be met if {team} were available from {start} to {end}."),
        UnfitReason.NO_WAY: Note(
            "It may be met once a travel time from {origin} to {destination} is known for {team}."
        ),
        UnfitReason.NOT_READY: Note("It would be met if {team} could leave earlier than {ready}."),
        UnfitReason.WINDOW: Note("The work is longer than the time it is needed in: give it until later than {end}."),
    }.items()
}


def _money(board: AssignmentPlan, need: int) -> list[Note]:
    made = board.made
    if made.budget >= FREE:
        return []
    puts = [put for team in made.ranges[need] if (put := board.best(need, team, budget=FREE)) is not None]
    if not puts:
        return []
    cheapest = min(puts, key=lambda put: (put.cost, put.team))
    short = (cheapest.cost - (made.budget - board.cost)) / MONEY
    if short <= 0:
        return []
    return [
        Note(
            "It would be met by {team} if the budget were {amount} higher.",
            {"team": made.teams[cheapest.team].id, "amount": f"{short:.0f}"},
        )
    ]


def _in_the_way(board: AssignmentPlan, need: int) -> list[Note]:
    """Return the change that removes the engagement of least worth in the way."""
    made = board.made
    found: list[tuple[int, str, str]] = []
    other = board.copy()
    for team in sorted(made.ranges[need]):
        for stop in board.stops[team]:
            if stop.need < 0:
                continue
            at = next(k for k, each in enumerate(other.stops[team]) if each.need == stop.need)
            other.remove(stop.need)
            if other.best(need, team) is not None:
                found.append((made.reward[stop.need], made.needs[stop.need].id, made.teams[team].id))
            other.add(stop.need, Insertion(0, team, stop.start, at, 0))
    if not found:
        return []
    _, other_need, team_id = min(found)
    row = made.need_row[other_need]
    if row in made.locked:
        return [
            Note(
                "It would be met by {team} if the decided assignment for {need} were released.",
                {"team": team_id, "need": other_need},
            )
        ]
    return [
        Note(
            "It would be met by {team} instead of {need} (priority {priority} against {own}).",
            {
                "team": team_id,
                "need": other_need,
                "priority": made.needs[row].priority,
                "own": made.needs[need].priority,
            },
        )
    ]


def _wider(board: AssignmentPlan, need: int) -> list[Note]:
    """Return how much longer the window would have to be for a team that is free a little later."""
    made = board.made
    wanted = made.needs[need]
    for minutes in (6 * 60, 12 * 60, 24 * 60, 48 * 60, WIDER):
        more = timedelta(minutes=minutes)
        longer = replace(
            wanted, windows=tuple(team_facts.TimeWindow(each.start, each.end + more) for each in wanted.windows)
        )
        for team in sorted(made.ranges[need]):
            start = _free(board, team, longer)
            if start is not None:
                return [
                    Note(
                        "{team} could do it if the need ended {hours} h later.",
                        {"team": made.teams[team].id, "hours": minutes // 60},
                    )
                ]
    return []


def _free(board: AssignmentPlan, team: int, need: NeedFacts) -> datetime | None:
    """Return a start at which a team is free for a need beside its plan, checked by the rules; None without one."""
    made, problem = board.made, board.made.problem
    own = [each for each in board.plan() if each.team == made.teams[team].id]
    own += [each for each in problem.locked if each.team == made.teams[team].id and each.need not in made.need_row]
    tried = [window.end - timedelta(hours=need.hours) for window in need.windows]
    rest = timedelta(hours=problem.rules.rest)
    for engagement in own:
        way = problem.travel(engagement.site, need.site)
        if way is not None:
            tried.append(engagement.end + timedelta(hours=way) + rest)
    for start in sorted(tried):
        left = None if problem.budget is None else problem.budget - board.cost / MONEY
        if not suitability.reasons(made.teams[team], need, start, own, problem.rules, problem.travel, left):
            return start
    return None
