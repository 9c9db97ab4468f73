"""Home as functions: what each role finds there, invitations and their answers, and the form of a new operation."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.screens.home import operation_lists, page
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.policing.operation import overdue_operations, plan
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
from tests.makers import Running, operation_draft
from tests.people import actor


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def typed(**changes: object) -> dict[str, object]:
    complete = {
        "type": "fugitive",
        "code_name": "Liberterra",
        "edition": 2,
        "crime_scope": ["migrant_smuggling"],
        "aim": "Locate wanted persons.",
        "legal_basis": "",
        "reason_to_open": "",
        "measured_goal": "",
        "end_criterion": "At the end of March.",
        "zone": "Africa/Niamey",
        "day_cut": "06:00",
        "classification": "restricted",
        "art3_screen": "not_screened",
        "line_kinds": ["arrest"],
        "daily_due": "",
    }
    return complete | changes


def create(scene: Running, name: str, ident: str = "", **changes: object) -> str:
    """Press the button below the form of a new operation; the address that it leads to."""
    with at_desk(scene, name):
        return press(page.create, page.FORM.send, typed=typed(**changes), client=ident or new_id())["to"]


def invitations(scene: Running, name: str) -> list[Any]:
    with at_desk(scene, name), scene.store.reading(scene[name]) as session:
        return page.contents(session, scene[name])[0]


def answer(scene: Running, name: str, operation: UUID, said: str) -> list[Any]:
    """Answer an invitation beside one of another operation; the invitations that wait then."""
    button = {"type": page.Ids.ANSWER, "operation": str(operation), "answer": said}
    switches = [{"type": page.Ids.SHARES, "operation": str(each)} for each in (new_id(), operation)]
    with at_desk(scene, name):
        return press(page.answer, button, shares=[False, True], switches=switches)["shown"][0]


def invite_niger(scene: Running) -> plan.Operation:
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = plan.create(session, operation_draft(code_name="Adwenpa V"), scene["ana"])
    with scene.store.unit_of_work(actor("ana", made.id)) as session:
        plan.invite(session, made.id, parse(plan.CountryInvitation, {"country": "NER"}), actor("ana", made.id))
    return made


def test_members_find_the_operation_and_where_to_go(scene: Running) -> None:
    for name, place in (("lena", "situation"), ("bruno", "situation"), ("otto", "overview")):
        with at_desk(scene, name):
            drawn = page.layout()
        links = [link.href for link in found_in(drawn, "Link")]
        assert f"/operations/{scene.operation}/{place}" in links, name
        assert "Active" in texts(drawn)


@pytest.mark.parametrize(
    ("name", "words"),
    [("ana", "Create the first one"), ("mateo", "Operations to which your country")],
)
def test_an_empty_list_says_what_to_do(scene: Running, name: str, words: str) -> None:
    nobody = Running(scene.store, uuid4(), scene.training, scene.phase, {}, members={name: actor(name)})
    with at_desk(nobody, name):
        assert words in texts(page.layout())


def test_an_administrator_is_sent_to_the_people(scene: Running) -> None:
    with at_desk(scene, "ada"):
        [elsewhere] = found_in(page.layout(), "Location")
    assert (elsewhere.href, elsewhere.refresh) == ("/people", True)


def test_a_long_list_draws_as_many_cards_as_were_asked_for_and_says_how_many_there_are(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "CARDS", 2)
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = [
            plan.create(session, operation_draft(code_name=f"Adwenpa {each}"), scene["ana"]).id for each in range(4)
        ]
    with scene.store.unit_of_work(System()) as session:
        archived = session.get_one(plan.Operation, made[-1])
        archived.state = OperationState.ARCHIVED
        session.add(archived)
    ana = scene.members["ana"] = actor("ana", scene.operation, *made)
    drawn, said = [], []
    for more in (None, 1, 2):
        with at_desk(scene, "ana"), scene.store.reading(ana) as session:
            _invitations, shown = page.contents(session, ana, more)
        drawn.append([link.href.split("/")[2] for link in found_in(shown, "Link")])
        said.append("of 5 operations" in texts(shown))
    assert [len(each) for each in drawn] == [2, 4, 5]
    assert drawn[2][:4] == drawn[1]
    assert drawn[2][-1] == str(made[-1])  # archived: last, though created last
    assert set(drawn[2]) == {str(each) for each in (scene.operation, *made)}
    assert said == [True, True, False]


def test_only_who_creates_sees_the_form(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert "Crime scope" in texts(page.layout(new="1"))
    with at_desk(scene, "lena"):
        assert "Crime scope" not in texts(page.layout(new="1"))


def test_the_typed_form_becomes_a_draft_and_a_second_press_changes_nothing(scene: Running) -> None:
    ident = str(new_id())
    address = create(scene, "ana", ident)
    made_id = UUID(address.split("/")[2])
    scene.members["ana"] = actor("ana", scene.operation, made_id)  # as the gate finds her at the next request
    assert create(scene, "ana", ident) == address
    with scene.store.reading(scene["ana"]) as session:
        made = plan.operation(session, made_id, scene["ana"])
    assert made.title == "Liberterra (2)"
    assert f"{made.day_cut:%H:%M}" == "06:00"
    assert made.daily_due is None
    assert page.FORM.shown(made) == typed()


def test_each_missing_or_wrong_field_is_named(scene: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        create(scene, "ana", type=None, code_name="", crime_scope=[], zone="Mars/Olympus", edition=-1)
    assert {flaw.field for flaw in refused.value.flaws} == {"type", "code_name", "crime_scope", "zone", "edition"}
    with pytest.raises(NotFound):
        create(scene, "chaima")


def test_an_invitation_waits_is_answered_once_and_then_gone(scene: Running) -> None:
    made = invite_niger(scene)
    scene.members["chaima"] = actor("chaima", scene.operation, made.id)
    scene.members["moussa"] = actor("moussa", scene.operation, made.id)
    assert "Take part" in texts(invitations(scene, "chaima"))
    assert answer(scene, "chaima", made.id, "confirm") == []
    with scene.store.reading(scene["chaima"]) as session:
        [mine] = [each for each in plan.participations(session, made.id) if each.country == "NER"]
    assert mine.shares_totals
    assert invitations(scene, "chaima") == invitations(scene, "moussa") == []
    with pytest.raises(NotFound):
        answer(scene, "moussa", made.id, "confirm")


def test_nobody_is_said_to_be_silent_once_the_last_phase_is_over(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert "sites reported in 24 h" in texts(page.layout())
    with at_desk(scene, "ana", at=EVENING + timedelta(days=400)):
        over = texts(page.layout())
    assert "take part" in over or "takes part" in over
    assert "sites reported in 24 h" not in over


def test_leadership_sees_what_goes_on_past_its_planned_end_and_what_was_to_end_it(scene: Running) -> None:
    with scene.store.unit_of_work(System()) as session:
        operation = session.get_one(plan.Operation, scene.operation)
        operation.end_criterion = "Both border posts check by themselves."
        session.add(operation)
        [phase] = [each for each in plan.phases(session, scene.operation) if each.kind == "operational"]
    for at, past in ((phase.ends - timedelta(hours=1), False), (phase.ends, True)):
        for name, shows in (("lena", past), ("ana", past), ("bruno", False)):
            with at_desk(scene, name, at):
                shown = texts(page.layout())
            assert ("Past their planned end" in shown) is shows, name
            assert ("Both border posts check by themselves." in shown) is shows, name


def test_no_more_ends_are_drawn_than_cards(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        other = plan.create(session, operation_draft(code_name="Adwenpa VI"), scene["ana"])
    late = overdue_operations.Overdue(other, EVENING.date())
    monkeypatch.setattr(overdue_operations, "overdue", lambda _session, _by: [late] * 3)
    with at_desk(scene, "lena"), scene.store.reading(scene["lena"]) as session:
        drawn = operation_lists.past_their_end(session, scene["lena"], 2)
    assert len(found_in(drawn, "Li")) == 2
    assert "The first 2 of 3 operations." in texts(drawn)
