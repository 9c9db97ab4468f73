"""Courses, runs, enrolments, tests and certificates: who takes which step, and what is refused with which sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from operations.core import clock
from operations.core.errors import Conflict, NotFound, NotPermitted, RuleBroken
from operations.core.ids import new_id
from operations.core.people import Account, Posting, System
from operations.core.permissions import GRANTS
from operations.posts import register
from operations.programme import timeline
from operations.training import certificates, courses, enrolments, figures, trained_officers
from operations.training.enrolment_rows import CERTIFICATES, ENROLMENTS, CourseCertificate, Enrolment
from operations.training.rows import COURSES, RUNS, Course, CourseRun
from operations.training.steps import TrainingStep
from tests.makers import Running
from tests.people import CAST
from tests.programme import (
    BEGUN,
    HELD,
    OVER,
    certificate_step,
    certified,
    course_draft,
    course_of,
    course_step,
    does,
    enrol_draft,
    enrolled,
    enrolment_step,
    passed,
    points_draft,
    post_of,
    reads,
    run_draft,
    run_of,
    run_step,
    state_of,
)

DAY = timedelta(days=1)


def refused(scene: Running, name: str, verb: Any, *given: Any, at: Any = BEGUN) -> tuple[str, str]:
    """The field and the sentence with which a verb refuses."""
    with pytest.raises(RuleBroken) as error:
        does(scene, name, verb, *given, at=at)
    [flaw] = error.value.flaws
    return flaw.field, flaw.template.format(**flaw.params)


def test_a_course_is_held_while_it_is_accredited_and_accredited_for_four_years(scene: Running) -> None:
    made = course_of(scene, "accredited", "designed")
    assert refused(scene, "ana", courses.schedule, run_draft(made)) == (
        "course_id",
        "This course is not accredited. Only accredited courses can have runs.",
    )
    content = {"need": "Blank passports pass.", "curriculum": "Chips first.", "languages": ("fr", "ha"), "hours": 30}
    revised = courses.RevisionDraft(**content)
    assert does(scene, "ana", courses.revise, made.id, revised).hours == 30
    made = does(scene, "lena", course_step(made.id, "accredited"))
    assert made.accredited_until == date(2030, 3, 3)
    assert (
        "You cannot change an accredited course"
        in refused(scene, "ana", courses.revise, made.id, revised.model_copy(update={"hours": 8}))[1]
    )
    field, said = refused(scene, "ana", courses.schedule, run_draft(made, ends=date(2030, 3, 4)))
    assert (field, "accredited until 2030-03-03" in said) == ("ends", True)
    assert refused(scene, "ana", courses.schedule, run_draft(made, starts=BEGUN.date() - DAY))[0] == "starts"
    assert refused(scene, "ana", courses.schedule, run_draft(made, languages=["ha", "ar"])) == (
        "languages",
        "The course is not held in all of these languages: choose among its own, or revise it first.",
    )
    run = run_of(scene, made)
    assert [each.id for each in reads(scene, "bruno", courses.runs)] == [run.id]
    steps = [each.state for each in reads(scene, "otto", courses.past, made.id)]
    assert sorted(steps) == ["accredited", "accredited", "designed", "designed"]


def test_a_title_stands_for_one_course_and_what_is_said_again_is_the_same(scene: Running) -> None:
    said = course_draft()
    first = does(scene, "ana", courses.design, said)
    assert does(scene, "ana", courses.design, said).id == first.id
    with pytest.raises(Conflict):
        does(scene, "ana", courses.design, said.model_copy(update={"hours": 8}))
    assert refused(scene, "ana", courses.design, course_draft())[0] == "title"
    does(scene, "lena", course_step(first.id, "accredited"))
    planned = run_draft(first)
    run = does(scene, "ana", courses.schedule, planned)
    assert does(scene, "ana", courses.schedule, planned).id == run.id
    with pytest.raises(Conflict):
        does(scene, "ana", courses.schedule, planned.model_copy(update={"capacity": 3}))


@pytest.mark.parametrize(
    ("changes", "field"), [({"pass_points": 51}, "pass_points"), ({"points": 0}, "points"), ({"need": " "}, "need")]
)
def test_a_course_that_nobody_can_pass_is_none(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as error:
        course_draft(**changes)
    assert [flaw.field for flaw in error.value.flaws] == [field]


def test_a_country_enrols_its_own_people_as_long_as_there_are_seats(scene: Running) -> None:
    run = run_of(scene, course_of(scene), capacity=3)
    said = enrol_draft(scene, "bruno", "binta")
    first = does(scene, "chaima", enrolments.enrol, run.id, said)
    assert [each.id for each in does(scene, "chaima", enrolments.enrol, run.id, said)] == [each.id for each in first]
    assert refused(scene, "chaima", enrolments.enrol, run.id, enrol_draft(scene, "bruno")) == (
        "people",
        "Enrolled in this run already: Bruno Issoufou.",
    )
    assert "own country" in refused(scene, "chaima", enrolments.enrol, run.id, enrol_draft(scene, "mateo"))[1]
    assert "own country" in refused(scene, "chaima", enrolments.enrol, run.id, enrol_draft(scene, "ana"))[1]
    both = enrol_draft(scene, "mateo", "marie")
    assert refused(scene, "moussa", enrolments.enrol, run.id, both) == (
        "people",
        "Seats that are left in this run: 1. Choose fewer people.",
    )
    taken = does(scene, "chaima", enrolment_step(first[1].id, "withdrawn"))
    assert taken.reason == "So it is."
    assert refused(scene, "ana", enrolments.mark, taken.id, points_draft(20, 41)) == (
        "",
        "This enrolment was withdrawn, so it has no test.",
    )
    assert len(does(scene, "moussa", enrolments.enrol, run.id, both)) == 2
    assert reads(scene, "lena", enrolments.taken, [run.id]) == {run.id: 3}
    assert (
        "This run has ended or is cancelled"
        in refused(scene, "chaima", enrolments.enrol, run.id, said_again(said), at=OVER)[1]
    )
    post = post_of(scene, "moussa", country="MLI", name="Bamako airport", ref="")
    with pytest.raises(NotFound):
        does(scene, "chaima", enrolments.enrol, run.id, enrol_draft(scene, "boubacar", post_id=post.id))


def said_again(draft: enrolments.EnrolDraft) -> enrolments.EnrolDraft:
    """The same people under a new id."""
    return draft.model_copy(update={"id": new_id()})


def test_who_was_there_is_said_once_it_has_begun_and_who_passed_follows_from_the_test(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    found = enrolled(scene, run, "bruno", "binta", "boubacar")
    bruno, binta, boubacar = (found[name].id for name in ("bruno", "binta", "boubacar"))
    assert "begins on 2026-03-12" in refused(scene, "ana", enrolment_step(bruno, "attended"))[1]
    test = enrolments.mark
    assert refused(scene, "ana", test, bruno, points_draft(51, None)) == (
        "before",
        "The test has 50 points. A result cannot be higher.",
    )
    assert does(scene, "ana", test, bruno, points_draft(20, None)).state == "enrolled"
    assert "Only officers who attended" in refused(scene, "ana", test, bruno, points_draft(20, 44), at=HELD)[1]
    for ident, to in ((bruno, "attended"), (binta, "absent"), (boubacar, "attended")):
        does(scene, "ana", enrolment_step(ident, to), at=HELD)
    assert refused(scene, "ana", test, bruno, points_draft(20, 51), at=HELD)[0] == "after"
    assert refused(scene, "ana", test, binta, points_draft(None, 40), at=HELD)[0] == "after"
    assert does(scene, "ana", test, bruno, points_draft(20, 30), at=HELD).state == "passed"
    assert does(scene, "ana", test, boubacar, points_draft(20, 29), at=HELD).state == "failed"
    assert does(scene, "ana", test, boubacar, points_draft(20, 31), at=HELD).state == "passed"
    assert does(scene, "ana", test, boubacar, points_draft(19, None), at=HELD).after == 31
    assert "but by the test" in refused(scene, "ana", take_of(bruno, "failed"), at=HELD)[1]
    assert state_of(scene, Enrolment, bruno) == "passed"


def take_of(ident: Any, to: str) -> Any:
    return lambda session, by: enrolments.take(session, ident, enrolments.EnrolmentState(to), by)


def test_a_run_is_delivered_evaluated_and_seen_in_practice_when_that_can_be_known(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    [bruno] = enrolled(scene, run, "bruno").values()
    with pytest.raises(RuleBroken) as error:
        does(scene, "ana", run_step(run.id, "delivered"), at=HELD)
    assert len(error.value.flaws) == 2
    does(scene, "ana", enrolment_step(bruno.id, "attended"), at=HELD)
    does(scene, "ana", run_step(run.id, "delivered"), at=OVER)
    assert "no test after the course: 1" in refused(scene, "ana", run_step(run.id, "evaluated"), at=OVER)[1]
    does(scene, "ana", enrolment_step(bruno.id, "passed"), at=OVER)
    does(scene, "ana", run_step(run.id, "evaluated"), at=OVER)
    assert "the change in practice from 2026-06-14" in refused(scene, "ana", run_step(run.id, "practised"), at=OVER)[1]
    for to in ("practised", "closed"):
        does(scene, "ana", run_step(run.id, to), at=OVER + 100 * DAY)
    assert state_of(scene, CourseRun, run.id) == "closed"


def test_nobody_gets_a_certificate_who_failed_was_not_there_or_was_not_tested(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    found = enrolled(scene, run, "bruno", "binta", "boubacar")
    said = {
        "bruno": "This officer did not attend the course",
        "binta": "This officer failed the test",
        "boubacar": "A certificate needs the test after the course",
    }
    for name, states in (("bruno", ("absent",)), ("binta", ("attended", "failed")), ("boubacar", ("attended",))):
        for to in states:
            does(scene, "ana", enrolment_step(found[name].id, to), at=HELD)
        assert said[name] in refused(scene, "ana", certificates.draw_up, found[name].id, at=HELD)[1]
    everybody = lambda session, by: certificates.draw_up_all(session, run.id, by)  # noqa: E731
    assert "without a certificate" in refused(scene, "ana", everybody, at=HELD)[1]
    assert reads(scene, "otto", certificates.certificates) == []


def test_a_certificate_takes_four_eyes_expires_and_is_revoked_with_a_reason(scene: Running) -> None:
    _run, found = passed(scene, "bruno")
    made = does(scene, "ana", certificates.draw_up, found["bruno"].id, at=OVER)
    assert does(scene, "olga", certificates.draw_up, found["bruno"].id, at=OVER).id == made.id
    assert "another coordinator" in refused(scene, "ana", certificate_step(made.id, "issued"), at=OVER)[1]
    valid = lambda day: reads(scene, "system", certificates.valid_code, made.code, day)  # noqa: E731
    assert not valid(OVER.date())
    assert (
        "A certificate is based on this test"
        in refused(scene, "ana", enrolments.mark, found["bruno"].id, points_draft(2, 3))[1]
    )
    made = does(scene, "olga", certificate_step(made.id, "issued"), at=OVER)
    assert (made.issued_on, made.expires_on) == (OVER.date(), date(2029, 3, 19))
    assert [valid(day) for day in (OVER.date(), made.expires_on, made.expires_on + DAY)] == [True, True, False]
    assert not reads(scene, "system", certificates.valid_code, "x" * 22, OVER.date())
    assert (
        refused(
            scene, "chaima", lambda session, by: certificates.take(session, made.id, CERTIFICATES.states("revoked"), by)
        )[0]
        == "reason"
    )
    with pytest.raises(NotFound):
        does(scene, "moussa", certificate_step(made.id, "revoked"))
    does(scene, "chaima", certificate_step(made.id, "revoked"), at=OVER)
    assert not valid(OVER.date())
    assert "was revoked" in refused(scene, "ana", certificates.draw_up, found["bruno"].id, at=OVER)[1]


def test_officers_know_their_own_enrolments_countries_theirs_and_leadership_none(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    enrolled(scene, run, "bruno", "boubacar")
    enrolled(scene, run, "mateo", by="moussa")
    seen = {name: [each.name.split()[0] for each in reads(scene, name, enrolments.trainees, run.id)] for name in CAST}
    everybody = ["Mateo", "Boubacar", "Bruno"]
    assert seen == {name: [] for name in CAST} | {
        "bruno": ["Bruno"],
        "boubacar": ["Boubacar"],
        "mateo": ["Mateo"],
        "chaima": ["Boubacar", "Bruno"],
        "moussa": ["Mateo"],
        "ana": everybody,
        "otto": everybody,
    }
    assert len(reads(scene, "mateo", lambda session: session.exec(sa.select(TrainingStep)).all())) == 4


def test_no_other_role_takes_a_step(scene: Running) -> None:
    """Every step of the four lives, by everybody who may not: refused, and nothing changes."""
    run, found = passed(scene, "bruno")
    made = does(scene, "ana", certificates.draw_up, found["bruno"].id, at=OVER)
    of = (
        (COURSES, Course, run.course_id, course_step),
        (RUNS, CourseRun, run.id, run_step),
        (ENROLMENTS, Enrolment, found["bruno"].id, enrolment_step),
        (CERTIFICATES, CourseCertificate, made.id, certificate_step),
    )
    for lived, model, ident, verb in of:
        for step in lived.out_of(state_of(scene, model, ident)):
            for name in (each for each in CAST if scene[each].role not in GRANTS[step.act]):
                with pytest.raises((NotPermitted, NotFound, RuleBroken)):
                    does(scene, name, verb(ident, step.after.value), at=OVER)
    drafts = (
        (courses.design, course_draft(title="Other")),
        (courses.schedule, run_draft(course_of(scene, title="Third"))),
    )
    for design, draft in drafts:
        for name in (each for each in CAST if each != "ana"):
            with pytest.raises(NotPermitted):
                does(scene, name, design, draft)
    states = [state_of(scene, model, ident) for model, ident in ((CourseRun, run.id), (CourseCertificate, made.id))]
    assert states == ["scheduled", "proposed"]


def test_the_database_repeats_the_rules(scene: Running) -> None:
    [made] = certified(scene, "bruno")
    broken = {
        "UPDATE course_certificate SET issued_by = proposed_by": "other_eyes",
        "UPDATE course_certificate SET code = 'x'": "never changed",
        "UPDATE enrolment SET after = NULL": "passed_by_test",
        "UPDATE enrolment SET account_id = author_id": "never changed",
        "UPDATE course SET accredited_until = NULL": "accredited",
        "UPDATE course_run SET capacity = 5": "never changed",
        "DELETE FROM training_step": "never changed",
    }
    for statement, rule in broken.items():
        with scene.store.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('muster.reach', 'all', true)"))
            with pytest.raises(DBAPIError, match=rule):
                connection.exec_driver_sql(statement)
            connection.rollback()
    assert state_of(scene, CourseCertificate, made.id) == "issued"


def test_closed_accounts_are_not_enrolled(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    with clock.at(BEGUN), scene.store.unit_of_work(System()) as session:
        account = session.get_one(Account, scene["binta"].account_id)
        account.disabled_at = BEGUN
        session.add(account)
    names = [each.username for each in reads(scene, "chaima", enrolments.candidates, run.id, scene["chaima"])]
    assert names == ["boubacar", "bruno", "chaima"]
    assert "open account" in refused(scene, "chaima", enrolments.enrol, run.id, enrol_draft(scene, "binta"))[1]


def test_who_is_trained_where_is_counted_and_a_posting_elsewhere_makes_a_gap(scene: Running) -> None:
    """Story 6.7: three are trained for a post, two of them move, one is left; the timeline of the post tells it."""
    here = post_of(scene)
    there = post_of(scene, name="Agadez", ref="", lat=16.97, lon=7.99)
    elsewhere = next(iter(scene.sites.values()))
    does(scene, "chaima", register.link, there.id, elsewhere)
    certified(scene, "bruno", "binta", "boubacar", post_id=here.id)
    later = OVER + DAY

    def counted(name: str, at: Any = later) -> list[tuple[str, int, int, int, bool]]:
        told = reads(scene, name, lambda session: trained_officers.trained(session, register.posts(session)), at=at)
        return [(each.post.name, each.ever, each.here, each.moved, each.gap) for each in told]

    assert counted("chaima") == counted("lena") == counted("bruno") == [("Niamey airport", 3, 3, 0, False)]
    assert counted("moussa") == []
    for name in ("bruno", "binta"):
        posting = Posting(account_id=scene[name].account_id, site_id=elsewhere, starts=OVER)
        does(scene, "system", lambda session, _by, row=posting: session.add(row))
    assert counted("chaima") == [("Agadez", 0, 2, 0, False), ("Niamey airport", 3, 1, 2, False)]
    assert counted("chaima", at=OVER + 4 * 366 * DAY) == [("Niamey airport", 3, 0, 0, True)]
    told = reads(scene, "lena", timeline.timeline, here.id, later.date())
    assert [(each.lane, each.params) for each in told] == [
        (timeline.Lane.TRAINING, {"course": "Stolen documents", "people": 3})
    ]


def test_the_figures_count_persons_and_what_they_learnt(scene: Running) -> None:
    run = run_of(scene, course_of(scene))
    found = enrolled(scene, run, "bruno", "binta")
    for name, points in (("bruno", (20, 40)), ("binta", (10, 15))):
        does(scene, "ana", enrolment_step(found[name].id, "attended"), at=HELD)
        does(scene, "ana", enrolments.mark, found[name].id, points_draft(*points), at=HELD)
    ask = lambda name: [each.number for each in reads(scene, name, figures.figures, scene[name])]  # noqa: E731
    assert ask("lena") == ask("chaima") == ask("bruno") == [1.0, 1.0, 50.0, 25.0, 0.0]
    assert ask("moussa") == [None, None, None, None, 0.0]
