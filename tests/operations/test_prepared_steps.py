"""The first releases are decided before the turn to write, and anew where something happened since."""

from typing import Any

import pytest
from sqlmodel import select

from operations.core import clock
from operations.core.drafts import parse
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.disclosure.releases import Release
from operations.figures.releases import decision
from operations.policing import lifecycle
from operations.policing.operation import plan
from tests import turns
from tests.makers import START, Running, add_task, operation_draft
from tests.people import actor
from tests.programme import does

S = OperationState


@pytest.fixture
def approved(scene: Running) -> Running:
    """Another operation is approved, with one country, and nobody reports yet."""
    made = does(scene, "ana", plan.create, operation_draft(), at=START)
    ana = actor("ana", made.id)
    with clock.at(START), scene.store.unit_of_work(ana) as session:
        plan.invite(session, made.id, parse(plan.CountryInvitation, {"country": "NER"}), ana)
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, made.id).state = S.APPROVED.value
    members = {"ana": ana, "lena": actor("lena", made.id)}
    return Running(scene.store, made.id, scene.training, scene.phase, {}, members=members)


def prepared(scene: Running) -> Any:
    with scene.store.reading(scene["ana"]) as session:
        return lifecycle.prepare(session, scene.operation, S.PRE_OPERATIONAL, scene["ana"])


def opened(scene: Running, ready: Any) -> list[tuple[str, str]]:
    """Reporting is opened; who was given which figure first."""
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        lifecycle.move(session, scene.operation, S.PRE_OPERATIONAL, scene["ana"], ready=ready)
    with scene.store.reading(System()) as session:
        made = session.exec(select(Release).where(Release.operation_id == scene.operation))
        return sorted((each.audience, each.kpi) for each in made)


def test_the_first_releases_are_decided_before_the_turn(approved: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    where = turns.noted(monkeypatch, decision, "decide")
    ready = prepared(approved)
    made = opened(approved, ready)
    assert where == [False], "nothing is decided while others wait"
    assert made == sorted((each.audience, each.kpi.value) for each in ready[1].made)


def test_they_are_decided_anew_where_something_happened_since(
    approved: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = turns.noted(monkeypatch, decision, "decide")
    ready = prepared(approved)
    add_task(approved)
    assert opened(approved, ready)
    assert where == [False, True]


def test_and_where_nobody_prepared_them(approved: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    where = turns.noted(monkeypatch, decision, "decide")
    assert opened(approved, None)
    assert where == [True]


def test_nothing_is_prepared_for_whoever_may_not_take_the_step_and_for_other_steps(approved: Running) -> None:
    for name, to in (("lena", S.PRE_OPERATIONAL), ("ana", S.SUSPENDED)):
        with approved.store.reading(approved[name]) as session:
            assert lifecycle.prepare(session, approved.operation, to, approved[name]) is None
