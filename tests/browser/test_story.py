"""One operation in six browsers: planned, reported, verified, validated and watched; and nothing of it in Mali's."""

import json
import re
import statistics
import time
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from operations.core import journal
from operations.core.ids import new_id
from operations.core.people import System
from operations.policing.map_plan.places import MapObject
from operations.policing.reports.reports import Report
from tests.browser.conftest import Open, Server
from tests.browser.forged import Forger, without_ids
from tests.makers import form, hit, send, tally

pytestmark = pytest.mark.slow

CHECKS = "situation-tile-K01"
# Milliseconds from the commit to the tile. Six browsers and the server share the cores of a test machine here; the one
# second of a leader who watches is held in test_situation.py and measured in tests/bench/test_live.py.
AT_ONCE = 3000
_WATCH = """tile => {
  window.tileMoves = [];
  const note = () => window.tileMoves.push([Date.now(), document.getElementById(tile).innerText]);
  new MutationObserver(note).observe(document.getElementById(tile), {childList: true, subtree: true, characterData: true});
}"""


def path(server: Server, place: str) -> str:
    return f"/operations/{server.scene.operation}/{place}"


def test_planned_reported_verified_validated_and_seen_at_once(server: Server, browser_page: Open) -> None:
    leader = _watching(browser_page("lena", path(server, "situation")))
    neighbour = browser_page("mateo", path(server, "reports"))
    expect(neighbour.locator(".reports-matrix")).to_be_visible()

    _a_checkpoint_is_drawn(browser_page("ana", path(server, "plan")))
    report = _a_report_is_sent(browser_page("bruno", path(server, "reports")), server)
    waits = [_seen(leader, "1,420 unverified") - report]

    verified = _climbs(browser_page("boubacar", path(server, "verify")), server, "Verify locally")
    validated = _climbs(browser_page("chaima", path(server, "verify")), server, "Validate for the country")
    assert verified < validated
    waits.append(_seen(leader, "\n1,420\n") - validated)

    committed = _another_process_reports(server)
    waits.append(_seen(leader, "313 unverified") - committed)
    assert statistics.median(waits) < AT_ONCE, waits
    assert leader.evaluate("window.notReloaded") is True

    _nothing_on_the_screen(neighbour)
    officer = browser_page("binta", path(server, "reports"))
    _nothing_in_forged_calls(Forger(neighbour, server.address), Forger(officer, server.address), server)
    coordinator = browser_page("chaima", path(server, "journal"))
    _nothing_in_data_and_exports(Forger(neighbour, server.address), Forger(coordinator, server.address), server)


# ------------------------------------------------------------------------------------------------ what they do


def _watching(page: Page) -> Page:
    """The situation, live, with a note of every move of the tile of database checks."""
    expect(page.locator("#shell-live")).to_contain_text("Live")
    expect(page.locator(f"#{CHECKS} .kpi-number")).to_have_text("0")
    page.evaluate(_WATCH, CHECKS)
    page.evaluate("window.notReloaded = true")
    return page


def _seen(page: Page, text: str) -> float:
    """When the tile first showed `text`, in milliseconds of the clock that all browsers here share."""
    page.wait_for_function("text => window.tileMoves.some(([, shown]) => shown.includes(text))", arg=text, polling=20)
    at: float = page.evaluate("text => window.tileMoves.find(([, shown]) => shown.includes(text))[0]", text)
    return at


def _a_checkpoint_is_drawn(page: Page) -> None:
    """On the map, then placed by its coordinates; for those alone who coordinate."""
    page.wait_for_selector('.atlas[data-ready="true"]')
    page.get_by_role("button", name="Checkpoint", exact=True).click()
    box = page.locator("#plan-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    name = page.locator("#plan-object-name")
    expect(name).to_be_focused()
    name.press_sequentially("CP Arlit", delay=20)
    page.locator("#plan-object-decimal").fill("18.73000, 7.38000")
    page.locator("#plan-object-decimal").press("Enter")
    expect(page.locator("#plan-object-mgrs")).to_have_value(re.compile("^32Q"))
    page.locator("#plan-object-audience").click()
    page.get_by_role("option", name="Those who coordinate").click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".plan-list .plan-item", has_text="CP Arlit")).to_contain_text("Planned")


