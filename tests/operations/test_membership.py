"""An account becomes an actor with what it works for at this moment, or becomes nobody."""

from datetime import timedelta
from uuid import UUID

import pytest

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.name_search import AccountSearch
from operations.core.people import Account, Actor, System
from operations.policing.operation import membership, plan
from tests.makers import Running, post
from tests.people import actor

pytestmark = pytest.mark.both_storages


def asking(scene: Running, name: str) -> Actor | None:
    with scene.store.reading(System()) as session:
        account = session.get(Account, actor(name).account_id)
        assert account is not None
        return membership.actor(session, account)


def operations_of(scene: Running, name: str) -> frozenset[UUID]:
    found = asking(scene, name)
    assert found is not None
    return found.operations


def end_mandate(scene: Running, name: str, **changes: object) -> None:
    with scene.store.unit_of_work(System()) as session:
        account = session.get(Account, actor(name).account_id)
        assert account is not None
        for field, value in changes.items():
            setattr(account, field, value)
        session.add(account)


@pytest.mark.parametrize("name", ["ana", "bruno", "boubacar", "chaima", "mateo", "dov"])
def test_members_work_for_the_operation(scene: Running, name: str) -> None:
    assert operations_of(scene, name) == {scene.operation}


@pytest.mark.parametrize("name", ["lena", "otto", "ada"])
def test_others_are_members_of_none(scene: Running, name: str) -> None:
    assert operations_of(scene, name) == frozenset()


def test_an_actor_is_what_the_account_says(scene: Running) -> None:
    assert asking(scene, "bruno") == actor("bruno", scene.operation)


def test_a_country_that_left_is_outside_from_the_next_request_on(scene: Running) -> None:
    with scene.store.unit_of_work(scene["moussa"]) as session:
        plan.withdraw(session, scene.operation, plan.Leaving(figures="shown"), scene["moussa"])
    assert operations_of(scene, "mateo") == frozenset()
    assert operations_of(scene, "bruno") == {scene.operation}


def test_a_country_that_declined_is_outside(scene: Running) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.invite(session, scene.operation, parse(plan.CountryInvitation, {"country": "TCD"}), scene["ana"])
    end_mandate(scene, "mateo", country="TCD")
    assert operations_of(scene, "mateo") == {scene.operation}
    coordinator = Actor(**vars(scene["moussa"]) | {"country": "TCD"})
    with scene.store.unit_of_work(coordinator) as session:
        plan.answer(session, scene.operation, coordinator, accept=False)
    assert operations_of(scene, "mateo") == frozenset()


def test_a_disabled_account_is_nobody(scene: Running) -> None:
    end_mandate(scene, "bruno", disabled_at=clock.now())
    assert asking(scene, "bruno") is None


def test_a_mandate_ends_at_its_moment(scene: Running) -> None:
    end_mandate(scene, "bruno", expires_at=scene.start)
    with clock.at(scene.start - timedelta(seconds=1)):
        assert asking(scene, "bruno") is not None
    with clock.at(scene.start):
        assert asking(scene, "bruno") is None


def test_a_posted_officer_works_for_that_site_only(scene: Running) -> None:
    post(scene, "chaima", "bruno", "Agadez")
    posted = asking(scene, "bruno")
    assert posted is not None
    assert posted.sites == {scene.sites["Agadez"]}


@pytest.mark.parametrize("name", ["mateo", "chaima", "lena"])
def test_only_officers_of_the_country_are_posted(scene: Running, name: str) -> None:
    with pytest.raises(NotFound):
        post(scene, "chaima", name, "Niamey")


def test_people_of_an_operation_are_found_and_named_as_far_as_the_asker_may_know(scene: Running) -> None:
    def found(name: str, countries: list[str], typed: str) -> set[str]:
        with scene.store.reading(scene[name]) as session:
            asked = AccountSearch(typed)
            return {
                each.name for each in membership.operation_accounts(session, scene.operation, countries, asked).rows
            }

    def named(name: str, countries: list[str], *people: str) -> set[str]:
        with scene.store.reading(scene[name]) as session:
            ids = {actor(each).account_id for each in people} | {None}
            return set(membership.names(session, scene.operation, countries, ids).values())

    assert found("ana", ["NER"], "BINTA") == {"Binta Oumarou"}
    assert found("ana", ["MLI"], "binta") == set()
    assert {"Ana Ferreira", "Binta Oumarou"} <= found("ana", ["NER"], "")
    assert named("ana", ["NER"], "ana", "binta", "moussa", "ada") == {"Ana Ferreira", "Binta Oumarou"}
    assert named("chaima", ["NER", "MLI"], "binta", "moussa") == {"Binta Oumarou"}
    end_mandate(scene, "binta", disabled_at=clock.now())
    assert named("ana", ["NER"], "binta") == found("ana", ["NER"], "binta") == named("ana", ["NER"]) == set()
