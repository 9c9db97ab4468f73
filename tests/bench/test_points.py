"""Many events, from the file to the screen: a million brought in as a person does it, mapped, seen and panned.

And 100,000 points as they are sent one by one, against the GeoJSON of geopandas: bytes, and time to parse in Chromium.
"""

import gzip
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas as gpd
import httpx2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from analyses.apart import READER
from dashboard.map.layer_points import Pyramids
from geodata.intake.table import LIMITS
from geodata.pyramid import Pyramid
from operations.policing import layers
from tests.bench.conftest import Ledger
from tests.makers import Running
from tests.serving import CHROMIUM_ARGUMENTS, PASSWORD, Serving, chromium, make_scene, serve

MILLION, RAW = 1_000_000, 100_000
WORLD = (-180.0, -85.0, 180.0, 85.0)
VIEW = (-15.0, 0.0, 35.0, 35.0)

FRAMES = """async (draw) => {
  const {map} = window.dashExtensions.muster.atlas.maps.get('layers-map');
  if (draw) {
    const chance = (k) => ((Math.sin(k) * 43758.5453) % 1 + 1) % 1;
    const options = {radius: 2, stroke: false, renderer: L.canvas({padding: 0.2}), pmIgnore: true};
    for (let k = 0; k < draw; k += 1) {
      L.circleMarker([5 + 25 * chance(k), -10 + 35 * chance(k + 0.5)], options).addTo(map);
    }
  }
  await new Promise((done) => setTimeout(done, 1500));
  const frames = [];
  let last = performance.now();
  const until = last + 4000;
  map.fire('movestart');
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now - last);
      last = now;
      map._rawPanBy(new L.Point(frames.length % 60 < 30 ? 4 : -4, 0)); // what Leaflet does while a hand drags the map
      map.fire('move');
      if (now < until) requestAnimationFrame(step); else done();
    };
    requestAnimationFrame(step);
  });
  const begun = performance.now();
  map.fire('moveend');
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  return {frames: frames.slice(5), released: performance.now() - begun};
}"""

PARSED = """async ({url, packed, trials}) => {
  const times = [];
  const again = packed ? 20 : 1;
  let count = 0;
  let sum = 0;
  for (let k = 0; k < trials + 1; k += 1) {
    const body = await (await fetch(url)).arrayBuffer();
    const text = packed ? null : new TextDecoder().decode(body);
    const begun = performance.now();
    for (let time = 0; time < again; time += 1) {
      if (packed) {
        const places = new Float32Array(body);
        count = places.length / 2;
        for (let n = 0; n < places.length; n += 2) sum += places[n] + places[n + 1];
      } else {
        const {features} = JSON.parse(text);
        count = features.length;
        for (const {geometry: {coordinates}} of features) sum += coordinates[0] + coordinates[1];
      }
    }
    if (k) times.push((performance.now() - begun) / again);
  }
  return {times, count, sum};
}"""


def events(n: int) -> tuple[Any, Any]:
    """Longitudes and latitudes around the central Mediterranean route."""
    chance = np.random.default_rng(7)
    return chance.normal(9, 5, n).clip(-179, 179), chance.normal(17, 4, n).clip(-80, 80)


def file_of(n: int) -> bytes:
    """So many invented events as a CSV file."""
    lon, lat = events(n)
    chance = np.random.default_rng(8)
    days = np.datetime64("2024-01-01") + chance.integers(0, 700, n)
    kinds = np.array(["crossing", "interception", "arrest"])[chance.integers(0, 3, n)]
    rows = zip(
        lat.tolist(), lon.tolist(), days.tolist(), kinds.tolist(), chance.integers(1, 9, n).tolist(), strict=True
    )
    return "\n".join(
        ["lat,lon,date,kind,persons", *(f"{a:.5f},{b:.5f},{d},{k},{q}" for a, b, d, k, q in rows)]
    ).encode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, Running]]:
    folder = tmp_path_factory.mktemp("points")
    url = f"sqlite:///{folder / 'muster.sqlite'}"
    scene = make_scene(url)
    running = serve(url, folder)
    yield running, scene
    running.stop()
    scene.store.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_ARGUMENTS))
        yield found
        found.close()


def page_of(browser: Browser, served: tuple[Serving, Running]) -> Page:
    server, scene = served
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{server.address}/sign-in")
    page.fill('[name="username"]', "dov")
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{server.address}/operations/{scene.operation}/layers")
    return page


