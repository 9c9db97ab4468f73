"""A thousand random histories are watched with a solver: no small number is worked out of what is let out over time."""

from pathlib import Path

import pytest

from operations.core.schema import upgrade
from operations.core.store import open_store
from tests.makers import put_cast
from tests.operations.test_watching import release
from tests.operations.watching import as_released, watch

HISTORIES = 1_000


@pytest.mark.timeout(7_200)
def test_a_thousand_histories_that_are_watched_give_nothing_back(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    found = watch(store, 2027, HISTORIES, states=as_released, between=release, lengths=(8, 15, 30))
    store.dispose()
    print(f"{found.attacked} small numbers attacked, {len(found.found)} found")  # noqa: T201
    assert found.attacked > 8 * HISTORIES
    assert found.found == []
