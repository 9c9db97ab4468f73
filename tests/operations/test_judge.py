"""The judge of releases against a second solver that looks at everything at once, and keeps nothing."""

import random
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from operations.figures.releases.judge import ROOM, AudienceAttack, AudienceState, Cell, ReportHolding
from operations.figures.releases.solver import Judge, Solution, Solver

COUNTRIES, DAYS, LEVELS = ("A", "B", "C"), ("d", "e"), (2, 3)


def played(dice: random.Random, states: int) -> list[ReportHolding]:
    """Reports that come, climb and cease to count between the states, which are those with every tenth entry."""
    held = []
    for entry in range(1, states * 10, dice.choice((2, 3, 5))):
        levels = [(entry, 2)]
        if dice.random() < 0.7:
            levels.append((entry + dice.randint(1, 20), dice.choice((3, 3, 0))))
        amount = dice.choice((1, 2, 4, 7, 11, 30))
        held.append(
            ReportHolding(dice.choice(COUNTRIES), dice.choice(DAYS), dice.choice(("", "p")), amount, tuple(levels))
        )
    return held


def shown(dice: random.Random, states: int) -> list[AudienceState]:
    """What was told of each state, at random: nobody was careful."""

    def told() -> dict[int, bool]:
        return {level: dice.random() < 0.7 for level in LEVELS}

    return [
        AudienceState(
            10 * (number + 1),
            told(),
            {each: told() for each in COUNTRIES if dice.random() < 0.6},
            {each: told() for each in DAYS if dice.random() < 0.4},
            frozenset({("p", 3)} if dice.random() < 0.3 else ()),
        )
        for number in range(states)
    ]


def settled(held: Sequence[ReportHolding], states: Sequence[AudienceState], homes: Sequence[str]) -> set[Cell]:
    """What really is given away: by CP-SAT, secret by secret, over all unknowns, for each who reads it."""
    *before, last = states
    question = AudienceAttack(held, before, last.seq, homes, min(LEVELS), last.kept_back).question(last)
    if question.moved:
        return set(question.moved)
    away: set[Cell] = set()
    for home in ("", *homes):
        model = cp_model.CpModel()
        counts = [
            model.new_int_var(-min(many, ROOM), ROOM, str(n)) if question.countries[n] != home else 0
            for n, many in enumerate(question.amounts)
        ]
        for row in question.rows:
            most = ROOM * len(counts) if row.most == float("inf") else int(row.most)
            model.add_linear_constraint(sum(by * counts[n] for n, by in row.unknowns.items()), int(row.least), most)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        for (unknowns, of), secret in question.secrets.items():
            own = any(question.countries[n] == home for n in unknowns)
            if of != home if of else own:
                continue
            ends = []
            for best in (model.minimize, model.maximize):
                best(sum(counts[each] for each in unknowns))
                assert solver.solve(model) == cp_model.OPTIMAL
                ends.append(round(solver.objective_value))
            if ends[1] - ends[0] < secret.wide:
                away.add(secret.cell)
    return away


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 7), st.sampled_from(((), ("A",), COUNTRIES)))
def test_the_judge_says_what_a_solver_says_that_looks_at_everything(
    seed: int, many: int, homes: tuple[str, ...]
) -> None:
    """At each state with what the judge found at those before, as releases are decided one after another."""
    dice = random.Random(seed)
    held, states = played(dice, many), shown(dice, many)
    known: list[Solution] = []
    for number in range(1, many + 1):
        *before, last = states[:number]
        judge = Judge(AudienceAttack(held, before, last.seq, homes, min(LEVELS), last.kept_back), known)
        found, really = set(judge.given_away(last)), settled(held, states[:number], homes)
        assert found <= really, "it says of something open that it is not"
        assert bool(found) == bool(really)
        known = judge.found


def test_what_was_found_once_is_tried_first_and_never_believed() -> None:
    """A solution of another history is none of this one: then it is looked for anew."""
    held = [ReportHolding("A", "d", "", 4, ((1, 3),)), ReportHolding("B", "d", "", 40, ((2, 3),))]
    told, hidden = {3: True}, AudienceState(5, {3: True})
    asking = AudienceAttack(held, [], 5, [], 3, frozenset())
    judge = Judge(asking)
    assert judge.given_away(hidden) == []
    assert any(judge.found)
    everything = AudienceState(5, told, {"A": told, "B": told})
    assert Judge(asking, judge.found).given_away(everything) == [("both", "A d", 3)]
    assert Judge(asking, [{0: 4, 1: 3}, {7: 1}]).given_away(everything) == [("both", "A d", 3)]


def test_where_it_found_solutions_before_it_solves_nothing_again(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    held = [ReportHolding(each, "d", "", amount, ((1, 3),)) for each, amount in (("A", 4), ("B", 40), ("C", 30))]
    judge = Judge(AudienceAttack(held, [], 5, [], 3, frozenset()))
    assert judge.given_away(AudienceState(5, {3: True})) == []
    monkeypatch.setattr(Solver, "_in_fractions", None)
    later = [*held, ReportHolding("B", "e", "", 50, ((6, 3),))]
    again = Judge(AudienceAttack(later, [AudienceState(5, {3: True})], 9, [], 3, frozenset()), judge.found)
    assert again.given_away(AudienceState(9, {3: True})) == []
