"""A serious incident in a browser: reported, taken, opened for a reason and audited; judged by axe in every look."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from operations.incidents import incidents
from tests.browser.conftest import Open, Server
from tests.browser.test_everywhere import _QUIET, Look, _judged, _speak, _too_small, _too_wide
from tests.incidents import SECRET
from tests.programme import reads

pytestmark = pytest.mark.slow
SHOTS = os.environ.get("MUSTER_SHOTS", "")
DESK, PHONE = Look(), Look(390, 844)


def faults(page: Page, look: Look = DESK) -> list[object]:
    page.wait_for_function(_QUIET, polling=50)
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{len(list(Path(SHOTS).glob('*.png'))):02}.png", full_page=True)
    return [*_judged(page), *_too_wide(page, look), *_too_small(page)]


def choose(page: Page, field: str, words: str) -> None:
    page.get_by_role("textbox", name=field, exact=True).click()
    page.get_by_role("option", name=words, exact=True).click()


@pytest.mark.journey
def test_reported_past_the_chain_taken_opened_and_audited(server: Server, browser_page: Open) -> None:
    reporter = browser_page("bruno", "/incidents", width=PHONE.width, height=PHONE.height)
    reporter.get_by_text("Report a serious incident").click()
    reporter.get_by_text("Exceptional: past my own chain of command").click()
    choose(reporter, "Category", "Incident that involves staff")
    day = f"{datetime.now(UTC) - timedelta(days=1):%-d %b %Y}"
    for name in ("occurred_at", "detected_at"):
        reporter.locator(f"#incident-{name}").fill(day)
        reporter.keyboard.press("Tab")
        hours, minutes = reporter.locator(f"#incident-{name}_time input").all()[:2]
        hours.fill("06")
        minutes.fill("00")
    reporter.locator("#incident-place").fill("Off the coast")
    reporter.locator("#incident-facts").fill(f"{SECRET} The skipper is Musa Ba, born 12.03.1981.")
    assert faults(reporter, PHONE) == []
    reporter.get_by_role("button", name="Send it to the fundamental rights officer").click()
    expect(reporter.get_by_role("alert").filter(has_text="personal data").first).to_be_visible()
    reporter.locator("#incident-facts").fill(SECRET)
    reporter.get_by_role("button", name="Send it to the fundamental rights officer").click()
    expect(reporter.get_by_role("table").get_by_text("Report received", exact=True)).to_be_visible()
    [made] = reads(server.scene, "frida", incidents.handled_incidents, server.scene["frida"])

    handler = browser_page("frida", "/incidents", scheme="dark")
    expect(handler.get_by_text(made.reference).first).to_be_visible()
    assert faults(handler) == []
    handler.goto(f"{server.address}/incidents?show={made.id}")
    handler.wait_for_function(_QUIET, polling=50)
    handler.get_by_role("button", name="Take it and check the threshold").click()
    expect(handler.get_by_text("It is now: Threshold check.")).to_be_visible()
    expect(reporter.get_by_role("table").get_by_text("Threshold check")).to_be_visible()  # the open page followed
    choose(handler, "Why you open this file", "I handle this file")
    expect(handler.get_by_text(SECRET)).to_be_visible()
    expect(handler.get_by_text("Reason: I handle this file.").first).to_be_visible()
    assert faults(handler) == []

    auditor = browser_page("otto", f"/incidents?show={made.id}")
    expect(auditor.get_by_text("Reason: I handle this file.").first).to_be_visible()
    choose(auditor, "Why you open this file", "I audit how it was handled")
    expect(auditor.get_by_text("You can read the subject and the log").first).to_be_visible()
    assert faults(auditor) == []
    assert SECRET not in auditor.content()
    _speak(auditor, server, "ar")
    auditor.goto(f"{server.address}/incidents?show={made.id}")
    expect(auditor.get_by_role("heading", level=1)).to_be_visible()
    assert faults(auditor) == []

    concerned = browser_page("chaima", "/incidents")
    expect(concerned.get_by_text("Restrict what your people report")).to_be_visible()
    assert faults(concerned) == []
    assert made.reference not in concerned.content()
    concerned.goto(f"{server.address}/incidents?show={made.id}")
    expect(concerned.get_by_text("There is nothing here that you can see.").first).to_be_visible()
