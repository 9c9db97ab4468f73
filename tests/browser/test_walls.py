"""A screen on a wall in a real browser: opened from a link, live, bound to its page, closed from afar."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Open, Server, Watched
from tests.makers import add_task


def look(page: object, name: str) -> None:
    """A picture for whoever looks at the screen: MUSTER_LOOK names the folder."""
    if folder := os.environ.get("MUSTER_LOOK"):
        page.screenshot(path=Path(folder) / f"{name}.png")  # type: ignore[attr-defined]


def test_a_wall_shows_one_page_until_it_is_closed(
    browser: Browser, server: Server, browser_page: Open, watched: Watched
) -> None:
    here = f"/operations/{server.scene.operation}/situation"
    watched.expected += [
        "the server responded with a status of 401",
        "the server responded with a status of 404",
        "Unexpected response code: 403",
    ]
    lena = browser_page("lena", here)
    lena.get_by_role("button", name="Open on a wall").click()
    link = lena.locator(".people-address").inner_text()
    look(lena, "link")
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    wall = context.new_page()
    watched.look(wall)
    wall.goto(link)
    wall.wait_for_url(f"**{here}")
    expect(wall.locator("#situation-page")).to_be_visible()
    expect(wall.locator("#shell-live")).to_have_attribute("data-state", "live")
    expect(wall.locator(".m-menu-person")).to_have_count(0)
    expect(wall.get_by_role("button", name="Open on a wall")).to_have_count(0)
    look(wall, "wall")
    feed = wall.locator("#situation-feed")
    add_task(server.scene)
    expect(feed).to_contain_text("a task was added")
    assert wall.goto(f"{server.address}/account").status == 404
    wall.goto(f"{server.address}{here}")
    expect(wall.locator("#situation-page")).to_be_visible()
    ada = browser_page("ada", "/people")
    shown = ada.locator("#people-walls")
    expect(shown).to_contain_text("Lena Okafor")
    look(ada, "people")
    shown.get_by_role("button", name=re.compile("Close")).click()
    expect(shown).to_contain_text("No screen shows a situation")
    expect(wall.locator("#shell-expired")).to_be_visible()
    context.close()


def test_the_access_trail_is_filtered_and_read(server: Server, browser_page: Open) -> None:
    otto = browser_page("otto", "/access")
    grid = otto.locator("#access-grid")
    expect(grid).to_contain_text("Signed in.")
    look(otto, "access")
    otto.get_by_role("textbox", name="What was done").click()
    otto.get_by_role("option", name="Records that were opened").click()
    expect(grid).to_contain_text("Nothing of this was done")
    otto.get_by_role("button", name="Check the chain").click()
    expect(otto.locator("#access-verdict")).to_contain_text("Chain verified up to entry")
    own = browser_page("chaima", "/access?kind=signing_in", width=390, height=844)
    expect(own.locator("#access-list")).to_contain_text("Signed in.")
    look(own, "access-phone")
