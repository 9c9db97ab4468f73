"""The page of shifts as functions: posts by name and weight, a draw from a seed that nobody chose."""

import math
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash.exceptions import PreventUpdate

from dashboard.screens.shifts import page
from geodata.ground import shapes
from operations.analyses import shifts, worker
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.permissions import may
from operations.policing import analyses
from operations.policing.map_plan import places
from operations.support import deployments
from tests.dashboard.desks import EVENING, at_desk, open_scene, press, texts
from tests.makers import START, Running
from tests.staffing import staffed


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    made = open_scene(tmp_path)
    staffed(made, START)
    for name, lon in (("East gate", 2.2), ("West gate", 2.0)):
        drawn = shapes.measure({"type": "Point", "coordinates": [lon, 13.5]})
        content = {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": name}
        with made.store.unit_of_work(made["ana"]) as session:
            places.draw(session, made.operation, parse(places.MapObjectDraft, content), drawn, made["ana"])
    return made


def test_the_form_begins_with_what_the_deployed_teams_can_man(scene: Running) -> None:
    first = START.date()
    with scene.store.reading(scene["ana"]) as session:
        sent = [each for each in deployments.deployments(session, scene.operation) if each.bound]
        last = max(each.until for each in sent)
        days, at_once = shifts.usual(session, scene.operation, first, 1) or (0, 0)
        assert at_once == len(sent)
        assert days == min(7, math.ceil((last - datetime.combine(first, time(), UTC)) / timedelta(days=1)))
        assert shifts.usual(session, scene.operation, first, 50) == (days, 1)
        assert shifts.usual(session, scene.operation, first + timedelta(days=400), 1) is None


VALUES: dict[str, Any] = {
    "posts": "East gate; 3\nwest gate",
    "first": "2026-03-09",
    "days": 3,
    "shifts": 1,
    "hours": 8,
    "begins": 6,
    "at_once": 1,
}


def drawn(scene: Running, **values: Any) -> str:
    with at_desk(scene, "ana"):
        client = str(uuid4())
        after = press(page.draw, page.Ids.DRAW, scene.operation, VALUES | values, client)
    assert after["client"] != client
    return str(after["shown"][0])


def told(scene: Running, shown: str | None, before: str = "") -> tuple[Any, str]:
    with at_desk(scene, "ana"):
        after = page.refresh(1, str(scene.operation), [before], shown=shown)
    return after["shown"][0], after["marks"][0]


def test_a_schedule_is_drawn_by_a_worker_and_told(scene: Running) -> None:
    with at_desk(scene, "ana"):
        assert "East gate; 1" in str(page.layout(str(scene.operation)))
    first, second = drawn(scene), drawn(scene)
    with scene.store.reading(scene["ana"]) as session:
        seeds = {analyses.analysis(session, page.known_id(each)).question["seed"] for each in (first, second)}
    assert len(seeds) == 2
    waiting, mark = told(scene, first)
    assert "Waiting for its turn" in texts(waiting)
    with clock.at(EVENING):
        while worker.step(scene.store, "test"):
            pass
    answer, mark = told(scene, first, mark)
    assert "3 shifts at 2 posts over 3 days." in texts(answer)
    assert "is right 75 % of the time" in texts(answer)
    assert "LIMA" in str(answer)
    with pytest.raises(PreventUpdate):
        told(scene, first, mark)
    with at_desk(scene, "ana"):
        assert "shifts at 2 posts" in texts(page.layout(str(scene.operation)))


def test_lines_that_cannot_be_read_and_days_without_teams_are_told(scene: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        drawn(scene, posts="North gate; 1\nEast gate; heavy\n")
    assert [str(flaw) for flaw in refused.value.flaws] == [
        "Line 1: no post on the plan has this name.",
        "Line 2: write name; weight, a number above 0.",
    ]
    with pytest.raises(RuleBroken, match="at least one post"):
        drawn(scene, posts=" ")
    with pytest.raises(RuleBroken) as refused:
        drawn(scene, days=90)
    assert [flaw.field for flaw in refused.value.flaws] == ["days"]
    shown = drawn(scene, first="2027-01-01")
    with clock.at(EVENING):
        assert worker.step(scene.store, "test")
    assert "accept teams first" in texts(told(scene, shown)[0])


def test_only_the_coordination_has_the_page(scene: Running) -> None:
    assert [name for name in ("ana", "dov", "lena", "chaima", "bruno", "otto") if may(scene[name], page.NAV.act)] == [
        "ana",
        "dov",
    ]
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.refresh(1, str(scene.operation), shown=str(uuid4()))
