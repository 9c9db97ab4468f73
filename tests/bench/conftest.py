"""Measurements, run on demand by `make bench`: figures are printed and kept, not asserted.

Each bench hands its rows to `ledger`; at the end they are printed as a table and written to build/bench.json.
"""

import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is measured waits for the disk, as Muster does."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("durable")


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> None:
    """Not here: what is measured is what Muster costs, passwords too."""


@dataclass(frozen=True)
class Figure:
    """One measured figure: what, at which size, how much, of how many trials."""

    what: str
    size: str
    value: float
    unit: str
    trials: int
    note: str = ""


class Ledger:
    """Collects figures and prints them."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def note(self, what: str, size: str, value: float, unit: str, trials: int = 1, note: str = "") -> None:
        """Keep one figure."""
        self.figures.append(Figure(what, size, round(value, 3), unit, trials, note))
        print(f"\n  {what} · {size}: {value:,.3f} {unit} (n={trials}) {note}", flush=True)  # noqa: T201 - the point

    def median_ms(self, what: str, size: str, run: Callable[[], object], trials: int = 7) -> float:
        """Time `run` and keep the median in milliseconds. The first run warms up and is not counted."""
        run()
        times = []
        for _ in range(trials):
            begun = time.perf_counter()
            run()
            times.append((time.perf_counter() - begun) * 1000)
        median = statistics.median(times)
        self.note(what, size, median, "ms", trials)
        return median


@pytest.fixture(scope="session")
def ledger() -> Iterator[Ledger]:
    """The run's ledger."""
    kept = Ledger()
    yield kept
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    target = Path("build")
    target.mkdir(exist_ok=True)
    (target / "bench.json").write_text(
        json.dumps({**machine, "figures": [asdict(each) for each in kept.figures]}, indent=1)
    )
