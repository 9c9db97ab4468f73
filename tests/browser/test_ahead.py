"""Words that come with the pulse are written before Dash is told of them: what both hold in the end is the same."""

import json
from datetime import timedelta

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Open, Server
from tests.browser.test_situation import CHECKS, path, ready, report
from tests.makers import form, send, tally
from tests.operations.steps import climb

_HELD = "() => JSON.stringify(dash_component_api.getLayout('situation-tile-K01').props.children[1])"
_NEVER = """const wait = setTimeout;
  window.setTimeout = (act, time, ...more) => wait(act, time === 600 ? 1e9 : time, ...more);"""


def held(page: Page) -> str:
    """What Dash holds as the number of the tile."""
    number = json.loads(page.evaluate(_HELD))["props"]["children"][0]
    return str(number["props"]["children"])


def figures_alone(socket: WebSocketRoute) -> None:
    """Of what the server says of a board, only what comes first."""
    server = socket.connect_to_server()

    def hand_on(text: str | bytes) -> None:
        boards = json.loads(text).get("boards")
        if not boards or any(name == "tile K01" for name, *_part in boards[0]["parts"]):
            socket.send(text)

    server.on_message(hand_on)


def validated(server: Server, checks: int) -> None:
    """A report that its country has validated."""
    begins = server.scene.start + timedelta(hours=1)
    content = form(
        server.scene,
        "Niamey",
        lines=[tally(checks)],
        period_from=begins.isoformat(),
        period_to=(begins + timedelta(hours=2)).isoformat(),
    )
    climb(
        server.scene, send(server.scene, content, at=server.scene.start + timedelta(hours=20)).id, "boubacar", "chaima"
    )


def test_words_written_ahead_are_gone_where_the_page_is_drawn_anew(server: Server, browser_page: Open) -> None:
    """Of another level, whose words are just those that Dash still held."""
    validated(server, 125)
    page = browser_page("lena", "/account")
    page.route_web_socket("**/pulse?*", figures_alone)
    page.add_init_script(_NEVER)
    page.goto(f"{server.address}{path(server, '?level=V1')}")
    number = ready(page).locator(CHECKS)
    expect(number).to_have_text("125")
    report(server, tally(2))
    expect(number).to_have_text("127")
    assert held(page) == "125"
    page.get_by_text("V3", exact=True).first.click()
    expect(page.locator(".situation-mark")).to_have_text("")
    expect(number).to_have_text("125")
    page.get_by_text("V1", exact=True).first.click()
    expect(number).to_have_text("127")
    assert held(page) == "127"


def test_dash_is_told_of_what_was_written(server: Server, browser_page: Open) -> None:
    page = ready(browser_page("lena", path(server, "?level=V1")))
    report(server, tally(3))
    expect(page.locator(CHECKS)).to_have_text("130")
    page.wait_for_function(f"() => ({_HELD})().includes('130')")
    assert held(page) == "130"


def test_words_are_taken_back_to_what_dash_holds_and_nothing_else_is_written(
    server: Server, browser_page: Open
) -> None:
    page = ready(browser_page("lena", path(server, "?level=V1")))
    before = held(page)
    number, unit = [1, "props", "children", 0, "props"], [1, "props", "children", 1, "props", "children"]

    def written(*assigned: tuple[list[object], object]) -> bool:
        operations = [{"operation": "Assign", "location": at, "params": {"value": value}} for at, value in assigned]
        patch = {"__dash_patch_update": "__dash_patch_update", "operations": operations}
        asked = "patch => !!(window.back = dash_clientside.muster.ahead([['situation-tile-K01', 'children', patch]]))"
        return bool(page.evaluate(asked, patch))

    assert not written(([*number, "children"], "999"), ([*unit], [{"type": "Span"}]))
    assert not written(([*number, "children"], "999"), ([*number, "className"], "other"))
    expect(page.locator(CHECKS)).to_have_text(before)
    assert written(([*number, "children"], "999"), ([*number, "data-level"], "V9"))
    expect(page.locator(CHECKS)).to_have_text("999")
    expect(page.locator(CHECKS)).to_have_attribute("data-level", "V9")
    assert held(page) == before
    page.evaluate("back()")
    expect(page.locator(CHECKS)).to_have_text(before)
    expect(page.locator(CHECKS)).to_have_attribute("data-level", "V1")
