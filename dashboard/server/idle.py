"""When nobody waits: work beside the visitors pauses while one of them is being answered."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

App = Callable[..., Awaitable[None]]

CALM = 0.3  # seconds without a request: a page that opens asks for more within that
PATIENCE = 5.0  # seconds after which the work goes on all the same: a busy server is never quiet


class Quiet:
    """Knows whether an ASGI application is answering. A thread may `wait` for it to be at rest."""

    def __init__(self) -> None:
        self._under_way, self._last = 0, float("-inf")

    def around(self, app: App) -> App:
        """The application, its answers counted. A socket stays open for hours and keeps nobody waiting."""

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
        """Whether nothing is being answered, and nothing was a moment ago."""
        return self._under_way == 0 and time.monotonic() - self._last >= CALM

    def wait(self, patience: float = PATIENCE) -> None:
        """Return when the application is at rest, or after `patience` seconds."""
        ends = time.monotonic() + patience
        while not self.at_rest and time.monotonic() < ends:
            time.sleep(0.05)
