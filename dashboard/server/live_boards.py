"""Live boards: drawn once for all screens with the same view, and sent as a diff together with the pulse.

A screen sends over its socket which boards it has open, the choices made on them, and the marks (content hashes) of the
parts that it shows. Users with the same role, country, reach and theme see the same (`Sight`). Where a board shows a
user's own content, it is drawn for each user, and pushed as well. When a board is drawn, and for whom: see
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
from weakref import WeakValueDictionary

from dash import Output
from plotly.io.json import to_json_plotly

from dashboard.server import callback_validation
from dashboard.server.access import RequestContext, request_scope, shared_session
from dashboard.server.diff import patched
from operations.core import change_tracking, clock, journal, pulse
from operations.core.errors import MusterError, NotPermitted
from operations.core.ids import fingerprint
from operations.core.people import Actor
from operations.core.permissions import Act, require
from operations.core.session_cache import Memory, shared_answers
from operations.core.store import Store

KNOWN = 24_000_000  # characters of drawn parts that a process caches by their marks
DRAWN_AGAIN = 300.0  # seconds after which time alone may have changed a board
UNTOLD = -1  # the number of a board of which only some parts are drawn
UNDRAWN = object()  # placeholder for a part that is not drawn
MOST = 8  # live boards of one page
CHANGED_AS_DRAWN = {"figure"}
"""Properties that browser scripts change while they draw them: no patch fits, so they are always sent whole."""
_TEXT = 400
_SECRET = secrets.token_hex(16)
"""Salt of every mark: without it, a user could guess what another view shows, and confirm it by asking for a patch.

