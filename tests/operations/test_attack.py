"""Nobody works a secret out of what the board hands out at one moment, however cleverly."""

import pytest

from tests.makers import Running
from tests.operations.attack import attack


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)  # arithmetic, the same on both storages
def test_what_the_board_hands_out_gives_nothing_back(scene: Running) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    found = attack(scene, seed=7, histories=50)
    assert found.attacked > 1_000
    assert found.found == []
