"""Many events, from the file to the screen: a million brought in as a person does it, mapped, seen and panned.

A server that has just started answers its first view of them, on each storage. And 100,000 points as they are sent one
by one, against the GeoJSON of geopandas: bytes, time to parse in Chromium, and how they are drawn.
"""

import gzip
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import geopandas as gpd
import httpx2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import select

from geodata.intake.table import LIMITS
from operations.analyses.events import counted
from operations.analyses.sandbox import READER
from operations.policing.layers import layers
from operations.policing.layers.layers import LayerMarks
from tests.bench.conftest import Ledger
from tests.makers import Running, add_layer, layer_draft, packed
from tests.servers import CHROMIUM_ARGUMENTS, PASSWORD, Serving, chromium, make_scene, serve

MILLION, RAW = 1_000_000, 100_000
VIEWS: dict[str, dict[str, str | int]] = {
    "world": {"bbox": "-180,-85,180,85", "zoom": 3},
    "region": {"bbox": "-15,0,35,35", "zoom": 5},
    "country": {"bbox": "5,12,13,20", "zoom": 7},
    "close": {"bbox": "7,15,10,18", "zoom": 9},
    "town": {"bbox": "8.8,16.9,9.2,17.1", "zoom": 12},
    "street": {"bbox": "8.99,16.99,9.01,17.01", "zoom": 16},
    "every place": {"bbox": "8,15.5,10,18", "zoom": 9, "every": 100_000},
}

FRAMES = """async () => {
  const {map} = window.musterAtlas.maps.get('layers-map');
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
        [count] = new Uint32Array(body, 0, 4);
        const x = new Int32Array(body, 16, count);
        const y = new Int32Array(body, 16 + 4 * count, count);
        for (let n = 0; n < count; n += 1) sum += (x[n] + y[n]) / 100000;
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
        pieces = [len(each) for each in session.exec(select(LayerMarks.data))]
        ledger.note("kept for the map", f"{MILLION:,}", sum(pieces) / 1e6, "MB", note=f"in {len(pieces)} rows")
    address = f"/data/map/{scene.operation}/layers/{layer.id}"
    with signed_in(server) as client:
        for name, asked in VIEWS.items():
            content = client.get(address, params=asked).content
            ledger.note(f"a view, {name}", f"{MILLION:,}", len(gzip.compress(content)) / 1000, "kB gzipped")
            ledger.median_ms(
                f"a view, {name}, request to answer", f"{MILLION:,}", lambda a=asked: client.get(address, params=a)
            )  # type: ignore[misc]
    page.wait_for_function(
        "() => document.querySelector('#layers-map').closest('.atlas').dataset.points > 0", timeout=60_000
    )
    _frames(ledger, page, "pan, marks of a million events", f"{MILLION:,}")
    page.close()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("rested", [False, True], ids=["at once", "at rest"])
def test_the_first_view_of_a_server_that_has_just_started(
    name: str, rested: bool, filled: tuple[str, str], tmp_path: Path, ledger: Ledger
) -> None:
    """At once it is still loading what it will need; at rest it has looked at no layer either."""
    url, address = filled
    server = serve(url, tmp_path)
    try:
        if rested:
            wait_for_rest(server.process.pid)
        with signed_in(server) as client:
            used, begun = processor_seconds(server.process.pid), time.perf_counter()
            answer = client.get(address, params=VIEWS[name])
            ended, used = time.perf_counter(), processor_seconds(server.process.pid) - used
    finally:
        server.stop()
    assert answer.status_code == 200
    storage, when = url.partition(":")[0].partition("+")[0], "at rest" if rested else "at once"
    ledger.note(
        f"the first view of a process {when}, {name}, {storage}",
        f"{MILLION:,}",
        (ended - begun) * 1000,
        "ms",
        note=f"{used * 1000:.0f} ms of a core, {len(gzip.compress(answer.content)) / 1000:.1f} kB gzipped",
    )


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A database with a layer of a million events, once on each storage, and where its points are asked for."""
    url = f"sqlite:///{tmp_path_factory.mktemp('filled') / 'muster.sqlite'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")()
    scene = make_scene(url)
    layer = add_layer(scene, content=packed(accepted=MILLION, marks=counted(*events(MILLION))))
    scene.store.dispose()
    return url, f"/data/map/{scene.operation}/layers/{layer.id}"


