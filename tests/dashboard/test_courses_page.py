"""Courses on the screen, as functions: what each role is offered, presses, the paper, and the page of who scans it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dashboard.screens.courses import cascades, certificates, page, paper, runs, trained_officers, trainers
from dashboard.screens.courses.run_book import BOOK
from operations.core.errors import NotFound, RuleBroken
from operations.training import enrolments
from operations.training.enrolment_rows import Enrolment
from operations.training.rows import Course
from tests.dashboard.desks import at_desk, found_in, open_scene, press, texts
from tests.makers import Running
from tests.programme import (
    BEGUN,
    HELD,
    OVER,
    certificate_step,
    certified,
    course_draft,
    course_of,
    does,
    post_of,
    reads,
    run_draft,
    run_of,
    state_of,
    trainer_step,
)


@pytest.fixture
def scene(tmp_path: Path) -> Running:
    return open_scene(tmp_path)


def offered(scene: Running, name: str, screen: Any, ident: Any, at: Any = BEGUN) -> set[str]:
    """What the buttons of a file lead to, by their states or names."""
    with at_desk(scene, name, at):
        shown = screen.layout(show=str(ident))
    ids = [each.id for each in found_in(shown, "Button") if hasattr(each, "id")]
    return {each["to"] if isinstance(each, dict) else str(each) for each in ids}


def step(screen: Any, ids: Any, ident: Any, to: str) -> None:
    press(screen, {"type": ids.buttons["type"], "of": str(ident), "to": to})


def test_a_course_is_designed_accredited_and_held_by_pressing(scene: Running) -> None:
    typed = course_draft().model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "ana", BEGUN):
        assert "Design a course" in texts(page.layout())
        with pytest.raises(RuleBroken) as refused:
            press(page.design, page.FORM.send, None, typed | {"need": " ", "hours": None}, uuid4())
        press(page.design, page.FORM.send, None, typed, uuid4())
        [row] = found_in(page.layout(), "AgGrid")[0].rowData
    assert {flaw.field for flaw in refused.value.flaws} == {"need", "hours"}
    assert (row["title"], row["state"], row["until"]) == ("Stolen documents", "Designed", "—")
    assert [offered(scene, name, page, row["id"]) for name in ("lena", "ana", "chaima")] == [
        {"accredited", "retired"},
        {page.REVISION.send},
        set(),
    ]
    with at_desk(scene, "lena", BEGUN):
        step(page.take, page.STEPS, row["id"], "accredited")
    course = reads(scene, "ana", lambda session: session.get_one(Course, page.known_id(row["id"])))
    of_run = run_draft(course).model_dump(mode="json", exclude={"id"})
    with at_desk(scene, "ana", BEGUN):
        press(runs.schedule, runs.FORM.send, None, of_run, uuid4())
        [run] = found_in(runs.layout(), "AgGrid")[0].rowData
    assert (run["course"], run["state"], run["taken"], run["languages"]) == (
        "Stolen documents",
        "Scheduled",
        0,
        "French, Hausa",
    )
    with at_desk(scene, "chaima", BEGUN):
        assert "Schedule a run" not in texts(runs.layout())


def test_a_country_enrols_and_the_coordination_says_who_was_there_and_what_they_knew(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    typed = {"people": [str(scene["bruno"].account_id)], "post_id": None}
    with at_desk(scene, "chaima", BEGUN):
        with pytest.raises(RuleBroken) as refused:
            press(runs.enrol, runs.ENROL.send, None, typed | {"people": []}, uuid4(), shown=str(run.id))
        press(runs.enrol, runs.ENROL.send, None, typed, uuid4(), shown=str(run.id))
        assert "Bruno Issoufou" in texts(runs.layout(show=str(run.id)))
    assert [flaw.field for flaw in refused.value.flaws] == ["people"]
    enrols = {runs.ENROL.send, BOOK.id("paste")}
    assert offered(scene, "chaima", runs, run.id) == {"withdrawn"} | enrols
    assert offered(scene, "moussa", runs, run.id) == enrols
    for name, sees in (("bruno", True), ("binta", False), ("moussa", False), ("lena", False), ("otto", True)):
        with at_desk(scene, name, HELD):
            assert ("Bruno Issoufou" in texts(runs.layout(show=str(run.id)))) is sees
    [bruno] = reads(scene, "ana", lambda session: [each.enrolment for each in enrolments.trainees(session, run.id)])
    with at_desk(scene, "ana", HELD) as said:
        step(runs.mark, runs.EACH, bruno.id, "attended")
        for points, field in (({"of": None}, "of"), ({"of": str(bruno.id), "after": 51}, "after")):
            with pytest.raises(RuleBroken) as refused:
                press(runs.enter, runs.POINTS.send, None, {"before": 20, "after": 40} | points)
            assert [flaw.field for flaw in refused.value.flaws] == [field]
        press(runs.enter, runs.POINTS.send, None, {"of": str(bruno.id), "before": 20, "after": 40})
        press(runs.draw_up, runs.Ids.DRAW, shown=str(run.id))
        assert "Another coordinator issues them" in str(said)
    assert state_of(scene, Enrolment, bruno.id) == "passed"
    assert offered(scene, "ana", runs, run.id, OVER) == {"delivered", "cancelled", runs.POINTS.send, BOOK.id("paste")}


def test_a_certificate_has_a_paper_once_it_is_issued_and_none_once_it_is_revoked(scene: Running) -> None:
    [made] = certified(scene, "bruno")
    for name in ("chaima", "bruno", "ana"):
        with at_desk(scene, name, OVER):
            content, called = paper.certificate(scene.store, made.id, "ar", "http://127.0.0.1:8060", scene[name])
        assert content.startswith(b"%PDF")
        assert called == f"muster-certificate-{made.number}.pdf"
    for name in ("binta", "moussa", "lena"):
        with at_desk(scene, name, OVER), pytest.raises(NotFound):
            paper.certificate(scene.store, made.id, "en", "http://127.0.0.1:8060", scene[name])
    assert offered(scene, "bruno", certificates, made.id, OVER) == set()
    with at_desk(scene, "chaima", OVER):
        [row] = found_in(certificates.layout(), "AgGrid")[0].rowData
        assert (row["name"], row["state"], row["until"]) == ("Bruno Issoufou", "Issued", "2029-03-19")
        with pytest.raises(RuleBroken):
            step(certificates.take, certificates.STEPS, made.id, "revoked")
    does(scene, "chaima", certificate_step(made.id, "revoked"), at=OVER)
    with at_desk(scene, "chaima", OVER), pytest.raises(NotFound):
        paper.certificate(scene.store, made.id, "en", "http://127.0.0.1:8060", scene["chaima"])


def test_who_is_trained_where_is_counted_by_post(scene: Running) -> None:
    post = post_of(scene)
    certified(scene, "bruno", "binta", post_id=post.id)
    with at_desk(scene, "lena", OVER):
        [row] = found_in(trained_officers.layout(), "AgGrid")[0].rowData
    assert (row["post"], row["ever"], row["here"], row["moved"], row["gap"]) == ("Niamey airport", 2, 2, 0, "")
    assert row["topic"] == "Document fraud"  # the skill


def test_who_scans_a_certificate_learns_valid_or_not_and_nothing_else(site: Any) -> None:
    """Without an account: an unknown code, and an address of another form, which needs one."""
    answer = site.visitor().get("/certificate/" + "x" * 22, headers={"sec-fetch-site": "none"})
    assert answer.status_code == 200
    assert "This is no valid certificate." in answer.text
    assert answer.headers["cache-control"] == "no-store"
    french = site.visitor().get("/certificate/" + "x" * 22, headers={"accept-language": "ar"})
    assert 'dir="rtl"' in french.text
    for path in ("/certificate/short", f"/certificate/{'x' * 23}", f"/certificate/{'x' * 22}/y", "/certificate/"):
        assert site.visitor().get(path).status_code == 401
    assert site.visitor().post("/certificate/" + "x" * 22).status_code in (401, 403)


def test_a_trainer_is_nominated_certified_and_teaches_by_pressing(scene: Running) -> None:
    course = course_of(scene)
    typed = {"account_id": str(scene["boubacar"].account_id), "course_id": str(course.id)}
    with at_desk(scene, "chaima", BEGUN):
        with pytest.raises(RuleBroken) as refused:
            press(trainers.nominate, trainers.FORM.send, None, typed | {"account_id": None}, uuid4())
        press(trainers.nominate, trainers.FORM.send, None, typed, uuid4())
        [row] = found_in(trainers.layout(), "AgGrid")[0].rowData
    assert [flaw.field for flaw in refused.value.flaws] == ["account_id"]
    assert (row["name"], row["state"], row["until"]) == ("Boubacar Idi", "Nominated", "—")
    for name, leads in (("ana", {"attending", "dropped"}), ("chaima", {"dropped"}), ("boubacar", set())):
        assert offered(scene, name, trainers, row["id"]) == leads, name
    does(scene, "ana", trainer_step(page.known_id(row["id"]), "attending"))
    does(scene, "ana", trainer_step(page.known_id(row["id"]), "assessed"))
    with at_desk(scene, "boubacar", BEGUN):
        assert "Announce a cascade run" not in texts(cascades.layout())
    with at_desk(scene, "olga", BEGUN):
        step(trainers.take, trainers.PAGE.steps, row["id"], "certified")
    days = {"starts": BEGUN.date().isoformat(), "ends": BEGUN.date().isoformat()}
    with at_desk(scene, "boubacar", BEGUN):
        assert "Announce a cascade run" in texts(cascades.layout())
        announced = {"trainer_id": row["id"], "place": "Agadez"} | days
        press(cascades.announce, cascades.FORM.send, None, announced, uuid4())
        [run] = found_in(cascades.layout(), "AgGrid")[0].rowData
    assert (run["course"], run["trainer"], run["state"]) == ("Stolen documents", "Boubacar Idi", "Announced")
    assert offered(scene, "boubacar", cascades, run["id"]) == {"cancelled"}
    assert offered(scene, "boubacar", cascades, run["id"], OVER) == {"cancelled", cascades.THERE.send}
    with at_desk(scene, "boubacar", OVER) as said:
        there = {"people": [str(scene["bruno"].account_id)], "others": 3}
        press(cascades.hold, cascades.THERE.send, None, there, shown=run["id"])
        assert "Held with 4 officers" in str(said)
    assert offered(scene, "chaima", cascades, run["id"], OVER) == {"confirmed", "announced"}
    with at_desk(scene, "chaima", OVER):
        assert "Bruno Issoufou" in texts(cascades.layout(show=run["id"]))
        step(cascades.take, cascades.PAGE.steps, run["id"], "confirmed")
        assert "Active trainer" in texts(trainers.layout(show=row["id"]))
    for name in ("moussa", "bruno"):
        with at_desk(scene, name, OVER):
            assert found_in(trainers.layout(), "AgGrid")[0].rowData == []
