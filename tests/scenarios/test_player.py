"""The player stops and goes on, keeps pace, lets people be faster, and moves stories to other dates."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import select

from operations.catalogue.kpis import Kpi
from operations.core import clock, journal, passwords, sign_in
from operations.core.people import Account, System
from operations.core.storage_errors import FaultReason, Unavailable
from operations.core.store import Store, open_store
from operations.core.vocabulary import Classification, Role
from operations.disclosure import suppression
from operations.figures import board
from operations.policing.operation import membership, plan
from operations.policing.reports import verification
from operations.policing.reports.reports import Report
from operations.support.teams import Team
from scenarios import catalogue, rebased
from scenarios.accounts import demo_password
from scenarios.player import LONGEST_PAUSE, Played, load, play
from scenarios.script_language import Scenario
from tests.prepared_databases import copied


@pytest.fixture
def told(played: tuple[Path, dict[str, Played]], tmp_path: Path) -> Iterator[Store]:
    """A store in which the stories are told already."""
    file, _said = played
    copied(file, tmp_path / "muster.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'muster.sqlite'}")
    yield store
    store.dispose()


@pytest.fixture(scope="module")
def story() -> Scenario:
    return catalogue()["cuban_network"]


def entries(store: Store) -> int:
    with store.reading(System()) as session:
        return journal.pulse(session)


def arrests(store: Store, scenario: Scenario) -> float | None:
    with store.reading(System()) as session:
        leader = membership.actor(session, session.exec(select(Account).where(Account.username == "leader")).one())
    assert leader is not None
    with clock.at(scenario.ends), store.reading(leader) as session:
        frame = suppression.BoardFrame(scenario.operation, scenario.zone, Classification.RESTRICTED)
        return board.read_board(session, frame, leader).figures[Kpi.ARRESTS].value


def test_loading_puts_the_plan_in_place_and_no_result(store: Store, story: Scenario) -> None:
    load(store, story)
    with store.reading(System()) as session:
        assert (
            session.exec(select(plan.Operation.state).where(plan.Operation.id == story.operation)).one() == "approved"
        )
        assert session.exec(select(Report)).first() is None


def test_a_play_that_was_stopped_goes_on_where_it_ended(store: Store, story: Scenario) -> None:
    middle = story.steps[len(story.steps) // 2].at
    first = play(store, story, until=middle)
    waited: list[float] = []

    def interrupt(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 10

    second = play(store, story, speed=600, pause=interrupt)
    assert not second.finished
    told = play(store, story, stopped=lambda: True)
    assert (told.done, told.finished) == (0, False)
    third = play(store, story)
    assert first.done + second.done + third.done == len(story.steps)
    assert third.known == first.done + second.done
    assert arrests(store, story) == 62


def test_a_play_that_found_no_turn_goes_on_with_that_step_and_does_none_twice(
    store: Store, story: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is busy at one step before its unit of work, and at another when it was just committed."""
    unit_of_work, number = store.unit_of_work, 0
    busy, lost = 40, 70

    @contextmanager
    def now_and_then(*given: object, **more: object) -> Iterator[object]:
        nonlocal number
        number += 1
        if number == busy:
            raise Unavailable(FaultReason.LOCKED)
        with unit_of_work(*given, **more) as session:  # type: ignore[arg-type]
            yield session
        if number == lost:
            raise Unavailable(FaultReason.GONE)

    monkeypatch.setattr(store, "unit_of_work", now_and_then)
    until = story.steps[120].at
    for _time in range(2):
        with pytest.raises(Unavailable):
            play(store, story, until=until)
    last = play(store, story, until=until)
    assert last.finished
    assert not last.refused
    # Of the units of work before two made the cast, and one found no turn.
    assert (last.known, last.done) == (lost - 3, 120 - (lost - 3))
    with store.reading(System()) as session:
        of_it = session.exec(select(journal.Entry).where(journal.Entry.operation_id == story.operation)).all()
    of_it = [each for each in of_it if each.act != "task.tick"]  # of two tasks in one step, and it does not say which
    done = [(each.actor_id, each.at, each.act, each.object_id, each.country) for each in of_it]
    assert len(done) == len(set(done))


