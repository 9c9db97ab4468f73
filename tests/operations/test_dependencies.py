"""Dependencies: what waits for what, forwards in time and in no circle."""

from datetime import timedelta

import pytest
from sqlmodel import select

from operations.core import journal
from operations.core.errors import NotFound, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.calendar import dependencies
from operations.policing.calendar.dependencies import Dependency, DependencyLink
from tests.makers import START, Running, add_task, link
from tests.people import CAST

DAY = timedelta(days=1)


def test_a_dependency_is_there_once_and_can_be_taken_away(scene: Running) -> None:
    made = link(scene, scene.training, scene.phase)
    assert (made.before, made.after) == (scene.training, scene.phase)
    assert link(scene, scene.training, scene.phase).id == made.id
    with scene.store.unit_of_work(scene["ana"]) as session:
        wanted = DependencyLink(before=scene.training, after=scene.phase)
        dependencies.unlink(session, scene.operation, wanted, scene["ana"])
        dependencies.unlink(session, scene.operation, wanted, scene["ana"])
        assert dependencies.dependencies(session, scene.operation) == []
    with scene.store.reading(System()) as session:
        acts = [entry.act for entry in journal.latest(session, limit=3)]
    assert acts[:2] == ["dependency.unlink", "dependency.link"]
    assert acts[2] != "dependency.link"


def test_no_chain_comes_back_to_where_it_began(scene: Running) -> None:
    first, second, third = (add_task(scene, due=START + DAY, title=name) for name in ("One", "Two", "Three"))
    link(scene, first.id, second.id)
    link(scene, second.id, third.id)
    with pytest.raises(RuleBroken, match="Three already depends on One"):
        link(scene, third.id, first.id)
    with pytest.raises(RuleBroken, match="An item cannot depend on itself"):
        link(scene, first.id, first.id)


def test_a_dependency_points_forwards_in_time(scene: Running) -> None:
    with pytest.raises(RuleBroken, match="Training begins before Operational ends"):
        link(scene, scene.phase, scene.training)


def test_only_the_coordinator_links(scene: Running) -> None:
    for name in [each for each in CAST if each != "ana"]:
        with pytest.raises(NotFound):
            link(scene, scene.training, scene.phase, by=name)


def test_both_ends_are_of_the_operation(scene: Running) -> None:
    with pytest.raises(NotFound):
        link(scene, scene.training, new_id())


def test_whoever_sees_both_ends_sees_the_dependency(scene: Running) -> None:
    of_niger, of_mali = add_task(scene, due=START + DAY), add_task(scene, due=START + DAY, country="MLI")
    link(scene, scene.training, scene.phase)
    link(scene, scene.training, of_niger.id)
    link(scene, of_niger.id, of_mali.id)
    seen = {}
    for name in ("ana", "chaima", "moussa", "bruno", "ada"):
        with scene.store.reading(scene[name]) as session:
            seen[name] = len(session.exec(select(Dependency)).all())
    assert seen == {"ana": 3, "chaima": 2, "moussa": 1, "bruno": 2, "ada": 0}
