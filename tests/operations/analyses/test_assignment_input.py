"""Needs and teams of an operation as a question, and its answer by the worker."""

from datetime import timedelta
from typing import Any

import pytest

from geodata.ground import shapes
from geodata.ways.transit_table import hours_between
from operations.analyses import worker
from operations.analyses.assignment.problem import Unassignable
from operations.analyses.assignment_answer import answer_at_once
from operations.analyses.assignment_input import AssignmentInput, ground
from operations.analyses.questions.assignment import AssignmentQuestion, TeamNeedPair
from operations.analyses.questions.shifts import PostWish, ShiftsQuestion
from operations.core import clock
from operations.core.drafts import parse
from operations.core.errors import NotFound
from operations.core.ids import new_id
from operations.core.people import System
from operations.core.vocabulary import AnalysisKind, JobState
from operations.policing import analyses
from operations.policing.map_plan import places
from operations.support import offers
from operations.support.suitability import UnfitReason
from tests.makers import START, Running, analysis_draft, ask
from tests.operations.analyses.test_worker import now, result
from tests.teams import accept, accepted, keep_team, need, needs_of, offer, raise_request, reasons

SOON = {"starts": START + timedelta(days=5), "ends": START + timedelta(days=9)}


def asked_of(scene: Running, by: str = "ana", **question: Any) -> AssignmentInput:
    with scene.store.reading(System() if by == "muster" else scene[by]) as session:
        return ground(session, scene.operation, "UTC", AssignmentQuestion(**question), hours_between, START)


def named(found: AssignmentInput) -> dict[str, str]:
    """The plan made at once, in the words of people."""
    plan = answer_at_once(found).figures["plan"]
    return {found.labels[each["need"]]: found.labels[each["team"]] for each in plan}


def test_without_requests_or_teams_it_is_said_what_to_do(scene: Running) -> None:
    with pytest.raises(Unassignable, match="No request for assistance is open"):
        asked_of(scene)
    raise_request(scene, need(**SOON))
    with pytest.raises(Unassignable, match="wait for their offers"):
        asked_of(scene)


def test_a_need_for_two_teams_is_two_and_offers_show_teams(scene: Running) -> None:
    asked = raise_request(scene, need(teams=2, **SOON))
    (wanted,) = needs_of(scene, asked)
    team = keep_team(scene, call_sign="ALFA-1")
    keep_team(scene, call_sign="ALFA-2")
    offer(scene, wanted.id, team)
    found = asked_of(scene)
    assert [each.id for each in found.problem.teams] == [str(team.id)]
    assert sorted(found.slots) == [f"{wanted.id}#1", f"{wanted.id}#2"]
    assert set(found.offered) == {(str(team.id), wanted.id)}
    answer = answer_at_once(found)
    assert (answer.figures["met"], answer.figures["wanted"]) == (1, 2)
    assert len(answer.figures["unmet"]) == 1


def test_teams_that_come_together_come_all_or_none(scene: Running) -> None:
    asked = raise_request(scene, need(teams=2, together="together", **SOON))
    (wanted,) = needs_of(scene, asked)
    offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-1"))
    (first, second) = answer_at_once(asked_of(scene)).figures["unmet"]
    assert first["changes"][0]["params"] == second["changes"][0]["params"] == {"teams": 2, "free": 1}
    offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-2", base="Zinder", lat=13.8, lon=8.98))
    assert sorted(named(asked_of(scene)).values()) == ["ALFA-1", "ALFA-2"]


def test_teams_that_travel_together_come_from_one_base(scene: Running) -> None:
    asked = raise_request(scene, need(teams=2, together="one_base", **SOON))
    (wanted,) = needs_of(scene, asked)
    first = offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-1"))
    other = offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-2", base="Zinder", lat=13.8, lon=8.98))
    assert named(asked_of(scene)) == {}
    accept(scene, first)
    assert named(asked_of(scene)) == {}
    assert "travel together from Niamey, and this team is based at Zinder" in str(reasons(scene, other)[0])
    offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-3"))
    assert list(named(asked_of(scene)).values()) == ["ALFA-3"]


