"""Upload queue: each file has a place number, and holds no thread while it waits.

    body -> a file without a name -> the queue -> one after the other, in a thread of this module's own

What is sent is never held in memory: it goes into a file that nobody else can open, and that ends with its sender or
with this process. A person has at most `OF_ONE_PERSON` files under way, all together `MOST`; who comes then is told so
before a byte is taken, and when to come again. Who sends slower than the rate of `request_bodies` is taken for gone.
The answer is a stream of events, each a line of JSON: `{"place": 3}` while three are before it, `{"place": 0}` while it
is read, with `"part": 40` where 40 % of the work is done (`tell_part`), and last `{"read": ...}` or `{"error": "..."}`.
"""

import asyncio
import contextvars
import json
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import IO, Any, ParamSpec
from uuid import UUID

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from dashboard import refusals
from dashboard.server.lazy_modules import table
from dashboard.server.request_bodies import paced
from dashboard.wording import _, sentence, sentences
from operations.core import measures
from operations.core.errors import Flaw, MusterError

OF_ONE_PERSON = 2
MOST = 32

_PIECE = 2**20
_LOOK = 0.5
_SILENT = 10
"""Looks without news after which a comment is sent to keep the connection open: proxies drop silent ones."""

Work = Callable[[IO[bytes]], dict[str, Any]]
P = ParamSpec("P")


class Full(Exception):
    """The upload queue is full: the message, the HTTP status, and the seconds after which to retry."""

    def __init__(self, said: str, status: int, seconds: int) -> None:
        super().__init__(said)
        self.said, self.status, self.seconds = said, status, seconds


@dataclass(eq=False)
class Ticket:
    """One upload: its person, its position in the queue (a number that grows; None before it is queued), and how much
    of the work on it is done, from 0 to 1."""

    person: UUID
    turn: int | None = None
    part: float = 0.0


_under_way: contextvars.ContextVar[Ticket] = contextvars.ContextVar("upload")


def tell_part(part: float) -> None:
    """Tell the sender of the file that is worked on how much is done, from 0 to 1. Nothing where there is no sender."""
    if (ticket := _under_way.get(None)) is not None:
        ticket.part = part


def file_answer(work: Callable[P, Any]) -> Callable[P, dict[str, Any]]:
    """Decorate work on a file: `{"read": ...}` is what it returned, `{"error": ...}` why it or the file was refused."""

    @wraps(work)
    def answer(*given: P.args, **named: P.kwargs) -> dict[str, Any]:
        try:
            return {"read": work(*given, **named)}
        except MusterError as refused:
            return {"error": " ".join(sentences(refused))}
        except Exception as refused:
            if not isinstance(refused, table.RefusedFile):  # imported by who reads a file, and by nobody else
                raise
            return {"error": sentence(Flaw("", refused.template, refused.params))}

    return answer


class UploadQueue:
    """The uploads in progress in this process. Thread-safe."""

    def __init__(self, of_one: int = OF_ONE_PERSON, most: int = MOST, folder: Path | None = None) -> None:
        self.of_one, self.most, self.folder = of_one, most, folder
        self._lock, self._tickets, self._turns = threading.Lock(), list[Ticket](), 0
        self._reader = ThreadPoolExecutor(1, "muster-reader")
        self._writers = ThreadPoolExecutor(2, "muster-arrivals")

    def __len__(self) -> int:
        return len(self._tickets)

    def enter(self, person: UUID) -> Ticket:
        """Reserve a place. Raises `Full`."""
        with self._lock:
            if sum(each.person == person for each in self._tickets) >= self.of_one:
                said = _("Two of your files are on their way already. This one is sent by itself when one is through.")
                raise Full(said, 429, 5)
            if len(self._tickets) >= self.most:
                said = _("Many people are bringing in files just now. Yours is sent by itself when there is room.")
                raise Full(said, 503, 15)
            made = Ticket(person)
            self._tickets.append(made)
            measures.UPLOADS.inc()
            return made

    def leave(self, ticket: Ticket) -> None:
        """Release the place. Idempotent."""
        with self._lock, suppress(ValueError):
            self._tickets.remove(ticket)
            measures.UPLOADS.dec()

    def stand(self, ticket: Ticket, file: IO[bytes], work: Work) -> "Future[dict[str, Any]]":
        """Queue the file: `work` runs on it after all before it. Then file and place are released, even if
        the client is gone."""
        context = contextvars.copy_context()
        context.run(_under_way.set, ticket)
        with self._lock:
            self._turns += 1
            ticket.turn = self._turns
            future = self._reader.submit(context.run, work, file)
        future.add_done_callback(partial(self._done, ticket, file))
        return future

    def _done(self, ticket: Ticket, file: IO[bytes], _future: "Future[dict[str, Any]]") -> None:
        file.close()
        self.leave(ticket)

    def place(self, ticket: Ticket) -> int:
        """Return how many uploads are before this one: 0 while it is being read."""
        with self._lock:
            mine = ticket.turn or self._turns
            return sum(each.turn is not None and each.turn < mine for each in self._tickets)

    async def write(self, file: IO[bytes], data: bytes) -> None:
        """Write in a thread reserved for it, since a disk may be slow."""
        await asyncio.get_running_loop().run_in_executor(self._writers, file.write, data)


