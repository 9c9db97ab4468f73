"""The timeline: what stands in the way of a move, moving with what follows, and putting nothing where it cannot lie."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from operations.core import journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.calendar import tasks, timeline
from operations.policing.calendar.timeline import Move
from operations.policing.operation import plan
from tests.makers import START, Running, add_task, link, phase_draft, task_draft
from tests.people import CAST

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def debrief(scene: Running) -> UUID:
    """A third phase, two days after the operational one."""
    with scene.store.unit_of_work(scene["ana"]) as session:
        draft = phase_draft("debrief", START + 7 * DAY, START + 8 * DAY)
        return plan.schedule(session, scene.operation, draft, scene["ana"]).id


def wanted(identifier: UUID, starts: datetime | None, ends: datetime, **more: Any) -> Move:
    return parse(Move, {"id": identifier, "starts": starts, "ends": ends, **more})


def move(scene: Running, asked: Move, by: str = "ana") -> list[timeline.Bar]:
    with scene.store.unit_of_work(scene[by]) as session:
        return timeline.move(session, asked, scene[by])


def said(scene: Running, asked: Move) -> list[str]:
    with scene.store.reading(scene["ana"]) as session:
        return [str(clash.flaw) for clash in timeline.check(session, asked, scene["ana"])]


def begins(scene: Running, *identifiers: UUID) -> list[datetime]:
    with scene.store.reading(System()) as session:
        bars = timeline.lines(session, scene.operation).bars
        return [bars[each].begins for each in identifiers]


def test_a_phase_is_moved_and_what_it_was_is_answered(scene: Running, debrief: UUID) -> None:
    before = move(scene, wanted(debrief, START + 9 * DAY, START + 10 * DAY, version=1))
    assert [(bar.id, bar.begins) for bar in before] == [(debrief, START + 7 * DAY)]
    assert begins(scene, debrief) == [START + 9 * DAY]
    with pytest.raises(Conflict, match="Somebody else has moved this"):
        move(scene, wanted(debrief, START + 11 * DAY, START + 12 * DAY, version=1))


def test_a_check_changes_nothing(scene: Running, debrief: UUID) -> None:
    with scene.store.reading(System()) as session:
        entries = journal.count(session)
    assert said(scene, wanted(debrief, START + 9 * DAY, START + 10 * DAY)) == []
    assert said(scene, wanted(debrief, START, START + DAY)) == [
        "This overlaps with the phase Operational: choose other times."
    ]
    with scene.store.reading(System()) as session:
        assert journal.count(session) == entries
    assert begins(scene, debrief) == [START + 7 * DAY]


def test_what_stands_in_the_way_is_said_and_nothing_moves(scene: Running, debrief: UUID) -> None:
    task = add_task(scene, starts=START, due=START + DAY, phase_id=scene.phase)
    link(scene, scene.phase, debrief)
    stretched = wanted(scene.phase, START + 2 * DAY, START + 8 * DAY)
    sentences = {
        "This overlaps with the phase Debrief: choose other times.",
        "Debrief begins before Operational ends. Move the later one too, or remove the dependency.",
        "The task Brief the teams would lie outside its phase Operational: move both, or take it out of the phase.",
    }
    assert set(said(scene, stretched)) == sentences
    with pytest.raises(RuleBroken) as refusal:
        move(scene, stretched)
    assert {str(flaw) for flaw in refusal.value.flaws} == sentences
    assert begins(scene, scene.phase, debrief, task.id) == [START, START + 7 * DAY, START]


def test_what_follows_moves_too_where_that_is_asked(scene: Running, debrief: UUID) -> None:
    inside = add_task(scene, starts=START, due=START + DAY, phase_id=scene.phase)
    report = add_task(scene, due=START + 8 * DAY, title="Report", phase_id=debrief)
    link(scene, scene.phase, debrief)
    later = wanted(scene.phase, START + 3 * DAY, START + 8 * DAY, following=True)
    before = move(scene, later)
    assert {bar.id for bar in before} == {scene.phase, debrief, inside.id, report.id}
    after = [START + 3 * DAY, START + 10 * DAY, START + 3 * DAY, START + 11 * DAY]
    assert begins(scene, scene.phase, debrief, inside.id, report.id) == after
    back = wanted(scene.phase, START, START + 5 * DAY, following=True)
    move(scene, back)
    assert begins(scene, scene.phase, debrief, inside.id) == [START, START + 7 * DAY, START]


def test_stretching_moves_what_waits_and_not_what_lies_inside(scene: Running, debrief: UUID) -> None:
    inside = add_task(scene, starts=START, due=START + DAY, phase_id=scene.phase)
    link(scene, scene.phase, debrief)
    move(scene, wanted(scene.phase, START, START + 8 * DAY, following=True))
    assert begins(scene, inside.id, debrief) == [START, START + 10 * DAY]


def test_a_task_is_moved_inside_its_phase(scene: Running) -> None:
    task = add_task(scene, starts=START, due=START + DAY, phase_id=scene.phase)
    move(scene, wanted(task.id, START + HOUR, START + 2 * DAY))
    with pytest.raises(RuleBroken, match="outside its phase Operational"):
        move(scene, wanted(task.id, START + 4 * DAY, START + 6 * DAY))
    with scene.store.reading(scene["chaima"]) as session:
        assert tasks.task(session, task.id).due == START + 2 * DAY


def test_a_moment_stays_a_moment(scene: Running) -> None:
    task = add_task(scene, due=START + DAY)
    move(scene, wanted(task.id, START, START + 2 * DAY))
    with scene.store.reading(System()) as session:
        moved = tasks.task(session, task.id)
    assert (moved.starts, moved.due) == (None, START + 2 * DAY)


def test_a_done_task_stays_where_it_is(scene: Running) -> None:
    task = add_task(scene, starts=START, due=START + DAY, phase_id=scene.phase)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        tasks.finish(session, task.id, scene["chaima"])
    with pytest.raises(RuleBroken, match="has ended"):
        move(scene, wanted(task.id, START + HOUR, START + DAY))
    move(scene, wanted(scene.phase, START + 2 * DAY, START + 7 * DAY, following=True))
    assert begins(scene, task.id) == [START]


@pytest.mark.parametrize(
    ("starts", "ends", "field", "sentence"),
    [
        (START + DAY, START, "", "must end after it begins"),
        (START, START, "", "must end after it begins"),
        (START.replace(tzinfo=None), START, "starts", "no time zone"),
        (None, START, "starts", "needed"),
    ],
)
def test_reversed_times_and_times_without_a_zone_are_refused(
    scene: Running, starts: datetime | None, ends: datetime, field: str, sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        move(scene, wanted(scene.phase, starts, ends))
    assert refusal.value.flaws[0].field == field


def test_only_the_coordinator_moves_and_asks(scene: Running, debrief: UUID) -> None:
    asked = wanted(debrief, START + 9 * DAY, START + 10 * DAY)
    for name in [each for each in CAST if each != "ana"]:
        with scene.store.unit_of_work(scene[name]) as session:
            for ask in (timeline.check, timeline.move):
                with pytest.raises(NotFound):
                    ask(session, asked, scene[name])


def test_nothing_is_moved_that_is_not_there(scene: Running) -> None:
    with pytest.raises(NotFound):
        move(scene, wanted(new_id(), START, START + DAY))


def test_the_same_phase_again_is_not_written_again(scene: Running, debrief: UUID) -> None:
    with scene.store.reading(System()) as session:
        entries = journal.count(session)
    assert move(scene, wanted(debrief, START + 7 * DAY, START + 8 * DAY)) == []
    with scene.store.reading(System()) as session:
        assert journal.count(session) == entries


def put(scene: Running, verb: Callable[..., Any], *given: Any) -> Any:
    with scene.store.unit_of_work(scene["ana"]) as session:
        return verb(session, *given)


def test_a_phase_is_scheduled_past_nothing_that_waits_and_past_no_task(scene: Running, debrief: UUID) -> None:
    add_task(scene, starts=START, due=START + DAY, phase_id=scene.phase)
    link(scene, scene.phase, debrief)
    early = phase_draft("debrief", START - 9 * DAY, START - 8 * DAY, id=debrief)
    with pytest.raises(RuleBroken, match="Debrief begins before Operational ends") as refusal:
        put(scene, timeline.schedule, scene.operation, early, scene["ana"])
    assert {flaw.field for flaw in refusal.value.flaws} == {"starts"}
    late = phase_draft("operational", START + 2 * DAY, START + 5 * DAY, id=scene.phase)
    with pytest.raises(RuleBroken, match="outside its phase"):
        put(scene, timeline.schedule, scene.operation, late, scene["ana"])
    assert begins(scene, scene.phase, debrief) == [START, START + 7 * DAY]
    put(scene, timeline.schedule, scene.operation, early, scene["ana"], [])
    assert begins(scene, debrief) == [START - 9 * DAY]


def test_a_task_is_added_edited_and_moved_inside_its_phase_only(scene: Running) -> None:
    outside = task_draft(due=START + 6 * DAY, phase_id=scene.phase)
    with pytest.raises(RuleBroken, match="outside its phase") as refusal:
        put(scene, timeline.add_task, scene.operation, outside, scene["ana"])
    assert [flaw.field for flaw in refusal.value.flaws] == ["due"]
    inside = outside.model_copy(update={"due": START + DAY})
    made = put(scene, timeline.add_task, scene.operation, inside, scene["ana"])
    for verb, *given in (
        (timeline.edit_task, outside, scene["ana"], made.version),
        (timeline.move_task, made.id, tasks.Times(due=START + 6 * DAY), scene["ana"]),
    ):
        with pytest.raises(RuleBroken, match="outside its phase"):
            put(scene, verb, *given)
    assert begins(scene, made.id) == [START + DAY]


def test_what_lay_in_the_way_before_does_not_hinder_another_title(scene: Running) -> None:
    made = add_task(scene, due=START + 6 * DAY, phase_id=scene.phase)
    renamed = task_draft(id=made.id, title="Report", due=made.due, phase_id=scene.phase)
    assert put(scene, timeline.edit_task, renamed, scene["ana"], made.version).title == "Report"


def test_what_a_task_waits_for_is_refused_beside_that_field(scene: Running) -> None:
    draft = task_draft(due=START + DAY)
    with pytest.raises(RuleBroken, match="begins before Operational ends") as refusal:
        put(scene, timeline.add_task, scene.operation, draft, scene["ana"], [scene.phase])
    assert [flaw.field for flaw in refusal.value.flaws] == ["waits"]


@pytest.mark.parametrize("folder", ["dashboard", "operations/exchange", "operations/templates"])
def test_no_screen_and_no_import_puts_anything_in_place_past_the_timeline(folder: str) -> None:
    past = re.compile(r"\b(plan\.schedule|tasks\.(add|edit|move))\(")
    files = list((Path(__file__).parents[2] / folder).rglob("*.py"))
    assert files
    assert [file.name for file in files if past.search(file.read_text(encoding="utf-8"))] == []
