"""Subscriptions of one open screen: its user, the boards it shows, and the messages not yet sent to it."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple
from uuid import UUID

from dashboard.server.access import RequestContext
from dashboard.server.live_boards import Watch
from dashboard.server.pulse_socket import Marking
from dashboard.server.screen_groups import Group, ScreenGroups
from operations.core.people import Actor


class ReaderNews(NamedTuple):
    """The changed operations that a reader may see, and the reader's own number after the change."""

    visible: Sequence[str]
    number: int


@dataclass(eq=False)
class OpenBoard:
    """A board that a page has open, with its group; `anew` when a drawing was made and is not yet sent."""

    watch: Watch
    wake: Callable[[], None]
    group: Group | None = None
    anew: bool = False

    def came(self) -> None:
        """Note that the board was drawn, or that drawing failed."""
        self.anew = True
        self.wake()


@dataclass(eq=False)
class Screen:
    """One open socket. Messages are collected here until they are sent; `woken` is set while there are any.

    `token`: of the session; `ended` when the session is over. `unstored`: the page is to be told that storing fails.
    """

    asking: RequestContext
    groups: ScreenGroups = field(default_factory=ScreenGroups)
    token: str = ""
    seq: int = 0
    ended: bool = False
    unstored: bool = False
    looks: list[OpenBoard] = field(default_factory=list)
    told: Mapping[str, Any] | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: list[Sequence[Watch]] = field(default_factory=list)
    _waiting: set[str] = field(default_factory=set)
    _held: set[str] = field(default_factory=set)
    _about: dict[str, str] = field(default_factory=dict)
    _named: dict[str, str] = field(default_factory=dict)
    _untold: bool = False

    @property
    def actor(self) -> Actor:
        """The user of the screen."""
        return self.asking.actor

    def tell(self, changed: Marking, told: Callable[[Actor], ReaderNews]) -> None:
        """Collect a change, as far as this person may see it, which `told` computes.

        A change of a board on the screen is sent when the board is drawn, and only then if nothing else on the page
        follows it.
        """
        visible, number = told(self.actor)
        if not visible or self.ended:
            return
        self.seq = number
        named = {each: changed[UUID(each)].named for each in visible}
        self._about |= {each: name for each, name in named.items() if self._named.get(each) != name}
        self._named |= named
        concerned = [look for look in self.looks if look.watch.operation is None or look.watch.operation in visible]
        for look in concerned:
            if look.group is not None and look.group.sight.shared and self.groups.alone(look.watch, self.actor):
                self._join(look)  # for the first time an entry was addressed to this person alone
            self._draw(look)
        of_all = any(look.watch.operation is None for look in concerned)
        watched = set(visible) if of_all else {look.watch.operation for look in concerned} & set(visible)
        self._waiting |= set(visible) - watched
        if not (concerned and all(look.watch.whole for look in concerned)):
            self._held |= {each for each in watched if each is not None}
        if self._waiting or self._about:
            self.woken.set()

    def count(self, told: Mapping[str, Any]) -> None:
        """Collect new badge counts, unless they are unchanged or the first message is still to carry them."""
        if self.told is not None and self.told != told:
            self.told, self._untold = told, True
            self.woken.set()

    def take(self) -> str | None:
        """Return the next message as JSON and clear what was collected; None where there is nothing to send."""
        self.woken.clear()
        boards, fails = self._take_boards()
        said: dict[str, Any] = {"seq": self.seq, "operations": sorted(self._waiting)}
        if fails:
            said["asks"] = True
        if self._about:
            said["about"] = self._about
        if self._untold:
            said["told"] = self.told
        if self.unstored:
            said["storing"] = False
        nothing = not (boards or fails or self._waiting or self._about or self._untold or self.unstored)
        self._waiting, self._about, self._untold, self.unstored = set(), {}, False, False
        if nothing:
            return None
        text = json.dumps(said, separators=(",", ":"))
        return f'{text[:-1]},"boards":[{",".join(boards)}]}}' if boards else text

    def _take_boards(self) -> tuple[list[str], bool]:
        """Return the diffs of redrawn boards, and whether a drawing failed: then the page asks on its own."""
        boards, fails = [], False
        for look in self.looks:
            if look.group is None or not look.anew:
                continue
            look.anew, watch = False, look.watch
            self._waiting |= self._held
            self._held.clear()
            if look.group.drawn is None:
                fails = True
                self._waiting |= {watch.operation} if watch.operation else set(self._named)
                continue
            changed = look.group.drawn.since(watch.marks)
            watch.marks |= look.group.drawn.marks
            if changed is not None:
                boards.append(f'{{"board":"{watch.board}","turn":{watch.turn},{changed}}}')
        return boards, fails

    # ----------------------------------------------------------------------------------------------- its boards

    def ask(self, watches: Sequence[Watch]) -> None:
        """Note the boards that the page has open now; the last message counts. Raises TooMany."""
        self.asking.spend("boards")
        self._asked[:] = [watches]
        self.woken.set()

    def look_where_asked(self, number: Callable[[Actor, str | None], int]) -> bool:
        """Subscribe to the boards that the page asked for, and redraw those that changed since they were drawn.

        `number` returns a person's number of one operation, or of all. Return whether the page had asked. Raises
        TooMany where a person has more boards drawn than any pages do.
        """
        if not self._asked:
            return False
        before = {(look.watch.board, look.watch.chosen): look for look in self.looks}
        looks = []
        for watch in self._asked.pop():
            look = before.pop((watch.board, watch.chosen), None) or OpenBoard(watch, self.woken.set)
            look.watch = watch
            looks.append(look)
        for gone in before.values():
            self._leave(gone)
        self.looks = looks
        for look in looks:
            self._join(look)
            self._catch_up(look, number)
        return True

    def _catch_up(self, look: OpenBoard, number: Callable[[Actor, str | None], int]) -> None:
        group, watch = look.group, look.watch
        if group is None or group.task is not None:
            return
        now = number(group.sight.actor, watch.operation)
        if group.drawn is not None and group.drawn.number >= now:
            look.came()
        elif watch.number < now and watch.since < number(self.actor, None):
            self.asking.spend("boards")
            self._draw(look)

    def become(self, actor: Actor) -> None:
        """Update the user; a change of role or reach moves the screen to other groups."""
        if actor == self.actor:
            return
        self.asking = replace(self.asking, actor=actor)
        for look in self.looks:
            self._join(look)
            self._draw(look)

    def grow_old(self) -> None:
        """Redraw boards that nothing else has redrawn for long, since time alone changes them."""
        for look in self.looks:
            if look.group is not None and look.group.old:
                self._draw(look)

    def leave(self) -> None:
        """Unsubscribe from all boards."""
        for look in self.looks:
            self._leave(look)
        self.looks = []

    def _draw(self, look: OpenBoard) -> None:
        if look.group is not None:
            self.groups.draw(look.group, self.asking)

    def _join(self, look: OpenBoard) -> None:
        sight = self.groups.sight(look.watch, self.asking)
        if look.group is not None and look.group.sight != sight:
            self._leave(look)
        look.group = self.groups.join(sight, look.came, look.watch)

    def _leave(self, look: OpenBoard) -> None:
        if look.group is not None:
            self.groups.leave(look.group, look.came)
        look.group, look.anew = None, False
