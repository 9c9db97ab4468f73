"""Page change: one answer with the page and what differs in the frame around it. Bodies of pages are kept.

A page says in `AUDIENCE` who sees the same on it, as its live parts do (`live_parts.Audience`). The body that was drawn
for one of them is then kept for all, until a table is written that it was drawn from; what time alone changes is a
minute old at most. It is kept for nobody where it was drawn from rows that not all of them see, or where an entry was
addressed to this person alone. Identifiers that a page makes for what is typed next are fresh in each answer.
"""

import functools
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from threading import BoundedSemaphore, Lock
from typing import Any, NamedTuple

import dash
from dash._pages import _path_to_page

from dashboard.frame import shell
from dashboard.frame.live_parts import Audience
from dashboard.server import access
from dashboard.server.live_boards import Sight, json_of
from dashboard.server.turns import turn
from operations.core import change_tracking, journal, pulse
from operations.core.change_tracking import ReadMark
from operations.core.ids import new_id, noted_ids
from operations.core.people import Actor
from operations.core.store import personal_tables

KEPT = 60.0
"""Seconds after which a body is drawn again all the same, since time alone may have changed it."""
MOST = 24_000_000  # characters of bodies that a process keeps
AT_ONCE = 2
"""Page changes that a process draws at once. Drawing is Python, of which one thread runs at a time: at 20 changes a
second two at once took 25 ms of CPU each and 95 of 100 came within 210 ms; sixteen took 33 to 40 ms and 560 ms."""
_SEARCH = 400  # characters of a query with which a body is kept
_COUNTS = frozenset({"heard", "heard_step"})
"""The tables of readers' numbers: the same for all to whom nothing was addressed alone."""
_PAGES = "_pages_content.children"  # among the outputs of Dash's own callback


_refused: ContextVar[list[bool] | None] = ContextVar("muster_page_refused", default=None)


def keep_nothing() -> None:
    """Let nobody else have the page that is being drawn: it says that something failed."""
    if (refused := _refused.get()) is not None:
        refused.append(True)


class PageBody(NamedTuple):
    """A body as JSON, the identifiers made for it, what it was drawn from, and when by a monotonic clock."""

    text: str
    made: tuple[str, ...]
    read: ReadMark
    at: float


class PageBodies:
    """The bodies kept by one process. `alone`: whether an entry was addressed to this person alone."""

    def __init__(self, alone: Callable[[Actor, str | None], bool]) -> None:
        self._alone = alone
        self._kept: OrderedDict[Sight, PageBody] = OrderedDict()
        self._size, self._lock = 0, Lock()

    def body(self, address: tuple[str, str], read: ReadMark, draw: Callable[[], str]) -> str:
        """Return the body of the page at an address, drawn by `draw` unless one is kept. `read`: noted before."""
        asking = access.current_request()
        if self._alone(asking.actor, None):
            return draw()
        sight = Sight.seen(address[0], (("search", address[1]),), asking, apart=False)
        kept = self._kept.get(sight)
        fresh = kept is not None and time.monotonic() - kept.at < KEPT
        if kept is not None and fresh and not asking.store.written.concerns(kept.read, read.entry):
            return _with_fresh_ids(kept)
        refused: list[bool] = []
        token = _refused.set(refused)
        try:
            with change_tracking.tracked_reads() as tables, noted_ids() as made:
                text = draw()
        finally:
            _refused.reset(token)
        own = personal_tables(asking.actor) - _COUNTS
        if not refused and tables.isdisjoint(own) and not self._told_alone():
            self._keep(
                sight, PageBody(text, tuple(map(str, made)), read._replace(tables=frozenset(tables)), time.monotonic())
            )
        return text

    @staticmethod
    def _told_alone() -> bool:
        with access.reading() as session:
            return pulse.told_alone(session, access.actor())

    def _keep(self, sight: Sight, body: PageBody) -> None:
        with self._lock:
            before = self._kept.pop(sight, None)
            self._kept[sight] = body
            self._size += len(body.text) - (len(before.text) if before else 0)
            while self._size > MOST and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1].text)


def _with_fresh_ids(kept: PageBody) -> str:
    text = kept.text
    for made in kept.made:
        text = text.replace(made, str(new_id()))
    return text


def in_turn(draw: Callable[..., str]) -> Callable[..., str]:
    """Wrap what draws a page, so that AT_ONCE threads run it and others wait."""
    turns = BoundedSemaphore(AT_ONCE)

    @functools.wraps(draw)
    def drawn(*given: Any, **options: Any) -> str:
        with turn(turns):
            return draw(*given, **options)

    return drawn


def answer_whole(
    inner: dash.Dash, audiences: Mapping[str, Audience], alone: Callable[[Actor, str | None], bool]
) -> None:
    """Let Dash's own callback for pages answer with the frame as well. `audiences`: by the modules of pages."""
    [output] = [outputs for outputs in inner.callback_map if _PAGES in outputs]
    entry, bodies = inner.callback_map[output], PageBodies(alone)
    draw = entry["callback"]

    @functools.wraps(draw)
    def answered(pathname: str | None, search: str | None, *shown: Any, **options: Any) -> str:
        def drawn() -> str:
            return str(draw(pathname, search, *shown, **options))

        page, _values = _path_to_page((pathname or "/").strip("/"))
        audience, asking = audiences.get(page.get("module", "")), access.current_request()
        place = asking.store.written.place
        with access.shared_session() as session:
            differs = shell.frame_parts(pathname, *shown)
            read = ReadMark(frozenset(), place, journal.pulse(session))
        kept = audience is not None and not audience(asking.actor) and len(search or "") <= _SEARCH
        text = bodies.body((pathname or "/", search or ""), read, drawn) if kept else drawn()
        if not differs:
            return text
        frame = {shell.PAGE_FRAME: {"data": shell.frame_of(pathname, differs)}}
        return f'{text[:-1]},"sideUpdate":{json_of(frame)}}}'

    entry["callback"] = in_turn(answered)
