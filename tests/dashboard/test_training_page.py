"""The training of an operation on the screen, as functions: who is offered what, presses, and the picture."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.people_here import country
from dashboard.screens.people_here import page as people
from dashboard.screens.people_here.ids import Ids as PeopleIds
from dashboard.screens.training import page
from operations.core.errors import RuleBroken
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.operations.test_training_phases import held_for, training_of
from tests.programme import BEGUN, OVER, course_of, run_draft, run_of


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, at: Any = BEGUN) -> str:
    with at_desk(scene, name, at):
        return texts(page.layout(str(scene.operation)))


def test_the_coordinator_says_of_which_run_the_training_is_and_countries_read_it(scene: Running) -> None:
    for name, words in (("lena", "the coordinator chooses one on this page"), ("ana", "choose one below")):
        assert words in shown(scene, name)
        assert "of 0" not in shown(scene, name)  # numbers of nothing say nothing
    course, phase = course_of(scene), training_of(scene)
    run = run_of(scene, course)
    with at_desk(scene, "ana", BEGUN):
        typed = {"phase_id": str(phase.id), "run_id": str(run.id)}
        with pytest.raises(RuleBroken) as refused:
            press(page.join, page.JOIN.send, scene.operation, typed | {"phase_id": str(scene.training)})
        press(page.join, page.JOIN.send, scene.operation, typed)
    assert [flaw.field for flaw in refused.value.flaws] == ["run_id"]
    for name, writes in (("ana", True), ("chaima", False), ("bruno", False), ("lena", False)):
        words = shown(scene, name)
        assert "Stolen documents" in words
        assert ("Not its training" in words) is ("Schedule a new run for it" in words) is writes
    with at_desk(scene, "ana", BEGUN):
        press(page.part, {"type": page.Ids.PART, "of": str(run.id)}, scene.operation)
        new = run_draft(course).model_dump(mode="json", exclude={"id"})
        press(page.hold, page.NEW.send, scene.operation, new | {"phase_id": str(phase.id)}, uuid4())
        assert len(found_in(page.layout(str(scene.operation)), "Tr")) == 2


def test_the_own_people_are_named_counted_for_others_and_chosen_for_their_posting(scene: Running) -> None:
    held_for(scene, "bruno", "binta")
    own, centre, other = (shown(scene, name, OVER) for name in ("chaima", "ana", "moussa"))
    assert "Bruno Issoufou posted to nothing yet" in own
    assert "Niger 2 2 2 0" in centre
    for words in (centre, other):
        assert "Bruno" not in words
    assert "Trained officers who are posted to no site of the operation: 2." in own
    with at_desk(scene, "chaima", OVER):
        offered = texts(people.layout(str(scene.operation)))
        assert "Trained for this operation, posted to nothing yet:" in offered
        assert "Binta Oumarou, Bruno Issoufou Choose them" in offered
        chosen = press(country.choose, PeopleIds.CHOOSE, scene.operation)
    assert set(chosen["shown"][0]) == {str(scene[name].account_id) for name in ("bruno", "binta")}
    with at_desk(scene, "moussa", OVER):
        assert "posted to nothing yet:" not in texts(people.layout(str(scene.operation)))


def test_an_auditor_reads_the_training_and_no_figures_of_the_operation(scene: Running) -> None:
    held_for(scene, "bruno")
    words = shown(scene, "otto", OVER)
    assert "The figures of this operation are not for you." in words
    assert "Niger 1 1 1 0" in words
