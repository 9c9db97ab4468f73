"""How much may be asked at every door: at once, waiting, and within a time.

A door is a line of `RateLimits`: so many requests of one person are answered at once, so many more wait for their turn
without holding a thread, and so many are answered at once in this process. What comes beyond that is refused with the
time after which it may be asked again. How often is counted by `limits`, in the memory of this process: with N
processes a person has at most N times as much.
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
"""Seconds after which a refusal is said: whoever asks again and again asks once a second then, and costs nothing."""
_MOST_HELD = 2000


@dataclass
class _Line:
    """Those of one person who are inside a door or wait before it."""

    turn: asyncio.Semaphore
    length: int = 0


class Door:
    """Lets in `each` requests of one key at once and `together` of all keys; `waiting` more of each key wait."""

    def __init__(self, each: int, together: int, waiting: int) -> None:
        self.each, self.waiting = each, waiting
        self._lines: dict[Hashable, _Line] = {}
        self._all = asyncio.Semaphore(together)
        self._most, self._length = 8 * (together + waiting), 0

    @asynccontextmanager
    async def passing(self, key: Hashable) -> AsyncIterator[None]:
        """Inside the block it is this request's turn. Raises TooMany where no more can wait."""
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
    """At most so many within a time of one key, written as "100 per 10 seconds"."""

    def __init__(self, written: str) -> None:
        self._item: RateLimitItem = parse(written)
        self._counted = SlidingWindowCounterRateLimiter(MemoryStorage())

    def left(self, key: str) -> float:
        """Seconds until `key` may go on; 0.0 where it may now."""
        return 0.0 if self._counted.test(self._item, key) else self._wait(key)

    def spend(self, key: str) -> float:
        """Count one; seconds until there may be another where this one is beyond the rate, else 0.0."""
        return 0.0 if self._counted.hit(self._item, key) else self._wait(key)

    def _wait(self, key: str) -> float:
        return max(self._counted.get_window_stats(self._item, key).reset_time - time.time(), 1.0)


@dataclass
class RateLimits:
    """The doors of one process, and what one person (or one network, where nobody is known) may do at each."""

    sign_in_failures: RequestRate  # of one network
    spending: dict[str, RequestRate]  # "writes", "exports", "analyses", "files", "boards": how often a person may
    sockets: int  # open at once, of one person
    callbacks_together: int  # as many as there are threads for them
    _held: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.rows = {
            "sign-in": Door(each=2, together=2, waiting=10),  # proving a password takes a core
            "public": Door(each=4, together=8, waiting=100),  # the sign-in page, calendars
            "strangers": Door(each=4, together=4, waiting=100),  # sessions that this process has not seen yet
            "callbacks": Door(each=4, together=self.callbacks_together, waiting=60),
            "exports": Door(each=1, together=2, waiting=4),
            "files": Door(each=8, together=64, waiting=8),  # `upload_queue` gives each its place, or says no
            "pages": Door(each=3, together=24, waiting=200),  # whatever else a signed-in person asks for
        }

    def of(self, method: str, path: str) -> str:
        """The name of the door that a signed-in person's request goes through."""
        if path == "/_dash-update-component":
            return "callbacks"
        if path.startswith("/export/"):
            return "exports"
        return "files" if method == "POST" and path.startswith("/data/files/") else "pages"

    def spend(self, what: str, key: Hashable) -> None:
        """Count one of `what` for a person. Raises TooMany beyond the rate."""
        if wait := self.spending[what].spend(str(key)):
            raise TooMany(
                "That was more than Muster takes from one person at once. What you entered is still here: try again in "
                "{seconds} s.",
                wait,
            )

    async def hold_back(self, times: int = 1) -> None:
        """Wait before a refusal is said, unless very many are held back already."""
        if self._held < _MOST_HELD:
            self._held += 1
            try:
                await asyncio.sleep(times * HELD_BACK)
            finally:
                self._held -= 1


def open_doors(settings: Settings) -> RateLimits:
    """The doors as they are set."""
    rates = {
        name: RequestRate(getattr(settings, name)) for name in ("writes", "exports", "analyses", "files", "boards")
    }
    return RateLimits(RequestRate(settings.sign_in_failures), rates, settings.sockets, settings.threads)
