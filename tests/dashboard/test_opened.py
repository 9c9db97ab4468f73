"""Who opens a report with lines about persons leaves a consultation in the access trail, wherever it is opened."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from dashboard.screens.reports import opening
from dashboard.screens.verify import page as verify
from operations.core.journal import AccessEntry
from operations.core.people import System
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
        return texts(opening.open_asked({"what": "version", "id": str(made.id)}, str(scene.operation))[1])


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
        opening.open_asked({"what": "correct", "id": str(made.id)}, str(scene.operation))
        opening.compare("none", {"id": str(made.id), "with": ""}, str(scene.operation))
    assert _consulted(scene) == [(scene["chaima"].account_id, made.id, "NER", "read")] * 2
