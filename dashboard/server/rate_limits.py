"""Rate limits: how many requests each door serves at once, how many may wait, and how many are allowed per time.

A door is a line of `RateLimits`: so many requests of one person are answered at once, so many more wait for their turn
without holding a thread, and so many are answered at once in this process. What comes beyond that is refused with the
time after which it may be asked again. A door of strangers has a rate, beyond which they wait: what is answered from
memory would else take the whole process. How often is counted by `limits`, in the memory of this process: with N
processes a person has at most N times as much.
"""

import asyncio
import math
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from dashboard.settings import Settings
from dashboard.wording import N_
from operations.core import measures
from operations.core.errors import TooMany

HELD_BACK = 1.0
"""Seconds after which a refusal is said: whoever asks again and again asks once a second then, and costs nothing."""
REFUSALS = 25
"""Refusals a second that one person, or one network of strangers, is told; what comes beyond is held back longer."""
_MOST_KEYS = 10_000
PATIENCE = 5.0
"""Seconds that a page or a callback waits behind those of others, at most: nobody looks at a page for longer."""
SLOW_SECONDS = 2.0
"""Seconds that a try takes, right or wrong, where many of its network failed before."""


_BUSY = N_("Muster is busy. Your input is still here. Try again in {seconds} s.")
_TABLES = re.compile(r"/api/v\d+/operations/[^/]+/(datapackage\.|tables/)")
"""Tables that a program asks for: they are made anew each time, as exports are."""
_REMEMBERED = 20  # the last requests of a door, by which its pace is known


@dataclass
class _Line:
    """The requests of one person at a door, in progress or waiting."""

    turn: asyncio.Semaphore
    length: int = 0


class Spacing:
    """Steady rate limit: one request per key and interval, after a first `burst`."""

    def __init__(self, rate: float, burst: int) -> None:
        self._apart, self._burst = 1 / rate, burst
        self._turns: dict[Hashable, float] = {}

    def wait(self, key: Hashable) -> float:
        """Take a turn of `key`: the seconds until it comes."""
        now = time.monotonic()
        turn = max(self._turns.get(key, 0.0), now - self._burst * self._apart)
        self._turns[key] = turn + self._apart
        if len(self._turns) > _MOST_KEYS:
            self._turns = {key: turn for key, turn in self._turns.items() if turn > now}
        return max(turn + self._apart - now, 0.0)


