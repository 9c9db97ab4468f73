"""Deconfliction on the screen, as functions: no callback takes phrase or values, and each press does what it says."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import dash
import pytest

from dashboard.screens.deconfliction import page
from dashboard.screens.deconfliction import room as file
from dashboard.screens.deconfliction.ids import Ids
from dashboard.screens.deconfliction.page import FORM
from dashboard.screens.deconfliction.room import ENTER, ROOMS, SAYS
from operations.core.errors import NotFound, RuleBroken
from operations.exchange import deconfliction
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.deconfliction_rooms import CONTACT, entered, entries_draft, opened, room_draft, third
from tests.makers import Running
from tests.programme import BEGUN, reads

LEG = ("route", "Dirkou > Toummo")


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Running:
    monkeypatch.setattr(deconfliction, "ROUNDS", 20)
    monkeypatch.setattr(deconfliction, "STRETCH", 2)
    return open_scene(tmp_path)


def shown(scene: Running, name: str, room: Any, language: str = "en") -> str:
    with at_desk(scene, name, BEGUN, language):
        return texts(page.layout(show=str(room.id)))


@pytest.mark.requirement("R71")
def test_no_callback_takes_a_phrase_or_what_a_country_works_on() -> None:
    declared = [
        *dash._callback.GLOBAL_CALLBACK_LIST,
        *(dash.get_app().callback_map.values() if dash._get_app.APP else []),
    ]
    taken = {each["id"] for entry in declared for part in ("inputs", "state") for each in entry.get(part, [])}
    assert {Ids.TAGS, Ids.CHECK} <= taken
    assert not {Ids.PHRASE, Ids.NEW_PHRASE, Ids.VALUES} & taken


def test_a_room_is_opened_and_stands_in_the_list_of_its_countries(scene: Running) -> None:
    draft = room_draft()
    typed = draft.model_dump(mode="json", exclude={"id", "check_value"})
    made = {"check": draft.check_value, "at": 1}
    with at_desk(scene, "chaima", BEGUN):
        assert "Open a room" in texts(page.layout())
        done = press(page.open_room, Ids.CHECK, None, typed, draft.id, made=made, value=made)
        assert done["to"] == f"/deconfliction?show={draft.id}"
        with pytest.raises(RuleBroken) as refused:
            press(
                page.open_room, Ids.CHECK, None, typed | {"name": " ", "countries": []}, uuid4(), made=made, value=made
            )
    assert {flaw.field for flaw in refused.value.flaws} == {"name", "countries"}
    third(scene)
    for name, there in (("chaima", True), ("moussa", True), ("tariq", True)):
        with at_desk(scene, name, BEGUN):
            assert ("Central Mediterranean" in texts(page.layout())) is there
    assert FORM.start("operation_id") is None


def test_tags_are_entered_and_what_became_of_each_goes_back_by_its_tag(scene: Running) -> None:
    room = opened(scene)
    entered(scene, "moussa", room, LEG)
    draft = entries_draft(room, [LEG, ("site", "DRRN")])
    made = {"check": draft.check_value, "tags": [each.model_dump() for each in draft.values], "at": 1}
    with at_desk(scene, "chaima", BEGUN):
        done = press(file.enter, Ids.TAGS, None, {"contact": CONTACT}, shown=str(room.id), made=made, value=made)
        [outcome] = done["shown"]
        assert [each["said"] for each in outcome] == ["New. Mali: talk to each other.", "New."]
        assert {each["tag"] for each in outcome} == {each.tag for each in draft.values}
        with pytest.raises(RuleBroken) as refused:
            press(file.enter, Ids.TAGS, None, {"contact": " "}, shown=str(room.id), made=made, value=made)
        assert [flaw.field for flaw in refused.value.flaws] == ["contact"]
        with pytest.raises(RuleBroken):
            press(file.enter, Ids.TAGS, None, {"contact": CONTACT}, shown=str(room.id), made={"check": "0"}, value=made)
    told = shown(scene, "chaima", room)
    assert all(
        words in told for words in ("Mali and your country work on the same", CONTACT, "398 more can be entered today")
    )
    assert "Not spoken yet" in told
    third(scene)
    assert "work on the same: talk" not in shown(scene, "tariq", room)
    assert ENTER.start("contact") in ("", None)


def test_both_say_what_came_of_it_and_who_opened_the_room_closes_it(scene: Running) -> None:
    room = opened(scene)
    for name in ("chaima", "moussa"):
        entered(scene, name, room, LEG)
    [(found, _other)] = reads(scene, "chaima", deconfliction.sides, room.id, scene["chaima"])
    of, to = str(found.side.match_id), "spoken"
    with at_desk(scene, "chaima", BEGUN):
        press(
            file.say, {"type": SAYS.buttons["type"], "of": of, "to": to}, beside={"type": SAYS.beside["type"], "of": {}}
        )
    assert "Spoken" in shown(scene, "moussa", room)
    [entry] = reads(scene, "moussa", deconfliction.entries, room.id)
    with at_desk(scene, "moussa", BEGUN):
        ids = [each.id for each in found_in(page.layout(show=str(room.id)), "Button") if isinstance(each.id, dict)]
        assert {each.get("to") for each in ids} == {"spoken", "nothing", None}
        press(file.withdraw, {"type": "deconfliction-withdraw", "of": str(entry.id)})
        assert "Withdrawn" in texts(page.layout(show=str(room.id)))
    with at_desk(scene, "chaima", BEGUN):
        button = {"type": ROOMS.buttons["type"], "of": str(room.id), "to": "closed"}
        press(file.close, button, beside={"type": ROOMS.beside["type"], "of": {}})
        told = texts(page.layout(show=str(room.id)))
    assert "Closed, its entries erased" in told
    assert "Phrase of the room" not in told
    with at_desk(scene, "ana", BEGUN), pytest.raises(NotFound):
        page.layout(show=str(room.id))
