"""Who opens a report with lines about persons leaves a consultation in the access trail, wherever it is opened."""

from pathlib import Path
from typing import Any

import pytest
from dash._callback_context import context_value
from sqlmodel import select

from dashboard.screens.reports import open_item
from dashboard.screens.verify import page as verify
from operations.core.journal import AccessEntry
from operations.core.people import System
from operations.policing.reports import verification
from operations.policing.reports.reports import Report
from tests.dashboard.desks import at_desk, open_scene, texts
from tests.makers import Running, arrest, form, send, tally


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def _consulted(scene: Running) -> list[tuple[Any, ...]]:
    with scene.store.reading(System()) as session:
        found = session.exec(select(AccessEntry).where(AccessEntry.act == "report.consult"))
        return [(each.actor_id, each.object_id, each.country, each.detail["reason"]) for each in found]


def _open(scene: Running, made: Report, name: str) -> str:
    with at_desk(scene, name):
        return texts(open_item.open_asked({"what": "version", "id": str(made.id)}, str(scene.operation))[1])


@pytest.mark.requirement("R40")
def test_each_opening_of_lines_about_persons_is_told_to_the_country_with_its_reason(scene: Running) -> None:
    made = send(scene, form(scene, lines=[tally(400), arrest(3)]))
    for name in ("bruno", "chaima", "dov"):
        assert "Persons arrested" in _open(scene, made, name)
    with at_desk(scene, "boubacar"):
        assert "Persons arrested" in texts(verify.layout(str(scene.operation)))
    reasons = {"bruno": "wrote", "chaima": "read", "dov": "read", "boubacar": "verify"}
    assert _consulted(scene) == [(scene[name].account_id, made.id, "NER", why) for name, why in reasons.items()]


def test_nothing_is_written_of_a_report_without_persons_nor_of_whom_their_lines_are_kept_from(scene: Running) -> None:
    _open(scene, send(scene, form(scene, lines=[tally(400)])), "chaima")
    both = send(scene, form(scene, day=1, lines=[tally(400), arrest(3)]))
    assert "Persons arrested" not in _open(scene, both, "ana")  # a coordinator reads sums of persons alone
    assert _consulted(scene) == []


def test_a_version_that_is_compared_or_corrected_is_opened(scene: Running) -> None:
    made = send(scene, form(scene, lines=[arrest(3)]))
    with at_desk(scene, "chaima"):
        open_item.open_asked({"what": "correct", "id": str(made.id)}, str(scene.operation))
        open_item.compare("none", {"id": str(made.id), "with": ""}, str(scene.operation))
    assert _consulted(scene) == [(scene["chaima"].account_id, made.id, "NER", "read")] * 2


def test_a_screen_that_is_drawn_anew_opens_nothing(scene: Running) -> None:
    made = send(scene, form(scene, lines=[arrest(3)]))
    with at_desk(scene, "chaima"):
        shown = open_item.open_asked({"what": "version", "id": str(made.id)}, str(scene.operation))[3]
    choice = {"what": "report", "id": str(made.id)}
    _chosen(scene, "boubacar", choice)
    once = [
        (scene["chaima"].account_id, made.id, "NER", "read"),
        (scene["boubacar"].account_id, made.id, "NER", "verify"),
    ]
    assert _consulted(scene) == once
    with scene.store.unit_of_work(scene["boubacar"]) as session:
        verification.verify(session, made.id, scene["boubacar"])
    with at_desk(scene, "chaima"):
        assert "Locally verified" in texts(open_item.follow(1, shown, str(scene.operation))[0])
    assert "Locally verified" in _chosen(scene, "boubacar", choice, "pulse.data")
    assert _consulted(scene) == once
    _chosen(scene, "boubacar", choice)  # chosen again it is opened again
    assert _consulted(scene) == [*once, once[1]]


def test_what_was_never_opened_is_opened_by_whatever_draws_it(scene: Running) -> None:
    """A request put together by hand, that says of a version that it is open."""
    made = send(scene, form(scene, lines=[arrest(3)]))
    with at_desk(scene, "chaima"):
        open_item.follow(1, {"id": str(made.id), "mark": ""}, str(scene.operation))
    _chosen(scene, "boubacar", {"what": "report", "id": str(made.id)}, "pulse.data")
    assert [each[0] for each in _consulted(scene)] == [scene[name].account_id for name in ("chaima", "boubacar")]


def _chosen(scene: Running, name: str, choice: dict[str, str], by: str = "verify-chosen.data") -> str:
    with at_desk(scene, name):
        context_value.get().triggered_inputs = [{"prop_id": by, "value": None}]
        return texts(verify.follow_chosen(1, str(scene.operation), [None, None], chosen=choice)["shown"])
