"""Rate limits: how many requests each door serves at once, how many may wait, and how many are allowed per time.

A door is a row of `RateLimits`: so many requests of one person are served at once, so many more wait without holding a
thread, and so many of all persons are served at once in this process. More are refused with the time after which to
retry. The library `limits` counts requests per time in the memory of this process: with N processes a person has at
most N times as much.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from dashboard.settings import Settings
from operations.core.errors import TooMany

HELD_BACK = 1.0
"""Seconds by which a refusal is delayed: a client that retries without pause then costs one request a second."""
_MOST_HELD = 2000


@dataclass
class _Line:
    """The requests of one person at a door, in progress or waiting."""

    turn: asyncio.Semaphore
    length: int = 0


class Door:
    """Admits `each` requests of one key and `together` of all keys at once; `waiting` more of each key may wait."""

    def __init__(self, each: int, together: int, waiting: int) -> None:
        self.each, self.waiting = each, waiting
        self._lines: dict[Hashable, _Line] = {}
        self._all = asyncio.Semaphore(together)
        self._most, self._length = 8 * (together + waiting), 0

    @asynccontextmanager
    async def passing(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for a turn, and hold it inside the block. Raises TooMany where the queue is full."""
        line = self._lines.setdefault(key, _Line(asyncio.Semaphore(self.each)))
        if line.length >= self.each + self.waiting or self._length >= self._most:
            raise TooMany("Muster does no more at once. What you entered is still here: try again in {seconds} s.", 2)
        line.length, self._length = line.length + 1, self._length + 1
        try:
            async with line.turn, self._all:
                yield
        finally:
            line.length, self._length = line.length - 1, self._length - 1
            if not line.length:
                self._lines.pop(key, None)


class RequestRate:
    """A rate limit per key, written as "100 per 10 seconds"."""

    def __init__(self, written: str) -> None:
        self._item: RateLimitItem = parse(written)
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())

    def left(self, key: str) -> float:
        """Return the seconds until `key` is admitted again; 0.0 if it is now."""
        return 0.0 if self._counted.test(self._item, key) else self._wait(key)

    def spend(self, key: str) -> float:
        """Count one request; return 0.0 within the rate, else the seconds until the next is admitted."""
        return 0.0 if self._counted.hit(self._item, key) else self._wait(key)

    def _wait(self, key: str) -> float:
        return max(self._counted.get_window_stats(self._item, key).reset_time - time.time(), 1.0)


@dataclass
class RateLimits:
    """The doors of one process, and the limits of each person (or network, where nobody is signed in)."""

    sign_in_failures: RequestRate  # per network
    spending: dict[str, RequestRate]  # "writes", "exports", "analyses", "files", "boards": per person
    sockets: int  # open at once per person
    callbacks_together: int  # as many as there are threads for callbacks
    _held: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.rows = {
            "sign-in": Door(each=2, together=2, waiting=10),  # verifying a password takes a core
            "public": Door(each=4, together=8, waiting=100),  # the sign-in page, calendars
            "strangers": Door(each=4, together=4, waiting=100),  # sessions that this process has not seen yet
            "callbacks": Door(each=4, together=self.callbacks_together, waiting=60),
            "exports": Door(each=1, together=2, waiting=4),
            "files": Door(each=8, together=64, waiting=8),  # `upload_queue` gives each its place, or refuses it
            "pages": Door(each=3, together=24, waiting=200),  # all other requests of signed-in users
        }

    def of(self, method: str, path: str) -> str:
        """Return the name of the door for a signed-in user's request."""
        if path == "/_dash-update-component":
            return "callbacks"
        if path.startswith("/export/"):
            return "exports"
        return "files" if method == "POST" and path.startswith("/data/files/") else "pages"

    def spend(self, what: str, key: Hashable) -> None:
        """Count one of `what` for a person. Raises TooMany beyond the rate limit."""
        if wait := self.spending[what].spend(str(key)):
            raise TooMany(
                "That was more than Muster takes from one person at once. What you entered is still here: try again in "
                "{seconds} s.",
                wait,
            )

    async def hold_back(self, times: int = 1) -> None:
        """Delay a refusal, unless 2000 are being delayed already."""
        if self._held < _MOST_HELD:
            self._held += 1
            try:
                await asyncio.sleep(times * HELD_BACK)
            finally:
                self._held -= 1


def open_doors(settings: Settings) -> RateLimits:
    """Return the doors, as configured in the settings."""
    rates = {
        name: RequestRate(getattr(settings, name)) for name in ("writes", "exports", "analyses", "files", "boards")
    }
    return RateLimits(RequestRate(settings.sign_in_failures), rates, settings.sockets, settings.threads)
