"""Nobody works a small number out of what is let out over time, however often or seldom they look."""

import pytest

from operations.core.store import Store
from tests.makers import let_out, put_cast
from tests.operations.watching import Played, as_released, watch


def release(played: Played) -> None:
    """What the timetable does."""
    let_out(played.scene)


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_a_hundred_histories_give_nothing_back(store: Store) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    put_cast(store)
    found = watch(store, seed=11, histories=100, states=as_released, between=release)
    assert found.attacked > 1_000
    assert found.found == []


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_two_countries_give_nothing_back(store: Store) -> None:
    put_cast(store)
    found = watch(store, seed=12, histories=20, states=as_released, between=release, others=1)
    assert found.attacked > 100
    assert found.found == []
