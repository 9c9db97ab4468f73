"""The field form on a telephone: it opens and works while nobody answers, sends once what it kept, and loses nothing."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from dashboard.parts.report import content as report_content
from operations.core import clock
from operations.core.people import System
from operations.core.sign_in import SignIn
from operations.policing.calendar import tasks as task_verbs
from operations.policing.reports import reports
from operations.policing.reports.reports import Report, lines_of
from operations.support import deployments
from tests.browser.conftest import Server, Watched, let_in, waits
from tests.makers import add_task
from tests.teams import keep_team, on_site

Open = Callable[..., Page]
pytestmark = pytest.mark.browser
PIN = "271828"
CUT = ["Failed to load resource", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]


KEPT = "caches.open('muster-field-forms').then((kept) => kept.keys()).then((keys) => keys.length > 0)"
CUTTING = """() => {
  const real = window.fetch;
  let came = 0;
  window.most = 60;
  window.fetch = async (address, options) => {
    if (address !== "/field/reports") return real(address, options);
    if (came >= window.most) throw new TypeError("The line is cut.");
    const answer = await real(address, options);
    came += answer.status === 200;
    if (came === window.most) throw new TypeError("It came, and its answer is lost.");
    return answer;
  };
}"""


def field(browser_page: Open, name: str, **look: Any) -> Page:
    """The form of an officer who has just chosen a PIN, ready to be opened without a network."""
    page = browser_page(name, "/field", width=390, height=844, **look)
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click("[type=submit]")
    expect(page.locator(".field-head")).to_be_visible()
    waits(page, lambda: page.evaluate(KEPT))
    return page


def unlocked(page: Page, pin: str = PIN) -> None:
    """Type the PIN."""
    page.fill("[name=pin]", pin)
    page.click("[type=submit]")
    expect(page.locator(".field-head")).to_be_visible()


def sent_by(server: Server, name: str) -> dict[str, list[int]]:
    """The counts of each report of an officer that reached the server, by its id."""
    with server.scene.store.reading(System()) as session:
        author = server.scene[name].account_id
        found = session.exec(select(Report).where(Report.author_id == author)).all()
        return {str(each.id): [line.quantity for line in lines_of(session, each.id)] for each in found}


def write(page: Page, count: str) -> None:
    """Write the report that is due first, with one count, and send it."""
    page.locator(".field-card-due .reports-button-primary").click()
    page.locator(".reports-number").first.fill(count)
    page.locator("[data-way=summary]").click()
    page.locator(".reports-way .reports-button-primary").click()
    expect(page.locator(".field-home")).to_be_visible()


@pytest.mark.journey
def test_it_opens_and_reports_while_nobody_answers_and_sends_when_somebody_does(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += CUT
    page = field(browser_page, "bruno")
    page.context.set_offline(True)
    page.reload()
    unlocked(page)
    expect(page.locator(".field-state")).to_have_text("No network")
    write(page, "41209")
    expect(page.locator(".field-card-queue")).to_contain_text("1 waiting to be sent, oldest 0 min")
    lying = page.evaluate(  # as whoever copies the device reads it
        """() => new Promise((give) => { indexedDB.open("muster-field").onsuccess = (opened) => {
          opened.target.result.transaction("records").objectStore("records").getAll().onsuccess = (found) => give(
            found.target.result.map((record) => JSON.stringify({ ...record, box: new TextDecoder().decode(record.box.data) }))); }; })"""
    )
    lying = [text for text in lying if json.loads(text)["state"] != "map"]
    assert len(lying) == 2  # the report and what there is to report
    assert not any(word in text for text in lying for word in ("Agadez", "Niamey", "check_tally", "41209"))
    assert sent_by(server, "bruno") == {}
    page.context.set_offline(False)
    expect(page.locator(".field-card-quiet")).to_have_text("Nothing waits to be sent.")
    expect(page.locator(".field-state")).to_have_text("Connected")
    assert list(sent_by(server, "bruno").values()) == [[41209]]


def waiting(work: dict[str, Any], many: int) -> list[dict[str, Any]]:
    """So many reports as the page keeps them, each with a count of its own."""
    [operation] = work["operations"]
    site = operation["sites"][0]
    day = next(each for each in operation["days"] if each["due"] and each["day"] in operation["periods"][site["zone"]])
    starts, ends = operation["periods"][site["zone"]][day["day"]]
    about = {"operation": operation["id"], "site": site["id"], "day": day["day"], "name": site["name"], "kind": "daily"}
    blank = {"supersedes_id": "", "correction_reason": "", "remarks": "", "recorded_at": "", "confirmed": False}
    blank |= {"operation_id": operation["id"], "site_id": site["id"], "phase_id": day["phase"], "kind": "daily"}
    blank |= {"period_from": starts, "period_to": ends, "zone": site["zone"]}

    def content(number: int) -> dict[str, Any]:
        line = {**site["lines"][0], "id": str(uuid4()), "count": str(number), "offered": False}
        return {**blank, "id": str(uuid4()), "report_id": str(uuid4()), "lines": [line]}

    return [{"content": content(1 + number), "about": about, "made": work["at"]} for number in range(many)]


@pytest.mark.requirement("ASVS 14.3.3")
def test_of_110_records_cut_after_60_and_sent_three_times_exactly_110_arrive(
    server: Server, browser_page: Open, watched: Watched, tmp_path: Path
) -> None:
    watched.expected += [*CUT, "429"]
    page = field(browser_page, "boubacar")
    work = page.context.request.get(f"{server.address}/field/work").json()
    reports = waiting(work, 110)
    file = tmp_path / "queue.json"
    file.write_text(json.dumps({"kind": "muster-field", "version": 1, "reports": reports}))
    page.evaluate(CUTTING)
    page.set_input_files("input[type=file]", file)
    for arrived in (60, 90):
        page.wait_for_function(
            "(many) => document.querySelector('.field-waits b')?.textContent === many", arg=str(111 - arrived)
        )
        expect(page.locator(".field-state")).to_have_text("No network")
        assert len(sent_by(server, "boubacar")) == arrived
        # the one whose answer was lost comes once more, and counts again
        page.evaluate("(many) => { window.most = many; }", 91 if arrived == 60 else 1000)
        page.locator(".field-card-queue .reports-button").click()
    expect(page.locator(".field-card-quiet")).to_be_visible()
    page.set_input_files("input[type=file]", file)  # once more from the start: all are known here
    assert page.context.request.get(f"{server.address}/field/work").status == 200
    found = sent_by(server, "boubacar")
    assert found == {each["content"]["id"]: [1 + number] for number, each in enumerate(reports)}


def test_a_refusal_stands_at_its_report_which_is_corrected_and_sent(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += CUT
    page = field(browser_page, "mateo")
    write(page, "many")
    refused = page.locator(".field-card-bad")
    expect(refused).to_contain_text("Came back: please correct")
    expect(refused.locator(".field-flaw")).to_contain_text("number")
    page.reload()
    unlocked(page)
    refused.locator(".reports-button").click()
    expect(page.locator(".reports-field-flawed .reports-flaw")).to_contain_text("number")
    page.locator(".reports-number").first.fill("33")
    page.locator("[data-way=summary]").click()
    page.locator(".reports-way .reports-button-primary").click()
    expect(page.locator(".field-card-quiet")).to_be_visible()
    expect(refused).to_have_count(0)
    assert list(sent_by(server, "mateo").values()) == [[33]]


def test_with_its_storage_emptied_it_asks_to_sign_in_anew_and_invents_nothing(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += [*CUT, "401"]
    page = field(browser_page, "marie")
    page.context.set_offline(True)
    write(page, "5")
    page.evaluate(
        """async () => { for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
          for (const name of await caches.keys()) await caches.delete(name);
          for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister(); }"""
    )
    page.context.set_offline(False)
    page.context.clear_cookies()
    page.goto("about:blank")
    page.goto(f"{server.address}/field")
    expect(page.locator('[name="username"]')).to_be_visible()
    let_in(page.context, server.address, "marie")
    page.goto(f"{server.address}/field")
    expect(page.locator("[name=again]")).to_be_visible()
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click("[type=submit]")
    expect(page.locator(".field-card-quiet")).to_have_text("Nothing waits to be sent.")
    assert sent_by(server, "marie") == {}


def test_two_officers_share_a_device_and_ten_wrong_pins_erase_what_one_of_them_kept(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += CUT
    page = field(browser_page, "binta")
    page.context.set_offline(True)
    write(page, "8")
    page.context.clear_cookies()
    let_in(page.context, server.address, "marie")
    page.context.set_offline(False)
    page.reload()
    page.fill("[name=pin]", "314159")
    page.fill("[name=again]", "314159")
    page.click("[type=submit]")
    expect(page.locator(".field-head h1")).to_have_text("Marie Coulibaly")
    expect(page.locator(".field-card-quiet")).to_be_visible()  # nothing of the other's is seen
    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name="Binta Oumarou").click()
    expect(page.locator(".field-waits")).to_contain_text("1 waiting to be sent")
    for left in range(9, 0, -1):
        page.fill("[name=pin]", "000000")
        page.click("[type=submit]")
        expect(page.locator(".field-flaw")).to_contain_text(f"Tries left: {left}.")
    page.fill("[name=pin]", "000000")
    page.click("[type=submit]")
    expect(page.locator(".field-alone h1")).to_have_text("Marie Coulibaly")
    expect(page.locator(".field-flaw")).to_contain_text("Ten wrong PINs")
    expect(page.get_by_role("button", name="Binta Oumarou")).to_have_count(0)


def correct(page: Page, count: str) -> None:
    """In an open correction: another count, the reason, and send it."""
    page.locator(".reports-summary-line").first.click()
    page.locator(".reports-number").first.fill(count)
    page.locator("[data-way=summary]").click()
    page.locator('[data-field="correction_reason"] select').select_option("typing")
    page.locator(".reports-way .reports-button-primary").click()
    expect(page.locator(".field-home")).to_be_visible()


def corrected_meanwhile(server: Server, version: str, count: str, by: str) -> None:
    """A colleague corrects a report at a desk."""
    with server.scene.store.unit_of_work(server.scene[by]) as session:
        found = reports.report(session, UUID(version))
        said = report_content.of_version(found, reports.lines_of(session, found.id)) | {"correction_reason": "typing"}
        said["lines"][0]["count"] = count
        reports.submit(session, report_content.draft_of(said), server.scene[by])


def test_what_was_corrected_meanwhile_stands_beside_what_was_written_and_somebody_chooses(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += [*CUT, "409"]
    page = field(browser_page, "binta")
    write(page, "120")
    expect(page.locator(".field-card-quiet")).to_be_visible()
    [first] = sent_by(server, "binta")
    sent = page.locator("details", has_text="Sent")
    sent.locator("summary").click()
    sent.get_by_role("button", name="Correct").first.click()
    expect(page.locator(".reports-number").first).to_have_value("120")
    page.context.set_offline(True)
    correct(page, "140")
    corrected_meanwhile(server, first, "130", "boubacar")
    page.context.set_offline(False)
    back = page.locator(".field-card-bad")
    expect(back).to_contain_text("Came back: please correct")
    assert sent_by(server, "binta") == {first: [120]}  # nothing was merged
    back.get_by_role("button", name="Correct").click()
    expect(page.locator(".field-versions mark")).to_contain_text(["130", "140"])
    expect(page.locator(".field-card-bad")).to_contain_text("You began from version 1")
    expect(page.locator(".field-card-bad")).to_contain_text("Version 2, Boubacar Idi")
    page.get_by_role("button", name="Correct theirs with mine").click()
    correct(page, "140")
    expect(page.locator(".field-card-quiet")).to_be_visible()
    with server.scene.store.reading(System()) as session:
        chain = reports.versions(session, reports.report(session, UUID(first)).report_id)
        counts = [[line.quantity for line in lines_of(session, each.id)] for each in chain]
    assert counts == [[140], [130], [120]]


def last_proof(server: Server, ago: timedelta) -> None:
    """Whoever is signed in gave their password so long ago."""
    with server.scene.store.unit_of_work(System()) as session:
        for each in session.exec(select(SignIn)).all():
            each.proven_at = clock.now() - ago
            session.add(each)


def test_a_team_checks_in_and_the_tasks_of_the_day_are_done_without_a_network_beside_the_map_of_the_post(
    server: Server, browser_page: Open, watched: Watched
) -> None:
    watched.expected += CUT
    scene = server.scene
    leader = scene["boubacar"].account_id
    start = datetime.now(UTC) - timedelta(hours=2)
    made = on_site(scene, keep_team(scene, leader_id=leader), start, starts=start, ends=start + timedelta(days=4))
    task = {"due": start + timedelta(hours=6), "role": "team_leader", "country": "NER", "steps": ("Fuel", "Oil")}
    add_task(scene, title="Check the generator", **task)
    page = field(browser_page, "boubacar")
    team, tasks = page.locator(".field-card-team"), page.locator(".field-card-tasks")
    expect(team).to_contain_text(made.call_sign)
    sheets = page.locator("details", has_text="Maps")
    sheets.locator("summary").click()
    expect(sheets.get_by_role("button", name="Map", exact=True).first).to_be_visible()  # came by itself
    last_proof(server, timedelta(hours=1))
    sheets.get_by_role("button", name="Keep here").first.click()
    expect(page.get_by_text("Muster asks for your password before this step.")).to_be_visible()  # a sheet is a file
    last_proof(server, timedelta(0))
    sheets.get_by_role("button", name="Keep here").first.click()
    expect(sheets.get_by_role("button", name="Map sheet").first).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    unlocked(page)
    team.get_by_label("Note").fill("The road is closed.")
    team.get_by_role("button", name="Check in").click()
    expect(page.locator(".field-card-queue")).to_contain_text("1 waiting to be sent")
    for line in ("Fuel", "Oil"):
        tasks.get_by_label(line).check()
    tasks.get_by_role("button", name="Done").click()
    expect(tasks).to_have_count(0)
    page.locator("details", has_text="Maps").locator("summary").click()
    kept = page.evaluate(
        """() => new Promise((give) => {
          window.open = () => {};
          URL.createObjectURL = (file) => { file.text().then((text) => give(text.slice(0, 5))); return "blob:sheet"; };
          [...document.querySelectorAll("details button")].find((each) => each.textContent === "Map sheet").click();
        })"""
    )
    assert kept == "%PDF-"
    page.locator("details", has_text="Maps").get_by_role("button", name="Map", exact=True).first.click()
    expect(page.locator("[data-atlas][data-ready=true]")).to_be_visible()  # every tile in view came
    assert page.evaluate(COLOURS) > 20
    page.get_by_text("On this map").click()
    expect(page.locator(".field-post details li").first).to_be_visible()
    page.get_by_role("button", name="Back").click()
    page.context.set_offline(False)
    expect(page.locator(".field-card-quiet")).to_have_text("Nothing waits to be sent.")
    with scene.store.reading(scene["ana"]) as session:
        log = deployments.log(session, made.id)
        assert [each.words for each in log if each.kind == "checked_in"] == ["The road is closed."]
        [done] = [each for each in task_verbs.tasks(session, scene.operation) if each.title == "Check the generator"]
    assert done.state == "done"
    lying = page.evaluate(LYING)
    assert not any("road is closed" in text or "generator" in text for text in lying)


COLOURS = """() => {
  const ground = document.querySelector(".leaflet-base-pane canvas");
  const { data } = ground.getContext("2d").getImageData(0, 0, ground.width, ground.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""
LYING = """() => new Promise((give) => { indexedDB.open("muster-field").onsuccess = (opened) => {
  opened.target.result.transaction("records").objectStore("records").getAll().onsuccess = (found) => give(
    found.target.result.map((record) => JSON.stringify({ ...record, box: new TextDecoder().decode(record.box.data) }))); }; })"""
