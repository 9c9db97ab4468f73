"""The network on the screen, as functions: looked up by everybody, kept by each country."""

from pathlib import Path
from uuid import uuid4

import pytest

from dashboard.screens.directory import page
from operations.core.errors import RuleBroken
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.directory import activity_draft, member, member_draft
from tests.makers import Running
from tests.programme import BEGUN


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def test_an_office_is_entered_and_looked_up_by_another_country(scene: Running) -> None:
    typed = member_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima", BEGUN):
        press(page.enter, page.FORM.send, None, typed, uuid4())
        with pytest.raises(RuleBroken) as refused:
            press(page.enter, page.FORM.send, None, typed | {"office": " ", "specialism": None}, uuid4())
    assert {flaw.field for flaw in refused.value.flaws} == {"office", "specialism"}
    with at_desk(scene, "mateo", BEGUN):
        shown = page.layout()
    [grid] = found_in(shown, "AgGrid")
    assert [(row["country"], row["specialism"], row["active"]) for row in grid.rowData] == [
        ("Niger", "Document examiner", "Not active")
    ]
    assert "Network activity" in texts(shown)
    assert "Enter an office of your country" not in texts(shown)


def test_what_it_did_is_written_down_until_it_leaves(scene: Running) -> None:
    made = member(scene)
    typed = activity_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "chaima", BEGUN):
        press(page.did, page.DID.send, None, typed, uuid4(), shown=str(made.id))
        told = texts(page.layout(show=str(made.id)))
        assert all(words in told for words in ("Taught colleagues", "Two days in Agadez.", "Write down what it did"))
        beside = {"type": page.PAGE.steps.beside["type"], "to": "left", "of": {str(made.id): "Merged."}}
        press(page.take, {"type": page.PAGE.steps.buttons["type"], "of": str(made.id), "to": "left"}, beside=beside)
        told = texts(page.layout(show=str(made.id)))
    assert "Merged." in told
    assert "Write down what it did" not in told
    with at_desk(scene, "moussa", BEGUN):
        told = texts(page.layout(show=str(made.id)))
    assert "Two days in Agadez." not in told
    assert "It is a member again" not in told
