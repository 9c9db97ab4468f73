"""Nobody works a small number out of what is let out over time, however often or seldom they look."""

import random

import pytest

from operations.catalogue.kpis import Kpi
from operations.core import clock
from operations.core.store import Store
from operations.figures.releases import decision, guarded_counts
from tests.makers import let_out, put_cast
from tests.operations.watching import DAYS, OF, Played, Player, Watcher, as_released, watch


def release(played: Played) -> None:
    """What the timetable does."""
    let_out(played.scene)


@pytest.fixture
def watched(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store in which what is watched is released."""
    put_cast(store)
    monkeypatch.setattr(guarded_counts, "GUARDED", tuple(OF))
    return store


def test_the_attacker_finds_small_numbers_in_a_board_that_moves_at_once(
    watched: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack can succeed: let everything out that the static rule shows, whatever was shown before."""
    monkeypatch.setattr(decision.Judge, "given_away", lambda _judge, *_states, **_how: [])
    found = watch(watched, seed=1, histories=12, states=as_released, between=release)
    assert found.found


@pytest.mark.requirement("R75")
def test_histories_give_nothing_back(watched: Store) -> None:
    """`tests/prove` asks the same of a thousand histories."""
    found = watch(watched, seed=11, histories=16, states=as_released, between=release)
    assert found.attacked > 60
    assert found.found == []


def test_two_countries_give_nothing_back(watched: Store) -> None:
    found = watch(watched, seed=12, histories=6, states=as_released, between=release, others=1)
    assert found.attacked > 10
    assert found.found == []


@pytest.mark.requirement("R75")
def test_a_person_of_two_audiences_works_nothing_out(watched: Store) -> None:
    """Leadership reads what is published too, and so does a coordinator, who sits beside the officer at a post."""
    found = watch(watched, seed=13, histories=12, states=as_released, between=release, pairs=True)
    assert found.attacked > 40
    assert found.found == []


def test_a_day_that_fell_to_nothing_between_moved_twice(watched: Store) -> None:
    """A board has no row for a day without results: 129, nothing, 121 are two movements of many and none of eight."""
    player = Player(watched, random.Random(3), others=1)
    played, leadership = player.played, player.played.scene["lena"]
    watcher = Watcher(played, [leadership], Kpi.POTENTIAL_VICTIMS)
    potential = OF[Kpi.POTENTIAL_VICTIMS][0]
    for persons in (129, 0, 121):
        player.hold({potential: persons})
        with clock.at(player.at):
            release(played)
            with watched.reading(leadership) as session:
                watcher.look(session, leadership, as_released(played, session, leadership, watcher.kpi))
    assert watcher.last[leadership.role, DAYS[0], 1, 1] == 121, "the last of the three is read"
    assert watcher.moved == []


@pytest.mark.requirement("R74")
def test_no_number_moves_by_fewer_than_eleven(watched: Store) -> None:
    found = watch(watched, seed=14, histories=6, states=as_released, between=release)
    assert found.let_out
    assert found.moved == []
