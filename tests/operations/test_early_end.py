"""An operation is ended before its planned day: one act ends its phase, and settles its tasks and its teams."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import OperationState, TaskState
from operations.policing import lifecycle
from operations.policing.calendar import dependencies, tasks, timeline
from operations.policing.operation import plan
from operations.support import deployments, early_end
from operations.support.states import DeploymentState
from tests.makers import START, Running, add_task, form, phase_draft, send
from tests.teams import accepted, on_site

NOON = START + timedelta(days=2, hours=12)
DAY = timedelta(days=1)


def end(scene: Running, by: str = "ana", **changes: Any) -> plan.Operation:
    draft = parse(early_end.EndDraft, {"reason": "A flood closed the border."} | changes)
    with clock.at(NOON), scene.store.unit_of_work(scene[by]) as session:
        return early_end.end_now(session, scene.operation, draft, scene[by])


def phases(scene: Running) -> dict[UUID, plan.Phase]:
    with scene.store.reading(System()) as session:
        return {each.id: each for each in plan.phases(session, scene.operation)}


def task_of(scene: Running, task_id: UUID) -> tasks.Task:
    with scene.store.reading(scene["ana"]) as session:
        return tasks.task(session, task_id)


def second_phase(scene: Running) -> plan.Phase:
    """A later operational phase that waits for the first."""
    with scene.store.unit_of_work(scene["ana"]) as session:
        made = timeline.schedule(
            session, scene.operation, phase_draft("operational", START + 6 * DAY, START + 8 * DAY), scene["ana"]
        )
        link = dependencies.DependencyLink(before=scene.phase, after=made.id)
        dependencies.link(session, scene.operation, link, scene["ana"])
    return made


def test_the_running_phase_ends_now_and_a_later_one_is_dropped(scene: Running) -> None:
    later = second_phase(scene)
    inside = add_task(scene, phase_id=later.id, due=START + 7 * DAY)
    assert end(scene).state == OperationState.CONSOLIDATION
    found = phases(scene)
    assert found[scene.phase].ends == NOON
    assert later.id not in found
    kept = task_of(scene, inside.id)
    assert (kept.phase_id, kept.due, kept.state) == (None, START + 7 * DAY, TaskState.OPEN)
    with scene.store.reading(System()) as session:
        acts = [entry.act for entry in journal.latest(session, limit=5)]
        [moved] = journal.latest(session, limit=1)
    assert {"phase.drop", "phase.schedule", "operation.run"} <= set(acts)
    assert moved.detail["reason"] == "A flood closed the border."


def test_what_was_due_before_the_end_stays_in_its_phase(scene: Running) -> None:
    before = add_task(scene, phase_id=scene.phase, due=START + DAY)
    after = add_task(scene, phase_id=scene.phase, due=START + 4 * DAY)
    elsewhere = add_task(scene, due=START + 4 * DAY)
    end(scene, tasks="drop")
    assert (task_of(scene, before.id).phase_id, task_of(scene, before.id).state) == (scene.phase, TaskState.OPEN)
    dropped = task_of(scene, after.id)
    assert (dropped.state, dropped.reason) == (TaskState.CANCELLED, "A flood closed the border.")
    assert task_of(scene, elsewhere.id).state == TaskState.OPEN
    with scene.store.reading(scene["ana"]) as session:
        assert timeline.lines(session, scene.operation).clashes() == []


@pytest.mark.parametrize(
    ("choice", "state"), [("release", DeploymentState.WITHDRAWN), ("stay", DeploymentState.ON_SITE)]
)
def test_teams_on_site_are_released_or_stay_as_it_was_chosen(
    scene: Running, choice: str, state: DeploymentState
) -> None:
    there, coming = on_site(scene), accepted(scene)
    with scene.store.reading(scene["lena"]) as session:
        owner = session.get_one(plan.Operation, scene.operation)
        assert [each.id for each in deployments.teams_on_site(session, owner)] == [there.id]
    end(scene, teams=choice)
    with scene.store.reading(scene["ana"]) as session:
        found = {each.id: each for each in deployments.deployments(session, scene.operation)}
        owner = session.get_one(plan.Operation, scene.operation)
        left = [each.id for each in deployments.teams_on_site(session, owner)]
    assert (found[there.id].state, found[coming.id].state) == (state, DeploymentState.STOOD_DOWN)
    assert left == ([] if choice == "release" else [there.id])
    assert found[there.id].left_at == (NOON if choice == "release" else None)


def test_the_day_of_the_end_is_still_reported(scene: Running) -> None:
    end(scene)
    sent = send(scene, form(scene, day=2), at=NOON + timedelta(hours=8))
    assert sent.phase_id == scene.phase


@pytest.mark.parametrize("name", ["lena", "dov", "chaima", "bruno"])
def test_nobody_but_its_coordinator_ends_an_operation_early(scene: Running, name: str) -> None:
    with pytest.raises((NotPermitted, NotFound)):
        end(scene, by=name)
    assert phases(scene)[scene.phase].ends == START + 5 * DAY


def test_what_is_not_running_is_not_ended_early(scene: Running) -> None:
    end(scene)
    with pytest.raises(RuleBroken, match="not running"):
        end(scene)


def test_a_refusal_leaves_everything_as_it_was(scene: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    there = on_site(scene)
    task = add_task(scene, phase_id=scene.phase, due=START + 4 * DAY)
    monkeypatch.setattr(lifecycle, "move", lambda *_args: (_ for _ in ()).throw(RuleBroken("", "stop")))
    with pytest.raises(RuleBroken, match="stop"):
        end(scene, tasks="drop")
    assert phases(scene)[scene.phase].ends == START + 5 * DAY
    assert task_of(scene, task.id).state == TaskState.OPEN
    with scene.store.reading(scene["ana"]) as session:
        assert deployments.deployment(session, there.id).state == DeploymentState.ON_SITE


def test_a_phase_that_has_begun_is_not_dropped(scene: Running) -> None:
    with (
        clock.at(NOON),
        scene.store.unit_of_work(scene["ana"]) as session,
        pytest.raises(RuleBroken, match="has begun"),
    ):
        timeline.drop(session, scene.phase, scene["ana"])
