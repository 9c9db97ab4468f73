"""Frames that a browser draws while somebody acts, for measurements."""

from collections.abc import Callable
from itertools import pairwise
from statistics import median

from playwright.sync_api import Page

from tests.bench.conftest import Ledger

_FRAMES = """() => new Promise((done) => {
  const times = [];
  const step = (now) => { times.push(now); if (window.__stop) done(times); else requestAnimationFrame(step); };
  window.__stop = false;
  requestAnimationFrame(step);
})"""


def frames(page: Page, act: Callable[[], object]) -> list[float]:
    """Milliseconds between the frames that the browser drew while `act` ran."""
    page.evaluate(f"() => {{ window.__frames = ({_FRAMES})(); }}")
    act()
    times = page.evaluate("() => { window.__stop = true; return window.__frames; }")
    return [after - before for before, after in pairwise(times)]


def note(ledger: Ledger, what: str, size: str, measured: list[float]) -> None:
    """Keep the median and the 95th percentile of the time of a frame, and the frames a second."""
    times = sorted(measured)
    ledger.note(f"{what}: frame, median", size, median(times), "ms", len(times))
    ledger.note(f"{what}: frame, p95", size, times[int(len(times) * 0.95)], "ms", len(times))
    ledger.note(f"{what}: frames a second", size, 1000 * len(times) / sum(times), "fps", len(times))


def middle(page: Page) -> tuple[float, float]:
    """The place of the map, in pixels of the window, by which it is panned and zoomed."""
    box = page.locator(".leaflet-container").first.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6


def pan(page: Page) -> None:
    """Drag the map to the upper left, in ninety steps."""
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(x - 3 * step, y - step)
    page.mouse.up()
