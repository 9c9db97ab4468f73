"""A thousand random histories are attacked with a solver: no small number and none kept back is worked out."""

from pathlib import Path

import pytest

from operations.core.schema import upgrade
from operations.core.store import open_store
from tests.makers import put_cast, running
from tests.operations.attack import attack

HISTORIES = 1_000


@pytest.mark.timeout(3_600)
@pytest.mark.requirement("R75")
def test_a_thousand_histories_give_nothing_back(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    found = attack(running(store), seed=2026, histories=HISTORIES)
    store.dispose()
    print(f"{found.attacked} secrets attacked, {len(found.found)} found")  # noqa: T201
    assert found.attacked > 20 * HISTORIES
    assert found.found == []
