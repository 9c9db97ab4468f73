"""Teams and leads by the interface: the verbs, guards and audiences of the screens."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from operations.core import clock
from operations.core.drafts import parse
from operations.core.ids import new_id
from operations.policing.leads import leads
from operations.support import teams
from tests.interface import Interface, interface
from tests.makers import START, Running, lead_of


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    with clock.at(START + timedelta(hours=12)):
        yield


@pytest.fixture
def door(scene: Running) -> Interface:
    return interface(scene)


def team(**changes: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "call_sign": "Gazelle 1",
        "kind": "frontline",
        "persons": 6,
        "specialisms": ["document_examiner"],
        "languages": ["fr"],
        "base": "Niamey",
        "lat": 13.5137,
        "lon": 2.1098,
        "zone": "Africa/Niamey",
    } | changes


def sent(scene: Running, **changes: Any) -> leads.Lead:
    """A lead of Niger that Mali has."""
    made = lead_of(scene, **changes)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        leads.share(session, made.id, scene["chaima"])
    return made


def of_mali(door: Interface) -> Any:
    return door.of("moussa")


# ------------------------------------------------------------------------------------------------------ teams


def test_a_country_keeps_its_roster_by_the_interface(door: Interface) -> None:
    scene, system, draft = door.scene, door.of("chaima"), team()
    made = system.post("/teams", json=draft)
    assert made.status_code == 200, made.text
    assert (made.json()["version"], made.json()["lat"], made.json()["lon"]) == (1, 13.5, 2.1), "kept to about 10 km"
    assert system.post("/teams", json=draft).json() == made.json(), "the same again"
    stale = system.post("/teams", json=draft | {"persons": 8})
    assert stale.status_code == 409
    changed = system.post("/teams?version=1", json=draft | {"persons": 8})
    assert (changed.status_code, changed.json()["version"], changed.json()["persons"]) == (200, 2, 8)
    with scene.store.unit_of_work(scene["chaima"]) as session:
        content = {"id": new_id(), "service_ref": "NE-0417", "role": "leader", "languages": ["fr"]}
        teams.join(session, teams.teams(session, "NER")[0].id, parse(teams.TeamMemberDraft, content), scene["chaima"])
    [read] = system.get("/teams").json()
    assert [each["service_ref"] for each in read["members"]] == ["NE-0417"]
    assert of_mali(door).get("/teams").json() == [], "a roster is its country's"


def test_a_team_is_refused_as_on_its_screen(door: Interface) -> None:
    system, draft = door.of("chaima"), team()
    system.post("/teams", json=draft)
    taken = system.post("/teams", json=team())
    assert (taken.status_code, taken.json()["flaws"][0]["field"]) == (422, "call_sign")
    wrong = system.post("/teams", json=team(call_sign="Gazelle 2", kind="Xanthippe", Quux=1))
    assert wrong.status_code == 422
    assert "kind" in [each["field"] for each in wrong.json()["flaws"]]
    assert "anthippe" not in wrong.text
    assert "uux" not in wrong.text
    for version in (0, 1):
        foreign = of_mali(door).post(f"/teams?version={version}", json=draft | {"persons": 9})
        assert foreign.status_code == 409, "as any id that is taken"
    assert [each["persons"] for each in system.get("/teams").json()] == [6]
    assert door.of("bruno", "teams_read").post("/teams", json=team(call_sign="Gazelle 3")).status_code == 404


# ------------------------------------------------------------------------------------------------------ leads


def test_a_country_reads_what_it_is_asked_and_answers_once(door: Interface) -> None:
    scene, lead, system = door.scene, sent(door.scene), of_mali(door)
    [read] = system.get(f"/operations/{scene.operation}/leads").json()
    assert (read["id"], read["state"], read["origin_country"]) == (str(lead.id), "shared", "NER")
    assert read["question"].startswith("A white lorry")
    reply = {"id": str(new_id()), "answer": "negative", "remark": "Nothing seen on either road."}
    first = system.post(f"/leads/{lead.id}/answers", json=reply)
    assert (first.status_code, first.json()["state"]) == (201, "negative"), first.text
    assert system.post(f"/leads/{lead.id}/answers", json=reply).json() == first.json(), "the same again"
    other = system.post(f"/leads/{lead.id}/answers", json=reply | {"answer": "positive"})
    assert other.status_code == 409
    late = system.post(f"/leads/{lead.id}/answers", json=reply | {"id": str(new_id()), "answer": "positive"})
    assert late.status_code == 422, "an answer cannot change"
    with scene.store.reading(scene["chaima"]) as session:
        assert [each.answer for each in leads.answers(session, lead.id)] == ["negative"]


def test_a_lead_is_told_to_nobody_who_was_not_asked(door: Interface) -> None:
    scene = door.scene
    unsent = lead_of(scene, question="Not sent yet: who owns the boat?")
    at, reply = f"/operations/{scene.operation}/leads", {"id": str(new_id()), "answer": "accepted"}
    assert of_mali(door).get(at).json() == []
    assert of_mali(door).post(f"/leads/{unsent.id}/answers", json=reply).status_code == 404
    lead = sent(scene)
    assert door.of("chaima").get(at).json() == [], "Niger asked and was not asked"
    assert door.of("chaima").post(f"/leads/{lead.id}/answers", json=reply).status_code == 404
    assert door.of("bruno", "reports_read").get(at).status_code == 404
    assert of_mali(door).post(f"/leads/{new_id()}/answers", json=reply).status_code == 404
    with scene.store.unit_of_work(scene["chaima"]) as session:
        leads.revoke(session, lead.id, "MLI", "Sent by mistake.", scene["chaima"])
    assert of_mali(door).get(at).json() == [], "taken back"


def test_what_nobody_passes_on_stays_in_muster(door: Interface) -> None:
    sent(door.scene, handling="h2")
    answer = of_mali(door).get(f"/operations/{door.scene.operation}/leads")
    [read] = answer.json()
    assert (read["handling"], read["question"]) == ("h2", None)
    assert "lorry" not in answer.text
