"""Screens on walls: a link that works once, a session that knows one operation and does nothing, and how it ends."""

from datetime import timedelta

import pytest
from sqlmodel import select

from operations.core import access_trail, account_admin, clock, journal, sign_in
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.journal import Chain, Entry
from operations.core.people import Account, Actor, Assignment, System
from operations.core.permissions import Act, may
from operations.core.pulse import Heard
from operations.core.sign_in import SignIn
from operations.policing.operation import membership, plan, wall_screens
from tests.makers import START, Running, operation_draft


def link(scene: Running, name: str = "lena") -> str:
    with scene.store.unit_of_work(scene[name]) as session:
        return wall_screens.make_link(session, scene.operation, scene[name])


def screen(scene: Running, name: str = "lena") -> str:
    """A wall that shows the operation: its token."""
    return wall_screens.enter(scene.store, link(scene, name), "192.0.2.9", "A wall")[0]


def visited(scene: Running, token: str) -> Actor | None:
    """Who asks with this token, as the gate finds out."""
    with scene.store.reading(System()) as session:
        found = sign_in.visit(session, token)
        who = membership.actor(session, found.account) if found else None
        return wall_screens.wall_actor(who, found.sign_in.only) if found and who and found.sign_in.only else None


@pytest.fixture
def at_start() -> object:
    with clock.at(START):
        yield


@pytest.fixture
def scene(scene: Running, at_start: object) -> Running:
    return scene


@pytest.mark.parametrize("name", ["lena", "ana"])
def test_leadership_and_coordination_open_a_screen(scene: Running, name: str) -> None:
    by = visited(scene, screen(scene, name))
    assert by is not None
    assert (by.account_id, by.only) == (scene[name].account_id, scene.operation)


@pytest.mark.parametrize("name", ["bruno", "boubacar", "chaima", "dov", "otto", "ada"])
def test_nobody_else_does(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        link(scene, name)


def test_a_coordinator_opens_none_of_an_operation_that_is_not_the_own(scene: Running) -> None:
    stranger = Actor(**vars(scene["ana"]) | {"operations": frozenset()})
    with scene.store.unit_of_work(stranger) as session, pytest.raises(NotFound):
        wall_screens.make_link(session, scene.operation, stranger)


def test_a_link_works_once_and_for_fifteen_minutes(scene: Running) -> None:
    once = link(scene)
    token, address = wall_screens.enter(scene.store, f" {once} ")
    assert address == f"/operations/{scene.operation}/situation"
    assert visited(scene, token)
    with pytest.raises(RuleBroken, match="This link does not work"):
        wall_screens.enter(scene.store, once)
    late = link(scene)
    with clock.at(START + wall_screens.LASTS), pytest.raises(RuleBroken, match="has expired"):
        wall_screens.enter(scene.store, late)
    with clock.at(START + wall_screens.LASTS - timedelta(seconds=1)):
        assert wall_screens.enter(scene.store, late)
    with pytest.raises(RuleBroken, match="does not work"):
        wall_screens.enter(scene.store, "another")


def test_the_link_itself_is_no_session(scene: Running) -> None:
    secret = link(scene)
    with scene.store.reading(System()) as session:
        for token in (secret, f"wall {secret}"):
            assert sign_in.visit(session, token) is None


def test_a_token_of_a_person_opens_no_wall(scene: Running) -> None:
    token = screen(scene)
    with pytest.raises(RuleBroken):
        wall_screens.enter(scene.store, token)


def test_it_stands_for_seven_days_without_a_touch_and_no_longer(scene: Running) -> None:
    token = screen(scene)
    for passed, there in (
        (timedelta(hours=13), True),
        (timedelta(days=7, seconds=-1), True),
        (timedelta(days=7), False),
    ):
        with clock.at(START + passed):
            assert (visited(scene, token) is not None) is there, passed


def test_it_ends_with_the_account_and_with_what_allowed_it(scene: Running) -> None:
    token, link_left = screen(scene), link(scene)
    with scene.store.unit_of_work(System()) as session:
        account_admin.close(session, scene["lena"].account_id, System(), "Left the service.")
    assert visited(scene, token) is None
    with pytest.raises(RuleBroken):
        wall_screens.enter(scene.store, link_left)


def test_a_coordinator_who_leaves_the_operation_leaves_the_wall(scene: Running) -> None:
    token = screen(scene, "ana")
    assert visited(scene, token)
    with scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(Assignment).where(Assignment.account_id == scene["ana"].account_id)).all():
            session.delete(each)
    assert visited(scene, token) is None


