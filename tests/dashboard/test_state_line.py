"""The overview begins with the state in a line, what comes next and who acts; suspending and cancelling are folded."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboard.parts.phase_timeline import last_day
from dashboard.screens.overview import page
from dashboard.screens.overview.state_line import state_line
from dashboard.server.access import reading
from operations.core.people import System
from operations.policing.operation import plan
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, texts
from tests.makers import Running


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def said(scene: Running, name: str, at: Any = EVENING) -> str:
    with at_desk(scene, name, at), reading() as session:
        words = texts(state_line(session, plan.operation(session, scene.operation, scene[name]), scene[name]))
    return " ".join(words.split())


def test_the_state_and_the_day_of_the_phase_stand_in_the_first_line(scene: Running) -> None:
    with scene.store.reading(scene["ana"]) as session:
        [phase] = [each for each in plan.phases(session, scene.operation) if each.kind == "operational"]
    days = (last_day(phase, "UTC") - phase.starts.date()).days + 1
    assert said(scene, "ana", phase.starts + timedelta(hours=3)).startswith(f"Active Operational: day 1 of {days}")
    assert f"day 2 of {days}" in said(scene, "ana", phase.starts + timedelta(days=1, hours=3))
    assert "No phase runs today." in said(scene, "ana", phase.ends + timedelta(days=9))


def test_what_comes_next_names_what_is_missing_and_who_acts(scene: Running) -> None:
    words = said(scene, "ana")
    assert "The last phase ends on" in words
    assert "Next step: End the operation and consolidate. The operational phase has not ended yet." in words
    assert "To be done by" not in words.split("has not ended yet.")[0]
    assert "To be done by: " in said(scene, "lena")
    with scene.store.unit_of_work(System()) as session:
        held = session.get_one(plan.Operation, scene.operation)
        held.state, held.state_before = "suspended", "active"
    assert "Suspended" in said(scene, "ana")
    assert "Next step: Resume: Active. You can take it now." in said(scene, "ana")


def test_suspending_and_cancelling_stand_behind_more_and_goals_before_the_life_cycle(scene: Running) -> None:
    with at_desk(scene, "ana"):
        drawn = page.layout(str(scene.operation))
    [more] = [each for each in found_in(drawn, "Details") if "overview-more" in getattr(each, "className", "")]
    steps = [each.id["to"] for each in found_in(more, "Button") if isinstance(getattr(each, "id", None), dict)]
    assert steps == ["suspended"]
    every = [each.id["to"] for each in found_in(drawn, "Button") if isinstance(getattr(each, "id", None), dict)]
    assert every.count("suspended") == 1
    heads = [texts(each) for each in found_in(drawn, "H2")]
    assert heads[:3] == ["Now", "Goals", "Life cycle"]
    with at_desk(scene, "chaima"):
        theirs = page.layout(str(scene.operation))
    assert next(each for each in theirs._traverse() if getattr(each, "id", None) == page.Ids.MORE).hidden