def test_a_team_that_comes_later_than_the_others_is_spoken_against(scene: Running) -> None:
    asked = raise_request(scene, need(teams=2, together="together", **SOON))
    (wanted,) = needs_of(scene, asked)
    accept(scene, offer(scene, wanted.id, keep_team(scene)))
    late = offer(scene, wanted.id, keep_team(scene), starts=wanted.starts + timedelta(hours=6))
    assert [each.reason for each in reasons(scene, late)] == [UnfitReason.TOGETHER]


def test_both_sides_of_the_store_read_the_same_question(scene: Running) -> None:
    asked = raise_request(scene, need(**SOON))
    offer(scene, needs_of(scene, asked)[0].id, keep_team(scene))
    assert asked_of(scene).problem.needs == asked_of(scene, "muster").problem.needs
    assert asked_of(scene).problem.teams == asked_of(scene, "muster").problem.teams


def test_what_was_accepted_binds_its_team_and_may_be_asked_anew(scene: Running) -> None:
    made = accepted(scene, keep_team(scene, call_sign="ALFA-1"), **SOON)
    other = raise_request(scene, need(**SOON), title="Port")
    offer(scene, needs_of(scene, other)[0].id, keep_team(scene, call_sign="ALFA-2"))
    kept = asked_of(scene)
    assert [each.deployment_id for each in kept.accepted] == [made.id]
    assert named(kept) == {"Port": "ALFA-2"}
    free = asked_of(scene, keep_accepted=False)
    assert len(free.problem.needs) == 2
    assert [each.team for each in free.problem.in_force] == [str(made.team_id)]
    assert named(free) == {"Port": "ALFA-2", "Second line at the airport": "ALFA-1"}


def test_a_team_that_was_declined_or_ruled_out_does_not_come(scene: Running) -> None:
    asked = raise_request(scene, need(**SOON))
    (wanted,) = needs_of(scene, asked)
    team = keep_team(scene)
    made = offer(scene, wanted.id, team)
    assert len(named(asked_of(scene))) == 1
    assert named(asked_of(scene, ruled_out=[TeamNeedPair(need=f"{wanted.id}#1", team=str(team.id))])) == {}
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        offers.decline(session, made.id, "Another team is nearer.", scene["ana"])
    assert named(asked_of(scene)) == {}


def test_only_offered_teams_come_where_that_is_asked(scene: Running) -> None:
    first, second = (raise_request(scene, need(**SOON), title=title) for title in ("Airport", "Port"))
    team = keep_team(scene)
    offer(scene, needs_of(scene, first)[0].id, team)
    wanted = needs_of(scene, second)[0]
    lock = TeamNeedPair(need=f"{wanted.id}#1", team=str(team.id))
    assert named(asked_of(scene, locked=[lock])) == {"Port": team.call_sign}
    assert named(asked_of(scene, offered_only=True)) == {"Airport": team.call_sign}


def test_a_kind_of_team_and_a_team_out_of_service_count(scene: Running) -> None:
    asked = raise_request(scene, need(team_kind="joint_debriefing", **SOON))
    offer(scene, needs_of(scene, asked)[0].id, keep_team(scene))
    found = asked_of(scene)
    assert named(found) == {}
    (unmet,) = answer_at_once(found).figures["unmet"]
    assert unmet["changes"][0]["params"]["specialisms"] == "kind:joint_debriefing"


def test_a_need_that_is_over_before_anybody_comes_is_told(scene: Running) -> None:
    late = raise_request(scene, need(ends=START + timedelta(days=2), starts=START), title="At once")
    other = raise_request(scene, need(**SOON))
    for asked in (late, other):
        offer(scene, needs_of(scene, asked)[0].id, keep_team(scene))
    assert asked_of(scene).late == ("At once",)


