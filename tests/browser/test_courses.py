"""Training in a browser: a country enrols its officer, a certificate is verified by its code, revoked, and says so."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from operations.core.clock import now
from operations.policing.operation import plan
from operations.training import courses, enrolments, phases
from tests.browser.conftest import Open, Server, sure
from tests.makers import phase_draft
from tests.programme import (
    certified,
    course_of,
    does,
    enrol_draft,
    enrolment_step,
    reads,
    run_draft,
    run_of,
)


@pytest.mark.journey
def test_an_officer_is_enrolled_and_a_certificate_verified_and_revoked(
    server: Server, browser: Browser, browser_page: Open
) -> None:
    scene = server.scene
    [made] = certified(scene, "binta")
    [course] = reads(scene, "ana", courses.courses)
    run = run_of(scene, course, now())
    watcher = browser_page("ana", f"/courses/runs?show={run.id}")
    country = browser_page("chaima", f"/courses/runs?show={run.id}")
    country.locator("#course-enrol-people").fill("Bruno")
    country.get_by_role("option", name="Bruno Issoufou").click()
    country.keyboard.press("Escape")
    country.get_by_role("button", name="Enrol", exact=True).click()
    for page in (country, watcher):
        expect(page.get_by_role("rowheader", name="Bruno Issoufou")).to_be_visible()
    stranger = browser.new_page()
    stranger.goto(f"{server.address}/certificate/{made.code}")
    expect(stranger.get_by_text("This certificate is valid today.")).to_be_visible()
    assert "Binta" not in stranger.content()
    country.goto(f"{server.address}/courses/certificates?show={made.id}")
    country.locator("summary", has_text="Revoke it").click()
    country.get_by_label("Why it is revoked").fill("The test was taken by somebody else.")
    country.get_by_role("button", name="Revoke it").click()
    sure(country)
    expect(country.get_by_role("main").get_by_text("Revoked", exact=True).first).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("This is no valid certificate.")).to_be_visible()
    stranger.close()


def test_a_run_becomes_the_training_of_an_operation_and_its_trainees_are_posted(
    server: Server, browser_page: Open
) -> None:
    scene, day = server.scene, timedelta(days=1)
    before = now() - 12 * day
    phase = phase_draft("training", scene.start - 9 * day, scene.start - 3 * day)
    does(scene, "ana", lambda session, by: plan.schedule(session, scene.operation, phase, by), at=before)
    course = course_of(scene, title="Questions at the counter")  # accredited long ago
    days = {"starts": (scene.start - 8 * day).date(), "ends": (scene.start - 6 * day).date()}
    run = does(scene, "ana", courses.schedule, run_draft(course, **days), at=before)
    does(scene, "ana", phases.join, phases.PhaseRunDraft(phase_id=phase.id, run_id=run.id), at=before)
    country = browser_page("chaima", f"/operations/{scene.operation}/training")
    expect(country.get_by_text("The training of this operation is not delivered yet.")).to_be_visible()
    [made] = does(scene, "chaima", enrolments.enrol, run.id, enrol_draft(scene, "bruno"), at=before)
    for to in ("attended", "passed"):
        does(scene, "ana", enrolment_step(made.id, to), at=now())
    expect(country.get_by_text("Trained officers who are posted to no site of the operation: 1.")).to_be_visible()
    expect(country.get_by_role("rowheader", name="Bruno Issoufou")).to_be_visible()
    country.goto(f"{server.address}/operations/{scene.operation}/people?site={scene.sites['Agadez']}")
    country.get_by_role("button", name="Choose them").click()
    expect(country.get_by_text("Bruno Issoufou · National officer").first).to_be_visible()
    country.get_by_role("button", name="Post to the sites").click()
    expect(country.get_by_role("button", name="Choose them")).to_have_count(0)
    country.goto(f"{server.address}/operations/{scene.operation}/training")
    expect(country.get_by_text("Trained officers who work where no device is commissioned: 1.")).to_be_visible()
    expect(country.get_by_text("Agadez (1)")).to_be_visible()
