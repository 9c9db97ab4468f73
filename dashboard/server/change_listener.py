"""Journal listener: notices new journal entries and notifies every screen whose user may know of the change.

One per process. On SQLite it reads PRAGMA data_version on a connection of its own, 50 times a second (twice while no
screen is open) and after each write of this process; on PostgreSQL it uses LISTEN, and polls once a second in case a
notice was lost. A screen is sent at most four messages a second. Changes of subscribed boards go with the message
(`live_boards`); each user's badge counts follow soon after (`badge_counts`).
"""

import asyncio
import contextlib
import json
import logging
import sqlite3
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect

from dashboard.server import badge_counts, rate_limits
from dashboard.server.access import SCOPE, current_user
from dashboard.server.gate import HOLD_SOCKET, TOO_MANY_SOCKETS
from dashboard.server.live_boards import Watch
from dashboard.server.pulse_socket import (
    OperationChange,
    changed_since,
    message_for,
    own_number,
    visible_operations,
)
from dashboard.server.screen_groups import ScreenGroups
from dashboard.server.subscriptions import ReaderNews, Screen
from operations.core import clock, measures, memory, pulse, traces
from operations.core.errors import TooMany
from operations.core.people import Actor
from operations.core.storage_errors import Unavailable
from operations.core.store import Store

LOOK_EVERY, LOOK_ALONE = 0.02, 0.5  # while a screen is open, and while none is
LISTEN_AT_MOST = 1.0
SCREEN_EVERY = 0.25
COUNT_EVERY = 0.5
BREATH = 0.05
CALM = 0.5  # seconds after a change that belong to drawing and painting boards; badge counts wait
RECHECK_EVERY = 5.0
GIVE_BACK_EVERY = 60.0
TICK = 0.25
CHANNEL = "muster_pulse"
HEAD = "SELECT seq FROM journal_head WHERE chain = 'journal'"
TOO_MANY_BOARDS = "More boards were opened at once than Muster draws for one person."
_log = logging.getLogger("muster.live")


