"""The pulse: how a browser learns that something changed.

One watcher per process notices that the journal grew: on SQLite by PRAGMA data_version on a connection of its own, 50
times a second; on PostgreSQL by NOTIFY, and once a second in case a notice was lost. It tells every screen whose reader
may know of something that changed; a screen sends at most four messages a second. The number that it sends is the
reader's own (`operations.core.hearing`), never the journal's: an entry that is not for a reader moves nothing that
reaches them. The browser's side is frame/pulse.js, which puts the number into the store `PULSE` of the page; where
there is no socket it asks /pulse/now instead.
"""

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect
from sqlmodel import col, select

from dashboard.server.access import SCOPE, asking
from operations.core import hearing, journal
from operations.core.faults import Unavailable
from operations.core.hearing import Heard
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.store import Store
from operations.core.vocabulary import Classification
from operations.policing.operation.plan import Operation

PULSE = "pulse"  # the id of the dcc.Store that holds the reader's number

LOOK_EVERY = 0.02
LISTEN_AT_MOST = 1.0
SCREEN_EVERY = 0.25
RECHECK_EVERY = 5.0
CHANNEL = "muster_pulse"
_NEVER = 2**31 - 1  # the largest number of an entry: PostgreSQL compares it with none that is larger
_log = logging.getLogger("muster.live")


@dataclass(frozen=True)
class Change:
    """How an operation that changed is marked, and up to which number each audience that was told of it counts."""

    classification: Classification
    numbers: Mapping[str, int]

    def told_to(self, actor: Actor) -> bool:
        """Whether this person knows of something that changed."""
        return not hearing.keys_of(actor).isdisjoint(self.numbers)


Marking = Mapping[UUID, Change]


def seen_by(actor: Actor, changed: Marking) -> list[str]:
    """Which of the operations that changed this person may see, and may know the change of."""
    return [
        str(operation)
        for operation, change in changed.items()
        if change.told_to(actor) and _within_reach(actor, operation, change.classification)
    ]


def _within_reach(actor: Actor, operation: UUID, classification: Classification) -> bool:
    if operation == hearing.PROGRAMME:
        return actor.only is None
    return may(actor, Act.OPERATION_READ, Subject(operation=operation, classification=classification))


def changed_since(store: Store, seq: int) -> tuple[int, dict[UUID, Change], bool]:
    """The journal's number, what entries after `seq` told to whom, and whether anybody's reach may differ.

    For the server alone: what leaves is each reader's own number.
    """
    with store.reading(System()) as session:
        head = journal.pulse(session)
        rows = session.exec(
            select(Heard.operation_id, Operation.classification, Heard.audience, Heard.number)
            .join(Operation, col(Operation.id) == col(Heard.operation_id), isouter=True)
            .where(Heard.seq > seq, (col(Operation.id).is_not(None)) | (Heard.operation_id == hearing.PROGRAMME))
            .order_by(col(Heard.operation_id))
        ).all()
        changed: dict[UUID, Change] = {}
        for operation, mark, audience, number in rows:
            before = changed[operation].numbers if operation in changed else {}
            marked = Classification(mark or Classification.FOR_OFFICIAL_USE)  # the programme has no marking of its own
            changed[operation] = Change(marked, {**before, audience: number})
        reach = select(Entry.seq).where(
            Entry.seq > seq, col(Entry.object_kind).in_(("participation", "account", "operation"))
        )
        return head, changed, session.exec(reach.limit(1)).first() is not None


def own_number(text: str | None) -> int | None:
    """What a browser says it was told last, or None where it says nothing; what is no number counts as 0."""
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def message_for(store: Store, actor: Actor, since: int | None) -> dict[str, Any]:
    """The reader's number, and the operations that moved it after the own number `since` (None: no matter)."""
    with store.reading(actor) as session:
        found = hearing.told(session, actor)
    moved = [] if since is None else hearing.moved_since(found, since)
    return {"seq": hearing.number(found), "operations": sorted(map(str, moved))}


@dataclass(eq=False)
class Screen:
    """One open socket: who looks, and what they have not been told yet."""

    actor: Actor
    identify: Callable[[], Awaitable[tuple[Any, Actor] | None]]
    seq: int = 0
    ended: bool = False
    waiting: set[str] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, changed: Marking, number: Callable[[Actor], int]) -> None:
        """Note what changed, as far as this person may see it; `number` is the person's own then."""
        visible = seen_by(self.actor, changed)
        if visible and not self.ended:
            self.seq = number(self.actor)
            self.waiting.update(visible)
            self.woken.set()

    def take(self) -> dict[str, Any]:
        """The message to send, which is thereby said."""
        message = {"seq": self.seq, "operations": sorted(self.waiting)}
        self.waiting.clear()
        self.woken.clear()
        return message


