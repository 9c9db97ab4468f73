"""Boards that many watch: drawn once for all who see the same, and only what differs is sent, with the pulse itself.

A screen says over its socket which board it has open, what is chosen on it, and the mark of what it shows. Whoever has
the same role, country, reach and look sees the same (`Sight`), so the board is drawn once for all of them each time
that something changed which they may know; however fast changes come, no more than one drawing waits behind another.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

import anyio
from dash import Output
from plotly.io.json import to_json_plotly

from dashboard.server.access import Asking, standing_in
from operations.core.errors import MusterError
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require

AT_ONCE = 2  # boards that are drawn at the same time: more would only share the same cores
KNOWN = 500  # so many states of boards a process remembers by their marks
DRAWN_AGAIN = 300.0  # seconds after which time alone may have changed what a board says
_TEXT = 64
_NOBODY = UUID(int=0)
_log = logging.getLogger("muster.live")


Parts = tuple[Mapping[str, Any], int]
"""The parts of a board by their names, and the number that its operation had for the reader when they were read."""


class Board(NamedTuple):
    """How a board is drawn, as `access.actor()` who asks, from what is `chosen` on it, and where its parts stand."""

    draw: Callable[..., Parts]
    places: Mapping[str, Output]
    shown: str  # the id of the store that holds `shown` of what stands on the page
    act: Act
    chosen: tuple[str, ...]


_boards: dict[str, Board] = {}
_known: OrderedDict[str, dict[str, str]] = OrderedDict()
_lock = Lock()


def board(name: str, draw: Callable[..., Parts], places: Mapping[str, Output], *, shown: str, act: Act) -> None:
    """Declare the board of an operation: `draw(operation_id, ...)` takes what is chosen there, all of it texts."""
    _boards[name] = Board(draw, places, shown, act, tuple(draw.__annotations__.keys() - {"return"}))


def shown(parts: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What a page keeps of the parts that stand on it: a short mark of each, one of all, and their number."""
    return _remembered(_marks({name: _text(part) for name, part in parts.items()}), number)


def _text(part: Any) -> str:
    return str(to_json_plotly(part, engine="json"))


def _marks(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: fingerprint(text)[:16] for name, text in texts.items()}


def _remembered(marks: dict[str, str], number: int) -> dict[str, Any]:
    identifier = fingerprint(marks)[:24]
    with _lock:
        _known[identifier] = marks
        _known.move_to_end(identifier)
        if len(_known) > KNOWN:
            _known.popitem(last=False)
    return {"id": identifier, "parts": marks, "number": number}


class Drawn:
    """A board at one moment, as text."""

    def __init__(self, of: Board, parts: Mapping[str, Any], number: int) -> None:
        self.number = number
        self._texts = {name: _text(parts[name]) for name in of.places}
        self._of = of
        self._shown = _remembered(_marks(self._texts), number)
        self._told: dict[str, str | None] = {}

    @property
    def mark(self) -> str:
        """The mark of all of it."""
        return str(self._shown["id"])

    def since(self, mark: str) -> str | None:
        """What differs from what a screen shows, or everything where nobody remembers what that is; None for nothing.

        As the inside of a JSON object: the mark and number from now on, and `parts` as [element, property, value].
        """
        if mark == self.mark:
            return None
        with _lock:
            before = _known.get(mark, {})
        mark = mark if before else ""
        if mark not in self._told:
            now = self._shown["parts"]
            changed = [
                f'["{place.component_id}","{place.component_property}",{self._texts[name]}]'
                for name, place in self._of.places.items()
                if now[name] != before.get(name)
            ]
            parts = ",".join([*changed, f'["{self._of.shown}","data",{_text(self._shown)}]'])
            self._told[mark] = f'"mark":"{self.mark}","number":{self.number},"parts":[{parts}]'
        return self._told[mark]


