"""The pulse: how a browser learns that something changed.

One watcher per process notices that the journal grew: on SQLite by PRAGMA data_version on a connection of its own, 50
times a second; on PostgreSQL by NOTIFY, and once a second in case a notice was lost. It tells every screen that may see
one of the operations that changed; a screen sends at most four messages a second. The browser's side is
assets/20_pulse.js, which puts the number into the store `PULSE` of the page; where there is no socket it asks
/pulse/now instead.
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
from sqlmodel import select

from dashboard.access import SCOPE, asking
from operations.core import journal
from operations.core.journal import Entry
from operations.core.people import Actor, System
from operations.core.permissions import Act, Subject, may
from operations.core.store import Store
from operations.core.vocabulary import Classification, Role
from operations.policing.plan import Operation

PULSE = "pulse"  # the id of the dcc.Store that holds the journal's number

LOOK_EVERY = 0.02
LISTEN_AT_MOST = 1.0
SCREEN_EVERY = 0.25
RECHECK_EVERY = 5.0
CHANNEL = "muster_pulse"
_NEVER = 2**31 - 1  # the largest number of an entry: PostgreSQL compares it with none that is larger
_log = logging.getLogger("muster.live")


@dataclass(frozen=True)
class Change:
    """How an operation that changed is marked, and who may hear of it where all that changed is need-to-know.

    `heard` has, for every kind of object that changed, the roles and the countries that know; None is everybody.
    """

    classification: Classification
    heard: tuple[tuple[frozenset[Role], frozenset[str]], ...] | None = None

    def told_to(self, actor: Actor) -> bool:
        """Whether this person knows of something that changed."""
        return self.heard is None or any(
            actor.role in roles and (not actor.national or actor.country in countries)
            for roles, countries in self.heard
        )


Marking = Mapping[UUID, Change]


def seen_by(actor: Actor, changed: Marking) -> list[str]:
    """Which of the operations that changed this person may see, and may know the change of."""
    return [
        str(operation)
        for operation, change in changed.items()
        if may(actor, Act.OPERATION_READ, Subject(operation=operation, classification=change.classification))
        and change.told_to(actor)
    ]


def changed_since(store: Store, seq: int) -> tuple[int, dict[UUID, Change], bool]:
    """The journal's number, the operations that entries after `seq` concern, and whether anybody's reach may differ."""
    with store.reading(System()) as session:
        head = journal.pulse(session)
        rows = session.exec(
            select(Entry.operation_id, Entry.object_kind, Operation.classification)
            .where(Entry.seq > seq, Entry.seq <= head, Entry.operation_id == Operation.id)
            .distinct()
        ).all()
        hidden = journal.guarded_kinds()
        marks = {operation: Change(Classification(mark)) for operation, kind, mark in rows if kind not in hidden}
        for operation, mark in {(each, mark) for each, kind, mark in rows if kind in hidden and each not in marks}:
            heard = tuple(journal.heard(session, operation, seq, head))
            marks[operation] = Change(Classification(mark), heard)
    return (
        head,
        {each: mark for each, mark in marks.items() if each is not None},
        any(kind in ("participation", "account", "operation") for _operation, kind, _mark in rows),
    )


@dataclass(eq=False)
class Screen:
    """One open socket: who looks, and what they have not been told yet."""

    actor: Actor
    identify: Callable[[], Awaitable[tuple[Any, Actor] | None]]
    seq: int = 0
    waiting: set[str] = field(default_factory=set)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, seq: int, changed: Marking) -> None:
        """Note what changed, as far as this person may see it."""
        visible = seen_by(self.actor, changed)
        if visible:
            self.seq = max(self.seq, seq)
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

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        with self.store.reading(System()) as session:
            self.seq = journal.pulse(session)
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
        if not changed:
            return
        if reach_differs:
            await asyncio.gather(*(self._refresh(screen) for screen in tuple(self.screens)))
        for screen in tuple(self.screens):
            screen.tell(head, changed)

    async def _refresh(self, screen: Screen) -> bool:
        """Ask again who looks; False when the session has ended."""
        known = await screen.identify()
        if known is None:
            return False
        screen.actor = known[1]
        return True

    async def show(self, socket: WebSocket, since: int) -> None:
        """Serve one screen until it leaves or its session ends."""
        found = socket.scope[SCOPE]
        screen = Screen(found.actor, socket.scope["muster.identify"], seq=since)
        await socket.accept()
        self.screens.add(screen)
        leaving = asyncio.create_task(_left(socket))
        try:
            await self._catch_up(screen, since)
            await socket.send_json({"seq": screen.seq or self.seq, "operations": sorted(screen.waiting)})
            screen.take()
            checked = time.monotonic()
            while not leaving.done():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(_first(screen.woken.wait(), leaving), RECHECK_EVERY)
                if time.monotonic() - checked >= RECHECK_EVERY:
                    checked = time.monotonic()
                    if not await self._refresh(screen):
                        return await socket.close(4401)
                if screen.woken.is_set() and not leaving.done():
                    await socket.send_json(screen.take())
                    await asyncio.sleep(SCREEN_EVERY)
        except (WebSocketDisconnect, RuntimeError):
            return None
        finally:
            self.screens.discard(screen)
            leaving.cancel()

    async def _catch_up(self, screen: Screen, since: int) -> None:
        """What happened between the page and its socket."""
        if since <= 0 or since >= self.seq:
            return
        head, changed, _reach = await anyio.to_thread.run_sync(changed_since, self.store, since)
        screen.tell(head, changed)


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
    async def pulse(socket: WebSocket, since: int = 0) -> None:
        """Messages {"seq": number, "operations": [ids that changed]}, at most four a second."""
        await watcher.show(socket, since)

    @routes.get("/pulse/now")
    def now(actor: Annotated[Actor, Depends(asking)], since: int = 0) -> dict[str, Any]:
        """The same answer once: what changed after `since`; only the number where that is not said."""
        head, changed, _reach = changed_since(store, since if 0 < since < _NEVER else _NEVER)
        return {"seq": head, "operations": seen_by(actor, changed)}

    return routes