def test_speed_paces_the_steps_and_nights_are_short(store: Store, story: Scenario) -> None:
    waited: list[float] = []
    load(store, story)
    play(store, story, until=story.opens + timedelta(days=11), speed=600, pause=waited.append)
    steps = [step.at for step in story.steps if story.opens <= step.at < story.opens + timedelta(days=11)]
    gaps = [(later - earlier).total_seconds() / 600 for earlier, later in pairwise(steps)]
    assert waited == [min(gap, LONGEST_PAUSE) for gap in gaps if gap > 0]
    assert max(waited) == LONGEST_PAUSE


def test_steps_over_some_seconds_are_taken_at_equal_distances(store: Store, story: Scenario) -> None:
    """So something happens all the time that a newcomer looks at the demo, whatever the hours of the scenario."""
    waited: list[float] = []
    done = play(store, story, until=story.opens + timedelta(days=11)).done
    until = story.opens + timedelta(days=12)
    left = sum(step.at < until for step in story.steps) - done
    assert left > 2
    play(store, story, until=until, over=90.0, pause=waited.append)
    assert waited == [90.0 / left] * (left - 1)


def test_a_person_who_was_faster_is_not_undone(store: Store, story: Scenario) -> None:
    place = next(place for place, step in enumerate(story.steps) if step.what.startswith("verify"))
    step = story.steps[place]
    play(store, story, until=step.at)
    with store.reading(System()) as session:
        lead = membership.actor(session, session.exec(select(Account).where(Account.username == step.by)).one())
    assert lead is not None
    with clock.at(step.at - timedelta(seconds=1)), store.unit_of_work(lead) as session:
        waiting = verification.worklist(session, story.operation, lead)
        verification.verify(session, waiting[0].id, lead)
    played = play(store, story)
    assert [refused.step.at for refused in played.refused] == [step.at]
    assert "This report no longer needs your decision" in played.refused[0].sentence
    assert arrests(store, story) == 62


def test_a_story_moved_to_other_dates_stands_beside_the_first(told: Store, story: Scenario) -> None:
    store, moved = told, rebased(story, date(2026, 11, 16))
    assert play(store, moved).refused == ()
    assert moved.operation != story.operation
    assert (moved.starts - story.starts).days == pytest.approx((moved.first_day - story.first_day).days, abs=1)
    assert arrests(store, moved) == arrests(store, story) == 62
    with store.reading(System()) as session:
        operation = session.exec(select(plan.Operation).where(plan.Operation.id == moved.operation)).one()
    assert operation.code_name == "Cuban Network (moved to 16 Nov 2026)"
    assert operation.invented == story.invented + " The dates were moved from those published."


def test_a_story_moved_to_its_own_day_is_itself(story: Scenario) -> None:
    assert rebased(story, story.first_day) is story


def test_demo_accounts_sign_in_and_are_made_once(store: Store, story: Scenario) -> None:
    load(store, story)
    before = entries(store)
    load(store, story)
    assert entries(store) == before
    for username in ("leader", "officer.srb"):
        passwords.check(demo_password(username), (username,))
        token = sign_in.sign_in(store, username, demo_password(username))
        with store.reading(System()) as session:
            account = sign_in.account_of(session, token)
        assert account is not None
        assert account.username == username


def test_the_cast_has_every_role(story: Scenario) -> None:
    assert {member.role for member in story.cast} == set(Role)
    assert all((member.country is None) == ("." not in member.username) for member in story.cast)


def test_the_same_seed_tells_the_same_story(told: Store, story: Scenario) -> None:
    store = told
    again = story.compose(story.first_day)
    assert [(each.at, each.by, each.what) for each in again.steps] == [
        (each.at, each.by, each.what) for each in story.steps
    ]
    before = entries(store)
    assert play(store, again).known == len(story.steps)
    assert entries(store) == before


def test_a_story_and_the_same_one_moved_share_the_teams_of_their_countries(store: Store) -> None:
    published = catalogue()["turquesa_v"]
    for story in (rebased(published, date(2026, 11, 21)), published):
        steps = tuple(step for step in story.steps if step.what.startswith("keep team"))
        countries = {step.by.removeprefix("coordinator.").upper() for step in steps}
        cast = tuple(member for member in story.cast if member.country in countries)
        played = play(store, replace(story, steps=steps, cast=cast))
        assert not played.refused
        assert played.done == len(steps) == len(countries) == 5
    with store.reading(System()) as session:
        assert len(session.exec(select(Team)).all()) == 5
