"""From the plan to the archive there is no step of which nobody is told: what follows on each is somebody's."""

from datetime import timedelta

from operations import worklist_cache, worklist_entries
from operations.core import clock
from operations.core.people import Posting, System
from operations.core.vocabulary import OperationState
from operations.evaluation import debrief
from operations.policing.operation import plan
from tests.evaluations import ENDED, evaluated
from tests.makers import START, Running
from tests.people import CAST, actor

S = OperationState


def words(scene: Running, name: str, at: object = START) -> set[str]:
    with clock.at(at), scene.store.reading(scene[name]) as session:  # type: ignore[arg-type]
        return {str(each.sentence) for each in worklist_entries.waiting(session, scene[name], at)}  # type: ignore[arg-type]


def stand(scene: Running, state: OperationState) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = state.value


def who(scene: Running, said: str, at: object = START) -> list[str]:
    return [name for name in CAST if any(each.startswith(said) for each in words(scene, name, at))]


def test_the_coordinator_is_told_that_all_is_there_and_that_it_is_approved(scene: Running) -> None:
    ready = "All that an approval rests on is there"
    stand(scene, S.DRAFT)
    assert who(scene, ready) == ["ana"]
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).legal_basis = ""
    assert who(scene, ready) == []
    stand(scene, S.APPROVED)
    assert who(scene, "The operation is approved: begin the pre-operational work.") == ["ana"]


def test_a_country_is_told_of_its_sites_to_which_nobody_is_posted_while_the_work_is_prepared(scene: Running) -> None:
    alone = "Nobody is posted to sites of your country"
    assert who(scene, alone) == [], "it runs"
    stand(scene, S.PRE_OPERATIONAL)
    assert who(scene, alone) == ["chaima", "moussa"]
    assert f"{alone}: Agadez, Niamey." in words(scene, "chaima")
    with scene.store.unit_of_work(System()) as session:
        for site in ("Niamey", "Agadez"):
            session.add(Posting(account_id=actor("bruno").account_id, site_id=scene.sites[site]))
    assert who(scene, alone) == ["moussa"]


def test_the_debrief_is_written_by_those_who_may_and_then_somebody_freezes_the_figures(scene: Running) -> None:
    evaluated(scene)
    write, freeze = "The operation is consolidated: write the debrief.", "The debrief is closed: prepare the final"
    stand(scene, S.CONSOLIDATION)
    assert who(scene, write, ENDED) == ["ana", "dov"]
    said = debrief.DebriefDraft(worked="All of it.", failed="Nothing.")
    with clock.at(ENDED), scene.store.unit_of_work(scene["dov"]) as session:
        debrief.write(session, scene.operation, said, 0, scene["dov"])
    assert who(scene, write, ENDED) == []
    assert who(scene, freeze, ENDED) == []
    stand(scene, S.DEBRIEFED)
    assert who(scene, freeze, ENDED + timedelta(hours=1)) == ["ana", "dov"]


def test_what_a_country_stands_behind_touches_the_analysts_of_others_at_once(scene: Running) -> None:
    change = worklist_cache.EntryChange("report", "NER", scene.operation)
    assert [name for name in CAST if change.touches(scene[name])] == ["bruno", "binta", "boubacar", "chaima", "dov"]
