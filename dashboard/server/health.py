"""/ready: whether Muster can read and write at this moment, for monitors, and for pages that wait to send again.

Anybody may ask, as often as they like: the storage is tried once a second at most, by one thread, whoever asks.
"""

import asyncio
import time

from fastapi import APIRouter
from starlette.responses import JSONResponse

from operations.core.storage_errors import RETRY_AFTER
from operations.core.store import StorageHealth, Store

PATH = "/ready"
KEPT = 1.0
"""Seconds for which an answer holds."""


class Prober:
    """Tries the storage for all who ask."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: StorageHealth | None = None
        self._at = 0.0
        self._trying: asyncio.Task[StorageHealth] | None = None

    async def look(self) -> StorageHealth:
        """The answer of this second."""
        if self._known is not None and time.monotonic() - self._at < KEPT:
            return self._known
        if self._trying is None or self._trying.done():
            self._trying = asyncio.create_task(self._try())
        return await asyncio.shield(self._trying)

    async def _try(self) -> StorageHealth:
        # Not the pool of threads that requests wait for: it may be theirs that is full.
        self._known = await asyncio.to_thread(self._store.ready)
        self._at = time.monotonic()
        return self._known


def router(store: Store) -> APIRouter:
    """The route."""
    routes, prober = APIRouter(), Prober(store)

    @routes.get(PATH)
    async def ready() -> JSONResponse:
        """{"read": true, "write": false, "reason": "disk_full"}; 200 where both hold, 503 otherwise."""
        found = await prober.look()
        well = found.read and found.write
        return JSONResponse(
            {"read": found.read, "write": found.write, "reason": found.reason},
            200 if well else 503,
            headers=None if well else {"Retry-After": str(RETRY_AFTER)},
        )

    return routes
