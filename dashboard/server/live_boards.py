"""Boards that are watched: drawn once for all who see the same, and only what differs is sent, with the pulse itself.

A screen says over its socket which boards it has open, what is chosen on them, and the marks of the parts that it
shows. Whoever has the same role, country, reach and look sees the same (`Sight`). Where a board shows what is a
person's own, each person's is drawn apart: nobody asks for it either. When it is drawn, and for whom: see
`screen_groups`.
"""

import json
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from dash import Output
from plotly.io.json import to_json_plotly

from dashboard.server.access import RequestContext, of_one_moment, standing_in
from dashboard.server.diff import patched
from operations.core import change_tracking, clock, journal, pulse
from operations.core.errors import MusterError, NotPermitted
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.session_cache import Memory, recalling

KNOWN = 24_000_000  # so many characters of drawn parts a process remembers by their marks
DRAWN_AGAIN = 300.0  # seconds after which time alone may have changed what a board says
UNTOLD = -1  # the number of a board of which only some parts are drawn
UNDRAWN = object()  # what stands where a part does not
MOST = 8  # boards that one page watches
CHANGED_AS_DRAWN = {"figure"}
"""Properties that scripts of the browser change as they draw them: no patch fits them."""
_TEXT = 400
_SECRET = secrets.token_hex(16)
"""Goes into every mark: who guesses what others see could otherwise ask for a patch of it, and learn whether it is so.

Another process has another one: there all of a part is sent once, and patches from then on.
"""
_NOBODY = UUID(int=0)
_log = logging.getLogger("muster.live")


Parts = Mapping[str, Any]
"""The parts of a board by their names."""


class Begun(NamedTuple):
    """What of a board comes first: its parts, and what was `read` for them, for the rest of it."""

    parts: Parts
    read: Any


class BoardDefinition(NamedTuple):
    """How a board is drawn, as `access.actor()` who asks, from what is `chosen` on it, and where its parts stand.

    `first` draws some of its parts, which are told before the rest is drawn. `apart`: for whom it shows something of
    their own. `whole`: nothing else on its page follows the pulse. `every`: at most once in so many seconds.
    """

    draw: Callable[..., Parts]
    first: Callable[..., Begun] | None
    places: Mapping[str, Output]
    act: Act
    chosen: tuple[str, ...]
    apart: Callable[[Actor], bool]
    whole: bool
    wall: bool
    every: float = 0.0


_boards: dict[str, BoardDefinition] = {}
_known: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def board(
    name: str,
    draw: Callable[..., Parts],
    places: Mapping[str, Output],
    *,
    act: Act,
    first: Callable[..., Begun] | None = None,
    apart: Callable[[Actor], bool] = lambda _by: False,
    whole: bool = False,
    wall: bool = False,
    chosen: tuple[str, ...] | None = None,
    every: float = 0.0,
) -> None:
    """Declare a board: `draw(...)` takes what is chosen there, all of it texts; of an operation, its `operation_id`.

    `chosen` names them where `draw` does not.

    `first` takes the same, and draws of it what everybody looks at: it comes before all else, and alone for a while.
    What it made is then given to `draw` as `begun`, or None. `wall`: a screen on a wall watches it too. `every`:
    what is dear to draw is drawn at most once in so many seconds.
    """
    if chosen is None:
        chosen = tuple(draw.__annotations__.keys() - {"return", "begun"})
    _boards[name] = BoardDefinition(draw, first, places, act, chosen, apart, whole, wall, every)


def shown(parts: Mapping[str, Any]) -> dict[str, str]:
    """What a page keeps of the parts that stand on it: a short mark of each."""
    return {name: mark(part) for name, part in parts.items()}


def mark(part: Any) -> str:
    """The mark of a part, by which it is remembered."""
    return _remembered(_text(part))


def _text(part: Any) -> str:
    return str(to_json_plotly(part, engine="json"))


def _remembered(text: str) -> str:
    name = fingerprint(_SECRET + text)[:16]
    with _lock:
        if name not in _known:
            _known[name] = text
            _size[0] += len(text)
        _known.move_to_end(name)
        while _size[0] > KNOWN and len(_known) > 1:
            _size[0] -= len(_known.popitem(last=False)[1])
    return name


_size = [0]