def test_the_worker_answers_and_goes_on_from_what_it_found(scene: Running) -> None:
    asked = raise_request(scene, need(teams=2, **SOON))
    (wanted,) = needs_of(scene, asked)
    offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-1"))
    offer(scene, wanted.id, keep_team(scene, call_sign="ALFA-2"))
    question = ask(scene, analysis_draft(kind=AnalysisKind.ASSIGNMENT), AssignmentQuestion(seconds=5))
    with clock.at(START):
        assert worker.step(scene.store, "test")
    done = now(scene.store, scene, question.id)
    assert done.state == JobState.DONE, done.failure
    figures: Any = result(scene, done)["figures"]
    assert (figures["met"], figures["proven"], figures["wanted"]) == (2, True, 2)
    assert done.progress["objective"] == pytest.approx(figures["value"])
    with clock.at(START), scene.store.unit_of_work(scene["ana"]) as session:
        again = analyses.resume(session, done.id, new_id(), scene["ana"]).id
    with clock.at(START):
        assert worker.step(scene.store, "test")
    resumed: Any = result(scene, now(scene.store, scene, again))["figures"]
    assert resumed["plan"] == figures["plan"]


def test_leadership_sees_nothing_of_single_teams(scene: Running) -> None:
    question = ask(scene, analysis_draft(kind=AnalysisKind.ASSIGNMENT), AssignmentQuestion(seconds=5))
    with scene.store.reading(scene["lena"]) as session, pytest.raises(NotFound):
        analyses.analysis(session, question.id)


def test_a_worker_that_finds_nothing_to_assign_says_what_to_do(scene: Running) -> None:
    question = ask(scene, analysis_draft(kind=AnalysisKind.ASSIGNMENT), AssignmentQuestion(seconds=5))
    with clock.at(START):
        assert worker.step(scene.store, "test")
    done = now(scene.store, scene, question.id)
    assert done.state == JobState.FAILED
    assert done.failure["template"] == "No request for assistance is open. Raise a request first."


def checkpoint(scene: Running, name: str, lon: float, lat: float) -> str:
    drawn = shapes.measure({"type": "Point", "coordinates": [lon, lat]})
    draft = parse(places.MapObjectDraft, {"id": new_id(), "object_id": new_id(), "kind": "checkpoint", "name": name})
    with scene.store.unit_of_work(scene["ana"]) as session:
        return str(places.draw(session, scene.operation, draft, drawn, scene["ana"]).object_id)


def test_shifts_of_deployed_teams_are_drawn_by_the_worker_from_the_seed_that_is_kept(scene: Running) -> None:
    posts = [PostWish(id=checkpoint(scene, name, lon, 13.5)) for name, lon in (("East", 2.2), ("West", 2.0))]
    asked = ShiftsQuestion(posts=posts, first=(START + timedelta(days=6)).date(), days=3, at_once=1, seed=7)
    nobody = ask(scene, analysis_draft(kind=AnalysisKind.SHIFTS), asked)
    with clock.at(START):
        assert worker.step(scene.store, "test")
    assert now(scene.store, scene, nobody.id).failure["template"].startswith("No team is deployed on these days")
    for sign in ("ALFA-1", "ALFA-2"):
        accepted(scene, keep_team(scene, call_sign=sign), **SOON)
    found = []
    for _ in range(2):
        question = ask(scene, analysis_draft(kind=AnalysisKind.SHIFTS), asked)
        with clock.at(START):
            assert worker.step(scene.store, "test")
        found.append(result(scene, now(scene.store, scene, question.id)))
    assert found[0] == found[1]
    tables: Any = found[0]["tables"]
    shifts = tables[0]["rows"]
    assert len(shifts) == 6
    assert {row[2] for row in shifts} <= {"East", "West"}
    assert {row[3] for row in shifts} <= {"ALFA-1", "ALFA-2"}
