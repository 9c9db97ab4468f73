"""Training in a browser: a country enrols its officer, a certificate is verified by its code, revoked, and says so."""

import pytest
from playwright.sync_api import Browser, expect

from operations.core.clock import now
from operations.training import courses
from tests.browser.conftest import Open, Server, sure
from tests.programme import certified, reads, run_of

pytestmark = pytest.mark.browser


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
    country.locator("summary", has_text="Why it is revoked").click()
    country.get_by_label("Why it is revoked").fill("The test was taken by somebody else.")
    country.get_by_role("button", name="Revoke it").click()
    sure(country)
    expect(country.get_by_role("main").get_by_text("Revoked", exact=True).first).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_text("This is no valid certificate.")).to_be_visible()
    stranger.close()
