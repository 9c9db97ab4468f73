"""The field form through a whole day without a network (domain 6.1), and what it does with the device's storage."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from operations.core import account_admin
from operations.core.people import System
from operations.policing.reports.reports import Report, lines_of
from tests.browser.conftest import Server, Watched
from tests.browser.test_field import CUT, LYING, PIN, Open, field, sent_by, unlocked, waiting, write

pytestmark = pytest.mark.browser

LATE = """window.slow = Number(localStorage.slow || 0);
  const Real = Date, at = () => Real.now() - window.slow * 60000;
  window.Date = class extends Real { constructor(...given) { if (given.length) super(...given); else super(at()); } static now() { return at(); } };"""


def test_story_6_1_the_border_post_without_a_network(
    server: Server, browser_page: Open, watched: Watched, tmp_path: Path
) -> None:
    """The day of domain 6.1: a slow clock, a flat battery, two officers, an old code list, and an hour of network."""
    watched.expected += [*CUT, "422", "401"]
    page = field(browser_page, "mateo")
    before = len(sent_by(server, "mateo"))
    work = page.context.request.get(f"{server.address}/field/work").json()
    page.context.add_init_script(LATE)
    page.evaluate("localStorage.slow = 40 + 19 * 60")  # 40 minutes slow; and it is 19 hours ago
    page.context.set_offline(True)
    page.reload()
    unlocked(page)
    write(page, "61")
    page.locator(".field-card-due .reports-button-primary").click()
    page.locator(".reports-number").first.fill("62")
    expect(page.locator(".reports-state")).to_contain_text("kept on this device")
    again = page.context.new_page()  # the battery is flat in the middle of a form
    page.close()
    page = again
    watched.look(page)
    page.goto(f"{server.address}/field")
    unlocked(page)
    begun = page.locator(".field-card", has_text="Begun")
    begun.get_by_role("button", name="Open").click()
    expect(page.locator(".reports-number").first).to_have_value("62")
    page.locator(".reports-way .reports-button-primary").click()
    expect(page.locator(".field-card-queue")).to_contain_text("2 waiting to be sent")
    [old] = waiting(work, 1)
    old["content"]["lines"][0]["database"] = "sltd_2019"
    file = tmp_path / "queue.json"
    file.write_text(json.dumps({"kind": "muster-field", "version": 1, "reports": [old]}))
    page.set_input_files("input[type=file]", file)
    expect(page.locator(".field-card-queue")).to_contain_text("3 waiting to be sent")
    page.evaluate("localStorage.slow = 40")  # 19 hours later
    page.reload()
    unlocked(page)
    expect(page.locator(".field-card-queue")).to_contain_text("3 waiting to be sent")
    assert len(sent_by(server, "mateo")) == before
    page.context.set_offline(False)  # the network comes for an hour
    refused = page.locator(".field-card-bad")
    expect(refused).to_contain_text("sltd_2019 is not one of the choices")
    expect(page.locator(".field-card-note")).to_contain_text("The clock of this device is 40 min")
    refused.get_by_role("button", name="Correct").click()
    expect(page.locator(".reports-field-flawed select")).to_have_value("sltd_2019")  # never lost, never changed
    page.locator(".reports-field-flawed select").select_option("sltd")
    page.locator("[data-way=summary]").click()
    page.locator(".reports-way .reports-button-primary").click()
    expect(page.locator(".field-card-quiet")).to_be_visible()
    with server.scene.store.reading(System()) as session:
        author = server.scene["mateo"].account_id
        found = session.exec(select(Report).where(Report.author_id == author)).all()
        kept = {lines_of(session, each.id)[0].quantity: each for each in found}
    assert len(found) == before + 3
    for count in (61, 62):
        lag = kept[count].received_at - kept[count].recorded_at
        assert abs(kept[count].clock_offset - 2400) < 60
        assert abs(lag - timedelta(hours=19)) < timedelta(minutes=10)  # the network's, not the officer's
    page.get_by_role("button", name="Lock now").click()
    expect(page.locator(".field-alone h1")).to_have_text("Mateo Keita")


APPLE = """Object.defineProperty(navigator, "standalone", { value: false, configurable: true });
  window.asked = 0;
  navigator.storage.persist = async () => { window.asked += 1; return true; };"""
OPENED = """async (pin) => {
  const { Device } = await import("/field/keeping.js");
  const device = await Device.open(), [officer] = await device.officers();
  const { desk } = await device.unlock(officer.id, pin);
  return JSON.stringify(await desk.all());
}"""


def test_it_asks_for_lasting_storage_insists_on_ios_keeps_no_sent_text_and_is_wiped_by_the_server(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += [*CUT, "401"]
    page = browser_page("marie", "/field", width=390, height=844)
    page.context.add_init_script(APPLE)
    page.reload()
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click("[type=submit]")
    expect(page.locator(".field-card-note")).to_contain_text("Else this device erases what waits after seven days.")
    assert page.evaluate("window.asked") == 1
    page.context.set_offline(True)
    write(page, "41177")
    assert "41177" in page.evaluate(OPENED, PIN)
    page.context.set_offline(False)
    expect(page.locator(".field-card-quiet")).to_be_visible()
    kept = page.evaluate(OPENED, PIN)
    assert "41177" not in kept
    assert "check_tally" not in kept
    scene = server.scene
    with scene.store.unit_of_work(scene["ada"]) as session:
        account_admin.end_sessions(session, scene["marie"].account_id, scene["ada"])
    page.reload()
    expect(page.locator(".field-alone")).to_contain_text("Connect it once and sign in")
    assert page.evaluate(LYING) == []
