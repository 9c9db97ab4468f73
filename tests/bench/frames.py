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
