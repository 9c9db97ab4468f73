"""What waits: a report goes through two hands, and each finds it in the list, comes to the place by it, and sees it
go.
"""

import json
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Open, Server, sign_in
from tests.makers import form, send
from tests.servers import ROOT

pytestmark = pytest.mark.slow

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ENTRY = ".waiting-entry"
_COUNTS = """() => {
  const [store] = dash_stores;
  window.asked = 0;
  store.subscribe(() => { window.asked = Math.max(window.asked, store.getState().callbacks.requested.length); });
}"""
"""How many callbacks Dash holds as asked for, at most, from now on."""


def _fine(page: Page, name: str) -> None:
    """No fault that axe finds, and nothing wider than the screen. MUSTER_LOOK keeps what was seen."""
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    found = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: {type: 'tag', values: tags}})).violations.map((each) => [each.id, "
        "each.nodes.map((node) => node.html)])",
        TAGS,
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    if folder := os.environ.get("MUSTER_LOOK"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_a_report_waits_for_one_after_the_other(server: Server, browser_page: Open) -> None:
    page = browser_page("marie", "/account")
    page.goto("about:blank")  # what the page still asks would be refused
    page.context.clear_cookies()
    sign_in(page, server.address, "chaima")
    expect(page).to_have_url(f"{server.address}/today")
    expect(page.locator("#main")).to_contain_text("Nothing waits for you.")
    _fine(page, "empty")
    page = browser_page("boubacar", "/today")

    page.evaluate(_COUNTS)
    begins = server.scene.start + timedelta(hours=1)
    span = {"period_from": begins.isoformat(), "period_to": (begins + timedelta(hours=8)).isoformat()}
    send(server.scene, form(server.scene, **span))
    entry = page.locator(ENTRY, has_text="Report of Niamey, ")
    expect(entry).to_have_count(1)
    count = page.locator(".m-place-count")
    expect(count).to_have_text(str(page.locator(ENTRY).count()))
    before = page.locator(ENTRY).count()
    expect(page).to_have_title(f"({before}) Today · Muster")
    icon = page.locator('link[rel="icon"]')
    expect(icon).to_have_attribute("href", re.compile(rf"^data:image/svg.*%3E{before}%3C%2Ftext%3E"))
    # Of 200 that listen to the pulse Dash asks for those of this page: it compares each of them with each.
    assert 0 < page.evaluate("window.asked") < 100
    _fine(page, "light")

    entry.click()
    page.wait_for_url(f"{server.address}/operations/{server.scene.operation}/verify?show=*")
    page.locator("#verify-do").click()
    expect(count).to_have_text(str(before - 1))
    expect(icon).not_to_have_attribute("href", re.compile(rf"%3E{before}%3C"))
    page.locator('.m-place[href="/today"]').click()
    expect(page.locator("#main h1")).to_have_text("Today")
    expect(entry).to_have_count(0)

    dark = browser_page("chaima", "/account", scheme="dark")
    dark.goto(f"{server.address}/today")  # the first page has told how the system looks
    expect(dark.locator(ENTRY)).to_contain_text("validate it for your country")
    _fine(dark, "dark")
    answer = dark.request.post(
        f"{server.address}/preferences", form={"language": "ar"}, headers={"origin": server.address}
    )
    assert answer.ok
    phone = browser_page("chaima", "/today", width=390, height=844)
    expect(phone.locator(ENTRY)).to_contain_text("الاعتماد الوطني")
    _fine(phone, "phone-ar")


def test_two_messages_in_one_turn_are_both_read(server: Server, browser_page: Open) -> None:
    sockets: list[WebSocketRoute] = []

    def between(socket: WebSocketRoute) -> None:
        socket.connect_to_server()
        sockets.append(socket)

    page = browser_page("boubacar", "/today")
    page.route_web_socket(re.compile(r"/pulse\?"), between)
    page.reload()
    expect(page.locator('#shell-live[data-state="live"]')).to_be_visible()
    page.wait_for_load_state("networkidle")
    with page.expect_request(lambda request: '"shell-frame.data"' in (request.post_data or "")):
        for more in ({"told": {"unread": 0, "waits": 77}}, {"about": {str(server.scene.operation): "5 active"}}):
            sockets[-1].send(json.dumps({"seq": 1, "operations": [], **more}))
