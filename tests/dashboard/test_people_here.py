"""Who works here and where one works, as functions: what each reader is shown, and what each press does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dash import no_update
from sqlalchemy import event
from sqlmodel import select

from dashboard.screens.account import where_you_work as own
from dashboard.screens.people_here import centre, page, unit_postings
from dashboard.screens.people_here.ids import Ids
from dashboard.server import access
from operations.core import clock
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, Assignment, Posting, System
from operations.policing.map_plan import coordination_units
from operations.policing.operation import membership
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
from tests.makers import START, Running, post, unit_draft
from tests.people import account, actor

DAY = timedelta(days=1)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, **query: str) -> str:
    with at_desk(scene, name):
        return texts(page.layout(str(scene.operation), **query))


def hired(scene: Running, username: str, like: str = "ana") -> str:
    changes = {"id": new_id(), "username": username, "name": username.title()}
    made = Account(**account(like).model_dump() | changes)
    with scene.store.unit_of_work(System()) as session:
        session.add(made)
    return str(made.id)


def fresh(scene: Running, name: str) -> None:
    """Somebody of the cast asks again: a request later."""
    with scene.store.reading(System()) as session, clock.at(EVENING):
        found = session.exec(select(Account).where(Account.id == actor(name).account_id)).one()
        now = membership.actor(session, found)
    assert now is not None
    scene.members[name] = now


def put(scene: Running, *people: str, by: str = "ana", **typed: Any) -> Any:
    content = {"people": list(people), "countries": [], "deputy": False, "first_day": "", "last_day": ""} | typed
    with at_desk(scene, by) as said:
        press(page.assign, Ids.ASSIGN, scene.operation, content, new_id())
    return said


def test_a_coordinator_reads_the_centre_by_name_and_the_countries_in_numbers(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", last_day="2026-03-03")
    words = shown(scene, "ana")
    assert "Ana Ferreira   You Operation coordinator" in words
    assert "Dov Lindqvist OCU analyst" in words
    assert "Niger Chaima Abdou 3 2 2 Agadez, Niamey" in words
    assert "Mali Moussa Traore 2 2 1 Bamako" in words
    for name in ("Bruno", "Binta", "Mateo", "Marie"):
        assert name not in words


def test_a_country_reads_its_own_people_and_gaps_and_no_other(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", last_day="2026-03-03")
        post(scene, "moussa", "mateo", "Bamako")
    words = shown(scene, "chaima")
    assert "No officer at Agadez 4 Mar 2026, 5 Mar 2026, 6 Mar 2026, 7 Mar 2026" in words
    assert "No officer at Niamey on all coming days" in words
    assert "Bruno Issoufou National officer Agadez" in words
    assert "Chaima Abdou National coordinator works for the whole country" in words
    assert "2 people were never posted and work for all sites of the country." in words
    for name in ("Mateo", "Bamako", "Moussa", "Marie"):
        assert name not in words
    assert "Ana Ferreira" in words  # whom the country turns to
    assert "Put somebody on this operation" not in words


def test_officers_and_auditors_have_no_such_page(scene: Running) -> None:
    for name in ("bruno", "boubacar", "otto"):
        with pytest.raises(NotFound):
            shown(scene, name)
    assert "Post people" not in shown(scene, "lena")


def test_an_administrator_reads_who_coordinates_and_nothing_of_the_countries(scene: Running) -> None:
    words = shown(scene, "ada")
    assert "Ana Ferreira" in words
    assert "Put somebody on this operation" in words
    assert "Niger" not in words
    with at_desk(scene, "ada"):
        assert "1 coordinator" in texts(own.layout())
    bea = hired(scene, "bea")
    put(scene, bea, by="ada")
    assert "Bea" in shown(scene, "ada")


def test_several_are_put_on_it_together_and_their_choice_is_offered_no_more(scene: Running) -> None:
    bea, carl = hired(scene, "bea"), hired(scene, "carl", "dov")
    with at_desk(scene, "ana"):
        typed = {"people": [bea, carl], "countries": [], "deputy": False, "first_day": "", "last_day": ""}
        answer = press(page.assign, Ids.ASSIGN, scene.operation, typed, new_id())
    [table] = answer["shown"]
    with at_desk(scene, "ana"), access.reading() as session:
        options, *_rest = centre.assign_choices(session, access.actor(), str(scene.operation), None, None)
    assert "Bea" in texts(table)
    assert "Carl" in texts(table)
    assert options == []
    assert answer["cleared"] == [[]]


def test_what_is_wrong_stands_beside_its_field(scene: Running) -> None:
    bea = hired(scene, "bea")
    for typed, field, words in (
        ({"first_day": "2026-03-05", "last_day": "2026-03-04"}, "last_day", "must not lie before"),
        ({"deputy": True}, "deputy", "A deputy needs a first and a last"),
        ({"people": []}, "people", "Choose at least one person"),
        ({"countries": ["NER"]}, "countries", "Only analysts"),
    ):
        with pytest.raises(RuleBroken, match=words) as refused:
            put(scene, *typed.get("people", [bea]), **{name: each for name, each in typed.items() if name != "people"})
        assert refused.value.flaws[0].field == field


def test_a_coordinator_ends_the_own_work_once_there_is_a_successor(scene: Running) -> None:
    put(scene, hired(scene, "bea"))
    with scene.store.reading(System()) as session:
        mine = session.exec(select(Assignment).where(Assignment.account_id == actor("ana").account_id)).one()
    button = {"type": Ids.END_ASSIGNMENT, "of": str(mine.id), "version": 1}
    with at_desk(scene, "ana"):
        assert press(page.end_assignment, button, scene.operation)["to"] == "/account/where-you-work"
    fresh(scene, "ana")
    with pytest.raises(NotFound):
        shown(scene, "ana")
    with at_desk(scene, "ana"):
        assert "You work nowhere just now" in texts(own.layout())


def test_an_analysts_days_and_countries_are_changed_and_the_second_to_do_so_is_told(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        dov = session.exec(select(Assignment).where(Assignment.account_id == actor("dov").account_id)).one()
    assert "Countries that the analysts serve" in shown(scene, "ana", assignment=str(dov.id))
    typed = {"last_day": "2026-03-04", "countries": ["MLI"]}
    given = {"changed": str(dov.id), "version": 1, "base": {"last_day": None, "countries": []}}
    with at_desk(scene, "ana") as told:
        went = press(page.save_assignment, Ids.SAVE_ASSIGNMENT, scene.operation, typed, **given)
        assert went["to"] == f"/operations/{scene.operation}/people"
        mine = {"last_day": None, "countries": ["NER"]}
        met = press(page.save_assignment, Ids.SAVE_ASSIGNMENT, scene.operation, mine, **given)
        assert "Somebody changed this while you were writing" in str(told)
        assert met["to"] is no_update
        version, _base, both, place, last_day, countries = met["shown"]
        assert (version, both) == (2, {"countries": {"mine": ["NER"], "theirs": ["MLI"]}})
        assert (last_day, countries) == ("2026-03-04", no_update)
        assert "Niger" in texts(place)
    assert "Dov Lindqvist OCU analyst for Mali until 4 Mar 2026" in shown(scene, "ana")


def test_a_national_coordinator_posts_from_a_gap_changes_and_ends(scene: Running) -> None:
    with at_desk(scene, "chaima"):
        drawn = page.layout(str(scene.operation), site=str(scene.sites["Agadez"]))
        fields = {each.id: each for each in found_in(drawn, "MultiSelect")}
        assert fields["post-sites"].value == [str(scene.sites["Agadez"])]
        people = [
            each["value"] for each in fields["post-people"].data if "Bruno" in each["label"] or "Binta" in each["label"]
        ]
        days = {each.id: each.value for each in found_in(drawn, "DateInput")}
        assert {name: days[f"post-{name}"] for name in ("first_day", "last_day")} == {
            "first_day": None,
            "last_day": "2026-03-07",
        }
        typed = {"people": people, "sites": fields["post-sites"].value, "first_day": "", "last_day": "2026-03-07"}
        answer = press(page.post, Ids.POST, scene.operation, typed, new_id())
    assert "No officer at Agadez" not in texts(answer["shown"])
    with scene.store.reading(System()) as session:
        found = session.exec(select(Posting).where(Posting.account_id == actor("bruno").account_id)).one()
    assert "Last day" in shown(scene, "chaima", posting=str(found.id))
    with at_desk(scene, "chaima", EVENING + timedelta(minutes=1)):
        typed = {"last_day": "2026-03-03"}
        press(page.save_posting, Ids.SAVE_POSTING, scene.operation, typed, changed=str(found.id), seen=1)
        button = {"type": Ids.END_POSTING, "of": str(found.id), "version": 2}
        answer = press(page.end_posting, button, scene.operation)
    assert "Bruno Issoufou National officer posted nowhere now" in texts(answer["shown"])
    with pytest.raises(NotFound):
        shown(scene, "moussa", posting=str(found.id))


def test_everybody_reads_where_one_works(scene: Running) -> None:
    with clock.at(START):
        post(scene, "chaima", "bruno", "Agadez", last_day="2026-03-03")
        post(scene, "chaima", "bruno", "Niamey", first_day="2026-03-04")
    fresh(scene, "bruno")
    with at_desk(scene, "bruno"):
        drawn = own.layout()
    words = texts(drawn)
    assert "Agadez 2 Mar 2026 to 3 Mar 2026 Reports" in words
    assert "Niamey from 4 Mar 2026 on   later" in words
    links = [each.href for each in found_in(drawn, "Link")]
    assert f"/operations/{scene.operation}/reports?site={scene.sites['Agadez']}" in links
    for name, words in (
        ("binta", "All sites of your country."),
        ("dov", "without a last day"),
        ("lena", "You work for all operations."),
        ("chaima", "All sites of your country."),
    ):
        with at_desk(scene, name):
            assert words in texts(own.layout())


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_page_speaks_the_language_of_the_reader(scene: Running, language: str) -> None:
    with at_desk(scene, "chaima", language=language):
        words = texts(page.layout(str(scene.operation)))
    assert "Who works here" not in words
    assert "No officer at" not in words


def test_a_country_posts_to_the_function_of_a_unit_and_ends_it(scene: Running) -> None:
    with clock.at(EVENING), scene.store.unit_of_work(scene["ana"]) as session:
        [(place, unit)] = coordination_units.mapped_units(session, scene.operation)
        assert unit is not None
        members = [{"function": "liaison_officer", "country": "NER", "persons": 1}]
        again = unit_draft(place.object_id, supersedes_id=unit.id, members=members)
        coordination_units.describe(session, scene.operation, again, scene["ana"])
    assert "No coordination unit has a function of your country" in shown(scene, "moussa")
    with at_desk(scene, "chaima"):
        drawn = page.layout(str(scene.operation))
        [seat] = [each for each in found_in(drawn, "Select") if each.id == "post-unit-seat"]
        bruno = str(actor("bruno").account_id)
        typed = {"people": [bruno], "seat": seat.data[0]["value"], "first_day": "", "last_day": "2026-03-07"}
        answer = press(unit_postings.post, Ids.POST_UNIT, scene.operation, typed, new_id())
        words = texts(answer["shown"])
        assert "OCU Niamey" in words
        assert "Bruno Issoufou" in words
        binta = typed | {"people": [str(actor("binta").account_id)]}
        with pytest.raises(RuleBroken, match="On some of these days more people would"):
            press(unit_postings.post, Ids.POST_UNIT, scene.operation, binta, new_id())
        ids = [getattr(each, "id", None) for each in found_in(answer["shown"], "Button")]
        [button] = [each for each in ids if isinstance(each, dict) and each["type"] == Ids.END_UNIT]
    with at_desk(scene, "bruno"):
        assert "OCU Niamey" in texts(own.layout())
    with at_desk(scene, "chaima", EVENING + timedelta(minutes=1)):
        ended = texts(press(unit_postings.end, button, scene.operation)["shown"])
    assert "Bruno Issoufou" not in ended


def crowd(scene: Running, first: int, last: int, of: str = "ana") -> None:
    like = account(of).model_dump()
    with scene.store.unit_of_work(System()) as session:
        session.add_all(
            Account(**like | {"id": new_id(), "username": f"{of}.{n}", "name": f"Crowd {n:03}"})
            for n in range(first, last)
        )


def test_people_who_can_be_assigned_are_searched_however_many_there_are(scene: Running) -> None:
    chosen = hired(scene, "zoé")

    def form() -> str:
        with at_desk(scene, "ana"):
            return str(page.layout(str(scene.operation)))

    def found(typed: str | None, *keep: str) -> tuple[list[str], str]:
        with at_desk(scene, "ana"), access.reading() as session:
            people, more, _countries = centre.assign_choices(
                session, access.actor(), str(scene.operation), typed, [*keep]
            )
        return [each["label"].split(" · ")[0] for each in people], more

    assert found("")[1] == ""
    crowd(scene, 0, 60)
    before = form()
    crowd(scene, 60, 300)
    assert len(form()) == len(before)
    assert "There are more than 50: type a part of the name." in before
    names, more = found(None)
    assert len(names) == 50
    assert more == "There are more than 50: type a part of the name."
    assert found("crowd 27")[0] == [f"Crowd 27{n}" for n in range(10)]
    assert found("ZOÉ") == found(" zoé ") == (["Zoé"], "")
    assert found("crowd 271", chosen) == (["Zoé", "Crowd 271"], "")
    assert found("%") == ([], "")
    names, more = found("COORDINATOR")
    assert len(names) == 50
    assert more


def test_the_first_coordinators_of_a_country_are_named_and_all_of_them_are_a_link_away(scene: Running) -> None:
    def drawn() -> tuple[int, int, str]:
        found: list[str] = []
        note = lambda _c, _cur, statement, *_more: found.append(statement)  # noqa: E731
        with at_desk(scene, "ana"):
            event.listen(scene.store.engine, "before_cursor_execute", note)
            try:
                made = page.layout(str(scene.operation))
            finally:
                event.remove(scene.store.engine, "before_cursor_execute", note)
        return len(found), len(str(made)), texts(made)

    crowd(scene, 0, 110, "chaima")
    crowd(scene, 0, 110, "bruno")
    few = drawn()
    assert "Niger Chaima Abdou Crowd 000" in few[2]
    assert "and 109 more" in few[2]
    assert "Mali Moussa Traore 2" in few[2]
    crowd(scene, 110, 300, "chaima")
    crowd(scene, 110, 300, "bruno")
    many = drawn()
    assert many[:2] == few[:2]
    assert "and 299 more" in many[2]
    assert " 303 303 2 Agadez, Niamey" in many[2]
    for name in ("ana", "lena"):
        words = shown(scene, name, country="NER")
        assert all(f"Crowd {n:03}" in words for n in range(300))
        assert "more" not in words
        assert "Bruno" not in words
    for name in ("moussa", "ada"):
        assert "Crowd" not in shown(scene, name, country="NER")
