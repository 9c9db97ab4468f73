"""Screens that see the same: a board is drawn once for all of them, each time that something changed there.

Only what they may know draws it anew; however fast changes come, no more than one drawing waits behind another.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import anyio.to_thread

from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.live_boards import Sight, Watch
from operations.core.people import Actor

AT_ONCE = 2  # boards that are drawn at the same time: more would only share the same cores
DRAWN_EVERY = 0.25  # seconds between two drawings of a board: its screens are told no more often either
FIRST_ALONE = 0.3  # seconds in which what is told first has the cores: the last of many screens has drawn it by then


@dataclass(eq=False)
class Group:
    """All screens of one sight. `came` is called of each when the board was drawn anew, or could not be."""

    sight: Sight
    drawn: live_boards.DrawnBoard | None = None
    at: float = field(default_factory=time.monotonic)
    begun: float = -DRAWN_EVERY
    wanted: bool = False
    task: "asyncio.Task[None] | None" = None
    came: dict[Callable[[], None], Watch] = field(default_factory=dict)

    @property
    def old(self) -> bool:
        """Whether time alone may have changed what it says, and nobody draws it already."""
        since = self.at if self.drawn is None else self.drawn.at
        return self.task is None and time.monotonic() - since >= live_boards.DRAWN_AGAIN


class ScreenGroups:
    """The boards that are watched in this process. `alone`: whether a person was told something alone in an operation.

    In any, where none is named. What that person sees, and the number they count by, is then nobody else's.
    """

    def __init__(self, alone: Callable[[Actor, str | None], bool] = lambda _actor, _operation: False) -> None:
        self._groups: dict[Sight, Group] = {}
        self._free, self._waiting = AT_ONCE, dict[Group, asyncio.Future[None]]()
        self._alone = alone

    def alone(self, watch: Watch, actor: Actor) -> bool:
        """Whether this person was told something alone of what is watched."""
        return self._alone(actor, watch.operation)

    def sight(self, watch: Watch, asking: RequestContext) -> Sight:
        """The sight of a screen as it is now."""
        return Sight.of(watch, asking, self.alone(watch, asking.actor))

    def join(self, sight: Sight, came: Callable[[], None], watch: Watch) -> Group:
        """Watch with all others of the same sight."""
        group = self._groups.setdefault(sight, Group(sight))
        group.came[came] = watch
        return group

    def leave(self, group: Group, came: Callable[[], None]) -> None:
        """Watch no longer."""
        group.came.pop(came, None)
        if not group.came:
            self._groups.pop(group.sight, None)

    def draw(self, group: Group, asking: RequestContext) -> None:
        """Draw the board of a group anew, as one of them: after the drawing that is under way, where there is one."""
        group.wanted, group.at = True, time.monotonic()
        if group.task is None:
            group.task = asyncio.create_task(self._draw(group, asking))

    async def _draw(self, group: Group, asking: RequestContext) -> None:
        try:
            while group.wanted and group.came:
                await asyncio.sleep(group.begun + max(DRAWN_EVERY, group.sight.every) - time.monotonic())
                group.wanted, group.begun = False, time.monotonic()
                if group.sight.begins:
                    await self._told(group, asking, first=True)
                    if group.drawn is None:
                        continue
                    await asyncio.sleep(FIRST_ALONE)
                if group.came:
                    await self._told(group, asking)
        finally:
            group.task = None

    async def _told(self, group: Group, asking: RequestContext, *, first: bool = False) -> None:
        """Draw it, or what of it comes first, and tell its screens."""
        async with self._turn(group):
            shows = [each.marks for each in group.came.values()]
            group.drawn = await anyio.to_thread.run_sync(
                live_boards.drawn, group.sight, asking, shows, group.drawn, first
            )
        for came in tuple(group.came):
            came()

    @contextlib.asynccontextmanager
    async def _turn(self, group: Group) -> AsyncIterator[None]:
        """Inside the block the group's board is drawn. What most people look at goes first."""
        if self._free:
            self._free -= 1
        else:
            self._waiting[group] = asyncio.get_running_loop().create_future()
            try:
                await self._waiting[group]
            finally:
                self._waiting.pop(group, None)
        try:
            yield
        finally:
            if self._waiting:
                most = max(self._waiting, key=lambda each: len(each.came))
                self._waiting.pop(most).set_result(None)
            else:
                self._free += 1
