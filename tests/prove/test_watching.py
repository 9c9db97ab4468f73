"""A thousand random histories are watched with a solver: no small number is worked out of what is let out over time.

Neither by one audience nor by a person who belongs to two of them.

In parts, each of which can be run alone: `-k part7-`.
"""

from pathlib import Path
from statistics import median

import pytest

from operations.core.schema import upgrade
from operations.core.store import open_store
from tests.makers import put_cast
from tests.operations.test_watching import release
from tests.operations.watching import as_released, watch

HISTORIES, PARTS = 1_000, 40


@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("part", range(PARTS), ids=lambda part: f"part{part}-")
@pytest.mark.parametrize("pairs", [False, True], ids=["alone", "pairs"])
def test_a_thousand_histories_that_are_watched_give_nothing_back(tmp_path: Path, part: int, pairs: bool) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    upgrade(store)
    put_cast(store)
    many = HISTORIES // PARTS
    found = watch(store, 2027 + part, many, states=as_released, between=release, lengths=(8, 15, 30), pairs=pairs)
    store.dispose()
    ages = {of: round(median(each), 1) for of, each in found.ages.items()}
    said = f"{found.attacked} small numbers attacked, {len(found.found)} found, {len(found.moved)} moved by few"
    print(f"{many} histories: {said}; hours old: {ages}")  # noqa: T201
    assert found.attacked > 4 * many
    assert found.found == []
    assert found.moved == [], "who reads every release sees no number move by fewer than eleven"