class DrawnBoard:
    """A board at one moment, as text; `number` is that of its operation, or of all, for the reader.

    `asked`: what it was drawn from, at the moment `read`. `begun`: what came first, where only that is drawn anew.
    `at`: when, by a clock that only runs. `before`: how it was drawn last: what is the same object is the same text.
    `memory`: what was read for it, of which the next drawing asks again only what was written since.
    """

    def __init__(
        self,
        of: BoardDefinition,
        parts: Parts,
        number: int,
        asked: change_tracking.ReadMark,
        read: datetime,
        before: "DrawnBoard | None" = None,
        begun: Begun | None = None,
        *,
        memory: Memory,
    ) -> None:
        self.number, self.asked, self.read, self.at, self.begun = number, asked, read, time.monotonic(), begun
        self.memory = memory
        self._parts = {name: parts[name] for name in of.places if name in parts}
        texts, were = (before._texts, before._parts) if before is not None else ({}, {})
        self._texts: dict[str, str] = {
            name: texts[name] if were.get(name, UNDRAWN) is part else _text(part) for name, part in self._parts.items()
        }
        self._of = of
        self.marks = {name: _remembered(text) for name, text in self._texts.items()}
        self._told: dict[tuple[str | None, ...], str | None] = {}

    def still(self, number: int, asked: change_tracking.ReadMark) -> "DrawnBoard":
        """The same board, of which nothing has changed until now."""
        found = copy(self)
        found.number, found.asked, found._told = number, asked, {}
        return found

    def over(self, before: "DrawnBoard | None") -> "DrawnBoard":
        """These parts, and the others as they were: all that is said of the board is still of before."""
        if before is None:
            return self
        found = copy(self)
        found.number, found._told, found._parts = before.number, {}, before._parts | self._parts
        found._texts, found.marks = before._texts | self._texts, before.marks | self.marks
        return found

    def since(self, marks: Mapping[str, str]) -> str | None:
        """What differs from what a screen shows; None for nothing.

        As the inside of a JSON object: the number, and `parts` as [name, its mark from now on, element, property,
        value]; where the mark of what the screen shows follows, the value is a patch of that.
        """
        shows = tuple(marks.get(name) for name in self.marks)
        if shows not in self._told:
            differing = [name for name, mark in self.marks.items() if mark != marks.get(name)]
            parts = ",".join(self._part(name, marks.get(name, "")) for name in differing)
            self._told[shows] = f'"number":{self.number},"parts":[{parts}]' if differing else None
        return self._told[shows]

    def _part(self, name: str, before: str) -> str:
        place, text, of = self._of.places[name], self._texts[name], ""
        with _lock:
            known = _known.get(before)
        patch = None if known is None or place.component_property in CHANGED_AS_DRAWN else patched(known, text)
        if patch is not None and len(patch) < len(text):
            text, of = patch, f',"{before}"'
        said = json.dumps([name, self.marks[name], place.component_id, place.component_property], separators=(",", ":"))
        return f"{said[:-1]},{text}{of}]"


@dataclass(frozen=True)
class Sight:
    """What decides how a board looks: two screens with the same sight show the same."""

    board: str
    chosen: tuple[tuple[str, str], ...]
    actor: Actor
    dark: bool
    only: str | None

    @classmethod
    def of(cls, watch: "Watch", asking: RequestContext, alone: bool = False) -> "Sight":
        """The sight of a screen: of the person only what others can be as well, unless told something `alone` there."""
        anybody = replace(asking.actor, account_id=_NOBODY, name="", alike=frozenset())
        apart = alone or _boards[watch.board].apart(asking.actor)
        return cls(watch.board, watch.chosen, asking.actor if apart else anybody, asking.dark, asking.only)

    @property
    def shared(self) -> bool:
        """Whether other people's can be the same."""
        return self.actor.account_id == _NOBODY

    @property
    def begins(self) -> bool:
        """Whether some of it comes before the rest."""
        return _boards[self.board].first is not None

    @property
    def every(self) -> float:
        """Seconds between two drawings of it, where it asks for more than others have."""
        return _boards[self.board].every


