"""Nobody works a small number out of what is let out over time, however often or seldom they look."""

import pytest

from operations.core.people import System
from operations.core.store import Store
from operations.measures import releases
from operations.policing.operation.plan import Operation
from tests.makers import put_cast
from tests.operations.watching import Played, as_released, live, watch


def let_out(played: Played) -> None:
    """What the timetable does."""
    with played.scene.store.unit_of_work(System()) as session:
        releases.release(session, session.get_one(Operation, played.scene.operation))


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_a_hundred_histories_give_nothing_back(store: Store) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    put_cast(store)
    found = watch(store, seed=11, histories=100, states=as_released, between=let_out)
    assert found.attacked > 1_000
    assert found.found == []


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_two_countries_give_nothing_back(store: Store) -> None:
    put_cast(store)
    found = watch(store, seed=12, histories=20, states=as_released, between=let_out, others=1)
    assert found.attacked > 100
    assert found.found == []
