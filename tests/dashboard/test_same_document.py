"""The entry form offers the earlier hits that a hit can repeat, in words that tell of nobody."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dashboard.parts.report.content import draft_of, tidy
from dashboard.screens.reports import form as entry_form
from operations.policing.operation import plan
from operations.policing.reports import reports
from tests.dashboard.desks import EVENING, at_desk, open_scene
from tests.makers import Running, form, hit, send


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def corrected(scene: Running, made: reports.Report) -> dict[str, Any]:
    with at_desk(scene, "bruno"), scene.store.reading(scene["bruno"]) as session:
        operation = plan.operation(session, scene.operation, scene["bruno"])
        return entry_form.correction(session, operation, made, {})


def test_a_hit_names_the_earlier_hit_that_it_repeats(scene: Running) -> None:
    first, second = hit(scene.start), hit(scene.start + timedelta(hours=2))
    send(scene, form(scene, lines=[first]))
    made = send(scene, form(scene, lines=[second | {"repeats": first["id"]}]))
    send(scene, form(scene, "Bamako", lines=[hit(scene.start)]), by="mateo")
    given = corrected(scene, made)
    [declared] = [each for each in given["declaration"] if each["kind"] == "hit"]
    [field] = [each for each in declared["fields"] if each["name"] == "repeats"]
    assert (field["entry"], field["only"][0], field["label"]) == ("hit", "hit_kind", "Same document as an earlier hit")
    assert [each["value"] for each in given["earlier"]] == [second["id"], first["id"]]
    assert given["earlier"][1]["label"].startswith("SLTD (travel documents) · Stolen document · 2 Mar 2026, ")
    assert given["earlier"][1]["label"].endswith(" · Raw, pending")
    assert given["content"]["lines"][0]["repeats"] == first["id"]
    draft = draft_of(tidy(given["content"] | {"correction_reason": "count_revised"}))
    assert draft.lines[0].repeats == UUID(first["id"])


def test_a_hit_whose_earlier_one_was_taken_back_says_so(scene: Running) -> None:
    gone, second = hit(scene.start), hit(scene.start + timedelta(hours=2))
    taken = send(scene, form(scene, lines=[gone]))
    made = send(scene, form(scene, lines=[second | {"repeats": gone["id"]}]))
    with scene.store.unit_of_work(scene["bruno"]) as session:
        reports.withdraw(session, taken.id, "Sent twice.", scene["bruno"])
    offered = {each["value"]: each["label"] for each in corrected(scene, made)["earlier"]}
    assert offered[gone["id"]] == "a hit that was taken back, or is not yours to see"


def test_what_is_no_identity_is_said_beside_the_field_and_nothing_breaks(scene: Running) -> None:
    made = send(scene, form(scene, lines=[hit(scene.start)]))
    content = corrected(scene, made)["content"]
    content["lines"][0]["repeats"] = "X 12"
    with at_desk(scene, "bruno", EVENING), scene.store.reading(scene["bruno"]) as session:
        operation = plan.operation(session, scene.operation, scene["bruno"])
        site = next(each for each in entry_form.places.sites(session, scene.operation) if each.name == "Niamey")
        assert entry_form.given(session, operation, site, content, None, title="", stores={})["earlier"]
