"""No operation is archived with a raw hit that nobody answered and nobody named."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from operations.core import clock
from operations.core.errors import NotFound, RuleBroken
from operations.core.people import System
from operations.core.vocabulary import OperationState
from operations.evaluation import unanswered_hits
from operations.policing import lifecycle
from operations.policing.operation import plan
from tests.evaluations import ENDED, went_on
from tests.makers import START, Running, form, hit, send
from tests.operations.steps import answer, climb, told
from tests.people import CAST

pytestmark = pytest.mark.both_storages
S = OperationState


def one_hit(scene: Running) -> tuple[UUID, UUID]:
    """A validated report with one raw hit, of Niger: the version and the line."""
    line = hit(START)
    made = send(scene, form(scene, lines=[line]))
    climb(scene, made.id, "boubacar", "chaima")
    return made.id, UUID(line["id"])


def stands(scene: Running, state: OperationState) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = state.value


def guard(scene: Running, to: OperationState, by: str = "ana") -> Any:
    with clock.at(ENDED), scene.store.reading(scene[by]) as session:
        operation = plan.operation(session, scene.operation, scene[by])
        return next(each for each in lifecycle.guards(session, operation, to) if each.field == "hits")


def leave(scene: Running, country: str = "NER", by: str = "ana", why: str = "Its bureau does not answer.") -> None:
    draft = unanswered_hits.UnansweredDraft(country=country, reason=why)
    with clock.at(ENDED), scene.store.unit_of_work(scene[by]) as session:
        unanswered_hits.name(session, scene.operation, draft, scene[by])


def test_the_figures_may_be_final_with_a_pending_hit_and_say_so(scene: Running) -> None:
    one_hit(scene)
    for to in (S.DEBRIEFED, S.FINAL):
        found = guard(scene, to)
        assert (found.holds, found.warns) == (False, True)
        assert str(found.flaw).startswith("Hits without an answer: 1, of ['NER'].")


def test_an_operation_with_an_unanswered_hit_is_archived_once_its_country_answers(scene: Running) -> None:
    version, line = one_hit(scene)
    stands(scene, S.EVALUATED)
    with pytest.raises(RuleBroken, match="Hits without an answer: 1"):
        went_on(scene, S.ARCHIVED, "lena")
    answer(scene, version, line, told("unresolved", confirming_country=None, confirmed_at=None))
    assert went_on(scene, S.ARCHIVED, "lena").state == S.ARCHIVED


def test_or_once_the_coordinator_names_its_hits_with_a_reason(scene: Running) -> None:
    one_hit(scene)
    stands(scene, S.EVALUATED)
    assert guard(scene, S.ARCHIVED).blocks
    leave(scene)
    assert guard(scene, S.ARCHIVED).holds
    with scene.store.reading(scene["ana"]) as session:
        assert unanswered_hits.unanswered(session, scene.operation) == {"NER": 1}, "the hit stays pending"
    assert went_on(scene, S.ARCHIVED, "lena").state == S.ARCHIVED


def test_the_coordinator_alone_names_them_after_the_end_and_where_there_are_some(scene: Running) -> None:
    one_hit(scene)
    with pytest.raises(RuleBroken, match="from the end of an operation until it is archived"):
        leave(scene)
    stands(scene, S.CONSOLIDATION)
    with pytest.raises(RuleBroken, match="No hit of this country waits"):
        leave(scene, "MLI")
    for name in set(CAST) - {"ana"}:
        with pytest.raises(NotFound):
            leave(scene, by=name)


def test_a_country_is_told_of_its_own_hits_alone(scene: Running) -> None:
    one_hit(scene)
    for name, told_of in (("chaima", {"NER": 1}), ("moussa", {}), ("lena", {"NER": 1})):
        with scene.store.reading(scene[name]) as session:
            assert unanswered_hits.open_hits(session, scene.operation) == Counter(told_of), name
