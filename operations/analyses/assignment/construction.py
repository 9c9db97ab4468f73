"""First plans: regret insertion, and first come, first served as a baseline."""

from collections.abc import Callable, Iterable

from operations.analyses.assignment.board import AssignmentPlan, Insertion
from operations.analyses.assignment.problem import PreparedProblem


def inserted(board: AssignmentPlan, price: float = 0.0, *, together_first: bool = True) -> AssignmentPlan:
    """Insert all open needs that fit, one after the other: first the need with the highest regret, which loses most by
    waiting.

    The regret is summed over teams: points with the best team less points with each other team, 0 for a team that
    cannot serve it; so pressing needs with few teams come first. `price`: the points that a unit of the budget is worth
    while it is scarce. Needs that stand together come `together_first`, or where there is room after the others.
    """
    made = board.made
    if together_first:
        _put_together(board)
    waiting = {need for need in board.open if len(made.together[need]) == 1}
    known: dict[int, dict[int, Insertion]] = {
        need: {put.team: put for put in board.options(need)} for need in sorted(waiting)
    }
    keys = {need: _regret(made, options, price) for need, options in known.items()}
    while waiting:
        need = max(waiting, key=lambda each: (keys[each], made.reward[each], -each))
        options = known[need]
        if not options:
            waiting.discard(need)
            continue
        chosen = _best(options.values(), price)
        put = board.best(need, chosen.team)
        if put is None or put.gain - price * put.cost < chosen.gain - price * chosen.cost - 1e-9:
            # Fairness or the budget changed since it was computed: compute it again.
            _replace(options, chosen.team, put)
            keys[need] = _regret(made, options, price)
            continue
        board.add(need, put)
        waiting.discard(need)
        for other in waiting:
            if put.team in known[other]:
                _replace(known[other], put.team, board.best(other, put.team))
                keys[other] = _regret(made, known[other], price)
    _put_together(board)
    return board


def _put_together(board: AssignmentPlan) -> None:
    """Insert needs that stand together, those of most worth first."""
    made = board.made
    groups = {made.together[need] for need in board.open if len(made.together[need]) > 1}
    for group in sorted(groups, key=lambda each: (-sum(made.reward[need] for need in each), each)):
        board.add_together(group[0])


def first_come(made: PreparedProblem, order: Iterable[int] | None = None) -> AssignmentPlan:
    """Serve needs in the order given, each by the first team that can, as early as possible: the baseline without
    advice.

    The default order is that of their windows.
    """
    board = AssignmentPlan(made)
    listed = sorted(range(len(made.needs)), key=lambda need: (min(made.needs[need].windows), made.needs[need].id))
    for need in listed if order is None else order:
        if board.team_of[need] >= 0:
            continue
        if len(made.together[need]) > 1:
            board.add_together(need)
            continue
        put = min(board.options(need), key=lambda each: (each.start, each.team), default=None)
        if put is not None:
            board.add(need, put)
    return board


def first_plan(made: PreparedProblem, going: Callable[[], bool] = lambda: True) -> AssignmentPlan:
    """Return the best of a few insertions; several are tried only where a budget trades points against cost."""
    best = inserted(AssignmentPlan(made))
    if any(len(group) > 1 for group in made.together) and going():
        best = max(best, inserted(AssignmentPlan(made), together_first=False), key=lambda each: each.value)
    if made.problem.budget is None:
        return best
    full = sum(made.reward) or 1
    whole = max(1, sum(_least_cost(made, need) for need in range(len(made.needs))))
    for share in (0.5, 1.0, 2.0):
        if not going():
            break
        other = inserted(AssignmentPlan(made), price=share * full / whole)
        if other.value > best.value:
            best = other
    return best


def _least_cost(made: PreparedProblem, need: int) -> int:
    return min((made.day_cost[team] * made.need_days[need] for team in made.ranges[need]), default=0)


def _replace(options: dict[int, Insertion], team: int, put: Insertion | None) -> None:
    if put is None:
        del options[team]
    else:
        options[team] = put


def _best(options: Iterable[Insertion], price: float) -> Insertion:
    return max(options, key=lambda each: (each.gain - price * each.cost, -each.start, -each.team))


def _regret(made: PreparedProblem, options: dict[int, Insertion], price: float) -> float:
    """Return the sum of points lost with every other team; 0 where nothing fits."""
    if not options:
        return 0.0
    worths = [each.gain - price * each.cost for each in options.values()]
    top = max(worths)
    return top * len(made.teams) - sum(worths)
