"""Frames while the map of a plan is panned and zoomed over a file of streets and buildings as dense as a city."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.conftest import Ledger
from tests.bench.frames import frames, middle, note, pan
from tests.servers import CHROMIUM_ARGUMENTS, PASSWORD, chromium, make_scene, serve

SIZE = "a street each 100 m, four buildings a block, 1440 x 900, no GPU"
_CITY = (2.05, 13.45, 2.2, 13.6)
"""West, south, east and north, in degrees: Niamey."""
_BLOCK = 0.0009
"""Degrees between two streets: 100 m."""


def _streets() -> geopandas.GeoDataFrame:
    west, south, east, north = _CITY
    x, y = np.meshgrid(np.arange(west, east, _BLOCK), np.arange(south, north, _BLOCK))
    corner = np.column_stack([x.ravel(), y.ravel()])
    ends = [corner + np.array(step) for step in ((_BLOCK, 0), (0, _BLOCK))]
    lines = np.concatenate([shapely.linestrings(np.stack([corner, end], axis=1)) for end in ends])
    kinds = np.where(np.arange(len(lines)) % 10 == 0, "major_road", "minor_road")
    return geopandas.GeoDataFrame({"kind": kinds}, geometry=lines, crs=4326)


def _buildings() -> geopandas.GeoDataFrame:
    west, south, east, north = _CITY
    half, wide = _BLOCK / 2, _BLOCK / 3
    x, y = np.meshgrid(np.arange(west, east, half), np.arange(south, north, half))
    boxes = shapely.box(x.ravel() + half / 6, y.ravel() + half / 6, x.ravel() + wide, y.ravel() + wide)
    return geopandas.GeoDataFrame({"kind": ["building"] * len(boxes)}, geometry=boxes, crs=4326)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield found
        found.close()


def test_pan_and_zoom_over_streets(tmp_path: Path, ledger: Ledger, browser: Browser) -> None:
    url = f"sqlite:///{tmp_path / 'muster.sqlite'}"
    scene = make_scene(url)
    server = serve(url, tmp_path, more={"MUSTER_DATA_DIR": str(tmp_path)})
    maps = tmp_path / "maps"
    maps.mkdir(exist_ok=True)
    for name, made in (("roads", _streets()), ("buildings", _buildings())):
        made.to_file(maps / f"{name}.pmtiles", driver="PMTiles", layer=name, engine="pyogrio", MINZOOM=10, MAXZOOM=14)
        ledger.note(f"file of {name}", SIZE, (maps / f"{name}.pmtiles").stat().st_size / 2**20, "MB")
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(f"{server.address}/sign-in")
    page.fill('[name="username"]', "ana")
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto(f"{server.address}/operations/{scene.operation}/plan")
    page.wait_for_selector('.atlas[data-ready="true"]')
    for zoom in (13, 15):
        _measure(page, ledger, zoom)
    server.stop()
    scene.store.dispose()


def _measure(page: Page, ledger: Ledger, zoom: int) -> None:
    west, south, east, north = _CITY
    place = [(south + north) / 2, (west + east) / 2]
    with page.expect_response("**/data/map/tiles/roads/**"):
        page.evaluate(
            "([place, zoom]) => window.musterAtlas.maps.get('plan-map').map.setView(place, zoom, {animate: false})",
            [place, zoom],
        )
    page.wait_for_timeout(5000)

    def wheel() -> None:
        page.mouse.move(*middle(page))
        for turn in (-240, 240):
            page.mouse.wheel(0, turn)
            page.wait_for_timeout(600)

    for what, act in (("pan", partial(pan, page)), ("zoom", wheel)):
        note(ledger, f"streets, {what} at zoom {zoom}", SIZE, frames(page, act))
