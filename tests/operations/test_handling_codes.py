"""What carries H2 or H3 is passed on by whose it is and by nobody else."""

import pytest

from operations.core import clock
from operations.core.errors import RuleBroken
from operations.policing.leads import leads
from operations.policing.operation import plan
from operations.support import requests
from operations.support.states import AssistanceState
from tests.makers import START, Running, lead_of
from tests.operations.test_intelligence import part, suppose, task
from tests.teams import raise_request

pytestmark = pytest.mark.both_storages


def share(scene: Running, lead: leads.Lead, by: str) -> leads.Lead:
    with clock.at(START), scene.store.unit_of_work(scene[by]) as session:
        return leads.share(session, lead.id, scene[by])


@pytest.mark.parametrize("code", ["h2", "h3"])
def test_a_countrys_lead_is_passed_on_by_its_country_alone(scene: Running, code: str) -> None:
    lead = lead_of(scene, handling=code)
    with pytest.raises(RuleBroken, match=f"marked {code.upper()}: its country alone"):
        share(scene, lead, "dov")
    assert share(scene, lead, "chaima").state == "shared"
    with scene.store.reading(scene["moussa"]) as session:
        assert leads.newest_version(session, lead.id).handling == code


def test_what_is_h1_is_passed_on_with_its_code(scene: Running) -> None:
    lead = share(scene, lead_of(scene, handling="h1"), "dov")
    with scene.store.reading(scene["moussa"]) as session:
        assert leads.newest_version(session, lead.id).handling == "h1"


def test_nothing_is_derived_from_a_hypothesis_that_is_not_passed_on(scene: Running) -> None:
    held = suppose(scene, handling="h2")
    with pytest.raises(RuleBroken, match="hypothesis is marked H2"):
        task(scene)
    suppose(scene, supersedes_id=held.id, handling="h1")
    assert task(scene).state == "shared"


def test_nothing_is_asked_about_a_part_that_is_not_passed_on(scene: Running) -> None:
    suppose(scene)
    held, free = part(scene, handling="h3"), part(scene)
    with pytest.raises(RuleBroken, match="part of the network is marked H3"):
        task(scene, held.entity_id)
    assert task(scene, free.entity_id).state == "shared"


def test_a_countrys_request_is_not_put_to_others_nor_waits_for_that(scene: Running) -> None:
    made = raise_request(scene, by="chaima", handling="h2")
    with scene.store.unit_of_work(scene["ana"]) as session:
        found = requests.request(session, made.id)
        offered = requests.LIFE.offers(found, plan.operation(session, scene.operation, scene["ana"]), scene["ana"])
        [ask] = [each for each in offered if each.step.after is AssistanceState.ASKED]
        assert "marked H2" in str(ask.obstacles[0])
        with pytest.raises(RuleBroken, match="marked H2"):
            requests.ask_countries(session, made.id, scene["ana"])
    free = raise_request(scene, by="chaima", handling="h1")
    with scene.store.unit_of_work(scene["ana"]) as session:
        assert requests.ask_countries(session, free.id, scene["ana"]).state == AssistanceState.ASKED
