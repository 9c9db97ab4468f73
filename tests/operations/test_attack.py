"""Nobody works a secret out of what the board hands out at one moment, however cleverly."""

import random

import pytest

from operations.catalogue.kpis import Kpi
from operations.figures.releases.solver import Judge
from tests.makers import Running
from tests.operations.attack import Attack, Handed, attack, invent, put


@pytest.mark.sample(1)
@pytest.mark.parametrize("seed", range(7, 12))
@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # arithmetic, the same on both storages
@pytest.mark.requirement("R73")
def test_what_the_board_hands_out_gives_nothing_back(scene: Running, seed: int) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    found = attack(scene, seed=seed, histories=10)
    assert found.attacked > 200
    assert found.found == []


def test_an_older_figure_is_not_taken_for_what_was_reported_since(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing at all may be released, every figure stands as before the history, and none stands out."""
    monkeypatch.setattr(Judge, "given_away", lambda *_states, **_how: [("moved", "", 1)])
    history = invent(random.Random(7))
    put(scene, history)
    handed = Handed.to(scene, history, "lena", (Kpi.DETECTIONS,))
    assert Kpi.DETECTIONS in handed.older
    assert handed.boards[0].figures[Kpi.DETECTIONS].value == 0
    attacker = Attack(history, handed, Kpi.DETECTIONS)
    everything = attacker.cells(lambda _level: True)
    assert attacker.amount(everything) > 0
    assert (everything, 0, 0) not in attacker.seen.sums