Each process has its own: after a change of process a part is sent whole once, and as patches from then on.
"""
_NOBODY = UUID(int=0)
_log = logging.getLogger("muster.live")


Parts = Mapping[str, Any]
"""The parts of a board by name."""


class BoardDefinition(NamedTuple):
    """A board, as `follows` declares it: what draws it for `access.actor()`, and the outputs of its parts.

    `draw` takes the `chosen` values by name; of these `operation_id` is the operation of the board. `first` takes them
    too, and draws the parts that are sent before the rest is drawn. `apart`: whether it shows content of a user's own.
    `wall`: wall screens may open it. `every`: seconds between two drawings, at least.
    """

    draw: Callable[..., Parts]
    places: Mapping[str, Output]
    act: Act
    chosen: tuple[str, ...]
    first: Callable[..., Parts] | None
    apart: Callable[[Actor], bool]
    wall: bool
    every: float


BOARDS: dict[str, BoardDefinition] = {}
_known: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def mark(part: Any) -> str:
    """Return the mark of a part (16 digits of a salted hash), and cache the part under it."""
    return _remembered(json_of(part))


def json_of(part: Any) -> str:
    """Return a part as Dash sends it: in another theme a chart differs, as its template does."""
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


class PartMemory(Memory):
    """Cached answers, and the JSON of parts that are the same object, at most `most` characters."""

    def __init__(self, most: int, common: "PartMemory | None" = None) -> None:
        super().__init__(journal.pulse, common)
        self._texts: OrderedDict[int, tuple[Any, str]] = OrderedDict()
        self._size, self._most, self._shared = 0, most, common

    def json_of(self, part: Any) -> str:
        """Return a part as Dash sends it; that of the same object is made once."""
        with _lock:
            known = self._texts.get(id(part))
            if known is not None and known[0] is part:
                self._texts.move_to_end(id(part))
                return known[1]
        text = json_of(part) if self._shared is None else self._shared.json_of(part)
        with _lock:
            before = self._texts.pop(id(part), None)
            self._texts[id(part)] = (part, text)
            self._size += len(text) - (len(before[1]) if before else 0)
            while self._size > self._most and len(self._texts) > 1:
                self._size -= len(self._texts.popitem(last=False)[1][1])
        return text


class ReaderMemory(PartMemory):
    """The answers of readers who see the same, whatever they chose, and the JSON of parts that all choices share."""

    @classmethod
    def of(cls, sight: "Sight", store: Store) -> "ReaderMemory":
        """Return the memory of all boards and choices of a sight, as long as one of its boards is kept."""
        whose = (store, replace(sight, board="", chosen=()))
        with _lock:
            found = _memories.get(whose)
            if found is None:
                common = _common.setdefault(store, PartMemory(KNOWN // 12))
                found = _memories[whose] = cls(KNOWN // 3, common)
        return found


_memories: WeakValueDictionary[tuple[Store, "Sight"], ReaderMemory] = WeakValueDictionary()
_common: WeakValueDictionary[Store, PartMemory] = WeakValueDictionary()
"""What is the same for all readers of a store, as long as the memory of one of them is kept."""


class DrawnBoard:
    """A drawn board as JSON; `number` is the reader's own number of its operation, or of all operations.

    `asked`: the tables that were read for it, at the time `read`. `begun`: only the `first` parts were drawn. `at`: the
    time by a monotonic clock. `before`: the previous drawing: parts that are the same object keep their JSON. `memory`:
    the cache of its queries, for all choices; the next drawing repeats only those whose tables were written since.
    """

    def __init__(
        self,
        of: BoardDefinition,
        parts: Parts,
        number: int,
        asked: change_tracking.ReadMark,
        read: datetime,
        before: "DrawnBoard | None" = None,
        *,
        begun: bool = False,
        memory: ReaderMemory,
    ) -> None:
        self.number, self.asked, self.read, self.at, self.begun = number, asked, read, time.monotonic(), begun
        self.memory = memory
        self._parts = {name: parts[name] for name in of.places if name in parts}
        texts, were = (before._texts, before._parts) if before is not None else ({}, {})
        self._texts: dict[str, str] = {
            name: texts[name] if were.get(name, UNDRAWN) is part else memory.json_of(part)
            for name, part in self._parts.items()
        }
        self._of = of
        self.marks = {name: _remembered(text) for name, text in self._texts.items()}
        self._told: dict[tuple[str | None, ...], str | None] = {}

    def still(self, number: int, asked: change_tracking.ReadMark) -> "DrawnBoard":
        """Return a copy with a new number and read mark, since nothing has changed."""
        same = copy(self)
        same.number, same.asked, same._told = number, asked, {}
        return same

    def over(self, before: "DrawnBoard | None") -> "DrawnBoard":
        """Return these parts over those of the previous drawing, whose number is kept until all parts are drawn."""
        if before is None:
            return self
        merged = copy(self)
        merged.number, merged._told, merged._parts = before.number, {}, before._parts | self._parts
        merged._texts, merged.marks = before._texts | self._texts, before.marks | self.marks
        return merged

    def since(self, marks: Mapping[str, str]) -> str | None:
        """Return the diff against what a screen shows, or None where nothing differs.

        It is the inside of a JSON object: the number, and `parts` as [name, new mark, element, property, value]; if the
        old mark of the part follows, the value is a patch of the part with that mark.
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
    """The cache key of a drawn board: two screens with the same key show the same."""

    board: str
    chosen: tuple[tuple[str, str], ...]
    actor: Actor
    dark: bool
    only: str | None

    @classmethod
    def of(cls, watch: "Watch", asking: RequestContext, alone: bool = False) -> "Sight":
        """The sight of a screen: of the person only what others can be as well, unless told something `alone` there."""
        return cls.seen(watch.board, watch.chosen, asking, alone or BOARDS[watch.board].apart(asking.actor))

    @classmethod
    def seen(cls, what: str, chosen: tuple[tuple[str, str], ...], asking: RequestContext, apart: bool) -> "Sight":
        """The sight of a reader: of the person only what others can be as well, unless it is drawn for each `apart`."""
        anybody = replace(asking.actor, account_id=_NOBODY, name="", alike=frozenset(), sign_in_id=None)
        return cls(what, chosen, asking.actor if apart else anybody, asking.dark, asking.only)

    @property
    def shared(self) -> bool:
        """Whether users can share the drawing."""
        return self.actor.account_id == _NOBODY

    @property
    def begins(self) -> bool:
        """Whether some parts are drawn before the rest."""
        return BOARDS[self.board].first is not None

    @property
    def every(self) -> float:
        """Seconds between two drawings, at least; 0 for the default."""
        return BOARDS[self.board].every


