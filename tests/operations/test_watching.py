"""Nobody works a small number out of what is let out over time, however often or seldom they look."""

import pytest

from operations.core.store import Store
from operations.figures.releases import decision, guarded_counts
from tests.makers import let_out, put_cast
from tests.operations.watching import HOME, OF, Played, as_released, watch


def release(played: Played) -> None:
    """What the timetable does."""
    let_out(played.scene, posts=False)


@pytest.fixture
def watched(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store in which releases are made for those who watch: leadership, one country, outside; in what they watch."""
    put_cast(store)
    every = decision.audiences
    monkeypatch.setattr(decision, "audiences", lambda operation, _countries, **how: every(operation, [HOME], **how))
    monkeypatch.setattr(guarded_counts, "GUARDED", tuple(OF))
    return store


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_the_attacker_finds_small_numbers_in_a_board_that_moves_at_once(
    watched: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack can succeed: let everything out that the static rule shows, whatever was shown before."""
    monkeypatch.setattr(decision.Judge, "given_away", lambda _judge, _state: [])
    found = watch(watched, seed=1, histories=12, states=as_released, between=release)
    assert found.found


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_histories_give_nothing_back(watched: Store) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    found = watch(watched, seed=11, histories=16, states=as_released, between=release)
    assert found.attacked > 60
    assert found.found == []


@pytest.mark.one_storage("arithmetic, the same on both storages")
def test_two_countries_give_nothing_back(watched: Store) -> None:
    found = watch(watched, seed=12, histories=6, states=as_released, between=release, others=1)
    assert found.attacked > 10
    assert found.found == []
