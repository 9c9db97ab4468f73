"""The catalogue moves by itself: what differs comes with the pulse, and the page asks for nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, Server
from tests.makers import form, send, tally

pytestmark = pytest.mark.slow


def test_the_catalogue_moves_with_the_pulse_and_asks_for_nothing(server: Server, browser_page: Open) -> None:
    scene = server.scene
    page = browser_page("ana", f"/operations/{scene.operation}/figures?level=V1&figure=K01")
    row = page.locator("tr", has=page.get_by_role("rowheader", name="Database checks", exact=True))
    expect(row.locator(".figures-value")).to_have_text("0")
    asked: list[str] = []
    page.on("request", lambda each: asked.append(each.post_data or "") if "_dash-update" in each.url else None)
    page.wait_for_timeout(1000)
    asked.clear()
    send(scene, form(scene, lines=[tally(4321)]))
    expect(row.locator(".figures-value")).to_have_text("4,321")
    assert [each for each in asked if "figures-content" in each] == []
