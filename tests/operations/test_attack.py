"""Nobody works a secret out of what the board hands out at one moment, however cleverly."""

import pytest

from tests.makers import Running
from tests.operations.attack import attack


@pytest.mark.sample(1)
@pytest.mark.parametrize("seed", range(7, 12))
@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # arithmetic, the same on both storages
@pytest.mark.requirement("R73")
def test_what_the_board_hands_out_gives_nothing_back(scene: Running, seed: int) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    found = attack(scene, seed=seed, histories=10)
    assert found.attacked > 200
    assert found.found == []