def processor_seconds(pid: int) -> float:
    """How long a process has worked so far, to a hundredth of a second."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def wait_for_rest(pid: int) -> None:
    """Return when a process hardly works any more."""
    used = 0.0
    for _time in range(60):
        time.sleep(1)
        before, used = used, processor_seconds(pid)
        if before and used - before < 0.05:
            return


@contextmanager
def signed_in(server: Serving) -> Iterator[httpx2.Client]:
    """Who asks a server as dov."""
    with httpx2.Client(base_url=server.address, headers={"Origin": server.address}, timeout=60) as client:
        client.post("/sign-in", data={"username": "dov", "password": PASSWORD})
        yield client


def _frames(ledger: Ledger, page: Page, what: str, size: str) -> None:
    found = page.evaluate(FRAMES)
    frames = found["frames"]
    ledger.note(f"{what}, median frame", size, statistics.median(frames), "ms", len(frames))
    ledger.note(f"{what}, p95 frame", size, float(np.percentile(frames, 95)), "ms", len(frames))
    ledger.note(f"{what}, drawn anew when released", size, found["released"], "ms")


def test_raw_points_against_the_geojson_of_geopandas(
    served: tuple[Serving, Running], browser: Browser, ledger: Ledger
) -> None:
    server, scene = served
    lon, lat = events(RAW)
    geojson = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326").to_json().encode()
    content = packed(accepted=RAW, marks=counted(lon, lat), bounds=(-14.0, -1.0, 32.0, 35.0))
    layer = add_layer(scene, layer_draft(name="A hundred thousand"), content)
    size = f"{RAW:,} points"
    address = f"/data/map/{scene.operation}/layers/{layer.id}"
    everywhere = {"bbox": "-180,-85,180,85", "zoom": 3, "every": RAW}
    with signed_in(server) as client:
        ledger.median_ms("every point, request to answer", size, lambda: client.get(address, params=everywhere))
        answer = client.get(address, params=everywhere)
    on_the_wire = int(answer.headers["content-length"])
    assert answer.headers["content-encoding"] == "gzip"
    ledger.note("GeoJSON of geopandas", size, len(geojson) / 1e6, "MB")
    ledger.note("packed", size, len(answer.content) / 1e6, "MB")
    ledger.note("bytes, GeoJSON against packed", size, len(geojson) / len(answer.content), "times")
    ledger.note("bytes gzipped, GeoJSON against packed", size, len(gzip.compress(geojson, 6)) / on_the_wire, "times")
    page = browser.new_page()
    mark = uuid4().hex
    bodies = {"geojson": geojson, "packed": answer.content}
    page.route(f"**/{mark}/*", lambda route: route.fulfill(body=bodies[route.request.url.rpartition("/")[2]]))
    page.route("**/start", lambda route: route.fulfill(body="<!DOCTYPE html>", content_type="text/html"))
    page.goto("http://127.0.0.1:9/start")
    slow = page.evaluate(PARSED, {"url": f"/{mark}/geojson", "packed": False, "trials": 7})
    fast = page.evaluate(PARSED, {"url": f"/{mark}/packed", "packed": True, "trials": 7})
    assert (slow["count"], RAW - fast["count"] < 10) == (RAW, True)  # two of them may lie at one place
    assert slow["sum"] / 8 == pytest.approx(fast["sum"] / 160, rel=1e-3)  # the same, so often were they added
    slow_ms, fast_ms = statistics.median(slow["times"]), statistics.median(fast["times"])
    ledger.note("GeoJSON parsed in Chromium", size, slow_ms, "ms", 7)
    ledger.note("packed parsed in Chromium", size, fast_ms, "ms", 7)
    ledger.note("parse, GeoJSON against packed", size, slow_ms / fast_ms, "times")
    page.close()
    page = page_of(browser, served)
    page.locator(".ag-row", has_text=layer.name).first.click()
    page.click(".atlas-points >> text=Every point")
    page.wait_for_selector(f'[data-every=true][data-points="{fast["count"]}"]', timeout=60_000)
    _frames(ledger, page, "pan, every point on the canvas", size)
    page.close()