def _a_report_is_sent(page: Page, server: Server) -> float:
    """1,420 checks at Agadez, by keyboard; when the server had answered."""
    day = (server.scene.start + timedelta(days=1)).date().isoformat()
    expect(page.locator(".reports-matrix [data-site]:focus")).to_be_attached()
    page.wait_for_timeout(1200)  # the shell and the page have settled where the focus begins
    page.locator(f'.reports-matrix [data-site="{server.scene.sites["Agadez"]}"][data-day="{day}"]').click()
    expect(page.locator(".reports-form :focus")).to_be_attached()
    page.keyboard.type("1420")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".reports-view")).to_contain_text("1,420")
    return _committed(server)


def _climbs(page: Page, server: Server, act: str) -> float:
    """The one report that waits climbs a level; when the server had answered."""
    expect(page.locator(".verify-item")).to_have_count(1)
    expect(page.locator(".verify-middle .reports-view")).to_contain_text("1,420")
    page.get_by_role("button", name=act).click()
    expect(page.locator(".verify-item")).to_have_count(0)
    return _committed(server)


def _committed(server: Server) -> float:
    """When the newest entry of the journal was written, in milliseconds: just before its transaction was committed."""
    with server.scene.store.reading(System()) as session:
        return journal.latest(session, limit=1)[0].at.timestamp() * 1000


def _another_process_reports(server: Server) -> float:
    """313 checks and a raw hit at Niamey, from this process; when they were committed."""
    begins = server.scene.start + timedelta(hours=1)
    lines = [tally(313), hit(begins + timedelta(hours=1))]
    content = form(
        server.scene,
        "Niamey",
        lines=lines,
        period_from=begins.isoformat(),
        period_to=(begins + timedelta(hours=2)).isoformat(),
    )
    send(server.scene, content, by="bruno", at=begins + timedelta(hours=3))
    return time.time() * 1000


# ------------------------------------------------------------------------------------------ what Mali does not see


def _nothing_on_the_screen(page: Page) -> None:
    """The reports page that was open all the while, and the same opened anew: Mali's one site, without a report."""
    for _turn in range(2):
        told = page.locator("#main").inner_text()
        assert "Bamako" in told
        assert not re.search("Niamey|Agadez|1,420|313|Bruno", told)
        expect(page.locator(".reports-matrix [data-site] >> text=/[0-9]/")).to_have_count(0)
        page.reload()
        expect(page.locator(".reports-matrix")).to_be_visible()


