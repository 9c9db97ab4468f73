"""Connection plans: asked of what was assessed, made by a worker, adopted as links; and who sees and may do what."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from operations.analyses import connection_answer, worker
from operations.core import clock
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.jobs import ATTEMPTS, LEASE
from operations.core.vocabulary import JobState
from operations.infrastructure import links
from operations.infrastructure.rows import LinkState
from operations.programme import connections
from operations.programme.connection_rows import ConnectionPlan
from tests.makers import Running
from tests.people import CAST
from tests.programme import (
    BEGUN,
    adopt_draft,
    assessed,
    connect_draft,
    does,
    link_draft,
    post_of,
    priced,
    reads,
)


def asked(scene: Running, **changes: Any) -> ConnectionPlan:
    return does(scene, "ana", connections.ask, connect_draft(**changes))


def made(scene: Running, **changes: Any) -> ConnectionPlan:
    """Asked, and made by a worker."""
    plan = asked(scene, **changes)
    with clock.at(BEGUN):
        assert connection_answer.step(scene.store, "first")
    return reads(scene, "ana", connections.plan, plan.id)


@pytest.fixture
def four(scene: Running) -> dict[str, Any]:
    """Three posts of Niger and one of Mali that can be connected."""
    posts = {
        "Dear": priced(scene, "Dear", 9000, 5000),
        "Near": priced(scene, "Near", 4000, 3000, score=0, feasibility="feasible"),
        "Cheap": priced(scene, "Cheap", 3000, 200, score=3),
        "Gao": priced(scene, "Gao", 6000, 100, country="MLI", score=3, lat=16.2, lon=0.0),
    }
    return {name: str(each.id) for name, each in posts.items()}


def test_from_a_budget_to_links(scene: Running, four: dict[str, str]) -> None:
    plan = made(scene)
    assert (plan.state, plan.result["status"], plan.result["bound"]) == ("done", "proven", plan.result["worth"])
    assert (plan.result["plan"], plan.result["cost"]) == ([four["Near"], four["Cheap"]], 7000)
    assert plan.result["losses"][four["Near"]][0] > 0
    # With another share or a floor the plan is another: half of it to one country, and one in each of the two.
    fair = made(scene, floor=1, budget=11_000)
    assert fair.result["plan"] == [four["Near"], four["Gao"]]
    assert made(scene, share=50, budget=12_000).result["plan"] == [four["Near"], four["Gao"]]
    adopted = does(scene, "ana", connections.adopt, fair.id, adopt_draft(hours=12))
    found = {str(each.post_id): each for each in reads(scene, "ana", links.links)}
    assert found.keys() == {four["Near"], four["Gao"]}
    assert {(each.state, each.hours, each.author_name) for each in found.values()} == {
        (LinkState.FEASIBLE.value, 12, "Ana Ferreira")
    }
    assert found[four["Gao"]].technology == "mobile_data", "that of the network which the post has"
    assert (adopted.adopted_name, len(adopted.adopted["posts"])) == ("Ana Ferreira", 2)
    # Adopted again it is the same; another of its plans is no plan any more; what is linked is in question no more.
    again = does(scene, "ana", connections.adopt, fair.id, adopt_draft(hours=12))
    assert (again.adopted, len(reads(scene, "ana", links.links))) == (adopted.adopted, 2)
    with pytest.raises(Conflict, match="An alternative of this plan was already adopted"):
        does(scene, "ana", connections.adopt, fair.id, adopt_draft(choice=1))
    later = asked(scene)
    assert [later.basis["left"][four[name]] for name in ("Near", "Gao")] == ["linked", "linked"]
    assert {each["post"] for each in later.basis["posts"]} == {four["Dear"], four["Cheap"]}


def test_its_numbers_stay_whatever_is_assessed_later(scene: Running, four: dict[str, str]) -> None:
    plan = made(scene, traffic=100)
    assert plan.result["plan"][0] == four["Dear"]
    before = plan.basis
    post = reads(
        scene, "ana", lambda session: session.get_one(connections.register.Post, connections.UUID(four["Dear"]))
    )
    assessed(scene, post, 20_000, at=BEGUN + timedelta(hours=1))
    assert reads(scene, "ana", connections.plan, plan.id).basis == before
    assert four["Dear"] not in made(scene, traffic=100).result["plan"]


def test_who_is_not_in_question_is_named_with_the_reason(scene: Running) -> None:
    posts = {
        "not_feasible": priced(scene, "A", feasibility="not_feasible", works=""),
        "unknown": priced(scene, "B", feasibility="unknown", works=""),
        "works": priced(scene, "C"),
        "currency": priced(scene, "D", currency="XOF", feasibility="feasible"),
        "no_cost": priced(scene, "E", None, feasibility="feasible"),
        "online": priced(scene, "F", access="web_service", feasibility="feasible"),
        "linked": priced(scene, "G", feasibility="feasible"),
        "not_assessed": post_of(scene),
    }
    does(scene, "ana", links.propose, link_draft(posts["linked"]))
    with pytest.raises(RuleBroken) as refused:
        asked(scene, works=False)
    assert next(str(each) for each in refused.value.flaws).startswith("No post can be part of a plan")
    assert len(refused.value.flaws) == 1 + len(posts)
    there = priced(scene, "H", feasibility="feasible", passages=None)
    plan = asked(scene, works=False)
    assert plan.basis["left"] == {str(each.id): why for why, each in posts.items()}
    [only] = plan.basis["posts"]
    assert (only["post"], only["cost"], only["traffic"], only["gap"]) == (str(there.id), 4000, None, 0.5)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"budget": 2999}, "The budget is not enough for any post: the cheapest one costs 3000 EUR"),
        ({"currency": "USD"}, "No post can be part of a plan"),
        ({"areas": ["staff"]}, "No post can be part of a plan"),
    ],
)
def test_what_cannot_be_planned_is_said_before_anybody_waits(
    scene: Running, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(RuleBroken, match="No post is registered yet"):
        asked(scene)
    priced(scene, "Cheap", 3000)
    with pytest.raises(RuleBroken, match=said):
        asked(scene, **changes)
    assert not reads(scene, "ana", connections.plans)


def test_traffic_that_nobody_knows_cannot_be_all_that_counts(scene: Running) -> None:
    priced(scene, "Cheap", 3000, passages=None)
    with pytest.raises(RuleBroken, match="No post has the data that this plan"):
        asked(scene, traffic=100)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"budget": None}, "budget", "whole number"),
        ({"budget": 0}, "budget", "must be 1 or more"),
        ({"areas": []}, "areas", "Choose the areas whose costs count"),
        ({"widest": True}, "floor", "Say how many posts each country is to have"),
        ({"currency": "euro"}, "currency", "currency by its three letters"),
    ],
)
def test_what_is_no_question_is_said_at_its_field(changes: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(RuleBroken, match=said) as refused:
        connect_draft(**changes)
    assert [flaw.field for flaw in refused.value.flaws] == [field]


def test_rules_that_leave_no_plan_end_in_a_sentence(scene: Running, four: dict[str, str]) -> None:
    plan = made(scene, floor=1, budget=8999)
    assert (plan.state, plan.failure["params"]) == ("failed", {"least": 9000, "budget": 8999})
    wider = made(scene, floor=1, budget=8999, widest=True)
    assert (wider.state, wider.result["plan"]) == ("done", [four["Near"], four["Cheap"]])
    with pytest.raises(RuleBroken, match="This plan is not finished"):
        does(scene, "ana", connections.adopt, plan.id, adopt_draft())
    with pytest.raises(NotFound):
        connections.chosen(wider, 9)


def test_another_of_its_plans_can_be_adopted_and_what_got_a_link_is_left_out(
    scene: Running, four: dict[str, str]
) -> None:
    plan = made(scene, budget=10_000, traffic=0)
    [other, *_more] = plan.result["alternatives"]
    assert set(other["plan"]) != set(plan.result["plan"])
    assert plan.result["worth"] >= other["worth"]
    taken = other["plan"][0]
    post = reads(scene, "ana", lambda session: session.get_one(connections.register.Post, connections.UUID(taken)))
    does(scene, "ana", links.propose, link_draft(post))
    if len(other["plan"]) > 1:
        adopted = does(scene, "ana", connections.adopt, plan.id, adopt_draft(choice=1))
        assert (adopted.adopted["choice"], adopted.adopted["left"]) == (1, [taken])
    else:
        with pytest.raises(RuleBroken, match="ask for a new plan"):
            does(scene, "ana", connections.adopt, plan.id, adopt_draft(choice=1))


def test_the_centre_sees_it_the_coordinator_asks_and_no_country_learns_of_it(
    scene: Running, four: dict[str, str]
) -> None:
    plan = made(scene)
    for name in CAST:
        if name in ("ana", "dov", "lena", "otto"):
            assert reads(scene, name, connections.plan, plan.id).id == plan.id
        else:
            with pytest.raises(NotFound):
                reads(scene, name, connections.plan, plan.id)
        if name != "ana":
            for verb, given in ((connections.ask, connect_draft()), (connections.cancel, plan.id)):
                with pytest.raises(NotPermitted):
                    does(scene, name, verb, given)
            with pytest.raises(NotPermitted):
                does(scene, name, connections.adopt, plan.id, adopt_draft())
    wall = replace(scene["ana"], only=scene.operation)
    with scene.store.reading(wall) as session:
        assert not connections.plans(session)


def test_asked_twice_it_is_one_and_other_content_is_refused(scene: Running, four: dict[str, str]) -> None:
    draft = connect_draft()
    first = does(scene, "ana", connections.ask, draft)
    assert does(scene, "ana", connections.ask, draft).id == first.id
    with pytest.raises(Conflict):
        does(scene, "ana", connections.ask, draft.model_copy(update={"budget": 9999}))
    assert len(reads(scene, "ana", connections.plans)) == 1


def test_a_worker_that_is_gone_loses_nothing_and_a_stopped_plan_is_not_made(
    scene: Running, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = asked(scene)
    late = BEGUN
    for _attempt in range(ATTEMPTS):
        with scene.store.unit_of_work(connection_answer.System()) as session:
            assert connections.claim(session, "dies", late) is not None
        late += LEASE + timedelta(seconds=1)
    with clock.at(late):
        assert not connection_answer.step(scene.store, "second")
    lost = reads(scene, "ana", connections.plan, plan.id)
    assert (lost.state, "never finished" in lost.failure["template"]) == ("failed", True)
    waits = asked(scene)
    assert does(scene, "ana", connections.cancel, waits.id).state == JobState.CANCELLED
    with clock.at(late):
        assert not connection_answer.step(scene.store, "second")
    monkeypatch.setattr(connection_answer, "plan_answer", lambda *_given: 1 / 0)
    broken = asked(scene)
    with clock.at(BEGUN):
        assert connection_answer.step(scene.store, "third")
    assert reads(scene, "ana", connections.plan, broken.id).failure["params"] == {"reference": str(broken.id)[:8]}
    with pytest.raises(RuleBroken, match="already finished"):
        does(scene, "ana", connections.cancel, broken.id)


def test_the_worker_of_analyses_makes_plans_too(
    scene: Running, four: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, stop = asked(scene), worker.Event()
    monkeypatch.setattr(worker, "PAUSE", 0.0)
    step = connection_answer.step

    def stops(*given: Any) -> bool:
        did = step(*given)
        stop.set()
        return did

    monkeypatch.setattr(connection_answer, "step", stops)
    with clock.at(BEGUN):
        worker.work(scene.store, stop)
    assert reads(scene, "ana", connections.plan, plan.id).state == JobState.DONE