class Watcher:
    """The listener of one process: polls the head of the journal and notifies the screens."""

    def __init__(self, store: Store) -> None:
        self.store, self.screens, self.groups = store, set[Screen](), ScreenGroups(self.told_alone)
        self.seq, self.changed_at = 0, 0.0
        self.known: dict[UUID, OperationChange] = {}
        self._moved, self._look = asyncio.Event(), asyncio.Event()
        self._identify: Callable[[Sequence[str]], Awaitable[dict[str, Actor]]] | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the tasks of the watcher while the block runs."""
        self.seq, self.known, _reach = changed_since(self.store, 0)
        watch = self._watch_sqlite if self.store.url.get_backend_name() == "sqlite" else self._watch_postgres
        tasks = [asyncio.create_task(self._forever(work)) for work in (watch, self._count, self._recheck)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _forever(self, watch: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await watch()
            except asyncio.CancelledError:
                raise
            except Unavailable:  # the store has logged it
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - screens must not stop updating for good, whatever the error
                _log.exception("The watcher of the journal stopped; it looks again in a second.")
                await asyncio.sleep(1)

    async def _watch_sqlite(self) -> None:
        address = f"file:{self.store.url.database}?mode=ro"
        loop, look, seen = asyncio.get_running_loop(), self._look, None

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed when the server ends
                loop.call_soon_threadsafe(look.set)

        with (
            contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as connection,
            self.store.written.calling(wake),
        ):
            while True:
                version = connection.execute("PRAGMA data_version").fetchone()[0]
                if version != seen:
                    seen = version
                    head = connection.execute(HEAD).fetchone()[0]
                    if head > self.seq:
                        await self._spread()
                others = loop.call_later(LOOK_EVERY if self.screens else LOOK_ALONE, look.set)
                await look.wait()
                others.cancel()
                look.clear()

    async def _watch_postgres(self) -> None:
        import psycopg  # the extra "postgres"; not installed where SQLite is used

        url = self.store.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            while True:
                async for _notice in connection.notifies(timeout=LISTEN_AT_MOST, stop_after=1):
                    pass
                head = await (await connection.execute(HEAD)).fetchone()
                if head is not None and head[0] > self.seq:
                    await self._spread()

    async def _spread(self) -> None:
        head, changed, reach_differs = await anyio.to_thread.run_sync(changed_since, self.store, self.seq)
        if head <= self.seq:
            return
        self.seq = head
        for operation, change in changed.items():
            numbers = self.known[operation].numbers if operation in self.known else {}
            self.known[operation] = OperationChange(change.classification, {**numbers, **change.numbers}, change.named)
        if reach_differs:
            await self._refresh(tuple(self.screens))
        if not changed:
            return
        self.changed_at = time.monotonic()
        news: dict[Any, ReaderNews] = {}  # many screens see the same, so each answer is computed once
        addressed = {key for change in self.known.values() for key in change.numbers}

        def told(actor: Actor) -> ReaderNews:
            keys = pulse.keys_of(actor) & addressed  # the own key only after an entry for this person alone
            seen = (keys, actor.role, actor.country, actor.clearance, actor.operations, actor.only)
            if seen not in news:
                news[seen] = ReaderNews(visible_operations(actor, changed), self.number(actor))
            return news[seen]

        for screen in tuple(self.screens):
            screen.tell(changed, told)
        self._moved.set()
        newest = max(change.at for change in changed.values())
        lag = max((clock.now() - newest).total_seconds(), 0.0)
        measures.PULSE_LAG.observe(lag)
        traces.record("pulse", lag, operations=len(changed), screens=len(self.screens))

    async def _count(self) -> None:
        """Send badge counts after a change. Boards go first, because nobody waits for a count.

        Counts are computed in batches, with pulses sent between two batches: after an entry for all users, or after a
        minute, many counts have to be computed anew.
        """
        while True:
            await self._moved.wait()
            await asyncio.sleep(COUNT_EVERY)
            self._moved.clear()
            screens = defaultdict[Actor, list[Screen]](list)
            for screen in self.screens:
                screens[screen.actor].append(screen)
            pieces = badge_counts.count_batches(self.store, screens)
            while (counts := await anyio.to_thread.run_sync(next, pieces, None)) is not None:
                for actor, count in counts.items():
                    for screen in screens[actor]:
                        screen.count(count)
                await asyncio.sleep(max(BREATH, self.changed_at + CALM - time.monotonic()))

    def number(self, actor: Actor, operation: str | None = None) -> int:
        """Return the user's own number of one operation, or of all, as `message_for` counts it, that was seen here."""
        changes = {key: change for key, change in self.known.items() if operation in (None, str(key))}
        seen, keys = visible_operations(actor, changes), pulse.keys_of(actor)
        return sum(changes[UUID(each)].numbers.get(key, 0) for each in seen for key in keys)

    def told_alone(self, actor: Actor, operation: str | None) -> bool:
        """Return whether an entry was addressed to this person alone: in one operation, or in any."""
        own = pulse.people(actor.account_id)
        changes = (each for key, each in self.known.items() if operation in (None, str(key)))
        return any(not own.isdisjoint(each.numbers) for each in changes)

    async def _recheck(self) -> None:
        """Every 5 seconds, check that each screen's session is still valid, and redraw boards that time alone changes.
        Every minute in which somebody looks, give memory back that is free.

        All screens in one query: it costs little more than the query for a few.
        """
        checked = given = time.monotonic()
        while True:
            await asyncio.sleep(TICK if self.screens else LOOK_ALONE)
            if self.screens and time.monotonic() - given >= GIVE_BACK_EVERY:
                given = time.monotonic()
                await anyio.to_thread.run_sync(memory.give_back)
            if time.monotonic() - checked < RECHECK_EVERY:
                continue
            checked = time.monotonic()
            await self._refresh(tuple(self.screens))
            for screen in tuple(self.screens):
                screen.grow_old()
                if self.store.fault is not None:
                    screen.unstored = True
                    screen.woken.set()

    async def _refresh(self, screens: Sequence[Screen]) -> None:
        """Read the user of each screen again; on a storage error keep all, since nothing else can be read either."""
        if not screens or self._identify is None:
            return
        try:
            known = await self._identify([screen.token for screen in screens])
        except Unavailable:
            return
        for screen in screens:
            if (actor := known.get(screen.token)) is None:
                screen.ended = True
                screen.woken.set()
            else:
                screen.become(actor)

    def _first(self, actor: Actor, since: int | None) -> dict[str, Any]:
        """Return the first message of a screen, with the badge counts: later ones are sent only where they differ."""
        return {
            **message_for(self.store, actor, since),
            "told": badge_counts.counts_by_user(self.store, [actor])[actor],
        }

    async def show(self, socket: WebSocket, since: int | None) -> None:
        """Serve one screen until it disconnects or its session ends."""
        screen = Screen(socket.scope[SCOPE], self.groups, socket.scope["muster.token"])
        self._identify = socket.scope["muster.identify"]  # one gate stands before all sockets of a process
        await socket.accept()
        self.screens.add(screen)
        self._look.set()
        measures.SCREENS.inc()
        leaving = asyncio.create_task(_heard(socket, screen))
        leaving.add_done_callback(lambda _done: screen.woken.set())
        try:
            first = await anyio.to_thread.run_sync(self._first, screen.actor, since)
            screen.seq, screen.told = max(screen.seq, first["seq"]), first["told"]
            self._moved.set()  # for changes during the count
            await socket.send_json(first)
            while True:
                await screen.woken.wait()
                if leaving.done():
                    return leaving.result()
                if screen.ended:
                    return await socket.close(4401)
                asked = screen.look_where_asked(self.number)
                if (said := screen.take()) is not None:
                    await socket.send_text(said)
                if asked or said is not None:
                    await asyncio.sleep(SCREEN_EVERY)
        except (WebSocketDisconnect, RuntimeError):
            return None
        except Unavailable:
            return await socket.close(1013)
        except TooMany:
            screen.leave()
            await asyncio.sleep(HOLD_SOCKET * rate_limits.HELD_BACK)  # meanwhile the page polls
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(TOO_MANY_SOCKETS, TOO_MANY_BOARDS)
        finally:
            self.screens.discard(screen)
            measures.SCREENS.dec()
            screen.leave()
            leaving.cancel()


async def _heard(socket: WebSocket, screen: Screen) -> None:
    """Read the subscriptions that the browser sends, until it disconnects; ignore anything else. Raises TooMany."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, KeyError):  # KeyError: a binary message
        while True:
            text = await socket.receive_text()
            with contextlib.suppress(ValueError, RecursionError):
                screen.ask(Watch.all(json.loads(text)))


def router(store: Store, watcher: Watcher) -> APIRouter:
    """Return the routes: /pulse for sockets, and /pulse/now for browsers without one."""
    routes = APIRouter()

    @routes.websocket("/pulse")
    async def pulse(socket: WebSocket, since: str | None = None) -> None:
        """Send messages {"seq": the reader's number, "operations": [ids that changed]}, at most four a second."""
        await watcher.show(socket, own_number(since))

    @routes.get("/pulse/now")
    def now(actor: Annotated[Actor, Depends(current_user)], since: str | None = None) -> dict[str, Any]:
        """Return one such message: the changes after the reader's own number `since`."""
        return message_for(store, actor, own_number(since))

    return routes