@pytest.mark.parametrize("name", ["lena", "ana"])
def test_it_reads_one_operation_and_writes_nothing(scene: Running, name: str) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        other = plan.create(session, parse(plan.OperationDraft, operation_draft()), by=scene["ana"]).id
    account = scene[name].account_id
    token = screen(scene, name)
    by = visited(scene, token)
    assert by is not None
    with scene.store.reading(System()) as session:
        reaches = membership.actor(session, session.get_one(Account, account))
    assert reaches is not None
    with scene.store.reading(reaches) as session:
        assert {each.id for each in session.exec(select(plan.Operation))} == {scene.operation, other}
    with scene.store.reading(by) as session:
        assert [each.id for each in session.exec(select(plan.Operation))] == [scene.operation]
        assert {each.operation_id for each in session.exec(select(Entry))} == {scene.operation}
        assert {each.operation_id for each in session.exec(select(Heard))} <= {scene.operation}
        with pytest.raises(NotFound):
            plan.operation(session, other, by)
        found = plan.operation(session, scene.operation, by)
        assert may(by, Act.TOTALS_READ, plan.subject(found))
    with pytest.raises(NotPermitted), scene.store.unit_of_work(by):
        pass


def test_it_is_closed_by_who_opened_it_and_by_administrators_and_by_nobody_else(scene: Running) -> None:
    token = screen(scene)
    with scene.store.reading(System()) as session:
        [wall] = wall_screens.own(session, scene["lena"])
        assert wall_screens.own(session, scene["ana"]) == []
        [seen] = wall_screens.all_walls(session, scene["ada"])
        assert (seen.entry.id, seen.opened_by.name, seen.shows) == (wall.entry.id, "Lena Okafor", True)
    for name in ("ana", "chaima", "otto"):
        with scene.store.unit_of_work(scene[name]) as session:
            with pytest.raises(NotFound):
                sign_in.end_session(session, wall.entry.id, scene[name])
            with pytest.raises(NotPermitted):
                wall_screens.all_walls(session, scene[name])
    assert visited(scene, token)
    with scene.store.unit_of_work(scene["ada"]) as session:
        sign_in.end_session(session, wall.entry.id, scene["ada"])
        assert wall_screens.all_walls(session, scene["ada"]) == []
    assert visited(scene, token) is None


def test_a_link_that_waits_is_listed_until_its_time_is_over_and_can_be_closed(scene: Running) -> None:
    secret = link(scene)
    with scene.store.unit_of_work(scene["lena"]) as session:
        [waiting] = wall_screens.own(session, scene["lena"])
        assert not waiting.shows
        with clock.at(START + wall_screens.LASTS):
            assert wall_screens.own(session, scene["lena"]) == []
        sign_in.end_session(session, waiting.entry.id, scene["lena"])
        assert wall_screens.own(session, scene["lena"]) == []
    with pytest.raises(RuleBroken):
        wall_screens.enter(scene.store, secret)


def test_a_wall_is_no_person_at_a_desk(scene: Running) -> None:
    """It is none of the person's sessions, keeps no account in use, and makes no network a known one."""
    screen(scene)
    lena = scene["lena"].account_id
    with scene.store.reading(System()) as session:
        assert sign_in.live_sessions(session, lena) == []
        assert lena not in account_admin.last_used(session)
        account = session.get_one(Account, lena)
        assert not sign_in._known(session, account, "192.0.2.9")


def test_a_new_password_ends_it(scene: Running) -> None:
    token = screen(scene)
    with scene.store.unit_of_work(scene["lena"]) as session:
        sign_in.sign_out_everywhere(session, scene["lena"].account_id, scene["lena"])
    assert visited(scene, token) is None


def test_both_ends_of_it_stand_in_the_access_trail(scene: Running) -> None:
    screen(scene)
    with scene.store.reading(scene["otto"]) as session:
        told = [(each.entry.act, each.who.name, each.source) for each in access_trail.read(session, scene["otto"])]
        assert journal.verify(session, Chain.ACCESS).broken_at is None
    assert told == [("wall.enter", "Lena Okafor", "192.0.2.9"), ("wall.open", "Lena Okafor", "")]
    with scene.store.reading(scene["chaima"]) as session:
        assert {each.who.name for each in access_trail.read(session, scene["chaima"])} == {None}


def test_no_secret_is_stored(scene: Running) -> None:
    secret = link(scene)
    token = wall_screens.enter(scene.store, secret)[0]
    with scene.store.reading(System()) as session:
        stored = str([vars(each) for each in session.exec(select(SignIn))])
    assert secret not in stored
    assert token not in stored
