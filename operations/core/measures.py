"""Metrics of this process, for Prometheus: counters and histograms that the code below updates.

What the database knows (heartbeats, queues, ages) is no counter: `operations.timetable.signals` reads it.
No label holds what somebody typed: routes are templates, statuses and doors are codes.
"""

import os
import tempfile
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

REGISTRY = CollectorRegistry(auto_describe=True)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter("muster_requests", "Requests that were answered.", ("method", "route", "status"), registry=REGISTRY)
REFUSALS = Counter(
    "muster_refusals", "Requests that were refused because a right was missing.", ("act", "role"), registry=REGISTRY
)
LATENCY = Histogram(
    "muster_request_seconds", "Seconds until a request was answered.", ("route",), buckets=_SECONDS, registry=REGISTRY
)
DOORS = Gauge(
    "muster_door_requests",
    "Requests at a door of the rate limits, waiting or being answered.",
    ("door",),
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
UPLOADS = Gauge("muster_uploads", "Files on their way in.", registry=REGISTRY, multiprocess_mode="livesum")
SCREENS = Gauge("muster_screens", "Open screens.", registry=REGISTRY, multiprocess_mode="livesum")
PULSE_LAG = Histogram(
    "muster_pulse_lag_seconds",
    "Seconds from an entry of the journal until the screens of this process were told.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
WRITE_WAIT = Histogram(
    "muster_write_wait_seconds", "Seconds that a writer waited for others.", buckets=_SECONDS, registry=REGISTRY
)
WRITE_TURN = Histogram(
    "muster_write_turn_seconds",
    "Seconds from a writer's beginning to its end.",
    buckets=_SECONDS,
    registry=REGISTRY,
)

_SHARED = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own, which a process reads when it imports that


def share() -> None:
    """Let the processes that this one starts count together: whichever is asked answers for all."""
    os.environ.setdefault(_SHARED, tempfile.mkdtemp(prefix="muster-metrics-"))


def text() -> bytes:
    """Return the metrics of this process, or of all that count together, as Prometheus reads them."""
    folder = os.environ.get(_SHARED)
    if not folder:
        return generate_latest(REGISTRY)
    for file in Path(folder).glob("gauge_live*.db"):  # of processes that were killed
        if not Path(f"/proc/{file.stem.rpartition('_')[2]}").exists():
            file.unlink(missing_ok=True)
    together = CollectorRegistry()
    multiprocess.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)
