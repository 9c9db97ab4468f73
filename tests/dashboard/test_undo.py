"""Undo: what stands beside a notice, what a press of it does, and what has no way back."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dashboard.frame.undo import PRESSED, undo
from dashboard.screens.countries import final_word
from dashboard.screens.equipment import page as equipment
from dashboard.screens.overview import page as overview
from dashboard.screens.timeline import edit
from operations.core import clock
from operations.core.errors import NotFound, RuleBroken
from operations.policing.calendar import tasks
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, open_scene, press
from tests.evaluations import ENDED, evaluated
from tests.makers import START, Running, add_task, operation_draft, phase_draft
from tests.people import actor
from tests.programme import BEGUN, delivered, planned, post_of

WHY = {"type": "task-why", "task": "", "act": {"task.start": ""}}
HERE = ("approved", "procured", "shipped", "customs", "handed_over", "installed")


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def offered(said: dict[str, Any]) -> Any:
    """What the undo beside the last notice would send; None without one."""
    message = said["shell-notices"]["sendNotifications"][0]["message"]
    if isinstance(message, str):
        return None
    [button] = [part for part in message if getattr(part, "className", "").endswith("m-undo")]
    return json.loads(button.to_plotly_json()["props"]["data-undoes"])


def step(ident: Any, to: str, words: str) -> None:
    """Take a piece of equipment to another state, with words."""
    beside = {"type": "equipment-why", "of": str(ident), "to": {to: words}}
    press(equipment.take, {"type": "equipment-step", "of": str(ident), "to": to}, beside=beside)


def take_back(what: Any) -> Any:
    """Press the undo as the browser does: the store of the shell tells which."""
    return press(undo, PRESSED, value=what or True, what=what)


def test_a_task_goes_back_to_where_it_was_and_only_once(scene: Running) -> None:
    made = add_task(scene)
    with at_desk(scene, "chaima", at=clock.now()) as said:
        press(edit.work, {"type": "task-act", "task": str(made.id), "act": "task.start"}, beside=WHY)
        what = offered(said)
        assert what == {"name": "task", "of": str(made.id), "to": "open", "operation": ""}
        take_back(what)
        assert said["shell-notices"]["sendNotifications"][0]["message"] == "Undone."
        with pytest.raises(RuleBroken):
            take_back(what)
    with scene.store.reading(scene["ana"]) as session:
        assert tasks.task(session, made.id).state == "open"


def test_nobody_undoes_what_they_may_not_do(scene: Running) -> None:
    made = add_task(scene)
    with at_desk(scene, "chaima", at=clock.now()) as said:
        press(edit.work, {"type": "task-act", "task": str(made.id), "act": "task.start"}, beside=WHY)
        what = offered(said)
    with at_desk(scene, "moussa", at=clock.now()):
        for sent, refused in ((what, NotFound), (what | {"name": "verify"}, NotFound), ({}, ValidationError)):
            with pytest.raises(refused):
                take_back(sent)


def test_a_step_that_needs_a_reason_to_go_back_offers_none(scene: Running) -> None:
    """A piece of equipment that failed is repaired without one; that it is repaired is taken back with one alone."""
    made = delivered(scene, planned(scene, post_of(scene)), *HERE, serial="PR-1")
    made = delivered(scene, made, "commissioned")
    made = delivered(scene, made, "in_use", at=BEGUN + timedelta(days=1))
    made = delivered(scene, made, "out_of_service", "dormant", at=BEGUN + timedelta(days=2))
    with at_desk(scene, "chaima", BEGUN + timedelta(days=3)) as said:
        step(made.id, "out_of_service", "It does not start.")
        what = offered(said)
        take_back(what)
        step(made.id, "retired", "It is ten years old.")
        assert offered(said) is None
    assert what["to"] == "dormant"


def test_a_proposal_of_an_operation_is_taken_back(scene: Running) -> None:
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = plan.create(session, operation_draft(), scene["ana"])
    scene.members["ana"] = actor("ana", scene.operation, made.id)
    with scene.store.unit_of_work(scene["ana"]) as session:
        plan.schedule(session, made.id, phase_draft("operational", START, START + timedelta(days=2)), scene["ana"])
    with at_desk(scene, "ana") as said:
        press(overview.take_step, {"type": overview.Ids.STEP, "to": "proposed"}, made.id, {"reason": ""})
        take_back(offered(said))
    with scene.store.reading(scene["ana"]) as session:
        assert plan.operation(session, made.id, scene["ana"]).state == "draft"


def test_a_last_word_on_figures_is_taken_back(scene: Running) -> None:
    evaluated(scene)
    with at_desk(scene, "chaima", ENDED) as said:
        press(final_word.say_final, {"type": "country-step", "of": "NER", "to": "reported_final"}, scene.operation)
        what = offered(said)
        take_back(what)
    assert what["to"] == "active"
    with scene.store.reading(scene["chaima"]) as session:
        [own] = [each for each in plan.participations(session, scene.operation) if each.country == "NER"]
    assert own.state == "active"
