"""Health check at /ready: whether the storage can be read and written now, for monitors and for pages that retry.

It is public and unlimited: the storage is tried at most once a second, by one thread, however many ask.
"""

import asyncio
import time

from fastapi import APIRouter
from starlette.responses import JSONResponse

from operations.core.storage_errors import RETRY_AFTER
from operations.core.store import StorageHealth, Store

PATH = "/ready"
KEPT = 1.0
"""Seconds for which a result is cached."""


class Prober:
    """Tries the storage once for all callers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: StorageHealth | None = None
        self._at = 0.0
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
        self._at = time.monotonic()
        return self._known


def router(store: Store) -> APIRouter:
    """Return the route."""
    routes, prober = APIRouter(), Prober(store)

    @routes.get(PATH)
    async def ready() -> JSONResponse:
        """Return {"read": true, "write": false, "reason": "disk_full"}; 200 where both are true, 503 otherwise."""
        health = await prober.look()
        well = health.read and health.write
        return JSONResponse(
            {"read": health.read, "write": health.write, "reason": health.reason},
            200 if well else 503,
            headers=None if well else {"Retry-After": str(RETRY_AFTER)},
        )

    return routes
