"""The page of shifts as functions: posts by name and weight, a draw from a seed that nobody chose."""

import math
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from dash import no_update

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
from tests.dashboard.desks import EVENING, at_desk, found_in, open_scene, press, texts
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
    "only": [],
    "often": [],
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


def look(part: Any) -> str:
    """The classes of a component."""
    return str(getattr(part, "className", ""))


def posts_of(scene: Running) -> dict[str, str]:
    """The ids of the posts by name."""
    with scene.store.reading(scene["ana"]) as session:
        return {post.name: str(post.object_id) for post in shifts.posts(session, scene.operation)}


def work(scene: Running) -> None:
    with clock.at(EVENING):
        while worker.step(scene.store, "test"):
            pass


def test_a_schedule_is_drawn_by_a_worker_and_told(scene: Running) -> None:
    first, second = (drawn(scene, often=[posts_of(scene)["East gate"]]) for _draw in range(2))
    with scene.store.reading(scene["ana"]) as session:
        questions = [analyses.analysis(session, page.known_id(each)).question for each in (first, second)]
        names = {post: name for name, post in posts_of(scene).items()}
    assert len({question["seed"] for question in questions}) == 2
    assert {names[post["id"]]: post["weight"] for post in questions[0]["posts"]} == {"East gate": 2, "West gate": 1}
    waiting, mark = told(scene, first)
    assert "Waiting for its turn" in texts(waiting)
    work(scene)
    answer, mark = told(scene, first, mark)
    assert "3 shifts at 2 posts over 3 days." in texts(answer)
    assert "is right 67 % of the time" in texts(answer)
    assert "LIMA" in str(answer)
    assert told(scene, first, mark)[0] is no_update
    with at_desk(scene, "ana"):
        assert "shifts at 2 posts" in texts(page.layout(str(scene.operation)))


def test_the_board_says_who_stands_where_and_which_shifts_have_no_team(scene: Running) -> None:
    shown = drawn(scene, at_once=2, shifts=2)
    work(scene)
    answer, _mark = told(scene, shown)
    with scene.store.reading(scene["ana"]) as session:
        result = analyses.result(session, page.known_id(shown))
        assert result is not None
    manned, lacking = len(result.result["tables"][0]["rows"]), result.result["figures"]["left"]
    assert (manned + lacking, manned > 0, lacking > 0) == (12, True, True)
    values = [texts(each.children) for each in found_in(answer, "Span") if "m-stat-value" in look(each)]
    assert values[:2] == [f"{manned} of 12", f"{lacking}"]
    [table] = found_in(answer, "Table")
    [head] = found_in(table.children[0], "Tr")
    assert [texts(each) for each in head.children] == ["Post", "9 Mar 2026", "10 Mar 2026", "11 Mar 2026"]
    open_row, *rows = found_in(table.children[1], "Tr")
    assert texts(open_row.children[0]) == "Without a team"
    assert [texts(row.children[0]).split(" gate")[0] for row in rows] == ["East", "West"]

    def slots(part: Any, what: str) -> int:
        return sum(what in look(each) for each in found_in(part, "Div"))

    assert slots(rows, "shifts-slot") == manned
    assert 0 < slots(open_row, "is-open") <= lacking
    assert "06:00–14:00" in texts(table)
    with at_desk(scene, "ana", datetime.fromisoformat(result.result["tables"][0]["rows"][0][0])):
        assert slots(page.layout(str(scene.operation)), "is-now") == 2 * sum(
            row[0] == result.result["tables"][0]["rows"][0][0] for row in result.result["tables"][0]["rows"]
        )  # once in the table, once in the list of a telephone


def test_before_the_first_draw_the_board_shows_every_post_without_a_team(scene: Running) -> None:
    with at_desk(scene, "ana"):
        shown = page.layout(str(scene.operation))
    [table] = found_in(shown, "Table")
    assert {"East gate", "West gate", "Without a team"} <= {texts(row.children[0]) for row in found_in(table, "Tr")}
    assert "%" not in texts(table)


def test_wrong_numbers_and_days_without_teams_are_told(scene: Running) -> None:
    with pytest.raises(RuleBroken) as refused:
        drawn(scene, days=90)
    assert [flaw.field for flaw in refused.value.flaws] == ["days"]
    shown = drawn(scene, first="2027-01-01")
    with clock.at(EVENING):
        assert worker.step(scene.store, "test")
    assert "accept teams first" in texts(told(scene, shown)[0])


def test_chosen_posts_alone_are_manned(scene: Running) -> None:
    shown = drawn(scene, only=[posts_of(scene)["West gate"]])
    work(scene)
    answer, _mark = told(scene, shown)
    assert "West gate" in texts(answer)
    assert "East gate" not in texts(answer)


def test_only_the_coordination_has_the_page(scene: Running) -> None:
    assert [name for name in ("ana", "dov", "lena", "chaima", "bruno", "otto") if may(scene[name], page.NAV.act)] == [
        "ana",
        "dov",
    ]
    with at_desk(scene, "ana"), pytest.raises(NotFound):
        page.refresh(1, str(scene.operation), shown=str(uuid4()))
