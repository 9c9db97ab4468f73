"""Request bodies: received completely before the request counts against any rate limit.

A slow sender therefore takes nothing that others need:

- A sender must keep an average of `RATE` bytes a second after the first `GRACE` seconds, and must not stall for more
  than `STALL` seconds. A slow mobile line (8 kB a second) is four times as fast.
- A body that is incomplete after `AT_ONCE` seconds takes one of the places of its person, or of its network before
  sign-in (the rate limit "bodies").
- All bodies together use at most `BUDGET` bytes of memory, and one body at most `IN_MEMORY`. The rest is in unnamed
  temporary files of at most `SPOOLED` bytes; beyond that a body is refused until there is room.
"""

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Hashable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import anyio
import anyio.to_thread
from starlette.datastructures import Headers

from dashboard.server.rate_limits import Door
from dashboard.server.request_context import Message, Receive, declared, replayed

GRACE = 5.0
RATE = 2000
STALL = 15.0
AT_ONCE = 0.5
IN_MEMORY = 2**20
BUDGET = 32 * 2**20
SPOOLED = 256 * 2**20
_PIECE = 2**16
T = TypeVar("T")
_WRITERS = 2  # threads that write bodies into files; a disk may be slow


class Untaken(Exception):
    """A refused request body: too long (413), too slow or incomplete (408), or no memory left for it (503)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Pace:
    """The time limit of a request body, in seconds: every received byte extends it."""

    def __init__(self) -> None:
        self.credit = GRACE

    async def next(self, receive: Receive, within: float = math.inf) -> Message:
        """The next message. Raises TimeoutError after `within` seconds, or where the sender is too slow."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(min(self.credit, within), 0.0)):
                message = await receive()
        finally:
            self.credit -= time.monotonic() - begun
        self.credit = min(self.credit + len(message.get("body", b"")) / RATE, STALL)
        return message


def paced(receive: Receive) -> Receive:
    """A body as it comes; whoever is slower than the rate is taken for gone."""
    pace, ended = Pace(), False

    async def next_message() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        try:
            message = await pace.next(receive)
        except TimeoutError:
            message = {"type": "http.disconnect"}
        ended = not message.get("more_body", False)
        return message

    return next_message


class Body:
    """The body of one request: in memory, or in a file where it is large or memory is short."""

    def __init__(self, bodies: "Bodies", limit: int) -> None:
        self._bodies, self._limit = bodies, limit
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._written = self.size = 0

    async def fill(self, receive: Receive, pace: Pace, within: float = math.inf) -> bool:
        """Take what comes within some seconds; whether it is whole. Raises Untaken."""
        until = time.monotonic() + within
        while True:
            left = until - time.monotonic()
            try:
                message = await pace.next(receive, left)
            except TimeoutError:
                if pace.credit > 0:
                    return False
                raise Untaken(408) from None
            if message["type"] != "http.request":
                raise Untaken(408)
            await self._add(message.get("body", b""))
            if not message.get("more_body", False):
                return True

    async def _add(self, part: bytes) -> None:
        if self.size + len(part) > self._limit:
            raise Untaken(413)
        self.size += len(part)
        if self._file is None and self.size <= IN_MEMORY and self._bodies.in_memory + len(part) <= BUDGET:
            self._bodies.in_memory += len(part)
            self._parts.append(part)
            return
        data = b"".join((*self._parts, part))
        self._forget_parts()
        if self._bodies.in_files + len(data) > SPOOLED:
            raise Untaken(503)
        self._written, self._bodies.in_files = self._written + len(data), self._bodies.in_files + len(data)
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._bodies.folder)  # noqa: SIM115 - `close` closes it
            await self._bodies.in_thread(self._file.write, data)
        except OSError as error:
            raise Untaken(503) from error

    async def replayed(self, receive: Receive) -> Receive:
        """The body, for whoever asks for it now."""
        if self._file is None:
            return replayed(b"".join(self._parts), receive)
        file, left = self._file, self.size
        await self._bodies.in_thread(file.seek, 0)

        async def replay() -> Message:
            nonlocal left
            if not left:
                return await receive()
            part = await self._bodies.in_thread(file.read, _PIECE)
            left -= len(part)
            return {"type": "http.request", "body": part, "more_body": left > 0}

        return replay

    def close(self) -> None:
        """Give back what it held."""
        self._forget_parts()
        self._bodies.in_files -= self._written
        if self._file is not None:
            self._file.close()

    def _forget_parts(self) -> None:
        self._bodies.in_memory -= sum(map(len, self._parts))
        self._parts.clear()


class Bodies:
    """All request bodies that this process holds. `share`: the rate limit for slow senders."""

    def __init__(self, share: Door, folder: Path | None = None) -> None:
        self.share, self.folder = share, folder
        self.in_memory = self.in_files = 0
        self._writers = anyio.CapacityLimiter(_WRITERS)

    @asynccontextmanager
    async def whole(self, headers: Headers, receive: Receive, limit: int, key: Hashable) -> AsyncIterator[Receive]:
        """Inside the block the body has come, and is read from what is given. Raises Untaken, or TooMany."""
        if not declared(headers, limit):
            raise Untaken(413)
        body = Body(self, limit)
        try:
            if not await body.fill(receive, Pace(), AT_ONCE):
                async with self.share.passing(key):
                    await body.fill(receive, Pace())
            yield await body.replayed(receive)
        finally:
            body.close()

    async def in_thread(self, work: Callable[..., T], *given: Any) -> T:
        """Do what waits for a disk in a thread that nobody else needs."""
        return await anyio.to_thread.run_sync(work, *given, limiter=self._writers)
