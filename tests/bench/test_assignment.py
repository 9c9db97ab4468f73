"""Team schedules: the plan at once and after improvement, against CP-SAT for a minute, the bound, and first come."""

import random
import time
from statistics import median

from operations.analyses.assignment import bound, construction, exact, improvement
from operations.analyses.assignment.board import AssignmentPlan
from operations.analyses.assignment.problem import PreparedProblem
from operations.support import suitability
from tests.bench.conftest import Ledger
from tests.operations.analyses.assignments import made_up

SIZE = 20, 150, 14
LARGE = 50, 400, 21
RUNS = 5
CP_SAT_SECONDS = 60
IMPROVE_SECONDS = 10


def words(size: tuple[int, int, int]) -> str:
    return "{} teams, {} tasks, {} days".format(*size)


def first_plan(size: tuple[int, int, int], seed: int) -> tuple[float, AssignmentPlan]:
    """Seconds from facts to a plan, and the plan."""
    problem = made_up(*size, seed=seed)
    begun = time.perf_counter()
    board = construction.first_plan(PreparedProblem(problem))
    return time.perf_counter() - begun, board


def told(ledger: Ledger, size: tuple[int, int, int]) -> list[AssignmentPlan]:
    """The first plans of some problems of a size, with their seconds and gaps noted."""
    made = [first_plan(size, seed) for seed in range(1, RUNS + 1)]
    ledger.note("first team schedule, median", words(size), median(took for took, _ in made), "s", RUNS)
    gaps = [100 * (1 - board.value / bound.bound(board.made)) for _, board in made]
    ledger.note("first team schedule, below the bound, worst", words(size), max(gaps), "%", RUNS)
    return [board for _, board in made]


def test_first_plan_against_the_bound_and_cp_sat(ledger: Ledger) -> None:
    board = told(ledger, SIZE)[0]
    ledger.note("first team schedule, value", words(SIZE), board.value / 60, "points")
    ledger.note("no schedule beats", words(SIZE), bound.bound(board.made) / 60, "points")
    begun = time.perf_counter()
    proof = exact.solve(board.made, CP_SAT_SECONDS, workers=2)
    value = 0.0 if proof.board is None else proof.board.value / 60
    took = f"{time.perf_counter() - begun:.0f} s, 2 workers" + (", no plan" if proof.board is None else "")
    ledger.note("CP-SAT, circuit model, value", words(SIZE), value, "points", note=took)
    begun = time.perf_counter()

    def hear(_found: improvement.Improvement, _done: float) -> float | None:
        gone = (time.perf_counter() - begun) / IMPROVE_SECONDS
        return None if gone >= 1 else gone

    better = improvement.improve(board, 1, hear)
    note = f"{IMPROVE_SECONDS} s, {better.rounds} rounds"
    ledger.note("ruin and recreate, value", words(SIZE), better.board.value / 60, "points", note=note)


def test_first_plan_of_a_large_operation(ledger: Ledger) -> None:
    told(ledger, LARGE)


def test_a_move_is_checked_again(ledger: Ledger) -> None:
    """By all rules and with all reasons: skills, travel, rest, days of duty, absences, budget."""
    _, board = first_plan(LARGE, 1)
    problem, plan = board.made.problem, board.plan()
    chance = random.Random(1)

    def check() -> None:
        each, team = chance.choice(plan), chance.choice(problem.teams)
        suitability.reasons(team, problem.need[each.need], each.start, plan, problem.rules, problem.travel, 1e6)

    def put_back() -> None:
        need = chance.choice(board.met)
        board.remove(need)
        board.add(need, max(board.options(need), key=lambda option: option.gain))

    ledger.median_ms("one move checked by all rules", words(LARGE), check, trials=201)
    ledger.median_ms("one engagement taken out and put back at its best place", words(LARGE), put_back, trials=101)


def test_against_first_come_first_served(ledger: Ledger) -> None:
    """With enough teams, and with too few."""
    for teams in (20, 6):
        ours, theirs = [], []
        for seed in range(1, RUNS + 1):
            made = PreparedProblem(made_up(teams, 150, 14, seed=seed))
            ours.append(construction.first_plan(made).tally())
            theirs.append(construction.first_come(made).tally())
        size = words((teams, 150, 14))
        for name, found in (("insertion", ours), ("first come, first served", theirs)):
            met = sum(each.met for each in found)
            hours = sum(each.person_hours for each in found)
            value = sum(each.value for each in found)
            ledger.note(f"{name}: tasks done", size, 100 * met / (150 * RUNS), "%", RUNS)
            ledger.note(f"{name}: travel for a task done", size, hours / met, "person-hours", RUNS)
            ledger.note(f"{name}: value", size, value / RUNS, "points", RUNS)