class Watcher:
    """Looks at the journal's head for one process and tells its screens."""

    def __init__(self, store: Store) -> None:
        self.store, self.screens = store, set[Screen]()
        self.seq = 0
        self.known: dict[UUID, Change] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        self.seq, self.known, _reach = changed_since(self.store, 0)
        watch = self._watch_sqlite if self.store.url.get_backend_name() == "sqlite" else self._watch_postgres
        task = asyncio.create_task(self._forever(watch))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _forever(self, watch: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await watch()
            except asyncio.CancelledError:
                raise
            except Unavailable:  # the store has said so in the log
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - whatever happens, screens must not go quiet for good
                _log.exception("The watcher of the journal stopped; it looks again in a second.")
                await asyncio.sleep(1)

    async def _watch_sqlite(self) -> None:
        connection = sqlite3.connect(f"file:{self.store.url.database}?mode=ro", uri=True, isolation_level=None)
        try:
            seen = None
            while True:
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version != seen:
                    seen = version
                    head = connection.execute("SELECT seq FROM journal_head WHERE chain = 'journal'").fetchone()[0]
                    if head > self.seq:
                        await self._spread()
                await asyncio.sleep(LOOK_EVERY)
        finally:
            connection.close()

    async def _watch_postgres(self) -> None:
        import psycopg  # the extra "postgres"; an SQLite house does not need it

        url = self.store.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            while True:
                async for _notice in connection.notifies(timeout=LISTEN_AT_MOST, stop_after=1):
                    pass
                await self._spread()

    async def _spread(self) -> None:
        head, changed, reach_differs = await anyio.to_thread.run_sync(changed_since, self.store, self.seq)
        if head <= self.seq:
            return
        self.seq = head
        for operation, change in changed.items():
            numbers = self.known[operation].numbers if operation in self.known else {}
            self.known[operation] = Change(change.classification, {**numbers, **change.numbers})
        if reach_differs:
            await asyncio.gather(*(self._refresh(screen) for screen in tuple(self.screens)))
        if not changed:
            return
        counted: dict[Any, int] = {}  # screens that see the same are many

        def number(actor: Actor) -> int:
            seen = (actor.role, actor.country, actor.clearance, actor.operations)
            if seen not in counted:
                counted[seen] = self.number(actor)
            return counted[seen]

        for screen in tuple(self.screens):
            screen.tell(changed, number)

    def number(self, actor: Actor) -> int:
        """The person's own number, as `message_for` counts it, of what this watcher has seen."""
        keys, seen = hearing.keys_of(actor), seen_by(actor, self.known)
        return sum(self.known[UUID(each)].numbers.get(key, 0) for each in seen for key in keys)

    async def _refresh(self, screen: Screen) -> bool:
        """Ask again who looks; False when the session has ended. Where that cannot be read, nothing else can be."""
        try:
            known = await screen.identify()
        except Unavailable:
            return True
        if known is None:
            screen.ended = True
            screen.woken.set()
            return False
        screen.actor = known[1]
        return True

    async def show(self, socket: WebSocket, since: int | None) -> None:
        """Serve one screen until it leaves or its session ends."""
        found = socket.scope[SCOPE]
        screen = Screen(found.actor, socket.scope["muster.identify"])
        await socket.accept()
        self.screens.add(screen)
        leaving = asyncio.create_task(_left(socket))
        try:
            await socket.send_json(await anyio.to_thread.run_sync(message_for, self.store, screen.actor, since))
            checked = time.monotonic()
            while not leaving.done():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(_first(screen.woken.wait(), leaving), RECHECK_EVERY)
                if time.monotonic() - checked >= RECHECK_EVERY:
                    checked = time.monotonic()
                    if not await self._refresh(screen):
                        return await socket.close(4401)
                    if self.store.fault is not None:
                        await socket.send_json({"seq": screen.seq or self.seq, "operations": [], "storing": False})
                if screen.ended:
                    return await socket.close(4401)
                if screen.woken.is_set() and not leaving.done():
                    await socket.send_json(screen.take())
                    await asyncio.sleep(SCREEN_EVERY)
        except (WebSocketDisconnect, RuntimeError):
            return None
        except Unavailable:
            return await socket.close(1013)
        finally:
            self.screens.discard(screen)
            leaving.cancel()


async def _left(socket: WebSocket) -> None:
    """Wait until the browser goes; what it says is not listened to."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_text()


async def _first(waiting: Any, leaving: asyncio.Task[None]) -> None:
    task = asyncio.ensure_future(waiting)
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        task.cancel()


def router(store: Store, watcher: Watcher) -> APIRouter:
    """/pulse for sockets and /pulse/now for where there are none."""
    routes = APIRouter()

    @routes.websocket("/pulse")
    async def pulse(socket: WebSocket, since: str | None = None) -> None:
        """Messages {"seq": the reader's number, "operations": [ids that changed]}, at most four a second."""
        await watcher.show(socket, own_number(since))

    @routes.get("/pulse/now")
    def now(actor: Annotated[Actor, Depends(asking)], since: str | None = None) -> dict[str, Any]:
        """The same answer once: what changed after the reader's own number `since`."""
        return message_for(store, actor, own_number(since))

    return routes