def _calls(server: Server, report: str, site: str, checkpoint: str) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """The callbacks that take an id, with these: trigger, output, values."""
    operation = str(server.scene.operation)
    here = {"reports-operation.data": operation, "verify-operation.data": operation, "plan-operation.data": operation}
    shown = {"reports-shown.data": {"id": report, "mark": "old"}}
    day = (server.scene.start + timedelta(days=1)).date().isoformat()
    begins = server.scene.start + timedelta(hours=2)
    content = {
        "id": str(new_id()),
        "report_id": str(new_id()),
        "supersedes_id": "",
        "correction_reason": "",
        "operation_id": operation,
        "site_id": site,
        "phase_id": str(server.scene.phase),
        "kind": "single_event",
        "period_from": f"{begins:%Y-%m-%dT%H:%M}",
        "period_to": f"{begins + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "zone": "Africa/Niamey",
        "remarks": "",
        "recorded_at": "",
        "confirmed": True,
        "lines": [],
    }

    def asked(what: str, **more: str) -> tuple[str, str, dict[str, Any]]:
        return "reports-ask.data", "reports-given.data", here | {"reports-ask.data": {"what": what, **more}}

    return {
        "a report": asked("version", id=report),
        "its correction": asked("correct", id=report),
        "an unsent form": asked("form", id=report),
        "a cell": asked("cell", site=site, day=day),
        "a new report": asked("new", site=site, day=day),
        "follow": ("reports-followed.data", "reports-view.children", here | shown | {"reports-followed.data": 1}),
        "compare": (
            "reports-comparison-with.value",
            "reports-view.children",
            here | shown | {"reports-comparison-with.value": report},
        ),
        "withdraw": (
            "reports-withdraw.n_clicks",
            "reports-ask.data",
            here | shown | {"reports-withdraw.n_clicks": 1, "reports-withdrawal-reason.value": "A reason."},
        ),
        "send": ("reports-send.data", "reports-answer.data", {"reports-send.data": {"content": content}}),
        "send a version": (
            "reports-send.data",
            "reports-answer.data",
            {
                "reports-send.data": {
                    "content": content | {"report_id": report, "supersedes_id": report, "correction_reason": "typing"}
                }
            },
        ),
        "keep": ("reports-typed.data", "reports-saved.data", here | {"reports-typed.data": {"content": content}}),
        "discard": ("reports-discard.data", "reports-discarded.data", {"reports-discard.data": {"id": report}}),
        "verify": (
            "verify-do.n_clicks",
            "verify-chosen.data",
            here | {"verify-do.n_clicks": 1, "verify-chosen.data": {"what": "report", "id": report}},
        ),
        "look at what waits": (
            "verify-chosen.data",
            "verify-view.children",
            here | {"verify-chosen.data": {"what": "report", "id": report}},
        ),
        "versions of a checkpoint": (
            "plan-draft.data",
            "plan-history.children",
            here | {"plan-draft.data": {"object_id": checkpoint, "fresh": False, "editable": False}},
        ),
    }


def _nothing_in_forged_calls(mali: Forger, niger: Forger, server: Server) -> None:
    """Every callback answers Mali about what is Niger's as it answers about what does not exist."""
    with server.scene.store.reading(System()) as session:
        report = str(session.exec(select(Report.id).where(Report.site_id == server.scene.sites["Agadez"])).one())
        checkpoint = str(session.exec(select(MapObject.object_id).where(MapObject.name == "CP Arlit")).one())
        before = len(session.exec(select(Report)).all())
    real = _calls(server, report, str(server.scene.sites["Agadez"]), checkpoint)
    made_up = _calls(server, str(new_id()), str(new_id()), str(new_id()))
    answers = {name: (without_ids(mali.call(*real[name])), without_ids(mali.call(*made_up[name]))) for name in real}
    assert {name: pair for name, pair in answers.items() if pair[0] != pair[1]} == {}
    told = json.dumps(answers)
    assert not re.search("Niamey|Agadez|Niger|1,420|1420|Bruno|Arlit", told)
    for name in ("a report", "a cell"):
        assert "1,420" in niger.call(*real[name])[1], f"the call itself is wrong: {name}"
    with server.scene.store.reading(System()) as session:
        assert len(session.exec(select(Report)).all()) == before


def _nothing_in_data_and_exports(mali: Forger, niger: Forger, server: Server) -> None:
    """The hits on the map are Niger's alone; files are not there for an officer, whatever they ask for."""
    events = f"/data/map/{server.scene.operation}/events?bbox=-20,0,20,25&zoom=6"
    assert json.loads(niger.get(events)[1])["total"] == [1]
    assert mali.get(events) == (200, '{"lon":[],"lat":[],"n":[],"total":[]}')
    elsewhere = f"/data/map/{new_id()}/events?bbox=-20,0,20,25&zoom=6"
    assert mali.get(elsewhere)[0] == 404
    for file in ("reports.csv", "reports.xlsx"):
        export = f"/export/operations/{server.scene.operation}/{file}"
        assert niger.file(export)[0] == 200
        refused = mali.file(export)
        assert refused[0] == 404
        assert refused == mali.file(f"/export/operations/{new_id()}/{file}")
    assert "1420" in niger.file(f"/export/operations/{server.scene.operation}/reports.csv")[1]
