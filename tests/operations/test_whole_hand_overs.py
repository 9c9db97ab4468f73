"""From the plan to the archive there is no step of which nobody is told: what follows on each is somebody's."""

from datetime import timedelta

import pytest

from operations import worklist_cache, worklist_entries
from operations.core import clock
from operations.core.errors import RuleBroken
from operations.core.people import Account, Posting, System
from operations.core.vocabulary import OperationState
from operations.evaluation import debrief, recommendations
from operations.policing import lifecycle
from operations.policing.operation import plan
from operations.support import deployment_acts, deployments
from tests.evaluations import ENDED, draft, evaluated, settled
from tests.makers import START, Running, add_task
from tests.people import CAST, account, actor
from tests.teams import keep_team, need, needs_of, offer, on_site, raise_request

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


def test_what_leadership_cannot_approve_yet_is_told_to_the_coordinator(scene: Running) -> None:
    proposed, missing = "The operation is proposed: approve it.", "The operation is proposed and cannot be approved yet"
    stand(scene, S.PROPOSED)
    assert (who(scene, proposed), who(scene, missing)) == (["lena"], [])
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).legal_basis = ""
    assert (who(scene, proposed), who(scene, missing)) == ([], ["ana"])


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


def test_whoever_may_recommend_is_told_that_now_is_the_time_until_somebody_did_or_said_why_not(scene: Running) -> None:
    now_is_the_time = "The debrief is closed: recommend what should change"
    settled(evaluated(scene))
    assert who(scene, now_is_the_time, ENDED) == [], "the debrief is still written"
    stand(scene, S.DEBRIEFED)
    assert who(scene, now_is_the_time, ENDED) == ["ana", "dov"]
    with clock.at(ENDED), scene.store.unit_of_work(scene["ana"]) as session:
        debrief.say_none_needed(session, scene.operation, "All went as planned.", scene["ana"])
    assert who(scene, now_is_the_time, ENDED) == []
    with scene.store.unit_of_work(System()) as session:
        session.get_one(debrief.Debrief, scene.operation).none_needed = ""
    with clock.at(ENDED), scene.store.unit_of_work(scene["dov"]) as session:
        recommendations.propose(session, scene.operation, draft(), scene["dov"])
    assert who(scene, now_is_the_time, ENDED) == [], "one is proposed"


def test_a_country_that_joins_with_one_coordinator_is_told_while_the_operation_is_prepared(scene: Running) -> None:
    short = "Your country has 1 of 2 coordinators"
    assert who(scene, short) == [], "it runs"
    stand(scene, S.DRAFT)
    assert who(scene, short) == ["chaima", "moussa"]
    with scene.store.unit_of_work(System()) as session:
        session.add(account("cheikh"))
    assert who(scene, short) == ["moussa"]


def test_a_country_without_a_team_leader_is_told_as_long_as_it_reports(scene: Running) -> None:
    alone = "Your country has no team leader"
    assert who(scene, alone) == []
    with scene.store.unit_of_work(System()) as session:
        session.get_one(Account, actor("boubacar").account_id).disabled_at = START
    for state, told in ((S.DRAFT, ["chaima"]), (S.ACTIVE, ["chaima"]), (S.CONSOLIDATION, ["chaima"]), (S.FINAL, [])):
        stand(scene, state)
        assert who(scene, alone) == told, state


def test_a_team_that_is_needed_is_told_to_every_country_that_can_offer_one(scene: Running) -> None:
    """Those with such a team, with no roster yet, and those that join later; not one whose teams do other work."""
    needed = "A team is needed at"
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Participation, (scene.operation, "MLI")).state = "invited"
    raise_request(scene, need())
    assert who(scene, needed) == ["chaima"], "Mali has not said yet that it takes part"
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Participation, (scene.operation, "MLI")).state = "active"
    assert who(scene, needed) == ["chaima", "moussa"]
    keep_team(scene, specialisms=["interpreter"])
    assert who(scene, needed) == ["moussa"]
    keep_team(scene)
    assert who(scene, needed) == ["chaima", "moussa"]
    for ended in (S.CONSOLIDATION, S.DEBRIEFED):
        stand(scene, ended)
        assert who(scene, needed) == [], "the end has overtaken it"


def test_an_offer_that_the_end_has_overtaken_waits_for_nobody(scene: Running) -> None:
    offered = "NER offers a team"
    asked = raise_request(scene, need())
    offer(scene, needs_of(scene, asked)[0].id, keep_team(scene))
    assert who(scene, offered) == ["ana"]
    stand(scene, S.CONSOLIDATION)
    assert who(scene, offered) == ["ana"], "it can still be declined in words"
    stand(scene, S.DEBRIEFED)
    assert who(scene, offered) == []


def test_a_task_of_before_the_operation_was_made_or_late_when_it_ended_waits_for_nobody(scene: Running) -> None:
    with scene.store.reading(System()) as session:
        made = session.get_one(plan.Operation, scene.operation).created_at
    add_task(scene, title="Long over", due=made - timedelta(days=30))
    add_task(scene, title="Brief the teams", due=START + timedelta(days=1))
    add_task(scene, title="Pay the rooms", due=ENDED + timedelta(days=9))
    mine, late = "A task is yours: ", ENDED + timedelta(days=3)
    assert {each for each in words(scene, "chaima", late) if each.startswith(mine)} == {
        f"{mine}Brief the teams",
        f"{mine}Pay the rooms",
    }
    stand(scene, S.DEBRIEFED)
    assert {each for each in words(scene, "chaima", late) if each.startswith(mine)} == {f"{mine}Pay the rooms"}


def test_a_debrief_is_not_closed_while_a_team_is_on_site(scene: Running) -> None:
    team = on_site(scene)
    settled(evaluated(scene))
    ana = scene["ana"]
    with clock.at(ENDED), scene.store.unit_of_work(ana) as session, pytest.raises(RuleBroken) as refused:
        lifecycle.move(session, scene.operation, S.DEBRIEFED, ana)
    [flaw] = refused.value.flaws
    assert flaw.field == "teams"
    assert team.call_sign in str(flaw)
    assert flaw.place == "/operations/{operation}/teams"
    with clock.at(ENDED), scene.store.unit_of_work(ana) as session:
        deployment_acts.release(session, team.id, "Its leader reported by telephone that it went home.", ana)
    with clock.at(ENDED), scene.store.unit_of_work(ana) as session:
        assert deployments.teams_on_site(session, plan.operation(session, scene.operation, ana)) == []
        assert lifecycle.move(session, scene.operation, S.DEBRIEFED, ana).state == S.DEBRIEFED
