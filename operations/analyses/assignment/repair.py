"""Repair: exact solution of a small part of a plan, the teams for one need and their engagements around its time."""

from collections.abc import Callable
from dataclasses import replace

from operations.analyses.assignment import construction, exact
from operations.analyses.assignment.board import AssignmentPlan
from operations.analyses.assignment.problem import MONEY, AssignmentProblem, PreparedProblem

TEAMS = 5
"""The largest number of teams in a part."""
AROUND = 36 * 60
"""Minutes before and after the need in which engagements may change."""


def mended(
    board: AssignmentPlan, need: int, seconds: float, going: Callable[[], bool] = lambda: True
) -> AssignmentPlan:
    """Return the plan with the part around a need solved again for the highest value; never a worse plan."""
    made = board.made
    if not made.ranges[need]:
        return board
    part, freed = _part(board, need)
    proof = exact.solve(PreparedProblem(part), seconds, hear=going, workers=1)
    if proof.board is None:
        return board
    other = board.copy()
    for each in freed:
        other.remove(each)
    other.take(proof.board.plan())
    construction.inserted(other)
    return other if other.value > board.value else board


def _part(board: AssignmentPlan, need: int) -> tuple[AssignmentProblem, list[int]]:
    """Return the part as a problem of its own, and the needs served in it now that may change."""
    made = board.made
    spans = [span for spans in made.ranges[need].values() for span in spans]
    first = min(first for first, _ in spans) - AROUND
    last = max(last for _, last in spans) + made.minutes[need] + AROUND
    wanted = [each for each in made.together[need] if board.team_of[each] < 0]
    most = TEAMS + len(wanted) - 1
    teams = sorted(made.ranges[need], key=lambda team: (len(board.stops[team]), team))[:most]
    own = [each for each in board.met if board.team_of[each] in teams]
    freed = [
        served
        for served in own
        if served not in made.locked
        and first <= board.start_of[served]
        and board.start_of[served] + made.minutes[served] <= last
    ]
    freed = [served for served in freed if all(each in freed for each in made.together[served])]
    stay = {made.needs[each].id for each in own} - {made.needs[each].id for each in freed}
    ids = {made.teams[team].id for team in teams}
    locked = [each for each in board.plan() if each.team in ids and each.need in stay]
    locked += [each for each in made.problem.locked if each.team in ids and each.need not in made.need_row]
    left = None
    if made.problem.budget is not None:
        spent = sum(made.day_cost[board.team_of[each]] * made.need_days[each] for each in freed)
        left = max(0, made.budget - board.cost + spent) / MONEY
    part = replace(
        made.problem,
        teams=tuple(made.teams[team] for team in teams),
        needs=tuple(made.needs[each] for each in [*freed, *wanted]),
        locked=tuple(locked),
        budget=left,
    )
    return part, freed
