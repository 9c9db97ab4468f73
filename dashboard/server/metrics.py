"""/metrics for Prometheus: what this process counts, and what the database knows of queues, heartbeats and ages.

It answers a machine on loopback that asks directly, or whoever has the token; to everybody else it is not there. What a
proxy hands on is never direct: proxies name whom they ask for.
"""

import secrets
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.responses import Response

from dashboard.server.responses import refused
from dashboard.settings import loopback
from operations.core import clock, measures
from operations.core.errors import HIDDEN
from operations.core.people import System
from operations.core.storage_errors import FaultReason, Unavailable
from operations.core.store import Store
from operations.timetable import signals

PATH = "/metrics"
KEPT = 5.0
"""Seconds for which what was read from the database is given again."""
_HANDED_ON = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


class DatabaseSignals(Collector):
    """The signals of one database as metrics."""

    def __init__(self, store: Store) -> None:
        self._store, self._at, self._known = store, 0.0, list[Metric]()

    def collect(self) -> Iterable[Metric]:
        """Return a gauge for each signal; where nothing can be read, the fault alone."""
        if not self._known or time.monotonic() - self._at >= KEPT:
            self._known, self._at = self._read(), time.monotonic()
        fault = GaugeMetricFamily(
            "muster_storage_fault", "Why nothing can be read or stored: 1, else 0.", labels=("reason",)
        )
        for reason in FaultReason:
            fault.add_metric((reason.value,), float(self._store.fault is reason))
        return [*self._known, fault]

    def _read(self) -> list[Metric]:
        try:
            with self._store.reading(System()) as session:
                found = signals.readings(session, clock.now())
        except Unavailable:
            return []
        made = {each: GaugeMetricFamily(each.metric, each.help, labels=each.labels) for each in signals.SIGNALS}
        for reading in found:
            made[reading.signal].add_metric((reading.of,) if reading.signal.label else (), reading.value)
        return list(made.values())


def direct(request: Request) -> bool:
    """Return whether a program of this machine asks, and no proxy for somebody else."""
    near = loopback(request.client.host if request.client else "")
    own_name = loopback(urlsplit(f"//{request.headers.get('host', '')}").hostname or "")
    return near and own_name and not any(name in request.headers for name in _HANDED_ON)


def router(store: Store, token: str) -> APIRouter:
    """Return the route."""
    routes, database = APIRouter(), CollectorRegistry(auto_describe=False)
    database.register(DatabaseSignals(store))

    @routes.get(PATH)
    async def metrics(request: Request) -> Response:
        """The metrics, as text."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not (direct(request) or (token and secrets.compare_digest(given.encode(), token.encode()))):
            return refused(404, HIDDEN)
        text = await anyio.to_thread.run_sync(lambda: measures.text() + generate_latest(database))
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes
