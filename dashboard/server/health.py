"""Health check at /ready: whether the storage can be read and written now, for monitors and for pages that retry.

It also names what works unseen beside the servers and gives no sign of life any more
(`operations.timetable.heartbeats`).

Anybody may ask, as often as they like: the storage is tried once a second at most, by one thread, whoever asks.
"""

import asyncio
import time

from fastapi import APIRouter
from starlette.responses import JSONResponse

from operations.core import clock
from operations.core.people import System
from operations.core.storage_errors import RETRY_AFTER, Unavailable
from operations.core.store import StorageHealth, Store
from operations.timetable import heartbeats

PATH = "/ready"
KEPT = 1.0
"""Seconds for which a result is cached."""


class Prober:
    """Storage probe: tests the storage once for all callers that ask at the same time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: StorageHealth | None = None
        self._at = 0.0
        self.silent: list[str] = []
        self._trying: asyncio.Task[StorageHealth] | None = None

    async def look(self) -> StorageHealth:
        """Return the result, not older than a second."""
        if self._known is not None and time.monotonic() - self._at < KEPT:
            return self._known
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._try())
        return await asyncio.shield(self._trying)

    async def _try(self) -> StorageHealth:
        # In a thread of its own, not from the pool of the requests: that pool may be exhausted.
        self._known = await asyncio.to_thread(self._store.ready)
        if self._known.read:
            self.silent = await asyncio.to_thread(_silent, self._store)
        self._at = time.monotonic()
        return self._known


def _silent(store: Store) -> list[str]:
    try:
        with store.reading(System()) as session:
            return [each.value for each in heartbeats.silent(session, clock.now())]
    except Unavailable:  # the next time tells
        return []


def router(store: Store) -> APIRouter:
    """Return the route."""
    routes, prober = APIRouter(), Prober(store)

    @routes.get(PATH)
    async def ready() -> JSONResponse:
        """{"read": true, "write": false, "reason": "disk_full", "silent": ["timetable"]}; 503 where one does not hold.

        What is silent beside the servers takes none of them out of service: it is for who watches.
        """
        found = await prober.look()
        well = found.read and found.write
        return JSONResponse(
            {"read": found.read, "write": found.write, "reason": found.reason, "silent": prober.silent},
            200 if well else 503,
            headers=None if well else {"Retry-After": str(RETRY_AFTER)},
        )

    return routes
