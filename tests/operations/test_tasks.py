"""Tasks: who plans them, who works on them, and who sees them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from operations.core import clock, journal
from operations.core.drafts import parse
from operations.core.errors import Conflict, NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Actor, System
from operations.core.vocabulary import OperationState, Role, TaskState
from operations.policing import lifecycle
from operations.policing.calendar import tasks
from operations.policing.calendar.task_rows import Task
from tests.makers import START, Running, add_task, task_draft
from tests.people import CAST, actor

HOUR = timedelta(hours=1)


def turn(scene: Running, verb: Callable[..., Any], task: UUID, *arguments: Any, by: str = "chaima", **more: Any) -> Any:
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return verb(session, task, *arguments, scene[by], **more)


def posted(scene: Running, name: str, site: str) -> Actor:
    return actor(name, scene.operation, sites=frozenset({scene.sites[site]}))


def test_a_task_is_added_once_and_told_in_the_journal(scene: Running) -> None:
    draft = task_draft(steps=["Print the sheets", "Call the sites"])
    made = add_task(scene, draft)
    assert (made.state, made.country, made.version) == (TaskState.OPEN, "NER", 1)
    with scene.store.reading(System()) as session:
        before = journal.count(session)
        assert [step.text for step in tasks.steps(session, scene.operation)[made.id]] == list(draft.steps)
        entry = journal.latest(session, limit=1)[0]
    assert (entry.act, entry.object_id, entry.country) == ("task.add", made.id, "NER")
    assert "Brief" not in str(entry.detail)
    assert add_task(scene, draft).id == made.id
    with pytest.raises(Conflict, match="other content"):
        add_task(scene, draft.model_copy(update={"title": "Brief nobody"}))
    with scene.store.reading(System()) as session:
        assert journal.count(session) == before


def test_only_the_coordinator_plans_tasks(scene: Running) -> None:
    for name in [each for each in CAST if each != "ana"]:
        with scene.store.unit_of_work(scene[name]) as session, pytest.raises(NotFound):
            tasks.add(session, scene.operation, task_draft(), scene[name])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"due": START.replace(tzinfo=None)}, "due", "no time zone"),
        ({"starts": START, "due": START}, "due", "must be due after it begins"),
        ({"country": None}, "role", "Say who does it"),
        ({"country": None, "role": "team_leader"}, "country", "Choose the country"),
        ({"country": "TCD"}, "country", "does not take part"),
        ({"role": "leadership"}, "role", "does no tasks"),
        ({"account_id": new_id()}, "account_id", "no such person"),
        ({"phase_id": new_id()}, "phase_id", "not one of the operation"),
        ({"site_id": new_id()}, "site_id", "not one of the operation"),
        ({"title": "Call +33 6 12 34 56 78"}, "title", "a telephone number"),
    ],
)
def test_what_cannot_be_a_task_is_refused_in_a_sentence(
    scene: Running, changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        add_task(scene, **changes)
    assert refusal.value.flaws[0].field == field


def test_a_site_lies_in_the_country_of_the_owner(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="another country"):
        add_task(scene, site_id=scene.sites["Bamako"])
    made = add_task(scene, country=None, role="ocu_analyst", site_id=scene.sites["Bamako"])
    assert made.country == "MLI"


def test_a_person_of_a_central_role_has_to_work_for_the_operation(scene: Running) -> None:
    dov, ada = scene["dov"].account_id, scene["lena"].account_id
    assert add_task(scene, country=None, account_id=dov).role == Role.OCU_ANALYST
    with pytest.raises(RuleBroken, match="does not work for the operation"):
        add_task(scene, country=None, account_id=ada)


def test_a_task_goes_from_hand_to_hand_and_to_its_end(scene: Running) -> None:
    made = add_task(scene, steps=["Print"])
    assert turn(scene, tasks.start, made.id).state == TaskState.STARTED
    with pytest.raises(RuleBroken, match="still open: 1"):
        turn(scene, tasks.finish, made.id)
    blocked = turn(scene, tasks.block, made.id, "No printer.")
    assert (blocked.state, blocked.reason) == (TaskState.BLOCKED, "No printer.")
    with pytest.raises(RuleBroken, match="This step is not possible now"):
        turn(scene, tasks.finish, made.id)
    assert turn(scene, tasks.start, made.id).reason == ""
    with scene.store.reading(scene["chaima"]) as session:
        step = tasks.steps(session, scene.operation)[made.id][0]
    assert turn(scene, tasks.tick, step.id).done_by == scene["chaima"].name
    done = turn(scene, tasks.finish, made.id)
    assert (done.state, done.done_at) == (TaskState.DONE, START)
    with pytest.raises(RuleBroken, match="has ended"):
        turn(scene, tasks.tick, step.id, done=False)
    again = turn(scene, tasks.finish, made.id)
    assert again.version == done.version
    assert turn(scene, tasks.reopen, made.id).done_at is None
    with scene.store.reading(System()) as session:
        acts = [entry.act for entry in journal.latest(session, limit=7)]
    assert acts[::-1] == [
        "task.add",
        "task.start",
        "task.block",
        "task.start",
        "task.tick",
        "task.finish",
        "task.reopen",
    ]


def test_blocking_and_cancelling_need_a_reason(scene: Running) -> None:
    made = add_task(scene)
    for verb, by in ((tasks.block, "chaima"), (tasks.cancel, "ana")):
        with pytest.raises(RuleBroken, match="Give the reason"):
            turn(scene, verb, made.id, " ", by=by)
    with pytest.raises(NotFound):
        turn(scene, tasks.cancel, made.id, "Not needed.", by="chaima")
    assert turn(scene, tasks.cancel, made.id, "Not needed.", by="ana").ended


def test_a_country_hands_on_what_is_its_own_to_its_own_people(scene: Running) -> None:
    made = add_task(scene)
    binta = tasks.Owner(account_id=scene["binta"].account_id)
    assert turn(scene, tasks.assign, made.id, binta).account_id == scene["binta"].account_id
    for other in (tasks.Owner(country="MLI"), tasks.Owner(role=Role.OCU_ANALYST)):
        with pytest.raises(NotFound):
            turn(scene, tasks.assign, made.id, other)
    with pytest.raises(RuleBroken, match="no such person"):
        turn(scene, tasks.assign, made.id, tasks.Owner(account_id=scene["mateo"].account_id))
    for name in ("moussa", "binta", "dov", "lena"):
        with pytest.raises(NotFound):
            turn(scene, tasks.assign, made.id, tasks.Owner(country="NER"), by=name)


def test_a_task_is_moved_and_edited_from_the_version_on_the_screen(scene: Running) -> None:
    made = add_task(scene)
    later = tasks.Times(due=made.due + HOUR)
    moved = turn(scene, tasks.move, made.id, later, by="ana", version=1)
    assert (moved.due, moved.version) == (made.due + HOUR, 2)
    with pytest.raises(Conflict, match="Somebody changed this while you were writing"):
        turn(scene, tasks.move, made.id, tasks.Times(due=made.due), by="ana", version=1)
    draft = task_draft(id=made.id, title="Brief every team", due=made.due, phase_id=scene.phase)
    with scene.store.unit_of_work(scene["ana"]) as session:
        edited = tasks.edit(session, draft, scene["ana"], version=2)
    assert (edited.title, edited.phase_id, edited.version) == ("Brief every team", scene.phase, 3)
    turn(scene, tasks.finish, made.id)
    with scene.store.unit_of_work(scene["ana"]) as session, pytest.raises(RuleBroken, match="has ended"):
        tasks.edit(session, draft.model_copy(update={"title": "Brief nobody"}), scene["ana"], version=4)


def test_the_tasks_of_a_cancelled_operation_stay_as_they_are(scene: Running) -> None:
    made = add_task(scene)
    with scene.store.unit_of_work(scene["lena"]) as session:
        lifecycle.move(session, scene.operation, OperationState.CANCELLED, scene["lena"], reason="No more funds.")
    with pytest.raises(RuleBroken, match="closed"):
        turn(scene, tasks.start, made.id)


def test_officers_see_tasks_of_their_unit_and_countries_their_own(scene: Running) -> None:
    wanted = {
        "country": {},
        "niamey": {"site_id": scene.sites["Niamey"]},
        "agadez": {"site_id": scene.sites["Agadez"]},
        "officers": {"role": "national_officer"},
        "binta": {"account_id": scene["binta"].account_id},
        "mali": {"country": "MLI"},
        "desk": {"country": None, "role": "ocu_analyst"},
    }
    for title, changes in wanted.items():
        add_task(scene, title=title, **changes)
    askers = {
        **scene.members,
        **{name: scene[name] for name in ("ana", "dov", "lena", "otto", "ada", "chaima", "moussa", "bruno")},
        "posted": posted(scene, "bruno", "Niamey"),
        "leader": posted(scene, "boubacar", "Niamey"),
        "binta": posted(scene, "binta", "Niamey"),
    }
    seen = {}
    for name, asker in askers.items():
        with scene.store.reading(asker) as session:
            seen[name] = {task.title for task in session.exec(select(Task))}
    of_niger = {"country", "niamey", "agadez", "officers", "binta"}
    assert seen == {
        "ana": set(wanted),
        "dov": set(wanted),
        "lena": set(wanted),
        "otto": set(),
        "ada": set(),
        "chaima": of_niger,
        "bruno": of_niger,
        "moussa": {"mali"},
        "posted": {"niamey", "officers"},
        "leader": {"niamey"},
        "binta": {"niamey", "officers", "binta"},
    }


def test_whoever_owns_a_task_works_on_it_and_nobody_else(scene: Running) -> None:
    own = add_task(scene, account_id=scene["binta"].account_id)
    binta = posted(scene, "binta", "Niamey")
    with scene.store.unit_of_work(binta) as session:
        assert tasks.start(session, own.id, binta).state == TaskState.STARTED
    bruno = posted(scene, "bruno", "Niamey")
    for asker in (bruno, scene["moussa"], scene["dov"], scene["lena"], scene["otto"]):
        with scene.store.unit_of_work(asker) as session, pytest.raises(NotFound):
            tasks.finish(session, own.id, asker)
    desk = add_task(scene, country=None, role="ocu_analyst")
    assert turn(scene, tasks.start, desk.id, by="dov").state == TaskState.STARTED


def test_an_owner_is_somebody() -> None:
    with pytest.raises(RuleBroken, match="Say who"):
        parse(tasks.Owner, {})
