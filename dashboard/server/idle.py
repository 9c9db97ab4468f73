"""Idle detection: background work pauses while a request is being served."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

App = Callable[..., Awaitable[None]]

CALM = 0.3  # seconds without a request; a page that opens sends its requests closer together
PATIENCE = 5.0  # seconds after which the work continues anyway: a busy server is never idle


class Quiet:
    """Tracks whether an ASGI application is serving a request; a background thread can `wait` until it is idle."""

    def __init__(self) -> None:
        self._under_way, self._last = 0, float("-inf")

    def around(self, app: App) -> App:
        """Return the application with its HTTP requests counted. Sockets stay open for hours and are not counted."""

        async def counted(scope: MutableMapping[str, Any], receive: App, send: App) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            self._under_way += 1
            try:
                await app(scope, receive, send)
            finally:
                self._under_way -= 1
                self._last = time.monotonic()

        return counted

    @property
    def at_rest(self) -> bool:
        """Whether no request is being served, and none was within the last 0.3 seconds."""
        return self._under_way == 0 and time.monotonic() - self._last >= CALM

    def wait(self, patience: float = PATIENCE) -> None:
        """Return when the application is idle, or after `patience` seconds."""
        ends = time.monotonic() + patience
        while not self.at_rest and time.monotonic() < ends:
            time.sleep(0.05)
