"""What the first day needs, on the pages of an operation and its countries; and who does what others cannot."""

from pathlib import Path

import pytest
from sqlmodel import select

from dashboard.screens.countries import page as countries
from dashboard.screens.overview import page as overview
from operations.core import clock
from operations.core.people import Account, System
from operations.core.vocabulary import OperationState
from operations.policing.map_plan.places import MapObject
from operations.policing.operation import plan
from tests.dashboard.desks import at_desk, found_in, open_scene, texts
from tests.makers import Running
from tests.people import account

S = OperationState


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def stand(scene: Running, state: OperationState) -> None:
    with scene.store.unit_of_work(System()) as session:
        session.get_one(plan.Operation, scene.operation).state = state.value


def checklist(scene: Running, name: str) -> dict[str, tuple[str, str, str]]:
    """By name of what is asked: the word of its state, the whole of its words, and where it is put right."""
    with at_desk(scene, name):
        shown = overview.layout(str(scene.operation))
    found = {}
    for item in found_in(shown, "Li"):
        if str(getattr(item, "className", "")).startswith("guard "):
            [word] = [texts(each) for each in found_in(item, "Small")]
            ways = [each.href for each in found_in(item, "Link")]
            found[texts(found_in(item, "Strong")[0])] = (word, texts(item), ways[0] if ways else "")
    return found


def test_an_item_of_the_checklist_is_done_a_warning_or_missing_and_leads_to_the_exact_tool(scene: Running) -> None:
    stand(scene, S.PROPOSED)
    found = checklist(scene, "ana")
    assert found["Operational aim"][0] == found["Coordination units"][0] == found["Sites"][0] == "done"
    assert found["People at the sites"][0] == found["Coordinators of the countries"][0] == "warning"
    assert "Sites to which nobody is posted: 3, of Mali, Niger." in found["People at the sites"][1]
    assert "To be done by: National coordinator" in found["People at the sites"][1]
    assert found["Team leaders"][0] == "done"
    with scene.store.unit_of_work(System()) as session:
        session.exec(select(Account).where(Account.username == "marie")).one().disabled_at = clock.now()
        for drawn in session.exec(select(MapObject)):
            drawn.deleted = True
    word, _said, place = checklist(scene, "ana")["Coordination units"]
    assert (word, place) == ("missing", f"/operations/{scene.operation}/plan?tool=coordination_unit")
    word, said, _place = checklist(scene, "ana")["Team leaders"]
    assert word == "warning"
    assert "No team leader: Mali." in said, "nobody of Mali verifies its reports"
    word, said, place = checklist(scene, "lena")["Coordination units"]
    assert (word, place) == ("missing", "")
    assert said.endswith("To be done by: Operation coordinator")
    word, said, place = checklist(scene, "chaima")["People at the sites"]
    assert "2, of Niger." in said, "a country is told of its own"
    assert place == f"/operations/{scene.operation}/people"


def test_who_cannot_take_the_next_step_reads_who_can(scene: Running) -> None:
    said = {}
    for state in (S.DEBRIEFED, S.FINAL):
        stand(scene, state)
        for name in ("ana", "lena"):
            with at_desk(scene, name):
                said[state, name] = " ".join(texts(overview.layout(str(scene.operation))).split())
    assert "Approve the debrief To be done by: Leadership" in said[S.DEBRIEFED, "ana"]
    assert "To be done by: Leadership" not in said[S.DEBRIEFED, "lena"]
    assert "Close the evaluation To be done by: Operation coordinator" in said[S.FINAL, "lena"]


def test_the_page_of_countries_warns_of_one_coordinator_alone_to_it_and_to_the_centre(scene: Running) -> None:
    def warned(name: str) -> list[str]:
        with at_desk(scene, name):
            shown = texts(countries.layout(str(scene.operation)))
        return [country for country in ("Niger", "Mali") if f"{country} has 1 of 2 coordinators." in shown]

    assert {name: warned(name) for name in ("ana", "lena", "chaima", "moussa")} == {
        "ana": ["Niger", "Mali"],
        "lena": ["Niger", "Mali"],
        "chaima": ["Niger"],
        "moussa": ["Mali"],
    }
    with scene.store.unit_of_work(System()) as session:
        session.add(account("cheikh"))
    assert warned("ana") == ["Mali"]
    assert warned("chaima") == []
