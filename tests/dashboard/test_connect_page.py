"""Connection plans on the screen, as functions: asked, read with what each post adds, adopted; and who sees them."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.needs import connection_question
from dashboard.screens.needs.connection_question import Ids
from operations.analyses import connection_answer
from operations.core import clock
from operations.core.errors import NotFound, RuleBroken
from operations.infrastructure import links
from operations.programme import connections
from operations.programme.connection_rows import ConnectionPlan
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.programme import BEGUN, adopt_draft, connect_draft, does, priced, reads


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def typed(**changes: Any) -> dict[str, Any]:
    """What stands in the form."""
    return connect_draft(**changes).model_dump(mode="json", exclude={"id"})


def made(scene: Running, **changes: Any) -> ConnectionPlan:
    plan = does(scene, "ana", connections.ask, connect_draft(**changes))
    with clock.at(BEGUN):
        assert connection_answer.step(scene.store, "first")
    return plan


def shown(scene: Running, name: str, plan: ConnectionPlan, language: str = "en") -> str:
    with at_desk(scene, name, BEGUN, language):
        return texts(connection_question.layout(show=str(plan.id)))


def test_a_budget_becomes_a_plan_and_the_plan_links(scene: Running) -> None:
    with at_desk(scene, "ana", BEGUN):
        with pytest.raises(RuleBroken) as refused:
            press(connection_question.ask, connection_question.FORM.send, None, typed() | {"budget": ""}, uuid4())
        assert [flaw.field for flaw in refused.value.flaws] == ["budget"]
        with pytest.raises(RuleBroken, match="No post is registered yet"):
            press(connection_question.ask, connection_question.FORM.send, None, typed(), uuid4())
    for name, cost, passages in (("Near", 4000, 3000), ("Dear", 9000, 5000), ("Cheap", 3000, None)):
        priced(scene, name, cost, passages)
    priced(scene, "Shut", feasibility="not_feasible", works="")
    with at_desk(scene, "ana", BEGUN):
        press(connection_question.ask, connection_question.FORM.send, None, typed(), uuid4())
        [grid] = found_in(connection_question.layout(), "AgGrid")
    [plan] = reads(scene, "ana", connections.plans)
    assert [(row["state"], row["budget"], row["posts"]) for row in grid.rowData] == [("Waiting", 10_000, None)]
    assert "Stop" in shown(scene, "ana", plan)
    assert "Adopt a plan" not in shown(scene, "ana", plan)
    with clock.at(BEGUN):
        assert connection_answer.step(scene.store, "first")
    told = shown(scene, "ana", plan)
    for words in (
        "Proven the best",
        "this one: proven",
        "7,000 EUR, 70.0 % of the budget",
        "2 of 3",
        "Not in question",
    ):
        assert words.replace(" %", "\u202f%") in told
    assert "I-24/7 is not feasible there" in told
    with at_desk(scene, "lena", BEGUN), scene.store.reading(scene["lena"]) as session:
        looks = {
            each["name"]: each["look"]
            for each in connection_question.on_map(session, scene["lena"], str(plan.id))["features"]
        }
    assert looks == {"Near": "target", "Cheap": "target", "Dear": "target-out"}
    assert "1, counted as if nobody passed" in told
    with at_desk(scene, "ana", BEGUN):
        press(
            connection_question.adopt,
            connection_question.ADOPT.send,
            None,
            adopt_draft().model_dump(mode="json"),
            shown=str(plan.id),
        )
    assert len(reads(scene, "ana", links.links)) == 2
    told = shown(scene, "ana", plan)
    assert ("Feasible" in told, "Adopted" in told, "Adopt a plan" in told) == (True, True, False)


def test_who_only_reads_is_offered_nothing_and_a_country_sees_no_plan(scene: Running) -> None:
    priced(scene, "Near")
    plan = made(scene)
    for name in ("dov", "lena", "otto"):
        with at_desk(scene, name, BEGUN):
            assert "Plan connections" not in texts(connection_question.layout())
        told = shown(scene, name, plan)
        assert ("Near" in told, "Adopt a plan" in told) == (True, False)
    with at_desk(scene, "chaima", BEGUN), pytest.raises(NotFound):
        connection_question.layout(show=str(plan.id))


def test_what_leaves_no_plan_is_read_in_every_language(scene: Running) -> None:
    for name, country in (("Near", "NER"), ("Gao", "MLI")):
        priced(scene, name, 6000, country=country)
    plan = made(scene, floor=1)
    assert "cost at least 12,000, and the budget is 10,000" in shown(scene, "ana", plan)
    assert "12,000" in shown(scene, "ana", plan, "ar")


def test_a_stopped_plan_says_so(scene: Running) -> None:
    priced(scene, "Near")
    plan = does(scene, "ana", connections.ask, connect_draft())
    with at_desk(scene, "ana", BEGUN):
        press(connection_question.stop, Ids.STOP, shown=str(plan.id))
    assert "Stopped" in shown(scene, "ana", plan) or "Cancelled" in shown(scene, "ana", plan)