class Door:
    """A limit on requests at once: `each` of one key and `together` of all keys run, `waiting` more of each key queue.

    `rate`: so many a second of one key are let in, and twice as many of all keys. `patience`: one that would wait for
    others for more seconds is refused at once.
    """

    def __init__(
        self, each: int, together: int, waiting: int, rate: float = math.inf, patience: float = math.inf
    ) -> None:
        self.patience = patience
        self.each, self.waiting = each, waiting
        self._spacing = (Spacing(rate, each), Spacing(2 * rate, together)) if rate < math.inf else ()
        self._lines: dict[Hashable, _Line] = {}
        self._all = asyncio.Semaphore(together)
        self._together, self._most, self._length = together, 8 * (together + waiting), 0
        self._behind, self._pace = 0, 0.0  # requests that wait for others, and the seconds from one to the next
        self.name = ""

    @asynccontextmanager
    async def passing(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for a turn, and hold it inside the block. Raises TooMany where the queue is full, or too slow."""
        line = self._lines.setdefault(key, _Line(asyncio.Semaphore(self.each)))
        if line.length >= self.each + self.waiting or self._length >= self._most:
            raise TooMany(_BUSY, 2)
        line.length, self._length = line.length + 1, self._length + 1
        here = measures.DOORS.labels(self.name)
        here.inc()
        try:
            async with line.turn:
                for spacing, whose in zip(self._spacing, (key, None), strict=False):
                    await asyncio.sleep(spacing.wait(whose))
                async with self._turn():
                    yield
        finally:
            line.length, self._length = line.length - 1, self._length - 1
            here.dec()
            if not line.length:
                self._lines.pop(key, None)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One of the turns of all. How long they last tells how long whoever comes now would wait."""
        wait = self._behind * self._pace
        if wait > self.patience:
            raise TooMany(_BUSY, math.ceil(wait))
        self._behind += 1
        try:
            await self._all.acquire()
        finally:
            self._behind -= 1
        begun = time.monotonic()
        try:
            yield
        finally:
            self._all.release()
            self._pace += ((time.monotonic() - begun) / self._together - self._pace) / _REMEMBERED


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


class Tries:
    """Attempts to prove one kind of secret, by network. Many failures slow a network down, and never lock it out."""

    def __init__(self, failures: RequestRate) -> None:
        self.failures = failures

    def failed(self, network: str) -> None:
        """Count one that was wrong."""
        self.failures.spend(network)

    def slow(self, network: str) -> bool:
        """Whether so many of this network were wrong that each further one takes its time."""
        return self.failures.left(network) > 0

    @asynccontextmanager
    async def turn(self, network: str) -> AsyncIterator[bool]:
        """The block of one try; it lasts `SLOW_SECONDS` where its network is slowed down, which is what is given."""
        slow, begun = self.slow(network), time.monotonic()
        try:
            yield slow
        finally:
            if slow:
                await asyncio.sleep(max(begun + SLOW_SECONDS - time.monotonic(), 0.0))


@dataclass
class RateLimits:
    """The doors of one process, and the limits of each person (or network, where nobody is signed in)."""

    passwords: Tries
    links: Tries  # of invitations and of walls
    spending: dict[
        str, RequestRate
    ]  # "writes", "exports", "analyses", "files", "boards", "api": how often a person may
    sockets: int  # open at once, of one person
    callbacks_together: int  # as many as there are threads for them
    _held: Counter[Hashable] = field(default_factory=Counter, init=False)

    def __post_init__(self) -> None:
        self.rows = {
            "probes": Door(each=2, together=8, waiting=100, rate=20),  # of machines that watch this one
            "public": Door(each=4, together=8, waiting=100, rate=100),  # the sign-in page, calendars
            "strangers": Door(each=4, together=4, waiting=100, rate=100),  # sessions not yet seen by this process
            "refusals": Door(each=2, together=8, waiting=100, rate=100),  # what comes from elsewhere
            "tries": Door(each=24, together=512, waiting=136, rate=100),  # forms of strangers: passwords, links, seals
            "sign-in": Door(each=2, together=2, waiting=30),  # proving a password takes a core
            "patience": Door(each=4, together=64, waiting=0),  # tries that wait until an account may be tried again
            "bodies": Door(each=8, together=512, waiting=60),  # what is sent slowly
            "callbacks": Door(each=4, together=self.callbacks_together, waiting=60, patience=PATIENCE),
            "exports": Door(each=1, together=2, waiting=4),
            "files": Door(each=3, together=64, waiting=8),  # `upload_queue` gives each its place, or says no
            "api": Door(each=2, together=8, waiting=20),  # what programs ask with a token
            # Whatever else a signed-in person asks for.
            "pages": Door(each=3, together=24, waiting=200, patience=PATIENCE),
        }
        for name, door in self.rows.items():
            door.name = name

    def of(self, method: str, path: str) -> str:
        """Return the name of the door for a signed-in user's request."""
        if path == "/_dash-update-component":
            return "callbacks"
        if _TABLES.match(path) or (method == "POST" and path.startswith("/export/")):
            return "exports"
        if path.startswith("/api/"):
            return "api"
        return "files" if method == "POST" and path.startswith("/data/files/") else "pages"

    def spend(self, what: str, key: Hashable) -> None:
        """Count one of `what` for a person. Raises TooMany beyond the rate limit."""
        if wait := self.spending[what].spend(str(key)):
            raise TooMany(
                "You have sent too many requests. Your input is still here. Try again in {seconds} s.",
                wait,
            )

    async def hold_back(self, key: Hashable, times: int = 1) -> None:
        """Wait before a refusal is said to a person or a network: the longer, the more of it are held back already."""
        self._held[key] += 1
        try:
            await asyncio.sleep(times * HELD_BACK * max(1.0, self._held[key] / REFUSALS))
        finally:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]


def open_doors(settings: Settings) -> RateLimits:
    """Return the doors, as configured in the settings."""
    rates = {
        name: RequestRate(getattr(settings, name))
        for name in ("writes", "exports", "analyses", "files", "boards", "api")
    }
    passwords, links = (Tries(RequestRate(settings.sign_in_failures)) for _kind in range(2))
    return RateLimits(passwords, links, rates, settings.sockets, settings.threads)