def test_a_million_events_are_brought_in_and_seen(
    served: tuple[Serving, Running], browser: Browser, ledger: Ledger, tmp_path: Path
) -> None:
    server, scene = served
    file = tmp_path / "events.csv"
    file.write_bytes(file_of(MILLION))
    size = f"{MILLION:,} rows, {file.stat().st_size / 2**20:.0f} MiB of CSV"
    READER.start()
    ledger.median_ms(
        "read in a process apart",
        size,
        lambda: READER.packed(file.read_bytes(), limits=replace(LIMITS, size=64 * 2**20)),
        trials=5,
    )
    page = page_of(browser, served)
    page.wait_for_selector("#layers-upload input[type=file]", state="attached")
    begun = time.perf_counter()
    page.locator("#layers-upload input[type=file]").set_input_files(str(file))
    page.wait_for_selector("#layers-import-name", timeout=120_000)
    ledger.note("chosen to mapped on screen", size, time.perf_counter() - begun, "s")
    for field, words in (("source", "Invented"), ("licence", "CC0 1.0"), ("accuracy_m", "500")):
        page.fill(f"#layers-import-{field}", words)
    begun = time.perf_counter()
    page.click("#layers-import-it")
    page.wait_for_selector(".layers-grid .ag-row", timeout=120_000)
    ledger.note("imported and in the list", size, time.perf_counter() - begun, "s")
    with scene.store.reading(scene["dov"]) as session:
        (layer,) = layers.layers(session, scene.operation)
        assert layer.accepted == MILLION
        begun = time.perf_counter()
        Pyramids().of(session, layer).view(VIEW, 5)
        ledger.note(
            "first view of all in a process, counted", f"{MILLION:,}", (time.perf_counter() - begun) * 1000, "ms"
        )
    address = f"/data/map/{scene.operation}/layers/{layer.id}"
    with httpx2.Client(base_url=server.address, headers={"Origin": server.address}, timeout=60) as client:
        client.post("/sign-in", data={"username": "dov", "password": PASSWORD})
        for name, box, zoom in (("world", WORLD, 3), ("region", VIEW, 5), ("close", (5.0, 15.0, 10.0, 19.0), 9)):
            asked = {"bbox": ",".join(map(str, box)), "zoom": zoom}
            content = client.get(address, params=asked).content
            ledger.note(f"a view, {name}", f"{MILLION:,}", len(gzip.compress(content)) / 1000, "kB gzipped")
            ledger.median_ms(
                f"a view, {name}, request to answer", f"{MILLION:,}", lambda a=asked: client.get(address, params=a)
            )  # type: ignore[misc]
    page.wait_for_function("document.querySelector('#layers-map').closest('.atlas').dataset.points > 0", timeout=60_000)
    _frames(ledger, page, "pan, marks of a million events", f"{MILLION:,}", 0)
    _frames(ledger, page, "pan, raw points on the canvas", f"{RAW:,}", RAW)
    page.close()


def _frames(ledger: Ledger, page: Page, what: str, size: str, draw: int) -> None:
    found = page.evaluate(FRAMES, draw)
    frames = found["frames"]
    ledger.note(f"{what}, median frame", size, statistics.median(frames), "ms", len(frames))
    ledger.note(f"{what}, p95 frame", size, float(np.percentile(frames, 95)), "ms", len(frames))
    ledger.note(f"{what}, drawn anew when released", size, found["released"], "ms")


def test_raw_points_against_the_geojson_of_geopandas(browser: Browser, ledger: Ledger) -> None:
    lon, lat = events(RAW)
    geojson = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_json().encode()
    packed = Pyramid(lon, lat).packed(WORLD)
    size = f"{RAW:,} points"
    ledger.note("GeoJSON of geopandas", size, len(geojson) / 1e6, "MB")
    ledger.note("packed", size, len(packed) / 1e6, "MB")
    ledger.note("bytes, GeoJSON against packed", size, len(geojson) / len(packed), "times")
    gzipped = len(gzip.compress(geojson, 6)) / len(gzip.compress(packed, 6))
    ledger.note("bytes gzipped, GeoJSON against packed", size, gzipped, "times")
    page = browser.new_page()
    mark = uuid4().hex
    page.route(f"**/{mark}/**", lambda route: route.fulfill(body=geojson if "geojson" in route.request.url else packed))
    page.route("**/start", lambda route: route.fulfill(body="<!DOCTYPE html>", content_type="text/html"))
    page.goto("http://127.0.0.1:9/start")
    slow = page.evaluate(PARSED, {"url": f"/{mark}/geojson", "packed": False, "trials": 7})
    fast = page.evaluate(PARSED, {"url": f"/{mark}/packed", "packed": True, "trials": 7})
    assert slow["count"] == fast["count"] == RAW
    assert slow["sum"] / 8 == pytest.approx(fast["sum"] / 160, rel=1e-5)  # the same places, so often were they added
    slow_ms, fast_ms = statistics.median(slow["times"]), statistics.median(fast["times"])
    ledger.note("GeoJSON parsed in Chromium", size, slow_ms, "ms", 7)
    ledger.note("packed parsed in Chromium", size, fast_ms, "ms", 7)
    ledger.note("parse, GeoJSON against packed", size, slow_ms / fast_ms, "times")
    page.close()
