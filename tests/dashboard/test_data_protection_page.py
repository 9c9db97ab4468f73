"""Requests about data on the screen, as functions: who is shown what, and that a press does what it says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from dashboard.screens.data_protection import file, page, paper, purposes
from dashboard.screens.data_protection.ids import Ids
from operations.core import clock
from operations.core.errors import NotFound, NotPermitted, RuleBroken
from operations.core.journal import AccessEntry
from operations.data_protection import requests, retention
from operations.data_protection.rows import DataRequest
from operations.policing.fugitives import erasure
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.operations.sweeps import Sweep, sweep_in
from tests.programme import BEGUN, certified, course_of, does, reads, trainer_of

NOTICE = "A-4711/5-2026"
CLIENT = "6d757374-6572-4000-8000-00000000abcd"


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def shown(scene: Running, name: str, request: DataRequest | None = None, language: str = "en") -> Any:
    with at_desk(scene, name, BEGUN, language):
        return page.layout(show=str(request.id)) if request else page.layout()


def received(scene: Running, asked: str = "deletion") -> DataRequest:
    day = (BEGUN.date() - timedelta(days=1)).isoformat()
    with at_desk(scene, "chaima", BEGUN):
        typed = {"asked": asked, "file_ref": "2026/14", "received": day}
        press(page.receive, Ids.RECEIVE, typed=typed, client_id=CLIENT)
    [made] = reads(scene, "chaima", requests.requests)
    return made


def test_a_request_goes_from_receipt_to_its_answer_in_presses(scene: Running) -> None:
    case = Sweep(sweep_in(scene)).nominate(notice_ref=NOTICE)
    request = received(scene)
    rows = found_in(shown(scene, "chaima"), "AgGrid")[0].rowData
    assert [(row["reference"], row["asked"], row["state"]) for row in rows] == [
        (request.reference, "that it is erased", "Received")
    ]
    with at_desk(scene, "chaima", BEGUN):
        press(file.look, Ids.LOOK, typed={"wanted": NOTICE}, shown=str(request.id))
    words = texts(shown(scene, "chaima", request))
    assert "Fugitive case" in words
    assert NOTICE not in words
    [copy] = reads(scene, "chaima", requests.copies)
    why = {"type": "data-request-why", "of": str(request.id), "to": {"answered": "All is erased."}}
    answer = {"type": "data-request-step", "of": str(request.id), "to": "answered"}
    with at_desk(scene, "chaima", BEGUN):
        with pytest.raises(RuleBroken, match="Still open: 1"):
            press(file.take, answer, beside=why)
        press(page.decide, {"type": "data-copy-step", "of": str(copy.id), "to": "erased"})
        press(file.take, answer, beside=why)
    words = texts(shown(scene, "chaima", request))
    for each in ("Erased", "Answered", "All is erased.", "Chaima Abdou"):
        assert each in words, each
    assert case.id == copy.object_id
    for name in ("chaima", "otto"):
        content, called = paper.record(scene.store, request.id, "ar", scene[name])
        assert content.startswith(b"%PDF")
        assert request.reference in called
    with pytest.raises(NotFound):
        paper.record(scene.store, request.id, "en", scene["moussa"])


def test_a_search_for_an_officer_finds_enrolment_certificate_and_trainer_file(scene: Running) -> None:
    [held] = certified(scene, "bruno")
    trainer = trainer_of(scene, course_of(scene, title="Second line"), name="bruno")
    request = received(scene, "access")
    with at_desk(scene, "chaima", BEGUN):
        press(file.look, Ids.LOOK, typed={"wanted": "Bruno Issoufou"}, shown=str(request.id))
    found = shown(scene, "chaima", request)
    links = {each.href for each in found_in(found, "Link")}
    assert {f"/courses/certificates?show={held.id}", f"/courses/trainers?show={trainer.id}", "/courses"} <= links
    assert held.enrolment_id in {each.object_id for each in reads(scene, "chaima", requests.copies)}
    assert "Bruno Issoufou" not in texts(found)


def test_what_ends_soon_is_shown_to_whose_it_is_and_what_was_erased_is_certified(scene: Running) -> None:
    until = BEGUN.date() + timedelta(days=30)
    with clock.at(BEGUN):
        case = Sweep(sweep_in(scene)).nominate(notice_ref=NOTICE, retain_until=until.isoformat())
    assert "Nothing that you know of comes to its end" in texts(shown(scene, "moussa"))
    page_of_niger = shown(scene, "chaima")
    words = texts(page_of_niger)
    assert "Niger" in words
    assert f"/operations/{scene.operation}/fugitives" in str(page_of_niger)
    assert "Nothing that you know of was erased." in words
    with pytest.raises(NotFound):
        paper.certificate(scene.store, "en", scene["chaima"])
    does(scene, "system", lambda session, by: erasure.erase(session, scene.operation, until, until, by))
    words = texts(shown(scene, "chaima"))
    assert "Niger: a fugitive case is erased" in words
    assert "Nothing that you know of comes to its end" in words
    with at_desk(scene, "chaima", BEGUN):
        content = paper.certificate(scene.store, "fr", scene["chaima"])
    assert content.startswith(b"%PDF")
    looks = reads(scene, "otto", lambda session: session.exec(select(AccessEntry)).all())
    assert [each.detail["number"] for each in looks if each.act == "erasure.paper"] == [1]
    [entry] = reads(scene, "chaima", lambda session: retention.past_erasures(session, BEGUN - timedelta(days=1)))
    with at_desk(scene, "chaima", BEGUN):
        [(_when, proof)] = paper.certified([entry]).sections[0].pairs
    assert f"entry {entry.seq:,} of the journal, {entry.hash[:16]}" in proof
    assert case.notice_ref not in proof
    for name in ("moussa", "boubacar"):
        with pytest.raises((NotFound, NotPermitted)), at_desk(scene, name, BEGUN):
            paper.certificate(scene.store, "en", scene[name])


def test_whoever_has_no_part_in_it_is_shown_nothing_of_it(scene: Running) -> None:
    Sweep(sweep_in(scene)).nominate(notice_ref=NOTICE)
    request = received(scene)
    with pytest.raises(NotFound):
        paper.record(scene.store, request.id, "en", scene["chaima"])
    with at_desk(scene, "chaima", BEGUN):
        press(file.look, Ids.LOOK, typed={"wanted": NOTICE}, shown=str(request.id))
    for name in ("moussa", "ana", "frida"):
        assert request.reference not in texts(shown(scene, name)), name
        with pytest.raises(NotFound):
            shown(scene, name, request)
    audited = texts(shown(scene, "otto", request))
    assert request.reference in audited
    assert "What can be done" not in audited


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_register_says_what_is_kept_and_why(scene: Running, language: str) -> None:
    for name in ("bruno", "ana", "ada"):
        with at_desk(scene, name, BEGUN, language):
            words = texts(purposes.layout())
        assert ("Finding persons who are sought" in words) is (language == "en")


def test_in_arabic_too(scene: Running) -> None:
    request = received(scene)
    for of in (None, request):
        words = texts(shown(scene, "chaima", of, "ar"))
        assert "The person asks" not in words