class Arrival(Response):
    """The response to one upload: receives the body, and streams its place in the queue until `work` has a result.

    `work` gets the file at its beginning and returns `{"read": ...}` or `{"error": ...}`. More than `limit` bytes are
    refused with the message `too_large`.
    """

    def __init__(self, line: UploadQueue, person: UUID, limit: int, too_large: str, work: Work) -> None:
        super().__init__()
        self._line, self._person, self._limit, self._too_large, self._work = line, person, limit, too_large, work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reserve a place, receive the body, queue it and stream its progress."""
        try:
            ticket = self._line.enter(self._person)
        except Full as full:
            return await _later(full)(scope, receive, send)
        file, future = None, None
        try:
            try:
                file = tempfile.TemporaryFile(dir=self._line.folder)  # noqa: SIM115 - whoever reads it closes it
                refusal = await self._taken_in(Request(scope, paced(receive)), file)
            except OSError:
                refusal = _later(Full(_("Muster cannot store a file just now. It is sent again by itself."), 503, 15))
            if refusal is not None or file is None:
                return await (refusal or Response(status_code=503))(scope, receive, send)
            future = self._line.stand(ticket, file, self._work)
            told = StreamingResponse(self._told(ticket, future), media_type="text/event-stream", headers=_UNBUFFERED)
            return await told(scope, receive, send)
        finally:
            if future is not None:
                future.cancel()  # no effect once it is being read
            else:
                self._line.leave(ticket)
                if file is not None:
                    file.close()

    async def _taken_in(self, request: Request, file: IO[bytes]) -> Response | None:
        """Write the body into the file; why that did not come to its end."""
        size, kept = 0, bytearray()
        try:
            async for part in request.stream():
                size += len(part)
                if size > self._limit:
                    return JSONResponse({"error": self._too_large}, 413)
                kept += part
                if len(kept) >= _PIECE:
                    await self._line.write(file, bytes(kept))
                    kept.clear()
            await self._line.write(file, bytes(kept))
            file.seek(0)
        except ClientDisconnect:
            return JSONResponse({"error": _("The file did not arrive whole: choose it again.")}, 400)
        return None

    async def _told(self, ticket: Ticket, future: "Future[dict[str, Any]]") -> AsyncIterator[str]:
        answer, told, silent = asyncio.wrap_future(future), dict[str, int](), 0
        while not answer.done():
            part = round(100 * ticket.part)
            now = {"place": self._line.place(ticket)} | ({"part": part} if part else {})
            if now != told:
                told, silent = now, 0
                yield _event(told)
            elif silent >= _SILENT:
                silent = 0
                yield ":\n\n"
            silent += 1
            await asyncio.wait({answer}, timeout=_LOOK)
        try:
            yield _event(answer.result())
        except Exception as error:  # noqa: BLE001 - the client gets an apology with a reference, the log the error
            yield _event({"error": refusals.apology(refusals.reference_for(error))})


_UNBUFFERED = {"X-Accel-Buffering": "no"}


def _event(content: dict[str, Any]) -> str:
    return f"data: {json.dumps(content)}\n\n"


def _later(full: Full) -> Response:
    return JSONResponse({"error": full.said}, full.status, {"Retry-After": str(full.seconds)})
