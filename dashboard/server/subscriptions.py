"""One open screen: who looks at which boards, and what they have not been told yet."""

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
    """Which operations that changed somebody may see, and the own number of that person then."""

    visible: Sequence[str]
    number: int


@dataclass(eq=False)
class OpenBoard:
    """A board that a page has open, in the group of all who see the same; `anew` when it was drawn and not yet told."""

    watch: Watch
    wake: Callable[[], None]
    group: Group | None = None
    anew: bool = False

    def came(self) -> None:
        """The board was drawn, or could not be."""
        self.anew = True
        self.wake()


@dataclass(eq=False)
class Screen:
    """One open socket. What it is told waits here until it is sent; `woken` is set while something does.

    `token`: of its session; `ended` where that is over. `unstored`: the page is to be told that nothing can be stored.
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
        """Who looks."""
        return self.asking.actor

    def tell(self, changed: Marking, told: Callable[[Actor], ReaderNews]) -> None:
        """Note what changed, as far as this person may see it, which `told` says.

        Of what is watched the page is told when the board is drawn, and not at all where it asks for nothing beside.
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
                self._join(look)  # told something alone, for the first time
            self._draw(look)
        of_all = any(look.watch.operation is None for look in concerned)
        watched = set(visible) if of_all else {look.watch.operation for look in concerned} & set(visible)
        self._waiting |= set(visible) - watched
        if not (concerned and all(look.watch.whole for look in concerned)):
            self._held |= {each for each in watched if each is not None}
        if self._waiting or self._about:
            self.woken.set()

    def count(self, told: Mapping[str, Any]) -> None:
        """Note what waits for this person; nothing where that is known, or where the first message will say it."""
        if self.told is not None and self.told != told:
            self.told, self._untold = told, True
            self.woken.set()

    def take(self) -> str | None:
        """The message to send, which is thereby said, as JSON; None where there is nothing to say."""
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
        """What differs on boards that were drawn anew, and whether one could not be: then the page asks for itself."""
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
        """Note what the page says that it has open now: the last word counts. Raises TooMany."""
        self.asking.spend("boards")
        self._asked[:] = [watches]
        self.woken.set()

    def look_where_asked(self, number: Callable[[Actor, str | None], int]) -> bool:
        """Watch other boards, or none, where the page has said so; what changed since one was drawn is drawn at once.

        `number` is that of an operation for a person, or of all. Raises TooMany where a person has more drawn than any
        pages do.
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
        """The person as they are now. Whose reach has changed sees another board."""
        if actor == self.actor:
            return
        self.asking = replace(self.asking, actor=actor)
        for look in self.looks:
            self._join(look)
            self._draw(look)

    def grow_old(self) -> None:
        """Time alone changes what a board says: draw it where nothing else did for long."""
        for look in self.looks:
            if look.group is not None and look.group.old:
                self._draw(look)

    def leave(self) -> None:
        """Nobody looks any more."""
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
