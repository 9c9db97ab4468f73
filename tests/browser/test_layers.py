"""Events of layers on the map: grouped or every place, remembered for the page, and why not all are drawn."""

import re
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

from operations.analyses.events import counted
from tests.browser.conftest import Open, Server
from tests.makers import add_layer, layer_draft, packed

PAINTED = """() => {
  const {map} = window.musterAtlas.maps.get('layers-map');
  const ink = map.options.renderer._ctx;
  const {data} = ink.getImageData(0, 0, ink.canvas.width, ink.canvas.height);
  let painted = 0;
  for (let k = 3; k < data.length; k += 4) if (data[k]) painted += 1;
  return painted / (data.length / 4);
}"""
AT = """([lon, lat]) => {
  const {map} = window.musterAtlas.maps.get('layers-map');
  const {x, y} = map.latLngToContainerPoint([lat, lon]);
  const box = map.getContainer().getBoundingClientRect();
  return [box.x + x, box.y + y];
}"""


def layer(server: Server, n: int, name: str, **changes: Any) -> None:
    chance = np.random.default_rng(4)
    lon, lat = np.append(chance.normal(8, 2, n), [1.0] * 7), np.append(chance.normal(17, 2, n), [20.0] * 7)
    draft = layer_draft(name=name, **changes)
    add_layer(server.scene, draft, packed(marks=counted(lon, lat), accepted=n + 7, bounds=(0.0, 9.0, 16.0, 25.0)))


def opened(server: Server, browser_page: Open, name: str) -> tuple[Page, Locator]:
    page = browser_page("ana", f"/operations/{server.scene.operation}/layers")
    page.locator(".ag-row", has_text=name).first.click()
    frame = page.locator(".atlas", has=page.locator("#layers-map"))
    expect(page.locator("#layers-details")).to_contain_text(name)
    expect(frame).to_have_attribute("data-points", re.compile(r"^[1-9]\d*$"))
    return page, frame


def test_every_place_is_drawn_when_it_is_wanted_and_says_its_number(server: Server, browser_page: Open) -> None:
    layer(server, 5_000, "Five thousand")
    page, frame = opened(server, browser_page, "Five thousand")
    expect(frame).to_have_attribute("data-every", "false")
    assert int(frame.get_attribute("data-points") or 0) < 1_000
    frame.get_by_text("Every point").click()
    expect(frame).to_have_attribute("data-every", "true")
    expect(frame).to_have_attribute("data-points", "5001")
    assert page.evaluate(PAINTED) > 0.01
    page.mouse.move(*page.evaluate(AT, [1.0, 20.0]))
    page.mouse.move(*(each + 1 for each in page.evaluate(AT, [1.0, 20.0])))
    expect(page.locator(".atlas-tip")).to_contain_text("7 events")
    page.reload()  # the choice is remembered for this page
    expect(frame).to_have_attribute("data-every", "true")
    frame.get_by_text("Grouped").click()
    expect(frame).to_have_attribute("data-every", "false")
    expect(frame.locator("[data-points-said]")).to_be_hidden()


def test_more_places_than_can_be_drawn_stay_grouped_and_the_map_says_so(server: Server, browser_page: Open) -> None:
    layer(server, 101_000, "Too many")
    page, frame = opened(server, browser_page, "Too many")
    frame.get_by_text("Every point").click()
    expect(frame.locator("[data-points-said]")).to_contain_text("more than 100,000 places in view")
    expect(frame).to_have_attribute("data-every", "false")
    page.evaluate("() => { window.musterAtlas.maps.get('layers-map').map.setView([17, 8], 11, {animate: false}); }")
    expect(frame).to_have_attribute("data-every", "true")
    expect(frame.locator("[data-points-said]")).to_be_hidden()


def test_own_results_stay_grouped(server: Server, browser_page: Open) -> None:
    layer(server, 300, "Our own", kind="own_results")
    _page, frame = opened(server, browser_page, "Our own")
    frame.get_by_text("Every point").click()
    expect(frame.locator("[data-points-said]")).to_contain_text("Own results stay grouped")
    expect(frame).to_have_attribute("data-every", "false")