@dataclass(frozen=True)
class Sight:
    """What decides how a board looks: two screens with the same sight show the same."""

    board: str
    chosen: tuple[tuple[str, str], ...]
    actor: Actor
    dark: bool
    only: str | None

    @classmethod
    def of(cls, watch: "Watch", asking: Asking, alone: bool = False) -> "Sight":
        """The sight of a screen: of the person only what others can be as well, unless told something `alone` there."""
        anybody = replace(asking.actor, account_id=_NOBODY, name="", alike=frozenset())
        return cls(watch.board, watch.chosen, asking.actor if alone else anybody, asking.dark, asking.only)


@dataclass
class Watch:
    """What a screen has open: a board, what is chosen there, the mark of what stands on it and its number.

    `turn` tells one board of a page from the next.
    """

    board: str
    chosen: tuple[tuple[str, str], ...]
    mark: str
    number: int
    turn: int

    @classmethod
    def read(cls, said: Any) -> "Watch | None":
        """From what a browser said; None where it is nothing that can be watched."""
        if not isinstance(said, dict) or not isinstance(said.get("chosen"), dict):
            return None
        known, chosen = _boards.get(str(said.get("board"))), said["chosen"]
        if known is None or chosen.keys() != set(known.chosen):
            return None
        if not all(isinstance(each, str) and len(each) <= _TEXT for each in (said.get("mark"), *chosen.values())):
            return None
        if not all(isinstance(said.get(each), int) for each in ("number", "turn")):
            return None
        return cls(said["board"], tuple(sorted(chosen.items())), said["mark"], said["number"], said["turn"])

    @property
    def operation(self) -> str:
        """The operation whose board it is."""
        return dict(self.chosen)["operation_id"]


@dataclass(eq=False)
class Group:
    """All screens of one sight. `came` is called of each when the board was drawn anew, or could not be."""

    sight: Sight
    drawn: Drawn | None = None
    at: float = field(default_factory=time.monotonic)
    wanted: bool = False
    task: "asyncio.Task[None] | None" = None
    came: set[Callable[[], None]] = field(default_factory=set)


class Groups:
    """The boards that are watched in this process. `alone`: whether a person was told something alone in an operation.

    What that person sees, and the number they count by, is then nobody else's.
    """

    def __init__(self, alone: Callable[[Actor, str], bool] = lambda _actor, _operation: False) -> None:
        self._groups: dict[Sight, Group] = {}
        self._limit = anyio.CapacityLimiter(AT_ONCE)
        self._alone = alone

    def sight(self, watch: Watch, asking: Asking) -> Sight:
        """The sight of a screen as it is now."""
        return Sight.of(watch, asking, self._alone(asking.actor, watch.operation))

    def join(self, sight: Sight, came: Callable[[], None]) -> Group:
        """Watch with all others of the same sight."""
        group = self._groups.setdefault(sight, Group(sight))
        group.came.add(came)
        return group

    def leave(self, group: Group, came: Callable[[], None]) -> None:
        """Watch no longer."""
        group.came.discard(came)
        if not group.came:
            self._groups.pop(group.sight, None)

    def draw(self, group: Group, asking: Asking) -> None:
        """Draw the board of a group anew, as one of them: after the drawing that is under way, where there is one."""
        group.wanted, group.at = True, time.monotonic()
        if group.task is None:
            group.task = asyncio.create_task(self._draw(group, asking))

    async def _draw(self, group: Group, asking: Asking) -> None:
        try:
            while group.wanted and group.came:
                async with self._limit:
                    group.wanted = False
                    group.drawn = await anyio.to_thread.run_sync(drawn, group.sight, asking)
                for came in tuple(group.came):
                    came()
        finally:
            group.task = None


def drawn(sight: Sight, asking: Asking) -> Drawn | None:
    """The board as it is now; None where it cannot be drawn: then each page asks for itself and is told why."""
    found = _boards[sight.board]
    try:
        with standing_in(asking):
            require(asking.actor, found.act)
            return Drawn(found, *found.draw(**dict(sight.chosen)))
    except MusterError:
        return None
    except Exception:  # noqa: BLE001 - the page asks for itself, and says what is wrong
        _log.exception("The board %r could not be drawn for those who watch it.", sight.board)
        return None
