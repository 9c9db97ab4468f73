"""People are posted to the functions of coordination units, by their own country and as far as there are seats."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import Conflict, MusterError, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, System
from operations.core.vocabulary import MessageKind
from operations.notices import inbox
from operations.policing.map_plan import coordination_units, unit_postings
from operations.policing.map_plan.unit_postings import UnitPosting, UnitPostingDraft
from operations.policing.operation import membership, plan
from tests.makers import START, Running, unit_draft
from tests.people import actor

DAY = timedelta(days=1)
TODAY = START.date()


@pytest.fixture
def seat(scene: Running) -> str:
    """The unit of the operation, with two seats of Niger and one of Mali for liaison."""
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        [(place, unit)] = coordination_units.mapped_units(session, scene.operation)
        assert unit is not None
        members = [
            {"function": "liaison_officer", "country": "NER", "persons": 2},
            {"function": "liaison_officer", "country": "MLI", "persons": 1},
        ]
        again = unit_draft(place.object_id, supersedes_id=unit.id, members=members)
        coordination_units.describe(session, scene.operation, again, scene["ana"])
    return f"{place.object_id} liaison_officer"


def post(scene: Running, seat: str, *names: str, by: str = "chaima", **changes: Any) -> list[UnitPosting]:
    content = {"id": new_id(), "people": [actor(each).account_id for each in names], "seat": seat}
    draft = parse(UnitPostingDraft, content | changes)
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return unit_postings.post(session, scene.operation, draft, scene[by])


def filled(scene: Running, by: str = "chaima") -> list[tuple[int, list[str]]]:
    """The seats of a country, each with the names of who fills it."""
    with clock.at(START), scene.store.reading(scene[by]) as session:
        operation = plan.operation(session, scene.operation, scene[by])
        found = unit_postings.seats(session, operation, scene[by])
    return [(each.persons, [account.name for _posting, account in each.filled]) for each in found]


def test_a_country_fills_its_seats_and_who_is_posted_is_told_and_reads_it(scene: Running, seat: str) -> None:
    made = post(scene, seat, "bruno", "boubacar", first_day=TODAY, last_day=TODAY + 2 * DAY)
    assert filled(scene) == [(2, ["Boubacar Idi", "Bruno Issoufou"])]
    assert filled(scene, "moussa") == [(1, [])]
    for name in ("bruno", "boubacar"):
        with clock.at(START), scene.store.reading(scene[name]) as session:
            assert MessageKind.POSTED in [each.message.kind for each in inbox.messages(session, scene[name])]
            [(operation, unit, posting)] = unit_postings.own(session, scene[name])
            assert (operation.id, unit, posting.id in {each.id for each in made}) == (
                scene.operation,
                "OCU Niamey",
                True,
            )


def test_it_changes_nothing_of_what_one_sees(scene: Running, seat: str) -> None:
    def asking() -> Any:
        with clock.at(START), scene.store.reading(System()) as session:
            return membership.actor(session, session.get_one(Account, actor("bruno").account_id))

    before = asking()
    post(scene, seat, "bruno")
    assert asking() == before
    assert not before.bound


def test_no_more_people_than_seats_on_any_day(scene: Running, seat: str) -> None:
    first = {"first_day": TODAY, "last_day": TODAY + DAY}
    post(scene, seat, "bruno", "binta", **first)
    with pytest.raises(RuleBroken, match="has 2 seats for this function"):
        post(scene, seat, "boubacar", first_day=TODAY + DAY, last_day=TODAY + 3 * DAY)
    assert len(post(scene, seat, "boubacar", first_day=TODAY + 2 * DAY, last_day=TODAY + 3 * DAY)) == 1
    post(scene, seat, "bruno", first_day=TODAY + 2 * DAY, last_day=TODAY + 2 * DAY)
    post(scene, seat, "binta", first_day=TODAY + 3 * DAY, last_day=TODAY + 3 * DAY)  # one after the other: never three
    with pytest.raises(RuleBroken, match="Binta Oumarou is posted to OCU Niamey"):
        post(scene, seat, "binta", first_day=TODAY + 3 * DAY)


def test_the_unit_needs_the_function_of_the_country_and_the_person_is_of_the_country(scene: Running, seat: str) -> None:
    for wrong in (seat.replace("liaison_officer", "analyst"), f"{new_id()} liaison_officer", "nothing"):
        with pytest.raises(RuleBroken, match="no such function for your country"):
            post(scene, wrong, "bruno")
    for stranger in ("mateo", "chaima", "dov"):
        with pytest.raises(MusterError):
            post(scene, seat, stranger)
    for by in ("ana", "dov", "bruno", "lena", "ada"):
        with pytest.raises(MusterError) as refused:
            post(scene, seat, "bruno", by=by)
        assert not isinstance(refused.value, RuleBroken), by
    assert filled(scene) == [(2, [])]


def test_the_same_draft_again_is_answered_as_before_and_another_under_its_id_is_refused(
    scene: Running, seat: str
) -> None:
    ident = new_id()
    [once] = post(scene, seat, "bruno", id=ident)
    [again] = post(scene, seat, "bruno", id=ident)
    assert once.id == again.id
    with pytest.raises(Conflict):
        post(scene, seat, "bruno", "binta", id=ident)


def test_it_ends_at_once_and_of_two_who_end_it_the_second_is_told(scene: Running, seat: str) -> None:
    [made] = post(scene, seat, "bruno")

    def relieve(by: str = "chaima", ident: UUID = made.id, version: int = 1) -> None:
        with clock.at(START + DAY), scene.store.unit_of_work(scene[by]) as session:
            unit_postings.relieve(session, ident, scene[by], version=version)

    for by in ("moussa", "ana", "bruno"):
        with pytest.raises((NotFound, MusterError)):
            relieve(by)
    relieve()
    with pytest.raises(Conflict):
        relieve()
    with clock.at(START + DAY), scene.store.reading(scene["bruno"]) as session:
        assert unit_postings.own(session, scene["bruno"]) == []
        assert MessageKind.RELIEVED in [each.message.kind for each in inbox.messages(session, scene["bruno"])]


def test_days_that_are_reversed_are_refused(scene: Running, seat: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        post(scene, seat, "bruno", first_day=TODAY + DAY, last_day=date(2026, 1, 1))
    assert [flaw.field for flaw in refused.value.flaws] == ["last_day"]
