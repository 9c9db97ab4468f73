"""Solutions in whole numbers are found from those in fractions, and reach no farther."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from operations.figures.releases.judge import Secret, SecretQuestion, SumRow
from operations.figures.releases.linear_system import Model
from operations.figures.releases.solver import Solver

ODD = [(0, 1), (1, 2), (0, 2)]
"""Three that stand two by two in three sums: at most 1 in each lets halves reach 1.5, and whole numbers 1."""


def asked(rows: list[SumRow], many: int) -> tuple[Solver, Model]:
    secret = Secret(4, ("total", "", 1), 0)
    question = SecretQuestion([50] * many, ["A"] * many, ["d"] * many, [[0, 0]] * many, rows)
    question.secrets, question.read = {(frozenset(range(many)), ""): secret}, 0
    solver = Solver(question, csr_array((0, many)), [], 0, float("inf"))
    return solver, Model(solver, np.arange(many), whole_rows=False)


def test_whole_numbers_are_found_where_the_best_lies_in_halves() -> None:
    solver, model = asked([SumRow(dict.fromkeys(pair, 1), -9, 1) for pair in ODD], 3)
    assert model.look(solver, [0], [1], learn=False) == pytest.approx(1.5)
    assert model.look(solver, [0], [1], whole=True) == pytest.approx(1)
    [found] = solver.found
    assert found.sum() == 1
    assert (found == np.round(found)).all()


def test_nothing_is_sought_where_fractions_reach_no_farther_than_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    solver, model = asked([SumRow(dict.fromkeys(pair, 1), -9, 1) for pair in ODD], 3)
    model.look(solver, [0], [1], whole=True)
    monkeypatch.setattr(model, "_dive", lambda _found: pytest.fail("sought again"))
    assert model.look(solver, [0], [1], whole=True) == 0


def test_where_rounding_finds_nothing_highs_branches(monkeypatch: pytest.MonkeyPatch) -> None:
    solver, model = asked([SumRow(dict.fromkeys(pair, 1), -9, 1) for pair in ODD], 3)
    monkeypatch.setattr(model, "_dive", lambda _found: None)
    assert model.look(solver, [0], [1], whole=True) == pytest.approx(1)
    assert model.look(solver, [0], [1], learn=False) == pytest.approx(1.5)  # the model is in fractions again


def test_what_a_search_held_is_free_again() -> None:
    solver, model = asked([SumRow(dict.fromkeys(pair, 1), -9, 1) for pair in ODD], 3)
    for _again in range(2):
        assert model._dive(np.array([0.5, 0.5, 0.5])) is not None
        assert model.look(solver, [0], [1], learn=False) == pytest.approx(1.5)