@dataclass
class Watch:
    """The subscription of a screen to a board: the chosen values as JSON, and the marks of the parts that it shows.

    `number`: the operation's number when the parts were read, where the page knows it; `since`: the reader's own number
    when the page was requested. `turn` distinguishes successive boards of a page. `whole`: nothing else on the page
    follows the pulse.
    """

    board: str
    chosen: tuple[tuple[str, str], ...]
    marks: dict[str, str]
    number: int
    since: int
    turn: int
    whole: bool = False

    @classmethod
    def read(cls, said: Any) -> "Watch | None":
        """Parse a subscription that a browser sent; return None if it is invalid."""
        if not isinstance(said, dict):
            return None
        known, chosen, marks = BOARDS.get(str(said.get("board"))), said.get("chosen"), said.get("marks")
        if known is None or not isinstance(chosen, list) or not isinstance(marks, dict):
            return None
        texts = [json.dumps(value) for value in chosen]
        if len(texts) != len(known.chosen) or not marks.keys() <= known.places.keys():
            return None
        if not all(isinstance(text, str) and len(text) <= _TEXT for text in (*texts, *marks.values())):
            return None
        number, since, turn = (said.get(name) for name in ("number", "since", "turn"))
        if not (isinstance(number, int) and isinstance(since, int) and isinstance(turn, int)):
            return None
        chosen_texts = tuple(zip(known.chosen, texts, strict=True))
        return cls(said["board"], chosen_texts, marks, number, since, turn, said.get("whole") is True)

    @classmethod
    def all(cls, said: Any) -> list["Watch"]:
        """Parse all subscriptions of a page, one for each board, at most 8."""
        watches = [cls.read(each) for each in (said if isinstance(said, list) else [])[:MOST]]
        return list({each.board: each for each in watches if each is not None}.values())

    @property
    def operation(self) -> str | None:
        """The operation of the board; None for a board of several."""
        text = dict(self.chosen).get("operation_id")
        return None if text is None else str(json.loads(text))


def draw_board(
    sight: Sight,
    asking: RequestContext,
    shows: Iterable[Mapping[str, str]] = (),
    before: DrawnBoard | None = None,
    first: bool = False,
) -> DrawnBoard | None:
    """Draw a board; return None where that fails: each page then requests it on its own and gets the error.

    `shows`: marks of the screens that will be sent the diff, which is computed here, in the worker thread. `before`:
    the previous drawing: it is neither read nor drawn again where no table that it was drawn from has changed. `first`:
    draw only the first parts.
    """
    definition, chosen = BOARDS[sight.board], {name: json.loads(text) for name, text in sight.chosen}
    try:
        with request_scope(asking):
            require(asking.actor, definition.act)
            if asking.only is not None and not definition.wall:
                raise NotPermitted
            made = _drawn(definition, chosen, asking, sight, before, first)
        for marks in shows:
            made.since(marks)
    except MusterError:
        return None
    except Exception:  # noqa: BLE001 - the page requests it on its own, and shows the error
        if callback_validation.fitting(definition.draw, (), chosen):  # else no page of Muster chose that
            _log.exception("The board %r could not be drawn for those who watch it.", sight.board)
        return None
    return made


def _drawn(
    found: BoardDefinition,
    chosen: Mapping[str, Any],
    asking: RequestContext,
    sight: Sight,
    before: DrawnBoard | None,
    first: bool,
) -> DrawnBoard:
    """Return the parts, read from one snapshot, with the reader's number at that moment."""
    memory, by = ReaderMemory.of(sight, asking.store) if before is None else before.memory, sight.actor
    place, read = asking.store.written.place, clock.now()
    with shared_answers(memory), shared_session() as session:
        told, entry = pulse.counts_of(session, by), journal.pulse(session)
        operation = chosen.get("operation_id")
        number = sum(each.number for key, each in told.items() if operation in (None, str(key)))
        same = None if before is None or asking.store.written.concerns(before.asked, entry) else before
        if same is not None and not same.begun and abs((read - same.read).total_seconds()) < DRAWN_AGAIN:
            return same.still(number, change_tracking.ReadMark(same.asked.tables, place, entry))
        with change_tracking.tracked_reads() as tables:
            if first and found.first is not None:
                parts = found.first(**chosen)
                asked = change_tracking.ReadMark(frozenset(tables), place, entry)
                return DrawnBoard(found, parts, UNTOLD, asked, read, before, begun=True, memory=memory).over(before)
            parts = found.draw(**chosen)
        known = frozenset() if same is None else same.asked.tables
        return DrawnBoard(
            found, parts, number, change_tracking.ReadMark(known | tables, place, entry), read, before, memory=memory
        )
