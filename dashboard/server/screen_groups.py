"""Groups of screens with the same view: a board is drawn once for the whole group after each change.

Only a change that the group may know of redraws it; however fast changes come, at most one drawing waits behind
another.
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

AT_ONCE = 2  # boards drawn at the same time: more would only share the same cores
DRAWN_EVERY = 0.25  # seconds between two drawings of a board, and so between two messages to its screens
FIRST_ALONE = 0.3  # seconds for which the first parts have the cores: even the last of many screens shows them by then


@dataclass(eq=False)
class Group:
    """All screens with the same view. The keys of `came` are their callbacks for a new or a failed drawing."""

    sight: Sight
    drawn: live_boards.DrawnBoard | None = None
    at: float = field(default_factory=time.monotonic)
    begun: float = -DRAWN_EVERY
    wanted: bool = False
    task: "asyncio.Task[None] | None" = None
    came: dict[Callable[[], None], Watch] = field(default_factory=dict)

    @property
    def old(self) -> bool:
        """Whether time alone may have changed the board, and no drawing is in progress."""
        since = self.at if self.drawn is None else self.drawn.at
        return self.task is None and time.monotonic() - since >= live_boards.DRAWN_AGAIN


class ScreenGroups:
    """The groups of this process. `alone`: whether an entry was addressed to a person alone in an operation, or in any.

    The view of that person, and the number they count by, are then shared with nobody.
    """

    def __init__(self, alone: Callable[[Actor, str | None], bool] = lambda _actor, _operation: False) -> None:
        self._groups: dict[Sight, Group] = {}
        self._free, self._waiting = AT_ONCE, dict[Group, asyncio.Future[None]]()
        self._alone = alone

    def alone(self, watch: Watch, actor: Actor) -> bool:
        """Return whether an entry about the watched board was addressed to this person alone."""
        return self._alone(actor, watch.operation)

    def sight(self, watch: Watch, asking: RequestContext) -> Sight:
        """Return the current cache key of a screen."""
        return Sight.of(watch, asking, self.alone(watch, asking.actor))

    def join(self, sight: Sight, came: Callable[[], None], watch: Watch) -> Group:
        """Add a screen to the group with the same view."""
        group = self._groups.setdefault(sight, Group(sight))
        group.came[came] = watch
        return group

    def leave(self, group: Group, came: Callable[[], None]) -> None:
        """Remove a screen from its group."""
        group.came.pop(came, None)
        if not group.came:
            self._groups.pop(group.sight, None)

    def draw(self, group: Group, asking: RequestContext) -> None:
        """Draw the board of a group again in the context of one member; one drawing may wait behind another."""
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
        """Draw the board, or its first parts, and notify its screens."""
        async with self._turn(group):
            shows = [each.marks for each in group.came.values()]
            group.drawn = await anyio.to_thread.run_sync(
                live_boards.draw_board, group.sight, asking, shows, group.drawn, first
            )
        for came in tuple(group.came):
            came()

    @contextlib.asynccontextmanager
    async def _turn(self, group: Group) -> AsyncIterator[None]:
        """Wait for one of the `AT_ONCE` turns to draw; the group with the most screens goes first."""
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
