"""One open screen: who looks at what, and what they have not been told yet."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from dashboard.server.access import Asking
from dashboard.server.live import Marking, seen_by
from dashboard.server.watched import DRAWN_AGAIN, Group, Groups, Watch
from operations.core.people import Actor


@dataclass(eq=False)
class Screen:
    """One open socket. What it is told waits here until it is sent; `woken` is set while something does."""

    asking: Asking
    identify: Callable[[], Awaitable[tuple[Any, Actor] | None]]
    groups: Groups = field(default_factory=Groups)
    seq: int = 0
    ended: bool = False
    watch: Watch | None = None
    group: Group | None = None
    told: Mapping[str, Any] | None = None
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    _asked: list[Watch | None] = field(default_factory=list)
    _waiting: set[str] = field(default_factory=set)
    _about: dict[str, str] = field(default_factory=dict)
    _untold: bool = False
    _drawn: bool = False

    @property
    def actor(self) -> Actor:
        """Who looks."""
        return self.asking.actor

    def tell(self, changed: Marking, number: Callable[[Actor], int]) -> None:
        """Note what changed, as far as this person may see it; `number` is the person's own then.

        Of the operation whose board is watched the page is not told before the board is drawn.
        """
        visible = seen_by(self.actor, changed)
        if not visible or self.ended:
            return
        self.seq = number(self.actor)
        self._about |= {each: changed[UUID(each)].named for each in visible}
        if self.group is not None and self.watch is not None and self.watch.operation in visible:
            visible.remove(self.watch.operation)
            if (
                self.groups.sight(self.watch, self.asking) != self.group.sight
            ):  # told something alone, for the first time
                self._join(self.watch)
            self.groups.draw(self.group, self.asking)
        self._waiting.update(visible)
        if self._waiting:
            self.woken.set()

    def count(self, told: Mapping[str, Any]) -> None:
        """Note what waits for this person; nothing where that is known, or where the first message will say it."""
        if self.told is not None and self.told != told:
            self.told, self._untold = told, True
            self.woken.set()

    def take(self) -> str | None:
        """The message to send, which is thereby said, as JSON; None where there is nothing to say."""
        self.woken.clear()
        board = self._take_board()
        said: dict[str, Any] = {"seq": self.seq, "operations": sorted(self._waiting)}
        if self._about:
            said["about"] = self._about
        if self._untold:
            said["told"] = self.told
        nothing = board is None and not (self._waiting or self._about or self._untold)
        self._waiting, self._about, self._untold = set(), {}, False
        if nothing:
            return None
        text = json.dumps(said, separators=(",", ":"))
        return text if board is None else f"{text[:-1]},{board}}}"

    def _take_board(self) -> str | None:
        watch, group, anew, self._drawn = self.watch, self.group, self._drawn, False
        if watch is None or group is None or not anew:
            return None
        if group.drawn is None:  # the page asks for itself, and is told why it cannot be
            self._waiting.add(watch.operation)
            return None
        changed = group.drawn.since(watch.mark)
        watch.mark, watch.number = group.drawn.mark, group.drawn.number
        return None if changed is None else f'"board":{{"turn":{watch.turn},{changed}}}'

    # ------------------------------------------------------------------------------------------------ its board

    def ask(self, watch: Watch | None) -> None:
        """Note what the page says that it has open now: the last word counts."""
        self._asked[:] = [watch]
        self.woken.set()

    def look_where_asked(self, number: Callable[[Actor, str], int]) -> bool:
        """Watch another board, or none, where the page has said so; what changed since it was drawn is drawn at once.

        `number` is that of an operation for a person.
        """
        if not self._asked:
            return False
        watch = self._asked.pop()
        self._join(watch)
        if watch is not None and self.group is not None:
            now = number(self.actor, watch.operation)
            if self.group.drawn is not None and self.group.drawn.number >= now and self.group.task is None:
                self._came()
            elif watch.number < now:
                self.groups.draw(self.group, self.asking)
        return True

    def become(self, actor: Actor) -> None:
        """The person as they are now. Whose reach has changed sees another board."""
        if actor == self.actor:
            return
        self.asking = replace(self.asking, actor=actor)
        if self.watch is not None:
            self._join(self.watch)
            if self.group is not None:
                self.groups.draw(self.group, self.asking)

    def grow_old(self) -> None:
        """Time alone changes what a board says: draw it where nothing else did for long."""
        if self.group is not None and time.monotonic() - self.group.at >= DRAWN_AGAIN:
            self.groups.draw(self.group, self.asking)

    def leave(self) -> None:
        """Nobody looks any more."""
        self._join(None)

    def _join(self, watch: Watch | None) -> None:
        if self.group is not None:
            self.groups.leave(self.group, self._came)
        self.watch, self._drawn = watch, False
        self.group = None if watch is None else self.groups.join(self.groups.sight(watch, self.asking), self._came)

    def _came(self) -> None:
        self._drawn = True
        self.woken.set()
