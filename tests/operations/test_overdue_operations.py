"""Why an operation is opened, what it is to reach and when it ends: said at its beginning, watched after its days."""

from datetime import timedelta

import pytest

from operations.core import clock
from operations.core.errors import RuleBroken
from operations.core.store import Store
from operations.core.vocabulary import OperationState
from operations.policing import lifecycle
from operations.policing.operation import overdue_operations, plan
from tests.makers import START, Running, operation_draft, phase_draft, put_cast
from tests.people import actor

SAID = {
    "reason_to_open": "Boats leave every night since May.",
    "measured_goal": "Thirty facilitators arrested.",
    "end_criterion": "Two weeks without a departure, or the end of October.",
}


def test_reason_goal_and_criterion_are_kept_and_a_change_of_them_is_journalled(store: Store) -> None:
    put_cast(store)
    ana = actor("ana")
    draft = operation_draft(**SAID)
    with store.unit_of_work(ana) as session:
        made = plan.create(session, draft, ana)
        assert {name: getattr(made, name) for name in SAID} == SAID
    ana = actor("ana", made.id)
    with store.unit_of_work(ana) as session:
        plan.edit(session, draft.model_copy(update={"measured_goal": "Forty."}), ana, 1)
    with store.reading(ana) as session:
        assert plan.operation(session, made.id, ana).measured_goal == "Forty."


def test_an_operation_may_leave_them_open_but_never_tells_of_a_person(store: Store) -> None:
    assert operation_draft().reason_to_open == ""
    with pytest.raises(RuleBroken, match="personal data"):
        operation_draft(reason_to_open="Call the witness at +227 90 12 34 56.")


def overdue(scene: Running, by: str, days: float) -> list[tuple[str, str]]:
    with clock.at(START + timedelta(days=days)), scene.store.reading(scene[by]) as session:
        found = overdue_operations.overdue(session, scene[by])
        return [(str(each.operation.id), each.planned_end.isoformat()) for each in found]


def test_leadership_sees_what_runs_past_its_planned_end(scene: Running) -> None:
    assert overdue(scene, "lena", 4.9) == []
    late = [(str(scene.operation), "2026-03-07")]
    assert overdue(scene, "lena", 5) == overdue(scene, "ana", 8) == late
    assert overdue(scene, "ada", 8) == []
    ana = scene["ana"]
    with scene.store.unit_of_work(ana) as session:
        starts = START + timedelta(days=6)
        plan.schedule(session, scene.operation, phase_draft("operational", starts, starts + timedelta(days=9)), ana)
    assert overdue(scene, "lena", 8) == []
    with clock.at(START + timedelta(days=20)), scene.store.unit_of_work(ana) as session:
        lifecycle.move(session, scene.operation, OperationState.CONSOLIDATION, ana)
    assert overdue(scene, "lena", 21) == []
