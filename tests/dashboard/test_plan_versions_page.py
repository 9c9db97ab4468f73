"""Versions on the plan page: frozen, approved by other eyes, compared in words and on the map, restored."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update

from dashboard.screens.plan import edit as plan_edit
from dashboard.screens.plan import page, versions
from dashboard.screens.plan.versions_view import NOW
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.policing.map_plan import versions as plan_versions
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running, Shape, freeze
from tests.operations.test_plan_versions import MOVED, approve, delete, draw, names

AREA = Shape(
    {"type": "Polygon", "coordinates": [[[2, 13], [3, 13], [3, 14], [2, 14], [2, 13]]]}, countries=("NER", "MLI")
)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def opened(scene: Running, name: str, language: str = "en") -> Any:
    with at_desk(scene, name, language=language):
        return page.layout(str(scene.operation))


def pressed(scene: Running, name: str, note: str = "", client: str | None = None) -> Any:
    with at_desk(scene, name):
        return press(versions.freeze, versions.FREEZE_IT, scene.operation, {"note": note}, client or str(uuid4()))


def in_force(made: Any) -> Any:
    return press(versions.approve, {"type": "plan-approve", "version": str(made.id)})["shown"][0]


def restored(gone: Any) -> Any:
    return press(versions.restore_deleted, {"type": "plan-restore-deleted", "object": str(gone.object_id)})["shown"]


def compared(scene: Running, name: str, since: Any, until: str = NOW, drawn: Any = None) -> tuple[Any, Any, Any]:
    with at_desk(scene, name):
        return versions.compare(str(since), until, 1, str(scene.operation), drawn)


# ----------------------------------------------------------------------------------------------- frozen, approved


def test_who_may_freeze_and_approve_is_offered_it_and_nobody_else(scene: Running) -> None:
    freeze(scene)
    offered = {}
    for name in ("ana", "lena", "dov", "chaima", "bruno"):
        words = texts(opened(scene, name))
        offered[name] = ("Freeze the plan as it is now" in words, "Put it in force" in words, "Version 1" in words)
    assert offered == {
        "ana": (True, False, True),
        "lena": (False, True, True),
        "dov": (False, False, True),
        "chaima": (False, False, False),
        "bruno": (False, False, False),
    }


def test_a_plan_is_frozen_once_however_often_the_button_is_pressed(scene: Running) -> None:
    client = str(uuid4())
    after = pressed(scene, "ana", "First.", client)
    assert (after["cleared"], after["shown"][0]["text"]) == ([""], "Version 1 is frozen. Leadership can approve it.")
    assert after["client"] != client
    pressed(scene, "ana", "First.", client)
    with pytest.raises(Conflict):
        pressed(scene, "ana", "Another note.", client)
    with scene.store.reading(scene["ana"]) as session:
        assert [each.note for each in plan_versions.versions(session, scene.operation)] == ["First."]


@pytest.mark.parametrize("name", ["lena", "dov", "chaima", "bruno"])
def test_nobody_else_freezes(scene: Running, name: str) -> None:
    with pytest.raises(NotPermitted):
        pressed(scene, name)


@pytest.mark.parametrize("client", ["", "1", None])
def test_a_forged_identifier_freezes_nothing(scene: Running, client: Any) -> None:
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        press(versions.freeze, versions.FREEZE_IT, scene.operation, {"note": ""}, client)


def test_a_note_that_is_too_long_is_refused_beside_its_field(scene: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        pressed(scene, "ana", "x" * 2001)
    assert [each.field for each in refused.value.flaws] == ["note"]


def test_leadership_puts_a_version_in_force(scene: Running) -> None:
    made = freeze(scene)
    with at_desk(scene, "lena"):
        assert in_force(made)["text"] == "Version 1 is in force."
    assert "In force" in texts(opened(scene, "chaima"))
    with at_desk(scene, "ana"), pytest.raises(NotPermitted):
        in_force(made)


def test_without_a_version_the_drawer_says_what_to_do(scene: Running) -> None:
    assert "Freeze the plan when it is ready" in texts(opened(scene, "ana"))
    assert "No version of the plan is there for you yet." in texts(opened(scene, "chaima"))
    assert compared(scene, "ana", "")[0] == []


# --------------------------------------------------------------------------------------------------- what changed


def changed(scene: Running) -> Any:
    """A version in force, and after it something added, changed, moved and removed."""
    sector, gone = draw(scene, "Sector", shape=AREA, kind="area"), draw(scene, "CP gone")
    post = draw(scene, "CP 1")
    made = approve(scene, freeze(scene).id)
    draw(scene, "Sector East", shape=AREA, kind="area", of=sector)
    draw(scene, "CP 1", shape=MOVED, of=post, state="active", audience="coordination")
    delete(scene, gone.object_id)
    draw(scene, "CP new")
    return made


def test_the_differences_stand_in_a_table_and_on_the_map(scene: Running) -> None:
    made = changed(scene)
    rows, told, drawn = compared(scene, "ana", made.id)
    assert told == "1 added · 2 changed · 1 removed"
    by_name = {row["name"]: row for row in rows}
    assert by_name["CP new"]["how"] == "+ Added"
    assert by_name["CP gone"]["how"] == "− Removed"
    assert "Name: \u2068Sector\u2069 → \u2068Sector East\u2069" in by_name["Sector East"]["what"]
    for words in ("Place or shape", "Planned", "Active", "Those who coordinate"):
        assert words in by_name["CP 1"]["what"]
    assert "Ana Ferreira" in by_name["CP gone"]["by"]
    on_map = {each["name"]: each for each in drawn["changes"]}
    moved, removed = on_map["≠ Changed: CP 1"], on_map["− Removed: CP gone"]
    assert (moved["before"]["coordinates"], moved["after"]["coordinates"]) == ([2.1, 13.5], [2.2, 13.6])
    assert removed["after"] is None
    assert on_map["≠ Changed: Sector East"]["before"] is None  # it stands where it stood
    assert compared(scene, "ana", made.id, drawn=drawn)[2] is not drawn


def test_a_country_learns_nothing_of_what_is_hidden_from_it(scene: Running) -> None:
    made = changed(scene)
    rows, _told, drawn = compared(scene, "chaima", made.id)
    assert {row["name"] for row in rows} == {"CP new", "Sector East", "CP gone", "CP 1"}
    hidden = draw(scene, "Hidden", audience="coordination")
    again = compared(scene, "chaima", made.id)
    assert (again[0], again[2]["changes"]) == (rows, drawn["changes"])
    delete(scene, hidden.object_id)
    assert "Hidden" not in texts(opened(scene, "chaima"))


def test_two_versions_are_compared_and_another_operation_has_none(scene: Running) -> None:
    first = changed(scene)
    second = freeze(scene)
    assert compared(scene, "ana", first.id, str(second.id))[1] == "1 added · 2 changed · 1 removed"
    assert compared(scene, "ana", second.id)[1] == "Nothing is different."
    for since, until in ((uuid4(), NOW), (first.id, str(uuid4())), ("x", NOW), (first.id, "x")):
        with pytest.raises(NotFound):
            compared(scene, "ana", since, until)


def test_what_is_compared_stays_chosen_while_versions_come(scene: Running) -> None:
    operation = str(scene.operation)
    with at_desk(scene, "ana"):
        listed, _gone, offered, _until, first = versions.refresh_versions(1, operation, chosen=None)["shown"]
        assert "No version yet" in texts(listed)
        made = freeze(scene)
        before = [None, None, offered, None, first]
        _listed, _gone, offered, until, first = versions.refresh_versions(2, operation, before, chosen=None)["shown"]
        assert first == str(made.id)
        assert [each["value"] for each in until] == [NOW, str(made.id)]
        freeze(scene)
        again = versions.refresh_versions(3, operation, [None, None, offered, until, first], chosen=first)["shown"]
    assert len(again[2]) == 2
    assert again[4] is no_update


# ------------------------------------------------------------------------------------------------------- restored


def test_what_was_deleted_is_listed_with_who_did_it_and_restored(scene: Running) -> None:
    gone = draw(scene, "CP gone")
    delete(scene, gone.object_id)
    words = texts(opened(scene, "ana"))
    assert "CP gone" in words
    assert "Deleted by \u2068Ana Ferreira\u2069" in words
    with at_desk(scene, "ana"):
        chosen, done = restored(gone)
    assert (chosen["id"], done["text"]) == (str(gone.object_id), "Restored: CP gone")
    assert "CP gone" in names(scene, freeze(scene).id)
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        restored(gone)


def test_a_country_restores_its_own_only(scene: Running) -> None:
    mine, theirs = draw(scene, "Ours", by="chaima"), draw(scene, "Coordination's")
    for each, by in ((mine, "chaima"), (theirs, "ana")):
        delete(scene, each.object_id, by)
    buttons = [
        each for each in found_in(opened(scene, "chaima"), "Button") if isinstance(getattr(each, "id", ""), dict)
    ]
    ids = [each.id["object"] for each in buttons if each.id["type"] == "plan-restore-deleted"]
    assert ids == [str(mine.object_id)]
    with at_desk(scene, "chaima"), pytest.raises(NotFound):
        restored(theirs)


def test_the_history_of_an_object_says_who_changed_what(scene: Running) -> None:
    first = draw(scene, "CP 1")
    second = draw(scene, "CP 1", of=first, shape=MOVED, state="active")
    draft = {"object_id": str(first.object_id), "supersedes_id": str(second.id), "editable": True, "fresh": False}
    with at_desk(scene, "ana"):
        words = texts(plan_edit.show_history(1, str(scene.operation), draft=draft)["shown"])
    assert "Place or shape; State: \u2068Planned\u2069 → \u2068Active\u2069" in words
