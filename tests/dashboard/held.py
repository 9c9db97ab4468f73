"""Boards that are pushed, as they are held for those who watch them while acts are done.

All are drawn at one moment, whatever the clock of the acts says: what differs is what the acts changed.
"""

from collections import Counter
from typing import Any

from dashboard.server import live_boards
from dashboard.server.access import RequestContext
from dashboard.server.live_boards import BoardDefinition, DrawnBoard, Sight, Watch
from operations.core import clock
from operations.core.people import Actor
from operations.core.store import Store
from tests.dashboard.desks import EVENING

CHOSEN: dict[str, Any] = {
    "level": "V1",
    "scope": "",
    "figure": "K01",
    "until": "",
    "ask": None,
    "more": None,
    "chosen": {"level": "V1", "figure": "K01", "at": ""},
}
NUMBERED = {"situation-shown"}
"""Boards that show the number by which their reader counts, and the feed: every act that is told moves them."""


def draw_anew(sight: Sight, asking: RequestContext) -> DrawnBoard | None:
    """Draw a board of which nothing is known, for whatever choice."""
    live_boards._memories.clear()
    return live_boards.draw_board(sight, asking)


class Boards:
    """Every other board for some readers: how often it was drawn, how often left as it was, where that was wrong."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.held: dict[tuple[str, str], DrawnBoard] = {}
        self.left, self.drawn = Counter[str](), Counter[str]()
        self.missed: list[Any] = []

    def look(self, who: str, by: Actor, operation: Any, done: Any) -> None:
        """Draw every board as for a person who watches it; one that is left as it was is compared with one drawn anew.

        `done`: what was done last, for those that differ.
        """
        asking = RequestContext(by, self.store, theme="light")
        for name, board in live_boards.BOARDS.items():
            if name in NUMBERED:
                continue
            sight, before = Sight.of(_watch(name, board, operation), asking), self.held.pop((name, who), None)
            with clock.at(EVENING):
                now = live_boards.draw_board(sight, asking, before=before)
                if now is None:
                    continue
                if before is not None and now.at == before.at:
                    anew = draw_anew(sight, asking)
                    if anew is None or (anew.marks, anew.number) != (now.marks, now.number):
                        self.missed.append((name, who, done))
                    self.left[name] += 1
                else:
                    self.drawn[name] += 1
            self.held[name, who] = now


def _watch(name: str, board: BoardDefinition, operation: Any) -> Watch:
    chosen = [CHOSEN.get(each, str(operation)) for each in board.chosen]
    found = Watch.read({"board": name, "chosen": chosen, "marks": {}, "number": -1, "since": 0, "turn": 1})
    assert found is not None
    return found
