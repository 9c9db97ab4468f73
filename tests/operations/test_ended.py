"""What an operation that has ended refuses, in the words of what was asked of it."""

from collections.abc import Callable
from typing import Any

import pytest

from operations.catalogue.kpis import Kpi
from operations.core.drafts import parse
from operations.core.errors import RuleBroken
from operations.core.ids import new_id
from operations.core.vocabulary import OperationState
from operations.policing.map_plan import coordination_units, postings, unit_postings
from operations.policing.operation import oplan, plan, targets
from operations.support import network
from operations.training import phases
from tests.makers import START, Running, add_task, phase_draft, posting_draft, unit_draft
from tests.operations.test_outward_acts import stands
from tests.partners import asked, proposed
from tests.people import actor
from tests.programme import course_of, does, run_of
from tests.teams import raise_request

S = OperationState


def _posted(scene: Running) -> None:
    does(scene, "chaima", postings.post, scene.operation, posting_draft(["binta"], [scene.sites["Niamey"]]))


def _seated(scene: Running) -> None:
    content = {"id": new_id(), "people": [actor("bruno").account_id], "seat": f"{new_id()} liaison_officer"}
    draft = parse(unit_postings.UnitPostingDraft, content)
    does(scene, "chaima", unit_postings.post, scene.operation, draft)


def _trained(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    does(scene, "ana", phases.join, phases.PhaseRunDraft(phase_id=scene.training, run_id=run.id))


def _by_ana(verb: Any, *given: Any) -> Callable[[Running], None]:
    return lambda scene: does(scene, "ana", verb, scene.operation, *given)


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        (proposed, "The operation has ended. No partner can be admitted."),
        (asked, "The operation has ended. You can no longer make requests in it."),
        (_by_ana(oplan.write, []), "The operation has ended. Its plan can no longer change."),
        (_by_ana(targets.drop, Kpi.RAW_HITS), "The operation has ended. Its targets can no longer change."),
        (
            _by_ana(coordination_units.describe, unit_draft(new_id())),
            "The operation has ended. Its units can no longer change.",
        ),
        (_posted, "The operation has ended. You can no longer post people to its sites."),
        (_trained, "The operation has ended. Its training can no longer change."),
        (_seated, "The operation has ended. You can no longer post people to its units."),
        (
            lambda scene: does(scene, "dov", network.writable, scene.operation),
            "The operation has ended. Its hypothesis and network can no longer change.",
        ),
        (raise_request, "The operation has ended: no assistance can be asked for in it."),
        (
            _by_ana(plan.invite, parse(plan.CountryInvitation, {"country": "TCD"})),
            "The operation has ended: no country can join it.",
        ),
        (
            _by_ana(plan.schedule, phase_draft("evaluation", START, START.replace(hour=20))),
            "The operation has ended. Its calendar can no longer change.",
        ),
    ],
)
def test_what_has_ended_says_what_stays_as_it_was(scene: Running, verb: Callable[[Running], None], said: str) -> None:
    stands(scene, S.EVALUATED)
    with pytest.raises(RuleBroken) as refused:
        verb(scene)
    assert str(refused.value) == said


def test_tasks_of_a_cancelled_operation_stay(scene: Running) -> None:
    stands(scene, S.CANCELLED)
    with pytest.raises(RuleBroken, match="The operation is closed"):
        add_task(scene)