@dataclass
class Watch:
    """What a screen has open: a board, what is chosen there, and the marks of the parts that stand on it.

    `number`: of the operation when they were read, where the page knows it; `since`: the reader's own when the page was
    asked for. `turn` tells one board of a page from the next.
    """

    board: str
    chosen: tuple[tuple[str, str], ...]
    marks: dict[str, str]
    number: int
    since: int
    turn: int

    @classmethod
    def read(cls, said: Any) -> "Watch | None":
        """From what a browser said; None where it is nothing that can be watched."""
        if not isinstance(said, dict) or not all(isinstance(said.get(each), dict) for each in ("chosen", "marks")):
            return None
        known, chosen, marks = _boards.get(str(said.get("board"))), said["chosen"], said["marks"]
        if known is None or chosen.keys() != set(known.chosen) or not marks.keys() <= known.places.keys():
            return None
        if not all(isinstance(each, str) and len(each) <= _TEXT for each in (*chosen.values(), *marks.values())):
            return None
        numbers = [said.get(each) for each in ("number", "since", "turn")]
        if not all(isinstance(each, int) for each in numbers):
            return None
        return cls(said["board"], tuple(sorted(chosen.items())), marks, *numbers)

    @classmethod
    def all(cls, said: Any) -> list["Watch"]:
        """Everything that a page has open, as its browser says it: a board once."""
        found = [cls.read(each) for each in (said if isinstance(said, list) else [])[:MOST]]
        return list({each.board: each for each in found if each is not None}.values())

    @property
    def operation(self) -> str | None:
        """The operation whose board it is; None for what shows several."""
        return dict(self.chosen).get("operation_id")

    @property
    def whole(self) -> bool:
        """Whether nothing else on its page follows the pulse."""
        return _boards[self.board].whole


def drawn(
    sight: Sight,
    asking: RequestContext,
    shows: Iterable[Mapping[str, str]] = (),
    before: DrawnBoard | None = None,
    first: bool = False,
) -> DrawnBoard | None:
    """The board as it is now; None where it cannot be drawn: then each page asks for itself and is told why.

    `shows`: marks of screens to which its difference will be sent, which is found here, where nobody waits for it.
    `before`: how it was drawn last: it is neither read nor drawn again where nothing of what it was drawn from moved.
    `first`: only what comes first is drawn anew.
    """
    found, chosen = _boards[sight.board], dict(sight.chosen)
    try:
        with standing_in(asking):
            require(asking.actor, found.act)
            if asking.only is not None and not found.wall:
                raise NotPermitted
            made = _drawn(found, chosen, asking, sight.actor, before, first)
        for marks in shows:
            made.since(marks)
    except MusterError:
        return None
    except Exception:  # noqa: BLE001 - the page asks for itself, and says what is wrong
        _log.exception("The board %r could not be drawn for those who watch it.", sight.board)
        return None
    return made


def _drawn(
    found: BoardDefinition,
    chosen: Mapping[str, str],
    asking: RequestContext,
    by: Actor,
    before: DrawnBoard | None,
    first: bool,
) -> DrawnBoard:
    """Its parts, of one moment, and the number that they had then."""
    memory = Memory(journal.pulse) if before is None else before.memory
    place, read = asking.store.written.place, clock.now()
    with recalling(memory), of_one_moment() as session:
        told, entry = pulse.told(session, by), journal.pulse(session)
        operation = chosen.get("operation_id")
        number = sum(each.number for key, each in told.items() if operation in (None, str(key)))
        same = None if before is None or asking.store.written.concerns(before.asked, entry) else before
        if same is not None and same.begun is None and abs((read - same.read).total_seconds()) < DRAWN_AGAIN:
            return same.still(number, change_tracking.ReadMark(same.asked.tables, place, entry))
        with change_tracking.asked() as tables:
            if first and found.first is not None:
                begun = found.first(**chosen)
                asked = change_tracking.ReadMark(frozenset(tables), place, entry)
                return DrawnBoard(found, begun.parts, UNTOLD, asked, read, before, begun, memory=memory).over(before)
            came = {} if found.first is None else {"begun": None if same is None else same.begun}
            parts = found.draw(**chosen, **came)
        known = frozenset() if same is None else same.asked.tables
        return DrawnBoard(
            found, parts, number, change_tracking.ReadMark(known | tables, place, entry), read, before, memory=memory
        )
