"""What is refused for its day, its content or its moment, each in the words it is refused with."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from operations.analyses import job_steps
from operations.analyses.questions import displacement, placement
from operations.claims import claims
from operations.core import backups, bulk_invitations, clock, drafts, passwords
from operations.core import store as core_store
from operations.core.errors import Conflict, RuleBroken
from operations.core.ids import new_id
from operations.core.people import System
from operations.evaluation import evaluations
from operations.modernisation import projects, reviews
from operations.needs import assessments, stakeholders
from operations.policing import analyses
from operations.policing.calendar import tasks
from operations.policing.layers import uploads
from operations.policing.map_plan import places
from operations.policing.operation import plan
from operations.support import availability, offers, requests
from operations.support import teams as rosters
from operations.timetable import erasure
from operations.training import cascades, courses, curricula, trainers
from tests import cost_stories, modernisation, programme, teams
from tests import evaluations as judged
from tests.claim_stories import suspected, two_countries
from tests.incidents import AT, reported
from tests.makers import START, Running, add_task, form, operation_draft, send, task_draft
from tests.partners import proposed
from tests.people import actor
from tests.programme import BEGUN, does

DAY = timedelta(days=1)
GONE, COMING = (BEGUN - 2 * DAY).date(), (BEGUN + 2 * DAY).date()

# ---------------------------------------------------------------------------------------------- without a database


def _skipped() -> None:
    clock.from_local(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Paris", "at")


def _dealt(**changes: Any) -> None:
    content = {"days": 5, "seed": 1, "skills": [], "required": [], "budget": None, "teams": 2}
    placement.read(content | changes, None, uuid4())  # type: ignore[arg-type]


def _shifted(**changes: Any) -> None:
    content = dict.fromkeys(displacement._WINDOWS) | {"where": "nowhere", "around_km": 5}
    displacement.read(content | changes, None, uuid4())  # type: ignore[arg-type]


def _found(letters: int) -> None:
    job_steps._refuse_size(SimpleNamespace(result={"cells": "x" * letters}, packed=None))  # type: ignore[arg-type]


def _asked(letters: int) -> None:
    analyses._question(SimpleNamespace(model_dump=lambda **_how: {"cells": "x" * letters}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda: drafts.reason("  "), "Give the reason: it is written into the journal"),
        (lambda: passwords.check("tall brown muster, nine 4", ()), "Leave out muster"),
        (_skipped, "The clocks in Europe/Paris skip"),
        (lambda: _dealt(budget=9), "Randomised teams can be at any site"),
        (lambda: _dealt(days=0, skills=["a", "b", "c"]), "You named skills for more teams than there"),
        (
            lambda: _shifted(**{displacement._WINDOWS[0]: {"first": "2026-03-02", "last": "2026-03-01"}}),
            "The last day lies before the first",
        ),
        (lambda: _shifted(), "Choose where the operation worked: an area of the plan"),
        (lambda: _shifted(where=displacement.AT_SITES), "The operation has no sites yet: choose an area"),
        (lambda: uploads.check_size(b""), "This file is too large to store"),
        (lambda: bulk_invitations.invite_rows(None, [], System()), "There are no rows: paste one for each"),  # type: ignore[arg-type]
        (lambda: _found(job_steps.RESULT_LIMIT + 1), "The result is too large to keep: ask about a smaller area"),
        (lambda: _asked(analyses.QUESTION_LIMIT + 1), "The question is too long"),
    ],
)
def test_an_input_is_refused_in_words(
    refused: Callable[[], object], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in ("sites", "objects"):
        monkeypatch.setattr(places, question, lambda *_asked: [])
    with pytest.raises(RuleBroken, match=words):
        refused()


def test_a_dump_that_fails_says_why(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = SimpleNamespace(returncode=1, stderr="no room\n on the device")
    monkeypatch.setattr(backups.subprocess, "run", lambda *_given, **_how: ended)
    monkeypatch.setattr(backups.shutil, "which", lambda _name: "/bin/pg_dump")
    with pytest.raises(RuleBroken, match="pg_dump did not finish: no room on the device"):
        backups._dump_postgres(make_url("postgresql://nobody@localhost/none"), tmp_path / "copy")
    elsewhere = SimpleNamespace(url=make_url("postgresql://nobody@localhost/none"))
    with pytest.raises(RuleBroken, match="This database is no SQLite file"):
        backups.database_file(elsewhere)  # type: ignore[arg-type]


# -------------------------------------------------------------------------------------------------------- days


DAYS: dict[str, tuple[Callable[[Running], object], str]] = {
    "talk": (
        lambda scene: does(scene, "chaima", stakeholders.engage, programme.talk_draft(held_on=COMING)),
        "Record it when it has taken place",
    ),
    "handover of a project": (
        lambda scene: modernisation.proposed(scene, planned_for=GONE),
        "This day is in the past",
    ),
    "milestone": (
        lambda scene: modernisation.due(scene, modernisation.proposed(scene), due=GONE),
        "This day is in the past",
    ),
    "sum that was spent": (
        lambda scene: modernisation.paid(scene, modernisation.whole(scene, None, "approved"), "spent", day=COMING),
        "Record the sum as planned until it is committed or spent",
    ),
    "visit of a review": (
        lambda scene: modernisation.asked(scene, programme.post_of(scene), planned_for=GONE),
        "This day is in the past",
    ),
    "visit of an assessment": (
        lambda scene: programme.requested(scene, programme.post_of(scene), planned_for=GONE),
        "This day is in the past",
    ),
    "month": (
        lambda scene: programme.counted(scene, programme.post_of(scene), "2027-01-01"),
        "This month is in the future",
    ),
    "incident": (lambda scene: reported(scene, detected_at=AT + DAY), "This time is in the future"),
    "evaluation": (
        lambda scene: judged.planned(judged.evaluated(scene), planned_for=GONE),
        "This day is in the past",
    ),
    "recommendation": (
        lambda scene: judged.recommend(judged.evaluated(scene), due=judged.ENDED.date()),
        "This day is in the past",
    ),
    "cost that was spent": (
        lambda scene: cost_stories.spent(scene, stage="spent", day=COMING),
        "Record the cost as planned until it is spent",
    ),
    "country of a cost": (
        lambda scene: cost_stories.spent(scene, country="TCD"),
        "take part in the operation: choose one that does",
    ),
    "last day of a partner": (
        lambda scene: proposed(scene, starts=GONE, until=GONE),
        "This day is in the past",
    ),
    "site of a task": (
        lambda scene: add_task(scene, site_id=scene.sites["Bamako"]),
        "This site lies in another country than the owner",
    ),
    "course of the same title": (
        lambda scene: [programme.course_of(scene, "accredited") for _twice in range(2)],
        "There is a course of this title already",
    ),
    "course that is not accredited": (
        lambda scene: programme.shared_with(scene, does(scene, "ana", courses.design, programme.course_draft())),
        "Only accredited courses can be shared",
    ),
    "method before it is collected for": (
        lambda scene: judged.does(
            scene,
            "ana",
            evaluations.record_method,
            judged.planned(judged.evaluated(scene)).id,
            judged.method_draft(),
        ),
        "You can write this only while data is",
    ),
    "owner of a recommendation": (
        lambda scene: judged.recommend(judged.evaluated(scene), owner="TCD"),
        "take part in the operation: choose another owner",
    ),
}


@pytest.mark.parametrize("what", DAYS)
def test_a_day_that_cannot_be_is_refused_in_words(scene: Running, what: str) -> None:
    makes, words = DAYS[what]
    with pytest.raises(RuleBroken, match=words):
        makes(scene)


def test_a_method_of_an_evaluation_is_written_down_once_it_was_used(scene: Running) -> None:
    made = judged.planned(judged.evaluated(scene))
    judged.does(scene, "ana", judged.evaluation_step(made.id, "collecting"))
    later = judged.method_draft(held_on=(judged.ENDED + 2 * DAY).date())
    with pytest.raises(RuleBroken, match="This day is in the future"):
        judged.does(scene, "ana", evaluations.record_method, made.id, later)


# ------------------------------------------------------------------------------------------------ what has ended


def test_a_task_that_has_ended_stays_and_one_that_was_changed_is_read_again(scene: Running) -> None:
    made = add_task(scene)
    draft = task_draft(id=made.id, title="Brief nobody")
    with pytest.raises(Conflict, match="Somebody changed this while you were writing"):
        does(scene, "ana", tasks.edit, draft, version=made.version + 1)
    does(scene, "chaima", tasks.finish, made.id, at=START)
    for verb, given, words in (
        (tasks.edit, (draft,), "This task has ended: reopen it before you change it"),
        (tasks.move, (made.id, tasks.Times(due=START + 3 * DAY)), "This task has ended: reopen it before you move it"),
    ):
        version = made.version + 1
        with pytest.raises(RuleBroken, match=words):
            does(scene, "ana", verb, *given, version=version)


def test_what_was_sent_is_not_sent_again_as_something_else(scene: Running) -> None:
    draft = operation_draft()
    does(scene, "ana", plan.create, draft)
    scene.members["ana"] = actor("ana", scene.operation, draft.id)  # as the gate finds her at the next request
    with pytest.raises(Conflict, match="This operation was already created with other content"):
        does(scene, "ana", plan.create, draft.model_copy(update={"aim": "Another."}))
    other = operation_draft(code_name=draft.code_name, edition=draft.edition)
    with pytest.raises(RuleBroken, match="This code name and edition are taken"):
        does(scene, "ana", plan.create, other)
    first = form(scene)
    send(scene, first)
    with pytest.raises(Conflict, match="This report was already sent with other content"):
        send(scene, first | {"remarks": "Another."})


def _asks(scene: Running) -> Callable[[Any], object]:
    draft = teams.request_draft(scene)
    return lambda changes: does(
        scene, "ana", requests.raise_request, scene.operation, draft.model_copy(update=changes), at=START
    )


def _offers(scene: Running) -> Callable[[Any], object]:
    [wanted] = teams.needs_of(scene, teams.raise_request(scene, teams.need()))
    content = {"id": new_id(), "starts": wanted.starts, "ends": wanted.ends}
    draft = drafts.parse(offers.OfferDraft, content | {"team_id": teams.keep_team(scene).id})
    return lambda changes: does(scene, "chaima", offers.make, wanted.id, draft.model_copy(update=changes), at=START)


def _is_away(scene: Running) -> Callable[[Any], object]:
    team = teams.keep_team(scene)
    content = {"id": new_id(), "starts": START, "ends": START + DAY, "kind": "leave"}
    draft = drafts.parse(availability.AbsenceDraft, content)
    return lambda changes: does(scene, "chaima", availability.add_absence, team.id, draft.model_copy(update=changes))


def _nominates(scene: Running) -> Callable[[Any], object]:
    draft = programme.nomination_draft(scene, programme.course_of(scene))
    return lambda changes: does(scene, "chaima", trainers.nominate, draft.model_copy(update=changes))


def _shares(scene: Running) -> Callable[[Any], object]:
    course = programme.course_of(scene)
    content = {"id": new_id(), "country": "NER", "academy": "Niamey"}
    draft = drafts.parse(curricula.CurriculumShareDraft, content)
    return lambda changes: does(scene, "ana", curricula.offer, course.id, draft.model_copy(update=changes))


AGAIN: dict[str, tuple[Callable[[Running], Callable[[Any], object]], dict[str, Any], str]] = {
    "request": (_asks, {"title": "Another line"}, "This request was already made with other content"),
    "offer": (_offers, {"ends": START + 3 * DAY}, "This offer was already made with other content"),
    "absence": (_is_away, {"ends": START + 3 * DAY}, "This absence was already written down with other content"),
    "nomination": (
        _nominates,
        {"account_id": actor("bruno").account_id},
        "This trainer was already nominated with other content",
    ),
    "share of a course": (_shares, {"academy": "Agadez"}, "This was already shared with other content"),
}


@pytest.mark.parametrize("what", AGAIN)
def test_the_same_draft_is_not_taken_again_with_other_content(scene: Running, what: str) -> None:
    begins, changes, words = AGAIN[what]
    does_it = begins(scene)
    does_it({})
    does_it({})
    with pytest.raises(Conflict, match=words):
        does_it(changes)


def test_a_team_that_is_off_the_roster_is_not_offered(scene: Running) -> None:
    [wanted] = teams.needs_of(scene, teams.raise_request(scene, teams.need()))
    team = teams.keep_team(scene)
    does(scene, "chaima", rosters.close, team.id)
    with pytest.raises(RuleBroken, match="This team is not on the roster any more: choose another"):
        teams.offer(scene, wanted.id, team)


def test_a_visit_and_a_handover_are_signed_when_they_are_over(scene: Running) -> None:
    review = modernisation.reviewed(scene, modernisation.asked(scene, programme.post_of(scene)), "prepared")
    later = modernisation.visit_draft(visited_to=COMING)
    with pytest.raises(RuleBroken, match="This day is in the future"):
        does(scene, "ana", reviews.visit, review.id, later)
    asked = programme.requested(scene, programme.post_of(scene, name="Gaya", ref=""))
    visited = programme.brought(scene, asked, "desk_review", "visit")
    with pytest.raises(RuleBroken, match="This day is in the future"):
        does(
            scene,
            "boubacar",
            assessments.record_findings,
            visited.id,
            programme.findings_draft(visited_to=COMING),
            visited.findings,
        )


def test_an_outcome_of_investigations_is_of_a_day_that_is_over_and_of_an_operation(scene: Running) -> None:
    made = judged.planned(judged.evaluated(scene))
    later = judged.outcome_draft(as_of=(judged.ENDED + 2 * DAY).date())
    with pytest.raises(RuleBroken, match=r"^This day is in the future\.$"):
        judged.does(scene, "chaima", evaluations.report_outcome, made.id, later)
    judged.does(scene, "ana", judged.evaluation_step(made.id, "cancelled"))
    with pytest.raises(RuleBroken, match="only in an evaluation of an operation that is not cancelled"):
        judged.does(scene, "chaima", evaluations.report_outcome, made.id, judged.outcome_draft())


def test_a_claim_is_opened_with_a_line_that_is_in_dispute(scene: Running) -> None:
    two_countries(scene)
    [claim] = suspected(scene)
    draft = claims.OpenDraft(counts=f"{uuid4()}:{uuid4()}", role="requesting")
    with pytest.raises(RuleBroken, match="Choose which of the disputed lines counts"):
        does(scene, "dov", claims.open_claim, claim.id, draft, at=START + DAY)


def test_a_run_of_a_trainer_is_held_with_who_was_there(scene: Running) -> None:
    course = programme.course_of(scene, "accredited")
    trainer = programme.trainer_of(scene, course, "attending", "assessed", "certified")
    draft = programme.cascade_draft(trainer, starts=GONE, ends=GONE)
    with pytest.raises(RuleBroken, match="This day is in the past"):
        does(scene, "boubacar", cascades.announce, draft)
    with pytest.raises(RuleBroken, match="This day is in the past"):
        programme.run_of(scene, course, starts=GONE, ends=GONE)


def test_the_money_of_a_project_that_ended_stands(scene: Running) -> None:
    made = modernisation.proposed(scene)
    does(scene, "lena", projects.take, made.id, projects.ProjectState.STOPPED, words="No money.")
    with pytest.raises(RuleBroken, match="This project has ended"):
        modernisation.paid(scene, made)


@pytest.mark.parametrize("shelf", ["sqlite"], indirect=True)
def test_the_log_of_the_database_is_emptied_when_nobody_reads_it(
    scene: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_store, "PATIENCE", 0.1)
    hurried = core_store.open_store(scene.store.url)  # its connections wait no longer than that
    with scene.store.reading(System()) as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM account").all()
        add_task(scene)
        with pytest.raises(Conflict, match="The log of the database is being read: it is emptied later"):
            erasure._wipe(hurried, erasure.DueEffect("erasure.wipe", BEGUN, BEGUN), BEGUN)
    hurried.dispose()


def test_a_user_name_belongs_to_one_person(scene: Running) -> None:
    [row] = _read(scene, "Omar Idi;national_officer;NER;;;;;chaima")
    assert "The user name chaima is taken." in {str(flaw) for flaw in row.flaws}


def _read(scene: Running, text: str) -> list[bulk_invitations.InvitationRow]:
    ada = actor("ada")
    with scene.store.reading(ada) as session:
        return bulk_invitations.read(session, text, uuid4(), ada)
